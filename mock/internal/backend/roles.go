package backend

import (
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// roleOf infers what an operation does; nil if nothing is understood.
func (m *Model) roleOf(op *contract.Operation) *Role {
	path, _, isItem := cutItem(op.Template)
	own := strings.TrimRight(op.Template, "/")
	if none := extension(op, "role"); none != nil && none.Text() == "none" {
		return nil
	}
	if isItem {
		if g := m.groups[path]; g.item[op.Method] == op {
			if c := m.collection(g); c != nil {
				return onRow(op, c)
			}
		}
		return nil
	}
	if g := m.groups[own]; g != nil && g.on[op.Method] == op {
		if c := m.collection(g); c != nil {
			if r := m.onCollection(op, c); r != nil {
				return r
			}
		} else if r := m.within(op, g); r != nil {
			return r
		} else if c := m.single(g); c != nil {
			if r := onSingle(op, c); r != nil {
				return r
			}
		}
	}
	return m.view(op, own)
}

// onRow is what an operation on the path of a row does.
func onRow(op *contract.Operation, c *Collection) *Role {
	r := &Role{Collection: c}
	switch op.Method {
	case "GET":
		r.Kind = Read
	case "PUT":
		r.Kind = Replace
	case "PATCH":
		r.Kind = Merge
	case "DELETE":
		r.Kind = Delete
	case "POST": // an update, if it takes what a row has
		r.Kind = Merge
	default:
		return nil
	}
	r.answers(op)
	if r.Kind == Read && r.Answer == nil {
		return nil
	}
	if r.Kind == Replace || r.Kind == Merge {
		takes := r.takes(op)
		if !takes && (op.Method == "POST" || op.RequestBody() != nil) {
			return nil
		}
	}
	return r
}

// onCollection is what an operation on the path of the collection does.
func (m *Model) onCollection(op *contract.Operation, c *Collection) *Role {
	r := &Role{Collection: c}
	switch op.Method {
	case "GET":
		return m.lists(op, c)
	case "POST":
		r.Kind = Create
		r.answers(op)
		if !r.takes(op) && r.Answer == nil {
			return nil
		}
		return r
	case "PUT", "PATCH": // of a row that its body names
		r.Kind = Merge
		if op.Method == "PUT" {
			r.Kind = Replace
		}
		r.answers(op)
		if len(c.Key) == 0 || !r.takes(op) || property(r.Given, c.Key[0]) == nil || r.Many {
			return nil
		}
		return r
	case "DELETE":
		if c.Parameter == "" {
			return nil
		}
		r.Kind = Clear
		r.answers(op)
		return r
	}
	return nil
}

// lists is the role of a list of a collection's rows, nil if the operation gives none.
func (m *Model) lists(op *contract.Operation, c *Collection) *Role {
	status, t := success(op)
	if t == nil {
		return nil
	}
	at, ok := listIn(t.Schema, noun(c.Path), c.Row)
	if !ok || !object(at.row) {
		return nil
	}
	r := &Role{Kind: List, Collection: c, At: at.path, Answer: at.row, Status: status}
	r.Filters, r.Paging = filtersOf(op, c, at.row), pagingOf(op, t.Schema, at.path)
	return r
}

// view is the role of a list under another path: one fixed segment below the collection (/pets/findByStatus), or below another
// collection's row (/owners/{ownerId}/pets) or a fixed path, when it lists the same rows.
func (m *Model) view(op *contract.Operation, own string) *Role {
	if op.Method == "POST" {
		return m.createMany(op, own)
	}
	if op.Method != "GET" {
		return nil
	}
	_, t := success(op)
	if t == nil {
		return nil
	}
	at, ok := listIn(t.Schema, noun(own), nil)
	if !ok || !object(at.row) {
		return nil
	}
	var candidates []*group
	if i := strings.LastIndexByte(own, '/'); i > 0 && m.groups[own[:i]] != nil {
		candidates = append(candidates, m.groups[own[:i]])
	}
	candidates = append(candidates, m.byNoun[noun(own)]...)
	for _, g := range candidates {
		c := m.collection(g)
		if c == nil || g.path == own || !same(at.row, c.Row) && overlap(at.row, c.Row) < 0.8 {
			continue
		}
		if r := m.lists(op, c); r != nil && r.reaches(op) {
			return r
		}
	}
	return nil
}

// reaches tells whether a list under another path shows rows of its collection only as far as its own path says: each parameter of
// the path is a property of the rows or a parameter of the collection's own path.
func (r *Role) reaches(op *contract.Operation) bool {
	own := parametersOf(op.Template)
	for _, parent := range r.Collection.parents {
		if !slices.Contains(own, parent.parameter) {
			return len(own) == 0 && len(r.Collection.parents) == 1 // all rows, whatever their parent
		}
	}
	for _, name := range own {
		if !r.filters(name) && !r.Collection.below(name) {
			return false
		}
	}
	return true
}

// below tells whether a parameter stands in the collection's path.
func (c *Collection) below(parameter string) bool {
	return slices.ContainsFunc(c.parents, func(p link) bool { return p.parameter == parameter })
}

func (r *Role) filters(parameter string) bool {
	for _, f := range r.Filters {
		if f.parameter == parameter {
			return true
		}
	}
	return false
}

// createMany is a POST of a list of rows one segment below their collection, as /users/createWithList.
func (m *Model) createMany(op *contract.Operation, own string) *Role {
	i := strings.LastIndexByte(own, '/')
	if i <= 0 || m.groups[own[:i]] == nil {
		return nil
	}
	c := m.collection(m.groups[own[:i]])
	if c == nil {
		return nil
	}
	r := &Role{Kind: Create, Collection: c}
	r.answers(op)
	if !r.takes(op) || !r.Many || !same(r.Given, c.Row) {
		return nil
	}
	return r
}

// answers notes where the answer carries the row.
func (r *Role) answers(op *contract.Operation) {
	status, t := success(op)
	r.Status = status
	if t == nil || t.Schema == nil {
		return
	}
	c := r.Collection
	keys := keyNames(c.Parameter, noun(c.Path))
	at, ok := oneIn(t.Schema, noun(c.Path), c.Row, keys)
	if !ok {
		return
	}
	if r.Kind == Read || same(at.row, c.Row) || overlap(at.row, c.Row) >= 0.5 && keyOf(at.row, keys) != nil {
		r.At, r.Answer = at.path, at.row
	}
}

// takes notes where the request's body carries the row; false if it carries none.
func (r *Role) takes(op *contract.Operation) bool {
	body := op.RequestBody()
	if body == nil || len(body.Content) == 0 {
		return r.Kind == Merge && r.takesParameters(op)
	}
	t := jsonOf(body.Content)
	if t == nil {
		t = body.Content[0] // a form, whose fields are properties
	}
	s := t.Schema
	if r.Kind == Merge && (strings.HasPrefix(t.Range, "application/merge-patch") || strings.HasPrefix(t.Range, "application/json-patch") || free(s)) {
		r.Given = r.Collection.Row // whatever of it the patch names
		return true
	}
	if items := sample.Items(s); items != nil && object(items) {
		r.Many, r.Given = true, items
		return r.Kind == Create && overlap(items, r.Collection.Row) > 0
	}
	c := r.Collection
	at, ok := rowIn(s, noun(c.Path), c.Row, keyNames(c.Parameter, noun(c.Path)))
	if !ok {
		return false
	}
	if overlap(s, c.Row) > 0 && overlap(s, c.Row) >= overlap(at.row, c.Row) {
		at = place{nil, s}
	} else if len(at.path) == 0 {
		at = inner(s, c.Row, at)
	}
	r.Inside, r.Given = at.path, at.row
	return overlap(at.row, c.Row) > 0
}

// free tells that a schema takes any object.
func free(s *schema.Schema) bool {
	return s == nil || typesOf(s) == schema.ObjectType && !object(s)
}

// inner is the member of a body that has most of a row's properties, where the body itself has none of them.
func inner(s, row *schema.Schema, best place) place {
	most := overlap(best.row, row)
	for _, p := range distinct(s) {
		if of := overlap(p.Schema, row); of > most {
			best, most = place{[]string{p.Name}, p.Schema}, of
		}
	}
	return best
}

// takesParameters tells whether an update without a body names properties of the row in its query.
func (r *Role) takesParameters(op *contract.Operation) bool {
	for _, p := range op.Parameters() {
		if p.In == "query" && property(r.Collection.Row, p.Name) != nil {
			return true
		}
	}
	return false
}
