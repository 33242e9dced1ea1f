package portal

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"standin/mock/internal/fake"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// structure is the model of the page of a shared schema.
type structure struct {
	*view
	Name      string
	Structure *Structure
	Raw       template.HTML
	RawText   string
	RawCut    string
	Example   template.HTML
	ExampleAs string
	UsedBy    []Item
	AllUses   *Link // where there are more
	Changes   []Change
}

// Bounds of the page of a shared schema: bytes of its text and example, operations that use it.
const (
	mostSchema = 8 << 10
	mostListed = 40
)

// usesPage lists all operations that use a shared schema.
func (p *Portal) usesPage(name string) maker {
	if !p.outline.schemas[name] {
		return nil
	}
	return func(v *view) *content {
		v.Title, v.Section = name, "schemas"
		of := Link{name, v.url(schemaPath(name))}
		v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("schemas"), v.url("/schemas")}, of}
		m := struct {
			*view
			Of     Link
			UsedBy []Item
			Pages  []Choice
		}{view: v, Of: of}
		users := v.site.uses().of[name]
		from, to, pages := v.pages(len(users), mostOnPage)
		m.Pages = pages
		for _, e := range users[from:to] {
			m.UsedBy = append(m.UsedBy, v.item(e))
		}
		return &content{template: "uses", model: m}
	}
}

// schemaPage finds the page of a shared schema.
func (p *Portal) schemaPage(name string) maker {
	if !p.outline.schemas[name] {
		return nil
	}
	return func(v *view) *content { return &content{template: "schema", model: newStructure(v, name, "")} }
}

func newStructure(v *view, name, only string) *structure {
	c := v.site.site.Contract
	v.Title, v.Section = name, "schemas"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("schemas"), v.url("/schemas")}, {name, v.url(schemaPath(name))}}
	s := c.Schema(name)
	t := &tree{view: v, page: v.url(schemaPath(name)), back: v.site.root + "/schema-part/" + escapeSegment(name), only: only, direction: schema.Both}
	m := &structure{view: v, Name: name, Structure: &Structure{}}
	if s == nil {
		return m
	}
	m.Structure.Root = t.root("fields", s)
	m.Structure.Root.See = nil
	if only != "" {
		return m
	}
	if raw := newPublisher(c.Root()).publish(s.Node); raw != nil {
		m.RawText, m.Raw, m.RawCut = v.code(string(raw.AppendJSON(nil)), mostSchema)
	}
	m.ExampleAs, m.Example, _ = v.code(string(v.site.conceal([]byte(v.schemaExample(s)), s)), mostSchema)
	users := v.site.uses().of[name]
	for _, e := range users[:min(mostListed, len(users))] {
		m.UsedBy = append(m.UsedBy, v.item(e))
	}
	if len(users) > mostListed {
		m.AllUses = &Link{v.T("category.all", len(users)), v.url("/uses/" + escapeSegment(name))}
	}
	for _, e := range v.history.OfSchema(name) {
		m.Changes = append(m.Changes, v.change(e, ""))
	}
	return m
}

// code indents and colours a JSON text; cut tells how much of it is shown, "" for all.
func (v *view) code(text string, most int) (shown string, coloured template.HTML, cut string) {
	code, kind := legible([]byte(text), "application/json")
	shown = string(code)
	if len(shown) > most {
		shown = cutLines(shown, most)
		cut = v.T("schema.cut", bytesWord(len(shown)), bytesWord(len(code)))
	}
	return shown, v.site.colours.colour(shown, kind), cut
}

