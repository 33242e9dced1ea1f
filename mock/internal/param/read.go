package param

import (
	"errors"
	"slices"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// maxWork bounds the work of trying the branches of anyOf and oneOf for one text, in values read or checked; beyond it the first
// branch is taken, and the check of the schema has the last word.
const maxWork = 500_000

// reader gives nodes their types.
type reader struct {
	direction schema.Direction
	// allowEmpty reads an empty text as an empty array, too.
	allowEmpty bool
	// json reads a text that looks like JSON as such where an array or object is wanted (bodies only).
	json bool
	// nested does so for the parts of a value, which styles have no other way to write.
	nested bool
	depth  int
	work   int
}

// reading is one way to understand a node.
type reading uint8

const (
	asScalar reading = iota
	asList
	asMembers
	asJSON
)

// element is value for a part, with a short way for a plain text.
func (r *reader) element(n *node, at view, s shape) (any, error) {
	if len(n.texts) == 1 && !s.container() && !n.ready && !n.split && len(n.names)+len(n.list) == 0 {
		return r.scalar(n.texts[0], at, s)
	}
	return r.shaped(n, at, s)
}

// value gives the node the first type that the schemas accept; when they accept none, the one that comes nearest.
func (r *reader) value(n *node, at view) (any, error) {
	return r.shaped(n, at, at.shape())
}

func (r *reader) shaped(n *node, at view, s shape) (any, error) {
	if n.ready {
		return n.value, nil
	}
	if r.depth++; r.depth > maxDepth {
		return nil, fault(TooComplex, "must not be nested deeper than %d levels", maxDepth)
	}
	defer func() { r.depth-- }()
	r.work++
	ways, err := r.readings(n, s)
	if err != nil {
		return nil, err
	}
	return r.best(len(ways), at, func(i int) (any, error) {
		switch ways[i] {
		case asList:
			return r.choose(at, schema.ArrayType, func(at view) (any, error) { return r.list(n, at) })
		case asMembers:
			return r.choose(at, schema.ObjectType, func(at view) (any, error) { return r.members(n, at) })
		case asJSON:
			return decodeJSON(n.texts[0])
		}
		return r.scalar(n.texts[0], at, s)
	})
}

// best makes up to n values and gives the first that the schemas accept, else the nearest, else the first error.
func (r *reader) best(n int, at view, build func(i int) (any, error)) (any, error) {
	if n == 1 {
		return build(0)
	}
	var nearest any
	var firstErr error
	distance := -1
	for i := range n {
		v, err := build(i)
		if err != nil {
			if firstErr == nil {
				firstErr = err
			}
			continue
		}
		wrong := r.distance(v, at)
		if wrong == 0 || r.work > maxWork {
			return v, nil
		}
		if distance < 0 || wrong < distance {
			nearest, distance = v, wrong
		}
	}
	if distance < 0 {
		return nil, firstErr
	}
	return nearest, nil
}

// distance counts what the schemas find wrong with a value, 0 if they accept it. The work of each check is bounded by the
// size of the value, and charged.
func (r *reader) distance(v any, at view) int {
	wrong := 0
	scalar := !isContainer(v)
	for _, s := range at.roots {
		if scalar {
			if !s.Valid(v, r.direction) {
				wrong++
			}
			continue
		}
		cost := 20 + size(v)
		violations := s.Check(v, schema.Options{Direction: r.direction, Most: 20, Budget: 100 * cost})
		wrong += len(violations)
		r.work += cost
		if slices.ContainsFunc(violations, func(v schema.Violation) bool { return v.Keyword == TooComplex }) {
			r.work += 99 * cost
		}
	}
	return wrong
}

// size counts the values inside a value.
func size(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += size(item)
		}
	case map[string]any:
		for _, member := range v {
			n += size(member)
		}
	}
	return n
}

