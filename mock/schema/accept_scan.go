package schema

import (
	"bytes"
	"unsafe"
)

// mostNames is how many names without a schema of their own, and unique items, an acceptor remembers at a time.
const mostNames = 64

// span is a part of the text.
type span struct{ from, to int32 }

// isNoted tells whether a name is among those remembered since first.
func (a *acceptor) isNoted(first int, name string) bool {
	for _, s := range a.names[first:a.noted] {
		if string(a.text[s.from:s.to]) == name {
			return true
		}
	}
	return false
}

// note remembers a part of the text; false if an equal one is among those since first. There is room for it.
func (a *acceptor) note(first, from, to int) bool {
	text := a.text[from:to]
	for _, s := range a.names[first:a.noted] {
		if bytes.Equal(a.text[s.from:s.to], text) {
			return false
		}
	}
	a.names[a.noted] = span{int32(from), int32(to)}
	a.noted++
	return true
}

// skip reads any value.
func (a *acceptor) skip() bool {
	a.space()
	if a.pos >= len(a.text) {
		return a.broken()
	}
	return a.any()
}

// any reads the value that begins here.
func (a *acceptor) any() bool {
	switch c := a.text[a.pos]; c {
	case '{':
		return a.anyObject()
	case '[':
		if !a.enter() {
			return false
		}
		for first := true; a.more(first, ']'); first = false {
			if !a.skip() {
				return false
			}
		}
		return a.leave(']')
	case '"':
		_, _, ok := a.quoted()
		return ok
	case 't':
		return a.literal("true")
	case 'f':
		return a.literal("false")
	case 'n':
		return a.literal("null")
	}
	_, ok := a.numeral()
	return ok
}

func (a *acceptor) anyObject() bool {
	start, noted, depth := a.pos, a.noted, a.depth
	if !a.enter() {
		return false
	}
	for first := true; a.more(first, '}'); first = false {
		from, to, plain := a.name()
		if !plain || a.noted == mostNames {
			a.noted, a.depth = noted, depth
			a.rewind(start)
			return a.decodedAny()
		}
		if from < 0 || !a.note(noted, from, to) || !a.skip() {
			return false
		}
	}
	a.noted = noted
	return a.leave('}')
}

func (a *acceptor) space() {
	for a.pos < len(a.text) {
		if c := a.text[a.pos]; c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return
		}
		a.pos++
	}
}

// enter a container, whose opening bracket is next.
func (a *acceptor) enter() bool {
	a.pos++
	a.depth++
	return a.depth <= deepestAccepted || a.broken()
}

// more tells whether another element follows, and reads the comma before it. At anything else, the caller's leave is false.
func (a *acceptor) more(first bool, closing byte) bool {
	a.space()
	if a.pos >= len(a.text) || a.text[a.pos] == closing {
		return false
	}
	if first {
		return true
	}
	if a.text[a.pos] != ',' {
		return false
	}
	a.pos++
	a.space()
	if a.pos >= len(a.text) || a.text[a.pos] == closing {
		a.pos = len(a.text) // a comma before the bracket
		return false
	}
	return true
}

// leave a container, whose closing bracket is next.
func (a *acceptor) leave(closing byte) bool {
	if a.pos >= len(a.text) || a.text[a.pos] != closing {
		return a.broken()
	}
	a.pos++
	a.depth--
	return true
}

// name reads a name and the colon after it. It is not plain if it has escapes; from is -1 if there is no name.
func (a *acceptor) name() (from, to int, plain bool) {
	if a.text[a.pos] != '"' {
		a.broken()
		return -1, -1, true
	}
	from = a.pos + 1
	_, plain, ok := a.quoted()
	to = a.pos - 1
	a.space()
	if !ok || a.pos >= len(a.text) || a.text[a.pos] != ':' {
		a.broken()
		return -1, -1, true
	}
	a.pos++
	return from, to, plain
}

// quoted reads a string and gives its length in code points; it is plain if there are no escapes.
func (a *acceptor) quoted() (length int, plain, ok bool) {
	plain = true
	for i := a.pos + 1; i < len(a.text); i++ {
		switch c := a.text[i]; {
		case c == '"':
			a.pos = i + 1
			return length, plain, true
		case c == '\\':
			plain = false
			size := escapeSize(a.text[i:])
			if size == 0 {
				return 0, false, a.broken()
			}
			i += size - 1
			length++
		case c < 0x20:
			return 0, false, a.broken()
		case c&0xC0 != 0x80:
			length++
		}
	}
	return 0, false, a.broken()
}

// escapeSize is the length of the escape (RFC 8259, 7) at the start of text, a pair of surrogates being one; 0 if it is none.
func escapeSize(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
	default:
		return 0
	}
	unit, ok := codeUnit(text)
	if !ok {
		return 0
	}
	if unit>>10 != 0xD800>>10 {
		return 6
	}
	if low, ok := codeUnit(text[6:]); ok && low>>10 == 0xDC00>>10 {
		return 12
	}
	return 6
}

// codeUnit reads the \uXXXX at the start of text.
func codeUnit(text []byte) (unit uint16, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | uint16(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit = unit<<4 | uint16(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// longestNumeral and longestExponent keep numbers within what [source.DecodeJSON] takes by default, in bytes.
const (
	longestNumeral  = 100
	longestExponent = 3
)

// numeral reads a number; whole tells that it has neither fraction nor exponent.
func (a *acceptor) numeral() (whole, ok bool) {
	text, i := a.text, a.pos
	if i < len(text) && text[i] == '-' {
		i++
	}
	first := i
	i = digits(text, i)
	if i == first || text[first] == '0' && i > first+1 {
		return false, a.broken()
	}
	whole = true
	if i < len(text) && text[i] == '.' {
		whole = false
		from := i + 1
		if i = digits(text, from); i == from {
			return false, a.broken()
		}
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		whole = false
		from := i + 1
		if from < len(text) && (text[from] == '+' || text[from] == '-') {
			from++
		}
		if i = digits(text, from); i == from || i > from+longestExponent {
			return false, a.broken()
		}
	}
	if i > a.pos+longestNumeral {
		return false, a.broken()
	}
	a.pos = i
	return whole, true
}

func digits(text []byte, i int) int {
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return i
}

func (a *acceptor) literal(word string) bool {
	if len(a.text)-a.pos < len(word) || string(a.text[a.pos:a.pos+len(word)]) != word {
		return a.broken()
	}
	a.pos += len(word)
	return true
}

// extent is where the value that comes next ends, if it is well formed; -1 if it has no end, or is nested deeper than limit.
func (a *acceptor) extent(limit int) int {
	depth := 0
	for i := a.pos; i < len(a.text); i++ {
		switch a.text[i] {
		case '{', '[':
			if depth++; depth > limit {
				return -1
			}
		case '}', ']':
			if depth--; depth < 0 {
				return i
			} else if depth == 0 {
				return i + 1
			}
		case '"':
			end := closingQuote(a.text, i+1)
			if end < 0 {
				return -1
			}
			i = end
			if depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	if depth > 0 {
		return -1
	}
	return len(a.text)
}

// closingQuote is the offset of the quote that ends the string whose text begins at i, -1 if there is none.
func closingQuote(text []byte, i int) int {
	for ; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// view reads bytes as a string without copying them, for callees that keep no part of it.
func view(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }
