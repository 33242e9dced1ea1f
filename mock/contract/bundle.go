package contract

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Bundle is the document in one piece: what it refers to in other files stands in it. Shared schemas of other files are among its own
// (components.schemas; definitions in OpenAPI 2.0), under the last name of the reference or of the file; anything else stands where the
// reference was. What cannot be followed stays as written. A document of one file is its root as it is.
func (c *Contract) Bundle() *Node {
	b := &bundler{contract: c, names: map[string]string{}, taken: map[string]bool{}, open: map[string]bool{}, left: mostBundled, home: []string{"components", "schemas"}}
	if c.dialect == schema.OpenAPI20 {
		b.home = []string{"definitions"}
	}
	b.own = c.root
	for _, name := range b.home {
		b.own = b.own.Get(name)
	}
	out := b.value(c.top(), grammar{}, 0)
	for len(b.waiting) > 0 { // schemas that schemas lead to
		next := b.waiting[0]
		b.waiting = b.waiting[1:]
		b.added = append(b.added, source.NewMember(next.name, b.value(next.at, grammar{schema: true}, 0)))
	}
	if len(b.added) == 0 {
		return out
	}
	return withMembers(out, b.home, b.added)
}

// Bounds of a bundle: values that are looked at, and their nesting.
const (
	mostBundled    = 5_000_000
	deepestBundled = 400
)

// bundler gathers what a document refers to in other files.
type bundler struct {
	contract *Contract
	home     []string          // the way to the shared schemas
	own      *Node             // the document's shared schemas, as written
	names    map[string]string // of schemas of other files, by file#fragment
	taken    map[string]bool   // those names
	waiting  []named
	added    []source.Member
	open     map[string]bool // what is put in place just now, so that nothing is put into itself
	left     int
}

// named is a schema of another file under its name in the bundle.
type named struct {
	name string
	at   spot
}

// grammar is what a value is by its place: whether a schema, and whether its members are names of the author's.
type grammar struct{ schema, dictionary bool }

// The members that hold values of the API, in which nothing is a reference, and those that map names to objects.
func isPayload(m source.Member) bool {
	return slices.Contains([]string{"example", "default", "const", "enum", "value"}, m.Name) || m.Name == "examples" && m.Value.Is(source.Array)
}

var bundledDictionaries = []string{
	"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses", "parameters", "examples", "requestBodies",
	"headers", "securitySchemes", "links", "callbacks", "pathItems", "paths", "webhooks", "content", "encoding",
}

// below is the grammar of a member.
func (g grammar) below(m source.Member) grammar {
	if g.dictionary {
		return grammar{schema: g.schema}
	}
	begins := slices.Contains([]string{"schema", "itemSchema", "schemas", "definitions", "$defs"}, m.Name)
	return grammar{g.schema || begins, m.Value.Is(source.Object) && slices.Contains(bundledDictionaries, m.Name)}
}

// value is a value with everything in place below it; the very value if nothing had to be done.
func (b *bundler) value(s spot, g grammar, depth int) *Node {
	if b.left--; b.left < 0 || depth > deepestBundled {
		return s.Node
	}
	switch s.Kind() {
	case source.Array:
		items := slices.Clone(s.Items())
		changed := false
		for i, item := range items {
			items[i] = b.value(spot{item, s.file}, grammar{schema: g.schema}, depth+1)
			changed = changed || items[i] != item
		}
		if changed {
			return source.NewArray(s.Node, items...)
		}
	case source.Object:
		if ref := s.Get("$ref"); ref.Is(source.String) && (!g.dictionary || len(s.Members()) == 1) {
			return b.reference(s, g, depth)
		}
		return b.object(s, g, depth)
	}
	return s.Node
}

// object is value for an object that is no reference.
func (b *bundler) object(s spot, g grammar, depth int) *Node {
	members := slices.Clone(s.Members())
	changed := false
	for i, m := range members {
		if !g.dictionary && isPayload(m) {
			continue
		}
		to := b.member(m, s.file, g, depth)
		if to != m.Value {
			members[i], changed = source.NewMember(m.Name, to), true
		}
	}
	if !changed {
		return s.Node
	}
	return source.NewObject(s.Node, members...)
}

func (b *bundler) member(m source.Member, file string, g grammar, depth int) *Node {
	if g.schema && !g.dictionary && m.Name == "discriminator" {
		return b.discriminator(spot{m.Value, file})
	}
	return b.value(spot{m.Value, file}, g.below(m), depth+1)
}

