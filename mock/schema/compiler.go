package schema

import (
	"cmp"
	"fmt"
	"slices"

	"standin/mock/internal/source"
)

// Compiler compiles schemas of one dialect. It is not safe for concurrent use; the schemas it gives are immutable.
type Compiler struct {
	loader    Loader
	dialect   Dialect
	resources map[string]*resource // by absolute URI
	roots     map[*Node]*resource  // those nodes at which a resource begins
	schemas   map[*Node]*Schema
	failed    map[string]error // documents that could not be loaded

	queue         []job
	fresh         []*Schema // compiled since the last link
	discriminated []job
	diagnostics   []Diagnostic
}

// job is a schema still to be compiled, with the resource that it stands in.
type job struct {
	schema *Schema
	in     *resource
}

// NewCompiler makes a compiler. Without a loader (nil), references lead no further than the value given to Compile.
func NewCompiler(l Loader, d Dialect) *Compiler {
	return &Compiler{
		loader:    l,
		dialect:   d,
		resources: map[string]*resource{},
		roots:     map[*Node]*resource{},
		schemas:   map[*Node]*Schema{},
		failed:    map[string]error{},
	}
}

// Compile gives the schema at n, which stands in the document uri. References within the document start from its root as the
// loader gives it, or from n where the loader has no such document. Compile never fails: what cannot be compiled becomes a
// schema that allows everything, with a diagnostic. The same node compiles once.
func (c *Compiler) Compile(uri string, n *Node) *Schema {
	if n == nil {
		return c.everything(nil)
	}
	s := c.schema(n, c.home(uri, n))
	c.drain()
	return s
}

// Diagnostics drains what was found since the last call, in order of place. What is said of a place is said once.
func (c *Compiler) Diagnostics() []Diagnostic {
	seen := make(map[Diagnostic]bool, len(c.diagnostics))
	found := slices.DeleteFunc(c.diagnostics, func(d Diagnostic) bool {
		known := seen[d]
		seen[d] = true
		return known
	})
	c.diagnostics = nil
	slices.SortStableFunc(found, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Position.File, b.Position.File), a.Position.Line-b.Position.Line, a.Position.Col-b.Position.Col)
	})
	return found
}

// warn notes what is odd about the keyword of the schema at n, and yet understood.
func (c *Compiler) warn(n *Node, keyword, format string, args ...any) {
	c.diagnose(Warning, n, keyword, format, args...)
}

// fault notes that what the keyword of the schema at n promises cannot be kept.
func (c *Compiler) fault(n *Node, keyword, format string, args ...any) {
	c.diagnose(Error, n, keyword, format, args...)
}

func (c *Compiler) diagnose(l Level, n *Node, keyword, format string, args ...any) {
	c.diagnostics = append(c.diagnostics, Diagnostic{
		Position: n.PositionOf(keyword),
		Level:    l,
		Message:  fmt.Sprintf(format, args...),
		Keyword:  keyword,
	})
}

// schema is the schema at n, compiled by the next drain if it is new.
func (c *Compiler) schema(n *Node, in *resource) *Schema {
	if s, ok := c.schemas[n]; ok {
		return s
	}
	s := c.everything(n)
	c.schemas[n] = s
	c.queue = append(c.queue, job{s, in})
	return s
}

// everything is a schema at n without any keyword.
func (c *Compiler) everything(n *Node) *Schema {
	s := &Schema{
		Node: n, MaxLength: -1, MaxItems: -1, MinContains: 1, MaxContains: -1, MaxProperties: -1,
	}
	s.trivial = true
	return s
}

// drain compiles all that waits, without recursion however long the chain of references is.
func (c *Compiler) drain() {
	for len(c.queue)+len(c.discriminated) > 0 {
		if len(c.queue) == 0 {
			next := c.discriminated[0]
			c.discriminated = c.discriminated[1:]
			c.discriminate(next.schema, next.in)
			continue
		}
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.build(next.schema, next.in)
		c.fresh = append(c.fresh, next.schema)
	}
	c.queue, c.discriminated = nil, nil
	c.link()
}

// building is one schema object on its way to a Schema.
type building struct {
	*Compiler
	s  *Schema
	n  *Node
	in *resource
	// nullable and the exclusive bounds of 3.0, which make sense only beside other keywords.
	nullable, excludeMinimum, excludeMaximum bool
}

func (c *Compiler) build(s *Schema, in *resource) {
	n := s.Node
	if s.Name == "" {
		s.Name = in.names()[n]
	}
	switch n.Kind() {
	case source.Bool:
		s.in, s.Never = in, !n.True()
		return
	case source.Object:
	default:
		c.fault(n, "", "a schema must be an object or a boolean, this is %s; it allows everything", article(n))
		return
	}
	in = c.enter(n, in)
	s.in = in
	b := &building{Compiler: c, s: s, n: n, in: in}
	if c.dialect >= OpenAPI30 && n.Get("$ref").Is(source.String) {
		b.reference(source.Member{Name: "$ref", Value: n.Get("$ref")})
		return
	}
	for _, m := range n.Members() {
		if in.silent && isAssertion(m.Name) {
			continue
		}
		b.foreign(m.Name)
		_ = b.reference(m) || b.apply(m) || b.general(m) || b.numeric(m) || b.text(m) || b.array(m) || b.object(m) || b.annotate(m)
	}
	b.finish()
}

