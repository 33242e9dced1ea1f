package pattern

import (
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxCount is the largest product of counts that package regexp allows.
	maxCount = 1000
	// maxCost is the largest program we give to package regexp, in steps.
	maxCost = 40_000
	// maxWork is the product of program and text up to which no clock is needed.
	maxWork = 1 << 24
	// linearBudget is the time that a match in linear time may take.
	linearBudget = time.Second
)

// linear is a pattern matched in time proportional to the text: as a chain if it is one, else by package regexp.
type linear struct {
	chain *chain
	re    *regexp.Regexp
	cost  int
}

// newLinear gives nil if n must be left to backtracking.
func newLinear(n *node) *linear {
	if c := newChain(n); c != nil {
		return &linear{chain: c}
	}
	cost := n.cost()
	if cost > maxCost || !n.regular() {
		return nil
	}
	var w strings.Builder
	writeText(&w, n)
	re, err := regexp.Compile(w.String())
	if err != nil { // some limit of the library that we do not know
		return nil
	}
	return &linear{re: re, cost: cost}
}

func (l *linear) match(s string) (bool, error) {
	if l.chain != nil {
		return matchChain(l.chain, s), nil
	}
	if len(s) <= maxWork/l.cost {
		return l.re.MatchString(s), nil
	}
	return l.matchSlowly(s)
}

func (l *linear) matchBytes(b []byte) (bool, error) {
	if l.chain != nil {
		return matchChain(l.chain, b), nil
	}
	if len(b) <= maxWork/l.cost {
		return l.re.Match(b), nil
	}
	return l.matchSlowly(string(b))
}

// matchSlowly is for texts so long that even linear time may be too much.
func (l *linear) matchSlowly(s string) (bool, error) {
	r := &clockedReader{rest: s, every: max(1, maxWork/64/l.cost), deadline: time.Now().Add(linearBudget)}
	ok := l.re.MatchReader(r)
	if r.late {
		return false, ErrTooComplex
	}
	return ok, nil
}

// clockedReader reads a string until the deadline. That package regexp asks for one character at a time is the only way
// to interrupt it.
type clockedReader struct {
	rest     string
	read     int
	every    int // characters between two looks at the clock
	deadline time.Time
	late     bool
}

func (r *clockedReader) ReadRune() (rune, int, error) {
	if r.read++; r.read%r.every == 0 && time.Now().After(r.deadline) {
		r.late = true
	}
	if r.late || r.rest == "" {
		return 0, 0, io.EOF
	}
	c, size := utf8.DecodeRuneInString(r.rest)
	r.rest = r.rest[size:]
	return c, size, nil
}

// writeText writes n in the language of package regexp. Groups are not remembered and nothing is lazy, since all that
// matters is whether there is a match.
func writeText(w *strings.Builder, n *node) {
	switch n.op {
	case opSet:
		writeSet(w, n.set)
	case opCat:
		for _, sub := range n.subs {
			writeText(w, sub)
		}
	case opAlt:
		writeAlternatives(w, n.subs)
	case opGroup:
		writeAlternatives(w, n.subs)
	case opBegin:
		w.WriteString(`\A`)
	case opEnd:
		w.WriteString(`\z`)
	case opWord:
		w.WriteString(`\b`)
	case opNotWord:
		w.WriteString(`\B`)
	case opRepeat:
		writeRepeat(w, n)
	}
}

func writeAlternatives(w *strings.Builder, subs []*node) {
	w.WriteString("(?:")
	for i, sub := range subs {
		if i > 0 {
			w.WriteByte('|')
		}
		writeText(w, sub)
	}
	w.WriteByte(')')
}

func writeSet(w *strings.Builder, s set) {
	switch {
	case len(s) == 0:
		w.WriteString(`[^\x00-\x{10FFFF}]`)
	case s.isAll():
		w.WriteString(`(?s:.)`)
	case len(s) == 1 && s[0].lo == s[0].hi:
		writeRune(w, s[0].lo)
	default:
		w.WriteByte('[')
		for _, r := range s {
			writeRune(w, r.lo)
			if r.hi > r.lo {
				w.WriteByte('-')
				writeRune(w, r.hi)
			}
		}
		w.WriteByte(']')
	}
}

func writeRune(w *strings.Builder, r rune) {
	if r < utf8.RuneSelf && isAlnum(byte(r)) {
		w.WriteByte(byte(r))
		return
	}
	w.WriteString(`\x{`)
	w.WriteString(strconv.FormatInt(int64(r), 16))
	w.WriteByte('}')
}

func writeRepeat(w *strings.Builder, n *node) {
	inner := repeater{w: w, most: max(1, maxCount/n.subs[0].counted())}
	var sub strings.Builder
	writeAlternatives(&sub, n.subs)
	inner.sub = sub.String()
	switch {
	case n.simple() || n.times() <= inner.most:
		w.WriteString(inner.sub)
		w.WriteString(counts(n.min, n.max))
	case n.max == unbounded:
		inner.exactly(n.min)
		w.WriteString(inner.sub + "*")
	default:
		inner.exactly(n.min)
		inner.upTo(n.max - n.min)
	}
}

// counts is the quantifier for min to max times.
func counts(min, max int) string {
	switch {
	case min == 0 && max == unbounded:
		return "*"
	case min == 1 && max == unbounded:
		return "+"
	case min == 0 && max == 1:
		return "?"
	case max == unbounded:
		return "{" + strconv.Itoa(min) + ",}"
	case min == max:
		return "{" + strconv.Itoa(min) + "}"
	}
	return "{" + strconv.Itoa(min) + "," + strconv.Itoa(max) + "}"
}

// repeater writes counts above the limit of package regexp as pieces below it.
type repeater struct {
	w    *strings.Builder
	sub  string // what is repeated, in a group
	most int    // the largest count allowed for it
}

func (r repeater) exactly(n int) {
	for ; n > 0; n -= r.most {
		r.w.WriteString(r.sub + counts(min(n, r.most), min(n, r.most)))
	}
}

// upTo writes {0,n}: either h times and up to n-h more, or up to h-1 times. Unlike a row of optional pieces, no text can
// be divided among these in many ways, so that matching stays fast.
func (r repeater) upTo(n int) {
	if n <= r.most {
		if n > 0 {
			r.w.WriteString(r.sub + counts(0, n))
		}
		return
	}
	h := (n + 1) / 2
	r.w.WriteString("(?:")
	r.exactly(h)
	r.upTo(n - h)
	r.w.WriteByte('|')
	r.upTo(h - 1)
	r.w.WriteByte(')')
}
