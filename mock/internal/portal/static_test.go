package portal

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// files writes a portal into memory.
func files(t testing.TB, p *Portal) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	folded := map[string]string{}
	err := p.WriteFiles(t.Context(), func(name string, body []byte) error {
		if other, taken := folded[strings.ToLower(name)]; taken {
			t.Errorf("%s and %s differ in case alone", name, other)
		}
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~/-") != "" {
			t.Errorf("the name %q needs escaping somewhere", name)
		}
		folded[strings.ToLower(name)], out[name] = name, body
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// checkFiles looks for links and anchors that lead nowhere, for faults of markup, and for pages that are too large.
func checkFiles(t *testing.T, all map[string][]byte) {
	marked := map[string]markup{}
	for name, body := range all {
		if strings.HasSuffix(name, ".html") {
			marked[name] = checkMarkup(string(body))
		}
	}
	for name, m := range marked {
		if len(all[name]) > mostBytes {
			t.Errorf("%s has %d bytes", name, len(all[name]))
		}
		for _, fault := range m.faults {
			if strings.Contains(fault, ` loads "`) && !strings.Contains(fault, ` loads "//`) &&
				(!strings.Contains(fault, ":") || strings.HasPrefix(fault, `form loads "https://mock.example.com/docs/`) ||
					strings.HasPrefix(fault, `link loads "https://docs.example.com/api/`)) {
				continue // from a file beside it
			}
			t.Errorf("%s: %s", name, fault)
		}
		for _, link := range m.links {
			to, anchor, _ := strings.Cut(link, "#")
			to, _, _ = strings.Cut(to, "?")
			switch {
			case strings.Contains(to, ":"):
				continue
			case to == "":
				to = name
			default:
				to = path.Join(path.Dir(name), to)
			}
			if _, ok := all[to]; !ok {
				t.Errorf("%s links to %s, which is no file", name, link)
				return
			}
			anchor, _ = url.PathUnescape(anchor)
			if other, isPage := marked[to]; isPage && anchor != "" && !other.ids[anchor] {
				t.Errorf("%s links to %s, which has no such anchor", name, link)
			}
		}
	}
}

func static(s Static) func(*Site) { return func(site *Site) { site.Static = &s } }

func TestFilesOfTheDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes each page twenty times as dear")
	}
	all := files(t, demoPortal(t, static(Static{Base: "https://docs.example.com/api"})))
	checkFiles(t, all)
	for name, body := range files(t, demoPortal(t, static(Static{Base: "https://docs.example.com/api"}))) {
		if !bytes.Equal(body, all[name]) {
			t.Errorf("%s is not the same the second time", name)
		}
	}
	page := string(all["op/QueryVolumeSnapshot.html"])
	for _, want := range []string{
		`href="https://docs.example.com/api/op/QueryVolumeSnapshot.html"`, `>https://docs.example.com/api/op/QueryVolumeSnapshot.html<`,
		`<meta http-equiv="Content-Security-Policy"`, "a copy without a server", `href="../zh/op/QueryVolumeSnapshot.html"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of an operation lacks %s", want)
		}
	}
	for name, body := range all {
		if strings.Contains(string(body), `"/docs/`) || strings.Contains(name, "journal") {
			t.Errorf("%s belongs to a server", name)
		}
	}
}

func TestFilesWithASandbox(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes each page twenty times as dear")
	}
	all := files(t, demoPortal(t, static(Static{Sandbox: "https://mock.example.com/docs"}), func(s *Site) { s.API = http.NotFoundHandler() }))
	checkFiles(t, all)
	form := string(all["try/QueryVolumeSnapshot.html"])
	for _, want := range []string{`action="https://mock.example.com/docs/try/QueryVolumeSnapshot"`, "form-action &#39;self&#39; https://mock.example.com"} {
		if !strings.Contains(form, want) {
			t.Errorf("the form lacks %s: %.3000s", want, form)
		}
	}
}

func TestFilesOfOddNames(t *testing.T) {
	long := strings.Repeat("x", 400)
	all := files(t, portalOf(t, parse(t, `openapi: 3.1.0
info: {title: Odd, version: "1"}
components: {schemas: {A: {type: object}, a: {type: object}, CON: {type: string}}}
paths:
  /a: {get: {operationId: "../../etc/passwd", responses: {"200": {description: OK.}}}, put: {operationId: GetA, responses: {"200": {description: OK.}}}}
  /b: {get: {operationId: geta, responses: {"200": {description: OK.}}}, put: {operationId: "é ?#%", responses: {"200": {description: OK.}}}}
  /c: {get: {operationId: `+long+`, responses: {"200": {description: OK.}}}}
`), static(Static{})))
	checkFiles(t, all)
	for name := range all {
		if !fs.ValidPath(name) || len(path.Base(name)) > 255 {
			t.Errorf("%q is no name of a file", name)
		}
	}
}

// largestInFiles is the size of a document whose pages are all written in a test, in bytes.
const largestInFiles = 500_000

func TestFilesOfRealDocuments(t *testing.T) {
	for _, name := range corpus(t) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > largestInFiles || testing.Short() && info.Size() > largestInFiles/20 {
			continue // the same links as served, which another test follows
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			checkFiles(t, files(t, portalOf(t, load(t, name), static(Static{}))))
		})
	}
}
