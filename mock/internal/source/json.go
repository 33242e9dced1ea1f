package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// lazyDepth is the level below which containers are left unparsed: /paths/{path}/{method} and /components/{kind}/{name}.
const lazyDepth = 3

// lazySize is the least size, in bytes, of a container worth leaving unparsed.
const lazySize = 256

// builder makes nodes of a JSON text.
type builder struct {
	scanner
	file *File
	lazy bool
}

func parseJSON(f *File, lazy bool) (*Node, error) {
	b := &builder{scanner: scanner{text: f.text, limit: f.limit}, file: f, lazy: lazy}
	n, err := b.value()
	if err == nil && !b.atEnd() {
		err = b.errorf(b.pos, "something follows the end of the JSON text")
	}
	if err != nil {
		return nil, f.located(err)
	}
	return n, nil
}

// located turns an error of the scanner into an Error with a place in this file.
func (f *File) located(err error) error {
	var syntax *syntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	return &Error{Position: f.position(min(syntax.offset, len(f.text))), Message: syntax.message, TooComplex: syntax.tooComplex}
}

func (b *builder) value() (*Node, error) {
	c := b.peek()
	n := &Node{file: b.file, col: int32(b.pos)}
	if b.count++; b.count > b.limit.Values {
		return nil, b.tooComplex(b.pos, "more than %d values", b.limit.Values)
	}
	var err error
	switch c {
	case '{', '[':
		n.kind = Object
		if c == '[' {
			n.kind = Array
		}
		if b.lazy && b.depth >= lazyDepth {
			return n, b.skip(n)
		}
		return n, b.container(n)
	case '"':
		n.kind = String
		n.text, err = b.string()
	case 't':
		n.kind, n.text, err = Bool, "true", b.literal("true")
	case 'f':
		n.kind, n.text, err = Bool, "false", b.literal("false")
	case 'n':
		err = b.literal("null")
	default:
		err = b.fillNumber(n)
	}
	return n, err
}

// fillNumber reads a number; one that is too large to compute with is a fault, and reads as a string.
func (b *builder) fillNumber(n *Node) (err error) {
	start := b.pos
	n.kind = Number
	n.text, err = b.number()
	if syntax, ok := err.(*syntaxError); ok && syntax.tooComplex {
		b.file.fault(b.file.position(start), "%s; it is read as a string", syntax.message)
		n.kind, n.text, err = String, string(b.text[start:b.pos]), nil
	}
	return err
}

func (b *builder) container(n *Node) error {
	if n.kind == Array {
		return b.array(n)
	}
	return b.object(n)
}

func (b *builder) array(n *Node) error {
	if err := b.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := b.more(first, ']')
		if err != nil || !more {
			return err
		}
		item, err := b.value()
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
}

func (b *builder) object(n *Node) error {
	if err := b.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := b.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			n.seal()
			return nil
		}
		b.space()
		m := Member{file: b.file, col: int32(b.pos)}
		if m.Name, err = b.name(); err != nil {
			return err
		}
		if m.Value, err = b.value(); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
}

// skip passes over a container; small ones are parsed all the same.
func (b *builder) skip(n *Node) error {
	start := b.pos
	end, err := b.extent()
	if err != nil {
		return err
	}
	if end-start < lazySize {
		return b.container(n)
	}
	n.lazy = &piece{end: end, depth: b.depth}
	b.pos = end
	return nil
}

// extent finds the end of the container at pos, looking at nothing but brackets and strings.
func (b *builder) extent() (int, error) {
	depth := 0
	for i := b.pos; i < len(b.text); i++ {
		switch b.text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		case '"':
			end := stringEnd(b.text, i+1)
			if end < 0 {
				return 0, b.errorf(i, "a string without its closing quote")
			}
			i = end
		}
	}
	return 0, b.errorf(len(b.text), "the text ends inside the value that begins at %s", b.file.position(b.pos))
}

