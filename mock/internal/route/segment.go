package route

import (
	"net/url"
	"strings"
)

// segment is one segment of a template: placeholders stand between the texts, so one text is a literal.
type segment struct{ texts []string }

func (s segment) literal() bool { return len(s.texts) == 1 }

// weight orders templates: more literal text first.
func (s segment) weight() int {
	n := 0
	for _, t := range s.texts {
		n += len(t)
	}
	return n
}

// parse splits a template into segments; fault says why it cannot be used.
func parse(template string) (segments []segment, names []string, fault string) {
	if !strings.HasPrefix(template, "/") {
		return nil, nil, "a path must begin with a slash"
	}
	seen := map[string]bool{}
	for text := range strings.SplitSeq(template[1:], "/") {
		var s segment
		for {
			open := strings.IndexByte(text, '{')
			if open < 0 {
				break
			}
			end := strings.IndexByte(text[open:], '}')
			if end < 0 {
				return nil, nil, "a { without its }"
			}
			name := text[open+1 : open+end]
			switch {
			case name == "" || strings.Contains(name, "{"):
				return nil, nil, "a placeholder without a name"
			case seen[name]:
				return nil, nil, "the placeholder " + name + " stands twice"
			case len(s.texts) > 0 && open == 0:
				return nil, nil, "the placeholders before and after " + name + " have nothing between them"
			}
			seen[name] = true
			names = append(names, name)
			s.texts = append(s.texts, normal(text[:open]))
			text = text[open+end+1:]
		}
		if strings.IndexByte(text, '}') >= 0 {
			return nil, nil, "a } without its {"
		}
		s.texts = append(s.texts, normal(text))
		segments = append(segments, s)
	}
	return segments, names, ""
}

// normal is literal text with its percent-encoding undone, so that "%7E" equals "~".
func normal(text string) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}

// match fits the escaped text of a path segment, appending captures; shortest values first, each at least one byte.
func (s segment) match(text string, captures []string) ([]string, bool) {
	first, last := s.texts[0], s.texts[len(s.texts)-1]
	if len(text) < len(first)+len(last)+len(s.texts)-1 || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return captures, false
	}
	text = text[len(first) : len(text)-len(last)]
	// Between the ends, the leftmost fit of each text leaves the most for the rest, so no backtracking is needed.
	for _, t := range s.texts[1 : len(s.texts)-1] {
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
