package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// service is what a server written by hand serves: it shares no code with what answers, checks or makes up anything from a document.
type service struct {
	document  string // a file below testdata/planted
	endpoints []*endpoint
	// admits tells whether a request has credentials and whether they are right; nil for a service that asks for none.
	admits func(*http.Request) (sent, right bool)
	rows   map[string][]map[string]any
	errors string // the media type of refusals, which then are {"title": …, "status": …}
}

// endpoint is one operation.
type endpoint struct {
	id, method, path string
	fields           []field
	media            []string // of the body, JSON before others
	body             *rule
	optional         bool // the body may be missing
	open             bool // it asks for no credentials
	do               func(s *byHand, c *call) reply
}

// field is a parameter.
type field struct {
	in, name string
	must     bool
	rule     *rule
	style    string // explode, comma, pipe, deep for lists and objects
}

// call is a request that is in order.
type call struct {
	operation string
	path      map[string]string
	values    map[string]any // of parameters
	body      any
	accept    string
	kind      string
}

// reply is an answer as values.
type reply struct {
	status int
	header map[string]string
	body   any
	kind   string // of a body that is text
}

// byHand is a service with at most one fault.
type byHand struct {
	service
	fault fault
	mu    sync.Mutex
	rows  map[string][]map[string]any
	next  int
}

func newByHand(s service, f fault) *byHand {
	out := &byHand{service: s, fault: f, rows: map[string][]map[string]any{}, next: 100}
	for name, rows := range s.rows {
		for _, row := range rows {
			out.rows[name] = append(out.rows[name], maps.Clone(row))
		}
	}
	return out
}

func (s *byHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, captured, exists := s.find(r)
	switch {
	case !exists:
		s.refuse(w, http.StatusNotFound)
		return
	case e == nil:
		if s.fault.verb == "allow" && s.fault.args[0] == r.Method && s.fault.on(captured[""]) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.refuse(w, http.StatusMethodNotAllowed)
		return
	}
	mine := s.fault.operation == e.id
	if s.admits != nil && !e.open {
		sent, right := s.admits(r)
		if !sent && !(mine && s.fault.verb == "open") || sent && !right && !(mine && s.fault.verb == "anybody") {
			s.refuse(w, http.StatusUnauthorized)
			return
		}
	}
	c, status := s.read(e, r, captured)
	if status != 0 {
		s.refuse(w, status)
		return
	}
	if mine && s.fault.before(w, r, c) {
		return
	}
	a := e.do(s, c)
	if mine {
		a = s.fault.after(a, r, c)
	}
	write(w, r, a)
}

// find is the endpoint of a request, and whether its path exists; "" of what is captured is the template.
func (s *byHand) find(r *http.Request) (*endpoint, map[string]string, bool) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var found map[string]string
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for _, e := range s.endpoints {
		captured := map[string]string{"": e.path}
		if !matches(strings.Split(e.path, "/"), segments, captured) {
			continue
		}
		if found = captured; e.method == method {
			return e, captured, true
		}
	}
	return nil, found, found != nil
}

func matches(template, segments []string, captured map[string]string) bool {
	if len(template) != len(segments) {
		return false
	}
	for i, one := range template {
		if strings.HasPrefix(one, "{") {
			text, err := url.PathUnescape(segments[i])
			if err != nil || text == "" {
				return false
			}
			captured[strings.Trim(one, "{}")] = text
		} else if one != segments[i] {
			return false
		}
	}
	return true
}

