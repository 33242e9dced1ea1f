package store_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock/internal/store"
)

// holders are the stores that one process holds, which bound what all sandboxes hold together.
func holders() map[string]opener {
	return map[string]opener{
		"file":   openFile,
		"memory": func(_ testing.TB, l store.Limits, now func() time.Time) store.Store { return store.NewMemory(l, now) },
	}
}

func write(t *testing.T, s store.Store, sandbox, key string, bytes int) error {
	return s.Update(t.Context(), sandbox, func(tx store.Tx) error { return tx.Put("r", key, []byte(strings.Repeat("x", bytes))) })
}

// TestTotal bounds the bytes of all sandboxes, and knows what is given back.
func TestTotal(t *testing.T) {
	for name, open := range holders() {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			s := open(t, store.Limits{Total: 1000}, func() time.Time { return now })
			full := func(err error) bool {
				f, ok := errors.AsType[*store.FullError](err)
				return ok && f.What == "total" && strings.Contains(err.Error(), "1000 bytes")
			}
			for _, id := range []string{"a", "b", "c"} {
				if err := write(t, s, id, "1", 300); err != nil {
					t.Fatal(err)
				}
			}
			if err := write(t, s, "d", "1", 300); !full(err) {
				t.Errorf("a fourth sandbox: %v", err)
			}
			if err := write(t, s, "a", "2", 300); !full(err) {
				t.Errorf("a second key: %v", err)
			}
			if err := write(t, s, "a", "1", 100); err != nil {
				t.Errorf("less is no more: %v", err)
			}
			if err := s.Reset(t.Context(), "b"); err != nil {
				t.Fatal(err)
			}
			if err := write(t, s, "d", "1", 400); err != nil {
				t.Errorf("after a reset: %v", err)
			}
			now = now.Add(time.Hour)
			if err := write(t, s, "a", "1", 90); err != nil {
				t.Fatal(err)
			}
			if err := s.Expire(t.Context(), now); err != nil {
				t.Fatal(err)
			}
			if err := write(t, s, "e", "1", 850); err != nil {
				t.Errorf("after the others expired: %v", err)
			}
			if err := write(t, s, "f", "1", 100); !full(err) {
				t.Errorf("more than there is room: %v", err)
			}
			if err := s.Reset(t.Context(), "e", "r"); err != nil {
				t.Fatal(err)
			}
			if err := write(t, s, "f", "1", 850); err != nil {
				t.Errorf("after a bucket was forgotten: %v", err)
			}
		})
	}
}

// TestTotalOfManyWriters counts right, whatever happens at the same time.
func TestTotalOfManyWriters(t *testing.T) {
	for name, open := range holders() {
		t.Run(name, func(t *testing.T) {
			s := open(t, store.Limits{Total: 20_000}, nil)
			var all sync.WaitGroup
			for w := range 8 {
				all.Go(func() {
					id := string(rune('a' + w%4))
					for n := range 40 {
						_ = write(t, s, id, string(rune('a'+n%5)), 100+n*7%400)
						_ = s.Update(t.Context(), id, func(tx store.Tx) error {
							_ = tx.Put("r", "never", make([]byte, 200))
							return errors.New("no")
						})
						if n%10 == 9 {
							_ = s.Reset(t.Context(), id)
						}
					}
				})
			}
			all.Wait()
			held := 0
			list, err := s.Sandboxes(t.Context())
			for _, one := range list {
				held += one.Bytes
			}
			if err != nil || held > 20_000 {
				t.Fatal(held, err)
			}
			if err := write(t, s, "rest", "1", 20_000-held-len("r\x001")); err != nil {
				t.Errorf("all that is left of %d is not room: %v", held, err)
			}
			if err := write(t, s, "rest", "2", 0); err == nil {
				t.Error("there is room where none is left")
			}
		})
	}
}

// TestTotalOfAnOpenedFile counts what the file holds already.
func TestTotalOfAnOpenedFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world")
	for i, want := range []bool{true, false} {
		s, err := store.OpenFile(name, store.Limits{Total: 1000}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := write(t, s, string(rune('a'+i)), "1", 600); (err == nil) != want {
			t.Errorf("opened %d times before: %v", i, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
