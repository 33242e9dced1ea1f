package param

import (
	"errors"

	"standin/mock/schema"
)

// Field is one named part of a body, or one cell of a row.
type Field struct {
	Name string
	// Text is what is still to be typed; it is ignored if Ready.
	Text string
	// Value is what the field holds if Ready, because it was read elsewhere.
	Value any
	Ready bool
}

// Assemble gives the object that fields make up, with texts typed and names understood as by [FormBody.Decode]; several fields of one
// name are a list. Brackets count only behind names that the schema lists. An error is an *[Error].
func (f *FormBody) Assemble(fields []Field) (any, error) {
	root := &node{}
	rest, err := f.encodedFields(fields, root)
	if err != nil {
		return nil, err
	}
	r := &reader{direction: f.direction, json: true, depth: 1}
	byName := map[string][]Field{}
	var order []string
	for _, one := range rest {
		head, path, ok := brackets(one.Name)
		if ok && len(path) > 0 && !f.names.has(one.Name) && f.names.has(head) {
			if len(path) >= maxDepth {
				return nil, within(fault(TooComplex, "must not be nested deeper than %d levels", maxDepth), one.Name)
			}
			root.kid(head).plant(path, one)
			continue
		}
		if byName[one.Name] == nil {
			order = append(order, one.Name)
		}
		byName[one.Name] = append(byName[one.Name], one)
	}
	for _, name := range order {
		if err := r.gather(root.kid(name), byName[name], f.at.anywhere(name)); err != nil {
			return nil, within(err, name)
		}
	}
	return r.choose(f.at, schema.ObjectType, func(at view) (any, error) { return r.members(root, at) })
}

// encodedFields reads the texts of properties that have an encoding, and gives all other fields.
func (f *FormBody) encodedFields(fields []Field, root *node) ([]Field, error) {
	if len(f.styled)+len(f.json) == 0 {
		return fields, nil
	}
	q := &Query{}
	var ready, texts []Field
	for _, one := range fields {
		if one.Ready {
			ready = append(ready, one)
			continue
		}
		texts = append(texts, one)
		q.pairs = append(q.pairs, pair{name: one.Name, raw: escape(one.Text, "-_~.,|")})
	}
	if err := f.encoded(q, root); err != nil {
		return nil, err
	}
	for i, p := range q.pairs {
		if !p.used {
			ready = append(ready, texts[i])
		}
	}
	return ready, nil
}

// gather puts all fields of one name into their node.
func (r *reader) gather(n *node, given []Field, at view) error {
	s := at.shape()
	if len(given)+len(n.texts) > 1 && !s.loose && !s.wants(schema.ArrayType) {
		return fault(Duplicate, "must be given once, is given %d times", len(given)+len(n.texts))
	}
	if len(given) == 1 && given[0].Ready && len(n.names)+len(n.list) == 0 {
		n.ready, n.value = true, r.alone(given[0].Value, at, s)
		return nil
	}
	mixed := false
	for _, one := range given {
		mixed = mixed || one.Ready
	}
	for _, one := range given {
		switch {
		case one.Ready:
			n.list = append(n.list, &node{value: one.Value, ready: true})
		case mixed:
			n.list = append(n.list, textNode(one.Text))
		default:
			n.texts = append(n.texts, one.Text)
		}
	}
	return nil
}

// alone is the only value of a name, or the list of that one element where the schema wants a list.
func (r *reader) alone(v any, at view, s shape) any {
	if s.loose || !s.wants(schema.ArrayType) {
		return v
	}
	list := []any{v}
	if s.types&typeOf(v) == 0 || r.distance(v, at) > 0 && r.distance(list, at) == 0 {
		return list
	}
	return v
}

// plant is insert for a field.
func (n *node) plant(path []string, one Field) {
	if !one.Ready {
		n.insert(path, one.Text)
		return
	}
	for _, token := range path {
		if token != "" {
			n = n.kid(token)
			continue
		}
		n.list = append(n.list, &node{})
		n = n.list[len(n.list)-1]
	}
	n.value, n.ready = one.Value, true
}

// Types are those that one part of a name may have: where the property is a list, also those of its elements. All types if nothing
// is known.
func (f *FormBody) Types(name string) schema.TypeSet {
	types, known := f.typesOf(name)
	if !known {
		return allTypes
	}
	return types
}

func (f *FormBody) typesOf(name string) (types schema.TypeSet, known bool) {
	if head, path, ok := brackets(name); ok && len(path) > 0 && !f.names.has(name) && f.names.has(head) {
		return allTypes, false
	}
	at := f.at.anywhere(name)
	s := at.shape()
	if s.loose || !s.wants(schema.ArrayType) {
		return s.types, !s.loose
	}
	items := at.elements()
	return s.types | items.types, !items.loose
}

// elements is the shape of the elements of a list, in whatever branch.
func (v view) elements() shape {
	if s := v.item(0).shape(); !s.loose {
		return s
	}
	var union shape
	for _, c := range v.open {
		for _, b := range c.branches {
			at := viewOf(b)
			if !at.shape().wants(schema.ArrayType) {
				continue
			}
			s := at.item(0).shape()
			union.types |= s.types
			union.loose = union.loose || s.loose
		}
	}
	if union.types == 0 {
		return shape{types: allTypes, loose: true}
	}
	return union
}

// PointerOf gives the name and place of what an error is about: the first token of its pointer, "" for the whole.
func firstToken(err error) string {
	var e *Error
	if errors.As(err, &e) && len(e.Pointer) > 1 {
		return e.Pointer
	}
	return ""
}
