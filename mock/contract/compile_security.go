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
			s := c.scheme(m)
			if s == nil {
				continue
			}
			demanded := *s
			for _, scope := range m.Value.Items() {
				demanded.Scopes = append(demanded.Scopes, scope.Text())
			}
			requirement = append(requirement, demanded)
		}
		out = append(out, requirement)
	}
	return out
}

// scheme finds the security scheme that a requirement names, nil if there is none that can be used.
func (c *Contract) scheme(m source.Member) *Scheme {
	if s, ok := c.memo.schemes[m.Name]; ok {
		return s
	}
	schemes := c.top()
	if c.dialect == schema.OpenAPI20 {
		schemes = schemes.get("securityDefinitions")
	} else {
		schemes = schemes.get("components").get("securitySchemes")
	}
	if !has(schemes.Node, m.Name) {
		c.fault(m.Position(), "security", fmt.Sprintf("there is no security scheme %q; it is passed over", m.Name))
		return nil
	}
	c.memo.schemes[m.Name] = nil
	s := c.member(schemes, m.Name, source.Object)
	if s.Node == nil {
		return nil
	}
	piece, _ := decodePiece[openapi3.SecurityScheme](c, s.Node, "flows", "flow", "scopes")
	out := &Scheme{ID: m.Name, Type: piece.Type, Scheme: strings.ToLower(piece.Scheme), In: piece.In, Name: piece.Name, Position: s.Position()}
	switch out.Type {
	case "basic": // OpenAPI 2.0
		out.Type, out.Scheme = "http", "basic"
	case "apiKey":
		if out.Name == "" || out.In != "header" && out.In != "query" && out.In != "cookie" {
			message := fmt.Sprintf("the scheme %q needs a name, and a place (in): header, query or cookie; it is passed over", m.Name)
			c.fault(s.Position(), "security", message)
			return nil
		}
	case "http", "oauth2", "openIdConnect", "mutualTLS":
	default:
		c.fault(s.PositionOf("type"), "security", fmt.Sprintf("the scheme %q is of no known type; it is passed over", m.Name))
		return nil
	}
	c.memo.schemes[m.Name] = out
	return out
}
