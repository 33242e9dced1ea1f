package backend

import (
	"maps"
	"slices"

	"standin/mock/internal/behaviour"
	"standin/mock/internal/fake"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// fit gives a row as another answer of the document describes it: the row itself where it is valid there, else what of it is, with
// the rest made up. ok is false where nothing valid can be made of it.
func (w *World) fit(value map[string]any, s *schema.Schema, key string) (fitted map[string]any, ok bool) {
	if s == nil || s.Valid(value, schema.Response) {
		return value, true
	}
	v, err := w.generator.Value(s, fake.Options{Seed: w.hash("fit", key), Direction: schema.Response})
	made, isObject := v.(map[string]any)
	if err != nil || !isObject {
		return nil, false
	}
	if thin := w.merged(value, made, s); s.Valid(thin, schema.Response) {
		return thin, true
	}
	for _, name := range slices.Sorted(maps.Keys(value)) { // one by one, what stays valid
		old, had := made[name]
		made[name] = value[name]
		if s.Valid(made, schema.Response) {
			continue
		}
		if had {
			made[name] = old
		} else {
			delete(made, name)
		}
	}
	return made, s.Valid(made, schema.Response)
}

// merged is the properties of a row that another schema lists, with what that schema requires beside them.
func (w *World) merged(value, made map[string]any, s *schema.Schema) map[string]any {
	out := map[string]any{}
	required := requiredOf(s)
	for _, p := range distinct(s) {
		if v, has := value[p.Name]; has && p.Schema.Valid(v, schema.Response) {
			out[p.Name] = v
		} else if v, has := made[p.Name]; has && required[p.Name] {
			out[p.Name] = v
		}
	}
	return out
}

// requiredOf are the properties that a schema requires, itself or by $ref and allOf.
func requiredOf(s *schema.Schema) map[string]bool {
	out := map[string]bool{}
	seen := map[*schema.Schema]bool{}
	var from func(s *schema.Schema)
	from = func(s *schema.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for _, name := range s.Required {
			out[name] = true
		}
		from(s.Ref)
		for _, part := range s.AllOf {
			from(part)
		}
	}
	from(s)
	return out
}

// shaped is a row as bytes, as the answers of a role describe it.
func (w *World) shaped(r *Role, one row) ([]byte, bool) {
	private := w.private[r.Collection]
	if !private && same(r.Answer, r.Collection.Row) && origin(r.Answer) == origin(r.Collection.Row) {
		return one.text, true
	}
	value := one.object()
	if private {
		value = behaviour.Shown(value)
	}
	fitted, ok := w.fit(value, r.Answer, one.key)
	if !ok {
		return nil, false
	}
	text, _, _ := sample.AppendJSON(nil, fitted, r.Answer, nil)
	return text, true
}
