package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"standin/mock/internal/store"
)

// opener opens an empty store of one kind, and closes it when the test ends.
type opener func(t testing.TB, l store.Limits, now func() time.Time) store.Store

// suite is what every kind of store must pass.
func suite(t *testing.T, open opener) {
	for name, test := range map[string]func(*testing.T, opener){
		"keys in order": keysInOrder, "a failed update changes nothing": aFailedUpdateChangesNothing, "a view stays as it was": aViewStaysAsItWas,
		"no update is lost": noUpdateIsLost, "limits": limits, "full": whatIsFullMayChange, "reset and expire": resetAndExpire,
		"closed and cancelled": closedAndCancelled, "nothing is something": nothingIsSomething, "keys too long": keysTooLong, "values are copied": valuesAreCopied,
		"cancelled while waiting": cancelledWhileWaiting, "cancelled while running": cancelledWhileRunning, "panics": panics, "touch": touch, "nothing kept expires": nothingKeptExpires,
		"views beside updates": viewsBesideUpdates, "failures beside others": failuresBesideOthers, "a thousand sandboxes": aThousandSandboxes,
		"against a map": againstAMap,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

func put(t testing.TB, s store.Store, sandbox, bucket string, pairs ...string) {
	t.Helper()
	err := s.Update(t.Context(), sandbox, func(tx store.Tx) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := tx.Put(bucket, pairs[i], []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// all is a bucket as "key=value" in order.
func all(t testing.TB, s store.Store, sandbox, bucket, prefix, from string) string {
	t.Helper()
	var out []string
	err := s.View(t.Context(), sandbox, func(r store.Reader) error {
		return r.Range(bucket, prefix, from, func(key string, value []byte) bool {
			out = append(out, key+"="+string(value))
			return true
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func keysInOrder(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	put(t, s, "a", "rows", "b", "2", "a", "1", "c/1", "3", "c/2", "", "d", "5")
	put(t, s, "a", "rows2", "a", "other")
	put(t, s, "b", "rows", "a", "of another")
	for _, c := range []struct{ prefix, from, want string }{
		{"", "", "a=1 b=2 c/1=3 c/2= d=5"}, {"c/", "", "c/1=3 c/2="}, {"", "c", "c/1=3 c/2= d=5"}, {"c/", "c/2", "c/2="}, {"x", "", ""},
		{"c/", "d", ""},
	} {
		if got := all(t, s, "a", "rows", c.prefix, c.from); got != c.want {
			t.Errorf("%q from %q: %s, want %s", c.prefix, c.from, got, c.want)
		}
	}
	if got := all(t, s, "nobody", "rows", "", ""); got != "" {
		t.Errorf("a sandbox that does not exist has %s", got)
	}
}

func aFailedUpdateChangesNothing(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	put(t, s, "a", "rows", "a", "1")
	failure := errors.New("no")
	err := s.Update(t.Context(), "a", func(tx store.Tx) error {
		_ = tx.Put("rows", "a", []byte("2"))
		_ = tx.Put("rows", "b", []byte("2"))
		if v, ok, _ := tx.Get("rows", "a"); !ok || string(v) != "2" {
			t.Errorf("a transaction does not read what it wrote: %s", v)
		}
		return failure
	})
	if !errors.Is(err, failure) || all(t, s, "a", "rows", "", "") != "a=1" {
		t.Errorf("%v, and then %s", err, all(t, s, "a", "rows", "", ""))
	}
}

func aViewStaysAsItWas(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	put(t, s, "a", "rows", "a", "1")
	err := s.View(t.Context(), "a", func(r store.Reader) error {
		put(t, s, "a", "rows", "a", "2", "b", "2")
		if v, _, _ := r.Get("rows", "a"); string(v) != "1" {
			t.Errorf("a view sees what came after it: %s", v)
		}
		_, ok, err := r.Get("rows", "b")
		if ok {
			t.Error("a view sees a key that came after it")
		}
		return err
	})
	if err != nil || all(t, s, "a", "rows", "", "") != "a=2 b=2" {
		t.Error(err, all(t, s, "a", "rows", "", ""))
	}
}

func limits(t *testing.T, open opener) {
	s := open(t, store.Limits{Sandboxes: 2, Keys: 3, Bytes: 100}, nil)
	put(t, s, "a", "r", "1", "", "2", "", "3", "")
	write := func(sandbox, key, value string) error {
		return s.Update(t.Context(), sandbox, func(tx store.Tx) error { return tx.Put("r", key, []byte(value)) })
	}
	var full *store.FullError
	if err := write("a", "4", ""); !errors.As(err, &full) || full.What != "keys" {
		t.Errorf("a fourth key: %v", err)
	}
	if err := write("b", "1", strings.Repeat("x", 101)); !errors.As(err, &full) || full.What != "bytes" {
		t.Errorf("101 bytes: %v", err)
	}
	if err := write("b", "1", "x"); err != nil {
		t.Error(err)
	}
	if err := write("c", "1", "x"); !errors.As(err, &full) || full.What != "sandboxes" {
		t.Errorf("a third sandbox: %v", err)
	}
	err := s.Update(t.Context(), "a", func(tx store.Tx) error { // room that is given back can be used
		_ = tx.Delete("r", "1")
		_ = tx.Delete("r", "none")
		return tx.Put("r", "4", nil)
	})
	if err != nil || all(t, s, "a", "r", "", "") != "2= 3= 4=" {
		t.Error(err, all(t, s, "a", "r", "", ""))
	}
}

func resetAndExpire(t *testing.T, open opener) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := open(t, store.Limits{}, func() time.Time { return now })
	put(t, s, "old", "rows", "a", "1")
	put(t, s, "kept", "rows", "a", "1")
	now = now.Add(time.Hour)
	put(t, s, "new", "rows", "a", "1")
	put(t, s, "new", "jobs", "a", "1")
	ids := func() string {
		list, err := s.Sandboxes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, one := range list {
			out = append(out, fmt.Sprintf("%s:%d", one.ID, one.Keys))
		}
		return strings.Join(out, " ")
	}
	if got := ids(); got != "kept:1 new:2 old:1" {
		t.Error(got)
	}
	if err := s.Expire(t.Context(), now, "kept"); err != nil || ids() != "kept:1 new:2" {
		t.Error(err, ids())
	}
	if err := s.Reset(t.Context(), "new", "rows"); err != nil || all(t, s, "new", "rows", "", "") != "" || all(t, s, "new", "jobs", "", "") != "a=1" {
		t.Error(err, ids())
	}
	if err := s.Reset(t.Context(), "new"); err != nil || ids() != "kept:1" {
		t.Error(err, ids())
	}
	if err := s.Reset(t.Context(), "nobody"); err != nil {
		t.Error(err)
	}
}

func closedAndCancelled(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Update(ctx, "a", func(store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), "a", func(store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("an update of a closed store: %v", err)
	}
	if err := s.View(t.Context(), "a", func(store.Reader) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a view of a closed store: %v", err)
	}
}

func whatIsFullMayChange(t *testing.T, open opener) {
	s := open(t, store.Limits{Keys: 2}, nil)
	put(t, s, "a", "r", "1", "", "2", "")
	err := s.Update(t.Context(), "a", func(tx store.Tx) error {
		return errors.Join(tx.Put("r", "1", []byte("x")), tx.Put("r", "3", nil), tx.Delete("r", "2"))
	})
	if got := all(t, s, "a", "r", "", ""); err != nil || got != "1=x 3=" {
		t.Error(err, got)
	}
}

// nothingIsSomething tells an empty value from none, also in the transaction that writes it.
func nothingIsSomething(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	err := s.Update(t.Context(), "a", func(tx store.Tx) error {
		for range 2 {
			if err := tx.Put("r", "", nil); err != nil {
				return err
			}
			if _, ok, err := tx.Get("r", ""); !ok || err != nil {
				t.Errorf("an empty value is none: %v", err)
			}
		}
		return errors.Join(tx.Put("r", "gone", nil), tx.Delete("r", "gone"))
	})
	list, errList := s.Sandboxes(t.Context())
	if err != nil || errList != nil || len(list) != 1 || list[0].Keys != 1 || all(t, s, "a", "r", "", "") != "=" {
		t.Error(err, errList, list)
	}
}

func keysTooLong(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	longest := strings.Repeat("k", store.MaxKey-1)
	put(t, s, "a", "r", longest, "1")
	err := s.Update(t.Context(), "a", func(tx store.Tx) error {
		if _, ok, err := tx.Get("r", longest+"k"); ok || err != nil {
			t.Error(ok, err)
		}
		if err := tx.Delete("r", longest+"k"); err != nil {
			t.Error(err)
		}
		return tx.Put("r", longest+"k", nil)
	})
	if !errors.Is(err, store.ErrKey) || all(t, s, "a", "r", "", "") != longest+"=1" {
		t.Error(err)
	}
}

func valuesAreCopied(t *testing.T, open opener) {
	s, value := open(t, store.Limits{}, nil), []byte("as it was")
	err := s.Update(t.Context(), "a", func(tx store.Tx) error {
		if err := tx.Put("r", "a", value); err != nil {
			return err
		}
		copy(value, "changed!!")
		return nil
	})
	if got := all(t, s, "a", "r", "", ""); err != nil || got != "a=as it was" {
		t.Error(err, got)
	}
}

func touch(t *testing.T, open opener) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := open(t, store.Limits{}, func() time.Time { return now })
	put(t, s, "read", "r", "a", "1")
	put(t, s, "idle", "r", "a", "1")
	now = now.Add(time.Hour)
	for _, id := range []string{"read", "nobody"} {
		if err := s.Touch(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Expire(t.Context(), now.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	list, err := s.Sandboxes(t.Context())
	if err != nil || len(list) != 1 || list[0].ID != "read" || list[0].Keys != 1 || !list[0].Used.Equal(now) {
		t.Errorf("%v: %v", err, list)
	}
}
