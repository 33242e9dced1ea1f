package mock_test

import (
	"fmt"
	"strings"
)

// Section 8: the life of volumes.
var volumeFacts = map[string]func(*cloud){
	"a new volume is not instantiated": func(k *cloud) {
		g := k.job("POST", "/volumes/data", `{"params":{"name":"v","diskOfferingUuid":"`+offering+`","diskSize":5}}`)
		for field, want := range map[string]any{
			"status": "NotInstantiated", "state": "Enabled", "type": "Data", "actualSize": 0, "primaryStorageUuid": nil, "installPath": nil, "format": nil,
			"size": 53687091200, "vmInstanceUuid": nil,
		} {
			k.is(g, want, "inventory", field)
		}
	},
	"with a primary storage it is ready": func(k *cloud) {
		g := k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":5,"primaryStorageUuid":"`+storageFile+`"}}`)
		k.is(g, "Ready", "inventory", "status")
		k.is(g, "qcow2", "inventory", "format")
		if path := k.textAt(g, "inventory", "installPath"); !strings.HasPrefix(path, "/zstack_ps/dataVolumes/acct-"+admin+"/vol-") {
			k.Error(path)
		}
		g = k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":5,"primaryStorageUuid":"`+storageCeph+`"}}`)
		k.is(g, "raw", "inventory", "format")
		if path := k.textAt(g, "inventory", "installPath"); !strings.HasPrefix(path, "ceph://") {
			k.Error(path)
		}
	},
	"an unknown offering or storage is SYS.1003": func(k *cloud) {
		k.fails(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskOfferingUuid":"`+nobody+`"}}`), "SYS.1003")
		k.fails(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1,"primaryStorageUuid":"`+nobody+`"}}`), "SYS.1003")
	},
	"from a snapshot it has the volume's size": func(k *cloud) {
		g := k.job("POST", "/volumes/data/from/volume-snapshots/"+snapshot3, `{"params":{"name":"v"}}`)
		k.is(g, 53687091200, "inventory", "size")
		k.is(g, "Ready", "inventory", "status")
		k.fails(k.job("POST", "/volumes/data/from/volume-snapshots/"+nobody, `{"params":{"name":"v"}}`), "SYS.1003")
	},
	"from a template it needs one for data volumes": func(k *cloud) {
		body := `{"params":{"name":"v","primaryStorageUuid":"` + storageFile + `"}}`
		g := k.job("POST", "/volumes/data/from/data-volume-templates/343f76c1ee6343c78037f7e7636681ae", body)
		k.is(g, "343f76c1ee6343c78037f7e7636681ae", "inventory", "rootImageUuid")
		k.fails(k.job("POST", "/volumes/data/from/data-volume-templates/18f5b0c881e5405a814e555252725322", body), "SYS.1007")
	},
	"attaching instantiates it and gives the lowest free device": func(k *cloud) {
		g := k.job("POST", "/volumes/"+scratch+"/vm-instances/"+appVM, "{}")
		for field, want := range map[string]any{"status": "Ready", "vmInstanceUuid": appVM, "deviceId": 1, "lastAttachDate": "Oct 9, 2024 10:00:00 AM"} {
			k.is(g, want, "inventory", field)
		}
		second := k.newVolume("")
		k.is(k.job("POST", "/volumes/"+second+"/vm-instances/"+appVM, ""), 2, "inventory", "deviceId")
		k.job("DELETE", "/volumes/"+scratch+"/vm-instances", "")
		third := k.newVolume("")
		k.is(k.job("POST", "/volumes/"+third+"/vm-instances/"+appVM, "null"), 1, "inventory", "deviceId")
	},
	"a root, disabled, deleted or attached volume cannot be attached": func(k *cloud) {
		for _, id := range []string{webRoot, archive, oldLogs, webData} {
			k.fails(k.job("POST", "/volumes/"+id+"/vm-instances/"+appVM, "{}"), "SYS.1006")
		}
		k.fails(k.job("POST", "/volumes/"+scratch+"/vm-instances/"+nobody, "{}"), "SYS.1003")
	},
	"a shareable volume can be attached twice, and shows no machine": func(k *cloud) {
		for _, vm := range []string{webVM, dbVM} {
			k.is(k.job("POST", "/volumes/"+shared+"/vm-instances/"+vm, "{}"), nil, "inventory", "vmInstanceUuid")
		}
		k.fails(k.job("DELETE", "/volumes/"+shared+"/vm-instances", ""), "SYS.1007")
		if g := k.job("DELETE", "/volumes/"+shared+"/vm-instances?vmUuid="+webVM, ""); g.status != 200 {
			k.Error(g.text)
		}
		k.fails(k.job("DELETE", "/volumes/"+shared+"/vm-instances?vmUuid="+webVM, ""), "SYS.1006")
	},
	"a machine has at most 24 data volumes": func(k *cloud) {
		for range 24 {
			k.job("POST", "/volumes/"+k.newVolume("")+"/vm-instances/"+appVM, "{}")
		}
		k.fails(k.job("POST", "/volumes/"+scratch+"/vm-instances/"+appVM, "{}"), "SYS.1006")
	},
	"detaching keeps from where and when": func(k *cloud) {
		g := k.job("DELETE", "/volumes/"+webData+"/vm-instances", "")
		for field, want := range map[string]any{
			"vmInstanceUuid": nil, "deviceId": nil, "lastVmInstanceUuid": webVM, "lastDetachDate": "Oct 9, 2024 10:00:00 AM",
		} {
			k.is(g, want, "inventory", field)
		}
		k.fails(k.job("DELETE", "/volumes/"+webData+"/vm-instances", ""), "SYS.1006")
		k.fails(k.job("DELETE", "/volumes/"+webRoot+"/vm-instances", ""), "SYS.1006")
	},
	"the state changes both ways, and twice": func(k *cloud) {
		for _, event := range []string{"disable", "disable", "enable"} {
			want := map[string]string{"disable": "Disabled", "enable": "Enabled"}[event]
			k.is(k.job("PUT", "/volumes/"+scratch+"/actions", act("changeVolumeState", `"stateEvent":"`+event+`"`)), want, "inventory", "state")
		}
		k.fails(k.job("PUT", "/volumes/"+webRoot+"/actions", act("changeVolumeState", `"stateEvent":"disable"`)), "SYS.1006")
		k.fails(k.job("PUT", "/volumes/"+oldLogs+"/actions", act("changeVolumeState", `"stateEvent":"disable"`)), "SYS.1006")
	},
	"an update changes the given fields, none included": func(k *cloud) {
		k.is(k.job("PUT", "/volumes/"+webData+"/actions", act("updateVolume", `"description":"d"`)), "DATA-for-web-01", "inventory", "name")
		k.is(k.job("PUT", "/volumes/"+webData+"/actions", act("updateVolume", "")), "d", "inventory", "description")
	},
	"syncing sizes gives the volume, ready or not": func(k *cloud) {
		k.is(k.job("PUT", "/volumes/"+scratch+"/actions", act("syncVolumeSize", "")), "Oct 9, 2024 8:00:00 AM", "inventory", "lastOpDate")
		k.is(k.job("PUT", "/volumes/"+webData+"/actions", act("syncVolumeSize", "")), webData, "inventory", "uuid")
	},
	"deleting detaches first and keeps the row": func(k *cloud) {
		k.job("DELETE", "/volumes/"+webData, "")
		g := k.call("GET", "/volumes/"+webData, "")
		k.is(g, "Deleted", "inventories", 0, "status")
		k.is(g, nil, "inventories", 0, "vmInstanceUuid")
		k.is(g, webVM, "inventories", 0, "lastVmInstanceUuid")
		k.is(k.query("/volume-snapshots", "volumeUuid="+webData, "count:true"), 4, "total")
	},
	"a root volume cannot be deleted, nor a deleted one": func(k *cloud) {
		k.fails(k.job("DELETE", "/volumes/"+webRoot, ""), "SYS.1007")
		k.fails(k.job("DELETE", "/volumes/"+oldLogs, ""), "SYS.1006")
	},
	"deleting, expunging and ungrouping what nobody has succeeds": func(k *cloud) {
		for _, path := range []string{"/volumes/", "/volume-snapshots/", "/volume-snapshots/group/", "/volume-snapshots/ungroup/"} {
			if g := k.job("DELETE", path+nobody, ""); g.status != 200 {
				k.Error(path, g.text)
			}
		}
		if g := k.job("PUT", "/volumes/"+nobody+"/actions", act("expungeDataVolume", "")); g.status != 200 {
			k.Error(g.text)
		}
		k.fails(k.job("PUT", "/volume-snapshots/batch-delete", act("batchDeleteVolumeSnapshot", `"uuids":["`+nobody+`"]`)), "SYS.1003")
	},
	"recovering needs a deleted volume": func(k *cloud) {
		k.is(k.job("PUT", "/volumes/"+oldLogs+"/actions", act("recoverDataVolume", "")), "Ready", "inventory", "status")
		k.job("DELETE", "/volumes/"+scratch, "")
		k.is(k.job("PUT", "/volumes/"+scratch+"/actions", act("recoverDataVolume", "")), "NotInstantiated", "inventory", "status")
		k.fails(k.job("PUT", "/volumes/"+scratch+"/actions", act("recoverDataVolume", "")), "SYS.1006")
	},
	"expunging takes the snapshots along, but those still referenced": func(k *cloud) {
		k.fails(k.job("PUT", "/volumes/"+webData+"/actions", act("expungeDataVolume", "")), "SYS.1006")
		k.job("DELETE", "/volumes/"+webData, "")
		if g := k.job("PUT", "/volumes/"+webData+"/actions", act("expungeDataVolume", "")); g.text != "{}" {
			k.Error(g.text)
		}
		k.names(k.call("GET", "/volumes/"+webData, ""))
		k.names(k.query("/volume-snapshots", "treeUuid=55bf4e7a4547488b9c37a7576ee26e09"))
	},
	"a tree that a volume was made from loses its volume": func(k *cloud) {
		k.job("POST", "/volumes/data/from/volume-snapshots/"+snapshot3, `{"params":{"name":"clone"}}`)
		k.job("DELETE", "/volumes/"+webData, "")
		k.job("PUT", "/volumes/"+webData+"/actions", act("expungeDataVolume", ""))
		k.is(k.call("GET", "/volume-snapshots/"+snapshot3, ""), nil, "inventories", 0, "volumeUuid")
		k.is(k.call("GET", "/volume-snapshots/"+snapshot3, ""), snapshot3, "inventories", 0, "uuid")
	},
	"a deleted volume is purged after three days": func(k *cloud) {
		k.job("DELETE", "/volumes/"+scratch, "")
		k.advance(259200e9 - 2e9)
		k.token = k.logIn("admin", adminDigest)
		k.names(k.call("GET", "/volumes/"+scratch, ""), "scratch-data")
		k.advance(3600e9 + 2e9)
		k.names(k.call("GET", "/volumes/"+scratch, ""))
	},
	"a dry run of flattening changes nothing": func(k *cloud) {
		k.is(k.job("PUT", "/volumes/"+webData+"/actions", act("flattenVolume", `"dryRun":true`)), 53687091200, "inventory", "actualSize")
		k.is(k.call("GET", "/volumes/"+webData, ""), 8589934592, "inventories", 0, "actualSize")
	},
	"a volume on a host can be neither deleted nor attached": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		host := "/volumes/" + id + "/hosts"
		k.fails(k.job("POST", host+"/0093240045b84dd8af2b2ca63cfcd2b6", `{"params":{"mountPath":"relative"}}`), "SYS.1007")
		if g := k.job("POST", host+"/0093240045b84dd8af2b2ca63cfcd2b6", `{"params":{"mountPath":"/mnt"}}`); g.text != "{}" {
			k.Error(g.text)
		}
		k.fails(k.job("DELETE", "/volumes/"+id, ""), "SYS.1006")
		k.fails(k.job("POST", host+"/0093240045b84dd8af2b2ca63cfcd2b6", `{"params":{"mountPath":"/mnt"}}`), "SYS.1006")
		k.fails(k.job("PUT", "/volumes/"+id+"/actions", act("changeVolumeState", `"stateEvent":"disable"`)), "SYS.1006")
		if g := k.job("DELETE", host, ""); g.text != "{}" {
			k.Error(g.text)
		}
	},
	"capabilities are told of ready volumes": func(k *cloud) {
		k.is(k.call("GET", "/volumes/"+webData+"/capabilities", ""), true, "capabilities", "MigrationToOtherPrimaryStorage")
		k.is(k.call("GET", "/volumes/"+scratch+"/capabilities", ""), "map[]", "capabilities")
		k.fails(k.call("GET", "/volumes/"+nobody+"/capabilities", ""), "SYS.1003")
	},
	"candidates are none for an attached volume": func(k *cloud) {
		k.names(k.call("GET", "/volumes/"+webData+"/candidate-vm-instances", ""))
		k.names(k.call("GET", "/volumes/"+scratch+"/candidate-vm-instances", ""), "web-01", "db-01", "app-01")
	},
	"there are three formats": func(k *cloud) {
		k.is(k.call("GET", "/volumes/formats", ""), "qcow2", "formats", 0, "format")
	},
}

// Section 8: snapshots and their trees.
var snapshotFacts = map[string]func(*cloud){
	"the first snapshot makes a tree": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		g := k.job("POST", "/volumes/"+id+"/volume-snapshots", `{"params":{"name":"s"}}`)
		for field, want := range map[string]any{
			"latest": true, "distance": 1, "parentUuid": nil, "type": "Hypervisor", "status": "Ready", "state": "Enabled", "volumeType": "Data", "format": "qcow2",
			"backupStorageRefs": "[]",
		} {
			k.is(g, want, "inventory", field)
		}
		tree := k.query("/volume-snapshots/trees", "volumeUuid="+id)
		k.is(tree, true, "inventories", 0, "current")
		k.is(tree, "Completed", "inventories", 0, "status")
	},
	"the next one stands below it, and is the latest": func(k *cloud) {
		g := k.job("POST", "/volumes/"+webData+"/volume-snapshots", `{"params":{"name":"s"}}`)
		k.is(g, nightlyWeb, "inventory", "parentUuid")
		k.is(g, 3, "inventory", "distance")
		k.is(k.call("GET", "/volume-snapshots/"+nightlyWeb, ""), false, "inventories", 0, "latest")
	},
	"the volume's path moves to a new layer": func(k *cloud) {
		before := k.textAt(k.call("GET", "/volumes/"+webData, ""), "inventories", 0, "installPath")
		k.snapshot(webData, "s")
		if after := k.textAt(k.call("GET", "/volumes/"+webData, ""), "inventories", 0, "installPath"); after == before {
			k.Error(after)
		}
	},
	"a volume that is not ready or enabled has none taken": func(k *cloud) {
		for _, id := range []string{scratch, archive, oldLogs} {
			k.fails(k.job("POST", "/volumes/"+id+"/volume-snapshots", `{"params":{"name":"s"}}`), "SYS.1006")
		}
	},
	"a chain that is full begins anew": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		for i := range 64 {
			k.snapshot(id, fmt.Sprint(i))
		}
		g := k.job("POST", "/volumes/"+id+"/volume-snapshots", `{"params":{"name":"anew"}}`)
		k.is(g, 0, "inventory", "distance")
		k.is(g, nil, "inventory", "parentUuid")
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id, "current=true", "replyWithCount:true"), 1, "total")
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id, "count:true"), 2, "total")
	},
	"on Ceph every snapshot is its own tree": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageCeph + `"`)
		for _, name := range []string{"a", "b"} {
			g := k.job("POST", "/volumes/"+id+"/volume-snapshots", `{"params":{"name":"`+name+`"}}`)
			k.is(g, "Storage", "inventory", "type")
			k.is(g, nil, "inventory", "parentUuid")
		}
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id, "count:true"), 2, "total")
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id, "current=true", "replyWithCount:true"), 1, "total")
	},
	"reverting makes it the latest; later ones stay as a branch": func(k *cloud) {
		k.fails(k.job("PUT", "/volume-snapshots/"+snapshot1+"/actions", act("revertVolumeFromSnapshot", "")), "SYS.1006") // the machine runs
		k.job("DELETE", "/volumes/"+webData+"/vm-instances", "")
		if g := k.job("PUT", "/volume-snapshots/"+snapshot1+"/actions", act("revertVolumeFromSnapshot", "")); g.text != "{}" {
			k.Error(g.text)
		}
		k.is(k.query("/volume-snapshots", "volumeUuid="+webData, "latest=true", "replyWithCount:true"), snapshot1, "inventories", 0, "uuid")
		branch := k.job("POST", "/volumes/"+webData+"/volume-snapshots", `{"params":{"name":"branch"}}`)
		k.is(branch, snapshot1, "inventory", "parentUuid")
		k.is(branch, 2, "inventory", "distance")
		k.is(k.query("/volume-snapshots", "parentUuid="+snapshot1, "count:true"), 3, "total")
	},
	"reverting changes the volume's path": func(k *cloud) {
		k.job("DELETE", "/volumes/"+webData+"/vm-instances", "")
		before := k.textAt(k.call("GET", "/volumes/"+webData, ""), "inventories", 0, "installPath")
		k.job("PUT", "/volume-snapshots/"+snapshot2+"/actions", act("revertVolumeFromSnapshot", ""))
		if after := k.textAt(k.call("GET", "/volumes/"+webData, ""), "inventories", 0, "installPath"); after == before {
			k.Error(after)
		}
	},
	"deleting takes all descendants, and the parent becomes the latest": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		first, second := k.snapshot(id, "a"), k.snapshot(id, "b")
		k.snapshot(id, "c")
		k.job("DELETE", "/volume-snapshots/"+second, "")
		k.names(k.query("/volume-snapshots", "volumeUuid="+id), "a")
		k.is(k.call("GET", "/volume-snapshots/"+first, ""), true, "inventories", 0, "latest")
	},
	"a tree with nothing left vanishes": func(k *cloud) {
		id := k.newVolume(`,"primaryStorageUuid":"` + storageFile + `"`)
		k.job("DELETE", "/volume-snapshots/"+k.snapshot(id, "a"), "")
		k.is(k.query("/volume-snapshots/trees", "volumeUuid="+id, "count:true"), 0, "total")
	},
	"the batch names descendants too, and is of one volume": func(k *cloud) {
		g := k.job("PUT", "/volume-snapshots/batch-delete", act("batchDeleteVolumeSnapshot", `"uuids":["`+snapshot2+`"]`))
		k.is(g, true, "success")
		k.is(g, snapshot3, "results", 1, "snapshotUuid")
		k.fails(k.job("PUT", "/volume-snapshots/batch-delete", act("batchDeleteVolumeSnapshot", `"uuids":["`+snapshot1+`","9daf44bcd2d64e03870af02e741f2cc3"]`)), "SYS.1006")
		k.fails(k.job("PUT", "/volume-snapshots/batch-delete", act("batchDeleteVolumeSnapshot", `"uuids":[]`)), "SYS.1007")
	},
	"a batch that fails in part is a success with errors": func(k *cloud) {
		k.job("POST", "/volumes/data/from/volume-snapshots/"+snapshot3, `{"params":{"name":"clone"}}`)
		g := k.job("PUT", "/volume-snapshots/batch-delete", act("batchDeleteVolumeSnapshot", `"uuids":["`+nightlyWeb+`","`+snapshot2+`"]`))
		if g.status != 200 {
			k.Fatal(g.text)
		}
		k.is(g, true, "results", 0, "success")
		k.is(g, false, "results", 1, "success")
		k.is(g, snapshot2, "results", 1, "error", "opaque", "SNAPSHOT_UUID")
	},
	"an update changes name and description": func(k *cloud) {
		k.is(k.job("PUT", "/volume-snapshots/"+snapshot1+"/actions", act("updateVolumeSnapshot", `"name":"n"`)), "n", "inventory", "name")
	},
	"shrinking tells what it gave back": func(k *cloud) {
		g := k.job("PUT", "/volume-snapshots/shrink/"+snapshot1+"/actions", act("shrinkVolumeSnapshot", ""))
		k.is(g, 1073741824, "shrinkResult", "oldSize")
	},
	"undoing the creation takes the latest one back": func(k *cloud) {
		id := k.snapshot(webData, "s")
		g := k.job("PUT", "/volumes/"+webData+"/actions", act("undoSnapshotCreation", `"snapShotUuid":"`+id+`"`))
		k.is(g, webData, "inventory", "uuid")
		k.names(k.call("GET", "/volume-snapshots/"+id, ""))
		k.is(k.call("GET", "/volume-snapshots/"+nightlyWeb, ""), true, "inventories", 0, "latest")
	},
}

