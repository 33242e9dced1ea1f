// Package record writes fixtures of what a real server answered.
//
// A [Recorder] fills a folder with one file for each operation and keeps it whole, so that a mock that is given the
// folder answers as the real server did: the same requests are answered alike, in the order in which they were.
package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/internal/traffic"
)

// Exchange is an answer of the real server. Secrets have been masked.
type Exchange struct {
	Operation *contract.Operation
	// Values are the inputs of the request as sent; conditions are made of those that Hides does not tell of.
	Values contract.Values
	Hides  func(in, name string) bool
	// Violating tells that the request broke the document.
	Violating bool
	// Query tells which parameters were sent: others have their value from a default of the document.
	Query map[string][]string

	Status int
	Header http.Header
	Body   []byte
	// Unchecked tells that masking took from the answer what its schema demands.
	Unchecked bool
}

// Limits of what a run records.
const (
	mostItems  = 20_000
	mostAlike  = 50        // answers to the same request
	mostBytes  = 256 << 20 // of bodies
	longInline = 16 << 10  // a longer body stands in a file of its own
)

// Recorder writes the fixtures. It is safe for concurrent use.
type Recorder struct {
	dir string

	mu    sync.Mutex
	files map[string]*file // by operation
	names map[string]bool  // of files, in lower case
	items int
	bytes int
	err   error // the first that writing met
	// closed tells that nothing more is recorded.
	closed bool

	wake chan struct{}
	done chan struct{}
}

// file is the fixtures of one operation.
type file struct {
	name  string
	items []*item
	byKey map[string][]*item
	dirty bool // there is more than on disk
}

// item is one fixture, in the order in which a file shows it.
type item struct {
	Operation string         `json:"operation"`
	When      map[string]any `json:"when,omitempty"`
	Times     int            `json:"times,omitempty"`
	Template  bool           `json:"template"`
	Validate  *bool          `json:"validate,omitempty"`
	Respond   respond        `json:"respond"`

	same string // what tells whether two answers are alike
}

type respond struct {
	Status   int             `json:"status"`
	Headers  map[string]any  `json:"headers,omitempty"`
	Body     json.RawMessage `json:"body,omitempty"`
	BodyFile string          `json:"bodyFile,omitempty"`
}

// Open takes a folder to record to, and makes it if need be. One with fixtures in it is an error: recordings do not mix.
func Open(dir string) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if !strings.HasPrefix(f.Name(), ".") {
			return nil, fmt.Errorf("%s is not empty (%s): record to a new folder, or empty it", dir, f.Name())
		}
	}
	r := &Recorder{
		dir: dir, files: map[string]*file{}, names: map[string]bool{}, wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	go r.run()
	return r, nil
}

// run writes what has been recorded, one round after the other.
func (r *Recorder) run() {
	defer close(r.done)
	for range r.wake {
		r.flush()
	}
}

// Close writes what is left, and gives the first error that writing met.
func (r *Recorder) Close() error {
	r.mu.Lock()
	if !r.closed {
		close(r.wake)
	}
	r.closed = true
	r.mu.Unlock()
	<-r.done
	r.flush()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// flush writes the files that have changed.
func (r *Recorder) flush() {
	r.mu.Lock()
	var texts []func() error
	for _, f := range r.files {
		if !f.dirty {
			continue
		}
		f.dirty = false
		text, err := f.text()
		if err != nil {
			r.err = cmp.Or(r.err, err)
			continue
		}
		texts = append(texts, func() error { return r.write(f.name, text) })
	}
	r.mu.Unlock()
	for _, write := range texts {
		if err := write(); err != nil {
			r.mu.Lock()
			r.err = cmp.Or(r.err, err)
			r.mu.Unlock()
		}
	}
}

// Fixture is an exchange as a fixture of its own; nil if its body cannot stand in one.
func Fixture(x *Exchange) ([]byte, error) {
	one := newItem(x)
	switch {
	case len(x.Body) == 0:
	case isJSON(x):
		one.Respond.Body = x.Body
	case utf8.Valid(x.Body):
		text, err := json.Marshal(string(x.Body))
		if err != nil {
			return nil, err
		}
		one.Respond.Body = text
	default:
		return nil, nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(one)
	return b.Bytes(), err
}

// newItem is an exchange without its body.
func newItem(x *Exchange) *item {
	one := &item{Operation: x.Operation.ID, When: conditions(x), Respond: respond{Status: x.Status, Headers: keptHeaders(x.Header)}}
	if x.Unchecked {
		one.Validate = new(bool)
	}
	return one
}

// Keep records an exchange; false if it has been recorded before, or there are too many.
func (r *Recorder) Keep(x *Exchange) (bool, error) {
	one := newItem(x)
	key, err := json.Marshal(one.When)
	if err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.file(x.Operation.ID)
	alike := f.byKey[string(key)]
	head, err := json.Marshal(one.Respond)
	if err != nil {
		return false, err
	}
	one.same = string(head) + "\x00" + string(x.Body)
	if r.closed || len(alike) > 0 && alike[len(alike)-1].same == one.same || len(alike) == mostAlike || r.items == mostItems || r.bytes+len(x.Body) > mostBytes {
		return false, nil
	}
	if err := r.body(f, one, x); err != nil {
		return false, err
	}
	if len(alike) > 0 {
		alike[len(alike)-1].Times = 1 // then comes this one
	}
	f.items, f.byKey[string(key)] = append(f.items, one), append(alike, one)
	r.items++
	r.bytes += len(x.Body)
	f.dirty = true
	select {
	case r.wake <- struct{}{}:
	default: // it is awake
	}
	return true, r.err
}

func (r *Recorder) file(operation string) *file {
	if f := r.files[operation]; f != nil {
		return f
	}
	name := strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' {
			return c
		}
		return '-'
	}, operation), "-")
	if len(name) > 100 {
		name = name[:100]
	}
	unique := name
	for n := 2; unique == "" || r.names[strings.ToLower(unique)] || strings.EqualFold(unique, "history") || strings.EqualFold(unique, "guides"); n++ {
		unique = name + "-" + strconv.Itoa(n)
	}
	r.names[strings.ToLower(unique)] = true
	f := &file{name: unique, byKey: map[string][]*item{}}
	r.files[operation] = f
	return f
}

