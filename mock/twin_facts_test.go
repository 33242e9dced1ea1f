package mock_test

import (
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Section 1 of the reference: conventions of the wire.
var conventions = map[string]func(*cloud){
	"the server prefix is /zstack/v1, and bare paths answer too": func(k *cloud) {
		k.url = strings.TrimSuffix(k.url, "/zstack/v1")
		k.names(k.query("/volumes", "uuid="+scratch), "scratch-data")
	},
	"uuids are 32 lower-case hex digits": func(k *cloud) {
		if id := k.newVolume(""); !regexp.MustCompile(`^[0-9a-f]{12}[1-5][0-9a-f]{3}[89ab][0-9a-f]{15}$`).MatchString(id) {
			k.Error(id)
		}
	},
	"a resourceUuid that looks like a real one is taken": func(k *cloud) {
		const id = "0f0e0d0c0b0a4f0e8d0c0b0a0f0e0d0c"
		if got := k.newVolume(`,"resourceUuid":"` + id + `"`); got != id {
			k.Error(got)
		}
	},
	"a resourceUuid with another version digit is SYS.1007": func(k *cloud) {
		k.fails(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1,"resourceUuid":"0f0e0d0c0b0a9f0e8d0c0b0a0f0e0d0c"}}`), "SYS.1007")
	},
	"lists in the query repeat the key": func(k *cloud) {
		k.names(k.query("/volumes", "status=Ready", "type=Data", "size<20000000000"), "cluster-shared")
	},
	"a scalar parameter that comes twice is 400 text": func(k *cloud) {
		k.says(k.call("GET", "/volumes?limit=1&limit=2", ""), 400, "limit")
	},
	"unknown parameters and keys are ignored": func(k *cloud) {
		if g := k.call("GET", "/volumes?nonsense=1", ""); g.status != 200 {
			k.Error(g.status)
		}
		if g := k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1,"nonsense":2},"more":3}`); g.status != 200 {
			k.Error(g.text)
		}
	},
	"null fields are left out": func(k *cloud) {
		g := k.query("/volumes")
		if strings.Contains(g.text, "null") {
			k.Error(g.text)
		}
	},
	"an empty success is {}": func(k *cloud) {
		if g := k.job("DELETE", "/volumes/"+scratch, ""); g.status != 200 || g.text != "{}" {
			k.Error(g.status, g.text)
		}
	},
	"bodies are application/json;charset=UTF-8": func(k *cloud) {
		if kind := k.query("/volumes").header.Get("Content-Type"); kind != "application/json;charset=UTF-8" {
			k.Error(kind)
		}
	},
	"timestamps look like Nov 14, 2017 10:20:57 PM": func(k *cloud) {
		k.advance(12*time.Hour + 20*time.Minute + 57*time.Second)
		k.token = k.logIn("admin", adminDigest)
		g := k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1}}`)
		k.is(g, "Oct 9, 2024 10:20:57 PM", "inventory", "createDate")
	},
	"a volume without tags in its body is made as well as one with them": func(k *cloud) {
		g := k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1},"systemTags":["ephemeral::shareable"],"userTags":["blue"]}`)
		k.is(g, true, "inventory", "isShareable")
		k.names(k.query("/volumes", "__userTag__=blue"), "v")
		k.names(k.query("/volumes", "__systemTag__~=ephemeral%"), "v")
	},
	"the body's key chooses the action": func(k *cloud) {
		k.is(k.job("PUT", "/volumes/"+scratch+"/actions", act("updateVolume", `"name":"new"`)), "new", "inventory", "name")
		k.is(k.job("PUT", "/volumes/"+scratch+"/actions", act("changeVolumeState", `"stateEvent":"disable"`)), "Disabled", "inventory", "state")
	},
	"no known key is 400 text": func(k *cloud) {
		k.says(k.call("PUT", "/volumes/"+scratch+"/actions", `{"dance":{}}`), 400, "action")
	},
	"a missing body is 500 text": func(k *cloud) {
		k.says(k.call("PUT", "/volumes/"+scratch+"/actions", ""), 500, "missing")
	},
	"DELETE takes its parameters from the query string": func(k *cloud) {
		if g := k.job("DELETE", "/volumes/"+scratch+"?deleteMode=Permissive", ""); g.status != 200 {
			k.Error(g.text)
		}
	},
	"BatchSyncVolumeSize has its fields under the empty key": func(k *cloud) {
		g := k.call("POST", "/volumes/batch-sync-volumes", `{"":{"clusterUuid":"e26b80aa45644ef7b473aa69071b34f9"}}`)
		k.is(g, true, "success")
		k.is(g, 6, "successCount")
		k.is(g, 0, "failCount")
	},
	"a boolean that is none is 400 text": func(k *cloud) {
		k.says(k.call("PUT", "/volumes/"+webData+"/actions", act("flattenVolume", `"dryRun":7`)), 400, "dryRun")
	},
	"an X-Job-UUID of another length is 400": func(k *cloud) {
		k.says(k.call("DELETE", "/volumes/"+scratch, "", "X-Job-UUID: short"), 400, "32 characters")
	},
	"an X-Job-UUID becomes the id in location": func(k *cloud) {
		g := k.call("DELETE", "/volumes/"+scratch, "", "X-Job-UUID: 4dc148a9df84410da9ea00fe7c5726eb")
		k.is(g, k.url+"/api-jobs/4dc148a9df84410da9ea00fe7c5726eb", "location")
	},
	"an X-Job-UUID of a known job is 400, and ignored on queries": func(k *cloud) {
		k.job("DELETE", "/volumes/"+scratch, "", "X-Job-UUID: 4dc148a9df84410da9ea00fe7c5726eb")
		k.says(k.call("DELETE", "/volumes/"+scratch, "", "X-Job-UUID: 4dc148a9df84410da9ea00fe7c5726eb"), 400, "4dc148a9df84410da9ea00fe7c5726eb")
		if g := k.call("GET", "/volumes", "", "X-Job-UUID: 4dc148a9df84410da9ea00fe7c5726eb"); g.status != 200 {
			k.Error(g.text)
		}
	},
	"X-API-Timeout replaces the operation's time-out": func(k *cloud) {
		k.is(k.call("DELETE", "/volumes/"+scratch, ""), 1800000, "apiTimeout")
		k.is(k.call("DELETE", "/volumes/"+scratch, "", "X-API-Timeout: 60"), 60000, "apiTimeout")
	},
	"X-JSON-Schema adds a schema": func(k *cloud) {
		g := k.call("PUT", "/accounts/login", act("logInByAccount", `"accountName":"admin","password":"`+adminDigest+`"`), "X-JSON-Schema: true")
		k.is(g, "org.zstack.header.identity.SessionInventory", "schema", "inventory")
	},
	"the schema of a job's result is given if the poll asks": func(k *cloud) {
		g := k.call("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1}}`)
		k.advance(time.Second)
		path := strings.TrimPrefix(k.textAt(g, "location"), k.url)
		k.is(k.call("GET", path, ""), nil, "schema")
		k.is(k.call("GET", path, "", "X-JSON-Schema: 1"), "org.zstack.header.volume.VolumeInventory", "schema", "inventory")
	},
	"access keys sign requests": func(k *cloud) {
		const date = "Wed, 9 Oct 2024 18:00:00 CST"
		signed := "Authorization: ZStack Xn2vP4kQ8sT6wY1zB3dF:" + signature("r5J9mK2pL7qN4tV8xZ1cG6hD3fS0aWyE5uI9oPbM", "GET", date, "/v1/volumes")
		if g := k.call("GET", "/volumes", "", signed, "Date: "+date); g.status != 200 {
			k.Error(g.status, g.text)
		}
		k.fails(k.call("GET", "/volumes", "", "Authorization: ZStack Xn2vP4kQ8sT6wY1zB3dF:nonsense", "Date: "+date), "ID.1001")
		k.says(k.call("GET", "/volumes", "", signed, "Date: Wed, 9 Oct 2024 19:00:00 CST"), 403, "15 minutes")
	},
}

