package mock

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/history"
	"standin/mock/internal/portal"
)

// Looks are how the documentation looks beside its usual looks. The zero value is fine.
type Looks struct {
	// Logo is an image: SVG, PNG, JPEG, GIF or WebP. Default: that of the document (info.x-logo).
	Logo []byte
	// Accent is the colour of links and buttons, as #rgb or #rrggbb.
	Accent string
	// Footer are links below every page.
	Footer []Link
}

// Link is a text that leads to a URL, which begins with http:, https:, mailto: or a slash.
type Link struct{ Text, URL string }

// Docs serves the document as pages at /docs, or at /__mock/docs where the document has a path there itself; / leads to them
// unless the document has that path. A journal of exchanges is kept for them. Foreign Hosts are refused there (421) unless
// [AllowHosts] names them. Default: no pages.
func Docs(l Looks) Option {
	return optionFunc(func(o *options) error {
		o.docs, o.looks = true, l
		return nil
	})
}

// PublicURL is the URL under which clients reach the server, such as https://mock.example.com/team, where that is not where it
// listens. Default: paths without a host.
func PublicURL(public string) Option {
	return optionFunc(func(o *options) error {
		u, err := url.Parse(strings.TrimSuffix(public, "/"))
		if err != nil || public != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("a public URL looks like https://mock.example.com, not %q", public)
		}
		o.public = u
		return nil
	})
}

// TrustDocsOrigins names further origins, such as https://docs.example.com, whose pages may send forms to try operations, as those of
// an [Export] do. Default: only the server's own pages may.
func TrustDocsOrigins(origins ...string) Option {
	return optionFunc(func(o *options) error {
		for _, origin := range origins {
			if err := http.NewCrossOriginProtection().AddTrustedOrigin(origin); err != nil {
				return fmt.Errorf("an origin looks like https://docs.example.com, not %q", origin)
			}
			o.trusted = append(o.trusted, origin)
		}
		return nil
	})
}

// Comparer works out what changed between the old documents in the folder history of fixtures and c. It gives the text of a
// changes.json, as standin history writes it.
type Comparer func(ctx context.Context, c *contract.Contract, fixtures fs.FS) ([]byte, error)

// CompareHistory lets the pages show changes where fixtures hold old documents but no history/changes.json. compare runs in the
// background. Default: only changes.json and x-changelog are shown.
func CompareHistory(compare Comparer) Option {
	return optionFunc(func(o *options) error {
		if compare == nil {
			return fmt.Errorf("the function that compares is nil")
		}
		o.compare = compare
		return nil
	})
}

// docsPrefix is where the pages stand: /docs, unless the document claims anything there.
func docsPrefix(c *contract.Contract) string {
	for _, path := range []string{"/docs", "/docs/", "/docs/a", "/docs/a/b"} {
		if c.Find(http.MethodGet, path).Allow != nil {
			return reserved + "/docs"
		}
	}
	for _, op := range c.Operations() {
		for _, prefix := range append(slices.Clone(c.Prefixes()), "") {
			if strings.HasPrefix(prefix+op.Template, "/docs/") {
				return reserved + "/docs"
			}
		}
	}
	return "/docs"
}

