package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
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
		"no update is lost": noUpdateIsLost, "limits": limits, "lower limits": lowerLimits, "reset and expire": resetAndExpire,
		"closed and cancelled": closedAndCancelled, "nothing is something": nothingIsSomething, "keys too long": keysTooLong, "values are copied": valuesAreCopied,
		"cancelled while waiting": cancelledWhileWaiting, "panics": panics, "touch": touch, "nothing kept expires": nothingKeptExpires,
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

func noUpdateIsLost(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	var wait sync.WaitGroup
	const workers, rounds = 8, 20
	for range workers {
		wait.Go(func() {
			for range rounds {
				err := s.Update(context.Background(), "a", func(tx store.Tx) error {
					v, _, err := tx.Get("numbers", "n")
					n, _ := strconv.Atoi(string(v))
					if err == nil {
						err = tx.Put("numbers", "n", []byte(strconv.Itoa(n+1)))
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if got, want := all(t, s, "a", "numbers", "", ""), "n="+strconv.Itoa(workers*rounds); got != want {
		t.Errorf("%s, want %s", got, want)
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

func lowerLimits(t *testing.T, open opener) {
	s := open(t, store.Limits{Keys: 2}, nil)
	put(t, s, "a", "r", "1", "", "2", "")
	err := s.Update(t.Context(), "a", func(tx store.Tx) error { // what is full may be changed
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

// hold keeps a sandbox busy with a transaction that has begun, until the function it gives is called.
func hold(t *testing.T, s store.Store, sandbox string) (release func()) {
	begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		ended <- s.Update(context.Background(), sandbox, func(tx store.Tx) error {
			once.Do(func() { close(begun) })
			<-end
			return tx.Put("r", "held", []byte("1"))
		})
	}()
	<-begun
	return func() {
		close(end)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// cancelledWhileWaiting ends a transaction whose turn has not come. A store that lets nobody wait may have kept it.
func cancelledWhileWaiting(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	release := hold(t, s, "a")
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		result <- s.Update(ctx, "a", func(tx store.Tx) error { return tx.Put("r", "waited", []byte("1")) })
	}()
	cancel()
	err := <-result
	release()
	kept := strings.Contains(all(t, s, "a", "r", "", ""), "waited")
	if kept != (err == nil) || err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("%v, and kept is %v", err, kept)
	}
}

// panics lets a transaction panic where it was asked for, and nowhere else.
func panics(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	release := hold(t, s, "b")
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			defer func() {
				if r := recover(); (r != nil) != (i == 0) {
					t.Errorf("transaction %d: %v", i, r)
				}
			}()
			err := s.Update(context.Background(), "a", func(tx store.Tx) error {
				if i == 0 {
					panic("a mistake")
				}
				return tx.Put("r", strconv.Itoa(i), nil)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	release()
	wait.Wait()
	if got := all(t, s, "a", "r", "", ""); got != "1= 2= 3=" {
		t.Error(got)
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

// nothingKeptExpires expires idle sandboxes while one of them is used again: what is written there stays.
func nothingKeptExpires(t *testing.T, open opener) {
	var clock sync.Mutex
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tick := func(d time.Duration) time.Time {
		clock.Lock()
		defer clock.Unlock()
		now = now.Add(d)
		return now
	}
	s := open(t, store.Limits{}, func() time.Time { return tick(0) })
	for range 20 {
		put(t, s, "a", "r", "old", "1")
		later := tick(time.Hour)
		var wait sync.WaitGroup
		wait.Go(func() {
			if err := s.Expire(context.Background(), later); err != nil {
				t.Error(err)
			}
		})
		put(t, s, "a", "r", "new", "1")
		wait.Wait()
		if got := all(t, s, "a", "r", "new", ""); got != "new=1" {
			t.Fatalf("what was kept has expired: %q", got)
		}
		if err := s.Reset(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
}

// viewsBesideUpdates moves one of two numbers to the other, and looks whether anybody sees the way.
func viewsBesideUpdates(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	put(t, s, "a", "r", "x", "100", "y", "0")
	move := func(tx store.Tx) error {
		x, _, errX := tx.Get("r", "x")
		y, _, errY := tx.Get("r", "y")
		n, _ := strconv.Atoi(string(x))
		m, _ := strconv.Atoi(string(y))
		return errors.Join(errX, errY, tx.Put("r", "x", []byte(strconv.Itoa(n-1))), tx.Put("r", "y", []byte(strconv.Itoa(m+1))))
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for range 50 {
			if err := s.Update(context.Background(), "a", move); err != nil {
				t.Error(err)
			}
		}
	})
	for range 3 {
		wait.Go(func() {
			for range 100 {
				err := s.View(context.Background(), "a", func(r store.Reader) error {
					sum := 0
					err := r.Range("r", "", "", func(_ string, value []byte) bool {
						n, _ := strconv.Atoi(string(value))
						sum += n
						return true
					})
					if sum != 100 {
						t.Errorf("a view sees %d, not 100", sum)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if got := all(t, s, "a", "r", "", ""); got != "x=50 y=50" {
		t.Error(got)
	}
}

// failuresBesideOthers lets every third transaction fail; the others are kept, and only they.
func failuresBesideOthers(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	failure := errors.New("no")
	var wait sync.WaitGroup
	for i := range 30 {
		wait.Go(func() {
			err := s.Update(context.Background(), "s"+strconv.Itoa(i%2), func(tx store.Tx) error {
				if err := tx.Put("r", fmt.Sprintf("%02d", i), nil); err != nil || i%3 > 0 {
					return err
				}
				return failure
			})
			if (i%3 == 0) != errors.Is(err, failure) {
				t.Errorf("transaction %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	got := all(t, s, "s0", "r", "", "") + " " + all(t, s, "s1", "r", "", "")
	if want := "02= 04= 08= 10= 14= 16= 20= 22= 26= 28= 01= 05= 07= 11= 13= 17= 19= 23= 25= 29="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func aThousandSandboxes(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	var wait sync.WaitGroup
	for w := range 20 {
		wait.Go(func() {
			for i := w; i < 1000; i += 20 {
				err := s.Update(context.Background(), fmt.Sprintf("s%04d", i), func(tx store.Tx) error { return tx.Put("r", "own", []byte(strconv.Itoa(i))) })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	list, err := s.Sandboxes(t.Context())
	if err != nil || len(list) != 1000 || list[7].ID != "s0007" || all(t, s, "s0999", "r", "", "") != "own=999" {
		t.Errorf("%v: %d sandboxes", err, len(list))
	}
	var full *store.FullError
	err = s.Update(t.Context(), "one more", func(tx store.Tx) error { return tx.Put("r", "own", nil) })
	if !errors.As(err, &full) || full.What != "sandboxes" {
		t.Error(err)
	}
}
