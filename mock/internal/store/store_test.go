package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock/internal/store"
)

// drivers are all kinds of store; each opens an empty one.
func drivers() map[string]func(t testing.TB, l store.Limits, now func() time.Time) store.Store {
	return map[string]func(testing.TB, store.Limits, func() time.Time) store.Store{
		"memory": func(_ testing.TB, l store.Limits, now func() time.Time) store.Store { return store.NewMemory(l, now) },
		"file": func(t testing.TB, l store.Limits, now func() time.Time) store.Store {
			s, err := store.OpenFile(filepath.Join(t.TempDir(), "world"), l, now)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s
		},
	}
}

func each(t *testing.T, f func(t *testing.T, open func(store.Limits, func() time.Time) store.Store)) {
	for name, open := range drivers() {
		t.Run(name, func(t *testing.T) {
			f(t, func(l store.Limits, now func() time.Time) store.Store { return open(t, l, now) })
		})
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

func TestKeysInOrder(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s := open(store.Limits{}, nil)
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
	})
}

func TestAFailedUpdateChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s := open(store.Limits{}, nil)
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
	})
}

func TestAViewStaysAsItWas(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s := open(store.Limits{}, nil)
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
	})
}

func TestNoUpdateIsLost(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s := open(store.Limits{}, nil)
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
	})
}

func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s := open(store.Limits{Sandboxes: 2, Keys: 3, Bytes: 100}, nil)
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
	})
}

func TestResetAndExpire(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		s := open(store.Limits{}, func() time.Time { return now })
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
	})
}

func TestClosedAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s := open(store.Limits{}, nil)
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
	})
}

// TestAgainstAMap plays random transactions on a store and on a map.
func TestAgainstAMap(t *testing.T) {
	each(t, func(t *testing.T, open func(store.Limits, func() time.Time) store.Store) {
		s, model, dice := open(store.Limits{}, nil), map[string]string{}, rand.New(rand.NewPCG(1, 2))
		for range 60 {
			err := s.Update(t.Context(), "a", func(tx store.Tx) error {
				for range dice.IntN(10) {
					key, value := strconv.Itoa(dice.IntN(30)), strconv.Itoa(dice.IntN(1000))
					if dice.IntN(3) == 0 {
						delete(model, key)
						_ = tx.Delete("r", key)
						continue
					}
					model[key] = value
					_ = tx.Put("r", key, []byte(value))
				}
				return nil
			})
			var want []string
			for _, key := range slices.Sorted(maps.Keys(model)) {
				want = append(want, key+"="+model[key])
			}
			if got := all(t, s, "a", "r", "", ""); err != nil || got != strings.Join(want, " ") {
				t.Fatalf("%v: %s, want %v", err, got, want)
			}
		}
	})
}

func TestFilesThatAreNoStore(t *testing.T) {
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong")
	if err := os.WriteFile(wrong, []byte(strings.Repeat("no store at all\n", 2000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{wrong, dir, filepath.Join(dir, "no", "such", "folder")} {
		if s, err := store.OpenFile(name, store.Limits{}, nil); err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", name)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name the file: %v", err)
		}
	}
	name := filepath.Join(dir, "world")
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if second, err := store.OpenFile(name, store.Limits{}, nil); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v %v", second, err)
	}
	_ = s.Close()
}

// writerVariable tells the test's own binary that it is the process to be killed.
const writerVariable = "STANDIN_STORE_WRITER"

// TestNothingAcknowledgedIsLost kills a process that writes, and looks for all that it said was kept.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	if name := os.Getenv(writerVariable); name != "" {
		writeForever(name)
		return
	}
	name := filepath.Join(t.TempDir(), "world")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNothingAcknowledgedIsLost$")
	child.Env = append(os.Environ(), writerVariable+"="+name)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if key, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
			acknowledged[key] = true
		}
		if len(acknowledged) == 200 {
			_ = child.Process.Kill()
			break
		}
	}
	for lines.Scan() { // what it said before the signal reached it
		if key, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
			acknowledged[key] = true
		}
	}
	_ = child.Wait()
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	held := " " + all(t, s, "a", "r", "", "") + " "
	for key := range acknowledged {
		if !strings.Contains(held, " "+key+"=") {
			t.Errorf("%s was acknowledged, and is lost", key)
		}
	}
	if len(acknowledged) < 200 {
		t.Errorf("the writer ended after %d", len(acknowledged))
	}
}

func writeForever(name string) {
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	var out sync.Mutex
	for w := range 4 {
		go func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%d-%d", w, n)
				if err := s.Update(context.Background(), "a", func(tx store.Tx) error { return tx.Put("r", key, []byte("x")) }); err != nil {
					return
				}
				out.Lock()
				fmt.Println("kept " + key)
				out.Unlock()
			}
		}()
	}
	select {}
}

func BenchmarkStore(b *testing.B) {
	for name, open := range drivers() {
		for _, size := range []int{1_000, 100_000} {
			s := open(b, store.Limits{}, nil)
			for from := 0; from < size; from += 1000 {
				err := s.Update(b.Context(), "a", func(tx store.Tx) error {
					for i := from; i < from+1000; i++ {
						if err := tx.Put("r", fmt.Sprintf("%08d", i), []byte(strings.Repeat("x", 200))); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.Run(fmt.Sprintf("%s/%d/range100", name, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					n := 0
					_ = s.View(b.Context(), "a", func(r store.Reader) error {
						return r.Range("r", "", "00000500", func(string, []byte) bool { n++; return n < 100 })
					})
				}
			})
			b.Run(fmt.Sprintf("%s/%d/put", name, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_ = s.Update(b.Context(), "a", func(tx store.Tx) error { return tx.Put("r", "00000700", []byte("y")) })
				}
			})
		}
	}
}