// Section 2: login and session.
var sessions = map[string]func(*cloud){
	"LogInByAccount opens a session of two hours": func(k *cloud) {
		g := k.call("PUT", "/accounts/login", act("logInByAccount", `"accountName":"admin","password":"`+adminDigest+`"`))
		k.is(g, admin, "inventory", "accountUuid")
		k.is(g, admin, "inventory", "userUuid")
		k.is(g, nil, "inventory", "userType")
		k.is(g, false, "inventory", "noSessionEvaluation")
		k.is(g, "Oct 9, 2024 12:00:00 PM", "inventory", "expiredDate")
	},
	"LogInByUser takes the account's name or uuid": func(k *cloud) {
		for _, account := range []string{`"accountName":"web-shop"`, `"accountUuid":"` + webShop + `"`} {
			g := k.call("PUT", "/accounts/users/login", act("logInByUser", account+`,"userName":"mia","password":"`+miaDigest+`"`))
			k.is(g, webShop, "inventory", "accountUuid")
			k.is(g, "092815dbedcb4ff5b1d1c7be2586b2b9", "inventory", "userUuid")
		}
	},
	"a wrong name and a wrong password give the same text": func(k *cloud) {
		a := k.call("PUT", "/accounts/login", act("logInByAccount", `"accountName":"admin","password":"`+miaDigest+`"`))
		b := k.call("PUT", "/accounts/login", act("logInByAccount", `"accountName":"nobody","password":"`+adminDigest+`"`))
		c := k.call("PUT", "/accounts/login", act("logInByAccount", `"accountName":"admin","password":"plain"`))
		k.fails(a, "ID.1000")
		if a.text != b.text || a.text != c.text {
			k.Error(a.text, b.text, c.text)
		}
	},
	"the 501st session of one user is ID.1006": func(k *cloud) {
		for range 499 {
			k.logIn("admin", adminDigest)
		}
		k.fails(k.call("PUT", "/accounts/login", act("logInByAccount", `"accountName":"admin","password":"`+adminDigest+`"`)), "ID.1006")
	},
	"ValidateSession tells without a session": func(k *cloud) {
		k.is(k.call("GET", "/accounts/sessions/"+k.token+"/valid", "", "Authorization:"), true, "valid")
		k.is(k.call("GET", "/accounts/sessions/"+nobody+"/valid", "", "Authorization:"), false, "valid")
	},
	"LogOut ends a session, and an unknown one too": func(k *cloud) {
		for _, id := range []string{k.token, nobody} {
			if g := k.call("DELETE", "/accounts/sessions/"+id, "", "Authorization:"); g.status != 200 || g.text != "{}" {
				k.Error(g.status, g.text)
			}
		}
		k.fails(k.query("/volumes"), "ID.1001")
	},
	"RenewSession is a job with the session as result": func(k *cloud) {
		g := k.job("PUT", "/accounts/sessions/"+k.token+"/renew", act("renewSession", `"duration":86400`))
		k.is(g, k.token, "inventory", "uuid")
		k.advance(20 * time.Hour)
		k.is(k.call("GET", "/accounts/sessions/"+k.token+"/valid", ""), true, "valid")
	},
	"RenewSession takes 60 to 31536000 seconds": func(k *cloud) {
		k.fails(k.job("PUT", "/accounts/sessions/"+k.token+"/renew", act("renewSession", `"duration":59`)), "SYS.1007")
	},
	"a session slides with each call": func(k *cloud) {
		for range 3 {
			k.advance(90 * time.Minute)
			if g := k.query("/volumes"); g.status != 200 {
				k.Fatal(g.text)
			}
		}
		k.advance(2*time.Hour + time.Second)
		k.is(k.call("GET", "/accounts/sessions/"+k.token+"/valid", ""), false, "valid")
		k.fails(k.query("/volumes"), "ID.1001")
	},
	"an unknown session on a synchronous call is 503 ID.1001": func(k *cloud) {
		k.fails(k.call("GET", "/volumes", "", "Authorization: OAuth "+nobody), "ID.1001")
	},
	"an unknown session on an asynchronous call is 202 first": func(k *cloud) {
		k.fails(k.job("PUT", "/volumes/"+scratch+"/actions", act("syncVolumeSize", ""), "Authorization: OAuth "+nobody), "ID.1001")
	},
	"no Authorization, or another scheme, is 400 text for sync and async": func(k *cloud) {
		for _, header := range []string{"Authorization:", "Authorization: Bearer x"} {
			k.says(k.call("GET", "/volumes", "", header), 400, "Authorization")
			k.says(k.call("DELETE", "/volumes/"+scratch, "", header), 400, "Authorization")
		}
	},
	"other accounts see what they own": func(k *cloud) {
		k.token = k.textAt(k.call("PUT", "/accounts/users/login", act("logInByUser", `"accountName":"web-shop","userName":"mia","password":"`+miaDigest+`"`)), "inventory", "uuid")
		k.names(k.query("/volumes"), "scratch-data")
		k.newVolume("")
		k.names(k.query("/volumes"), "scratch-data", "v")
		k.names(k.query("/volume-snapshots"))
	},
}

