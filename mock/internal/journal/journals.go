package journal

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"standin/mock/internal/store"
)

// Journals are those of sandboxes. Their ids do not meet, and together they hold so much and no more: the journals that were used least
// lately make room. It is safe for concurrent use.
type Journals struct {
	limits Limits
	most   int64
	logs   store.Logs // nil if this process keeps the exchanges
	last   atomic.Uint64
	held   atomic.Int64
	behind behind

	mu   sync.Mutex
	all  map[string]*used
	uses uint64
}

type used struct {
	*Journal
	last uint64
}

// How much all journals together may hold, in bytes, and how many there may be.
const (
	mostHeld     = 64 << 20
	mostJournals = 1000
)

// NewJournals makes none yet; the limits are those of each. Completed exchanges are kept in logs, for all processes that share them: there
// before the answer is sent, in the order in which they end. Those under way are seen by their own process alone. While logs cannot be
// reached, the process keeps what it answers within the same limits, and adds it later. logs may be nil: then the process keeps them all.
func NewJournals(ctx context.Context, l Limits, logs store.Logs) (*Journals, error) {
	s := &Journals{limits: l.orDefault(), most: mostHeld, logs: logs, all: map[string]*used{}}
	if logs == nil {
		return s, nil
	}
	process, err := logs.Process(ctx)
	s.last.Store(process << processShift)
	return s, err
}

// In is the journal of a sandbox, made if need be.
func (s *Journals) In(sandbox string) *Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.all[sandbox]
	if u == nil {
		j := New(s.limits)
		j.of, j.sandbox = s, sandbox
		u = &used{Journal: j}
		s.all[sandbox] = u
	}
	s.uses++
	u.last = s.uses
	for (s.held.Load() > s.most || len(s.all) > mostJournals) && len(s.all) > 1 {
		oldest := ""
		for id, one := range s.all {
			if one != u && (oldest == "" || one.last < s.all[oldest].last) {
				oldest = id
			}
		}
		s.all[oldest].Clear()
		delete(s.all, oldest)
	}
	return u.Journal
}

// Sandboxes are those that have a journal, in order.
func (s *Journals) Sandboxes(ctx context.Context) ([]string, error) {
	s.mu.Lock()
	out := slices.Collect(maps.Keys(s.all))
	s.mu.Unlock()
	if s.logs != nil {
		logged, err := s.logs.Logged(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, logged...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Find looks for an exchange in all journals.
func (s *Journals) Find(ctx context.Context, id string) (*Exchange, bool, error) {
	for _, j := range s.here() {
		if x, ok := j.get(id); ok {
			return x, true, nil
		}
	}
	if s.logs == nil {
		return nil, false, nil
	}
	return s.entry(ctx, "", id)
}

// here are the journals of this process.
func (s *Journals) here() []*Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*Journal, 0, len(s.all))
	for _, u := range s.all {
		out = append(out, u.Journal)
	}
	return out
}

// Forget drops the exchanges of a sandbox. Those under way are not entered when they end, if they are this process's.
func (s *Journals) Forget(ctx context.Context, sandbox string) error {
	s.mu.Lock()
	if u := s.all[sandbox]; u != nil {
		u.Clear()
		delete(s.all, sandbox)
	}
	s.mu.Unlock()
	if s.logs == nil {
		return nil
	}
	return s.logs.ForgetLog(ctx, sandbox)
}