// schemaExample is the first example of a schema, else a generated value, as JSON; "" if there is none.
func (v *view) schemaExample(s *schema.Schema) string {
	for _, part := range shapeOf(s).parts {
		for _, e := range part.Examples {
			if s.Valid(e.Value(), schema.Both) {
				return string(e.AppendJSON(nil))
			}
		}
	}
	value, err := v.site.fake.Value(s, fake.Options{Seed: v.site.site.Seed, Direction: schema.Response})
	if err != nil {
		return ""
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// schemaPartPage shows one place of a shared schema that its page does not unfold.
func (p *Portal) schemaPartPage(rest string) maker {
	name, anchor, ok := cutLast(rest)
	if !ok || !p.outline.schemas[name] {
		return nil
	}
	return func(v *view) *content {
		m := newStructure(v, name, anchor)
		row := find([]*Row{m.Structure.Root}, anchor)
		if row == nil {
			return nil
		}
		v.Title = name + " · " + anchor
		return &content{template: "part", model: &part{view: v, Of: Link{name, v.url(schemaPath(name) + topOf(anchor))}, Anchor: anchor, Row: topped(row)}}
	}
}

// schemaList is the model of the list of shared schemas.
type schemaList struct {
	*view
	Groups []LinkGroup
}

// LinkGroup is links under one letter.
type LinkGroup struct {
	Letter string
	Links  []Related
}

// schemasPage lists the shared schemas by their first letters.
func schemasPage(v *view) *content {
	v.Title, v.Section = v.T("schemas"), "schemas"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("schemas"), v.url("/schemas")}}
	list := &schemaList{view: v}
	names := slices.Clone(v.outline().schemaNames)
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	held := shared(v.site.site.Contract.Root())
	for _, name := range names {
		letter := "#"
		if r := []rune(strings.ToUpper(name)); len(r) > 0 {
			letter = string(r[:1])
		}
		if n := len(list.Groups); n == 0 || list.Groups[n-1].Letter != letter {
			list.Groups = append(list.Groups, LinkGroup{Letter: letter})
		}
		g := &list.Groups[len(list.Groups)-1]
		node := held.Get(name)
		note := ""
		if len(names) <= 400 {
			note = oneLine(firstParagraph(v.localized(node, node.Get("description").Text())), 110)
		}
		g.Links = append(g.Links, Related{*v.schemaLink(name), note})
	}
	return &content{template: "schemas", model: list}
}

// usage tells which operations use a shared schema, themselves or through others.
type usage struct {
	of map[string][]*entry
}

// newUsage follows the references of every operation, in the document as written.
func (p *Portal) newUsage() *usage {
	u := &usage{of: map[string][]*entry{}}
	f := &follower{root: p.site.Contract.Root(), names: map[string][]string{}}
	for _, e := range p.outline.entries {
		seen := map[string]bool{}
		f.gather(e.op.Node(), seen)
		item := f.root.Get("paths").Get(e.op.Template)
		f.gather(item.Get("parameters"), seen)
		for ref := range seen {
			name := strings.TrimPrefix(strings.TrimPrefix(ref, schemaRef), definitionRef)
			if len(name) < len(ref) && p.outline.schemas[name] {
				u.of[name] = append(u.of[name], e)
			}
		}
	}
	return u
}

const (
	schemaRef     = "#/components/schemas/"
	definitionRef = "#/definitions/"
)

// follower gathers the references below a value, and below what they lead to.
type follower struct {
	root  *source.Node
	names map[string][]string // references that stand directly below a target, by target
}

func (f *follower) gather(n *source.Node, seen map[string]bool) {
	var direct []string
	references(n, &direct)
	f.add(direct, seen)
}

func (f *follower) add(refs []string, seen map[string]bool) {
	for _, ref := range refs {
		ref = strings.ReplaceAll(strings.ReplaceAll(ref, "~1", "/"), "~0", "~")
		if seen[ref] {
			continue
		}
		seen[ref] = true
		below, known := f.names[ref]
		if !known {
			if to, err := f.root.At(pointerOf(ref)); err == nil {
				references(to, &below)
			}
			f.names[ref] = below
		}
		f.add(below, seen)
	}
}

// pointerOf is the JSON Pointer of a reference whose last name is unescaped.
func pointerOf(ref string) string {
	for _, root := range []string{schemaRef, definitionRef} {
		if name, ok := strings.CutPrefix(ref, root); ok {
			return strings.TrimPrefix(root, "#") + source.Escape(name)
		}
	}
	return strings.TrimPrefix(ref, "#")
}

// references lists the references below a value that lead into the same document.
func references(n *source.Node, out *[]string) {
	switch n.Kind() {
	case source.Object:
		for _, m := range n.Members() {
			if ref := m.Value.Text(); m.Name == "$ref" && strings.HasPrefix(ref, "#/") {
				*out = append(*out, ref)
				continue
			}
			references(m.Value, out)
		}
	case source.Array:
		for _, item := range n.Items() {
			references(item, out)
		}
	}
}
