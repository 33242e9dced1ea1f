package contract_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/contract"
)

func TestLogo(t *testing.T) {
	svg := `<svg xmlns="http://www.w3.org/2000/svg"/>`
	for _, c := range []struct{ url, want, fault string }{
		{"brand/logo.svg", svg, ""},
		{"./brand/logo%2Esvg", svg, ""},
		{"data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E", svg, ""},
		{"data:image/gif;base64,R0lGODlhAQABAAAAACw=", "GIF89a\x01\x00\x01\x00\x00\x00\x00,", ""},
		{"", "", ""},
		{"brand/gone.svg", "", "not exist"},
		{"../logo.svg", "", "out of the document's folder"},
		{"/etc/passwd", "", "out of the document's folder"},
		{"https://example.com/logo.svg", "", "nothing is fetched"},
		{"openapi.yaml", "", "no SVG"},
		{"brand/large.svg", "", "1 MiB"},
		{"data:image/png;base64,?", "", "illegal base64"},
		{"brand", "", ""},
	} {
		loaded, err := contract.LoadFS(t.Context(), fstest.MapFS{
			"openapi.yaml":    {Data: []byte("openapi: 3.1.0\ninfo: {title: A, version: '1', x-logo: {url: '" + c.url + "'}}\npaths: {}\n")},
			"brand/logo.svg":  {Data: []byte(svg)},
			"brand/large.svg": {Data: []byte(svg + strings.Repeat(" ", 1<<20))},
		}, "openapi.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if got := string(loaded.Logo()); got != c.want {
			t.Errorf("%s: the logo is %q", c.url, got)
		}
		told := ""
		for _, d := range loaded.Wait(t.Context()) {
			if d.Rule == "logo" {
				told = d.Position.String() + " " + d.Message
			}
		}
		if !strings.Contains(told, c.fault) || (told == "") != (c.fault == "" && c.url != "brand") {
			t.Errorf("%s: %q", c.url, told)
		}
	}
}
