package fake

import (
	"slices"

	"standin/mock/schema"
)

const (
	// deepest is how many containers may lie in one another.
	deepest = 120
	// richDepth is the depth up to which everything optional is made; beyond, less and less.
	richDepth = 4
	// richValues is the number of values up to which everything optional is made.
	richValues = 4_000
	// mostAttempts bounds the values made for one place until one is valid.
	mostAttempts = 60
	// mostMerges bounds the combinations of alternatives looked at for one place.
	mostMerges = 1_000
)

// node makes a value that keeps all of the schemas.
func (r *run) node(list []*schema.Schema, at *place) (any, *Unsatisfiable) {
	if r.values--; r.values < 0 {
		return nil, conflict(first(list), complexity, "the value would have more than %d parts, or none is found with so many tries",
			mostValues)
	}
	if at.depth > deepest {
		return nil, conflict(first(list), complexity, "the value would be more than %d levels deep", deepest)
	}
	s := search{run: r, list: list, at: at, attempts: mostAttempts, merges: mostMerges}
	if len(r.suspects) > 0 {
		if n := r.suspects[at.pointer()]; n > 0 {
			s.suspect = true
			s.at = at.again(uint64(n))
		}
	}
	sh, err := r.shape(list, at)
	if err == nil && r.generator.cost(list) >= endless && !circular(list) {
		err = conflict(first(list), "required", "a value would have to hold another of its kind, without end")
	}
	if err == nil {
		var v any
		if v, err = s.solve(sh); err == nil {
			return v, nil
		}
	}
	if v, ok := s.simplest(); ok {
		return v, nil
	}
	return nil, err
}

