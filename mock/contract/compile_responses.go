package contract

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/param"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// compileResponses splits the documented answers by how they are looked up (OpenAPI 3.1, 4.8.16).
func (c *Contract) compileResponses(o *Operation) *Responses {
	out := &Responses{Exact: map[int]*Response{}}
	list := c.member(o.node, "responses", source.Object)
	silent := list.Node != nil || o.node.Get("responses").Kind() == source.Null
	for _, m := range list.Members() {
		if strings.HasPrefix(m.Name, "x-") {
			continue
		}
		silent = false
		place, ok := out.place(m.Name)
		if !ok {
			message := fmt.Sprintf("%q is no status: it is a number from 100 to 599, a class such as 4XX, or default", m.Name)
			c.fault(m.Position(), "responses", message)
			continue
		}
		s := c.entry(m, list.file, "response")
		if s.Node == nil {
			s = spot{source.NewObject(m.Value), list.file} // still documented, though nothing is known of it
		}
		r := *c.response(o, s)
		r.Status = m.Name
		if strings.HasSuffix(strings.ToUpper(m.Name), "XX") {
			r.Status = strings.ToUpper(m.Name)
		}
		place(&r)
		out.All = append(out.All, &r)
	}
	if silent && !o.outgoing {
		c.warn(o.Position, "responses", "this operation documents no answer, so any is right")
		out.Default = &Response{Status: "default", Position: o.Position, Node: source.NewObject(o.node.Node)}
		out.All = append(out.All, out.Default)
	}
	return out
}

// place gives where a response with that key belongs.
func (r *Responses) place(key string) (func(*Response), bool) {
	if key == "default" {
		return func(p *Response) { r.Default = p }, true
	}
	if len(key) != 3 || key[0] < '1' || key[0] > '5' {
		return nil, false
	}
	if strings.EqualFold(key[1:], "XX") {
		return func(p *Response) { r.Class[key[0]-'0'] = p }, true
	}
	status, err := strconv.Atoi(key)
	if err != nil {
		return nil, false
	}
	return func(p *Response) { r.Exact[status] = p }, true
}

// response compiles one Response Object; in OpenAPI 3 once however many operations share it.
func (c *Contract) response(o *Operation, s spot) *Response {
	if r, ok := c.memo.responses[s.Node]; ok && c.dialect != schema.OpenAPI20 {
		return r
	}
	r := &Response{Description: s.Get("description").Text(), Position: s.Position(), Node: s.Node}
	if c.dialect == schema.OpenAPI20 {
		r.Content = c.oldResponse(o, s)
	} else {
		r.Content = c.content(s, schema.Response)
	}
	r.types = types(r.Content)
	headers := c.member(s, "headers", source.Object)
	for _, m := range headers.Members() {
		if http.CanonicalHeaderKey(m.Name) == "Content-Type" { // OpenAPI 3.1, 4.8.17: it is ignored
			continue
		}
		if h := c.header(m, c.entry(m, headers.file, "header")); h != nil {
			r.Headers = append(r.Headers, h)
		}
	}
	c.memo.responses[s.Node] = r
	return r
}

// header compiles one Header Object: a parameter whose name is the key, in style simple.
func (c *Contract) header(m source.Member, s spot) *Parameter {
	if s.Node == nil {
		return nil
	}
	p := &Parameter{
		Name: http.CanonicalHeaderKey(m.Name), In: "header", Description: s.Get("description").Text(), Position: m.Position(), Node: s.Node,
	}
	spec := param.Spec{Name: p.Name, In: param.InHeader, Direction: schema.Response}
	if c.dialect == schema.OpenAPI20 {
		p.Schema = c.compile(c.oldSchema(s))
	} else {
		piece, _ := decodePiece[openapi3.Header](c, s.Node, "schema", "content", "example", "examples", "name", "in")
		p.Required, p.Deprecated = piece.Required, piece.Deprecated
		spec.Explode = piece.Explode != nil && *piece.Explode
		c.valueOf(s, p, &spec)
	}
	spec.Schema, spec.Required = p.Schema, p.Required
	p.decode = c.decoderOf(spec, s)
	p.Examples = c.parameterExamples(s, p.Schema, schema.Response)
	return p
}
