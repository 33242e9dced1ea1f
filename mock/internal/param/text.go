package param

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"standin/mock/internal/source"
)

// maxDepth is the deepest nesting of a value in a parameter or form.
const maxDepth = 64

// unescaper turns raw text into a string.
type unescaper func(raw string) (string, error)

// percent decodes %XX alone, as in paths (RFC 3986, 2.1).
func percent(raw string) (string, error) { return unescape(raw, false) }

// percentPlus also reads a plus sign as a space, as in queries and forms (URL Standard, 5.1).
func percentPlus(raw string) (string, error) { return unescape(raw, true) }

// percentIfAny decodes %XX where all of it is well formed, else leaves the text alone: cookies are not always written by form
// style, and a lone percent sign is allowed in them (RFC 6265, 4.1.1).
func percentIfAny(raw string) (string, error) {
	if s, err := unescape(raw, false); err == nil {
		return s, nil
	}
	return verbatim(raw)
}

// verbatim takes the text as it is, as in headers (OpenAPI 3.1.1, appendix D).
func verbatim(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", fault(BadEncoding, "must be UTF-8 text, is %q", clip(raw))
	}
	return raw, nil
}

func unescape(raw string, plus bool) (string, error) {
	special := 0
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c == '%' || c >= 0x80 || c == '+' && plus {
			special++
		}
	}
	if special == 0 {
		return raw, nil
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '%':
			if i+2 >= len(raw) || unhex(raw[i+1]) > 15 || unhex(raw[i+2]) > 15 {
				return "", fault(BadEncoding, "has a %% that two hexadecimal digits do not follow: %q", clip(raw[i:]))
			}
			c = unhex(raw[i+1])<<4 | unhex(raw[i+2])
			i += 2
		case c == '+' && plus:
			c = ' '
		}
		out = append(out, c)
	}
	if !utf8.Valid(out) {
		return "", fault(BadEncoding, "must be UTF-8 text, is %q", clip(raw))
	}
	return string(out), nil
}

// unhex gives the worth of a hexadecimal digit, or 255.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// isNumber tells whether s is a JSON number literal (RFC 8259, 6).
func isNumber(s string) bool {
	i := 0
	digits := func() bool {
		start := i
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	start := i
	if !digits() || s[start] == '0' && i > start+1 {
		return false
	}
	if i < len(s) && s[i] == '.' {
		if i++; !digits() {
			return false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(s)
}

// number gives the value of a JSON number literal. Long ones go through the limits of JSON texts.
func number(s string) (any, error) {
	if len(s) > 300 || len(s) > 3 && strings.ContainsAny(s, "eE") {
		return decodeJSON(s)
	}
	return json.Number(s), nil
}

func decodeJSON(s string) (any, error) {
	v, err := source.DecodeJSON([]byte(s), source.Limits{Depth: maxDepth})
	if err == nil {
		return v, nil
	}
	if e, ok := err.(*source.Error); ok && e.TooComplex {
		return nil, fault(TooComplex, "is too complex: %s", e.Message)
	}
	return nil, fault(BadContent, "must be JSON: %s", err)
}
