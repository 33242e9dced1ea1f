// Package backend answers as the server that is not there would: what was created is found, listed, changed and gone after its
// deletion.
//
// A [Model] tells which collections a contract describes, from its paths and schemas alone, corrected by x-mock. A [World] plays
// them for one sandbox at a time, over a store of what its clients did.
package backend

import (
	"slices"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Kind is what an operation does to a collection.
type Kind string

// The kinds.
const (
	List    Kind = "list"    // gives rows of the collection
	Create  Kind = "create"  // adds a row, or several where the body is a list
	Read    Kind = "read"    // gives one row
	Replace Kind = "replace" // puts a row in the place of another, or of none
	Merge   Kind = "merge"   // changes some properties of a row
	Delete  Kind = "delete"  // removes a row
	Clear   Kind = "clear"   // removes the rows that a list of the same path would give
)

// Collection is rows of one kind.
type Collection struct {
	// Path is the path template of the collection, such as /owners/{ownerId}/pets.
	Path string
	// Parameter is what the template of a row, Path/{Parameter}, ends with; "" if no path leads to a single row.
	Parameter string
	// Key leads to the property of a row that Parameter names; nil if rows do not tell it.
	Key []string
	// Row is what the document says of a row, in the fullest answer there is.
	Row *schema.Schema
	// KeySchema is what the document says of the key: of the property, else of the parameter; nil if it says nothing.
	KeySchema *schema.Schema
	// Closed tells that a row exists only if it was seeded or created (x-mock: {closed: true}).
	Closed bool
	// Position is where the path stands in the document.
	Position contract.Position

	// declared tells that x-mock alone speaks of it: its first rows are those of fixtures.
	declared bool
	// alone tells that there is one row, and no path but the collection's own.
	alone bool
	// parents are the parameters of Path, each with the property of a row that holds it, "" for none.
	parents []link

	once  sync.Once
	known rowFacts
}

// rowFacts are what Row says of its properties, worked out once.
type rowFacts struct {
	properties []schema.Property
	byName     map[string]*schema.Schema
	byPlain    map[string]string // names by how they are written plainly
	required   map[string]bool
}

func (c *Collection) facts() *rowFacts {
	c.once.Do(func() {
		c.known = rowFacts{properties: distinct(c.Row), byName: map[string]*schema.Schema{}, byPlain: map[string]string{}, required: requiredOf(c.Row)}
		for _, p := range c.known.properties {
			c.known.byName[p.Name] = p.Schema
			c.known.byPlain[plain(p.Name)] = p.Name
		}
	})
	return &c.known
}

// link ties a parameter to a property of a row.
type link struct{ parameter, property string }

// Role is what one operation does.
type Role struct {
	Kind       Kind
	Collection *Collection
	// At leads from the answer's body to its rows (List), or to the row; Answer is what the document says of one row there, nil if
	// the answer carries none.
	At     []string
	Answer *schema.Schema
	// Inside leads from the request's body to the row; Given is what the document says of it there, nil for no body.
	Inside []string
	Given  *schema.Schema
	// Many tells that the body is a list of rows.
	Many bool
	// Filters tie parameters of a list to properties of rows.
	Filters []link
	// Status is the answer's when all is well.
	Status int
	// Paging are the parameters by which a list is cut, sorted and thinned.
	Paging Paging

	within bool // the operation's path goes on behind the row's
}

// Model tells what the operations of a contract do. It is worked out path by path, on first touch. It is safe for concurrent use.
type Model struct {
	contract *contract.Contract
	groups   map[string]*group // by the collection's path
	paths    []string          // of the groups, in the order of the document
	byNoun   map[string][]*group
	roles    sync.Map // *contract.Operation to *Role, nil for none
}

// group is the operations around one collection.
type group struct {
	path      string
	parameter string
	on        map[string]*contract.Operation // by method, on the collection's path
	item      map[string]*contract.Operation // by method, on the path of a row
	beside    []*contract.Operation          // on paths one fixed segment below the collection's

	once       sync.Once
	collection *Collection // nil if it turns out to be none
	alone      sync.Once
	one        *Collection // the resource that the path is by itself, nil if it is none
}

// New indexes the paths of a contract.
func New(c *contract.Contract) *Model {
	m := &Model{contract: c, groups: map[string]*group{}, byNoun: map[string][]*group{}}
	for _, op := range c.Operations() {
		if strings.Contains(op.Template, "#") || strings.Contains(op.Template, "?") {
			continue
		}
		if path, parameter, ok := cutItem(op.Template); ok {
			g := m.group(path)
			if g.parameter == "" || g.parameter == parameter {
				g.parameter = parameter
				g.item[op.Method] = op
			}
		} else {
			m.group(strings.TrimRight(op.Template, "/")).on[op.Method] = op
		}
	}
	for _, path := range m.paths {
		m.byNoun[noun(path)] = append(m.byNoun[noun(path)], m.groups[path])
	}
	for _, op := range c.Operations() {
		path := strings.TrimRight(op.Template, "/")
		i := strings.LastIndexByte(path, '/')
		if g := m.groups[path]; i <= 0 || g == nil || g.on[op.Method] != op {
			continue
		}
		if above := m.groups[path[:i]]; above != nil {
			above.beside = append(above.beside, op)
		}
	}
	return m
}

func (m *Model) group(path string) *group {
	g := m.groups[path]
	if g == nil {
		g = &group{path: path, on: map[string]*contract.Operation{}, item: map[string]*contract.Operation{}}
		m.groups[path] = g
		m.paths = append(m.paths, path)
	}
	return g
}

// Collections are all collections in the order of the document. It compiles every operation that may belong to one.
func (m *Model) Collections() []*Collection {
	var out []*Collection
	for _, path := range m.paths {
		if c := m.collection(m.groups[path]); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// Collection is the one of a path template, nil if there is none.
func (m *Model) Collection(path string) *Collection {
	if g := m.groups[strings.TrimRight(path, "/")]; g != nil {
		return m.collection(g)
	}
	return nil
}

// Role tells what an operation does to which collection, nil if it does nothing that is understood.
func (m *Model) Role(op *contract.Operation) *Role {
	if known, ok := m.roles.Load(op); ok {
		return known.(*Role)
	}
	known, _ := m.roles.LoadOrStore(op, m.roleOf(op))
	return known.(*Role)
}

// extension is the operation's x-mock, with the path item's behind it.
func extension(op *contract.Operation, name string) *source.Node {
	if own := op.Node().Get("x-mock").Get(name); own != nil {
		return own
	}
	return op.PathItem().Get("x-mock").Get(name)
}

// methods are those of a group's operations, the row's first, in a fixed order.
func (g *group) operations() []*contract.Operation {
	var out []*contract.Operation
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE", "POST"} {
		for _, of := range []map[string]*contract.Operation{g.item, g.on} {
			if op := of[method]; op != nil {
				out = append(out, op)
			}
		}
	}
	return slices.Clip(out)
}
