package param

import (
	"cmp"
	"slices"
	"strings"
)

// node is text that has been split and percent-decoded, and has no types yet.
type node struct {
	// texts are the values given without brackets, in order.
	texts []string
	// list holds the parts of a split text, and what was pushed by []; split tells that it is a list even when empty.
	list  []*node
	split bool
	// names are the keys of kids in order of appearance.
	names []string
	kids  map[string]*node
	// value is what was read elsewhere, if ready.
	value any
	ready bool
}

func textNode(text string) *node { return &node{texts: []string{text}} }

// kid gives the member of that name, made when missing.
func (n *node) kid(name string) *node {
	if k := n.kids[name]; k != nil {
		return k
	}
	if n.kids == nil {
		n.kids = map[string]*node{}
	}
	k := &node{}
	n.kids[name] = k
	n.names = append(n.names, name)
	return k
}

// insert puts a text at the end of a path of bracketed tokens; "" pushes onto a list.
func (n *node) insert(path []string, text string) {
	for i, token := range path {
		if token != "" {
			n = n.kid(token)
			continue
		}
		rest := path[i+1:]
		if last := len(n.list) - 1; last >= 0 && len(rest) > 0 && !n.list[last].has(rest) {
			n = n.list[last]
			continue
		}
		n.list = append(n.list, &node{})
		n = n.list[len(n.list)-1]
	}
	n.texts = append(n.texts, text)
}

// has tells whether a text already stands at the path, so that the next one begins a new element, as Rack and PHP have it.
func (n *node) has(path []string) bool {
	for _, token := range path {
		if n = n.kids[token]; n == nil {
			return false
		}
	}
	return len(n.texts) > 0
}

// indexed tells whether all members are named by indexes; inOrder asks for 0, 1, 2… without gaps.
func (n *node) indexed(inOrder bool) bool {
	for i, name := range n.names {
		at, ok := index(name)
		if !ok || inOrder && at != i {
			return false
		}
	}
	return len(n.names) > 0
}

// index reads an array index of at most seven digits.
func index(s string) (int, bool) {
	if s == "" || len(s) > 7 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// elements gives the node as a list: texts, then indexed members by index (gaps close up, as in qs), then pushed ones.
func (n *node) elements() []*node {
	out := make([]*node, 0, len(n.texts)+len(n.names)+len(n.list))
	for i := range n.texts {
		out = append(out, &node{texts: n.texts[i : i+1 : i+1]})
	}
	names := slices.Clone(n.names)
	slices.SortFunc(names, func(a, b string) int {
		x, _ := index(a)
		y, _ := index(b)
		return cmp.Compare(x, y)
	})
	for _, name := range names {
		out = append(out, n.kids[name])
	}
	return append(out, n.list...)
}

// brackets splits "a[b][]" after its first name: "a" and ["b", ""]. ok is false where the brackets are not well formed.
func brackets(key string) (head string, path []string, ok bool) {
	open := strings.IndexByte(key, '[')
	if open < 0 {
		return key, nil, true
	}
	head = key[:open]
	for rest := key[open:]; rest != ""; {
		end := strings.IndexByte(rest, ']')
		if rest[0] != '[' || end < 0 {
			return key, nil, false
		}
		path = append(path, rest[1:end])
		rest = rest[end+1:]
	}
	return head, path, true
}
