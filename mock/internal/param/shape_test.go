package param

import "testing"

func TestContainers(t *testing.T) {
	either := "{anyOf: [{type: string, maxLength: 5}, {type: array, items: {type: string}}]}"
	runRows(t, []row{
		{"array of integers", query(integers), "p=1&p=2", `[1,2]`, ""},
		{"one element", query(integers), "p=1", `[1]`, ""},
		{"wrong element", query(integers), "p=1&p=x", `[1,"x"]`, "type"},
		{"other names between", query(integers), "p=1&q=2&p=3", `[1,3]`, ""},
		{"brackets are not form", query(integers), "p[]=1", "absent", ""},
		{"prefixItems", param("query", "form", false, "{type: array, prefixItems: [{type: string}, {type: integer}], items: {type: boolean}}"), "p=1,2,true", `["1",2,true]`, ""},
		{"elements of two types", param("query", "form", false, "{type: array, items: {anyOf: [{type: integer}, {type: string}]}}"), "p=1,a", `[1,"a"]`, ""},
		{"arrays of either type", param("query", "form", false, "{anyOf: [{type: array, items: {type: integer}}, {type: array, items: {type: string}}]}"), "p=1,a", `["1","a"]`, ""},
		{"array without items", param("query", "form", false, "{type: array}"), "p=1,a", `["1","a"]`, ""},
		{"array or string, one", query(either), "p=a", `"a"`, ""},
		{"array or string, several", query(either), "p=a&p=b", `["a","b"]`, ""},
		{"array or string, listed", param("query", "form", false, either), "p=a,b", `["a","b"]`, ""},
		{"array or string, too long", param("query", "form", false, either), "p=abcdef", `["abcdef"]`, ""},
		{"integer or array", param("path", "simple", false, "{oneOf: [{type: integer}, {type: array, items: {type: integer}}]}"), "1,2", `[1,2]`, ""},
		{"integer or array, one", param("path", "simple", false, "{oneOf: [{type: integer}, {type: array, items: {type: integer}}]}"), "1", `1`, ""},
		{"object or string", param("path", "simple", true, "{anyOf: [{type: string}, "+colour+"]}"), "R=1", `{"R":1}`, ""},
		{"odd number of parts", param("query", "form", false, colour), "p=R,1,G", "!style", ""},
		{"member without a value", param("path", "simple", true, colour), "R=1,G", "!style", ""},
		{"label without its dot", param("path", "label", false, integers), "1,2", "!style", ""},
		{"label of one number", param("path", "label", false, "{type: array, items: {type: number}}"), ".1.5", `[1.5]`, ""},
		{"label of integers 3.0", param("path", "label", false, integers), ".1.5", `[1,5]`, ""},
		{"label number", param("path", "label", true, "{type: number}"), ".1.5", `1.5`, ""},
		{"matrix without its semicolon", param("path", "matrix", false, integers), "p=1", "!style", ""},
		{"matrix of another name", param("path", "matrix", false, integers), ";q=1", "!style", ""},
		{"matrix array of another name", param("path", "matrix", true, integers), ";p=1;q=1", "!style", ""},
		{"matrix array as it is not exploded", param("path", "matrix", true, integers), ";p=1,2", `["1,2"]`, "type"},
		{"exploded object and others", query(colour), "q=1&R=2&page=3", `{"R":2}`, ""},
		{"exploded object with an array", query("{type: object, properties: {tags: {type: array, items: {type: string}}, n: {type: integer}}}"), "tags=a&tags=b&n=1", `{"n":1,"tags":["a","b"]}`, ""},
		{"exploded object of any names", query("{type: object, additionalProperties: {type: integer}}"), "a=1&b=x", `{"a":1,"b":"x"}`, "type"},
		{"exploded object through allOf", "{name: p, in: query, schema: {allOf: [{$ref: '#/defs/A'}, {type: object, properties: {b: {type: integer}}}]}, defs: {A: {type: object, properties: {a: {type: boolean}}}}}", "b=1&a=true&c=1", `{"a":true,"b":1}`, ""},
		{"exploded object with a member of its own name", query("{type: object, properties: {p: {type: integer}, q: {type: integer}}}"), "p=1&q=2", `{"p":1,"q":2}`, ""},
		{"exploded object with brackets", query("{type: object, properties: {at: {type: object, properties: {gt: {type: integer}}}}}"), "at[gt]=5", `{"at":{"gt":5}}`, ""},
		{"exploded object by patterns", query("{type: object, additionalProperties: false, patternProperties: {'^x-': {type: integer}}}"), "x-a=1&b=2", `{"x-a":1}`, ""},
		{"object of a schema without type", query("{properties: {a: {type: integer}}}"), "a=1", `{"a":1}`, ""},
		{"required member missing", query("{type: object, required: [a, b], properties: {a: {type: integer}}}"), "a=1", `{"a":1}`, "required"},
		{"oneOf objects", param("query", "deepObject", true, "{oneOf: [{type: object, required: [k], properties: {k: {const: a}, v: {type: integer}}}, {type: object, required: [k], properties: {k: {const: b}, v: {type: string}}}]}"), "p[k]=b&p[v]=5", `{"k":"b","v":"5"}`, ""},
		{"if then", param("query", "deepObject", true, "{type: object, properties: {k: {type: string}}, if: {properties: {k: {const: n}}}, then: {properties: {v: {type: integer}}}, else: {properties: {v: {type: string}}}}"), "p[k]=n&p[v]=5", `{"k":"n","v":5}`, ""},
		{"if else", param("query", "deepObject", true, "{type: object, properties: {k: {type: string}}, if: {properties: {k: {const: n}}}, then: {properties: {v: {type: integer}}}, else: {properties: {v: {type: string}}}}"), "p[k]=s&p[v]=5", `{"k":"s","v":"5"}`, ""},
	})
}

