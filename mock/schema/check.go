package schema

import (
	"encoding/json"
	"reflect"
	"slices"
	"unsafe"
)

const (
	defaultBudget = 10_000_000
	defaultMost   = 100
	// deepest is how many schemas may be applied inside one another.
	deepest = 5_000
	// remembering starts after this many steps, so that ordinary checks allocate nothing for it.
	remembering = 20_000
)

// Valid tells whether a value keeps the schema. It stops at the first violation. A value whose check uses up a budget of 10
// million steps, or of time for a pattern, is not valid.
func (s *Schema) Valid(v any, d Direction) bool {
	e := eval{direction: d, left: defaultBudget, remember: defaultBudget - remembering}
	return e.check(s, v, nil) && !e.exhausted
}

// Check gathers the violations of a value: those of the whole before those of its parts, properties in the order of the
// schema, undeclared ones by name. Where none of several alternatives fits, the violations are those of the alternative that
// comes nearest, and their messages name it. When the budget is used up, the last violation has the keyword "complexity".
func (s *Schema) Check(v any, o Options) []Violation {
	if o.Budget <= 0 {
		o.Budget = defaultBudget
	}
	if o.Most <= 0 {
		o.Most = defaultMost
	}
	e := eval{direction: o.Direction, left: o.Budget, remember: o.Budget - remembering, most: o.Most, strict: o.Undeclared}
	ok := e.check(s, v, nil)
	switch {
	case e.exhausted:
	case !ok:
		e.gather = true
		e.check(s, v, nil)
	case o.Undeclared:
		e.gather = true
		e.undeclared([]*Schema{s}, v)
	}
	if e.exhausted {
		e.found = append(e.found, e.complexity(s))
	}
	return e.found
}

// eval is one check under way.
type eval struct {
	direction Direction
	strict    bool // requests, too, must fit the kind that they name
	left      int  // steps
	remember  int  // what left must have fallen to before outcomes are remembered
	depth     int
	exhausted bool
	slow      *Schema // whose pattern took too long
	most      int

	// gather tells to go on after a violation and to write them down.
	gather bool
	found  []Violation
	path   []token // from the whole to the value in hand; only while gathering
	at     uint64  // a hash of the path
	label  string  // the alternative that the value in hand is taken as

	scope  []*resource // the dynamic scope, as far as it matters
	guards []guard     // what must not be done again to the value in hand
	guard  int         // where the guards of the value in hand begin

	memo map[memoKey]bool
}

// guard is a schema that is being applied, or whose alternatives are being chosen among: a child that its parent's discriminator may
// lead to keeps that from choosing again, but not the parent from being applied.
type guard struct {
	schema   *Schema
	choosing bool
}

// token is one step of a JSON Pointer.
type token struct {
	name  string
	index int // -1 for a name
}

// hash goes on with the hash of the path before t (FNV-1a).
func (t token) hash(h uint64) uint64 {
	const prime = 1_099_511_628_211
	h = (h ^ uint64(t.index+2)) * prime
	for i := range len(t.name) {
		h = (h ^ uint64(t.name[i])) * prime
	}
	return h
}

// memoKey is a schema with a value: by identity, or by its path where each place is to be written down.
type memoKey struct {
	schema *Schema
	kind   TypeSet // 0 for a path
	at     unsafe.Pointer
	length uint64
}

// check applies a schema to a value. What it evaluates of the value is added to ev, if there is one; after false, ev is void.
func (e *eval) check(s *Schema, v any, ev *evaluated) bool {
	if s.trivial {
		return true
	}
	if e.left--; e.left < 0 || e.depth >= deepest {
		e.exhausted = true
	}
	if e.exhausted {
		return false
	}
	if s.Never {
		return e.gather && e.report(s, "false", "nothing is allowed here")
	}
	if v == nil && s.nullWhole {
		return true
	}
	if ev == nil && e.left < e.remember && e.repeatable() {
		if key, ok := e.keyOf(s, v); ok {
			return e.remembered(key, s, v)
		}
	}
	return e.enter(s, v, ev)
}

