// Package xml turns XML into values and back as the XML Objects of schemas say (OpenAPI 3.1, 4.8.26; nodeType of 3.2).
//
// A value is what [standin/mock/schema] speaks of: objects are elements, their properties elements or attributes inside, lists
// repeated elements, with or without one around them. Where a name is documented with a namespace, an element counts only in that
// namespace; else in any.
package xml

import (
	"strings"

	"standin/mock/schema"
)

// Fault is what a well-formed text has otherwise than the XML Objects of its schema say, beyond what the value shows.
type Fault struct {
	// Pointer is the JSON Pointer of the value at fault, "" for the whole.
	Pointer string
	// Message says what is wrong, for people, with line and column.
	Message string
	// Rule is where the document says otherwise.
	Rule schema.Position
}

// Written tells a text that is meant as XML from one that is a value still to be written.
func Written(text string) bool {
	return strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")), "<")
}

// root is one way to write a body: as an element of this name, by this schema.
type root struct {
	name   name
	schema *schema.Schema
}

// roots are the ways to write a body (OpenAPI 3.2, XML Node Names): by the name of the XML Object; else by those of the alternatives or
// the name of the component. The last is the schema itself, without a name if the document does not say.
func (k shapes) roots(s *schema.Schema) []root {
	own := root{k.of(s).label.name, s}
	if own.name.local != "" {
		return []root{own}
	}
	own.name.local = component(s)
	var out []root
	for _, a := range k.of(s).alternatives {
		r := root{k.of(a).label.name, a}
		if r.name.local == "" {
			r.name.local = component(a)
		}
		if r.name.local != "" && r.name.local != own.name.local {
			out = append(out, r)
		}
	}
	return append(out, own)
}

// component is the name of the component that a schema is or refers to; "" for none.
func component(s *schema.Schema) string {
	for range mostHops {
		switch {
		case s == nil:
			return ""
		case s.Name != "":
			return elementName(s.Name)
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

// name is that of an element or attribute. Without a namespace it counts in any.
type name struct {
	local, prefix, namespace string
}

// label is what an XML Object says.
type label struct {
	name     name // local is "" if it does not rename
	kind     schema.XMLNodeType
	position schema.Position
}

// labelOf reads the XML Object of a schema: its own, else that of what it refers to or is wholly composed of.
func labelOf(s *schema.Schema) label {
	for range mostHops {
		switch {
		case s == nil:
			return label{}
		case s.XML != nil:
			x := s.XML
			l := label{name: name{x.Name, x.Prefix, x.Namespace}, kind: x.NodeType, position: x.Position}
			if prefix, local, ok := strings.Cut(x.Name, ":"); ok && x.Prefix == "" && prefix != "" { // as many write it
				l.name.prefix, l.name.local = prefix, local
			}
			l.name.local, l.name.prefix = orNone(l.name.local), orNone(l.name.prefix)
			switch l.name.prefix {
			case "xml": // which is bound for good (Namespaces in XML 1.0, 3)
				l.name.namespace = ""
			case "xmlns":
				l.name.prefix = ""
			}
			return l
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

func orNone(text string) string {
	if text == "" {
		return ""
	}
	return elementName(text)
}
