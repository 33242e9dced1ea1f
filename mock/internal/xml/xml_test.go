package xml_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// named compiles the schema that stands under a name.
func named(t testing.TB, name, text string) *schema.Schema {
	t.Helper()
	n, err := schema.Parse("openapi.yaml", []byte("components: {schemas: {"+name+": "+text+"}}"))
	if err != nil {
		t.Fatal(err)
	}
	c := schema.NewCompiler(single{n}, schema.OpenAPI31)
	return c.Compile("file:///openapi.yaml", n.Get("components").Get("schemas").Get(name))
}

type single struct{ root *schema.Node }

func (s single) Load(string) (*schema.Node, error) { return s.root, nil }

func squeezed(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimSpace(line))
	}
	return strings.TrimPrefix(b.String(), `<?xml version="1.0" encoding="UTF-8"?>`)
}

// TestXMLObject holds the examples of the specification's XML Object, both ways.
func TestXMLObject(t *testing.T) {
	for _, c := range []struct{ name, schema, value, text string }{
		{"basic", "{type: object, properties: {id: {type: integer}, name: {type: string}}}", `{"id":1,"name":"Rex"}`, "<T><id>1</id><name>Rex</name></T>"},
		{"named", "{type: object, xml: {name: pet}, properties: {id: {type: integer, xml: {name: number}}}}", `{"id":1}`, "<pet><number>1</number></pet>"},
		{"attribute, prefix and namespace", "{type: object, properties: {id: {type: integer, xml: {attribute: true}}, name: {type: string, xml: {namespace: 'http://example.com/schema', prefix: sample}}}}",
			`{"id":1,"name":"Rex"}`, `<T id="1"><sample:name xmlns:sample="http://example.com/schema">Rex</sample:name></T>`},
		{"list", "{type: object, properties: {animals: {type: array, items: {type: string}}}}", `{"animals":["a","b"]}`, "<T><animals>a</animals><animals>b</animals></T>"},
		{"list, items named", "{type: object, properties: {animals: {type: array, items: {type: string, xml: {name: animal}}}}}", `{"animals":["a","b"]}`, "<T><animal>a</animal><animal>b</animal></T>"},
		{"list, name without effect", "{type: object, properties: {animals: {type: array, xml: {name: aliens}, items: {type: string, xml: {name: animal}}}}}", `{"animals":["a"]}`, "<T><animal>a</animal></T>"},
		{"list, wrapped", "{type: object, properties: {animals: {type: array, xml: {wrapped: true}, items: {type: string}}}}", `{"animals":["a","b"]}`, "<T><animals><animals>a</animals><animals>b</animals></animals></T>"},
		{"list, wrapped and named", "{type: object, properties: {animals: {type: array, xml: {name: aliens, wrapped: true}, items: {type: string, xml: {name: animal}}}}}",
			`{"animals":["a","b"]}`, "<T><aliens><animal>a</animal><animal>b</animal></aliens></T>"},
		{"list, wrapped, only itself named", "{type: object, properties: {animals: {type: array, xml: {name: aliens, wrapped: true}, items: {type: string}}}}",
			`{"animals":["a"]}`, "<T><aliens><aliens>a</aliens></aliens></T>"},
		{"list, its own name without effect", "{type: object, properties: {animals: {type: array, xml: {name: aliens}, items: {type: string}}}}", `{"animals":["a"]}`, "<T><animals>a</animals></T>"},
		{"list, wrapped, items named", "{type: object, properties: {animals: {type: array, xml: {wrapped: true}, items: {type: string, xml: {name: animal}}}}}", `{"animals":["a","b"]}`, "<T><animals><animal>a</animal><animal>b</animal></animals></T>"},
		{"list of one", "{type: object, properties: {animals: {type: array, items: {type: integer}}}}", `{"animals":[1]}`, "<T><animals>1</animals></T>"},
		{"list of lists", "{type: object, properties: {m: {type: array, items: {type: array, items: {type: integer}}}}}", `{"m":[[1,2],[],[3]]}`, "<T><m><m>1</m><m>2</m></m><m></m><m><m>3</m></m></T>"},
		{"list of further properties", "{type: object, additionalProperties: {type: array, items: {type: integer}}}", `{"a":[1],"b":[2,3]}`, "<T><a>1</a><b>2</b><b>3</b></T>"},
		{"tuple", "{type: object, properties: {t: {type: array, prefixItems: [{type: integer}, {type: boolean}], items: {type: string}}}}", `{"t":[1,true,"1"]}`, "<T><t>1</t><t>true</t><t>1</t></T>"},
		{"list of nothing, wrapped", "{type: object, properties: {animals: {type: array, xml: {wrapped: true}, items: {type: string}}}}", `{"animals":[]}`, "<T><animals></animals></T>"},
		{"list of nothing, required", "{type: object, required: [a], properties: {a: {type: array, items: {type: string}}}}", `{"a":[]}`, "<T></T>"},
		{"list of objects", "{type: object, properties: {tags: {type: array, xml: {wrapped: true}, items: {type: object, xml: {name: tag}, properties: {id: {type: integer}}}}}}",
			`{"tags":[{"id":1},{"id":2}]}`, "<T><tags><tag><id>1</id></tag><tag><id>2</id></tag></tags></T>"},
		{"nothing", "{type: object, properties: {a: {type: [string, 'null']}}}", `{"a":null}`, `<T><a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></a></T>`},
		{"namespace of everything", "{type: object, xml: {namespace: 'urn:a'}, properties: {a: {type: string}, b: {type: string, xml: {namespace: 'urn:b', prefix: p}}, c: {type: string, xml: {prefix: p}}}}",
			`{"a":"1","b":"2","c":"3"}`, `<T xmlns="urn:a"><a>1</a><p:b xmlns:p="urn:b">2</p:b><c>3</c></T>`},
		{"one name in two namespaces", "{type: object, properties: {a: {type: integer, xml: {name: n, namespace: 'urn:a', prefix: a}}, b: {type: string, xml: {name: n, namespace: 'urn:b', prefix: b}}, c: {type: boolean, xml: {name: n}}}}",
			`{"a":1,"b":"2","c":true}`, `<T><a:n xmlns:a="urn:a">1</a:n><b:n xmlns:b="urn:b">2</b:n><n>true</n></T>`},
		{"namespaces of attributes", "{type: object, properties: {a: {type: integer, xml: {attribute: true, namespace: 'urn:a'}}, l: {type: string, xml: {attribute: true, name: 'xml:lang'}}}}",
			`{"a":1,"l":"de"}`, `<T xmlns:ns1="urn:a" ns1:a="1" xml:lang="de"></T>`},
		{"text beside an attribute (3.2)", "{type: object, properties: {id: {type: integer, xml: {nodeType: attribute}}, v: {type: number, xml: {nodeType: text}}}}", `{"id":1,"v":2.5}`, `<T id="1">2.5</T>`},
		{"text beside an element (3.2)", "{type: object, properties: {id: {type: integer}, v: {type: string, xml: {nodeType: text}}}}", `{"id":1,"v":"x y"}`, `<T>x y<id>1</id></T>`},
		{"CDATA (3.2)", "{type: object, properties: {v: {type: string, xml: {nodeType: cdata}}}}", `{"v":"<a> ]]> &"}`, `<T><![CDATA[<a> ]]]]><![CDATA[> &]]></T>`},
		{"list with an element (3.2)", "{type: object, properties: {l: {type: array, xml: {nodeType: element}, items: {type: string, xml: {name: i}}}}}", `{"l":["a"]}`, `<T><l><i>a</i></l></T>`},
		{"object without an element (3.2)", "{type: object, properties: {o: {type: object, xml: {nodeType: none}, properties: {a: {type: integer}, b: {type: string, xml: {nodeType: attribute}}}}, c: {type: boolean}}}",
			`{"o":{"a":1,"b":"x"},"c":true}`, `<T b="x"><a>1</a><c>true</c></T>`},
		{"names that XML cannot hold", "{type: object, additionalProperties: {type: integer}, properties: {'a b': {type: integer}, '': {type: integer}}}", `{"a b":1,"":2,"1":3,"x:y":4,"_x0020_":5,"a_x":6}`,
			`<T><a_x0020_b>1</a_x0020_b><_x_>2</_x_><_x0031_>3</_x0031_><_x005F_x0020_>5</_x005F_x0020_><a_x>6</a_x><x_x003A_y>4</x_x003A_y></T>`},
		{"oneOf", "{oneOf: [{type: object, required: [v, i], properties: {v: {type: integer}, i: {type: boolean}}}, {type: object, required: [v, s], properties: {v: {type: string}, s: {type: string}}}]}",
			`{"v":"7","s":"x"}`, `<T><v>7</v><s>x</s></T>`},
		{"kinds left open by enum and const", "{type: object, properties: {a: {enum: [1, 2]}, b: {const: true}, c: {enum: ['1', x]}}}", `{"a":1,"b":true,"c":"1"}`, `<T><a>1</a><b>true</b><c>1</c></T>`},
		{"space", "{type: object, properties: {a: {type: string}, b: {type: string}}}", "{\"a\":\" x \\r\\n\",\"b\":\"\"}", "<T><a> x &#xD;&#xA;</a><b></b></T>"},
		{"kinds", "{type: object, properties: {b: {type: boolean}, n: {type: number}, s: {type: string}}}", `{"b":true,"n":1.5,"s":"7"}`, "<T><b>true</b><n>1.5</n><s>7</s></T>"},
		{"further properties", "{type: object, additionalProperties: {type: integer}}", `{"x":1,"y":2}`, "<T><x>1</x><y>2</y></T>"},
		{"escapes", "{type: object, properties: {a: {type: string}}}", `{"a":"<&> \"é\""}`, "<T><a>&lt;&amp;&gt; &#34;é&#34;</a></T>"},
		{"allOf", "{allOf: [{type: object, properties: {a: {type: integer}}}, {type: object, properties: {b: {type: integer}}}]}", `{"a":1,"b":2}`, "<T><a>1</a><b>2</b></T>"},
		{"a list outermost", "{type: array, xml: {name: pets}, items: {type: object, xml: {name: pet}, properties: {id: {type: integer}}}}", `[{"id":1}]`, "<pets><pet><id>1</id></pet></pets>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := named(t, "T", c.schema)
			value, err := source.DecodeJSON([]byte(c.value), source.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := xml.Encode(value, s)
			if err != nil || squeezed(string(text)) != c.text {
				t.Errorf("written: %v %s\nwant %s", err, squeezed(string(text)), c.text)
			}
			for _, form := range []string{c.text, string(text)} {
				back, faults, err := xml.Decode([]byte(form), s, schema.Both)
				if err != nil || !schema.Equal(back, value) || len(faults) > 0 {
					t.Errorf("read: %v %v %v", err, back, faults)
				}
			}
		})
	}
}

