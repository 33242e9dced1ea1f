package pattern

import (
	"strconv"
	"strings"
)

// escape reads what follows a backslash outside of classes: ECMA-262 "AtomEscape".
func (p *parser) escape(start int) (*node, error) {
	if p.done() {
		return nil, p.failAt(start, "the pattern ends in a backslash")
	}
	switch c := p.src[p.pos]; {
	case c == 'b':
		p.pos++
		return &node{op: opWord}, nil
	case c == 'B':
		p.pos++
		return &node{op: opNotWord}, nil
	case '1' <= c && c <= '9':
		return p.decimalEscape(start)
	case c == 'k' && (p.strict || p.named):
		p.pos++
		if !p.eat("<") {
			return nil, p.failAt(start, "\\k must name a group, as in \\k<name>")
		}
		name, err := p.groupName('>')
		if err != nil {
			return nil, err
		}
		return p.refer(reference{name: name, offset: start}), nil
	}
	if s, ok, err := p.classEscape(start); ok || err != nil {
		if err == nil {
			s, err = p.folded(s)
		}
		return &node{op: opSet, set: s}, err
	}
	if n, ok, err := p.foreignEscape(start); ok || err != nil {
		return n, err
	}
	r, err := p.charEscape(start)
	if err != nil {
		return nil, err
	}
	return p.char(r)
}

// foreignEscape reads \A \z \Z \Q…\E, which authors mean as other dialects do.
func (p *parser) foreignEscape(start int) (*node, bool, error) {
	if p.strict {
		return nil, false, nil
	}
	c := p.src[p.pos]
	switch c {
	case 'A':
		p.pos++
		return &node{op: opBegin}, true, p.lenient(start, "\\A is not ECMA-262; it is taken as ^")
	case 'z', 'Z':
		p.pos++
		return &node{op: opEnd}, true, p.lenient(start, "\\"+string(rune(c))+" is not ECMA-262; it is taken as $")
	case 'Q':
		p.pos++
		text, _, _ := strings.Cut(p.src[p.pos:], `\E`)
		p.pos = min(p.pos+len(text)+2, len(p.src))
		var subs []*node
		for _, r := range text {
			n, err := p.char(r)
			if err != nil {
				return nil, true, err
			}
			subs = append(subs, n)
		}
		return cat(subs), true, p.lenient(start, "\\Q…\\E is not ECMA-262; the text between is taken as it stands")
	}
	return nil, false, nil
}

// decimalEscape reads \1: a back reference if there are that many groups, else what Annex B makes of it.
func (p *parser) decimalEscape(start int) (*node, error) {
	digits := p.pos
	n, _ := p.number()
	if n <= p.total {
		return p.refer(reference{number: n, offset: start}), nil
	}
	if p.strict {
		return nil, p.failAt(start, "there is no group %d", n)
	}
	p.pos = digits
	r, err := p.octal(start)
	if err != nil {
		return nil, err
	}
	return p.char(r)
}

// octal reads \12 as the character with that octal number, \8 as 8: Annex B "LegacyOctalEscapeSequence".
func (p *parser) octal(start int) (rune, error) {
	if err := p.lenient(start, "a number after a backslash that is no group is not ECMA-262 in Unicode mode"); err != nil {
		return 0, err
	}
	if c := p.src[p.pos]; c > '7' {
		p.pos++
		return rune(c), nil
	}
	n := rune(0)
	for i := 0; i < 3 && !p.done() && '0' <= p.src[p.pos] && p.src[p.pos] <= '7'; i++ {
		next := n*8 + rune(p.src[p.pos]-'0')
		if next > 0o377 {
			break
		}
		n = next
		p.pos++
	}
	return n, nil
}

// charEscape reads an escape that stands for one character: ECMA-262 "CharacterEscape".
func (p *parser) charEscape(start int) (rune, error) {
	r := p.rune()
	switch r {
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'v':
		return '\v', nil
	case 'c':
		if !p.done() && isLetter(p.src[p.pos]) {
			p.pos++
			return rune(p.src[p.pos-1] % 32), nil
		}
		p.pos-- // Annex B: the backslash is literal, then comes c
		return '\\', p.lenient(start, "\\c must be followed by a letter")
	case '0':
		if !p.done() && '0' <= p.src[p.pos] && p.src[p.pos] <= '9' {
			p.pos--
			return p.octal(start)
		}
		return 0, nil
	case 'x':
		return p.hexEscape(start)
	case 'u':
		return p.unicodeEscape(start)
	}
	if strings.ContainsRune(`^$\.*+?()[]{}|/`, r) {
		return r, nil
	}
	return p.identityEscape(start, r)
}

// identityEscape is a backslash before a character that needs none. Before letters it mostly is a mistake or of another
// dialect; before others it is harmless.
func (p *parser) identityEscape(start int, r rune) (rune, error) {
	if r > 0x7F || !isAlnum(byte(r)) {
		if p.strict {
			return 0, p.failAt(start, "%q needs no backslash", r)
		}
		return r, nil
	}
	switch r {
	case 'a':
		return '\a', p.lenient(start, "\\a is not ECMA-262; it is taken as U+0007")
	case 'e':
		return 0x1B, p.lenient(start, "\\e is not ECMA-262; it is taken as U+001B")
	}
	return r, p.lenient(start, "\\"+string(r)+" is not ECMA-262; it is taken as the letter")
}

// hexEscape reads \xHH, leniently \x{H…} too.
func (p *parser) hexEscape(start int) (rune, error) {
	if n, ok := p.hex(2); ok {
		return n, nil
	}
	if n, ok := p.braced(); ok && !p.strict {
		return n, p.lenient(start, "\\x{…} is not ECMA-262; it is taken as \\u{…}")
	}
	return 'x', p.lenient(start, "\\x must be followed by two hexadecimal digits")
}

// unicodeEscape reads \uHHHH, a surrogate pair of them, or \u{H…}.
func (p *parser) unicodeEscape(start int) (rune, error) {
	if n, ok := p.braced(); ok {
		return n, nil
	}
	n, ok := p.hex(4)
	if !ok {
		return 'u', p.lenient(start, "\\u must be followed by four hexadecimal digits, or some in braces")
	}
	if n < firstHigh || n > lastHigh {
		return n, nil
	}
	was := p.pos
	if p.eat(`\u`) {
		if low, ok := p.hex(4); ok && low >= firstLow && low <= lastLow {
			return (n-firstHigh)<<10 + (low - firstLow) + 0x10000, nil
		}
	}
	p.pos = was
	return n, nil
}

// hex reads exactly size hexadecimal digits, or nothing.
func (p *parser) hex(size int) (rune, bool) {
	if p.pos+size > len(p.src) {
		return 0, false
	}
	n, ok := hexNumber(p.src[p.pos : p.pos+size])
	if ok {
		p.pos += size
	}
	return n, ok
}

// braced reads {H…} with a number up to 10FFFF, or nothing.
func (p *parser) braced() (rune, bool) {
	end := strings.IndexByte(p.src[p.pos:], '}')
	if !p.next("{") || end < 0 {
		return 0, false
	}
	n, ok := hexNumber(p.src[p.pos+1 : p.pos+end])
	if ok {
		p.pos += end + 1
	}
	return n, ok
}

func hexNumber(s string) (rune, bool) {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(s, 16, 64)
	return rune(n), err == nil && n <= 0x10FFFF
}
