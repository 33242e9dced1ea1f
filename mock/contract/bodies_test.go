package contract_test

import (
	"strings"
	"testing"
)

const urlencoded = "application/x-www-form-urlencoded"

func TestForms(t *testing.T) {
	form := func(spec string) string { return payload(urlencoded, spec) }
	const post = "POST /a\nContent-Type: " + urlencoded + "\n\n"
	checkAll(t, []wire{
		{name: "scalars", has: form("schema: {type: object, properties: {n: {type: integer}, b: {type: boolean}, s: {type: string}}}"), ask: post + "n=1&b=true&s=1", value: `{"b":true,"n":1,"s":"1"}`},
		{name: "wrong scalar", has: form("schema: {type: object, properties: {n: {type: integer}}}"), ask: post + "n=x", broken: "body /n type"},
		{name: "missing field", has: form("schema: {type: object, required: [n]}"), ask: post + "m=1", broken: "body required"},
		{name: "list", has: form("schema: {type: object, properties: {l: {type: array, items: {type: integer}}}}"), ask: post + "l=1&l=2", value: `{"l":[1,2]}`},
		{name: "list with brackets", has: form("schema: {type: object, properties: {l: {type: array, items: {type: integer}}}}"), ask: post + "l[]=1&l[]=2", value: `{"l":[1,2]}`},
		{name: "list in one", has: form("schema: {type: object, properties: {l: {type: array, items: {type: integer}}}}, encoding: {l: {style: form, explode: false}}"), ask: post + "l=1,2", value: `{"l":[1,2]}`},
		{name: "pipes", has: form("schema: {type: object, properties: {l: {type: array, items: {type: integer}}}}, encoding: {l: {style: pipeDelimited, explode: false}}"), ask: post + "l=1|2", value: `{"l":[1,2]}`},
		{name: "deepObject", has: form("schema: {type: object, properties: {o: {type: object, properties: {x: {type: integer}}}}}, encoding: {o: {style: deepObject}}"), ask: post + "o[x]=1", value: `{"o":{"x":1}}`},
		{name: "deepObject without encoding", has: form("schema: {type: object, properties: {o: {type: object, properties: {x: {type: integer}}}}}"), ask: post + "o[x]=1", value: `{"o":{"x":1}}`},
		{name: "JSON field", has: form("schema: {type: object, properties: {o: {type: object, properties: {x: {type: integer}}}}}, encoding: {o: {contentType: application/json}}"), ask: post + "o=%7B%22x%22:1%7D", value: `{"o":{"x":1}}`},
		{name: "allOf at the root", has: form("schema: {allOf: [{type: object, properties: {n: {type: integer}}}, {type: object, required: [m], properties: {m: {type: boolean}}}]}"), ask: post + "n=1&m=true", value: `{"m":true,"n":1}`},
		{name: "root without a type", has: form("schema: {properties: {n: {type: integer}}}"), ask: post + "n=1", value: `{"n":1}`},
		{name: "anyOf fields", has: form("schema: {type: object, properties: {v: {anyOf: [{type: integer}, {type: string, enum: ['', auto]}]}}}"), ask: post + "v=auto", value: `{"v":"auto"}`},
		{name: "anyOf fields, empty", has: form("schema: {type: object, properties: {v: {anyOf: [{type: integer}, {type: string, enum: ['', auto]}]}}}"), ask: post + "v=", value: `{"v":""}`},
		{name: "anyOf object or text", has: form("schema: {type: object, properties: {v: {anyOf: [{type: object, properties: {x: {type: integer}}}, {type: string, enum: ['']}]}}}"), ask: post + "v[x]=1", value: `{"v":{"x":1}}`},
		{name: "charset", has: form("schema: {type: object, properties: {n: {type: integer}}}"), ask: "POST /a\nContent-Type: " + urlencoded + "; charset=utf-8\n\nn=1", value: `{"n":1}`},
		{name: "spaces and escapes", has: form("schema: {type: object}"), ask: post + "s=a+b%26c", value: `{"s":"a b&c"}`},
		{name: "broken escape", has: form("schema: {type: object}"), ask: post + "s=%zz", broken: "body /s syntax"},
		{name: "a scalar twice", has: form("schema: {type: object, properties: {n: {type: integer}}}"), ask: post + "n=1&n=2", broken: "body /n syntax"},
		{name: "readOnly field", has: form("schema: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}}}"), ask: post + "n=1"},
	})
}

