package mock_test

import (
	"fmt"
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

// Section 5: the query API.
var queryFacts = map[string]func(*cloud){
	"conditions are joined by and, and the same one counts once": func(k *cloud) {
		k.names(k.query("/volumes", "status=Ready", "status=Ready", "state=Disabled"), "archive-2023")
	},
	"limit and start cut, total counts all": func(k *cloud) {
		g := k.query("/volumes", "limit:3", "start:2", "replyWithCount:true")
		k.is(g, 10, "total")
		if list, _ := g.at("inventories").([]any); len(list) != 3 {
			k.Error(len(list))
		}
	},
	"count gives only the number": func(k *cloud) {
		if g := k.query("/volumes", "count:true", "type=Root"); g.text != `{"total":3,"schema":{}}` {
			k.Error(g.text)
		}
	},
	"without a limit there are at most 1000 rows": func(k *cloud) {
		k.is(k.query("/volumes", "replyWithCount:true"), 10, "total")
	},
	"sort goes up, and down with -": func(k *cloud) {
		k.is(k.query("/volumes", "sort:size"), "cluster-shared", "inventories", 1, "name")
		k.is(k.query("/volumes", "sort:+name", "type=Root"), "ROOT-for-app-01", "inventories", 0, "name")
		k.is(k.query("/volumes", "sort:-name", "type=Root"), "ROOT-for-web-01", "inventories", 0, "name")
		k.is(k.call("GET", "/volumes?sort=+name&q=type%3DRoot", ""), "ROOT-for-app-01", "inventories", 0, "name")
	},
	"times are compared as times": func(k *cloud) {
		k.names(k.query("/volumes", "createDate<2024-09-03 00:00:00", "status=Ready"), "ROOT-for-web-01", "DATA-for-web-01")
		k.is(k.query("/volume-snapshots", "sort:-createDate"), "nightly-DATA-for-web-01", "inventories", 0, "name")
	},
	"fields chooses, and primitive ones come along as zero": func(k *cloud) {
		g := k.query("/volume-snapshots", "uuid="+snapshot3, "fields:uuid,name")
		k.is(g, fmt.Sprint(map[string]any{"uuid": snapshot3, "name": "Snapshot-3", "distance": 0}), "inventories", 0)
	},
	"groupBy has no effect": func(k *cloud) {
		k.is(k.query("/volumes", "groupBy:type", "replyWithCount:true"), 10, "total")
	},
	"anything but true is false for booleans": func(k *cloud) {
		k.is(k.query("/volumes", "count:false", "uuid="+scratch), scratch, "inventories", 0, "uuid")
	},
	"= and != are equal and not": func(k *cloud) {
		k.names(k.query("/volumes", "type!=Data", "format=raw"), "ROOT-for-db-01", "memory-for-app-01")
	},
	"> >= < <= order numbers": func(k *cloud) {
		k.names(k.query("/volumes", "size>=214748364800"), "DATA-for-db-01")
		k.names(k.query("/volumes", "size>107374182400"), "DATA-for-db-01")
		k.names(k.query("/volumes", "size<=10737418240"), "cluster-shared", "memory-for-app-01")
	},
	"?= and !?= are in and not in": func(k *cloud) {
		k.names(k.query("/volumes", "uuid?="+scratch+","+archive), "scratch-data", "archive-2023")
		k.names(k.query("/volumes", "type!?=Data,Root"), "memory-for-app-01")
	},
	"~= and !~= are like and not like": func(k *cloud) {
		k.names(k.query("/volumes", "name~=%-for-db-__"), "ROOT-for-db-01", "DATA-for-db-01")
		k.names(k.query("/volumes", "name!~=%-for-%", "status=Ready"), "cluster-shared", "archive-2023")
	},
	"is null and not null": func(k *cloud) {
		k.names(k.query("/volumes", "primaryStorageUuid is null"), "scratch-data")
		k.names(k.query("/volumes", "volumeQos not null"), "DATA-for-web-01", "DATA-for-db-01")
	},
	"a value with an operator before the real one is misread": func(k *cloud) {
		k.fails(k.query("/volumes", "name=a>=b"), "SYS.1000")
		k.fails(k.query("/volumes", "name=x!=y"), "SYS.1000")
	},
	"the field is trimmed, the value is not": func(k *cloud) {
		k.names(k.query("/volumes", " name =scratch-data"), "scratch-data")
		k.names(k.query("/volumes", "name = scratch-data"))
	},
	"an empty value is the empty string": func(k *cloud) {
		k.names(k.query("/volumes", "name="))
	},
	"a condition that starts with the operator, or has none, is 400 text": func(k *cloud) {
		k.says(k.query("/volumes", "q:=x"), 400, "q")
		k.says(k.query("/volumes", "q:status"), 400, "q")
	},
	"x is not null goes wrong": func(k *cloud) {
		k.fails(k.query("/volumes", "description is not null"), "SYS.1000")
	},
	"=null is the string, and !=null happens to work": func(k *cloud) {
		k.names(k.query("/volumes", "primaryStorageUuid=null"))
		k.names(k.query("/volumes", "volumeQos!=null"), "DATA-for-web-01", "DATA-for-db-01")
	},
	"!=, !?= and !~= never match null": func(k *cloud) {
		for _, condition := range []string{"volumeQos!=x", "volumeQos!?=x,y", "volumeQos!~=x%"} {
			k.names(k.query("/volumes", condition), "DATA-for-web-01", "DATA-for-db-01")
		}
	},
	"texts are compared without regard to case": func(k *cloud) {
		k.names(k.query("/volumes", "name=SCRATCH-data"), "scratch-data")
	},
	"undocumented fields can be asked for": func(k *cloud) {
		k.names(k.query("/volume-snapshots", "distance=3"), "Snapshot-3")
		k.names(k.query("/volume-snapshots", "groupUuid=515f9e81bd5c485fb67c27c797f35c62"), "nightly-DATA-for-web-01", "nightly-ROOT-for-web-01")
	},
	"nested fields lead to other rows, at any depth": func(k *cloud) {
		k.names(k.query("/volume-snapshots", "volume.vmInstance.name~=db%"), "group-ROOT-for-db-01", "DATA-for-db-01-october")
		k.names(k.query("/volumes", "vmInstance.name=web-01"), "ROOT-for-web-01", "DATA-for-web-01")
		k.names(k.query("/volumes", "snapshot.name=Snapshot-2"), "DATA-for-web-01")
		k.names(k.query("/volumes", "primaryStorage.type=Ceph", "type=Data"), "DATA-for-db-01", "cluster-shared")
		k.names(k.query("/volumes", "diskOffering.name=data-200G"), "DATA-for-db-01")
		k.names(k.query("/volumes", "image.name=rocky-9"), "ROOT-for-web-01", "ROOT-for-db-01")
		k.names(k.query("/volume-snapshots", "tree.current=false"), "revert-volume-point-b26808c05e6e40e292152cb061fcf5ba-20240826093000")
		k.names(k.query("/volume-snapshots", "groupRef.volumeSnapshotGroupUuid=515f9e81bd5c485fb67c27c797f35c62"), "nightly-DATA-for-web-01", "nightly-ROOT-for-web-01")
		k.names(k.query("/volume-snapshots/group", "volumeSnapshotRefs.volumeUuid="+webData), "nightly-web-01")
		k.is(k.query("/volume-snapshots/trees", "snapshot.name=Snapshot-2"), webData, "inventories", 0, "volumeUuid")
	},
	"a nested condition repeats no rows": func(k *cloud) {
		k.names(k.query("/volumes", "snapshot.name~=Snapshot-%"), "DATA-for-web-01")
	},
	"the tree of a snapshot tree cannot be queried": func(k *cloud) {
		k.fails(k.query("/volume-snapshots/trees", "tree=x"), "SYS.1000")
	},
	"unknown fields, nested names, sort and selected fields are 503 SYS.1000": func(k *cloud) {
		for _, q := range []string{"q:nonsense=1", "q:volume.nonsense=1", "q:nonsense.name=1", "sort:nonsense", "fields:uuid,nonsense"} {
			k.fails(k.query("/volume-snapshots", q), "SYS.1000")
		}
	},
	"a limit or start that is no integer is 400 text": func(k *cloud) {
		k.says(k.query("/volumes", "limit:ten"), 400, "limit")
		k.says(k.query("/volumes", "start:1.5"), 400, "start")
	},
}

// Section 5, the answers of queries.
var answerFacts = map[string]func(*cloud){
	"a list has inventories and a schema": func(k *cloud) {
		g := k.query("/volume-snapshots", "uuid="+snapshot1)
		k.is(g, "org.zstack.header.storage.snapshot.VolumeSnapshotInventory", "schema", "inventories[0]")
		k.is(g, nil, "total")
	},
	"the schema names nested objects": func(k *cloud) {
		g := k.query("/volume-snapshots/trees", "volumeUuid="+webData)
		const leaf = "org.zstack.header.storage.snapshot.VolumeSnapshotTree$SnapshotLeafInventory"
		k.is(g, "org.zstack.header.storage.snapshot.VolumeSnapshotTreeInventory", "schema", "inventories[0]")
		k.is(g, leaf, "schema", "inventories[0].tree")
		k.is(g, leaf, "schema", "inventories[0].tree.children[0].children[0]")
		k.is(g, "org.zstack.header.storage.snapshot.VolumeSnapshotInventory", "schema", "inventories[0].tree.inventory")
		group := k.query("/volume-snapshots/group", "name=nightly-web-01")
		k.is(group, "org.zstack.header.storage.snapshot.group.VolumeSnapshotGroupRefInventory", "schema", "inventories[0].volumeSnapshotRefs[1]")
	},
	"by uuid gives the list's shape": func(k *cloud) {
		k.names(k.call("GET", "/volumes/"+scratch+"?q=status=nonsense&limit=0", ""), "scratch-data")
		g := k.call("GET", "/volumes/"+nobody, "")
		if g.text != `{"inventories":[],"schema":{}}` {
			k.Error(g.text)
		}
	},
	"a tree nests its snapshots": func(k *cloud) {
		g := k.call("GET", "/volume-snapshots/trees/55bf4e7a4547488b9c37a7576ee26e09", "")
		k.is(g, snapshot1, "inventories", 0, "tree", "inventory", "uuid")
		k.is(g, nil, "inventories", 0, "tree", "parentUuid")
		k.is(g, snapshot1, "inventories", 0, "tree", "children", 0, "parentUuid")
		k.is(g, snapshot3, "inventories", 0, "tree", "children", 0, "children", 0, "inventory", "uuid")
		k.is(g, "[]", "inventories", 0, "tree", "children", 1, "children")
	},
}
