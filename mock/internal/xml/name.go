package xml

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// elementName makes any text a name of XML without a colon. What cannot stand in one is written as _xHHHH_, so that it can be read
// back (ISO/IEC 9075-14, 9.1).
func elementName(text string) string {
	if plainName(text) {
		return text
	}
	var out strings.Builder
	for i, r := range text {
		switch {
		case r == '_' && escaped.MatchString(text[i:]), !nameRune(r, i == 0):
			fmt.Fprintf(&out, "_x%04X_", r)
		default:
			out.WriteRune(r)
		}
	}
	if out.Len() == 0 {
		return emptyName
	}
	return out.String()
}

// emptyName stands for a property without a name.
const emptyName = "_x_"

func plainName(text string) bool {
	for i, r := range text {
		if !nameRune(r, i == 0) {
			return false
		}
	}
	return text != "" && (!strings.Contains(text, "_x") || !anyEscaped.MatchString(text))
}

// What reads as written by [elementName], and so must be written so itself.
var (
	escaped    = regexp.MustCompile(`^_x([0-9A-Fa-f]{4,6})?_`)
	anyEscaped = regexp.MustCompile(`_x([0-9A-Fa-f]{4,6})?_`)
)

// nameRune tells whether a character can stand in a name (Namespaces in XML 1.0, 3: NCName). It is a little stricter than it must be
// outside of the common planes.
func nameRune(r rune, first bool) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
		return true
	case r >= '0' && r <= '9', r == '-', r == '.':
		return !first
	}
	return r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 || r >= 0x370 && r <= 0x1FFF && r != 0x37E ||
		r >= 0x3001 && r <= 0xD7FF
}

// propertyName reads what [elementName] wrote.
func propertyName(element string) string {
	if !strings.Contains(element, "_x") {
		return element
	}
	if element == emptyName {
		return ""
	}
	return anyEscaped.ReplaceAllStringFunc(element, func(found string) string {
		code, err := strconv.ParseUint(strings.Trim(found, "_x"), 16, 32)
		if err != nil {
			return found
		}
		return string(rune(code))
	})
}
