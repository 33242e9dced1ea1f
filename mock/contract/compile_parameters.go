package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/param"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// memo keeps what operations share, by where it stands.
type memo struct {
	parameters map[*Node]*Parameter
	bodies     map[*Node]*RequestBody
	responses  map[*Node]*Response
	schemes    map[string]*Scheme // nil for what cannot be used
}

func newMemo() memo {
	return memo{map[*Node]*Parameter{}, map[*Node]*RequestBody{}, map[*Node]*Response{}, map[string]*Scheme{}}
}

// parameterSpots merges the parameters of the path item and of the operation: the latter's win by name and place.
func (c *Contract) parameterSpots(o *Operation) []spot {
	var out []spot
	index := map[[2]string]int{}
	for _, owner := range []spot{o.item, o.node} {
		list := c.member(owner, "parameters", source.Array)
		before := len(out)
		for _, n := range list.Items() {
			p := c.follow(spot{n, list.file})
			if p.Node == nil {
				continue
			}
			if p.Get("name").StringOr("") == "" || !p.Get("in").Is(source.String) {
				c.fault(p.Position(), "parameter", "a parameter needs a name and a place (in), both strings; this one is passed over")
				continue
			}
			key := [2]string{p.Get("name").Text(), p.Get("in").Text()}
			if i, ok := index[key]; ok {
				if i >= before {
					message := fmt.Sprintf("the %s parameter %q stands twice in this list; the last one counts", key[1], key[0])
					c.fault(p.Position(), "parameter", message)
				}
				out[i] = p
				continue
			}
			index[key] = len(out)
			out = append(out, p)
		}
	}
	return out
}

func (c *Contract) compileParameters(o *Operation, declared []spot) []*Parameter {
	var out []*Parameter
	inPath := map[string]bool{}
	for _, s := range declared {
		name, in := s.Get("name").Text(), s.Get("in").Text()
		switch in {
		case "path":
			if !strings.Contains(o.Template, "{"+name+"}") {
				c.warn(s.Position(), "parameter", fmt.Sprintf("the path %s has no {%s}", o.Template, name))
				continue
			}
			inPath[name] = true
		case "header":
			switch http.CanonicalHeaderKey(name) {
			case "Accept", "Content-Type", "Authorization":
				continue
			}
		case "query":
		case "cookie":
			if c.dialect == schema.OpenAPI20 {
				c.fault(s.PositionOf("in"), "parameter", "OpenAPI 2.0 knows no parameters in cookies; this one is taken as OpenAPI 3 has them")
			}
		case "body", "formData":
			if c.dialect == schema.OpenAPI20 {
				continue
			}
			fallthrough
		default:
			c.fault(s.PositionOf("in"), "parameter", fmt.Sprintf("a parameter cannot stand in %q; this one is passed over", in))
			continue
		}
		if p := c.parameter(s); p != nil {
			out = append(out, p)
		}
	}
	return append(out, c.undeclared(o, inPath)...)
}

// undeclared gives a string parameter for each placeholder of the path that nobody declares.
func (c *Contract) undeclared(o *Operation, declared map[string]bool) []*Parameter {
	if o.lost {
		return nil
	}
	var out []*Parameter
	rest, _, _ := strings.Cut(o.Template, "#")
	for {
		_, after, ok := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !ok || !closed {
			return out
		}
		rest = tail
		if declared[name] || name == "" {
			continue
		}
		declared[name] = true
		c.warn(o.Position, "parameter", fmt.Sprintf("the placeholder {%s} of the path has no parameter; it is taken for a string", name))
		p := &Parameter{Name: name, In: "path", Required: true, Position: o.Position}
		p.decode, _ = param.Compile(param.Spec{Name: name, In: param.InPath, Required: true, Direction: schema.Request})
		out = append(out, p)
	}
}

// parameter compiles one Parameter Object, once however many operations share it.
func (c *Contract) parameter(s spot) *Parameter {
	if p, ok := c.memo.parameters[s.Node]; ok {
		return p
	}
	p := &Parameter{
		Name: s.Get("name").Text(), In: s.Get("in").Text(), Description: s.Get("description").Text(),
		Position: s.Position(), Node: s.Node,
	}
	p.key = http.CanonicalHeaderKey(p.Name)
	var spec param.Spec
	if c.dialect == schema.OpenAPI20 {
		spec = c.oldSpec(s, p)
	} else {
		spec = c.spec(s, p)
	}
	p.Required = p.Required || p.In == "path"
	spec.Name, spec.Required, spec.Schema, spec.Direction = p.Name, p.Required, p.Schema, schema.Request
	spec.In = map[string]param.In{"path": param.InPath, "query": param.InQuery, "header": param.InHeader, "cookie": param.InCookie}[p.In]
	p.decode = c.decoderOf(spec, s)
	p.Examples = c.parameterExamples(s, p.Schema, schema.Request)
	c.checkDefault(p.Schema)
	c.memo.parameters[s.Node] = p
	return p
}

