package store_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"standin/mock/internal/store"
)

// startRedis starts a server of its own for a test and gives its address; a password of "" is none.
func startRedis(t testing.TB, password string) (address string, server *exec.Cmd) {
	t.Helper()
	name, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("there is no redis-server to test with")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(address)
	args := []string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir(), "--loglevel", "warning"}
	if password != "" {
		args = append(args, "--requirepass", password)
	}
	server = exec.Command(name, args...)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	until(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return address, server
}

// until waits for something to become true, ten seconds at most.
func until(t testing.TB, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatal("it does not come true")
		case <-tick.C:
		}
	}
}

var stores atomic.Int64 // so that each test's store has a prefix of its own

func openerOf(address string) opener {
	return func(t testing.TB, l store.Limits, now func() time.Time) store.Store {
		t.Helper()
		s, err := store.OpenRedis(fmt.Sprintf("redis://%s/0?prefix=test%d", address, stores.Add(1)), l, now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
}

func TestRedis(t *testing.T) {
	address, _ := startRedis(t, "")
	suite(t, openerOf(address))
}

// TestSharedRedis lets several stores, as of several processes, change the same sandbox at once.
func TestSharedRedis(t *testing.T) {
	address, _ := startRedis(t, "")
	var all []store.Store
	for range 3 {
		s, err := store.OpenRedis("redis://"+address, store.Limits{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		all = append(all, s)
	}
	const each = 60
	var wait sync.WaitGroup
	for n := range 2 * len(all) {
		s := all[n%len(all)]
		wait.Go(func() {
			for range each {
				err := s.Update(t.Context(), "shared", func(tx store.Tx) error {
					v, _, err := tx.Get("r", "n")
					if err != nil {
						return err
					}
					return errors.Join(tx.Put("r", "n", append(v, 'x')), tx.Put("r", fmt.Sprintf("%06d", len(v)), v))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	for _, s := range all { // each sees everything, in order
		err := s.View(t.Context(), "shared", func(r store.Reader) error {
			if v, _, _ := r.Get("r", "n"); len(v) != each*2*len(all) {
				t.Errorf("%d changes are left of %d", len(v), each*2*len(all))
			}
			n := 0
			return r.Range("r", "0", "", func(key string, value []byte) bool {
				if key != fmt.Sprintf("%06d", n) || len(value) != n {
					t.Errorf("%s holds %d", key, len(value))
				}
				n++
				return true
			})
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := all[0].Reset(t.Context(), "shared"); err != nil {
		t.Fatal(err)
	}
	put(t, all[1], "shared", "r", "a", "1")
	if got := fmt.Sprint(len(bucketOf(t, all[2], "shared")), bucketOf(t, all[0], "shared")); got != "1 [a=1]" {
		t.Error(got)
	}
}

func bucketOf(t testing.TB, s store.Store, sandbox string) []string {
	return strings.Fields(allOf(t, s, sandbox))
}

func allOf(t testing.TB, s store.Store, sandbox string) string {
	t.Helper()
	return all(t, s, sandbox, "r", "", "")
}

// TestLateReplica misses more changes than the log holds.
func TestLateReplica(t *testing.T) {
	address, _ := startRedis(t, "")
	a, errA := store.OpenRedis("redis://"+address, store.Limits{}, nil)
	b, errB := store.OpenRedis("redis://"+address, store.Limits{}, nil)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = a.Close(), b.Close() })
	put(t, a, "s", "r", "first", "1", "gone", "1")
	if got := allOf(t, b, "s"); got != "first=1 gone=1" {
		t.Error(got)
	}
	for i := range 200 {
		put(t, a, "s", "r", fmt.Sprint(i%3), fmt.Sprint(i))
	}
	if err := a.Update(t.Context(), "s", func(tx store.Tx) error { return tx.Delete("r", "gone") }); err != nil {
		t.Fatal(err)
	}
	if got := allOf(t, b, "s"); got != "0=198 1=199 2=197 first=1" {
		t.Error(got)
	}
}

// TestRedisGone loses its server in the middle, and finds it again.
func TestRedisGone(t *testing.T) {
	address, server := startRedis(t, "")
	s, err := store.OpenRedis("redis://"+address, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	put(t, s, "s", "r", "a", "1")
	_ = server.Process.Kill()
	_ = server.Wait()
	err = s.Update(t.Context(), "s", func(tx store.Tx) error { return tx.Put("r", "b", nil) })
	if gone, ok := errors.AsType[*store.UnavailableError](err); !ok || gone.Address != "redis://"+address {
		t.Errorf("%v", err)
	}
	_, port, _ := net.SplitHostPort(address)
	again := exec.Command(server.Path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Process.Kill(); _ = again.Wait() })
	until(t, func() bool {
		return s.Update(t.Context(), "s", func(tx store.Tx) error { return tx.Put("r", "c", nil) }) == nil
	})
	if got := allOf(t, s, "s"); got != "c=" { // that server had kept nothing
		t.Error(got)
	}
}

func TestRedisSecrets(t *testing.T) {
	address, _ := startRedis(t, "swordfish")
	s, err := store.OpenRedis("redis://:swordfish@"+address, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	for _, url := range []string{
		"redis://:wrongfish@" + address, "redis://:swordfish@127.0.0.1:1/0", "http://:swordfish@" + address, "redis://:swordfish@" + address + "/0?nonsense=1",
		"redis://:swordfish@" + address + "?ca=x", "redis://:sword fish@" + address, "rediss://:swordfish@" + address + "?ca=/nowhere",
	} {
		_, err := store.OpenRedis(url, store.Limits{}, nil)
		if err == nil || strings.Contains(err.Error(), "fish") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
