package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standin/mock/contract"
)

// exchange is a request and what it breaks, as briefly writes it.
type exchange struct{ ask, broken string }

const okay = "responses: {\"200\": {description: OK.}}"

// oddities are kinds of documents that are met in practice and stop other readers.
var oddities = []struct {
	name, file, text string
	found            []string
	exchanges        []exchange
}{
	{name: "references inside extensions", text: `openapi: 3.1.0
x-top: {$ref: nowhere.yaml}
paths:
  x-path: {$ref: '#/nowhere'}
  /a:
    x-item: {$ref: 7}
    get: {x-op: [{$ref: 'https://example.com/x'}], responses: {"200": {description: OK., x-r: {$ref: none}}}, parameters: [{name: q, in: query, x-p: {$ref: none}, schema: {type: integer, x-s: {$ref: none}}}]}
`, exchanges: []exchange{{"GET /a?q=x", "query q type"}}},
	{name: "a relative reference that dangles", text: `openapi: 3.0.0
paths:
  /a:
    post: {requestBody: {content: {application/json: {schema: {$ref: 'models/pet.yml#/pet'}}}}, ` + okay + `}
    get: {parameters: [{name: q, in: query, schema: {type: integer}}], ` + okay + `}
`, found: []string{`api.yaml:4:64: error: the reference "models/pet.yml#/pet" leads nowhere: models/pet.yml: file does not exist; everything is allowed here (reference)`},
		exchanges: []exchange{{"POST /a" + jsonBody + "[1]", ""}, {"POST /a" + jsonBody + "[", "body syntax"}, {"GET /a?q=x", "query q type"}}},
	{name: "references into paths", text: `openapi: 3.0.0
paths:
  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: OK., content: {application/json: {schema: {type: object, required: [x]}}}}}
  /b/{id}:
    post:
      parameters: [{$ref: '#/paths/~1a~1%7Bid%7D/get/parameters/0'}]
      requestBody: {content: {application/json: {schema: {$ref: '#/paths/~1a~1{id}/get/responses/200/content/application~1json/schema'}}}}
      ` + okay + "\n", exchanges: []exchange{{"POST /b/x" + jsonBody + "{}", "body required; path id type"}}},
	{name: "content by reference", text: `openapi: 3.0.0
paths:
  /a: {post: {requestBody: {content: {$ref: '#/components/x-content/pet'}}, ` + okay + `}}
components: {x-content: {pet: {application/json: {schema: {type: object, required: [x]}}}}}
`, exchanges: []exchange{{"POST /a" + jsonBody + "{}", "body required"}, {"POST /a\nContent-Type: text/plain\n\nx", "body contentType"}}},
	{name: "classes of statuses in either case", text: "openapi: 3.0.0\npaths: {/a: {get: {responses: {2XX: {description: OK.}, 4xx: {description: No.}, 500: {description: Oh.}}}}}\n",
		exchanges: []exchange{{"GET /a", ""}}},
	{name: "a nullable enum without null", text: `openapi: 3.0.0
paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: string, nullable: true, enum: [a, b]}}}}, ` + okay + `}}}
`, exchanges: []exchange{{"POST /a" + jsonBody + "null", "body enum"}, {"POST /a" + jsonBody + `"a"`, ""}}},
	{name: "plus signs and variables in server paths", text: `openapi: 3.0.0
servers: [{url: 'https://x/api+v1'}, {url: 'https://x/{tenant}/v2', variables: {tenant: {default: acme}}}, {url: 'https://{sub}.x/v3'}]
paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: integer}}], ` + okay + `}}}
`, exchanges: []exchange{{"GET /api+v1/a?q=x", "query q type"}, {"GET /acme/v2/a?q=x", "query q type"}, {"GET /v3/a?q=x", "query q type"}, {"GET /a?q=x", "query q type"}}},
	{name: "components before openapi", text: `components: {parameters: {q: {name: q, in: query, schema: {type: integer}}}}
paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/q'}], ` + okay + `}}}
openapi: 3.1.0
`, exchanges: []exchange{{"GET /a?q=x", "query q type"}}},
	{name: "examples in each other's form", text: `openapi: 3.1.0
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {type: object, examples: {one: {value: {x: 1}}}}, examples: [{x: 1}]}}}
      ` + okay + "\n", found: []string{
		`api.yaml:5:73: warning: examples must be an array in a schema, not an object; its values are taken as examples (schema)`,
		`api.yaml:5:108: warning: examples must be an object of names here, this is an array (example)`,
	}, exchanges: []exchange{{"POST /a" + jsonBody + "[]", "body type"}}},
	{name: "type null in 3.0", text: `openapi: 3.0.0
paths: {/a: {post: {requestBody: {content: {application/json: {schema: {properties: {x: {type: null}, y: {type: 'null'}, z: {type: integer}}}}}}, ` + okay + `}}}
`, found: []string{"api.yaml:2:90: error: type cannot be null; it is one of null, boolean, integer, number, string, array, object (schema)"},
		exchanges: []exchange{{"POST /a" + jsonBody + `{"y":null,"z":"z"}`, "body /z type"}}},
	{name: "literals against templates", text: `openapi: 3.0.0
paths:
  /a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], ` + okay + `}}
  /a/mine: {get: {` + okay + `}}
  /a/{id}/b: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], ` + okay + `}}
`, exchanges: []exchange{{"GET /a/mine", ""}, {"GET /a/x", "path id type"}, {"GET /a/mine/b", "path id type"}}},
	{name: "conflicting templates", text: `openapi: 3.0.0
paths:
  /a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], ` + okay + `}}
  /a/{name}: {get: {parameters: [{name: name, in: path, required: true, schema: {type: string}}], ` + okay + `}, put: {parameters: [{name: name, in: path, required: true, schema: {type: boolean}}], ` + okay + `}}
`, found: []string{"api.yaml:4:15: warning: GET /a/{name} matches the same paths as /a/{id}; it is for the requests that it allows and the first does not (route)"},
		exchanges: []exchange{{"GET /a/x", "path id type"}, {"PUT /a/x", "path name type"}}},
	{name: "fragments in paths", text: `openapi: 3.0.0
paths:
  /a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], ` + okay + `}}
  /a/{id}#more: {put: {parameters: [{name: id, in: path, required: true, schema: {type: boolean}}], ` + okay + `}}
`, exchanges: []exchange{{"GET /a/x", "path id type"}, {"PUT /a/x", "path id type"}}},
	{name: "queries in paths", text: `openapi: 3.0.0
paths:
  /a/{id}?beta=true: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: q, in: query, schema: {type: integer}}], ` + okay + `}}
  /a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: q, in: query, schema: {type: boolean}}], ` + okay + `}}
  /a/{id}?beta=true&x=1: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: q, in: query, schema: {enum: [a]}}], ` + okay + `}}
  /b?c: {get: {parameters: [{name: q, in: query, schema: {type: integer}}], ` + okay + `}}
`, found: []string{
		"api.yaml:4:13: warning: GET /a/{id} matches the same paths as /a/{id}?beta=true, as what follows a # or ? is no part of a path; it is told apart by the query (route)",
		"api.yaml:5:27: warning: GET /a/{id}?beta=true&x=1 matches the same paths as /a/{id}?beta=true, as what follows a # or ? is no part of a path; it is told apart by the query (route)",
	}, exchanges: []exchange{
		{"GET /a/1?q=y", "query q type"}, {"GET /a/1?q=true", ""}, {"GET /a/x?beta=true&q=true", "path id type; query q type"}, {"GET /a/1?q=1&beta=true", ""},
		{"GET /a/1?q=1&beta=true&x=1", "query q enum"}, {"GET /a/1?beta=true&q=a&x=1", ""}, {"GET /b?q=x", "query q type"},
	}},
	{name: "required properties nobody declares", text: `openapi: 3.0.0
paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object, required: [ghost], properties: {x: {type: integer}}}}}}, ` + okay + `}}}
`, exchanges: []exchange{{"POST /a" + jsonBody + "{}", "body required"}, {"POST /a" + jsonBody + `{"ghost":[]}`, ""}}},
	{name: "forms without encoding", text: `openapi: 3.0.0
paths:
  /a:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {
        expand: {type: array, items: {type: string}}, card: {type: object, properties: {exp: {type: integer}, lines: {type: array, items: {type: object, properties: {n: {type: integer}}}}}}}}}}}
      ` + okay + "\n", exchanges: []exchange{
		{"POST /a\nContent-Type: application/x-www-form-urlencoded\n\nexpand[]=a&expand[]=b&card[exp]=1&card[lines][0][n]=2", ""},
		{"POST /a\nContent-Type: application/x-www-form-urlencoded\n\ncard[exp]=x&card[lines][0][n]=y", "body /card/exp type; body /card/lines/0/n type"},
	}},
	{name: "siblings of references", text: `openapi: 3.0.0
paths:
  /a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S', maxLength: 1}}}}, responses: {"200": {$ref: '#/components/responses/R', description: Ignored.}}}}
components: {schemas: {S: {type: string}}, responses: {R: {description: OK.}}}
`, exchanges: []exchange{{"POST /a" + jsonBody + `"ab"`, ""}, {"POST /a" + jsonBody + `1`, "body type"}}},
	{name: "dates and words of YAML", text: `openapi: 3.0.0
info: {title: 2024-01-01, version: 2024-01-01}
paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string, enum: [2024-01-01, on, no, 12:30:00], default: 2024-01-01}, example: 2024-01-01}], ` + okay + `}}}
`, exchanges: []exchange{{"GET /a?q=2024-01-01", ""}, {"GET /a?q=no", ""}, {"GET /a?q=12:30:00", ""}, {"GET /a?q=true", "query q enum"}}},
	{name: "numbers beyond int64 and float64", text: `openapi: 3.0.0
paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: integer, minimum: -18446744073709551616, maximum: 18446744073709551615}}, {name: r, in: query, schema: {type: number, maximum: 1.8e+400}}], ` + okay + `}}}
`, exchanges: []exchange{{"GET /a?q=18446744073709551615&r=1e400", ""}, {"GET /a?q=18446744073709551616&r=2e400", "query q maximum; query r maximum"}}},
	{name: "a byte order mark", text: "\ufeffopenapi: 3.0.0\npaths: {/a: {get: {" + okay + "}}}\n", exchanges: []exchange{{"GET /a", ""}}},
	{name: "a byte order mark in JSON", file: "api.json", text: "\ufeff" + `{"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": {"200": {"description": "OK."}}}}}}`, exchanges: []exchange{{"GET /a", ""}}},
	{name: "JSON under the name of YAML", text: "{\"openapi\": \"3.0.0\",\n\t\"paths\": {\"/a\": {\"get\": {\"responses\": {\"200\": {\"description\": \"OK.\"}}}}}}", exchanges: []exchange{{"GET /a", ""}}},
	{name: "carriage returns", text: strings.ReplaceAll("openapi: 3.0.0\npaths:\n  /a:\n    get: {"+okay+"}\n", "\n", "\r\n"), exchanges: []exchange{{"GET /a", ""}}},
	{name: "duplicate names and ids", text: `openapi: 3.0.0
paths:
  /a: {get: {operationId: one, ` + okay + `}}
  /b: {get: {operationId: one, operationId: one, ` + okay + `}}
`, found: []string{
		`api.yaml:4:32: warning: the operationId "one" is taken by GET /a; this operation is called "GET /b" (operation-id)`,
		`api.yaml:4:32: error: the name "operationId" stands twice in this object, first at api.yaml:4:14; the last one counts (syntax)`,
	}, exchanges: []exchange{{"GET /a", ""}, {"GET /b", ""}}},
	{name: "status codes as numbers, null where objects are meant", text: `openapi: 3.0.0
servers:
tags:
paths:
  /a:
    parameters:
    get:
      parameters:
      responses:
        200:
`, found: []string{
		"api.yaml:2:1: warning: servers must be an array, this is null (syntax)",
		"api.yaml:6:5: warning: parameters must be an array, this is null (syntax)",
		"api.yaml:8:7: warning: parameters must be an array, this is null (syntax)",
		"api.yaml:10:9: warning: the response \"200\" must be an object, this is null (syntax)",
	}, exchanges: []exchange{{"GET /a", ""}}},
}

// TestOddDocuments loads the oddities: each has findings at most, and works.
func TestOddDocuments(t *testing.T) {
	for _, tt := range oddities {
		t.Run(tt.name, func(t *testing.T) {
			file := tt.file
			if file == "" {
				file = "api.yaml"
			}
			c, err := contract.Parse(t.Context(), file, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.found, findings(t, c)); d != "" {
				t.Error(d)
			}
			for _, x := range tt.exchanges {
				op, r := request(t, c, x.ask)
				if got := briefly(op.CheckRequest(r).Violations); got != x.broken {
					t.Errorf("%s: %q, want %q", x.ask, got, x.broken)
				}
				if op.Broken() || len(op.CheckResponse(200, nil, nil)) != 0 {
					t.Errorf("%s: no answer is left", x.ask)
				}
			}
		})
	}
}
