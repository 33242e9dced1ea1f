package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"standin/mock/internal/store"
)

// logsOf opens two stores on one Redis, as two processes do.
func logsOf(t *testing.T, address string, now func() time.Time) (a, b store.Logs) {
	t.Helper()
	url := fmt.Sprintf("redis://%s/0?prefix=test%d", address, stores.Add(1))
	one, errOne := store.OpenRedis(url, store.Limits{}, now)
	two, errTwo := store.OpenRedis(url, store.Limits{}, now)
	if err := errors.Join(errOne, errTwo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = one.Close(), two.Close() })
	return one, two
}

func logged(t *testing.T, l store.Logs, sandbox string) string {
	t.Helper()
	entries, dropped, err := l.Log(t.Context(), sandbox)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.ID+"="+e.Text)
	}
	return fmt.Sprint(strings.Join(out, " "), " -", dropped)
}

func add(t *testing.T, l store.Logs, limits store.LogLimits, sandbox string, entries ...string) {
	t.Helper()
	for _, e := range entries {
		id, text, _ := strings.Cut(e, "=")
		if err := l.Append(t.Context(), sandbox, store.Entry{ID: id, Text: text}, limits); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLogs(t *testing.T) {
	address, _ := startRedis(t, "")
	roomy := store.LogLimits{Entries: 100, Bytes: 1 << 20, Logs: 100, AllBytes: 1 << 20}
	hour := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	now := func() time.Time { hour = hour.Add(time.Second); return hour }
	t.Run("processes have numbers of their own", func(t *testing.T) {
		a, b := logsOf(t, address, nil)
		for want, l := range []store.Logs{a, b, a} {
			if n, err := l.Process(t.Context()); n != uint64(want) || err != nil {
				t.Errorf("%d, %v; want %d", n, err, want)
			}
		}
	})
	t.Run("one sees what the other wrote, once", func(t *testing.T) {
		a, b := logsOf(t, address, nil)
		add(t, a, roomy, "s", "1=x", "2=y", "1=again")
		add(t, b, roomy, "s", "7=z")
		add(t, b, roomy, "other", "8=o")
		if got, want := logged(t, a, "s"), "1=x 2=y 7=z -0"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		for _, c := range []struct{ sandbox, id, want string }{{"s", "7", "z"}, {"", "8", "o"}, {"s", "8", ""}, {"", "9", ""}, {"none", "7", ""}} {
			e, found, err := a.Entry(t.Context(), c.sandbox, c.id)
			if e.Text != c.want || found != (c.want != "") || err != nil {
				t.Errorf("%s of %q: %+v, %t, %v", c.id, c.sandbox, e, found, err)
			}
		}
	})
	t.Run("the oldest make room", func(t *testing.T) {
		a, _ := logsOf(t, address, nil)
		few := roomy
		few.Entries = 2
		add(t, a, few, "s", "1=x", "2=y", "3=z")
		if got, want := logged(t, a, "s"), "2=y 3=z -1"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		small := roomy
		small.Bytes = 1000
		add(t, a, small, "big", "1=x", "2="+strings.Repeat("y", 2000), "3=z")
		if got, want := logged(t, a, "big"), "3=z -2"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("the log used least lately makes room", func(t *testing.T) {
		a, b := logsOf(t, address, now)
		few := roomy
		few.Logs = 2
		add(t, a, few, "x", "1=x")
		add(t, b, few, "y", "2=y")
		add(t, a, few, "x", "3=x")
		add(t, b, few, "z", "4=z")
		if got, err := a.Logged(t.Context()); fmt.Sprint(got) != "[x z]" || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		if got := logged(t, a, "y"); got != " -0" {
			t.Errorf("what is left of y: %s", got)
		}
		few.AllBytes = 500 // one of 300 bytes and the small one
		add(t, a, few, "w", "5="+strings.Repeat("w", 300))
		if got, err := a.Logged(t.Context()); fmt.Sprint(got) != "[w]" || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
	t.Run("forgotten", func(t *testing.T) {
		a, b := logsOf(t, address, nil)
		one := roomy
		one.Entries = 1
		add(t, a, one, "s", "1=x", "2=y")
		if err := b.ForgetLog(t.Context(), "s"); err != nil {
			t.Fatal(err)
		}
		if got := logged(t, a, "s"); got != " -0" {
			t.Errorf("%s is left", got)
		}
		if got, err := a.Logged(t.Context()); len(got) > 0 || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
	t.Run("followed", func(t *testing.T) {
		a, b := logsOf(t, address, nil)
		told := make(chan struct{}, 10)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		if err := a.Follow(ctx, "s", func() { told <- struct{}{} }); err != nil {
			t.Fatal(err)
		}
		add(t, b, roomy, "other", "1=x")
		add(t, b, roomy, "s", "2=x")
		<-told
		select {
		case <-told:
			t.Error("told of another sandbox")
		default:
		}
	})
}

// TestLogsExpire leaves nothing behind for good but the counters.
func TestLogsExpire(t *testing.T) {
	address, _ := startRedis(t, "")
	a, _ := logsOf(t, address, nil)
	add(t, a, store.LogLimits{Entries: 1, Bytes: 1000, Logs: 10, AllBytes: 1000}, "s", "1=x", "2=y")
	for _, key := range keysOf(t, address) {
		if key.forever {
			t.Errorf("%s does not expire", key.name)
		}
	}
}

func TestLogsGone(t *testing.T) {
	address, server := startRedis(t, "")
	a, _ := logsOf(t, address, nil)
	_ = server.Process.Kill()
	_ = server.Wait()
	var gone *store.UnavailableError
	_, _, errLog := a.Log(t.Context(), "s")
	_, _, errEntry := a.Entry(t.Context(), "s", "1")
	_, _, errFind := a.Entry(t.Context(), "", "1")
	_, errLogged := a.Logged(t.Context())
	_, errProcess := a.Process(t.Context())
	for i, err := range []error{
		a.Append(t.Context(), "s", store.Entry{ID: "1"}, store.LogLimits{}), errLog, errEntry, errFind, errLogged, errProcess,
		a.ForgetLog(t.Context(), "s"), a.Follow(t.Context(), "s", func() {}),
	} {
		if !errors.As(err, &gone) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

type redisKey struct {
	name    string
	forever bool
}

// keysOf lists the keys of a Redis.
func keysOf(t *testing.T, address string) []redisKey {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: address})
	defer func() { _ = client.Close() }()
	names, err := client.Keys(t.Context(), "*").Result()
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var out []redisKey
	for _, name := range names {
		left, err := client.TTL(t.Context(), name).Result()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, redisKey{name, left < 0})
	}
	return out
}