// addPages gives a site its pages and its past.
func (s *Server) addPages(built *site, fixtures fs.FS) error {
	if !s.options.docs {
		built.exchangePath = s.options.public.EscapedPath() + s.options.basePath + reserved + "/requests/"
		return nil
	}
	prefix := docsPrefix(built.contract)
	built.docsPath = s.options.basePath + prefix
	built.exchangePath = s.options.public.EscapedPath() + built.docsPath + "/journal/"
	built.diagnostics = append(built.diagnostics, built.remember(fixtures)...)
	site := portal.Site{
		Contract: built.contract, Sampler: built.sampler, Seed: s.options.seed,
		Prefix: prefix, Base: s.options.basePath, Public: s.options.public.String(),
		History: built.past.Load, Looks: looks(s.options.looks), Static: s.options.static.portal(prefix), Trusted: s.options.trusted,
		API:     http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }),
		Backend: s.backendFor, Journal: s.journalFor, Sandboxes: s.sandboxesFor,
		Enter: func(r *http.Request, sandbox string) { r.Header.Set(sandboxHeader, sandbox) },
	}
	if len(site.Looks.Logo) == 0 {
		site.Looks.Logo = built.contract.Logo()
	}
	if fixtures != nil {
		if guides, err := fs.Sub(fixtures, "guides"); err == nil {
			site.Guides = guides
		}
	}
	p, err := portal.New(site)
	if err != nil {
		return err
	}
	built.pages = p
	return nil
}

func looks(l Looks) portal.Looks {
	out := portal.Looks{Logo: l.Logo, Accent: l.Accent}
	for _, link := range l.Footer {
		out.Footer = append(out.Footer, portal.FooterLink{Text: link.Text, URL: link.URL})
	}
	return out
}

// remember reads what is known of the document's past: changes.json with what the document says of itself.
func (s *site) remember(fixtures fs.FS) []contract.Diagnostic {
	known := &history.History{}
	if fixtures != nil {
		read, err := history.Read(fixtures, history.FileName)
		if err != nil {
			return append(s.recall(known), contract.Diagnostic{Level: contract.Error, Rule: "history", Message: err.Error()})
		}
		known = read
	}
	return s.recall(known)
}

// recall shows a past from now on, without what is internal.
func (s *site) recall(known *history.History) []contract.Diagnostic {
	merged, found := known.Merge(s.contract)
	s.past.Store(merged.Hide(func(id string) bool {
		if op := s.contract.Operation(id); op != nil {
			return op.Internal()
		}
		return slices.ContainsFunc(s.contract.Callbacks(), func(b *contract.Callback) bool {
			return b.Of == nil && b.Request.ID == id && b.Request.Internal()
		})
	}))
	return found
}

// compareHistory works the past of a site out in the background, where nobody has written it down.
func (s *Server) compareHistory(built *site, fixtures fs.FS) {
	if s.options.compare == nil || built.pages == nil || fixtures == nil {
		return
	}
	if _, err := fs.Stat(fixtures, history.FileName); err == nil {
		return
	}
	if entries, err := fs.ReadDir(fixtures, "history"); err != nil || len(entries) == 0 {
		return
	}
	s.comparing.Go(func() {
		text, err := s.options.compare(s.life, built.contract, fixtures)
		if err == nil {
			var known *history.History
			if known, err = history.Parse(history.FileName, text); err == nil {
				built.recall(known)
				return
			}
		}
		if s.life.Err() == nil {
			s.options.logger.Warn("the change history is not shown", "why", err.Error())
		}
	})
}

// documents answers a request for a page; false leaves it to the operations.
func (s *Server) documents(w http.ResponseWriter, r *http.Request) bool {
	now := s.site.Load()
	if now.pages == nil {
		return false
	}
	path := r.URL.EscapedPath()
	if (path == "/" || path == s.options.basePath+"/") && now.contract.Find(http.MethodGet, "/").Allow == nil {
		w.Header().Set("Location", s.options.public.EscapedPath()+now.docsPath+"/")
		w.WriteHeader(http.StatusFound)
		return true
	}
	if rest, ok := strings.CutPrefix(path, now.docsPath); !ok || rest != "" && rest[0] != '/' {
		return false
	}
	if !s.knownHost(r) {
		s.refuseHost(w, r)
		return true
	}
	now.pages.ServeHTTP(w, r)
	return true
}

// DocsPath is where the document's pages stand, below the base path: "/docs", "" where none are served.
func (s *Server) DocsPath() string {
	return strings.TrimPrefix(s.site.Load().docsPath, s.options.basePath)
}
