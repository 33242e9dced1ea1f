package mock_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

const pets = `openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: https://pets.example.com/v1}]
security: [{key: []}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, minimum: 1}
        name: {type: string, minLength: 1, maxLength: 20}
        tag: {type: string, enum: [cat, dog]}
    Fault:
      type: object
      required: [code, message]
      properties: {code: {type: integer}, message: {type: string}}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
      responses:
        "200":
          description: All pets.
          headers: {X-Total: {required: true, schema: {type: integer, minimum: 0}, example: 2}}
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              examples:
                two: {value: [{id: 1, name: Rex, tag: dog}, {id: 2, name: Tom, tag: cat}]}
                none: {value: []}
                wrong: {value: [{id: zero}]}
        "400":
          description: Wrong.
          content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}
    post:
      operationId: addPet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        "201":
          description: Added.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        default:
          description: Wrong.
          content: {application/problem+json: {schema: {type: object}}}
  /pets/{petId}:
    get:
      operationId: getPet
      security: []
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: One pet.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
            text/plain: {schema: {type: string}, example: a pet}
        "404":
          description: None.
          content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}, examples: {gone: {value: {code: 404, message: gone}}}}}
    delete:
      operationId: deletePet
      security: []
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses: {"204": {description: Gone.}}
`

func parse(t testing.TB, text string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(t.Context(), "pets.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newServer(t testing.TB, options ...mock.Option) *mock.Server {
	t.Helper()
	s, err := mock.New(parse(t, pets), options...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends one request, given as "METHOD PATH", with headers as "Name: value".
func ask(h http.Handler, request, body string, headers ...string) *httptest.ResponseRecorder {
	method, path, _ := strings.Cut(request, " ")
	var r *http.Request
	if body != "" {
		r = httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
	} else {
		r = httptest.NewRequest(method, path, nil)
	}
	r.Host = "localhost"
	r.Header.Set("X-Key", "k")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if value == "-" {
			r.Header.Del(name)
		} else if name == "Host" {
			r.Host = value
		} else {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnswers(t *testing.T) {
	s := newServer(t, mock.Stateless())
	for _, c := range []struct {
		name, request, body string
		headers             []string
		status              int
		source, want        string
	}{
		{"example", "GET /pets", "", nil, 200, `example;name="two"`, "Rex"},
		{"below the server's prefix", "GET /v1/pets", "", nil, 200, `example;name="two"`, "Rex"},
		{"example by name", "GET /pets", "", []string{"Prefer: example=none"}, 200, `example;name="none"`, "[]"},
		{"bad example by name, marked", "GET /pets", "", []string{"Prefer: example=wrong"}, 200, `example;name="wrong"`, "zero"},
		{"example of another status", "GET /pets/1", "", []string{"Prefer: example=gone"}, 404, `example;name="gone"`, "gone"},
		{"generated", "GET /pets", "", []string{"Prefer: dynamic=true"}, 200, "generated", "name"},
		{"status by wish", "GET /pets/1", "", []string{"Prefer: code=404"}, 404, `example;name="gone"`, "gone"},
		{"wish in the query", "GET /pets/1?__code=404", "", nil, 404, `example;name="gone"`, "gone"},
		{"Mock-Prefer wins", "GET /pets/1", "", []string{"Mock-Prefer: code=200", "Prefer: code=404"}, 200, "generated", "name"},
		{"the path's id", "GET /pets/7712", "", nil, 200, "generated", `"id":7712`},
		{"created", "POST /pets", `{"id":1,"name":"Rex"}`, nil, 201, "generated", "name"},
		{"no content", "DELETE /pets/1", "", nil, 204, "generated", ""},
		{"by Accept", "GET /pets/1", "", []string{"Accept: text/plain"}, 200, `example;name="default"`, "a pet"},
		{"HEAD", "HEAD /pets", "", nil, 200, `example;name="two"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(s, c.request, c.body, c.headers...)
			if w.Code != c.status || w.Header().Get("Mock-Source") != c.source || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			if c.want == "" && w.Body.Len() > 0 {
				t.Errorf("a body: %s", w.Body)
			}
			again := ask(s, c.request, c.body, c.headers...)
			if !bytes.Equal(w.Body.Bytes(), again.Body.Bytes()) {
				t.Errorf("the same request is answered %s, then %s", w.Body, again.Body)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct {
		name, request, body string
		headers             []string
		status              int
		want                string
	}{
		{"no key", "GET /pets", "", []string{"X-Key: -"}, 401, `security key: `},
		{"limit", "GET /pets?limit=0", "", nil, 400, "query limit: "},
		{"limit twice", "GET /pets?limit=1&limit=2", "", nil, 400, "query limit: "},
		{"path", "GET /pets/x", "", nil, 400, "path petId: "},
		{"body", "POST /pets", `{"id":0,"name":"","tag":"cow"}`, nil, 422, "3 places"},
		{"torn body", "POST /pets", `{"id":`, nil, 400, "body: "},
		{"no body", "POST /pets", "", nil, 400, "body: "},
		{"media type", "POST /pets", `<x/>`, []string{"Content-Type: application/xml"}, 415, "application/xml"},
		{"encoding", "POST /pets", "x", []string{"Content-Encoding: compress"}, 415, `\"compress\" is not supported; gzip, deflate, br, zstd are`},
		{"path unknown", "GET /pet", "", nil, 404, "/pets"},
		{"wrong prefix", "GET /v2/pets", "", nil, 404, "Did you mean /pets?"},
		{"method", "PATCH /pets", "", nil, 405, "GET, HEAD, OPTIONS, POST"},
		{"not acceptable", "GET /pets", "", []string{"Accept: image/png"}, 406, "application/json"},
		{"no such status", "GET /pets", "", []string{"Prefer: code=404"}, 404, "200, 400"},
		{"no such example", "GET /pets", "", []string{"Prefer: example=nope"}, 404, "two, none, wrong"},
		{"bad wish", "GET /pets", "", []string{"Prefer: code=many"}, 400, "code is a status from 100 to 599"},
		{"bad delay", "GET /pets", "", []string{"Prefer: delay=1h"}, 400, "delay is a time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(s, c.request, c.body, c.headers...)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			if strings.Contains(w.Header().Get("Content-Type"), "json") && !json.Valid(w.Body.Bytes()) {
				t.Errorf("no JSON: %s", w.Body)
			}
		})
	}
}

func TestRefusalsSpeakTheDocumentsShape(t *testing.T) {
	w := ask(newServer(t), "GET /pets?limit=0", "")
	var fault struct {
		Code    int
		Message string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &fault); err != nil || fault.Code != 400 || !strings.Contains(fault.Message, "limit") {
		t.Errorf("%s: %v", w.Body, err)
	}
	w = ask(newServer(t, mock.WithErrors(mock.Problem)), "GET /pets?limit=0", "")
	var p struct {
		Type       string
		Status     int
		Violations []struct{ In, Name, Keyword, Message, Rule string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Type != "urn:standin:problem:violations" || p.Status != 400 || len(p.Violations) != 1 {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if v := p.Violations[0]; v.In != "query" || v.Name != "limit" || v.Keyword != "minimum" || !strings.HasPrefix(v.Rule, "pets.yaml:24:") {
		t.Errorf("%+v", v)
	}
}

func TestHandling(t *testing.T) {
	s := newServer(t)
	if w := ask(s, "GET /pets?nope=1", ""); w.Code != 200 {
		t.Errorf("by default an undeclared parameter is answered %d", w.Code)
	}
	if w := ask(s, "GET /pets?nope=1", "", "Prefer: handling=strict"); w.Code != 400 || w.Header().Get("Preference-Applied") != "handling=strict" {
		t.Errorf("strictly an undeclared parameter is answered %d %v", w.Code, w.Header())
	}
	w := ask(s, "POST /pets", `{"id":0}`, "Prefer: handling=lenient")
	if w.Code != 201 || w.Header().Get("Mock-Violations") != "request=2, response=0" || w.Header().Get("Mock-Violation") == "" {
		t.Errorf("leniently: %d %v", w.Code, w.Header())
	}
}

func TestCORS(t *testing.T) {
	s := newServer(t, mock.AllowOrigins("https://app.example.com"))
	for origin, want := range map[string][2]string{
		"http://localhost:5173":         {"http://localhost:5173", "true"},
		"http://[::1]:3000":             {"http://[::1]:3000", "true"},
		"https://app.example.com":       {"https://app.example.com", "true"},
		"https://evil.example":          {"*", ""},
		"https://localhost.evil.org":    {"*", ""},
		"http://localhost:5173.evil.io": {"*", ""},
		"null":                          {"*", ""},
	} {
		h := ask(s, "GET /pets", "", "Origin: "+origin).Header()
		if got := [2]string{h.Get("Access-Control-Allow-Origin"), h.Get("Access-Control-Allow-Credentials")}; got != want {
			t.Errorf("%s is answered %v", origin, got)
		}
		if got := h.Get("Access-Control-Expose-Headers"); got != "*" && !strings.Contains(got, "X-Total") {
			t.Errorf("%s may read %q", origin, got)
		}
	}
	w := ask(s, "OPTIONS /pets", "", "Origin: http://localhost:1", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-key")
	if w.Code != 204 || !strings.Contains(w.Header().Get("Access-Control-Allow-Methods"), "POST") || w.Header().Get("Access-Control-Allow-Headers") != "x-key" {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
	if w := ask(s, "OPTIONS /pets", ""); w.Code != 204 || w.Header().Get("Allow") != "GET, HEAD, OPTIONS, POST" {
		t.Errorf("OPTIONS: %d %v", w.Code, w.Header())
	}
}

func TestHosts(t *testing.T) {
	s := newServer(t, mock.CheckHost(), mock.AllowHosts("mock.example.com"))
	for host, want := range map[string]int{
		"localhost:8080": 200, "a.localhost": 200, "127.0.0.1:1": 200, "[::1]:1": 200, "mock.example.com:80": 200, "MOCK.example.com": 200,
		"evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "10.0.0.1": 421, "": 421,
	} {
		if w := ask(s, "GET /pets", "", "Host: "+host); w.Code != want {
			t.Errorf("Host %q is answered %d", host, w.Code)
		}
	}
}

func TestBodies(t *testing.T) {
	s := newServer(t, mock.MaxBody(100))
	if w := ask(s, "POST /pets", `{"id":1,"name":"`+strings.Repeat("x", 200)+`"}`); w.Code != 413 {
		t.Errorf("a large body is answered %d", w.Code)
	}
	for _, coding := range []string{"gzip", "br", "zstd"} {
		if w := ask(s, "POST /pets", packed(coding, `{"id":1,"name":"Rex"}`), "Content-Encoding: "+coding); w.Code != 201 {
			t.Errorf("a body in %s is answered %d %s", coding, w.Code, w.Body)
		}
		if w := ask(s, "POST /pets", packed(coding, strings.Repeat(" ", 1<<20)), "Content-Encoding: "+coding); w.Code != 413 {
			t.Errorf("a bomb in %s is answered %d", coding, w.Code)
		}
		if w := ask(s, "POST /pets", "\x06no "+coding, "Content-Encoding: "+coding); w.Code != 400 {
			t.Errorf("a body that is no %s is answered %d", coding, w.Code)
		}
		if w := ask(s, "POST /pets", packed(coding, `{"id":1,"name":"Rex"}`)[:12], "Content-Encoding: "+coding); w.Code != 400 {
			t.Errorf("a torn body in %s is answered %d", coding, w.Code)
		}
	}
	if w := ask(s, "POST /pets", packed("br", packed("gzip", `{"id":1,"name":"Rex"}`)), "Content-Encoding: gzip, br"); w.Code != 201 {
		t.Errorf("a body in two codings is answered %d %s", w.Code, w.Body)
	}
}

func TestFixtures(t *testing.T) {
	files := fstest.MapFS{"pets.yaml": {Data: []byte(`
- operation: getPet
  name: seven
  when: {path: {petId: 7}}
  respond: {body: {id: 7, name: Seven}}
- operation: getPet
  name: once
  when: {path: {petId: 8}}
  times: 1
  respond: {status: 404, body: {code: 404, message: not yet}}
- operation: getPet
  name: eight
  when: {path: {petId: 8}}
  respond: {headers: {X-Extra: "1"}, body: {id: 8, name: Eight}}
- operation: getPet
  name: made up
  when: {path: {petId: 9}, header: {x-make: "1"}}
  respond: {generate: true}
- operation: listPets
  name: broken
  when: {violations: true}
  respond: {status: 400, body: {code: 1, message: ours}}
`)}}
	s := newServer(t, mock.Fixtures(files), mock.Stateless())
	for _, c := range []struct {
		request string
		headers []string
		status  int
		source  string
	}{
		{"GET /pets/7", nil, 200, `fixture;name="seven"`},
		{"GET /pets/7", []string{"Prefer: code=404"}, 404, `example;name="gone"`},
		{"GET /pets/7", []string{"Prefer: dynamic=true"}, 200, "generated"},
		{"GET /pets/8", []string{"Prefer: example=eight"}, 200, `fixture;name="eight"`},
		{"GET /pets/8", nil, 404, `fixture;name="once"`},
		{"GET /pets/8", nil, 200, `fixture;name="eight"`},
		{"GET /pets/9", nil, 200, "generated"},
		{"GET /pets/9", []string{"X-Make: 1"}, 200, `fixture;name="made up"`},
		{"GET /pets/9", []string{"X-Make: 1", "Accept: image/png"}, 406, "refusal"},
		{"GET /pets?limit=0", nil, 400, `fixture;name="broken"`},
		{"GET /pets?limit=1", nil, 200, `example;name="two"`},
	} {
		if w := ask(s, c.request, "", c.headers...); w.Code != c.status || w.Header().Get("Mock-Source") != c.source {
			t.Errorf("%s %v: %d %s %s", c.request, c.headers, w.Code, w.Header().Get("Mock-Source"), w.Body)
		}
	}
}

func TestRefusalIsOneLogLine(t *testing.T) {
	var log bytes.Buffer
	s := newServer(t, mock.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	ask(s, "POST /pets", `{"id":0}`)
	line := log.String()
	if strings.Count(line, "\n") != 1 || !strings.Contains(line, "rule=pets.yaml:") || !strings.Contains(line, "more=1") {
		t.Error(line)
	}
}

func TestTwoServersNeverMeet(t *testing.T) {
	var files fs.FS = fstest.MapFS{"a.yaml": {Data: []byte("- operation: getPet\n  times: 1\n  respond: {body: {id: 1, name: One}}\n")}}
	first, second := newServer(t, mock.Fixtures(files)), newServer(t, mock.Fixtures(files))
	for _, s := range []*mock.Server{first, second} {
		if w := ask(s, "GET /pets/1", ""); w.Header().Get("Mock-Source") != "fixture" {
			t.Errorf("%v", w.Header())
		}
	}
}

func TestHealth(t *testing.T) {
	s := newServer(t, mock.Control())
	if w := ask(s, "GET /__mock/health", ""); w.Code != 200 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(newServer(t), "GET /__mock/health", ""); w.Code != 404 {
		t.Errorf("unasked for, health is answered %d", w.Code)
	}
}
