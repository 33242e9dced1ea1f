package fake

import (
	"maps"
	"slices"
	"strings"

	"standin/mock/schema"
)

// deny merges that a schema must not fit.
func (b *merger) deny(by, n *schema.Schema) *Unsatisfiable {
	if n.Never {
		return nil
	}
	b.proven = false
	switch only := family(n); only {
	case "":
		return conflict(by, "not", "not refuses everything")
	case "const":
		b.except = append(b.except, n.Const)
		return nil
	case "enum":
		b.except = append(b.except, n.Enum...)
		return nil
	case "pattern": // what is no string would match
		b.unlike = append(b.unlike, n.Pattern)
		return b.only(by, schema.StringType)
	case "multipleOf":
		b.notMultiple = append(b.notMultiple, n.MultipleOf)
		return b.only(by, schema.NumberType|schema.IntegerType)
	case "not":
		return b.add(by, n.Not)
	}
	ways := slices.DeleteFunc(refutations(n), func(o option) bool { return o.without != "" && b.requires(o.without) })
	b.choose(by, "not", append(ways, option{last: true}))
	return nil
}

// only leaves some types, since not refuses all others.
func (b *merger) only(by *schema.Schema, t schema.TypeSet) *Unsatisfiable {
	if b.types&t == 0 {
		return conflict(by, "not", "not leaves %s, which the type %s excludes", typeNames(t), typeNames(b.types))
	}
	b.types &= t
	b.typed = by
	return nil
}

// family is the only kind of keyword that a schema has, "" if it has none, "several" if there is more than one.
func family(n *schema.Schema) string {
	found := ""
	note := func(has bool, name string) {
		switch {
		case !has:
		case found == "":
			found = name
		default:
			found = "several"
		}
	}
	note(n.HasConst, "const")
	note(n.HasEnum, "enum")
	note(n.Types != 0, "type")
	note(n.Pattern != nil, "pattern")
	note(n.MultipleOf != nil, "multipleOf")
	note(n.Minimum != nil || n.Maximum != nil || n.ExclusiveMinimum != nil || n.ExclusiveMaximum != nil, "range")
	note(n.MinLength > 0 || n.MaxLength >= 0, "length")
	note(n.Format != "", "format")
	note(n.Items != nil || n.PrefixItems != nil || n.Contains != nil || n.MinItems > 0 || n.MaxItems >= 0 || n.UniqueItems ||
		n.UnevaluatedItems != nil, "array")
	note(len(n.Required) > 0, "required")
	note(n.Properties != nil || n.PatternProperties != nil || n.AdditionalProperties != nil || n.PropertyNames != nil ||
		n.DependentRequired != nil || n.DependentSchemas != nil || n.MinProperties > 0 || n.MaxProperties >= 0 ||
		n.UnevaluatedProperties != nil, "object")
	note(n.Ref != nil || n.DynamicRef != nil || n.AllOf != nil || n.AnyOf != nil || n.OneOf != nil || n.If != nil ||
		n.Discriminator != nil, "places")
	note(n.Not != nil, "not")
	note(n.Never, "false")
	return found
}

// refutations are ways to break a schema, the simplest first. Not all ways are known; what is made is checked.
func refutations(n *schema.Schema) []option {
	var w ways
	w.general(n)
	w.scalars(n)
	w.arrays(n)
	w.objects(n)
	w.places(n)
	return w
}

type ways []option

func (w *ways) add(parts ...*schema.Schema) { *w = append(*w, option{parts: parts}) }

// with adds a schema that fill makes.
func (w *ways) with(t schema.TypeSet, fill func(s *schema.Schema)) {
	s := blank()
	s.Types = t
	fill(s)
	w.add(s)
}

func (w *ways) general(n *schema.Schema) {
	if n.HasConst {
		w.with(0, func(s *schema.Schema) {
			s.Not = blank()
			s.Not.Const, s.Not.HasConst = n.Const, true
		})
	}
	if n.HasEnum {
		w.with(0, func(s *schema.Schema) {
			s.Not = blank()
			s.Not.Enum, s.Not.HasEnum = n.Enum, true
		})
	}
	if n.Types == 0 {
		return
	}
	others := every &^ n.Types
	if n.Types&schema.NumberType != 0 {
		others &^= schema.IntegerType
	} else if n.Types&schema.IntegerType != 0 {
		others &^= schema.NumberType
	}
	if others != 0 {
		w.with(others, func(*schema.Schema) {})
	}
	if n.Types&(schema.NumberType|schema.IntegerType) == schema.IntegerType {
		w.with(schema.NumberType, func(s *schema.Schema) { // a fraction
			s.Not = blank()
			s.Not.MultipleOf, _ = schema.ParseNumber("1")
		})
	}
}

func (w *ways) scalars(n *schema.Schema) {
	if n.Minimum != nil {
		w.with(schema.NumberType, func(s *schema.Schema) { s.ExclusiveMaximum = n.Minimum })
	}
	if n.ExclusiveMinimum != nil {
		w.with(schema.NumberType, func(s *schema.Schema) { s.Maximum = n.ExclusiveMinimum })
	}
	if n.Maximum != nil {
		w.with(schema.NumberType, func(s *schema.Schema) { s.ExclusiveMinimum = n.Maximum })
	}
	if n.ExclusiveMaximum != nil {
		w.with(schema.NumberType, func(s *schema.Schema) { s.Minimum = n.ExclusiveMaximum })
	}
	if n.MultipleOf != nil {
		w.with(schema.NumberType, func(s *schema.Schema) {
			s.Not = blank()
			s.Not.MultipleOf = n.MultipleOf
		})
	}
	if n.MinLength > 0 {
		w.with(schema.StringType, func(s *schema.Schema) { s.MaxLength = n.MinLength - 1 })
	}
	if n.MaxLength >= 0 {
		w.with(schema.StringType, func(s *schema.Schema) { s.MinLength = n.MaxLength + 1 })
	}
	if n.Pattern != nil {
		w.with(schema.StringType, func(s *schema.Schema) {
			s.Not = blank()
			s.Not.Pattern = n.Pattern
		})
	}
}