// stringEnd is the offset of the quote that closes the string whose text begins at i, -1 if there is none.
func stringEnd(text []byte, i int) int {
	for {
		q := bytes.IndexByte(text[i:], '"')
		if q < 0 {
			return -1
		}
		q += i
		slashes := 0
		for q-slashes-1 >= i && text[q-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return q
		}
		i = q + 1
	}
}

// touch parses a container that was skipped over. What cannot be parsed reads as empty and is a fault of the file.
func (n *Node) touch() {
	if n.lazy == nil {
		return
	}
	n.lazy.once.Do(func() {
		f := n.file
		b := &builder{scanner: scanner{text: f.text[:n.lazy.end], pos: int(n.col), depth: n.lazy.depth, limit: f.limit}, file: f, lazy: true}
		if err := b.container(n); err != nil {
			n.items, n.members, n.index = nil, nil, nil
			var located *Error
			if errors.As(f.located(err), &located) {
				f.fault(located.Position, "%s; the value it stands in is left out", located.Message)
			}
		}
	})
}

// seal drops all but the last of members with the same name, each a fault, and indexes large objects.
func (n *Node) seal() {
	const large = 12
	if len(n.members) < 2 {
		return
	}
	var index map[string]int
	if len(n.members) > large {
		index = make(map[string]int, len(n.members))
	}
	kept := n.members[:0]
	for _, m := range n.members {
		at := -1
		if index != nil {
			if i, ok := index[m.Name]; ok {
				at = i
			}
		} else {
			at = find(kept, m.Name)
		}
		if at >= 0 {
			n.file.fault(m.Position(), "the name %q stands twice in this object, first at %s; the last one counts", m.Name, kept[at].Position())
			kept[at] = m
			continue
		}
		if index != nil {
			index[m.Name] = len(kept)
		}
		kept = append(kept, m)
	}
	n.members, n.index = kept, index
}

func find(members []Member, name string) int {
	for i, m := range members {
		if m.Name == name {
			return i
		}
	}
	return -1
}

// DecodeJSON reads one JSON text (RFC 8259) into plain values. Duplicate names, bad UTF-8 and anything after the text are
// errors, each an *[Error] with line and column; a byte order mark at the start is passed over (RFC 8259, 8.1).
func DecodeJSON(text []byte, limits Limits) (any, error) {
	text = bytes.TrimPrefix(text, bom)
	f := &File{text: text}
	if !utf8.Valid(text) {
		return nil, &Error{Position: f.position(invalidUTF8(text)), Message: "the text is not valid UTF-8"}
	}
	d := &decoder{scanner: scanner{text: text, limit: limits.orDefault()}}
	v, err := d.value()
	if err == nil && !d.atEnd() {
		err = d.errorf(d.pos, "something follows the end of the JSON text")
	}
	if err != nil {
		return nil, f.located(err)
	}
	return v, nil
}

// decoder makes plain values of a JSON text.
type decoder struct{ scanner }

func (d *decoder) value() (any, error) {
	c := d.peek()
	if d.count++; d.count > d.limit.Values {
		return nil, d.tooComplex(d.pos, "more than %d values", d.limit.Values)
	}
	switch c {
	case '{':
		return d.object()
	case '[':
		return d.array()
	case '"':
		return d.string()
	case 't':
		return true, d.literal("true")
	case 'f':
		return false, d.literal("false")
	case 'n':
		return nil, d.literal("null")
	}
	n, err := d.number()
	return json.Number(n), err
}

func (d *decoder) array() (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	out := []any{}
	for first := true; ; first = false {
		more, err := d.more(first, ']')
		if err != nil || !more {
			return out, err
		}
		item, err := d.value()
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
}

func (d *decoder) object() (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	out := map[string]any{}
	for first := true; ; first = false {
		more, err := d.more(first, '}')
		if err != nil || !more {
			return out, err
		}
		d.space()
		at := d.pos
		name, err := d.name()
		if err != nil {
			return nil, err
		}
		if _, ok := out[name]; ok {
			return nil, d.errorf(at, "the name %q stands twice in one object", name)
		}
		if out[name], err = d.value(); err != nil {
			return nil, err
		}
	}
}
