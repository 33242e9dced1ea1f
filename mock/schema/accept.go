package schema

import (
	"bytes"
	"unicode/utf8"

	"standin/mock/internal/source"
)

const (
	// longestAccepted is the largest text that Accept looks at, in bytes. Larger ones are worth decoding.
	longestAccepted = 4 << 20
	// deepestAccepted is the nesting that [source.DecodeJSON] allows.
	deepestAccepted = 256
	// Accept gives up after so many steps, and so many more for each byte of the text: a step is a schema applied, or a byte
	// read again.
	acceptSteps, acceptStepsPerByte = 100_000, 32
	// mostNested is how many schemas may be applied inside one another.
	mostNested = 2_000
)

// Accept tells in one pass over a JSON text that it is surely valid: well formed (RFC 8259), in UTF-8 with or without a byte
// order mark, without duplicate names, and keeping the schema. False means "do not know": decode the text and Check the value
// to learn more. Nothing is allocated for ordinary texts and schemas; parts are decoded for not, if, dependentSchemas,
// contains, patternProperties, propertyNames, dependentRequired, unevaluated*, and where names or texts that a schema minds
// are written with escapes.
func (s *Schema) Accept(text []byte, d Direction) bool {
	if len(text) > longestAccepted || !utf8.Valid(text) {
		return false
	}
	a := acceptor{text: bytes.TrimPrefix(text, byteOrderMark()), direction: d, left: acceptSteps + acceptStepsPerByte*len(text)}
	if !a.value(s) {
		return false
	}
	a.space()
	return a.pos == len(a.text)
}

func byteOrderMark() []byte { return []byte("\xef\xbb\xbf") }

// acceptor reads a JSON text that is valid UTF-8. Its methods stand at the start of what they read and move past it. They are
// false where the text breaks the schema, and where that is not known, in which case they set unsure. After false, the place is
// void. Where the text is malformed, all that follows is unsure.
type acceptor struct {
	text      []byte
	direction Direction
	left      int // steps
	unsure    bool
	cursor

	scope [8]*resource     // the dynamic scope, each resource once
	guard [mostGuards]held // what must not be done again to the same value
	names [mostNames]span  // names and items that must not come again, of the containers around
}

// cursor is where an acceptor stands.
type cursor struct {
	pos   int
	depth int // of containers
	nest  int // of schemas

	scopes, guards, noted int // used of scope, guard and names
}

const mostGuards = 32

// held is what is being done to the value at pos.
type held struct {
	guard
	pos int
}

// doubt is false, and tells that the text may be valid all the same.
func (a *acceptor) doubt() bool {
	a.unsure = true
	return false
}

// broken is false, and gives up: the text is malformed or nested too deep, so no alternative is worth a look.
func (a *acceptor) broken() bool {
	a.left = -1
	return a.doubt()
}

// rewind goes back to read a part of the text again.
func (a *acceptor) rewind(pos int) {
	a.left -= a.pos - pos
	a.pos = pos
}

// value applies a schema to the value that comes next.
func (a *acceptor) value(s *Schema) bool {
	a.space()
	if a.pos >= len(a.text) {
		return a.broken()
	}
	if a.left--; a.left < 0 || a.nest >= mostNested {
		return a.doubt()
	}
	switch {
	case s.trivial:
		return a.any()
	case s.plan.simple:
		return a.own(s)
	case s.nullWhole && a.text[a.pos] == 'n':
		return a.literal("null")
	case !s.plan.native:
		return a.decoded(s)
	}
	before := a.cursor
	if !a.enterSchema(s) {
		return false
	}
	a.nest++
	if s.loops && a.held(guard{schema: s}, before.guards) {
		if !a.any() {
			return false
		}
	} else if !a.parts(s) {
		return false
	}
	a.nest, a.scopes, a.guards = before.nest, before.scopes, before.guards
	return true
}

// enterSchema does what [eval.enter] does: the dynamic scope, and guards against going in circles.
func (a *acceptor) enterSchema(s *Schema) bool {
	if s.scoped && !a.inScope(s.in) {
		if a.scopes == len(a.scope) {
			return a.doubt()
		}
		a.scope[a.scopes] = s.in
		a.scopes++
	}
	if s.loops && !a.hold(guard{schema: s}) {
		return false
	}
	for _, parent := range s.parents {
		if !a.hold(guard{parent, true}) {
			return false
		}
	}
	return true
}

func (a *acceptor) inScope(r *resource) bool {
	for _, known := range a.scope[:a.scopes] {
		if known == r {
			return true
		}
	}
	return false
}

// hold keeps something from being done again to the value that comes next.
func (a *acceptor) hold(g guard) bool {
	if a.guards == len(a.guard) {
		return a.doubt()
	}
	a.guard[a.guards] = held{g, a.pos}
	a.guards++
	return true
}

// held tells whether that is being done to the value that comes next, by one of the first n guards.
func (a *acceptor) held(g guard, n int) bool {
	for i := n - 1; i >= 0; i-- {
		if a.guard[i] == (held{g, a.pos}) {
			return true
		}
	}
	return false
}

// parts applies the schemas that s applies in place, each to the same text, then its own keywords.
func (a *acceptor) parts(s *Schema) bool {
	start := a.pos
	if s.Ref != nil && !a.value(s.Ref) {
		return false
	}
	if s.DynamicRef != nil && !a.part(dynamic(s, a.scope[:a.scopes]), start) {
		return false
	}
	for _, part := range s.AllOf {
		if !part.trivial && !a.part(part, start) {
			return false
		}
	}
	if s.AnyOf != nil || s.OneOf != nil || s.Discriminator != nil {
		a.rewind(start)
		if !a.alternatives(s) {
			return false
		}
	}
	if a.pos > start && !s.plan.own {
		return true
	}
	a.rewind(start)
	return a.own(s)
}

