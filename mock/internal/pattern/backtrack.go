package pattern

import (
	"strconv"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

const (
	// backtrackBudget is the time that a match with backtracking may take. It is by the clock on the wall, so it must do for a
	// harmless match on a machine that is busy with other things.
	backtrackBudget = time.Second
	// backtrackStack bounds the memory of backtracking, in integers.
	backtrackStack = 200_000
)

// newBacktrack compiles what package regexp cannot.
func newBacktrack(n *node) (*regexp2.Regexp, error) {
	w := ecmaWriter{numbers: map[int]int{}}
	n.walk(func(n *node) {
		for _, c := range n.caps {
			w.numbers[c] = 0
		}
	})
	w.write(n)
	re, err := regexp2.Compile(w.text.String(), regexp2.ECMAScript|regexp2.Unicode,
		regexp2.OptionMaxBacktrackingStackSize(backtrackStack))
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = backtrackBudget
	return re, nil
}

// ecmaWriter writes a parsed pattern as plain ECMA-262 again: no flags, no names, groups only where they are referred to.
type ecmaWriter struct {
	text    strings.Builder
	numbers map[int]int // the new number of each group that is referred to
	groups  int
}

func (w *ecmaWriter) write(n *node) {
	switch n.op {
	case opSet:
		w.set(n.set)
	case opCat:
		for _, sub := range n.subs {
			w.write(sub)
		}
	case opAlt:
		w.group("(?:", n.subs)
	case opGroup:
		if _, used := w.numbers[n.cap]; !used {
			w.group("(?:", n.subs)
			return
		}
		w.groups++
		w.numbers[n.cap] = w.groups
		w.group("(", n.subs)
	case opBegin:
		w.text.WriteByte('^')
	case opEnd:
		w.text.WriteByte('$')
	case opWord:
		w.text.WriteString(`\b`)
	case opNotWord:
		w.text.WriteString(`\B`)
	case opLook:
		w.group(lookPrefix(n), n.subs)
	case opAtomic:
		w.group("(?>", n.subs)
	case opBack:
		w.references(n)
	case opRepeat:
		w.group("(?:", n.subs)
		w.text.WriteString(counts(n.min, n.max))
		if n.lazy {
			w.text.WriteByte('?')
		}
	}
}

func lookPrefix(n *node) string {
	prefix := "(?"
	if n.behind {
		prefix += "<"
	}
	if n.neg {
		return prefix + "!"
	}
	return prefix + "="
}

func (w *ecmaWriter) group(open string, subs []*node) {
	w.text.WriteString(open)
	for i, sub := range subs {
		if i > 0 {
			w.text.WriteByte('|')
		}
		w.write(sub)
	}
	w.text.WriteByte(')')
}

// references writes \1. A group that opens only later still holds nothing, nor does one that never was: they match "".
func (w *ecmaWriter) references(n *node) {
	for _, c := range n.caps {
		number := w.numbers[c]
		if number == 0 {
			continue
		}
		if n.fold {
			w.text.WriteString("(?i:")
		} else {
			w.text.WriteString("(?:")
		}
		w.text.WriteString(`\` + strconv.Itoa(number) + ")")
	}
}

func (w *ecmaWriter) set(s set) {
	if s.isAll() {
		w.text.WriteString("[^]")
		return
	}
	if len(s) == 1 && s[0].lo == s[0].hi {
		w.rune(s[0].lo)
		return
	}
	w.text.WriteByte('[')
	for _, r := range s {
		w.rune(r.lo)
		if r.hi > r.lo {
			w.text.WriteByte('-')
			w.rune(r.hi)
		}
	}
	w.text.WriteByte(']')
}

func (w *ecmaWriter) rune(r rune) {
	if r < 0x80 && isAlnum(byte(r)) {
		w.text.WriteByte(byte(r))
		return
	}
	w.text.WriteString(`\u{` + strconv.FormatInt(int64(r), 16) + "}")
}
