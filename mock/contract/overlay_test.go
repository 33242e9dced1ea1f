package contract_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/contract"
)

func TestOverlays(t *testing.T) {
	const text = `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {get: {operationId: a, parameters: [{$ref: '#/components/parameters/p'}], responses: {"200": {description: OK.}}}}
components: {parameters: {p: {name: p, in: query, schema: {type: integer}}}}
`
	load := func(overlay string) (*contract.Contract, error) {
		return contract.Parse(t.Context(), "openapi.yaml", []byte(text), contract.WithOverlay("o.yaml", []byte("overlay: 1.0.0\nactions:\n"+overlay)))
	}
	c, err := load("- {target: $.components.parameters.p.schema, update: {maximum: 5}}\n- {target: $.paths, update: {/b: {get: {operationId: b, responses: {'204': {description: No.}}}}}}\n- {target: $.nothing, update: {}}\n")
	if err != nil {
		t.Fatal(err)
	}
	op, r := request(t, c, "GET /a?p=6")
	if broken := op.CheckRequest(r).Violations; len(broken) != 1 || broken[0].Keyword != "maximum" || broken[0].Rule.String() != "o.yaml:3:55" {
		t.Errorf("a rule of an overlay: %+v", broken)
	}
	if c.Operation("b") == nil {
		t.Error("an operation of an overlay is not there")
	}
	if found := c.Wait(t.Context()); len(found) != 1 || found[0].Rule != "overlay" || found[0].Position.Line != 5 {
		t.Errorf("what selects nothing: %v", found)
	}
	plain, err := contract.Parse(t.Context(), "openapi.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	plain.Wait(t.Context())
	if plain.Digest() == c.Digest() {
		t.Error("the digest does not tell of the overlay")
	}
	if _, err := load("- {target: $., update: {}}\n"); err == nil || !strings.HasPrefix(err.Error(), "o.yaml:3:4") {
		t.Errorf("a wrong overlay: %v", err)
	}
}

func TestDocumentsFromURLs(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"api/openapi.yaml": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: OK., content: {application/json: {schema: {$ref: 'parts/a.json'}}}}}}}}\n",
		"api/parts/a.json": `{"type":"integer"}`,
		"api/up.yaml":      "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {$ref: '../other.yaml'}}\n",
		"other.yaml":       "get: {}",
		"api/wrong.yaml":   "<html>",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := http.FileServer(http.Dir(dir))
	elsewhere := httptest.NewServer(files)
	defer elsewhere.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away.yaml" {
			http.Redirect(w, r, elsewhere.URL+"/api/openapi.yaml", http.StatusFound)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	c, err := contract.Load(t.Context(), server.URL+"/api/openapi.yaml?version=1")
	if err != nil {
		t.Fatal(err)
	}
	if found := c.Wait(t.Context()); len(found) > 0 {
		t.Error(found)
	}
	broken := c.Operation("a").CheckResponse(200, http.Header{"Content-Type": {"application/json"}}, []byte(`"x"`))
	if len(broken) != 1 || broken[0].Rule.File != server.URL+"/api/parts/a.json" {
		t.Errorf("a rule of a fetched part: %+v", broken)
	}
	up, err := contract.Load(t.Context(), server.URL+"/api/up.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if found := up.Wait(t.Context()); len(found) == 0 || !strings.Contains(found[0].Message, "out of the document's folder") {
		t.Errorf("a way out of the folder: %v", found)
	}
	for url, want := range map[string]string{
		server.URL + "/api/none.yaml": "404 Not Found", server.URL + "/away.yaml": "another host", server.URL + "/api/wrong.yaml": "/api/wrong.yaml:1",
		"http://": "no URL", "http://127.0.0.1:1/x.yaml": "connection refused",
	} {
		if _, err := contract.Load(t.Context(), url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}
