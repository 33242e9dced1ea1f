package xml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Bounds of a text.
const (
	mostDepth    = 100
	mostElements = 200_000
)

// element is one element as it was written. Namespaces are left out of names.
type element struct {
	name       string
	attributes []xml.Attr
	children   []*element
	text       strings.Builder
}

// Decode reads one XML document as a value that the schema describes; where the schema leaves a kind open, the text decides. A nil
// schema only has the text checked. An error tells line and column of what is not well-formed, or that the outermost element is
// called otherwise than documented; it is a *[source.Error] where the text is too deep or too large. Entities beyond the five of
// XML itself, and document types, are refused.
func Decode(text []byte, s *schema.Schema, d schema.Direction) (any, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, nil
	}
	if want := RootName(s); want != "" && want != root.name {
		return nil, fmt.Errorf("the outermost element is called %s, and %s is documented", root.name, want)
	}
	r := reader{direction: d}
	if list(s) {
		return r.list(root.children, items(s)), nil
	}
	return r.value(root, s), nil
}

// parse reads the elements.
func parse(text []byte) (*element, error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	var open []*element
	var root *element
	count := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, place(decoder, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if count++; count > mostElements || len(open) >= mostDepth {
				return nil, &source.Error{Message: fmt.Sprintf("it has more than %d elements, or %d levels", mostElements, mostDepth), TooComplex: true}
			}
			if root != nil && len(open) == 0 {
				return nil, place(decoder, errors.New("there is a second outermost element"))
			}
			e := &element{name: token.Name.Local, attributes: token.Attr}
			if len(open) == 0 {
				root = e
			} else {
				above := open[len(open)-1]
				above.children = append(above.children, e)
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(token)
			} else if strings.TrimSpace(strings.TrimPrefix(string(token), "\ufeff")) != "" {
				return nil, place(decoder, errors.New("there is text outside of every element"))
			}
		case xml.Directive:
			return nil, place(decoder, errors.New("document types are not read"))
		}
	}
	if root == nil {
		return nil, errors.New("there is no element")
	}
	return root, nil
}

// place says where something is wrong.
func place(decoder *xml.Decoder, err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		err = errors.New(syntax.Msg)
	}
	line, column := decoder.InputPos()
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

type reader struct{ direction schema.Direction }

// value reads an element as what a schema says.
func (r reader) value(e *element, s *schema.Schema) any {
	switch {
	case e.isNil():
		return nil
	case list(s) && (len(e.children) > 0 || types(s) == schema.ArrayType):
		return r.list(e.children, items(s))
	case len(properties(s)) > 0 || types(s)&schema.ObjectType != 0 && (len(e.children) > 0 || types(s) == schema.ObjectType):
		return r.object(e, s)
	case len(e.children) > 0:
		return r.object(e, nil)
	}
	return r.scalar(e.text.String(), s)
}

// isNil reads xsi:nil (XML Schema Part 1, 2.6.2).
func (e *element) isNil() bool {
	for _, a := range e.attributes {
		if a.Name.Local == "nil" && (a.Name.Space == "xsi" || strings.HasSuffix(a.Name.Space, "XMLSchema-instance")) {
			return a.Value == "true" || a.Value == "1"
		}
	}
	return false
}

func (r reader) list(of []*element, s *schema.Schema) []any {
	out := make([]any, 0, len(of))
	for _, e := range of {
		out = append(out, r.value(e, s))
	}
	return out
}

// object reads attributes and elements as properties; what the schema does not list comes under its own name.
func (r reader) object(e *element, s *schema.Schema) map[string]any {
	out := map[string]any{}
	used := map[string]bool{}
	var texts []schema.Property
	for _, p := range properties(s) {
		x := labelOf(p.Schema)
		name := nameOf(p.Name, x)
		switch {
		case x.attribute:
			if v, ok := e.attribute(name); ok {
				out[p.Name] = r.scalar(v, p.Schema)
			}
			used["@"+name] = true
			continue
		case list(p.Schema) && !x.wrapped:
			name = itemName(name, items(p.Schema))
			if found := e.named(name); len(found) > 0 || required(s, p.Name) {
				out[p.Name] = r.list(found, items(p.Schema))
			}
		default:
			if found := e.named(name); len(found) > 0 {
				out[p.Name] = r.property(found, p.Schema)
			} else {
				texts = append(texts, p)
			}
		}
		used[name] = true
	}
	r.text(e, texts, out)
	r.rest(e, additional(s), used, out)
	return out
}

// property reads the elements of one property; more than one is a list, which the schema will judge.
func (r reader) property(found []*element, s *schema.Schema) any {
	if len(found) > 1 {
		return r.list(found, s)
	}
	return r.value(found[0], s)
}

// text gives the text of an element without children to the only property that could hold it, as of {id: attribute, value: text}.
func (r reader) text(e *element, left []schema.Property, out map[string]any) {
	text := e.text.String()
	if len(left) != 1 || len(e.children) > 0 || strings.TrimSpace(text) == "" || len(properties(left[0].Schema)) > 0 {
		return
	}
	out[left[0].Name] = r.scalar(text, left[0].Schema)
}

// rest reads what the schema does not list.
func (r reader) rest(e *element, s *schema.Schema, used map[string]bool, out map[string]any) {
	for _, a := range e.attributes {
		name := a.Name.Local
		if a.Name.Space == "xmlns" || name == "xmlns" || a.Name.Space != "" || used["@"+name] {
			continue
		}
		if _, taken := out[name]; !taken {
			out[name] = r.scalar(a.Value, s)
		}
	}
	for _, child := range e.children {
		if used[child.name] {
			continue
		}
		v := r.value(child, s)
		switch before := out[child.name].(type) {
		case nil:
			out[child.name] = v
		case []any:
			out[child.name] = append(before, v)
		default:
			out[child.name] = []any{before, v}
		}
	}
}

func (e *element) attribute(name string) (string, bool) {
	for _, a := range e.attributes {
		if a.Name.Local == name && a.Name.Space != "xmlns" {
			return a.Value, true
		}
	}
	return "", false
}

func (e *element) named(name string) []*element {
	var out []*element
	for _, c := range e.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// scalar reads a text as the schema wants it: itself, else the JSON that it writes.
func (r reader) scalar(text string, s *schema.Schema) any {
	if s == nil || s.Valid(text, r.direction) {
		return text
	}
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		switch t := types(s); {
		case t == schema.ObjectType:
			return map[string]any{}
		case t == schema.ArrayType:
			return []any{}
		case t&schema.StringType == 0 && s.Valid(nil, r.direction):
			return nil
		}
	}
	v, err := source.DecodeJSON([]byte(trimmed), source.Limits{})
	if err != nil {
		return text
	}
	broken := s.Check(v, schema.Options{Direction: r.direction, Most: 1})
	if len(broken) == 0 || broken[0].Keyword != "type" {
		return v
	}
	return text
}
