package portal

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Static makes a portal one that is written into files: it has no journal, searches by script, and operations are tried elsewhere.
type Static struct {
	// Base is the URL that the files will have, "https://docs.example.com/shop"; "" if it is not known.
	Base string
	// Sandbox is the URL of the pages of a server that plays this document, "https://mock.example.com/docs"; "" for none: then
	// operations cannot be tried.
	Sandbox string
}

// WriteFiles writes every page, in each language, and all that they link to, as files whose links are relative. The same site gives
// the same files. write is called once for each file, with names of letters, digits, dots, dashes, underscores, tildes and slashes,
// no two of which differ in case alone.
func (p *Portal) WriteFiles(ctx context.Context, write func(name string, body []byte) error) error {
	if p.site.Static == nil {
		return fmt.Errorf("portal: the site is not static")
	}
	x := &exporter{ctx: ctx, portal: p, names: map[address]string{}, taken: map[string]bool{}}
	x.attribute = regexp.MustCompile(` ([a-z-]+)="(` + regexp.QuoteMeta(p.root) + `/[^"]*)"`)
	x.text = regexp.MustCompile(`>(` + regexp.QuoteMeta(p.root) + `/[^<]*)<`)
	x.markdown = regexp.MustCompile(`(\]\(|: |\n)(` + regexp.QuoteMeta(p.root) + `/[^)\s]*)`)
	x.name(address{path: "/"})
	x.name(address{path: "/search"})
	for _, file := range []string{"/openapi.json", "/openapi.yaml", "/search.json", "/llms.txt", "/changes.atom"} {
		x.name(address{path: file})
	}
	for len(x.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := x.queue[0]
		x.queue = x.queue[1:]
		body, err := x.make(next)
		if err != nil {
			return fmt.Errorf("portal: %s cannot be written: %w", next.path, err)
		}
		if err := write(x.names[next], body); err != nil {
			return err
		}
	}
	return nil
}

// address is what one file is made from: a path below the portal, what its query asks for beside the language, and the language
// where it is not the usual one.
type address struct{ path, query, lang string }

type exporter struct {
	ctx                       context.Context
	portal                    *Portal
	names                     map[address]string
	taken                     map[string]bool // in lower case
	queue                     []address
	attribute, text, markdown *regexp.Regexp
}

// name gives the file of an address, and queues it the first time.
func (x *exporter) name(a address) string {
	if known, ok := x.names[a]; ok {
		return known
	}
	stem, ext := x.stem(a)
	name := stem + ext
	for n := 2; x.taken[strings.ToLower(name)]; n++ {
		name = stem + "~" + itoa(n) + ext
	}
	x.taken[strings.ToLower(name)] = true
	x.names[a] = name
	x.queue = append(x.queue, a)
	return name
}

// stem is the name that a file would like to have.
func (x *exporter) stem(a address) (stem, ext string) {
	plain := strings.Trim(a.path, "/")
	own := x.portal.assets.byPath[a.path] != nil || x.isFile(a.path)
	if rest, isTwin := strings.CutSuffix(plain, ".md"); isTwin && !own {
		plain, ext = rest, ".md"
	}
	if plain == "" {
		plain = "index"
	}
	segments := strings.Split(plain, "/")
	for i, s := range segments {
		if decoded, err := url.PathUnescape(s); err == nil {
			s = decoded
		}
		segments[i] = fileName(s)
	}
	stem = strings.Join(segments, "/")
	if a.query != "" {
		stem += "~" + fileName(strings.NewReplacer("=", "-", "&", "~").Replace(a.query))
	}
	if a.lang != "" {
		stem = "zh/" + stem
	}
	switch {
	case own:
		ext = path.Ext(stem)
		return strings.TrimSuffix(stem, ext), ext
	case strings.HasPrefix(a.path, "/example/") || strings.HasPrefix(a.path, "/request/"):
		return stem, x.extension(a.path)
	case ext != "":
		return stem, ext
	}
	return stem, ".html"
}

func (x *exporter) isFile(p string) bool {
	return slices.Contains([]string{"/openapi.json", "/openapi.yaml", "/search.json", "/llms.txt", "/changes.atom"}, p)
}

// extension is that of an example's file, by its media type.
func (x *exporter) extension(p string) string {
	kind, rest, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	file := x.portal.exampleFile(rest)
	if kind == "request" {
		file = x.portal.requestFile(rest)
	}
	switch {
	case file == nil:
		return ""
	case strings.Contains(file.kind, "json"):
		return ".json"
	case strings.Contains(file.kind, "xml"):
		return ".xml"
	}
	return ".txt"
}

// fileName writes a text so that any file system and any URL can carry it as it is: what is neither letter, digit, dot, dash nor
// underscore becomes ~ and two hex digits a byte.
func fileName(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.' && i > 0 && i < len(s)-1:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "~%02x", c)
		}
	}
	name := b.String()
	if len(name) > longestName {
		name = name[:longestName-11] + "~" + shortHash([]byte(s))
	}
	switch strings.ToLower(name) { // devices of Windows
	case "con", "prn", "aux", "nul", "com1", "lpt1", "":
		name += "~"
	}
	return name
}

