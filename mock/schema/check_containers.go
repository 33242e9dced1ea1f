package schema

import (
	"maps"
	"slices"
)

func (e *eval) array(s *Schema, items []any, ev *evaluated) bool {
	ok := true
	if n := len(items); n < s.MinItems {
		ok = e.gather && e.report(s, "minItems", "must have at least %s, has %d", count(s.MinItems, "item"), n)
	} else if s.MaxItems >= 0 && n > s.MaxItems {
		ok = e.gather && e.report(s, "maxItems", "must have at most %s, has %d", count(s.MaxItems, "item"), n)
	}
	if s.UniqueItems && (ok || e.gather) {
		if i, j, found := duplicate(items); found {
			ok = e.gather && e.report(s, "uniqueItems", "items %d and %d are equal (%s)", i, j, show(items[j]))
		}
	}
	if (ok || e.gather) && (s.PrefixItems != nil || s.Items != nil) {
		ok = e.items(s, items, ev) && ok
	}
	if (ok || e.gather) && s.Contains != nil {
		ok = e.contains(s, items, ev) && ok
	}
	return ok
}

func (e *eval) items(s *Schema, items []any, ev *evaluated) bool {
	ok := true
	for i, item := range items {
		of := s.Items
		if i < len(s.PrefixItems) {
			of = s.PrefixItems[i]
		}
		if of == nil {
			ev.addItems(i)
			return ok
		}
		switch {
		case of.Never && e.gather:
			ok = e.report(s, itemsKeyword(s), "must have at most %s, has %d", count(i, "item"), len(items))
			return ok
		case !e.child(token{index: i}, of, item):
			ok = false
		}
		if !ok && !e.gather || e.exhausted {
			return false
		}
	}
	ev.addItems(len(items))
	return ok
}

// itemsKeyword is the one that forbids more items.
func itemsKeyword(s *Schema) string {
	if s.Items != nil && s.Items.Never {
		return "items"
	}
	return "prefixItems"
}

func (e *eval) contains(s *Schema, items []any, ev *evaluated) bool {
	found := 0
	for i, item := range items {
		guard := e.guard
		e.guard = len(e.guards)
		if e.quietly(s.Contains, item, nil) {
			found++
			ev.addItem(i)
		}
		e.guard = guard
		if e.exhausted {
			return false
		}
		if ev == nil && s.MaxContains < 0 && found >= s.MinContains {
			return true
		}
	}
	if found < s.MinContains {
		keyword := "contains"
		if s.MinContains > 1 {
			keyword = "minContains"
		}
		return e.gather && e.report(s, keyword, "at least %s must be %s, %s", count(s.MinContains, "item"), called(s.Contains), number(found))
	}
	if s.MaxContains >= 0 && found > s.MaxContains {
		return e.gather && e.report(s, "maxContains", "at most %s may be %s, %s", count(s.MaxContains, "item"), called(s.Contains), number(found))
	}
	return true
}

func (e *eval) object(s *Schema, members map[string]any, ev *evaluated) bool {
	ok := e.presence(s, members)
	if s.Properties != nil && (ok || e.gather) {
		ok = e.properties(s, members, ev) && ok
	}
	if s.rest && (ok || e.gather) {
		ok = e.others(s, members, ev) && ok
	}
	return ok
}

// presence applies the keywords that mind only which properties there are.
func (e *eval) presence(s *Schema, members map[string]any) bool {
	ok := true
	if n := len(members); n < s.MinProperties {
		ok = e.gather && e.report(s, "minProperties", "must have at least %s, has %d", properties(s.MinProperties), n)
	} else if s.MaxProperties >= 0 && n > s.MaxProperties {
		ok = e.gather && e.report(s, "maxProperties", "must have at most %s, has %d", properties(s.MaxProperties), n)
	}
	for _, name := range s.required[e.direction] {
		if _, has := members[name]; has {
			continue
		}
		if !e.gather {
			return false
		}
		ok = e.reportProperty(s, "required", name, "the property %s is missing", quote(name))
	}
	if s.DependentRequired != nil && (ok || e.gather) {
		ok = e.dependentRequired(s, members) && ok
	}
	return ok
}

