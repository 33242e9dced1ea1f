package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// File is a store in one file, which survives the end of its process at any moment. Only one process at a time can have it open.
type File struct {
	db     *bbolt.DB
	limits Limits
	now    func() time.Time

	turn    chan struct{} // holds one while somebody writes
	total   int           // bytes of all sandboxes; for who has the turn
	mu      sync.Mutex
	waiting []*pending
}

// The layout of the file: a bucket per sandbox, of keys with their bucket's name in front; and one that tells how much each holds.
const (
	format    = "standin store 1"
	formatKey = "format"
	metaName  = "meta"
	worldMark = "sandbox "
)

// late is how late the use of a sandbox may be noted, so that reading it does not write each time.
const late = time.Minute

func told(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// View calls f with a world; see [Store].
func (s *File) View(ctx context.Context, sandbox string, f func(Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return told(s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(worldMark + sandbox))
		if b == nil {
			return f(empty{})
		}
		return f(fileReader{b})
	}))
}

// Update calls f in a transaction, several of which may reach the disk together; see [Store].
func (s *File) Update(ctx context.Context, sandbox string, f func(Tx) error) error {
	return s.write(ctx, func(tx *bbolt.Tx) error {
		b, was, err := s.open(tx, sandbox)
		if err != nil {
			return err
		}
		t := &fileTx{fileReader{b}, was.amount}
		if err := f(t); err != nil {
			return err
		}
		if err := s.limits.check(was.amount, t.amount); err != nil {
			return err
		}
		if err := s.limits.total(s.total, t.amount.bytes-was.bytes); err != nil {
			return err
		}
		s.total += t.amount.bytes - was.bytes
		return note(tx, sandbox, size{t.amount, s.now()})
	})
}

// note writes down how much a sandbox holds.
func note(tx *bbolt.Tx, sandbox string, z size) error {
	return tx.Bucket([]byte(metaName)).Put([]byte(worldMark+sandbox), z.encode())
}

// open gives a sandbox's bucket, made if need be.
func (s *File) open(tx *bbolt.Tx, sandbox string) (*bbolt.Bucket, size, error) {
	meta := tx.Bucket([]byte(metaName))
	if b := tx.Bucket([]byte(worldMark + sandbox)); b != nil {
		return b, decodeSize(meta.Get([]byte(worldMark + sandbox))), nil
	}
	n := 0
	if err := sandboxes(tx, func(string, size) { n++ }); err != nil {
		return nil, size{}, err
	}
	if n >= s.limits.Sandboxes {
		return nil, size{}, &FullError{"sandboxes", s.limits.Sandboxes}
	}
	b, err := tx.CreateBucket([]byte(worldMark + sandbox))
	return b, size{}, err
}

// Reset forgets buckets of a sandbox; see [Store].
func (s *File) Reset(ctx context.Context, sandbox string, buckets ...string) error {
	if len(buckets) == 0 {
		return s.write(ctx, func(tx *bbolt.Tx) error { return s.drop(tx, sandbox) })
	}
	exists := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		exists = tx.Bucket([]byte(worldMark+sandbox)) != nil
		return nil
	})
	if err != nil || !exists {
		return told(err)
	}
	return s.Update(ctx, sandbox, func(tx Tx) error { return clearBuckets(tx, buckets) })
}

func (s *File) drop(tx *bbolt.Tx, sandbox string) error {
	if known := tx.Bucket([]byte(metaName)).Get([]byte(worldMark + sandbox)); known != nil {
		s.total -= decodeSize(known).bytes
	}
	err := tx.DeleteBucket([]byte(worldMark + sandbox))
	if err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
		return err
	}
	return tx.Bucket([]byte(metaName)).Delete([]byte(worldMark + sandbox))
}

// Sandboxes lists the sandboxes; see [Store].
func (s *File) Sandboxes(context.Context) (out []Sandbox, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		return sandboxes(tx, func(id string, z size) {
			out = append(out, Sandbox{ID: id, Keys: z.keys, Bytes: z.bytes, Used: z.used})
		})
	})
	return out, told(err)
}