// decoderOf compiles a decoder; a style that cannot stand there is told, and the default one taken.
func (c *Contract) decoderOf(spec param.Spec, s spot) *param.Decoder {
	d, err := param.Compile(spec)
	if err == nil {
		return d
	}
	c.fault(s.PositionOf("style"), "parameter", err.Error()+"; the default style is taken")
	spec.Style = param.DefaultStyle
	spec.Explode = spec.In == param.InQuery || spec.In == param.InCookie
	d, err = param.Compile(spec)
	if err != nil {
		return nil
	}
	return d
}

// spec reads a Parameter Object of OpenAPI 3 (3.1, 4.8.12).
func (c *Contract) spec(s spot, p *Parameter) param.Spec {
	piece, _ := decodePiece[openapi3.Parameter](c, s.Node, "schema", "content", "example", "examples")
	p.Required, p.Deprecated = piece.Required, piece.Deprecated
	style, known := param.StyleNamed(piece.Style)
	if !known {
		c.fault(s.PositionOf("style"), "parameter", fmt.Sprintf("there is no style %q; the default one is taken", piece.Style))
	}
	spec := param.Spec{Style: style, AllowReserved: piece.AllowReserved, AllowEmpty: piece.AllowEmptyValue}
	in := map[string]param.In{"path": param.InPath, "query": param.InQuery, "header": param.InHeader, "cookie": param.InCookie}[p.In]
	spec.Explode = style.Explodes(in)
	if piece.Explode != nil {
		spec.Explode = *piece.Explode
	}
	c.valueOf(s, p, &spec)
	return spec
}

// valueOf reads what a parameter or header says of its value: a schema, or content with one media type.
func (c *Contract) valueOf(s spot, p *Parameter, spec *param.Spec) {
	p.Schema = c.compile(s.get("schema"))
	content := c.member(s, "content", source.Object)
	switch members := content.Members(); {
	case has(s.Node, "schema") && len(members) > 0:
		c.fault(s.PositionOf("content"), "parameter", "only one of schema and content may be there; the schema counts")
	case has(s.Node, "schema"):
	case len(members) == 0:
		c.warn(s.Position(), "parameter", fmt.Sprintf("%q has neither a schema nor content with a media type, so any text is right", p.Name))
	default:
		if len(members) > 1 {
			c.fault(s.PositionOf("content"), "parameter", "content must have one media type here; the first one counts")
		}
		spec.Style, spec.MediaType = param.Content, members[0].Name
		p.Schema = c.compile(c.entry(members[0], content.file, "media type").get("schema"))
	}
}

// oldSpec reads a Parameter Object of OpenAPI 2.0, where the parameter itself is the schema.
func (c *Contract) oldSpec(s spot, p *Parameter) param.Spec {
	piece, _ := decodePiece[openapi2.Parameter](c, c.withoutSchema(s.Node))
	p.Required = piece.Required
	p.Schema = c.compile(c.oldSchema(s))
	in := map[string]param.In{"path": param.InPath, "query": param.InQuery, "header": param.InHeader}[p.In]
	style, explode, ok := param.CollectionFormat(piece.CollectionFormat, in)
	if !ok {
		message := fmt.Sprintf("a %s parameter cannot have the collectionFormat %q; csv is taken", p.In, piece.CollectionFormat)
		c.fault(s.PositionOf("collectionFormat"), "parameter", message)
		style, explode = param.DefaultStyle, false
	}
	return param.Spec{Style: style, Explode: explode, AllowEmpty: s.Get("allowEmptyValue").True()}
}

// withoutSchema keeps what of a 2.0 parameter is not a schema.
func (c *Contract) withoutSchema(n *Node) *Node {
	var kept []source.Member
	for _, m := range n.Members() {
		switch m.Name {
		case "name", "in", "required", "collectionFormat", "description":
			kept = append(kept, m)
		}
	}
	return source.NewObject(n, kept...)
}

// oldSchema keeps what of a 2.0 parameter or header is a schema.
func (c *Contract) oldSchema(s spot) spot {
	return spot{s.Without("name", "in", "required", "collectionFormat", "description", "allowEmptyValue"), s.file}
}

// checkDefault tells of a default that breaks its own schema.
func (c *Contract) checkDefault(s *schema.Schema) {
	if s == nil || s.Default == nil {
		return
	}
	for _, v := range s.Check(s.Default.Value(), schema.Options{Most: 1}) {
		c.warn(s.Default.Position(), "default", "the default breaks its own schema: "+v.Message)
	}
}
