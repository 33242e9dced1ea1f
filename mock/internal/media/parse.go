package media

import (
	"fmt"
	"slices"
	"strings"
)

// Parse reads a media type or range. An error says what is wrong with it.
func Parse(s string) (Type, error) {
	item, rest, problem := scan(strings.Trim(s, " \t"), ";")
	if problem == "" && rest != "" {
		problem = "something follows its parameters"
	}
	if problem == "" && item.star() {
		problem = shape
	}
	if problem != "" {
		return Type{}, fmt.Errorf("%q is not a media type: %s", cut(s), problem)
	}
	if item.weighted {
		item.set("q", item.weight)
	}
	return item.Type, nil
}

const shape = "it looks like type/subtype"

// cut shortens what a message quotes.
func cut(s string) string {
	if len(s) > 80 {
		return s[:77] + "..."
	}
	return s
}

// scanned is one media type as it was read. Its weight is kept apart, so that most members of an Accept need no map.
type scanned struct {
	Type
	weighted bool
	weight   string
}

// star tells of the lone * that some clients send for */*.
func (s *scanned) star() bool { return s.Subtype == "" }

func (s *scanned) set(name, value string) {
	if s.Params == nil {
		s.Params = map[string]string{}
	}
	s.Params[name] = value
}

// scan reads a media type with its parameters (RFC 9110, 8.3.1 and 5.6.6) up to a byte of stops or the end, and gives the
// text behind it. problem says what is wrong, "" if nothing is.
func scan(text, stops string) (item scanned, rest, problem string) {
	end := strings.IndexAny(text, ";,")
	if end < 0 {
		end = len(text)
	}
	essence := strings.Trim(text[:end], " \t")
	kind, subtype, _ := strings.Cut(strings.ToLower(essence), "/")
	if essence != "*" && (!token(kind) || !token(subtype) || kind == "*" && subtype != "*") {
		return item, text[end:], shape
	}
	item.Type = Type{Type: kind, Subtype: subtype}
	for rest = text[end:]; strings.HasPrefix(rest, ";"); {
		rest = strings.TrimLeft(rest[1:], " \t")
		if rest == "" || strings.IndexByte(";,", rest[0]) >= 0 {
			continue // an empty parameter
		}
		var name, value string
		if name, value, rest, problem = parameter(rest); problem != "" {
			return item, rest, problem
		}
		if problem = item.add(name, value); problem != "" {
			return item, rest, problem
		}
		rest = strings.TrimLeft(rest, " \t")
		if rest != "" && rest[0] != ';' && strings.IndexByte(stops, rest[0]) < 0 {
			return item, rest, "something follows its parameter " + cut(name)
		}
	}
	return item, rest, ""
}

func (s *scanned) add(name, value string) (problem string) {
	old, seen := s.Params[name]
	if name == "q" {
		old, seen = s.weight, s.weighted
		s.weight, s.weighted = value, true
	} else {
		s.set(name, value)
	}
	if seen && old != value {
		return "its parameter " + cut(name) + " stands twice"
	}
	return ""
}

// parameter reads name=value, the name in lower case.
func parameter(text string) (name, value, rest, problem string) {
	end := 0
	for end < len(text) && tokenByte(text[end]) {
		end++
	}
	if end == 0 || end == len(text) || text[end] != '=' {
		return "", "", text, "its parameters look like name=value"
	}
	name, rest = strings.ToLower(text[:end]), text[end+1:]
	if strings.HasPrefix(rest, `"`) {
		value, rest, problem = quoted(rest[1:])
		return name, value, rest, problem
	}
	end = 0
	for end < len(rest) && tokenByte(rest[end]) {
		end++
	}
	if end == 0 {
		return name, "", rest, "its parameter " + cut(name) + " has no value"
	}
	return name, rest[:end], rest[end:], ""
}

// quoted reads a quoted-string (RFC 9110, 5.6.4) behind its first quote.
func quoted(text string) (value, rest, problem string) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '"' {
			return out.String(), text[i+1:], ""
		}
		if c == '\\' && i+1 < len(text) {
			i++
			c = text[i]
		}
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", "", "a quoted value holds a control character"
		}
		out.WriteByte(c)
	}
	return "", "", "a quote is not closed"
}

// token tells whether s is a token of RFC 9110, 5.6.2.
func token(s string) bool {
	for i := range len(s) {
		if !tokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func tokenByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// String is the type as it is written in a header, parameters in alphabetical order.
func (t Type) String() string {
	if len(t.Params) == 0 {
		return t.Essence()
	}
	names := make([]string, 0, len(t.Params))
	for name := range t.Params {
		names = append(names, name)
	}
	slices.Sort(names)
	var out strings.Builder
	out.WriteString(t.Essence())
	for _, name := range names {
		out.WriteString("; " + name + "=")
		value := t.Params[name]
		if token(value) {
			out.WriteString(value)
			continue
		}
		out.WriteByte('"')
		for i := range len(value) {
			if value[i] == '"' || value[i] == '\\' {
				out.WriteByte('\\')
			}
			out.WriteByte(value[i])
		}
		out.WriteByte('"')
	}
	return out.String()
}
