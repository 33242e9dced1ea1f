package mock_test

import (
	"fmt"
)

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
