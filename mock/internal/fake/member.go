package fake

import "standin/mock/schema"

// Member makes one property of an object alone: what [Generator.Value] would give it, for a fraction of the work. ok is false where that
// cannot be told without the others: the object is not one shape, or the property cannot be made at once.
func (g *Generator) Member(s *schema.Schema, name string, o Options) (v any, ok bool) {
	if s == nil {
		return nil, false
	}
	r := &run{generator: g, direction: o.Direction, suspects: map[string]int{}, values: mostValues, text: mostText}
	at := r.root(o, 0)
	sh, err := r.shape([]*schema.Schema{s}, at)
	if err != nil || sh.fixed != nil || len(sh.choices) > 0 || len(sh.except) > 0 {
		return nil, false
	}
	if kinds := r.kinds(sh, at); len(kinds) == 0 || kinds[0] != schema.ObjectType {
		return nil, false
	}
	here := *at
	here.parts = sh.parts
	m := &members{run: r, shape: sh, at: &here, row: newRow(sh, &here), made: map[string]any{}}
	if m.add(name) != nil {
		return nil, false
	}
	v, ok = m.made[name]
	return v, ok
}
