package contract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standin/mock/contract"
)

func TestNoDocument(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a.yaml", "", "a.yaml:1:1: the file is empty"},
		{"a.yaml", "\n\n", "empty"},
		{"a.json", `{"openapi": "3.0.0", "paths": {`, "a.json:1:"},
		{"a.json", `{"openapi": "3.0.0",}`, "a.json:1:21"},
		{"a.yaml", "openapi: 3.0.0\npaths: [}", "a.yaml:2:"},
		{"a.yaml", "openapi: 3.0.0\n\tinfo: {}", "a.yaml:2:"},
		{"a.yaml", "[]", "an array"},
		{"a.yaml", "hello", "a string"},
		{"a.yaml", "null", "null"},
		{"a.yaml", "title: x", "neither openapi nor swagger"},
		{"a.yaml", "openapi: 4.0.0", `a.yaml:1:1: openapi is "4.0.0"`},
		{"a.yaml", "openapi: [3]", "a.yaml:1:1"},
		{"a.yaml", "swagger: '1.2'", `a.yaml:1:1: swagger is "1.2"`},
		{"a.yaml", "openapi: \xff", "UTF-8"},
		{"../a.yaml", "openapi: 3.0.0", "../a.yaml"},
	} {
		c, err := contract.Parse(t.Context(), tt.name, []byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%q): error %v, want one with %q", tt.text, err, tt.want)
		}
		if c != nil {
			t.Errorf("Parse(%q) gave a contract", tt.text)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"swagger: '2.0'", "2.0"},
		{"swagger: 2.0", "2.0"},
		{"openapi: 3.0.0", "3.0.0"},
		{"openapi: 3.0.4", "3.0.4"},
		{"openapi: 3.1.0", "3.1.0"},
		{"openapi: 3.1.1", "3.1.1"},
		{"openapi: 3.2.0", "3.2.0"},
		{`{"openapi": "3.1.0"}`, "3.1.0"},
	} {
		c := parse(t, tt.text)
		if got := c.Info().OpenAPI; got != tt.want {
			t.Errorf("%s: version %q, want %q", tt.text, got, tt.want)
		}
		if n := len(c.Operations()); n != 0 {
			t.Errorf("%s: %d operations", tt.text, n)
		}
	}
}

const order = `openapi: 3.1.0
info: {title: Shop, version: 1.2.3, summary: A shop., description: Sells.}
paths:
  /b/{id}:
    delete: {operationId: dropB, x-internal: true, responses: {"204": {description: Gone.}}}
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getB
      summary: One b.
      description: Gives one b.
      tags: [b, c]
      deprecated: true
      responses: {"200": {description: OK.}}
  x-other: {get: {}}
  /a:
    post: {responses: {"200": {description: OK.}}}
    get: {operationId: getB, responses: {"200": {description: OK.}}}
    x-internal: true
`

