package mock

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/fixture"
	"standin/mock/internal/source"
)

// Stub is an answer set at run time. It comes before every fixture and ignores the wish; the newest one that fits answers.
type Stub struct {
	// Operation is the operation's id, "METHOD /template", or "*" for all. Required.
	Operation string
	// Name is told in Mock-Source. Optional.
	Name string
	// When holds the conditions on the request, as in a fixture file: {"path": {"petId": 7}}. Optional: it always answers.
	When map[string]any
	// Times is how often it answers; 0 means always.
	Times int
	// Status is 200 if zero.
	Status int
	Header map[string]string
	// Body is written as JSON; a string is sent as it stands where the media type is not JSON. nil means no body.
	Body any
	// Example is the name of a documented example that is the body instead; Generate makes the body up.
	Example  string
	Generate bool
	// Template fills what stands in the texts of Body and Header between {{ and }} from the request.
	Template bool
	// Sequence are answers instead, by their Status, Header, Body, Example and Generate: each once, the last one from then on.
	Sequence []Stub
	// Then are the states, by scenario, that an answer leads to; When may ask for them under "scenario".
	Then map[string]string
	// Unchecked serves an answer that breaks the document without a word.
	Unchecked bool
	Delay     time.Duration
	// Fault breaks the answer on its way: reset, empty, truncate, garbage or slow. Optional.
	Fault string
	// FaultRate is the part of the answers that go wrong, from 0 to 1; all of them if zero.
	FaultRate float64
}

// Stub answers from now on as st says, until remove is called. What the answer breaks of the document is an error, unless st is
// Unchecked; so are an unknown operation and a wrong condition.
func (s *Server) Stub(ctx context.Context, st Stub) (remove func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(st.fixture())
	if err != nil {
		return nil, fmt.Errorf("mock: the stub for %s: %w", st.Operation, err)
	}
	node, err := source.Parse("stub.json", text, source.Limits{})
	if err != nil {
		return nil, fmt.Errorf("mock: the stub for %s: %w", st.Operation, err)
	}
	now := s.site.Load()
	items, found := fixture.Compile(now.contract, node, fixture.Options{Sampler: now.sampler})
	for _, d := range found {
		if d.Level == contract.Error {
			return nil, fmt.Errorf("mock: the stub for %s: %s", st.Operation, d.Message)
		}
	}
	s.stubs.add(items, UnusedStub{Operation: st.Operation, Name: st.Name, Text: string(text), Wanted: max(1, st.Times, len(st.Sequence))})
	return func() { s.stubs.remove(items) }, nil
}

// Unused are the stubs that were given to the server itself, have not been removed, and have not answered as often as they should.
func (s *Server) Unused() []UnusedStub {
	s.stubs.mu.Lock()
	defer s.stubs.mu.Unlock()
	var out []UnusedStub
	for i := range s.stubs.given {
		one := s.stubs.given[i].UnusedStub
		if one.Answered = int(s.stubs.given[i].uses.Load()); one.Answered < one.Wanted {
			out = append(out, one)
		}
	}
	return out
}

// fixture is the stub as a fixture file has it.
func (st Stub) fixture() map[string]any {
	item := map[string]any{"operation": st.Operation}
	if len(st.Sequence) == 0 {
		item["respond"] = st.respond()
	} else {
		var steps []any
		for _, step := range st.Sequence {
			steps = append(steps, step.respond())
		}
		item["sequence"] = steps
	}
	if st.Name != "" {
		item["name"] = st.Name
	}
	if len(st.When) > 0 {
		item["when"] = st.When
	}
	if st.Times != 0 {
		item["times"] = st.Times
	}
	if st.Template {
		item["template"] = true
	}
	if len(st.Then) > 0 {
		item["then"] = map[string]any{"scenario": st.Then}
	}
	if st.Delay != 0 {
		item["delay"] = st.Delay.String()
	}
	switch {
	case st.FaultRate != 0:
		item["fault"] = map[string]any{"kind": st.Fault, "rate": st.FaultRate}
	case st.Fault != "":
		item["fault"] = st.Fault
	}
	if st.Unchecked {
		item["validate"] = false
	}
	return item
}

// respond is the answer as a fixture file has it.
func (st Stub) respond() map[string]any {
	out := map[string]any{}
	if st.Status != 0 {
		out["status"] = st.Status
	}
	if len(st.Header) > 0 {
		out["headers"] = st.Header
	}
	if st.Body != nil {
		out["body"] = st.Body
	}
	if st.Example != "" {
		out["example"] = st.Example
	}
	if st.Generate {
		out["generate"] = true
	}
	return out
}

// stubs are the answers set at run time in every sandbox.
type stubs struct {
	mu    sync.Mutex
	items []candidate // newest first: the last word counts
	given []givenStub // oldest first
	last  uint64
	of    string // tells these stubs from those of other servers that share a store
}

// givenStub is a stub with the items that it makes.
type givenStub struct {
	UnusedStub
	items []*fixture.Item
	uses  *atomic.Int64
}

// forOperation lists the stubs of an operation, newest first.
func (s *stubs) forOperation(id string) []candidate {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.items) == 0 {
		return nil
	}
	var out []candidate
	for _, c := range s.items {
		if c.item.Operation == id || c.item.Operation == "*" {
			out = append(out, c)
		}
	}
	return out
}

func (s *stubs) add(items []*fixture.Item, told UnusedStub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == "" {
		s.of = rand.Text()
	}
	var added []candidate
	uses := new(atomic.Int64)
	for _, item := range items {
		s.last++
		added = append(added, candidate{item: item, key: "stub " + s.of + " " + strconv.FormatUint(s.last, 10), uses: uses})
	}
	s.given = append(s.given, givenStub{told, items, uses})
	s.items = slices.Insert(s.items, 0, added...)
}

func (s *stubs) remove(items []*fixture.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = slices.DeleteFunc(s.items, func(c candidate) bool { return slices.Contains(items, c.item) })
	s.given = slices.DeleteFunc(s.given, func(g givenStub) bool { return slices.Equal(g.items, items) })
}
