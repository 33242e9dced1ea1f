package format

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	names := Names()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not sorted, or twice: %q", names)
	}
	for _, name := range names {
		if check, ok := Lookup(name); !ok || check == nil {
			t.Errorf("%s is not found", name)
		}
	}
	for _, name := range []string{"", "password", "binary", "Date", "zzz", "int64", "html"} {
		if _, ok := Lookup(name); ok {
			t.Errorf("%q is found", name)
		}
	}
}

// The official cases for formats: all of them, none excepted.
func TestSuite(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("STANDIN_SHARED")
	if dir == "" {
		t.Skip("STANDIN_SHARED is not set: the official suite is not here")
	}
	root := os.DirFS(dir + "/jsonschema-suite/tests/draft2020-12/optional/format")
	files, err := fs.Glob(root, "*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	ran := 0
	for _, file := range files {
		text, err := fs.ReadFile(root, file)
		if err != nil {
			t.Fatal(err)
		}
		var groups []suiteGroup
		if err := json.Unmarshal(text, &groups); err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			ran += g.run(t, file)
		}
	}
	if ran < 600 {
		t.Errorf("only %d cases were run", ran)
	}
}

type suiteGroup struct {
	Description string
	Schema      struct{ Format string }
	Tests       []struct {
		Description string
		Data        any
		Valid       bool
	}
}

func (g suiteGroup) run(t *testing.T, file string) (ran int) {
	t.Helper()
	check, ok := Lookup(g.Schema.Format)
	if !ok {
		if file != "unknown.json" {
			t.Errorf("%s: no check for %s", file, g.Schema.Format)
		}
		return 0
	}
	for _, c := range g.Tests {
		s, isText := c.Data.(string)
		if !isText {
			continue
		}
		ran++
		if check(s) != c.Valid {
			t.Errorf("%s: %s: %q valid %v", path.Base(file), c.Description, s, !c.Valid)
		}
	}
	return ran
}

// What the official suite does not have: OpenAPI's formats, and values that real documents are full of.
func TestLookup(t *testing.T) {
	t.Parallel()
	cases := []struct {
		format  string
		yes, no []string
	}{
		{"date-time", []string{"2024-02-29T23:59:59Z", "2024-01-01t00:00:00z", "2024-01-01T00:00:00.123456789+05:30"},
			[]string{"2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2023-02-29T00:00:00Z", "2024-01-01T00:00:00.Z", ""}},
		{"date-time-local", []string{"2024-01-01T10:00:00", "2024-01-01T10:00:00.5"}, []string{"2024-01-01T10:00:00Z", "2024-01-01"}},
		{"time-local", []string{"10:00:00", "10:00:00.5"}, []string{"10:00:00Z", "10:00", "25:00:00"}},
		{"duration", []string{"PT15M", "P3W", "P1Y2M"}, []string{"15m", "PT", "P1H"}},
		{"email", []string{"a@b", "first.last+tag@sub.example.co.uk", "o'brien@example.com", "user_name@example.com", "a@localhost",
			"1@2.com", `"a\"b"@example.com`}, []string{"a", "a@", "@b", "a@b@c", "a b@c.d", "a@-b.c", `"a"b"@c.d`, "ä@b.c", "a@[1.2.3]"}},
		{"idn-email", []string{"ä@bücher.example", "a@b.c"}, []string{"ä", "ä@b..c"}},
		{"hostname", []string{"localhost", "a.b.c", "r3---sn-xyz.example.com", "EXAMPLE.com", "123.45", "a.XN--9n2bp8q.b"}, []string{"a_b", "a..b", "http://a", "a:80", "xn--9n2bp8q.xn--x"}},
		{"ipv4", []string{"10.0.0.1"}, []string{"10.0.0.01", "10.0.0"}},
		{"ipv6", []string{"fe80::1", "::FFFF:1.2.3.4"}, []string{"fe80::1%eth0", ":::", "1.2.3.4", ""}},
		{"uri", []string{"https://example.com", "https://example.com:8443/a/b?x=1&y=a,b#frag", "mailto:a@b.c", "urn:uuid:x", "s3://bucket/key",
			"data:text/plain;base64,QQ==", "http://localhost:8080/", "tel:+123", "http://u:p@h/", "file:///etc/hosts", "http://[::1]:80/", "a:"},
			[]string{"example.com", "/a", "", "http://a b", "http://a/{id}", "http://[::1", "http://a:b:80/", "http://%zz"}},
		{"uri-reference", []string{"", "a/b", "../a", "?q", "#f", "//h/p", "a:b"}, []string{"a b", "%", "1a:b", "[x]"}},
		{"iri", []string{"http://ä.example/ö?ü#ß"}, []string{"ä", "http://a/\ufffe"}},
		{"uri-template", []string{"/users/{id}{?q*,r:3}", "{#a.b}", "ä"}, []string{"/users/{id", "/a}", "{a b}"}},
		{"json-pointer", []string{"", "/a/0", "/~0~1"}, []string{"a", "/~", "#/a"}},
		{"relative-json-pointer", []string{"0", "1/a", "2#", "0-1", "0+1/a"}, []string{"", "/a", "01", "0-0", "0+", "-1"}},
		{"uuid", []string{"123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000"},
			[]string{"123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}"}},
		{"regex", []string{`^a-b\/[\w-.]+\.$`, `a\-b`, `^(?!x)\p{L}$`}, []string{`(`, `(?i)a`, `\Aa\z`, `a**`}},
		{"byte", []string{"", "QQ==", "QUI=", "QUJD", "QUJD\r\nQUJD"}, []string{"QQ", "Q===", "QQ=Q", "a-b_", "====", "string!"}},
		{"base64url", []string{"", "QQ", "QQ==", "a-_b"}, []string{"Q", "QQ=", "a+b/", "QQ==="}},
		{"char", []string{"a", "é", "🐲"}, []string{"", "ab", "\xff"}},
		{"decimal", []string{"0", "-1.50", "+3", ".5", "1.", "1e10"}, []string{"", "-", ".", "1,5", "1e", "NaN", "1 "}},
		{"media-range", []string{"*/*", "text/*", "application/json", "application/vnd.a+json; v=1;q=\"a\\\"b\""},
			[]string{"", "text", "*/json", "text/", "a/b, c/d", "a/b;x", `a/b;x="`, "a/b x"}},
		{"http-date", []string{"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"},
			[]string{"Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "sun, 06 nov 1994 08:49:37 gmt",
				"Sun, 6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37.5 GMT", ""}},
	}
	for _, c := range cases {
		check, ok := Lookup(c.format)
		if !ok {
			t.Errorf("%s is not found", c.format)
			continue
		}
		for _, s := range c.yes {
			if !check(s) {
				t.Errorf("%s refuses %q", c.format, s)
			}
		}
		for _, s := range c.no {
			if check(s) {
				t.Errorf("%s takes %q", c.format, s)
			}
		}
	}
}

