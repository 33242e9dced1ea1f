package fake_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"standin/mock/internal/fake"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Multiples look like multiples to readers who divide in binary.
func TestMultiplesInBinary(t *testing.T) {
	for _, of := range []string{"0.01", "0.1", "0.05", "0.001", "1.1"} {
		s := compile(t, `{type: number, multipleOf: `+of+`, minimum: 0, maximum: 500}`, schema.OpenAPI31)
		step, _ := json.Number(of).Float64()
		for seed := range uint64(200) {
			v, err := fake.New().Value(s, fake.Options{Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			n, _ := v.(json.Number).Float64()
			if q := n / step; q != math.Trunc(q) {
				t.Errorf("%v / %s is %v", v, of, q)
			}
		}
	}
}

// Alternatives that a discriminator tells apart, one of which fits alone also without it, where the branches let it.
func TestKindsAlone(t *testing.T) {
	for name, doc := range map[string]string{
		"open":        `{a: {properties: {lives: {type: integer}}}, b: {properties: {bark: {type: boolean}}}}`,
		"required":    `{a: {required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}, b: {required: [kind], properties: {bark: {type: boolean}}}}`,
		"by value":    `{a: {properties: {kind: {enum: [a]}}, required: [kind]}, b: {properties: {kind: {enum: [b]}}, required: [kind]}}`,
		"by required": `{a: {required: [x]}, b: {required: [y], properties: {x: {type: integer}}}}`,
	} {
		s := compileAt(t, `{components: {schemas: `+doc[:len(doc)-1]+`, root: {type: object, required: [kind], properties: {kind: {type: string}}, oneOf: [`+
			`{$ref: "#/components/schemas/a"}, {$ref: "#/components/schemas/b"}], discriminator: {propertyName: kind}}}}}`, "/components/schemas/root")
		kinds := map[any]bool{}
		for seed := range uint64(40) {
			v, err := fake.New().Value(s, fake.Options{Seed: seed})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if s.OneOf[0].Valid(v, schema.Response) == s.OneOf[1].Valid(v, schema.Response) {
				t.Errorf("%s: %v fits both or none", name, v)
			}
			kinds[v.(map[string]any)["kind"]] = true
		}
		if len(kinds) != 2 {
			t.Errorf("%s: only %v", name, kinds)
		}
	}
	s := compileAt(t, `{components: {schemas: {a: {properties: {kind: {type: string}}}, b: {properties: {kind: {type: string}}}, root: {oneOf: [{$ref: "#/components/schemas/a"}, `+
		`{$ref: "#/components/schemas/b"}], discriminator: {propertyName: kind}}}}}`, "/components/schemas/root")
	if v, err := fake.New().Value(s, fake.Options{Seed: 1}); err != nil {
		t.Errorf("alternatives that nothing but the discriminator tells apart: %v %v", v, err)
	}
}

// What an object deep inside tells of itself is told, also where an alternative says that it may be null; and nothing is null that
// need not be.
func TestDeepRows(t *testing.T) {
	s := compile(t, `{type: object, properties: {a: {type: object, properties: {b: {type: array, minItems: 1, items: {type: object, properties: {c: {type: array, `+
		`minItems: 1, items: {properties: {name: {anyOf: [{type: "null"}, {type: string}]}, size: {oneOf: [{type: integer}, {type: "null"}]}}}}}}}}}}}`, schema.OpenAPI31)
	for seed := range uint64(20) {
		v, err := fake.New().Value(s, fake.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if text := write(t, v); !strings.Contains(text, `"name":"`) || strings.Contains(text, "null") {
			t.Errorf("seed %d: %s", seed, text)
		}
	}
}

// compileAt compiles the schema at a pointer of an OpenAPI 3.1 document.
func compileAt(t testing.TB, text, pointer string) *schema.Schema {
	t.Helper()
	root, err := source.Parse("doc.yaml", []byte(text), source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := root.At(pointer)
	if err != nil {
		t.Fatal(err)
	}
	return schema.NewCompiler(document{root}, schema.OpenAPI31).Compile("doc.yaml", n)
}

type document struct{ root *schema.Node }

func (d document) Load(string) (*schema.Node, error) { return d.root, nil }