func TestDeepObject(t *testing.T) {
	deep := func(schema string) string { return param("query", "deepObject", true, schema) }
	list := deep("{type: object, properties: {l: {type: array, items: {type: integer}}}}")
	lines := deep("{type: object, properties: {lines: {type: array, items: {type: object, properties: {sku: {type: string}, n: {type: integer}}}}}}")
	tree := "{name: p, in: query, style: deepObject, schema: {$ref: '#/defs/N'}, defs: {N: {type: object, properties: {v: {type: integer}, k: {$ref: '#/defs/N'}}}}}"
	runRows(t, []row{
		{"nested", deep("{type: object, properties: {a: {type: object, properties: {b: {type: integer}}}}}"), "p[a][b]=1", `{"a":{"b":1}}`, ""},
		{"recursive schema", tree, "p[v]=1&p[k][v]=2&p[k][k][v]=3", `{"k":{"k":{"v":3},"v":2},"v":1}`, ""},
		{"list by index", list, "p[l][0]=1&p[l][1]=2", `{"l":[1,2]}`, ""},
		{"list by index out of order", list, "p[l][1]=2&p[l][0]=1", `{"l":[1,2]}`, ""},
		{"list by index with gaps", list, "p[l][9]=2&p[l][3]=1", `{"l":[1,2]}`, ""},
		{"list by brackets", list, "p[l][]=1&p[l][]=2", `{"l":[1,2]}`, ""},
		{"list by repetition", list, "p[l]=1&p[l]=2", `{"l":[1,2]}`, ""},
		{"list of one", list, "p[l]=1", `{"l":[1]}`, ""},
		{"empty list", list, "p[l]=", `{"l":[]}`, ""},
		{"index twice", list, "p[l][0]=1&p[l][0]=2", "!duplicate /l/0", ""},
		{"objects by index", lines, "p[lines][0][sku]=1&p[lines][0][n]=2&p[lines][1][sku]=b", `{"lines":[{"n":2,"sku":"1"},{"sku":"b"}]}`, ""},
		{"objects by brackets", lines, "p[lines][][sku]=a&p[lines][][n]=2&p[lines][][sku]=b", `{"lines":[{"n":2,"sku":"a"},{"sku":"b"}]}`, ""},
		{"map of integers", deep("{type: object, additionalProperties: {type: integer}}"), "p[a]=1&p[b]=2", `{"a":1,"b":2}`, ""},
		{"map with index names", deep("{type: object, additionalProperties: {type: integer}}"), "p[0]=1&p[1]=2", `{"0":1,"1":2}`, ""},
		{"undeclared member", deep("{type: object, additionalProperties: false, properties: {a: {type: integer}}}"), "p[b]=1", `{"b":"1"}`, "additionalProperties"},
		{"patternProperties", deep("{type: object, patternProperties: {'^x': {type: integer}}}"), "p[x1]=1&p[y1]=1", `{"x1":1,"y1":"1"}`, ""},
		{"array parameter by index", deep(integers), "p[0]=1&p[1]=2", `[1,2]`, ""},
		{"array parameter by brackets", deep(words), "p[]=a&p[]=b", `["a","b"]`, ""},
		{"range or moment, range", deep("{anyOf: [{type: object, properties: {gt: {type: integer}}}, {type: integer}]}"), "p[gt]=5", `{"gt":5}`, ""},
		{"range or moment, moment", deep("{anyOf: [{type: object, properties: {gt: {type: integer}}}, {type: integer}]}"), "p=5", `5`, ""},
		{"plain text for an object", deep(colour), "p=5", `"5"`, "type"},
		{"brackets for an integer", deep("{type: object, properties: {a: {type: integer}}}"), "p[a][b]=1", `{"a":{"b":"1"}}`, "type"},
		{"whole and parts", deep(colour), "p=1&p[R]=1", "!style", ""},
		{"untyped members", deep("{type: object}"), "p[a]=1&p[b][c]=x&p[d][]=1&p[e][0]=y", `{"a":"1","b":{"c":"x"},"d":["1"],"e":["y"]}`, ""},
		{"broken brackets", deep(colour), "p[R=1&p]R[=1&p[R]x=1", "absent", ""},
		{"discriminator", "{name: p, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Pet'}, components: {schemas: {Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}}, " +
			"Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]}, Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: boolean}}}]}}}}", "p[kind]=dog&p[lives]=true", `{"kind":"dog","lives":true}`, ""},
		{"nullable member", deep("{type: object, properties: {a: {type: [integer, 'null']}}}"), "p[a]=null", `{"a":null}`, ""},
	})
}

