package backend

import (
	"context"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/sample"
	"standin/mock/internal/store"
)

// perform answers an operation of which the document declares what it does.
func (w *World) perform(ctx context.Context, call *Call) (a Answer, ok bool, err error) {
	var told behaviour.Answer
	var sent []behaviour.Event
	var wrong error
	err = w.store.Update(ctx, call.Sandbox, func(tx store.Tx) error {
		r := &rows{World: w, read: tx, write: tx}
		if told, sent, ok, wrong = w.behaviour.Answer(&sandboxed{r}, w.declaredCall(call)); wrong != nil {
			return wrong
		}
		return r.err
	})
	if err != nil {
		return Answer{}, false, asDeclared(err, wrong)
	}
	w.send(call.Sandbox, sent)
	w.wake(call)
	return Answer(told), ok, nil
}

// Refuse answers a request that breaks the contract as the document declares; ok is false where it declares nothing.
func (w *World) Refuse(ctx context.Context, call *Call, violations []contract.Violation) (a Answer, ok bool, err error) {
	if w.behaviour == nil {
		return Answer{}, false, nil
	}
	var told behaviour.Answer
	var wrong error
	err = w.store.Update(ctx, call.Sandbox, func(tx store.Tx) error {
		r := &rows{World: w, read: tx, write: tx}
		if told, ok, wrong = w.behaviour.Refuse(&sandboxed{r}, w.declaredCall(call), violations); wrong != nil {
			return wrong
		}
		return r.err
	})
	w.wake(call)
	return Answer(told), ok, asDeclared(err, wrong)
}

// DeclaredError tells that what x-mock declares could not be done; it names the place.
type DeclaredError struct{ Cause error }

func (e *DeclaredError) Error() string { return e.Cause.Error() }

// Unwrap gives the cause.
func (e *DeclaredError) Unwrap() error { return e.Cause }

// asDeclared tells a fault of a declaration from one of the store.
func asDeclared(err, wrong error) error {
	if err != nil && wrong != nil {
		return &DeclaredError{wrong}
	}
	return err
}

func (w *World) declaredCall(call *Call) *behaviour.Call {
	return &behaviour.Call{Operation: call.Operation, Request: call.Request, Base: call.Base, Now: call.Now, Seed: w.seed}
}

// settle does what has become due in a sandbox: jobs end, timers ring.
func (w *World) settle(ctx context.Context, sandbox string, now time.Time) error {
	if !w.behaviour.Timed() {
		return nil
	}
	due := false
	err := w.store.View(ctx, sandbox, func(v store.Reader) error {
		r := &rows{World: w, read: v}
		at, ok := w.behaviour.Next(&sandboxed{r})
		due = ok && !at.After(now)
		return r.err
	})
	if err != nil || !due {
		return err
	}
	var sent []behaviour.Event
	var wrong error
	err = w.store.Update(ctx, sandbox, func(tx store.Tx) error {
		r := &rows{World: w, read: tx, write: tx}
		if sent, wrong = w.behaviour.Due(&sandboxed{r}, now, w.seed, w.model.contract.Operation); wrong != nil {
			return wrong
		}
		return r.err
	})
	if err == nil {
		w.send(sandbox, sent)
	}
	return asDeclared(err, wrong)
}

func (w *World) send(sandbox string, events []behaviour.Event) {
	for _, e := range events {
		if w.sender != nil {
			w.sender(sandbox, e)
		}
	}
}

// wake ends jobs in time though nobody asks, so that whoever waits for a call back gets it.
func (w *World) wake(call *Call) {
	if w.sender == nil || !w.behaviour.Calls() || !w.behaviour.Operation(call.Operation.ID).Job() {
		return
	}
	if w.waking.Add(1) > mostWaking {
		w.waking.Add(-1)
		return
	}
	w.wakeIn(w.behaviour.Longest(), call.Sandbox, call.Now)
}

// wakeIn ends jobs after a while, and those that waited for them after another, unless the clock stands still.
func (w *World) wakeIn(d time.Duration, sandbox string, last time.Time) {
	time.AfterFunc(d+time.Millisecond, func() {
		now := w.clock(w.life, sandbox)
		if w.life.Err() == nil && w.settle(w.life, sandbox, now) == nil && now.After(last) {
			if next, more := w.nextJob(sandbox); more {
				w.wakeIn(max(next.Sub(now), 0), sandbox, now)
				return
			}
		}
		w.waking.Add(-1)
	})
}

// nextJob is when the next job of a sandbox begins or ends; false if none is known to be under way.
func (w *World) nextJob(sandbox string) (next time.Time, more bool) {
	err := w.store.View(w.life, sandbox, func(v store.Reader) error {
		r := &rows{World: w, read: v}
		next, more = w.behaviour.NextJob(&sandboxed{r})
		return r.err
	})
	return next, more && err == nil
}

// mostWaking bounds the jobs that end though nobody asks.
const mostWaking = 1000

// sandboxed is one sandbox in one transaction, as x-mock sees it.
type sandboxed struct{ rows *rows }

// of is the collection behind a name: what the paths tell of it, else what is declared.
func (s *sandboxed) of(c *behaviour.Collection) *Collection { return s.rows.declared[c.Name] }

// declaredCollections are the collections of x-mock as those of the model.
func declaredCollections(m *Model, b *behaviour.Behaviour) map[string]*Collection {
	out := map[string]*Collection{}
	for name, c := range b.Collections() {
		if known := m.Collection(c.Path); known != nil && len(known.parents) == 0 && len(known.Key) == 1 && known.Key[0] == c.Key {
			out[name] = known
			continue
		}
		out[name] = &Collection{Path: c.Path, Key: []string{c.Key}, Row: c.Row, Closed: true, Position: c.Position, declared: true}
	}
	return out
}

// Row is the row of a key.
func (s *sandboxed) Row(c *behaviour.Collection, key string) (map[string]any, bool) {
	r, state := s.rows.find(s.of(c), nil, key)
	if state != present {
		return nil, false
	}
	return r.object(), true
}

// Rows are all rows.
func (s *sandboxed) Rows(c *behaviour.Collection) []map[string]any {
	page, _ := s.rows.slice(s.of(c), nil, 0, -1)
	out := make([]map[string]any, len(page))
	for i, r := range page {
		out[i] = r.object()
	}
	return out
}

// Put writes a row.
func (s *sandboxed) Put(c *behaviour.Collection, key string, value map[string]any) {
	text, _, _ := sample.AppendJSON(nil, value, c.Row, nil)
	s.rows.put(s.of(c), nil, row{key: key, value: value, text: text}, true)
}

// Remove removes a row.
func (s *sandboxed) Remove(c *behaviour.Collection, key string) { s.rows.remove(s.of(c), nil, key) }

// Get reads what is no row.
func (s *sandboxed) Get(bucket, key string) ([]byte, bool) { return s.rows.get(bucket, key) }

// Set keeps what is no row.
func (s *sandboxed) Set(bucket, key string, value []byte) { s.rows.set(bucket, key, value) }

// Delete forgets what is no row.
func (s *sandboxed) Delete(bucket, key string) {
	if s.rows.err == nil {
		s.rows.err = s.rows.write.Delete(bucket, key)
	}
}

// First is the first of a bucket.
func (s *sandboxed) First(bucket string) (key string, value []byte, ok bool) {
	if s.rows.err != nil {
		return "", nil, false
	}
	s.rows.err = s.rows.read.Range(bucket, "", "", func(k string, v []byte) bool {
		key, value, ok = k, append([]byte(nil), v...), true
		return false
	})
	return key, value, ok
}
