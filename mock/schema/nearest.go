package schema

import (
	"fmt"
	"strings"
)

// nearest writes down what keeps a value from the alternative that it comes nearest to.
func (e *eval) nearest(s *Schema, keyword string, branches []*Schema, v any) bool {
	if e.exhausted {
		return false
	}
	best, least := 0, farthest+1
	for i, b := range branches {
		if d := e.distance(b, v, 0); d < least {
			best, least = i, d
		}
	}
	if least >= farthest && len(branches) > 1 {
		return e.report(s, keyword, "%s", unlike(branches, v))
	}
	if len(branches) == 1 {
		return e.check(branches[0], v, nil)
	}
	label := fmt.Sprintf("%s, the nearest of %d alternatives", alternative(branches, best), len(branches))
	before := len(e.found)
	e.as(label, branches[best], v, nil)
	if len(e.found) == before && !e.exhausted {
		e.report(s, keyword, "fits none of the %d alternatives", len(branches))
	}
	return false
}

const (
	// farthest is the distance of a value of another type.
	farthest = 1_000_000
	// otherKind is the distance of an object whose property says that it is of another kind.
	otherKind = 10_000
	// distanceDepth is how deep references and applicators are looked through.
	distanceDepth = 5
)

// distance tells how far a value is from a schema: 0 if it fits, then by the number of its parts that do not.
func (e *eval) distance(s *Schema, v any, depth int) int {
	if e.quietly(s, v, nil) {
		return 0
	}
	if s.Never || s.Types != 0 && !s.Types.holds(v) {
		return farthest
	}
	total := 1
	if s.HasConst && !Equal(s.Const, v) || s.HasEnum && !s.lists(v) {
		total += 20
	}
	switch v := v.(type) {
	case map[string]any:
		total += e.objectDistance(s, v)
	case []any:
		total += e.arrayDistance(s, v)
	}
	if depth >= distanceDepth {
		return total
	}
	if s.Ref != nil {
		total = e.further(total, e.distance(s.Ref, v, depth+1))
	}
	for _, part := range s.AllOf {
		total = e.further(total, e.distance(part, v, depth+1))
	}
	for _, branches := range [][]*Schema{s.AnyOf, s.OneOf} {
		least := farthest
		for _, b := range branches {
			least = min(least, e.distance(b, v, depth+1))
		}
		if len(branches) > 0 {
			total = e.further(total, least)
		}
	}
	return total
}

func (e *eval) further(a, b int) int { return min(a+b, farthest) }

func (e *eval) objectDistance(s *Schema, members map[string]any) int {
	total := 0
	for _, name := range s.required[e.direction] {
		if _, has := members[name]; !has {
			total += 3
		}
	}
	for i := range s.Properties {
		p := &s.Properties[i]
		v, has := members[p.Name]
		if !has || e.apart(p.Schema, v) {
			continue
		}
		total += 2
		if tells(p.Schema, 0) {
			total += otherKind
		}
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Never {
		for name := range members {
			if s.Property(name) == nil && s.PatternProperties == nil {
				total += 2
			}
		}
	}
	return total
}

// apart judges a part of the value in hand quietly.
func (e *eval) apart(s *Schema, v any) bool {
	guard := e.guard
	e.guard = len(e.guards)
	ok := e.quietly(s, v, nil)
	e.guard = guard
	return ok
}

// tells tells whether a property has one value only, or few, so that it tells kinds apart.
func tells(s *Schema, depth int) bool {
	if s.HasConst || s.HasEnum && len(s.Enum) <= 2 {
		return true
	}
	return s.Ref != nil && depth < 2 && tells(s.Ref, depth+1)
}

// sample is how many items of an array are looked at for its distance.
const sample = 50

func (e *eval) arrayDistance(s *Schema, items []any) int {
	total := 0
	for i, item := range items[:min(len(items), sample)] {
		of := s.Items
		if i < len(s.PrefixItems) {
			of = s.PrefixItems[i]
		}
		if of != nil && !e.apart(of, item) {
			total++
		}
	}
	return total
}

// unlike says that a value is of a type that no alternative has.
func unlike(branches []*Schema, v any) string {
	types := kindsOfAny(branches, nil)
	if types == 0 || types.holds(v) {
		return fmt.Sprintf("fits none of the %d alternatives (%s)", len(branches), list(branches))
	}
	return fmt.Sprintf("must be %s, is %s", types, kindOf(v))
}

// alternative names one of several schemas.
func alternative(branches []*Schema, i int) string {
	b := branches[i]
	for _, name := range []string{b.Name, nameOf(b.Ref), b.Title} {
		if name != "" {
			return quote(name)
		}
	}
	return fmt.Sprintf("number %d", i+1)
}

func nameOf(s *Schema) string {
	if s == nil {
		return ""
	}
	return s.Name
}

// naming is the name of a schema, or other if it has none.
func naming(s *Schema, other string) string {
	if name := nameOf(s); name != "" {
		return quote(name)
	}
	if name := nameOf(s.Ref); name != "" {
		return quote(name)
	}
	return other
}

func list(branches []*Schema) string {
	names := make([]string, 0, len(branches))
	for i := range branches[:min(len(branches), 5)] {
		names = append(names, alternative(branches, i))
	}
	if len(branches) > 5 {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
