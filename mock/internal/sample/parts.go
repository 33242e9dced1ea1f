package sample

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// boundary separates the parts of bodies whose type does not name another. No part that is made up holds it.
const boundary = "standin-5b0e8d7a1c94"

// Part is one part of a multipart body.
type Part struct {
	// Name is that of the property, "" for the elements of a list; Filename is "" for what is no file.
	Name, Filename string
	// ContentType is "" for a text whose type goes without saying.
	ContentType string
	// Header are further headers, by their canonical names.
	Header textproto.MIMEHeader
	Body   []byte
}

// JoinParts writes parts as a body (RFC 2046, 5.1) with the boundary that the type names, else one of our own, which [media.Bounded]
// adds to the type. An error tells that the boundary is malformed, or a part holds it.
func JoinParts(t media.Type, parts []Part) ([]byte, error) {
	var b bytes.Buffer
	out := multipart.NewWriter(&b)
	separator := or(t.Params["boundary"], boundary)
	if err := out.SetBoundary(separator); err != nil {
		return nil, err
	}
	for _, p := range parts {
		if bytes.Contains(p.Body, []byte("--"+separator)) {
			return nil, errors.New("a part holds the boundary between the parts")
		}
		header := textproto.MIMEHeader{}
		for name, values := range p.Header {
			header[name] = values
		}
		params := map[string]string{}
		if p.Filename != "" {
			params["filename"] = p.Filename
		}
		switch {
		case p.Name != "":
			params["name"] = p.Name
			header.Set("Content-Disposition", disposition("form-data", params))
		case p.Filename != "":
			header.Set("Content-Disposition", disposition("attachment", params))
		}
		if p.ContentType != "" {
			header.Set("Content-Type", p.ContentType)
		}
		if w, err := out.CreatePart(header); err == nil { // a buffer takes everything
			_, _ = w.Write(p.Body)
		}
	}
	_ = out.Close()
	return b.Bytes(), nil
}

// disposition writes a Content-Disposition as browsers do (RFC 7578, 4.2): names in quotes, in UTF-8, and what would end them escaped.
func disposition(kind string, params map[string]string) string {
	escape := strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "%0D", "\n", "%0A")
	out := kind
	for _, name := range []string{"name", "filename"} {
		if v, ok := params[name]; ok {
			out += "; " + name + `="` + escape.Replace(v) + `"`
		}
	}
	return out
}

// partsMaker makes parts of values.
type partsMaker struct {
	of    *contract.MediaType
	seed  uint64
	parts []Part
}

// Parts are the parts of a value (RFC 7578; OpenAPI 3.1, 4.8.15): of an object the properties, of a list the elements; where a property is
// a list, several parts of one name. Objects are JSON, and what is described as bytes is a file, unless its encoding says another type.
// m is the documented body, nil for none; seed varies made-up files. Errors tell of what no part can be.
func Parts(value any, m *contract.MediaType, seed uint64) ([]Part, error) {
	if m == nil {
		m = &contract.MediaType{}
	}
	w := partsMaker{of: m, seed: seed}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range sortedNames(v) {
			if err := w.property(name, v[name]); err != nil {
				return nil, err
			}
		}
		return w.parts, nil
	case []any:
		for i, item := range v {
			if err := w.part(Part{}, item, elementAt(m, i), m.Part("", i)); err != nil {
				return nil, err
			}
		}
		return w.parts, nil
	}
	return nil, errors.New("parts are made from an object or a list")
}

// partsText writes a value as parts.
func partsText(value any, t media.Type, m *contract.MediaType, seed uint64) ([]byte, error) {
	parts, err := Parts(value, m, seed)
	if err != nil {
		return nil, err
	}
	return JoinParts(t, parts)
}

// elementAt is the schema of the nth part of a list.
func elementAt(m *contract.MediaType, n int) *schema.Schema {
	if m.Items != nil {
		return m.Items
	}
	var prefix []*schema.Schema
	walk(m.Schema, func(part *schema.Schema) {
		if len(prefix) == 0 {
			prefix = part.PrefixItems
		}
	})
	if n < len(prefix) {
		return prefix[n]
	}
	return Items(m.Schema)
}