func TestJSONBodies(t *testing.T) {
	object := payload("application/json", "schema: {type: object, required: [x]}")
	const post = "POST /a\nContent-Type: application/json\n\n"
	checkAll(t, []wire{
		{name: "as documented", has: object, ask: post + `{"x":1}`, value: `{"x":1}`},
		{name: "broken", has: object, ask: post + `{}`, broken: "body required"},
		{name: "vendor", has: payload("application/vnd.pet+json", "schema: {required: [x]}"), ask: "POST /a\nContent-Type: application/vnd.pet+json\n\n{}", broken: "body required"},
		{name: "merge patch", has: payload("application/merge-patch+json", "schema: {required: [x]}"), ask: "PATCH /a\nContent-Type: application/merge-patch+json\n\n{}", broken: "body required"},
		{name: "problem", has: payload("application/problem+json", "schema: {required: [x]}"), ask: "POST /a\nContent-Type: application/problem+json\n\n{}", broken: "body required"},
		{name: "charset", has: object, ask: "POST /a\nContent-Type: application/json; charset=utf-8\n\n{}", broken: "body required"},
		{name: "upper case", has: object, ask: "POST /a\nContent-Type: Application/JSON\n\n{}", broken: "body required"},
		{name: "documented with a charset", has: payload("application/json; charset=utf-8", "schema: {required: [x]}"), ask: post + "{}", broken: "body required"},
		{name: "duplicate names", has: object, ask: post + `{"x":1,"x":2}`, broken: "body syntax"},
		{name: "trailing text", has: object, ask: post + `{"x":1} x`, broken: "body syntax"},
		{name: "byte order mark", has: object, ask: post + "\ufeff" + `{"x":1}`, value: `{"x":1}`},
		{name: "cut off", has: object, ask: post + `{"x":`, broken: "body syntax"},
		{name: "single quotes", has: object, ask: post + `{'x':1}`, broken: "body syntax"},
		{name: "NaN", has: object, ask: post + `{"x":NaN}`, broken: "body syntax"},
		{name: "deep", has: object, ask: post + strings.Repeat("[", 300), broken: "body complexity"},
		{name: "missing", has: object, ask: "POST /a", broken: "body requestBody"},
		{name: "undocumented type", has: object, ask: "POST /a\nContent-Type: text/csv\n\nx", broken: "body contentType"},
	})
}

func TestOtherBodies(t *testing.T) {
	post := func(contentType, body string) string { return "POST /a\nContent-Type: " + contentType + "\n\n" + body }
	checkAll(t, []wire{
		{name: "plain text", has: payload("text/plain", "schema: {type: string, maxLength: 3}"), ask: post("text/plain", "abc"), value: `"abc"`},
		{name: "long text", has: payload("text/plain", "schema: {type: string, maxLength: 3}"), ask: post("text/plain", "abcd"), broken: "body maxLength"},
		{name: "text in latin-1", has: payload("text/plain", "schema: {type: string, maxLength: 3}"), ask: post("text/plain; charset=iso-8859-1", "\xe9\xe9\xe9"), value: `"ééé"`},
		{name: "number as text", has: payload("text/plain", "schema: {type: integer, maximum: 9}"), ask: post("text/plain", "7"), value: `7`},
		{name: "large number as text", has: payload("text/plain", "schema: {type: integer, maximum: 9}"), ask: post("text/plain", "10"), broken: "body maximum"},
		{name: "digits as text", has: payload("text/plain", "schema: {type: string}"), ask: post("text/plain", "7"), value: `"7"`},
		{name: "no number as text", has: payload("text/plain", "schema: {type: integer}"), ask: post("text/plain", "x"), broken: "body type"},
		{name: "rows", has: payload("text/csv", "schema: {type: array, items: {type: object}}"), ask: post("text/csv", "a,b\n1,2\n")},
		{name: "events", has: payload("text/event-stream", "schema: {oneOf: [{type: object}, {type: array}]}"), ask: post("text/event-stream", "data: {}\n\n")},
		{name: "html", has: payload("text/html", "schema: {type: string}"), ask: post("text/html", "<p>"), value: `"<p>"`},
		{name: "csv", has: payload("text/csv", "schema: {type: string}"), ask: post("text/csv", "a,b\n"), value: `"a,b\n"`},
		{name: "xml", has: payload("application/xml", "schema: {type: object}"), ask: post("application/xml", "<a/>")},
		{name: "yaml", has: payload("application/yaml", "schema: {type: object}"), ask: post("application/yaml", "a: 1")},
		{name: "ndjson", has: payload("application/x-ndjson", "schema: {type: object}"), ask: post("application/x-ndjson", "{}\n{}\n")},
		{name: "octets", has: payload("application/octet-stream", "schema: {type: string, format: binary}"), ask: post("application/octet-stream", "\x00\xff")},
		{name: "image range", has: payload("image/*", "schema: {type: string, format: binary}"), ask: post("image/png", "\x89PNG")},
		{name: "outside of the range", has: payload("image/*", "schema: {type: string, format: binary}"), ask: post("video/mp4", "x"), broken: "body contentType"},
		{name: "any", has: payload("*/*", "schema: {type: object, required: [x]}"), ask: post("application/json", "{}"), broken: "body required"},
		{name: "multipart", has: payload("multipart/form-data", "schema: {type: object}"), ask: post("multipart/form-data; boundary=b", "--b--")},
		{name: "no body documented", ask: post("application/json", "{")},
		{name: "content without a schema", has: payload("application/json", ""), ask: post("application/json", `[1]`), value: `[1]`},
		{name: "content without a schema, broken", has: payload("application/json", ""), ask: post("application/json", `[1`), broken: "body syntax"},
	})
}

