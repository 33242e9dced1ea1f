package mock

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Option sets up a [Server]. Options are opaque: nothing changes after [New].
type Option interface{ apply(*options) error }

type optionFunc func(*options) error

func (f optionFunc) apply(o *options) error { return f(o) }

// options are all settings of a server.
type options struct {
	fixtures   fs.FS
	seed       uint64
	handling   Handling
	errors     Errors
	logger     *slog.Logger
	maxBody    int64
	maxUpload  int64
	maxDelay   time.Duration
	basePath   string
	origins    map[string]bool
	checkHost  bool
	hosts      map[string]bool
	control    bool
	covers     bool
	token      string
	pages      []string // origins whose pages may use the control API
	docs       bool
	looks      Looks
	public     *url.URL
	compare    Comparer
	middleware []echo.MiddlewareFunc
	handlers   map[string]Handler
	observe    func(Exchange)
	static     *Static
	trusted    []string
	stateless  bool
	closed     bool
	storeFile  string
	storeURL   string
	callbacks  []string
	clock      func() time.Time
	upstream   upstreamOptions
}

func defaults() options {
	return options{
		seed:      1,
		logger:    slog.New(slog.DiscardHandler),
		maxBody:   10 << 20,
		maxUpload: 16 << 30,
		maxDelay:  30 * time.Second,
		origins:   map[string]bool{},
		hosts:     map[string]bool{},
		handlers:  map[string]Handler{},
		public:    &url.URL{},
		clock:     time.Now,
	}
}

// Handling tells how strictly requests are judged; a request may ask for another with Prefer: handling=….
type Handling uint8

// The ways of handling. Default refuses what breaks the document; Strict also undeclared query parameters and properties
// nobody documented; Lenient refuses nothing and only counts.
const (
	Default Handling = iota
	Strict
	Lenient
)

// ParseHandling reads "default", "strict" or "lenient".
func ParseHandling(s string) (Handling, error) {
	switch s {
	case "default":
		return Default, nil
	case "strict":
		return Strict, nil
	case "lenient":
		return Lenient, nil
	}
	return 0, fmt.Errorf("handling is strict, default or lenient, not %q", s)
}

// String is what [ParseHandling] reads.
func (h Handling) String() string {
	return [...]string{"default", "strict", "lenient"}[min(h, Lenient)]
}

// Errors tells the shape of refusals.
type Errors uint8

// The shapes. Document uses the operation's own documented shape when that can carry a text; Problem is always RFC 9457.
const (
	Document Errors = iota
	Problem
)

// ParseErrors reads "document" or "problem".
func ParseErrors(s string) (Errors, error) {
	switch s {
	case "document":
		return Document, nil
	case "problem":
		return Problem, nil
	}
	return 0, fmt.Errorf("errors is document or problem, not %q", s)
}

// Fixtures are answers on disk, below the root of fsys. Default: none.
func Fixtures(fsys fs.FS) Option {
	return optionFunc(func(o *options) error { o.fixtures = fsys; return nil })
}

// Seed decides what is generated: the same seed and request give the same bytes. Default: 1.
func Seed(seed uint64) Option {
	return optionFunc(func(o *options) error { o.seed = seed; return nil })
}

// WithHandling sets how strictly requests are judged. Default: [Default].
func WithHandling(h Handling) Option {
	return optionFunc(func(o *options) error { o.handling = h; return nil })
}

// WithErrors sets the shape of refusals. Default: [Document].
func WithErrors(e Errors) Option {
	return optionFunc(func(o *options) error { o.errors = e; return nil })
}

// WithLogger gets a line for each refusal and for each answer that breaks the contract. Default: nothing is logged.
func WithLogger(l *slog.Logger) Option {
	return optionFunc(func(o *options) error {
		if l == nil {
			return fmt.Errorf("the logger is nil")
		}
		o.logger = l
		return nil
	})
}

// MaxBody bounds the body of a request, in bytes after decoding; a larger one is answered 413, unless it is an upload ([MaxUpload]).
// Default: 10 MiB.
func MaxBody(bytes int64) Option {
	return optionFunc(func(o *options) error {
		if bytes <= 0 {
			return fmt.Errorf("the largest body must be at least 1 byte, not %d", bytes)
		}
		o.maxBody = bytes
		return nil
	})
}

// BasePath is a path in front of every path of the document, e.g. "/api". Default: none.
func BasePath(path string) Option {
	return optionFunc(func(o *options) error {
		path = strings.TrimSuffix(path, "/")
		if path != "" && path[0] != '/' {
			return fmt.Errorf("the base path must begin with a slash, not %q", path)
		}
		o.basePath = path
		return nil
	})
}

// AllowOrigins names further origins, such as "https://app.example.com", whose pages may send credentials; loopback origins
// always may. Pages of any other origin may call without credentials.
func AllowOrigins(origins ...string) Option {
	return optionFunc(func(o *options) error {
		for _, origin := range origins {
			u, err := url.Parse(origin)
			if err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" {
				return fmt.Errorf("an origin looks like https://app.example.com, not %q", origin)
			}
			o.origins[strings.ToLower(origin)] = true
		}
		return nil
	})
}

// CheckHost refuses requests (421) whose Host is neither a loopback name or address nor one of [AllowHosts], so that no foreign
// page can reach the mock through a name of its own (DNS rebinding). Default: only the Host of requests for pages is checked.
func CheckHost() Option {
	return optionFunc(func(o *options) error { o.checkHost = true; return nil })
}

// AllowHosts names further Hosts that may be asked for, with or without a port; loopback names and addresses always may.
func AllowHosts(hosts ...string) Option {
	return optionFunc(func(o *options) error {
		for _, host := range hosts {
			o.hosts[strings.ToLower(host)] = true
		}
		return nil
	})
}

// Use adds echo middleware around every operation; echo.Context.Path is the operation's path template there.
func Use(middleware ...echo.MiddlewareFunc) Option {
	return optionFunc(func(o *options) error { o.middleware = append(o.middleware, middleware...); return nil })
}

// Handler is an embedder's own answer to an operation. Requests that break the contract do not reach it, unless handling is
// lenient; what it answers is checked, marked, and served even if it breaks the contract.
type Handler func(ctx context.Context, call *Call) (Answer, error)

// WithHandler answers the operation by h. The id is the operationId, or "METHOD /template".
func WithHandler(operationID string, h Handler) Option {
	return optionFunc(func(o *options) error {
		if h == nil {
			return fmt.Errorf("the handler of %s is nil", operationID)
		}
		o.handlers[operationID] = h
		return nil
	})
}