// readings lists the ways to understand a node, the likeliest first.
func (r *reader) readings(n *node, s shape) ([]reading, error) {
	switch {
	case len(n.names) > 0:
		if len(n.texts)+len(n.list) > 0 && !n.indexed(false) {
			return nil, fault(BadStyle, "must not be given both as a whole and in parts")
		}
		if n.indexed(s.loose) && s.wants(schema.ArrayType) {
			if s.wants(schema.ObjectType) && !s.loose && len(n.texts)+len(n.list) == 0 {
				return []reading{asList, asMembers}, nil
			}
			return []reading{asList}, nil
		}
		return []reading{asMembers}, nil
	case n.split || len(n.list) > 0:
		return []reading{asList}, nil
	case len(n.texts) > 1:
		if !s.wants(schema.ArrayType) {
			return nil, fault(Duplicate, "must be given once, is given %d times", len(n.texts))
		}
		return []reading{asList}, nil
	case len(n.texts) == 0:
		return []reading{asMembers}, nil
	}
	return r.textReadings(n.texts[0], s), nil
}

func (r *reader) textReadings(text string, s shape) []reading {
	var ways []reading
	if (r.json || r.nested && r.depth > 1) && s.container() && (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) {
		ways = append(ways, asJSON)
	}
	if s.loose || s.wants(scalarTypes) {
		ways = append(ways, asScalar)
	}
	if !s.loose && s.wants(schema.ArrayType) {
		ways = append(ways, asList)
	}
	if len(ways) == 0 {
		return []reading{asScalar}
	}
	return ways
}

// choose settles the open choices one by one, each time by the first branch under which the schemas accept the value.
func (r *reader) choose(at view, kind schema.TypeSet, build func(view) (any, error)) (any, error) {
	for len(at.open) > 0 && !at.open[0].bears() {
		at = at.choose(nil)
	}
	if len(at.open) == 0 {
		return build(at)
	}
	var fit []*schema.Schema
	for _, b := range at.open[0].branches {
		if b == nil || viewOf(b).types(1)&kind != 0 {
			fit = append(fit, b)
		}
	}
	if len(fit) == 0 {
		fit = append(fit, nil)
	}
	return r.best(len(fit), at, func(i int) (any, error) {
		r.work++
		return r.choose(at.choose(fit[i]), kind, build)
	})
}

func (r *reader) list(n *node, at view) (any, error) {
	elements := n.elements()
	out := make([]any, 0, len(elements))
	if len(elements) == 0 {
		return out, nil
	}
	item := at.item(0)
	s := item.shape()
	if len(n.texts) == 1 && len(elements) == 1 && n.texts[0] == "" {
		if r.allowEmpty && r.depth == 1 || !s.wants(schema.StringType) {
			return out, nil
		}
	}
	for i, e := range elements {
		if i > 0 && i <= at.prefix() {
			item = at.item(i)
			s = item.shape()
		}
		v, err := r.element(e, item, s)
		if err != nil {
			return nil, within(err, itoa(i))
		}
		out = append(out, v)
	}
	return out, nil
}

func (r *reader) members(n *node, at view) (any, error) {
	out := make(map[string]any, len(n.names))
	for _, name := range n.names {
		member := at.property(name)
		v, err := r.element(n.kids[name], member, member.shape())
		if err != nil {
			return nil, within(err, name)
		}
		out[name] = v
	}
	return out, nil
}

// within adds the token of a parent to the pointer of an error.
func within(err error, token string) error {
	var e *Error
	if errors.As(err, &e) {
		return &Error{Keyword: e.Keyword, Pointer: "/" + source.Escape(token) + e.Pointer, Message: e.Message}
	}
	return err
}

// scalar reads one text: as null, a boolean or a number where the schemas let it and the text is exactly such a literal,
// else as a string. Where several types are possible, the first that the schemas accept wins.
func (r *reader) scalar(text string, at view, s shape) (any, error) {
	if s.loose || !s.wants(scalarTypes&^schema.StringType) {
		return text, nil
	}
	var candidates [4]any
	n := 0
	add := func(v any) { candidates[n] = v; n++ }
	if text == "null" && s.wants(schema.NullType) {
		add(nil)
	}
	if (text == "true" || text == "false") && s.wants(schema.BooleanType) {
		add(text == "true")
	}
	if s.wants(schema.NumberType|schema.IntegerType) && isNumber(text) {
		v, err := number(text)
		if err != nil {
			return nil, err
		}
		add(v)
	}
	if s.wants(schema.StringType) {
		add(text)
	}
	if text == "" && s.wants(schema.NullType) {
		add(nil)
	}
	if n == 0 {
		return text, nil
	}
	if n > 1 {
		for _, v := range candidates[:n] {
			if r.distance(v, at) == 0 {
				return v, nil
			}
		}
	}
	return candidates[0], nil
}
