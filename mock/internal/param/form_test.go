package param

import (
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// formOf reads a media type object: {schema, encoding}.
func formOf(t testing.TB, yaml string) (*FormBody, *schema.Schema) {
	t.Helper()
	n := parse(t, yaml)
	encodings := map[string]Encoding{}
	for _, m := range n.Get("encoding").Members() {
		encodings[m.Name] = encodingOf(t, m.Value)
	}
	s := compileSchema(t, n, n.Get("schema"))
	f, err := CompileForm(s, encodings, schema.Request)
	if err != nil {
		t.Fatal(err)
	}
	return f, s
}

func encodingOf(t testing.TB, n *source.Node) Encoding {
	t.Helper()
	style, ok := StyleNamed(n.Get("style").StringOr(""))
	if !ok {
		t.Fatalf("style %s", n.Get("style").Text())
	}
	e := Encoding{ContentType: n.Get("contentType").StringOr(""), Style: style, AllowReserved: n.Get("allowReserved").True()}
	if n.Get("explode") != nil || style != DefaultStyle {
		if e.Style == DefaultStyle {
			e.Style = Form
		}
		e.Explode = e.Style.Explodes(InQuery)
		if x := n.Get("explode"); x != nil {
			e.Explode = x.True()
		}
	}
	return e
}

func TestForms(t *testing.T) {
	object := func(properties string) string { return "{schema: {type: object, properties: {" + properties + "}}}" }
	stripe := object("expand: {type: array, items: {type: string}}, metadata: {anyOf: [{type: object, additionalProperties: {type: string}}, {enum: ['']}]}, " +
		"items: {type: array, items: {type: object, properties: {price: {type: string}, quantity: {type: integer}}}}, created: {anyOf: [{type: object, properties: {gt: {type: integer}}}, {type: integer}]}")
	runForms(t, []row{
		{"scalars", object("a: {type: integer}, b: {type: boolean}, c: {type: string}"), "a=1&b=true&c=x+y%20z", `{"a":1,"b":true,"c":"x y z"}`, ""},
		{"empty body", object("a: {type: integer}"), "", `{}`, ""},
		{"required", "{schema: {type: object, required: [a], properties: {a: {type: string}}}}", "b=1", `{"b":"1"}`, "required"},
		{"wrong type", object("a: {type: integer}"), "a=x", `{"a":"x"}`, "type"},
		{"empty values", object("a: {type: string}, b: {type: array, items: {type: integer}}"), "a=&b=", `{"a":"","b":[]}`, ""},
		{"scalar twice", object("a: {type: integer}"), "a=1&a=2", "!duplicate /a", ""},
		{"array", object("a: {type: array, items: {type: integer}}"), "a=1&a=2", `{"a":[1,2]}`, ""},
		{"array of one", object("a: {type: array, items: {type: integer}}"), "a=1", `{"a":[1]}`, ""},
		{"array with brackets", object("a: {type: array, items: {type: integer}}"), "a[]=1&a%5B%5D=2", `{"a":[1,2]}`, ""},
		{"array with indexes", object("a: {type: array, items: {type: integer}}"), "a[1]=2&a[0]=1", `{"a":[1,2]}`, ""},
		{"a property named with brackets", object("'a[]': {type: array, items: {type: integer}}"), "a[]=1&a[]=2", `{"a[]":[1,2]}`, ""},
		{"nested", stripe, "metadata[k]=v&items[0][price]=1&items[0][quantity]=2&items[1][price]=b&expand[]=x&expand[]=y", `{"expand":["x","y"],"items":[{"price":"1","quantity":2},{"price":"b"}],"metadata":{"k":"v"}}`, ""},
		{"nested without indexes", stripe, "items[][price]=a&items[][quantity]=2&items[][price]=b", `{"items":[{"price":"a","quantity":2},{"price":"b"}]}`, ""},
		{"empty string for an object", stripe, "metadata=", `{"metadata":""}`, ""},
		{"range", stripe, "created[gt]=5", `{"created":{"gt":5}}`, ""},
		{"moment", stripe, "created=5", `{"created":5}`, ""},
		{"undeclared", object("a: {type: integer}"), "x=1&y=2&y=3&z[k]=4", `{"x":"1","y":["2","3"],"z":{"k":"4"}}`, ""},
		{"undeclared refused", "{schema: {type: object, additionalProperties: false, properties: {a: {type: integer}}}}", "a=1&x=1", `{"a":1,"x":"1"}`, "additionalProperties"},
		{"additionalProperties", "{schema: {type: object, additionalProperties: {type: integer}}}", "x=1", `{"x":1}`, ""},
		{"root without type", "{schema: {properties: {a: {type: integer}}}}", "a=1", `{"a":1}`, ""},
		{"root without anything", "{schema: {}}", "a=1&b=x", `{"a":"1","b":"x"}`, ""},
		{"no schema", "{}", "a=1", `{"a":"1"}`, ""},
		{"root allOf", "{schema: {allOf: [{$ref: '#/defs/A'}, {type: object, properties: {b: {type: boolean}}}]}, defs: {A: {type: object, required: [a], properties: {a: {type: integer}}}}}", "a=1&b=true", `{"a":1,"b":true}`, ""},
		{"root anyOf", "{schema: {anyOf: [{type: object, required: [a], properties: {a: {type: integer}}}, {type: object, required: [b], properties: {a: {type: string}, b: {type: integer}}}]}}", "a=x&b=1", `{"a":"x","b":1}`, ""},
		{"root oneOf by a constant", "{schema: {oneOf: [{type: object, required: [k], properties: {k: {const: n}, v: {type: integer}}}, {type: object, required: [k], properties: {k: {const: s}, v: {type: string}}}]}}", "k=s&v=5", `{"k":"s","v":"5"}`, ""},
		{"root anyOf of required", "{schema: {type: object, properties: {a: {type: integer}}, anyOf: [{required: [a]}, {required: [b]}]}}", "a=1", `{"a":1}`, ""},
		{"anyOf of a property", object("a: {anyOf: [{type: boolean}, {type: integer}, {type: array, items: {type: integer}}]}"), "a=5", `{"a":5}`, ""},
		{"anyOf of a property, array", object("a: {anyOf: [{type: boolean}, {type: array, items: {type: integer}}]}"), "a=5&a=6", `{"a":[5,6]}`, ""},
		{"readOnly is not demanded", "{schema: {anyOf: [{type: object, required: [id, n], properties: {id: {type: integer, readOnly: true}, n: {type: integer}}}, {type: object, properties: {n: {type: string}}}]}}", "n=1", `{"n":1}`, ""},
	})
}

func TestFormEncodings(t *testing.T) {
	object := func(properties string) string { return "{schema: {type: object, properties: {" + properties + "}}}" }
	runForms(t, []row{
		{"not exploded", "{schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}, encoding: {a: {style: form, explode: false}}}", "a=1,2", `{"a":[1,2]}`, ""},
		{"explode alone", "{schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}, encoding: {a: {explode: false}}}", "a=1,2", `{"a":[1,2]}`, ""},
		{"escaped comma", "{schema: {type: object, properties: {a: {type: array, items: {type: string}}}}, encoding: {a: {style: form, explode: false}}}", "a=1%2C2,3", `{"a":["1,2","3"]}`, ""},
		{"spaceDelimited", "{schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}, encoding: {a: {style: spaceDelimited}}}", "a=1+2%203", `{"a":[1,2,3]}`, ""},
		{"pipeDelimited", "{schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}, encoding: {a: {style: pipeDelimited}}}", "a=1|2%7C3", `{"a":[1,2,3]}`, ""},
		{"deepObject", "{schema: {type: object, properties: {a: " + colour + "}}, encoding: {a: {style: deepObject, explode: true}}}", "a[R]=1&a[G]=2", `{"a":{"G":2,"R":1}}`, ""},
		{"deepObject not said", "{schema: {type: object, properties: {a: " + colour + "}}}", "a[R]=1&a[G]=2", `{"a":{"G":2,"R":1}}`, ""},
		{"object not exploded", "{schema: {type: object, properties: {a: " + colour + "}}, encoding: {a: {style: form, explode: false}}}", "a=R,1,G,2", `{"a":{"G":2,"R":1}}`, ""},
		{"object exploded", "{schema: {type: object, properties: {n: {type: integer}, a: " + colour + "}}, encoding: {a: {style: form, explode: true}}}", "R=1&n=5&G=2&other=1", `{"a":{"G":2,"R":1},"n":5,"other":"1"}`, ""},
		{"encoded property of a branch", "{schema: {anyOf: [{type: object, properties: {a: {type: array, items: {type: integer}}}}]}, encoding: {a: {style: form, explode: false}}}", "a=1,2", `{"a":[1,2]}`, ""},
		{"JSON in a field", "{schema: {type: object, properties: {a: " + colour + "}}, encoding: {a: {contentType: application/json}}}", `a={"R":1}`, `{"a":{"R":1}}`, ""},
		{"JSON in a field not said", object("a: " + colour), `a=%7B%22R%22%3A1%7D`, `{"a":{"R":1}}`, ""},
		{"JSON array in a field", "{schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}, encoding: {a: {contentType: application/json}}}", `a=[1,2]`, `{"a":[1,2]}`, ""},
		{"JSON element in a field", "{schema: {type: object, properties: {a: {type: array, items: {type: object}}}}, encoding: {a: {contentType: application/json}}}", `a={"x":1}`, `{"a":[{"x":1}]}`, ""},
		{"JSON elements in fields", "{schema: {type: object, properties: {a: {type: array, items: {type: object}}}}}", `a={"x":1}&a={"x":2}`, `{"a":[{"x":1},{"x":2}]}`, ""},
		{"JSON string in a field", "{schema: {type: object, properties: {a: {type: string}}}, encoding: {a: {contentType: application/json}}}", `a=%22x%22`, `{"a":"x"}`, ""},
		{"broken JSON in a field", "{schema: {type: object, properties: {a: {type: object}}}, encoding: {a: {contentType: application/json}}}", `a={`, "!content /a", ""},
		{"braces in a string", object("a: {type: string}"), `a={x`, `{"a":"{x"}`, ""},
		{"bad escape", object("a: {type: string}"), "a=%zz", "!encoding /a", ""},
		{"bad escape in a name", object("a: {type: string}"), "%zz=1", "!encoding", ""},
		{"not UTF-8", object("a: {type: string}"), "a=%E9", "!encoding /a", ""},
		{"bare name", object("a: {type: string}"), "a", `{"a":""}`, ""},
		{"null", object("a: {type: [integer, 'null']}"), "a=null", `{"a":null}`, ""},
		{"too deep", object("a: {}"), "a" + strings.Repeat("[x]", 100) + "=1", "!complexity", ""},
		{"too many", object("a: {type: array}"), strings.Repeat("a=1&", maxPairs+1), "!complexity", ""},
		{"percent newline", object("a: {type: string}"), "a=1%0D%0A2", `{"a":"1\r\n2"}`, ""},
	})
}

// runForms is runRows for media types and bodies.
func runForms(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f, s := formOf(t, r.spec)
			v, err := f.Decode([]byte(r.raw))
			if got := show(v, true, err); got != r.want {
				t.Fatalf("%s reads as %s, want %s (%v)", clip(r.raw), got, r.want, err)
			}
			if err != nil || s == nil {
				return
			}
			var keywords []string
			for _, violation := range s.Check(v, schema.Options{Direction: schema.Request}) {
				keywords = append(keywords, violation.Keyword)
			}
			if got := strings.Join(keywords, " "); got != r.refused {
				t.Errorf("%s is refused by %q, want %q", r.want, got, r.refused)
			}
			if text, err := f.Encode(v); err == nil {
				if back, err := f.Decode([]byte(text)); err != nil || !schema.Equal(back, v) {
					t.Errorf("%s is written %q, which reads as %s", r.want, text, show(back, true, err))
				}
			} else if r.refused == "" {
				t.Errorf("%s cannot be written: %v", r.want, err)
			}
		})
	}
}

func TestFormStylesThatDoNotExist(t *testing.T) {
	f, err := CompileForm(nil, map[string]Encoding{"a": {Style: Matrix}, "b": {Style: Content}}, schema.Request)
	if err == nil || !strings.Contains(err.Error(), "property a of a form cannot have the style matrix") || !strings.Contains(err.Error(), "property b") {
		t.Errorf("got %v", err)
	}
	if v, err := f.Decode([]byte("a=1")); show(v, true, err) != `{"a":"1"}` {
		t.Errorf("got %v, %v", v, err)
	}
}
