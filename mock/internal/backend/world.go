package backend

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"standin/mock/contract"
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
}

// NewWorld makes the world of a model.
func NewWorld(m *Model, o Options) *World {
	return &World{
		model: m, sampler: o.Sampler, generator: fake.New(), store: o.Store, fixtures: o.Fixtures, seed: o.Seed, closed: o.Closed,
	}
}

// Plays tells whether an operation does anything to a collection.
func (w *World) Plays(op *contract.Operation) bool { return w.model.Role(op) != nil }

// Call is a valid request for the world.
type Call struct {
	Operation *contract.Operation
	Given     contract.Values
	Header    http.Header
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
