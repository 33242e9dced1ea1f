package portal

import (
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// conceals tells whether a schema, or any that it leads to, is marked x-internal.
func (p *Portal) conceals(s *schema.Schema) bool {
	if s == nil {
		return false
	}
	if known, ok := p.concealing.Load(s); ok {
		return known.(bool)
	}
	seen := map[*schema.Schema]bool{}
	found := false
	var walk func(*schema.Schema)
	walk = func(s *schema.Schema) {
		if s == nil || seen[s] || found {
			return
		}
		seen[s] = true
		if found = s.Node.Get("x-internal").True(); found {
			return
		}
		for _, next := range neighbours(s) {
			walk(next)
		}
	}
	walk(s)
	p.concealing.Store(s, found)
	return found
}

// neighbours are the schemas that a schema holds or refers to, as far as they describe members of values.
func neighbours(s *schema.Schema) []*schema.Schema {
	out := []*schema.Schema{s.Ref, s.DynamicRef, s.Items, s.AdditionalProperties}
	for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems} {
		out = append(out, list...)
	}
	for _, q := range s.Properties {
		out = append(out, q.Schema)
	}
	for _, q := range s.PatternProperties {
		out = append(out, q.Schema)
	}
	return out
}

// conceal takes from a JSON text the members that its schema marks x-internal: they appear nowhere. A text without any is given
// back as it is.
func (p *Portal) conceal(text []byte, s *schema.Schema) []byte {
	if !p.conceals(s) {
		return text
	}
	n, err := source.Parse("example.json", text, source.Limits{})
	if err != nil {
		return text
	}
	return without(n, []*schema.Schema{s}, 0).AppendJSON(nil)
}

func without(n *source.Node, schemas []*schema.Schema, depth int) *source.Node {
	if len(schemas) == 0 || depth > 100 {
		return n
	}
	all := withAlternatives(schemas)
	switch n.Kind() {
	case source.Array:
		var items []*schema.Schema
		for _, sh := range all {
			items = append(items, sh.items()...)
		}
		var kept []*source.Node
		for _, item := range n.Items() {
			kept = append(kept, without(item, items, depth+1))
		}
		return source.NewArray(n, kept...)
	case source.Object:
		var kept []source.Member
		for _, m := range n.Members() {
			of := membersOf(all, m.Name)
			hidden := false
			for _, s := range of {
				hidden = hidden || internal(s)
			}
			if !hidden {
				kept = append(kept, source.NewMember(m.Name, without(m.Value, of, depth+1)))
			}
		}
		return source.NewObject(n, kept...)
	}
	return n
}

// withAlternatives are the shapes of schemas and of all that may be chosen within them.
func withAlternatives(schemas []*schema.Schema) []*shape {
	out := []*shape{shapeOf(schemas...)}
	for i := 0; i < len(out) && len(out) < mostParts; i++ {
		for _, g := range out[i].groups {
			for _, s := range g.alternatives {
				out = append(out, shapeOf(s))
			}
		}
	}
	return out
}

// membersOf are the schemas for a member of that name: those of its property, else those of other names.
func membersOf(shapes []*shape, name string) []*schema.Schema {
	var listed, other []*schema.Schema
	for _, sh := range shapes {
		other = append(other, sh.values()...)
		for _, q := range sh.properties {
			if q.name == name {
				listed = append(listed, q.schemas...)
			}
		}
	}
	if len(listed) > 0 {
		return listed
	}
	return other
}
