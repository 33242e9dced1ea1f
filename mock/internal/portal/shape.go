package portal

import (
	"slices"
	"strings"

	"standin/mock/schema"
)

// mostParts bounds the walk through the schemas that apply to one place.
const mostParts = 200

// shape is what all schemas that apply to one place say together: the schema itself, what it refers to, and the members of its
// allOf.
type shape struct {
	parts []*schema.Schema // in order of authority: the schema itself first
	// principal is what the place's own schema stands for. A place below it with the same one is recursive.
	principal *schema.Schema
	// name is the shared schema that the place is of, "" if it is of none; named is that schema.
	name  string
	named *schema.Schema
	// typeName is x-type-name, "" for none.
	typeName string
	// types are the JSON types that all parts allow; 0 allows all.
	types      schema.TypeSet
	nullable   bool
	properties []property
	required   map[string]bool
	groups     []group
	never      bool
}

// property is one name with the schemas that apply to it, from several parts perhaps.
type property struct {
	name    string
	schemas []*schema.Schema
	// from names the shared schema that brought the property by allOf, "" for the place's own.
	from string
}

// group is a choice between schemas.
type group struct {
	// kind is oneOf or anyOf.
	kind          string
	alternatives  []*schema.Schema
	discriminator *schema.Discriminator
}

// shapeOf gathers what the schemas of one place say.
func shapeOf(schemas ...*schema.Schema) *shape {
	g := gatherer{out: &shape{required: map[string]bool{}}, seen: map[*schema.Schema]bool{}, index: map[string]int{}}
	for _, s := range schemas {
		g.own(s)
	}
	return g.out
}

type gatherer struct {
	out   *shape
	seen  map[*schema.Schema]bool
	index map[string]int // of properties
}

// own visits a schema that the place is of: its name is the place's.
func (g *gatherer) own(s *schema.Schema) {
	if at := principal(s); g.out.principal == nil && at != nil {
		g.out.principal = at
		if at.Name != "" {
			g.out.name, g.out.named = at.Name, at
		}
	}
	g.visit(s, "")
}

// principal is what a schema stands for: itself, or where its reference leads if it adds nothing to the structure there. A single
// member of allOf is a reference with a description of its own.
func principal(s *schema.Schema) *schema.Schema {
	for hops := 0; s != nil && hops < mostParts; hops++ {
		plain := len(s.Properties) == 0 && len(s.OneOf) == 0 && len(s.AnyOf) == 0 && s.Items == nil && s.AdditionalProperties == nil
		only := orNull(slices.Concat(s.OneOf, s.AnyOf))
		switch {
		case only != nil && s.Name == "" && s.Ref == nil && len(s.AllOf) == 0 && len(s.Properties) == 0:
			s = only
		case plain && s.Ref != nil && len(s.AllOf) == 0:
			s = s.Ref
		case plain && s.Ref == nil && len(s.AllOf) == 1 && s.Name == "":
			s = s.AllOf[0]
		default:
			return s
		}
	}
	return s
}

// visit takes a schema in, with everything that applies beside it.
func (g *gatherer) visit(s *schema.Schema, from string) {
	if s == nil || g.seen[s] || len(g.seen) > mostParts {
		return
	}
	g.seen[s] = true
	out := g.out
	out.parts = append(out.parts, s)
	out.never = out.never || s.Never
	out.nullable = out.nullable || s.Nullable
	if out.typeName == "" {
		out.typeName = s.Node.Get("x-type-name").Text()
	}
	out.types = intersect(out.types, s.Types)
	g.visit(s.Ref, from)
	g.visit(s.DynamicRef, from)
	for _, member := range s.AllOf {
		if internal(member) {
			continue
		}
		g.visit(member, origin(member, from, out.named))
	}
	for _, p := range s.Properties {
		g.property(p, from)
	}
	for _, name := range s.Required {
		out.required[name] = true
	}
	g.choice(group{"oneOf", s.OneOf, s.Discriminator}, from)
	g.choice(group{"anyOf", s.AnyOf, s.Discriminator}, from)
}

// choice takes in a choice between schemas; one between a schema and null is that schema, nullable.
func (g *gatherer) choice(c group, from string) {
	if len(c.alternatives) == 0 {
		return
	}
	if only := orNull(c.alternatives); only != nil {
		g.out.nullable = true
		g.visit(only, from)
		return
	}
	g.out.groups = append(g.out.groups, c)
}

