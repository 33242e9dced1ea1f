package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// maker makes schemas and values that have a fair chance to meet.
type maker struct{ *rand.Rand }

func pick[T any](m maker, list ...T) T { return list[m.IntN(len(list))] }

func (m maker) coin(n int) bool { return m.IntN(n) == 0 }

var (
	someNames   = []string{"a", "b", "ab", "x-c", "long name"}
	someStrings = []string{"", "a", "b", "ab", "abc", "a b", "日本語", "😀", "1", "\u0000\n\"\\", "a@b.de", "2026-01-02"}
	someNumbers = []string{"0", "-0", "1", "1.0", "2", "-1", "0.1", "1e2", "100", "1.5", "3", "-2.50", "9007199254740993",
		"9007199254740992", "1e400", "12345678901234567890123", "0.30", "1E-2", "99999999999999999999.5", "9223372036854775808"}
	somePatterns = []string{"^a", "b$", "^[a-z]*$", "^x-", ".", "^$", "a|b"}
)

func (m maker) value(depth int) any {
	kind := m.IntN(6)
	if depth <= 0 {
		kind = m.IntN(4)
	}
	switch kind {
	case 0:
		return pick[any](m, nil, true, false)
	case 1:
		return json.Number(pick(m, someNumbers...))
	case 2, 3:
		return pick(m, someStrings...)
	case 4:
		items := []any{}
		for range m.IntN(4) {
			items = append(items, m.value(depth-1))
		}
		return items
	}
	members := map[string]any{}
	for range m.IntN(5) {
		members[pick(m, someNames...)] = m.value(depth - 1)
	}
	return members
}

