// Package route turns OpenAPI path templates into one matcher.
//
// Paths are matched as they stand in the request line, percent-encoded, segment by segment, so that a %2F stays inside a
// value. At each segment a literal is tried before templates, then templates with more literal text before those with less;
// where that leads nowhere, the next one is tried. Literals compare percent-decoded, and placeholders never match an empty text.
package route

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
)

// Route is one operation's method and path template, as in the document: "/pets/{petId}:cancel". Methods are case-sensitive
// (RFC 9110, 9.1). What follows a # or ? in a template is no part of a path, so it does not count.
type Route struct{ Method, Template string }

// Conflict tells that two routes of one method match the same paths, and neither is more specific. First answers these
// paths. Second is never reached if the templates are the same but for names, else by the paths that First does not match.
type Conflict struct {
	First, Second int
	Reason        string
}

// Fault tells why a route cannot be matched at all; the others still are.
type Fault struct {
	Route  int
	Reason string
}

// Matcher finds the route of a method and path. It is immutable, so safe for concurrent use.
type Matcher struct {
	root    *node
	longest int // bytes of the longest literal segment
	widest  int // placeholders of the template that has most
	near    neighbours
}

// Match is what a method and path lead to.
type Match struct {
	// Route is the index of the route, -1 if there is none.
	Route int
	// Head tells that HEAD was answered by a GET route, because no HEAD is declared (RFC 9110, 9.3.2).
	Head bool
	// Allow lists the methods of the path when it exists, sorted: those declared, HEAD beside GET, and OPTIONS. Without a
	// route this tells 405 (RFC 9110, 15.5.6) from 404. The slice is the matcher's own.
	Allow []string
	// Names are the placeholders of the route's own template, in order. The slice is the matcher's own.
	Names []string
}

// Captures are the raw, still percent-encoded values of a match, in the order of their placeholders. The zero Captures is
// ready for use; using one for many matches saves its allocation.
type Captures struct {
	values []string
	names  []string
}

// Len is the number of values, as many as [Match.Names].
func (c *Captures) Len() int { return len(c.values) }

// Value is the raw value at i, which must be below Len.
func (c *Captures) Value(i int) string { return c.values[i] }

// Decoded is the value at i, percent-decoded. An error tells of a malformed escape.
func (c *Captures) Decoded(i int) (string, error) { return url.PathUnescape(c.values[i]) }

// Values are all raw values; the slice is the captures' own, good until the next match.
func (c *Captures) Values() []string { return c.values }

// Names are the placeholders of the matched route's template; the slice is the matcher's own.
func (c *Captures) Names() []string { return c.names }

func (c *Captures) clear() { c.values, c.names = c.values[:0], nil }

// Compile builds a matcher. Routes with a fault are left out, and so are later ones of the same method on the same template.
// Conflicts are in order of their second route.
func Compile(routes []Route) (*Matcher, []Conflict, []Fault) {
	c := compiler{routes: routes, root: &node{}}
	for i, r := range routes {
		path, rest := split(r.Template)
		segments, names, fault := parse(path)
		if fault != "" {
			c.faults = append(c.faults, Fault{i, fault})
			continue
		}
		c.add(i, segments, names, rest)
	}
	c.root.finish()
	c.ambiguities(c.root)
	slices.SortStableFunc(c.conflicts, func(a, b Conflict) int { return a.Second - b.Second })
	m := &Matcher{root: c.root, longest: c.longest, widest: c.widest, near: newNeighbours(c.templates)}
	return m, c.conflicts, c.faults
}

// Names are the placeholders of a template, in its order; none if the template has a fault.
func Names(template string) []string {
	path, _ := split(template)
	_, names, _ := parse(path)
	return names
}

// compiler gathers what becomes a matcher.
type compiler struct {
	routes          []Route
	root            *node
	templates       []string
	longest, widest int
	conflicts       []Conflict
	faults          []Fault
	compared        int // steps spent on looking for ambiguities
}

