package fake

import (
	"unicode/utf8"

	"standin/mock/internal/format"
	"standin/mock/internal/pattern"
	"standin/mock/schema"
)

// longestText bounds a single string, in code points.
const longestText = 100_000

func (r *run) string(sh *shape, at *place) (any, *Unsatisfiable) {
	if sh.minLength > longestText {
		return nil, conflict(sh.minLengthBy, "minLength", "strings of %d characters are not made, %d is the most",
			sh.minLength, longestText)
	}
	w := words{run: r, shape: sh, at: at, dice: at.dice()}
	if s, ok := w.find(); ok {
		if r.text -= len(s); r.text < 0 {
			return nil, conflict(sh.minLengthBy, complexity, "the strings would have more than %d bytes together", mostText)
		}
		return s, nil
	}
	return nil, w.blame()
}

// words looks for a string at one place.
type words struct {
	*run
	shape *shape
	at    *place
	dice  *dice
	about namedWords // what the place is called, once name was asked
}

func (w *words) accepts(s string) bool { return w.shape.acceptsText(s) && w.at.free(s) }

// find tries what is likeliest to look right first: examples, the format, the name, the pattern, then any letters.
func (w *words) find() (string, bool) {
	sources := []func() (string, bool){w.exemplary, w.contents, w.formatted, w.named, w.patterned, w.padded, w.plain}
	for _, source := range sources {
		if s, ok := source(); ok {
			return s, true
		}
	}
	return "", false
}

// acceptsText tells whether a string keeps all that the shape says of strings. A format that is not known counts for nothing.
func (sh *shape) acceptsText(s string) bool {
	for _, name := range sh.formats {
		if check, known := format.Lookup(name); known && !check(s) {
			return false
		}
	}
	return sh.matchesText(s)
}

// matchesText is acceptsText without the formats, which some dialects do not assert.
func (sh *shape) matchesText(s string) bool {
	if n := utf8.RuneCountInString(s); n < sh.minLength || sh.maxLength >= 0 && n > sh.maxLength {
		return false
	}
	for _, p := range sh.patterned {
		if !matches(p.Pattern, s) {
			return false
		}
	}
	for _, p := range sh.unlike {
		if matches(p, s) {
			return false
		}
	}
	return !contains(sh.except, s)
}

func matches(p *pattern.Pattern, s string) bool {
	ok, err := p.Match(s)
	return ok && err == nil
}

// first gives the first of a few drawn strings that is accepted.
func (w *words) first(tries int, draw func() string) (string, bool) {
	for range tries {
		if s := draw(); w.accepts(s) {
			return s, true
		}
	}
	return "", false
}

// patterned draws from each pattern until one string keeps the others too.
func (w *words) patterned() (string, bool) {
	if len(w.shape.patterned) == 0 {
		return "", false
	}
	for try := range 40 {
		s := w.shape.patterned[try%len(w.shape.patterned)]
		text, ok := s.Pattern.Sample(w.dice.IntN, w.shape.minLength, w.shape.maxLength)
		if ok && w.accepts(text) {
			return text, true
		}
		if !ok && try >= len(w.shape.patterned) {
			break
		}
	}
	return "", false
}

// plain makes a string of letters of the least length, or other short ones.
func (w *words) plain() (string, bool) {
	most := w.shape.maxLength
	if most < 0 {
		most = w.shape.minLength + 24
	}
	return w.first(60, func() string {
		n := min(most, max(w.shape.minLength, 3+w.dice.IntN(8)))
		b := make([]byte, n)
		for i := range b {
			b[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[w.dice.IntN(36)]
		}
		return string(b)
	})
}

// blame says why no string was found.
func (w *words) blame() *Unsatisfiable {
	sh := w.shape
	switch n := len(sh.patterned); {
	case n > 0:
		more := ""
		if n > 1 {
			more = sprintf(" and %d more", n-1)
		}
		by := sh.patterned[0]
		return conflict(by, "pattern", "no string was found that matches the pattern %s%s%s", by.Pattern, more, sh.lengths())
	case len(sh.formats) > 0:
		by := sh.saying(func(s *schema.Schema) bool { return s.Format != "" })
		return conflict(by, "format", "no string was found that has the format %s%s", sh.formats[0], sh.lengths())
	}
	return conflict(first(sh.parts), "not", "no string was found%s", sh.lengths())
}

// lengths tells the bounds of the length, for messages.
func (sh *shape) lengths() string {
	switch {
	case sh.maxLength >= 0 && sh.minLength > 0:
		return sprintf(" and has %d to %d characters", sh.minLength, sh.maxLength)
	case sh.maxLength >= 0:
		return sprintf(" and has at most %d characters", sh.maxLength)
	case sh.minLength > 0:
		return sprintf(" and has at least %d characters", sh.minLength)
	}
	return ""
}

// saying is the first part of which something is true.
func (sh *shape) saying(f func(s *schema.Schema) bool) *schema.Schema {
	for _, s := range sh.parts {
		if f(s) {
			return s
		}
	}
	return nil
}
