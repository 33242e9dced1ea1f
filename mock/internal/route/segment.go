package route

import (
	"net/url"
	"slices"
	"strings"
)

// segment is one segment of a template: placeholders stand between the texts, so one text is a literal. Texts are
// percent-decoded.
type segment struct{ texts []string }

func (s segment) literal() bool { return len(s.texts) == 1 }

// key is the same for segments that match the same texts, whatever their placeholders are called.
func (s segment) key() string {
	var b strings.Builder
	for i, t := range s.texts {
		if i > 0 {
			b.WriteString("{}")
		}
		b.WriteString(url.PathEscape(t)) // leaves no brace
	}
	return b.String()
}

// size is the length of the literal text, in bytes.
func (s segment) size() int {
	n := 0
	for _, t := range s.texts {
		n += len(t)
	}
	return n
}

// order is negative if s comes before t: it has more literal text, or as much and fewer placeholders.
func (s segment) order(t segment) int {
	if d := t.size() - s.size(); d != 0 {
		return d
	}
	return len(s.texts) - len(t.texts)
}

// overlaps tells whether some text fits both segments. As placeholders take any text, only the ends can keep them apart.
func (s segment) overlaps(t segment) bool {
	a, b := s.texts[0], t.texts[0]
	y, z := s.texts[len(s.texts)-1], t.texts[len(t.texts)-1]
	return (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) && (strings.HasSuffix(y, z) || strings.HasSuffix(z, y))
}

// split cuts a template where its query or fragment begins, be it written out or as an expansion of RFC 6570 ({?page}).
func split(template string) (path, rest string) {
	inside := false
	for i := range len(template) {
		switch template[i] {
		case '{':
			if i+1 < len(template) && strings.IndexByte("?&#", template[i+1]) >= 0 {
				return template[:i], template[i:]
			}
			inside = true
		case '}':
			inside = false
		case '?', '#':
			if !inside {
				return template[:i], template[i:]
			}
		}
	}
	return template, ""
}

// mostSegments bounds the depth of a template, and so that of recursion.
const mostSegments = 10_000

// parse splits a template into segments; fault says why it cannot be used.
func parse(template string) (segments []segment, names []string, fault string) {
	if !strings.HasPrefix(template, "/") {
		return nil, nil, "a path must begin with a slash"
	}
	if strings.Count(template, "/") > mostSegments {
		return nil, nil, "it has more than 10,000 segments"
	}
	seen := map[string]bool{}
	for text := range strings.SplitSeq(template[1:], "/") {
		s, own, fault := parseSegment(text)
		if fault != "" {
			return nil, nil, fault
		}
		for _, name := range own {
			if seen[name] {
				return nil, nil, "the placeholder {" + name + "} stands twice"
			}
			seen[name] = true
		}
		segments, names = append(segments, s), append(names, own...)
	}
	return segments, names, ""
}

func parseSegment(text string) (s segment, names []string, fault string) {
	for {
		literal, rest, found := strings.Cut(text, "{")
		if strings.IndexByte(literal, '}') >= 0 {
			return s, nil, "a } without its {"
		}
		if found && literal == "" && len(s.texts) > 0 {
			return s, nil, "nothing stands between {" + names[len(names)-1] + "} and the next placeholder"
		}
		s.texts = append(s.texts, decoded(literal))
		if !found {
			return s, names, ""
		}
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !closed || strings.IndexByte(name, '{') >= 0:
			return s, nil, "a { without its }"
		case name == "":
			return s, nil, "a placeholder without a name"
		}
		names, text = append(names, name), after
	}
}