func (w *ways) arrays(n *schema.Schema) {
	if n.MinItems > 0 {
		w.with(schema.ArrayType, func(s *schema.Schema) { s.MaxItems = n.MinItems - 1 })
	}
	if n.MaxItems >= 0 {
		w.with(schema.ArrayType, func(s *schema.Schema) { s.MinItems = n.MaxItems + 1 })
	}
	for i, item := range n.PrefixItems {
		if family(item) == "" {
			continue
		}
		w.with(schema.ArrayType, func(s *schema.Schema) {
			for range i {
				s.PrefixItems = append(s.PrefixItems, blank())
			}
			s.PrefixItems, s.MinItems = append(s.PrefixItems, not(item)), i+1
		})
	}
	if n.Items != nil && family(n.Items) != "" {
		w.with(schema.ArrayType, func(s *schema.Schema) {
			for range n.PrefixItems {
				s.PrefixItems = append(s.PrefixItems, blank())
			}
			s.PrefixItems, s.MinItems = append(s.PrefixItems, not(n.Items)), len(n.PrefixItems)+1
		})
	}
	if n.Contains != nil && n.MinContains > 0 {
		w.with(schema.ArrayType, func(s *schema.Schema) { s.Items = not(n.Contains) })
	}
	if n.UniqueItems {
		w.with(schema.ArrayType, func(s *schema.Schema) { // two nulls, say
			same := blank()
			same.Types = schema.NullType | schema.BooleanType
			same.Enum, same.HasEnum = []any{nil, true}, true
			s.MinItems, s.Items = 3, same
		})
	}
}

func (w *ways) objects(n *schema.Schema) {
	for _, name := range n.Required {
		w.with(schema.ObjectType, func(s *schema.Schema) {
			s.Properties = []schema.Property{{Name: name, Schema: never()}}
		})
		(*w)[len(*w)-1].without = name
	}
	for _, p := range n.Properties {
		if family(p.Schema) == "" {
			continue
		}
		w.property(p.Name, p.Schema)
	}
	for _, more := range []*schema.Schema{n.AdditionalProperties, n.UnevaluatedProperties} {
		if more != nil && family(more) != "" {
			w.property(undeclared(n), more)
		}
	}
	for _, p := range n.PatternProperties {
		if name, ok := p.Pattern.Sample(newDice(1, 1).IntN, 1, -1); ok && family(p.Schema) != "" {
			w.property(name, p.Schema)
		}
	}
	if n.PropertyNames != nil {
		w.with(schema.ObjectType, func(s *schema.Schema) { s.MinProperties, s.PropertyNames = 1, not(n.PropertyNames) })
	}
	if n.MinProperties > 0 {
		w.with(schema.ObjectType, func(s *schema.Schema) { s.MaxProperties = n.MinProperties - 1 })
	}
	if n.MaxProperties >= 0 {
		w.with(schema.ObjectType, func(s *schema.Schema) { s.MinProperties = n.MaxProperties + 1 })
	}
	for _, name := range slices.Sorted(maps.Keys(n.DependentRequired)) {
		for _, other := range n.DependentRequired[name] {
			w.add(wanted(name), forbidden(other))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.DependentSchemas)) {
		w.add(wanted(name), not(n.DependentSchemas[name]))
	}
}

// undeclared is a name that a schema says nothing about in particular.
func undeclared(n *schema.Schema) string {
	for i := range 100 {
		name := []string{"extra", "Other", "item-1", "x", "_", "9"}[i%6] + strings.Repeat("_", i/6)
		ofName := func(p schema.PatternProperty) bool { return matches(p.Pattern, name) }
		if n.Property(name) == nil && !slices.ContainsFunc(n.PatternProperties, ofName) {
			return name
		}
	}
	return "extra"
}

// property adds that a property is there and does not fit.
func (w *ways) property(name string, of *schema.Schema) {
	w.with(schema.ObjectType, func(s *schema.Schema) {
		s.Required = []string{name}
		s.Properties = []schema.Property{{Name: name, Schema: not(of)}}
	})
}

func (w *ways) places(n *schema.Schema) {
	if n.Ref != nil {
		w.add(not(n.Ref))
	}
	if n.DynamicRef != nil {
		w.add(not(n.DynamicRef))
	}
	for _, part := range n.AllOf {
		w.add(not(part))
	}
	for _, list := range [][]*schema.Schema{n.AnyOf, n.OneOf} {
		var none []*schema.Schema
		for _, branch := range list {
			none = append(none, not(branch))
		}
		if none != nil {
			w.add(none...)
		}
	}
	for i := 1; i < len(n.OneOf) && i < 8; i++ {
		w.add(n.OneOf[0], n.OneOf[i])
	}
	if n.Not != nil {
		w.add(n.Not)
	}
	if n.If != nil {
		w.conditional(n)
	}
}

func (w *ways) conditional(n *schema.Schema) {
	if n.Then != nil {
		w.add(n.If, not(n.Then))
	}
	if n.Else != nil {
		w.add(not(n.If), not(n.Else))
	}
}
