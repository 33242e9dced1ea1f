// Package route turns OpenAPI path templates into one matcher.
package route

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
)

// Route is one operation's method and path template, as in the document: "/pets/{petId}:cancel".
type Route struct{ Method, Template string }

// Conflict tells that two routes answer the same method on templates that match the same paths; the first one wins.
type Conflict struct {
	First, Second int
	Reason        string
}

// Fault tells why a route cannot be matched at all; the others still are.
type Fault struct {
	Route  int
	Reason string
}

// Matcher finds the route of a method and path. It is immutable.
type Matcher struct {
	root      *node
	templates []string
}

// node is a place in the trie of segments.
type node struct {
	literal map[string]*node
	edges   []edge // most literal text first
	leaf    *leaf
}

type edge struct {
	segment segment
	next    *node
}

// leaf holds the routes whose template ends here.
type leaf struct {
	routes map[string]int
	names  map[string][]string // of each method's own template
	allow  []string
}

// Match is what a method and path lead to.
type Match struct {
	// Route is the index of the route, -1 if there is none.
	Route int
	// Head tells that HEAD was answered by a GET route.
	Head bool
	// Allow lists the methods of the path when it exists: those declared, HEAD beside GET, and OPTIONS.
	Allow []string
	// Names are the placeholders of the route's own template, in order.
	Names []string
}

// Captures are the raw, still percent-encoded values of a match, in the order of Match.Names.
type Captures struct{ values []string }

// Len is the number of values.
func (c *Captures) Len() int { return len(c.values) }

// Value is the raw value at i.
func (c *Captures) Value(i int) string { return c.values[i] }

// Decoded is the value at i, percent-decoded.
func (c *Captures) Decoded(i int) (string, error) { return url.PathUnescape(c.values[i]) }

// Values are all raw values; the slice is the captures' own.
func (c *Captures) Values() []string { return c.values }

// Compile builds a matcher. Routes with a fault are left out.
func Compile(routes []Route) (*Matcher, []Conflict, []Fault) {
	m := &Matcher{root: &node{}}
	var conflicts []Conflict
	var faults []Fault
	for i, r := range routes {
		template, _, _ := strings.Cut(r.Template, "#")
		template, _, _ = strings.Cut(template, "?")
		segments, names, err := parse(template)
		if err != "" {
			faults = append(faults, Fault{i, err})
			continue
		}
		n := m.root
		for _, s := range segments {
			n = n.child(s)
		}
		if n.leaf == nil {
			n.leaf = &leaf{routes: map[string]int{}, names: map[string][]string{}}
		}
		if first, taken := n.leaf.routes[r.Method]; taken {
			conflicts = append(conflicts, Conflict{first, i, r.Method + " " + r.Template + " matches the same paths as " + routes[first].Template})
			continue
		}
		n.leaf.routes[r.Method], n.leaf.names[r.Method] = i, names
		m.templates = append(m.templates, r.Template)
	}
	sort.Strings(m.templates)
	m.templates = slices.Compact(m.templates)
	m.root.finish()
	return m, conflicts, faults
}

func (n *node) child(s segment) *node {
	if s.literal() {
		if n.literal == nil {
			n.literal = map[string]*node{}
		}
		if n.literal[s.texts[0]] == nil {
			n.literal[s.texts[0]] = &node{}
		}
		return n.literal[s.texts[0]]
	}
	for _, e := range n.edges {
		if slices.Equal(e.segment.texts, s.texts) {
			return e.next
		}
	}
	next := &node{}
	n.edges = append(n.edges, edge{s, next})
	return next
}

// finish orders edges and lists the allowed methods.
func (n *node) finish() {
	slices.SortStableFunc(n.edges, func(a, b edge) int { return b.segment.weight() - a.segment.weight() })
	for _, c := range n.literal {
		c.finish()
	}
	for _, e := range n.edges {
		e.next.finish()
	}
	if n.leaf == nil {
		return
	}
	for method := range n.leaf.routes {
		n.leaf.allow = append(n.leaf.allow, method)
	}
	if _, ok := n.leaf.routes[http.MethodGet]; ok {
		n.leaf.allow = append(n.leaf.allow, http.MethodHead)
	}
	n.leaf.allow = append(n.leaf.allow, http.MethodOptions)
	sort.Strings(n.leaf.allow)
	n.leaf.allow = slices.Compact(n.leaf.allow)
}
