// Package media reads media types, chooses between them, and turns bodies of text into values.
package media

import (
	"strings"
)

// Type is a media type or a media range (RFC 9110, 8.3.1 and 12.5.1), in lower case. The zero Type is none.
type Type struct {
	Type, Subtype string
	// Params are the parameters, names in lower case and values as they were written, without quotes; nil if there are none.
	Params map[string]string
}

// Essence is "type/subtype".
func (t Type) Essence() string { return t.Type + "/" + t.Subtype }

// Suffix is the structured syntax suffix (RFC 6839), "json" for application/problem+json; "" if there is none.
func (t Type) Suffix() string {
	if i := strings.LastIndexByte(t.Subtype, '+'); i >= 0 {
		return t.Subtype[i+1:]
	}
	return ""
}

// Wild tells whether t is a range: */*, type/* or, as some documents write, type/*+suffix.
func (t Type) Wild() bool { return t.Subtype == "*" || strings.HasPrefix(t.Subtype, "*+") }

// IsJSON tells whether the type's texts are JSON: application/json, text/json, and the suffix +json.
func (t Type) IsJSON() bool {
	return t.Subtype == "json" && (t.Type == "application" || t.Type == "text") || t.Suffix() == "json"
}

// IsXML tells whether the type's texts are XML (RFC 7303): application/xml, text/xml, and the suffix +xml.
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

// UTF8 tells whether the type's texts are UTF-8, because its charset says so or nothing else.
func (t Type) UTF8() bool { return isUTF8(t.Params["charset"]) }

// Includes tells whether t, as a range, includes u. Parameters of t must stand in u with the same value in either case. That
// leaves out charset, which documents write and clients do not or the other way round, and the boundary of a multipart body.
func (t Type) Includes(u Type) bool {
	if t.Type != "*" && t.Type != u.Type || t.Subtype != "*" && t.Subtype != u.Subtype && !t.includesSuffix(u) {
		return false
	}
	for name, value := range t.Params {
		if !incidental(name) && !strings.EqualFold(u.Params[name], value) {
			return false
		}
	}
	return true
}

func (t Type) includesSuffix(u Type) bool {
	return strings.HasPrefix(t.Subtype, "*+") && strings.HasSuffix(u.Subtype, t.Subtype[1:])
}

// incidental tells whether a parameter is about how a body is written down rather than about what it is.
func incidental(name string) bool { return name == "charset" || name == "boundary" || name == "q" }

// rank orders ranges that include the same type: more specific ones are higher.
func (t Type) rank() int {
	switch {
	case t.Type == "*":
		return 0
	case t.Subtype == "*":
		return 1
	case t.Wild():
		return 2
	}
	rank := 3
	for name := range t.Params {
		if !incidental(name) {
			rank++
		}
	}
	return rank
}

// Select is the index of the most specific documented range that includes the type (OpenAPI 3.1, 4.8.14.1), -1 if none does.
// Between equals the one of the same charset is chosen, then the first.
func Select(documented []Type, t Type) int {
	best, most := -1, -1
	for i, d := range documented {
		if !d.Includes(t) {
			continue
		}
		score := 2 * d.rank()
		if strings.EqualFold(d.Params["charset"], t.Params["charset"]) {
			score++
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}
