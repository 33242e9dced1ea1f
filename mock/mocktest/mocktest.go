// Package mocktest serves a mock for the length of one Go test.
//
//	func TestClient(t *testing.T) {
//		api := mocktest.NewServer(t, "openapi.yaml")
//		client := petstore.New(api.URL)
//		…
//	}
//
// Each server stands alone: parallel tests never meet. When the test ends, it fails if a request or an answer broke the
// document, with every violation listed; tests that send wrong requests on purpose say [AllowViolations].
package mocktest

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
)

// Server is a running mock.
type Server struct {
	*mock.Server
	// URL is where it listens, without a path: "http://127.0.0.1:41234". Operations answer below it, with and without the
	// prefix of the document's servers.
	URL string

	web *httptest.Server
}

// Client is an HTTP client whose connections end with the test.
func (s *Server) Client() *http.Client { return s.web.Client() }

// In is a client that works in a sandbox of its own: what it creates, others do not see. The id is of letters, digits, dashes and
// underscores; t.Name() with its slashes taken out does.
func (s *Server) In(sandbox string) *http.Client {
	own := *s.web.Client()
	own.Transport = inSandbox{sandbox, own.Transport}
	return &own
}

// Own is a sandbox for the length of one test, with a client that works in it: parallel tests on one server never meet. At its end the
// test fails if a stub with a number of times has not answered so often; then the sandbox is forgotten.
type Own struct {
	*mock.Sandbox
	// Client works in the sandbox, and URL is where.
	Client *http.Client
	URL    string

	t testing.TB
}

// Own makes a sandbox called after the test.
func (s *Server) Own(t testing.TB) *Own {
	t.Helper()
	id := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", r) {
			return r
		}
		return '_'
	}, t.Name())
	if len(id) > 64 {
		id = id[len(id)-64:]
	}
	own := &Own{Sandbox: s.Sandbox(id), Client: s.In(id), URL: s.URL, t: t}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		unused, err := own.Unused(ctx)
		if err != nil {
			t.Errorf("mocktest: %v", err)
		}
		for _, one := range unused {
			t.Errorf("mocktest: a stub has not answered as often as it should: %s", one)
		}
		if err := own.Sandbox.Reset(ctx); err != nil {
			t.Errorf("mocktest: %v", err)
		}
	})
	return own
}

// Stub answers from now on as st says, until the test ends.
func (o *Own) Stub(st mock.Stub) {
	o.t.Helper()
	if _, err := o.Sandbox.Stub(o.t.Context(), st); err != nil {
		o.t.Fatalf("mocktest: %v", err)
	}
}

// Advance moves the sandbox's clock on.
func (o *Own) Advance(d time.Duration) {
	o.t.Helper()
	if err := o.Sandbox.Advance(o.t.Context(), d); err != nil {
		o.t.Fatalf("mocktest: %v", err)
	}
}

// SetScenario puts a scenario into a state.
func (o *Own) SetScenario(name, state string) {
	o.t.Helper()
	if err := o.Sandbox.SetScenario(o.t.Context(), name, state); err != nil {
		o.t.Fatalf("mocktest: %v", err)
	}
}

// Verify fails the test unless requests of an operation that meet conditions, as those of a fixture's when (nil for all), were made count
// times; -1 is at least once.
func (o *Own) Verify(operationID string, when map[string]any, count int) {
	o.t.Helper()
	if err := o.Sandbox.Verify(o.t.Context(), operationID, when, count); err != nil {
		o.t.Errorf("mocktest: %v", err)
	}
}

// inSandbox names a sandbox in each request.
type inSandbox struct {
	id   string
	next http.RoundTripper
}

func (i inSandbox) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Mock-Sandbox", i.id)
	return i.next.RoundTrip(r)
}

// Option sets up a server: any [mock.Option], or one of this package.
type Option interface{ set(*settings) }

type settings struct {
	mock            []mock.Option
	fixtures        string // folder, "" for none
	allowViolations bool
}

type optionFunc func(*settings)

func (f optionFunc) set(s *settings) { f(s) }

// With passes options on to [mock.New].
func With(options ...mock.Option) Option {
	return optionFunc(func(s *settings) { s.mock = append(s.mock, options...) })
}

// Fixtures takes the fixtures from dir, which links cannot leave; "" means none. Default: the folder fixtures beside the
// document, where there is one.
func Fixtures(dir string) Option {
	return optionFunc(func(s *settings) { s.fixtures = dir })
}

// AllowViolations lets the test pass although requests broke the document. Answers that do still fail it.
func AllowViolations() Option {
	return optionFunc(func(s *settings) { s.allowViolations = true })
}

// NewServer serves the document at path until the test ends. A document or fixture with errors fails the test at once.
func NewServer(t testing.TB, path string, options ...Option) *Server {
	t.Helper()
	ctx := t.Context()
	s := settings{}
	if beside := filepath.Join(filepath.Dir(path), "fixtures"); isFolder(beside) {
		s.fixtures = beside
	}
	for _, o := range options {
		o.set(&s)
	}
	c, err := contract.Load(ctx, path)
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	broken := &record{}
	all := append([]mock.Option{mock.Fixtures(open(t, s.fixtures)), mock.OnExchange(broken.keep), mock.Control()}, s.mock...)
	server, err := mock.New(c, all...)
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	failOnErrors(ctx, t, server)
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		web.Close()
		broken.fail(t, s.allowViolations)
		if err := server.Close(); err != nil {
			t.Errorf("mocktest: %v", err)
		}
	})
	return &Server{Server: server, URL: web.URL, web: web}
}

// open opens a folder until the test ends; links lead nowhere outside it.
func open(t testing.TB, dir string) fs.FS {
	t.Helper()
	if dir == "" {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatalf("mocktest: the fixtures folder cannot be read: %v", err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root.FS()
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func failOnErrors(ctx context.Context, t testing.TB, server *mock.Server) {
	t.Helper()
	var lines []string
	for _, d := range server.Diagnostics(ctx) {
		if d.Level == contract.Error {
			lines = append(lines, d.String())
		}
	}
	if len(lines) > 0 {
		t.Fatalf("mocktest: the document has errors:\n%s", strings.Join(lines, "\n"))
	}
}

// record keeps the exchanges that broke the document.
type record struct {
	mu       sync.Mutex
	requests []mock.Exchange
	answers  []mock.Exchange
}

func (r *record) keep(e mock.Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(e.Response) > 0 || e.Status >= 500 && e.Refused != "" {
		r.answers = append(r.answers, e)
	} else if e.Refused != "" || len(e.Request) > 0 {
		r.requests = append(r.requests, e)
	}
}

func (r *record) fail(t testing.TB, allowRequests bool) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !allowRequests {
		for _, e := range r.requests {
			t.Errorf("mocktest: a request broke the document: %s", e)
		}
	}
	for _, e := range r.answers {
		t.Errorf("mocktest: an answer broke the document: %s", e)
	}
}
