package format

import (
	"strings"
	"unicode/utf8"
)

// isUUID is UUID of RFC 4122, section 3, in either case and of any version.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !hex(s[i]) {
			return false
		}
	}
	return true
}

// isJSONPointer is RFC 6901, section 3.
func isJSONPointer(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != '/' || !utf8.ValidString(s) {
		return false
	}
	for i := range len(s) {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// isRelativeJSONPointer is draft-bhutton-relative-json-pointer-00, section 3.
func isRelativeJSONPointer(s string) bool {
	n := digits(s)
	if n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	s = s[n:]
	if s != "" && (s[0] == '+' || s[0] == '-') { // to a neighbour in an array
		n = digits(s[1:])
		if n == 0 || s[1] == '0' {
			return false
		}
		s = s[1+n:]
	}
	return s == "#" || isJSONPointer(s)
}

// isBase64 is RFC 4648, section 4. Line breaks are allowed, for many encoders still write them.
func isBase64(s string) bool {
	n, padding := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\r' || c == '\n':
		case c == '=':
			n, padding = n+1, padding+1
		case padding == 0 && (digit(c) || letter(c) || c == '+' || c == '/'):
			n++
		default:
			return false
		}
	}
	return n%4 == 0 && padding <= 2
}

// isBase64URL is RFC 4648, section 5; the padding may be absent.
func isBase64URL(s string) bool {
	text := strings.TrimRight(s, "=")
	padding := len(s) - len(text)
	for i := range len(text) {
		if c := text[i]; !digit(c) && !letter(c) && c != '-' && c != '_' {
			return false
		}
	}
	return len(text)%4 != 1 && (padding == 0 || padding <= 2 && len(s)%4 == 0)
}

// isChar is a single character, by the OpenAPI registry.
func isChar(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return s != "" && size == len(s) && (r != utf8.RuneError || size > 1)
}

// isDecimal is a decimal number in a string: a sign, digits with or without a point, an exponent. The registry fixes no
// grammar, so all that is usual passes.
func isDecimal(s string) bool {
	s = trimSign(s)
	before := digits(s)
	s = s[before:]
	after := 0
	if strings.HasPrefix(s, ".") {
		after = digits(s[1:])
		s = s[1+after:]
	}
	if before+after == 0 {
		return false
	}
	if s == "" {
		return true
	}
	if s[0]|0x20 != 'e' {
		return false
	}
	s = trimSign(s[1:])
	return s != "" && digits(s) == len(s)
}

func trimSign(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

// isMediaRange is media-range of RFC 9110, section 12.5.1, with parameters.
func isMediaRange(s string) bool {
	slash := strings.IndexByte(s, '/')
	if slash < 0 {
		return false
	}
	kind := s[:slash]
	s = s[slash+1:]
	n := token(s)
	if token(kind) != len(kind) || kind == "" || n == 0 || kind == "*" && s[:n] != "*" {
		return false
	}
	for s = s[n:]; s != ""; {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] != ';' {
			return false
		}
		var ok bool
		if s, ok = parameter(strings.TrimLeft(s[1:], " \t")); !ok {
			return false
		}
	}
	return true
}

// parameter reads name=value, where the value is a token or quoted, or nothing.
func parameter(s string) (rest string, ok bool) {
	n := token(s)
	if n == 0 {
		return s, true
	}
	if n == len(s) || s[n] != '=' {
		return s, false
	}
	s = s[n+1:]
	if !strings.HasPrefix(s, `"`) {
		n = token(s)
		return s[n:], n > 0
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[i+1:], true
		case c == '\\':
			if i++; i < len(s) && (s[i] < ' ' && s[i] != '\t' || s[i] == 0x7F) {
				return s, false
			}
		case c < ' ' && c != '\t' || c == 0x7F:
			return s, false
		}
	}
	return s, false
}

// token counts the characters of a token of RFC 9110, section 5.6.2, that s begins with.
func token(s string) int {
	n := 0
	for n < len(s) && (digit(s[n]) || letter(s[n]) || strings.IndexByte("!#$%&'*+-.^_`|~", s[n]) >= 0) {
		n++
	}
	return n
}