// orNull gives the one schema that there is beside null; nil if there are more, or none.
func orNull(alternatives []*schema.Schema) *schema.Schema {
	if len(alternatives) != 2 {
		return nil
	}
	for i, s := range alternatives {
		if s.Types == schema.NullType && s.Ref == nil && !internal(alternatives[1-i]) {
			return alternatives[1-i]
		}
	}
	return nil
}

// internal tells that a schema, or what it refers to, is marked x-internal and must not be shown.
func internal(s *schema.Schema) bool {
	for hops := 0; s != nil && hops < 20; s, hops = s.Ref, hops+1 {
		if s.Node.Get("x-internal").True() {
			return true
		}
	}
	return false
}

// origin names where the properties of a member of allOf come from.
func origin(member *schema.Schema, from string, named *schema.Schema) string {
	for at, hops := member, 0; at != nil && hops < 10; at, hops = at.Ref, hops+1 {
		if at.Name != "" && at != named {
			return at.Name
		}
	}
	return from
}

func (g *gatherer) property(p schema.Property, from string) {
	if i, ok := g.index[p.Name]; ok {
		at := &g.out.properties[i]
		at.schemas = append([]*schema.Schema{p.Schema}, at.schemas...)
		return
	}
	g.index[p.Name] = len(g.out.properties)
	g.out.properties = append(g.out.properties, property{p.Name, []*schema.Schema{p.Schema}, from})
}

// intersect gives the types that both sets allow; the empty set allows all.
func intersect(a, b schema.TypeSet) schema.TypeSet {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	}
	both := a & b
	if a.Has(schema.IntegerType) && b.Has(schema.IntegerType) {
		both |= schema.IntegerType
	}
	if both == 0 {
		return a
	}
	return both
}

// first gives the first text that a part has.
func (sh *shape) first(of func(*schema.Schema) string) string {
	for _, s := range sh.parts {
		if text := of(s); strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

// any tells whether a part says so.
func (sh *shape) any(of func(*schema.Schema) bool) bool { return slices.ContainsFunc(sh.parts, of) }

// description is what the document says of the place, in the reader's language where it can.
func (sh *shape) description(lang string) string {
	return sh.first(func(s *schema.Schema) string {
		if lang == chinese {
			if zh := s.Node.Get("x-description-zh").Text(); zh != "" {
				return zh
			}
		}
		return s.Description
	})
}

func (sh *shape) items() []*schema.Schema {
	var out []*schema.Schema
	for _, s := range sh.parts {
		if s.Items != nil {
			out = append(out, s.Items)
		}
	}
	return out
}

// isList tells that values are arrays all of whose items are described together.
func (sh *shape) isList() bool {
	if sh.any(func(s *schema.Schema) bool { return len(s.PrefixItems) > 0 }) {
		return false
	}
	return sh.types&^schema.NullType == schema.ArrayType || sh.types == 0 && len(sh.items()) > 0 && len(sh.properties) == 0
}

// layers are the shape and, as long as it is a list, that of its items, and so on: [] is not written in anchors.
func (sh *shape) layers() []*shape {
	out := []*shape{sh}
	for at := sh; at.isList() && len(out) < 6; {
		items := at.items()
		if len(items) == 0 {
			break
		}
		at = shapeOf(items...)
		out = append(out, at)
	}
	return out
}

// values are the schemas of the values of a map: those of names that are not listed.
func (sh *shape) values() []*schema.Schema {
	var out []*schema.Schema
	for _, s := range sh.parts {
		if s.AdditionalProperties != nil && !s.AdditionalProperties.Never {
			out = append(out, s.AdditionalProperties)
		}
	}
	return out
}

// closed tells that no names but the listed ones are allowed.
func (sh *shape) closed() bool {
	return sh.any(func(s *schema.Schema) bool {
		return s.AdditionalProperties != nil && s.AdditionalProperties.Never || s.UnevaluatedProperties != nil && s.UnevaluatedProperties.Never
	})
}

// onlyRequires lists the names that a schema demands if it says nothing else.
func onlyRequires(s *schema.Schema) ([]string, bool) {
	n := s.Node
	if s.Ref != nil || len(s.Required) == 0 || len(n.Members()) == 0 {
		return nil, false
	}
	for _, m := range n.Members() {
		switch m.Name {
		case "required", "title", "description", "type":
		default:
			return nil, false
		}
	}
	return s.Required, true
}

// requirements gives, for a choice whose alternatives only demand names, those names; ok is false for any other choice.
func (g group) requirements() (sets []string, ok bool) {
	for _, s := range g.alternatives {
		names, only := onlyRequires(s)
		if !only {
			return nil, false
		}
		sets = append(sets, strings.Join(names, " + "))
	}
	return sets, len(sets) > 0
}