func (a *acceptor) part(s *Schema, start int) bool {
	a.rewind(start)
	return a.value(s)
}

// alternatives is [eval.alternatives] on the text.
func (a *acceptor) alternatives(s *Schema) bool {
	if s.Discriminator == nil || len(s.Discriminator.Mapping) == 0 {
		return a.choices(s)
	}
	if a.held(guard{s, true}, a.guards) {
		return a.any()
	}
	if !a.hold(guard{s, true}) {
		return false
	}
	ok := false
	if a.text[a.pos] == '{' {
		ok = a.discriminated(s)
	} else {
		ok = a.choices(s)
	}
	a.guards--
	return ok
}

func (a *acceptor) choices(s *Schema) bool {
	start := a.pos
	if s.AnyOf != nil && !a.anyOf(s) {
		return false
	}
	if s.OneOf != nil {
		a.rewind(start)
		return a.oneOf(s)
	}
	return a.pos > start || a.any()
}

// anyOf is kept if one alternative accepts.
func (a *acceptor) anyOf(s *Schema) bool {
	unsure := false
	for _, branch := range s.AnyOf {
		switch a.try(branch) {
		case accepted:
			return true
		case unknown:
			unsure = true
		}
	}
	return unsure && a.doubt()
}

// oneOf is kept if one alternative accepts and all others surely refuse.
func (a *acceptor) oneOf(s *Schema) bool {
	start, end := a.pos, -1
	for _, branch := range s.OneOf {
		switch a.try(branch) {
		case unknown:
			return a.doubt()
		case accepted:
			if end >= 0 {
				return false
			}
			end = a.pos
			a.rewind(start)
		}
	}
	a.pos = max(end, start)
	return end >= 0
}

// verdict is what came of a try.
type verdict uint8

const (
	unknown verdict = iota
	accepted
	refused
)

// try applies an alternative; unless it accepts, the place stays what it was. What the alternative does not know by itself is
// decided by decoding.
func (a *acceptor) try(s *Schema) verdict {
	if s.kinds != 0 && !s.kinds.allowsStart(a.text[a.pos]) {
		return refused
	}
	v := a.attempt(s, (*acceptor).value)
	if v == unknown {
		v = a.attempt(s, (*acceptor).decoded)
	}
	return v
}

func (a *acceptor) attempt(s *Schema, apply func(*acceptor, *Schema) bool) verdict {
	before, unsure := a.cursor, a.unsure
	a.unsure = false
	v := refused
	switch {
	case apply(a, s):
		v = accepted
	case a.unsure:
		v = unknown
	}
	if v != accepted {
		a.left -= max(a.pos-before.pos, 0)
		a.cursor = before
	}
	a.unsure = unsure
	return v
}

// discriminated is [eval.discriminated] on the text.
func (a *acceptor) discriminated(s *Schema) bool {
	d, start := s.Discriminator, a.pos
	name, has, ok := a.kind(d.PropertyName)
	if !ok {
		return false
	}
	a.rewind(start)
	to := d.Mapping[string(name)]
	switch {
	case d.parent && (!has || to == nil || a.direction == Request), has && to == s:
		return a.any()
	case has && to != nil:
		return a.value(to)
	}
	return a.choices(s)
}

// kind finds the text of a property of the object that comes next; it is empty for a value that is no string.
func (a *acceptor) kind(property string) (text []byte, has, ok bool) {
	if !a.enter() {
		return nil, false, false
	}
	for first := true; a.more(first, '}'); first = false {
		from, to, plain := a.name()
		if !plain {
			return nil, false, a.doubt()
		}
		if from < 0 {
			return nil, false, false
		}
		a.space()
		at := a.pos
		if string(a.text[from:to]) != property {
			if !a.skip() {
				return nil, false, false
			}
			continue
		}
		a.depth--
		if at >= len(a.text) || a.text[at] != '"' {
			return nil, true, true
		}
		if _, plain, ok = a.quoted(); !ok || !plain {
			return nil, true, ok && a.doubt()
		}
		return a.text[at+1 : a.pos-1], true, true
	}
	return nil, false, a.leave('}')
}

// decoded decodes the value that comes next, for keywords that need the whole of it.
func (a *acceptor) decoded(s *Schema) bool {
	return a.judged(func(e *eval, v any) bool { return e.check(s, v, nil) })
}

// decodedOwn does so for the keywords of s itself.
func (a *acceptor) decodedOwn(s *Schema) bool {
	return a.judged(func(e *eval, v any) bool { return e.assertions(s, v, nil) })
}

// decodedAny does so where nothing but a well-formed value is asked for.
func (a *acceptor) decodedAny() bool {
	return a.judged(func(*eval, any) bool { return true })
}

func (a *acceptor) judged(judge func(*eval, any) bool) bool {
	depth := deepestAccepted - a.depth
	if a.left < 0 || depth <= 0 {
		return a.doubt()
	}
	end := a.extent(depth)
	if end < 0 {
		return a.broken()
	}
	v, err := source.DecodeJSON(a.text[a.pos:end], source.Limits{Depth: depth})
	if err != nil {
		return a.broken()
	}
	e := eval{direction: a.direction, left: a.left, remember: a.left - remembering}
	e.scope = append(e.scope, a.scope[:a.scopes]...)
	for _, g := range a.guard[:a.guards] {
		if g.pos == a.pos {
			e.guards = append(e.guards, g.guard)
		}
	}
	ok := judge(&e, v)
	a.left = e.left - 4*(end-a.pos)
	a.pos = end
	if e.exhausted {
		return a.doubt()
	}
	return ok
}
