package schema

import (
	"path"
	"slices"
	"strings"

	"standin/mock/internal/source"
)

// discriminator reads the discriminator object of OpenAPI 3 (Discriminator Object), or the property's name that 2.0 has there.
func (b *building) discriminator(m source.Member) {
	if b.dialect == Draft202012 {
		return
	}
	name := m.Value
	if m.Value.Is(source.Object) {
		name = m.Value.Get("propertyName")
	}
	if !name.Is(source.String) || name.Text() == "" {
		b.warn(b.n, m.Name, "the discriminator does not say which property tells the kinds apart (propertyName); it is ignored")
		return
	}
	b.s.Discriminator = &Discriminator{PropertyName: name.Text(), Mapping: map[string]*Schema{}}
}

// discriminate fills the mapping: the entries of the document first, then the implicit names of the branches that no entry
// leads to. Beside oneOf or anyOf the branches are those; alone, they are the schemas that extend this one by allOf.
func (c *Compiler) discriminate(s *Schema, in *resource) {
	d := s.Discriminator
	branches := slices.Concat(s.OneOf, s.AnyOf)
	d.parent = len(branches) == 0
	for _, m := range s.Node.Get("discriminator").Get("mapping").Members() {
		if to := c.mapped(s, in, m); to != nil {
			d.add(m.Name, branchOf(branches, to))
		}
	}
	if d.parent {
		c.discriminateChildren(s, in)
		return
	}
	for _, b := range branches {
		switch {
		case b.Ref == nil:
			d.open = true
		case !d.leadsTo(b):
			d.add(implicitName(b), b)
		}
	}
}

// discriminateChildren adds the schemas that extend s.
func (c *Compiler) discriminateChildren(s *Schema, in *resource) {
	d := s.Discriminator
	explicit := len(d.Values) > 0
	for _, child := range c.descendants(s.Node, in) {
		if to := c.schema(child.Value, in); !d.leadsTo(to) {
			d.add(child.Name, to)
		}
	}
	if !explicit && len(d.Values) > 0 && s.Name != "" {
		d.add(s.Name, s)
	}
	for _, to := range d.Mapping {
		if !to.linked && to != s {
			to.parents = append(to.parents, s)
		}
	}
}

// unname takes back the implicit names that their own branches do not allow as a value. Some documents leave the mapping out
// and list the values in the branches: then those tell the kinds apart.
func (c *Compiler) unname(s *Schema) {
	d := s.Discriminator
	explicit := s.Node.Get("discriminator").Get("mapping")
	d.Values = slices.DeleteFunc(d.Values, func(name string) bool {
		if explicit.Get(name) != nil || !d.Mapping[name].refuses(d.PropertyName, name) {
			return false
		}
		c.warn(s.Node, "discriminator", "without a mapping, %s of the alternative called so would be %s, which it does not allow; its own values are used",
			quote(d.PropertyName), quote(name))
		delete(d.Mapping, name)
		d.open = true
		return true
	})
}

// refuses tells whether the enum or const of a property, stated in any case, lacks a value.
func (s *Schema) refuses(property string, value any) bool {
	return slices.ContainsFunc(s.parts(), func(part *Schema) bool {
		p := part.Property(property)
		return p != nil && slices.ContainsFunc(p.parts(), func(q *Schema) bool {
			listed := slices.ContainsFunc(q.Enum, func(v any) bool { return Equal(v, value) })
			return q.HasEnum && !listed || q.HasConst && !Equal(q.Const, value)
		})
	})
}

func (d *Discriminator) add(value string, s *Schema) {
	if _, ok := d.Mapping[value]; !ok {
		d.Values = append(d.Values, value)
		d.Mapping[value] = s
	}
}

func (d *Discriminator) leadsTo(s *Schema) bool {
	for _, to := range d.Mapping {
		if to == s {
			return true
		}
	}
	return false
}

// branchOf is the branch that refers to a schema, or the schema itself.
func branchOf(branches []*Schema, to *Schema) *Schema {
	for _, b := range branches {
		if b.Ref == to {
			return b
		}
	}
	return to
}

// implicitName is the value that chooses a branch without an entry in the mapping: the name of the schema referred to.
func implicitName(b *Schema) string {
	if b.Ref.Name != "" {
		return b.Ref.Name
	}
	base := path.Base(b.Node.Get("$ref").Text())
	return strings.TrimSuffix(base, path.Ext(base))
}

// mapped is the schema that an entry of a mapping leads to: a name if there is a schema so called, else a reference.
func (c *Compiler) mapped(s *Schema, in *resource, m source.Member) *Schema {
	text := m.Value.StringOr("")
	for _, shelf := range in.shelves() {
		if n := shelf.Get(text); n != nil {
			return c.schema(n, in)
		}
	}
	to, err := c.resolve(in, text)
	if text == "" || err != nil {
		c.fault(s.Node, "discriminator", "the mapping of %s leads nowhere: there is no schema %s", quote(m.Name), quote(text))
		return nil
	}
	named := c.schema(to.node, to.in)
	if named.Name == "" && named.in == nil {
		named.Name = to.name
	}
	return named
}

// descendants are the named schemas of a document that extend the one at n by a $ref in their allOf, directly or through
// others, nearest first.
func (c *Compiler) descendants(n *Node, in *resource) []source.Member {
	if in.extending == nil {
		in.extending = map[*Node][]source.Member{}
		for _, shelf := range in.shelves() {
			c.extensions(shelf, in)
		}
	}
	var found []source.Member
	seen := map[*Node]bool{n: true}
	for level := []*Node{n}; len(level) > 0; {
		var next []*Node
		for _, parent := range level {
			for _, child := range in.extending[parent] {
				if !seen[child.Value] {
					seen[child.Value] = true
					found = append(found, child)
					next = append(next, child.Value)
				}
			}
		}
		level = next
	}
	return found
}

func (c *Compiler) extensions(shelf *Node, in *resource) {
	for _, m := range shelf.Members() {
		for _, part := range m.Value.Get("allOf").Items() {
			ref := part.Get("$ref").StringOr("")
			if !strings.HasPrefix(ref, "#") {
				continue
			}
			if to, err := c.resolve(in, ref); err == nil {
				in.extending[to.node] = append(in.extending[to.node], m)
			}
		}
	}
}