// read takes a request apart; a status that is not 0 refuses it.
func (s *byHand) read(e *endpoint, r *http.Request, captured map[string]string) (*call, int) {
	c := &call{operation: e.id, path: captured, values: map[string]any{}, accept: r.Header.Get("Accept")}
	lax := ""
	if s.fault.verb == "lax" && s.fault.operation == e.id {
		lax = strings.Join(s.fault.args, " ")
	}
	for _, f := range e.fields {
		v, there := f.value(r, captured)
		if !there && f.must && lax != f.name+" required" || there && f.rule.wrong(v, f.name, lax) {
			return nil, http.StatusBadRequest
		}
		if there {
			c.values[f.name] = v
		}
	}
	if e.body == nil {
		return c, 0
	}
	text, _ := io.ReadAll(r.Body)
	if len(text) == 0 {
		if e.optional || lax == "body required" {
			return c, 0
		}
		return nil, http.StatusBadRequest
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if c.kind = kind; !slices.Contains(e.media, kind) {
		if kind = e.media[0]; lax != "body media" {
			return nil, http.StatusUnsupportedMediaType
		}
	}
	body, ok := parsed(kind, text, e.body)
	if !ok || e.body.wrong(body, "", lax) {
		return nil, http.StatusUnprocessableEntity
	}
	c.body = body
	return c, 0
}

func parsed(kind string, text []byte, r *rule) (any, bool) {
	switch kind {
	case "application/x-www-form-urlencoded":
		q, err := url.ParseQuery(string(text))
		out := map[string]any{}
		for name, values := range q {
			if out[name] = values[0]; r.fields[name] != nil {
				out[name] = r.fields[name].read(values[0])
			}
		}
		return out, err == nil
	}
	if r.kind == "text" {
		return string(text), true
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	return v, d.Decode(&v) == nil
}

var decimal = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]?\d+)?$`)

// read takes a text for a value of the rule's kind, and leaves it a text where it is none.
func (r *rule) read(text string) any {
	switch {
	case (r.kind == "integer" || r.kind == "number") && decimal.MatchString(text):
		return json.Number(text)
	case r.kind == "flag" && (text == "true" || text == "false"):
		return text == "true"
	case r.kind == "list":
		return r.list(strings.Split(text, ","))
	}
	return text
}

func (r *rule) list(texts []string) any {
	out := make([]any, len(texts))
	for i, one := range texts {
		out[i] = r.items.read(one)
	}
	return out
}

func (f field) value(r *http.Request, captured map[string]string) (any, bool) {
	switch f.in {
	case "path":
		return f.rule.read(captured[f.name]), true
	case "header":
		text := r.Header.Get(f.name)
		return f.rule.read(text), r.Header.Values(f.name) != nil
	case "cookie":
		c, err := r.Cookie(f.name)
		if err != nil {
			return nil, false
		}
		return f.rule.read(c.Value), true
	}
	q := r.URL.Query()
	switch f.style {
	case "deep":
		out := map[string]any{}
		for name, values := range q {
			if inner, ok := strings.CutPrefix(name, f.name+"["); ok {
				inner = strings.TrimSuffix(inner, "]")
				if out[inner] = values[0]; f.rule.fields[inner] != nil {
					out[inner] = f.rule.fields[inner].read(values[0])
				}
			}
		}
		return out, len(out) > 0
	case "explode":
		return f.rule.list(q[f.name]), q.Has(f.name)
	case "pipe":
		return f.rule.list(strings.Split(q.Get(f.name), "|")), q.Has(f.name)
	}
	return f.rule.read(q.Get(f.name)), q.Has(f.name)
}

func (s *byHand) refuse(w http.ResponseWriter, status int) {
	if s.errors == "" {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", s.errors)
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"title":%q,"status":%d}`, http.StatusText(status), status)
}

func write(w http.ResponseWriter, r *http.Request, a reply) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	body, isText := a.body.(string)
	if !isText || a.kind == "" {
		b, _ := json.Marshal(a.body)
		body = string(b)
	}
	if a.kind == "" {
		a.kind = "application/json"
	}
	if a.body != nil {
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	if a.body != nil && r.Method != http.MethodHead {
		_, _ = io.WriteString(w, body)
	}
}

// wantsInstead tells whether a request asks for a media type that is not the usual one.
func (s *byHand) wantsInstead(c *call, kind string) bool {
	if s.fault.verb == "only" && s.fault.operation == c.operation {
		return s.fault.args[0] == kind
	}
	return c.accept == kind
}

// What endpoints do with rows: each of a kind, found by a property.

func one(kind, key, parameter string) func(*byHand, *call) reply {
	return func(s *byHand, c *call) reply {
		if i := s.at(kind, key, c.path[parameter]); i >= 0 {
			return reply{status: 200, body: s.rows[kind][i]}
		}
		return reply{status: 404}
	}
}

func (s *byHand) at(kind, key, text string) int {
	return slices.IndexFunc(s.rows[kind], func(row map[string]any) bool { return fmt.Sprint(row[key]) == text })
}

func remove(kind, key, parameter string) func(*byHand, *call) reply {
	return func(s *byHand, c *call) reply {
		i := s.at(kind, key, c.path[parameter])
		if i < 0 {
			return reply{status: 404}
		}
		if s.fault.verb != "undead" {
			s.rows[kind] = slices.Delete(s.rows[kind], i, i+1)
		}
		return reply{status: 204}
	}
}

// create adds a row: what was sent, over what is made up.
func create(kind, key string, fresh func(s *byHand, n int) map[string]any) func(*byHand, *call) reply {
	return func(s *byHand, c *call) reply {
		s.next++
		row := fresh(s, s.next)
		given, _ := c.body.(map[string]any)
		maps.Copy(row, given)
		if s.at(kind, key, fmt.Sprint(row[key])) >= 0 {
			return reply{status: 409}
		}
		if s.fault.verb != "forget" {
			s.rows[kind] = append(s.rows[kind], row)
		}
		return reply{status: 201, body: row, header: map[string]string{"Location": "/" + kind + "/" + fmt.Sprint(row[key])}}
	}
}

func change(kind, key, parameter string, keep ...string) func(*byHand, *call) reply {
	return func(s *byHand, c *call) reply {
		i := s.at(kind, key, c.path[parameter])
		if i < 0 {
			return reply{status: 404}
		}
		row, given := maps.Clone(s.rows[kind][i]), c.body.(map[string]any)
		if len(keep) > 0 { // the others are replaced
			maps.DeleteFunc(row, func(name string, _ any) bool { return !slices.Contains(keep, name) })
		}
		maps.Copy(row, given)
		if s.fault.verb != "ignore" {
			s.rows[kind][i] = row
		}
		return reply{status: 200, body: row}
	}
}

// slowly waits as long as a slow server does.
func slowly(r *http.Request) {
	select {
	case <-time.After(slowAnswer):
	case <-r.Context().Done():
	}
}
