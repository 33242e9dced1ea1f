package pattern

import (
	"math"
	"unicode/utf8"
)

// chain is the most common kind of pattern: from the start of the string some classes one after the other, each with its
// counts, such as ^[a-z]{1,63}$ or ^AC[0-9a-f]{32}$. It is matched without any machinery, and its counts cost nothing.
type chain struct {
	links []link
	open  bool // whatever follows the last link is fine
}

// link is a class with its counts.
type link struct {
	min, max int
	ascii    [2]uint64 // the members below U+0080 as bits
	set      set
}

// newChain gives nil if n is something else, or if taking as many characters as possible for each link could be wrong.
func newChain(n *node) *chain {
	parts := sequence(nil, n)
	if len(parts) == 0 || parts[0].op != opBegin {
		return nil
	}
	c := &chain{open: true}
	for i, part := range parts[1:] {
		if part.op == opEnd && i == len(parts)-2 {
			c.open = false
			break
		}
		l, ok := newLink(part)
		if !ok {
			return nil
		}
		c.links = append(c.links, l)
	}
	if c.open && len(c.links) > 0 { // the last one need not take more than it must
		last := &c.links[len(c.links)-1]
		last.max = last.min
	}
	for i, l := range c.links {
		if l.min != l.max && !l.settled(c.links[i+1:]) {
			return nil
		}
	}
	return c
}

func newLink(n *node) (link, bool) {
	l := link{min: 1, max: 1, set: n.set}
	if n.op == opRepeat {
		l.min, l.max = n.min, n.max
		if l.max == unbounded {
			l.max = math.MaxInt
		}
		n = n.subs[0]
		for n.op == opGroup || n.op == opCat && len(n.subs) == 1 {
			n = n.subs[0]
		}
		l.set = n.set
	}
	for r := range rune(utf8.RuneSelf) {
		if l.set.has(r) {
			l.ascii[r/64] |= 1 << (r % 64)
		}
	}
	return l, n.op == opSet
}

// settled tells whether no character that l could take can begin what follows, so that there is one way to match.
func (l link) settled(rest []link) bool {
	for _, next := range rest {
		if l.set.meets(next.set) {
			return false
		}
		if next.min > 0 {
			return true
		}
	}
	return true
}

// meets tells whether two canonical sets have a member in common.
func (s set) meets(other set) bool {
	for i, j := 0, 0; i < len(s) && j < len(other); {
		switch {
		case s[i].hi < other[j].lo:
			i++
		case other[j].hi < s[i].lo:
			j++
		default:
			return true
		}
	}
	return false
}

func matchChain[T string | []byte](c *chain, text T) bool {
	at := 0
	for i := range c.links {
		l := &c.links[i]
		n := 0
		for ; n < l.max && at < len(text); n++ {
			size := take(l, text, at)
			if size == 0 {
				break
			}
			at += size
		}
		if n < l.min {
			return false
		}
	}
	return c.open || at == len(text)
}

// take is the length of the character at text[at:] if it belongs to l, else 0.
func take[T string | []byte](l *link, text T, at int) int {
	if b := text[at]; b < utf8.RuneSelf {
		return int(l.ascii[b/64] >> (b % 64) & 1)
	}
	r, size := utf8.DecodeRuneInString(string(text[at:min(at+utf8.UTFMax, len(text))]))
	if !l.set.has(r) {
		return 0
	}
	return size
}
