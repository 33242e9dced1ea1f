package fake

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"standin/mock/schema"
)

// contents makes a string that holds another value, as contentEncoding, contentMediaType and contentSchema say (2020-12
// validation, 8).
func (w *words) contents() (string, bool) {
	part := w.shape.saying(func(s *schema.Schema) bool {
		return s.ContentEncoding != "" || s.ContentMediaType != "" || s.ContentSchema != nil
	})
	if part == nil {
		return "", false
	}
	text := w.sentence(8)
	kind, _, _ := strings.Cut(part.ContentMediaType, ";")
	if part.ContentSchema != nil || strings.HasSuffix(kind, "json") {
		var ok bool
		if text, ok = w.document(part); !ok {
			return "", false
		}
	}
	text = encoded(part.ContentEncoding, text)
	return text, w.accepts(text)
}

// document is a JSON text to the contentSchema of a part.
func (w *words) document(part *schema.Schema) (string, bool) {
	var list []*schema.Schema
	if part.ContentSchema != nil {
		list = append(list, part.ContentSchema)
	}
	inner := &place{up: w.at, token: "", depth: w.at.depth + 1, index: -1, seed: mixText(w.at.seed, "contents"), try: w.at.try}
	v, err := w.node(list, inner)
	if err != nil {
		return "", false
	}
	text, fault := json.Marshal(v)
	return string(text), fault == nil
}

// encoded is a text in one of the encodings that RFC 4648 names; any other leaves it as it is.
func encoded(encoding, text string) string {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(text))
	case "base64url":
		return base64.URLEncoding.EncodeToString([]byte(text))
	case "base32":
		return base32.StdEncoding.EncodeToString([]byte(text))
	case "base16":
		return strings.ToUpper(hex.EncodeToString([]byte(text)))
	}
	return text
}
