package sample

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/schema"
)

// operation is what an operation's document decides about its answers.
type operation struct {
	contract *contract.Operation
	outcomes map[*contract.Response]*outcome
	// first is the answer to no wish, sent with status; nil if nothing is documented.
	first  *contract.Response
	status int
	id     pathID
	inputs []input
}

// outcome is one documented answer.
type outcome struct {
	operation *contract.Operation
	response  *contract.Response
	offers    []media.Type // in order of preference
	entries   []*entry     // of the offers

	headerOnce sync.Once
	header     http.Header
	headerErr  error
}

// isFile tells whether the answer is the file of OpenAPI 2.0. It goes out as it is, which RFC 9110, 12.5.1 leaves to the server: one
// list of types (produces) stands for the file and for the errors beside it, so clients ask for what only the latter have.
func (o *outcome) isFile() bool {
	for _, e := range o.entries {
		if s := e.media.Schema; s != nil && s.Node.Get("type").StringOr("") == "file" {
			return true
		}
	}
	return false
}

func (s *Sampler) operation(op *contract.Operation) *operation {
	if o, ok := s.ready.Load(op); ok {
		return o.(*operation)
	}
	o := &operation{contract: op, outcomes: map[*contract.Response]*outcome{}, id: pathIDOf(op), inputs: inputsOf(op)}
	for _, r := range op.Responses().All {
		o.outcomes[r] = newOutcome(op, r)
	}
	o.first, o.status = first(op.Responses())
	kept, _ := s.ready.LoadOrStore(op, o)
	return kept.(*operation)
}

// first is the answer to no wish: the first documented success, else default as 200, else the first.
func first(documented *contract.Responses) (*contract.Response, int) {
	for _, r := range documented.All {
		if r.Status[0] == '2' {
			return r, Status(r)
		}
	}
	if documented.Default != nil {
		return documented.Default, http.StatusOK
	}
	if len(documented.All) == 0 {
		return nil, 0
	}
	return documented.All[0], Status(documented.All[0])
}

// find gives the response for a code: a status from 100 to 599, or "default".
func (o *operation) find(code string) (*contract.Response, int) {
	documented := o.contract.Responses()
	if code == "default" && documented.Default != nil {
		return documented.Default, Status(documented.Default)
	}
	status, err := strconv.Atoi(code)
	if err != nil || status < 100 || status > 599 {
		return nil, 0
	}
	return documented.For(status), status
}

// Code is the status code that asks for the response under a key of responses: "404" for 404, "400" for 4XX.
func Code(key string) string {
	if len(key) == 3 && strings.HasSuffix(key, "XX") {
		return key[:1] + "00"
	}
	return key
}

// Status is the status that a response is sent with when it is asked for: its own, the first of its class, or 500 for default.
func Status(r *contract.Response) int {
	status, err := strconv.Atoi(Code(r.Status))
	if err != nil {
		return http.StatusInternalServerError
	}
	return status
}

// HasBody tells whether answers of a status may have a body (RFC 9110, 15.2, 15.3.5, 15.3.6, 15.4.5).
func HasBody(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusResetContent && status != http.StatusNotModified
}

func newOutcome(op *contract.Operation, r *contract.Response) *outcome {
	o := &outcome{operation: op, response: r}
	// What we can write ourselves comes first; otherwise the document's order is its preference.
	for rank := range 3 {
		for _, m := range r.Content {
			t, err := media.Parse(m.Range)
			if err != nil || preference(t) != rank {
				continue
			}
			o.offers = append(o.offers, t)
			o.entries = append(o.entries, newEntry(m, t))
		}
	}
	return o
}

func preference(t media.Type) int {
	switch {
	case t.IsJSON() || t.Type == "*" || t.Type == "application" && t.Wild():
		return 0
	case t.IsText():
		return 1
	}
	return 2
}

// ContentType is the type that a documented body is sent as: its own, or a usual one of its range.
func ContentType(m *contract.MediaType) string {
	t, err := media.Parse(m.Range)
	if err != nil || !t.Wild() {
		return m.Range
	}
	concrete := concrete(t)
	return concrete.String()
}

// concrete is the type that stands for a range when the client has no wish of its own.
func concrete(t media.Type) media.Type {
	if t.Type == "*" {
		t = media.Type{Type: "application", Subtype: "json"}
	}
	return media.Concrete(t, "", media.Type{})
}

// headers are the documented headers of an answer: example, else default, else what is usual, else generated.
func (s *Sampler) headers(o *outcome) http.Header {
	o.headerOnce.Do(func() {
		for _, p := range o.response.Headers {
			if written(p.Name, p.Required) {
				continue
			}
			text, err := s.headerText(o, p)
			if err != nil {
				if p.Required && o.headerErr == nil {
					o.headerErr = fmt.Errorf("the header %s cannot be given: %w", p.Name, err)
				}
				continue
			}
			if o.header == nil {
				o.header = http.Header{}
			}
			o.header[p.Name] = []string{text}
		}
	})
	return o.header
}

// written tells that a header is for the server to write, which knows how the answer is really sent.
func written(name string, required bool) bool {
	switch name {
	case "Connection", "Content-Encoding", "Content-Length", "Date", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return true
	}
	return strings.HasPrefix(name, "Access-Control-") && !required
}

func (s *Sampler) headerText(o *outcome, p *contract.Parameter) (string, error) {
	return headerValue(s.generator, p, func(n int) uint64 {
		h := fnv.New64a()
		fmt.Fprintf(h, "%d %s %s %s %d", s.seed, o.operation.ID, o.response.Status, p.Name, n)
		return h.Sum64()
	})
}

// headerValue writes the value of a header: example, else default, else what is usual, else generated from one of the seeds.
func headerValue(generator *fake.Generator, p *contract.Parameter, seeds func(n int) uint64) (string, error) {
	for _, e := range p.Examples {
		if e.Value != nil && len(e.Violations) == 0 {
			if text, err := p.Encode(e.Value.Value()); err == nil {
				return text, nil
			}
		}
	}
	if p.Schema != nil && p.Schema.Default != nil && p.Schema.Valid(p.Schema.Default.Value(), schema.Response) {
		if text, err := p.Encode(p.Schema.Default.Value()); err == nil {
			return text, nil
		}
	}
	var last error
	for n := range 8 { // not every value can be written in a header
		seed := seeds(n)
		if text, ok := usual(p, seed); ok {
			return text, nil
		}
		value, err := generator.Value(p.Schema, fake.Options{Seed: seed, Direction: schema.Response, Name: p.Name})
		if err != nil {
			return "", err
		}
		text, err := p.Encode(value)
		if err == nil {
			return text, nil
		}
		last = err
	}
	return "", last
}
