package backend

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/expr"
	"standin/mock/internal/fake"
	"standin/mock/internal/fixture"
	"standin/mock/internal/sample"
	"standin/mock/internal/store"
)

// World plays the collections of a contract. What the document and the fixtures decide, the first rows, is the same in every
// sandbox and made on first touch; what clients did is in the store. It is safe for concurrent use.
type World struct {
	model     *Model
	sampler   *sample.Sampler
	generator *fake.Generator
	store     store.Store
	fixtures  []fixture.Collection
	seed      uint64
	closed    bool
	behaviour *behaviour.Behaviour // nil where nothing is declared
	declared  map[string]*Collection
	private   map[*Collection]bool // those whose rows may hold what is for x-mock alone
	sender    func(sandbox string, e behaviour.Event)
	clock     func(ctx context.Context, sandbox string) time.Time
	life      context.Context
	waking    atomic.Int64
	stamp     [stampLength]byte

	tables      sync.Map // of first rows, by path and parents, to *table
	plainTables sync.Map // *Collection to *table
	kept        atomic.Int64
	strays      sync.Map // rows that were adopted, by head and key
	strayed     atomic.Int64
	frames      sync.Map // frameKey to *frame
}

// Options of a world.
type Options struct {
	// Sampler gives the answers around the rows.
	Sampler *sample.Sampler
	// Store holds what clients did.
	Store store.Store
	// Fixtures are first rows.
	Fixtures []fixture.Collection
	// Seed decides what is made up.
	Seed uint64
	// Closed makes every collection closed: what was neither seeded nor created does not exist.
	Closed bool
	// Behaviour is what x-mock declares; nil for nothing.
	Behaviour *behaviour.Behaviour
	// Send gets the requests that the absent server would send itself; nil: they are not sent.
	Send func(sandbox string, e behaviour.Event)
	// Clock is the time in a sandbox. Default: [time.Now].
	Clock func(ctx context.Context, sandbox string) time.Time
	// Life ends what goes on when nobody asks. Default: nothing ends it.
	Life context.Context
}

// NewWorld makes the world of a model.
func NewWorld(m *Model, o Options) *World {
	w := &World{
		model: m, sampler: o.Sampler, generator: fake.New(), store: o.Store, fixtures: o.Fixtures, seed: o.Seed, closed: o.Closed,
		behaviour: o.Behaviour, declared: declaredCollections(m, o.Behaviour), sender: o.Send, clock: o.Clock, life: o.Life,
		stamp: newStamp(),
	}
	w.private = make(map[*Collection]bool, len(w.declared))
	for _, c := range w.declared {
		w.private[c] = true
	}
	if w.clock == nil {
		w.clock = func(context.Context, string) time.Time { return time.Now() }
	}
	if w.life == nil {
		w.life = context.Background()
	}
	return w
}

// Plays tells whether an operation does anything to a collection, or has its behaviour declared.
func (w *World) Plays(op *contract.Operation) bool {
	return w.behaviour.Operation(op.ID) != nil || w.model.Role(op) != nil
}

// Call is a valid request for the world.
type Call struct {
	Operation *contract.Operation
	Given     contract.Values
	// Request is what programs see.
	Request expr.Request
	Header  http.Header
	// URL is the request's. Path is the part of it that the document's template describes, escaped, and Base what stands in front of
	// that, such as https://host/api; answers name URLs by them.
	URL        *url.URL
	Base, Path string
	// Sandbox is whose rows are meant.
	Sandbox string
	// Now is the time in the sandbox.
	Now time.Time
}

// Answer is what the absent server would have said. Header and Body must not be changed.
type Answer struct {
	Status      int
	ContentType string
	Header      http.Header
	Body        []byte
}

// Answer plays one request. ok is false where the world has nothing to say: the operation belongs to no collection, or what happened
// has no documented answer that could tell it. An error is one of the store's.
func (w *World) Answer(ctx context.Context, call *Call) (a Answer, ok bool, err error) {
	if err := w.settle(ctx, call.Sandbox, call.Now); err != nil {
		return Answer{}, false, err
	}
	if w.behaviour.Operation(call.Operation.ID) != nil {
		return w.perform(ctx, call)
	}
	role := w.model.Role(call.Operation)
	if role == nil {
		return Answer{}, false, nil
	}
	p := &play{World: w, call: call, role: role, c: role.Collection}
	if !p.locate() {
		return Answer{}, false, nil
	}
	if role.Kind == List || role.Kind == Read {
		err = w.store.View(ctx, call.Sandbox, func(v store.Reader) error {
			p.rows = rows{World: w, read: v}
			a, ok = p.answer()
			return nil
		})
		return a, ok, err
	}
	err = w.store.Update(ctx, call.Sandbox, func(tx store.Tx) error {
		p.rows = rows{World: w, read: tx, write: tx}
		a, ok = p.change()
		return p.rows.err
	})
	return a, ok, err
}
