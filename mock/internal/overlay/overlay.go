// Package overlay applies OpenAPI Overlays (1.0 and 1.1) to documents, keeping the place of every value.
package overlay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ohler55/ojg/jp"

	"standin/mock/internal/source"
)

// Overlay is a read overlay: changes to a document, in order.
type Overlay struct {
	name    string
	actions []action
}

// action is one change: at every place that the target selects.
type action struct {
	target   string
	path     jp.Expr
	update   *source.Node
	copy     jp.Expr
	remove   bool
	position source.Position
}

// Remark is something odd about an overlay that does not keep it from being applied.
type Remark struct {
	Position source.Position
	Message  string
}

// Read reads an overlay. The name tells JSON from YAML by its ending and stands in places. An error is a *[source.Error].
func Read(name string, text []byte) (*Overlay, error) {
	root, err := source.Parse(name, text, source.Limits{})
	if err != nil {
		return nil, err
	}
	wrong := func(at source.Position, format string, args ...any) error {
		return &source.Error{Position: at, Message: fmt.Sprintf(format, args...)}
	}
	version := root.Get("overlay").Text()
	switch {
	case !root.Is(source.Object) || root.Get("overlay") == nil:
		return nil, wrong(root.Position(), "this is no overlay: it has no member overlay with a version")
	case !strings.HasPrefix(version, "1."):
		return nil, wrong(root.PositionOf("overlay"), "overlay is %q, and only 1.0 and 1.1 are supported", version)
	case !root.Get("actions").Is(source.Array) || len(root.Get("actions").Items()) == 0:
		return nil, wrong(root.PositionOf("actions"), "an overlay needs actions: a list with at least one")
	}
	out := &Overlay{name: name}
	for _, n := range root.Get("actions").Items() {
		if !n.Is(source.Object) || !n.Get("target").Is(source.String) {
			return nil, wrong(n.Position(), "an action is an object with a target")
		}
		a := action{target: n.Get("target").Text(), update: n.Get("update"), remove: n.Get("remove").True(), position: n.PositionOf("target")}
		if a.path, err = parse(a.target); err != nil {
			return nil, wrong(a.position, "the target %q is no JSONPath: %v", a.target, err)
		}
		if from := n.Get("copy"); from != nil {
			if a.copy, err = parse(from.Text()); err != nil {
				return nil, wrong(n.PositionOf("copy"), "copy is no JSONPath: %v", err)
			}
		}
		if !a.remove && a.update == nil && a.copy == nil {
			return nil, wrong(n.Position(), "an action needs update, copy or remove: true")
		}
		out.actions = append(out.actions, a)
	}
	return out, nil
}

// parse reads a JSONPath (RFC 9535), which begins at the root.
func parse(text string) (jp.Expr, error) {
	if !strings.HasPrefix(text, "$") {
		return nil, fmt.Errorf("it must begin with $")
	}
	return jp.ParseString(text)
}

// Apply gives a document with all changes made. What no target selects is a remark.
func (o *Overlay) Apply(root *source.Node) (*source.Node, []Remark) {
	var remarks []Remark
	for _, a := range o.actions {
		places := locate(root, a.path)
		if len(places) == 0 {
			remarks = append(remarks, Remark{a.position, fmt.Sprintf("the target %s selects nothing", a.target)})
			continue
		}
		update := a.update
		if a.copy != nil {
			from := locate(root, a.copy)
			if len(from) != 1 {
				remarks = append(remarks, Remark{a.position, fmt.Sprintf("copy selects %d values, and must select one", len(from))})
				continue
			}
			update = at(root, from[0])
		}
		for _, place := range slices.Backward(places) { // so that removing an element does not move those still to come
			if a.remove {
				if len(place) == 0 {
					remarks = append(remarks, Remark{a.position, "the whole document cannot be removed"})
					continue
				}
				root = edit(root, place, func(*source.Node) *source.Node { return nil })
				continue
			}
			root = edit(root, place, func(old *source.Node) *source.Node { return merged(old, update, true) })
		}
	}
	return root, remarks
}

// counted gives numbers the types that filters compare.
func counted(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, x := range v {
			v[name] = counted(x)
		}
	case []any:
		for i, x := range v {
			v[i] = counted(x)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
	}
	return value
}

// step leads one level down: by name in an object, by index in an array.
type step struct {
	name  string
	index int // -1 for a name
}

// locate gives the places that a path selects. A path of names and indexes alone is followed without looking at anything else, so that a
// large document is not read as a whole for it.
func locate(root *source.Node, path jp.Expr) [][]step {
	if steps, ok := steps(path); ok {
		if at(root, steps) == nil {
			return nil
		}
		return [][]step{steps}
	}
	var out [][]step
	for _, found := range path.Locate(counted(root.Value()), 0) {
		if steps, ok := steps(found); ok {
			out = append(out, steps)
		}
	}
	return out
}

// steps turns a path into steps, if it is of names and indexes alone.
func steps(path jp.Expr) ([]step, bool) {
	out := []step{}
	for i, f := range path {
		switch f := f.(type) {
		case jp.Root:
			if i > 0 {
				return nil, false
			}
		case jp.Child:
			out = append(out, step{string(f), -1})
		case jp.Nth:
			if f < 0 {
				return nil, false
			}
			out = append(out, step{"", int(f)})
		default:
			return nil, false
		}
	}
	return out, true
}

// at follows steps, nil if they lead nowhere.
func at(n *source.Node, steps []step) *source.Node {
	for _, s := range steps {
		if s.index < 0 {
			n = n.Get(s.name)
		} else if items := n.Items(); s.index < len(items) {
			n = items[s.index]
		} else {
			return nil
		}
		if n == nil {
			return nil
		}
	}
	return n
}

// edit gives a tree in which the value at a place is another; nil takes it away.
func edit(n *source.Node, steps []step, f func(*source.Node) *source.Node) *source.Node {
	if len(steps) == 0 {
		return f(n)
	}
	s := steps[0]
	if s.index >= 0 {
		var items []*source.Node
		for i, item := range n.Items() {
			if i == s.index {
				item = edit(item, steps[1:], f)
			}
			if item != nil {
				items = append(items, item)
			}
		}
		return source.NewArray(n, items...)
	}
	var members []source.Member
	for _, m := range n.Members() {
		if m.Name == s.name {
			if m.Value = edit(m.Value, steps[1:], f); m.Value == nil {
				continue
			}
		}
		members = append(members, m)
	}
	return source.NewObject(n, members...)
}

// merged is a value with an update in it: objects are merged member by member, lists get the update's elements behind their own, and
// anything else is the update. An update of a list that is the target itself is one more element, unless it is a list.
func merged(old, update *source.Node, target bool) *source.Node {
	switch {
	case old.Is(source.Array) && update.Is(source.Array):
		return source.NewArray(old, append(slices.Clone(old.Items()), update.Items()...)...)
	case old.Is(source.Array) && target:
		return source.NewArray(old, append(slices.Clone(old.Items()), update)...)
	case !old.Is(source.Object) || !update.Is(source.Object):
		return update
	}
	members := slices.Clone(old.Members())
	for _, m := range update.Members() {
		i := slices.IndexFunc(members, func(o source.Member) bool { return o.Name == m.Name })
		if i < 0 {
			members = append(members, m)
			continue
		}
		value := merged(members[i].Value, m.Value, false)
		if value == m.Value {
			members[i] = m // which stands where the overlay has it
		} else {
			members[i].Value = value
		}
	}
	return source.NewObject(old, members...)
}
