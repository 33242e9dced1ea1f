package route

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// compile builds a matcher of lines like "GET /pets"; none may have a fault or conflict.
func compile(t testing.TB, lines ...string) *Matcher {
	t.Helper()
	m, conflicts, faults := Compile(routesOf(lines...))
	if len(conflicts)+len(faults) > 0 {
		t.Fatal(conflicts, faults)
	}
	return m
}

func routesOf(lines ...string) []Route {
	var routes []Route
	for _, line := range lines {
		method, template, _ := strings.Cut(line, " ")
		routes = append(routes, Route{method, template})
	}
	return routes
}

// ask gives the route that answers a request, its captures, and what is allowed otherwise: "GET /pets/{id} 7", "allow POST",
// or "" for none.
func ask(m *Matcher, lines []string, request string) string {
	method, path, _ := strings.Cut(request, " ")
	var captures Captures
	got := m.Match(method, path, &captures)
	switch {
	case got.Route >= 0:
		return strings.Join(append([]string{lines[got.Route]}, captures.Values()...), " ")
	case got.Allow != nil:
		return "allow " + strings.Join(got.Allow, " ")
	}
	return ""
}

// finds holds the answers to requests, as [ask] gives them.
func finds(t *testing.T, routes []string, want map[string]string) {
	t.Helper()
	m := compile(t, routes...)
	for request, want := range want {
		if got := ask(m, routes, request); got != want {
			t.Errorf("%s finds %q, want %q", request, got, want)
		}
	}
}

func TestLiteralsFirst(t *testing.T) {
	finds(t,
		[]string{"GET /u/me", "GET /u/{id}/posts", "GET /u/{id}", "GET /u/me/cages", "GET /a/{x}/c", "GET /a/b/d", "GET /{any}/b/e"},
		map[string]string{
			"GET /u/me":       "GET /u/me",
			"GET /u/7":        "GET /u/{id} 7",
			"GET /u/me/posts": "GET /u/{id}/posts me",
			"GET /u/me/cages": "GET /u/me/cages",
			"GET /a/b/c":      "GET /a/{x}/c b",
			"GET /a/b/d":      "GET /a/b/d",
			"GET /a/b/e":      "GET /{any}/b/e a",
			"GET /a/x/d":      "",
		})
}

func TestPlaceholdersWithinSegments(t *testing.T) {
	finds(t,
		[]string{
			"GET /a/{name}.json", "GET /a/{name}", "POST /b/{id}:cancel", "GET /b/{id}", "GET /c/{a}..{b}", "GET /v{major}.{minor}/x",
			"GET /d/pre-{x}", "GET /o/{p}-{q}-{r}", "GET /z/{x}.json", "GET /z/{x}.{format}", "GET /z/a{x}", "GET /w/{a}ab{b}b",
		},
		map[string]string{
			"GET /a/a.json":          "GET /a/{name}.json a",
			"GET /a/a.json.json":     "GET /a/{name}.json a.json",
			"GET /a/a.txt":           "GET /a/{name} a.txt",
			"GET /a/.json":           "GET /a/{name} .json",
			"POST /b/7:cancel":       "POST /b/{id}:cancel 7",
			"GET /b/7":               "GET /b/{id} 7",
			"GET /b/7:cancel":        "allow OPTIONS POST",
			"GET /b/7:other":         "GET /b/{id} 7:other",
			"GET /c/x..y":            "GET /c/{a}..{b} x y",
			"GET /c/x...y":           "GET /c/{a}..{b} x .y",
			"GET /c/..y":             "",
			"GET /c/....y":           "GET /c/{a}..{b} . .y",
			"GET /c/a..b..c":         "GET /c/{a}..{b} a b..c",
			"GET /c/x..":             "",
			"GET /c/..":              "",
			"GET /v1.12/x":           "GET /v{major}.{minor}/x 1 12",
			"GET /v1/x":              "",
			"GET /d/pre-":            "",
			"GET /d/pre-x":           "GET /d/pre-{x} x",
			"GET /o/1-2-3-4":         "GET /o/{p}-{q}-{r} 1 2 3-4",
			"GET /o/-----":           "GET /o/{p}-{q}-{r} - - -",
			"GET /o/----":            "",
			"GET /z/a.json":          "GET /z/{x}.json a",
			"GET /z/a.xml":           "GET /z/a{x} .xml",
			"GET /z/b.xml":           "GET /z/{x}.{format} b xml",
			"GET /z/ab":              "GET /z/a{x} b",
			"GET /w/xababb":          "GET /w/{a}ab{b}b x ab",
			"GET /w/xabb":            "",
			"GET /a/with%20space":    "GET /a/{name} with%20space",
			"GET /a/%7B%7D.json":     "GET /a/{name}.json %7B%7D",
			"GET /a/a.jso%6e":        "GET /a/{name}.json a",
			"GET /a/a%2ejson":        "GET /a/{name}.json a",
			"GET /c/%2e%2E%2e.%2Ey":  "GET /c/{a}..{b} %2e .%2Ey",
			"GET /v%31.2/x":          "GET /v{major}.{minor}/x %31 2",
			"GET /d/%70re%2D%2541":   "GET /d/pre-{x} %2541",
			"GET /o/%2d%2d%2d%2d%2d": "GET /o/{p}-{q}-{r} %2d %2d %2d",
			"GET /w/x%61bb%62":       "GET /w/{a}ab{b}b x b",
			"GET /w/x%61b%62":        "",
			"GET /a/50%":             "GET /a/{name} 50%",
			"GET /a/5%.json":         "GET /a/{name}.json 5%",
			"GET /a/%zz.json":        "GET /a/{name}.json %zz",
		})
}

