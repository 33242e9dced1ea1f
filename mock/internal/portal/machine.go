package portal

import (
	"fmt"
	"net/http"
	"strings"
)

// file finds what is no page: the document, the search index, the feed, llms.txt. They are made once; the feed changes with the
// history and is made anew.
func (p *Portal) file(path string) *rendered {
	var make func() *rendered
	switch path {
	case "/openapi.json", "/openapi.yaml":
		make = func() *rendered { return p.document(path) }
	case "/search.json":
		make = p.searchFile
	case "/llms.txt":
		make = p.guideForModels
	case "/changes.atom":
		return p.feed()
	default:
		return nil
	}
	key := pageKey{path: path}
	if kept, ok := p.pages.Load(key); ok {
		return kept.(*rendered)
	}
	made := make()
	if made != nil {
		p.pages.Store(key, made)
	}
	return made
}

// document is the document that readers get: in one piece, however many files it is made of.
func (p *Portal) document(path string) *rendered {
	root := p.site.Contract.Bundle()
	n := newPublisher(root).publish(root)
	if strings.HasSuffix(path, ".yaml") {
		return p.pack(appendYAML(nil, n, 0), "application/yaml")
	}
	return p.pack(append(n.AppendJSON(nil), '\n'), "application/json")
}

// guideForModels is llms.txt (llmstxt.org): what there is, one line each, with links to the pages in Markdown.
func (p *Portal) guideForModels() *rendered {
	v := &view{site: p, Lang: english}
	info := p.site.Contract.Info()
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", oneLine(info.Title, 200))
	if summary := oneLine(firstParagraph(info.Summary+"\n\n"+info.Description), 400); summary != "" {
		fmt.Fprintf(&b, "> %s\n\n", summary)
	}
	at := p.origin + p.root
	fmt.Fprintf(&b, "- [Overview](%s/index.md)\n- [OpenAPI document](%s/openapi.json)\n", at, at)
	for _, t := range p.extraTabs() {
		fmt.Fprintf(&b, "- [%s](%s%s.md)\n", v.T(t.key), at, t.path)
	}
	for _, k := range p.outline.categories {
		fmt.Fprintf(&b, "\n## %s\n\n", escapeMarkdown(oneLine(v.categoryName(k), 200)))
		for _, e := range k.entries {
			fmt.Fprintf(&b, "- [%s](%s%s.md): %s %s",
				escapeMarkdown(oneLine(e.id, 200)), at, operationPath(e.slug), e.op.Method, oneLine(e.operationalPath, 300))
			if e.summary != "" && e.summary != e.id {
				b.WriteString(" — " + escapeMarkdown(oneLine(e.summary, 200)))
			}
			b.WriteByte('\n')
		}
	}
	return p.pack([]byte(b.String()), "text/plain; charset=utf-8")
}

// machine are the forms of the site that programs read.
func (v *view) machine() []Link {
	at := v.site.root
	return []Link{
		{"openapi.json", at + "/openapi.json"}, {"openapi.yaml", at + "/openapi.yaml"}, {"llms.txt", at + "/llms.txt"},
		{v.T("changes.feed"), at + "/changes.atom"},
	}
}

// serveFile answers with what is no page; false if the path is none of those.
func (p *Portal) serveFile(w http.ResponseWriter, r *http.Request, path string) bool {
	h := w.Header()
	if file := p.assets.byPath[path]; file != nil {
		if strings.HasPrefix(file.kind, "image/svg") {
			h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		}
		p.write(w, r, file, "public, max-age=31536000, immutable")
		return true
	}
	file := p.file(path)
	kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case kind == "example" || kind == "request":
		if file = p.exampleFile(rest); kind == "request" {
			file = p.requestFile(rest)
		}
		if file != nil {
			h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		}
	case path == "/openapi.json" || path == "/openapi.yaml":
		h.Set("Access-Control-Allow-Origin", "*")
	}
	if file == nil {
		return false
	}
	h.Set("Vary", "Accept-Encoding")
	p.write(w, r, file, "no-cache")
	return true
}
