package portal

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/internal/journal"
)

// hostile is a document whose every text tries to do harm.
func hostile(t testing.TB) *Portal {
	evil := `</script><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a></main></body>` + "\u202e\u2066 `` ` \x60<!--"
	long := strings.Repeat("name", 2500)
	text := evil + "\n\n[j](javascript:alert(1)) [d](data:text/html,x) <svg onload=alert(1)><style>*{display:none}</style><iframe src=//evil.example></iframe>" +
		"<div id=main></div><form action=//evil.example><input></form></div></div></section> ![p](https://evil.example/p.png) <base href=//evil.example>"
	schema := map[string]any{
		"type": "object", "description": text, "required": []string{evil, "", long},
		"properties": map[string]any{
			evil: map[string]any{"type": "string", "description": text, "default": evil, "enum": []string{evil, ""}},
			long: map[string]any{"$ref": "#/components/schemas/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(evil)},
			"":   map[string]any{"type": "string", "pattern": "<b>"}, "a.b": map[string]any{"type": "string"}, "a~2Eb": map[string]any{"type": "string"},
			"main": map[string]any{"type": "string"}, " ": map[string]any{"type": "string"}, "..": map[string]any{"type": "string"},
		},
		"x-type-name": evil,
	}
	paths := map[string]any{}
	for i, id := range []string{evil, "a/b c", "a/b c", "..", "./x", "x//y", "q?x#y%2F", long, "page.md", "index", "ünï 中文", "a\tb"} {
		paths["/p"+itoa(i)+"/{x}"] = map[string]any{"post": hostileOperation(id, evil, long, text, schema), "parameters": []any{map[string]any{"name": "x", "in": "path", "required": true, "schema": map[string]any{"type": "string"}}}}
	}
	document := map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": evil, "version": evil, "summary": evil, "description": text}, "paths": paths,
		"servers":     []any{map[string]any{"url": "javascript:alert(1)", "description": evil}},
		"tags":        []any{map[string]any{"name": evil, "description": text, "x-display-name": evil, "x-breadcrumb": []string{evil, evil, evil}, "externalDocs": map[string]any{"url": "javascript:x", "description": evil}}},
		"x-tagGroups": []any{map[string]any{"name": evil, "tags": []string{evil}}},
		"security":    []any{map[string]any{evil: []string{}}},
		"components": map[string]any{
			"schemas": map[string]any{evil: schema, "..": schema, "a/b": schema, long: schema},
			"securitySchemes": map[string]any{
				evil: map[string]any{"type": "oauth2", "description": text, "flows": map[string]any{evil: map[string]any{"authorizationUrl": "javascript:alert(1)", "scopes": map[string]any{evil: evil}}}},
			},
		},
		"webhooks": map[string]any{evil: map[string]any{"post": hostileOperation("hook", evil, long, text, schema)}},
	}
	bytes, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	j := journal.New(journal.Limits{})
	x := j.Open(epoch, evil, "/"+url.PathEscape(evil))
	x.Status, x.Source, x.Refused = 200, evil, evil
	x.RequestHeader, x.RequestBody = http.Header{evil: {evil}}, j.Cut([]byte(evil), false)
	j.Close(x, epoch)
	guides := fstest.MapFS{"evil.md": {Data: []byte("# " + evil + "\n\n" + text + "\n\n### Deep\n\n# Top\n")}, "..md": {Data: []byte("x")}}
	return portalOf(t, parse(t, string(bytes)), func(s *Site) {
		s.Guides = guides
		s.Journal = func(Reader) Journal { return seenJournal{j} }
	})
}

// hostileOperation is an operation all of whose texts are evil.
func hostileOperation(id, evil, long, text string, schema map[string]any) map[string]any {
	return map[string]any{
		"operationId": id, "summary": evil, "description": text, "tags": []string{evil, "a/b", "..", long, ""}, "x-since": evil, "deprecated": true,
		"externalDocs": map[string]any{"url": "javascript:alert(1)"},
		"parameters": []any{
			map[string]any{"name": evil, "in": "query", "required": true, "description": text, "schema": map[string]any{"type": "string", "default": "'\"><"}},
			map[string]any{"name": long, "in": "header", "schema": map[string]any{"type": "string"}},
		},
		"requestBody": map[string]any{"content": map[string]any{"application/json": map[string]any{"schema": schema}, evil: map[string]any{"schema": schema}}},
		"responses": map[string]any{
			"200": map[string]any{"description": text, "content": map[string]any{
				"application/json": map[string]any{"schema": schema, "examples": map[string]any{evil: map[string]any{"summary": evil, "description": text, "value": map[string]any{evil: evil}}}},
				"text/html":        map[string]any{"example": "<script>alert(1)</script>"},
			}},
			"default": map[string]any{"description": text, "content": map[string]any{"application/json": map[string]any{"example": map[string]any{"code": evil, "message": text}}}},
		},
		"callbacks":     map[string]any{evil: map[string]any{evil: map[string]any{"post": map[string]any{"summary": evil, "requestBody": map[string]any{"content": map[string]any{evil: map[string]any{"schema": schema}}}, "responses": map[string]any{}}}}},
		"x-codeSamples": []any{map[string]any{"lang": evil, "label": evil, "source": evil}},
		"x-changelog":   []any{map[string]any{"version": evil, "level": "info", "text": text}},
	}
}

