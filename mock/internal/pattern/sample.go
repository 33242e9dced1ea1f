package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// longestSample bounds what is drawn, in code points.
	longestSample = 1 << 17
	// sampleTries is how often a string is drawn before giving up.
	sampleTries = 60
	// sampleLength is by how much a string is longer than it must be, at most, where nothing else decides.
	sampleLength = 9
)

// Sample draws a string that the expression matches, of least to most code points (most < 0: no bound). pick gives a number
// below its argument, and decides alone what is drawn. It is false if no string was found, which is a proof only where the
// expression allows no such length.
func (p *Pattern) Sample(pick func(int) int, least, most int) (string, bool) {
	if most < 0 || most > longestSample {
		most = longestSample
	}
	if least > most {
		return "", false
	}
	d := drawer{pick: pick, extents: map[*node]extent{}}
	e := d.extent(p.root)
	if e.least > most {
		return "", false
	}
	for try := range sampleTries {
		d.plain = try < sampleTries/3
		d.out, d.groups = d.out[:0], map[int]string{}
		d.draw(p.root, d.aim(e, least, most))
		s := string(d.out)
		if n := utf8.RuneCountInString(s); n > most {
			continue
		} else if n < least {
			s = d.pad(p, s, least-n)
		}
		if n := utf8.RuneCountInString(s); n < least || n > most {
			continue
		}
		if ok, err := p.Match(s); ok && err == nil {
			return s, true
		}
	}
	return "", false
}

// extent is how many code points a node matches, at least and at most.
type extent struct{ least, most int }

// drawer draws one string from a tree.
type drawer struct {
	pick    func(int) int
	plain   bool // letters and digits wherever possible
	out     []rune
	groups  map[int]string
	extents map[*node]extent
}

// aim chooses a length between the bounds, a small one.
func (d *drawer) aim(e extent, least, most int) int {
	low := max(e.least, min(least, e.most))
	high := min(e.most, most, low+sampleLength)
	if high <= low {
		return low
	}
	return low + d.pick(high-low+1)
}

func (d *drawer) extent(n *node) extent {
	if e, ok := d.extents[n]; ok {
		return e
	}
	e := extent{}
	switch n.op {
	case opSet:
		e = extent{1, 1}
		if len(n.set.minus(surrogates())) == 0 {
			e = extent{tooMuch, 0}
		}
	case opCat:
		for _, sub := range n.subs {
			s := d.extent(sub)
			e = extent{min(e.least+s.least, tooMuch), min(e.most+s.most, tooMuch)}
		}
	case opAlt:
		e.least = tooMuch
		for _, sub := range n.subs {
			s := d.extent(sub)
			e = extent{min(e.least, s.least), max(e.most, s.most)}
		}
	case opGroup, opAtomic:
		e = d.extent(n.subs[0])
	case opRepeat:
		e = repeated(d.extent(n.subs[0]), n.min, n.max)
	case opBack:
		e.most = tooMuch
	}
	d.extents[n] = e
	return e
}

func repeated(sub extent, least, most int) extent {
	e := extent{}
	if least > 0 {
		e.least = product(sub.least, least)
	}
	switch {
	case sub.most == 0 || most == 0:
	case most == unbounded:
		e.most = tooMuch
	default:
		e.most = product(sub.most, most)
	}
	return e
}

func product(a, b int) int {
	if a > 0 && b > tooMuch/a {
		return tooMuch
	}
	return a * b
}

// draw appends a string of about so many code points that n matches.
func (d *drawer) draw(n *node, length int) {
	switch n.op {
	case opSet:
		if r, ok := d.rune(n.set); ok {
			d.out = append(d.out, r)
		}
	case opCat:
		d.sequence(n.subs, length)
	case opAlt:
		d.draw(d.alternative(n.subs, length), length)
	case opGroup:
		from := len(d.out)
		d.draw(n.subs[0], length)
		d.groups[n.cap] = string(d.out[from:])
	case opAtomic:
		d.draw(n.subs[0], length)
	case opRepeat:
		d.repeat(n, length)
	case opBack:
		for _, c := range n.caps {
			d.out = append(d.out, []rune(d.groups[c])...)
		}
	}
}

// sequence shares a length out among nodes that follow each other.
func (d *drawer) sequence(subs []*node, length int) {
	spare, room := length, 0
	for _, sub := range subs {
		e := d.extent(sub)
		spare -= e.least
		room += max(0, e.most-e.least)
	}
	for _, sub := range subs {
		e := d.extent(sub)
		room -= max(0, e.most-e.least)
		extra := d.share(spare, e.most-e.least, room)
		spare -= extra
		d.draw(sub, e.least+extra)
	}
}

// share is how much of what is spare goes to one node that has room for own, if the others have room for rest.
func (d *drawer) share(spare, own, rest int) int {
	if spare <= 0 || own <= 0 {
		return 0
	}
	low, high := max(0, min(spare-rest, own)), min(spare, own)
	return low + d.pick(high-low+1)
}

func (d *drawer) alternative(subs []*node, length int) *node {
	var fit []*node
	for _, sub := range subs {
		if e := d.extent(sub); e.least <= length && length <= e.most {
			fit = append(fit, sub)
		}
	}
	if len(fit) == 0 {
		fit = subs
	}
	return fit[d.pick(len(fit))]
}

func (d *drawer) repeat(n *node, length int) {
	e := d.extent(n.subs[0])
	low, high := n.min, n.max
	if high == unbounded {
		high = max(low, length)
	}
	if e.most > 0 {
		low = max(low, (length+e.most-1)/e.most)
	}
	if e.least > 0 {
		high = min(high, length/e.least)
	}
	high = min(high, low+max(length, 1), longestSample)
	count := low
	if high > low {
		count += d.pick(high - low + 1)
	}
	spare, own := length-count*e.least, e.most-e.least
	for i := range min(count, longestSample) {
		extra := d.share(spare, own, product(own, count-1-i))
		spare -= extra
		d.draw(n.subs[0], e.least+extra)
		if len(d.out) > longestSample {
			return
		}
	}
}

// rune draws a member of a set: a letter or digit if there is one, else something that can be seen.
func (d *drawer) rune(s set) (rune, bool) {
	classes := []set{{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, {{'!', '~'}}, {{' ', '~'}}, {{0xA1, 0x2FF}, {0x370, 0x3FF}, {0x4E00, 0x9FFF}}}
	if !d.plain {
		classes = classes[1:]
	}
	for i, class := range classes {
		common := s.and(class)
		if i == 0 && d.plain && len(common) == 3 && common[1].lo == 'A' && d.pick(4) > 0 {
			common = common[2:] // mostly small letters, where everything is allowed
		}
		if r, ok := d.member(common); ok {
			return r, true
		}
	}
	return d.member(s.minus(surrogates()))
}

func (d *drawer) member(s set) (rune, bool) {
	size := 0
	for _, r := range s {
		size += int(r.hi-r.lo) + 1
	}
	if size == 0 {
		return 0, false
	}
	at := rune(d.pick(size))
	for _, r := range s {
		if at <= r.hi-r.lo {
			return r.lo + at, true
		}
		at -= r.hi - r.lo + 1
	}
	return unicode.ReplacementChar, false
}

// and is what two canonical sets have in common.
func (s set) and(other set) set {
	var out set
	for i, j := 0, 0; i < len(s) && j < len(other); {
		if lo, hi := max(s[i].lo, other[j].lo), min(s[i].hi, other[j].hi); lo <= hi {
			out = append(out, span{lo, hi})
		}
		if s[i].hi < other[j].hi {
			i++
		} else {
			j++
		}
	}
	return out
}

// pad lengthens a string that the expression matches anywhere, at the end or else at the start.
func (d *drawer) pad(p *Pattern, s string, missing int) string {
	letters := set{{'a', 'z'}}
	var more strings.Builder
	for range missing {
		r, _ := d.member(letters)
		more.WriteRune(r)
	}
	for _, longer := range []string{s + more.String(), more.String() + s, s + " " + more.String()[1:]} {
		if ok, err := p.Match(longer); ok && err == nil {
			return longer
		}
	}
	return s
}