func (m maker) values(depth int) []any {
	list := []any{}
	for range 1 + m.IntN(3) {
		v := m.value(depth)
		if !contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

func contains(list []any, v any) bool {
	for _, w := range list {
		if schema.Equal(v, w) {
			return true
		}
	}
	return false
}

func (m maker) names() []any {
	names := []any{}
	for _, name := range someNames {
		if m.coin(3) {
			names = append(names, name)
		}
	}
	return names
}

func (m maker) schemas(depth int) []any {
	list := []any{}
	for range 1 + m.IntN(3) {
		list = append(list, m.schema(depth))
	}
	return list
}

func (m maker) named(depth int, names []string) map[string]any {
	entries := map[string]any{}
	for range 1 + m.IntN(3) {
		entries[pick(m, names...)] = m.schema(depth)
	}
	return entries
}

// schema of some keywords; simple keeps to those that the one-pass acceptor knows itself.
func (m maker) schema(depth int) any {
	if m.coin(12) {
		return m.coin(3) == false
	}
	s := map[string]any{}
	if depth <= 0 {
		m.scalarKeyword(s)
		return s
	}
	for range 1 + m.IntN(3) {
		switch m.IntN(4) {
		case 0:
			m.scalarKeyword(s)
		case 1:
			m.arrayKeyword(s, depth-1)
		case 2:
			m.objectKeyword(s, depth-1)
		case 3:
			m.placeKeyword(s, depth-1)
		}
	}
	return s
}

func (m maker) scalarKeyword(s map[string]any) {
	switch m.IntN(12) {
	case 0, 1, 2:
		s["type"] = pick[any](m, "null", "boolean", "integer", "number", "string", "array", "object", []any{"string", "null"}, []any{"object", "integer"})
	case 3:
		s["enum"] = m.values(1)
	case 4:
		s["const"] = m.value(1)
	case 5:
		s[pick(m, "minLength", "maxLength")] = m.IntN(3)
	case 6:
		s["pattern"] = pick(m, somePatterns...)
	case 7, 8:
		s[pick(m, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")] = json.Number(pick(m, someNumbers...))
	case 9:
		s["multipleOf"] = json.Number(pick(m, "1", "2", "0.1", "0.01", "1e2", "3", "1.5"))
	case 10:
		s["$ref"] = pick(m, "#/$defs/a", "#/$defs/b")
	case 11:
		s["title"] = "nothing"
	}
}

func (m maker) arrayKeyword(s map[string]any, depth int) {
	switch m.IntN(7) {
	case 0, 1:
		s["items"] = m.schema(depth)
	case 2:
		s["prefixItems"] = m.schemas(depth)
	case 3:
		s["contains"] = m.schema(depth)
		s[pick(m, "minContains", "maxContains")] = m.IntN(3)
	case 4:
		s[pick(m, "minItems", "maxItems")] = m.IntN(4)
	case 5:
		s["uniqueItems"] = true
	case 6:
		s["unevaluatedItems"] = m.schema(depth)
	}
}

func (m maker) objectKeyword(s map[string]any, depth int) {
	switch m.IntN(10) {
	case 0, 1, 2:
		s["properties"] = m.named(depth, someNames)
	case 3:
		s["required"] = m.names()
	case 4:
		s["additionalProperties"] = m.schema(depth)
	case 5:
		s["patternProperties"] = m.named(depth, somePatterns)
	case 6:
		s["propertyNames"] = m.schema(0)
	case 7:
		s[pick(m, "minProperties", "maxProperties")] = m.IntN(4)
	case 8:
		s["dependentRequired"] = map[string]any{pick(m, someNames...): m.names()}
	case 9:
		s["unevaluatedProperties"] = m.schema(depth)
	}
}

func (m maker) placeKeyword(s map[string]any, depth int) {
	switch m.IntN(7) {
	case 0, 1:
		s["allOf"] = m.schemas(depth)
	case 2:
		s["anyOf"] = m.schemas(depth)
	case 3:
		s["oneOf"] = m.schemas(depth)
	case 4:
		s["not"] = m.schema(depth)
	case 5:
		s["if"], s["then"], s["else"] = m.schema(depth), m.schema(depth), m.schema(depth)
	case 6:
		s["dependentSchemas"] = m.named(depth, someNames)
	}
}

// root is a whole schema, whose definitions refer to no others in circles.
func (m maker) root() map[string]any {
	s, isObject := m.schema(3).(map[string]any)
	if !isObject {
		s = map[string]any{}
	}
	without := func(v any) any {
		text, _ := json.Marshal(v)
		text = bytes.ReplaceAll(text, []byte(`"$ref":"#/$defs/a"`), []byte(`"$comment":""`))
		return json.RawMessage(bytes.ReplaceAll(text, []byte(`"$ref":"#/$defs/b"`), []byte(`"$comment":""`)))
	}
	s["$defs"] = map[string]any{"a": without(m.schema(2)), "b": without(m.schema(2))}
	return s
}

// oracle compiles the same schema with another implementation.
func oracle(t testing.TB, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("test:///schema", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("test:///schema")
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return s
}

// agree checks that we judge values as the oracle does, by every entrance.
func agree(t testing.TB, m maker) {
	t.Helper()
	text, err := json.Marshal(m.root())
	if err != nil {
		t.Fatal(err)
	}
	n, err := source.Parse("s.json", text, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	c := schema.NewCompiler(nil, schema.Draft202012)
	ours, theirs := c.Compile("test:///schema", n), oracle(t, text)
	for range 10 {
		v := m.value(3)
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want := theirs.Validate(v) == nil
		if got := ours.Valid(v, schema.Both); got != want {
			t.Fatalf("Valid is %v, the oracle says %v:\nschema %s\nvalue  %s", got, want, text, body)
		}
		if vs := ours.Check(v, schema.Options{}); (len(vs) == 0) != want {
			t.Fatalf("Check is %v, the oracle says %v:\nschema %s\nvalue  %s", vs, want, text, body)
		}
		if ours.Accept(body, schema.Both) && !want {
			t.Fatalf("accepted, though not valid:\nschema %s\nvalue  %s", text, body)
		}
	}
}

func TestAgainstOracle(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for i := range rounds {
		agree(t, maker{rand.New(rand.NewPCG(1, uint64(i)))})
	}
}

func FuzzAgainstOracle(f *testing.F) {
	for i := range uint64(20) {
		f.Add(i, i*i)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) { agree(t, maker{rand.New(rand.NewPCG(a, b))}) })
}

// Any JSON text may stand where a schema should: it compiles, with diagnostics, and checks end.
func FuzzCompile(f *testing.F) {
	for _, text := range []string{
		`{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}`, `{"$ref":"#/allOf/0","allOf":[{"$ref":"#"}]}`,
		`{"oneOf":[{"$ref":"#/oneOf/1"},{"const":1}],"discriminator":{"propertyName":"a","mapping":{"x":"#/oneOf/1"}}}`,
		`{"$id":"urn:x","$dynamicAnchor":"n","items":{"$dynamicRef":"#n"},"unevaluatedItems":false}`, `{"minimum":"1e999999","maxLength":1e300}`,
		`{"type":["string",3],"enum":{},"items":[[]],"pattern":"[","nullable":1,"format":2,"$schema":"x","$anchor":"a b"}`,
		`{"dependencies":{"a":["b"],"b":{"if":true,"then":false}},"propertyNames":{"pattern":"^(?=a)"}}`,
	} {
		f.Add([]byte(text), []byte(`{"a":[1,"b",null,{"a":2.50}]}`), uint8(0))
		f.Add([]byte(text), []byte(`"a"`), uint8(2))
	}
	f.Fuzz(func(t *testing.T, text, body []byte, d uint8) {
		n, err := source.Parse("s.json", text, source.Limits{Depth: 30})
		if err != nil {
			return
		}
		c := schema.NewCompiler(nil, schema.Dialect(d%4))
		s := c.Compile("test:///s", n)
		for _, diagnostic := range c.Diagnostics() {
			if diagnostic.Message == "" {
				t.Errorf("an empty diagnostic at %v", diagnostic.Position)
			}
		}
		v, err := source.DecodeJSON(body, source.Limits{})
		accepted := s.Accept(body, schema.Request)
		if err != nil {
			if accepted {
				t.Fatalf("accepted %q, which is no JSON: %v", body, err)
			}
			return
		}
		valid := s.Valid(v, schema.Request)
		vs := s.Check(v, schema.Options{Direction: schema.Request, Budget: 100_000})
		if accepted && !valid {
			t.Fatalf("accepted %q, which is not valid: %v", body, vs)
		}
		if valid != (len(vs) == 0) && !(len(vs) == 1 && vs[0].Keyword == "complexity") {
			t.Fatalf("Valid is %v, Check says %v\nschema %s\nvalue %s", valid, vs, text, body)
		}
		_ = fmt.Sprint(vs)
	})
}
