package schema

import (
	"maps"
	"slices"
)

// inPlace applies the keywords that apply other schemas to the same value.
func (e *eval) inPlace(s *Schema, v any, ev *evaluated) bool {
	ok := true
	if s.Ref != nil {
		ok = e.check(s.Ref, v, ev)
	}
	if s.DynamicRef != nil && (ok || e.gather) {
		ok = e.check(dynamic(s, e.scope), v, ev) && ok
	}
	for _, part := range s.AllOf {
		if !ok && !e.gather {
			return false
		}
		ok = e.check(part, v, ev) && ok
	}
	if ok || e.gather {
		ok = e.alternatives(s, v, ev) && ok
	}
	if s.Not != nil && (ok || e.gather) && e.quietly(s.Not, v, ev.fork()) {
		ok = e.gather && e.report(s, "not", "must not be %s", called(s.Not))
	}
	if s.If != nil && (ok || e.gather) {
		ok = e.conditional(s, v, ev) && ok
	}
	if s.DependentSchemas != nil && (ok || e.gather) {
		ok = e.dependentSchemas(s, v, ev) && ok
	}
	return ok && !e.exhausted
}

// dynamic is where $dynamicRef leads: to the outermost resource of the dynamic scope that has the anchor.
func dynamic(s *Schema, scope []*resource) *Schema {
	if s.dynamicName == "" {
		return s.DynamicRef
	}
	for _, r := range scope {
		if to := r.dynamic[s.dynamicName]; to != nil {
			return to
		}
	}
	return s.DynamicRef
}

func (e *eval) conditional(s *Schema, v any, ev *evaluated) bool {
	taken := ev.fork()
	then := s.Else
	if e.quietly(s.If, v, taken) {
		ev.add(taken)
		then = s.Then
	}
	return then == nil || e.check(then, v, ev)
}

func (e *eval) dependentSchemas(s *Schema, v any, ev *evaluated) bool {
	members, isObject := v.(map[string]any)
	if !isObject {
		return true
	}
	if !e.gather {
		for name, dependent := range s.DependentSchemas {
			if _, has := members[name]; has && !e.check(dependent, v, ev) {
				return false
			}
		}
		return true
	}
	ok := true
	for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
		if _, has := members[name]; has {
			ok = e.check(s.DependentSchemas[name], v, ev) && ok
		}
	}
	return ok
}

// alternatives applies anyOf and oneOf, or what a discriminator chooses instead. A branch that extends s may come back to it.
func (e *eval) alternatives(s *Schema, v any, ev *evaluated) bool {
	if s.Discriminator == nil || len(s.Discriminator.Mapping) == 0 {
		return e.choices(s, v, ev)
	}
	if e.guarded(guard{s, true}) {
		return true
	}
	guards := len(e.guards)
	e.guards = append(e.guards, guard{s, true})
	ok := false
	if members, isObject := v.(map[string]any); isObject {
		ok = e.discriminated(s, members, ev)
	} else {
		ok = e.choices(s, v, ev)
	}
	e.guards = e.guards[:guards]
	return ok
}

func (e *eval) choices(s *Schema, v any, ev *evaluated) bool {
	ok := true
	if s.AnyOf != nil {
		ok = e.anyOf(s, v, ev)
	}
	if s.OneOf != nil && (ok || e.gather) {
		ok = e.oneOf(s, v, ev) && ok
	}
	return ok
}

func (e *eval) anyOf(s *Schema, v any, ev *evaluated) bool {
	found := false
	for _, branch := range s.AnyOf {
		taken := ev.fork()
		if e.quietly(branch, v, taken) {
			found = true
			ev.add(taken)
			if ev == nil {
				return true
			}
		}
	}
	return found || e.gather && e.nearest(s, "anyOf", s.AnyOf, v)
}

func (e *eval) oneOf(s *Schema, v any, ev *evaluated) bool {
	first := -1
	for i, branch := range s.OneOf {
		taken := ev.fork()
		if !e.quietly(branch, v, taken) {
			continue
		}
		if first >= 0 {
			return e.gather && e.report(s, "oneOf", "fits both %s and %s of the alternatives, but must fit exactly one",
				alternative(s.OneOf, first), alternative(s.OneOf, i))
		}
		first = i
		ev.add(taken)
	}
	return first >= 0 || e.gather && e.nearest(s, "oneOf", s.OneOf, v)
}

// discriminated applies the schema that the value of the discriminating property chooses (OpenAPI 3.1, Discriminator Object).
// Where that property is missing or chooses none, any of the alternatives may fit, since the discriminator then has nothing to
// say and must not change the outcome. A schema with children is whole without them: a value which chooses none of those is judged
// by the schema alone, and so is a request, whatever it chooses, but in strict handling (OpenAPI 3.1.1, 4.8.25.4: there is no search
// for children).
func (e *eval) discriminated(s *Schema, members map[string]any, ev *evaluated) bool {
	d := s.Discriminator
	v, has := members[d.PropertyName]
	name, _ := v.(string)
	to := d.Mapping[name]
	switch {
	case d.parent && (!has || to == nil || e.direction == Request && !e.strict), has && to == s:
		return true
	case !has, to == nil && !d.open:
		return e.undecided(s, members, ev)
	case to == nil:
		return e.choices(s, members, ev)
	case !e.gather:
		return e.check(to, members, ev)
	}
	return e.as(naming(to, quote(name)), to, members, ev)
}

// undecided judges a value whose discriminating property is missing or chooses none. If no alternative fits, that is why.
func (e *eval) undecided(s *Schema, members map[string]any, ev *evaluated) bool {
	gather := e.gather
	e.gather = false
	ok := e.choices(s, members, ev)
	e.gather = gather
	if ok || !e.gather {
		return ok
	}
	d := s.Discriminator
	v, has := members[d.PropertyName]
	if !has {
		return e.reportProperty(s, "discriminator", d.PropertyName, "the property %s is missing, which tells the kinds apart; it is one of %s",
			quote(d.PropertyName), words(d.Values))
	}
	e.path = append(e.path, token{name: d.PropertyName, index: -1})
	e.report(s, "discriminator", "%s is not one of %s, which tell the kinds apart", show(v), words(d.Values))
	e.path = e.path[:len(e.path)-1]
	return false
}

// as applies one alternative, whose name the messages then mention.
func (e *eval) as(label string, s *Schema, v any, ev *evaluated) bool {
	outer := e.label
	e.label = label
	ok := e.check(s, v, ev)
	e.label = outer
	return ok
}