func TestWrongXML(t *testing.T) {
	s := named(t, "T", "{type: object, properties: {a: {type: integer}}}")
	for text, want := range map[string]string{
		"":                                   "no element",
		"<T>":                                "unexpected EOF",
		"<T><a></T>":                         "line 1, column 11: element <a> closed by </T>",
		"<T a='1' a='2'/>":                   "line 1, column 17: the attribute a stands twice",
		"<T>\n  <a>]]></a></T>":              "line 2, column 9: unescaped ]]>",
		"<T/><T/>":                           "second outermost",
		"x<T/>":                              "text outside",
		"<T>&x;</T>":                         "invalid character entity",
		"<!DOCTYPE T [<!ENTITY x 'y'>]><T/>": "document types that declare",
		"<!DOCTYPE T><T/><!DOCTYPE T>":       "in front of the outermost",
		strings.Repeat("<a>", 200):           "100 levels",
		"<T a=1/>":                           "unquoted or missing attribute value",
	} {
		if _, _, err := xml.Decode([]byte(text), s, schema.Both); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
	if v, _, err := xml.Decode([]byte("<T><a>x</a><b><c>1</c></b><b>2</b></T>"), s, schema.Both); err != nil {
		t.Error(err)
	} else if text, _ := json.Marshal(v); string(text) != `{"a":"x","b":[{"c":"1"},"2"]}` {
		t.Errorf("what the schema does not list is read as %s", text)
	}
	if _, err := xml.Encode(map[string]any{"a": "\x01"}, s); err == nil {
		t.Error("a control character was written")
	}
}

// TestFaults tells what the value does not show.
func TestFaults(t *testing.T) {
	const object = "{type: object, xml: {name: t, namespace: 'urn:t'}, properties: {a: {type: string, xml: {namespace: 'urn:a'}}, l: {type: array, xml: {wrapped: true}, items: {type: integer, xml: {name: i}}}}}"
	for _, c := range []struct{ schema, text, value, faults string }{
		{object, "<t xmlns='urn:t'><a xmlns='urn:a'>x</a><l><i>1</i></l></t>", `{"a":"x","l":[1]}`, ""},
		{object, "<p:t xmlns:p='urn:t' xmlns:q='urn:a'><q:a>x</q:a><p:l><p:i>1</p:i></p:l></p:t>", `{"a":"x","l":[1]}`, ""},
		{object, "<t xmlns='urn:other'/>", `{}`, `[: the element t is in the namespace "urn:other" (line 1, column 1), and documented in "urn:t"]`},
		{object, "<t/>", `{}`, `[: the element t is in no namespace (line 1, column 1), and documented in "urn:t"]`},
		{object, "<u xmlns='urn:t'/>", `{}`, `[: the outermost element is called u (line 1, column 1), and t is documented]`},
		{object, "<t xmlns='urn:t'>\n <a>x</a></t>", `{"a":"x"}`, `[/a: the element a is in the namespace "urn:t" (line 2, column 2), and documented in "urn:a"]`},
		{object, "<t xmlns='urn:t'><l><j>1</j>x</l></t>", `{"l":[1]}`, `[/l: the element l (line 1, column 18) holds the text "x" beside its elements, which stands for nothing documented ` +
			`/l/0: the item is called j (line 1, column 21), and i is documented]`},
		{"{type: object, properties: {a: {type: integer}}}", "<T>x<a>1</a></T>", `{"a":1}`, `[: the element T (line 1, column 1) holds the text "x" beside its elements, which stands for nothing documented]`},
		{"{type: object, properties: {a: {type: integer}}}", "<T>x</T>", `"x"`, ""},
		{"{type: object, properties: {a: {type: integer}}}", "<T a='1'><a>2</a><a>3</a><b/></T>", `{"a":[2,3],"b":""}`, ""},
		{"{type: object, properties: {a: {type: integer}}}", "<T xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='x y'><a xsi:nil='true'/></T>", `{"a":null}`, ""},
		{"{type: object, properties: {a: {type: [integer, 'null']}, l: {type: [array, 'null'], items: {}, xml: {wrapped: true}}}}", "<T><a/><l/></T>", `{"a":null,"l":[]}`, ""},
		{"{type: object, properties: {a: {type: integer}, b: {type: boolean}, c: {type: number}}}", "<T><a> +007 </a><b>1</b><c>.5</c></T>", `{"a":7,"b":true,"c":0.5}`, ""},
		{"{type: object, properties: {a: {type: integer}, b: {type: boolean}, c: {type: number}}}", "<T><a>1x</a><b>yes</b><c>NaN</c></T>", `{"a":"1x","b":"yes","c":"NaN"}`, ""},
		{"{type: array, items: {type: integer}}", "<T><x>1</x><y>2</y></T>", `[1,2]`, ""},
		{"{type: array, items: {type: integer}}", "<T/>", `[]`, ""},
		{"{type: integer}", "<T>5.</T>", `5`, ""},
		{"{oneOf: [{type: object, xml: {name: c}, properties: {v: {type: integer}}}, {type: object, xml: {name: d}, properties: {v: {type: string}}}]}", "<d><v>1</v></d>", `{"v":"1"}`, ""},
		{"{oneOf: [{type: object, xml: {name: c}, properties: {v: {type: integer}}}, {type: object, xml: {name: d}, properties: {v: {type: string}}}]}", "<e><v>x</v></e>", `{"v":"x"}`,
			`[: the outermost element is called e (line 1, column 1), and c or d or T is documented]`},
	} {
		v, faults, err := xml.Decode([]byte(c.text), named(t, "T", c.schema), schema.Both)
		var told []string
		for _, f := range faults {
			told = append(told, f.Pointer+": "+f.Message)
			if f.Rule.File == "" || f.Rule.Line == 0 {
				t.Errorf("%s: no rule is named", f.Message)
			}
		}
		text, _ := json.Marshal(v)
		if got := strings.Trim(fmt.Sprint(told), "[]"); err != nil || string(text) != c.value || got != strings.Trim(c.faults, "[]") {
			t.Errorf("%s by %s\nis   %v %s %s\nwant %s %s", c.text, c.schema, err, text, got, c.value, c.faults)
		}
	}
}

// TestManyAlternatives reads a long list whose items are told apart one by one.
func TestManyAlternatives(t *testing.T) {
	s := named(t, "T", "{type: object, properties: {l: {type: array, items: {oneOf: [{type: object, required: [k, v], properties: {k: {const: i}, v: {type: integer}}}, {type: object, required: [k, v], properties: {k: {const: s}, v: {type: string}}}]}}}}")
	text := "<T>" + strings.Repeat("<l><k>s</k><v>7</v></l><l><k>i</k><v>7</v></l>", 2000) + "</T>"
	v, faults, err := xml.Decode([]byte(text), s, schema.Request)
	if err != nil || len(faults) > 0 || !s.Valid(v, schema.Request) {
		t.Error(err, faults)
	}
}

// TestHostile reads texts that are made to be read again and again.
func TestHostile(t *testing.T) {
	s := named(t, "T", "{anyOf: [{type: object, required: [x], properties: {a: {$ref: '#/components/schemas/T'}, v: {type: integer}}}, {type: object, required: [y], properties: {a: {$ref: '#/components/schemas/T'}, v: {type: string}}}]}")
	text := "<T>" + strings.Repeat("<a>", 90) + strings.Repeat("<v/>", 100) + strings.Repeat("</a>", 90) + "</T>"
	if v, _, err := xml.Decode([]byte(text), s, schema.Request); err != nil || s.Valid(v, schema.Request) {
		t.Error(err)
	}
}

func BenchmarkDecode(b *testing.B) {
	s := named(b, "T", "{type: object, properties: {rows: {type: array, xml: {wrapped: true}, items: {type: object, xml: {name: row}, properties: {id: {type: integer, xml: {attribute: true}}, name: {type: string}, on: {type: boolean}, price: {type: number}}}}}}")
	text := []byte("<T><rows>" + strings.Repeat("<row id='7'><name>A name</name><on>true</on><price>1.50</price></row>", 16) + "</rows></T>")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := xml.Decode(text, s, schema.Request); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	s := named(b, "T", "{type: object, properties: {id: {type: integer, xml: {attribute: true}}, name: {type: string}, tags: {type: array, items: {type: string}}}}")
	v, err := source.DecodeJSON([]byte(`{"id":7,"name":"A name","tags":["a","b","c"]}`), source.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := xml.Encode(v, s); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	s := named(f, "T", "{type: object, properties: {a: {type: integer, xml: {attribute: true}}, l: {type: array, items: {type: string}}, o: {oneOf: [{properties: {v: {type: integer}}}, {required: [k], properties: {v: {type: string}}}]}}}")
	f.Add("<T a='1'><l>x</l></T>")
	f.Add("<T><![CDATA[x]]></T>")
	f.Add("<?xml version='1.0' encoding='utf-16'?><T xmlns:p='urn:a' p:a='+01.e2'><p:l/>x<_x0020_/></T>")
	f.Add("<T><l><v>7</v></l><o><k>s</k><v>7</v></o><l xsi:nil='1'/></T>")
	f.Fuzz(func(t *testing.T, text string) {
		v, faults, err := xml.Decode([]byte(text), s, schema.Both)
		if err != nil || len(faults) > 0 || !s.Valid(v, schema.Both) {
			return
		}
		written, err := xml.Encode(v, s)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if back, faults, err := xml.Decode(written, s, schema.Both); err != nil || len(faults) > 0 || !s.Valid(back, schema.Both) {
			t.Fatalf("%q was written as %s and is not valid any more: %v %v %v", text, written, back, faults, err)
		}
	})
}
