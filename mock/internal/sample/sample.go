// Package sample gives the answer that an operation has from its document alone: an example, else a generated value.
//
// [Sampler.Choose] finds the documented answer that a client's wish leads to, [Sampler.Example] and [Sampler.Generate] fill it.
// What the document decides is worked out on first touch and kept: bodies are bytes then, and the same request is given the same
// ones, whichever server it asks.
package sample

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/schema"
)

// Options of a sampler.
type Options struct {
	// Seed decides what is generated.
	Seed uint64
}

// Sampler gives answers. It is safe for concurrent use. What it keeps is bounded by the document, not by requests.
type Sampler struct {
	seed      uint64
	generator *fake.Generator
	ready     sync.Map // *contract.Operation to *operation
}

// New makes a sampler.
func New(o Options) *Sampler {
	return &Sampler{seed: o.Seed, generator: fake.New()}
}

// Target is the documented answer that a wish and an Accept header lead to.
type Target struct {
	Status   int
	Response *contract.Response
	// Media is nil if the answer has no body.
	Media *contract.MediaType
	// ContentType is the concrete type that is sent; of multipart without the boundary, which the body decides.
	ContentType string

	outcome *outcome
	entry   *entry
	accept  string
}

// UnknownStatus tells that an operation does not document a status.
type UnknownStatus struct{ Documented []string }

func (e *UnknownStatus) Error() string {
	return "this status is not documented" + instead(e.Documented)
}

// NotAcceptable tells that an Accept header leaves none of the documented media types.
type NotAcceptable struct{ Offers []string }

func (e *NotAcceptable) Error() string {
	return "none of " + strings.Join(e.Offers, ", ") + " is acceptable"
}

// UnknownExample tells that an answer has no example of that name.
type UnknownExample struct{ Names []string }

func (e *UnknownExample) Error() string {
	return "there is no such example" + instead(e.Names)
}

func instead(known []string) string {
	if len(known) == 0 {
		return "; there is none"
	}
	return "; there is " + strings.Join(known, ", ")
}

// ErrNone tells that an answer has no example that is valid or could be repaired.
var ErrNone = errors.New("there is no valid example")

// Choose gives the answer for a status code ("" for the operation's first success) and an Accept header ("" for any).
// Errors are *[UnknownStatus] and *[NotAcceptable]; with the latter the target has its status.
func (s *Sampler) Choose(op *contract.Operation, code, accept string) (Target, error) {
	ready := s.operation(op)
	response, status := ready.first, ready.status
	if code != "" {
		response, status = ready.find(code)
	}
	if response == nil {
		var names []string
		for _, r := range op.Responses().All {
			names = append(names, r.Status)
		}
		return Target{}, &UnknownStatus{Documented: names}
	}
	o := ready.outcomes[response]
	t := Target{Status: status, Response: response, outcome: o, accept: accept}
	if len(o.offers) == 0 || !HasBody(status) {
		return t, nil
	}
	i, ok := media.Negotiate(accept, o.offers)
	if !ok && o.isFile() {
		i, ok = 0, true
	}
	if !ok {
		var names []string
		for _, e := range o.entries {
			names = append(names, e.media.Range)
		}
		return t, &NotAcceptable{Offers: names}
	}
	t.take(i)
	return t, nil
}

// take turns to one of the documented media types.
func (t *Target) take(i int) {
	e, offer := t.outcome.entries[i], t.outcome.offers[i]
	t.Media, t.ContentType, t.entry = e.media, e.contentType, e
	if offer.Wild() && t.accept != "" {
		concrete := media.Concrete(offer, t.accept, e.kind)
		t.ContentType = concrete.String()
	}
}

// typeOf is the media type that a body is sent as.
func (t *Target) typeOf(body []byte) string {
	if !t.entry.kind.IsMultipart() {
		return t.ContentType
	}
	return media.Bounded(t.ContentType, body)
}

// Answer is a documented answer, ready to be sent. Header and Body are shared: nobody may change them.
type Answer struct {
	Status      int
	ContentType string
	Header      http.Header
	Body        []byte
	// Pieces are the body cut after each element, where it is a stream of events or JSON texts; nil for other types.
	Pieces [][]byte
	// Name is that of the example; Generated tells that there was none.
	Name      string
	Generated bool
	// Repaired are the JSON Pointers of what was made up in an example that breaks its schema; nil for none.
	Repaired []string
	// Violations are what an example asked for by name breaks of its own schema.
	Violations []schema.Violation
}

// Given decodes the inputs of the request; it is called only where they decide.
type Given func() contract.Values

// Example answers with a documented example: the named one verbatim, of another acceptable media type if need be; or for the name
// "" the one that fits the request best, repaired if it breaks its schema: it holds the id of the path, it has the name of the examples that the request
// equals, or the most values of the request; between equals the first. Errors are [ErrNone] and *[UnknownExample].
func (s *Sampler) Example(op *contract.Operation, t Target, name string, given Given) (Answer, error) {
	switch {
	case name != "":
		return s.named(t, name)
	case t.entry == nil:
		return Answer{}, ErrNone
	}
	if t.entry.rendered(s); len(t.entry.valid) == 0 {
		return Answer{}, ErrNone
	}
	return s.answer(t, s.operation(op).best(t.entry.valid, given)), nil
}

