// Package portal shows a contract as pages a person can read and try.
//
// [New] makes a [Portal], an [net/http.Handler] for everything below one prefix ("/docs"). A page is a pure function of the contract,
// its history and the reader's language: it is rendered on first request and kept, compressed, as long as the portal. Pages need
// no script, and nothing that they show or do leaves their origin. Every page has a twin in Markdown: its URL with ".md" behind
// it, or Accept: text/markdown.
//
// How a page comes to be: outline.go names what there is, serve.go finds the page of a path, view.go and the file of each kind
// of page make its model, and a template in templates/ writes it.
package portal

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	texttemplate "text/template"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/history"
	"standin/mock/internal/journal"
	"standin/mock/internal/sample"
)

// Site is what a portal shows, and where. Contract and Sampler are required.
type Site struct {
	Contract *contract.Contract
	// Sampler and Seed are those of the mock, so that pages show what it answers, to the byte.
	Sampler *sample.Sampler
	Seed    uint64
	// Prefix is the path of the portal, "/docs" by default; no page has any other.
	Prefix string
	// Base is the path in front of Prefix and of every path of the document, "" by default.
	Base string
	// Public is the URL under which readers reach the server, if that differs from where it listens: "https://mock.example.com/a".
	Public string
	// History gives the changes known by now; they may become more. Default: none are known.
	History func() *history.History
	// Guides holds texts in Markdown, in files that end in .md. Default: there are none.
	Guides fs.FS
	Looks  Looks
	// API answers requests in-process, as the mock itself does. Default: operations cannot be tried.
	API http.Handler
	// Static tells that the pages are written into files. Default: they are served.
	Static *Static
	// Trusted are further origins whose pages may post forms here, as those of an export do. Default: none.
	Trusted []string
	// Journal gives the journal that a reader may see. Default: there is none, and the page says so.
	Journal func(Reader) Journal
	// Backend gives what a reader may see and change of the absent server. Default: there is nothing, and no page.
	Backend func(Reader) Backend
	// Enter sends a request that a reader makes on a page to a sandbox. Default: all readers share one.
	Enter func(r *http.Request, sandbox string)
	// Sandboxes lists those that a reader may choose to see. Default: he sees his own.
	Sandboxes func(Reader) []string
}

// Journal is what was asked and answered.
type Journal interface {
	List(journal.Filter) ([]*journal.Exchange, error)
	Get(id string) (*journal.Exchange, bool, error)
	// Sandbox is whose it is.
	Sandbox() string
	// Fixture is a fixture that answers so again, as YAML; nil for an exchange that none can play.
	Fixture(*journal.Exchange) ([]byte, error)
}

// Portal serves the pages of a site. Make one with [New]. It is safe for concurrent use.
type Portal struct {
	site    Site
	outline *outline
	root    string // path of the home page without its last slash, as links have it
	origin  string // scheme and host of permalinks, "" if they are not known
	packer
	assets    *assets
	markdown  *markdown
	colours   *highlighter
	fake      *fake.Generator
	templates map[string]*template.Template     // by language
	twins     map[string]*texttemplate.Template // by language
	guides    []*guide
	pages     sync.Map // pageKey to *rendered
	// concealing tells of schemas whether they lead to what is internal: *schema.Schema to bool.
	concealing sync.Map
	search     func() *index
	uses       func() *usage
	failed     func() *failedIndex
	hooks      func() []*hook
}

// New makes a portal. It compiles no operation: each page does for its own, on first request. An error tells what in the site
// cannot be used.
func New(s Site) (*Portal, error) {
	if s.Contract == nil || s.Sampler == nil {
		return nil, errors.New("portal: a site needs a contract and a sampler")
	}
	if s.Prefix == "" {
		s.Prefix = "/docs"
	}
	s.Prefix, s.Base = strings.TrimSuffix(s.Prefix, "/"), strings.TrimSuffix(s.Base, "/")
	public, err := url.Parse(strings.TrimSuffix(s.Public, "/"))
	if err != nil {
		return nil, fmt.Errorf("portal: the public URL cannot be read: %w", err)
	}
	p := &Portal{site: s, fake: fake.New(), root: public.EscapedPath() + s.Base + s.Prefix}
	if public.Host != "" {
		p.origin = public.Scheme + "://" + public.Host
	}
	p.outline = newOutline(s.Contract)
	if p.assets, err = newAssets(s.Looks, &p.packer); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	if p.colours, err = newHighlighter(); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	p.markdown = newMarkdown(p.resolve)
	if p.guides, err = readGuides(s.Guides); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	if p.templates, p.twins, err = parseTemplates(); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	p.search = sync.OnceValue(p.newIndex)
	p.uses = sync.OnceValue(p.newUsage)
	p.failed = sync.OnceValue(p.newFailed)
	p.hooks = sync.OnceValue(p.newHooks)
	return p, nil
}

// history is what is known of the past now, nil for nothing.
func (p *Portal) history() *history.History {
	if p.site.History == nil {
		return nil
	}
	return p.site.History()
}
