package schema

import (
	"maps"
	"slices"
)

// undeclared writes down the properties that none of the schemas which apply to a valid value says anything about. An object
// that no schema names properties of is free.
func (e *eval) undeclared(applied []*Schema, v any) {
	if e.left--; e.left < 0 || len(e.path) > deepest/2 {
		e.exhausted = true
	}
	if e.exhausted {
		return
	}
	var all []*Schema
	for _, s := range applied {
		all = e.applying(all, s, v)
	}
	switch v := v.(type) {
	case map[string]any:
		e.undeclaredProperties(all, v)
	case []any:
		for i, item := range v {
			var parts []*Schema
			for _, s := range all {
				parts = s.itemSchemas(parts, i)
			}
			e.within(token{index: i}, parts, item)
		}
	}
}

func (e *eval) within(at token, parts []*Schema, v any) {
	if len(parts) == 0 {
		return
	}
	e.path = append(e.path, at)
	e.undeclared(parts, v)
	e.path = e.path[:len(e.path)-1]
}

func (e *eval) undeclaredProperties(all []*Schema, members map[string]any) {
	var owner *Schema
	for _, s := range all {
		if owner == nil && (s.Properties != nil || s.PatternProperties != nil) {
			owner = s
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		var parts []*Schema
		for _, s := range all {
			parts = e.propertySchemas(parts, s, name)
		}
		if len(parts) == 0 && owner != nil {
			e.reportProperty(owner, "undeclared", name, "the property %s is not documented%s", quote(name), owner.meant(name))
			continue
		}
		e.within(token{name: name, index: -1}, parts, members[name])
	}
}

// applying adds s and all schemas that it applies in place to a valid value.
func (e *eval) applying(all []*Schema, s *Schema, v any) []*Schema {
	if e.left--; e.left < 0 {
		e.exhausted = true
	}
	if e.exhausted || slices.Contains(all, s) {
		return all
	}
	all = append(all, s)
	for _, part := range []*Schema{s.Ref, s.DynamicRef} {
		if part != nil {
			all = e.applying(all, part, v)
		}
	}
	for _, part := range s.AllOf {
		all = e.applying(all, part, v)
	}
	for _, part := range s.chosen(e, v) {
		if e.quietly(part, v, nil) {
			all = e.applying(all, part, v)
		}
	}
	return all
}

// chosen are the schemas that s applies in place on some condition.
func (s *Schema) chosen(e *eval, v any) []*Schema {
	members, _ := v.(map[string]any)
	if d := s.Discriminator; d != nil && members != nil {
		name, _ := members[d.PropertyName].(string)
		if to := d.Mapping[name]; to != nil {
			return []*Schema{to}
		}
	}
	parts := slices.Concat(s.AnyOf, s.OneOf)
	if s.If != nil {
		then := s.Else
		if e.quietly(s.If, v, nil) {
			parts = append(parts, s.If)
			then = s.Then
		}
		if then != nil {
			parts = append(parts, then)
		}
	}
	for name, dependent := range s.DependentSchemas {
		if _, has := members[name]; has {
			parts = append(parts, dependent)
		}
	}
	return parts
}

// propertySchemas adds the schemas that s has for a property.
func (e *eval) propertySchemas(parts []*Schema, s *Schema, name string) []*Schema {
	before := len(parts)
	if p := s.Property(name); p != nil {
		parts = append(parts, p)
	}
	for i := range s.PatternProperties {
		if e.matches(s, s.PatternProperties[i].Pattern, name) {
			parts = append(parts, s.PatternProperties[i].Schema)
		}
	}
	if len(parts) > before {
		return parts
	}
	for _, more := range []*Schema{s.AdditionalProperties, s.UnevaluatedProperties} {
		if more != nil && !more.Never {
			parts = append(parts, more)
		}
	}
	return parts
}

// itemSchemas adds the schemas that s has for an item.
func (s *Schema) itemSchemas(parts []*Schema, i int) []*Schema {
	switch {
	case i < len(s.PrefixItems):
		return append(parts, s.PrefixItems[i])
	case s.Items != nil:
		return append(parts, s.Items)
	case s.UnevaluatedItems != nil:
		return append(parts, s.UnevaluatedItems)
	}
	return parts
}
