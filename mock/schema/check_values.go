package schema

import (
	"encoding/json"
	"unicode/utf8"

	"standin/mock/internal/pattern"
)

func isObject(v any) bool { _, ok := v.(map[string]any); return ok }

func isArray(v any) bool { _, ok := v.([]any); return ok }

// holds tells whether v is of one of the types; t is not empty.
func (t TypeSet) holds(v any) bool {
	switch v := v.(type) {
	case nil:
		return t&NullType != 0
	case bool:
		return t&BooleanType != 0
	case string:
		return t&StringType != 0
	case json.Number:
		if t&NumberType != 0 {
			return true
		}
		if t&IntegerType == 0 {
			return false
		}
		d, ok := parseDecimal(string(v))
		return ok && d.isInteger()
	case []any:
		return t&ArrayType != 0
	case map[string]any:
		return t&ObjectType != 0
	}
	return false
}

// value applies the keywords that mind the type of the value.
func (e *eval) value(s *Schema, v any, ev *evaluated) bool {
	switch v := v.(type) {
	case string:
		return !s.strings || e.string(s, v)
	case json.Number:
		return !s.numbers || e.number(s, v)
	case []any:
		return !s.arrays || e.array(s, v, ev)
	case map[string]any:
		return !s.objects || e.object(s, v, ev)
	}
	return true
}

// fixed applies enum and const.
func (e *eval) fixed(s *Schema, v any) bool {
	if s.HasConst && !Equal(s.Const, v) {
		return e.gather && e.report(s, "const", "must be %s, is %s", show(s.Const), show(v))
	}
	if s.HasEnum && !s.lists(v) {
		return e.gather && e.report(s, "enum", "%s is not one of %s", show(v), choice(s.Enum))
	}
	return true
}

func (e *eval) string(s *Schema, v string) bool {
	ok := true
	if s.MinLength > 0 || s.MaxLength >= 0 {
		if n := utf8.RuneCountInString(v); n < s.MinLength {
			ok = e.gather && e.report(s, "minLength", "must be at least %s long, is %d", count(s.MinLength, "character"), n)
		} else if s.MaxLength >= 0 && n > s.MaxLength {
			ok = e.gather && e.report(s, "maxLength", "must be at most %s long, is %d", count(s.MaxLength, "character"), n)
		}
	}
	if s.Pattern != nil && (ok || e.gather) && !e.matches(s, s.Pattern, v) && !e.exhausted {
		ok = e.gather && e.report(s, "pattern", "%s does not match the pattern %s", show(v), clip(s.Pattern.String(), 120))
	}
	if s.formatted != nil && (ok || e.gather) && !s.formatted(v) {
		ok = e.gather && e.report(s, "format", "%s is not %s", show(v), formatName(s.Format))
	}
	return ok && !e.exhausted
}

// matches tells whether a string matches a pattern. Where that cannot be told in time, the check ends.
func (e *eval) matches(s *Schema, p *pattern.Pattern, v string) bool {
	ok, err := p.Match(v)
	if err != nil {
		e.exhausted, e.slow = true, s
	}
	return ok
}

func (e *eval) number(s *Schema, v json.Number) bool {
	d, ok := parseDecimal(string(v))
	if !ok {
		return e.gather && e.report(s, "type", "is not a number")
	}
	if m := s.Minimum; m != nil && d.cmp(m.decimal) < 0 {
		ok = e.gather && e.report(s, "minimum", "must be at least %s, is %s", m, clip(string(v), 60))
	}
	if m := s.ExclusiveMinimum; m != nil && d.cmp(m.decimal) <= 0 {
		ok = e.gather && e.report(s, "exclusiveMinimum", "must be greater than %s, is %s", m, clip(string(v), 60))
	}
	if m := s.Maximum; m != nil && d.cmp(m.decimal) > 0 {
		ok = e.gather && e.report(s, "maximum", "must be at most %s, is %s", m, clip(string(v), 60))
	}
	if m := s.ExclusiveMaximum; m != nil && d.cmp(m.decimal) >= 0 {
		ok = e.gather && e.report(s, "exclusiveMaximum", "must be less than %s, is %s", m, clip(string(v), 60))
	}
	if m := s.MultipleOf; m != nil && !d.multipleOf(m.decimal) {
		ok = e.gather && e.report(s, "multipleOf", "must be a multiple of %s, is %s", m, clip(string(v), 60))
	}
	if s.intBits > 0 && !d.fits(s.intBits) {
		ok = e.gather && e.report(s, "format", "must fit in %d bits (%s), is %s", s.intBits, s.Format, clip(string(v), 60))
	}
	return ok
}

// fits tells whether a number fits in a signed integer of so many bits; one with a fraction is none of its business.
func (d decimal) fits(bits int) bool {
	if !d.isInteger() {
		return true
	}
	limit := decimal{small: true, mant: 1 << (bits - 1)}
	if d.neg {
		return d.isZero() || d.cmpAbs(limit) <= 0
	}
	return d.isZero() || d.cmpAbs(limit) < 0
}
