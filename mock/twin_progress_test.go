package mock_test

import (
	"strings"
	"time"
)

// Section 8: what shows while jobs are under way, and how they wait for each other.
var progressFacts = map[string]func(*cloud){
	"a snapshot and its tree are Creating until the job ends": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		job := k.call("POST", "/volumes/"+id+"/volume-snapshots", `{"params":{"name":"s"}}`)
		g := k.query("/volume-snapshots", "volumeUuid="+id)
		for field, want := range map[string]any{"status": "Creating", "type": nil, "size": 0, "latest": true, "distance": 1} {
			k.is(g, want, "inventories", 0, field)
		}
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id), "Creating", "inventories", 0, "status")
		k.is(k.ended(job), "Ready", "inventory", "status")
		k.is(k.query("/volume-snapshots", "volumeUuid="+id), 1310720, "inventories", 0, "size")
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id), "Completed", "inventories", 0, "status")
		k.is(k.call("GET", "/volumes/"+id, ""), 1310720, "inventories", 0, "actualSize")
	},
	"a volume from a snapshot or a template is Creating until the job ends": func(k *cloud) {
		for _, path := range []string{"from/volume-snapshots/" + snapshot3, "from/data-volume-templates/343f76c1ee6343c78037f7e7636681ae"} {
			job := k.call("POST", "/volumes/data/"+path, `{"params":{"name":"filling","primaryStorageUuid":"`+storageFile+`"}}`)
			g := k.query("/volumes", "name=filling")
			k.is(g, "Creating", "inventories", 0, "status")
			k.is(g, nil, "inventories", 0, "installPath")
			k.is(k.ended(job), "Ready", "inventory", "status")
			k.is(k.query("/volumes", "name=filling", "installPath not null"), "Ready", "inventories", 0, "status")
			k.job("PUT", "/volumes/"+k.textAt(k.query("/volumes", "name=filling"), "inventories", 0, "uuid")+"/actions", act("updateVolume", `"name":"filled"`))
		}
	},
	"a snapshot is Deleting until it vanishes, and nothing goes back to it": func(k *cloud) {
		k.job("DELETE", "/volumes/"+webData+"/vm-instances", "")
		job := k.call("DELETE", "/volume-snapshots/"+snapshot1, "")
		k.is(k.call("GET", "/volume-snapshots/"+snapshot1, ""), "Deleting", "inventories", 0, "status")
		late := k.call("PUT", "/volume-snapshots/"+snapshot1+"/actions", act("revertVolumeFromSnapshot", ""))
		k.ended(job)
		k.names(k.call("GET", "/volume-snapshots/"+snapshot1, ""))
		k.fails(k.call("GET", strings.TrimPrefix(k.textAt(late, "location"), k.url), ""), "VOLUME_SNAPSHOT.1000")
	},
	"a deletion that is refused leaves the snapshot Ready": func(k *cloud) {
		k.job("POST", "/volumes/data/from/volume-snapshots/"+snapshot3, `{"params":{"name":"clone"}}`)
		job := k.call("DELETE", "/volume-snapshots/"+snapshot2, "")
		k.is(k.call("GET", "/volume-snapshots/"+snapshot2, ""), "Ready", "inventories", 0, "status")
		k.fails(k.ended(job), "SYS.1004")
	},
	"Enforcing does not ask the volumes made from a snapshot": func(k *cloud) {
		k.job("POST", "/volumes/data/from/volume-snapshots/"+snapshot3, `{"params":{"name":"clone"}}`)
		if g := k.job("DELETE", "/volume-snapshots/"+snapshot2+"?deleteMode=Enforcing", ""); g.status != 200 {
			k.Error(g.text)
		}
		k.names(k.call("GET", "/volume-snapshots/"+snapshot3, ""))
	},
	"the jobs of one volume run one after another": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		take := func(name string) string {
			g := k.call("POST", "/volumes/"+id+"/volume-snapshots", `{"params":{"name":"`+name+`"}}`)
			return strings.TrimPrefix(k.textAt(g, "location"), k.url)
		}
		first, second, third := take("a"), take("b"), take("c")
		other := strings.TrimPrefix(k.textAt(k.call("DELETE", "/volumes/"+scratch, ""), "location"), k.url)
		for step, want := range [][4]int{{202, 202, 202, 202}, {200, 202, 202, 200}, {200, 200, 202, 200}, {200, 200, 200, 200}} {
			for i, job := range []string{first, second, third, other} {
				if g := k.call("GET", job, ""); g.status != want[i] {
					k.Errorf("after %d half seconds job %d answers %d", step, i, g.status)
				}
			}
			k.is(k.query("/volume-snapshots", "volumeUuid="+id, "count:true"), min(step+1, 3), "total")
			k.advance(500 * time.Millisecond)
		}
		g := k.query("/volume-snapshots", "volumeUuid="+id, "sort:distance")
		for i, name := range []string{"a", "b", "c"} {
			k.is(g, name, "inventories", i, "name")
			k.is(g, i+1, "inventories", i, "distance")
		}
	},
	"a session that is good when the job is asked for is good for the job": func(k *cloud) {
		job := k.call("POST", "/volumes/"+webData+"/volume-snapshots", `{"params":{"name":"s"}}`)
		k.call("DELETE", "/accounts/sessions/"+k.token, "")
		if g := k.ended(job); g.status != 200 {
			k.Error(g.text)
		}
	},
	"a job that would take longer than it may is SYS.1001, and does nothing": func(k *cloud) {
		var jobs []string
		for range 3 {
			g := k.call("POST", "/volumes/"+webData+"/volume-snapshots", `{"params":{"name":"hurried"}}`, "X-API-Timeout: 1")
			jobs = append(jobs, strings.TrimPrefix(k.textAt(g, "location"), k.url))
		}
		k.advance(time.Minute)
		k.is(k.call("GET", jobs[1], ""), "Ready", "inventory", "status")
		k.fails(k.call("GET", jobs[2], ""), "SYS.1001")
		k.names(k.query("/volume-snapshots", "name=hurried"), "hurried", "hurried")
	},
	"the members of a group are Creating until the job ends": func(k *cloud) {
		job := k.call("POST", "/volume-snapshots/group", `{"params":{"rootVolumeUuid":"`+dbRoot+`","name":"g"}}`)
		k.is(k.query("/volume-snapshots", "status=Creating", "count:true"), 2, "total")
		k.is(k.ended(job), 2, "inventory", "snapshotCount")
		k.is(k.query("/volume-snapshots", "status=Creating", "count:true"), 0, "total")
	},
}

