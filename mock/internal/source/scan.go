package source

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads the tokens of a JSON text (RFC 8259) that is known to be valid UTF-8.
type scanner struct {
	text  []byte
	pos   int
	depth int
	count int
	limit Limits
}

// syntaxError is an error at an offset; the caller knows the file.
type syntaxError struct {
	offset     int
	message    string
	tooComplex bool
}

func (e *syntaxError) Error() string { return e.message }

func (s *scanner) errorf(offset int, format string, args ...any) error {
	return &syntaxError{offset: offset, message: fmt.Sprintf(format, args...)}
}

func (s *scanner) tooComplex(offset int, format string, args ...any) error {
	return &syntaxError{offset: offset, message: fmt.Sprintf(format, args...), tooComplex: true}
}

func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return
		}
	}
}

// atEnd tells whether nothing but white space is left.
func (s *scanner) atEnd() bool {
	s.space()
	return s.pos >= len(s.text)
}

// peek skips white space and gives the next byte, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos >= len(s.text) {
		return 0
	}
	return s.text[s.pos]
}

// enter a container, whose opening bracket is next.
func (s *scanner) enter() error {
	s.pos++
	s.depth++
	if s.depth > s.limit.Depth {
		return s.tooComplex(s.pos-1, "nested deeper than %d levels", s.limit.Depth)
	}
	return nil
}

// more tells whether another element comes before the bracket that closes, reading the comma between elements.
func (s *scanner) more(first bool, closing byte) (bool, error) {
	switch c := s.peek(); {
	case c == closing:
		s.pos++
		s.depth--
		return false, nil
	case first:
		return true, nil
	case c == ',':
		s.pos++
		if s.peek() == closing {
			return false, s.errorf(s.pos, "a comma before %q", closing)
		}
		return true, nil
	}
	return false, s.unexpected(fmt.Sprintf("a comma or %q", closing))
}

func (s *scanner) unexpected(wanted string) error {
	if s.pos >= len(s.text) {
		return s.errorf(s.pos, "the text ends where %s should be", wanted)
	}
	r, _ := utf8.DecodeRune(s.text[s.pos:])
	return s.errorf(s.pos, "found %q where %s should be", r, wanted)
}

// name reads a member's name and the colon after it.
func (s *scanner) name() (string, error) {
	if s.peek() != '"' {
		return "", s.unexpected("a name in double quotes")
	}
	name, err := s.string()
	if err != nil {
		return "", err
	}
	if s.peek() != ':' {
		return "", s.unexpected("a colon")
	}
	s.pos++
	return name, nil
}

// string reads a string whose opening quote is next.
func (s *scanner) string() (string, error) {
	start := s.pos + 1
	for i := start; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.pos = i + 1
			return string(s.text[start:i]), nil
		case c == '\\':
			return s.escaped(start, i)
		case c < 0x20:
			return "", s.errorf(i, "a control character inside a string must be escaped")
		}
	}
	return "", s.errorf(start-1, "a string without its closing quote")
}

// escaped reads on from the first backslash, at i, of the string that begins at start.
func (s *scanner) escaped(start, i int) (string, error) {
	out := append(make([]byte, 0, i-start+32), s.text[start:i]...)
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == '"':
			s.pos = i + 1
			return string(out), nil
		case c < 0x20:
			return "", s.errorf(i, "a control character inside a string must be escaped")
		case c != '\\':
			out = append(out, c)
			i++
		default:
			r, size := unescape(s.text[i:])
			if size == 0 {
				return "", s.errorf(i, "a backslash that begins no escape of JSON")
			}
			out = utf8.AppendRune(out, r)
			i += size
		}
	}
	return "", s.errorf(start-1, "a string without its closing quote")
}

// unescape reads the escape at the start of text; size 0 means there is none. A lone surrogate becomes U+FFFD.
func unescape(text []byte) (r rune, size int) {
	if len(text) < 2 {
		return 0, 0
	}
	switch text[1] {
	case '"', '\\', '/':
		return rune(text[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	}
	first, ok := codeUnit(text)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	if second, ok := codeUnit(text[6:]); ok {
		if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func codeUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// literal reads null, true or false.
func (s *scanner) literal(word string) error {
	if len(s.text)-s.pos < len(word) || string(s.text[s.pos:s.pos+len(word)]) != word {
		return s.unexpected("a value")
	}
	s.pos += len(word)
	return nil
}

// number reads a number and gives its literal.
func (s *scanner) number() (string, error) {
	start := s.pos
	end := numberEnd(s.text[start:])
	if end == 0 {
		return "", s.unexpected("a value")
	}
	literal := string(s.text[start : start+end])
	s.pos = start + end
	if why := s.limit.checkNumber(literal); why != "" {
		return "", s.tooComplex(start, "%s", why)
	}
	return literal, nil
}

// checkNumber says why a literal is too large to compute with, "" if it is not.
func (l Limits) checkNumber(literal string) string {
	if len(literal) > l.Digits {
		return fmt.Sprintf("a number longer than %d digits", l.Digits)
	}
	for i := range len(literal) {
		if literal[i] != 'e' && literal[i] != 'E' {
			continue
		}
		if n, err := strconv.Atoi(literal[i+1:]); err != nil || n > l.Exponent || n < -l.Exponent {
			return fmt.Sprintf("the number %s has an exponent beyond ±%d", clip(literal), l.Exponent)
		}
	}
	return ""
}

func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	return s[:40] + "…"
}

// numberEnd is the length of the number (RFC 8259, 6) at the start of text, 0 if there is none.
func numberEnd(text []byte) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(text) && text[i] == '-' {
		i++
	}
	if i < len(text) && text[i] == '0' {
		i++
	} else if !digits() {
		return 0
	}
	if i < len(text) && text[i] == '.' {
		i++
		if !digits() {
			return 0
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}
