package pattern

import (
	"slices"
	"unicode"
)

// span is the code points from lo to hi, both included.
type span struct{ lo, hi rune }

// set is a set of code points. A canonical set is sorted, without overlaps or neighbours that touch.
type set []span

// The sets of ECMA-262 section 22.2.2.9, "CharacterClassEscape", and of the dot.
func digits() set { return set{{'0', '9'}} }
func words() set  { return set{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}} }
func lineEnds() set {
	return set{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
}

// spaces is WhiteSpace (category Zs included) with LineTerminator.
func spaces() set {
	return set{{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029},
		{0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}}
}

func everything() set { return set{{0, unicode.MaxRune}} }

// Surrogates can stand in a pattern, never in a Go string that is valid UTF-8.
const (
	firstHigh = 0xD800
	lastHigh  = 0xDBFF
	firstLow  = 0xDC00
	lastLow   = 0xDFFF
)

func highSurrogates() span { return span{firstHigh, lastHigh} }
func lowSurrogates() span  { return span{firstLow, lastLow} }
func surrogates() span     { return span{firstHigh, lastLow} }

// canonical sorts s in place, then joins what overlaps or touches.
func (s set) canonical() set {
	if len(s) < 2 {
		return s
	}
	slices.SortFunc(s, func(a, b span) int { return int(a.lo - b.lo) })
	out := s[:1]
	for _, r := range s[1:] {
		if last := &out[len(out)-1]; r.lo <= last.hi+1 {
			last.hi = max(last.hi, r.hi)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// negate gives all that the canonical set s does not have.
func (s set) negate() set {
	out := make(set, 0, len(s)+1)
	next := rune(0)
	for _, r := range s {
		if next < r.lo {
			out = append(out, span{next, r.lo - 1})
		}
		next = r.hi + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, span{next, unicode.MaxRune})
	}
	return out
}

// minus gives the canonical set s without the code points of cut.
func (s set) minus(cut span) set {
	if len(s) == 0 || s[0].lo > cut.hi || s[len(s)-1].hi < cut.lo {
		return s
	}
	out := make(set, 0, len(s)+1)
	for _, r := range s {
		if r.lo < cut.lo {
			out = append(out, span{r.lo, min(r.hi, cut.lo-1)})
		}
		if r.hi > cut.hi {
			out = append(out, span{max(r.lo, cut.hi+1), r.hi})
		}
	}
	return out
}

// within tells whether s is not empty and all of it lies in r.
func (s set) within(r span) bool {
	return len(s) > 0 && s[0].lo >= r.lo && s[len(s)-1].hi <= r.hi
}

func (s set) has(r rune) bool {
	_, found := slices.BinarySearchFunc(s, r, func(sp span, r rune) int {
		switch {
		case sp.hi < r:
			return -1
		case sp.lo > r:
			return 1
		}
		return 0
	})
	return found
}

// isAll tells whether s has every character that a string can hold.
func (s set) isAll() bool {
	return len(s) == 1 && s[0] == span{0, unicode.MaxRune} ||
		len(s) == 2 && s[0] == span{0, firstHigh - 1} && s[1] == span{lastLow + 1, unicode.MaxRune}
}

// few is the number of code points up to which it is cheaper to ask each of them for its other cases.
const few = 256

// fold adds the other cases of every member: simple case folding, as ECMA-262's Canonicalize does in Unicode mode.
// cased must list every code point that has another case.
func (s set) fold(cased func() []rune) set {
	size := 0
	for _, r := range s {
		size += int(r.hi-r.lo) + 1
	}
	out := slices.Clone(s)
	add := func(r rune) {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			out = append(out, span{f, f})
		}
	}
	if size > few {
		for _, r := range cased() {
			if s.has(r) {
				add(r)
			}
		}
		return out.canonical()
	}
	for _, sp := range s {
		for r := sp.lo; r <= sp.hi; r++ {
			add(r)
		}
	}
	return out.canonical()
}

// casedRunes lists every code point that simple case folding equates with another.
func casedRunes() []rune {
	const last = 0x1E943 // the last one, in Adlam
	var out []rune
	for r := rune(0); r <= last; r++ {
		if unicode.SimpleFold(r) != r {
			out = append(out, r)
		}
	}
	return out
}

// pair gives the code points beyond U+FFFF whose halves are in high and low.
func pair(high, low set) set {
	var out set
	for _, h := range high {
		for r := h.lo; r <= h.hi; r++ {
			base := (r-firstHigh)<<10 + 0x10000
			for _, l := range low {
				out = append(out, span{base + l.lo - firstLow, base + l.hi - firstLow})
			}
		}
	}
	return out.canonical()
}
