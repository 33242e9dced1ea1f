package verify

import (
	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/fake"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// mostFilled is how many properties and items are added to one value, at most.
const mostFilled = 60

// filled is a valid value with what it lacks: properties that may be left out, and an item in each list that is empty, so that each has
// boundaries of its own. What would make it invalid stays out.
func (r *run) filled(s *schema.Schema, v any) any {
	if s == nil || !s.Valid(v, schema.Request) {
		return v
	}
	left := mostFilled
	r.fill(s, v, 0, &left, func(at []string, with any) bool {
		changed, ok := replaced(v, at, with, false)
		if ok = ok && s.Valid(changed, schema.Request); ok {
			v = changed
		}
		return ok
	}, nil)
	return v
}

// fill tries what may be put into the value at a place; put tells whether it fits.
func (r *run) fill(s *schema.Schema, v any, depth int, left *int, put func(at []string, with any) bool, at []string) {
	if depth >= mostDeep || *left <= 0 {
		return
	}
	inner := func(token string) []string { return append(append([]string(nil), at...), token) }
	made := func(s *schema.Schema, name string) (any, bool) {
		*left--
		one, err := r.generator.Value(s, fake.Options{Seed: r.Seed, Direction: schema.Request, Name: name})
		return one, err == nil && one != nil
	}
	switch v := v.(type) {
	case map[string]any:
		for _, p := range sample.Properties(s) {
			one, there := v[p.Name]
			if !there && *left > 0 && p.Schema != nil && !p.Schema.ReadOnly {
				if one, there = made(p.Schema, p.Name); there {
					there = put(inner(p.Name), one)
				}
			}
			if there {
				r.fill(p.Schema, one, depth+1, left, put, inner(p.Name))
			}
		}
	case []any:
		items := sample.Items(s)
		if items == nil {
			return
		}
		if len(v) > 0 {
			r.fill(items, v[0], depth+1, left, put, inner("0"))
			return
		}
		if one, ok := made(items, ""); ok && put(at, []any{one}) {
			r.fill(items, one, depth+1, left, put, inner("0"))
		}
	}
}

// distinct gives each case that creates a row whose key the client chooses a key of its own, so that none is refused for being there.
func (r *run) distinct(op *contract.Operation, base *draft, cases []testCase) []testCase {
	role := r.model.Role(op)
	if role == nil || role.Kind != backend.Create || len(role.Collection.Key) != 1 || role.Many {
		return cases
	}
	at := append(append([]string(nil), role.Inside...), role.Collection.Key...)
	key := inside(base.body, at)
	if key == nil || !plain(key) || base.media == nil {
		return cases
	}
	s := role.Collection.KeySchema
	for i := range cases {
		d := cases[i].draft
		if !d.has || inside(d.body, at) != key {
			continue
		}
		fresh, err := r.generator.Value(s, fake.Options{Seed: r.Seed + uint64(5000+i), Direction: schema.Request, Name: at[len(at)-1]})
		if err != nil {
			continue
		}
		changed, ok := replaced(d.body, at, fresh, false)
		if !ok || base.media.Schema != nil && base.media.Schema.Valid(d.body, schema.Request) != base.media.Schema.Valid(changed, schema.Request) {
			continue
		}
		cases[i].draft = d.clone()
		cases[i].draft.body = changed
	}
	return cases
}