// named answers with the example of a name.
func (s *Sampler) named(t Target, name string) (Answer, error) {
	if t.entry == nil {
		return Answer{}, &UnknownExample{}
	}
	if x := t.entry.named(s, name); x != nil {
		return s.answer(t, x), nil
	}
	var names []string
	for i, e := range t.outcome.entries {
		if _, ok := media.Negotiate(t.accept, t.outcome.offers[i:i+1]); !ok {
			continue
		}
		if x := e.named(s, name); x != nil {
			t.take(i)
			return s.answer(t, x), nil
		}
		for _, x := range e.rendered(s) {
			if !slices.Contains(names, x.name) {
				names = append(names, x.name)
			}
		}
	}
	return Answer{}, &UnknownExample{Names: names}
}

func (s *Sampler) answer(t Target, e *example) Answer {
	return Answer{
		Status: t.Status, ContentType: t.typeOf(e.body), Header: s.headers(t.outcome), Body: e.body, Pieces: t.entry.sequence.Split(e.body),
		Name: e.name, Violations: e.violations, Repaired: e.repaired,
	}
}

// variants is how many bodies are rendered for each answer; the request decides which of them it is given.
const variants = 8

// Generate answers with a value made from the schema. variant is a number made from the request, so that the same request is
// given the same answer. Where the answer has the id that stands last in the path, it is the request's, if the answer stays valid
// with it. An error tells that there is no such answer, and is a *[fake.Unsatisfiable] if the schema is to blame.
func (s *Sampler) Generate(op *contract.Operation, t Target, seed, variant uint64, given Given) (Answer, error) {
	a := Answer{Status: t.Status, ContentType: t.ContentType, Header: s.headers(t.outcome), Generated: true}
	if t.entry == nil {
		return a, nil
	}
	v, err := s.variant(op, t, seed, variant%variants)
	if err != nil {
		return a, err
	}
	a.Body = v.withPathID(t.entry, given)
	a.ContentType = t.typeOf(a.Body)
	a.Pieces = t.entry.sequence.Split(a.Body)
	return a, nil
}

// Sized is [Sampler.Generate] with the number of items that a list in the answer is to have, as far as the schema allows.
func (s *Sampler) Sized(op *contract.Operation, t Target, seed, variant uint64, size int) (Answer, error) {
	a := Answer{Status: t.Status, ContentType: t.ContentType, Header: s.headers(t.outcome), Generated: true}
	if t.entry == nil {
		return a, nil
	}
	v, err := s.written(op, t, s.seedOf(op, t, seed, variant%variants), size, pathID{})
	if err != nil {
		return a, err
	}
	a.Body = v.body
	a.ContentType = t.typeOf(a.Body)
	a.Pieces = t.entry.sequence.Split(a.Body)
	return a, nil
}

// seedOf makes the seed of one answer.
func (s *Sampler) seedOf(op *contract.Operation, t Target, seed, n uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %s %s %d", seed, op.ID, t.Response.Status, t.entry.media.Range, n)
	return h.Sum64()
}

// variant is one rendered body; those of the sampler's own seed are kept.
func (s *Sampler) variant(op *contract.Operation, t Target, seed, n uint64) (*variant, error) {
	if seed == s.seed {
		if v := t.entry.variants[n].Load(); v != nil {
			return v, nil
		}
	}
	v, err := s.written(op, t, s.seedOf(op, t, seed, n), 0, s.operation(op).id)
	if err != nil {
		return nil, err
	}
	if seed == s.seed {
		t.entry.variants[n].Store(v)
	}
	return v, nil
}

// sized makes up a value for an answer; size is the number of items wanted in its list, 0 for what is usual.
func (s *Sampler) sized(e *entry, seed uint64, size int) (any, error) {
	if e.sequence != media.NoSequence && !e.textual() {
		return s.elements(e, seed, size)
	}
	if e.media.Items != nil && e.kind.IsMultipart() {
		return s.elements(e, seed, size)
	}
	if e.media.Schema == nil && !e.kind.IsJSON() && !e.kind.IsXML() && !e.kind.IsForm() {
		if e.kind.IsMultipart() {
			return map[string]any{"sample": "Sample text"}, nil
		}
		return "", nil // any text or file will do
	}
	return s.generator.Value(e.media.Schema, fake.Options{Seed: seed, Direction: schema.Response, Size: size})
}

// Diagnostics tells of every documented answer without a valid example for which nothing valid can be generated either, and of
// every required header that cannot be given.
func (s *Sampler) Diagnostics(ctx context.Context, c *contract.Contract) []contract.Diagnostic {
	var out []contract.Diagnostic
	for _, op := range c.Operations() {
		for _, r := range op.Responses().All {
			if ctx.Err() != nil {
				return out
			}
			out = append(out, s.diagnose(op, r)...)
		}
	}
	return out
}

func (s *Sampler) diagnose(op *contract.Operation, r *contract.Response) []contract.Diagnostic {
	var out []contract.Diagnostic
	found := func(at contract.Position, message string) {
		out = append(out, contract.Diagnostic{
			Position: at, Level: contract.Error, Rule: "unsatisfiable", Operation: op.ID, Message: message,
		})
	}
	o := s.operation(op).outcomes[r]
	for _, e := range o.entries {
		if e.rendered(s); len(e.valid) > 0 || !HasBody(Status(r)) {
			continue
		}
		t := Target{Status: Status(r), Response: r, Media: e.media, ContentType: e.contentType, outcome: o, entry: e}
		if _, err := s.variant(op, t, s.seed, 0); err != nil {
			found(e.media.Position, "no valid answer can be made: "+err.Error())
		}
	}
	if s.headers(o); o.headerErr != nil {
		found(r.Position, o.headerErr.Error())
	}
	return out
}
