package route

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// oracle is the matcher in the simplest words: every template is a list of regular expressions, all are tried, and the most
// specific one that fits wins.
type oracle struct{ templates [][]oracleSegment }

type oracleSegment struct {
	literal     bool
	size, parts int
	anyhow      *regexp.Regexp // over runes of units
}

func newOracle(routes []Route) oracle {
	var o oracle
	for _, r := range routes {
		var segments []oracleSegment
		path, _ := split(r.Template)
		for text := range strings.SplitSeq(path[1:], "/") {
			var s oracleSegment
			expression := ""
			for i, part := range regexp.MustCompile(`\{[^}]*\}`).Split(text, -1) {
				if i > 0 {
					expression += "(.+?)"
				}
				expression += regexp.QuoteMeta(units(part, false))
				s.parts, s.size = s.parts+1, s.size+len(decoded(part))
			}
			s.literal = s.parts == 1
			s.anyhow = regexp.MustCompile("(?s)^" + expression + "$")
			segments = append(segments, s)
		}
		o.templates = append(o.templates, segments)
	}
	return o
}

// units writes each byte, escaped or not, as one rune; strict tells escapes of reserved characters apart.
func units(text string, strict bool) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		b, size := unit(text, i)
		i += size
		if strict && size > 1 && reserved(b) {
			out.WriteRune(0x1000 + rune(b))
			continue
		}
		out.WriteRune(rune(b))
	}
	return out.String()
}

// find gives the rank of each template that fits, by index.
func (o oracle) find(path string) map[int][]int {
	out := map[int][]int{}
	texts := strings.Split(path[1:], "/")
	for i, t := range o.templates {
		if rank, fits := rankOf(t, texts); fits {
			out[i] = rank
		}
	}
	return out
}

func rankOf(t []oracleSegment, texts []string) (rank []int, fits bool) {
	if len(t) != len(texts) {
		return nil, false
	}
	for i, s := range t {
		strict, loose := units(texts[i], true), units(texts[i], false)
		switch {
		case s.literal && s.anyhow.MatchString(loose):
			rank = append(rank, 0, 0, 0)
		case !s.literal && s.anyhow.MatchString(strict):
			rank = append(rank, 1, -s.size, s.parts)
		case !s.literal && s.anyhow.MatchString(loose):
			rank = append(rank, 2, -s.size, s.parts)
		default:
			return nil, false
		}
	}
	return rank, true
}

// otherForm is the path with its trailing slash dropped, or with one added; "" if there is none.
func otherForm(path string) string {
	trimmed, had := strings.CutSuffix(path, "/")
	switch {
	case !had:
		return path + "/"
	case trimmed == "" || strings.HasSuffix(trimmed, "/"):
		return ""
	}
	return trimmed
}

// agree holds a matcher to the oracle, and its captures to the path.
func agree(t *testing.T, templates []string, path string) {
	t.Helper()
	var routes []Route
	for _, template := range templates {
		if _, _, faults := Compile([]Route{{"GET", template}}); faults == nil {
			routes = append(routes, Route{"GET", template})
		}
	}
	m, _, _ := Compile(routes)
	var captures Captures
	got := m.Match("GET", path, &captures)
	if path == "" {
		path = "/"
	}
	fit := map[int][]int{}
	if o := newOracle(routes); path[0] == '/' {
		fit = o.find(path)
		if other := otherForm(path); len(fit) == 0 && other != "" {
			path, fit = other, o.find(other)
		}
	}
	if (got.Route >= 0) != (len(fit) > 0) {
		t.Fatalf("%q finds %d for %q, the oracle %v", templates, got.Route, path, fit)
	}
	if got.Route < 0 {
		return
	}
	for i, rank := range fit {
		if slices.Compare(rank, fit[got.Route]) < 0 {
			t.Fatalf("%q finds %v for %q, but %v is more specific", templates, routes[got.Route], path, routes[i])
		}
	}
	template, _ := split(routes[got.Route].Template)
	written := regexp.MustCompile(`\{[^}]*\}`).Split(template, -1)
	if captures.Len() != len(written)-1 || len(got.Names) != captures.Len() {
		t.Fatalf("%q has %d captures", template, captures.Len())
	}
	whole := written[0]
	for i, text := range written[1:] {
		if captures.Value(i) == "" || strings.Contains(captures.Value(i), "/") {
			t.Fatalf("%q captures %q from %q", template, captures.Values(), path)
		}
		whole += captures.Value(i) + text
	}
	if decoded(whole) != decoded(path) {
		t.Fatalf("%q captures %q from %q", template, captures.Values(), path)
	}
}

func TestOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(n int, from ...string) string {
		var b strings.Builder
		for range 1 + random.IntN(n) {
			b.WriteString(from[random.IntN(len(from))])
		}
		return b.String()
	}
	for range 4000 {
		templates := make([]string, 1+random.IntN(6))
		for i := range templates {
			for j := range 1 + random.IntN(4) {
				name := string(rune('p' + j))
				templates[i] += pick(1, "/a", "/b", "/{"+name+"}", "/{"+name+"}:a", "/{"+name+"}.{"+name+"x}", "/a{"+name+"}", "/{"+name+"}a", "/%61:", "/", "/{"+name+"}%2Ea")
			}
		}
		for range 4 {
			agree(t, templates, pick(6, "/", "/a", "a", "b", "/b", ".", ":", "%3A", "%2E", "%61", "%"))
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/a/{b}.json\n/a/{c}", "/a/x.json")
	f.Add("/{a}-{b}-{c}", "/1%2d2-3-")
	f.Add("/j/{id}:cancel\n/j/{id}#x", "/j/7%3Acancel/")
	f.Add("/a b/%zz/ß", "/a%20b/%zz/%c3%9F")
	f.Fuzz(func(t *testing.T, templates, path string) {
		list := strings.Split(templates, "\n")
		agree(t, list, path)
		_, conflicts, faults := Compile(append(routesOf("GET /"), Route{"PUT", templates}, Route{"PUT", path}))
		for _, c := range conflicts {
			if c.First == c.Second || c.Reason == "" {
				t.Fatal(c)
			}
		}
		for _, fault := range faults {
			if fault.Reason == "" {
				t.Fatal(fault)
			}
		}
	})
}

func FuzzNearest(f *testing.F) {
	f.Add("/pets/{id}\n/orders/{id}.json", "/pest/7/%zz")
	f.Fuzz(func(t *testing.T, templates, path string) {
		list := strings.Split(templates, "\n")
		var routes []Route
		for _, template := range list {
			routes = append(routes, Route{"GET", template})
		}
		m, _, _ := Compile(routes)
		for _, template := range m.Nearest(path, 3) {
			if !slices.Contains(list, template) {
				t.Fatalf("%q is no template of %q", template, list)
			}
		}
	})
}
