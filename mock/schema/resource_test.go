package schema_test

import (
	"testing"

	"standin/mock/schema"
)

// Schemas of one OpenAPI document that have a $id of their own, and refer to each other by it (2020-12 core, 8.2.1 and 9.1.2).
const identified = `
components:
  schemas:
    Page:
      $id: https://example.com/schemas/page
      required: [items]
      properties: {items: {type: array, items: {$dynamicRef: "#item"}}}
      $defs: {item: {$dynamicAnchor: item, type: integer}}
    Users:
      $id: https://example.com/schemas/users
      $ref: page
      $defs: {user: {$dynamicAnchor: item, required: [login]}}
    Tree:
      $id: https://example.com/schemas/tree
      $dynamicAnchor: node
      type: object
      properties: {value: true, children: {type: array, items: {$dynamicRef: "#node"}}}
    Strict:
      $id: https://example.com/schemas/strict
      $dynamicAnchor: node
      $ref: tree
      unevaluatedProperties: false
    ByAnchor: {$ref: "https://example.com/schemas/root#word"}
    Root:
      $id: https://example.com/schemas/root
      properties: {child: {$ref: nested/child}, other: {$ref: /schemas/page#/$defs/item}}
      $defs:
        c: {$id: nested/child, properties: {z: {$ref: "#zz"}}, $defs: {zz: {$anchor: zz, pattern: "^z+$"}}}
        w: {$anchor: word, type: string}
`

func TestIdentifiedComponents(t *testing.T) {
	for _, x := range []struct{ schema, good, bad string }{
		{"Page", `{"items":[1]}`, `{"items":["x"]}`},
		{"Users", `{"items":[{"login":1}]}`, `{"items":[{}]}`},
		{"Tree", `{"children":[{"more":1}]}`, `{"children":[1]}`},
		{"Strict", `{"children":[{"value":1}]}`, `{"children":[{"more":1}]}`},
		{"ByAnchor", `"x"`, `1`},
		{"Root", `{"child":{"z":"zz"},"other":1}`, `{"child":{"z":"y"}}`},
		{"Root", `{}`, `{"other":"x"}`},
	} {
		s, ds := compile(t, schema.OpenAPI31, identified, "/components/schemas/"+x.schema)
		if len(ds) > 0 {
			t.Errorf("%s: %v", x.schema, ds)
		}
		if !s.Valid(value(t, x.good), schema.Both) || s.Valid(value(t, x.bad), schema.Both) {
			t.Errorf("%s: %s is %v, %s is %v", x.schema, x.good, s.Valid(value(t, x.good), schema.Both), x.bad, s.Valid(value(t, x.bad), schema.Both))
		}
	}
}
