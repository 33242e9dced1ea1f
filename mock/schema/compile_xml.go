package schema

import "standin/mock/internal/source"

// XML is the XML Object of a schema (OpenAPI 3.1, 4.8.26; 3.2 for NodeType).
type XML struct {
	// Name replaces the name of the element or attribute, "" if absent.
	Name string
	// Namespace is a URI, and Prefix what names of it are written with; "" if absent.
	Namespace, Prefix string
	// NodeType is what the value is written as; "" if the document leaves it to the kind of the value.
	NodeType XMLNodeType
	// Position is where the XML Object stands.
	Position Position
}

// XMLNodeType is the kind of XML node that a value becomes.
type XMLNodeType string

// The kinds of nodes. Attribute is also what attribute: true says, Element what wrapped: true says of a list.
const (
	XMLElement   XMLNodeType = "element"
	XMLAttribute XMLNodeType = "attribute"
	XMLText      XMLNodeType = "text"
	XMLCData     XMLNodeType = "cdata"
	// XMLNone is a value without a node of its own: what is inside stands in the node around it.
	XMLNone XMLNodeType = "none"
)

// xml compiles an XML Object. What is wrong with it is noted and ignored.
func (b *building) xml(m source.Member) {
	if b.dialect == Draft202012 {
		return
	}
	if !m.Value.Is(source.Object) {
		b.wrong(m, "an object")
		return
	}
	x := &XML{Position: b.n.PositionOf(m.Name)}
	for _, field := range m.Value.Members() {
		switch field.Name {
		case "name":
			x.Name = b.xmlText(field)
		case "namespace":
			x.Namespace = b.xmlText(field)
		case "prefix":
			x.Prefix = b.xmlText(field)
		case "attribute":
			if b.xmlFlag(field) {
				x.NodeType = XMLAttribute
			}
		case "wrapped":
			if b.xmlFlag(field) {
				x.NodeType = XMLElement
			}
		case "nodeType":
			x.NodeType = b.nodeType(field, x.NodeType)
		}
	}
	b.s.XML = x
}

func (b *building) xmlText(field source.Member) string {
	if !field.Value.Is(source.String) {
		b.fault(b.n, "xml", "%s of xml must be a string, not %s; it is ignored", field.Name, article(field.Value))
	}
	return field.Value.StringOr("")
}

func (b *building) xmlFlag(field source.Member) bool {
	if !field.Value.Is(source.Bool) {
		b.fault(b.n, "xml", "%s of xml must be a boolean, not %s; it is ignored", field.Name, article(field.Value))
	}
	return field.Value.True()
}

func (b *building) nodeType(field source.Member, before XMLNodeType) XMLNodeType {
	switch t := XMLNodeType(field.Value.StringOr("")); t {
	case XMLElement, XMLAttribute, XMLText, XMLCData, XMLNone:
		return t
	}
	b.fault(b.n, "xml", "nodeType of xml is one of element, attribute, text, cdata, none, not %s; it is ignored", article(field.Value))
	return before
}
