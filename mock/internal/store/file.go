package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// File is a store in one file, which survives the end of its process at any moment. Only one process at a time can have it open.
type File struct {
	db     *bbolt.DB
	limits Limits
	now    func() time.Time
}

// The layout of the file: a bucket per sandbox, of keys with their bucket's name in front; and one that tells how much each holds.
const (
	format    = "standin store 1"
	metaName  = "meta"
	worldMark = "sandbox "
)

// room is address space for the file, so that readers need not end for it to grow (bbolt, Options.InitialMmapSize).
const room = 256 << 20

// patience is how long another process may keep the file before that is an error.
const patience = 2 * time.Second

// OpenFile opens or makes the store in a file, readable to its owner alone. An error tells that another process has it open, or that
// it is no store. now tells the time; nil for that of the machine.
func OpenFile(name string, limits Limits, now func() time.Time) (*File, error) {
	if now == nil {
		now = time.Now
	}
	db, err := bbolt.Open(name, 0o600, &bbolt.Options{Timeout: patience, FreelistType: bbolt.FreelistMapType, InitialMmapSize: room})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%s is in use by another process", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used as a store: %w", name, err)
	}
	db.MaxBatchDelay = time.Millisecond
	err = db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists([]byte(metaName))
		if err != nil {
			return err
		}
		switch known := meta.Get([]byte("format")); {
		case known == nil:
			return meta.Put([]byte("format"), []byte(format))
		case string(known) != format:
			return fmt.Errorf("it was written by another version (%q)", known)
		}
		return nil
	})
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("%s cannot be used as a store: %w", name, err)
	}
	return &File{db: db, limits: limits.orDefaults(), now: now}, nil
}

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
	if err := ctx.Err(); err != nil {
		return err
	}
	return told(s.db.Batch(func(tx *bbolt.Tx) error {
		b, size, err := s.open(tx, sandbox)
		if err != nil {
			return err
		}
		t := &fileTx{fileReader{b}, size}
		if err := f(t); err != nil {
			return err
		}
		if err := s.limits.check(t.size.keys, t.size.bytes); err != nil {
			return err
		}
		t.size.used = s.now()
		return tx.Bucket([]byte(metaName)).Put([]byte(worldMark+sandbox), t.size.encode())
	}))
}

// open gives a sandbox's bucket, made if need be.
func (s *File) open(tx *bbolt.Tx, sandbox string) (*bbolt.Bucket, size, error) {
	meta := tx.Bucket([]byte(metaName))
	if b := tx.Bucket([]byte(worldMark + sandbox)); b != nil {
		return b, decodeSize(meta.Get([]byte(worldMark + sandbox))), nil
	}
	n := 0
	for c, key := meta.Cursor(), []byte(nil); ; n++ {
		if key == nil {
			key, _ = c.Seek([]byte(worldMark))
		} else {
			key, _ = c.Next()
		}
		if key == nil || !bytes.HasPrefix(key, []byte(worldMark)) {
			break
		}
	}
	if n >= s.limits.Sandboxes {
		return nil, size{}, &FullError{"sandboxes", s.limits.Sandboxes}
	}
	b, err := tx.CreateBucket([]byte(worldMark + sandbox))
	return b, size{}, err
}

// Reset forgets buckets of a sandbox; see [Store].
func (s *File) Reset(ctx context.Context, sandbox string, buckets ...string) error {
	if len(buckets) > 0 {
		return s.Update(ctx, sandbox, func(tx Tx) error {
			for _, bucket := range buckets {
				if err := clearBucket(tx, bucket); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return told(s.db.Update(func(tx *bbolt.Tx) error { return drop(tx, sandbox) }))
}

func drop(tx *bbolt.Tx, sandbox string) error {
	err := tx.DeleteBucket([]byte(worldMark + sandbox))
	if err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
		return err
	}
	return tx.Bucket([]byte(metaName)).Delete([]byte(worldMark + sandbox))
}

// Sandboxes lists the sandboxes; see [Store].
func (s *File) Sandboxes(context.Context) (out []Sandbox, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(metaName)).ForEach(func(key, value []byte) error {
			if id, ok := strings.CutPrefix(string(key), worldMark); ok {
				z := decodeSize(value)
				out = append(out, Sandbox{ID: id, Keys: z.keys, Bytes: z.bytes, Used: z.used})
			}
			return nil
		})
	})
	return out, told(err)
}

// Expire forgets idle sandboxes; see [Store].
func (s *File) Expire(ctx context.Context, before time.Time, keep ...string) error {
	all, err := s.Sandboxes(ctx)
	if err != nil {
		return err
	}
	return told(s.db.Update(func(tx *bbolt.Tx) error {
		for _, one := range all {
			if one.Used.Before(before) && !slices.Contains(keep, one.ID) {
				if err := drop(tx, one.ID); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// Close waits for transactions under way and closes the file.
func (s *File) Close() error { return s.db.Close() }

// size is what the file notes of a sandbox.
type size struct {
	keys, bytes int
	used        time.Time
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
	return size{int(n[0]), int(n[1]), time.Unix(0, n[2])}
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

func later(a, b []byte) []byte {
	if bytes.Compare(a, b) >= 0 {
		return a
	}
	return b
}

type fileTx struct {
	fileReader
	size size
}

func (t *fileTx) Put(bucket, key string, value []byte) error {
	id := []byte(join(bucket, key))
	if old := t.b.Get(id); old != nil {
		t.size.bytes -= len(old)
	} else {
		t.size.keys++
		t.size.bytes += len(id)
	}
	t.size.bytes += len(value)
	return t.b.Put(id, slices.Clone(value))
}

func (t *fileTx) Delete(bucket, key string) error {
	id := []byte(join(bucket, key))
	old := t.b.Get(id)
	if old == nil {
		return nil
	}
	t.size.keys--
	t.size.bytes -= len(old) + len(id)
	return t.b.Delete(id)
}
