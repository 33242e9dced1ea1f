package mock_test

import (
	"strings"
	"testing"

	"standin/mock"
)

// TestLogoOfTheDocument shows the document's logo, unless the site has one of its own.
func TestLogoOfTheDocument(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
info:
  title: Shop
  version: "1"
  x-logo: {url: "data:image/gif;base64,R0lGODlhAQABAAAAACw="}
paths: {/a: {get: {responses: {"200": {description: OK.}}}}}
`)
	for want, looks := range map[string]mock.Looks{".gif": {}, ".svg": {Logo: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")}} {
		s, err := mock.New(c, mock.Docs(looks))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		body := ask(s, "GET /docs/", "").Body.String()
		_, logo, _ := strings.Cut(body, `<img src="`)
		logo, _, _ = strings.Cut(logo, `"`)
		if w := ask(s, "GET "+logo, ""); !strings.HasSuffix(logo, want) || w.Code != 200 {
			t.Errorf("the logo %q is answered %d", logo, w.Code)
		}
	}
}
