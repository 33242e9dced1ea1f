package xml

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"standin/mock/schema"
)

// Decode reads one XML document as a value that the schema describes; where the schema leaves a kind open, the text decides. faults are
// what the value does not show: names and namespaces that are documented otherwise, and text where none belongs. A nil schema only has
// the text checked.
//
// The text is UTF-8, whatever it declares. An error tells line and column of what is not well-formed; it is a *[source.Error] where the
// text is too deep or too large. Entities beyond the five of XML itself, and document types that
// declare something, are refused.
//
// [source.Error]: standin/mock/internal/source.Error
func Decode(text []byte, s *schema.Schema, d schema.Direction) (value any, faults []Fault, err error) {
	e, err := parse(text)
	if err != nil || s == nil {
		return nil, nil, err
	}
	r := &reader{direction: d, known: shapes{}, budget: workOfOne * (e.size + 1)}
	value = r.root(e, s)
	return value, r.faults, nil
}

// Bounds of what is done again, in elements for each element of the text, and of what is told.
const (
	workOfOne  = 200
	mostFaults = 100
)

// reader makes values from elements.
type reader struct {
	direction schema.Direction
	known     shapes
	path      []string // of the value in hand
	faults    []Fault
	budget    int // of elements that may be read again
}

func (r *reader) fault(at schema.Position, format string, args ...any) {
	if len(r.faults) >= mostFaults {
		return
	}
	pointer := ""
	for _, token := range r.path {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	r.faults = append(r.faults, Fault{Pointer: pointer, Message: fmt.Sprintf(format, args...), Rule: at})
}

// below does something one step further down the value.
func (r *reader) below(step string, do func() any) any {
	r.path = append(r.path, step)
	v := do()
	r.path = r.path[:len(r.path)-1]
	return v
}

// root reads the outermost element, whose name may tell which of the alternatives it is.
func (r *reader) root(e *element, s *schema.Schema) any {
	roots := r.known.roots(s)
	i := slices.IndexFunc(roots, func(w root) bool { return w.name.local == e.name && w.name.spans(e.space) })
	if i < 0 && roots[len(roots)-1].name.local != "" || i < 0 && roots[len(roots)-1].name.namespace != "" {
		r.strange(e, roots)
	}
	if i >= 0 && roots[i].schema != s {
		if v, ok := r.attempt(e, s, roots[i].schema); ok {
			return v
		}
	}
	return r.value(e, s, name{}) // nothing tells what the items of an outermost list are called, but they themselves
}

// strange tells that the outermost element is none of the documented ones.
func (r *reader) strange(e *element, roots []root) {
	var names []string
	for _, w := range roots {
		if w.name.local == "" || w.name.local == e.name {
			if w.name.namespace != "" && !w.name.spans(e.space) {
				r.namespace(e, w.name, r.known.of(w.schema).label.position)
			}
			return
		}
		names = append(names, w.name.local)
	}
	r.fault(r.known.of(roots[len(roots)-1].schema).label.position, "the outermost element is called %s (line %d, column %d), and %s is documented", e.name, e.line, e.column, strings.Join(names, " or "))
}

// spans tells whether a name counts in a namespace.
func (n name) spans(namespace string) bool { return n.namespace == "" || n.namespace == namespace }

// namespace tells that an element is of another namespace than documented.
func (r *reader) namespace(e *element, n name, at schema.Position) {
	of := "in no namespace"
	if e.space != "" {
		of = fmt.Sprintf("in the namespace %q", e.space)
	}
	r.fault(at, "the element %s is %s (line %d, column %d), and documented in %q", e.name, of, e.line, e.column, n.namespace)
}

// value reads an element as what a schema says. Where the schema has alternatives that want different things, and the whole of them makes
// no valid value, each is tried. own is what the document calls the element, for its items.
func (r *reader) value(e *element, s *schema.Schema, own name) any {
	sh := r.known.of(s)
	mark := len(r.faults)
	v := r.by(e, s, sh, own)
	if len(sh.alternatives) < 2 || r.budget < 0 || len(r.faults) == mark && s.Valid(v, r.direction) {
		return v
	}
	told := slices.Clone(r.faults[mark:])
	for _, a := range sh.alternatives {
		r.faults = r.faults[:mark]
		if w, ok := r.attempt(e, s, a); ok {
			return w
		}
	}
	r.faults = append(r.faults[:mark], told...)
	return v
}

// attempt reads an element by one of the alternatives, and tells whether that is right.
func (r *reader) attempt(e *element, s, alternative *schema.Schema) (any, bool) {
	if r.budget -= e.size; r.budget < 0 {
		return nil, false
	}
	mark := len(r.faults)
	v := r.by(e, s, r.known.picked(s, alternative), name{})
	ok := len(r.faults) == mark && s.Valid(v, r.direction)
	r.faults = r.faults[:mark]
	return v, ok
}

func (r *reader) by(e *element, s *schema.Schema, sh *shape, own name) any {
	switch {
	case e.isNil():
		return nil
	case sh.list && len(e.children) == 0 && e.blank():
		return r.nothing(e.text, []any{}, s)
	case sh.list && len(e.children) > 0:
		r.stray(e, sh)
		item, told := sh.itemName(own)
		return r.list(e.children, sh, item, told)
	case sh.object:
		v := r.object(e, s, sh)
		if object, ok := v.(map[string]any); ok && len(object) == 0 && s != nil {
			return r.nothing(e.text, v, s)
		}
		return v
	case len(e.children) > 0:
		return r.object(e, nil, r.known.of(nil))
	}
	return r.scalar(e.text, s, sh)
}

// stray tells of text between elements, which stands for nothing.
func (r *reader) stray(e *element, sh *shape) {
	if !e.blank() {
		r.fault(sh.label.position, "the element %s (line %d, column %d) holds the text %q beside its elements, which stands for nothing documented",
			e.name, e.line, e.column, clip(strings.TrimSpace(e.text)))
	}
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}

// list reads elements as the items of a list. Where their name is told, they must have it.
func (r *reader) list(of []*element, sh *shape, item name, told bool) []any {
	out := make([]any, 0, len(of))
	for i, e := range of {
		out = append(out, r.below(strconv.Itoa(i), func() any {
			switch {
			case told && e.name != item.local:
				r.fault(r.known.of(sh.items).label.position, "the item is called %s (line %d, column %d), and %s is documented", e.name, e.line, e.column, item.local)
			case !item.spans(e.space):
				r.namespace(e, item, r.known.of(sh.items).label.position)
			}
			return r.value(e, sh.item(i), name{local: e.name})
		}))
	}
	return out
}

// object reads attributes, elements and text as properties; what the schema does not list comes under its own name.
func (r *reader) object(e *element, s *schema.Schema, sh *shape) any {
	out := map[string]any{}
	r.attributes(e, sh, out)
	groups := map[*member][]*element{}
	var others []string
	other := map[string][]*element{}
	for _, child := range e.children {
		if m := sh.member(child); m != nil {
			groups[m] = append(groups[m], child)
			continue
		}
		if other[child.name] == nil {
			others = append(others, child.name)
		}
		other[child.name] = append(other[child.name], child)
	}
	for _, m := range sh.members {
		if of := groups[m]; m.kind == schema.XMLElement && (len(of) > 0 || m.list && m.required) {
			r.below(m.path[len(m.path)-1], func() any { r.set(out, m.path, r.property(of, m)); return nil })
		}
	}
	for _, n := range others {
		property := propertyName(n)
		r.below(property, func() any { out[property] = r.unlisted(other[n], sh.other(property)); return nil })
	}
	switch text := e.text; {
	case sh.text != nil:
		if len(e.children) > 0 {
			text = strings.TrimSpace(text)
		}
		if text != "" || sh.text.required {
			r.set(out, sh.text.path, r.scalar(text, sh.text.schema, r.known.of(sh.text.schema)))
		}
	case !e.blank() && len(e.children) == 0 && len(out) == 0:
		return r.scalar(text, s, sh)
	default:
		r.stray(e, sh)
	}
	return out
}

// set gives a property its value, with the objects around it.
func (r *reader) set(object map[string]any, path []string, v any) {
	for _, step := range path[:len(path)-1] {
		inner, ok := object[step].(map[string]any)
		if !ok {
			inner = map[string]any{}
			object[step] = inner
		}
		object = inner
	}
	object[path[len(path)-1]] = v
}

// attributes reads those that are documented, and those of no namespace that are not.
func (r *reader) attributes(e *element, sh *shape, out map[string]any) {
	for _, a := range e.attributes {
		i := slices.IndexFunc(sh.members, func(m *member) bool {
			return m.kind == schema.XMLAttribute && m.name.local == a.Name.Local && m.name.spans(a.Name.Space) && a.Name.Space != "xmlns"
		})
		switch {
		case i >= 0:
			m := sh.members[i]
			r.set(out, m.path, r.scalar(a.Value, m.schema, r.known.of(m.schema)))
		case a.Name.Space == "" && a.Name.Local != "xmlns":
			property := propertyName(a.Name.Local)
			of := sh.other(property)
			out[property] = r.scalar(a.Value, of, r.known.of(of))
		}
	}
}

// member is the property that an element stands for, nil if none is listed: one of its namespace, else one of any.
func (sh *shape) member(e *element) *member {
	listed := sh.elements[e.name]
	for _, m := range listed {
		if m.name.namespace == e.space && e.space != "" {
			return m
		}
	}
	for _, m := range listed {
		if m.name.namespace == "" {
			return m
		}
	}
	if len(listed) > 0 {
		return listed[0]
	}
	return nil
}

// property reads the elements of one property; more than one where no list is documented is a list, which the schema will judge.
func (r *reader) property(of []*element, m *member) any {
	for _, e := range of {
		if !m.name.spans(e.space) {
			r.namespace(e, m.name, m.position)
		}
	}
	sh := r.known.of(m.schema)
	if m.list || len(of) > 1 && sh.items != nil {
		return r.list(of, sh, name{}, false)
	}
	return r.oneOrMany(of, m.schema, m.name)
}

// unlisted reads the elements of a property that is not listed.
func (r *reader) unlisted(of []*element, s *schema.Schema) any {
	if sh := r.known.of(s); sh.list && sh.label.kind != schema.XMLElement {
		return r.list(of, sh, name{}, false)
	}
	return r.oneOrMany(of, s, name{local: of[0].name})
}

func (r *reader) oneOrMany(of []*element, s *schema.Schema, own name) any {
	if len(of) == 1 {
		return r.value(of[0], s, own)
	}
	out := make([]any, 0, len(of))
	for i, e := range of {
		out = append(out, r.below(strconv.Itoa(i), func() any { return r.value(e, s, own) }))
	}
	return out
}
