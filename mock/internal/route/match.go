package route

import (
	"net/http"
	"strings"
)

// Match finds the route of a method and an escaped path; captures, which may be nil, receives its values. The most literal
// template wins and alone decides which methods the path has (OpenAPI 3.1, 4.8.8.2: concrete paths first). A path that no
// template matches is tried again with its trailing slash dropped, or with one added. The empty path is "/".
//
// A match allocates nothing but what captures has no room for, and looks at no place of the trie more than twice.
func (m *Matcher) Match(method, escapedPath string, captures *Captures) Match {
	if captures == nil {
		captures = &Captures{}
	}
	captures.clear()
	l := m.find(escapedPath, captures)
	if l == nil {
		return Match{Route: -1}
	}
	found := Match{Route: -1, Allow: l.allow}
	t, ok := l.methods[method]
	if !ok && method == http.MethodHead {
		t, ok = l.methods[http.MethodGet]
		found.Head = ok
	}
	if !ok {
		captures.clear()
		return found
	}
	found.Route, found.Names, captures.names = t.route, t.names, t.names
	return found
}

func (m *Matcher) find(path string, captures *Captures) *leaf {
	if path == "" {
		path = "/"
	}
	if path[0] != '/' {
		return nil
	}
	w := walk{matcher: m, captures: captures.values}
	path = path[1:]
	if !w.from(m.root, path) && path != "" {
		if trimmed, had := strings.CutSuffix(path, "/"); !had {
			w.slash = true
			w.from(m.root, path)
		} else if trimmed != "" && !strings.HasSuffix(trimmed, "/") {
			w.from(m.root, trimmed)
		}
	}
	captures.values = w.captures
	return w.found
}

// walk is one search through the trie.
type walk struct {
	matcher  *Matcher
	slash    bool // the path ends as if a slash followed
	captures []string
	found    *leaf
}

// from looks for the rest of the path below n. A node has one parent, so a search comes to it once at most.
func (w *walk) from(n *node, rest string) bool {
	text, more, isMore := strings.Cut(rest, "/")
	escaped := strings.IndexByte(text, '%') >= 0
	if next := w.literal(n, text, escaped); next != nil && w.take(next, more, isMore) {
		return true
	}
	if len(n.edges) == 0 || text == "" {
		return false
	}
	if w.captures == nil {
		w.captures = make([]string, 0, w.matcher.widest)
	}
	kept := len(w.captures)
	for i := range n.edges {
		var ok bool
		w.captures, ok = n.edges[i].segment.match(text, false, w.captures)
		if ok && w.take(n.edges[i].next, more, isMore) {
			return true
		}
		w.captures = w.captures[:kept]
	}
	return escaped && w.loosely(n, text, more, isMore)
}

// loosely takes escapes of reserved characters for literals of those templates that do not fit otherwise.
func (w *walk) loosely(n *node, text, more string, isMore bool) bool {
	kept := len(w.captures)
	for i := range n.edges {
		s := n.edges[i].segment
		_, seen := s.match(text, false, w.captures)
		if seen {
			continue
		}
		var ok bool
		w.captures, ok = s.match(text, true, w.captures)
		if ok && w.take(n.edges[i].next, more, isMore) {
			return true
		}
		w.captures = w.captures[:kept]
	}
	return false
}

// literal is the node after a literal segment.
func (w *walk) literal(n *node, text string, escaped bool) *node {
	if !escaped {
		return n.literal[text]
	}
	if len(text) > 3*w.matcher.longest || len(n.literal) == 0 {
		return nil
	}
	var buffer [256]byte // on the stack
	return n.literal[string(appendDecoded(buffer[:0], text))]
}

// take goes on behind a segment, or ends at next.
func (w *walk) take(next *node, more string, isMore bool) bool {
	if isMore {
		return w.from(next, more)
	}
	if w.slash {
		if next = next.literal[""]; next == nil {
			return false
		}
	}
	w.found = next.leaf
	return next.leaf != nil
}
