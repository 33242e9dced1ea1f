package sample

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// variant is one generated body. If the answer has a place for the id of the path, it is body[start:end].
type variant struct {
	body       []byte
	start, end int
	property   *schema.Schema // of the id; nil if there is no place for one
	parameter  string
	// value and the place of the id in it are kept where the bytes cannot be replaced in place, as in XML.
	value any
	place []string
}

// mostTries bounds how often a value is made anew because its form cannot hold it, such as XML and control characters.
const mostTries = 8

// written makes a value up and writes it. What is not JSON is read back as a client would, and checked.
func (s *Sampler) written(op *contract.Operation, t Target, seed uint64, size int, id pathID) (*variant, error) {
	var last error
	for try := range uint64(mostTries) {
		value, err := s.sized(t.entry, seed+try*0x9e3779b97f4a7c15, size)
		if err != nil {
			return nil, err
		}
		v, err := render(value, t.entry, id, seed)
		if err == nil && !t.entry.kind.IsJSON() {
			err = proved(op, t, v.body)
		}
		if err == nil {
			return v, nil
		}
		last = err
	}
	return nil, last
}

// proved tells what a body breaks of the document.
func proved(op *contract.Operation, t Target, body []byte) error {
	for _, v := range op.CheckResponse(t.Status, http.Header{"Content-Type": {media.Bounded(t.entry.contentType, body)}}, body) {
		if v.In == "body" {
			return fmt.Errorf("as %s it breaks the document: %s: %s", t.entry.kind.Essence(), or(v.Pointer, "the body"), v.Message)
		}
	}
	return nil
}

