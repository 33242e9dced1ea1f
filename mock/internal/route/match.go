package route

import (
	"net/http"
	"slices"
	"strings"
)

// most bounds the steps of one match, so that no path can make backtracking costly.
const most = 10_000

// walk is one search through the trie.
type walk struct {
	captures []string
	steps    int
	found    *leaf
}

// Match finds the route of a method and an escaped path; captures receives its values. The most literal template wins; it
// alone decides which methods the path has. Trailing slashes: the exact template first, then the other form.
func (m *Matcher) Match(method, escapedPath string, captures *Captures) Match {
	l := m.find(escapedPath, captures)
	if l == nil && len(escapedPath) > 1 {
		if trimmed, had := strings.CutSuffix(escapedPath, "/"); had && !strings.HasSuffix(trimmed, "/") {
			l = m.find(trimmed, captures)
		} else if !had {
			l = m.find(escapedPath+"/", captures)
		}
	}
	if l == nil {
		return Match{Route: -1}
	}
	if i, ok := l.routes[method]; ok {
		return Match{Route: i, Allow: l.allow, Names: l.names[method]}
	}
	if i, ok := l.routes[http.MethodGet]; ok && method == http.MethodHead {
		return Match{Route: i, Head: true, Allow: l.allow, Names: l.names[http.MethodGet]}
	}
	return Match{Route: -1, Allow: l.allow}
}

func (m *Matcher) find(path string, captures *Captures) *leaf {
	if path == "" || path[0] != '/' {
		return nil
	}
	w := walk{captures: captures.values[:0]}
	w.from(m.root, path[1:])
	captures.values = w.captures
	return w.found
}

// from looks for the rest of the path below n.
func (w *walk) from(n *node, rest string) bool {
	if w.steps++; w.steps > most {
		return false
	}
	text, more, isMore := strings.Cut(rest, "/")
	literal := text
	if strings.IndexByte(text, '%') >= 0 {
		literal = normal(text)
	}
	if next := n.literal[literal]; next != nil && w.take(next, more, isMore) {
		return true
	}
	for i := range n.edges {
		kept := len(w.captures)
		var ok bool
		if w.captures, ok = n.edges[i].segment.match(text, w.captures); ok && w.take(n.edges[i].next, more, isMore) {
			return true
		}
		w.captures = w.captures[:kept]
	}
	return false
}

func (w *walk) take(next *node, more string, isMore bool) bool {
	if isMore {
		return w.from(next, more)
	}
	w.found = next.leaf
	return next.leaf != nil
}

// Nearest gives up to n templates that come nearest to a path, for the text of a 404.
func (m *Matcher) Nearest(escapedPath string, n int) []string {
	type scored struct {
		template string
		distance int
	}
	path := strings.Split(strings.Trim(escapedPath, "/"), "/")
	if len(path) > 64 {
		path = path[:64]
	}
	all := make([]scored, 0, len(m.templates))
	for _, t := range m.templates {
		all = append(all, scored{t, distance(path, strings.Split(strings.Trim(t, "/"), "/"))})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return a.distance - b.distance })
	var out []string
	for _, s := range all[:min(n, len(all))] {
		out = append(out, s.template)
	}
	return out
}

// distance is the edit distance of two paths, segment by segment; a placeholder costs a little, a misspelt literal by its letters.
func distance(a, b []string) int {
	return edits(len(a), len(b), func(i, j int) int {
		switch {
		case a[i] == b[j]:
			return 0
		case strings.Contains(b[j], "{"):
			return 3
		}
		x, y := a[i], b[j]
		if len(x) > 64 {
			x = x[:64]
		}
		if len(y) > 64 {
			y = y[:64]
		}
		letters := edits(len(x), len(y), func(i, j int) int {
			if x[i] == y[j] {
				return 0
			}
			return 1
		})
		return min(10, 2+letters*8/max(len(x), len(y), 1))
	}, 10)
}

// edits is the edit distance of two sequences; insertions and deletions cost step, 1 by default.
func edits(n, m int, cost func(i, j int) int, step ...int) int {
	one := 1
	if len(step) > 0 {
		one = step[0]
	}
	row := make([]int, m+1)
	for j := range row {
		row[j] = j * one
	}
	for i := range n {
		diagonal := row[0]
		row[0] = (i + 1) * one
		for j := range m {
			here := min(row[j]+one, row[j+1]+one, diagonal+cost(i, j))
			diagonal, row[j+1] = row[j+1], here
		}
	}
	return row[m]
}
