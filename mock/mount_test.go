package mock_test

import (
	"strings"
	"testing"

	"standin/mock"
)

func TestMount(t *testing.T) {
	one, two := newServer(t, mock.BasePath("/one"), mock.Control()), newServer(t, mock.BasePath("/one/two"), mock.CheckHost())
	h, err := mock.Mount(one, two)
	if err != nil {
		t.Fatal(err)
	}
	for request, want := range map[string]string{
		"GET /one/pets": `"name":`, "GET /one/two/pets": `"name":`, "GET /one/__mock/health": `"title":"Pets"`, "GET /": `"url": "/one"`,
		"GET /onepets": "nothing is served at /onepets; there is /one/, /one/two/", "GET /__mock/health": "ok",
	} {
		if w := ask(h, request, ""); !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", request, w.Code, w.Body)
		}
	}
	if w := ask(h, "GET /", "", "Accept: text/html"); !strings.Contains(w.Body.String(), `<a href="/one"><strong>Pets</strong></a>`) {
		t.Errorf("%s", w.Body)
	}
	for _, wrong := range [][]*mock.Server{nil, {newServer(t)}, {one, one}} {
		if _, err := mock.Mount(wrong...); err == nil {
			t.Errorf("%d servers are taken", len(wrong))
		}
	}
}
