package param

import (
	"encoding/json"
	"maps"
	"slices"

	"standin/mock/internal/pattern"
	"standin/mock/schema"
)

// allTypes is every type; scalarTypes are those that one text can be.
const (
	scalarTypes = schema.NullType | schema.BooleanType | schema.IntegerType | schema.NumberType | schema.StringType
	allTypes    = scalarTypes | schema.ArrayType | schema.ObjectType
)

// view is what the document says about one value: the schemas that hold together, and the choices that are still open.
type view struct {
	// roots must all accept the value.
	roots []*schema.Schema
	// plain are the roots and whatever they refer to or contain by allOf.
	plain []*schema.Schema
	open  []choice
}

// choice is one anyOf, oneOf, if, discriminator or dependentSchemas.
type choice struct {
	branches []*schema.Schema // nil: a branch that adds nothing
	// must tells that a value has to fit one of the branches (anyOf, oneOf).
	must bool
}

func viewOf(roots ...*schema.Schema) view {
	var v view
	for _, s := range roots {
		if s != nil {
			v.roots = append(v.roots, s)
			v.flatten(s)
		}
	}
	return v
}

// flatten adds s and what holds beside it in place.
func (v *view) flatten(s *schema.Schema) {
	if s == nil || slices.Contains(v.plain, s) {
		return
	}
	v.plain = append(v.plain, s)
	v.flatten(s.Ref)
	v.flatten(s.DynamicRef)
	for _, part := range s.AllOf {
		v.flatten(part)
	}
	if len(s.AnyOf) > 0 {
		v.open = append(v.open, choice{s.AnyOf, true})
	}
	if len(s.OneOf) > 0 {
		v.open = append(v.open, choice{s.OneOf, true})
	}
	if d := s.Discriminator; d != nil && len(s.AnyOf)+len(s.OneOf) == 0 && len(d.Values) > 0 {
		var heirs []*schema.Schema
		for _, value := range d.Values {
			heirs = append(heirs, d.Mapping[value])
		}
		v.open = append(v.open, choice{branches: append(heirs, nil)})
	}
	if s.If != nil && (s.Then != nil || s.Else != nil) {
		v.open = append(v.open, choice{branches: []*schema.Schema{s.Then, s.Else}})
	}
	for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
		v.open = append(v.open, choice{branches: []*schema.Schema{s.DependentSchemas[name], nil}})
	}
}

// choose settles the first open choice.
func (v view) choose(branch *schema.Schema) view {
	out := view{roots: v.roots, plain: slices.Clip(v.plain), open: slices.Clip(v.open[1:])}
	out.flatten(branch)
	return out
}

// shape tells which types a value may have, as far as text can tell.
type shape struct {
	types schema.TypeSet
	// loose tells that nothing is said about the type.
	loose bool
}

// wants tells whether the value may have one of the types.
func (s shape) wants(t schema.TypeSet) bool { return s.types&t != 0 }

// container tells that the value may be an array or object, and is known to.
func (s shape) container() bool { return !s.loose && s.wants(schema.ArrayType|schema.ObjectType) }

func (v view) shape() shape {
	types := v.types(0)
	if types != allTypes {
		return shape{types: types}
	}
	if hint := v.hint(); hint != 0 {
		return shape{types: hint}
	}
	return shape{types: types, loose: true}
}

func (v view) types(depth int) schema.TypeSet {
	const deepest = 16
	types := allTypes
	for _, s := range v.plain {
		types &= ownTypes(s)
	}
	for _, c := range v.open {
		if !c.must || depth == deepest {
			continue
		}
		var union schema.TypeSet
		for _, b := range c.branches {
			union |= viewOf(b).types(depth + 1)
		}
		types &= union
	}
	if types != 0 || depth > 0 {
		return types
	}
	for _, s := range v.plain { // they contradict each other: the plainest word counts
		if t := spread(s.Types); t != allTypes {
			return t
		}
	}
	return allTypes
}

// ownTypes gives the types that the keywords of s itself leave.
func ownTypes(s *schema.Schema) schema.TypeSet {
	if s.Never {
		return 0
	}
	types := spread(s.Types)
	if s.HasConst {
		types &= typeOf(s.Const)
	}
	if s.HasEnum && len(s.Enum) > 0 {
		var union schema.TypeSet
		for _, value := range s.Enum {
			union |= typeOf(value)
		}
		types &= union
	}
	return types
}

// spread makes the set explicit: empty stands for all, number includes integer.
func spread(t schema.TypeSet) schema.TypeSet {
	if t == 0 {
		return allTypes
	}
	if t&schema.NumberType != 0 {
		t |= schema.IntegerType
	}
	return t
}

