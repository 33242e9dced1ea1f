package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/btree"
)

// Memory is a store that ends with its process. Readers wait for nobody.
type Memory struct {
	limits Limits
	now    func() time.Time

	mu     sync.RWMutex
	worlds map[string]*world
	closed bool

	account sync.Mutex // guards total, and what worlds say of themselves under it
	total   int        // bytes of all worlds
}

// world is one sandbox. Its tree is never changed once it can be seen.
type world struct {
	write chan struct{} // holds one while somebody writes
	state atomic.Pointer[state]
	used  atomic.Int64 // in nanoseconds of Unix
	// Under the store's account: whether nobody can find it any more.
	dropped bool
}

type state struct {
	tree  *btree.Map[string, []byte]
	bytes int
}

func (s *state) amount() amount { return amount{s.tree.Len(), s.bytes} }

// NewMemory makes an empty store. now tells the time; nil for that of the machine.
func NewMemory(limits Limits, now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{limits: limits.orDefaults(), now: now, worlds: map[string]*world{}}
}

// find gives a sandbox, nil if there is none.
func (m *Memory) find(id string) (*world, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.closed {
		return nil, ErrClosed
	}
	return m.worlds[id], nil
}

// View calls f with a world; see [Store].
func (m *Memory) View(ctx context.Context, sandbox string, f func(Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := m.find(sandbox)
	if err != nil {
		return err
	}
	if w == nil {
		return f(empty{})
	}
	return f(treeReader{w.state.Load().tree})
}

// Update calls f in a transaction; see [Store].
func (m *Memory) Update(ctx context.Context, sandbox string, f func(Tx) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		w, err := m.open(sandbox)
		if err != nil {
			return err
		}
		done, err := m.update(ctx, sandbox, w, f)
		if done || err != nil {
			return err
		}
	}
}

// open gives a sandbox, made if need be.
func (m *Memory) open(id string) (*world, error) {
	if w, err := m.find(id); w != nil || err != nil {
		return w, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.worlds[id]; w != nil || m.closed {
		return w, closedIf(m.closed)
	}
	if len(m.worlds) >= m.limits.Sandboxes {
		return nil, &FullError{"sandboxes", m.limits.Sandboxes}
	}
	w := &world{write: make(chan struct{}, 1)}
	w.state.Store(&state{tree: &btree.Map[string, []byte]{}})
	w.used.Store(m.now().UnixNano())
	m.worlds[id] = w
	return w, nil
}

func closedIf(closed bool) error {
	if closed {
		return ErrClosed
	}
	return nil
}

// update runs f over a copy, which takes the world's place when all is well. done is false if the world was dropped meanwhile.
func (m *Memory) update(ctx context.Context, id string, w *world, f func(Tx) error) (done bool, err error) {
	select {
	case w.write <- struct{}{}:
	case <-ctx.Done():
		return true, ctx.Err()
	}
	defer func() { <-w.write }()
	if current, err := m.find(id); current != w || err != nil {
		return false, err
	}
	old := w.state.Load()
	tx := &treeTx{treeReader{old.tree.Copy()}, old.bytes}
	if err := f(tx); err != nil {
		return true, err
	}
	next := &state{tree: tx.tree, bytes: tx.bytes}
	if err := m.limits.check(old.amount(), next.amount()); err != nil {
		return true, err
	}
	if done, err = m.keep(w, old, next); done && err == nil {
		w.used.Store(m.now().UnixNano())
	}
	return done, err
}

// keep puts a state in the place of an old one, if there is room. done is false if the world was dropped meanwhile.
func (m *Memory) keep(w *world, old, next *state) (done bool, err error) {
	m.account.Lock()
	defer m.account.Unlock()
	if w.dropped {
		return false, nil
	}
	if err := m.limits.total(m.total, next.bytes-old.bytes); err != nil {
		return true, err
	}
	m.total += next.bytes - old.bytes
	w.state.Store(next)
	return true, nil
}

// drop forgets a sandbox. The caller holds mu.
func (m *Memory) drop(id string) {
	w := m.worlds[id]
	if w == nil {
		return
	}
	m.account.Lock()
	defer m.account.Unlock()
	m.total -= w.state.Load().bytes
	w.dropped = true
	delete(m.worlds, id)
}

// Reset forgets buckets of a sandbox; see [Store].
func (m *Memory) Reset(ctx context.Context, sandbox string, buckets ...string) error {
	if len(buckets) == 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.drop(sandbox)
		return closedIf(m.closed)
	}
	if w, err := m.find(sandbox); w == nil {
		return err
	}
	return m.Update(ctx, sandbox, func(tx Tx) error { return clearBuckets(tx, buckets) })
}