// TestRulesOfValues holds the corners of values that validators often get wrong.
func TestRulesOfValues(t *testing.T) {
	const kinds = "components: {schemas: {Cat: {type: object, required: [claws, kind], properties: {kind: {type: string}}}, Dog: {type: object, required: [bark, kind], properties: {kind: {type: string}}}}}\n"
	const either = "oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]"
	for _, tt := range []struct{ version, schema, body, broken string }{
		{"3.0.3", "type: string, format: date-time", `"2024-02-30T00:00:00Z"`, "body format"},
		{"3.0.3", "type: string, format: date-time", `"2024-02-29T00:00:00Z"`, ""},
		{"3.0.3", "type: integer, format: int32", `2147483648`, "body format"},
		{"3.0.3", "type: number, multipleOf: 0.01", `0.29`, ""},
		{"3.0.3", "type: number, multipleOf: 0.01", `0.299`, "body multipleOf"},
		{"3.0.3", "type: string, maxLength: 2", `"😀😀"`, ""},
		{"3.0.3", "type: string, pattern: '^(?!https://)'", `"http://a"`, ""},
		{"3.0.3", "type: string, pattern: '^(?!https://)'", `"https://a"`, "body pattern"},
		{"3.1.0", "type: string, pattern: '^(?!https://)'", `"http://a"`, ""},
		{"3.0.3", "type: string, format: email", `"nobody"`, "body format"},
		{"3.0.3", "type: string, format: uuid", `"123"`, "body format"},
		{"3.0.3", "type: array, uniqueItems: true, items: {}", `[1, 1.0]`, "body uniqueItems"},
		{"3.0.3", "type: integer, maximum: 9007199254740992", `9007199254740993`, "body maximum"},
		{"3.0.3", "type: string, nullable: true", `null`, ""},
		{"3.0.3", "type: string", `null`, "body type"},
		{"3.0.3", "type: integer, minimum: 1, exclusiveMinimum: true", `1`, "body exclusiveMinimum"},
		{"3.0.3", "$ref: '#/components/schemas/Cat', minProperties: 3", `{"kind":"Cat","claws":1}`, ""},
		{"3.1.0", "$ref: '#/components/schemas/Cat', minProperties: 3", `{"kind":"Cat","claws":1}`, "body minProperties"},
		{"3.1.0", "if: {type: string}, then: {minLength: 2}, else: {const: 1}", `"a"`, "body minLength"},
		{"3.1.0", "if: {type: string}, then: {minLength: 2}, else: {const: 1}", `2`, "body const"},
		{"3.1.0", "const: null", `0`, "body const"},
		{"3.1.0", "type: [string, 'null']", `null`, ""},
		{"3.1.0", "type: [string, 'null']", `7`, "body type"},
		{"3.1.0", "type: object, required: [id], properties: {id: {readOnly: true}}", `{}`, ""},
		{"3.1.0", either + ", discriminator: {propertyName: kind}", `{"kind":"Fish"}`, "body /kind discriminator"},
		{"3.1.0", either + ", discriminator: {propertyName: kind}", `{"kind":"Cat"}`, "body required"},
		{"3.1.0", either, `{"kind":"Cat","claws":1}`, ""},
	} {
		wire{
			version: tt.version, has: payload("application/json", "schema: {"+tt.schema+"}"), more: kinds,
			ask: "POST /a\nContent-Type: application/json\n\n" + tt.body, broken: tt.broken,
		}.check(t)
	}
}

