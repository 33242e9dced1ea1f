package mock

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"standin/mock/internal/media"
)

// Mount serves several servers side by side, each below its own base path ([BasePath]), which must differ; a request goes to the one
// with the longest that it begins with. The path "/" lists them, as a page or as JSON, and "/__mock/health" answers 200.
func Mount(servers ...*Server) (http.Handler, error) {
	m := &mounted{servers: slices.Clone(servers)}
	seen := map[string]bool{}
	for _, s := range servers {
		base := s.options.basePath
		if base == "" || seen[base] {
			return nil, fmt.Errorf("mock: servers side by side need base paths that differ, %q does not do", base)
		}
		seen[base] = true
	}
	if len(servers) == 0 {
		return nil, fmt.Errorf("mock: there is no server to mount")
	}
	slices.SortStableFunc(m.servers, func(a, b *Server) int { return len(b.options.basePath) - len(a.options.basePath) })
	m.listed = servers
	return m, nil
}

// mounted are servers, those with the longest base path first, and in the order in which they are listed.
type mounted struct{ servers, listed []*Server }

// ServeHTTP hands a request to the server that it is for.
func (m *mounted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	for _, s := range m.servers {
		if rest, ok := strings.CutPrefix(path, s.options.basePath); ok && (rest == "" || rest[0] == '/') {
			s.ServeHTTP(w, r)
			return
		}
	}
	first := m.listed[0]
	if !first.hostAllowed(r) {
		first.refuseHost(w, r)
		return
	}
	switch path {
	case "/":
		m.list(w, r)
	case healthPath:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(`{"status":"ok"}` + "\n"))
	default:
		var names []string
		for _, s := range m.listed {
			names = append(names, s.options.basePath+"/")
		}
		first.writeProblem(w, newProblem(http.StatusNotFound, "no-such-document", "nothing is served at "+clip(path, 100)+"; there is "+list(names)))
	}
}

// side is one of the servers, as it is listed.
type side struct {
	Title   string `json:"title"`
	Version string `json:"version"`
	URL     string `json:"url"`
	Docs    string `json:"docs,omitempty"`
}

// list tells what is served.
func (m *mounted) list(w http.ResponseWriter, r *http.Request) {
	var out []side
	for _, s := range m.listed {
		info := s.Contract().Info()
		one := side{Title: info.Title, Version: info.Version, URL: s.options.public.EscapedPath() + s.options.basePath}
		if docs := s.DocsPath(); docs != "" {
			one.Docs = one.URL + docs + "/"
		}
		out = append(out, one)
	}
	h := w.Header()
	h.Set("Vary", "Accept")
	h.Set("X-Content-Type-Options", "nosniff")
	kinds := []media.Type{{Type: "application", Subtype: "json"}, {Type: "text", Subtype: "html"}}
	if i, ok := media.Negotiate(r.Header.Get("Accept"), kinds); !ok || i == 0 {
		h.Set("Content-Type", "application/json")
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		_ = enc.Encode(map[string]any{"documents": out})
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+listStyleHash+"'; base-uri 'none'; frame-ancestors 'none'")
	_ = template.Must(template.New("").Parse(listPage)).Execute(w, out)
}

// listPage names the documents; listStyleHash is the SHA-256 of what stands in its style element.
const (
	listPage = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>standin</title><style>` + listStyle + `</style></head>
<body><main><h1>standin</h1><ul>{{range .}}<li><a href="{{or .Docs .URL}}"><strong>{{.Title}}</strong></a> {{.Version}}<br><code>{{.URL}}</code></li>{{end}}</ul></main></body>
</html>
`
	listStyle     = `body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}ul{list-style:none;padding:0}li{padding:.8rem 0;border-bottom:1px solid #8884}`
	listStyleHash = "y3fXyA529SFLbWprUSK4WIK2x4AanJKOUpH98FVTO9g="
)
