package portal

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"standin/mock/internal/history"
	"standin/mock/internal/media"
)

// policy lets a page load and do nothing but what is of its own origin (Content Security Policy Level 3).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP answers with the page of a path. The path has the site's base and prefix in front.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), p.site.Base+p.site.Prefix)
	if !ok || path != "" && path[0] != '/' {
		http.NotFound(w, r)
		return
	}
	if path == "" {
		h.Set("Location", p.root+"/")
		w.WriteHeader(http.StatusPermanentRedirect)
		return
	}
	h.Set("Content-Security-Policy", p.policyOf(path))
	if p.serveTry(w, r, path) || p.serveBackend(w, r, path) {
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if p.serveFile(w, r, path) {
		return
	}
	p.servePage(w, r, path)
}

// pageKey names what is kept of a page.
type pageKey struct {
	path, lang string
	explicit   bool
	twin       bool
}

// rendered is a page as it is kept.
type rendered struct {
	compressed []byte // by gzip
	kind, etag string
	status     int
	history    *history.History // that it shows
}

// servePage answers with a page, as HTML or in Markdown.
func (p *Portal) servePage(w http.ResponseWriter, r *http.Request, path string) {
	h := w.Header()
	h.Set("Vary", "Accept, Accept-Encoding, Accept-Language")
	query := r.URL.Query()
	lang, explicit := language(query.Get("lang"), r.Header.Get("Accept-Language"))
	v := &view{site: p, Lang: lang, explicit: explicit, request: r, query: query, history: p.history()}
	if explicit {
		v.suffix = "?lang=" + lang
	}
	markdown := prefersMarkdown(r.Header.Get("Accept"))
	key := pageKey{path, lang, explicit, markdown}
	if kept, ok := p.pages.Load(key); ok && kept.(*rendered).history == v.history && !v.asks() {
		p.write(w, r, kept.(*rendered), "no-cache")
		return
	}
	content := p.make(v, path)
	if plain, ok := strings.CutSuffix(path, ".md"); ok && plain != "/" && (content == nil || content.status == http.StatusNotFound) { // an id that ends in .md wins over a twin
		if plain == "/index" {
			plain = "/"
		}
		content, markdown = p.make(v, plain), true
	}
	if content == nil {
		content = notFound(v)
	}
	if to := content.moved + content.found; to != "" {
		status := http.StatusPermanentRedirect
		if content.found != "" {
			status = http.StatusFound
		}
		h.Set("Location", to)
		w.WriteHeader(status)
		return
	}
	out, err := p.render(v, content, markdown)
	if err != nil {
		http.Error(w, "this page cannot be written: "+err.Error(), http.StatusInternalServerError)
		return
	}
	cache := "no-store"
	if !content.live {
		cache = "no-cache"
		if out.status == http.StatusOK && !v.asks() {
			p.pages.Store(key, out)
		}
	}
	p.write(w, r, out, cache)
}

// make makes the model of the page at a path, nil if there is none.
func (p *Portal) make(v *view, path string) *content {
	v.Path = path
	if f := p.find(path); f != nil {
		return f(v)
	}
	return nil
}

// asks tells that the query asks for more than a language, so that the page is not the one that is kept.
func (v *view) asks() bool {
	for name := range v.query {
		if name != "lang" {
			return true
		}
	}
	return false
}

// prefersMarkdown tells whether an Accept header would rather have Markdown than HTML.
func prefersMarkdown(accept string) bool {
	if !strings.Contains(accept, "markdown") {
		return false
	}
	i, ok := media.Negotiate(accept, []media.Type{{Type: "text", Subtype: "html"}, {Type: "text", Subtype: "markdown"}})
	return ok && i == 1
}

// render writes a page and packs it.
func (p *Portal) render(v *view, c *content, markdown bool) (*rendered, error) {
	var b bytes.Buffer
	kind := "text/html; charset=utf-8"
	var err error
	if markdown {
		kind = "text/markdown; charset=utf-8"
		err = p.twins[v.Lang].ExecuteTemplate(&b, c.template, c.model)
	} else {
		err = p.execute(&b, v, c)
	}
	if err != nil {
		return nil, err
	}
	out := p.pack(visible(b.Bytes()), kind)
	out.status, out.history = c.status, v.history
	if out.status == 0 {
		out.status = http.StatusOK
	}
	return out, nil
}

