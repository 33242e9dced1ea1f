package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// A text that says the same as another in a roundabout way: white space, escapes, numbers with more digits.
func (m maker) write(b *bytes.Buffer, v any) {
	if m.coin(4) {
		b.WriteString(pick(m, " ", "\n", "\t\r "))
	}
	switch v := v.(type) {
	case string:
		m.writeString(b, v)
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			m.write(b, item)
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		first := true
		for name, member := range v {
			if !first {
				b.WriteByte(',')
			}
			first = false
			m.writeString(b, name)
			b.WriteByte(':')
			m.write(b, member)
		}
		b.WriteByte('}')
	default:
		text, _ := json.Marshal(v)
		b.Write(text)
	}
	if m.coin(4) {
		b.WriteByte(' ')
	}
}

func (m maker) writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r > 0xFFFF:
			b.WriteRune(r)
		case r < 0x20 || r == '"' || r == '\\' || m.coin(9):
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// damage changes a byte or two of a text.
func (m maker) damage(text []byte) []byte {
	text = bytes.Clone(text)
	for range 1 + m.IntN(2) {
		i := m.IntN(len(text))
		switch m.IntN(3) {
		case 0:
			text[i] = pick(m, byte('"'), '{', '}', '[', ']', ',', ':', '0', '1', 'e', '-', '.', ' ', '\\', 'u', 0xff, 0, 'a')
		case 1:
			text = append(text[:i], text[min(len(text), i+1+m.IntN(3)):]...)
		case 2:
			text = append(text[:i], append(bytes.Clone(text[i:min(len(text), i+1+m.IntN(6))]), text[i:]...)...)
		}
		if len(text) == 0 {
			return text
		}
	}
	return text
}

// wild is a whole schema whose definitions refer to one another, in circles too, with discriminators, nullable, directions,
// and dynamic references across two resources.
func (m maker) wild() map[string]any {
	definition := func() any {
		s, isObject := m.schema(2).(map[string]any)
		if !isObject {
			s = map[string]any{}
		}
		for range m.IntN(3) {
			m.wildKeyword(s)
		}
		return s
	}
	s := map[string]any{"properties": map[string]any{"a": definition(), "b": definition(), "x-c": map[string]any{"$ref": "#/$defs/" + pick(m, "a", "b")}}}
	for range 1 + m.IntN(3) {
		m.wildKeyword(s)
	}
	if m.coin(2) {
		s["$dynamicAnchor"] = "node"
	}
	s["$defs"] = map[string]any{
		"a": definition(), "b": definition(), "c": definition(),
		"other": map[string]any{"$id": "other", "$dynamicAnchor": "node", "$defs": map[string]any{"a": definition(), "b": definition(), "c": definition()},
			"properties": map[string]any{"a": definition(), "b": map[string]any{"$dynamicRef": "#node"}}},
	}
	return s
}

func (m maker) wildKeyword(s map[string]any) {
	ref := func() any {
		return map[string]any{"$ref": pick(m, "#/$defs/a", "#/$defs/b", "#/$defs/c", "#", "other")}
	}
	switch m.IntN(9) {
	case 0, 1:
		s[pick(m, "oneOf", "anyOf")] = []any{ref(), ref()}
		s["discriminator"] = map[string]any{"propertyName": pick(m, someNames...)}
	case 2:
		s["discriminator"] = map[string]any{"propertyName": "a", "mapping": map[string]any{"a": "#/$defs/b", "b": pick(m, "a", "c")}}
	case 3:
		s["allOf"] = []any{ref(), m.schema(1)}
	case 4:
		s["nullable"] = true
	case 5:
		s["required"] = m.names()
		s["properties"] = map[string]any{"a": map[string]any{"readOnly": true}, "b": map[string]any{"writeOnly": m.coin(2), "nullable": m.coin(2), "type": "string"}}
	case 6:
		s["$dynamicRef"] = pick(m, "#node", "other#node")
	case 7:
		s[pick(m, "items", "additionalProperties", "not", "contains", "if")] = ref()
	case 8:
		s["oneOf"] = []any{ref(), ref(), m.schema(1)}
	}
}

// What is accepted is JSON and valid, whatever the schema and however the text is written or damaged.
func acceptsOnlyValid(t testing.TB, m maker) (accepted, valid int) {
	t.Helper()
	root := m.root()
	if m.coin(2) {
		root = m.wild()
	}
	doc, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	n, err := source.Parse("s.json", doc, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s := schema.NewCompiler(nil, pick(m, schema.Draft202012, schema.OpenAPI31, schema.OpenAPI30)).Compile("s", n)
	d := pick(m, schema.Both, schema.Request, schema.Response)
	for range 10 {
		var b bytes.Buffer
		m.write(&b, m.value(3))
		text := b.Bytes()
		if m.coin(2) {
			text = m.damage(text)
		}
		got := s.Accept(text, d)
		v, err := source.DecodeJSON(text, source.Limits{})
		want := err == nil && s.Valid(v, d)
		if got && !want {
			t.Fatalf("accepted, though wrong (%v):\nschema %s\ntext   %q\n%v", err, doc, text, s.Check(v, schema.Options{Direction: d}))
		}
		if got {
			accepted++
		}
		if want {
			valid++
		}
	}
	return accepted, valid
}

func TestAcceptsOnlyValid(t *testing.T) {
	accepted, valid := 0, 0
	for i := range 5000 {
		a, v := acceptsOnlyValid(t, maker{rand.New(rand.NewPCG(2, uint64(i)))})
		accepted, valid = accepted+a, valid+v
	}
	if accepted < valid*9/10 {
		t.Errorf("only %d of %d valid texts are accepted", accepted, valid)
	}
	t.Logf("%d of %d valid texts are accepted", accepted, valid)
}

func FuzzAccept(f *testing.F) {
	for i := range uint64(20) {
		f.Add(i, i*i)
	}
	f.Add(uint64(170), uint64(368)) // a child's parent that leads back to itself
	f.Fuzz(func(t *testing.T, a, b uint64) { acceptsOnlyValid(t, maker{rand.New(rand.NewPCG(a, b))}) })
}

func FuzzAcceptText(f *testing.F) {
	s, _ := compile(f, schema.OpenAPI31, everyday, "/components/schemas/Everyday")
	o, _ := compile(f, schema.OpenAPI30, orders, "/components/schemas/Order")
	f.Add([]byte(order(100)))
	f.Add([]byte(order(1000)))
	f.Add([]byte(`{"id":"3f333df6-90a4-4fda-8dd3-9485d27cee36","extra":0,"both":{"x":"","y":1},"tags":["\ud83d\ude00"],"free":{"a":[1e5,{}]},"maybe":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range []*schema.Schema{s, o} {
			if !s.Accept(text, schema.Request) {
				continue
			}
			v, err := source.DecodeJSON(text, source.Limits{})
			if err != nil || !s.Valid(v, schema.Request) {
				t.Fatalf("accepted %q: %v %v", text, err, s.Check(v, schema.Options{Direction: schema.Request}))
			}
		}
	})
}