func (e *eval) dependentRequired(s *Schema, members map[string]any) bool {
	for name, wanted := range s.DependentRequired {
		if _, has := members[name]; !has {
			continue
		}
		for _, w := range wanted {
			if _, has := members[w]; !has {
				return e.gather && e.reportDependents(s, members)
			}
		}
	}
	return true
}

// reportDependents writes down all that dependentRequired misses, by name.
func (e *eval) reportDependents(s *Schema, members map[string]any) bool {
	for _, name := range slices.Sorted(maps.Keys(s.DependentRequired)) {
		if _, has := members[name]; !has {
			continue
		}
		for _, w := range s.DependentRequired[name] {
			if _, has := members[w]; !has {
				e.reportProperty(s, "dependentRequired", w, "the property %s is missing, which %s needs beside it", quote(w), quote(name))
			}
		}
	}
	return false
}

func (e *eval) properties(s *Schema, members map[string]any, ev *evaluated) bool {
	ok := true
	if s.byName != nil && len(members) < len(s.Properties)/2 && !e.gather && ev == nil {
		for name, v := range members {
			if i, ok := s.byName[name]; ok && !e.child(token{}, s.Properties[i].Schema, v) {
				return false
			}
		}
		return true
	}
	for i := range s.Properties {
		p := &s.Properties[i]
		v, has := members[p.Name]
		if !has {
			continue
		}
		ev.addProperty(p.Name)
		if p.Schema.Never && e.gather {
			ok = e.reportProperty(s, "properties", p.Name, "the property %s is not allowed here", quote(p.Name))
		} else if !e.child(token{name: p.Name, index: -1}, p.Schema, v) {
			ok = false
		}
		if !ok && !e.gather || e.exhausted {
			return false
		}
	}
	return ok
}

// others applies the keywords for properties that have no name of their own in the schema, and for names.
func (e *eval) others(s *Schema, members map[string]any, ev *evaluated) bool {
	ok := true
	if e.gather {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			ok = e.other(s, name, members[name], ev) && ok
		}
		return ok
	}
	for name, v := range members {
		if !e.other(s, name, v, ev) || e.exhausted {
			return false
		}
	}
	return true
}

func (e *eval) other(s *Schema, name string, v any, ev *evaluated) bool {
	ok := true
	if s.PropertyNames != nil && !e.quietly(s.PropertyNames, name, nil) {
		if !e.gather {
			return false
		}
		ok = e.name(s, name)
	}
	declared := s.Property(name) != nil
	for i := range s.PatternProperties {
		p := &s.PatternProperties[i]
		if !e.matches(s, p.Pattern, name) {
			continue
		}
		declared = true
		ev.addProperty(name)
		if p.Schema.Never && e.gather {
			ok = e.reportProperty(s, "patternProperties", name, "the property %s is not allowed here", quote(name))
		} else if !e.child(token{name: name, index: -1}, p.Schema, v) {
			ok = false
		}
		if !ok && !e.gather {
			return false
		}
	}
	more := s.AdditionalProperties
	if declared || more == nil {
		return ok
	}
	ev.addProperty(name)
	if more.Never && e.gather {
		return e.reportProperty(s, "additionalProperties", name, "the property %s is not allowed here%s", quote(name), s.meant(name))
	}
	return e.child(token{name: name, index: -1}, more, v) && ok
}

// name writes down what is wrong with the name of a property.
func (e *eval) name(s *Schema, name string) bool {
	inner := eval{direction: e.direction, left: min(e.left, defaultBudget), most: 1, gather: true, scope: e.scope}
	inner.check(s.PropertyNames, name, nil)
	why := "it is refused"
	if len(inner.found) > 0 {
		why = inner.found[0].Message
	}
	return e.reportProperty(s, "propertyNames", name, "the property name %s is not allowed: %s", quote(name), why)
}
