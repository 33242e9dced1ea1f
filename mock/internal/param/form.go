package param

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"standin/mock/schema"
)

// Encoding is what a document says about one property of a form (OpenAPI 3.1, 4.8.15).
type Encoding struct {
	// ContentType is the media type of the property; only JSON matters. Ignored if Style is set.
	ContentType string
	// Style is Form, SpaceDelimited, PipeDelimited or DeepObject; DefaultStyle stands for absent: arrays are repeated names,
	// objects are written with brackets, or as JSON.
	Style Style
	// Explode is as in [Spec], and matters only if Style is set.
	Explode bool
	// AllowReserved is as in [Spec].
	AllowReserved bool
}

// FormBody reads and writes bodies of application/x-www-form-urlencoded. It is safe for concurrent use.
type FormBody struct {
	at        view
	direction schema.Direction
	names     members
	order     []string            // the keys of styled: exploded objects last, as they take names from the others
	styled    map[string]*Decoder // properties with a style of their own
	json      map[string]view     // properties that are JSON texts
}

// CompileForm gives the form of a body with that schema; nil allows everything. An error tells of an encoding with a style that
// forms do not have; the form can be used all the same, and takes that property without it.
func CompileForm(s *schema.Schema, encodings map[string]Encoding, direction schema.Direction) (*FormBody, error) {
	f := &FormBody{at: viewOf(s), direction: direction, styled: map[string]*Decoder{}, json: map[string]view{}}
	f.names = f.at.members()
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(encodings)) {
		e := encodings[name]
		at := f.at.anywhere(name)
		if e.Style == DefaultStyle {
			if isJSON(e.ContentType) {
				f.json[name] = at
			}
			continue
		}
		spec := Spec{Name: name, In: InQuery, Style: e.Style, Explode: e.Explode, AllowReserved: e.AllowReserved, Direction: direction}
		if err := spec.settle(); err != nil || e.Style == Content {
			faults = append(faults, fmt.Errorf("the property %s of a form cannot have the style %s", name, e.Style))
			continue
		}
		f.styled[name] = compile(spec, at)
		f.order = append(f.order, name)
	}
	slices.SortStableFunc(f.order, func(a, b string) int { return f.styled[a].late() - f.styled[b].late() })
	return f, errors.Join(faults...)
}

// Decode gives the object that a body in UTF-8 holds. Names that the schema does not list are kept as strings, repeated ones
// as arrays, bracketed ones as objects or arrays. An error is an *[Error].
func (f *FormBody) Decode(body []byte) (any, error) {
	q, err := ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	root := &node{}
	if err := f.encoded(q, root); err != nil {
		return nil, err
	}
	for i := range q.pairs {
		p := &q.pairs[i]
		if p.used {
			continue
		}
		path := []string{p.name}
		if !f.names.has(p.name) {
			if head, rest, ok := brackets(p.name); ok && head != "" {
				path = append([]string{head}, rest...)
			}
		}
		if err := put(root, path, p.raw, percentPlus); err != nil {
			return nil, err
		}
	}
	r := &reader{direction: f.direction, json: true, depth: 1}
	return r.choose(f.at, schema.ObjectType, func(at view) (any, error) { return r.members(root, at) })
}

// encoded reads the properties that have an encoding.
func (f *FormBody) encoded(q *Query, root *node) error {
	for _, name := range f.order {
		value, present, err := f.property(q, name, f.styled[name])
		if err != nil {
			return within(err, name)
		}
		if present {
			k := root.kid(name)
			k.value, k.ready = value, true
		}
	}
	for name, at := range f.json {
		given, err := texts(q.pairs, name, percentPlus)
		if err == nil && len(given) > 0 {
			k := root.kid(name)
			k.ready = true
			k.value, err = f.jsonTexts(given, at)
		}
		if err != nil {
			return within(err, name)
		}
	}
	return nil
}

// property reads one property by its style; members of an exploded object are not looked for among the form's own names.
func (f *FormBody) property(q *Query, name string, d *Decoder) (any, bool, error) {
	if !d.spread() {
		return d.Query(q)
	}
	var few [8]pair
	pairs, at := few[:0], []int(nil)
	for i, p := range q.pairs {
		if !p.used && (p.name == name || !f.names.has(p.name)) {
			pairs, at = append(pairs, p), append(at, i)
		}
	}
	value, present, err := d.from(pairs)
	for i, p := range pairs {
		q.pairs[at[i]].used = p.used
	}
	return value, present, err
}

// jsonTexts reads a property whose texts are JSON: each of them an element, or the only one the whole.
func (f *FormBody) jsonTexts(given []string, at view) (any, error) {
	list := make([]any, 0, len(given))
	for _, text := range given {
		v, err := decodeJSON(text)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if len(list) > 1 {
		return list, nil
	}
	r := &reader{direction: f.direction}
	if s := at.shape(); !s.loose && s.wants(schema.ArrayType) && r.distance(list[0], at) > 0 && r.distance(list, at) == 0 {
		return list, nil
	}
	return list[0], nil
}

// late is 1 for exploded objects.
func (d *Decoder) late() int {
	if d.spread() {
		return 1
	}
	return 0
}
