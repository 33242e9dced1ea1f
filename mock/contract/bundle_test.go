package contract_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/contract"
)

// bundled are a document's files, in which every kind of object refers to another file.
var bundled = fstest.MapFS{
	"openapi.yaml": {Data: []byte(`openapi: 3.1.0
info: {title: Many files, version: "1"}
paths:
  /pets: {$ref: paths/pets.yaml}
  /owners:
    summary: Owners
    $ref: "paths/all.yaml#/owners"
components:
  schemas:
    Pet: {$ref: schemas/pet.yaml}
    Own: {type: object, properties: {id: {type: string}}}
    tag: {type: string, description: the document's own}
`)},
	"paths/pets.yaml": {Data: []byte(`
parameters: [{$ref: "../parts.yaml#/parameters/page"}]
get:
  operationId: listPets
  responses:
    "200":
      description: OK.
      headers: {X-Total: {$ref: "../parts.yaml#/headers/total"}}
      content:
        application/json:
          schema: {type: array, items: {$ref: ../schemas/pet.yaml}}
          examples: {one: {$ref: "../parts.yaml#/examples/one"}, two: {value: [{$ref: not-a-reference.yaml}]}}
    default: {$ref: "../parts.yaml#/responses/failed"}
post:
  operationId: addPet
  requestBody: {$ref: "../parts.yaml#/bodies/pet"}
  responses: {"201": {description: Added.}}
`)},
	"paths/all.yaml": {Data: []byte(`
owners:
  get:
    operationId: listOwners
    responses: {"200": {description: OK., content: {application/json: {schema: {$ref: "../openapi.yaml#/components/schemas/Own"}}}}}
`)},
	"parts.yaml": {Data: []byte(`
parameters: {page: {name: page, in: query, schema: {$ref: "#/shapes/count"}}}
headers: {total: {schema: {$ref: "#/shapes/count"}}}
examples: {one: {value: [{name: Rex}]}}
responses: {failed: {description: Failed., content: {application/json: {schema: {$ref: "#/shapes/fault"}}}}}
bodies: {pet: {content: {application/json: {schema: {$ref: schemas/pet.yaml, description: A new one.}}}}}
shapes:
  count: {type: integer, minimum: 0, default: 0}
  fault: {type: object, properties: {cause: {$ref: "#/shapes/fault"}, code: {type: string}}}
`)},
	"schemas/pet.yaml": {Data: []byte(`
type: object
required: [name]
properties:
  name: {type: string}
  friends: {type: array, items: {$ref: pet.yaml}}
  kind: {$ref: "kinds.yaml#/kind"}
  tag: {$ref: "kinds.yaml#/tag"}
  of: {$ref: "../openapi.yaml#/components/schemas/Own"}
`)},
	"schemas/kinds.yaml": {Data: []byte(`
tag: {type: integer}
cat: {type: object, required: [type], properties: {type: {const: cat}}}
dog: {type: object, required: [type], properties: {type: {const: dog}}}
kind:
  oneOf: [{$ref: "#/cat"}, {$ref: "#/dog"}]
  discriminator: {propertyName: type, mapping: {cat: "#/cat", dog: "kinds.yaml#/dog"}}
`)},
}

func TestBundle(t *testing.T) {
	c, err := contract.LoadFS(t.Context(), bundled, "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	whole := c.Bundle()
	text := string(whole.AppendJSON(nil))
	for what, want := range map[string]string{
		"a schema of a file":         `"Pet":{"$ref":"#/components/schemas/pet"}`,
		"a schema that meets itself": `"friends":{"type":"array","items":{"$ref":"#/components/schemas/pet"}}`,
		"a name that is taken":       `"tag":{"$ref":"#/components/schemas/tag-2"}`,
		"a schema of the document":   `"of":{"$ref":"#/components/schemas/Own"}`,
		"a mapping":                  `"mapping":{"cat":"#/components/schemas/cat","dog":"#/components/schemas/dog"}`,
		"a parameter":                `"parameters":[{"name":"page","in":"query","schema":{"$ref":"#/components/schemas/count"}}]`,
		"an example":                 `"one":{"value":[{"name":"Rex"}]}`,
		"a value":                    `[{"$ref":"not-a-reference.yaml"}]`,
		"beside a reference":         `"summary":"Owners"`,
		"beside a schema":            `{"$ref":"#/components/schemas/pet","description":"A new one."}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: %s is not in %s", what, want, text)
		}
	}
	if n := strings.Count(text, ".yaml"); n != 1 { // that of the value
		t.Errorf("%d names of files are left in %s", n, text)
	}

	again, err := contract.Parse(t.Context(), "bundle.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range again.Wait(t.Context()) {
		if d.Rule == "reference" {
			t.Errorf("%s: %s", d.Position, d.Message)
		}
	}
	for _, op := range c.Operations() {
		other := again.Operation(op.ID)
		if other == nil || len(other.Parameters()) != len(op.Parameters()) || (other.RequestBody() == nil) != (op.RequestBody() == nil) {
			t.Errorf("%s is not the same in the bundle", op.ID)
		}
	}
}

// TestBundleOfOneFile holds a document of one file to be its own bundle.
func TestBundleOfOneFile(t *testing.T) {
	c, err := contract.Parse(t.Context(), "a.yaml", []byte(`openapi: 3.0.3
info: {title: One, version: "1"}
paths: {/a: {get: {responses: {"200": {description: OK., content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}}}
components: {schemas: {A: {properties: {a: {$ref: "#/components/schemas/A"}, b: {$ref: "gone.yaml#/b"}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Bundle() != c.Root() {
		t.Errorf("the bundle is %s", c.Bundle().AppendJSON(nil))
	}
}

// TestBundleOfLoops has references that lead back to where they stand, and files that lead to themselves.
func TestBundleOfLoops(t *testing.T) {
	c, err := contract.LoadFS(t.Context(), fstest.MapFS{
		"openapi.yaml": {Data: []byte(`{openapi: 3.1.0, info: {title: Loop, version: "1"}, paths: {/a: {$ref: a.yaml}, /b: {$ref: "b.yaml#/b"}}}`)},
		"a.yaml":       {Data: []byte(`{get: {responses: {"200": {$ref: a.yaml}}, callbacks: {again: {x: {$ref: a.yaml}}}}}`)},
		"b.yaml":       {Data: []byte(`{b: {$ref: "#/c"}, c: {$ref: "#/b"}}`)},
	}, "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(c.Bundle().AppendJSON(nil)); !strings.Contains(text, `"$ref":"a.yaml"`) {
		t.Errorf("the bundle is %s", text)
	}
}
