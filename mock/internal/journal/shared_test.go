package journal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/journal"
	"standin/mock/internal/source"
	"standin/mock/internal/store"
)

// logs are those of a store that can be away.
type logs struct {
	mu        sync.Mutex
	away      bool
	processes uint64
	all       map[string][]store.Entry
	followers []func()
}

var errAway = errors.New("away")

// enter locks, and tells whether the store is there.
func (l *logs) enter() error {
	l.mu.Lock()
	if l.away {
		return errAway
	}
	return nil
}

func (l *logs) be(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
}

func (l *logs) Process(context.Context) (uint64, error) {
	defer l.mu.Unlock()
	err := l.enter()
	l.processes++
	return l.processes - 1, err
}

func (l *logs) Append(_ context.Context, sandbox string, e store.Entry, _ store.LogLimits) error {
	defer l.mu.Unlock()
	if err := l.enter(); err != nil {
		return err
	}
	l.all[sandbox] = append(l.all[sandbox], e)
	for _, f := range l.followers {
		f()
	}
	return nil
}

func (l *logs) Log(_ context.Context, sandbox string) ([]store.Entry, uint64, error) {
	defer l.mu.Unlock()
	err := l.enter()
	return slices.Clone(l.all[sandbox]), 0, err
}

func (l *logs) Entry(_ context.Context, sandbox, id string) (store.Entry, bool, error) {
	defer l.mu.Unlock()
	err := l.enter()
	for of, entries := range l.all {
		for _, e := range entries {
			if e.ID == id && (sandbox == "" || sandbox == of) {
				return e, true, err
			}
		}
	}
	return store.Entry{}, false, err
}

func (l *logs) Logged(context.Context) ([]string, error) {
	defer l.mu.Unlock()
	err := l.enter()
	var out []string
	for sandbox := range l.all {
		out = append(out, sandbox)
	}
	return out, err
}

func (l *logs) ForgetLog(_ context.Context, sandbox string) error {
	defer l.mu.Unlock()
	err := l.enter()
	delete(l.all, sandbox)
	return err
}

func (l *logs) Follow(_ context.Context, _ string, f func()) error {
	defer l.mu.Unlock()
	err := l.enter()
	l.followers = append(l.followers, f)
	return err
}

// processes are the journals of two that share their logs.
func processes(t *testing.T) (l *logs, a, b *journal.Journals) {
	t.Helper()
	l = &logs{all: map[string][]store.Entry{}}
	a, errA := journal.NewJournals(t.Context(), journal.Limits{}, l)
	b, errB := journal.NewJournals(t.Context(), journal.Limits{}, l)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	return l, a, b
}

