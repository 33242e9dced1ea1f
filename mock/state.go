package mock

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/store"
)

// Stateless turns the memory off: what clients create is neither found nor listed, and every id answers. Default: the server
// remembers, as long as it lives.
func Stateless() Option {
	return optionFunc(func(o *options) error { o.stateless = true; return nil })
}

// Closed makes ids that were neither seeded nor created answer 404, where that is documented. Default: the row of such an id is made
// up when it is first asked for.
func Closed() Option {
	return optionFunc(func(o *options) error { o.closed = true; return nil })
}

// StoreFile keeps what clients create in a file, so that it outlives the server. Default: in memory.
func StoreFile(name string) Option {
	return optionFunc(func(o *options) error {
		if name == "" {
			return fmt.Errorf("the store's file has no name")
		}
		o.storeFile = name
		return nil
	})
}

// Role is what an operation is understood to do where the server remembers.
type Role struct {
	// Does is list, create, read, replace, merge, delete or clear; Collection is the path template of the rows that it does it to.
	Does, Collection string
}

// Roles tells by operation id what the operations of a contract are understood to do; those that do nothing are left out.
func Roles(c *contract.Contract) map[string]Role {
	m, out := backend.New(c), map[string]Role{}
	for _, op := range c.Operations() {
		if r := m.Role(op); r != nil {
			out[op.ID] = Role{Does: string(r.Kind), Collection: r.Collection.Path}
		}
	}
	return out
}

// openStore opens where the server remembers; nil if it does not.
func (o *options) openStore() (store.Store, error) {
	switch {
	case o.stateless:
		return nil, nil
	case o.storeFile != "":
		return store.OpenFile(o.storeFile, store.Limits{}, nil)
	}
	return store.NewMemory(store.Limits{}, nil), nil
}

// world makes the world of a site; nil where nothing is remembered.
func (s *Server) world(built *site) *backend.World {
	if s.store == nil {
		return nil
	}
	return backend.NewWorld(backend.New(built.contract), backend.Options{
		Sampler: built.sampler, Store: s.store, Fixtures: built.fixtures.Collections(), Seed: s.options.seed, Closed: s.options.closed,
	})
}

// fromState answers as the absent server would, from what clients did. A wish for a certain answer passes it by, and nothing is stored.
func fromState(x *exchange) (reply, bool, error) {
	if x.site.world == nil || x.wish.asked() || len(x.checked.Violations) > 0 {
		return reply{}, false, nil
	}
	if !x.site.world.Plays(x.operation()) {
		return reply{}, false, nil
	}
	r := x.Request()
	a, ok, err := x.site.world.Answer(r.Context(), &backend.Call{
		Operation: x.operation(), Given: x.given(), Header: r.Header, URL: r.URL, Base: x.base(), Path: strings.TrimPrefix(x.path, x.found.Prefix),
		Sandbox: x.sandbox, Now: time.Now(),
	})
	if err != nil {
		return reply{}, false, notKept(err)
	}
	return reply{status: a.Status, contentType: a.ContentType, header: a.Header, body: a.Body, source: "state"}, ok, nil
}

// notKept tells that something could not be remembered: 429 for want of room, 414 for an id that is too long, else 503.
func notKept(err error) error {
	if _, full := errors.AsType[*store.FullError](err); full {
		return newProblem(http.StatusTooManyRequests, "full", err.Error())
	}
	if errors.Is(err, store.ErrKey) {
		return newProblem(http.StatusRequestURITooLong, "key", "the id in this path is too long to be remembered: "+err.Error())
	}
	return newProblem(http.StatusServiceUnavailable, "store", "what this request asks for could not be kept: "+err.Error())
}

// base is the URL in front of the document's own paths, as the client sees it.
func (x *exchange) base() string {
	o := &x.server.options
	if o.public.Host != "" {
		return o.public.String() + o.basePath + x.before + x.found.Prefix
	}
	r := x.Request()
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + o.basePath + x.before + x.found.Prefix
}
