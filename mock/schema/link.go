package schema

import (
	"maps"
	"slices"
)

// compiled is what a check needs beside the exported fields.
type compiled struct {
	in          *resource
	byName      map[string]int // index of Properties, where there are many
	listed      *listing       // Enum, where there is much of it
	required    [3][]string    // by Direction
	parents     []*Schema      // those whose discriminator leads here
	outer       *Schema        // the schema in whose allOf, anyOf, oneOf, then or else this one stands
	formatted   func(string) bool
	intBits     int     // 32 or 64 for the formats of integers that are asserted
	dynamicName string  // the $dynamicAnchor that DynamicRef looks for in the dynamic scope
	nullWhole   bool    // null passes, whatever the other keywords say
	linked      bool    // complete, and perhaps in use
	loops       bool    // leads back to itself in place
	trivial     bool    // allows everything
	scoped      bool    // stands in a resource that the dynamic scope must know
	kinds       TypeSet // that hold every value which may fit; 0 for any
	plan        scanPlan

	numbers, strings, arrays, objects, places, rest bool // has keywords of that kind
}

// link completes the schemas compiled since the last time, now that all they refer to is there.
func (c *Compiler) link() {
	for _, s := range c.fresh {
		s.surround()
		if len(s.Properties) > 8 {
			s.byName = make(map[string]int, len(s.Properties))
			for i, p := range s.Properties {
				s.byName[p.Name] = i
			}
		}
		s.listed = s.listEnum()
		s.classify()
	}
	for _, s := range c.fresh {
		c.ground(s)
	}
	seen := map[*Schema]mark{}
	typed := map[*Schema]bool{}
	for _, s := range c.fresh {
		s.demand()
		s.settleKinds(typed)
		c.findLoops(s, seen)
	}
	for _, s := range c.fresh {
		s.plan = s.planScan()
		s.linked = true
	}
	c.fresh = nil
}

// ground makes sure that the property which a discriminator goes by is one of the value in hand. Some documents name one of
// the object around it, which cannot tell anything.
func (c *Compiler) ground(s *Schema) {
	d := s.Discriminator
	if !s.switches() {
		return
	}
	c.unname(s)
	if !s.switches() || s.declares(d.PropertyName) {
		return
	}
	for _, branch := range d.Mapping {
		if branch.declares(d.PropertyName) || branch.chooses() {
			return
		}
	}
	c.warn(s.Node, "discriminator", "no alternative has the property %s that the discriminator goes by, so it is ignored", quote(d.PropertyName))
	d.Mapping, d.Values = nil, nil
}

// chooses tells whether a schema has alternatives, in which anything may stand.
func (s *Schema) chooses() bool {
	return slices.ContainsFunc(s.parts(), func(part *Schema) bool { return part.OneOf != nil || part.AnyOf != nil })
}

// declares tells whether a schema may say something about a property of that name.
func (s *Schema) declares(name string) bool {
	return slices.ContainsFunc(s.parts(), func(part *Schema) bool {
		open := part.AdditionalProperties != nil && !part.AdditionalProperties.Never || part.PatternProperties != nil
		return open || part.Property(name) != nil || slices.Contains(part.Required, name)
	})
}

// classify notes which families of keywords the schema has.
func (s *Schema) classify() {
	s.scoped = s.in != nil && len(s.in.dynamic) > 0
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

// surround tells the parts that apply to the same value, unless negated, where they stand.
func (s *Schema) surround() {
	for _, parts := range [][]*Schema{s.AllOf, s.AnyOf, s.OneOf, {s.Then, s.Else}} {
		for _, part := range parts {
			if part != nil && !part.linked && part.outer == nil {
				part.outer = s
			}
		}
	}
}

// demand settles which properties are required in which direction: readOnly ones are not in requests, writeOnly ones not in
// responses (OpenAPI 3.0.3, Schema Object, readOnly).
func (s *Schema) demand() {
	if len(s.Required) == 0 {
		return
	}
	s.required[Both] = s.Required
	around := s.parts()
	for o, steps := s.outer, 0; o != nil && steps < 4; o, steps = o.outer, steps+1 {
		around = append(around, o.parts()...)
	}
	for _, d := range []Direction{Request, Response} {
		s.required[d] = slices.DeleteFunc(slices.Clone(s.Required), func(name string) bool {
			return slices.ContainsFunc(around, func(part *Schema) bool {
				p := part.Property(name)
				return p != nil && p.hidden(d)
			})
		})
	}
}

// hidden tells whether a property with this schema is readOnly or writeOnly, whichever d minds.
func (s *Schema) hidden(d Direction) bool {
	return slices.ContainsFunc(s.parts(), func(part *Schema) bool {
		return d == Request && part.ReadOnly || d == Response && part.WriteOnly
	})
}

// mostParts bounds how many schemas are looked at for what they say together.
const mostParts = 64

// parts are s and the schemas that apply with it in any case, by $ref and allOf.
func (s *Schema) parts() []*Schema {
	parts := []*Schema{s}
	for i := 0; i < len(parts) && len(parts) < mostParts; i++ {
		if ref := parts[i].Ref; ref != nil && !slices.Contains(parts, ref) {
			parts = append(parts, ref)
		}
		for _, part := range parts[i].AllOf {
			if !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	return parts
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
	for _, to := range c.dynamicTargets(s) {
		if seen[to] == open {
			to.loops = true
			continue
		}
		c.findLoops(to, seen)
	}
	s.inPlace(func(keyword string, to *Schema) {
		if seen[to] == open {
			to.loops = true
			c.circle(s, keyword, to)
			return
		}
		c.findLoops(to, seen)
	})
	seen[s] = done
}

// circle notes that a keyword of s leads back to a schema that s is applied by. Where no other keyword is on the way, nobody can
// tell what the schemas ask for.
func (c *Compiler) circle(s *Schema, keyword string, to *Schema) {
	note := c.warn
	if to.leadsOnlyTo(s) {
		note = c.fault
	}
	note(s.Node, keyword, "%s leads back to the schema at %s without going through a property or an item, so it adds nothing", keyword, where(to.Node))
}

// leadsOnlyTo tells whether s, and all that it leads to until end, has no other keywords.
func (s *Schema) leadsOnlyTo(end *Schema) bool {
	for steps := 0; steps < mostParts && s != nil; steps++ {
		next := s.only()
		if s == end {
			return next != nil
		}
		s = next
	}
	return false
}

// only is the one schema that s consists of, or negates; nil if s has more keywords, or none.
func (s *Schema) only() *Schema {
	var found *Schema
	places := 0
	s.inPlace(func(_ string, to *Schema) { found, places = to, places+1 })
	if places != 1 || s.planScan().own || s.If != nil || s.DependentSchemas != nil {
		return nil
	}
	return found
}

// dynamicTargets are the schemas that $dynamicRef may lead to, in one dynamic scope or another.
func (c *Compiler) dynamicTargets(s *Schema) []*Schema {
	if s.DynamicRef == nil {
		return nil
	}
	targets := []*Schema{s.DynamicRef}
	if s.dynamicName == "" {
		return targets
	}
	for _, uri := range slices.Sorted(maps.Keys(c.resources)) {
		if to := c.resources[uri].dynamic[s.dynamicName]; to != nil && !slices.Contains(targets, to) {
			targets = append(targets, to)
		}
	}
	return targets
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
