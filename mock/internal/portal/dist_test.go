package portal

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

func TestLooks(t *testing.T) {
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)
	p := libraryPortal(t, func(s *Site) {
		s.Looks = Looks{Logo: svg, Accent: "#fd0", Footer: []FooterLink{{"Imprint", "https://example.com/imprint"}}}
	})
	body := page(t, p, "/docs/")
	for _, want := range []string{"Imprint", `rel="stylesheet" href="/docs/assets/looks.`, `<img src="/docs/assets/logo.`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for path, file := range p.assets.byPath {
		w := get(t, p, "/docs"+path)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != file.kind || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if strings.HasSuffix(path, ".svg") && !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s may run scripts", path)
		}
	}
	for _, bad := range []Looks{
		{Accent: "red"}, {Accent: "#12"}, {Accent: "#gggggg"}, {Accent: "123456"}, {Logo: []byte("no image")}, {Footer: []FooterLink{{"x", "javascript:alert(1)"}}},
	} {
		if _, err := New(Site{Contract: p.site.Contract, Sampler: p.site.Sampler, Looks: bad}); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
	for _, colour := range []string{"#fd0", "#000000", "#ffffff", "#3a49c9", "#00ff00", "#808080"} {
		rules, err := accentRules(colour)
		if err != nil {
			t.Fatal(err)
		}
		var light, dark [3]int
		if _, err := fmt.Sscanf(rules, ":root{--accent:light-dark(#%02x%02x%02x,#%02x%02x%02x)}", &light[0], &light[1], &light[2], &dark[0], &dark[1], &dark[2]); err != nil {
			t.Fatal(rules, err)
		}
		of := func(c [3]int) rgb { return rgb{float64(c[0]) / 255, float64(c[1]) / 255, float64(c[2]) / 255} }
		if a, b := of(light).contrast(rgb{1, 1, 1}), of(dark).contrast(rgb{15. / 255, 19. / 255, 26. / 255}); a < 4.5 || b < 4.5 {
			t.Errorf("%s: contrasts %.1f and %.1f", colour, a, b)
		}
	}
}

// TestDistIsBuiltFromItsSource compares the hash that the build wrote with the sources of now.
func TestDistIsBuiltFromItsSource(t *testing.T) {
	names, err := filepath.Glob("web/src/*")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	names = append(names, "web/build.mjs", "web/package.json", "web/package-lock.json")
	sort.Strings(names)
	hash := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(hash, "%s %d\n", strings.TrimPrefix(filepath.ToSlash(name), "web/"), len(text))
		hash.Write(text)
	}
	want, err := os.ReadFile("web/dist/source.txt")
	if err != nil || strings.TrimSpace(string(want)) != hex.EncodeToString(hash.Sum(nil)) {
		t.Errorf("web/dist was not built from the present web/src: run npm ci && npm run build in web (%v)", err)
	}
	lock, err := os.ReadFile("web/package-lock.json")
	if err != nil || strings.Contains(string(lock), `"resolved"`) {
		t.Errorf("the lock file names a registry (%v)", err)
	}
}

// TestDistCanBeBuiltAgain builds where the tools are installed (npm ci in web), and compares every byte.
func TestDistCanBeBuiltAgain(t *testing.T) {
	node, err := exec.LookPath("node")
	if _, missing := os.Stat("web/node_modules/esbuild"); err != nil || missing != nil {
		t.Skip("node and web/node_modules are not there: nothing is built")
	}
	out := t.TempDir()
	build := exec.CommandContext(t.Context(), node, "build.mjs", out)
	build.Dir = "web"
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, name := range []string{"portal.css", "portal.js", "theme.js", "icon.svg", "source.txt"} {
		want, err1 := os.ReadFile(filepath.Join(out, name))
		got, err2 := os.ReadFile(filepath.Join("web/dist", name))
		if err1 != nil || err2 != nil || !bytes.Equal(want, got) {
			t.Errorf("web/dist/%s is not what the build makes (%v, %v)", name, err1, err2)
		}
	}
}

// TestWeight holds style and script to what they may weigh, compressed.
func TestWeight(t *testing.T) {
	for name, most := range map[string]int{"portal.css": 8 << 10, "portal.js": 25 << 10, "theme.js": 1 << 10} {
		body, err := dist.ReadFile("web/dist/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = z.Write(body)
		_ = z.Close()
		if t.Logf("%s: %d bytes, %d compressed", name, len(body), b.Len()); b.Len() > most {
			t.Errorf("%s has %d bytes compressed, more than %d", name, b.Len(), most)
		}
	}
}
