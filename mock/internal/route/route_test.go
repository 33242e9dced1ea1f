package route

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func compile(t testing.TB, templates ...string) *Matcher {
	var routes []Route
	for _, line := range templates {
		method, template, _ := strings.Cut(line, " ")
		routes = append(routes, Route{method, template})
	}
	m, conflicts, faults := Compile(routes)
	if len(conflicts)+len(faults) > 0 {
		t.Fatal(conflicts, faults)
	}
	return m
}

func TestMatch(t *testing.T) {
	templates := []string{
		"GET /", "GET /pets", "POST /pets", "GET /pets/{id}", "GET /pets/mine", "PUT /pets/{id}/toys", "GET /pets/mine/cages",
		"GET /files/{name}.json", "GET /files/{name}", "POST /jobs/{id}:cancel", "GET /jobs/{id}", "GET /compare/{a}..{b}",
		"GET /v{major}.{minor}/x", "GET /slash/", "GET /sp%20ace/~x", "QUERY /search", "GET /a/{x}/c", "GET /a/b/d", "GET /o/{p}-{q}-{r}",
	}
	m := compile(t, templates...)
	for _, c := range []struct{ request, template, captures string }{
		{"GET /", "GET /", ""},
		{"GET /pets", "GET /pets", ""},
		{"HEAD /pets", "GET /pets", ""},
		{"GET /pets/", "GET /pets", ""},
		{"GET /slash", "GET /slash/", ""},
		{"GET /pets/7", "GET /pets/{id}", "7"},
		{"GET /pets/a%2Fb", "GET /pets/{id}", "a%2Fb"},
		{"GET /pets/mine", "GET /pets/mine", ""},
		{"PUT /pets/mine/toys", "PUT /pets/{id}/toys", "mine"},
		{"GET /files/a.json", "GET /files/{name}.json", "a"},
		{"GET /files/a.b.json", "GET /files/{name}.json", "a.b"},
		{"GET /files/a.txt", "GET /files/{name}", "a.txt"},
		{"GET /files/.json", "GET /files/{name}", ".json"},
		{"POST /jobs/7:cancel", "POST /jobs/{id}:cancel", "7"},
		{"GET /jobs/7", "GET /jobs/{id}", "7"},
		{"GET /compare/x..y", "GET /compare/{a}..{b}", "x y"},
		{"GET /compare/x...y", "GET /compare/{a}..{b}", "x .y"},
		{"GET /v1.12/x", "GET /v{major}.{minor}/x", "1 12"},
		{"GET /sp%20ace/%7Ex", "GET /sp%20ace/~x", ""},
		{"QUERY /search", "QUERY /search", ""},
		{"GET /a/b/c", "GET /a/{x}/c", "b"},
		{"GET /a/b/d", "GET /a/b/d", ""},
		{"GET /o/----", "GET /o/{p}-{q}-{r}", ""},
		{"GET /o/1-2-3-4", "GET /o/{p}-{q}-{r}", "1 2 3-4"},
		{"GET /nope", "", ""},
		{"GET pets", "", ""},
		{"GET //", "", ""},
		{"GET /pets//", "", ""},
		{"GET ", "", ""},
	} {
		t.Run(c.request, func(t *testing.T) {
			method, path, _ := strings.Cut(c.request, " ")
			var captures Captures
			got := m.Match(method, path, &captures)
			if c.template == "GET /o/{p}-{q}-{r}" && c.captures == "" {
				if got.Route >= 0 {
					t.Errorf("matches with %q", captures.Values())
				}
				return
			}
			if got.Route < 0 {
				if c.template != "" {
					t.Errorf("nothing found, allow %v", got.Allow)
				}
				return
			}
			if templates[got.Route] != c.template || strings.Join(captures.Values(), " ") != c.captures || captures.Len() != len(got.Names) {
				t.Errorf("finds %s with %q %v", templates[got.Route], captures.Values(), got.Names)
			}
		})
	}
}

func TestMethods(t *testing.T) {
	m := compile(t, "GET /users/{id}", "POST /users/me", "DELETE /users/{id}", "PUT /users/{name}")
	for request, want := range map[string]string{
		"GET /users/me":     "OPTIONS POST", // the concrete path is matched before the template (OpenAPI 3.1, 4.8.8.2)
		"PATCH /users/7":    "DELETE GET HEAD OPTIONS PUT",
		"OPTIONS /users/me": "OPTIONS POST",
		"GET /user":         "",
	} {
		method, path, _ := strings.Cut(request, " ")
		if got := m.Match(method, path, new(Captures)); got.Route >= 0 || strings.Join(got.Allow, " ") != want {
			t.Errorf("%s: %+v", request, got)
		}
	}
	if got := m.Match(http.MethodPut, "/users/7", new(Captures)); !slices.Equal(got.Names, []string{"name"}) {
		t.Errorf("the names of another method's template: %v", got.Names)
	}
}

