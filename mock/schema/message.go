package schema

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"standin/mock/internal/source"
)

// shown is how much of a value a message shows, in bytes.
const shown = 60

// report writes down a violation of the value in hand. It is false, for the caller to return.
func (e *eval) report(s *Schema, keyword, format string, args ...any) bool {
	return e.write(s, keyword, "", fmt.Sprintf(format, args...))
}

// reportProperty does so for a property that is missing or should be.
func (e *eval) reportProperty(s *Schema, keyword, property, format string, args ...any) bool {
	return e.write(s, keyword, property, fmt.Sprintf(format, args...))
}

func (e *eval) write(s *Schema, keyword, property, message string) bool {
	if len(e.found) >= e.most {
		return false
	}
	if e.label != "" {
		message += " (as " + e.label + ")"
	}
	v := Violation{Pointer: e.pointer(), Keyword: keyword, Message: message, Rule: s.Node.PositionOf(keyword), Property: property}
	same := func(w Violation) bool {
		return w.Pointer == v.Pointer && w.Keyword == v.Keyword && w.Property == v.Property && (w.Rule == v.Rule || w.Message == v.Message)
	}
	if !slices.ContainsFunc(e.found, same) {
		e.found = append(e.found, v)
	}
	return false
}

// pointer is the JSON Pointer of the value in hand.
func (e *eval) pointer() string {
	var b []byte
	for _, t := range e.path {
		b = append(b, '/')
		if t.index >= 0 {
			b = strconv.AppendInt(b, int64(t.index), 10)
		} else {
			b = append(b, source.Escape(t.name)...)
		}
	}
	return string(b)
}

// complexity is the violation that says why a check was given up.
func (e *eval) complexity(s *Schema) Violation {
	v := Violation{Keyword: "complexity", Message: "is too complex to check: the schema and the value together would take too long", Rule: s.Node.Position()}
	if e.slow != nil {
		v.Message = "is too complex to check: a pattern takes too long on this text"
		v.Rule = e.slow.Node.PositionOf("pattern")
	}
	return v
}

// String names the types within a sentence: "a string", "a string or null", "anything".
func (t TypeSet) String() string {
	names := [...]string{"null", "a boolean", "an integer", "a number", "a string", "an array", "an object"}
	if t&NumberType != 0 {
		t &^= IntegerType
	}
	var b []byte
	for i, left := 0, bits.OnesCount8(uint8(t)); left > 0 && i < len(names); i++ {
		// null comes last
		at := (i + 1) % len(names)
		if t&(1<<at) == 0 {
			continue
		}
		if left--; len(b) > 0 && left > 0 {
			b = append(b, ", "...)
		} else if len(b) > 0 {
			b = append(b, " or "...)
		}
		b = append(b, names[at]...)
	}
	if len(b) == 0 {
		return "anything"
	}
	return string(b)
}

// kindOf names the type of a value, with the value if it is short by nature.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean (" + show(v) + ")"
	case json.Number:
		return "a number (" + show(v) + ")"
	case string:
		return "a string (" + show(v) + ")"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("a %T", v)
}

// show writes a value as JSON, cut to some 60 characters.
func show(v any) string { return clip(string(appendShown(nil, v)), shown) }

// appendShown writes no more of a value than will be shown.
func appendShown(b []byte, v any) []byte {
	if len(b) > shown {
		return b
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case json.Number:
		return append(b, v...)
	case string:
		return append(b, quote(v)...)
	case []any:
		b = append(b, '[')
		for i, item := range v[:min(len(v), shown)] {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendShown(b, item)
		}
		return append(b, ']')
	case map[string]any:
		return appendObject(b, v)
	}
	return fmt.Appendf(b, "%T", v)
}

func appendObject(b []byte, v map[string]any) []byte {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names[:min(len(names), shown)] {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, quote(name)...), ':')
		b = appendShown(b, v[name])
	}
	return append(b, '}')
}

// quote puts a text in double quotes, cut to some 60 characters.
func quote(s string) string {
	if len(s) > shown {
		return strings.TrimSuffix(string(source.AppendString(nil, clip(s, shown))), `"`) + `"`
	}
	return string(source.AppendString(nil, s))
}

// clip cuts a text to n bytes and marks the cut, never inside a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// choice lists allowed values, the first few of them.
func choice(values []any) string {
	if len(values) == 0 {
		return "the allowed values, of which there are none"
	}
	const few = 10
	list := make([]string, 0, few+1)
	for _, v := range values[:min(len(values), few)] {
		list = append(list, show(v))
	}
	if more := len(values) - few; more > 0 {
		list = append(list, fmt.Sprintf("… (%d more)", more))
	}
	return strings.Join(list, ", ")
}

func words(names []string) string {
	values := make([]any, len(names))
	for i, name := range names {
		values[i] = name
	}
	return choice(values)
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func properties(n int) string {
	if n == 1 {
		return "1 property"
	}
	return strconv.Itoa(n) + " properties"
}

// number tells how many were found.
func number(n int) string {
	switch n {
	case 0:
		return "none is"
	case 1:
		return "1 is"
	}
	return strconv.Itoa(n) + " are"
}

// called names what a schema asks for, as far as that can be said in a word.
func called(s *Schema) string {
	if name := naming(s, ""); name != "" {
		return name
	}
	switch {
	case s.Title != "":
		return quote(s.Title)
	case s.HasConst:
		return show(s.Const)
	case s.HasEnum:
		return "one of " + choice(s.Enum)
	case s.Types != 0:
		return s.Types.String()
	}
	return "what the schema at " + where(s.Node) + " describes"
}

// formatName names a format within a sentence.
func formatName(name string) string {
	switch name {
	case "date-time":
		return "a date-time such as 2026-01-02T03:04:05Z"
	case "date":
		return "a date such as 2026-01-02"
	case "time":
		return "a time such as 03:04:05Z"
	case "email":
		return "an email address"
	case "uuid":
		return "a UUID"
	case "uri":
		return "an absolute URI"
	case "ipv4":
		return "an IPv4 address"
	case "ipv6":
		return "an IPv6 address"
	case "byte":
		return "base64 text"
	}
	return "of the format " + quote(name)
}

// meant suggests the declared property that a name may be a slip of.
func (s *Schema) meant(name string) string {
	for _, p := range s.Properties {
		if isSlip(name, p.Name) {
			return "; did you mean " + quote(p.Name) + "?"
		}
	}
	return ""
}

// isSlip tells whether two names differ by case, or by one character added, left out, changed, or swapped with the next.
func isSlip(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) < 3 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