// discriminator puts the references of a mapping right; names of schemas stay.
func (b *bundler) discriminator(s spot) *Node {
	mapping := s.Get("mapping")
	if !mapping.Is(source.Object) {
		return s.Node
	}
	members := slices.Clone(mapping.Members())
	for i, m := range members {
		text := m.Value.Text()
		if !strings.ContainsAny(text, "/#") && path.Ext(text) == "" {
			continue
		}
		if ref, ok := b.schema(s.file, text); ok {
			members[i] = source.NewMember(m.Name, source.NewString(m.Value, ref))
		}
	}
	return withMember(s.Node, "mapping", source.NewObject(mapping, members...))
}

// reference puts in place what an object refers to; what stands beside the reference goes before it (OpenAPI 3.1, 4.8.9 and 4.8.23).
func (b *bundler) reference(s spot, g grammar, depth int) *Node {
	text := s.Get("$ref").Text()
	if g.schema {
		out := b.object(s, g, depth)
		if ref, ok := b.schema(s.file, text); ok && ref != text {
			out = withMember(out, "$ref", source.NewString(s.Get("$ref"), ref))
		}
		return out
	}
	file, fragment, ok := b.place(s.file, text)
	key := file + "#" + fragment
	root := b.contract.files.root()
	if !ok || b.open[key] || file == root && s.file == root {
		return b.object(s, g, depth)
	}
	if file == root {
		return withMember(b.object(s, g, depth), "$ref", source.NewString(s.Get("$ref"), "#"+fragment))
	}
	hops := mostHops
	to, err := b.contract.target(s.file, text, &hops)
	if err != nil {
		return s.Node
	}
	b.open[key] = true
	defer delete(b.open, key)
	out := b.value(to, g, depth+1)
	beside := b.object(s, g, depth).Without("$ref")
	if !out.Is(source.Object) || len(beside.Members()) == 0 {
		return out
	}
	for _, m := range beside.Members() {
		out = withMember(out, m.Name, m.Value)
	}
	return out
}

// schema gives a reference to a schema of the bundle in the place of one made in a file; ok tells whether it leads anywhere.
func (b *bundler) schema(from, text string) (ref string, ok bool) {
	file, fragment, ok := b.place(from, text)
	if !ok {
		return "", false
	}
	if file == b.contract.files.root() {
		return "#" + fragment, true
	}
	key := file + "#" + fragment
	name := b.names[key]
	if name == "" {
		hops := mostHops
		to, err := b.contract.target(from, text, &hops)
		if err != nil {
			return "", false
		}
		name = b.free(file, fragment)
		b.names[key] = name
		b.waiting = append(b.waiting, named{name, to})
	}
	return "#/" + strings.Join(b.home, "/") + "/" + source.Escape(name), true
}

// place is the file and the fragment that a reference made in a file names.
func (b *bundler) place(from, text string) (file, fragment string, ok bool) {
	name, fragment, _ := strings.Cut(text, "#")
	if name == "" {
		return from, fragment, true
	}
	file, err := b.contract.files.join(from, name)
	return file, fragment, err == nil
}

// free is a name for a schema of another file that no other schema has, of the signs that names of components have (OpenAPI 3.1, 4.8.7).
func (b *bundler) free(file, fragment string) string {
	wanted := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if i := strings.LastIndexByte(fragment, '/'); i >= 0 && i+1 < len(fragment) {
		wanted = source.Unescape(fragment[i+1:])
	}
	wanted = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, wanted)
	name := wanted
	for n := 2; b.taken[name] || b.own.Get(name) != nil; n++ {
		name = wanted + "-" + strconv.Itoa(n)
	}
	b.taken[name] = true
	return name
}

// withMember is an object with a member more, or with another value of it.
func withMember(n *Node, name string, value *Node) *Node {
	members := slices.Clone(n.Members())
	i := slices.IndexFunc(members, func(m source.Member) bool { return m.Name == name })
	if i < 0 {
		return source.NewObject(n, append(members, source.NewMember(name, value))...)
	}
	members[i] = source.NewMember(name, value)
	return source.NewObject(n, members...)
}

// withMembers is a document with members more at the end of a way from its root.
func withMembers(n *Node, way []string, more []source.Member) *Node {
	if len(way) == 0 {
		return source.NewObject(n, append(slices.Clone(n.Members()), more...)...)
	}
	inner := n.Get(way[0])
	if !inner.Is(source.Object) {
		inner = source.NewObject(n)
	}
	return withMember(n, way[0], withMembers(inner, way[1:], more))
}
