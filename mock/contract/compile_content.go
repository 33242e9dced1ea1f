package contract

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/media"
	"standin/mock/internal/param"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// compileBody gives the request body of an operation, nil if it has none.
func (c *Contract) compileBody(o *Operation, declared []spot) *RequestBody {
	if c.dialect == schema.OpenAPI20 {
		return c.oldBody(o, declared)
	}
	if !has(o.node.Node, "requestBody") {
		return nil
	}
	s := c.member(o.node, "requestBody", source.Object)
	if s.Node == nil {
		return nil
	}
	if b, ok := c.memo.bodies[s.Node]; ok && !o.outgoing {
		return b
	}
	piece, _ := decodePiece[openapi3.RequestBody](c, s.Node, "content")
	b := &RequestBody{Required: piece.Required, Description: piece.Description, Position: s.PositionOf("required")}
	b.Content = c.content(s, o.BodyDirection())
	if !has(s.Node, "content") {
		c.warn(s.Position(), "media-type", "this body has no content, so any is right")
	}
	b.types = types(b.Content)
	if !o.outgoing {
		c.memo.bodies[s.Node] = b
	}
	return b
}

// content compiles the media types of a body or response.
func (c *Contract) content(owner spot, d schema.Direction) []*MediaType {
	s := c.member(owner, "content", source.Object)
	var out []*MediaType
	for _, m := range s.Members() {
		if t := c.mediaType(m, c.entry(m, s.file, "media type"), d); t != nil {
			out = append(out, t)
		}
	}
	return out
}

// mediaType compiles one Media Type Object (OpenAPI 3.1, 4.8.14); nil if its key is no media range.
func (c *Contract) mediaType(m source.Member, s spot, d schema.Direction) *MediaType {
	parsed, err := media.Parse(m.Name)
	if err != nil {
		c.fault(m.Position(), "media-type", err.Error()+"; it is passed over")
		return nil
	}
	out := &MediaType{Range: m.Name, Position: m.Position(), Node: s.Node, parsed: parsed}
	if s.Node == nil {
		return out
	}
	out.Schema, out.Items = c.compile(s.get("schema")), c.compile(s.get("itemSchema"))
	switch {
	case parsed.IsForm():
		out.form = c.form(s, out.Schema, d)
	case parsed.IsMultipart():
		out.parts = c.compileParts(s, out)
	}
	out.Examples = c.mediaExamples(s, out, d)
	return out
}

// form compiles how an urlencoded body is written, by the encoding of its properties (OpenAPI 3.1, 4.8.15).
func (c *Contract) form(s spot, root *schema.Schema, d schema.Direction) *param.FormBody {
	encodings := map[string]param.Encoding{}
	list := c.member(s, "encoding", source.Object)
	for _, m := range list.Members() {
		piece, ok := decodePiece[openapi3.Encoding](c, c.entry(m, list.file, "encoding of").Node, "headers")
		if !ok {
			continue
		}
		e := param.Encoding{ContentType: piece.ContentType, AllowReserved: piece.AllowReserved}
		if piece.Style != "" || piece.Explode != nil {
			style, known := param.StyleNamed(piece.Style)
			if !known {
				c.fault(m.Position(), "parameter", fmt.Sprintf("there is no style %q; the default one is taken", piece.Style))
			}
			if style == param.DefaultStyle {
				style = param.Form
			}
			e.Style, e.Explode = style, style.Explodes(param.InQuery)
			if piece.Explode != nil {
				e.Explode = *piece.Explode
			}
		}
		encodings[m.Name] = e
	}
	f, err := param.CompileForm(root, encodings, d)
	if err != nil {
		c.fault(s.PositionOf("encoding"), "parameter", err.Error())
	}
	return f
}

// oldBody gives the body that OpenAPI 2.0 writes as a parameter in body, or as parameters in formData.
func (c *Contract) oldBody(o *Operation, declared []spot) *RequestBody {
	var payloads, fields []spot
	for _, s := range declared {
		switch s.Get("in").Text() {
		case "body":
			payloads = append(payloads, s)
		case "formData":
			fields = append(fields, s)
		}
	}
	if len(payloads) > 1 || len(payloads) == 1 && len(fields) > 0 {
		c.fault(payloads[0].Position(), "parameter", "an operation has one body, or fields of a form; the first body counts")
	}
	switch {
	case len(payloads) > 0:
		return c.oldPayload(o, payloads[0])
	case len(fields) > 0:
		return c.oldForm(o, fields)
	}
	return nil
}

