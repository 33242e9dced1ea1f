// Package pattern matches ECMA-262 regular expressions in bounded time.
//
// JSON Schema's pattern is an unanchored search in Unicode mode. [Compile] reads a source as the standard has it with the
// flag u, else with the leniencies of Annex B, else with those forms of other dialects whose intention is clear (see
// [Pattern.Note]). What can be is matched by package regexp in linear time; only look-around within an expression, back
// references and very large counts are left to a backtracking engine, whose time and memory are bounded.
//
// One deviation is known: inside (?i:…) the assertion \b goes by the ASCII word characters, without U+017F and U+212A.
package pattern

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dlclark/regexp2/v2"
)

// ErrTooComplex tells that a match was given up because it took longer than a second or too much
// memory. It says nothing about the string.
var ErrTooComplex = errors.New("matching the pattern takes too long")

// Pattern is a compiled expression. It is immutable and safe for concurrent use.
type Pattern struct {
	source   string
	notes    []string
	standard bool
	root     *node

	any       []conjunction   // the pattern matches if one of these does
	backtrack *regexp2.Regexp // instead of any
}

// conjunction is terms of which all must hold.
type conjunction []term

type term struct {
	re  *linear
	neg bool // it must not match
}

// Compile reads an expression. The error says what is wrong and at which byte. Sources are limited to 64 KiB, nesting to
// 250 groups; counts are not.
func Compile(source string) (*Pattern, error) {
	root, parsed, err := parse(source)
	if err != nil {
		return nil, fmt.Errorf("not a regular expression: %w", err)
	}
	p := &Pattern{source: source, notes: parsed.notes, standard: !parsed.foreign, root: root}
	if p.any = linearize(root); p.any != nil {
		return p, nil
	}
	p.backtrack, err = newBacktrack(root)
	if err != nil {
		return nil, fmt.Errorf("not a regular expression we can match: %w", err)
	}
	return p, nil
}

// String is the source as it was given to Compile.
func (p *Pattern) String() string { return p.source }

// Note says what is odd about the source and how it was understood, for a diagnostic; "" when nothing is.
func (p *Pattern) Note() string { return strings.Join(p.notes, "; ") }

// Standard tells whether the source is ECMA-262 as it stands; Annex B only counts where it forgives a needless or missing
// backslash at punctuation.
func (p *Pattern) Standard() bool { return p.standard }

// Match tells whether the expression matches anywhere in s, which must be valid UTF-8. The error is [ErrTooComplex] when
// the budget was used up, else nil.
func (p *Pattern) Match(s string) (bool, error) {
	if p.backtrack != nil {
		ok, err := p.backtrack.MatchString(s)
		if err != nil {
			return false, ErrTooComplex
		}
		return ok, nil
	}
	for _, c := range p.any {
		if ok, err := c.match(s); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// MatchBytes is Match for bytes.
func (p *Pattern) MatchBytes(b []byte) (bool, error) {
	if p.backtrack != nil {
		return p.Match(string(b))
	}
	for _, c := range p.any {
		if ok, err := c.matchBytes(b); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (c conjunction) match(s string) (bool, error) {
	for _, t := range c {
		if ok, err := t.re.match(s); ok == t.neg || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (c conjunction) matchBytes(b []byte) (bool, error) {
	for _, t := range c {
		if ok, err := t.re.matchBytes(b); ok == t.neg || err != nil {
			return false, err
		}
	}
	return true, nil
}
