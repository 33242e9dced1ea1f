package source

import "slices"

// Without is an object that lacks some members: a node of its own, at the same place.
func (n *Node) Without(names ...string) *Node {
	if !n.Is(Object) {
		return n
	}
	n.touch()
	out := &Node{file: n.file, kind: Object, line: n.line, col: n.col}
	for _, m := range n.members {
		if !slices.Contains(names, m.Name) {
			out.members = append(out.members, m)
		}
	}
	return out
}

// NewObject is an object made of members, at the place of another value.
func NewObject(at *Node, members ...Member) *Node {
	n := &Node{file: at.file, kind: Object, line: at.line, col: at.col, members: members}
	n.seal()
	return n
}

// NewArray is an array made of items, at the place of another value.
func NewArray(at *Node, items ...*Node) *Node {
	return &Node{file: at.file, kind: Array, line: at.line, col: at.col, items: items}
}

// NewString is a string at the place of another value.
func NewString(at *Node, text string) *Node {
	return &Node{file: at.file, kind: String, line: at.line, col: at.col, text: text}
}

// NewMember is a name with its value; the name stands where the value does.
func NewMember(name string, value *Node) Member {
	return Member{Name: name, Value: value, file: value.file, line: value.line, col: value.col}
}
