package schema

import (
	"maps"
	"slices"
)

// compiled is what a check needs beside the exported fields.
type compiled struct {
	in          *resource
	byName      map[string]*Schema
	required    [3][]string // by Direction
	parents     []*Schema   // those whose discriminator leads here
	outer       *Schema     // the schema in whose allOf this one stands
	formatted   func(string) bool
	intBits     int    // 32 or 64 for the formats of integers that are asserted
	dynamicName string // the $dynamicAnchor that DynamicRef looks for in the dynamic scope
	nullWhole   bool   // null passes, whatever the other keywords say
	linked      bool   // complete, and perhaps in use
	loops       bool   // leads back to itself in place
	trivial     bool   // allows everything

	numbers, strings, arrays, objects, places, rest bool // has keywords of that kind
}

// link completes the schemas compiled since the last time, now that all they refer to is there.
func (c *Compiler) link() {
	for _, s := range c.fresh {
		for _, part := range s.AllOf {
			if !part.linked && part.outer == nil {
				part.outer = s
			}
		}
		if len(s.Properties) > 8 {
			s.byName = make(map[string]*Schema, len(s.Properties))
			for _, p := range s.Properties {
				s.byName[p.Name] = p.Schema
			}
		}
		s.classify()
	}
	seen := map[*Schema]mark{}
	for _, s := range c.fresh {
		s.demand()
		c.findLoops(s, seen)
	}
	for _, s := range c.fresh {
		s.linked = true
	}
	c.fresh = nil
}

// classify notes which families of keywords the schema has.
func (s *Schema) classify() {
	s.numbers = s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil ||
		s.MultipleOf != nil || s.intBits > 0
	s.strings = s.MinLength > 0 || s.MaxLength >= 0 || s.Pattern != nil || s.formatted != nil
	s.arrays = s.PrefixItems != nil || s.Items != nil || s.Contains != nil || s.MinItems > 0 || s.MaxItems >= 0 || s.UniqueItems
	s.rest = s.PatternProperties != nil || s.AdditionalProperties != nil || s.PropertyNames != nil
	s.objects = s.rest || s.Properties != nil || s.Required != nil || s.DependentRequired != nil ||
		s.MinProperties > 0 || s.MaxProperties >= 0
	s.places = s.Ref != nil || s.DynamicRef != nil || s.AllOf != nil || s.AnyOf != nil || s.OneOf != nil || s.Not != nil ||
		s.If != nil || s.DependentSchemas != nil || s.Discriminator != nil
	s.trivial = !s.Never && s.Types == 0 && !s.HasEnum && !s.HasConst && !s.numbers && !s.strings && !s.arrays && !s.objects &&
		!s.places && s.UnevaluatedItems == nil && s.UnevaluatedProperties == nil
}

// demand settles which properties are required in which direction: readOnly ones are not in requests, writeOnly ones not in
// responses (OpenAPI 3.0.3, Schema Object, readOnly).
func (s *Schema) demand() {
	if len(s.Required) == 0 {
		return
	}
	s.required[Both] = s.Required
	for _, d := range []Direction{Request, Response} {
		for i, name := range s.Required {
			hidden := s.hides(name, d, 0)
			for o, steps := s.outer, 0; o != nil && !hidden && steps < 4; o, steps = o.outer, steps+1 {
				hidden = o.hides(name, d, 0)
			}
			switch {
			case hidden && s.required[d] == nil:
				s.required[d] = append(make([]string, 0, len(s.Required)), s.Required[:i]...)
			case !hidden && s.required[d] != nil:
				s.required[d] = append(s.required[d], name)
			}
		}
		if s.required[d] == nil {
			s.required[d] = s.Required
		}
	}
}

// hideDepth is how many references and allOf a flag is looked for behind.
const hideDepth = 4

// hides tells whether a property of that name is hidden in a direction.
func (s *Schema) hides(name string, d Direction, depth int) bool {
	if p := s.Property(name); p != nil && p.hidden(d, 0) {
		return true
	}
	return s.anyPart(depth, func(part *Schema) bool { return part.hides(name, d, depth+1) })
}

// hidden tells whether a property with this schema is readOnly or writeOnly, whichever d minds.
func (s *Schema) hidden(d Direction, depth int) bool {
	if d == Request && s.ReadOnly || d == Response && s.WriteOnly {
		return true
	}
	return s.anyPart(depth, func(part *Schema) bool { return part.hidden(d, depth+1) })
}

// anyPart tells whether f holds for a schema that applies in any case.
func (s *Schema) anyPart(depth int, f func(*Schema) bool) bool {
	if depth >= hideDepth {
		return false
	}
	if s.Ref != nil && f(s.Ref) {
		return true
	}
	for _, part := range s.AllOf {
		if f(part) {
			return true
		}
	}
	return false
}

// mark is the state of a schema in the search for loops.
type mark uint8

const (
	unseen mark = iota
	open
	done
)

// findLoops finds references that lead back to where they started without going through a property or an item. A check takes
// such a schema as kept the second time that it meets it with the same value.
func (c *Compiler) findLoops(s *Schema, seen map[*Schema]mark) {
	if s.linked || seen[s] == done {
		return
	}
	seen[s] = open
	s.inPlace(func(keyword string, to *Schema) {
		if seen[to] == open {
			to.loops = true
			c.diagnose(s.Node, keyword, "%s leads back to the schema at %s without going through a property or an item, so it adds nothing", keyword, where(to.Node))
			return
		}
		c.findLoops(to, seen)
	})
	seen[s] = done
}

// inPlace calls f with each schema that applies to the same value as s.
func (s *Schema) inPlace(f func(keyword string, to *Schema)) {
	one := func(keyword string, to *Schema) {
		if to != nil {
			f(keyword, to)
		}
	}
	many := func(keyword string, list []*Schema) {
		for _, to := range list {
			f(keyword, to)
		}
	}
	one("$ref", s.Ref)
	many("allOf", s.AllOf)
	if !s.switches() {
		many("anyOf", s.AnyOf)
		many("oneOf", s.OneOf)
	}
	one("not", s.Not)
	one("if", s.If)
	one("then", s.Then)
	one("else", s.Else)
	for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
		f("dependentSchemas", s.DependentSchemas[name])
	}
}

// switches tells whether a discriminator chooses among oneOf or anyOf; then a branch may well extend s again.
func (s *Schema) switches() bool {
	return s.Discriminator != nil && !s.Discriminator.parent && len(s.Discriminator.Mapping) > 0
}
