package portal

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

// corpus lists the real documents; without STANDIN_SHARED there are none.
func corpus(t testing.TB) []string {
	t.Helper()
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: no real documents")
	}
	names, err := filepath.Glob(filepath.Join(shared, "corpus", "*.*"))
	if err != nil || len(names) < 10 {
		t.Fatalf("no corpus in %s: %v", shared, err)
	}
	var out []string
	for _, name := range names {
		if filepath.Ext(name) != ".tsv" {
			out = append(out, name)
		}
	}
	return out
}

func load(t testing.TB, name string) *contract.Contract {
	t.Helper()
	c, err := contract.Load(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func parse(t testing.TB, text string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(context.Background(), "openapi.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func portalOf(t testing.TB, c *contract.Contract, change ...func(*Site)) *Portal {
	t.Helper()
	site := Site{Contract: c, Sampler: sample.New(sample.Options{Seed: 1}), Seed: 1}
	for _, f := range change {
		f(&site)
	}
	p, err := New(site)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// get asks for a page; header pairs are names and values.
func get(t testing.TB, h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// page asks for a page that must be there, and checks its markup.
func page(t testing.TB, h http.Handler, target string) string {
	t.Helper()
	w := get(t, h, target)
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d: %s", target, w.Code, w.Body)
	}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		for _, fault := range checkMarkup(w.Body.String()).faults {
			t.Errorf("%s: %s", target, fault)
		}
	}
	return w.Body.String()
}

const demo = "../../../openapi.yaml"

func demoPortal(t testing.TB, change ...func(*Site)) *Portal {
	return portalOf(t, load(t, demo), append([]func(*Site){func(s *Site) { s.Guides = os.DirFS("../../../fixtures/guides") }}, change...)...)
}

// crawler visits every page that can be reached from the first, and every anchor that a link names.
type crawler struct {
	portal  *Portal
	header  []string
	pages   map[string]markup // by path
	anchors map[string]map[string]string
	queue   []string
	largest int
}

// fewPages are enough under -short, as with the race detector, which makes each page twenty times as dear.
const fewPages = 60

// mostBytes is the largest page allowed.
const mostBytes = 150_000

func crawl(t *testing.T, p *Portal, bounded bool, header ...string) {
	t.Helper()
	c := &crawler{portal: p, header: header, pages: map[string]markup{}, anchors: map[string]map[string]string{}}
	c.want(p.root+"/", "start")
	for visited := 0; len(c.queue) > 0 && !t.Failed() && !(testing.Short() && visited == fewPages); visited++ {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(t, next, bounded)
	}
	for _, unseen := range c.queue {
		delete(c.pages, unseen)
	}
	for path, anchors := range c.anchors {
		for anchor, from := range anchors {
			if m, html := c.pages[path]; html && !m.ids[anchor] {
				t.Errorf("%s links to %s#%s, which has no such anchor", from, path, anchor)
			}
		}
	}
	t.Logf("%d pages, the largest %d bytes", len(c.pages), c.largest)
}

// want queues a link, once for each path.
func (c *crawler) want(link, from string) {
	u, err := url.Parse(link)
	if err != nil {
		return
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		if c.anchors[path] == nil {
			c.anchors[path] = map[string]string{}
		}
		c.anchors[path][u.Fragment] = from
	}
	if _, seen := c.pages[path]; !seen {
		c.pages[path] = markup{}
		c.queue = append(c.queue, path)
	}
}

func (c *crawler) visit(t *testing.T, path string, bounded bool) {
	w := get(t, c.portal, path, c.header...)
	switch w.Code {
	case http.StatusOK:
	case http.StatusPermanentRedirect, http.StatusFound:
		delete(c.pages, path)
		c.want(w.Header().Get("Location"), path)
		return
	default:
		t.Errorf("%s answers %d", path, w.Code)
		return
	}
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		delete(c.pages, path)
		return
	}
	body := w.Body.String()
	if c.largest = max(c.largest, len(body)); bounded && len(body) > mostBytes {
		t.Errorf("%s has %d bytes", path, len(body))
	}
	m := checkMarkup(body)
	for _, fault := range m.faults {
		t.Errorf("%s: %s", path, fault)
	}
	c.pages[path] = m
	for _, link := range m.links {
		switch {
		case strings.HasPrefix(link, "#"):
			c.want(path+link, path)
		case strings.HasPrefix(link, c.portal.root+"/") && !strings.Contains(link, "lang="):
			c.want(link, path)
		case strings.HasPrefix(link, "/") && !strings.Contains(link, "lang="):
			t.Errorf("%s links to %s, outside the portal", path, link)
		}
	}
}

func TestEveryPageOfTheDemo(t *testing.T) {
	crawl(t, demoPortal(t), true)
}

func TestEveryPageOfTheDemoInChinese(t *testing.T) {
	crawl(t, demoPortal(t), true, "Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
}

func TestEveryPageOfRealDocuments(t *testing.T) {
	for _, name := range corpus(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			crawl(t, portalOf(t, load(t, name)), true)
		})
	}
}
