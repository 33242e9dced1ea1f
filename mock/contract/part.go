package contract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// nameOf is the name of a part, by its Content-Disposition. Where the type does not demand one, a part without it goes by its Content-ID,
// else by its place among the properties that the document lists.
func (g *gathering) nameOf(n int, header textproto.MIMEHeader) (name string, isFile bool, problem string) {
	disposition, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	_, isFile = params["filename"]
	if name, named := params["name"]; named && err == nil && (disposition == "form-data" || !g.form) {
		return name, isFile, ""
	}
	if g.form {
		return "", isFile, fmt.Sprintf("part %d has no Content-Disposition: form-data with a name", n+1)
	}
	names := namesOf(g.whole)
	if id := strings.Trim(header.Get("Content-ID"), "<> "); id != "" && g.property(id) != nil {
		return id, isFile, ""
	}
	if n < len(names) {
		return names[n], isFile, ""
	}
	return "", isFile, fmt.Sprintf("part %d has no name, and only %d properties are documented", n+1, len(names))
}

// transferred undoes the Content-Transfer-Encoding of a part (RFC 2045, 6), unless the schema is about the encoded text.
func transferred(text []byte, header textproto.MIMEHeader, s *schema.Schema) ([]byte, error) {
	for hops := 0; s != nil && s.Ref != nil && hops < mostNested; hops++ {
		s = s.Ref
	}
	if s != nil && (s.ContentEncoding != "" || s.Format == "byte") {
		return text, nil
	}
	switch strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		out, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(text)))
		if err != nil {
			return nil, errors.New("it is no base64, which its Content-Transfer-Encoding says")
		}
		return out, nil
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(bytes.NewReader(text)))
	}
	return text, nil
}

// partType reads the Content-Type of a part; text/plain is the default (RFC 7578, 4.4).
func partType(text string) (media.Type, string) {
	if text == "" {
		return media.Type{Type: "text", Subtype: "plain"}, ""
	}
	t, err := media.Parse(text)
	if err != nil {
		return t, err.Error()
	}
	return t, ""
}

// partValue reads one part: JSON by its type, or where the schema wants more than a text can say; a file as a string of its bytes.
func partValue(text []byte, kind media.Type, isFile bool, s *schema.Schema, d schema.Direction) (any, error) {
	switch {
	case kind.IsJSON():
		value, _, err := media.Decode(kind, text, source.Limits{})
		if err != nil && isFile { // a file that happens to be JSON is the file's business
			return octets(text), nil
		}
		if isFile && s != nil && !s.Valid(value, d) && s.Valid(octets(text), d) {
			return octets(text), nil
		}
		return value, err
	case kind.IsXML() && s != nil && !s.Valid(octets(text), d):
		whole, err := xmlText(text, kind)
		if err != nil {
			return nil, err
		}
		value, faults, err := xml.Decode([]byte(whole), s, d)
		if err == nil && len(faults) > 0 {
			err = errors.New(faults[0].Message)
		}
		return value, err
	case isFile || !kind.IsText():
		if v, err := source.DecodeJSON(text, source.Limits{}); err == nil && s != nil && s.Valid(v, d) && !s.Valid(octets(text), d) {
			return v, nil
		}
		return octets(text), nil
	}
	plain, err := media.DecodeText(text, kind.Params["charset"])
	if err != nil {
		if s == nil || s.Valid(octets(text), d) { // a file whose type nobody told
			return octets(text), nil
		}
		return nil, err
	}
	return scalarOf(plain, s, d), nil
}

// octets is a string with a character for each byte, so that lengths count bytes.
func octets(text []byte) string {
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(rune(c))
	}
	return b.String()
}
