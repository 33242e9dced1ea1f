package schema_test

import (
	"fmt"
	"strings"
	"testing"

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
	b, _ := compile(t, schema.OpenAPI30, baskets, "/components/schemas/Basket")
	for _, size := range []int{100, 1000, 10_000} {
		for text, s := range map[string]*schema.Schema{order(size): s, basket(size): b} {
			text := []byte(text)
			if !s.Accept(text, schema.Request) {
				t.Errorf("%s is not accepted", text)
			}
			if n := testing.AllocsPerRun(100, func() { s.Accept(text, schema.Request) }); n > 0 {
				t.Errorf("%v allocations for %d bytes", n, len(text))
			}
		}
	}
	if s := basket(600); b.Accept([]byte(s), schema.Response) || b.Accept([]byte(s), schema.Both) {
		t.Error("a response without its readOnly number is accepted")
	}
}