func TestOperations(t *testing.T) {
	c := parse(t, order)
	var got []string
	for _, op := range c.Operations() {
		got = append(got, fmt.Sprintf("%s %s %s %d", op.ID, op.Method, op.Template, op.Position.Line))
	}
	slices.Sort(got)
	want := []string{
		"GET /a GET /a 17",
		"POST /a POST /a 16",
		"dropB DELETE /b/{id} 5",
		"getB GET /b/{id} 7",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if first := c.Operations()[0]; first.Template != "/b/{id}" {
		t.Errorf("the first operation is of %s: not the order of the document", first.Template)
	}
	get := operation(t, c, "getB")
	if operation(t, c, "GET /b/{id}") != get {
		t.Error("an operation with an id cannot be found by method and template")
	}
	if get.Summary() != "One b." || get.Description() != "Gives one b." || !slices.Equal(get.Tags(), []string{"b", "c"}) || !get.Deprecated() {
		t.Errorf("texts: %q, %q, %q, %v", get.Summary(), get.Description(), get.Tags(), get.Deprecated())
	}
	if get.Internal() || !operation(t, c, "dropB").Internal() || !operation(t, c, "GET /a").Internal() {
		t.Error("x-internal is not told")
	}
	if get.Node().Get("operationId").Text() != "getB" {
		t.Error("Node is not the Operation Object")
	}
	if c.Operation("nobody") != nil {
		t.Error("an unknown id finds something")
	}
	info := contract.Info{Title: "Shop", Version: "1.2.3", Summary: "A shop.", Description: "Sells.", OpenAPI: "3.1.0"}
	if c.Info() != info {
		t.Errorf("info: %+v", c.Info())
	}
	if c.Root().Get("x-none") != nil || c.Root().Get("openapi").Text() != "3.1.0" || c.Name() != "api.yaml" || c.Dir() != "" {
		t.Error("root, name or dir")
	}
}

func TestPrefixes(t *testing.T) {
	for _, tt := range []struct {
		servers string
		want    []string
	}{
		{"", []string{""}},
		{"[]", []string{""}},
		{"[{url: /}]", []string{""}},
		{"[{url: https://a.example.com}]", []string{""}},
		{"[{url: https://a.example.com/v1/}]", []string{"/v1", ""}},
		{"[{url: /v1}, {url: v22}, {url: ./v333}]", []string{"/v333", "/v22", "/v1", ""}},
		{"[{url: 'https://{host}:{port}/{base}', variables: {host: {default: h}, port: {default: '80'}, base: {default: v2}}}]", []string{"/v2", ""}},
		{"[{url: '{base}', variables: {base: {default: /v2, enum: [/v2, /v33]}}}]", []string{"/v33", "/v2", ""}},
		{"[{url: 'https://a/{v}/x', variables: {v: {default: one/two}}}]", []string{"/one/two/x", ""}},
		{"[{url: /v1}, {url: https://b/v1}]", []string{"/v1", ""}},
		{"[{url: '/a b'}]", []string{"/a%20b", ""}},
		{"[{url: '{unknown}/v1'}]", []string{""}},
		{"[{url: 'https://{unknown}.example.com/v1'}]", []string{"/v1", ""}},
		{"[{url: '//host:80/v1/'}]", []string{"/v1", ""}},
		{"[{url: '/v1+beta/{v}', variables: {v: {enum: [a, b], default: b}}}]", []string{"/v1+beta/a", "/v1+beta/b", ""}},
		{"[{url: '/v1?x=1#y'}]", []string{"/v1", ""}},
		{"[{}, 7, {url: 3}]", []string{""}},
		{"nothing", []string{""}},
	} {
		text := "openapi: 3.1.0\n"
		if tt.servers != "" {
			text += "servers: " + tt.servers + "\n"
		}
		got := parse(t, text).Prefixes()
		if !slices.Equal(got, tt.want) {
			t.Errorf("servers %s: prefixes %q, want %q", tt.servers, got, tt.want)
		}
		if len(got) == 0 || got[len(got)-1] != "" {
			t.Errorf("servers %s: the bare prefix is not the last of %q", tt.servers, got)
		}
	}
	old := parse(t, "swagger: '2.0'\nhost: a.example.com\nbasePath: /v1/\nschemes: [https]\n")
	if got := old.Prefixes(); !slices.Equal(got, []string{"/v1", ""}) {
		t.Errorf("basePath: prefixes %q", got)
	}
}

func TestFind(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
servers: [{url: /api}, {url: https://x/api/v1}]
paths:
  /pets/{id}: {get: {operationId: pet, responses: {"200": {description: OK.}}}}
  /pets/mine: {get: {operationId: mine, responses: {"200": {description: OK.}}}, put: {operationId: putMine, responses: {"200": {description: OK.}}}}
  /v1/pets/{id}: {get: {operationId: old, responses: {"200": {description: OK.}}}}
  /a/{x}..{y}: {get: {operationId: range, responses: {"200": {description: OK.}}}}
  /pets/{id}:cancel: {post: {operationId: cancel, responses: {"200": {description: OK.}}}}
`)
	for _, tt := range []struct{ ask, want string }{
		{"GET /pets/7", "pet  [7]"},
		{"GET /api/pets/7", "pet /api [7]"},
		{"GET /api/v1/pets/7", "pet /api/v1 [7]"},
		{"GET /v1/pets/7", "old  [7]"},
		{"GET /pets/a%2Fb", "pet  [a%2Fb]"},
		{"GET /pets/mine", "mine  []"},
		{"HEAD /pets/mine", "mine  [] head"},
		{"DELETE /pets/mine", "none  allow GET,HEAD,OPTIONS,PUT"},
		{"DELETE /api/pets/mine", "none /api allow GET,HEAD,OPTIONS,PUT"},
		{"GET /a/1..2", "range  [1 2]"},
		{"POST /pets/7:cancel", "cancel  [7]"},
		{"GET /apipets/7", "none "},
		{"GET /nothing", "none "},
		{"GET /", "none "},
		{"GET ", "none "},
		{"GET /pets/mine/", "mine  []"},
	} {
		method, path, _ := strings.Cut(tt.ask, " ")
		found := c.Find(method, path)
		got := "none " + found.Prefix
		if found.Operation != nil {
			got = fmt.Sprintf("%s %s %v", found.Operation.ID, found.Prefix, found.Captures)
		} else if found.Allow != nil {
			got += " allow " + strings.Join(found.Allow, ",")
		}
		if found.Head {
			got += " head"
		}
		if got != tt.want {
			t.Errorf("Find(%s) = %s, want %s", tt.ask, got, tt.want)
		}
	}
	if near := c.Nearest("/api/pet/7", 2); len(near) != 2 || near[0] != "/pets/{id}" {
		t.Errorf("Nearest: %q", near)
	}
}

func TestParametersMerge(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
paths:
  /a/{id}/{undeclared}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: q, in: query, schema: {type: integer}}
      - {name: q, in: header, schema: {type: integer}}
      - {name: Accept, in: header, required: true, schema: {type: string}}
      - {name: content-type, in: header, required: true, schema: {type: string}}
      - {name: AUTHORIZATION, in: header, required: true, schema: {type: string}}
    get:
      operationId: get
      parameters:
        - {name: q, in: query, required: true, deprecated: true, description: Asks., schema: {type: string, maxLength: 3}}
        - $ref: '#/components/parameters/Shared'
        - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: OK.}}
components:
  parameters:
    Shared: {$ref: '#/components/parameters/Real'}
    Real: {name: sid, in: cookie, schema: {type: string}, example: abc}
`)
	var got []string
	for _, p := range operation(t, c, "get").Parameters() {
		types := ""
		if p.Schema != nil {
			types = p.Schema.Node.Get("type").Text()
		}
		got = append(got, fmt.Sprintf("%s %s %v %s %d", p.In, p.Name, p.Required, types, p.Position.Line))
	}
	want := []string{
		"path id true integer 5",
		"query q true string 14",
		"header q false integer 7",
		"cookie sid false string 21",
		"query filter false object 16",
		"path undeclared true  11",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	sid := operation(t, c, "get").Parameters()[3]
	if len(sid.Examples) != 1 || sid.Examples[0].Name != "default" || sid.Examples[0].Value.Text() != "abc" {
		t.Errorf("examples of sid: %+v", sid.Examples)
	}
	if lines := findings(t, c); len(lines) != 1 || !strings.Contains(lines[0], "{undeclared}") {
		t.Errorf("diagnostics: %q", lines)
	}
}

func TestResponsesAreSplit(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
paths:
  /a:
    get:
      operationId: get
      responses:
        "200": {description: Exact., content: {application/json: {schema: {type: object}}, 'text/*': {}, '*/*': {}, application/json;v=2: {}}}
        4XX: {description: Class.}
        default: {description: Default., headers: {X-A: {required: true, schema: {type: integer}}, content-type: {schema: {type: integer}}}}
        x-more: {description: None.}
        "404": {$ref: '#/components/responses/Missing'}
components:
  responses:
    Missing: {description: Missing.}
`)
	clean(t, c)
	r := operation(t, c, "get").Responses()
	for _, tt := range []struct {
		status int
		want   string
	}{{200, "Exact."}, {201, "Default."}, {400, "Class."}, {404, "Missing."}, {499, "Class."}, {500, "Default."}, {0, "Default."}, {999, "Default."}, {-1, "Default."}} {
		if got := r.For(tt.status); got == nil || got.Description != tt.want {
			t.Errorf("For(%d) = %v, want %s", tt.status, got, tt.want)
		}
	}
	var keys []string
	for _, one := range r.All {
		keys = append(keys, one.Status)
	}
	if !slices.Equal(keys, []string{"200", "4XX", "default", "404"}) {
		t.Errorf("All: %q", keys)
	}
	if h := r.Default.Headers; len(h) != 1 || h[0].Name != "X-A" || !h[0].Required {
		t.Errorf("headers of default: %+v", h)
	}
	ok := r.For(200)
	for _, tt := range []struct{ contentType, want string }{
		{"application/json", "application/json"},
		{"APPLICATION/JSON; charset=utf-8", "application/json"},
		{"application/json;v=2", "application/json;v=2"},
		{"text/html", "text/*"},
		{"image/png", "*/*"},
	} {
		if got := ok.Media(tt.contentType); got == nil || got.Range != tt.want {
			t.Errorf("Media(%s) = %v, want %s", tt.contentType, got, tt.want)
		}
	}
	if got := r.For(400).Media("application/json"); got != nil {
		t.Errorf("a response without content has %s", got.Range)
	}
}
