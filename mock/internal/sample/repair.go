package sample

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// mostRepairs bounds the rounds of one repair: each mends what the one before it brought to light.
const mostRepairs = 12

// repair gives a valid value that keeps all of an example that is right, and the JSON Pointers of what was made up, changed or taken
// away. ok is false where too little of the example would be left.
func (s *Sampler) repair(value any, of *schema.Schema) (repaired any, pointers []string, ok bool) {
	value = copied(value)
	for round := range mostRepairs {
		broken := of.Check(value, schema.Options{Direction: schema.Response})
		if len(broken) == 0 {
			return value, pointers, true
		}
		// The deepest places first: what is around them may be right then.
		slices.SortStableFunc(broken, func(a, b schema.Violation) int { return strings.Count(b.Pointer, "/") - strings.Count(a.Pointer, "/") })
		deepest := strings.Count(broken[0].Pointer, "/")
		for _, v := range broken {
			if strings.Count(v.Pointer, "/") < deepest {
				break
			}
			pointer, done := s.mend(value, of, v, uint64(round))
			if !done {
				return nil, nil, false
			}
			if !slices.Contains(pointers, pointer) {
				pointers = append(pointers, pointer)
			}
		}
	}
	return nil, nil, false
}

// mend puts one thing right: it adds what is missing, takes away what must not be there, and makes the rest anew. The whole value is
// not made anew.
func (s *Sampler) mend(value any, of *schema.Schema, v schema.Violation, round uint64) (pointer string, ok bool) {
	switch {
	case v.Property != "" && v.Keyword == "required", v.Property != "" && v.Keyword == "dependentRequired":
		pointer = v.Pointer + "/" + escaped(v.Property)
		made, ok := s.made(of, pointer, round)
		return pointer, ok && assign(value, pointer, made)
	case v.Property != "":
		pointer = v.Pointer + "/" + escaped(v.Property)
		return pointer, remove(value, pointer)
	case v.Pointer == "":
		return "", false
	}
	if made, ok := s.made(of, v.Pointer, round); ok {
		return v.Pointer, assign(value, v.Pointer, made)
	}
	return v.Pointer, remove(value, v.Pointer)
}

// made makes up a value for a place.
func (s *Sampler) made(of *schema.Schema, pointer string, round uint64) (any, bool) {
	name := ""
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		if next := memberOf(of, token); next != nil {
			of, name = next, token
		} else if items := Items(of); items != nil {
			of = items
		} else {
			return nil, false
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(pointer + strconv.FormatUint(round, 10)))
	v, err := s.generator.Value(of, fake.Options{Seed: s.seed ^ h.Sum64(), Direction: schema.Response, Name: name})
	return v, err == nil
}

// memberOf is the schema of a property, nil if none is known.
func memberOf(s *schema.Schema, name string) *schema.Schema {
	for _, p := range Properties(s) {
		if p.Name == name {
			return p.Schema
		}
	}
	var out *schema.Schema
	walk(s, func(part *schema.Schema) {
		if out == nil && part.AdditionalProperties != nil && !part.AdditionalProperties.Never {
			out = part.AdditionalProperties
		}
	})
	return out
}

func escaped(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// holder finds what a pointer's last token stands in.
func holder(value any, pointer string) (in any, last string) {
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, t := range tokens {
		t = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
		if i == len(tokens)-1 {
			return value, t
		}
		switch v := value.(type) {
		case map[string]any:
			value = v[t]
		case []any:
			n, err := strconv.Atoi(t)
			if err != nil || n < 0 || n >= len(v) {
				return nil, ""
			}
			value = v[n]
		default:
			return nil, ""
		}
	}
	return nil, ""
}

func assign(value any, pointer string, v any) bool {
	switch in, last := holder(value, pointer); in := in.(type) {
	case map[string]any:
		in[last] = v
		return true
	case []any:
		if n, err := strconv.Atoi(last); err == nil && n >= 0 && n < len(in) {
			in[n] = v
			return true
		}
	}
	return false
}

// remove takes a member out of its object; an element of a list has to be made anew.
func remove(value any, pointer string) bool {
	in, last := holder(value, pointer)
	object, ok := in.(map[string]any)
	if _, has := object[last]; !ok || !has {
		return false
	}
	delete(object, last)
	return true
}

func copied(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, x := range v {
			out[name] = copied(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = copied(x)
		}
		return out
	}
	return value
}
