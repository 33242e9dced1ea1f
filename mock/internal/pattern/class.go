package pattern

import "strings"

// class reads a character class after its opening bracket: ECMA-262 "CharacterClass".
func (p *parser) class(start int) (*node, error) {
	negated := p.eat("^")
	var all set
	for {
		if p.done() {
			return nil, p.failAt(start, "the character class is not closed")
		}
		if p.eat("]") {
			break
		}
		part, err := p.classRange(start)
		if err != nil {
			return nil, err
		}
		if all = append(all, part...); len(all) > maxSpans {
			return nil, p.tooWide()
		}
	}
	all, err := p.folded(all.canonical())
	if negated {
		all = all.negate()
	}
	return &node{op: opSet, set: all}, err
}

// classRange reads one atom of a class, or two with a dash between them.
func (p *parser) classRange(class int) (set, error) {
	start := p.pos
	from, single, err := p.classAtom()
	if err != nil || !p.next("-") || p.next("-]") {
		return from, err
	}
	p.pos++
	if p.done() {
		return nil, p.failAt(class, "the character class is not closed")
	}
	to, single2, err := p.classAtom()
	switch {
	case err != nil:
		return nil, err
	case !single || !single2:
		if p.strict {
			return nil, p.failAt(start, "a class such as \\w cannot begin or end a range")
		}
		return append(append(from, span{'-', '-'}), to...), nil
	case from[0].lo > to[0].lo:
		return nil, p.failAt(start, "the range %s is out of order", p.src[start:p.pos])
	}
	return set{{from[0].lo, to[0].lo}}, nil
}

// classAtom reads one member of a class; single tells a character from a set of them.
func (p *parser) classAtom() (s set, single bool, err error) {
	start := p.pos
	if !p.strict && p.next("[:") {
		if s, ok, err := p.posixClass(start); ok || err != nil {
			return s, false, err
		}
	}
	r := p.rune()
	if r != '\\' {
		return set{{r, r}}, true, nil
	}
	if p.done() {
		return nil, false, p.failAt(start, "the pattern ends in a backslash")
	}
	if s, ok, err := p.classEscape(start); ok || err != nil {
		return s, false, err
	}
	switch c := p.src[p.pos]; {
	case c == 'b':
		p.pos++
		r = '\b'
	case c == '-':
		p.pos++
		r = '-'
	case '1' <= c && c <= '9':
		r, err = p.octal(start)
	case c == 'c' && !p.strict && p.pos+1 < len(p.src) && (isAlnum(p.src[p.pos+1]) || p.src[p.pos+1] == '_'):
		r = rune(p.src[p.pos+1] % 32) // Annex B allows digits and _ as well, in classes
		p.pos += 2
	default:
		r, err = p.charEscape(start)
	}
	return set{{r, r}}, true, err
}

// posixClass reads [:name:] as other dialects mean it. In ECMA-262 it would be a class of its letters.
func (p *parser) posixClass(start int) (set, bool, error) {
	end := strings.Index(p.src[start:], ":]")
	if end < 0 {
		return nil, false, nil
	}
	name, negated := strings.CutPrefix(p.src[start+2:start+end], "^")
	s, ok := posix(name)
	if !ok {
		return nil, false, nil
	}
	p.pos = start + end + 2
	if negated {
		s = s.negate()
	}
	return s, true, p.lenient(start, "[:"+name+":] is not ECMA-262; it is taken as the POSIX class")
}

// classEscape reads \d \D \s \S \w \W \p{…} \P{…} after the backslash, in or out of a class; ok is false for others.
func (p *parser) classEscape(start int) (s set, ok bool, err error) {
	c := p.src[p.pos]
	switch c {
	case 'd', 'D':
		s = digits()
	case 's', 'S':
		s = spaces()
	case 'w', 'W':
		s, err = p.folded(words())
	case 'p', 'P':
		p.pos++
		s, ok, err = p.propertyEscape(start)
		if c == 'P' && ok {
			s = s.negate()
		}
		return s, ok, err
	case 'h', 'H':
		if p.strict {
			return nil, false, nil
		}
		err = p.lenient(start, "\\h is not ECMA-262; it is taken as a space or tab")
		s = set{{'\t', '\t'}, {' ', ' '}}
	default:
		return nil, false, nil
	}
	p.pos++
	if c < 'a' {
		s = s.negate()
	}
	return s, true, err
}

// propertyEscape reads what follows \p: {Name}, {Name=Value}, or leniently one letter.
func (p *parser) propertyEscape(start int) (set, bool, error) {
	var name string
	if end := strings.IndexByte(p.src[p.pos:], '}'); p.next("{") && end > 0 {
		name = p.src[p.pos+1 : p.pos+end]
		p.pos += end + 1
	} else if !p.done() && strings.IndexByte("CLMNPSZ", p.src[p.pos]) >= 0 {
		name = p.src[p.pos : p.pos+1]
		p.pos++
		if err := p.lenient(start, "\\p needs braces in ECMA-262, as in \\p{L}"); err != nil {
			return nil, false, err
		}
	} else {
		return nil, false, p.failAt(start, "\\p must name a Unicode property in braces")
	}
	if s, ok := p.props[name]; ok {
		return s, true, nil
	}
	if len(p.props) >= maxProps {
		return nil, false, p.failAt(start, "there are more than %d different Unicode properties", maxProps)
	}
	if s, ok := property(name); ok {
		p.props[name] = s
		return s, true, nil
	}
	if s, ok := looseProperty(name); ok && !p.strict {
		return s, true, p.lenient(start, "\\p{"+name+"} is not a property of ECMA-262 by that name")
	}
	return nil, false, p.failAt(start, "the Unicode property %q is unknown", name)
}
