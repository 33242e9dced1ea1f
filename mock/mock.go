// Package mock serves an API that keeps a contract nobody has implemented yet.
//
// A [Server] is an [net/http.Handler] made of a compiled document ([standin/mock/contract.Contract]) and, if you like, fixtures.
// It refuses every request that breaks the document, and answers the others from stubs, handlers, fixtures, documented examples
// or generated values, in this order. For a Go test use [standin/mock/mocktest], which is this in one line.
//
//	c, err := contract.Load(ctx, "openapi.yaml")
//	…
//	server, err := mock.New(c, mock.Fixtures(os.DirFS("fixtures")))
//	…
//	http.ListenAndServe("127.0.0.1:8080", server)
//
// What a client may ask of the mock itself stands in the Prefer header: code=404, example=NAME, dynamic=true, seed=7,
// delay=1500ms, handling=strict|lenient. Every answer says in Mock-Source who gave it, and in Mock-Violations whether
// request and answer keep the contract.
package mock

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/journal"
	"standin/mock/internal/store"
)

// Server answers requests as a contract demands. Make one with [New]. It is safe for concurrent use.
type Server struct {
	options  options
	echo     *echo.Echo
	site     atomic.Pointer[site]
	shared   sharedHeaders
	swap     sync.Mutex
	stubs    stubs
	handlers handlers
	counted  *counted // nil if coverage is not counted
	bodies   bodies
	steers   atomic.Bool       // somebody has told a sandbox something
	untold   steering          // of sandboxes that were told nothing
	journals *journal.Journals // nil if nobody could read them
	store    store.Store
	touched  touched
	api      *control.API  // nil if there is none
	upstream *upstream     // nil if there is no real server
	calls    chan struct{} // of its own, under way

	life       context.Context // ends with Close
	listening  context.Context // ends with Drain, or life
	drain      func()
	end        context.CancelFunc
	background sync.WaitGroup
	comparing  sync.WaitGroup // documents with older ones
}

// New makes a server for c. It does not wait for operations to compile: each does on first touch. Faults of fixtures do not
// keep it from serving; [Check] lists them. An error means that an option cannot be used.
func New(c *contract.Contract, opts ...Option) (*Server, error) {
	if c == nil {
		return nil, fmt.Errorf("mock: no contract")
	}
	s := &Server{options: defaults(), shared: newSharedHeaders()}
	for _, o := range opts {
		if err := o.apply(&s.options); err != nil {
			return nil, fmt.Errorf("mock: %w", err)
		}
	}
	if s.options.covers {
		s.counted = &counted{}
	}
	for _, id := range s.options.upstream.absent {
		if c.Operation(id) == nil {
			return nil, fmt.Errorf("mock: there is no operation %s for the mock to answer", id)
		}
	}
	var err error
	if s.upstream, err = newUpstream(&s.options, c); err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	if s.store, err = s.options.openStore(); err != nil {
		return nil, fmt.Errorf("mock: %w", &StoreError{err})
	}
	s.calls = make(chan struct{}, mostCallbacks)
	s.steers.Store(s.options.storeFile != "" || s.options.storeURL != "") // somebody may have, before or elsewhere
	s.life, s.end = context.WithCancel(context.Background())
	s.listening, s.drain = context.WithCancel(s.life)
	built, err := s.build(context.Background(), c, s.options.fixtures)
	if err == nil && (s.options.docs || s.options.control) {
		logs, _ := s.store.(store.Logs) // which other processes read, too
		s.journals, err = journal.NewJournals(s.life, journal.Limits{}, logs)
	}
	if err != nil {
		s.end()
		_ = s.store.Close()
		return nil, fmt.Errorf("mock: %w", err)
	}
	s.site.Store(built)
	s.echo = s.routes()
	s.api = s.newAPI()
	s.compareHistory(built, s.options.fixtures)
	s.background.Go(s.expire)
	return s, nil
}

// Drain ends the answers that go on for as long as their clients listen, such as GET /__mock/events. It is for
// [http.Server.RegisterOnShutdown], which else waits for them.
func (s *Server) Drain() { s.drain() }

// Close ends what the server does on its own. Requests under way are for the http.Server to end.
func (s *Server) Close() error {
	s.end()
	s.background.Wait()
	s.comparing.Wait()
	if err := s.upstream.close(); err != nil {
		s.options.logger.Error("not all could be recorded", "why", err)
	}
	if err := s.journals.Close(); err != nil {
		s.options.logger.Error("the journal lacks what was asked last", "why", err)
	}
	return s.store.Close()
}

// Contract is what the server serves now.
func (s *Server) Contract() *contract.Contract { return s.site.Load().contract }

// ServeHTTP answers one request: reserved paths first, then the journey of an operation (see journey.go).
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.hostAllowed(r) {
		s.refuseHost(w, r)
		return
	}
	if s.control(w, r) {
		return
	}
	if s.options.docs && s.documents(w, r) {
		return
	}
	s.echo.ServeHTTP(w, r)
}

// routes sets up echo: a middleware of ours that finds the operation, the embedder's own, and one handler for all, since
// echo's router cannot express OpenAPI's templates.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Use(s.find)
	e.Use(s.options.middleware...)
	e.RouteNotFound("/*", s.journey)
	return e
}

// reserved is in front of all paths that are the mock's own.
const reserved = "/__mock"

// basePath is the path below the configured base path; ok is false where r lies outside it.
func (s *Server) basePath(escaped string) (path string, ok bool) {
	base := s.options.basePath
	if base == "" {
		return escaped, true
	}
	rest, found := strings.CutPrefix(escaped, base)
	if !found || rest != "" && rest[0] != '/' {
		return escaped, false
	}
	if rest == "" {
		rest = "/"
	}
	return rest, true
}