func (c *Contract) oldPayload(o *Operation, s spot) *RequestBody {
	b := &RequestBody{Required: s.Get("required").True(), Description: s.Get("description").Text(), Position: s.Position()}
	compiled := c.compile(s.get("schema"))
	for _, name := range c.oldTypes(o, "consumes", "application/json") {
		parsed, _ := media.Parse(name)
		t := &MediaType{Range: name, Position: s.Position(), Node: s.Node, Schema: compiled, parsed: parsed}
		t.Examples = c.schemaExamples(t, schema.Request)
		b.Content = append(b.Content, t)
	}
	b.types = types(b.Content)
	return b
}

// oldForm makes one object of the fields of a form; a file makes it multipart.
func (c *Contract) oldForm(o *Operation, fields []spot) *RequestBody {
	b := &RequestBody{Position: fields[0].Position()}
	at := fields[0].Node
	var properties []source.Member
	var required []*Node
	kind := "application/x-www-form-urlencoded"
	encodings := map[string]param.Encoding{}
	for _, f := range fields {
		name := f.Get("name").Text()
		properties = append(properties, source.NewMember(name, c.oldSchema(f).Node))
		if f.Get("required").True() {
			b.Required = true
			required = append(required, source.NewString(f.Node, name))
		}
		if f.Get("type").Text() == "file" {
			kind = "multipart/form-data"
		}
		if style, explode, ok := param.CollectionFormat(f.Get("collectionFormat").Text(), param.InQuery); ok && f.Get("type").Text() == "array" {
			encodings[name] = param.Encoding{Style: style, Explode: explode}
		}
	}
	object := source.NewObject(at,
		source.NewMember("type", source.NewString(at, "object")),
		source.NewMember("properties", source.NewObject(at, properties...)),
		source.NewMember("required", source.NewArray(at, required...)))
	compiled := c.compile(spot{object, fields[0].file})
	named := slices.DeleteFunc(c.oldTypes(o, "consumes", kind), func(name string) bool {
		parsed, _ := media.Parse(name)
		return !parsed.IsForm() && !parsed.IsMultipart()
	})
	if len(named) == 0 {
		named = []string{kind}
	}
	for _, name := range named {
		parsed, _ := media.Parse(name)
		t := &MediaType{Range: name, Position: b.Position, Node: at, Schema: compiled, parsed: parsed}
		if parsed.IsForm() {
			t.form, _ = param.CompileForm(compiled, encodings, schema.Request)
		} else {
			t.parts = newParts(parsed, compiled, nil, b.Position)
		}
		b.Content = append(b.Content, t)
	}
	b.types = types(b.Content)
	return b
}

// oldTypes are the media types of consumes or produces: the operation's own, else the document's, else a default.
func (c *Contract) oldTypes(o *Operation, name, fallback string) []string {
	for _, owner := range []spot{o.node, c.top()} {
		var out []string
		for _, n := range c.member(owner, name, source.Array).Items() {
			if _, err := media.Parse(n.Text()); err != nil {
				c.fault(n.Position(), "media-type", err.Error()+"; it is passed over")
				continue
			}
			if !slices.Contains(out, n.Text()) {
				out = append(out, n.Text())
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return []string{fallback}
}

// oldResponse gives the content of a Response Object of OpenAPI 2.0.
func (c *Contract) oldResponse(o *Operation, s spot) []*MediaType {
	if !has(s.Node, "schema") {
		return nil
	}
	compiled := c.compile(s.get("schema"))
	examples := s.get("examples")
	var out []*MediaType
	for _, name := range c.oldTypes(o, "produces", "application/json") {
		parsed, _ := media.Parse(name)
		t := &MediaType{Range: name, Position: s.Position(), Node: s.Node, Schema: compiled, parsed: parsed}
		if n := examples.Get(name); n != nil {
			t.Examples = []Example{c.prove(Example{Name: "default", Value: n, Position: n.Position()}, t, schema.Response)}
		} else {
			t.Examples = c.schemaExamples(t, schema.Response)
		}
		out = append(out, t)
	}
	return out
}
