package mock

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
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
	// Unchecked serves an answer that breaks the document without a word.
	Unchecked bool
	Delay     time.Duration
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
	s.stubs.add(items)
	return func() { s.stubs.remove(items) }, nil
}

// fixture is the stub as a fixture file has it.
func (st Stub) fixture() map[string]any {
	respond := map[string]any{}
	if st.Status != 0 {
		respond["status"] = st.Status
	}
	if len(st.Header) > 0 {
		respond["headers"] = st.Header
	}
	if st.Body != nil {
		respond["body"] = st.Body
	}
	item := map[string]any{"operation": st.Operation, "respond": respond}
	if st.Name != "" {
		item["name"] = st.Name
	}
	if len(st.When) > 0 {
		item["when"] = st.When
	}
	if st.Times != 0 {
		item["times"] = st.Times
	}
	if st.Delay != 0 {
		item["delay"] = st.Delay.String()
	}
	if st.Unchecked {
		item["validate"] = false
	}
	return item
}

// stubs are the answers set at run time in every sandbox.
type stubs struct {
	mu    sync.Mutex
	items []candidate // newest first: the last word counts
	last  uint64
	of    string // tells these stubs from those of other servers that share a store
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

func (s *stubs) add(items []*fixture.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == "" {
		s.of = rand.Text()
	}
	var added []candidate
	for _, item := range items {
		s.last++
		added = append(added, candidate{item, "stub " + s.of + " " + strconv.FormatUint(s.last, 10)})
	}
	s.items = slices.Insert(s.items, 0, added...)
}

func (s *stubs) remove(items []*fixture.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = slices.DeleteFunc(s.items, func(c candidate) bool { return slices.Contains(items, c.item) })
}
