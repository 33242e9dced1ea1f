package mock

import (
	"context"
	"sync"
)

// mostTouched bounds the sandboxes that are remembered as touched; those beyond are noted each time.
const mostTouched = 10_000

// touched are the sandboxes whose use the store knows of since it was last looked for idle ones.
type touched struct {
	mu  sync.Mutex
	all map[string]bool
}

// first tells whether a sandbox was not touched yet, and notes that it is.
func (t *touched) first(sandbox string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all[sandbox] {
		return false
	}
	if t.all == nil {
		t.all = map[string]bool{}
	}
	if len(t.all) < mostTouched {
		t.all[sandbox] = true
	}
	return true
}

func (t *touched) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.all)
}

// touch notes that a sandbox is in use, so that one that is only read does not expire. The default one never does.
func (s *Server) touch(ctx context.Context, sandbox string) {
	if sandbox == DefaultSandbox || !s.touched.first(sandbox) {
		return
	}
	if err := s.store.Touch(ctx, sandbox); err != nil && ctx.Err() == nil {
		s.options.logger.Warn("the use of a sandbox is not noted", "sandbox", sandbox, "why", err.Error())
	}
}
