package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standin/mock/contract"
)

// scattered is a document in many files.
func scattered(t *testing.T) *contract.Contract {
	t.Helper()
	return tree(t, "root.yaml", `openapi: 3.1.0
paths:
  /a/{id}:
    parameters: [{$ref: 'parts/params.yaml#/id'}]
    post:
      operationId: one
      parameters: [{$ref: '#/components/parameters/limit'}]
      requestBody: {$ref: 'parts/bodies.json#/pet'}
      responses:
        "200": {$ref: '#/components/responses/Chain'}
        "201":
          description: By content.
          headers: {X-Rate: {$ref: '#/components/headers/Rate'}}
          content: {$ref: 'parts/bodies.json#/content'}
        "202": {$ref: '#/paths/~1b/get/responses/200'}
  /b: {$ref: 'parts/item.yaml'}
  /c: {$ref: '#/paths/~1b'}
components:
  parameters: {limit: {name: limit, in: query, schema: {$ref: '#/components/schemas/Limit'}}}
  responses:
    Chain: {$ref: '#/components/responses/Link'}
    Link: {$ref: 'parts/responses.yaml#/ok%20one'}
  headers: {Rate: {schema: {type: integer}}}
  examples: {rex: {summary: A dog., value: {name: Rex}}}
  schemas: {Limit: {type: integer, maximum: 10}}
`,
		"parts/params.yaml", "id: {name: id, in: path, required: true, schema: {$ref: '../schemas/id.json#/definitions/Id'}}\n",
		"parts/bodies.json", `{"pet": {"required": true, "content": {"application/json": {"schema": {"$ref": "../schemas/pet.yaml"}}}},
			"content": {"application/json": {"schema": {"$ref": "../schemas/pet.yaml"}, "examples": {"rex": {"$ref": "../root.yaml#/components/examples/rex"}}}}}`,
		"parts/responses.yaml", "ok one: {description: Linked., content: {application/json: {schema: {$ref: '../schemas/pet.yaml'}}}}\n",
		"parts/item.yaml", "get: {operationId: two, responses: {\"200\": {description: From b.}}}\n",
		"schemas/id.json", `{"definitions": {"Id": {"type": "integer", "minimum": 1}}}`,
		"schemas/pet.yaml", "type: object\nrequired: [name]\nproperties: {name: {type: string}, friend: {$ref: pet.yaml}}\n",
		"schemas/unused.yaml", "nobody: refers here\n")
}

// TestReferences leads every kind of object through a reference, over files, chains and pointers into paths.
func TestReferences(t *testing.T) {
	c := scattered(t)
	op := operation(t, c, "one")
	if n := len(op.Parameters()); n != 2 {
		t.Fatalf("%d parameters", n)
	}
	_, r := request(t, c, "POST /a/0?limit=11\nContent-Type: application/json\n\n{\"name\":\"a\",\"friend\":{}}")
	checked := op.CheckRequest(r)
	if got, want := briefly(checked.Violations), "body /friend required; path id minimum; query limit maximum"; got != want {
		t.Errorf("violations: %s, want %s", got, want)
	}
	for _, v := range checked.Violations {
		files := map[string]string{"path": "schemas/id.json", "query": "root.yaml", "body": "schemas/pet.yaml"}
		if v.Rule.File != files[v.In] {
			t.Errorf("the rule of %s %s is in %s", v.In, v.Name, v.Rule)
		}
	}
	for status, want := range map[int]string{200: "Linked.", 201: "By content.", 202: "From b."} {
		if got := op.Responses().For(status).Description; got != want {
			t.Errorf("response %d: %q, want %q", status, got, want)
		}
	}
	created := op.Responses().For(201)
	if len(created.Headers) != 1 || len(created.Content) != 1 || len(created.Content[0].Examples) != 1 || created.Content[0].Examples[0].Summary != "A dog." {
		t.Errorf("response 201: %+v", created)
	}
	if c.Find("GET", "/b").Operation == nil || c.Find("GET", "/c").Operation == nil {
		t.Error("a path item behind a reference has no operations")
	}
	for _, line := range findings(t, c) {
		if !strings.Contains(line, "operation-id") { // /b and /c are one path item
			t.Errorf("unexpected diagnostic: %s", line)
		}
	}
	files := c.Files()
	if files[0] != "root.yaml" {
		t.Errorf("the first file is %s", files[0])
	}
	slices.Sort(files)
	want := []string{"parts/bodies.json", "parts/item.yaml", "parts/params.yaml", "parts/responses.yaml", "root.yaml", "schemas/id.json", "schemas/pet.yaml"}
	if d := cmp.Diff(want, files); d != "" {
		t.Error(d)
	}
}

func TestDigest(t *testing.T) {
	digest := func(c *contract.Contract) string {
		c.Wait(t.Context())
		return c.Digest()
	}
	root := "openapi: 3.1.0\npaths: {/a: {get: {responses: {\"200\": {$ref: 'b.yaml'}}}}}\n"
	one := digest(tree(t, "a.yaml", root, "b.yaml", "description: B."))
	same := digest(tree(t, "a.yaml", root, "b.yaml", "description: B.", "c.yaml", "unused"))
	part := digest(tree(t, "a.yaml", root, "b.yaml", "description: C."))
	whole := digest(tree(t, "a.yaml", root+"# more\n", "b.yaml", "description: B."))
	if one != same || one == part || one == whole || len(one) != 64 {
		t.Errorf("digests: %s, same %s, changed part %s, changed root %s", one, same, part, whole)
	}
}

// TestOneBrokenOperation shows that what is wrong in one place costs no other.
func TestOneBrokenOperation(t *testing.T) {
	broken := []string{
		"7", "[]", "{}", "{responses: 7}", "{responses: {}}", "{responses: {wrong: {}}}", "{operationId: 7}", "{parameters: 7}", "{parameters: [7, {}, {$ref: 7}]}",
		"{requestBody: 7}", "{requestBody: {content: 7}}", "{requestBody: {content: {x: 7}}}", "{requestBody: {$ref: '#/nowhere'}}",
		"{responses: {'200': {$ref: '#/nowhere'}}}", "{responses: {'200': 7}}", "{responses: {'200': {content: {application/json: 7}}}}",
		"{responses: {'200': {content: {application/json: {schema: 7}}}}}", "{security: 7}", "{security: [{nobody: []}]}", "{tags: 7, summary: 7, description: []}",
		"{$ref: '#/nowhere'}", "{responses: {'200': {headers: 7}}}", "{responses: {'200': {headers: {X: 7}}}}", "{callbacks: 7, servers: 7, externalDocs: 7}",
	}
	for _, b := range broken {
		for _, version := range []string{"openapi: 3.1.0", "openapi: 3.0.3", "swagger: '2.0'"} {
			c := parse(t, version+"\npaths:\n  /bad:\n    get: "+b+"\n    post: {operationId: sibling, responses: {'200': {description: OK.}}}\n"+
				"  /good/{n}: {get: {operationId: good, parameters: [{name: n, in: path, required: true, type: integer, schema: {type: integer}}], responses: {'200': {description: OK.}}}}\n")
			findings(t, c)
			if c.Operation("sibling").Responses().For(200) == nil {
				t.Errorf("%s: %s costs its sibling", version, b)
			}
			op, r := request(t, c, "GET /good/x")
			if got := op.CheckRequest(r); briefly(got.Violations) != "path n type" || op.Broken() || len(op.Diagnostics()) != 0 {
				t.Errorf("%s: %s costs another path: %s, %v", version, b, briefly(got.Violations), op.Diagnostics())
			}
		}
	}
}
