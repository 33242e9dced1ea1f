package schema

import "bytes"

// own applies the keywords of s itself.
func (a *acceptor) own(s *Schema) bool {
	if s.Never {
		return false
	}
	c := a.text[a.pos]
	if s.Types != 0 && !s.Types.allowsStart(c) {
		return false
	}
	switch c {
	case '"':
		return a.string(s)
	case '{':
		return a.object(s)
	case '[':
		return a.array(s)
	case 't':
		return a.literal("true") && s.fixes(true)
	case 'f':
		return a.literal("false") && s.fixes(false)
	case 'n':
		return a.literal("null") && s.fixes(nil)
	}
	return a.number(s)
}

// fixes tells whether enum and const allow a boolean or null.
func (s *Schema) fixes(v any) bool {
	return (!s.HasConst || s.Const == v) && (!s.HasEnum || s.lists(v))
}

func (a *acceptor) string(s *Schema) bool {
	start := a.pos + 1
	length, plain, ok := a.quoted()
	if !ok {
		return false
	}
	if length < s.MinLength || s.MaxLength >= 0 && length > s.MaxLength {
		return false
	}
	if !s.HasEnum && !s.HasConst && s.Pattern == nil && s.formatted == nil {
		return true
	}
	if !plain {
		a.rewind(start - 1)
		return a.decodedOwn(s)
	}
	return a.acceptsText(s, a.text[start:a.pos-1])
}

// acceptsText applies the keywords for strings but those of length.
func (a *acceptor) acceptsText(s *Schema, text []byte) bool {
	if s.HasConst {
		if word, isString := s.Const.(string); !isString || word != string(text) {
			return false
		}
	}
	if s.HasEnum && !s.listsWord(view(text)) {
		return false
	}
	if s.Pattern != nil {
		ok, err := s.Pattern.MatchBytes(text)
		if err != nil {
			return a.doubt()
		}
		if !ok {
			return false
		}
	}
	return s.formatted == nil || s.formatted(view(text))
}

func (a *acceptor) number(s *Schema) bool {
	start := a.pos
	whole, ok := a.numeral()
	if !ok {
		return false
	}
	fixed := s.HasEnum || s.HasConst
	integral := s.Types&IntegerType != 0 && s.Types&NumberType == 0
	if !fixed && !s.numbers && (!integral || whole) {
		return true
	}
	d, ok := parseDecimal(a.text[start:a.pos])
	if !ok {
		return a.doubt()
	}
	if integral && !d.isInteger() || s.numbers && !s.bounds(d) {
		return false
	}
	return (!s.HasConst || d.equals(s.Const)) && (!s.HasEnum || s.listsNumber(d))
}

// bounds applies the keywords for numbers.
func (s *Schema) bounds(d decimal) bool {
	switch {
	case s.Minimum != nil && d.cmp(s.Minimum.decimal) < 0,
		s.Maximum != nil && d.cmp(s.Maximum.decimal) > 0,
		s.ExclusiveMinimum != nil && d.cmp(s.ExclusiveMinimum.decimal) <= 0,
		s.ExclusiveMaximum != nil && d.cmp(s.ExclusiveMaximum.decimal) >= 0,
		s.MultipleOf != nil && !d.multipleOf(s.MultipleOf.decimal):
		return false
	}
	return s.intBits == 0 || d.fits(s.intBits)
}

func (a *acceptor) object(s *Schema) bool {
	start, noted, depth := a.pos, a.noted, a.depth
	if s.HasEnum || s.HasConst {
		return a.decodedOwn(s)
	}
	var seen bitset
	count, guess := 0, 0
	if !a.enter() {
		return false
	}
	for a.more(count == 0, '}') {
		from, to, plain := a.name()
		if !plain || a.noted == mostNames {
			a.noted, a.depth = noted, depth
			a.rewind(start)
			return a.decodedOwn(s)
		}
		if from < 0 {
			return false
		}
		count++
		of := s.AdditionalProperties
		if i := s.propertyIndex(view(a.text[from:to]), guess); i >= 0 {
			if seen.has(i) {
				return false
			}
			seen.set(i)
			guess, of = i+1, s.Properties[i].Schema
		} else if !a.note(noted, from, to) {
			return false
		}
		if of == nil && !a.skip() || of != nil && !a.value(of) {
			return false
		}
	}
	if !a.leave('}') || count < s.MinProperties || s.MaxProperties >= 0 && count > s.MaxProperties {
		return false
	}
	for _, name := range s.plan.others[a.direction] {
		if !a.isNoted(noted, name) {
			return false
		}
	}
	a.noted = noted
	return seen.covers(&s.plan.required[a.direction])
}

func (a *acceptor) array(s *Schema) bool {
	start, noted, depth := a.pos, a.noted, a.depth
	if s.HasEnum || s.HasConst {
		return a.decodedOwn(s)
	}
	count := 0
	if !a.enter() {
		return false
	}
	for a.more(count == 0, ']') {
		of := s.Items
		if count < len(s.PrefixItems) {
			of = s.PrefixItems[count]
		}
		a.space()
		from := a.pos
		if of == nil && !a.skip() || of != nil && !a.value(of) {
			return false
		}
		if s.UniqueItems {
			switch a.distinct(noted, from) {
			case refused:
				return false
			case unknown:
				a.noted, a.depth = noted, depth
				a.rewind(start)
				return a.decodedOwn(s)
			}
		}
		count++
	}
	a.noted = noted
	return a.leave(']') && count >= s.MinItems && (s.MaxItems < 0 || count <= s.MaxItems)
}

// distinct judges whether the scalar that has just been read differs from those before it.
func (a *acceptor) distinct(first, from int) verdict {
	text := a.text[from:a.pos]
	switch {
	case a.noted == mostNames, text[0] == '{', text[0] == '[', text[0] == '"' && bytes.IndexByte(text, '\\') >= 0:
		return unknown
	case text[0] == '"' || text[0] > '9':
		if a.note(first, from, a.pos) {
			return accepted
		}
		return refused
	}
	d, ok := parseDecimal(text)
	if !ok {
		return unknown
	}
	for _, other := range a.names[first:a.noted] {
		if o, isNumber := parseDecimal(a.text[other.from:other.to]); isNumber && d.equal(o) {
			return refused
		}
	}
	a.names[a.noted] = span{int32(from), int32(a.pos)}
	a.noted++
	return accepted
}