func TestHeadersAndCookies(t *testing.T) {
	exploded := "{name: X-P, in: header, explode: true, schema: " + colour + "}"
	flat := func(schema string) string { return "{name: p, in: cookie, explode: false, schema: " + schema + "}" }
	runRows(t, []row{
		{"header string", header("{type: string}"), "  a b, c ", `"a b, c"`, ""},
		{"header integer", header("{type: integer}"), "5", `5`, ""},
		{"header list", header(integers), "1, 2 ,3", `[1,2,3]`, ""},
		{"header list on lines", header(integers), "1,2\n3", `[1,2,3]`, ""},
		{"header list with holes", header(words), "a,,b,", `["a","b"]`, ""},
		{"header object", header(colour), "R, 100, G, 200", `{"G":200,"R":100}`, ""},
		{"header object exploded", exploded, "R=100, G=200", `{"G":200,"R":100}`, ""},
		{"header integer twice", header("{type: integer}"), "1\n2", `"1, 2"`, "type"},
		{"header content", "{name: X-P, in: header, content: {application/json: {schema: {type: object}}}}", `{"a":[1,"b,c"]}`, `{"a":[1,"b,c"]}`, ""},
		{"header not UTF-8", header("{type: string}"), "caf\xe9", "!encoding", ""},
		{"cookie", cookie("{type: string}"), "a=1; p=x; q=2", `"x"`, ""},
		{"cookie integer", cookie("{type: integer}"), "p=7", `7`, ""},
		{"cookie in quotes", cookie("{type: string}"), `p="x y"`, `"x y"`, ""},
		{"cookie with an equals sign", cookie("{type: string}"), "p=a=b==", `"a=b=="`, ""},
		{"cookie twice", cookie("{type: string}"), "p=first; p=second", `"first"`, ""},
		{"cookie on lines", cookie("{type: string}"), "a=1\np=x", `"x"`, ""},
		{"cookie array", flat(integers), "p=1,2,3", `[1,2,3]`, ""},
		{"cookie object", flat(person), "p=name,Ada,description,x", `{"description":"x","name":"Ada"}`, ""},
		{"cookie array exploded", cookie(integers), "p=1&p=2", `[1,2]`, ""},
		{"cookie array as cookies", cookie(integers), "p=1; q=3; p=2", `[1,2]`, ""},
		{"cookie object exploded", cookie(person), "name=Ada&description=x", `{"description":"x","name":"Ada"}`, ""},
		{"cookie object as cookies", cookie(person), "description=x; name=Ada; q=1", `{"description":"x","name":"Ada"}`, ""},
		{"cookie with an ampersand", cookie("{type: string}"), "p=a&b", `"a&b"`, ""},
		{"cookie content", "{name: p, in: cookie, content: {application/json: {}}}", "p=%7B%22a%22%3A1%7D", `{"a":1}`, ""},
	})
}

