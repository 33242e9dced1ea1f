package contract

import (
	"maps"
	"slices"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// scalarOf is a text as the schema wants it: itself, else the JSON that it writes, whichever is valid; else the one of a right type.
func scalarOf(text string, s *schema.Schema, d schema.Direction) any {
	if s == nil || s.Valid(text, d) {
		return text
	}
	v, err := source.DecodeJSON([]byte(text), source.Limits{})
	if err != nil {
		return text
	}
	broken := s.Check(v, schema.Options{Direction: d, Most: 1})
	if len(broken) == 0 || broken[0].Keyword != "type" || broken[0].Pointer != "" {
		return v
	}
	return text
}

// mostSettled bounds the texts that are looked at once more.
const mostSettled = 200

// settle gives texts the kind that the object as a whole asks for, where the schema of each alone does not tell: by oneOf, say, or
// patternProperties. A text that writes a number, a truth or null is one, if that leaves less wrong.
func settle(object map[string]any, s *schema.Schema, d schema.Direction) {
	if s == nil || s.Valid(object, d) {
		return
	}
	wrong := len(s.Check(object, schema.Options{Direction: d}))
	left := mostSettled
	try := func(text string, set func(any)) {
		v, err := source.DecodeJSON([]byte(text), source.Limits{})
		if _, isText := v.(string); err != nil || isText || left == 0 {
			return
		}
		left--
		set(v)
		if n := len(s.Check(object, schema.Options{Direction: d})); n < wrong {
			wrong = n
		} else {
			set(text)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		switch v := object[name].(type) {
		case string:
			try(v, func(x any) { object[name] = x })
		case []any:
			for i, item := range v {
				if text, ok := item.(string); ok {
					try(text, func(x any) { v[i] = x })
				}
			}
		}
	}
}

// mostNested bounds the way through references and combinations to a property.
const mostNested = 20

// propertyOf finds a property in a schema or in one that it refers to or combines.
func propertyOf(s *schema.Schema, name string, depth int) *schema.Schema {
	if s == nil || depth > mostNested {
		return nil
	}
	if p := s.Property(name); p != nil {
		return p
	}
	if p := propertyOf(s.Ref, name, depth+1); p != nil {
		return p
	}
	for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range list {
			if p := propertyOf(part, name, depth+1); p != nil {
				return p
			}
		}
	}
	if s.AdditionalProperties != nil && !s.AdditionalProperties.Never {
		return s.AdditionalProperties
	}
	return nil
}

// itemsOf is the schema of the elements of a list that a schema, or one that it refers to or combines, describes; nil if none does.
func itemsOf(s *schema.Schema) *schema.Schema {
	for range mostNested {
		switch {
		case s == nil || s.Items != nil:
			if s == nil {
				return nil
			}
			return s.Items
		case s.Ref != nil:
			s = s.Ref
		case len(s.AllOf) == 1:
			s = s.AllOf[0]
		default:
			for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
				if part != nil && part.Items != nil {
					return part.Items
				}
			}
			return nil
		}
	}
	return nil
}

// namesOf are the properties that a schema lists, itself or through references and combinations, in the order of the document.
func namesOf(s *schema.Schema) []string {
	var out []string
	for _, p := range propertiesOf(s) {
		if !slices.Contains(out, p.Name) {
			out = append(out, p.Name)
		}
	}
	return out
}

// propertiesOf are the properties that a schema lists, itself or through references and combinations. A name may come more than once.
func propertiesOf(s *schema.Schema) []schema.Property {
	var out []schema.Property
	seen := map[*schema.Schema]bool{}
	var walk func(*schema.Schema)
	walk = func(s *schema.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		out = append(out, s.Properties...)
		walk(s.Ref)
		for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
			walk(part)
		}
	}
	walk(s)
	return out
}