// What the other facts leave out.
var smallFacts = map[string]func(*cloud){
	"a comma separates nothing": func(k *cloud) {
		const web, db = "515f9e81bd5c485fb67c27c797f35c62", "08f03455c3be44d9b449dc7da9095ad1"
		k.fails(k.call("GET", "/volume-snapshots/groups/availabilities?uuids="+web+","+db, ""), "SYS.1003")
	},
	"integers may be written 10.0": func(k *cloud) {
		k.is(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":10.0}}`), 10, "inventory", "size")
		k.says(k.call("POST", "/volumes/data", `{"params":{"name":"v","diskSize":"big"}}`), 400, "diskSize")
	},
	"the offering's size comes before diskSize": func(k *cloud) {
		k.is(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":7,"diskOfferingUuid":"`+offering+`"}}`), 53687091200, "inventory", "size")
	},
	"attaching takes no body, an empty one, or null": func(k *cloud) {
		for _, body := range []string{"", "{}", "null"} {
			if g := k.job("POST", "/volumes/"+scratch+"/vm-instances/"+webVM, body); g.status != 200 {
				k.Errorf("%q: %s", body, g.text)
			}
			k.job("DELETE", "/volumes/"+scratch+"/vm-instances", "")
		}
	},
	"location names the server's own address": func(k *cloud) {
		g := k.call("DELETE", "/volumes/"+scratch, "", "X-Request-Ip: 10.1.2.3")
		if at := k.textAt(g, "location"); !strings.HasPrefix(at, k.url+"/api-jobs/") {
			k.Error(at)
		}
	},
	"fields in the URL and in params: the URL wins": func(k *cloud) {
		g := k.job("POST", "/volumes/"+webData+"/volume-snapshots", `{"params":{"name":"s","volumeUuid":"`+dbRoot+`"}}`)
		k.is(g, webData, "inventory", "volumeUuid")
	},
	"a malformed filterName is SYS.1007": func(k *cloud) {
		k.fails(k.query("/volumes", "filterName:nonsense"), "SYS.1007")
	},
	"a method that another path of the resource has not is 500 or 405 text": func(k *cloud) {
		k.says(k.call("PATCH", "/volumes/"+scratch, `{}`), 405, "method")
	},
	"what belongs to another account is ID.1002": func(k *cloud) {
		owner := k.token
		k.token = k.textAt(k.call("PUT", "/accounts/users/login", act("logInByUser", `"accountName":"web-shop","userName":"mia","password":"`+miaDigest+`"`)), "inventory", "uuid")
		k.fails(k.job("DELETE", "/volumes/"+archive, ""), "ID.1002")
		k.fails(k.job("DELETE", "/volumes/"+archive, "", "Authorization: OAuth "+nobody), "ID.1001")
		k.token = owner
		if g := k.job("DELETE", "/volumes/"+archive, ""); g.status != 200 {
			k.Error(g.text)
		}
	},
	"what no state leads to can be asked for by example": func(k *cloud) {
		job := strings.TrimPrefix(k.textAt(k.call("DELETE", "/volumes/"+scratch, ""), "location"), k.url)
		for example, code := range map[string]string{
			"notCreated": "SYS.1002", "notChanged": "SYS.1005", "inUse": "VOLUME.1000", "notFlattened": "VOLUME.1001", "fullUnderWay": "VOLUME_SNAPSHOT.1001",
			"batchNotDeleted": "VOLUME_SNAPSHOT.1002", "notAttached": "VM.1005", "notDetached": "VM.1006",
		} {
			k.fails(k.call("GET", job, "", "Prefer: code=503, example="+example), code)
		}
	},
	"details are cut at 4096 characters": func(k *cloud) {
		g := k.query("/volumes", strings.Repeat("x", 5000)+"=1")
		k.fails(g, "SYS.1000")
		if n := len(k.textAt(g, "error", "details")); n > 4096 {
			k.Error(n)
		}
	},
}
