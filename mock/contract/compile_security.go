package contract

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// compileSecurity gives the alternatives of an operation: its own, else the document's (OpenAPI 3.1, 4.8.30).
func (c *Contract) compileSecurity(o *Operation) []Requirement {
	owner := c.top()
	if has(o.node.Node, "security") {
		owner = o.node
	}
	var out []Requirement
	for _, n := range c.member(owner, "security", source.Array).Items() {
		if !n.Is(source.Object) {
			c.fault(n.Position(), "security", "a requirement must be an object of scheme names, this is "+kindName(n)+"; it is passed over")
			continue
		}
		requirement := Requirement{}
		for _, m := range n.Members() {
			if s, ok := c.scheme(m); ok {
				requirement = append(requirement, s)
			}
		}
		out = append(out, requirement)
	}
	return out
}

// scheme finds the security scheme that a requirement names.
func (c *Contract) scheme(m source.Member) (Scheme, bool) {
	schemes := c.top()
	if c.dialect == schema.OpenAPI20 {
		schemes = schemes.get("securityDefinitions")
	} else {
		schemes = schemes.get("components").get("securitySchemes")
	}
	if !has(schemes.Node, m.Name) {
		c.fault(m.Position(), "security", fmt.Sprintf("there is no security scheme %q; it is passed over", m.Name))
		return Scheme{}, false
	}
	s := c.member(schemes, m.Name, source.Object)
	if s.Node == nil {
		return Scheme{}, false
	}
	piece, _ := decodePiece[openapi3.SecurityScheme](c, s.Node, "flows", "flow", "scopes")
	out := Scheme{ID: m.Name, Type: piece.Type, Scheme: strings.ToLower(piece.Scheme), In: piece.In, Name: piece.Name, Position: s.Position()}
	for _, n := range m.Value.Items() {
		out.Scopes = append(out.Scopes, n.Text())
	}
	switch out.Type {
	case "basic": // OpenAPI 2.0
		out.Type, out.Scheme = "http", "basic"
	case "apiKey":
		if out.Name == "" || out.In != "header" && out.In != "query" && out.In != "cookie" {
			c.fault(s.Position(), "security", fmt.Sprintf("the scheme %q needs a name, and a place (in): header, query or cookie; it is passed over", m.Name))
			return Scheme{}, false
		}
	case "http", "oauth2", "openIdConnect", "mutualTLS":
	default:
		c.fault(s.PositionOf("type"), "security", fmt.Sprintf("the scheme %q is of no known type; it is passed over", m.Name))
		return Scheme{}, false
	}
	return out, true
}
