package control

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/pattern"
	"standin/mock/internal/source"
)

// aim is an operation that a request pattern of WireMock is about, with its conditions.
type aim struct {
	operation string // "*" for all
	when      map[string]any
	// segments are those of the whole path, with the document's prefix, as a template; nil for all operations.
	segments []string
}

// aims are the operations that a request pattern is about; none where the document has none, or it cannot be said.
func (t *translator) aims(r *source.Node, pointer string) []aim {
	t.unknown(r, pointer, "method", "url", "urlPath", "urlPathTemplate", "urlPattern", "urlPathPattern", "queryParameters", "headers", "cookies", "bodyPatterns", "pathParameters")
	method := strings.ToUpper(r.Get("method").StringOr("ANY"))
	out := t.addressed(r, method, pointer)
	more := map[string]any{}
	t.conditions(r, more, pointer)
	for _, a := range out {
		for in, tests := range more {
			both, _ := a.when[in].(map[string]any)
			if both == nil {
				both = map[string]any{}
			}
			for name, test := range tests.(map[string]any) {
				both[name] = test
			}
			a.when[in] = both
		}
	}
	return out
}

// addressed are the operations of a method and a URL, or of a pattern of URLs.
func (t *translator) addressed(r *source.Node, method, pointer string) []aim {
	var out []aim
	written := ""
	for _, member := range []string{"url", "urlPath", "urlPathTemplate"} {
		if text := r.Get(member).StringOr(""); text != "" {
			written, out = text, t.at(method, member, text)
		}
	}
	for _, member := range []string{"urlPattern", "urlPathPattern"} {
		text := r.Get(member).StringOr("")
		if text == "" {
			continue
		}
		if written = text; method == "ANY" && (text == ".*" || text == "/.*") {
			return []aim{{operation: "*", when: map[string]any{}}}
		}
		out = t.like(method, text, pointer+"/"+member)
	}
	if written == "" {
		if method == "ANY" {
			return []aim{{operation: "*", when: map[string]any{}}}
		}
		out = t.like(method, "/.*", pointer)
	}
	if len(out) == 0 {
		t.tell("warning", pointer, "the document has no operation for "+method+" "+written+"; the mapping is left out")
	}
	return out
}

// at are the operations of a URL, or of a template of its path.
func (t *translator) at(method, member, written string) []aim {
	u, err := url.Parse(written)
	if err != nil {
		return nil
	}
	methods := []string{method}
	if method == "ANY" {
		methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	}
	var out []aim
	for _, method := range methods {
		op, path := t.operationAt(method, u.EscapedPath())
		if op == nil {
			continue
		}
		a := aim{operation: op.ID, when: map[string]any{}, segments: t.segmentsOf(op, u.EscapedPath())}
		if member != "urlPathTemplate" && len(path) > 0 {
			a.when["path"] = path
		}
		if query := u.Query(); len(query) > 0 {
			conditions := map[string]any{}
			for name, values := range query {
				conditions[name] = values[0]
			}
			a.when["query"] = conditions
		}
		out = append(out, a)
	}
	return out
}

// segmentsOf are the segments of an operation's template behind the prefix that a path has.
func (t *translator) segmentsOf(op *contract.Operation, path string) []string {
	template := split(op.Template)
	var out []string
	if more := len(split(path)) - len(template); more > 0 {
		out = append(out, split(path)[:more]...)
	}
	return append(out, template...)
}

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// like are the operations that a pattern of URLs may mean, with what it asks of each segment of their paths and of the query.
func (t *translator) like(method, text, pointer string) []aim {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "^"), "$")
	path, query, asked := strings.Cut(text, `\?`)
	var out []aim
	for _, op := range t.served.Operations() {
		if method != "ANY" && op.Method != method {
			continue
		}
		for _, prefix := range t.served.Prefixes() {
			rest, ok := strings.CutPrefix(path, prefix)
			if !ok || !strings.HasPrefix(rest, "/") {
				continue
			}
			conditions, ok := aligned(pieces(rest), split(op.Template))
			if !ok {
				continue
			}
			a := aim{operation: op.ID, when: map[string]any{}, segments: t.segmentsOf(op, prefix+op.Template)}
			if len(conditions) > 0 {
				a.when["path"] = conditions
			}
			if asked {
				t.queried(query, a.when, pointer)
			}
			out = append(out, a)
			break
		}
	}
	return out
}