// TestHostileDocument crawls a document that tries to do harm: pages stay well-formed, run nothing, load nothing, and lead nowhere
// but to themselves and the web.
func TestHostileDocument(t *testing.T) {
	p := hostile(t)
	crawl(t, p, false)
	for _, path := range []string{"/", "/op/page.md", "/op/page.md.md", "/search?q=" + url.QueryEscape("<script>alert(1)</script>"), "/schemas", "/journal"} {
		w := get(t, p, "/docs"+path)
		if w.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, w.Code)
		}
		if strings.Contains(w.Body.String(), "\u202e") {
			t.Errorf("%s holds a sign that turns the direction of text", path)
		}
	}
}

// TestPathsThatLeadNowhere asks for what is not there; nothing may answer 200 or fall over.
func TestPathsThatLeadNowhere(t *testing.T) {
	p := demoPortal(t)
	for _, path := range []string{
		"/op/", "/op", "/op/nope", "/op/..", "/category/", "/category/nope", "/schema/nope", "/schema/", "/part/", "/part/x", "/part/QueryVolumeSnapshot/200.nope",
		"/part/QueryVolumeSnapshot/", "/schema-part/VolumeSnapshot/fields.x", "/schema-part/x", "/changes/nope", "/changes/op/nope", "/errors/999", "/webhooks/nope",
		"/webhook-part/x/y", "/guides/nope", "/guides/../portal.go", "/journal/1", "/assets/x.css", "/assets/portal.css", "/example/QueryVolumeSnapshot/99",
		"/example/QueryVolumeSnapshot/-1", "/example/x/0", "/example/", "/openapi.xml", "/search/x", "/schemas/x", "/index.md.md", "/.md", "//", "/uses/nope", "/%00",
	} {
		r := httptest.NewRequest(http.MethodGet, "/docs/", nil)
		r.URL.RawPath = "/docs" + path
		r.URL.Path, _ = url.PathUnescape(r.URL.RawPath)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			for _, fault := range checkMarkup(w.Body.String()).faults {
				t.Errorf("%s: %s", path, fault)
			}
		}
	}
}

// FuzzPath asks for any path in any language; nothing may fall over, and what comes as HTML must be well-formed.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/", "/op/createBook", "/op/createBook.md", "/part/listBooks/200.tags", "/schema/Book", "/search?q=book", "/changes?level=error", "/example/listBooks/0"} {
		f.Add(path, "zh")
	}
	p := portalOf(f, load(f, library))
	f.Fuzz(func(t *testing.T, path, lang string) {
		u, err := url.Parse("/docs" + path)
		if err != nil || u.Host != "" {
			t.Skip()
		}
		r := httptest.NewRequest(http.MethodGet, "/docs/", nil)
		r.URL = u
		r.Header.Set("Accept-Language", lang)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			if faults := checkMarkup(w.Body.String()).faults; len(faults) > 0 {
				t.Errorf("%q: %v", path, faults)
			}
		}
	})
}

// FuzzMarkdown renders any text; the markup must stay in its place and do nothing.
func FuzzMarkdown(f *testing.F) {
	for _, text := range []string{"# a\n\n* b\n", "<script>x</script>", "[a](javascript:b)", "</div></p>", "| a |\n| - |\n| <td> |", "<table><tr><td><p>x", "<a><a href=x>", "<li>x<p>", "`</code>`", "<h1><h2>x"} {
		f.Add(text)
	}
	p := portalOf(f, load(f, library))
	f.Fuzz(func(t *testing.T, text string) {
		v := &view{site: p, Lang: english}
		for _, out := range []string{string(v.markdown(text)), string(p.markdown.article(text, v.url))} {
			m := checkMarkup(`<html lang="en"><h1></h1><div>` + out + `</div></html>`)
			for _, fault := range m.faults {
				if !strings.Contains(fault, "within") && !strings.Contains(fault, "holds") && !strings.Contains(fault, " in ") {
					t.Errorf("%q: %s\n%s", text, fault, out)
				}
			}
			for _, bad := range []string{"<script", "<style", "<iframe", "<svg", "<form", "<base", "<img"} {
				if strings.Contains(out, bad) {
					t.Errorf("%q leaves %s", text, bad)
				}
			}
		}
	})
}