// foreign notes a keyword that the dialect does not have (OpenAPI 3.0.3 and 2.0, Schema Object), and what is made of it.
func (b *building) foreign(keyword string) {
	if b.dialect < OpenAPI30 {
		return
	}
	version := "3.0"
	if b.dialect == OpenAPI20 {
		version = "2.0"
	}
	switch keyword {
	case "const", "$dynamicRef":
		b.warn(b.n, keyword, "%s is no keyword of OpenAPI %s; it is ignored", keyword, version)
	case "if", "contains", "prefixItems", "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas",
		"unevaluatedItems", "unevaluatedProperties":
		b.warn(b.n, keyword, "%s is no keyword of OpenAPI %s; it is applied as in JSON Schema 2020-12", keyword, version)
	case "oneOf", "anyOf", "not":
		if b.dialect == OpenAPI20 {
			b.warn(b.n, keyword, "%s is no keyword of OpenAPI 2.0; it is applied as in OpenAPI 3.0", keyword)
		}
	}
}

// finish settles what depends on several keywords.
func (b *building) finish() {
	s := b.s
	if b.in.old {
		b.arraysOfOld()
	}
	b.foldExclusive("minimum", &s.Minimum, &s.ExclusiveMinimum, b.excludeMinimum)
	b.foldExclusive("maximum", &s.Maximum, &s.ExclusiveMaximum, b.excludeMaximum)
	if b.nullable {
		b.allowNull()
	}
	b.assertFormat()
	b.contradictions()
	if s.Discriminator != nil {
		b.discriminated = append(b.discriminated, job{s, b.in})
	}
}

// isAssertion tells whether a keyword belongs to the validation vocabulary (2020-12 validation, 6).
func isAssertion(keyword string) bool {
	switch keyword {
	case "type", "enum", "const", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
		"minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains",
		"minProperties", "maxProperties", "required", "dependentRequired":
		return true
	}
	return false
}

// sub is the schema under a keyword that holds one schema.
func (b *building) sub(m source.Member) *Schema { return b.schema(m.Value, b.in) }

// list is the schemas under a keyword that holds an array of schemas.
func (b *building) list(m source.Member) []*Schema {
	if !m.Value.Is(source.Array) {
		b.wrong(m, "an array of schemas")
		return nil
	}
	if len(m.Value.Items()) == 0 && m.Name != "prefixItems" {
		b.empty(m)
		return nil
	}
	list := make([]*Schema, 0, len(m.Value.Items()))
	for _, item := range m.Value.Items() {
		list = append(list, b.schema(item, b.in))
	}
	return list
}

// empty notes a list without schemas. To keep all of none is no promise; to choose among none would refuse every value.
func (b *building) empty(m source.Member) {
	if m.Name == "allOf" {
		b.warn(b.n, m.Name, "%s is empty, so it has no effect", m.Name)
		return
	}
	b.fault(b.n, m.Name, "%s is empty, which would refuse every value; it is ignored", m.Name)
}

// flag is the value of a keyword that holds a boolean.
func (b *building) flag(m source.Member) bool {
	if !m.Value.Is(source.Bool) {
		b.wrong(m, "a boolean")
	}
	return m.Value.True()
}

// words is the value of a keyword that holds an array of strings; what is no string is left out.
func (b *building) words(m source.Member, v *Node) []string {
	if !v.Is(source.Array) {
		b.wrong(source.Member{Name: m.Name, Value: v}, "an array of names")
		return nil
	}
	words := make([]string, 0, len(v.Items()))
	seen := make(map[string]bool, len(v.Items()))
	for _, item := range v.Items() {
		if !item.Is(source.String) {
			b.fault(b.n, m.Name, "%s must hold names only, not %s; it is left out", m.Name, article(item))
			continue
		}
		if !seen[item.Text()] {
			seen[item.Text()] = true
			words = append(words, item.Text())
		}
	}
	return words
}

// wrong notes that the value of a keyword is of a wrong kind, so the keyword is ignored.
func (b *building) wrong(m source.Member, wanted string) {
	b.fault(b.n, m.Name, "%s must be %s, not %s; it is ignored", m.Name, wanted, article(m.Value))
}

// article names the kind of a node within a sentence.
func article(n *Node) string {
	switch n.Kind() {
	case source.String:
		return "the string " + quote(n.Text())
	case source.Number:
		return "the number " + clip(n.Text(), 40)
	case source.Bool:
		return n.Text()
	case source.Array:
		return "an array"
	case source.Object:
		return "an object"
	}
	return "null"
}
