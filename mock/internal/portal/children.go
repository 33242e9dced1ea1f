package portal

import (
	"maps"
	"slices"
	"strconv"

	"standin/mock/schema"
)

// child is what will be a row below another.
type child struct {
	segment             string // of the anchor
	name, label, detail string
	from                string
	required, closed    bool
	schemas             []*schema.Schema
}

// children lists what lies inside a place. The first layer is the place's own shape; those of lists go on with that of their items.
func (t *tree) children(layers []*shape) []child {
	inner := layers[len(layers)-1]
	out := t.members(inner)
	for _, at := range layers {
		out = append(out, t.others(at, at == inner)...)
	}
	return slices.DeleteFunc(out, func(c child) bool {
		return slices.ContainsFunc(c.schemas, internal)
	})
}

// members are the properties of an object and the alternatives of a choice.
func (t *tree) members(sh *shape) []child {
	w := t.view
	var out []child
	for _, p := range sh.properties {
		out = append(out, child{segment: p.name, name: p.name, from: p.from, required: sh.required[p.name], schemas: p.schemas})
	}
	for _, part := range sh.parts {
		for _, p := range part.PatternProperties {
			pattern := p.Pattern.String()
			out = append(out, child{segment: pattern, label: w.T("label.pattern", pattern), schemas: []*schema.Schema{p.Schema}})
		}
	}
	if values := sh.values(); len(values) > 0 && telling(values) {
		out = append(out, child{segment: "{}", label: w.T("label.key"), schemas: values})
	}
	for _, g := range sh.groups {
		if _, ok := g.requirements(); ok {
			continue
		}
		out = append(out, t.alternatives(g)...)
	}
	return out
}

// alternatives are the rows of a choice, with the value that decides for each.
func (t *tree) alternatives(g group) []child {
	var out []child
	for i, s := range g.alternatives {
		if s.Types == schema.NullType && s.Ref == nil {
			continue // told by "nullable"
		}
		sh := shapeOf(s)
		name := sh.name
		if name == "" {
			name = s.Title
		}
		c := child{segment: "(" + name + ")", label: t.view.T("label." + g.kind), detail: name, schemas: []*schema.Schema{s}}
		if name == "" {
			c.segment = "(" + strconv.Itoa(i+1) + ")"
		}
		if value, ok := g.chosenBy(s, sh); ok {
			c.detail = g.discriminator.PropertyName + " = " + value
		}
		out = append(out, c)
	}
	return out
}

// chosenBy is the value of the discriminator that leads to an alternative.
func (g group) chosenBy(s *schema.Schema, sh *shape) (string, bool) {
	if g.discriminator == nil {
		return "", false
	}
	for _, value := range g.discriminator.Values {
		if to := g.discriminator.Mapping[value]; to == s || to != nil && sh.uses(to) {
			return value, true
		}
	}
	return "", false
}

// telling tells whether schemas say anything at all.
func telling(schemas []*schema.Schema) bool {
	return slices.ContainsFunc(schemas, func(s *schema.Schema) bool { return len(s.Node.Members()) > 0 })
}

// others are the rows of keywords that few documents use.
func (t *tree) others(sh *shape, innermost bool) []child {
	w := t.view
	var out []child
	add := func(segment, label string, s *schema.Schema) {
		if s != nil && (s.Never || len(s.Node.Members()) > 0) {
			out = append(out, child{segment: segment, label: label, schemas: []*schema.Schema{s}, closed: true})
		}
	}
	for _, s := range sh.parts {
		for i, item := range s.PrefixItems {
			out = append(out, child{segment: strconv.Itoa(i), label: w.T("label.item", i+1), schemas: []*schema.Schema{item}})
		}
		if items := s.Items; items != nil && innermost {
			label := w.T("label.items")
			if len(s.PrefixItems) > 0 {
				label = w.T("label.furtheritems")
			}
			add("items", label, items)
		}
		if sets, isSet := prohibited(s); s.Not != nil && !isSet && len(sets) == 0 {
			add("not", w.T("label.not"), s.Not)
		}
		if s.If != nil {
			add("if", w.T("label.if"), s.If)
			add("then", w.T("label.then"), s.Then)
			add("else", w.T("label.else"), s.Else)
		}
		add("contains", w.T("label.contains"), s.Contains)
		add("names", w.T("label.names"), s.PropertyNames)
		add("content", w.T("label.content"), s.ContentSchema)
		for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
			add("with-"+name, w.T("label.depends", name), s.DependentSchemas[name])
		}
		for _, rest := range []*schema.Schema{s.UnevaluatedProperties, s.UnevaluatedItems} {
			if rest != nil && !rest.Never {
				add("unevaluated", w.T("label.unevaluated"), rest)
			}
		}
	}
	return out
}

// prohibited lists the names that a schema's not keeps out, where that is all that it says.
func prohibited(s *schema.Schema) (sets []string, ok bool) {
	if s.Not == nil {
		return nil, false
	}
	if names, only := onlyRequires(s.Not); only {
		return names, true
	}
	if len(s.Not.Node.Members()) == 1 && len(s.Not.AnyOf) > 0 {
		return group{kind: "anyOf", alternatives: s.Not.AnyOf}.requirements()
	}
	return nil, false
}
