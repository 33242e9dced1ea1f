package xml_test

import (
	"encoding/json"
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
		{"list of nothing, wrapped", "{type: object, properties: {animals: {type: array, xml: {wrapped: true}, items: {type: string}}}}", `{"animals":[]}`, "<T><animals></animals></T>"},
		{"list of nothing, required", "{type: object, required: [a], properties: {a: {type: array, items: {type: string}}}}", `{"a":[]}`, "<T></T>"},
		{"list of objects", "{type: object, properties: {tags: {type: array, xml: {wrapped: true}, items: {type: object, xml: {name: tag}, properties: {id: {type: integer}}}}}}",
			`{"tags":[{"id":1},{"id":2}]}`, "<T><tags><tag><id>1</id></tag><tag><id>2</id></tag></tags></T>"},
		{"nothing", "{type: object, properties: {a: {type: [string, 'null']}}}", `{"a":null}`, `<T><a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></a></T>`},
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
		"<!DOCTYPE T [<!ENTITY x 'y'>]><T/>": "document types",
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

func FuzzDecode(f *testing.F) {
	s := named(f, "T", "{type: object, properties: {a: {type: integer, xml: {attribute: true}}, l: {type: array, items: {type: string}}}}")
	f.Add("<T a='1'><l>x</l></T>")
	f.Add("<T><![CDATA[x]]></T>")
	f.Fuzz(func(t *testing.T, text string) {
		v, _, err := xml.Decode([]byte(text), s, schema.Both)
		if err == nil {
			_, _ = xml.Encode(v, s)
		}
	})
}