// match fits the text of a path segment, appending captures, shortest values first and each at least one byte long. Escapes
// of reserved characters count as these only if loose: "%3A" is a ":" of the template if nothing else can be meant, since a
// client that writes values well escapes theirs (RFC 3986, 2.2).
func (s segment) match(text string, loose bool, captures []string) ([]string, bool) {
	if strings.IndexByte(text, '%') >= 0 {
		return s.matchEscaped(text, loose, captures)
	}
	last := len(s.texts) - 1
	prefix, suffix := s.texts[0], s.texts[last]
	if len(text) < len(prefix)+len(suffix)+last || !strings.HasPrefix(text, prefix) || !strings.HasSuffix(text, suffix) {
		return captures, false
	}
	text = text[len(prefix) : len(text)-len(suffix)]
	// The leftmost fit of each text leaves the most for those after it, so none has to be tried again.
	for _, t := range s.texts[1:last] {
		if text == "" {
			return captures, false
		}
		i := strings.Index(text[1:], t)
		if i < 0 {
			return captures, false
		}
		captures = append(captures, text[:i+1])
		text = text[i+1+len(t):]
	}
	if text == "" {
		return captures, false
	}
	return append(captures, text), true
}

// matchEscaped is match for a text with escapes, which no capture may cut in two.
func (s segment) matchEscaped(text string, loose bool, captures []string) ([]string, bool) {
	last := len(s.texts) - 1
	start, ok := eat(text, 0, s.texts[0], loose)
	if !ok {
		return captures, false
	}
	text, ok = trim(text, s.texts[last], loose)
	for _, t := range s.texts[1:last] {
		if !ok || start >= len(text) {
			return captures, false
		}
		value := start
		end := value
		for ok = false; !ok && end < len(text); {
			_, size := unit(text, end)
			end += size
			start, ok = eat(text, end, t, loose)
		}
		captures = append(captures, text[value:min(end, len(text))])
	}
	if !ok || start >= len(text) {
		return captures, false
	}
	return append(captures, text[start:]), true
}

// eat passes over a literal at offset i, giving the offset behind it.
func eat(text string, i int, literal string, loose bool) (int, bool) {
	for j := range len(literal) {
		if i >= len(text) {
			return i, false
		}
		b, size := unit(text, i)
		if b != literal[j] || size > 1 && !loose && reserved(b) {
			return i, false
		}
		i += size
	}
	return i, true
}

// trim cuts a literal off the end.
func trim(text, literal string, loose bool) (string, bool) {
	for j := len(literal) - 1; j >= 0; j-- {
		if text == "" {
			return text, false
		}
		i := len(text) - 1
		if i >= 2 && text[i-2] == '%' { // a % that begins no escape is not followed by two digits
			if _, size := unit(text, i-2); size == 3 {
				i -= 2
			}
		}
		b, size := unit(text, i)
		if b != literal[j] || size > 1 && !loose && reserved(b) {
			return text, false
		}
		text = text[:i]
	}
	return text, true
}

// unit is the byte at offset i, percent-decoded, with the length that it is written in: 3 for an escape, else 1.
func unit(text string, i int) (b byte, size int) {
	if text[i] == '%' && i+2 < len(text) {
		high, low := digit(text[i+1]), digit(text[i+2])
		if high >= 0 && low >= 0 {
			return byte(high<<4 | low), 3
		}
	}
	return text[i], 1
}

func digit(c byte) int { return strings.IndexByte("0123456789abcdef", lower(c)) }

func lower(c byte) byte {
	if 'A' <= c && c <= 'F' {
		return c + 'a' - 'A'
	}
	return c
}

// reserved tells whether a byte means something else in a path segment if it is escaped (RFC 3986, 3.3: sub-delims, : and @).
func reserved(b byte) bool { return strings.IndexByte("!$&'()*+,;=:@", b) >= 0 }

// decoded is literal text with its percent-encoding undone, so that "%7E" equals "~". Malformed escapes stay.
func decoded(text string) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	return string(appendDecoded(nil, text))
}

func appendDecoded(out []byte, text string) []byte {
	out = slices.Grow(out, len(text))
	for i := 0; i < len(text); {
		b, size := unit(text, i)
		out = append(out, b)
		i += size
	}
	return out
}