// enter does what surrounds the keywords: dynamic scope, and guards against going in circles.
func (e *eval) enter(s *Schema, v any, ev *evaluated) bool {
	scopes, guards := len(e.scope), len(e.guards)
	if s.scoped && !slices.Contains(e.scope, s.in) { // the outermost is what counts
		e.scope = append(e.scope, s.in)
	}
	if s.loops {
		if e.guarded(guard{schema: s}) {
			return true
		}
		e.guards = append(e.guards, guard{schema: s})
	}
	for _, parent := range s.parents {
		e.guards = append(e.guards, guard{parent, true})
	}
	e.depth++
	ok := e.keywords(s, v, ev)
	e.depth--
	e.scope, e.guards = e.scope[:scopes], e.guards[:guards]
	return ok
}

// guarded tells whether that is being done to the value in hand already.
func (e *eval) guarded(g guard) bool { return slices.Contains(e.guards[e.guard:], g) }

// repeatable tells whether the outcome depends on schema and value alone.
func (e *eval) repeatable() bool { return len(e.scope) == 0 && len(e.guards) == e.guard }

func (e *eval) keyOf(s *Schema, v any) (memoKey, bool) {
	if e.gather {
		return memoKey{schema: s, length: e.at}, true
	}
	switch v := v.(type) {
	case nil:
		return memoKey{schema: s, kind: NullType}, true
	case bool:
		key := memoKey{schema: s, kind: BooleanType}
		if v {
			key.length = 1
		}
		return key, true
	case json.Number:
		return memoKey{s, NumberType, unsafe.Pointer(unsafe.StringData(string(v))), uint64(len(v))}, true
	case string:
		return memoKey{s, StringType, unsafe.Pointer(unsafe.StringData(v)), uint64(len(v))}, true
	case []any:
		return memoKey{s, ArrayType, unsafe.Pointer(unsafe.SliceData(v)), uint64(len(v))}, true
	case map[string]any:
		return memoKey{s, ObjectType, reflect.ValueOf(v).UnsafePointer(), uint64(len(v))}, true
	}
	return memoKey{}, false
}

// remembered applies a schema to a value once only. Alternatives or parts inside one another would otherwise cost exponential
// time.
func (e *eval) remembered(key memoKey, s *Schema, v any) bool {
	if ok, known := e.memo[key]; known {
		return ok
	}
	ok := e.enter(s, v, nil)
	if e.exhausted {
		return false
	}
	if e.memo == nil {
		e.memo = map[memoKey]bool{}
	}
	e.memo[key] = ok
	return ok
}

// quietly applies a schema without writing down its violations.
func (e *eval) quietly(s *Schema, v any, ev *evaluated) bool {
	gather := e.gather
	e.gather = false
	ok := e.check(s, v, ev)
	e.gather = gather
	return ok
}

// keywords applies the keywords of one schema.
func (e *eval) keywords(s *Schema, v any, ev *evaluated) bool {
	if s.Types != 0 && !s.Types.holds(v) {
		return e.gather && e.report(s, "type", "must be %s, is %s", s.Types, kindOf(v))
	}
	// Inside, what other keywords evaluated matters to unevaluated*; outside, what those evaluate does.
	own := ev
	if s.UnevaluatedProperties != nil && isObject(v) || s.UnevaluatedItems != nil && isArray(v) {
		own = &evaluated{}
	}
	ok := e.assertions(s, v, own)
	if s.places && (ok || e.gather) {
		ok = e.inPlace(s, v, own) && ok
	}
	if own != ev && ok {
		ok = e.unevaluated(s, v, own)
	}
	if own != ev && ev != nil {
		ev.add(own)
	}
	return ok
}

// assertions applies the keywords that do not apply other schemas to the same value, but type.
func (e *eval) assertions(s *Schema, v any, ev *evaluated) bool {
	ok := true
	if s.HasEnum || s.HasConst {
		ok = e.fixed(s, v)
	}
	if ok || e.gather {
		ok = e.value(s, v, ev) && ok
	}
	return ok
}

// child applies a schema to a part of the value in hand.
func (e *eval) child(at token, s *Schema, v any) bool {
	if s.trivial {
		return true
	}
	guard := e.guard
	e.guard = len(e.guards)
	if !e.gather {
		ok := e.check(s, v, nil)
		e.guard = guard
		return ok
	}
	outer := e.at
	e.at = at.hash(outer)
	e.path = append(e.path, at)
	ok := e.check(s, v, nil)
	e.path = e.path[:len(e.path)-1]
	e.at, e.guard = outer, guard
	return ok
}
