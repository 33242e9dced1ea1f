package sample

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// boundary separates the parts of generated bodies. No part that is made up holds it.
const boundary = "standin-5b0e8d7a1c94"

// partsWriter writes an object as parts.
type partsWriter struct {
	of   *contract.MediaType
	out  *multipart.Writer
	seed uint64
	err  error
}

// partsText writes an object as parts (RFC 7578): lists as parts of one name, objects as JSON, and what is described as bytes as files, each
// of the type that its encoding says (OpenAPI 3.1, 4.8.15).
func partsText(value any, m *contract.MediaType, seed uint64) ([]byte, error) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("parts are made from an object")
	}
	var b bytes.Buffer
	w := partsWriter{of: m, out: multipart.NewWriter(&b), seed: seed}
	_ = w.out.SetBoundary(boundary) // which is well formed
	for _, name := range sortedNames(object) {
		var s *schema.Schema
		for _, p := range Properties(m.Schema) {
			if p.Name == name {
				s = p.Schema
			}
		}
		w.part(name, object[name], s)
	}
	_ = w.out.Close()
	return b.Bytes(), w.err
}

// part writes one property.
func (w *partsWriter) part(name string, value any, s *schema.Schema) {
	if list, ok := value.([]any); ok {
		for _, item := range list {
			w.part(name, item, Items(s))
		}
		return
	}
	kind := w.kind(name)
	header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", name)}}
	var body []byte
	switch v := value.(type) {
	case map[string]any:
		kind = or(kind, "application/json")
		body = jsonText(v, s)
		if t, err := media.Parse(kind); err == nil && t.IsXML() {
			if body, err = xml.Encode(v, s); err != nil {
				w.err = err
			}
		}
	case string:
		body = []byte(v)
		if kind == "" && isBytes(s) {
			kind = "application/octet-stream"
		}
		if t, err := media.Parse(kind); err == nil {
			if isBytes(s) {
				header.Set("Content-Disposition", fmt.Sprintf("form-data; name=%q; filename=%q", name, name))
			}
			if file := fileOf(t, v, s, w.seed); file != nil {
				body = file
			}
		}
	case json.Number:
		body = []byte(v.String())
	case nil:
		body = []byte("null")
	default:
		body = fmt.Append(nil, v)
	}
	if kind != "" {
		header.Set("Content-Type", kind)
	}
	if p, err := w.out.CreatePart(header); err == nil {
		_, _ = p.Write(body)
	}
}

// kind is the first concrete media type of a property's encoding, "" if there is none.
func (w *partsWriter) kind(property string) string {
	listed := w.of.Node.Get("encoding").Get(property).Get("contentType").StringOr("")
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
