package pattern

import (
	"regexp/syntax"
)

// Syntax gives the expression as a tree of package regexp/syntax with the same meaning, for generators, or nil if it has
// look-around or back references. It is built anew by each call. Groups are not captures, nothing is lazy, and counts may
// exceed the 1,000 that [regexp.Compile] allows.
func (p *Pattern) Syntax() *syntax.Regexp {
	if !p.root.regular() {
		return nil
	}
	return p.Approximate()
}

// Approximate is like Syntax and never nil: look-around is left out, and a back reference becomes another copy of what
// its group matches. Whatever matches p matches it too, except where references point forward; what is drawn from it
// must be checked with Match.
func (p *Pattern) Approximate() *syntax.Regexp {
	t := treeBuilder{groups: map[int]*syntax.Regexp{}}
	return t.build(p.root)
}

type treeBuilder struct {
	groups map[int]*syntax.Regexp
}

func (t *treeBuilder) build(n *node) *syntax.Regexp {
	switch n.op {
	case opSet:
		return setTree(n.set)
	case opCat:
		return catTree(t.all(n.subs))
	case opAlt:
		return &syntax.Regexp{Op: syntax.OpAlternate, Flags: syntax.Perl, Sub: t.all(n.subs)}
	case opGroup:
		sub := t.build(n.subs[0])
		if !n.refers() { // references to references could grow without bound
			t.groups[n.cap] = sub
		}
		return sub
	case opAtomic:
		return t.build(n.subs[0])
	case opRepeat:
		return repeatTree(t.build(n.subs[0]), n.min, n.max)
	case opBegin:
		return &syntax.Regexp{Op: syntax.OpBeginText, Flags: syntax.Perl}
	case opEnd:
		return &syntax.Regexp{Op: syntax.OpEndText, Flags: syntax.Perl}
	case opWord:
		return &syntax.Regexp{Op: syntax.OpWordBoundary, Flags: syntax.Perl}
	case opNotWord:
		return &syntax.Regexp{Op: syntax.OpNoWordBoundary, Flags: syntax.Perl}
	case opBack:
		var subs []*syntax.Regexp
		for _, c := range n.caps {
			if sub := t.groups[c]; sub != nil {
				subs = append(subs, sub)
			}
		}
		if len(subs) > 0 {
			return subs[len(subs)-1]
		}
	}
	return &syntax.Regexp{Op: syntax.OpEmptyMatch, Flags: syntax.Perl}
}

func (t *treeBuilder) all(nodes []*node) []*syntax.Regexp {
	subs := make([]*syntax.Regexp, len(nodes))
	for i, n := range nodes {
		subs[i] = t.build(n)
	}
	return subs
}

func setTree(s set) *syntax.Regexp {
	s = s.minus(surrogates())
	re := &syntax.Regexp{Op: syntax.OpCharClass, Flags: syntax.Perl}
	switch {
	case len(s) == 0:
		re.Op = syntax.OpNoMatch
	case len(s) == 1 && s[0].lo == s[0].hi:
		re.Op = syntax.OpLiteral
		re.Rune = []rune{s[0].lo}
	case s.isAll():
		re.Op = syntax.OpAnyChar
	default:
		for _, r := range s {
			re.Rune = append(re.Rune, r.lo, r.hi)
		}
	}
	return re
}

// catTree joins literals that follow each other.
func catTree(subs []*syntax.Regexp) *syntax.Regexp {
	var out []*syntax.Regexp
	joined := false // whether the last of out is ours to change
	for _, sub := range subs {
		switch {
		case sub.Op == syntax.OpEmptyMatch:
			continue
		case sub.Op == syntax.OpLiteral && len(out) > 0 && out[len(out)-1].Op == syntax.OpLiteral:
			last := out[len(out)-1]
			if !joined {
				last = &syntax.Regexp{Op: syntax.OpLiteral, Flags: syntax.Perl, Rune: append([]rune(nil), last.Rune...)}
				out[len(out)-1] = last
				joined = true
			}
			last.Rune = append(last.Rune, sub.Rune...)
			continue
		}
		out = append(out, sub)
		joined = false
	}
	switch len(out) {
	case 0:
		return &syntax.Regexp{Op: syntax.OpEmptyMatch, Flags: syntax.Perl}
	case 1:
		return out[0]
	}
	return &syntax.Regexp{Op: syntax.OpConcat, Flags: syntax.Perl, Sub: out}
}

func repeatTree(sub *syntax.Regexp, min, max int) *syntax.Regexp {
	re := &syntax.Regexp{Op: syntax.OpRepeat, Flags: syntax.Perl, Sub: []*syntax.Regexp{sub}, Min: min, Max: max}
	switch {
	case max == 0:
		return &syntax.Regexp{Op: syntax.OpEmptyMatch, Flags: syntax.Perl}
	case min == 1 && max == 1:
		return sub
	case min == 0 && max == unbounded:
		re.Op, re.Min, re.Max = syntax.OpStar, 0, 0
	case min == 1 && max == unbounded:
		re.Op, re.Min, re.Max = syntax.OpPlus, 0, 0
	case min == 0 && max == 1:
		re.Op, re.Min, re.Max = syntax.OpQuest, 0, 0
	}
	return re
}
