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
	// RangeBack is Range the other way: from the key from down ("" for the last).
	RangeBack(bucket, prefix, from string, f func(key string, value []byte) bool) error
}

// Tx is a transaction: it reads what it wrote.
type Tx interface {
	Reader
	// Put writes a copy of the value. [ErrKey] tells that the key is too long.
	Put(bucket, key string, value []byte) error
	// Delete makes a key be gone; that there is none is no error.
	Delete(bucket, key string) error
}

// Store is where worlds are kept. It is safe for concurrent use. What waits ends with its context, unless f has begun.
//
// Errors are [ErrClosed], [ErrConflict], [ErrKey], a [*FullError], that of the context, one of f, or one of what keeps the store.
type Store interface {
	// View calls f with a world; other transactions do not change what f sees. A sandbox that does not exist is empty. f should be
	// short, as a driver may keep all that is deleted meanwhile.
	View(ctx context.Context, sandbox string, f func(Reader) error) error
	// Update calls f in a transaction. It happens wholly when f returns nil and the store has room, else not at all; when Update
	// returns nil, it is kept for good. f may be called more than once, so it must have no effect but on the transaction and on
	// variables that it sets anew each time.
	Update(ctx context.Context, sandbox string, f func(Tx) error) error
	// Reset forgets the buckets of a sandbox; all of them, and the sandbox itself, if none is named.
	Reset(ctx context.Context, sandbox string, buckets ...string) error
	// Sandboxes lists the sandboxes in the order of their ids.
	Sandboxes(ctx context.Context) ([]Sandbox, error)
	// Touch notes that a sandbox is in use, though nothing is written; a driver may do so up to a minute late. It makes no sandbox.
	Touch(ctx context.Context, sandbox string) error
	// Expire forgets the sandboxes that were last used before a time, but those named. What an Update keeps meanwhile stays.
	Expire(ctx context.Context, before time.Time, keep ...string) error
	Close() error
}

// Sandbox is what a store tells of one.
type Sandbox struct {
	ID string
	// Keys and Bytes are how much it holds.
	Keys, Bytes int
	// Used is when something was last written there, or when it was last touched.
	Used time.Time
}

// Limits of a store. Zero fields take the defaults. A sandbox that holds more, because the limits were higher, may shrink, not grow.
type Limits struct {
	// Sandboxes is how many there may be (1,000).
	Sandboxes int
	// Keys and Bytes bound one sandbox (500,000 and 64 MiB).
	Keys, Bytes int
	// Total bounds the bytes of all sandboxes together (1 GiB). It is for stores that one process holds; a Redis has maxmemory for that.
	Total int
}

func (l Limits) orDefaults() Limits {
	if l.Sandboxes == 0 {
		l.Sandboxes = 1000
	}
	if l.Keys == 0 {
		l.Keys = 500_000
	}
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	if l.Total == 0 {
		l.Total = 1 << 30
	}
	return l
}

var (
	// ErrClosed tells that the store was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrConflict tells that a transaction did not happen because others were faster, again and again; it may be tried later. Drivers
	// that let transactions wait for each other do not give it.
	ErrConflict = errors.New("too many transactions at once change the same sandbox")
	// ErrKey tells that a key is longer than [MaxKey].
	ErrKey = fmt.Errorf("a key is longer than %d bytes", MaxKey)
)

// MaxKey is how many bytes the name of a bucket and a key may have together.
const MaxKey = 16 << 10

// FullError tells that a transaction did not happen for want of room.
type FullError struct {
	// What is "sandboxes", "keys", "bytes" or "total" (bytes of all sandboxes), Most how many there may be.
	What string
	Most int
}

func (e *FullError) Error() string {
	if e.What == "sandboxes" {
		return fmt.Sprintf("there are %d sandboxes already, and no more may be made", e.Most)
	}
	if e.What == "total" {
		return fmt.Sprintf("the store is full: all sandboxes together may hold %d bytes", e.Most)
	}
	return fmt.Sprintf("the sandbox is full: it may hold %d %s", e.Most, e.What)
}

// check tells whether a sandbox has outgrown the limits, and more than before.
func (l Limits) check(was, is amount) error {
	if is.keys > l.Keys && is.keys > was.keys {
		return &FullError{"keys", l.Keys}
	}
	if is.bytes > l.Bytes && is.bytes > was.bytes {
		return &FullError{"bytes", l.Bytes}
	}
	return nil
}

// total tells whether all sandboxes together would outgrow the limits; has is what they hold, more what one is to hold more.
func (l Limits) total(has, more int) error {
	if more > 0 && has+more > l.Total {
		return &FullError{"total", l.Total}
	}
	return nil
}

// amount is how much a sandbox holds.
type amount struct{ keys, bytes int }

// separator stands between a bucket's name and a key; names of buckets have none.
const separator = "\x00"

func join(bucket, key string) string { return bucket + separator + key }

// checkKey tells whether a key is too long.
func checkKey(bucket, key string) error {
	if len(bucket)+len(key) > MaxKey {
		return ErrKey
	}
	return nil
}

// above is the least string that is greater than all that begin with a prefix, which has a byte that is not the greatest.
func above(prefix string) string {
	out := []byte(prefix)
	for out[len(out)-1] == 0xff {
		out = out[:len(out)-1]
	}
	out[len(out)-1]++
	return string(out)
}

// clearBuckets deletes all keys of some buckets.
func clearBuckets(tx Tx, buckets []string) error {
	for _, bucket := range buckets {
		var keys []string
		err := tx.Range(bucket, "", "", func(key string, _ []byte) bool {
			keys = append(keys, key)
			return true
		})
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := tx.Delete(bucket, key); err != nil {
				return err
			}
		}
	}
	return nil
}