// conditions are what a request must be to be answered alike: its path, what its query says, and the plain members of its body.
func conditions(x *Exchange) map[string]any {
	out := map[string]any{}
	path := map[string]any{}
	for name, v := range x.Values.Path {
		if !x.Hides("path", name) {
			path[name] = equal(v)
		}
	}
	query := map[string]any{}
	for name, sent := range x.Query {
		if x.Hides("query", name) {
			continue
		}
		if v, ok := x.Values.Query[name]; ok {
			query[name] = equal(v)
		} else if len(sent) == 1 {
			query[name] = sent[0]
		} else {
			query[name] = sent
		}
	}
	body := map[string]any{}
	if members, ok := x.Values.Body.(map[string]any); ok && x.Values.HasBody {
		plainMembers(members, "", 0, body)
	}
	for name, part := range map[string]map[string]any{"path": path, "query": query, "body": body} {
		if len(part) > 0 {
			out[name] = part
		}
	}
	if x.Violating {
		out["violations"] = true
	}
	return out
}

// mostConditions bounds what is asked of one body.
const mostConditions = 30

// plainMembers gathers the members that are no objects or arrays, two levels deep, by JSON Pointer. Masked ones tell nothing.
func plainMembers(members map[string]any, at string, depth int, out map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		place := at + "/" + source.Escape(name)
		switch v := members[name].(type) {
		case map[string]any:
			if depth < 1 {
				plainMembers(v, place, depth+1, out)
			}
		case []any:
		default:
			if len(out) < mostConditions && v != traffic.Mask {
				out[place] = v
			}
		}
	}
}

// equal is the condition that an input equals v; an object must say so.
func equal(v any) any {
	if _, ok := v.(map[string]any); ok {
		return map[string]any{"equals": v}
	}
	return v
}

// dropped are headers that belong to one connection or moment, or that hold secrets.
var dropped = []string{
	"Connection", "Content-Encoding", "Content-Length", "Date", "Keep-Alive", "Server", "Set-Cookie", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Vary",
	"Via", "Age", "Alt-Svc", "Strict-Transport-Security",
}

func keptHeaders(h http.Header) map[string]any {
	out := map[string]any{}
	for name, values := range h {
		if slices.Contains(dropped, name) || strings.HasPrefix(name, "Mock-") || strings.HasPrefix(name, "Access-Control-") {
			continue
		}
		if len(values) == 1 {
			out[name] = values[0]
		} else if len(values) > 1 {
			out[name] = values
		}
	}
	return out
}

// body puts the body into the item, or into a file beside it where it is long or no JSON.
func (r *Recorder) body(f *file, one *item, x *Exchange) error {
	if len(x.Body) == 0 {
		return nil
	}
	if len(x.Body) <= longInline && isJSON(x) {
		one.Respond.Body = x.Body
		return nil
	}
	one.Respond.BodyFile = f.name + "." + strconv.Itoa(len(f.items)+1) + ".body"
	return os.WriteFile(filepath.Join(r.dir, one.Respond.BodyFile), x.Body, 0o644)
}

// isJSON tells that the body says that it is JSON, and is.
func isJSON(x *Exchange) bool {
	kind, _, _ := strings.Cut(strings.ToLower(x.Header.Get("Content-Type")), ";")
	kind = strings.TrimSpace(kind)
	if kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return false
	}
	_, err := source.DecodeJSON(x.Body, source.Limits{})
	return err == nil
}

// text is the file of an operation.
func (f *file) text() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("[")
	for i, one := range f.items {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(one); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("\n]\n")
	return b.Bytes(), nil
}

// write writes a file so that whoever reads it sees all of it.
func (r *Recorder) write(name string, text []byte) error {
	temporary := filepath.Join(r.dir, "."+name+".tmp")
	if err := os.WriteFile(temporary, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(r.dir, name+".json"))
}
