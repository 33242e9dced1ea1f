// Package media reads media types, negotiates between them, and turns bodies of text into values.
package media

import (
	"fmt"
	"mime"
	"strings"
)

// Type is a media type or a media range (RFC 9110, 8.3.1 and 12.5.1), in lower case. The zero Type is none.
type Type struct {
	Type, Subtype string
	// Params are the parameters, names in lower case; nil if there are none.
	Params map[string]string
}

// Parse reads a media type or range. An error says what is wrong with it.
func Parse(s string) (Type, error) {
	essence, params := strings.TrimSpace(s), map[string]string(nil)
	if strings.IndexByte(s, ';') >= 0 {
		var err error
		if essence, params, err = mime.ParseMediaType(s); err != nil {
			return Type{}, fmt.Errorf("%q is not a media type: %s", s, strings.TrimPrefix(err.Error(), "mime: "))
		}
	}
	kind, subtype, ok := strings.Cut(strings.ToLower(essence), "/")
	if !ok || !token(kind) || !token(subtype) || kind == "*" && subtype != "*" {
		return Type{}, fmt.Errorf("%q is not a media type: it looks like type/subtype", s)
	}
	if len(params) == 0 {
		params = nil
	}
	return Type{Type: kind, Subtype: subtype, Params: params}, nil
}

// token tells whether s is a token of RFC 9110, 5.6.2.
func token(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// Essence is "type/subtype".
func (t Type) Essence() string { return t.Type + "/" + t.Subtype }

// String is the type as it is written in a header.
func (t Type) String() string {
	if t.Params == nil {
		return t.Essence()
	}
	return mime.FormatMediaType(t.Essence(), t.Params)
}

// Suffix is the structured syntax suffix (RFC 6839), "json" for application/problem+json; "" if there is none.
func (t Type) Suffix() string {
	if i := strings.LastIndexByte(t.Subtype, '+'); i >= 0 {
		return t.Subtype[i+1:]
	}
	return ""
}

// Wild tells whether t is a range: */* or type/*.
func (t Type) Wild() bool { return t.Subtype == "*" }

// IsJSON tells whether the type's texts are JSON.
func (t Type) IsJSON() bool {
	return t.Subtype == "json" && (t.Type == "application" || t.Type == "text") || t.Suffix() == "json"
}

// IsXML tells whether the type's texts are XML.
func (t Type) IsXML() bool {
	return t.Subtype == "xml" && (t.Type == "application" || t.Type == "text") || t.Suffix() == "xml"
}

// IsText tells whether the type's bodies are plain characters that no other method here claims.
func (t Type) IsText() bool { return t.Type == "text" && !t.IsJSON() && !t.IsXML() }

// IsForm tells whether t is application/x-www-form-urlencoded.
func (t Type) IsForm() bool {
	return t.Type == "application" && t.Subtype == "x-www-form-urlencoded"
}

// IsMultipart tells whether t is some multipart type.
func (t Type) IsMultipart() bool { return t.Type == "multipart" }

// Includes tells whether t, as a range, includes u. Parameters of t must stand in u with the same value, save charset, which
// documents write and clients leave out, or the other way round.
func (t Type) Includes(u Type) bool {
	if t.Type != "*" && t.Type != u.Type || t.Subtype != "*" && t.Subtype != u.Subtype {
		return false
	}
	for name, value := range t.Params {
		if name != "charset" && name != "boundary" && name != "q" && !strings.EqualFold(u.Params[name], value) {
			return false
		}
	}
	return true
}

// rank orders ranges that include the same type: more specific ones are higher.
func (t Type) rank() int {
	switch {
	case t.Type == "*":
		return 0
	case t.Subtype == "*":
		return 1
	}
	return 2 + len(t.Params)
}

// Select is the index of the most specific documented range that includes the type (OpenAPI 3.1, 4.8.14.1), -1 if none does.
func Select(documented []Type, t Type) int {
	best, rank := -1, -1
	for i, d := range documented {
		if r := d.rank(); r > rank && d.Includes(t) {
			best, rank = i, r
		}
	}
	return best
}
