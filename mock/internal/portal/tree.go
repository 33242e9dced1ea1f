package portal

import (
	"html/template"
	"strconv"
	"strings"

	"standin/mock/internal/history"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Bounds of what one page unfolds. What lies beyond is a link to a page of its own.
const (
	deepest  = 4     // levels below a body
	openTo   = 2     // levels that are open at first
	mostRows = 400   // rows below a body
	mostText = 70000 // bytes of markup of all trees of a page, about
)

// Row is one place of a structure: a property, an item, an alternative.
type Row struct {
	// ID is the anchor, unique on the page.
	ID string
	// Name is a property's name; Label, where there is none, says in words what the row is.
	Name, Label string
	// Detail stands behind a label: the name of an alternative, the value that chooses it.
	Detail string
	Type   string
	// From names the shared schema that brought the row by allOf.
	From string

	Required, ReadOnly, WriteOnly, Nullable, Deprecated bool

	Description template.HTML
	// Text is the description as the document has it.
	Text        string
	Constraints []Constraint
	// See leads to the page of the row's structure.
	See *Link
	// More leads to what is not unfolded here; Recursive tells that it is already open further up.
	More      *Link
	Recursive bool
	Children  []*Row
	Open      bool
	Depth     int // below the top of its list
}

// Constraint is one rule for values, in the reader's words.
type Constraint struct {
	Word   string
	Values []string
	// Code tells that the values are of the API, not words.
	Code bool
}

// Link is a place to go to.
type Link struct {
	Text, URL string
}

// tree unfolds schemas into rows.
type tree struct {
	view *view
	// page is the URL of the page of the whole, back the beginning of links to its parts, "" if it has none.
	page, back string
	direction  schema.Direction
	// only is the anchor of the one part to show, "" for all.
	only string
	rows int
}

// place is where an unfolding has got to.
type place struct {
	id    string
	depth int
	// open are the structures, and their rows, on the way up.
	open []opened
}

type opened struct {
	schema *schema.Schema
	id     string
}

// root unfolds the schema of a body: one row without a name that stands for the whole.
func (t *tree) root(id string, s *schema.Schema) *Row {
	t.rows = 0
	sh := shapeOf(s)
	row := t.row(id, sh)
	t.unfold(row, sh, place{id: id})
	return row
}

// row tells what a shape says of one place, without what lies inside.
func (t *tree) row(id string, sh *shape) *Row {
	w := t.view
	text := sh.description(w.Lang)
	r := &Row{
		ID: id, Type: w.typeWord(sh, 0), Text: text, Description: w.markdown(text),
		ReadOnly:    sh.any(func(s *schema.Schema) bool { return s.ReadOnly }),
		WriteOnly:   sh.any(func(s *schema.Schema) bool { return s.WriteOnly }),
		Deprecated:  sh.any(func(s *schema.Schema) bool { return s.Deprecated }),
		Nullable:    sh.nullable || sh.types != schema.NullType && sh.types != 0 && sh.types&schema.NullType != 0,
		Constraints: w.constraints(sh),
	}
	t.rows++
	w.spent += 260 + len(r.Description) + 2*len(id) + len(r.Type)
	for _, c := range r.Constraints {
		for _, v := range c.Values {
			w.spent += 45 + len(v)
		}
	}
	return r
}

// unfold puts the children of a shape below its row, or a link in their place.
func (t *tree) unfold(r *Row, sh *shape, at place) {
	layers := sh.layers()
	inner := layers[len(layers)-1]
	if inner.named != nil && t.view.site.outline.schemas[inner.name] {
		r.See = t.view.schemaLink(inner.name)
	}
	for _, o := range at.open {
		if inner.principal == o.schema {
			t.recursive(r, o)
			return
		}
	}
	list := t.children(layers)
	if len(list) == 0 {
		return
	}
	onWay := t.only == "" || len(at.id) >= len(t.only) || strings.HasPrefix(t.only, at.id+".")
	full := at.depth >= deepest || t.rows+len(list) > mostRows || t.view.spent+350*len(list) > mostText
	if !onWay || full && len(at.id) >= len(t.only) && at.depth > 0 {
		t.fold(r, at)
		return
	}
	next := place{depth: at.depth + 1, open: at.open}
	if t.only != "" && len(at.id) < len(t.only) {
		next.depth = 0
	}
	for _, layer := range layers {
		if layer.principal != nil {
			next.open = append(next.open[:len(next.open):len(next.open)], opened{layer.principal, at.id})
		}
	}
	r.Open = at.depth < openTo
	taken := map[string]int{}
	for _, c := range list {
		next.id = at.id + "." + unique(segment(c.segment), taken)
		r.Children = append(r.Children, t.child(c, next))
	}
}

// recursive leaves a link to the structure that is open already further up.
func (t *tree) recursive(r *Row, o opened) {
	r.Recursive, r.More, r.See = true, r.See, nil
	if r.More != nil {
		return
	}
	r.More = &Link{Text: r.Type, URL: "#" + o.id}
	if len(o.id) >= len(t.only) || t.back == "" {
		return
	}
	r.More.URL = t.page + "#" + o.id // what is above the part is on another page
	if strings.Contains(o.id, ".") {
		r.More.URL = t.back + "/" + escapeSegment(o.id) + t.view.suffix
	}
}

// fold leaves a link to the page that shows what is inside.
func (t *tree) fold(r *Row, at place) {
	t.view.spent += 140 + len(at.id)
	if r.See != nil {
		r.More, r.See = r.See, nil
		return
	}
	if t.back != "" {
		r.More = &Link{Text: "", URL: t.back + "/" + escapeSegment(at.id) + t.view.suffix}
	}
}

func (t *tree) child(c child, at place) *Row {
	sh := shapeOf(c.schemas...)
	r := t.row(at.id, sh)
	r.Name, r.Label, r.Detail, r.From, r.Required, r.Depth = c.name, c.label, c.detail, c.from, c.required, at.depth-1
	if c.closed {
		t.unfoldClosed(r, sh, at)
		return r
	}
	t.unfold(r, sh, at)
	return r
}

// unfoldClosed is unfold for what a reader seldom needs: it begins closed.
func (t *tree) unfoldClosed(r *Row, sh *shape, at place) {
	t.unfold(r, sh, at)
	r.Open = false
}

// uses tells that one of the shape's parts is s.
func (sh *shape) uses(s *schema.Schema) bool {
	for _, p := range sh.parts {
		if p == s {
			return true
		}
	}
	return false
}

// segment is a name as a part of an anchor.
func segment(name string) string { return history.Segment(name) }

// unique gives a text that was not given out before: the text itself, else with a number behind it.
func unique(text string, taken map[string]int) string {
	taken[text]++
	for n := taken[text]; n > 1; n++ {
		next := text + "~" + strconv.Itoa(n)
		if taken[next] == 0 {
			taken[text], taken[next] = n, 1
			return next
		}
	}
	return text
}

// find gives the row with an anchor, nil if there is none.
func find(rows []*Row, id string) *Row {
	for _, r := range rows {
		if r == nil {
			continue
		}
		if r.ID == id {
			return r
		}
		if strings.HasPrefix(id, r.ID+".") {
			if found := find(r.Children, id); found != nil {
				return found
			}
		}
	}
	return nil
}

// plain writes a value of the document for a reader: text as it stands, anything else as JSON.
func plain(n *source.Node) string {
	if n.Is(source.String) {
		return n.Text()
	}
	return string(n.AppendJSON(nil))
}
