// Package xml turns XML into values and back as the XML Objects of schemas say (OpenAPI 3.1, 4.8.26).
//
// A value is what [standin/mock/schema] speaks of: objects are elements, their properties elements or attributes inside, lists
// repeated elements, with or without one around them. Namespaces are written; for reading, the local names count.
package xml

import (
	"slices"

	"standin/mock/schema"
)

// label is what an XML Object says of a schema.
type label struct {
	name, namespace, prefix string
	attribute, wrapped      bool
}

// mostHops bounds the way through references and combinations.
const mostHops = 20

// labelOf reads the XML Object of a schema: its own, else that of what it refers to or is composed of.
func labelOf(s *schema.Schema) label {
	for range mostHops {
		if s == nil {
			return label{}
		}
		if s.Node != nil {
			if x := s.Node.Get("xml"); x != nil {
				kind := x.Get("nodeType").Text() // OpenAPI 3.2
				return label{
					name: x.Get("name").Text(), namespace: x.Get("namespace").Text(), prefix: x.Get("prefix").Text(),
					attribute: x.Get("attribute").True() || kind == "attribute", wrapped: x.Get("wrapped").True() || kind == "element" && list(s),
				}
			}
		}
		switch {
		case s.Ref != nil:
			s = s.Ref
		case len(s.AllOf) == 1:
			s = s.AllOf[0]
		default:
			return label{}
		}
	}
	return label{}
}

// RootName is what the outermost element of a body is called: the XML Object's name, else that of the component; "" if the document
// does not say.
func RootName(s *schema.Schema) string {
	if name := labelOf(s).name; name != "" {
		return name
	}
	for range mostHops {
		if s == nil {
			return ""
		}
		if s.Name != "" {
			return elementName(s.Name)
		}
		switch {
		case s.Ref != nil:
			s = s.Ref
		case len(s.AllOf) == 1:
			s = s.AllOf[0]
		default:
			return ""
		}
	}
	return ""
}

// parts are a schema and those that apply to the same value.
func parts(s *schema.Schema) []*schema.Schema {
	var out []*schema.Schema
	seen := map[*schema.Schema]bool{}
	var from func(s *schema.Schema)
	from = func(s *schema.Schema) {
		if s == nil || seen[s] || len(seen) > 100 {
			return
		}
		seen[s] = true
		from(s.Ref)
		for _, more := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
			for _, part := range more {
				from(part)
			}
		}
		out = append(out, s) // behind those that it is made of, as a reader would list them
	}
	from(s)
	return out
}

// properties are those that a schema lists anywhere, each name once.
func properties(s *schema.Schema) []schema.Property {
	var out []schema.Property
	for _, part := range parts(s) {
		for _, p := range part.Properties {
			if !slices.ContainsFunc(out, func(q schema.Property) bool { return q.Name == p.Name }) {
				out = append(out, p)
			}
		}
	}
	return out
}

// items is what a schema says of the elements of a list, nil if it says nothing.
func items(s *schema.Schema) *schema.Schema {
	for _, part := range parts(s) {
		if part.Items != nil {
			return part.Items
		}
	}
	return nil
}

// types are those that a schema allows, as far as it names any.
func types(s *schema.Schema) schema.TypeSet {
	var out schema.TypeSet
	for _, part := range parts(s) {
		out |= part.Types
	}
	return out
}

// list tells whether values of a schema are lists.
func list(s *schema.Schema) bool {
	t := types(s)
	return items(s) != nil && (t == 0 || t&schema.ArrayType != 0)
}

// additional is the schema of properties that are not listed, nil if nothing is said.
func additional(s *schema.Schema) *schema.Schema {
	for _, part := range parts(s) {
		if part.AdditionalProperties != nil && !part.AdditionalProperties.Never {
			return part.AdditionalProperties
		}
	}
	return nil
}

// required tells whether a property must be there.
func required(s *schema.Schema, name string) bool {
	for _, part := range parts(s) {
		if slices.Contains(part.Required, name) {
			return true
		}
	}
	return false
}

// nameOf is what the element or attribute of a property is called.
func nameOf(property string, x label) string {
	if x.name != "" {
		return elementName(x.name)
	}
	return elementName(property)
}

// itemName is what the element of each item of a list is called: the items' own name, else that of the list.
func itemName(listName string, of *schema.Schema) string {
	if name := labelOf(of).name; name != "" {
		return elementName(name)
	}
	return listName
}

// elementName makes a text fit for a name: letters, digits, dots, dashes and underscores, a letter first.
func elementName(text string) string {
	out := []rune{}
	for _, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r >= 0xC0 && r != 0xD7 && r != 0xF7 && r < 0x2000 || r >= 0x3001 && r <= 0xD7FF
		if letter || len(out) > 0 && (r >= '0' && r <= '9' || r == '-' || r == '.') {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return "_"
	}
	return string(out)
}