func TestLiteralsCompareDecoded(t *testing.T) {
	finds(t,
		[]string{"GET /a%20b/~x", "GET /a b", "GET /stra%C3%9fe/{n}ß", "GET /100%", "GET /c:d", "GET /x%2Fy"},
		map[string]string{
			"GET /a%20b/%7Ex":                    "GET /a%20b/~x",
			"GET /a%20b/%7ex":                    "GET /a%20b/~x",
			"GET /a%20b":                         "GET /a b",
			"GET /stra%c3%9Fe/7%C3%9F":           "GET /stra%C3%9fe/{n}ß 7",
			"GET /straße/7ß":                     "GET /stra%C3%9fe/{n}ß 7",
			"GET /100%25":                        "GET /100%",
			"GET /100%":                          "GET /100%",
			"GET /c%3Ad":                         "GET /c:d",
			"GET /x%2fy":                         "GET /x%2Fy",
			"GET /x/y":                           "",
			"GET /a+b":                           "",
			"GET /%61%20%62":                     "GET /a b",
			"GET /a%2520b":                       "",
			"GET /" + strings.Repeat("%61", 400): "",
		})
}

func TestEscapedDelimiters(t *testing.T) {
	finds(t,
		[]string{"GET /j/{id}", "POST /j/{id}:cancel", "GET /k/{id}:cancel", "GET /l/{a}:{b}", "GET /m/{a}%3A{b}"},
		map[string]string{
			"GET /j/a%2Fb":         "GET /j/{id} a%2Fb",
			"GET /j/7%3Acancel":    "GET /j/{id} 7%3Acancel",
			"POST /j/7%3A:cancel":  "POST /j/{id}:cancel 7%3A",
			"GET /k/7%3Acancel":    "GET /k/{id}:cancel 7",
			"GET /k/7%3a%63ancel":  "GET /k/{id}:cancel 7",
			"GET /l/x%3Ay:z":       "GET /l/{a}:{b} x%3Ay z",
			"GET /l/x%3Ay":         "GET /l/{a}:{b} x y",
			"GET /m/x%3Ay:z":       "GET /m/{a}%3A{b} x%3Ay z",
			"GET /l/%3A":           "",
			"GET /k/%3Acancel":     "",
			"GET /k/%3Acancel%20x": "",
		})
}

func TestPlaceholdersStayInTheirSegment(t *testing.T) {
	finds(t,
		[]string{"GET /w/{path}", "GET /e/{id}", "GET /f/{id}/x"},
		map[string]string{
			"GET /w/a/b/c":     "",
			"GET /w/a%2Fb%2fc": "GET /w/{path} a%2Fb%2fc",
			"GET //e/1":        "",
			"GET /e//":         "",
			"GET /e/":          "",
			"GET /e":           "",
			"GET /f//x":        "",
		})
}

func TestTrailingSlashes(t *testing.T) {
	finds(t,
		[]string{"GET /", "GET /a", "GET /b/", "GET /c", "POST /c/", "GET /u/{id}", "PUT /s/{id}/", "GET /t/{x}/", "GET /t/u", "GET /x/{y}/"},
		map[string]string{
			"GET /":       "GET /",
			"GET ":        "GET /",
			"GET /a":      "GET /a",
			"GET /a/":     "GET /a",
			"GET /b":      "GET /b/",
			"GET /b/":     "GET /b/",
			"GET /c/":     "allow OPTIONS POST",
			"POST /c":     "allow GET HEAD OPTIONS",
			"GET /u/7/":   "GET /u/{id} 7",
			"PUT /s/7":    "PUT /s/{id}/ 7",
			"GET /t/u/":   "GET /t/{x}/ u",
			"GET /t/u":    "GET /t/u",
			"GET /x/a%2F": "GET /x/{y}/ a%2F",
			"GET /a//":    "",
			"GET //":      "",
			"GET /b//":    "",
			"GET /u/":     "",
			"GET /nope/":  "",
			"GET a":       "",
			"OPTIONS *":   "",
		})
}

