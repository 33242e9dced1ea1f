// Package format checks the string formats of JSON Schema and OpenAPI.
//
// Every check follows the grammar that its name is registered with: JSON Schema 2020-12 Validation section 7.3, or the OpenAPI
// Format Registry. Formats that any string has (password, html, commonmark, binary) and those of numbers are not here.
package format

import (
	"slices"
	"strings"

	"standin/mock/internal/pattern"
)

// Check tells whether a string has a format. It is safe for concurrent use.
type Check func(s string) bool

// Lookup gives the check for the format of that name; false for a format that is unknown or cannot be checked.
func Lookup(name string) (Check, bool) {
	all := table()
	i, ok := slices.BinarySearchFunc(all, name, func(e entry, name string) int { return strings.Compare(e.name, name) })
	if !ok {
		return nil, false
	}
	return all[i].check, true
}

// Names lists the formats that Lookup knows, sorted.
func Names() []string {
	var names []string
	for _, e := range table() {
		names = append(names, e.name)
	}
	return names
}

type entry struct {
	name  string
	check Check
}

// table is sorted by name.
func table() []entry {
	return []entry{
		{"base64url", isBase64URL},
		{"byte", isBase64},
		{"char", isChar},
		{"date", isDate},
		{"date-time", isDateTime},
		{"date-time-local", isDateTimeLocal},
		{"decimal", isDecimal},
		{"decimal128", isDecimal},
		{"duration", isDuration},
		{"email", isEmail},
		{"hostname", isHostname},
		{"http-date", isHTTPDate},
		{"idn-email", isIDNEmail},
		{"idn-hostname", isIDNHostname},
		{"ipv4", isIPv4},
		{"ipv6", isIPv6},
		{"iri", isIRI},
		{"iri-reference", isIRIReference},
		{"json-pointer", isJSONPointer},
		{"media-range", isMediaRange},
		{"regex", isRegex},
		{"relative-json-pointer", isRelativeJSONPointer},
		{"time", isTime},
		{"time-local", isTimeLocal},
		{"uri", isURI},
		{"uri-reference", isURIReference},
		{"uri-template", isURITemplate},
		{"uuid", isUUID},
	}
}

// isRegex is for patterns as ECMA-262 has them, which what we forgive in a document is not.
func isRegex(s string) bool {
	p, err := pattern.Compile(s)
	return err == nil && p.Standard()
}

// digit and its kin tell the character classes of RFC 5234, appendix B.1.
func digit(c byte) bool { return '0' <= c && c <= '9' }

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func hex(c byte) bool { return digit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// digits counts the decimal digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}

// all tells whether s is not empty and every byte of it is ok.
func all(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return s != ""
}