// Section 3: synchronous and asynchronous operations.
var jobFacts = map[string]func(*cloud){
	"the first answer of an asynchronous call is always 202": func(k *cloud) {
		for _, body := range []string{`{"params":{}}`, `{"params":{"name":"v","diskOfferingUuid":"` + nobody + `"}}`, `{"params":{"name":"v","diskSize":1}}`} {
			if g := k.call("POST", "/volumes/data", body); g.status != 202 {
				k.Error(g.status, g.text)
			}
		}
	},
	"polling needs no session": func(k *cloud) {
		if g := k.job("DELETE", "/volumes/"+scratch, ""); g.status != 200 {
			k.Error(g.text)
		}
	},
	"each operation has its time-out": func(k *cloud) {
		for path, want := range map[string]int{"POST /volumes/data": 10800000, "DELETE /volumes/" + scratch: 1800000, "DELETE /volume-snapshots/" + snapshot3: 21600000} {
			method, path, _ := strings.Cut(path, " ")
			body := ""
			if method == "POST" {
				body = `{"params":{"name":"v","diskSize":1}}`
			}
			k.is(k.call(method, path, body), want, "apiTimeout")
		}
		k.is(k.call("PUT", "/volumes/"+webData+"/actions", act("flattenVolume", "")), 129600000, "apiTimeout")
		k.is(k.call("PUT", "/volume-snapshots/"+snapshot1+"/actions", act("revertVolumeFromSnapshot", "")), 86400000, "apiTimeout")
	},
	"a failed job is 503 with its error": func(k *cloud) {
		k.fails(k.job("PUT", "/volumes/"+scratch+"/actions", act("recoverDataVolume", "")), "SYS.1006")
	},
	"an unknown job is 404 text": func(k *cloud) {
		k.says(k.call("GET", "/api-jobs/"+nobody, ""), 404, nobody)
	},
	"any method but GET on a job is 405 text": func(k *cloud) {
		k.says(k.call("POST", "/api-jobs/"+nobody, `{}`), 405, "POST")
	},
	"a finished job can be polled again, for three hours after the call": func(k *cloud) {
		g := k.call("DELETE", "/volumes/"+scratch, "")
		path := strings.TrimPrefix(k.textAt(g, "location"), k.url)
		k.advance(time.Hour)
		for range 2 {
			if g := k.call("GET", path, ""); g.status != 200 {
				k.Error(g.status)
			}
		}
		k.advance(2*time.Hour + time.Second)
		k.says(k.call("GET", path, ""), 404, "no api job")
	},
	"jobs run in their order": func(k *cloud) {
		first := k.call("DELETE", "/volumes/"+scratch, "")
		second := k.call("PUT", "/volumes/"+scratch+"/actions", act("recoverDataVolume", ""))
		k.advance(time.Second)
		for _, g := range []got{first, second} {
			if g := k.call("GET", strings.TrimPrefix(k.textAt(g, "location"), k.url), ""); g.status != 200 {
				k.Error(g.text)
			}
		}
	},
	"GetVolumeSnapshotSize is a job": func(k *cloud) {
		g := k.job("PUT", "/volume-snapshots/"+snapshot3+"/actions", act("getVolumeSnapshotSize", ""))
		k.is(g, 1310720, "size")
		k.is(g, true, "success")
	},
}

