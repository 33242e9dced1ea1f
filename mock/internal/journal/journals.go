package journal

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Journals are those of sandboxes. Their ids do not meet, and together they hold so much and no more: the journals that were used least
// lately make room. It is safe for concurrent use.
type Journals struct {
	limits Limits
	most   int64
	last   atomic.Uint64
	held   atomic.Int64

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

// NewJournals makes none yet; the limits are those of each.
func NewJournals(l Limits) *Journals {
	return &Journals{limits: l, most: mostHeld, all: map[string]*used{}}
}

// In is the journal of a sandbox, made if need be.
func (s *Journals) In(sandbox string) *Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.all[sandbox]
	if u == nil {
		j := New(s.limits)
		j.of = s
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

// Sandboxes are those that have a journal, in no order.
func (s *Journals) Sandboxes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.all))
}

// Find looks for an exchange in all journals.
func (s *Journals) Find(id string) (*Exchange, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.all {
		if x, ok := u.Get(id); ok {
			return x, true
		}
	}
	return nil, false
}

// Forget drops the journal of a sandbox.
func (s *Journals) Forget(sandbox string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.all[sandbox]; u != nil {
		u.Clear()
		delete(s.all, sandbox)
	}
}
