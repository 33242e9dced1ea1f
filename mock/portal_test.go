package mock_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

func TestPages(t *testing.T) {
	s := newServer(t, mock.Docs(mock.Looks{}))
	for _, c := range []struct {
		request string
		status  int
		want    string
	}{
		{"GET /", 302, ""},
		{"GET /docs", 308, ""},
		{"GET /docs/", 200, "Pets"},
		{"GET /docs/op/listPets", 200, "listPets"},
		{"GET /docs/nowhere", 404, ""},
		{"GET /docsy", 404, "no path /docsy"},
	} {
		if w := ask(s, c.request, ""); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d %v", c.request, w.Code, w.Header())
		}
	}
	if w := ask(newServer(t), "GET /docs/", ""); w.Code != 404 {
		t.Errorf("unasked for, pages are answered %d", w.Code)
	}
	if w := ask(s, "GET /docs/", "", "Host: evil.example"); w.Code != 421 {
		t.Errorf("a foreign Host is answered %d", w.Code)
	}
	if w := ask(s, "GET /pets", "", "Host: evil.example"); w.Code != 200 {
		t.Errorf("an operation under a foreign Host is answered %d", w.Code)
	}
}

func TestPagesKeepBasePathAndPublicURL(t *testing.T) {
	s := newServer(t, mock.Docs(mock.Looks{}), mock.BasePath("/api"), mock.PublicURL("https://mock.example.com/team"), mock.AllowHosts("mock.example.com"))
	if w := ask(s, "GET /api/", ""); w.Header().Get("Location") != "/team/api/docs/" {
		t.Errorf("/ leads to %q", w.Header().Get("Location"))
	}
	w := ask(s, "GET /api/docs/op/listPets", "", "Host: mock.example.com")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "https://mock.example.com/team/api") || strings.Contains(w.Body.String(), `href="/docs`) {
		t.Errorf("%d", w.Code)
	}
	if got := ask(s, "GET /api/pets", "").Header().Get("Mock-Exchange"); got != "/team/api/docs/journal/1" {
		t.Errorf("Mock-Exchange: %s", got)
	}
}

func TestADocumentKeepsItsOwnPaths(t *testing.T) {
	for _, path := range []string{"/docs", "/docs/{page}", "/{anything}", "/docs/deep/er/path"} {
		text := "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /: {get: {responses: {'204': {description: Root.}}}}\n  " + path +
			": {get: {responses: {'204': {description: Theirs.}}}}\n"
		s, err := mock.New(parse(t, text), mock.Docs(mock.Looks{}))
		if err != nil {
			t.Fatal(err)
		}
		if w := ask(s, "GET "+strings.ReplaceAll(path, "{", "x"), ""); w.Code == 200 {
			t.Errorf("%s is answered by a page", path)
		}
		if w := ask(s, "GET /__mock/docs/", ""); w.Code != 200 {
			t.Errorf("beside %s the pages are answered %d", path, w.Code)
		}
		if w := ask(s, "GET /", ""); w.Code != 204 {
			t.Errorf("beside %s the root is answered %d", path, w.Code)
		}
	}
}

// journal reads the journal's page of the exchange that an answer names.
func journal(t *testing.T, h http.Handler, answer *httptest.ResponseRecorder, headers ...string) string {
	t.Helper()
	r := httptest.NewRequest("GET", answer.Header().Get("Mock-Exchange"), nil)
	r.RemoteAddr, r.Host = "127.0.0.1:999", "localhost"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

func TestEveryAnswerNamesItsExchange(t *testing.T) {
	s := newServer(t, mock.Docs(mock.Looks{}))
	for request, want := range map[string]string{
		"GET /pets?limit=0":  "must be at least 1",
		"GET /pets/7":        "getPet",
		"GET /nowhere":       "no path /nowhere",
		"PATCH /pets":        "PATCH",
		"OPTIONS /pets":      "OPTIONS",
		"GET /pets?secret=1": "secret",
	} {
		w := ask(s, request, "", "X-Key: hunter2")
		page := journal(t, s, w)
		if !strings.Contains(page, want) {
			t.Errorf("%s: the exchange %q does not tell %q", request, w.Header().Get("Mock-Exchange"), want)
		}
		if strings.Contains(page, "hunter2") {
			t.Errorf("%s: the page shows the key", request)
		}
		if strings.Contains(journal(t, s, w, "X-Forwarded-For", "1.2.3.4"), want) && want != "secret" {
			t.Errorf("%s: the page is shown through a proxy", request)
		}
	}
}

func TestHistoryIsComparedInTheBackground(t *testing.T) {
	files := fstest.MapFS{"history/1.yaml": {Data: []byte(pets)}}
	asked := make(chan struct{})
	s := newServer(t, mock.Fixtures(files), mock.Docs(mock.Looks{}),
		mock.CompareHistory(func(_ context.Context, c *contract.Contract, fixtures fs.FS) ([]byte, error) {
			defer close(asked)
			if _, err := fs.Stat(fixtures, "history/1.yaml"); err != nil || c.Operation("listPets") == nil {
				t.Error(err)
			}
			return []byte(`{"versions": [{"version": "1", "changes": [{"level": "breaking", "rule": "r", "text": "gone for good",
				"operations": [{"operation": "listPets", "method": "GET", "path": "/pets"}]}]}]}`), nil
		}))
	<-asked
	if err := s.Close(); err != nil { // which waits for what is under way
		t.Fatal(err)
	}
	if w := ask(s, "GET /docs/changes", ""); !strings.Contains(w.Body.String(), "gone for good") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
