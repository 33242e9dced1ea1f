package verify

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"standin/mock/contract"
)

// rows are keys of rows that the target is known to have, by the path of their collection.
type rows struct {
	mu  sync.Mutex
	of  map[string]*rowKey
	led map[*link]*followed
}

// rowKey is the key of a row, found out once.
type rowKey struct {
	once  sync.Once
	key   any
	known bool
}

// baseOf is the request that an operation's cases start from: what is required, for rows that are there where that can be found out.
func (r *run) baseOf(ctx context.Context, op *contract.Operation) (*draft, error) {
	return r.seeded(ctx, op, 0, false)
}

// seeded is draftOf with path parameters that name rows which the target has: where the document gives no example of one, the key of the
// first row of the list that it leads away from, else of one that is created; and what a link that leads here says.
func (r *run) seeded(ctx context.Context, op *contract.Operation, seed uint64, all bool) (*draft, error) {
	d, err := r.draftOf(op, seed, all)
	if err != nil {
		return nil, err
	}
	for _, l := range r.links {
		if l.to != op || l.from == op || !safe(l.from.Method) && !r.All || r.given(op) {
			continue
		}
		if said, ok := r.source(ctx, l, !safe(op.Method)); ok && r.along(d, l, said) {
			return d, nil
		}
	}
	for _, p := range op.Parameters() {
		if p.In != "path" || r.fixed(op, p) || hasExample(p) {
			continue
		}
		before, _, found := strings.Cut(op.Template, "/{"+p.Name+"}")
		if !found {
			continue
		}
		if key, known := r.keyOf(ctx, before); known {
			if v, ok := fitting(p, key); ok {
				d.values[p] = v
			}
		}
	}
	return d, nil
}

// given tells whether all that an operation needs in its path is said by the document or the setup.
func (r *run) given(op *contract.Operation) bool {
	for _, p := range op.Parameters() {
		if p.In == "path" && !r.fixed(op, p) && !hasExample(p) {
			return false
		}
	}
	return true
}

func hasExample(p *contract.Parameter) bool {
	for _, x := range p.Examples {
		if x.Value != nil && len(x.Violations) == 0 {
			return true
		}
	}
	return false
}

// keyOf is the key of a row of the collection of a path template.
func (r *run) keyOf(ctx context.Context, path string) (any, bool) {
	r.rows.mu.Lock()
	k := r.rows.of[path]
	if k == nil {
		k = &rowKey{}
		r.rows.of[path] = k
	}
	r.rows.mu.Unlock()
	k.once.Do(func() {
		for _, l := range r.lives {
			if l.collection.Path != path || k.known {
				continue
			}
			if k.key, k.known = r.listedKey(ctx, l); !k.known && r.All && l.create != nil {
				k.key, k.known = r.createdKey(ctx, l)
			}
		}
	})
	return k.key, k.known
}

// listedKey is the key of the first row that is listed.
func (r *run) listedKey(ctx context.Context, l *life) (any, bool) {
	if l.list == nil {
		return nil, false
	}
	d, err := r.baseOf(ctx, l.list)
	if err != nil {
		return nil, false
	}
	a, _, _, sent, err := r.send(ctx, d)
	if err != nil || !sent || a.status != http.StatusOK {
		return nil, false
	}
	if keys, known := keysIn(a, r.model.Role(l.list).At, l.collection.Key); known && len(keys) > 0 {
		return keys[0], true
	}
	return nil, false
}

func (r *run) createdKey(ctx context.Context, l *life) (any, bool) {
	d, err := r.baseOf(ctx, l.create)
	if err != nil {
		return nil, false
	}
	a, _, _, sent, err := r.send(ctx, d)
	if err != nil || !sent || a.status/100 != 2 {
		return nil, false
	}
	return r.keyIn(l, a)
}
