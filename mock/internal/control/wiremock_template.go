package control

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/source"
)

// templated turns the response templates of WireMock, in Handlebars, into programs of ours, where the mapping asks for them. Where one of
// them cannot be said, the answer stays text, and that is told.
func (t *translator) templated(r *source.Node, stub map[string]any, a aim, pointer string) {
	asked := slices.ContainsFunc(r.Get("transformers").Items(), func(n *source.Node) bool { return n.StringOr("") == "response-template" })
	for _, n := range r.Get("transformers").Items() {
		if n.StringOr("") != "response-template" {
			t.tell("warning", pointer+"/transformers", "there is no transformer "+n.StringOr("")+" here; it is left out")
		}
	}
	respond, ok := stub["respond"].(map[string]any)
	if !asked || !ok {
		return
	}
	h := handlebars{segments: a.segments, expression: regexp.MustCompile(`\{\{\{?\s*(.*?)\s*\}?\}\}`)}
	filled := map[string]any{}
	for _, name := range []string{"headers", "body"} {
		if v, ok := respond[name]; ok {
			filled[name] = h.value(v)
		}
	}
	if len(h.unsaid) > 0 {
		t.tell("warning", pointer+"/transformers", "this template cannot be said here, and the answer stays text: "+strings.Join(h.unsaid, ", "))
		return
	}
	if h.said > 0 {
		for name, v := range filled {
			respond[name] = v
		}
		stub["template"] = true
	}
}

// handlebars reads the expressions of one answer.
type handlebars struct {
	segments   []string       // of the path, as a template
	expression *regexp.Regexp // finds {{ … }} and {{{ … }}}
	said       int
	unsaid     []string
}

// value turns the expressions in the texts of a value into programs.
func (h *handlebars) value(v any) any {
	switch v := v.(type) {
	case string:
		return h.expression.ReplaceAllStringFunc(v, func(found string) string {
			inner := h.expression.FindStringSubmatch(found)[1]
			program, ok := h.program(inner)
			if !ok {
				h.unsaid = append(h.unsaid, inner)
				return found
			}
			h.said++
			return "{{ " + program + " }}"
		})
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, one := range v {
			out[name] = h.value(one)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = h.value(one)
		}
		return out
	}
	return v
}

// program is an expression as a program of ours; false if it cannot be said.
func (h *handlebars) program(text string) (string, bool) {
	switch text {
	case "request.method", "request.url":
		return text, true
	case "request.body":
		return "toJSON(request.body)", true
	case "now":
		return "now", true
	case "randomValue type='UUID'", `randomValue type="UUID"`:
		return "uuid", true
	}
	if path, ok := strings.CutPrefix(text, "jsonPath request.body "); ok {
		place, ok := pointerOf(strings.Trim(path, `'"`))
		return "request.body" + members(place), ok
	}
	rest, ok := strings.CutPrefix(text, "request.")
	if !ok || strings.ContainsAny(rest, " '\"") {
		return "", false
	}
	of, name, _ := strings.Cut(rest, ".")
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".[0]"), ".0")
	switch {
	case of == "path" || of == "pathSegments":
		return h.segment(strings.Trim(name, "[]"))
	case name == "" || strings.ContainsAny(name, "[]"):
		return "", false
	case of == "query":
		return "request.query[" + strconv.Quote(name) + "]", true
	case of == "headers":
		return "request.header[" + strconv.Quote(strings.ToLower(name)) + "]", true
	case of == "cookies":
		return "request.cookie[" + strconv.Quote(name) + "]", true
	}
	return "", false
}

// segment is a part of the path, by its number from 0 or by the name of a parameter.
func (h *handlebars) segment(name string) (string, bool) {
	if i, err := strconv.Atoi(name); err == nil {
		if i < 0 || i >= len(h.segments) {
			return "", false
		}
		inner, isParameter := strings.CutPrefix(h.segments[i], "{")
		inner, closed := strings.CutSuffix(inner, "}")
		if !isParameter || !closed {
			return strconv.Quote(h.segments[i]), !strings.ContainsAny(h.segments[i], "{}")
		}
		name = inner
	}
	return "request.path[" + strconv.Quote(name) + "]", slices.Contains(h.segments, "{"+name+"}")
}

// members reads a JSON Pointer of names and indexes as a program does.
func members(pointer string) string {
	var b strings.Builder
	if pointer == "" {
		return ""
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
		} else {
			b.WriteString("[" + strconv.Quote(source.Unescape(token)) + "]")
		}
	}
	return b.String()
}
