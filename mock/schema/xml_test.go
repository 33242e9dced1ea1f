package schema_test

import (
	"testing"

	"standin/mock/schema"
)

func TestXML(t *testing.T) {
	for _, row := range []struct {
		text string
		want schema.XML
	}{
		{"{name: a, namespace: 'urn:x', prefix: p}", schema.XML{Name: "a", Namespace: "urn:x", Prefix: "p"}},
		{"{attribute: true, wrapped: false}", schema.XML{NodeType: schema.XMLAttribute}},
		{"{wrapped: true}", schema.XML{NodeType: schema.XMLElement}},
		{"{nodeType: text}", schema.XML{NodeType: schema.XMLText}},
		{"{x-a: 1}", schema.XML{}},
	} {
		s, found := compile(t, schema.OpenAPI30, "type: string\nxml: "+row.text, "")
		if len(found) > 0 || s.XML == nil {
			t.Fatal(found, s.XML)
		}
		row.want.Position = schema.Position{File: "doc.yaml", Line: 2, Col: 1}
		if *s.XML != row.want {
			t.Errorf("%s: %+v", row.text, *s.XML)
		}
		if plain, _ := compile(t, schema.Draft202012, "xml: "+row.text, ""); plain.XML != nil {
			t.Error("xml is no keyword of JSON Schema")
		}
	}
}
