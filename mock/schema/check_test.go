package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"standin/mock/schema"
)

var messages = []struct {
	schema, value string
	want          []string
}{
	{`{type: string}`, `12`, []string{` type: must be a string, is a number (12)`}},
	{`{type: [string, "null"]}`, `[1]`, []string{` type: must be a string or null, is an array`}},
	{`{type: [integer, object, "null"]}`, `true`, []string{` type: must be an integer, an object or null, is a boolean (true)`}},
	{`{type: integer}`, `1.5`, []string{` type: must be an integer, is a number (1.5)`}},
	{`{minLength: 3}`, `"日本"`, []string{` minLength: must be at least 3 characters long, is 2`}},
	{`{maxLength: 1}`, `"ab"`, []string{` maxLength: must be at most 1 character long, is 2`}},
	{`{pattern: "^a"}`, `"b"`, []string{` pattern: "b" does not match the pattern ^a`}},
	{`{format: date-time}`, `"soon"`, []string{` format: "soon" is not a date-time such as 2026-01-02T03:04:05Z`}},
	{`{format: int32}`, `3000000000`, []string{` format: must fit in 32 bits (int32), is 3000000000`}},
	{`{minimum: 3}`, `2.9`, []string{` minimum: must be at least 3, is 2.9`}},
	{`{exclusiveMaximum: 3}`, `3.0`, []string{` exclusiveMaximum: must be less than 3, is 3.0`}},
	{`{multipleOf: 0.01}`, `0.001`, []string{` multipleOf: must be a multiple of 0.01, is 0.001`}},
	{`{enum: [a, 1, null]}`, `"x"`, []string{` enum: "x" is not one of "a", 1, null`}},
	{`{enum: [1,2,3,4,5,6,7,8,9,10,11,12]}`, `0`, []string{` enum: 0 is not one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … (2 more)`}},
	{`{const: {a: [1]}}`, `{"a":[2]}`, []string{` const: must be {"a":[1]}, is {"a":[2]}`}},
	{`{required: [name, age], minProperties: 3}`, `{"x":1}`, []string{
		` minProperties: must have at least 3 properties, has 1`,
		` required name: the property "name" is missing`,
		` required age: the property "age" is missing`}},
	{`{properties: {name: {}}, additionalProperties: false}`, `{"nmae":1,"zz":1}`, []string{
		` additionalProperties nmae: the property "nmae" is not allowed here; did you mean "name"?`,
		` additionalProperties zz: the property "zz" is not allowed here`}},
	{`{additionalProperties: {type: string}}`, `{"b":1,"a/~":2}`, []string{
		`/a~1~0 type: must be a string, is a number (2)`,
		`/b type: must be a string, is a number (1)`}},
	{`{properties: {a: false}}`, `{"a":1}`, []string{` properties a: the property "a" is not allowed here`}},
	{`{patternProperties: {"^x-": {type: string}, "^y-": false}}`, `{"x-a":1,"y-a":1}`, []string{
		`/x-a type: must be a string, is a number (1)`,
		` patternProperties y-a: the property "y-a" is not allowed here`}},
	{`{propertyNames: {maxLength: 2}}`, `{"abc":1}`, []string{` propertyNames abc: the property name "abc" is not allowed: must be at most 2 characters long, is 3`}},
	{`{dependentRequired: {a: [b]}}`, `{"a":1}`, []string{` dependentRequired b: the property "b" is missing, which "a" needs beside it`}},
	{`{dependentSchemas: {a: {required: [b]}}}`, `{"a":1}`, []string{` required b: the property "b" is missing`}},
	{`{items: {type: integer}, minItems: 4}`, `[1,"a",null]`, []string{
		` minItems: must have at least 4 items, has 3`,
		`/1 type: must be an integer, is a string ("a")`,
		`/2 type: must be an integer, is null`}},
	{`{uniqueItems: true}`, `[1,2,1.0]`, []string{` uniqueItems: items 0 and 2 are equal (1.0)`}},
	{`{prefixItems: [true], items: false}`, `[1,2]`, []string{` items: must have at most 1 item, has 2`}},
	{`{contains: {type: string}}`, `[1]`, []string{` contains: at least 1 item must be a string, none is`}},
	{`{contains: {title: even}, minContains: 2}`, `[1]`, []string{` minContains: at least 2 items must be "even", 1 is`}},
	{`{contains: {const: 1}, maxContains: 1}`, `[1,1]`, []string{` maxContains: at most 1 item may be 1, 2 are`}},
	{`{not: {type: string}}`, `"a"`, []string{` not: must not be a string`}},
	{`false`, `1`, []string{` false: nothing is allowed here`}},
	{`{if: {type: string}, then: {minLength: 2}}`, `"a"`, []string{` minLength: must be at least 2 characters long, is 1`}},
	{`{allOf: [{type: string}, {type: string}]}`, `1`, []string{` type: must be a string, is a number (1)`}},
	{`{unevaluatedProperties: false, properties: {a: true}}`, `{"a":1,"b":1}`, []string{` unevaluatedProperties b: the property "b" is not allowed here`}},
	{`{unevaluatedItems: false, prefixItems: [true]}`, `[1,2]`, []string{` unevaluatedItems: item 1 is not allowed here`}},
	// a failing part says it all: what it left unevaluated is not complained of as well
	{`{unevaluatedProperties: false, allOf: [{properties: {a: {type: string}}}]}`, `{"a":1}`, []string{`/a type: must be a string, is a number (1)`}},

	{`{anyOf: [{type: string}, {type: "null"}]}`, `1`, []string{` anyOf: must be a string or null, is a number (1)`}},
	{`{oneOf: [{type: integer}, {minimum: 2}]}`, `3`, []string{` oneOf: fits both number 1 and number 2 of the alternatives, but must fit exactly one`}},
	{`{oneOf: [{title: a, type: object, required: [x]}, {title: b, type: object, required: [y, z]}]}`, `{"y":1}`, []string{
		` required x: the property "x" is missing (as "a", the nearest of 2 alternatives)`}},
	{`{oneOf: [{type: object, required: [x], properties: {kind: {const: k}}}, {type: object, required: [y, z], properties: {kind: {const: l}}}]}`, `{"kind":"l"}`, []string{
		` required y: the property "y" is missing (as number 2, the nearest of 2 alternatives)`,
		` required z: the property "z" is missing (as number 2, the nearest of 2 alternatives)`}},
	{`{anyOf: [{type: string}, {type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}]}`, `{"a":{"b":1}}`, []string{
		`/a/b type: must be a string, is a number (1) (as number 2, the nearest of 2 alternatives)`}},
	{`{anyOf: [{type: string, maxLength: 1}]}`, `"ab"`, []string{` maxLength: must be at most 1 character long, is 2`}},
}

