// Package control is the API that a mock is told and asked by: health, sandboxes, settings, stubs, scenarios, rows, and why an answer
// was given.
//
// It is described by an OpenAPI document of its own, openapi.yaml in this folder, which finds and checks each request. To add an
// operation, describe it there, and give a function under its operationId to [New], in a group with those that it shares a file with.
// What the functions work on is behind small interfaces, which the server fills.
package control

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"standin/mock/contract"
)

//go:embed openapi.yaml
var document []byte

// Document is the OpenAPI document of the API, in YAML.
func Document() []byte { return document }

// Operations are functions by operationId.
type Operations map[string]Operation

// Operation answers requests that keep the document. An error is a [*Problem], or something that went wrong within: 503.
type Operation func(ctx context.Context, call *Call) (Answer, error)

// Call is a request that keeps the document.
type Call struct {
	// Operation is what the request was matched to.
	Operation *contract.Operation
	Request   *http.Request
	// Values are the decoded inputs.
	Values contract.Values
	// Body is the body as sent; nil for none.
	Body []byte
	// Sandbox is whose world is meant.
	Sandbox string
}

// Text is a path or query parameter that is a string, "" if it is absent.
func (c *Call) Text(name string) string {
	for _, of := range []map[string]any{c.Values.Path, c.Values.Query} {
		if text, ok := of[name].(string); ok {
			return text
		}
	}
	return ""
}

// Texts is a query parameter that is a list of strings.
func (c *Call) Texts(name string) []string {
	var out []string
	items, _ := c.Values.Query[name].([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// Number is a query parameter that is a whole number, otherwise if it is absent.
func (c *Call) Number(name string, otherwise int) int {
	if n, ok := c.Values.Query[name].(json.Number); ok {
		if i, err := strconv.Atoi(n.String()); err == nil {
			return i
		}
	}
	return otherwise
}

// Decode reads the body, which is JSON, into v.
func (c *Call) Decode(v any) error {
	if len(c.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.Body, v); err != nil {
		return NewProblem(http.StatusUnprocessableEntity, "body", "the body cannot be used: "+err.Error())
	}
	return nil
}

// Answer is what an operation gives.
type Answer struct {
	// Status is 200 if zero, or 204 if there is neither Value nor Body nor Stream.
	Status int
	// Value is written as JSON.
	Value any
	// ContentType is that of Body or Stream; application/json if empty.
	ContentType string
	Header      http.Header
	Body        []byte
	// Stream writes the body bit by bit, for as long as the request's context lives.
	Stream func(w http.ResponseWriter)
}

// API answers requests by its document. It is safe for concurrent use.
type API struct {
	trust      func(*http.Request) error
	operations Operations
	contract   func() (*contract.Contract, error)
}

// New makes an API of groups of operations. What the document has and no group gives is answered 404. trust gives the error, as one of
// an [Operation], for a request that may not use the API; operations that the document opens to everybody do not ask it.
func New(trust func(*http.Request) error, groups ...Operations) *API {
	a := &API{trust: trust, operations: Operations{}}
	for _, group := range groups {
		for id, operation := range group {
			a.operations[id] = operation
		}
	}
	a.contract = sync.OnceValues(func() (*contract.Contract, error) {
		return contract.Parse(context.Background(), "openapi.yaml", document)
	})
	return a
}

// Has tells whether somebody answers the operation of that id.
func (a *API) Has(id string) bool { return a.operations[id] != nil }

// IDs are those of the operations that somebody answers, sorted.
func (a *API) IDs() []string { return slices.Sorted(maps.Keys(a.operations)) }

// MaxBody is the largest body that is taken, in bytes.
const MaxBody = 64 << 20

// Serve answers a request for the path below the API's own, escaped, such as /health, in a sandbox.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, path, sandbox string) {
	answer, err := a.answer(w, r, path, sandbox)
	if err != nil {
		WriteProblem(w, err)
		return
	}
	a.write(w, r, answer)
}

// answer finds the operation, holds the request to the document, and asks the operation.
func (a *API) answer(w http.ResponseWriter, r *http.Request, path, sandbox string) (Answer, error) {
	c, err := a.contract()
	if err != nil {
		return Answer{}, err
	}
	found := c.Find(r.Method, path)
	op := found.Operation
	switch {
	case op == nil && len(found.Allow) > 0:
		w.Header().Set("Allow", strings.Join(found.Allow, ", "))
		return Answer{}, NewProblem(http.StatusMethodNotAllowed, "method", path+" answers "+strings.Join(found.Allow, ", ")+" only")
	case op == nil:
		return Answer{}, NewProblem(http.StatusNotFound, "no-such-path", "the control API has no path "+strconv.Quote(path)+"; GET openapi.yaml describes it")
	case a.operations[op.ID] == nil:
		return Answer{}, NewProblem(http.StatusNotFound, "not-here", "this server does not answer "+op.ID)
	}
	if len(op.Security()) > 0 {
		if err := a.trust(r); err != nil {
			return Answer{}, err
		}
	}
	body, err := readBody(w, r)
	if err != nil {
		return Answer{}, err
	}
	if op.RequestBody() == nil && len(body) > 0 {
		return Answer{}, NewProblem(http.StatusBadRequest, "body", op.ID+" takes no body")
	}
	if kind := r.Header.Get("Content-Type"); kind != "" && len(body) == 0 && op.RequestBody() != nil && !takes(op.RequestBody(), kind) {
		return Answer{}, NewProblem(http.StatusUnsupportedMediaType, "content-type", op.ID+" takes no "+strconv.Quote(kind)) // a form's, perhaps
	}
	request := contract.Request{Found: found, URL: r.URL, Header: r.Header, Body: body, Strict: true}
	checked := op.CheckRequest(&request)
	if len(checked.Violations) > 0 {
		return Answer{}, broken(checked.Violations)
	}
	return a.operations[op.ID](r.Context(), &Call{
		Operation: op, Request: r, Values: checked.Values(), Body: body, Sandbox: sandbox,
	})
}

// takes tells whether a body may be of a media type.
func takes(b *contract.RequestBody, contentType string) bool {
	essence, _, _ := strings.Cut(contentType, ";")
	return slices.ContainsFunc(b.Content, func(m *contract.MediaType) bool { return strings.EqualFold(m.Range, strings.TrimSpace(essence)) })
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, NewProblem(http.StatusRequestEntityTooLarge, "too-large", fmt.Sprintf("the body is larger than %d bytes", MaxBody))
	}
	if err != nil {
		return nil, NewProblem(http.StatusBadRequest, "unreadable-body", "the body cannot be read: "+err.Error())
	}
	return body, nil
}

// write sends an answer.
func (a *API) write(w http.ResponseWriter, r *http.Request, answer Answer) {
	body, contentType := answer.Body, answer.ContentType
	if answer.Value != nil {
		var err error
		if body, err = marshal(answer.Value); err != nil {
			WriteProblem(w, err)
			return
		}
	}
	if contentType == "" {
		contentType = "application/json"
	}
	h := w.Header()
	for name, values := range answer.Header {
		h[name] = values
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	empty := body == nil && answer.Stream == nil
	if answer.Status == 0 {
		answer.Status = http.StatusOK
		if empty {
			answer.Status = http.StatusNoContent
		}
	}
	if !empty {
		h.Set("Content-Type", contentType)
	}
	w.WriteHeader(answer.Status)
	switch {
	case r.Method == http.MethodHead:
	case answer.Stream != nil:
		answer.Stream(w)
	default:
		_, _ = w.Write(body)
	}
}