func TestContentParameters(t *testing.T) {
	content := func(in, schema string) string {
		return "{name: p, in: " + in + ", content: {application/json: {schema: " + schema + "}}}"
	}
	runRows(t, []row{
		{"query object", content("query", colour), "p=%7B%22R%22%3A1%7D", `{"R":1}`, ""},
		{"query object unescaped", content("query", colour), `p={"R":1}`, `{"R":1}`, ""},
		{"query array", content("query", integers), "p=[1,2]", `[1,2]`, ""},
		{"query wrong member", content("query", colour), `p={"R":"x"}`, `{"R":"x"}`, "type"},
		{"query string needs quotes", content("query", "{type: string}"), "p=abc", "!content", ""},
		{"query string", content("query", "{type: string}"), "p=%22abc%22", `"abc"`, ""},
		{"broken JSON", content("query", colour), `p={"R":`, "!content", ""},
		{"duplicate name", content("query", colour), `p={"R":1,"R":2}`, "!content", ""},
		{"trailing garbage", content("query", colour), `p={}x`, "!content", ""},
		{"empty", content("query", colour), "p=", "!content", ""},
		{"absent content", content("query", colour), "q=1", "absent", ""},
		{"path", content("path", colour), "%7B%22R%22:1%7D", `{"R":1}`, ""},
		{"vendor type", `{name: p, in: query, content: {"application/vnd.x+json; v=1": {}}}`, "p=[]", `[]`, ""},
		{"text", "{name: p, in: query, content: {text/plain: {schema: {type: string}}}}", "p={x", `"{x"`, ""},
	})
}

// collectionFormat of OpenAPI 2.0.
func TestCollectionFormats(t *testing.T) {
	v2 := func(in, format string) string {
		return "{name: p, in: " + in + ", type: array, items: {type: integer}, collectionFormat: " + format + "}"
	}
	runRows(t, []row{
		{"default", "{name: p, in: query, type: array, items: {type: integer}}", "p=1,2", `[1,2]`, ""},
		{"csv", v2("query", "csv"), "p=1,2", `[1,2]`, ""},
		{"ssv", v2("query", "ssv"), "p=1%202", `[1,2]`, ""},
		{"tsv", v2("query", "tsv"), "p=1%092", `[1,2]`, ""},
		{"pipes", v2("query", "pipes"), "p=1|2", `[1,2]`, ""},
		{"multi", v2("query", "multi"), "p=1&p=2", `[1,2]`, ""},
		{"csv path", v2("path", "csv"), "1,2", `[1,2]`, ""},
		{"ssv path", v2("path", "ssv"), "1%202", `[1,2]`, ""},
		{"pipes path", v2("path", "pipes"), "1%7C2", `[1,2]`, ""},
		{"csv header", v2("header", "csv"), "1, 2", `[1,2]`, ""},
		{"pipes header", v2("header", "pipes"), "1|2", `[1,2]`, ""},
		{"ssv header", v2("header", "ssv"), "1 2", `[1,2]`, ""},
		{"tsv header", v2("header", "tsv"), "1\t2", `[1,2]`, ""},
		{"scalar", "{name: p, in: query, type: integer}", "p=1", `1`, ""},
	})
	if _, _, ok := CollectionFormat("multi", InPath); ok {
		t.Error("multi is for queries and forms only")
	}
}