func TestFaultsAndConflicts(t *testing.T) {
	m, conflicts, faults := Compile([]Route{
		{"GET", "/a/{id}"}, {"GET", "/a/{name}"}, {"GET", "/f/{id}"}, {"GET", "/f/{id}#part"}, {"GET", "/q?x=1"},
		{"GET", "a"}, {"GET", "/{"}, {"GET", "/{}"}, {"GET", "/{a}{b}"}, {"GET", "/{a}/{a}"}, {"GET", "/a}"}, {"GET", ""},
	})
	if len(conflicts) != 2 || conflicts[0].First != 0 || conflicts[0].Second != 1 || conflicts[1].Second != 3 {
		t.Error(conflicts)
	}
	if len(faults) != 7 {
		t.Error(faults)
	}
	for _, path := range []string{"/a/1", "/f/1", "/q"} {
		if m.Match("GET", path, new(Captures)).Route < 0 {
			t.Error(path)
		}
	}
}

func TestNearest(t *testing.T) {
	m := compile(t, "GET /pets", "GET /pets/{id}", "GET /owners/{id}/pets", "GET /orders")
	for path, want := range map[string]string{"/pet": "/pets", "/order": "/orders", "/pets/7/x": "/pets/{id}", "/": "/orders"} {
		if got := m.Nearest(path, 1); len(got) != 1 || got[0] != want && path != "/" {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := m.Nearest("/x", 99); len(got) != 4 {
		t.Error(got)
	}
}

// TestHostilePaths must end soon: a search is bounded whatever the path.
func TestHostilePaths(t *testing.T) {
	var templates []string
	for i := range 30 {
		templates = append(templates, "GET /"+strings.Repeat("{a"+fmt.Sprint(i)+"}-{b"+fmt.Sprint(i)+"}", 1)+strings.Repeat("/x", i))
	}
	for i := range 1 << 10 {
		var b strings.Builder
		for j := range 10 {
			if i&(1<<j) != 0 {
				fmt.Fprintf(&b, "/{p%d}", j)
			} else {
				fmt.Fprintf(&b, "/x{p%d}", j)
			}
		}
		templates = append(templates, "PUT "+b.String()+"/end")
	}
	m := compile(t, templates...)
	for _, path := range []string{strings.Repeat("/x", 10_000), strings.Repeat("-", 100_000), "/" + strings.Repeat("-", 100_000), strings.Repeat("/xy", 10) + "/nope"} {
		m.Match("GET", path, new(Captures))
		m.Nearest(path, 3)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/a/{b}.json", "/a/x.json")
	f.Add("/{a}-{b}", "/1-2-3")
	f.Fuzz(func(t *testing.T, template, path string) {
		m, _, faults := Compile([]Route{{"GET", template}, {"GET", "/{x}/y"}})
		var captures Captures
		got := m.Match("GET", path, &captures)
		if got.Route >= 0 && captures.Len() != len(got.Names) {
			t.Fatalf("%d values for %v", captures.Len(), got.Names)
		}
		for i := range captures.Len() {
			if got.Route >= 0 && (captures.Value(i) == "" || strings.Contains(captures.Value(i), "/")) {
				t.Fatalf("captured %q", captures.Values())
			}
		}
		_, _ = faults, m.Nearest(path, 3)
	})
}

func BenchmarkMatch(b *testing.B) {
	var templates []string
	for i := range 400 {
		base := fmt.Sprintf("/api/v1/namespaces/{namespace}/kind%d", i)
		templates = append(templates, "GET "+base, "GET "+base+"/{name}", "PUT "+base+"/{name}/status")
	}
	m := compile(b, templates...)
	for _, path := range []string{"/api/v1/namespaces/default/kind7", "/api/v1/namespaces/default/kind399/web-1"} {
		b.Run(fmt.Sprint(strings.Count(path, "/")), func(b *testing.B) {
			var captures Captures
			b.ReportAllocs()
			for b.Loop() {
				if m.Match("GET", path, &captures).Route < 0 {
					b.Fatal("not found")
				}
			}
		})
	}
}