// Section 8: snapshot groups.
var groupFacts = map[string]func(*cloud){
	"a group has one snapshot per volume": func(k *cloud) {
		g := k.job("POST", "/volume-snapshots/group", `{"params":{"rootVolumeUuid":"`+dbRoot+`","name":"g"}}`)
		k.is(g, 2, "inventory", "snapshotCount")
		k.is(g, dbVM, "inventory", "vmInstanceUuid")
		k.is(g, dbRoot, "inventory", "volumeSnapshotRefs", 0, "volumeUuid")
		id := k.textAt(g, "inventory", "uuid")
		k.is(k.query("/volume-snapshots", "groupUuid="+id, "count:true"), 2, "total")
	},
	"it needs a root volume": func(k *cloud) {
		k.fails(k.job("POST", "/volume-snapshots/group", `{"params":{"rootVolumeUuid":"`+webData+`","name":"g"}}`), "SYS.1007")
		k.fails(k.job("POST", "/volume-snapshots/group", `{"params":{"rootVolumeUuid":"`+nobody+`","name":"g"}}`), "SYS.1003")
	},
	"memory needs a running machine": func(k *cloud) {
		k.fails(k.job("POST", "/volume-snapshots/group", `{"params":{"rootVolumeUuid":"`+dbRoot+`","name":"g","withMemory":true}}`), "SYS.1006")
		k.is(k.job("POST", "/volume-snapshots/group", `{"params":{"rootVolumeUuid":"`+webRoot+`","name":"g","withMemory":true}}`), 3, "inventory", "snapshotCount")
	},
	"deleting a member marks its ref": func(k *cloud) {
		k.job("DELETE", "/volume-snapshots/"+nightlyWeb, "")
		g := k.query("/volume-snapshots/group", "name=nightly-web-01")
		k.is(g, true, "inventories", 0, "volumeSnapshotRefs", 1, "snapshotDeleted")
	},
	"deleting a root volume's snapshot dissolves its group": func(k *cloud) {
		k.job("DELETE", "/volume-snapshots/ca8d1aca012d41b6a946b26d54356a4e", "")
		k.names(k.query("/volume-snapshots/group", "name=nightly-web-01"))
		k.is(k.call("GET", "/volume-snapshots/"+nightlyWeb, ""), nil, "inventories", 0, "groupUuid")
	},
	"deleting a group deletes its members": func(k *cloud) {
		g := k.job("DELETE", "/volume-snapshots/group/515f9e81bd5c485fb67c27c797f35c62", "")
		k.is(g, true, "results", 0, "success")
		k.names(k.call("GET", "/volume-snapshots/"+nightlyWeb, ""))
	},
	"ungrouping deletes only the group": func(k *cloud) {
		k.job("DELETE", "/volume-snapshots/ungroup/515f9e81bd5c485fb67c27c797f35c62", "")
		k.names(k.call("GET", "/volume-snapshots/group/515f9e81bd5c485fb67c27c797f35c62", ""))
		k.names(k.call("GET", "/volume-snapshots/"+nightlyWeb, ""), "nightly-DATA-for-web-01")
	},
	"an update has no limit of length": func(k *cloud) {
		name := strings.Repeat("n", 300)
		k.is(k.job("PUT", "/volume-snapshots/group/515f9e81bd5c485fb67c27c797f35c62/actions", act("updateVolumeSnapshotGroup", `"name":"`+name+`"`)), name, "inventory", "name")
	},
	"availability has a line for each cause": func(k *cloud) {
		const web, db = "515f9e81bd5c485fb67c27c797f35c62", "08f03455c3be44d9b449dc7da9095ad1"
		check := "/volume-snapshots/groups/availabilities?uuids=" + web + "&uuids=" + db
		g := k.call("GET", check, "")
		k.is(g, true, "results", 0, "available")
		k.is(g, "", "results", 0, "reason")
		k.is(g, false, "results", 1, "available")
		k.job("DELETE", "/volumes/"+webData+"/vm-instances", "")
		k.job("POST", "/volumes/"+scratch+"/vm-instances/"+webVM, "{}")
		if reason := k.textAt(k.call("GET", check, ""), "results", 0, "reason"); strings.Count(reason, "\n") != 1 {
			k.Error(reason)
		}
		k.fails(k.call("GET", "/volume-snapshots/groups/availabilities?uuids="+nobody, ""), "SYS.1003")
	},
	"reverting does each member, but memory": func(k *cloud) {
		g := k.job("PUT", "/volume-snapshots/group/515f9e81bd5c485fb67c27c797f35c62/actions", act("revertVmFromSnapshotGroup", ""))
		k.is(g, false, "results", 0, "success") // the machine runs
		k.fails(k.job("PUT", "/volume-snapshots/group/08f03455c3be44d9b449dc7da9095ad1/actions", act("revertVmFromSnapshotGroup", "")), "SYS.1006")
	},
	"memory groups are found by their machine": func(k *cloud) {
		g := k.call("GET", "/memory-snapshots/group/reference?resourceUuid="+appVM+"&resourceType=VmInstanceVO", "")
		k.is(g, "before-kernel-upgrade", "inventories", 0, "name")
		k.is(g, true, "success")
	},
}
