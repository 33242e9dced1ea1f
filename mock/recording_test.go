package mock_test

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
)

const drifted = `openapi: 3.0.3
info: {title: Drifted, version: "1"}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas: {User: {type: object, required: [id, name], additionalProperties: false, properties: {id: {type: integer}, name: {type: string}}}}
  responses: {User: {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
  parameters: {Page: {name: page, in: query, schema: {type: integer, maximum: 10}}}
paths:
  /users:
    get:
      operationId: listUsers
      security: [{key: []}]
      parameters: [{$ref: '#/components/parameters/Page'}, {name: q, in: query, required: true, schema: {type: string}}]
      responses: {'200': {description: all, headers: {X-Total: {required: true, schema: {type: integer}}}, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}}
    post:
      operationId: addUser
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string, maxLength: 5}, password: {type: string, format: password}}}}}}
      responses: {'201': {$ref: '#/components/responses/User'}}
  /users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getUser
      responses: {'200': {$ref: '#/components/responses/User'}, default: {description: wrong, content: {application/json: {schema: {type: object}}}}}
`

// realUsers is a server that keeps little of what the document says.
func realUsers(w http.ResponseWriter, r *http.Request) {
	answer := func(status int, contentType, body string) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /users":
		answer(200, "application/json; charset=utf-8", `[{"id":"a","name":null,"extra":{"deep":[1,2.5,"x"]}}]`)
	case "POST /users":
		w.Header().Set("Location", "http://"+r.Host+"/users/9")
		w.Header().Set("Set-Cookie", "sid=s3cret")
		answer(202, "application/json", `{"id":9,"name":"created"}`)
	case "GET /users/7":
		answer(200, "application/json", `{"id":7,"name":"Ann"}`)
	case "GET /users/8":
		answer(200, "text/plain", "user eight")
	case "GET /users/me":
		answer(200, "application/json", `{"id":1,"name":"Me","role":"admin"}`)
	case "GET /internal/state":
		answer(200, "application/json", `{"up":true}`)
	default:
		answer(404, "application/json", `[]`)
	}
}

// TestRecording: what a proxy saw of a real server is replayed by a mock, judged from the archive, and true of the document with the
// overlay.
func TestRecording(t *testing.T) {
	dir := t.TempDir()
	fixtures, archive, overlay := filepath.Join(dir, "recorded"), filepath.Join(dir, "seen.har"), filepath.Join(dir, "seen.overlay.json")
	b := inFront(t, drifted, http.HandlerFunc(realUsers), mock.RecordFixtures(fixtures), mock.RecordArchive(archive), mock.RecordOverlay(overlay))
	type call struct{ method, path, body string }
	calls := []call{
		{"GET", "/users?page=99", ""}, {"GET", "/users?page=2&q=x", ""}, {"POST", "/users", `{"name":"Maximilian","password":"hunter2"}`},
		{"GET", "/users/7", ""}, {"GET", "/users/8", ""}, {"GET", "/users/me", ""}, {"GET", "/internal/state", ""},
	}
	var answers []string
	for _, c := range calls {
		_, text := askOver(t, c.method, b.URL+c.path, c.body, "X-Key", "s3cret")
		answers = append(answers, text)
	}
	if _, text := askOver(t, "GET", b.URL+"/users?q=z", ""); text == "" { // without credentials, and taken
		t.Fatal("no answer")
	}
	if err := b.server.Close(); err != nil {
		t.Fatal(err)
	}

	har, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	amendments, err := os.ReadFile(overlay)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("nothing secret is kept", func(t *testing.T) {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			for _, secret := range []string{"hunter2", "s3cret"} {
				if strings.Contains(string(text), secret) {
					t.Errorf("%s holds %s", name, secret)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("judged and amended", func(t *testing.T) {
		for _, c := range []struct {
			options []contract.LoadOption
			broken  bool
		}{{nil, true}, {[]contract.LoadOption{contract.WithOverlay("seen.overlay.json", amendments)}, false}} {
			doc, err := contract.Parse(context.Background(), "drifted.yaml", []byte(drifted), c.options...)
			if err != nil {
				t.Fatal(err)
			}
			if found := doc.Wait(context.Background()); len(found) > 0 {
				t.Error(found)
			}
			judged, err := mock.CheckTraffic(context.Background(), doc, "seen.har", har)
			if err != nil || judged.Exchanges != len(calls)+1 {
				t.Fatal(err, judged)
			}
			if (len(judged.Findings) > 0) != c.broken {
				t.Errorf("%d findings with %d overlays", len(judged.Findings), len(c.options))
				for _, f := range judged.Findings {
					t.Log(f.Position, f)
				}
			}
		}
	})
	t.Run("replayed", func(t *testing.T) {
		doc, err := contract.Parse(context.Background(), "drifted.yaml", []byte(drifted))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := mock.New(doc, mock.Fixtures(os.DirFS(fixtures)))
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(plain)
		t.Cleanup(func() { web.Close(); _ = plain.Close() })
		for i, c := range calls {
			if c.path == "/internal/state" {
				continue // which no operation takes
			}
			res, text := askOver(t, c.method, web.URL+c.path, c.body, "X-Key", "other")
			if text != answers[i] || !strings.HasPrefix(res.Header.Get("Mock-Source"), "fixture") {
				t.Errorf("%s %s: %d %q from %s, want %q", c.method, c.path, res.StatusCode, text, res.Header.Get("Mock-Source"), answers[i])
			}
		}
	})
}

// TestRecordingIsChecked: places that cannot be written are told at the start.
func TestRecordingIsChecked(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "old.yaml"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Parse(context.Background(), "drifted.yaml", []byte(drifted))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]mock.Option{
		"a folder with files": mock.RecordFixtures(dir), "a file in no folder": mock.RecordArchive(filepath.Join(dir, "no", "x.har")), "nothing": mock.RecordOverlay(""),
	} {
		if _, err := mock.New(c, mock.Upstream("http://localhost:1"), o); err == nil {
			t.Errorf("%s is recorded to", name)
		}
	}
}