func (c *compiler) add(i int, segments []segment, names []string, rest string) {
	n := c.root
	for _, s := range segments {
		if s.literal() {
			c.longest = max(c.longest, len(s.texts[0]))
		}
		n = n.child(s)
	}
	if n.leaf == nil {
		n.leaf = &leaf{methods: map[string]target{}}
	}
	r := c.routes[i]
	if first, taken := n.leaf.methods[r.Method]; taken {
		other := c.routes[first.route].Template
		reason := r.Method + " " + r.Template + " matches the same paths as " + other
		if _, has := split(other); rest != "" || has != "" {
			reason += ", as what follows a # or ? is no part of a path"
		}
		c.conflicts = append(c.conflicts, Conflict{first.route, i, reason})
		return
	}
	n.leaf.methods[r.Method] = target{i, names}
	c.widest = max(c.widest, len(names))
	c.templates = append(c.templates, r.Template)
}

// mostCompared bounds the search for ambiguities, which is quadratic in the templates below one segment.
const mostCompared = 1 << 20

// ambiguities finds routes that a path leads to by nothing but the order of the document: their templates differ only in one
// segment, like {a}x and x{a}.
func (c *compiler) ambiguities(n *node) {
	for i, a := range n.edges {
		for _, b := range n.edges[i+1:] {
			if c.compared++; c.compared > mostCompared || a.segment.order(b.segment) != 0 {
				break
			}
			if a.segment.overlaps(b.segment) {
				c.compare(a.next, b.next)
			}
		}
		c.ambiguities(a.next)
	}
	for _, key := range n.keys() {
		c.ambiguities(n.literal[key])
	}
}

// compare reports the methods that two equal places share; a wins over b.
func (c *compiler) compare(a, b *node) {
	if c.compared++; c.compared > mostCompared {
		return
	}
	if a.leaf != nil && b.leaf != nil {
		for method, second := range b.leaf.methods {
			if first, shared := a.leaf.methods[method]; shared {
				reason := method + " " + c.routes[second.route].Template + " and " + c.routes[first.route].Template +
					" can match the same path, and neither has more literal text"
				c.conflicts = append(c.conflicts, Conflict{first.route, second.route, reason})
			}
		}
	}
	for _, key := range a.keys() {
		if other := b.literal[key]; other != nil {
			c.compare(a.literal[key], other)
		}
	}
	for _, edge := range a.edges {
		if other := b.shapes[edge.segment.key()]; other != nil {
			c.compare(edge.next, other)
		}
	}
}

// node is a place in the trie of segments.
type node struct {
	literal map[string]*node
	edges   []edge           // more literal text first
	shapes  map[string]*node // those of edges, by key
	leaf    *leaf
}

type edge struct {
	segment segment
	next    *node
}

// leaf holds the routes whose template ends at a node.
type leaf struct {
	methods map[string]target
	allow   []string
}

// target is a route with the names of its own template: those of another method's may differ.
type target struct {
	route int
	names []string
}

// child is the node after a segment, made on first use.
func (n *node) child(s segment) *node {
	list, key := &n.literal, s.texts[0]
	if !s.literal() {
		list, key = &n.shapes, s.key()
	}
	next := (*list)[key]
	if next != nil {
		return next
	}
	if *list == nil {
		*list = map[string]*node{}
	}
	next = &node{}
	(*list)[key] = next
	if !s.literal() {
		n.edges = append(n.edges, edge{s, next})
	}
	return next
}

// keys are the literals after a node, sorted, so that what is reported does not change from run to run.
func (n *node) keys() []string {
	keys := make([]string, 0, len(n.literal))
	for key := range n.literal {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// finish orders edges and lists the allowed methods.
func (n *node) finish() {
	slices.SortStableFunc(n.edges, func(a, b edge) int { return a.segment.order(b.segment) })
	for _, next := range n.literal {
		next.finish()
	}
	for _, e := range n.edges {
		e.next.finish()
	}
	if n.leaf == nil {
		return
	}
	allow := []string{http.MethodOptions}
	for method := range n.leaf.methods {
		allow = append(allow, method)
		if method == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	sort.Strings(allow)
	n.leaf.allow = slices.Compact(allow)
}
