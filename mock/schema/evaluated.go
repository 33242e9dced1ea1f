package schema

import (
	"maps"
	"slices"
)

// evaluated is what the keywords applied so far have evaluated of one value, for unevaluatedItems and unevaluatedProperties
// (2020-12 core, 11). A nil one takes notes of nothing.
type evaluated struct {
	properties map[string]bool
	first      int          // so many items from the start
	items      map[int]bool // and these
}

func (ev *evaluated) addProperty(name string) {
	if ev == nil {
		return
	}
	if ev.properties == nil {
		ev.properties = map[string]bool{}
	}
	ev.properties[name] = true
}

func (ev *evaluated) addItems(n int) {
	if ev != nil {
		ev.first = max(ev.first, n)
	}
}

func (ev *evaluated) addItem(i int) {
	if ev == nil {
		return
	}
	if ev.items == nil {
		ev.items = map[int]bool{}
	}
	ev.items[i] = true
}

func (ev *evaluated) add(other *evaluated) {
	if ev == nil || other == nil {
		return
	}
	for name := range other.properties {
		ev.addProperty(name)
	}
	ev.addItems(other.first)
	for i := range other.items {
		ev.addItem(i)
	}
}

// fork is an empty set to try an alternative with, nil if nobody asks.
func (ev *evaluated) fork() *evaluated {
	if ev == nil {
		return nil
	}
	return &evaluated{}
}

// unevaluated applies unevaluatedProperties and unevaluatedItems.
func (e *eval) unevaluated(s *Schema, v any, ev *evaluated) bool {
	switch v := v.(type) {
	case map[string]any:
		return s.UnevaluatedProperties == nil || e.unevaluatedProperties(s, v, ev)
	case []any:
		return s.UnevaluatedItems == nil || e.unevaluatedItems(s, v, ev)
	}
	return true
}

func (e *eval) unevaluatedProperties(s *Schema, members map[string]any, ev *evaluated) bool {
	ok := true
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if ev.properties[name] {
			continue
		}
		if s.UnevaluatedProperties.Never && e.gather {
			ok = e.reportProperty(s, "unevaluatedProperties", name, "the property %s is not allowed here", quote(name))
		} else if !e.child(token{name: name, index: -1}, s.UnevaluatedProperties, members[name]) {
			ok = false
		}
		ev.addProperty(name)
		if !ok && !e.gather || e.exhausted {
			return false
		}
	}
	return ok
}

func (e *eval) unevaluatedItems(s *Schema, items []any, ev *evaluated) bool {
	ok := true
	for i := ev.first; i < len(items); i++ {
		if ev.items[i] {
			continue
		}
		if s.UnevaluatedItems.Never && e.gather {
			ok = e.report(s, "unevaluatedItems", "item %d is not allowed here", i)
		} else if !e.child(token{index: i}, s.UnevaluatedItems, items[i]) {
			ok = false
		}
		if !ok && !e.gather || e.exhausted {
			return false
		}
	}
	ev.addItems(len(items))
	return ok
}
