package fake

import (
	"maps"
	"slices"

	"standin/mock/schema"
)

// choice is what a keyword leaves open: one of its options must be merged.
type choice struct {
	by      *schema.Schema
	keyword string
	options []option
}

// option is one way to settle a choice.
type option struct {
	parts []*schema.Schema
	// others are the alternatives of a oneOf, of which only the one in parts may fit.
	others []*schema.Schema
	// alone tells that no other of the alternatives of a oneOf may fit, although a discriminator tells them apart: readers that do
	// not know it count what fits, and it must not change the outcome (OpenAPI 3.1.1, 4.8.25).
	alone []*schema.Schema
	// without is a property that must be missing; "" for none.
	without string
	// last is for options that are better than nothing.
	last bool
}

// all are the schemas to be merged.
func (o *option) all() []*schema.Schema {
	if o.others == nil {
		return o.parts
	}
	list := slices.Clone(o.parts)
	for _, other := range o.others {
		if other != o.parts[0] {
			list = append(list, not(other))
		}
	}
	return list
}

// alternatives notes the choices that a schema leaves.
func (b *merger) alternatives(s *schema.Schema) *Unsatisfiable {
	if options := b.kinds(s); options != nil {
		b.choose(s, "discriminator", options)
	} else {
		b.choose(s, "anyOf", anyOf(s.AnyOf))
		b.choose(s, "oneOf", oneOf(s.OneOf))
	}
	if s.If != nil {
		b.choose(s, "if", conditional(s))
	}
	for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
		b.choose(s, "dependentSchemas", []option{
			{parts: []*schema.Schema{wanted(name), s.DependentSchemas[name]}},
			{parts: []*schema.Schema{forbidden(name)}},
		})
	}
	if s.Not != nil {
		return b.deny(s, s.Not)
	}
	return nil
}

func (b *merger) choose(s *schema.Schema, keyword string, options []option) {
	if len(options) > 0 {
		slices.SortStableFunc(options, func(a, b option) int { return rank(a) - rank(b) })
		b.choices = append(b.choices, &choice{s, keyword, options})
		b.proven = b.proven && keyword == "anyOf"
	}
}

// rank puts what is better than nothing behind the rest.
func rank(o option) int {
	if o.last {
		return 1
	}
	return 0
}

func anyOf(branches []*schema.Schema) []option {
	var options []option
	for _, branch := range branches {
		options = append(options, option{parts: []*schema.Schema{branch}, last: onlyNull(branch)})
	}
	return options
}

// onlyNull tells whether nothing but null fits a schema: as an alternative it says that a value may be missing, which shows little.
func onlyNull(s *schema.Schema) bool {
	for range 8 {
		if s == nil {
			return false
		}
		if s.Types == schema.NullType || s.HasConst && s.Const == nil || s.HasEnum && len(s.Enum) == 1 && s.Enum[0] == nil {
			return true
		}
		s = s.Ref
	}
	return false
}

// oneOf tries each branch as it is, then so that the others do not fit.
func oneOf(branches []*schema.Schema) []option {
	var options []option
	for _, branch := range branches {
		last := onlyNull(branch)
		options = append(options, option{parts: []*schema.Schema{branch}, last: last})
		if len(branches) > 1 {
			options = append(options, option{parts: []*schema.Schema{branch}, others: branches, last: last})
		}
	}
	return options
}

// aloneFirst turns options that a discriminator gives into such as fit one alternative alone, each as it comes and then made so that
// the others do not fit. The options themselves are what is left when that fails.
func aloneFirst(options []option, branches []*schema.Schema) []option {
	var out []option
	for _, o := range options {
		to := o.parts[len(o.parts)-1]
		others := slices.DeleteFunc(slices.Clone(branches), func(b *schema.Schema) bool { return b == to })
		out = append(out, option{parts: o.parts, alone: branches}, option{parts: o.parts, others: others, alone: branches})
	}
	for _, o := range options {
		o.last = true
		out = append(out, o)
	}
	return out
}

func conditional(s *schema.Schema) []option {
	yes, no := []*schema.Schema{s.If}, []*schema.Schema{not(s.If)}
	if s.Then != nil {
		yes = append(yes, s.Then)
	}
	if s.Else != nil {
		no = append(no, s.Else)
	}
	return []option{{parts: yes}, {parts: no}}
}

// kinds are the options that a discriminator gives, nil without one. Each sets the property that tells them apart. Kinds that
// apply already come first, since a child leads to its parent.
func (b *merger) kinds(s *schema.Schema) []option {
	d := s.Discriminator
	if d == nil || len(d.Mapping) == 0 || b.types&schema.ObjectType == 0 {
		return nil
	}
	var here, children []option
	for _, value := range d.Values {
		to := d.Mapping[value]
		tag := tagged(d.PropertyName, value)
		switch {
		case slices.Contains(b.parts, to) && to != s:
			here = append(here, option{parts: []*schema.Schema{tag}})
		case to == s:
			children = append(children, option{parts: []*schema.Schema{tag}, last: true})
		default:
			children = append(children, option{parts: []*schema.Schema{tag, to}})
		}
	}
	for i := range children {
		children[i].last = children[i].last || len(here) > 0
	}
	options := append(here, children...)
	if len(s.OneOf) > 1 && len(here) == 0 {
		options = aloneFirst(options, s.OneOf)
	}
	for _, plain := range append(anyOf(s.AnyOf), oneOf(s.OneOf)...) {
		plain.last = len(d.Mapping) >= len(s.AnyOf)+len(s.OneOf)
		options = append(options, plain)
	}
	return options
}

// blank is a schema without keywords, to be given one.
func blank() *schema.Schema {
	return &schema.Schema{MaxLength: -1, MaxItems: -1, MinContains: 1, MaxContains: -1, MaxProperties: -1}
}

func never() *schema.Schema {
	s := blank()
	s.Never = true
	return s
}

func not(other *schema.Schema) *schema.Schema {
	s := blank()
	s.Not = other
	return s
}

func object(properties ...schema.Property) *schema.Schema {
	s := blank()
	s.Types, s.Properties = schema.ObjectType, properties
	return s
}

// tagged is for objects that have a property of one value.
func tagged(name string, value any) *schema.Schema {
	tag := blank()
	tag.Const, tag.HasConst = value, true
	s := object(schema.Property{Name: name, Schema: tag})
	s.Required = []string{name}
	return s
}

// wanted is for objects that have a property.
func wanted(name string) *schema.Schema {
	s := object()
	s.Required = []string{name}
	return s
}

// forbidden is for values without a property.
func forbidden(name string) *schema.Schema {
	s := object(schema.Property{Name: name, Schema: never()})
	s.Types = 0
	return s
}
