package media

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func types(t testing.TB, names ...string) []Type {
	t.Helper()
	var out []Type
	for _, n := range names {
		parsed, err := Parse(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, parsed)
	}
	return out
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"application/json":                        "application/json",
		"Application/JSON; Charset=UTF-8":         "application/json; charset=UTF-8",
		"*/*":                                     "*/*",
		"text/*":                                  "text/*",
		"application/*+json":                      "application/*+json",
		" text/plain\t":                           "text/plain",
		"text/plain \t;\t charset=utf-8  ":        "text/plain; charset=utf-8",
		`a/b; x="1;2"`:                            `a/b; x="1;2"`,
		`a/b; x="1"; y="\"\\\z"`:                  `a/b; x=1; y="\"\\z"`,
		`a/b;x="1,2";y=""`:                        `a/b; x="1,2"; y=""`,
		"a/b;y=1;X=2":                             "a/b; x=2; y=1",
		"a/b; q=0.5":                              "a/b; q=0.5",
		"a/b;":                                    "a/b",
		"a/b; ; ;x=1;":                            "a/b; x=1",
		"a/b; x=1; x=1":                           "a/b; x=1",
		"a/b; x=\"\xc3\xa9\"":                     "a/b; x=\"\xc3\xa9\"",
		"application/vnd.a.b+json":                "application/vnd.a.b+json",
		"multipart/form-data; boundary=--a'b":     "multipart/form-data; boundary=--a'b",
		"application/vnd.github.v3.star+json":     "application/vnd.github.v3.star+json",
		"application/json;odata=verbose;q=1":      "application/json; odata=verbose; q=1",
		`application/ld+json;profile="http://a/"`: `application/ld+json; profile="http://a/"`,
	} {
		got, err := Parse(text)
		if err != nil || got.String() != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
		if again, err := Parse(got.String()); err != nil || !cmp.Equal(got, again) {
			t.Errorf("%q does not come back: %v, %v", got, again, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                          shape,
		"json":                      shape,
		"*":                         shape,
		"/":                         shape,
		"a/":                        shape,
		"/b":                        shape,
		"*/json":                    shape,
		"a b/c":                     shape,
		"a/b/c":                     shape,
		"a/b c":                     shape,
		"a/b\r\nx: y":               shape,
		"a/ü":                       shape,
		";x=1":                      shape,
		"a/b, c/d":                  "something follows its parameters",
		"a/b;x=1,c/d":               "something follows its parameter x",
		"a/b;x":                     "its parameters look like name=value",
		"a/b;x y=1":                 "its parameters look like name=value",
		"a/b; =":                    "its parameters look like name=value",
		"a/b; x =1":                 "its parameters look like name=value",
		"a/b; x= 1":                 "its parameter x has no value",
		"a/b; x=":                   "its parameter x has no value",
		"a/b; x=1 2":                "something follows its parameter x",
		"a/b; type=text/xml":        "something follows its parameter type",
		`a/b; x="1"2`:               "something follows its parameter x",
		`a/b; x="1`:                 "a quote is not closed",
		`a/b; x="1\`:                "a quote is not closed",
		"a/b; x=\"\n\"":             "a quoted value holds a control character",
		"a/b; x=1; X=2":             "its parameter x stands twice",
		"a/b; q=1; q=2":             "its parameter q stands twice",
		strings.Repeat("x", 100000): "...\" is not a media type",
	} {
		got, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 200 || got.Type != "" {
			t.Errorf("%.40q is %v: %v", text, got, err)
		}
	}
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"application/json":                  "json",
		"text/json; charset=utf-8":          "json",
		"application/problem+json":          "json",
		"application/*+json":                "json wild",
		"application/xml":                   "xml",
		"text/xml":                          "xml",
		"image/svg+xml":                     "xml",
		"text/html":                         "text",
		"text/plain; charset=utf-16":        "text",
		"text/*":                            "text wild",
		"*/*":                               "wild",
		"application/x-www-form-urlencoded": "form",
		"multipart/form-data; boundary=x":   "multipart",
		"image/png":                         "",
		"application/x-ndjson":              "",
		"application/json-seq":              "",
		"image/json":                        "",
	} {
		m := types(t, text)[0]
		var got []string
		for _, k := range []struct {
			name string
			is   bool
		}{
			{"json", m.IsJSON()}, {"xml", m.IsXML()}, {"text", m.IsText()}, {"form", m.IsForm()}, {"multipart", m.IsMultipart()}, {"wild", m.Wild()},
		} {
			if k.is {
				got = append(got, k.name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is %q", text, got)
		}
	}
	for text, want := range map[string]string{"a/b": "", "a/b+json": "json", "a/b+c+xml": "xml", "a/b+": ""} {
		if got := types(t, text)[0].Suffix(); got != want {
			t.Errorf("the suffix of %s is %q", text, got)
		}
	}
}

func TestIncludes(t *testing.T) {
	for _, c := range []struct {
		a, b         string
		there, reply bool // a includes b; b includes a
	}{
		{"*/*", "text/plain", true, false},
		{"text/*", "text/plain", true, false},
		{"text/*", "image/png", false, false},
		{"*/*", "text/*", true, false},
		{"application/json", "application/json", true, true},
		{"application/json; charset=utf-8", "application/json", true, true},
		{"application/json; charset=utf-8", "application/json; charset=latin1", true, true},
		{"application/json; v=1", "application/json", false, true},
		{"application/json; v=A", "application/json; V=a", true, true},
		{"application/json; v=1", "application/json; v=2", false, false},
		{"application/json; v=1", "application/json; v=1; w=2", true, false},
		{"text/*; v=1", "text/plain; v=1", true, false},
		{"multipart/form-data; boundary=a", "multipart/form-data; boundary=b", true, true},
		{"application/json", "application/problem+json", false, false},
		{"application/*+json", "application/problem+json", true, false},
		{"application/*+json", "application/json", false, false},
		{"application/*", "application/*+json", true, false},
	} {
		pair := types(t, c.a, c.b)
		if got := pair[0].Includes(pair[1]); got != c.there {
			t.Errorf("%s includes %s: %v", c.a, c.b, got)
		}
		if got := pair[1].Includes(pair[0]); got != c.reply {
			t.Errorf("%s includes %s: %v", c.b, c.a, got)
		}
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct {
		documented []string
		sent       string
		want       int
	}{
		{[]string{"*/*", "application/*", "application/json"}, "application/json", 2},
		{[]string{"*/*", "application/*", "application/json"}, "application/xml", 1},
		{[]string{"*/*", "application/*", "application/json"}, "text/plain", 0},
		{[]string{"*/*", "application/*", "application/*+json"}, "application/a+json", 2},
		{[]string{"application/*+json", "application/a+json"}, "application/a+json", 1},
		{[]string{"application/json; charset=utf-8"}, "application/json", 0},
		{[]string{"application/json"}, "application/json; charset=utf-8", 0},
		{[]string{"application/json; charset=utf-8", "application/json"}, "application/json", 1},
		{[]string{"application/json", "application/json; charset=utf-8"}, "application/json; charset=UTF-8", 1},
		{[]string{"application/json; charset=utf-8", "application/json; v=1"}, "application/json; charset=utf-8; v=1", 1},
		{[]string{"application/json"}, "application/problem+json", -1},
		{[]string{"application/json; v=1", "application/json; v=2"}, "application/json; v=2", 1},
		{[]string{"application/json; v=1"}, "application/json", -1},
		{[]string{"multipart/form-data"}, "multipart/form-data; boundary=x", 0},
		{[]string{"text/plain", "text/plain"}, "text/plain", 0},
		{nil, "text/plain", -1},
	} {
		if got := Select(types(t, c.documented...), types(t, c.sent)[0]); got != c.want {
			t.Errorf("%s in %v is %d", c.sent, c.documented, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"application/json; charset=utf-8", `a/b; x="\"1;2,"; y=2`, "*/*", "a/*+b;;q=1", "a/b; x=\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text)
		if err != nil {
			return
		}
		written := got.String()
		if again, err := Parse(written); err != nil || !cmp.Equal(again, got) {
			t.Fatalf("%q writes as %q, which reads as %v: %v", text, written, again, err)
		}
		if strings.ContainsAny(written, "\r\n") {
			t.Fatalf("%q would end a header", written)
		}
		if !got.Includes(got) || Select([]Type{got}, got) != 0 {
			t.Fatalf("%q does not include itself", written)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"application/json", "application/json; charset=utf-8"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
