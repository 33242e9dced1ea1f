package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/types"
)

// runName is what a program calls its run by; no program can write it.
const runName = "$run"

// Request is what programs see of a request. Values are those of JSON; the names of headers are in lower case.
type Request struct {
	Method, URL                 string
	Path, Query, Header, Cookie map[string]any
	Body                        any
}

// RequestOf is a request as programs see it, with its decoded inputs; of headers that come more than once the first.
func RequestOf(r *http.Request, path, query, cookie map[string]any, body any) Request {
	out := Request{Method: r.Method, URL: r.URL.String(), Path: path, Query: query, Cookie: cookie, Body: body, Header: map[string]any{}}
	for name, values := range r.Header {
		if len(values) > 0 {
			out.Header[strings.ToLower(name)] = values[0]
		}
	}
	return out
}

// Scope is what programs see. It serves the programs of one answer, one after another; each program starts with its whole budget. It is
// not safe for concurrent use. The fields must not be changed after the first run; [Scope.Set] may.
type Scope struct {
	Request Request
	// State is state.
	State any
	// Now is the time of the sandbox.
	Now time.Time
	// UUID makes uuid. nil: it is an error to ask.
	UUID func() string
	// Fake makes fake.NAME(args). nil: it is an error to ask. A value it gives is one of JSON's.
	Fake func(name string, args []any) (any, error)
	// More are the values of further names; see [Options].
	More map[string]any
	// Functions do the work of further functions. The arguments and what they give are values of JSON; neither may be changed.
	Functions map[string]func(args []any) (any, error)

	environment map[string]any
	set         map[string]any
	run         *run
}

// environment is what names there are, for the compiler.
func environment(more []string) types.Map {
	out := types.Map{runName: types.Any}
	for _, name := range append([]string{"request", "state", "now"}, more...) {
		out[name] = types.Any
	}
	return out
}

// prepare makes ready for one more run.
func (s *Scope) prepare() {
	if s.environment == nil {
		r := &s.Request
		s.run = &run{scope: s}
		s.environment = map[string]any{
			runName: s.run, "state": s.State, "now": s.Now.UTC().Format(time.RFC3339Nano),
			"request": map[string]any{
				"method": r.Method, "url": r.URL, "path": object(r.Path), "query": object(r.Query), "header": object(r.Header),
				"cookie": object(r.Cookie), "body": r.Body,
			},
		}
		for name, v := range s.More {
			s.environment[name] = v
		}
	}
	s.run.steps = maxSteps
}

// Set gives a further name its value, which programs must not see changed; see [Options].
func (s *Scope) Set(name string, v any) {
	s.prepare()
	s.environment[name] = v
	if s.set == nil {
		s.set = map[string]any{}
	}
	s.set[name] = v
}

// Names are those that were given by [Scope.Set], with their values.
func (s *Scope) Names() map[string]any { return maps.Clone(s.set) }

// Value is the value of a further name, nil if it has none.
func (s *Scope) Value(name string) any {
	s.prepare()
	return s.environment[name]
}

func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// run is one run of a program.
type run struct {
	scope *Scope
	steps int
}

var errSteps = errors.New("it takes too long")

// spend counts steps, and ends a run that takes too many.
func (r *run) spend(n int) error {
	r.steps -= max(n, 0)
	if r.steps < 0 {
		return errSteps
	}
	return nil
}

// read counts the reading of a text.
func (r *run) read(texts ...string) error {
	n := 1
	for _, t := range texts {
		n += len(t) / 64
	}
	return r.spend(n)
}

// numeric reads a number, and counts what fractions and long numbers cost; see [numeric].
func (r *run) numeric(v any) (n number, ok bool, err error) {
	if n, ok, err = numeric(v); n.rat != nil && err == nil {
		err = r.spend(20 + (n.rat.Num().BitLen()+n.rat.Denom().BitLen())/4)
	}
	return n, ok, err
}

// made counts a text that was made.
func (r *run) made(text string) (any, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("a text would be longer than %d bytes", maxText)
	}
	return text, r.read(text)
}

// plain is a value as one of JSON's: what expr-lang makes beside them are numbers and lists of Go's.
func (r *run) plain(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("it is nested too deep")
	}
	switch v := v.(type) {
	case nil, bool, json.Number:
		return v, r.spend(1)
	case string:
		if !utf8.ValidString(v) {
			return nil, errors.New("it is not UTF-8")
		}
		return v, r.read(v)
	case int:
		return integer(int64(v)), r.spend(1)
	case int64:
		return integer(v), r.spend(1)
	case float64:
		return float(v)
	case []int:
		return plainList(r, v, depth)
	case []string:
		return plainList(r, v, depth)
	case []any:
		return plainList(r, v, depth)
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, old := range v {
			one, err := r.plain(old, depth+1)
			if err == nil {
				err = r.read(key)
			}
			if err != nil {
				return nil, err
			}
			out[key] = one
		}
		return out, r.spend(1)
	}
	return nil, fmt.Errorf("it is no value but %T", v)
}

func plainList[T any](r *run, list []T, depth int) (any, error) {
	if err := r.spend(len(list) + 1); err != nil {
		return nil, err
	}
	out := make([]any, len(list))
	for i, old := range list {
		v, err := r.plain(old, depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// kind is what a value is called in errors.
func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a text"
	case json.Number, int, int64, float64:
		return "a number"
	case []any, []int, []string:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		return fmt.Sprintf("a %T", v)
	}
}