// longestName is what a name may have where an ending and a number still fit into the 255 bytes of usual file systems.
const longestName = 200

// make makes the content of a file.
func (x *exporter) make(a address) ([]byte, error) {
	target := x.portal.site.Base + x.portal.site.Prefix + a.path
	query := a.query
	if a.lang != "" {
		query = strings.TrimPrefix(query+"&lang="+url.QueryEscape(a.lang), "&")
	}
	if query != "" {
		target += "?" + query
	}
	r, err := http.NewRequestWithContext(x.ctx, http.MethodGet, "http://localhost"+target, nil)
	if err != nil {
		return nil, err
	}
	w := &file{header: http.Header{}}
	x.portal.ServeHTTP(w, r)
	from := x.names[a]
	switch kind := w.header.Get("Content-Type"); {
	case w.status == http.StatusPermanentRedirect || w.status == http.StatusFound:
		to := x.link(from, w.header.Get("Location"), a)
		return fmt.Appendf(nil, moved, html.EscapeString(to)), nil
	case w.status != http.StatusOK:
		return nil, fmt.Errorf("it answers %d", w.status)
	case strings.HasPrefix(kind, "text/html"):
		return x.page(from, w.body.String(), a), nil
	case strings.HasPrefix(kind, "text/markdown"), a.path == "/llms.txt":
		return []byte(x.markdown.ReplaceAllStringFunc(w.body.String(), func(found string) string {
			parts := x.markdown.FindStringSubmatch(found)
			return parts[1] + x.link(from, parts[2], a)
		})), nil
	case a.path == "/search.json" || a.path == "/changes.atom":
		return x.listed(w.body.String(), a), nil
	}
	return w.body.Bytes(), nil
}

// moved is a page that leads to another.
const moved = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>%[1]s</title><meta http-equiv="refresh" content="0; url=%[1]s"></head>
<body><main><h1><a href="%[1]s">%[1]s</a></h1></main></body>
</html>
`

// file takes an answer of the portal.
type file struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (f *file) Header() http.Header { return f.header }

func (f *file) WriteHeader(status int) { f.status = status }

func (f *file) Write(b []byte) (int, error) {
	if f.status == 0 {
		f.status = http.StatusOK
	}
	return f.body.Write(b)
}

// page makes the links of a page relative.
func (x *exporter) page(from, text string, a address) []byte {
	text = x.attribute.ReplaceAllStringFunc(text, func(found string) string {
		parts := x.attribute.FindStringSubmatch(found)
		return " " + parts[1] + `="` + html.EscapeString(x.link(from, html.UnescapeString(parts[2]), a)) + `"`
	})
	text = x.text.ReplaceAllStringFunc(text, func(found string) string {
		to := x.link("", html.UnescapeString(strings.Trim(found, "<>")), a)
		return ">" + html.EscapeString(x.absolute(to)) + "<"
	})
	if base := x.portal.site.Static.Base; base != "" {
		own := `<link rel="canonical" href="`
		if i := strings.Index(text, own); i >= 0 {
			end := strings.IndexByte(text[i+len(own):], '"') + i + len(own)
			text = text[:i] + own + html.EscapeString(x.absolute(x.name(address{a.path, a.query, ""}))) + text[end:]
		}
	}
	return []byte(text)
}

// listed makes the quoted links of the search index relative to the top, and those of the feed absolute where the base is known.
func (x *exporter) listed(text string, a address) []byte {
	quoted := regexp.MustCompile(`"(` + regexp.QuoteMeta(x.portal.root) + `/[^"]*)"`)
	return []byte(quoted.ReplaceAllStringFunc(text, func(found string) string {
		to := x.link("", html.UnescapeString(strings.Trim(found, `"`)), a)
		if a.path == "/changes.atom" {
			to = html.EscapeString(x.absolute(to))
		}
		return `"` + to + `"`
	}))
}

// absolute puts the base in front of a file's name, if it is known.
func (x *exporter) absolute(name string) string {
	if base := x.portal.site.Static.Base; base != "" {
		return strings.TrimSuffix(base, "/") + "/" + name
	}
	return name
}

// link is the way from one file to the page that a link of the portal leads to. The language is that of a, unless the link names one.
func (x *exporter) link(from, link string, a address) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	to := address{path: strings.TrimPrefix(u.EscapedPath(), x.portal.root)}
	if to.path == "" {
		to.path = "/"
	}
	query := u.Query()
	if primary(query.Get("lang")) == "zh" && x.portal.assets.byPath[to.path] == nil {
		to.lang = chinese
	}
	query.Del("lang")
	to.query = query.Encode()
	out := relative(from, x.name(to))
	if u.Fragment != "" {
		out += "#" + u.EscapedFragment()
	}
	return out
}

// relative is the way from one file to another.
func relative(from, to string) string {
	for {
		head, rest, deeper := strings.Cut(from, "/")
		same, further, ok := strings.Cut(to, "/")
		if !deeper || !ok || head != same {
			break
		}
		from, to = rest, further
	}
	return strings.Repeat("../", strings.Count(from, "/")) + to
}
