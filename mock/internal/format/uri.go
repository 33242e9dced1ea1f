package format

import (
	"strings"
	"unicode/utf8"
)

// isURI is URI of RFC 3986, section 3.
func isURI(s string) bool { return reference(s, false, true) }

// isURIReference is URI-reference of RFC 3986, section 4.1.
func isURIReference(s string) bool { return reference(s, false, false) }

// isIRI is IRI of RFC 3987, section 2.2.
func isIRI(s string) bool { return reference(s, true, true) }

// isIRIReference is IRI-reference of RFC 3987, section 2.2.
func isIRIReference(s string) bool { return reference(s, true, false) }

// reference checks a URI reference, or an IRI reference, which allows most characters beyond ASCII as well; absolute ones
// need a scheme.
func reference(s string, iri, absolute bool) bool {
	w, inQuery := wide(0), wide(0)
	if iri {
		w, inQuery = ucschar, ucschar|iprivate
	}
	rest, fragment, has := strings.Cut(s, "#")
	if has && !component(fragment, ":@/?", w) {
		return false
	}
	rest, query, has := strings.Cut(rest, "?")
	if has && !component(query, ":@/?", inQuery) {
		return false
	}
	if scheme, after, has := strings.Cut(rest, ":"); has && isScheme(scheme) {
		rest = after
	} else if first, _, _ := strings.Cut(rest, "/"); absolute || strings.IndexByte(first, ':') >= 0 {
		return false // section 4.2: the first segment of a relative path has no colon
	}
	if after, has := strings.CutPrefix(rest, "//"); has {
		end := strings.IndexByte(after, '/')
		if end < 0 {
			end = len(after)
		}
		if !isAuthority(after[:end], w) {
			return false
		}
		rest = after[end:]
	}
	return component(rest, ":@/", w)
}

func isScheme(s string) bool {
	return s != "" && letter(s[0]) && all(s, func(c byte) bool {
		return letter(c) || digit(c) || c == '+' || c == '-' || c == '.'
	})
}

// isAuthority is RFC 3986, section 3.2.
func isAuthority(s string, w wide) bool {
	if i := strings.IndexByte(s, '@'); i >= 0 {
		if !component(s[:i], ":", w) {
			return false
		}
		s = s[i+1:]
	}
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		host, port = s[:i], s[i+1:]
	}
	if digits(port) != len(port) {
		return false
	}
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		literal := host[1 : len(host)-1]
		return isIPv6(literal) || isIPvFuture(literal)
	}
	return component(host, "", w)
}

// isIPvFuture is RFC 3986, section 3.2.2.
func isIPvFuture(s string) bool {
	if len(s) < 4 || s[0]|0x20 != 'v' {
		return false
	}
	version, address, _ := strings.Cut(s[1:], ".")
	return all(version, hex) && all(address, func(c byte) bool { return unreserved(c) || subDelim(c) || c == ':' })
}

// wide tells which characters beyond ASCII are allowed.
type wide uint8

const (
	ucschar  wide = 1 << iota // of RFC 3987
	iprivate                  // of RFC 3987, in queries only
)

// component tells whether s has only unreserved characters, sub-delims, those of more, percent-encoded ones, and what w
// allows.
func component(s, more string, w wide) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case unreserved(c) || subDelim(c) || strings.IndexByte(more, c) >= 0:
		case c == '%':
			if i+2 >= len(s) || !hex(s[i+1]) || !hex(s[i+2]) {
				return false
			}
			i += 2
		case c >= utf8.RuneSelf && w != 0:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || !(w&ucschar != 0 && isUCSChar(r) || w&iprivate != 0 && isPrivate(r)) {
				return false
			}
			i += size - 1
		default:
			return false
		}
	}
	return true
}

func unreserved(c byte) bool {
	return digit(c) || letter(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

func subDelim(c byte) bool { return strings.IndexByte("!$&'()*+,;=", c) >= 0 }

// isUCSChar is ucschar of RFC 3987, section 2.2.
func isUCSChar(r rune) bool {
	switch {
	case r < 0x10000:
		return 0xA0 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFEF
	case r >= 0xE0000:
		return 0xE1000 <= r && r <= 0xEFFFD
	}
	return r&0xFFFF <= 0xFFFD
}

// isPrivate is iprivate of RFC 3987, section 2.2.
func isPrivate(r rune) bool {
	return 0xE000 <= r && r <= 0xF8FF || 0xF0000 <= r && r&0xFFFF <= 0xFFFD
}

// isURITemplate is URI-Template of RFC 6570, section 2, with the apostrophe of its erratum 6937.
func isURITemplate(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 || !isExpression(s[i+1:i+end]) {
				return false
			}
			i += end + 1
		case c == '%':
			if i+2 >= len(s) || !hex(s[i+1]) || !hex(s[i+2]) {
				return false
			}
			i += 3
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || !isUCSChar(r) && !isPrivate(r) {
				return false
			}
			i += size
		case c <= ' ' || c == 0x7F || strings.IndexByte("\"<>\\^`|}", c) >= 0:
			return false
		default:
			i++
		}
	}
	return true
}

// isExpression checks the inside of braces.
func isExpression(s string) bool {
	if s != "" && strings.IndexByte("+#./;?&=,!@|", s[0]) >= 0 {
		s = s[1:]
	}
	for {
		spec, rest, more := strings.Cut(s, ",")
		if !isVarspec(spec) {
			return false
		}
		if !more {
			return true
		}
		s = rest
	}
}

// isVarspec is a name with an optional * or :length.
func isVarspec(s string) bool {
	if name, explode := strings.CutSuffix(s, "*"); explode {
		return isVarname(name)
	}
	name, length, prefix := strings.Cut(s, ":")
	if prefix && (len(length) > 4 || !all(length, digit) || length[0] == '0') {
		return false
	}
	return isVarname(name)
}

func isVarname(s string) bool {
	for {
		part, rest, more := strings.Cut(s, ".")
		if part == "" {
			return false
		}
		for i := 0; i < len(part); i++ {
			switch c := part[i]; {
			case digit(c) || letter(c) || c == '_':
			case c == '%' && i+2 < len(part) && hex(part[i+1]) && hex(part[i+2]):
				i += 2
			default:
				return false
			}
		}
		if !more {
			return true
		}
		s = rest
	}
}
