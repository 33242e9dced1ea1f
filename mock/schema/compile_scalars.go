package schema

import (
	"standin/mock/internal/pattern"
	"standin/mock/internal/source"
)

// numeric compiles the keywords for numbers (2020-12 validation, 6.2).
func (b *building) numeric(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "minimum":
		s.Minimum = b.number(m)
	case "maximum":
		s.Maximum = b.number(m)
	case "exclusiveMinimum":
		s.ExclusiveMinimum = b.exclusive(m, &b.excludeMinimum)
	case "exclusiveMaximum":
		s.ExclusiveMaximum = b.exclusive(m, &b.excludeMaximum)
	case "multipleOf":
		if s.MultipleOf = b.number(m); s.MultipleOf != nil && s.MultipleOf.sign() <= 0 {
			b.fault(b.n, m.Name, "multipleOf must be greater than 0, not %s; it is ignored", s.MultipleOf)
			s.MultipleOf = nil
		}
	default:
		return false
	}
	return true
}

// number is the value of a keyword that holds a number; one written as a string counts, and is noted.
func (b *building) number(m source.Member) *Number {
	if !m.Value.Is(source.Number) && !m.Value.Is(source.String) {
		b.wrong(m, "a number")
		return nil
	}
	n, err := ParseNumber(m.Value.Text())
	switch {
	case err != nil:
		b.wrong(m, "a number")
		return nil
	case m.Value.Is(source.String):
		b.warn(b.n, m.Name, "%s must be a number, not a string; it is taken as %s", m.Name, n)
	}
	return n
}

// exclusive is a bound of its own since JSON Schema draft 6; before, and so in OpenAPI 3.0 and 2.0, a boolean that bends
// the inclusive bound.
func (b *building) exclusive(m source.Member, flag *bool) *Number {
	if !m.Value.Is(source.Bool) {
		return b.number(m)
	}
	if b.dialect < OpenAPI30 {
		b.fault(b.n, m.Name, "%s must be a number since OpenAPI 3.1, not %s; it is ignored", m.Name, article(m.Value))
		return nil
	}
	*flag = m.Value.True()
	return nil
}

// foldExclusive turns an inclusive bound into an exclusive one where 3.0's boolean says so.
func (b *building) foldExclusive(keyword string, inclusive, exclusive **Number, flag bool) {
	if !flag {
		return
	}
	if *inclusive == nil {
		b.warn(b.n, keyword, "an exclusive bound without %s has no effect", keyword)
		return
	}
	*exclusive, *inclusive = *inclusive, nil
}

// count is the value of a keyword that holds a size; 2.0 is 2.
func (b *building) count(m source.Member, otherwise int) int {
	n := b.number(m)
	if n == nil {
		return otherwise
	}
	size, ok := n.count()
	if !ok {
		b.wrong(m, "a whole number that is not negative")
		return otherwise
	}
	return size
}

// text compiles the keywords for strings (2020-12 validation, 6.3 and 8).
func (b *building) text(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "minLength":
		s.MinLength = b.count(m, 0)
	case "maxLength":
		s.MaxLength = b.count(m, -1)
	case "pattern":
		s.Pattern = b.pattern(m, m.Value)
	case "contentEncoding":
		s.ContentEncoding = m.Value.StringOr("")
	case "contentMediaType":
		s.ContentMediaType = m.Value.StringOr("")
	case "contentSchema":
		s.ContentSchema = b.sub(m)
	default:
		return false
	}
	return true
}

// pattern is the regular expression at v, nil if it cannot be used.
func (b *building) pattern(m source.Member, v *Node) *pattern.Pattern {
	if !v.Is(source.String) {
		b.wrong(source.Member{Name: m.Name, Value: v}, "a regular expression")
		return nil
	}
	return b.expression(m.Name, v.Text())
}

func (b *building) expression(keyword, text string) *pattern.Pattern {
	p, err := pattern.Compile(text)
	if err != nil {
		b.fault(b.n, keyword, "the pattern %s cannot be used: %v; it is ignored", quote(text), err)
		return nil
	}
	if note := p.Note(); note != "" {
		b.warn(b.n, keyword, "the pattern %s: %s", quote(text), note)
	}
	return p
}
