package requests

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Outgoing makes a valid request that the absent server sends, as its document has it: an example, else made up. Where the body is JSON,
// the values of known stand in it under equal names, the first that keep it valid. Target is empty, or begins with a question mark.
func Outgoing(op *contract.Operation, seed uint64, known ...any) (*Request, error) {
	k := &composer{generator: fake.New(), seed: seed}
	made := k.operation(op)[0]
	if made.Failed != "" {
		return nil, errors.New(made.Failed)
	}
	made.Header = slices.DeleteFunc(made.Header, func(l Line) bool { return l.Value != "" && l.Value[0] == 0 }) // credentials, which only the receiver knows
	kind := preferred(op.RequestBody())
	if kind == nil || kind.Schema == nil || len(known) == 0 {
		return &made, nil
	}
	if t, err := media.Parse(sample.ContentType(kind)); err != nil || !t.IsJSON() {
		return &made, nil
	}
	value, err := source.DecodeJSON(made.Body, source.Limits{})
	if err != nil {
		return &made, nil
	}
	filled := made
	filled.Body, _, _ = sample.AppendJSON(nil, fill(value, kind.Schema, known), kind.Schema, nil)
	if k.fault(&filled) == "" {
		return &filled, nil
	}
	return &made, nil
}

// Judge tells what a body, JSON, breaks as that of a request that the absent server sends.
func Judge(op *contract.Operation, contentType string, body []byte) []contract.Violation {
	r := &contract.Request{Found: contract.Found{Operation: op}, URL: &url.URL{}, Header: map[string][]string{"Content-Type": {contentType}}, Body: body}
	checked := op.CheckRequest(r)
	return slices.DeleteFunc(checked.Violations, func(v contract.Violation) bool { return v.In != "body" })
}

// mostFilled bounds how deep values are looked for in a body.
const mostFilled = 4

// fill puts known values in the place of those of equal names, as long as the whole stays valid.
func fill(value any, of *schema.Schema, known []any) any {
	var names []map[string]any
	for _, one := range known {
		names = append(names, named(one, mostFilled)...)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	f := filler{root: object, of: of, names: names, taken: map[string]bool{}}
	f.object(object, mostFilled)
	return object
}

// named are the objects of a value, the outer ones first.
func named(v any, deep int) []map[string]any {
	object, ok := v.(map[string]any)
	if !ok || deep == 0 {
		return nil
	}
	out := []map[string]any{object}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		out = append(out, named(object[name], deep-1)...)
	}
	return out
}

type filler struct {
	root  map[string]any
	of    *schema.Schema
	names []map[string]any
	// taken are the names that inner objects have: the id of an event is not that of what it is about.
	taken map[string]bool
}

func (f *filler) object(o map[string]any, deep int) {
	var own []string
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if inner, ok := o[name].(map[string]any); ok && deep > 0 {
			f.object(inner, deep-1)
			continue
		}
		own = append(own, name)
	}
	for _, name := range own {
		if !f.taken[name] {
			f.member(o, name)
		}
	}
	for _, name := range own {
		f.taken[name] = true
	}
	for _, p := range sample.Properties(f.of) { // what the example has left out, and the answer has
		if _, there := f.root[p.Name]; !there && deep == mostFilled && !f.taken[p.Name] {
			f.member(f.root, p.Name)
		}
	}
}

// member takes the first known value that keeps the whole valid.
func (f *filler) member(o map[string]any, name string) {
	before, was := o[name]
	for _, names := range f.names {
		v, ok := names[name]
		if !ok || !plain(v) {
			continue
		}
		o[name] = v
		if f.of.Valid(f.root, schema.Response) {
			return
		}
	}
	if delete(o, name); was {
		o[name] = before
	}
}

// plain tells whether a value is no object, and no list of any.
func plain(v any) bool {
	switch t := v.(type) {
	case string, bool, json.Number, nil:
		return true
	case []any:
		return !slices.ContainsFunc(t, func(one any) bool { return !plain(one) })
	}
	return false
}