// Section 4: errors.
var errorFacts = map[string]func(*cloud){
	"a path that maps to nothing is 404 text": func(k *cloud) {
		k.says(k.call("GET", "/volumez", ""), 404, "")
	},
	"a method that nothing maps to is 405 text": func(k *cloud) {
		k.says(k.call("PATCH", "/volumes", ""), 405, "PATCH")
	},
	"malformed JSON is 500 text": func(k *cloud) {
		k.says(k.call("POST", "/volumes/data", `{"params":`), 500, "JSON")
	},
	"a query that matches nothing is 200 with an empty list": func(k *cloud) {
		g := k.query("/volumes", "name=nobody has this")
		k.names(g)
		k.is(g, "map[]", "schema")
	},
	"errors have a code, a fixed description and details": func(k *cloud) {
		g := k.job("PUT", "/volumes/"+nobody+"/actions", act("syncVolumeSize", ""))
		k.fails(g, "SYS.1003")
		if !strings.Contains(k.textAt(g, "error", "details"), "[uuid:"+nobody) {
			k.Error(g.text)
		}
	},
	"a missing field is SYS.1007": func(k *cloud) {
		k.fails(k.job("POST", "/volumes/data", `{"params":{"diskSize":1}}`), "SYS.1007")
	},
	"a name that is too long is SYS.1007": func(k *cloud) {
		k.fails(k.job("POST", "/volumes/data", `{"params":{"diskSize":1,"name":"`+strings.Repeat("x", 256)+`"}}`), "SYS.1007")
	},
	"a value outside the valid set is SYS.1007": func(k *cloud) {
		k.fails(k.job("PUT", "/volumes/"+scratch+"/actions", act("changeVolumeState", `"stateEvent":"destroy"`)), "SYS.1007")
	},
	"a bad session and a missing field give SYS.1007": func(k *cloud) {
		k.fails(k.job("POST", "/volumes/data", `{"params":{"diskSize":1}}`, "Authorization: OAuth "+nobody), "SYS.1007")
	},
	"a bad session on an unknown volume gives SYS.1003": func(k *cloud) {
		k.fails(k.job("PUT", "/volumes/"+nobody+"/actions", act("syncVolumeSize", ""), "Authorization: OAuth "+nobody), "SYS.1003")
	},
	"a malformed uuid is SYS.1003": func(k *cloud) {
		k.fails(k.job("DELETE", "/volumes/not-a-uuid", ""), "SYS.1003")
	},
	"deleting a snapshot that a volume was made from is SYS.1004 with a cause": func(k *cloud) {
		k.job("POST", "/volumes/data/from/volume-snapshots/"+snapshot2, `{"params":{"name":"clone"}}`)
		g := k.job("DELETE", "/volume-snapshots/"+snapshot1, "")
		k.fails(g, "SYS.1004")
		k.is(g, "SYS.1006", "error", "cause", "code")
	},
	"there is no 401, 409, 422 or 429": func(k *cloud) {
		for _, g := range []got{
			k.call("GET", "/volumes", "", "Authorization:"), k.call("PUT", "/volumes/"+scratch+"/actions", `[]`), k.call("POST", "/volumes/data", `{"params":{"name":7}}`),
		} {
			switch g.status {
			case http.StatusUnauthorized, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests:
				k.Error(g.status, g.text)
			}
		}
	},
}
