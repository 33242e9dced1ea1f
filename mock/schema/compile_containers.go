package schema

import (
	"standin/mock/internal/source"
)

// array compiles the keywords for arrays (2020-12 core, 10.3.1 and 11.2; validation, 6.4).
func (b *building) array(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "items":
		b.items(m)
	case "prefixItems":
		if !b.in.old {
			s.PrefixItems = b.list(m)
		}
	case "contains":
		s.Contains = b.sub(m)
	case "minContains":
		s.MinContains = b.count(m, 1)
	case "maxContains":
		s.MaxContains = b.count(m, -1)
	case "minItems":
		s.MinItems = b.count(m, 0)
	case "maxItems":
		s.MaxItems = b.count(m, -1)
	case "uniqueItems":
		s.UniqueItems = b.flag(m)
	case "unevaluatedItems":
		s.UnevaluatedItems = b.sub(m)
	default:
		return false
	}
	return true
}

// items may be an array in older drafts. Elsewhere that is a fault: 3.1 reads it as prefixItems, 3.0 and 2.0 as its first item.
func (b *building) items(m source.Member) {
	if !m.Value.Is(source.Array) {
		b.s.Items = b.sub(m)
		return
	}
	if b.in.old {
		return
	}
	list := m.Value.Items()
	switch {
	case len(list) == 0:
		b.warn(b.n, "items", "items must be a schema, not an empty array; any items are allowed")
	case b.dialect >= OpenAPI30:
		b.warn(b.n, "items", "items must be a schema, not an array; its first element is taken for all items")
		b.s.Items = b.schema(list[0], b.in)
	default:
		b.warn(b.n, "items", "items must be a schema, not an array; it is read as prefixItems")
		if b.s.PrefixItems == nil {
			b.s.PrefixItems = b.list(m)
		}
	}
}

// arraysOfOld reads items and additionalItems as drafts before 2020-12 meant them.
func (b *building) arraysOfOld() {
	items, more := b.n.Get("items"), b.n.Get("additionalItems")
	if !items.Is(source.Array) {
		return
	}
	for _, item := range items.Items() {
		b.s.PrefixItems = append(b.s.PrefixItems, b.schema(item, b.in))
	}
	if more != nil {
		b.s.Items = b.schema(more, b.in)
	}
}

// object compiles the keywords for objects (2020-12 core, 10.3.2 and 11.3; validation, 6.5).
func (b *building) object(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "properties":
		b.properties(m)
	case "patternProperties":
		b.patternProperties(m)
	case "additionalProperties":
		s.AdditionalProperties = b.sub(m)
	case "propertyNames":
		s.PropertyNames = b.sub(m)
	case "unevaluatedProperties":
		s.UnevaluatedProperties = b.sub(m)
	case "required":
		s.Required = b.words(m, m.Value)
	case "minProperties":
		s.MinProperties = b.count(m, 0)
	case "maxProperties":
		s.MaxProperties = b.count(m, -1)
	case "dependentRequired", "dependentSchemas", "dependencies":
		b.dependent(m)
	default:
		return false
	}
	return true
}

func (b *building) properties(m source.Member) {
	if !b.isObject(m) {
		return
	}
	for _, p := range m.Value.Members() {
		b.s.Properties = append(b.s.Properties, Property{p.Name, b.sub(p)})
	}
}

func (b *building) patternProperties(m source.Member) {
	if !b.isObject(m) {
		return
	}
	for _, p := range m.Value.Members() {
		if expression := b.expression(m.Name, p.Name); expression != nil {
			b.s.PatternProperties = append(b.s.PatternProperties, PatternProperty{expression, b.sub(p)})
		}
	}
}

// dependent compiles dependentRequired, dependentSchemas, and dependencies, which was both in older drafts.
func (b *building) dependent(m source.Member) {
	if !b.isObject(m) {
		return
	}
	s := b.s
	for _, d := range m.Value.Members() {
		names := d.Value.Is(source.Array)
		if m.Name == "dependentRequired" || names && m.Name == "dependencies" {
			if s.DependentRequired == nil {
				s.DependentRequired = map[string][]string{}
			}
			s.DependentRequired[d.Name] = b.words(m, d.Value)
			continue
		}
		if s.DependentSchemas == nil {
			s.DependentSchemas = map[string]*Schema{}
		}
		s.DependentSchemas[d.Name] = b.sub(d)
	}
}

func (b *building) isObject(m source.Member) bool {
	if !m.Value.Is(source.Object) {
		b.wrong(m, "an object")
		return false
	}
	return true
}