func typeOf(value any) schema.TypeSet {
	switch value.(type) {
	case nil:
		return schema.NullType
	case bool:
		return schema.BooleanType
	case json.Number:
		return schema.IntegerType | schema.NumberType
	case string:
		return schema.StringType
	case []any:
		return schema.ArrayType
	}
	return schema.ObjectType
}

// hint guesses the type of a schema that says nothing about it from the keywords that only matter to one.
func (v view) hint() schema.TypeSet {
	var hint schema.TypeSet
	for _, s := range v.plain {
		if len(s.Properties) > 0 || len(s.Required) > 0 || len(s.PatternProperties) > 0 || s.AdditionalProperties != nil {
			hint |= schema.ObjectType
		}
		if s.Items != nil || len(s.PrefixItems) > 0 || s.MinItems > 0 {
			hint |= schema.ArrayType
		}
		if s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil {
			hint |= schema.NumberType | schema.IntegerType
		}
	}
	return hint
}

// property gives what is said about the member of that name.
func (v view) property(name string) view {
	var found []*schema.Schema
	for _, s := range v.plain {
		here := len(found)
		if p := s.Property(name); p != nil {
			found = append(found, p)
		}
		for _, p := range s.PatternProperties {
			if matches(p.Pattern, name) {
				found = append(found, p.Schema)
			}
		}
		if len(found) == here && s.AdditionalProperties != nil {
			found = append(found, s.AdditionalProperties)
		}
	}
	if len(found) == 0 {
		for _, s := range v.plain {
			found = append(found, s.UnevaluatedProperties)
		}
	}
	return viewOf(found...)
}

// anywhere is property, but looks into the open choices too.
func (v view) anywhere(name string) view {
	out := v.property(name)
	for _, c := range v.open {
		var branches []*schema.Schema
		for _, b := range c.branches {
			branches = append(branches, viewOf(b).property(name).roots...)
		}
		if len(branches) > 0 {
			out.open = append(out.open, choice{branches: branches, must: true})
		}
	}
	return out
}

// item gives what is said about the element at index i.
func (v view) item(i int) view {
	var found []*schema.Schema
	for _, s := range v.plain {
		switch {
		case i < len(s.PrefixItems):
			found = append(found, s.PrefixItems[i])
		case s.Items != nil:
			found = append(found, s.Items)
		case s.UnevaluatedItems != nil:
			found = append(found, s.UnevaluatedItems)
		}
	}
	return viewOf(found...)
}

// prefix is the number of elements that have a schema of their own.
func (v view) prefix() int {
	n := 0
	for _, s := range v.plain {
		n = max(n, len(s.PrefixItems))
	}
	return n
}

// bears tells whether a choice says anything about members or elements.
func (c choice) bears() bool {
	return slices.ContainsFunc(c.branches, func(s *schema.Schema) bool {
		return s != nil && (s.Ref != nil || s.DynamicRef != nil || s.Items != nil || s.AdditionalProperties != nil ||
			len(s.Properties)+len(s.PatternProperties)+len(s.PrefixItems)+len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0)
	})
}

// members are the names that an object has room for.
type members struct {
	listed   map[string]bool
	patterns []*pattern.Pattern
	// open tells that any other name is welcome: some part says so by additionalProperties, or none lists any name.
	open bool
}

// has tells whether some part of the schema speaks of the name.
func (m members) has(name string) bool {
	return m.listed[name] || slices.ContainsFunc(m.patterns, func(p *pattern.Pattern) bool { return matches(p, name) })
}

// matches is false where the pattern is missing, or cannot tell.
func matches(p *pattern.Pattern, text string) bool {
	if p == nil {
		return false
	}
	ok, err := p.Match(text)
	return ok && err == nil
}

// members gathers the names of properties from every part of the schema, open choices included.
func (v view) members() members {
	m := members{listed: map[string]bool{}}
	seen := map[*schema.Schema]bool{}
	closed := false
	var walk func(s *schema.Schema)
	walk = func(s *schema.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for _, p := range s.Properties {
			m.listed[p.Name] = true
		}
		for _, name := range s.Required {
			m.listed[name] = true
		}
		for _, p := range s.PatternProperties {
			m.patterns = append(m.patterns, p.Pattern)
		}
		if more := s.AdditionalProperties; more != nil {
			closed = closed || more.Never
			m.open = m.open || !more.Never
		}
		for _, part := range slices.Concat([]*schema.Schema{s.Ref, s.DynamicRef, s.Then, s.Else}, s.AllOf, s.AnyOf, s.OneOf) {
			walk(part)
		}
		for _, part := range s.DependentSchemas {
			walk(part)
		}
		if s.Discriminator != nil {
			for _, part := range s.Discriminator.Mapping {
				walk(part)
			}
		}
	}
	for _, s := range v.roots {
		walk(s)
	}
	m.open = m.open || len(m.listed)+len(m.patterns) == 0 && !closed
	return m
}
