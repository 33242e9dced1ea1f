package source

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Kind is the JSON type of a value.
type Kind uint8

// The JSON types.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Node is one value of a text. A nil Node is an absent value: its methods give zero values, so paths can be read without
// a check at each step. Nodes are immutable and safe for concurrent use.
type Node struct {
	file    *File
	kind    Kind
	text    string
	items   []*Node
	members []Member
	index   map[string]int // by name; only for large objects

	line, col int32 // of YAML; for JSON line is 0 and col the byte offset
	lazy      *piece
}

// Member is one name with its value in an object.
type Member struct {
	Name  string
	Value *Node
	file  *File
	line  int32
	col   int32
}

// Position is where the name stands.
func (m Member) Position() Position { return place(m.file, m.line, m.col) }

// piece is the text of a container that was skipped over.
type piece struct {
	once  sync.Once
	end   int
	depth int
}

func place(f *File, line, col int32) Position {
	if f == nil {
		return Position{}
	}
	if line == 0 {
		return f.position(int(col))
	}
	return Position{File: f.name, Line: int(line), Col: int(col)}
}

// File is the file that the value stands in, nil for an absent value.
func (n *Node) File() *File {
	if n == nil {
		return nil
	}
	return n.file
}

// Position is where the value begins.
func (n *Node) Position() Position {
	if n == nil {
		return Position{}
	}
	return place(n.file, n.line, n.col)
}

// Kind is the value's JSON type; Null for an absent value.
func (n *Node) Kind() Kind {
	if n == nil {
		return Null
	}
	return n.kind
}

// Is tells whether the value is present and of kind k.
func (n *Node) Is(k Kind) bool { return n != nil && n.kind == k }

// Text is the value of a string, the JSON literal of a number, "true", "false", or "" for anything else.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	return n.text
}

// StringOr is the value of a string, or other where the value is absent or no string.
func (n *Node) StringOr(other string) string {
	if n.Is(String) {
		return n.text
	}
	return other
}

// True tells whether the value is the boolean true.
func (n *Node) True() bool { return n.Is(Bool) && n.text == "true" }

// Items are the elements of an array, in order.
func (n *Node) Items() []*Node {
	if n == nil {
		return nil
	}
	n.touch()
	return n.items
}

// Members are the names and values of an object in the order of the text; of a duplicate name the last one is kept.
func (n *Node) Members() []Member {
	if n == nil {
		return nil
	}
	n.touch()
	return n.members
}

// Get is the value under name in an object, nil if there is none.
func (n *Node) Get(name string) *Node {
	m, _ := n.Member(name)
	return m.Value
}

// Member is the member called name in an object.
func (n *Node) Member(name string) (Member, bool) {
	if n == nil || n.kind != Object {
		return Member{}, false
	}
	n.touch()
	if n.index != nil {
		i, ok := n.index[name]
		if !ok {
			return Member{}, false
		}
		return n.members[i], true
	}
	for _, m := range n.members {
		if m.Name == name {
			return m, true
		}
	}
	return Member{}, false
}

// PositionOf is where the member called name stands, or where the object does if it has none.
func (n *Node) PositionOf(name string) Position {
	if m, ok := n.Member(name); ok {
		return m.Position()
	}
	return n.Position()
}

// At follows a JSON Pointer (RFC 6901, without percent-encoding); "" is the value itself.
func (n *Node) At(pointer string) (*Node, error) {
	if pointer == "" {
		if n == nil {
			return nil, fmt.Errorf("no such value")
		}
		return n, nil
	}
	if pointer[0] != '/' {
		return nil, fmt.Errorf("%q is not a JSON Pointer: it must be empty or begin with a slash", pointer)
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		next := n.step(Unescape(token))
		if next == nil {
			return nil, fmt.Errorf("there is no %q at %s", Unescape(token), n.Position())
		}
		n = next
	}
	return n, nil
}

func (n *Node) step(token string) *Node {
	if n.Is(Object) {
		return n.Get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.Items()) || (token != "0" && token[0] == '0') {
		return nil
	}
	return n.items[i]
}

// Escape writes a name as a reference token of a JSON Pointer (RFC 6901, 3).
func Escape(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// Unescape reads a reference token of a JSON Pointer (RFC 6901, 4).
func Unescape(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Value is the tree as plain values: map[string]any, []any, string, bool, nil, json.Number. Each call makes new ones.
func (n *Node) Value() any {
	switch n.Kind() {
	case Bool:
		return n.text == "true"
	case Number:
		return json.Number(n.text)
	case String:
		return n.text
	case Array:
		out := make([]any, 0, len(n.Items()))
		for _, item := range n.Items() {
			out = append(out, item.Value())
		}
		return out
	case Object:
		out := make(map[string]any, len(n.Members()))
		for _, m := range n.Members() {
			out[m.Name] = m.Value.Value()
		}
		return out
	}
	return nil
}

// AppendJSON appends the value as compact JSON, members in the order of the text.
func (n *Node) AppendJSON(b []byte) []byte {
	switch n.Kind() {
	case Bool, Number:
		return append(b, n.text...)
	case String:
		return AppendString(b, n.text)
	case Array:
		b = append(b, '[')
		for i, item := range n.Items() {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.AppendJSON(b)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i, m := range n.Members() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendString(b, m.Name), ':')
			b = m.Value.AppendJSON(b)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// AppendString appends s as a JSON string, escaping only what RFC 8259 demands.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