// pieces are the segments of a pattern, between slashes that stand neither in groups nor in classes.
func pieces(text string) []string {
	var out []string
	depth, begin := 0, 1
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '/':
			if depth == 0 {
				out, begin = append(out, text[begin:i]), i+1
			}
		}
	}
	return append(out, text[min(begin, len(text)):])
}

// aligned holds the segments of a pattern against those of a template, and gives what is asked of its parameters.
func aligned(pieces, template []string) (conditions map[string]any, ok bool) {
	conditions = map[string]any{}
	for i, segment := range template {
		if i >= len(pieces) {
			return nil, false
		}
		piece := pieces[i]
		if i == len(pieces)-1 && (piece == ".*" || piece == ".+") {
			return conditions, true // whatever follows
		}
		name, isParameter := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case slices.Contains([]string{".*", ".+", "[^/]*", "[^/]+"}, piece):
		case isParameter && closed && !strings.ContainsAny(name, "{}"):
			if _, err := pattern.Compile(whole(piece)); err != nil {
				return nil, false
			}
			conditions[name] = map[string]any{"matches": whole(piece)}
		case !fits(piece, segment):
			return nil, false
		}
	}
	return conditions, len(pieces) == len(template)
}

// whole is a pattern that a text must match from its beginning to its end.
func whole(text string) string { return "^(?:" + text + ")$" }

func fits(text, segment string) bool {
	p, err := pattern.Compile(whole(text))
	if err != nil {
		return false
	}
	ok, err := p.Match(segment)
	return ok && err == nil
}

// queried puts what a pattern asks of the query into conditions, where that is about parameters one by one.
func (t *translator) queried(query string, when map[string]any, pointer string) {
	conditions := map[string]any{}
	if query != ".*" {
		for pair := range strings.SplitSeq(query, "&") {
			name, value, ok := strings.Cut(pair, "=")
			if !ok || strings.ContainsAny(name, `\.*+?()[]{}|^$`) {
				t.tell("warning", pointer, "this pattern of a query cannot be said here, only name=pattern&…; it is left out")
				return
			}
			conditions[name] = map[string]any{"absent": false} // a default of the document is not sent
			if value != ".*" {
				conditions[name] = map[string]any{"absent": false, "matches": whole(value)}
			}
		}
	}
	if len(conditions) > 0 {
		when["query"] = conditions
	}
}

// conditions are those on inputs beside the method and the URL.
func (t *translator) conditions(r *source.Node, when map[string]any, pointer string) {
	for member, in := range map[string]string{"queryParameters": "query", "headers": "header", "cookies": "cookie", "pathParameters": "path"} {
		for _, m := range r.Get(member).Members() {
			if test, ok := t.test(m.Value, pointer+"/"+member+"/"+source.Escape(m.Name)); ok {
				conditions, _ := when[in].(map[string]any)
				if conditions == nil {
					conditions = map[string]any{}
				}
				conditions[m.Name] = test
				when[in] = conditions
			}
		}
	}
	t.bodyPatterns(r.Get("bodyPatterns"), when, pointer+"/bodyPatterns")
}

// test is a pattern of WireMock as a test of ours.
func (t *translator) test(n *source.Node, pointer string) (any, bool) {
	for _, m := range n.Members() {
		text := m.Value.StringOr("")
		switch m.Name {
		case "equalTo":
			if n.Get("caseInsensitive").True() {
				return map[string]any{"matches": "^(?i:" + quoted(text) + ")$"}, true
			}
			return text, true
		case "contains":
			return map[string]any{"matches": quoted(text)}, true
		case "doesNotContain":
			return map[string]any{"matches": `^(?![\s\S]*` + quoted(text) + ")"}, true
		case "matches":
			return map[string]any{"matches": whole(text)}, true
		case "doesNotMatch":
			return map[string]any{"matches": "^(?!(?:" + text + ")$)"}, true
		case "absent":
			return map[string]any{"absent": m.Value.True()}, true
		case "or":
			if values, ok := equals(m.Value); ok {
				return map[string]any{"in": values}, true
			}
		}
	}
	t.tell("warning", pointer, "this pattern cannot be said here and is left out")
	return nil, false
}

// equals are the values of alternatives that are all equalTo.
func equals(n *source.Node) (values []any, ok bool) {
	for _, one := range n.Items() {
		text := one.Get("equalTo")
		if text == nil || len(one.Members()) > 1 {
			return nil, false
		}
		values = append(values, text.StringOr(""))
	}
	return values, len(values) > 0
}

// quoted writes a text as a regular expression that matches just that.
func quoted(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(`\.+*?()|[]{}^$/`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