// property makes the parts of one property.
func (w *partsMaker) property(name string, value any) error {
	of, e := memberOf(w.of.Schema, name), w.of.Part(name, 0)
	list, isList := value.([]any)
	if !isList {
		return w.part(Part{Name: name}, value, of, e)
	}
	if e != nil && e.Between != "" {
		texts := make([]string, len(list))
		for i, item := range list {
			texts[i] = cell(item)
		}
		w.parts = append(w.parts, Part{Name: name, Body: []byte(strings.Join(texts, e.Between))})
		return nil
	}
	for _, item := range list {
		if err := w.part(Part{Name: name}, item, Items(of), e); err != nil {
			return err
		}
	}
	return nil
}

// part makes one part of a value.
func (w *partsMaker) part(p Part, value any, s *schema.Schema, e *contract.PartEncoding) error {
	if e == nil {
		e = &contract.PartEncoding{}
	}
	p.ContentType = firstType(e.ContentType)
	switch v := value.(type) {
	case map[string]any, []any:
		p.ContentType = or(p.ContentType, "application/json")
		p.Body = jsonText(v, s)
		if t, err := media.Parse(p.ContentType); err == nil && t.IsXML() {
			if p.Body, err = xml.Encode(v, s); err != nil {
				return err
			}
		}
	case string:
		w.text(&p, v, s)
	case json.Number:
		p.Body = []byte(v.String())
	case nil:
		p.Body = []byte("null")
	default:
		p.Body = fmt.Append(nil, v)
	}
	if err := w.headers(&p, s, e); err != nil {
		return err
	}
	w.parts = append(w.parts, p)
	return nil
}

// FileType is the media type that a file goes by which is sent as a property: what its encoding or its schema says, else some bytes.
func FileType(m *contract.MediaType, property string) string {
	kind := ""
	if e := m.Part(property, 0); e != nil {
		kind = firstType(e.ContentType)
	}
	s := memberOf(m.Schema, property)
	return or(or(or(kind, contentTypeOf(s)), contentTypeOf(Items(s))), "application/octet-stream")
}

// text makes a part of a text, a file of it where the document describes bytes.
func (w *partsMaker) text(p *Part, text string, s *schema.Schema) {
	p.Body = []byte(text)
	binary := isBytes(s)
	if p.ContentType == "" && binary {
		p.ContentType = or(contentTypeOf(s), "application/octet-stream")
	}
	t, err := media.Parse(p.ContentType)
	if err != nil {
		return
	}
	if binary {
		p.Filename = or(p.Name, "part")
	}
	if file := fileOf(t, text, s, w.seed); file != nil {
		p.Body = file
	}
}

// headers adds the headers that the document demands of a part.
func (w *partsMaker) headers(p *Part, s *schema.Schema, e *contract.PartEncoding) error {
	for _, h := range e.Headers {
		if !h.Required {
			continue
		}
		text, err := headerValue(fake.New(), h, func(n int) uint64 {
			hash := fnv.New64a()
			_, _ = fmt.Fprintf(hash, "%d %s %s %d", w.seed, p.Name, h.Name, n)
			return hash.Sum64()
		})
		if err != nil {
			return fmt.Errorf("the header %s of a part cannot be given: %w", h.Name, err)
		}
		if p.Header == nil {
			p.Header = textproto.MIMEHeader{}
		}
		p.Header.Set(h.Name, text)
	}
	if s == nil || s.ContentEncoding == "" {
		p.Body = transferred(p.Body, p.Header.Get("Content-Transfer-Encoding"))
	}
	return nil
}

// transferred encodes a part for its Content-Transfer-Encoding (RFC 2045, 6).
func transferred(body []byte, encoding string) []byte {
	switch strings.ToLower(encoding) {
	case "base64":
		return []byte(base64.StdEncoding.EncodeToString(body))
	case "quoted-printable":
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		return b.Bytes()
	}
	return body
}

// firstType is the first concrete media type of a list, "" if there is none.
func firstType(listed string) string {
	for text := range strings.SplitSeq(listed, ",") {
		if t, err := media.Parse(text); err == nil && !t.Wild() {
			return t.String()
		}
	}
	return ""
}

// isBytes tells whether strings of a schema are the bytes of a file (OpenAPI 3.0, format binary; 3.1, contentMediaType alone).
func isBytes(s *schema.Schema) bool {
	found := false
	walk(s, func(part *schema.Schema) {
		found = found || part.Format == "binary" || part.ContentMediaType != "" && part.ContentEncoding == ""
	})
	return found
}

// contentTypeOf is the contentMediaType of a schema, "" for none.
func contentTypeOf(s *schema.Schema) string {
	out := ""
	walk(s, func(part *schema.Schema) { out = or(out, part.ContentMediaType) })
	return out
}