func TestSecurity(t *testing.T) {
	const more = `components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    ask: {type: apiKey, in: query, name: key}
    jar: {type: apiKey, in: cookie, name: sid}
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: Bearer}
    digest: {type: http, scheme: digest}
    oauth: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: https://x/}
    tls: {type: mutualTLS}
`
	for _, tt := range []struct{ security, ask, broken string }{
		{"[{key: []}]", "GET /a", "security key security"},
		{"[{key: []}]", "GET /a\nX-Key: k", ""},
		{"[{key: []}]", "GET /a\nX-Key:", "security key security"},
		{"[{key: []}, {bearer: []}]", "GET /a\nAuthorization: Bearer abc", ""},
		{"[{key: []}, {bearer: []}]", "GET /a", "security key security"},
		{"[{key: [], bearer: []}]", "GET /a\nX-Key: k", "security bearer security"},
		{"[{key: [], bearer: []}]", "GET /a", "security bearer security; security key security"},
		{"[{key: [], bearer: []}, {basic: []}]", "GET /a\nAuthorization: Basic YTpi", ""},
		{"[{key: [], bearer: []}, {ask: []}]", "GET /a", "security ask security"},
		{"[{key: []}, {}]", "GET /a", ""},
		{"[]", "GET /a", ""},
		{"[{ask: []}]", "GET /a?key=1", ""},
		{"[{ask: []}]", "GET /a?key=", "security ask security"},
		{"[{jar: []}]", "GET /a\nCookie: other=1; sid=2", ""},
		{"[{jar: []}]", "GET /a\nCookie: other=1", "security jar security"},
		{"[{basic: []}]", "GET /a\nAuthorization: Basic YTpi", ""},
		{"[{basic: []}]", "GET /a\nAuthorization: Basic ???", "security basic security"},
		{"[{basic: []}]", "GET /a\nAuthorization: Basic YWI=", "security basic security"},
		{"[{bearer: []}]", "GET /a\nAuthorization: bearer abc.def-ghi=", ""},
		{"[{bearer: []}]", "GET /a\nAuthorization: Bearer", "security bearer security"},
		{"[{bearer: []}]", "GET /a\nAuthorization: Bearer a b", "security bearer security"},
		{"[{bearer: []}]", "GET /a\nAuthorization: Basic YTpi", "security bearer security"},
		{"[{digest: []}]", "GET /a\nAuthorization: Digest username=\"a\", realm=\"b\"", ""},
		{"[{oauth: [read, write]}]", "GET /a\nAuthorization: Bearer abc", ""},
		{"[{oidc: []}]", "GET /a", "security oidc security"},
		{"[{tls: []}]", "GET /a", ""},
	} {
		wire{has: "security: " + tt.security, more: more, ask: tt.ask, broken: tt.broken}.check(t)
		// the document's own security is for operations that have none
		wire{more: "security: " + tt.security + "\n" + more, ask: tt.ask, broken: tt.broken}.check(t)
		wire{has: "security: " + tt.security, more: "security: [{key: [], jar: []}]\n" + more, ask: tt.ask, broken: tt.broken}.check(t)
	}
	const rest = ", parameters: [{name: rest, in: query, schema: {type: object, additionalProperties: {type: integer}}}]"
	wire{has: "security: [{ask: []}]" + rest, more: more, ask: "GET /a?key=k&__code=x&n=1", strict: true, value: `{"rest":{"n":1}}`}.check(t)
	wire{has: "security: [{ask: []}]", more: more, ask: "GET /a?key=1&other=2", strict: true, broken: "query other undeclared"}.check(t)
}

// TestServers shows that neither host nor prefix stands between a request and its operation.
func TestServers(t *testing.T) {
	const id = "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]"
	const more = `servers:
  - {url: 'https://api.example.com:8443/{v}', variables: {v: {default: v1, enum: [v1, v2]}}}
  - {url: http://other/deep/er}
  - {url: /v1+beta}
`
	for _, path := range []string{"/a/x", "/v1/a/x", "/v2/a/x", "/deep/er/a/x", "/v1+beta/a/x"} {
		for _, host := range []string{"localhost:8080", "api.example.com", "[::1]:8080"} {
			wire{path: "/a/{id}", has: id, more: more, ask: "GET " + path + "\nHost: " + host, broken: "path id type"}.check(t)
		}
	}
	c := parse(t, wire{path: "/a/{id}", has: id, more: more, ask: "GET"}.document())
	for _, path := range []string{"/v3/a/1", "/deep/a/1", "/v1/v1/a/1", "/V1/a/1"} {
		if found := c.Find("GET", path); found.Operation != nil {
			t.Errorf("%s leads to %s", path, found.Operation.ID)
		}
	}
}