func TestMethods(t *testing.T) {
	finds(t,
		[]string{
			"GET /u/{id}", "POST /u/me", "DELETE /u/{id}", "PUT /u/{name}", "QUERY /s", "GET /h", "HEAD /h", "OPTIONS /o", "PURGE /s", "HEAD /i",
		},
		map[string]string{
			"GET /u/me":    "allow OPTIONS POST", // the concrete path is matched before the template
			"POST /u/me":   "POST /u/me",
			"HEAD /u/me":   "allow OPTIONS POST",
			"PATCH /u/7":   "allow DELETE GET HEAD OPTIONS PUT",
			"POST /u/7":    "allow DELETE GET HEAD OPTIONS PUT",
			"OPTIONS /u/7": "allow DELETE GET HEAD OPTIONS PUT",
			"HEAD /u/7":    "GET /u/{id} 7",
			"HEAD /h":      "HEAD /h",
			"GET /i":       "allow HEAD OPTIONS",
			"OPTIONS /o":   "OPTIONS /o",
			"GET /o":       "allow OPTIONS",
			"QUERY /s":     "QUERY /s",
			"PURGE /s":     "PURGE /s",
			"GET /s":       "allow OPTIONS PURGE QUERY",
			"query /s":     "allow OPTIONS PURGE QUERY",
			"PUT /u/7":     "PUT /u/{name} 7",
			"FROB /s":      "allow OPTIONS PURGE QUERY",
			"GET /user":    "",
		})
}

func TestQueriesAndFragments(t *testing.T) {
	finds(t,
		[]string{"GET /f/{id}#add_shared_link", "GET /x?action=y", "GET /r/{id}{?page,size}", "GET /q/{a?b}", "GET /g/{id}{#part}"},
		map[string]string{
			"GET /f/7": "GET /f/{id}#add_shared_link 7",
			"GET /x":   "GET /x?action=y",
			"GET /r/7": "GET /r/{id}{?page,size} 7",
			"GET /q/7": "GET /q/{a?b} 7",
			"GET /g/7": "GET /g/{id}{#part} 7",
		})
}

func TestHead(t *testing.T) {
	m := compile(t, "GET /a", "GET /b", "HEAD /b")
	for path, want := range map[string]bool{"/a": true, "/b": false} {
		if got := m.Match(http.MethodHead, path, nil); got.Head != want || got.Route < 0 {
			t.Errorf("%s: %+v", path, got)
		}
	}
	if got := m.Match(http.MethodGet, "/a", nil); got.Head {
		t.Errorf("GET counts as HEAD: %+v", got)
	}
}

func TestNames(t *testing.T) {
	m := compile(t, "GET /users/{id}", "PUT /users/{name}", "GET /c/{a}..{b}/{c}", "GET /none")
	var captures Captures
	for request, want := range map[string][]string{
		"GET /users/7": {"id"}, "HEAD /users/7": {"id"}, "PUT /users/7": {"name"}, "GET /c/1..2/3": {"a", "b", "c"}, "GET /none": nil,
		"POST /users/7": nil, "GET /c/1..2/3/4": nil,
	} {
		method, path, _ := strings.Cut(request, " ")
		got := m.Match(method, path, &captures)
		if !slices.Equal(got.Names, want) || !slices.Equal(captures.Names(), want) || captures.Len() != len(want) {
			t.Errorf("%s: %q, captures %q %q", request, got.Names, captures.Names(), captures.Values())
		}
	}
}

func TestCaptures(t *testing.T) {
	m := compile(t, "GET /{a}/{b}/{c}")
	var captures Captures
	m.Match("GET", "/a%2Fb/%zz/+%C3%A9", &captures)
	for i, want := range []struct {
		raw, decoded string
		wrong        bool
	}{{"a%2Fb", "a/b", false}, {"%zz", "", true}, {"+%C3%A9", "+é", false}} {
		decoded, err := captures.Decoded(i)
		if captures.Value(i) != want.raw || decoded != want.decoded || (err != nil) != want.wrong {
			t.Errorf("%d: %q, %q, %v", i, captures.Value(i), decoded, err)
		}
	}
}

