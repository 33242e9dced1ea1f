// Package store holds the worlds of sandboxes as ordered keys to bytes, in transactions.
//
// A world is what the clients of one sandbox did: rows, counters, scenarios, sessions, jobs, each in a bucket of its own. What every
// sandbox begins with is not in here; the callers lay changes over it, and write down themselves that something is gone. A sandbox
// is made by its first [Store.Update].
//
// Nothing here assumes that one process alone holds the store: a driver may keep it elsewhere, and run a transaction again when
// another process was faster.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Reader reads one sandbox's world as it was at one moment.
type Reader interface {
	// Get gives the value of a key; ok is false if there is none. The value must not be changed, nor kept after the transaction.
	Get(bucket, key string) (value []byte, ok bool, err error)
	// Range calls f with the keys of a bucket that begin with prefix, from the key from on ("" for the first), in the order of their
	// bytes, until f returns false. f must not write.
	Range(bucket, prefix, from string, f func(key string, value []byte) bool) error
}

// Tx is a transaction: it reads what it wrote.
type Tx interface {
	Reader
	Put(bucket, key string, value []byte) error
	Delete(bucket, key string) error
}

// Store is where worlds are kept. It is safe for concurrent use.
type Store interface {
	// View calls f with a world; other transactions do not change what f sees. A sandbox that does not exist is empty.
	View(ctx context.Context, sandbox string, f func(Reader) error) error
	// Update calls f in a transaction. It happens wholly when f returns nil and the store has room, else not at all; when Update
	// returns nil, it is kept for good. f may be called more than once, so it must have no effect but on the transaction and on
	// variables that it sets anew each time.
	Update(ctx context.Context, sandbox string, f func(Tx) error) error
	// Reset forgets the buckets of a sandbox; all of them, and the sandbox itself, if none is named.
	Reset(ctx context.Context, sandbox string, buckets ...string) error
	// Sandboxes lists the sandboxes in the order of their ids.
	Sandboxes(ctx context.Context) ([]Sandbox, error)
	// Expire forgets the sandboxes that were last used before a time, but those named.
	Expire(ctx context.Context, before time.Time, keep ...string) error
	Close() error
}

// Sandbox is what a store tells of one.
type Sandbox struct {
	ID string
	// Keys and Bytes are how much it holds.
	Keys, Bytes int
	// Used is when something was last written there.
	Used time.Time
}

// Limits of a store. Zero fields take the defaults.
type Limits struct {
	// Sandboxes is how many there may be (1,000).
	Sandboxes int
	// Keys and Bytes bound one sandbox (200,000 and 64 MiB).
	Keys, Bytes int
}

func (l Limits) orDefaults() Limits {
	if l.Sandboxes == 0 {
		l.Sandboxes = 1000
	}
	if l.Keys == 0 {
		l.Keys = 200_000
	}
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	return l
}

// ErrClosed tells that the store was closed.
var ErrClosed = errors.New("the store is closed")

// FullError tells that a transaction did not happen for want of room.
type FullError struct {
	// What is "sandboxes", "keys" or "bytes", Most how many there may be.
	What string
	Most int
}

func (e *FullError) Error() string {
	if e.What == "sandboxes" {
		return fmt.Sprintf("there are %d sandboxes already, and no more may be made", e.Most)
	}
	return fmt.Sprintf("the sandbox is full: it may hold %d %s", e.Most, e.What)
}

// check tells whether a sandbox has outgrown the limits.
func (l Limits) check(keys, bytes int) error {
	if keys > l.Keys {
		return &FullError{"keys", l.Keys}
	}
	if bytes > l.Bytes {
		return &FullError{"bytes", l.Bytes}
	}
	return nil
}

// separator stands between a bucket's name and a key; names of buckets have none.
const separator = "\x00"

func join(bucket, key string) string { return bucket + separator + key }
