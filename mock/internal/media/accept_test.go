package media

import (
	"slices"
	"strings"
	"testing"
)

func TestNegotiate(t *testing.T) {
	xmlJSON := []string{"application/xml", "application/json"}
	chooses(t, []choice{
		{"", xmlJSON, 0},
		{"*/*", xmlJSON, 0},
		{"application/json", xmlJSON, 1},
		{"APPLICATION/JSON", xmlJSON, 1},
		{"application/*", xmlJSON, 0},
		{"application/json, application/xml", xmlJSON, 0},
		{"application/json;q=0.5, application/xml;q=0.4", xmlJSON, 1},
		{"application/json;q=0.5,application/xml;q=0.500", xmlJSON, 0},
		{"application/json ; q=1.000 , application/xml; q=0.999", xmlJSON, 1},
		{"application/json;q=.2, application/xml;q=.1", xmlJSON, 1},
		{"text/html, application/xhtml+xml, */*;q=0.8", []string{"application/json", "text/html"}, 1},
		{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", []string{"application/json"}, 0},
		// the example of RFC 9110, 12.5.1, first level: text/plain 0.3, text/html 0.3 or 1 or 0.4
		{"text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5",
			[]string{"text/html", "text/plain;format=fixed", "image/jpeg", "text/plain", "text/plain;format=flowed"}, 4},
		{"text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5",
			[]string{"text/html", "text/plain;format=fixed", "image/jpeg"}, 2},
		// what is more specific counts, be it better or worse
		{"application/*;q=0.2, application/json;q=0", []string{"application/json", "application/xml"}, 1},
		{"application/json;q=0, */*", []string{"application/json"}, -1},
		{"*/*;q=0", []string{"application/json"}, -1},
		{"application/json;q=0.0", []string{"application/json"}, -1},
		{"application/json;q=0.0001", []string{"application/json"}, 0},
		{"image/png", []string{"application/json"}, -1},
		{"application/json", nil, -1},
		// parameters
		{"application/json; charset=utf-8", []string{"application/json"}, 0},
		{"application/json", []string{"application/json; charset=utf-8"}, 0},
		{"application/json; v=2", []string{"application/json; v=1", "application/json; v=2"}, 1},
		{"application/json; v=2", []string{"application/json"}, -1},
		{`application/json; v="2,3";q=0.3, text/plain;q=0.2`, []string{"text/plain", `application/json; v="2,3"`}, 1},
		{"application/*+json", []string{"application/json", "application/problem+json"}, 1},
		// offers that are ranges
		{"image/png", []string{"image/*"}, 0},
		{"image/png;q=0, */*;q=0.1", []string{"image/*"}, 0},
		{"image/png", []string{"text/*"}, -1},
		{"text/plain, application/json", []string{"*/*", "application/json"}, 1},
		{"text/plain, application/json;q=0.5", []string{"*/*", "application/json"}, 0},
	})
}

func TestNegotiateBeyondTheGrammar(t *testing.T) {
	chooses(t, []choice{
		{"nonsense", []string{"application/json"}, 0},
		{"nonsense, text/html", []string{"application/json"}, -1},
		{"nonsense, text/html", []string{"application/json", "text/html"}, 1},
		{`a/b; x="1, text/plain`, []string{"application/json"}, 0},
		{`a/b; x="1,2" 3, text/plain`, []string{"application/json", "text/plain"}, 1},
		{"application/json;q=high, text/plain;q=0.1", []string{"application/json", "text/plain"}, 1},
		{"application/json;q=1.1, text/plain;q=0.1", []string{"application/json", "text/plain"}, 1},
		{"application/json;q=-1, text/plain;q=0.1", []string{"application/json", "text/plain"}, 1},
		{", ,text/plain,,", []string{"application/json", "text/plain"}, 1},
		{",", []string{"application/json"}, 0},
		{strings.Repeat("text/plain,", mostAccepted) + "application/json", []string{"application/json"}, -1},
		{strings.Repeat("?,", 10*mostAccepted) + "text/plain", []string{"application/json", "text/plain"}, 1},
	})
}

// choice is an Accept header with what it chooses among offers, -1 for none.
type choice struct {
	accept string
	offers []string
	want   int
}

func chooses(t *testing.T, choices []choice) {
	t.Helper()
	for _, c := range choices {
		got, ok := Negotiate(c.accept, types(t, c.offers...))
		if got != c.want || ok != (c.want >= 0) {
			t.Errorf("%.80q of %v is %d, %v", c.accept, c.offers, got, ok)
		}
	}
}

func TestThousandths(t *testing.T) {
	for text, want := range map[string]int{
		"1": 1000, "1.": 1000, "1.000": 1000, "0": 0, "0.": 0, "0.000": 0, "0.5": 500, ".5": 500, "0.123": 123, "0.1239": 123, "0.00009": 1,
		"": -1, ".": -1, "2": -1, "1.001": -1, "0.1.2": -1, "+0.5": -1, "0x1": -1, "1e0": -1, "NaN": -1, "0,5": -1,
	} {
		got, ok := thousandths(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q is %d, %v", text, got, ok)
		}
	}
}

func TestConcrete(t *testing.T) {
	for _, c := range []struct{ offer, accept, fallback, want string }{
		{"text/plain", "image/png", "image/png", "text/plain"},
		{"image/*", "", "image/png", "image/png"},
		{"image/*", "*/*", "image/png", "image/png"},
		{"image/*", "text/html, image/webp", "image/png", "image/webp"},
		{"image/*", "image/gif;q=0.1, image/webp;q=0.2, image/png", "image/png", "image/png"},
		{"*/*", "text/html, */*;q=0.1", "application/json", "text/html"},
		{"*/*", "image/*, */*;q=0.1", "application/json", "application/json"},
		{"*/*", "image/*", "application/json", "image/png"},
		{"*/*", "font/*, text/*", "application/json", "text/plain"},
		{"*/*", "font/*", "application/json", "application/json"},
		{"*/*", "nonsense", "application/json", "application/json"},
		{"application/*+json", "", "application/json", "application/vnd.example+json"},
		{"application/*+json", "application/problem+json", "application/json", "application/problem+json"},
		{"font/*", "*/*", "application/octet-stream", "font/vnd.example"},
		{"video/*", "", "application/octet-stream", "video/mpeg"},
	} {
		given := types(t, c.offer, c.fallback)
		if got := Concrete(given[0], c.accept, given[1]); got.String() != c.want {
			t.Errorf("%s for %q is %s, want %s", c.offer, c.accept, got, c.want)
		}
	}
}

func TestUsualCasesAllocateNothing(t *testing.T) {
	offers := types(t, "application/xml", "application/json; charset=utf-8")
	for _, accept := range []string{"", "*/*", "application/json", "application/json, text/plain, */*", "text/html, application/json;q=0.9"} {
		if n := testing.AllocsPerRun(10, func() { Negotiate(accept, offers) }); n != 0 {
			t.Errorf("%q allocates %v times", accept, n)
		}
	}
	for _, contentType := range []string{"application/json", "text/plain"} {
		if n := testing.AllocsPerRun(10, func() { _, _ = Parse(contentType) }); n != 0 {
			t.Errorf("%q allocates %v times", contentType, n)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("text/html;q=0.1, */*", "application/json", "text/*")
	f.Add(`a/b; x="1,2";q=0, *;q=.2`, "a/b;x=1", "*/*")
	f.Fuzz(func(t *testing.T, accept, first, second string) {
		var offers []Type
		for _, text := range []string{first, second} {
			if o, err := Parse(text); err == nil {
				offers = append(offers, o)
			}
		}
		i, ok := Negotiate(accept, offers)
		if ok != (i >= 0) || i >= len(offers) {
			t.Fatal(i, ok)
		}
		if !ok {
			for _, o := range offers {
				if _, alone := Negotiate(accept, []Type{o}); alone {
					t.Fatalf("%q takes %s alone, but not among %v", accept, o, offers)
				}
			}
			return
		}
		if _, alone := Negotiate(accept, offers[i:i+1]); !alone {
			t.Fatalf("%q takes %s, but not alone", accept, offers[i])
		}
		// a member of a list is taken as it is alone, and who asks twice asks for the same
		if again, _ := Negotiate(accept+","+accept, offers); again != i && !strings.ContainsAny(accept, `"\`) && !long(accept) {
			t.Fatalf("%q takes %d, twice %d", accept, i, again)
		}
		// what is served is in the offer
		if c := Concrete(offers[i], accept, Type{Type: "text", Subtype: "plain"}); !offers[i].Includes(c) || c.Wild() {
			if len(offers[i].Params) == 0 {
				t.Fatalf("%s serves %s", offers[i], c)
			}
		}
	})
}

func long(accept string) bool { return strings.Count(accept, ",") >= mostAccepted/2 }

// TestQuickAnswer holds the quick way for usual headers to the whole one.
func TestQuickAnswer(t *testing.T) {
	names := []string{"text/plain", "application/json", "application/json; v=1", "application/json; charset=utf-8", "application/*", "*/*", "application/*+json"}
	all := types(t, names...)
	for i := range all {
		for j := range all {
			offers := []Type{all[i], all[j]}
			for _, accept := range []string{"application/json", "text/plain", "*/*", ""} {
				quick, _ := Negotiate(accept, offers)
				whole, _ := Negotiate(accept+", ", offers) // read member by member
				if quick != whole {
					t.Errorf("%q of %v is %d, or %d", accept, slices.Concat(names[i:i+1], names[j:j+1]), quick, whole)
				}
			}
		}
	}
}

func BenchmarkNegotiate(b *testing.B) {
	offers := types(b, "application/xml", "application/json")
	for _, accept := range []string{"*/*", "application/json", "text/html, application/json;q=0.9", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"} {
		b.Run(accept, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Negotiate(accept, offers)
			}
		})
	}
}
