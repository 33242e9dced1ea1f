package mock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/fixture"
	"standin/mock/internal/history"
	"standin/mock/internal/journal"
	"standin/mock/internal/portal"
	"standin/mock/internal/sample"
)

// site is a contract with its fixtures as served: immutable, and swapped as a whole.
type site struct {
	contract    *contract.Contract
	sampler     *sample.Sampler
	fixtures    *fixture.Set
	diagnostics []contract.Diagnostic // of the fixtures
	answerers   []answerer
	behaviour   *behaviour.Behaviour // nil where the document declares none
	world       *backend.World       // nil where nothing is remembered
	secrets     sync.Map             // *contract.Operation to *journal.Secrets
	stubTexts   sync.Map             // of stubs, to []*fixture.Item
	stubCount   atomic.Int64

	// pages is nil where none are served; docsPath is their path, and exchangePath that of the journal's, in front of an id.
	pages                  *portal.Portal
	docsPath, exchangePath string
	past                   atomic.Pointer[history.History]
}

// secretsOf tells what must not be kept of an operation's exchanges, nil standing for requests that no operation takes.
func (s *site) secretsOf(op *contract.Operation) *journal.Secrets {
	if known, ok := s.secrets.Load(op); ok {
		return known.(*journal.Secrets)
	}
	known, _ := s.secrets.LoadOrStore(op, journal.SecretsOf(s.contract, op))
	return known.(*journal.Secrets)
}

func (s *Server) build(ctx context.Context, c *contract.Contract, fixtures fs.FS) (*site, error) {
	for id := range s.options.handlers {
		if c.Operation(id) == nil {
			return nil, fmt.Errorf("there is no operation %s to handle", id)
		}
	}
	sampler := sample.New(sample.Options{Seed: s.options.seed})
	set, diagnostics := fixture.Load(ctx, fixtures, c, fixture.Options{Sampler: sampler})
	declared, wrong := behaviour.Compile(c)
	built := &site{
		contract: c, sampler: sampler, fixtures: set, diagnostics: append(diagnostics, wrong...), answerers: s.answerers(), behaviour: declared,
	}
	built.world = s.world(built)
	if err := s.addPages(built, fixtures); err != nil {
		return nil, err
	}
	return built, nil
}

// ErrUnchanged tells that a [Server.Swap] changed nothing, since document and fixtures are the same to the byte.
var ErrUnchanged = errors.New("document and fixtures are unchanged")

// SwapError tells why a [Server.Swap] was refused; the old contract stays in service.
type SwapError struct {
	// Diagnostics are the errors that the new document or its fixtures have and the old ones had not.
	Diagnostics []contract.Diagnostic
}

func (e *SwapError) Error() string {
	return fmt.Sprintf("new errors: %d, the first: %s", len(e.Diagnostics), e.Diagnostics[0])
}

// Swap replaces contract and fixtures at once, after compiling all of c. Requests under way end with the old ones.
// A contract or fixtures with errors that the served ones do not have are refused with a *[SwapError].
func (s *Server) Swap(ctx context.Context, c *contract.Contract, fixtures fs.FS) error {
	s.swap.Lock()
	defer s.swap.Unlock()
	old := s.site.Load()
	built, err := s.build(ctx, c, fixtures)
	if err != nil {
		return err
	}
	fresh := newErrors(old.all(ctx), built.all(ctx)) // which waits until everything is read
	if err := ctx.Err(); err != nil {
		return err
	}
	if old.contract.Digest() == c.Digest() && old.fixtures.Digest() == built.fixtures.Digest() {
		return ErrUnchanged
	}
	if len(fresh) > 0 {
		return &SwapError{Diagnostics: fresh}
	}
	s.site.Store(built)
	s.compareHistory(built, fixtures)
	return nil
}

// all waits for the whole contract and gives what is wrong with it and its fixtures.
func (s *site) all(ctx context.Context) []contract.Diagnostic {
	return once(slices.Concat(s.contract.Wait(ctx), s.diagnostics))
}

// once leaves out what is said of a place a second time, as of a component that several operations share.
func once(found []contract.Diagnostic) []contract.Diagnostic {
	type remark struct {
		at      contract.Position
		message string
	}
	said := make(map[remark]bool, len(found))
	return slices.DeleteFunc(found, func(d contract.Diagnostic) bool {
		known := said[remark{d.Position, d.Message}]
		said[remark{d.Position, d.Message}] = true
		return known
	})
}

// newErrors are the errors of after that before has not; places move as a file is edited, so they do not count.
func newErrors(before, after []contract.Diagnostic) []contract.Diagnostic {
	type key struct{ rule, operation, message string }
	known := map[key]int{}
	for _, d := range before {
		known[key{d.Rule, d.Operation, d.Message}]++
	}
	var fresh []contract.Diagnostic
	for _, d := range after {
		k := key{d.Rule, d.Operation, d.Message}
		if known[k] > 0 {
			known[k]--
		} else if d.Level == contract.Error {
			fresh = append(fresh, d)
		}
	}
	return fresh
}

// Diagnostics waits until everything is compiled and gives what is wrong with the served document and its fixtures.
func (s *Server) Diagnostics(ctx context.Context) []contract.Diagnostic {
	return s.site.Load().all(ctx)
}

// Check compiles everything and gives what is wrong with a document and its fixtures (nil for none), including answers that
// could not be generated.
func Check(ctx context.Context, c *contract.Contract, fixtures fs.FS) []contract.Diagnostic {
	out := c.Wait(ctx)
	_, fixed := fixture.Load(ctx, fixtures, c, fixture.Options{})
	_, declared := behaviour.Compile(c)
	return once(slices.Concat(out, declared, sample.New(sample.Options{Seed: 1}).Diagnostics(ctx, c), fixed))
}