func TestProcessesShareAJournal(t *testing.T) {
	l, a, b := processes(t)
	first := enter(a.In("s"), "a", 200, false)
	second := enter(b.In("s"), "b", 200, false)
	third := enter(a.In("s"), "c", 200, true)
	under := b.In("s").Open(epoch, "GET", "/under-way")
	if first != "1" || second != "4294967297" || third != "2" {
		t.Errorf("ids %s, %s, %s", first, second, third)
	}
	for _, c := range []struct {
		of     *journal.Journals
		filter journal.Filter
		want   string
	}{
		{a, journal.Filter{}, "2 4294967297 1"},
		{b, journal.Filter{}, under.ID + " 2 4294967297 1"},
		{a, journal.Filter{Since: second}, "2"},
		{a, journal.Filter{Since: first}, "2 4294967297"},
		{a, journal.Filter{Since: "9"}, "4294967297"}, // which nobody knows: another process's may be later
		{a, journal.Filter{Broken: true}, "2"},
	} {
		if got := ids(look(t, c.of.In("s")).List(c.filter)); got != c.want {
			t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
		}
	}
	if x, ok := get(t, b.In("s"), third); !ok || x.Operation != "c" {
		t.Errorf("what one wrote, the other finds as %+v, %t", x, ok)
	}
	if _, ok := get(t, b.In("other"), third); ok {
		t.Error("it is in another sandbox too")
	}
	if x, ok, err := b.Find(t.Context(), first); !ok || err != nil || x.Operation != "a" {
		t.Errorf("found among all: %+v, %t, %v", x, ok, err)
	}
	if all, err := a.Sandboxes(t.Context()); fmt.Sprint(all) != "[other s]" && fmt.Sprint(all) != "[s]" || err != nil {
		t.Errorf("sandboxes %v, %v", all, err)
	}
	if err := b.Forget(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	b.In("s").Close(under, epoch)
	if len(look(t, a.In("s")).Exchanges)+len(look(t, b.In("s")).Exchanges)+len(l.all) > 0 {
		t.Error("something is left after all was forgotten")
	}
}

// TestSharedExchange fills every field, and finds it again at the other process.
func TestSharedExchange(t *testing.T) {
	_, a, b := processes(t)
	x := a.In("s").Open(epoch, "POST", "/pets?x=1")
	x.Operation, x.Template, x.RequestHeader, x.ResponseHeader = "addPet", "/pets", http.Header{"A": {"1", "2"}}, http.Header{"B": {"3"}}
	x.RequestBody, x.ResponseBody = journal.Body{Bytes: []byte("\xff\x00"), Size: 7}, journal.Body{Bytes: []byte("{}"), Size: 2, Hidden: true}
	x.Status, x.Source, x.Repaired, x.Refused = 400, "refusal", []string{"/a"}, "why"
	rule := source.Position{File: "a b:1.yaml", Line: 3, Col: 4}
	x.Request = []contract.Violation{{Operation: "addPet", In: "query", Name: "x", Pointer: "/0", Message: "must be", Keyword: "type", Rule: rule}}
	x.Response = []contract.Violation{{Operation: "addPet", In: "body", Rule: rule}}
	want := *x
	want.Took, want.Answered = time.Minute, true
	a.In("s").Close(x, epoch.Add(time.Minute))
	got, ok := get(t, b.In("s"), want.ID)
	if !ok || !reflect.DeepEqual(*got, want) {
		t.Errorf("%+v\nis read as\n%+v", want, *got)
	}
	value := reflect.ValueOf(want)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			t.Errorf("the test does not fill %s", value.Type().Field(i).Name)
		}
	}
}

func TestJournalCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, a, b := processes(t)
		enter(a.In("s"), "before", 200, false)
		l.be(true)
		during := enter(a.In("s"), "during", 503, false)
		enter(a.In("other"), "during", 503, false)
		if _, err := a.In("s").Look(t.Context()); !errors.Is(err, errAway) {
			t.Errorf("what cannot be read reads as %v", err)
		}
		if _, ok := get(t, a.In("s"), during); !ok {
			t.Error("the process does not know what it answered itself")
		}
		time.Sleep(10 * time.Second) // of the bubble's clock
		l.be(false)
		enter(a.In("s"), "back", 200, false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := ids(look(t, b.In("s")).Exchanges); got != "1 2 4" {
			t.Errorf("the others see %s", got)
		}
		if got := ids(look(t, b.In("other")).Exchanges); got != "3" {
			t.Errorf("the others see %s in the other sandbox", got)
		}
		if got := enter(a.In("s"), "after", 200, false); !strings.HasSuffix(ids(look(t, b.In("s")).Exchanges), got) {
			t.Error("what comes after is not there at once")
		}
	})
}

func TestJournalClosesWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, a, b := processes(t)
		l.be(true)
		enter(a.In("s"), "last", 503, false)
		if err := b.Close(); err != nil {
			t.Errorf("one that lacks nothing: %v", err)
		}
		l.be(false)
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if got := ids(look(t, b.In("s")).Exchanges); got != "1" {
			t.Errorf("the others see %q", got)
		}
	})
}

func TestWatchingOthers(t *testing.T) {
	_, a, b := processes(t)
	changed, err := a.In("s").Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	enter(b.In("s"), "a", 200, false)
	<-changed
}

func BenchmarkSharedExchange(b *testing.B) {
	l := &logs{all: map[string][]store.Entry{}}
	s, err := journal.NewJournals(b.Context(), journal.Limits{}, l)
	if err != nil {
		b.Fatal(err)
	}
	body := make([]byte, 1000)
	b.ReportAllocs()
	for b.Loop() {
		j := s.In("s")
		x := j.Open(epoch, "GET", "/pets")
		x.ResponseBody = j.Cut(body, true)
		j.Close(x, epoch)
		l.all["s"] = l.all["s"][:0]
	}
}