// Sandboxes lists the sandboxes; see [Store].
func (m *Memory) Sandboxes(ctx context.Context) ([]Sandbox, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var out []Sandbox
	for id, w := range m.worlds {
		s := w.state.Load()
		out = append(out, Sandbox{ID: id, Keys: s.tree.Len(), Bytes: s.bytes, Used: time.Unix(0, w.used.Load())})
	}
	slices.SortFunc(out, func(a, b Sandbox) int { return strings.Compare(a.ID, b.ID) })
	return out, closedIf(m.closed)
}

// Touch notes that a sandbox is in use; see [Store].
func (m *Memory) Touch(_ context.Context, sandbox string) error {
	w, err := m.find(sandbox)
	if w != nil {
		w.used.Store(m.now().UnixNano())
	}
	return err
}

// Expire forgets idle sandboxes; see [Store]. One that is being written is not idle.
func (m *Memory) Expire(ctx context.Context, before time.Time, keep ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, w := range m.worlds {
		select {
		case w.write <- struct{}{}:
			if w.used.Load() < before.UnixNano() && !slices.Contains(keep, id) {
				m.drop(id)
			}
			<-w.write
		default:
		}
	}
	return closedIf(m.closed)
}

// Close forgets everything.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.worlds = true, nil
	return nil
}

// empty is the world of a sandbox that does not exist.
type empty struct{}

func (empty) Get(string, string) ([]byte, bool, error) { return nil, false, nil }

func (empty) Range(string, string, string, func(string, []byte) bool) error { return nil }

func (empty) RangeBack(string, string, string, func(string, []byte) bool) error { return nil }

type treeReader struct {
	tree *btree.Map[string, []byte]
}

func (r treeReader) Get(bucket, key string) ([]byte, bool, error) {
	v, ok := r.tree.Get(join(bucket, key))
	return v, ok, nil
}

func (r treeReader) Range(bucket, prefix, from string, f func(string, []byte) bool) error {
	inside, head := join(bucket, prefix), len(bucket)+len(separator)
	r.tree.Ascend(max(inside, join(bucket, from)), func(key string, value []byte) bool {
		return strings.HasPrefix(key, inside) && f(key[head:], value)
	})
	return nil
}

func (r treeReader) RangeBack(bucket, prefix, from string, f func(string, []byte) bool) error {
	inside, head := join(bucket, prefix), len(bucket)+len(separator)
	beyond := above(inside)
	start := beyond
	if from != "" {
		start = min(start, join(bucket, from))
	}
	r.tree.Descend(start, func(key string, value []byte) bool {
		return key == beyond || strings.HasPrefix(key, inside) && f(key[head:], value)
	})
	return nil
}

type treeTx struct {
	treeReader
	bytes int
}

func (t *treeTx) Put(bucket, key string, value []byte) error {
	if err := checkKey(bucket, key); err != nil {
		return err
	}
	id := join(bucket, key)
	old, replaced := t.tree.Set(id, slices.Clone(value))
	t.bytes += len(value)
	if replaced {
		t.bytes -= len(old)
	} else {
		t.bytes += len(id)
	}
	return nil
}

func (t *treeTx) Delete(bucket, key string) error {
	id := join(bucket, key)
	if old, ok := t.tree.Delete(id); ok {
		t.bytes -= len(old) + len(id)
	}
	return nil
}