// What people read: pointer, keyword and message of each violation, in order.
func TestMessages(t *testing.T) {
	for _, test := range messages {
		s, _ := compile(t, schema.OpenAPI31, test.schema, "")
		var got []string
		for _, v := range s.Check(value(t, test.value), schema.Options{}) {
			keyword := v.Keyword
			if v.Property != "" {
				keyword += " " + v.Property
			}
			got = append(got, v.Pointer+" "+keyword+": "+v.Message)
			if v.Rule.Line != 1 || v.Rule.File != "doc.yaml" {
				t.Errorf("%s: the rule of %q is at %v", test.schema, v.Message, v.Rule)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s with %s (-want +got):\n%s", test.schema, test.value, diff)
		}
		if s.Valid(value(t, test.value), schema.Both) {
			t.Errorf("%s with %s is valid", test.schema, test.value)
		}
	}
}

func TestRulePosition(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI30, "type: object\nproperties:\n  n:\n    maximum: 5\n    exclusiveMaximum: true\n    minimum: 7\n", "")
	vs := s.Check(value(t, `{"n": 6}`), schema.Options{})
	got := fmt.Sprintln(len(vs), vs[0].Rule, vs[0].Keyword, vs[1].Rule, vs[1].Keyword)
	if want := "2 doc.yaml:6:5 minimum doc.yaml:5:5 exclusiveMaximum\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLongValuesAreClipped(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, `{enum: [a]}`, "")
	for _, v := range []any{strings.Repeat("日", 1000), []any{strings.Repeat("a", 1000), "b"}, map[string]any{strings.Repeat("k", 1000): "b"}} {
		vs := s.Check(v, schema.Options{})
		if len(vs) != 1 || len(vs[0].Message) > 120 {
			t.Errorf("too long: %v", vs)
		}
	}
}

func TestMost(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, `{items: {type: string}}`, "")
	items := make([]any, 1000)
	if n := len(s.Check(items, schema.Options{})); n != 100 {
		t.Errorf("%d violations by default", n)
	}
	if n := len(s.Check(items, schema.Options{Most: 3})); n != 3 {
		t.Errorf("%d violations of 3", n)
	}
}