func or(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// render writes a generated value as its media type says; seed varies files. An error tells that a form cannot hold it.
func render(value any, e *entry, id pathID, seed uint64) (*variant, error) {
	w := writer{}
	s, isText := value.(string)
	switch {
	case e.kind.IsJSON():
		var place []string
		if id.parameter != "" {
			place, w.property = locate(value, e.media.Schema, id.properties, 0)
		}
		w.value(value, e.media.Schema, place)
		return &variant{body: w.b, start: w.start, end: w.end, property: w.property, parameter: id.parameter}, nil
	case isText || e.media.Schema == nil && e.media.Items == nil || !e.kind.IsText() && !e.media.Sequence() && !e.kind.IsMultipart() && !e.kind.IsForm() && !e.kind.IsXML():
		if file := fileOf(e.kind, s, e.media.Schema, seed); file != nil {
			return &variant{body: file}, nil
		}
	}
	switch {
	case e.media.Sequence() && !(isText && e.media.Items == nil):
		text, err := elementsText(value, e.kind, e.media)
		return &variant{body: text}, err
	case e.kind.IsXML() && !(isText && e.media.Schema == nil):
		text, err := xml.Encode(value, e.media.Schema)
		v := &variant{body: text}
		if id.parameter != "" {
			if v.place, v.property = locate(value, e.media.Schema, id.properties, 0); v.property != nil {
				v.value, v.parameter = value, id.parameter
			}
		}
		return v, err
	case e.kind.IsMultipart():
		text, err := partsText(value, e.kind, e.media, seed)
		return &variant{body: text}, err
	case isText && e.sequence == media.Events:
		return &variant{body: []byte(streamed(s, e.media.Schema))}, nil
	case isText:
		return &variant{body: []byte(s)}, nil
	case e.kind.IsForm():
		text, err := e.media.EncodeForm(value)
		return &variant{body: []byte(text)}, err
	}
	w.value(value, e.media.Schema, nil)
	return &variant{body: w.b}, nil
}

// withPathID puts the path's id into the body, if the answer stays valid with it.
func (v *variant) withPathID(e *entry, given Given) []byte {
	if v.property == nil || given == nil {
		return v.body
	}
	id, ok := given().Path[v.parameter]
	if !ok {
		return v.body
	}
	for _, candidate := range []any{id, text(id)} {
		if !v.property.Valid(candidate, schema.Response) {
			continue
		}
		if v.value != nil {
			if body, ok := v.replaced(e, candidate); ok {
				return body
			}
			continue
		}
		w := writer{b: append(make([]byte, 0, len(v.body)+64), v.body[:v.start]...)}
		w.value(candidate, nil, nil)
		body := append(w.b, v.body[v.end:]...)
		if e.media.Schema.Accept(body, schema.Response) {
			return body
		}
		if whole, err := source.DecodeJSON(body, source.Limits{}); err == nil && e.media.Schema.Valid(whole, schema.Response) {
			return body
		}
	}
	return v.body
}

// replaced writes the value as XML with another one at its place, if that is valid.
func (v *variant) replaced(e *entry, candidate any) ([]byte, bool) {
	whole := replace(v.value, v.place, candidate)
	if !e.media.Schema.Valid(whole, schema.Response) {
		return nil, false
	}
	body, err := xml.Encode(whole, e.media.Schema)
	return body, err == nil
}

// replace gives a value with another one at a place, which exists; what is around the place is copied.
func replace(value any, place []string, by any) any {
	if len(place) == 0 {
		return by
	}
	switch v := value.(type) {
	case map[string]any:
		out := maps.Clone(v)
		out[place[0]] = replace(v[place[0]], place[1:], by)
		return out
	case []any:
		out := slices.Clone(v)
		if i, err := strconv.Atoi(place[0]); err == nil && i < len(out) {
			out[i] = replace(v[i], place[1:], by)
		}
		return out
	}
	return value
}

// locate finds the property that may hold the path's id: one of the value itself, else of the only object inside that has one,
// such as the row in an envelope or the first of a list. The place is names and indexes; nil if there is none.
func locate(value any, s *schema.Schema, names []string, depth int) (place []string, property *schema.Schema) {
	switch v := value.(type) {
	case []any:
		if len(v) > 0 && depth > 0 { // a list at the top is about more than the path
			if place, property = locate(v[0], Items(s), names, depth+1); place != nil {
				return slices.Insert(place, 0, "0"), property
			}
		}
		return nil, nil
	case map[string]any:
		listed := Properties(s)
		for _, name := range names {
			for _, p := range listed {
				if _, ok := v[name]; ok && p.Name == name {
					return []string{name}, p.Schema
				}
			}
		}
		if depth >= mostDepth {
			return nil, nil
		}
		for _, p := range listed {
			inside, of := locate(v[p.Name], p.Schema, names, depth+1)
			switch {
			case inside == nil || place != nil && place[0] == p.Name:
				continue
			case place != nil:
				return nil, nil // two may be meant
			}
			place, property = slices.Insert(inside, 0, p.Name), of
		}
	}
	return place, property
}

// writer writes JSON with members in the order of the schema's properties, as a person would.
type writer struct {
	b          []byte
	property   *schema.Schema
	start, end int // of the value at the place
}

// value writes a value. place leads to the one whose extent is noted: empty for this one, nil if it is not in here.
func (w *writer) value(value any, s *schema.Schema, place []string) {
	if place != nil && len(place) == 0 {
		w.start = len(w.b)
		defer func() { w.end = len(w.b) }()
	}
	switch v := value.(type) {
	case string:
		w.b = source.AppendString(w.b, v)
	case json.Number:
		w.b = append(w.b, v...)
	case bool:
		w.b = strconv.AppendBool(w.b, v)
	case []any:
		w.b = append(w.b, '[')
		item := Items(s)
		for i, x := range v {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			w.value(x, item, inside(place, strconv.Itoa(i)))
		}
		w.b = append(w.b, ']')
	case map[string]any:
		w.object(v, s, place)
	default:
		w.b = append(w.b, "null"...)
	}
}

// inside is what is left of a place below one of its steps; nil if it does not lead there.
func inside(place []string, step string) []string {
	if len(place) == 0 || place[0] != step {
		return nil
	}
	return place[1:]
}

func (w *writer) object(v map[string]any, s *schema.Schema, place []string) {
	w.b = append(w.b, '{')
	done := make(map[string]bool, len(v))
	member := func(name string, of *schema.Schema) {
		if len(done) > 0 {
			w.b = append(w.b, ',')
		}
		done[name] = true
		w.b = append(source.AppendString(w.b, name), ':')
		w.value(v[name], of, inside(place, name))
	}
	for _, p := range Properties(s) {
		if _, ok := v[p.Name]; ok && !done[p.Name] {
			member(p.Name, p.Schema)
		}
	}
	for _, name := range sortedNames(v) {
		if !done[name] {
			member(name, nil)
		}
	}
	w.b = append(w.b, '}')
}

// mostParts bounds the walk through the schemas that apply to one place.
const mostParts = 100

// Properties are those that a schema lists, itself or through $ref, allOf, anyOf and oneOf. A name may come more than once.
func Properties(s *schema.Schema) []schema.Property {
	var out []schema.Property
	walk(s, func(part *schema.Schema) { out = append(out, part.Properties...) })
	return out
}

// Items is the schema of an array's elements, itself or through $ref, allOf, anyOf and oneOf; nil if there is none.
func Items(s *schema.Schema) *schema.Schema {
	var out *schema.Schema
	walk(s, func(part *schema.Schema) {
		if out == nil {
			out = part.Items
		}
	})
	return out
}

// walk visits a schema and those that apply to the same value.
func walk(s *schema.Schema, visit func(*schema.Schema)) {
	seen := map[*schema.Schema]bool{}
	var from func(*schema.Schema)
	from = func(s *schema.Schema) {
		if s == nil || seen[s] || len(seen) > mostParts {
			return
		}
		seen[s] = true
		from(s.Ref)
		for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
			for _, part := range list {
				from(part)
			}
		}
		visit(s)
	}
	from(s)
}