// visible makes signs that turn the direction of text, and so may make a name look like another, visible: they are written as
// U+FFFD. Marks that only tell the direction of their neighbours stay.
func visible(page []byte) []byte {
	if !bytes.Contains(page, []byte("\xe2\x80")) && !bytes.Contains(page, []byte("\xe2\x81")) {
		return page
	}
	return bytes.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return 0xfffd
		}
		return r
	}, page)
}

// packer compresses what is to be served. At rest it keeps its compressors: one holds 800 kB.
type packer struct{ idle sync.Pool }

func (k *packer) pack(body []byte, kind string) *rendered {
	var b bytes.Buffer
	z, ok := k.idle.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(&b)
	}
	z.Reset(&b)
	_, _ = z.Write(body)
	_ = z.Close()
	k.idle.Put(z)
	return &rendered{compressed: b.Bytes(), kind: kind, etag: shortHash(body), status: http.StatusOK}
}

// write sends what is kept, compressed or not as the client likes. Both forms have entity tags of their own (RFC 9110, 8.8.3).
func (p *Portal) write(w http.ResponseWriter, r *http.Request, page *rendered, cache string) {
	h := w.Header()
	h.Set("Cache-Control", cache)
	packed := acceptsGzip(r.Header.Get("Accept-Encoding"))
	tag := `"` + page.etag + `"`
	if packed {
		tag = `"` + page.etag + `-gzip"`
	}
	if cache != "no-store" && page.status == http.StatusOK {
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", page.kind)
	if packed {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(page.compressed)))
		w.WriteHeader(page.status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(page.compressed)
		}
		return
	}
	w.WriteHeader(page.status)
	if z, err := gzip.NewReader(bytes.NewReader(page.compressed)); err == nil && r.Method != http.MethodHead {
		_, _ = io.Copy(w, z)
	}
}

// acceptsGzip reads an Accept-Encoding header (RFC 9110, 12.5.3).
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			weight, err := strconv.ParseFloat(q, 64)
			return !found || err == nil && weight > 0
		}
	}
	return false
}

// matches reads an If-None-Match header (RFC 9110, 13.1.2).
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}
	return false
}

// maker makes the model of a page; nil if there is no such page after all.
type maker func(v *view) *content

// content is a page that is ready to be written.
type content struct {
	template string
	model    any
	status   int // 200 if 0
	// live pages change without the contract and are not kept.
	live bool
	// moved is where the page is now, found is where it is this time.
	moved, found string
}

// find gives the maker of the page at an escaped path below the prefix, nil if no page can be there.
func (p *Portal) find(path string) maker {
	kind, rest, deeper := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	name, err := url.PathUnescape(rest)
	if err != nil || deeper && rest == "" {
		return nil
	}
	switch kind {
	case "op":
		return p.operationPage(name)
	case "try":
		return p.tryPage(name)
	case "part":
		return p.partPage(rest)
	case "category":
		return p.categoryPage(name)
	case "schema":
		return p.schemaPage(name)
	case "uses":
		return p.usesPage(name)
	case "schema-part":
		return p.schemaPartPage(rest)
	case "changes":
		return p.changesPage(name)
	case "errors":
		return p.errorsPage(name)
	case "webhooks":
		return p.webhooksPage(name)
	case "webhook-part":
		return p.webhookPartPage(rest)
	case "guides":
		return p.guidesPage(name)
	case "journal":
		return p.journalPage(name)
	}
	if deeper {
		return nil
	}
	if kind == "backend" && p.site.Backend == nil {
		return nil
	}
	return map[string]maker{"": homePage, "backend": backendPage, "search": searchPage, "schemas": schemasPage, "authentication": authenticationPage}[kind]
}
