package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

const everyday = `
components:
  schemas:
    Everyday:
      type: object
      required: [id, extra]
      properties:
        id: {type: string, format: uuid}
        n: {type: integer, minimum: 1, maximum: 99}
        i32: {type: integer, format: int32}
        price: {type: number, multipleOf: 0.01, exclusiveMaximum: 100}
        kind: {enum: [a, b, 3]}
        one: {const: 1}
        maybe: {anyOf: [{type: string, maxLength: 3}, {type: "null"}]}
        either: {oneOf: [{type: array, items: {type: integer}}, {type: boolean}]}
        both: {allOf: [{type: object, properties: {x: {type: string}}}, {required: [y]}]}
        tags: {type: array, items: {type: string, minLength: 1}, uniqueItems: true, maxItems: 3}
        pair: {prefixItems: [{type: string}, {type: integer}], items: false}
        closed: {type: object, additionalProperties: false, properties: {a: true}, minProperties: 1}
        map: {type: object, additionalProperties: {type: integer}}
        text: {type: string, pattern: "^[a-zé]*$"}
        self: {$ref: "#/components/schemas/Everyday"}
        unlike: {not: {type: string}}
        free: true
`

func TestAccept(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, everyday, "/components/schemas/Everyday")
	with := func(member string) string {
		return `{"id":"3f333df6-90a4-4fda-8dd3-9485d27cee36","extra":0,` + member + `}`
	}
	accepted := []string{
		`"n":1`, `"n":1.0`, `"n":9.9e1`, `"i32":-2147483648`, `"price":99.99`, `"kind":"a"`, `"kind":3.0`, `"one":1.00`,
		`"maybe":null`, `"maybe":"日本語"`, `"maybe":"\u65e5\ud83d\ude00\n"`, `"either":[1,2]`, `"either":true`, `"both":{"x":"","y":1}`,
		`"tags":["a","b"]`, `"tags":[]`, `"tags":["\u0061","b"]`, `"pair":["a",1]`, `"closed":{"a":{"b":[1,{}]}}`, `"map":{"x":1,"y":2}`,
		`"text":"é"`, `"text":"\u00e9"`, `"unlike":1`, `"free":{"a":[null,true,false,-0.5e-3,"\/"]}`, `"cl\u006fsed":{"a":1}`, " \"n\" :\t1\r\n",
		`"self":{"id":"3f333df6-90a4-4fda-8dd3-9485d27cee36","extra":[]}`,
	}
	for _, member := range accepted {
		text := []byte(with(member))
		if vs := s.Check(value(t, string(text)), schema.Options{}); len(vs) > 0 {
			t.Errorf("%s is refused: %v", member, vs)
		}
		if !s.Accept(text, schema.Both) {
			t.Errorf("%s is not accepted", member)
		}
		if !s.Accept([]byte("\xef\xbb\xbf \n"+string(text)+" "), schema.Both) {
			t.Errorf("%s is not accepted after a byte order mark", member)
		}
	}
	refused := []string{
		`"n":0`, `"n":1.5`, `"n":100`, `"n":"1"`, `"n":01`, `"n":1.`, `"n":-`, `"n":+1`, `"n":1e`, `"n":1e9999`, `"i32":2147483648`, `"price":0.001`,
		`"kind":"c"`, `"kind":4`, `"kind":null`, `"one":2`, `"maybe":"abcd"`, `"maybe":1`, `"either":["a"]`, `"both":{"x":""}`, `"both":{"x":1,"y":1}`,
		`"tags":["a","a"]`, `"tags":["a","\u0061"]`, `"tags":["a","b","c","d"]`, `"tags":[""]`, `"pair":[1]`, `"pair":["a",1,2]`, `"closed":{}`, `"closed":{"b":1}`,
		`"map":{"x":""}`, `"map":{"x":1,"x":1}`, `"text":"É"`, `"text":"\u00c9"`, `"unlike":"a"`, `"self":{}`, `"self":null`,
		`"id":"3f333df6-90a4-4fda-8dd3-9485d27cee36"`, `"i\u0064":1`, `"extra":1`, `"free":{"a":1,"a":1}`, `"free":{"a":1,"\u0061":1}`,
		`"free":"` + "\x01" + `"`, `"free":"` + "\xff" + `"`, `"free":"\x"`, `"free":"\u12g4"`, `"free":"a`, `"free":[1,]`, `"free":{"a":1,}`, `"free":{,}`, `"free":[1 2]`,
		`"free":{"a" 1}`, `"free":{1:1}`, `"free":nul`, `"free":truefalse`, `"free":`, `"free"`, ``, `"free":[`, `"free":]`, `"free":'a'`,
		`"free":` + strings.Repeat("[", 300) + strings.Repeat("]", 300),
	}
	for _, member := range refused {
		if text := []byte(with(member)); s.Accept(text, schema.Both) {
			t.Errorf("%s is accepted", member)
		}
	}
	for _, text := range []string{``, ` `, `{}`, `null`, with(`"n":1`) + "x", with(`"n":1`) + "\x00", `{"id":"3f333df6-90a4-4fda-8dd3-9485d27cee36"}`} {
		if s.Accept([]byte(text), schema.Both) {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestAcceptByDirection(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI30, `{required: [a, b], properties: {a: {readOnly: true}, b: {writeOnly: true}}, nullable: true, type: object}`, "")
	for text, want := range map[string][3]bool{
		`{"a":1,"b":1}`: {true, true, true}, `{"a":1}`: {false, false, true}, `{"b":1}`: {false, true, false}, `null`: {true, true, true},
	} {
		for d, w := range want {
			if got := s.Accept([]byte(text), schema.Direction(d)); got != w {
				t.Errorf("%s in direction %d: %v", text, d, got)
			}
		}
	}
}

// Many properties, declared and not, fit or fall back; the answer is the same.
func TestAcceptManyProperties(t *testing.T) {
	for _, n := range []int{9, 64, 65, 200, 256, 257} {
		var b strings.Builder
		b.WriteString(`{"type":"object","required":["p0","z"],"properties":{`)
		for i := range n {
			fmt.Fprintf(&b, `"p%d":{"type":"integer"},`, i)
		}
		b.WriteString(`"last":true}}`)
		s, _ := compile(t, schema.OpenAPI31, b.String(), "")
		var v strings.Builder
		v.WriteString(`{"z":1`)
		for i := n - 1; i >= 0; i-- {
			fmt.Fprintf(&v, `,"p%d":%d`, i, i)
		}
		if !s.Accept([]byte(v.String()+"}"), schema.Both) {
			t.Errorf("%d properties are not accepted", n)
		}
		if s.Accept([]byte(v.String()+`,"p0":1}`), schema.Both) {
			t.Errorf("a duplicate of %d properties is accepted", n)
		}
	}
	s, _ := compile(t, schema.OpenAPI31, `{additionalProperties: {type: integer}}`, "")
	var v strings.Builder
	for i := range 200 {
		fmt.Fprintf(&v, `,"k%d":%d`, i, i)
	}
	if !s.Accept([]byte("{"+v.String()[1:]+"}"), schema.Both) || s.Accept([]byte("{"+v.String()[1:]+`,"k0":1}`), schema.Both) {
		t.Error("a map of 200 entries")
	}
}

func TestAcceptDoesNotAllocate(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI30, orders, "/components/schemas/Order")
	for _, size := range []int{100, 1000, 10_000} {
		text := []byte(order(size))
		if n := testing.AllocsPerRun(100, func() { s.Accept(text, schema.Request) }); n > 0 {
			t.Errorf("%v allocations for %d bytes", n, len(text))
		}
	}
}

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
	ref := func() any { return map[string]any{"$ref": pick(m, "#/$defs/a", "#/$defs/b", "#/$defs/c", "#", "other")} }
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
