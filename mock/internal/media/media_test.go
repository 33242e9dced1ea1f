package media

import (
	"encoding/json"
	"reflect"
	"testing"

	"standin/mock/internal/source"
)

func types(t testing.TB, names ...string) []Type {
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
		"application/json": "application/json", "Application/JSON; Charset=UTF-8": "application/json; charset=UTF-8",
		"*/*": "*/*", "text/*": "text/*", " text/plain ": "text/plain", `a/b; x="1;2"`: `a/b; x="1;2"`, "application/vnd.a.b+json": "application/vnd.a.b+json",
	} {
		if got, err := Parse(text); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "json", "/", "a/", "/b", "*/json", "a b/c", "a/b; =", "a/b/c", "a/b;x"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"application/json": "json", "text/json": "json", "application/problem+json": "json", "application/xml": "xml", "text/xml": "xml",
		"image/svg+xml": "xml", "text/html": "text", "text/plain": "text", "application/x-www-form-urlencoded": "form",
		"multipart/form-data": "multipart", "image/png": "", "application/x-ndjson": "", "image/json": "",
	} {
		m, got := types(t, text)[0], ""
		for name, is := range map[string]bool{"json": m.IsJSON(), "xml": m.IsXML(), "text": m.IsText(), "form": m.IsForm(), "multipart": m.IsMultipart()} {
			if is {
				got += name
			}
		}
		if got != want {
			t.Errorf("%s is %q", text, got)
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
		{[]string{"application/json; charset=utf-8"}, "application/json", 0},
		{[]string{"application/json"}, "application/json; charset=utf-8", 0},
		{[]string{"application/json"}, "application/problem+json", -1},
		{[]string{"application/json; v=1", "application/json; v=2"}, "application/json; v=2", 1},
		{[]string{"application/json; v=1"}, "application/json", -1},
		{[]string{"multipart/form-data"}, "multipart/form-data; boundary=x", 0},
	} {
		if got := Select(types(t, c.documented...), types(t, c.sent)[0]); got != c.want {
			t.Errorf("%s in %v is %d", c.sent, c.documented, got)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for _, c := range []struct {
		accept string
		offers []string
		want   int
	}{
		{"", []string{"application/xml", "application/json"}, 0},
		{"*/*", []string{"application/xml", "application/json"}, 0},
		{"application/json", []string{"application/xml", "application/json"}, 1},
		{"application/json;q=0.5, application/xml;q=0.4", []string{"application/xml", "application/json"}, 1},
		{"text/html, application/xhtml+xml, */*;q=0.8", []string{"application/json", "text/html"}, 1},
		{"application/*;q=0.2, application/json;q=0", []string{"application/json", "application/xml"}, 1},
		{"application/json;q=0, */*", []string{"application/json"}, -1},
		{"image/png", []string{"application/json"}, -1},
		{"image/png", []string{"image/*"}, 0},
		{"application/json, text/plain", []string{"text/plain", "application/json"}, 0},
		{"nonsense", []string{"application/json"}, 0},
		{"application/json; charset=utf-8", []string{"application/json"}, 0},
		{"APPLICATION/JSON", []string{"text/plain", "application/json"}, 1},
		{"application/json", nil, -1},
	} {
		got, ok := Negotiate(c.accept, types(t, c.offers...))
		if got != c.want || ok != (c.want >= 0) {
			t.Errorf("%q of %v is %d", c.accept, c.offers, got)
		}
	}
	png := types(t, "image/png")[0]
	if got := Concrete(types(t, "image/*")[0], "text/html, image/webp", png); got.String() != "image/webp" {
		t.Error(got)
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		contentType, body string
		want              any
		kind              Kind
	}{
		{"application/json", "\xef\xbb\xbf{\"a\":1.50}", map[string]any{"a": json.Number("1.50")}, JSON},
		{"application/json; charset=iso-8859-1", "\"\xe9\"", "é", JSON},
		{"application/merge-patch+json", "null", nil, JSON},
		{"text/plain", "é", "é", Text},
		{"text/plain; charset=ISO-8859-1", "\xe9", "é", Text},
		{"text/plain; charset=utf-16", "\xfe\xff\x00a", "a", Text},
		{"image/png", "\x89PNG", nil, Unread},
	} {
		got, kind, err := Decode(types(t, c.contentType)[0], []byte(c.body), source.Limits{})
		if err != nil || kind != c.kind || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q is %v, %v, %v", c.contentType, c.body, got, kind, err)
		}
	}
	for contentType, body := range map[string]string{
		"application/json": `{"a":1,"a":1}`, "text/json": "{} {}", "text/plain": "\xff", "text/plain; charset=nope": "a", "a/b+json": "",
	} {
		if got, _, err := Decode(types(t, contentType)[0], []byte(body), source.Limits{}); err == nil {
			t.Errorf("%s %q is %v", contentType, body, got)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("text/html;q=0.1, */*", "application/json")
	f.Fuzz(func(t *testing.T, accept, offer string) {
		o, err := Parse(offer)
		if err != nil {
			return
		}
		if again, err := Parse(o.String()); err != nil || again.Essence() != o.Essence() {
			t.Fatalf("%q writes as %q: %v", offer, o, err)
		}
		if i, ok := Negotiate(accept, []Type{o}); ok != (i == 0) {
			t.Fatal(i, ok)
		}
	})
}

func BenchmarkNegotiate(b *testing.B) {
	offers := types(b, "application/xml", "application/json")
	for _, accept := range []string{"application/json", "text/html, application/json;q=0.9"} {
		b.Run(accept, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Negotiate(accept, offers)
			}
		})
	}
}
