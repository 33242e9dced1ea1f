package xml_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"standin/mock/internal/fake"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// maker makes schemas whose values are told apart as XML: nowhere may one text be of two types.
type maker struct {
	*rand.Rand
	names int
}

func pick[T any](m *maker, list ...T) T { return list[m.IntN(len(list))] }

func (m *maker) coin() bool { return m.IntN(2) == 0 }

// scalar makes the schema of a text.
func (m *maker) scalar() map[string]any {
	return pick(m,
		map[string]any{"type": "string"}, map[string]any{"type": "integer"}, map[string]any{"type": "number", "multipleOf": 0.25},
		map[string]any{"type": "boolean"}, map[string]any{"type": []any{"integer", "null"}}, map[string]any{"enum": []any{"a b", "<", "7"}},
		map[string]any{"type": "string", "format": "date-time"}, map[string]any{"type": "string", "maxLength": 2}, map[string]any{"const": 4},
	)
}

// label makes an XML Object, with names that are used once.
func (m *maker) label(s map[string]any, kinds ...string) {
	x := map[string]any{}
	if m.coin() {
		m.names++
		x["name"] = pick(m, "n%d", "a-b.%d", "é%d", "p:q%d")
		x["name"] = fmt.Sprintf(x["name"].(string), m.names)
	}
	if m.IntN(3) == 0 {
		x["namespace"] = pick(m, "urn:a", "urn:b&\"")
		if m.coin() {
			x["prefix"] = pick(m, "p", "q")
		}
	}
	if len(kinds) > 0 && m.coin() {
		x[pick(m, kinds...)] = true
	}
	if len(x) > 0 {
		s["xml"] = x
	}
}

func (m *maker) schema(depth int) map[string]any {
	var s map[string]any
	switch kind := m.IntN(4); {
	case depth <= 0 || kind == 0:
		s = m.scalar()
		m.label(s, "attribute")
	case kind == 1:
		s = map[string]any{"type": "array", "items": m.schema(depth - 1)}
		m.label(s, "wrapped")
	default:
		s = m.object(depth)
		m.label(s)
	}
	return s
}

func (m *maker) object(depth int) map[string]any {
	properties, required := map[string]any{}, []any{}
	for range m.IntN(5) {
		m.names++
		name := fmt.Sprintf(pick(m, "p%d", "with space %d", "_x%d_y", "名%d", "1st%d"), m.names)
		properties[name] = m.schema(depth - 1)
		if m.coin() || properties[name].(map[string]any)["type"] == "array" { // a list of nothing leaves no trace
			required = append(required, name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "required": required}
	switch m.IntN(5) {
	case 0:
		s["additionalProperties"] = m.scalar()
	case 1:
		s["allOf"] = []any{m.object(0)}
	case 2:
		s["oneOf"] = []any{
			map[string]any{"required": []any{"kind", "v"}, "properties": map[string]any{"kind": map[string]any{"const": "i"}, "v": map[string]any{"type": "integer"}}},
			map[string]any{"required": []any{"kind", "v"}, "properties": map[string]any{"kind": map[string]any{"const": "s"}, "v": map[string]any{"type": "string"}}},
		}
	default:
		s["additionalProperties"] = false
	}
	return s
}

// TestRoundTrip writes values of random schemas, and reads the same ones back.
func TestRoundTrip(t *testing.T) {
	g := fake.New()
	done := 0
	for n := range uint64(1000) {
		m := &maker{Rand: rand.New(rand.NewPCG(7, n))}
		text, err := json.Marshal(m.object(3))
		if err != nil {
			t.Fatal(err)
		}
		s := named(t, "T", string(text))
		value, err := g.Value(s, fake.Options{Seed: n, Direction: schema.Response})
		if err != nil {
			continue
		}
		done++
		written, err := xml.Encode(value, s)
		if err != nil {
			t.Fatalf("%s: %v: %v", text, value, err)
		}
		back, faults, err := xml.Decode(written, s, schema.Response)
		if err != nil || len(faults) > 0 || !schema.Equal(back, value) {
			was, _ := json.Marshal(value)
			is, _ := json.Marshal(back)
			t.Fatalf("%d: schema %s\n%s\n%s\n%s\n%v %v", n, text, was, written, is, faults, err)
		}
	}
	if done < 800 {
		t.Errorf("only %d of 1000 schemas have a value", done)
	}
}
