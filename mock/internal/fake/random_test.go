package fake_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"standin/mock/internal/fake"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// maker makes schemas.
type maker struct {
	*rand.Rand
	flat bool // without references
}

func oneOf[T any](m maker, list ...T) T { return list[m.IntN(len(list))] }

func (m maker) coin(n int) bool { return m.IntN(n) == 0 }

var (
	someNames    = []string{"a", "b", "ab", "x-c", "long name"}
	someStrings  = []string{"", "a", "b", "ab", "abc", "日本語", "1", "a@b.de"}
	someNumbers  = []string{"0", "1", "1.0", "2", "-1", "0.1", "100", "1.5", "3", "-2.50", "9007199254740993", "12345678901234567890123", "1E-2"}
	somePatterns = []string{"^a", "b$", "^[a-z]*$", "^x-", ".", "^$", "a|b", "^[A-Z]{2}-\\d+$"}
)

func (m maker) value(depth int) any {
	kind := m.IntN(6)
	if depth <= 0 {
		kind = m.IntN(4)
	}
	switch kind {
	case 0:
		return oneOf[any](m, nil, true, false)
	case 1:
		return json.Number(oneOf(m, someNumbers...))
	case 2, 3:
		return oneOf(m, someStrings...)
	case 4:
		items := []any{}
		for range m.IntN(4) {
			items = append(items, m.value(depth-1))
		}
		return items
	}
	members := map[string]any{}
	for range m.IntN(4) {
		members[oneOf(m, someNames...)] = m.value(depth - 1)
	}
	return members
}

func (m maker) list(depth int) []any {
	list := []any{}
	for range 1 + m.IntN(3) {
		list = append(list, m.schema(depth))
	}
	return list
}

func (m maker) named(depth int, names []string) map[string]any {
	entries := map[string]any{}
	for range 1 + m.IntN(3) {
		entries[oneOf(m, names...)] = m.schema(depth)
	}
	return entries
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

// schema is one of a few keywords of all kinds.
func (m maker) schema(depth int) any {
	if m.coin(20) {
		return !m.coin(3)
	}
	s := map[string]any{}
	if depth <= 0 {
		m.scalar(s)
		return s
	}
	for range 1 + m.IntN(3) {
		oneOf(m, func() { m.scalar(s) }, func() { m.array(s, depth-1) }, func() { m.object(s, depth-1) }, func() { m.places(s, depth-1) })()
	}
	return s
}

func (m maker) scalar(s map[string]any) {
	switch m.IntN(10) {
	case 0, 1, 2:
		s["type"] = oneOf[any](m, "null", "boolean", "integer", "number", "string", "array", "object", []any{"string", "null"}, []any{"object", "integer"})
	case 3:
		values := []any{m.value(1)}
		if v := m.value(1); !schema.Equal(v, values[0]) {
			values = append(values, v)
		}
		s["enum"] = values
	case 4:
		s["const"] = m.value(1)
	case 5:
		s[oneOf(m, "minLength", "maxLength")] = m.IntN(4)
	case 6:
		s["pattern"] = oneOf(m, somePatterns...)
	case 7, 8:
		s[oneOf(m, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")] = json.Number(oneOf(m, someNumbers...))
	case 9:
		s["multipleOf"] = json.Number(oneOf(m, "1", "2", "0.1", "0.01", "1e2", "3", "1.5"))
	}
}

func (m maker) array(s map[string]any, depth int) {
	switch m.IntN(7) {
	case 0, 1:
		s["items"] = m.schema(depth)
	case 2:
		s["prefixItems"] = m.list(depth)
	case 3:
		s["contains"] = m.schema(depth)
		s[oneOf(m, "minContains", "maxContains")] = m.IntN(3)
	case 4:
		s[oneOf(m, "minItems", "maxItems")] = m.IntN(4)
	case 5:
		s["uniqueItems"] = true
	case 6:
		s["unevaluatedItems"] = m.schema(depth)
	}
}

func (m maker) object(s map[string]any, depth int) {
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
		s[oneOf(m, "minProperties", "maxProperties")] = m.IntN(4)
	case 8:
		s["dependentRequired"] = map[string]any{oneOf(m, someNames...): m.names()}
	case 9:
		s["unevaluatedProperties"] = m.schema(depth)
	}
}

func (m maker) places(s map[string]any, depth int) {
	switch m.IntN(8) {
	case 0, 1:
		s["allOf"] = m.list(depth)
	case 2:
		s["anyOf"] = m.list(depth)
	case 3:
		s["oneOf"] = m.list(depth)
	case 4:
		s["not"] = m.schema(depth)
	case 5:
		s["if"], s["then"], s["else"] = m.schema(depth), m.schema(depth), m.schema(depth)
	case 6:
		s["dependentSchemas"] = m.named(depth, someNames)
	case 7:
		if !m.flat {
			s["$ref"] = oneOf(m, "#/$defs/a", "#/$defs/b")
		}
	}
}

func (m maker) root() []byte {
	s, isObject := m.schema(3).(map[string]any)
	if !isObject {
		s = map[string]any{}
	}
	m.flat = true // references in circles are refused by the oracle
	s["$defs"] = map[string]any{"a": m.schema(1), "b": m.schema(2)}
	text, _ := json.Marshal(s)
	return text
}

// oracle compiles the same schema with another implementation; nil where that refuses it, e.g. for references in circles.
func oracle(text []byte) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("test:///schema", doc); err != nil {
		return nil
	}
	s, err := c.Compile("test:///schema")
	if err != nil {
		return nil
	}
	return s
}

// satisfy makes a value for a random schema. It tells whether one was made, and whether one exists among random values.
func satisfy(t testing.TB, g *fake.Generator, m maker) (made, exists bool) {
	t.Helper()
	text := m.root()
	n, err := source.Parse("s.json", text, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s := schema.NewCompiler(nil, schema.Draft202012).Compile("test:///s", n)
	v, err := g.Value(s, fake.Options{Seed: m.Uint64()})
	if err != nil {
		var u *fake.Unsatisfiable
		if !errors.As(err, &u) || u.Message == "" {
			t.Fatalf("%#v", err)
		}
		for range 300 {
			if v := m.value(2); s.Valid(v, schema.Both) {
				t.Logf("not found: %s keeps %s, but: %v", write(t, v), text, err)
				return false, true
			}
		}
		return false, false
	}
	if vs := s.Check(v, schema.Options{}); len(vs) > 0 {
		t.Fatalf("%s is not valid for %s: %v", write(t, v), text, vs)
	}
	if theirs := oracle(text); theirs != nil {
		if err := theirs.Validate(v); err != nil {
			t.Fatalf("%s is not valid for %s says the oracle: %v", write(t, v), text, err)
		}
	}
	return true, true
}

// What is made for random schemas is valid, and nearly all that can be satisfied is.
func TestRandomSchemas(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	g := fake.New()
	made, missed := 0, 0
	for i := range rounds {
		done, exists := satisfy(t, g, maker{Rand: rand.New(rand.NewPCG(5, uint64(i)))})
		if done {
			made++
		} else if exists {
			missed++
		}
	}
	t.Logf("%d of %d made, %d missed that random values satisfy", made, rounds, missed)
	if missed*200 > rounds {
		t.Errorf("%d of %d schemas were given up though a value exists", missed, rounds)
	}
}
