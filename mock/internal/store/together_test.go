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

// cancelledWhileRunning ends the contexts of transactions that have begun. Whoever is told that one failed must not find it kept.
func cancelledWhileRunning(t *testing.T, open opener) {
	s := open(t, store.Limits{}, nil)
	var wait sync.WaitGroup
	for w := range 8 {
		wait.Go(func() {
			for n := range 20 {
				ctx, cancel := context.WithCancel(context.Background())
				key := fmt.Sprintf("%d-%02d", w, n)
				err := s.Update(ctx, "a", func(tx store.Tx) error {
					cancel()
					return tx.Put("r", key, nil)
				})
				cancel()
				if kept := all(t, s, "a", "r", key, "") != ""; kept != (err == nil) {
					t.Errorf("%v, and kept is %v", err, kept)
				}
			}
		})
	}
	wait.Wait()
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