// Strict handling refuses what no schema says anything about, but leaves free objects free.
func TestUndeclared(t *testing.T) {
	const s = `
allOf:
  - properties: {a: {properties: {x: {}}}, list: {items: {properties: {i: {}}}}, free: {type: object}, map: {additionalProperties: {properties: {m: {}}}}}
  - properties: {a: {properties: {y: {}}}}
oneOf:
  - {required: [one], properties: {one: {}}}
  - {required: [two], properties: {two: {}}}
`
	tests := []struct {
		value string
		want  string
	}{
		{`{"a":{"x":1,"y":1},"one":1,"free":{"any":{"thing":1}},"list":[{"i":1}],"map":{"k":{"m":1}}}`, ""},
		{`{"a":{"x":1,"z":1},"one":1}`, `/a z`},
		{`{"one":1,"three":3}`, ` three`},
		{`{"one":1,"list":[{"i":1},{"j":1}]}`, `/list/1 j`},
		{`{"one":1,"map":{"k":{"n":1}}}`, `/map/k n`},
	}
	for _, test := range tests {
		compiled, _ := compile(t, schema.OpenAPI31, s, "")
		var got []string
		for _, v := range compiled.Check(value(t, test.value), schema.Options{Undeclared: true}) {
			got = append(got, v.Pointer+" "+v.Property)
		}
		if strings.Join(got, ",") != test.want {
			t.Errorf("%s: got %q, want %q", test.value, got, test.want)
		}
		if vs := compiled.Check(value(t, test.value), schema.Options{}); len(vs) > 0 {
			t.Errorf("%s: %v", test.value, vs)
		}
	}
}

// within fails a test that takes longer than the work should.
func within(t *testing.T, limit time.Duration, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > limit {
		t.Errorf("took %v, the limit is %v", took, limit)
	}
}

func nested(depth int, open, inner, end string) string {
	return strings.Repeat(open, depth) + inner + strings.Repeat(end, depth)
}

// Alternatives inside alternatives cost no exponential time.
func TestNestedAlternatives(t *testing.T) {
	const doc = `
components:
  schemas:
    Tree:
      oneOf:
        - {type: object, required: [a, x], properties: {a: {$ref: "#/components/schemas/Tree"}, x: {}}}
        - {type: object, required: [a, y], properties: {a: {$ref: "#/components/schemas/Tree"}, y: {}}}
        - {type: object, required: [a], properties: {a: {$ref: "#/components/schemas/Tree"}}, not: {anyOf: [{required: [x]}, {required: [y]}]}}
        - {type: integer}
`
	s, _ := compile(t, schema.OpenAPI31, doc, "/components/schemas/Tree")
	good, bad := value(t, nested(200, `{"a":`, "1", "}")), value(t, nested(200, `{"a":`, `""`, "}"))
	within(t, time.Minute, func() {
		if !s.Valid(good, schema.Both) {
			t.Error("a deep tree is refused")
		}
		if vs := s.Check(good, schema.Options{}); len(vs) > 0 {
			t.Error(vs)
		}
		vs := s.Check(bad, schema.Options{})
		if len(vs) != 1 || vs[0].Pointer != strings.Repeat("/a", 200) {
			t.Errorf("got %.300v", vs)
		}
	})
}

func TestBudget(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, `{items: {type: string, minLength: 1}}`, "")
	items := make([]any, 1000)
	for i := range items {
		items[i] = "a"
	}
	vs := s.Check(items, schema.Options{Budget: 500})
	if len(vs) != 1 || vs[0].Keyword != "complexity" || vs[0].Message == "" {
		t.Errorf("got %v", vs)
	}
	if vs := s.Check(items, schema.Options{Budget: 5000}); len(vs) > 0 {
		t.Errorf("got %v", vs)
	}
}