func first(list []*schema.Schema) *schema.Schema {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// search is the search for a value at one place.
type search struct {
	*run
	list     []*schema.Schema
	at       *place
	suspect  bool // a value made here was wrong
	attempts int
	merges   int
}

func (s *search) over() bool { return s.values < 0 || s.attempts <= 0 || s.merges <= 0 }

// solve settles the choices of a shape one after the other, then makes a value.
func (s *search) solve(sh *shape) (any, *Unsatisfiable) {
	if sh.fixed != nil {
		return s.listed(sh)
	}
	if len(sh.choices) == 0 {
		return s.try(sh)
	}
	c := sh.choices[0]
	rest := sh.clone()
	rest.choices = rest.choices[1:]
	var worst *Unsatisfiable
	options := s.order(c)
	for i, o := range options {
		if s.over() {
			break
		}
		v, err := s.option(rest, c, o, len(options)-i)
		if err == nil {
			return v, nil
		}
		if worst == nil || c.keyword != "oneOf" && err.beats(worst) {
			worst = err
		}
	}
	if worst == nil {
		worst = conflict(c.by, c.keyword, "no alternative of %s was found to fit", c.keyword)
	}
	return nil, worst.among(c)
}

// option tries one way to settle a choice, with its fair share of the tries left for it and the ways after it.
func (s *search) option(rest *shape, c *choice, o option, ways int) (any, *Unsatisfiable) {
	s.merges--
	next, err := s.with(rest, c.by, o.all(), s.at)
	if err != nil {
		return nil, err
	}
	if o.alone != nil {
		next.alone, next.proven = append(next.alone, o.alone), false
	}
	attempts, merges := s.attempts, s.merges
	s.attempts, s.merges = (attempts+ways-1)/ways, (merges+ways-1)/ways
	spareAttempts, spareMerges := attempts-s.attempts, merges-s.merges
	v, err := s.solve(next)
	s.attempts, s.merges = spareAttempts+s.attempts, spareMerges+s.merges
	return v, err
}

// among names the choice in a message, where there was one.
func (u *Unsatisfiable) among(c *choice) *Unsatisfiable {
	if len(c.options) < 2 || c.by.Node == nil || u.choice || u.broken || u.Keyword == complexity {
		return u
	}
	inner := *u
	inner.Message = "no alternative of " + c.keyword + " fits, the first because: " + u.Message
	inner.choice = true
	return &inner
}

// order is the sequence in which options are tried: another first one for each row of a list, the cheap ones first where the
// value is deep.
func (s *search) order(c *choice) []option {
	options := slices.Clone(c.options)
	n := len(options)
	if c.keyword == "not" {
		n = 0
	}
	for n > 0 && options[n-1].last {
		n--
	}
	if n > 1 {
		start := int(mix(s.at.listSeed(), s.at.try) % uint64(n))
		if s.at.index > 0 {
			start = (start + s.at.index) % n
		}
		if c.keyword == "oneOf" || options[0].alone != nil { // each is there twice
			start = 2 * start % n &^ 1
		}
		rest := options[n:]
		if options[0].alone != nil && len(rest) == n/2 {
			rest = slices.Concat(rest[start/2:], rest[:start/2])
		}
		options = slices.Concat(options[start:n], options[:start], rest)
	}
	if s.at.depth >= richDepth {
		slices.SortStableFunc(options, func(a, b option) int { return s.generator.cost(a.parts) - s.generator.cost(b.parts) })
	} else {
		slices.SortStableFunc(options, func(a, b option) int {
			return min(1, s.generator.cost(a.parts)/hopeless) - min(1, s.generator.cost(b.parts)/hopeless)
		})
	}
	return options
}

// listSeed is the same for all items of a list.
func (p *place) listSeed() uint64 {
	seed := mixText(7, p.name)
	for q := p; q != nil; q = q.up {
		if q.item {
			return mix(seed, q.up.seed)
		}
	}
	return mix(seed, p.seed)
}

// try makes a value to a shape without choices, and makes sure of it where that is needed.
func (s *search) try(sh *shape) (any, *Unsatisfiable) {
	var worst *Unsatisfiable
	for n := range 3 {
		if s.attempts--; s.over() && n > 0 {
			break
		}
		at := s.at
		if n > 0 {
			at = at.again(uint64(n))
			at.sparse = at.sparse || n == 2
		}
		v, err := s.make(sh, at)
		if err == nil && (s.suspect || !sh.proven) {
			err = s.verify(sh, v)
		}
		if err == nil {
			return v, nil
		}
		if err.beats(worst) {
			worst = err
		}
		if sh.proven && !s.suspect {
			break
		}
	}
	return nil, worst
}

func (s *search) verify(sh *shape, v any) *Unsatisfiable {
	if s.valid(s.list, v) {
		return s.fitOne(sh, v)
	}
	for _, part := range s.list {
		if part.Node == nil {
			continue
		}
		if vs := part.Check(v, schema.Options{Direction: s.direction, Budget: checkBudget, Most: 1}); len(vs) > 0 {
			return broken(vs[0])
		}
	}
	return conflict(first(s.list), "", "no valid value was found")
}

// fitOne makes sure that a value fits one alternative alone where that is asked for.
func (s *search) fitOne(sh *shape, v any) *Unsatisfiable {
	for _, branches := range sh.alone {
		fits := 0
		for i := range branches {
			if s.valid(branches[i:i+1], v) {
				fits++
			}
		}
		if fits != 1 {
			return conflict(first(branches), "oneOf", "what was made fits %d of the alternatives, not one", fits)
		}
	}
	return nil
}

// simplest looks for a plain value that is allowed, when all else failed.
func (s *search) simplest() (any, bool) {
	if len(s.list) == 0 || slices.ContainsFunc(s.list, func(part *schema.Schema) bool { return part.Node == nil || part.Never }) {
		return nil, false
	}
	for _, v := range []any{map[string]any{}, []any{}, "", number("0"), number("1"), true, false, nil} {
		if s.at.free(v) && s.valid(s.list, v) {
			return v, true
		}
	}
	return nil, false
}

// listed chooses among the values of enum or const.
func (s *search) listed(sh *shape) (any, *Unsatisfiable) {
	values := sh.fixed.Enum
	keyword := "enum"
	if sh.fixed.HasConst {
		values, keyword = []any{sh.fixed.Const}, "const"
	}
	if s.at.hasHint && s.allowed(sh, s.at.hint) {
		return s.at.hint, nil
	}
	if v, ok := s.placed(sh, values); ok {
		return v, nil
	}
	start := int(mix(s.at.listSeed(), s.at.try) % uint64(len(values)))
	if s.at.index > 0 {
		start += s.at.index
	}
	null := false
	for i := range min(len(values), 5000) {
		v := values[(start+i)%len(values)]
		if v == nil {
			null = s.allowed(sh, v)
		} else if s.allowed(sh, v) {
			return v, nil
		}
	}
	if null {
		return nil, nil
	}
	if len(values) == 1 {
		return nil, conflict(sh.fixed, keyword, "the only allowed value %s does not keep the other keywords", show(values[0]))
	}
	return nil, conflict(sh.fixed, keyword, "none of the values of %s keeps the other keywords", keyword)
}

// allowed tells whether a listed value keeps everything else.
func (s *search) allowed(sh *shape, v any) bool {
	return sh.types&kindOf(v) != 0 && s.at.free(v) && !contains(sh.except, v) && sh.keeps(v) &&
		s.valid(s.list, v) && s.valid(sh.parts, v)
}

// make makes a value of one of the types that a shape allows.
func (r *run) make(sh *shape, at *place) (any, *Unsatisfiable) {
	here := *at
	here.parts = sh.parts
	var worst *Unsatisfiable
	for _, kind := range r.kinds(sh, at) {
		v, err := r.ofKind(kind, sh, &here)
		if err == nil && contains(sh.except, v) {
			err = conflict(first(sh.parts), "not", "not refuses the only value found")
		}
		if err == nil && !at.free(v) {
			err = conflict(first(sh.parts), "uniqueItems", "no other value was found")
		}
		if err == nil {
			return v, nil
		}
		if err.beats(worst) {
			worst = err
		}
	}
	if worst == nil {
		worst = conflict(sh.typed, "type", "no type is left")
	}
	return nil, worst
}

func (r *run) ofKind(kind schema.TypeSet, sh *shape, at *place) (any, *Unsatisfiable) {
	switch kind {
	case schema.ObjectType:
		return r.object(sh, at)
	case schema.ArrayType:
		return r.array(sh, at)
	case schema.StringType:
		return r.string(sh, at)
	case schema.IntegerType:
		return r.number(sh, at, true)
	case schema.NumberType:
		return r.number(sh, at, false)
	case schema.BooleanType:
		return r.boolean(sh, at)
	}
	return nil, nil
}
