package mock

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/expr"
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
	// Does is list, create, read, replace, merge, delete or clear, and Collection is the path template of the rows that it does it to; or
	// Does is x-mock, where the document declares what happens.
	Does, Collection string
}

// withType is the header of an answer with its Content-Type.
func withType(h http.Header, contentType string) http.Header {
	h = h.Clone()
	if h == nil {
		h = http.Header{}
	}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	return h
}

// StoreRedis keeps what clients create in a Redis, which several servers share and then act as one: redis://[USER:PASSWORD@]HOST[:PORT][/DB],
// or rediss:// for TLS; prefix=NAME in its query stands in front of all keys ("standin"), ca=FILE names the certificates to trust. While it
// cannot be reached, requests that need it are answered 503 with Retry-After. Default: in memory.
func StoreRedis(url string) Option {
	return optionFunc(func(o *options) error {
		if !strings.HasPrefix(url, "redis://") && !strings.HasPrefix(url, "rediss://") {
			return fmt.Errorf("the URL of a Redis begins with redis:// or rediss://")
		}
		o.storeURL = url
		return nil
	})
}

// BehaviourSchema is the JSON Schema of x-mock, which declares what the absent server does.
func BehaviourSchema() []byte { return behaviour.Schema() }

// Roles tells by operation id what the operations of a contract are understood to do; those that do nothing are left out.
func Roles(c *contract.Contract) map[string]Role {
	m, out := backend.New(c), map[string]Role{}
	declared, _ := behaviour.Compile(c)
	for _, op := range c.Operations() {
		if declared.Operation(op.ID) != nil {
			out[op.ID] = Role{Does: "x-mock"}
		} else if r := m.Role(op); r != nil {
			out[op.ID] = Role{Does: string(r.Kind), Collection: r.Collection.Path}
		}
	}
	return out
}

// StoreError tells that what a server remembers cannot be opened: the file is another process's or damaged, or the Redis does not answer.
type StoreError struct{ Cause error }

func (e *StoreError) Error() string { return e.Cause.Error() }

// Unwrap gives the cause.
func (e *StoreError) Unwrap() error { return e.Cause }

// openStore opens where the server remembers. One that does not remember rows has stubs and settings all the same.
func (o *options) openStore() (store.Store, error) {
	switch {
	case o.stateless:
	case o.storeFile != "":
		return store.OpenFile(o.storeFile, store.Limits{}, nil)
	case o.storeURL != "":
		return store.OpenRedis(o.storeURL, store.Limits{}, nil)
	}
	return store.NewMemory(store.Limits{}, nil), nil
}

// world makes the world of a site; nil where nothing is remembered.
func (s *Server) world(built *site) *backend.World {
	if s.options.stateless {
		return nil
	}
	return backend.NewWorld(backend.New(built.contract), backend.Options{
		Sampler: built.sampler, Store: s.store, Fixtures: built.fixtures.Collections(), Seed: s.options.seed, Closed: s.options.closed,
		Behaviour: built.behaviour, Life: s.life,
		Clock: s.timeIn, Send: s.call,
	})
}

// timeIn is the time in a sandbox.
func (s *Server) timeIn(ctx context.Context, sandbox string) time.Time {
	now := s.options.clock()
	if !s.steers.Load() {
		return now
	}
	_ = s.store.View(ctx, sandbox, func(r store.Reader) error { // which is what it is where it cannot be read
		told, err := settingsIn(r)
		now = told.Clock.at(now)
		return err
	})
	return now
}

// fromState answers as the absent server would, from what clients did. A wish for a certain answer passes it by, and nothing is stored.
func fromState(x *exchange) (reply, bool, error) {
	if !x.remembers() || len(x.checked.Violations) > 0 {
		return reply{}, false, nil
	}
	if !x.site.world.Plays(x.operation()) {
		return reply{}, false, nil
	}
	a, ok, err := x.site.world.Answer(x.Request().Context(), x.call())
	if err != nil {
		return reply{}, false, notKept(err)
	}
	rep := reply{status: a.Status, contentType: a.ContentType, header: a.Header, body: a.Body, source: "state"}
	if ok && x.site.behaviour.Operation(x.operation().ID) != nil {
		rep.violations = x.operation().CheckResponse(a.Status, withType(a.Header, a.ContentType), a.Body)
	}
	return rep, ok, nil
}

// call is the request as the world sees it.
func (x *exchange) call() *backend.Call {
	r, given := x.Request(), x.given()
	call := &backend.Call{
		Operation: x.operation(), Given: given, Header: r.Header, URL: r.URL, Base: x.base(), Path: strings.TrimPrefix(x.path, x.found.Prefix),
		Sandbox: x.sandbox, Now: x.now(),
	}
	if x.site.behaviour != nil {
		call.Request = expr.RequestOf(r, given.Path, given.Query, given.Cookie, given.Body)
	}
	return call
}

// notKept tells that something could not be remembered: 429 for want of room, 414 for an id that is too long, else 503.
func notKept(err error) error {
	if _, full := errors.AsType[*store.FullError](err); full {
		return newProblem(http.StatusTooManyRequests, "full", err.Error())
	}
	if declared, ok := errors.AsType[*backend.DeclaredError](err); ok {
		return newProblem(http.StatusInternalServerError, "x-mock", declared.Error())
	}
	if errors.Is(err, store.ErrKey) {
		return newProblem(http.StatusRequestURITooLong, "key", "the id in this path is too long to be remembered: "+err.Error())
	}
	p := newProblem(http.StatusServiceUnavailable, "store", "what this request asks for could not be kept: "+err.Error())
	p.retryAfter = "1"
	return p
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
