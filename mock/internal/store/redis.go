package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a store that several processes share. Each keeps copies of the worlds that it has looked at; a transaction first asks whether
// its copy is the newest, and brings it up to date with what others changed meanwhile. A change happens in Redis wholly or not at all,
// and only if nobody else was faster; else the transaction runs again.
type Redis struct {
	client     *redis.Client
	scripts    redisScripts
	logScripts logScripts
	names      redisNames
	limits     Limits
	now        func() time.Time
	shown      string // the address, for messages

	mu     sync.Mutex
	copies map[string]*replica
	held   int // bytes of all copies
	uses   uint64
	closed bool
}

// replica is this process's copy of a world.
type replica struct {
	turn  chan struct{} // holds one while somebody writes here
	state atomic.Pointer[versioned]
	tree  sync.Mutex // held while a tree is copied, which changes it
	// bytes and used are the store's to read and write, under its lock.
	bytes int
	used  uint64
}

// versioned is a world as it was after one change. Version 0 is that of a world that does not exist; no other comes twice.
type versioned struct {
	state
	version uint64
}

// mostHeld is how many bytes of copies a process keeps.
const mostHeld = 256 << 20

// tries is how often a transaction runs before others have been faster too often.
const tries = 100

// UnavailableError tells that what keeps the store could not be reached. Whether a change has happened is not known then.
type UnavailableError struct {
	// Address is where it was looked for, without credentials.
	Address string
	Cause   error
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("the store at %s cannot be reached: %v", e.Address, e.Cause)
}

// Unwrap gives the cause.
func (e *UnavailableError) Unwrap() error { return e.Cause }

// failed tells why a command failed.
func (s *Redis) failed(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, redis.ErrClosed):
		return ErrClosed
	}
	return &UnavailableError{s.shown, err}
}

// find gives the copy of a world, an empty one if there is none yet.
func (s *Redis) find(sandbox string) (*replica, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	r := s.copies[sandbox]
	if r == nil {
		r = &replica{turn: make(chan struct{}, 1)}
		r.state.Store(nothing())
		s.copies[sandbox] = r
	}
	s.uses++
	r.used = s.uses
	return r, nil
}

// keep makes a state the copy's, unless it has a newer one, and drops the copies that were not used for longest where they hold too much.
func (s *Redis) keep(r *replica, next *versioned) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := r.state.Load(); next.version != 0 && old.version > next.version {
		return
	}
	r.state.Store(next)
	s.held += next.bytes - r.bytes
	r.bytes = next.bytes
	for s.held > mostHeld && len(s.copies) > 1 {
		oldest := ""
		for id, one := range s.copies {
			if one != r && (oldest == "" || one.used < s.copies[oldest].used) {
				oldest = id
			}
		}
		s.held -= s.copies[oldest].bytes
		delete(s.copies, oldest)
	}
}

// fresh brings the copy of a world up to date.
func (s *Redis) fresh(ctx context.Context, sandbox string, r *replica) (*versioned, error) {
	have := r.state.Load()
	reply, err := s.scripts.sync.Run(ctx, s.client, s.names.of(sandbox), have.version).Slice()
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	r.tree.Lock()
	next, err := have.after(reply)
	r.tree.Unlock()
	if err != nil {
		return nil, err
	}
	if next != have {
		s.keep(r, next)
	}
	return next, nil
}

// View calls f with a world; see [Store].
func (s *Redis) View(ctx context.Context, sandbox string, f func(Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := s.find(sandbox)
	if err != nil {
		return err
	}
	now, err := s.fresh(ctx, sandbox, r)
	if err != nil {
		return err
	}
	return f(treeReader{now.tree})
}

// Update calls f in a transaction; see [Store].
func (s *Redis) Update(ctx context.Context, sandbox string, f func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := s.find(sandbox)
	if err != nil {
		return err
	}
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.turn }()
	for try := range tries {
		if done, err := s.try(ctx, sandbox, r, f); done || err != nil {
			return err
		}
		if err := wait(ctx, try); err != nil {
			return err
		}
	}
	return ErrConflict
}