// Long strings are checked in a time proportional to their length.
func TestLong(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a", "1", ".", ":", "é", "%41", "{a}", "/~0", "xn--a.", "a@", "=", ";a=b", "[", "P1"} {
		s := strings.Repeat(unit, 1<<18)
		for _, name := range Names() {
			check, _ := Lookup(name)
			check(s)
			check("http://" + s)
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, s := range []string{"", "2024-01-01T00:00:00Z", "P1Y2M3DT4H5M6S", `"a b"@[IPv6:::1]`, "xn--9n2bp8q.xn--9t4b11yi5a", "l·l",
		"http://u@[v1.a]:80/%41?x#y", "{?a*,b:3}", "1.2.3.4", "::1", "a/b;c=\"d\"", "0-1/~0", "Sun, 06 Nov 1994 08:49:37 GMT", "(?<a>b)\\k<a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		is := map[string]bool{}
		for _, name := range Names() {
			check, _ := Lookup(name)
			is[name] = check(s)
		}
		// One grammar contains the other.
		for _, pair := range [][2]string{{"uri", "uri-reference"}, {"uri", "iri"}, {"iri", "iri-reference"}, {"uri-reference", "iri-reference"},
			{"hostname", "idn-hostname"}, {"ipv4", "hostname"}} {
			if is[pair[0]] && !is[pair[1]] {
				t.Errorf("%q is %s, not %s", s, pair[0], pair[1])
			}
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	values := [][2]string{{"date-time", "2024-01-01T10:00:00.123Z"}, {"email", "first.last@example.com"}, {"date", "2024-01-01"},
		{"uuid", "123e4567-e89b-12d3-a456-426614174000"}, {"uri", "https://example.com/a/b?x=1#y"}, {"hostname", "www.example.com"},
		{"ipv4", "192.168.0.1"}, {"ipv6", "2001:db8::1"}}
	for _, v := range values {
		check, _ := Lookup(v[0])
		b.Run(v[0], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !check(v[1]) {
					b.Fatal(v[1])
				}
			}
		})
	}
}