// Touch notes that a sandbox is in use; see [Store].
func (s *File) Touch(ctx context.Context, sandbox string) error {
	fresh, now := true, s.now()
	err := s.db.View(func(tx *bbolt.Tx) error {
		if known := tx.Bucket([]byte(metaName)).Get([]byte(worldMark + sandbox)); known != nil {
			fresh = now.Sub(decodeSize(known).used) < late
		}
		return nil
	})
	if err != nil || fresh {
		return told(err)
	}
	return s.write(ctx, func(tx *bbolt.Tx) error {
		known := tx.Bucket([]byte(metaName)).Get([]byte(worldMark + sandbox))
		if known == nil {
			return nil
		}
		return note(tx, sandbox, size{decodeSize(known).amount, now})
	})
}

// Expire forgets idle sandboxes; see [Store].
func (s *File) Expire(ctx context.Context, before time.Time, keep ...string) error {
	return s.write(ctx, func(tx *bbolt.Tx) error {
		var idle []string
		err := sandboxes(tx, func(id string, z size) {
			if z.used.Before(before) && !slices.Contains(keep, id) {
				idle = append(idle, id)
			}
		})
		for _, id := range idle {
			if err == nil {
				err = s.drop(tx, id)
			}
		}
		return err
	})
}

// sandboxes calls f with each sandbox in the order of their ids.
func sandboxes(tx *bbolt.Tx, f func(id string, z size)) error {
	return tx.Bucket([]byte(metaName)).ForEach(func(key, value []byte) error {
		if id, ok := strings.CutPrefix(string(key), worldMark); ok {
			f(id, decodeSize(value))
		}
		return nil
	})
}

// Close waits for transactions under way and closes the file.
func (s *File) Close() error { return s.db.Close() }

// size is what the file notes of a sandbox.
type size struct {
	amount
	used time.Time
}

func (z size) encode() []byte {
	out := binary.AppendVarint(nil, int64(z.keys))
	out = binary.AppendVarint(out, int64(z.bytes))
	return binary.AppendVarint(out, z.used.UnixNano())
}

func decodeSize(b []byte) size {
	var n [3]int64
	for i := range n {
		v, width := binary.Varint(b)
		if width <= 0 {
			return size{}
		}
		n[i], b = v, b[width:]
	}
	return size{amount{int(n[0]), int(n[1])}, time.Unix(0, n[2])}
}

type fileReader struct{ b *bbolt.Bucket }

func (r fileReader) Get(bucket, key string) ([]byte, bool, error) {
	v := r.b.Get([]byte(join(bucket, key)))
	return v, v != nil, nil
}

func (r fileReader) Range(bucket, prefix, from string, f func(string, []byte) bool) error {
	inside, head := []byte(join(bucket, prefix)), len(bucket)+len(separator)
	c := r.b.Cursor()
	for key, value := c.Seek(later(inside, []byte(join(bucket, from)))); key != nil && bytes.HasPrefix(key, inside); key, value = c.Next() {
		if !f(string(key[head:]), value) {
			break
		}
	}
	return nil
}

func (r fileReader) RangeBack(bucket, prefix, from string, f func(string, []byte) bool) error {
	inside, head := []byte(join(bucket, prefix)), len(bucket)+len(separator)
	start, c := []byte(above(string(inside))), r.b.Cursor()
	if last := []byte(join(bucket, from)); from != "" && bytes.Compare(last, start) < 0 {
		start = last
	}
	key, value := c.Seek(start)
	switch {
	case key == nil:
		key, value = c.Last()
	case !bytes.Equal(key, start) || !bytes.HasPrefix(key, inside):
		key, value = c.Prev()
	}
	for ; key != nil && bytes.HasPrefix(key, inside); key, value = c.Prev() {
		if !f(string(key[head:]), value) {
			break
		}
	}
	return nil
}

func later(a, b []byte) []byte {
	if bytes.Compare(a, b) >= 0 {
		return a
	}
	return b
}

type fileTx struct {
	fileReader
	amount amount
}

func (t *fileTx) Put(bucket, key string, value []byte) error {
	if err := checkKey(bucket, key); err != nil {
		return err
	}
	id := []byte(join(bucket, key))
	if old := t.b.Get(id); old != nil {
		t.amount.bytes -= len(old)
	} else {
		t.amount.keys++
		t.amount.bytes += len(id)
	}
	t.amount.bytes += len(value)
	return t.b.Put(id, append([]byte{}, value...)) // never nil, which Get gives for a key that is not there
}

func (t *fileTx) Delete(bucket, key string) error {
	id := []byte(join(bucket, key))
	old := t.b.Get(id)
	if old == nil {
		return nil
	}
	t.amount.keys--
	t.amount.bytes -= len(old) + len(id)
	return t.b.Delete(id)
}
