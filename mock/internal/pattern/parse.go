package pattern

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what a source may cost to read.
const (
	maxSource = 1 << 16 // bytes
	maxDepth  = 250     // groups within groups
	maxFolds  = 2000    // classes compared without regard to case
	maxProps  = 100     // different Unicode properties
	maxSpans  = 200_000 // ranges of characters in all classes
)

// syntaxError says what is wrong with a source, and at which byte.
type syntaxError struct {
	offset  int
	message string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("%s (at offset %d)", e.message, e.offset) }

// flags are what (?ims) can set.
type flags struct{ i, m, s bool }

// parser reads one source. It knows the grammar of ECMA-262 section 22.2.1 with the flag u (strict), else also what
// Annex B.1.2 allows, and some common forms of other dialects.
type parser struct {
	src    string
	pos    int
	strict bool

	flags  flags
	depth  int
	groups int // capture groups opened so far
	total  int // capture groups in the source
	named  bool

	path  []branch // where in which alternative we are
	alts  int      // disjunctions so far
	names map[string][]namedGroup
	backs []reference

	notes    []string
	foreign  bool // the source is not ECMA-262
	casedAll []rune
	folds    int
	spans    int
	props    map[string]set
}

// branch is one alternative of one disjunction.
type branch struct{ disjunction, alternative int }

type namedGroup struct {
	number int
	path   []branch
}

// reference is a back reference that waits for the end of the source, because it may point forward.
type reference struct {
	node   *node
	name   string
	number int
	offset int
}

// parse reads source, first as the standard has it in Unicode mode, then leniently.
func parse(source string) (*node, *parser, error) {
	if len(source) > maxSource {
		return nil, nil, fmt.Errorf("the pattern is longer than %d bytes", maxSource)
	}
	source = strings.ToValidUTF8(source, "\uFFFD")
	p := &parser{src: source, strict: true}
	if n, err := p.whole(); err == nil {
		return n, p, nil
	}
	p = &parser{src: source, props: p.props}
	n, err := p.whole()
	return n, p, err
}

func (p *parser) whole() (*node, error) {
	p.countGroups()
	p.names = map[string][]namedGroup{}
	if p.props == nil {
		p.props = map[string]set{}
	}
	n, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if !p.done() { // only an unmatched parenthesis ends a disjunction early
		return nil, p.fail("there is no group to close with )")
	}
	if strings.HasPrefix(p.src, "/^") && strings.HasSuffix(strings.TrimRight(p.src, "dgimsuvy"), "$/") {
		p.remark("the slashes at both ends are taken as characters, so that nothing can match")
	}
	return n, p.resolve()
}

func (p *parser) done() bool { return p.pos >= len(p.src) }

func (p *parser) fail(format string, args ...any) error { return p.failAt(p.pos, format, args...) }

func (p *parser) failAt(offset int, format string, args ...any) error {
	return &syntaxError{offset, fmt.Sprintf(format, args...)}
}

// remark notes something odd about a source that is ECMA-262 all the same.
func (p *parser) remark(note string) {
	if len(p.notes) < 4 && !slices.Contains(p.notes, note) {
		p.notes = append(p.notes, note)
	}
}

// lenient notes what is not ECMA-262, if that may be forgiven; else it fails with the same words.
func (p *parser) lenient(offset int, note string) error {
	if p.strict {
		return p.failAt(offset, "%s", note)
	}
	p.foreign = true
	p.remark(note)
	return nil
}

func (p *parser) next(prefix string) bool { return strings.HasPrefix(p.src[p.pos:], prefix) }

func (p *parser) eat(prefix string) bool {
	if p.next(prefix) {
		p.pos += len(prefix)
		return true
	}
	return false
}

// rune takes the next code point.
func (p *parser) rune() rune {
	r, size := utf8.DecodeRuneInString(p.src[p.pos:])
	p.pos += size
	return r
}

// countGroups looks ahead for what decides the meaning of \1 and \k.
func (p *parser) countGroups() {
	class := false
	for i := 0; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			rest := p.src[i+1:]
			named := strings.HasPrefix(rest, "?P<") ||
				strings.HasPrefix(rest, "?<") && !strings.HasPrefix(rest, "?<=") && !strings.HasPrefix(rest, "?<!")
			if named || !strings.HasPrefix(rest, "?") {
				p.total++
			}
			p.named = p.named || named
		}
	}
}

func (p *parser) disjunction() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth+1 { // the whole is one, too
		return nil, p.fail("groups are nested deeper than %d", maxDepth)
	}
	p.alts++
	p.path = append(p.path, branch{p.alts, 0})
	defer func() { p.path = p.path[:len(p.path)-1] }()
	var subs []*node
	for {
		n, err := p.alternative()
		if err != nil {
			return nil, err
		}
		subs = append(subs, n)
		if !p.eat("|") {
			return alt(subs), nil
		}
		p.path[len(p.path)-1].alternative++
	}
}

func (p *parser) alternative() (*node, error) {
	var subs []*node
	for !p.done() && !p.next("|") && !p.next(")") {
		n, err := p.term()
		if err != nil {
			return nil, err
		}
		if n == nil { // a comment, or flags
			continue
		}
		if len(subs) > 0 && p.halves(subs[len(subs)-1], n) {
			continue
		}
		subs = append(subs, n)
	}
	return cat(subs), nil
}