func TestFaults(t *testing.T) {
	for template, want := range map[string]string{
		"":                                   "a path must begin with a slash",
		"a/b":                                "a path must begin with a slash",
		"#x":                                 "a path must begin with a slash",
		"/a/{b":                              "a { without its }",
		"/{":                                 "a { without its }",
		"/{a/b}":                             "a { without its }",
		"/{a{b}}":                            "a { without its }",
		"/a}":                                "a } without its {",
		"/{a}}":                              "a } without its {",
		"/{}":                                "a placeholder without a name",
		"/x{}y":                              "a placeholder without a name",
		"/{a}{b}":                            "nothing stands between {a} and the next placeholder",
		"/{x}{x}":                            "nothing stands between {x} and the next placeholder",
		"/{x}.{x}":                           "the placeholder {x} stands twice",
		"/{a}/b/{a}":                         "the placeholder {a} stands twice",
		strings.Repeat("/a", mostSegments+1): "it has more than 10,000 segments",
	} {
		m, conflicts, faults := Compile([]Route{{"GET", "/before"}, {"GET", template}, {"GET", "/after"}})
		if diff := cmp.Diff([]Fault{{1, want}}, faults); diff != "" || conflicts != nil {
			t.Errorf("%.20q: %v %s", template, conflicts, diff)
		}
		for path, route := range map[string]int{"/before": 0, "/after": 2} {
			if got := m.Match("GET", path, nil); got.Route != route {
				t.Errorf("%.20q: %s finds %d", template, path, got.Route)
			}
		}
	}
}

func TestConflicts(t *testing.T) {
	for name, c := range map[string]struct {
		routes []string
		want   []Conflict
	}{
		"none": {[]string{"GET /a/{id}", "PUT /a/{name}", "GET /a/b", "GET /a/{x}.json", "GET /{a}/b", "GET /a/", "GET /a"}, nil},
		"the same but for names": {
			[]string{"GET /a/{id}", "GET /a/{name}", "GET /a/{id}"},
			[]Conflict{{0, 1, "GET /a/{name} matches the same paths as /a/{id}"}, {0, 2, "GET /a/{id} matches the same paths as /a/{id}"}},
		},
		"the same but for escapes": {
			[]string{"GET /a%20b", "GET /a b"}, []Conflict{{0, 1, "GET /a b matches the same paths as /a%20b"}},
		},
		"a fragment": {
			[]string{"GET /f/{id}", "GET /f/{id}#part", "PUT /f/{id}#part"},
			[]Conflict{{0, 1, "GET /f/{id}#part matches the same paths as /f/{id}, as what follows a # or ? is no part of a path"}},
		},
		"queries": {
			[]string{"POST /x?action=a", "POST /x?action=b"},
			[]Conflict{{0, 1, "POST /x?action=b matches the same paths as /x?action=a, as what follows a # or ? is no part of a path"}},
		},
		"ambiguous": {
			[]string{"GET /{x}a/b/{c}", "PUT /{x}a", "GET /a{y}/b/{d}", "GET /b{y}/b/{d}"},
			[]Conflict{
				{0, 2, "GET /a{y}/b/{d} and /{x}a/b/{c} can match the same path, and neither has more literal text"},
				{0, 3, "GET /b{y}/b/{d} and /{x}a/b/{c} can match the same path, and neither has more literal text"},
			},
		},
		"apart by their ends": {[]string{"GET /{x}.json", "GET /{x}.yaml", "GET /v1-{x}", "GET /v2-{x}"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m, conflicts, faults := Compile(routesOf(c.routes...))
			if diff := cmp.Diff(c.want, conflicts); diff != "" || faults != nil {
				t.Errorf("%v\n%s", faults, diff)
			}
			for _, conflict := range conflicts {
				path := strings.NewReplacer("{x}a", "axa", "a{y}", "axa", "b{y}", "bxa", "{", "", "}", "").Replace(c.routes[conflict.Second])
				method, path, _ := strings.Cut(path, " ")
				path, _ = split(path)
				if got := m.Match(method, strings.ReplaceAll(path, " ", "%20"), nil); got.Route != conflict.First {
					t.Errorf("%s %s finds %d, not the first of %v", method, path, got.Route, conflict)
				}
			}
		})
	}
}

func TestNearest(t *testing.T) {
	m := compile(t, "GET /pets", "PUT /pets", "GET /pets/{id}", "GET /owners/{id}/pets", "GET /orders", "POST /jobs/{id}:cancel", "GET /f/{id}#part")
	for path, want := range map[string][]string{
		"/pet":         {"/pets"},
		"/pet/7":       {"/pets/{id}"},
		"/PETS":        {"/pets"},
		"/order":       {"/orders"},
		"/pets/7/x":    {"/pets/{id}", "/owners/{id}/pets"},
		"/owner/7/pet": {"/owners/{id}/pets"},
		"/job/7:cance": {"/jobs/{id}:cancel"},
		"/%70et%73%2F": {"/pets"},
		"/f":           {"/f/{id}#part"},
		"":             nil,
		"/":            {"/orders"},
	} {
		if got := m.Nearest(path, len(want)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for n, want := range map[int]int{99: 6, 3: 3, 0: 0, -1: 0} {
		if got := m.Nearest("/x", n); len(got) != want {
			t.Errorf("%d nearest: %q", n, got)
		}
	}
	if got := compile(t).Nearest("/x", 3); got != nil {
		t.Errorf("nothing has neighbours: %q", got)
	}
}