// wait lets others end their transactions: up to 2 ms at first, up to 50 ms later.
func wait(ctx context.Context, try int) error {
	t := time.NewTimer(time.Duration(rand.Int64N(int64(min(2*(try+1), 50)) * int64(time.Millisecond))))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try runs a transaction once; done is false if somebody else was faster.
func (s *Redis) try(ctx context.Context, sandbox string, r *replica, f func(Tx) error) (done bool, err error) {
	old, err := s.fresh(ctx, sandbox, r)
	if err != nil {
		return false, err
	}
	r.tree.Lock()
	tx := &redisTx{treeTx: treeTx{treeReader{old.tree.Copy()}, old.bytes}, changes: map[string][]byte{}}
	r.tree.Unlock()
	if err := f(tx); err != nil {
		return true, err
	}
	if err := s.limits.check(old.amount(), amount{tx.tree.Len(), tx.bytes}); err != nil {
		return true, err
	}
	// f has run: from here on, what it did is kept whatever becomes of the caller's patience.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience+time.Second)
	defer cancel()
	args := []any{old.version, s.limits.Sandboxes, tx.tree.Len(), tx.bytes, s.now().UnixMilli(), s.now().UnixNano(), keptFor.Milliseconds(), tx.packed()}
	for key, value := range tx.changes {
		if value == nil {
			args = append(args, "d", key, "")
		} else {
			args = append(args, "p", key, value)
		}
	}
	version, err := s.scripts.commit.Run(ctx, s.client, s.names.of(sandbox), args...).Uint64()
	switch {
	case err != nil:
		return true, s.failed(ctx, err)
	case version == commitFull:
		return true, &FullError{"sandboxes", s.limits.Sandboxes}
	case version == commitStale:
		return false, nil
	}
	s.keep(r, &versioned{state{tx.tree, tx.bytes}, version})
	return true, nil
}

// redisTx also notes what it changes: nil for what is gone.
type redisTx struct {
	treeTx
	changes map[string][]byte
}

func (t *redisTx) Put(bucket, key string, value []byte) error {
	if err := t.treeTx.Put(bucket, key, value); err != nil {
		return err
	}
	t.changes[join(bucket, key)] = append([]byte{}, value...)
	return nil
}

func (t *redisTx) Delete(bucket, key string) error {
	if _, there := t.tree.Get(join(bucket, key)); there {
		t.changes[join(bucket, key)] = nil
	}
	return t.treeTx.Delete(bucket, key)
}

// Reset forgets buckets of a sandbox; see [Store].
func (s *Redis) Reset(ctx context.Context, sandbox string, buckets ...string) error {
	if len(buckets) > 0 {
		exists, err := s.client.Exists(ctx, s.names.meta(sandbox)).Result()
		if err != nil || exists == 0 {
			return s.failed(ctx, err)
		}
		return s.Update(ctx, sandbox, func(tx Tx) error { return clearBuckets(tx, buckets) })
	}
	return s.failed(ctx, s.scripts.forget.Run(ctx, s.client, s.names.of(sandbox), "").Err())
}

// Sandboxes lists the sandboxes; see [Store].
func (s *Redis) Sandboxes(ctx context.Context) ([]Sandbox, error) {
	ids, err := s.client.ZRange(ctx, s.names.all(), 0, -1).Result()
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	slices.Sort(ids)
	var out []Sandbox
	for _, id := range ids {
		meta, err := s.client.HMGet(ctx, s.names.meta(id), "keys", "bytes", "used").Result()
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		if len(meta) == 3 && meta[0] != nil {
			out = append(out, Sandbox{ID: id, Keys: int(whole(meta[0])), Bytes: int(whole(meta[1])), Used: time.Unix(0, whole(meta[2]))})
		}
	}
	return out, nil
}

// whole reads a number that Redis keeps as a text.
func whole(v any) int64 {
	text, _ := v.(string)
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// Touch notes that a sandbox is in use; see [Store].
func (s *Redis) Touch(ctx context.Context, sandbox string) error {
	if err := s.open(); err != nil {
		return err
	}
	return s.failed(ctx, s.scripts.touch.Run(ctx, s.client, s.names.of(sandbox), s.now().UnixMilli(), s.now().UnixNano(), keptFor.Milliseconds()).Err())
}

func (s *Redis) open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return closedIf(s.closed)
}

// Expire forgets idle sandboxes; see [Store].
func (s *Redis) Expire(ctx context.Context, before time.Time, keep ...string) error {
	idle, err := s.client.ZRangeArgs(ctx, redis.ZRangeArgs{
		Key: s.names.all(), Start: "-inf", Stop: "(" + strconv.FormatInt(before.UnixMilli(), 10), ByScore: true,
	}).Result()
	if err != nil {
		return s.failed(ctx, err)
	}
	for _, id := range idle {
		if slices.Contains(keep, id) {
			continue
		}
		if err := s.scripts.forget.Run(ctx, s.client, s.names.of(id), before.UnixMilli()).Err(); err != nil {
			return s.failed(ctx, err)
		}
		s.mu.Lock()
		if r := s.copies[id]; r != nil && len(r.turn) == 0 {
			s.held -= r.bytes
			delete(s.copies, id)
		}
		s.mu.Unlock()
	}
	return nil
}

// Close ends the connection. What is kept stays.
func (s *Redis) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed, s.copies = true, nil
	s.mu.Unlock()
	return s.client.Close()
}