// halves joins a class of high surrogates before n, one of low ones, into the characters that both mean in UTF-16.
func (p *parser) halves(before, n *node) bool {
	if before.op != opSet || n.op != opSet || !before.set.within(highSurrogates()) || !n.set.within(lowSurrogates()) {
		return false
	}
	p.remark("surrogate halves in classes of their own are taken as the characters beyond U+FFFF")
	before.set = pair(before.set, n.set)
	return true
}

// term reads an atom or an assertion with its quantifier; nil stands for nothing at all.
func (p *parser) term() (*node, error) {
	start := p.pos
	n, err := p.atom()
	if n == nil || err != nil {
		return nil, err
	}
	if n.op == opSet {
		if p.spans += len(n.set); p.spans > maxSpans {
			return nil, p.tooWide()
		}
	}
	before := p.pos
	q, err := p.quantifier()
	if q == nil || err != nil {
		return n, err
	}
	switch n.op {
	case opBegin, opEnd, opWord, opNotWord:
		err = p.lenient(before, "a quantifier after an assertion means nothing")
	case opLook:
		if n.behind {
			err = p.lenient(before, "a quantifier after an assertion means nothing")
		} else if p.strict {
			err = p.failAt(before, "a look-ahead cannot be repeated")
		}
	}
	if err != nil {
		return nil, err
	}
	q.subs = []*node{n}
	if p.next("+") && !p.strict {
		if err := p.lenient(p.pos, "possessive quantifiers are not ECMA-262"); err != nil {
			return nil, err
		}
		p.pos++
		q = &node{op: opAtomic, subs: []*node{q}}
	}
	if again, _ := p.quantifier(); again != nil {
		return nil, p.failAt(start, "there is nothing to repeat: two quantifiers in a row")
	}
	return q, nil
}

func (p *parser) tooWide() error {
	return p.fail("the character classes have more than %d ranges", maxSpans)
}

func (p *parser) atom() (*node, error) {
	start := p.pos
	r := p.rune()
	switch r {
	case '^':
		return p.edge(opBegin), nil
	case '$':
		return p.edge(opEnd), nil
	case '.':
		if p.flags.s {
			return &node{op: opSet, set: everything()}, nil
		}
		return &node{op: opSet, set: lineEnds().negate()}, nil
	case '(':
		return p.group(start)
	case '[':
		return p.class(start)
	case '\\':
		return p.escape(start)
	case '*', '+', '?':
		return nil, p.failAt(start, "there is nothing to repeat before %c", r)
	case '{':
		p.pos = start
		if q, _ := p.quantifier(); q != nil {
			return nil, p.failAt(start, "there is nothing to repeat before {")
		}
		p.pos = start + 1
		fallthrough
	case '}', ']':
		if p.strict {
			return nil, p.failAt(start, "a lone %c must be escaped", r)
		}
	}
	return p.char(r)
}

// char is the node of a single character.
func (p *parser) char(r rune) (*node, error) {
	s, err := p.folded(set{{r, r}})
	return &node{op: opSet, set: s}, err
}

// folded adds other cases where the flag i is set.
func (p *parser) folded(s set) (set, error) {
	if !p.flags.i {
		return s, nil
	}
	if len(s) != 1 || s[0].hi-s[0].lo > few {
		if p.folds++; p.folds > maxFolds {
			return nil, p.fail("more than %d classes ignore case", maxFolds)
		}
	}
	return s.fold(func() []rune {
		if p.casedAll == nil {
			p.casedAll = casedRunes()
		}
		return p.casedAll
	}), nil
}

// edge is ^ or $: of the string, or with the flag m of a line.
func (p *parser) edge(o op) *node {
	if !p.flags.m {
		return &node{op: o}
	}
	lines := &node{op: opSet, set: lineEnds()}
	return &node{op: opLook, behind: o == opBegin, subs: []*node{alt([]*node{{op: o}, lines})}}
}

// quantifier reads * + ? {n} {n,} {n,m} with an optional ?; nil if there is none here.
func (p *parser) quantifier() (*node, error) {
	start := p.pos
	q := &node{op: opRepeat, max: unbounded}
	switch {
	case p.eat("*"):
	case p.eat("+"):
		q.min = 1
	case p.eat("?"):
		q.max = 1
	case p.eat("{"):
		min, ok := p.number()
		max := min
		if ok && p.eat(",") {
			max, ok = unbounded, true
			if n, some := p.number(); some {
				max = n
			}
		}
		if !ok || !p.eat("}") {
			p.pos = start
			return nil, nil
		}
		if max != unbounded && max < min {
			return nil, p.failAt(start, "the counts in {%d,%d} are out of order", min, max)
		}
		q.min, q.max = min, max
	default:
		return nil, nil
	}
	q.lazy = p.eat("?")
	return q, nil
}

// number reads decimal digits. No string is long enough to tell counts beyond 2^31-1 from it.
func (p *parser) number() (int, bool) {
	const most = 1<<31 - 1
	start, n := p.pos, 0
	for ; !p.done() && '0' <= p.src[p.pos] && p.src[p.pos] <= '9'; p.pos++ {
		n = min(n*10+int(p.src[p.pos]-'0'), most)
	}
	return n, p.pos > start
}

// identifier tells whether name may name a group: an identifier of ECMA-262.
func identifier(name string) bool {
	for i, r := range name {
		switch {
		case r == '$' || r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_ID_Start, r):
		case i > 0 && (unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) ||
			r == 0x200C || r == 0x200D):
		default:
			return false
		}
	}
	return name != ""
}
