package backend

import (
	"strings"

	"standin/mock/contract"
)

// singleKey is the key of the one row of a resource that stands by itself.
const singleKey = "it"

// single is the collection of a resource that is no collection, such as /settings or /users/{id}/profile: an object that GET tells, and
// that PUT or PATCH on the same path changes. It has one row below each of its parents. nil if a group is none.
func (m *Model) single(g *group) *Collection {
	g.alone.Do(func() { g.one = m.inferSingle(g) })
	return g.one
}

func (m *Model) inferSingle(g *group) *Collection {
	read := g.on["GET"]
	if read == nil || g.on["PUT"] == nil && g.on["PATCH"] == nil || none(g, "collection") {
		return nil
	}
	_, t := success(read)
	if t == nil {
		return nil
	}
	at, ok := rowIn(t.Schema, noun(g.path), nil, nil)
	if !ok || !object(at.row) {
		return nil
	}
	c := &Collection{Path: g.path, Row: at.row, Position: read.Position, alone: true, parents: parentsOf(g.path, at.row)}
	for _, method := range []string{"PUT", "PATCH"} {
		if op := g.on[method]; op != nil && onSingle(op, c) != nil {
			return c
		}
	}
	return nil
}

// onSingle is what an operation does to a resource that stands by itself.
func onSingle(op *contract.Operation, c *Collection) *Role {
	kinds := map[string]Kind{"GET": Read, "PUT": Replace, "PATCH": Merge, "DELETE": Delete}
	r := &Role{Kind: kinds[op.Method], Collection: c}
	if r.Kind == "" {
		return nil
	}
	status, t := success(op)
	if r.Status = status; t != nil {
		if at, ok := rowIn(t.Schema, noun(c.Path), c.Row, nil); ok && (r.Kind == Read || same(at.row, c.Row) || overlap(at.row, c.Row) >= 0.5) {
			r.At, r.Answer = at.path, at.row
		}
	}
	if r.Kind == Read && r.Answer == nil || (r.Kind == Replace || r.Kind == Merge) && (op.RequestBody() == nil || !r.takes(op)) {
		return nil
	}
	return r
}

// within is what an operation does to a row of the collection above, as /pods/{name}/status does to the pod: it tells the whole row, and PUT
// or PATCH on the same path takes it. nil if it is none such.
func (m *Model) within(op *contract.Operation, g *group) *Role {
	i := strings.LastIndexByte(g.path, '/')
	if i <= 0 || g.on["PUT"] == nil && g.on["PATCH"] == nil {
		return nil
	}
	above, parameter, ok := cutItem(g.path[:i])
	if !ok || m.groups[above] == nil {
		return nil
	}
	c := m.collection(m.groups[above])
	if c == nil || c.Parameter != parameter {
		return nil
	}
	takes := false
	for _, method := range []string{"PUT", "PATCH"} {
		if change := g.on[method]; change != nil {
			r := onRow(change, c)
			takes = takes || r != nil && same(r.Given, c.Row)
		}
	}
	r := onRow(op, c)
	if !takes || r == nil || op.Method == "POST" || r.Kind == Delete || r.Answer != nil && !same(r.Answer, c.Row) {
		return nil
	}
	r.within = true
	return r
}
