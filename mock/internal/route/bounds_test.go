package route

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// soon fails if f takes longer than anybody would wait for a 404, even on a busy machine.
func soon(t *testing.T, what string, f func()) {
	t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took > time.Minute {
		t.Errorf("%s takes %v", what, took)
	}
}

func TestHostilePaths(t *testing.T) {
	var lines []string
	for i := range 1 << 10 { // at each level a path may go on in two ways, and all of them lead nowhere
		line := "PUT "
		for j := range 10 {
			line += []string{"/{p%d}", "/x{p%d}"}[i>>j&1]
			line = strings.Replace(line, "%d", fmt.Sprint(j), 1)
		}
		lines = append(lines, line+"/end")
	}
	lines = append(lines, "GET /{a}-{b}-{c}-{d}", "GET /{a}aa{b}aa{c}aab", "GET /{a}%3A{b}:{c}/end")
	m := compile(t, lines...)
	for name, c := range map[string]struct{ path, want string }{
		"dashes":         {"/" + strings.Repeat("-", 1<<20) + "/", "GET /{a}-{b}-{c}-{d} - - - "},
		"no last letter": {"/" + strings.Repeat("a", 1<<20), ""},
		"escapes":        {"/" + strings.Repeat("%2d", 1<<18) + "%61", "GET /{a}-{b}-{c}-{d} %2d %2d %2d "},
		"colons":         {"/" + strings.Repeat("%3A", 1<<18), ""},
		"many segments":  {strings.Repeat("/x", 10_000), ""},
		"two ways":       {strings.Repeat("/xy", 10) + "/nope", ""},
		"found at last":  {strings.Repeat("/y", 10) + "/end", "allow OPTIONS PUT"},
		"slashes":        {strings.Repeat("/", 1<<20), ""},
		"percents":       {strings.Repeat("/%", 10) + strings.Repeat("%", 1<<20), ""},
	} {
		t.Run(name, func(t *testing.T) {
			soon(t, "a match", func() {
				if got := ask(m, lines, "GET "+c.path); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
					t.Errorf("finds %.60q, want %.60q", got, c.want)
				}
			})
			soon(t, "a neighbour", func() { m.Nearest(c.path, 3) })
		})
	}
}

func TestHostileTemplates(t *testing.T) {
	deep := ""
	for i := range mostSegments {
		deep += fmt.Sprintf("/{p%d}", i)
	}
	routes := []Route{{"GET", deep}, {"GET", "/" + strings.Repeat("x", 1<<20)}, {"GET", "/" + strings.Repeat("%61", 1<<18)}}
	for i := range 20_000 { // as literal as each other: no pair but might be ambiguous
		routes = append(routes, Route{"GET", fmt.Sprintf("/{a}%05d{b}", i)})
	}
	soon(t, "20,000 templates", func() {
		m, _, faults := Compile(routes)
		if faults != nil {
			t.Fatal(faults)
		}
		for path, want := range map[string]int{
			strings.Repeat("/v", mostSegments): 0, "/" + strings.Repeat("a", 1<<18): 2, "/x19999y": 20_002, "/x00000y": 3, "/x0000": -1,
		} {
			var captures Captures
			if got := m.Match("GET", path, &captures); got.Route != want {
				t.Errorf("%.20s finds %d, want %d", path, got.Route, want)
			}
		}
		m.Nearest("/x19999y/z", 3)
	})
}

func TestMatchAllocatesNothing(t *testing.T) {
	m := compile(t, "GET /a/{x}/{y}.json", "GET /a%20b/c", "GET /slash/", "GET /c/{a}..{b}", "GET /d/{x}:go")
	var captures Captures
	for _, path := range []string{"/a/1/2.json", "/a/%31/%32.json", "/a%20b/c", "/slash", "/a/1/2.json/", "/c/1..2", "/d/1%3Ago", "/nope"} {
		if n := testing.AllocsPerRun(10, func() { m.Match("GET", path, &captures) }); n != 0 {
			t.Errorf("%s allocates %v times", path, n)
		}
	}
}

// kubernetes gives the routes of a real document.
func kubernetes(t testing.TB) []Route {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set, so there is no real document to read")
	}
	text, err := os.ReadFile(filepath.Join(shared, "corpus", "kubernetes-v2.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return routesOfPaths(document.Paths)
}

func routesOfPaths(paths map[string]map[string]any) []Route {
	var out []Route
	for template, item := range paths {
		for method := range item {
			if method != "parameters" {
				out = append(out, Route{strings.ToUpper(method), template})
			}
		}
	}
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(a.Template+a.Method, b.Template+b.Method) })
	return out
}

// synthetic gives 1,200 routes that look like a document's.
func synthetic() []Route {
	paths := map[string]map[string]any{}
	for i := range 300 {
		base := fmt.Sprintf("/apis/group%d/v1/namespaces/{namespace}/kind%d", i%20, i)
		paths[base] = map[string]any{"get": nil, "post": nil}
		paths[base+"/{name}"] = map[string]any{"get": nil}
		paths[base+"/{name}:cancel"] = map[string]any{"post": nil}
	}
	return routesOfPaths(paths)
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// TestRealDocument asks for each route of a real document by a path of its own.
func TestRealDocument(t *testing.T) {
	routes := kubernetes(t)
	m, conflicts, faults := Compile(routes)
	if len(routes) < 1000 || len(conflicts)+len(faults) > 0 {
		t.Fatal(len(routes), conflicts, faults)
	}
	var captures Captures
	for i, r := range routes {
		path := placeholder.ReplaceAllString(r.Template, "a%2Fb")
		if got := m.Match(r.Method, path, &captures); got.Route != i || captures.Len() != strings.Count(r.Template, "{") {
			t.Errorf("%s %s finds %d, not %d", r.Method, path, got.Route, i)
		}
		if near := m.Nearest(path+"x", 1); len(near) != 1 {
			t.Errorf("%sx has no neighbour", path)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for name, routes := range map[string]func(testing.TB) []Route{
		"kubernetes": kubernetes, "synthetic": func(testing.TB) []Route { return synthetic() },
	} {
		b.Run(name, func(b *testing.B) {
			routes := routes(b)
			m, _, _ := Compile(routes)
			paths := make([]string, len(routes))
			for i, r := range routes {
				paths[i] = placeholder.ReplaceAllString(r.Template, "default")
			}
			var captures Captures
			b.ReportAllocs()
			for i := 0; b.Loop(); i = (i + 1) % len(routes) {
				if m.Match(routes[i].Method, paths[i], &captures).Route != i {
					b.Fatal(paths[i])
				}
			}
		})
	}
}

func BenchmarkMiss(b *testing.B) {
	m, _, _ := Compile(synthetic())
	const path = "/apis/group7/v1/namespaces/default/kind7/web-1/logs"
	b.Run("match", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m.Match("GET", path, nil)
		}
	})
	b.Run("nearest", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m.Nearest(path, 3)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	routes := synthetic()
	b.ReportAllocs()
	for b.Loop() {
		Compile(routes)
	}
}