// References in circles end; so do values that are deeper than any text could be.
func TestCircles(t *testing.T) {
	tests := []struct{ schema, good, bad string }{
		{`{$ref: "#"}`, `1`, ``},
		{`{$ref: "#", type: string}`, `"a"`, `1`},
		{`{allOf: [{$ref: "#"}], type: string}`, `"a"`, `1`},
		{`{anyOf: [{$ref: "#"}, {type: string}]}`, `"a"`, ``},
		{`{oneOf: [{$ref: "#/$defs/a"}], $defs: {a: {$ref: "#/$defs/b"}, b: {$ref: "#/$defs/a", minimum: 3}}}`, `3`, `2`},
		{`{if: {$ref: "#"}, then: {type: string}}`, `"a"`, `1`},
		{`{$dynamicAnchor: x, $dynamicRef: "#x"}`, `1`, ``},
		{`{$dynamicAnchor: x, $dynamicRef: "#x", type: string}`, `"a"`, `1`},
		{`{$ref: "#/$defs/a", $defs: {a: {oneOf: [{$ref: "#/$defs/b"}], discriminator: {propertyName: k}}, b: {$ref: "#/$defs/a", type: [object, string], required: [k]}}}`, `{"k":"b"}`, `1`},
		{`{$ref: "#/$defs/a", $defs: {a: {oneOf: [{$ref: "#/$defs/b"}], discriminator: {propertyName: k}}, b: {$ref: "#/$defs/a", type: [object, string], required: [k]}}}`, `"a"`, `{}`},
		{`{properties: {a: {$ref: "#"}}, required: [b]}`, `{"b":1,"a":{"b":1}}`, `{"b":1,"a":{}}`},
	}
	for _, test := range tests {
		for _, dialect := range []schema.Dialect{schema.Draft202012, schema.OpenAPI31} {
			s, _ := compile(t, dialect, test.schema, "")
			if test.good != "" {
				if vs := s.Check(value(t, test.good), schema.Options{}); len(vs) > 0 {
					t.Errorf("%s with %s: %v", test.schema, test.good, vs)
				}
			}
			if test.bad != "" {
				if vs := s.Check(value(t, test.bad), schema.Options{}); len(vs) == 0 {
					t.Errorf("%s with %s passes", test.schema, test.bad)
				}
			}
		}
	}
	s, _ := compile(t, schema.OpenAPI31, `{items: {$ref: "#"}, maxItems: 1}`, "")
	var deep any = []any{}
	for range 100_000 {
		deep = []any{deep}
	}
	if vs := s.Check(deep, schema.Options{}); len(vs) != 1 || vs[0].Keyword != "complexity" {
		t.Errorf("got %v", vs)
	}
}

// A long chain of references is no deep recursion while it is compiled.
func TestLongChain(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"$defs":{`)
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&b, `"s%d":{"$ref":"#/$defs/s%d"},`, i, i+1)
	}
	fmt.Fprintf(&b, `"s%d":{"type":"string"}},"$ref":"#/$defs/s0"}`, n)
	within(t, time.Minute, func() {
		s, ds := compile(t, schema.Draft202012, b.String(), "")
		if len(ds) > 0 {
			t.Error(ds[0])
		}
		if vs := s.Check("a", schema.Options{}); len(vs) != 1 || vs[0].Keyword != "complexity" {
			t.Errorf("got %v", vs)
		}
	})
}

func TestUniqueItemsIsNotQuadratic(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, `{uniqueItems: true}`, "")
	objects, numbers := make([]any, 100_000), make([]any, 100_000)
	for i := range objects {
		objects[i] = map[string]any{"id": json.Number(fmt.Sprint(i)), "name": "x"}
		numbers[i] = json.Number(fmt.Sprint(i))
	}
	within(t, time.Minute, func() {
		if !s.Valid(objects, schema.Both) || !s.Valid(numbers, schema.Both) {
			t.Error("unique items are refused")
		}
		numbers[99_999] = json.Number("5e0")
		vs := s.Check(numbers, schema.Options{})
		if len(vs) != 1 || vs[0].Message != "items 5 and 99999 are equal (5e0)" {
			t.Errorf("got %v", vs)
		}
		objects[99_999] = map[string]any{"name": "x", "id": json.Number("7.0")}
		if s.Valid(objects, schema.Both) {
			t.Error("equal objects pass")
		}
	})
}

// A pattern that takes too long is an answer of its own, never "valid".
func TestSlowPattern(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, `{pattern: '^(?=(a+)+$)(a+)+$'}`, "")
	text := strings.Repeat("a", 50_000) + "!"
	within(t, time.Minute, func() {
		vs := s.Check(text, schema.Options{})
		if len(vs) != 1 {
			t.Errorf("got %.200v", vs)
		}
	})
	if n, _ := compile(t, schema.OpenAPI31, `{not: {pattern: '^(?=(a+)+$)(a+)+$'}}`, ""); n.Valid(text, schema.Both) {
		if vs := n.Check(text, schema.Options{}); len(vs) > 0 && vs[0].Keyword == "complexity" {
			t.Error("a check that was given up is valid")
		}
	}
}

func TestValidDoesNotAllocate(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI30, orders, "/components/schemas/Order")
	v := value(t, order(1000))
	if vs := s.Check(v, schema.Options{}); len(vs) > 0 {
		t.Fatal(vs)
	}
	if n := testing.AllocsPerRun(100, func() { s.Valid(v, schema.Request) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
