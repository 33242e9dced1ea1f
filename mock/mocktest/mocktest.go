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
	all := append([]mock.Option{mock.Fixtures(open(t, s.fixtures)), mock.OnExchange(broken.keep)}, s.mock...)
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
