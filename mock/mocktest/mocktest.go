// Package mocktest serves a mock for the length of one Go test.
//
//	func TestClient(t *testing.T) {
//		api := mocktest.NewServer(t, "openapi.yaml")
//		client := petstore.New(api.URL)
//		…
//	}
//
// Each server stands alone: parallel tests never meet. When the test ends, it fails if a request or an answer broke the
// document, with every violation beside what the document says; tests that send wrong requests on purpose say [AllowViolations].
//
// Tests that share a server work in a sandbox each, and tell it what they need in a line:
//
//	own := api.Own(t)
//	own.Stub(mock.Stub{Operation: "getPet", Status: 503, Times: 1})
//	own.Advance(36 * time.Hour)
//	client := petstore.New(own.URL)
//	…
//	own.Verify("getPet", nil, 2)
//
// A stub that has not answered fails the test, too, with the requests that came nearest.
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

	web    *httptest.Server
	record *record
	hooks  *receivers

	mu   sync.Mutex
	owns map[string]bool // the sandboxes of tests that run, by id
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

// RequireCoverage fails t at its end unless what was asked of the server until then, in all sandboxes, used at least so much of the
// document: "80" percent of the operations, or "operations=100,statuses=50,parameters=30,properties=20,enums=10". What was not used is
// listed.
func (s *Server) RequireCoverage(t testing.TB, least string) {
	t.Helper()
	if err := mock.CheckThresholds(least); err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	t.Cleanup(func() {
		used, err := s.Coverage(context.WithoutCancel(t.Context()))
		if err != nil {
			t.Errorf("mocktest: %v", err)
			return
		}
		var text strings.Builder
		if kept, err := used.Write(&text, "text", least); err != nil || !kept {
			t.Errorf("mocktest: too little of the document was used: %v", strings.TrimSpace(text.String()))
		}
	})
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

// AllowViolations lets the test pass although requests broke the document; for [Server.Own], that of the sandbox. Answers that do still
// fail it.
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
	web := httptest.NewUnstartedServer(nil)
	served := &Server{URL: "http://" + web.Listener.Addr().String(), web: web, record: &record{}, hooks: &receivers{}, owns: map[string]bool{}}
	all := []mock.Option{
		mock.Fixtures(open(t, s.fixtures)), mock.OnExchange(served.record.keep), mock.Control(), mock.CountCoverage(), mock.CallbackOrigins(served.URL),
	}
	served.Server, err = mock.New(c, append(all, s.mock...)...)
	if err != nil {
		web.Close()
		t.Fatalf("mocktest: %v", err)
	}
	t.Cleanup(func() {
		web.Close()
		served.record.rest.fail(t, s.allowViolations)
		for _, one := range served.Server.Unused() {
			t.Errorf("mocktest: %s", one)
		}
		if err := served.Server.Close(); err != nil {
			t.Errorf("mocktest: %v", err)
		}
	})
	failOnErrors(ctx, t, served.Server)
	web.Config.Handler = served.hooks.before(served.Server)
	web.Start()
	return served
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
