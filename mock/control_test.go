package mock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/lint"
)

// remote asks a server's control API as a client on the same machine does, and holds each answer to the API's own document.
type remote struct {
	t        testing.TB
	server   http.Handler
	contract *contract.Contract
	headers  []string // of each request
}

func controlOf(t testing.TB, s http.Handler, headers ...string) *remote {
	t.Helper()
	c, err := contract.Parse(t.Context(), "openapi.yaml", mock.ControlDocument())
	if err != nil {
		t.Fatal(err)
	}
	return &remote{t, s, c, headers}
}

// send asks from the peer 127.0.0.1 by the Host localhost. A body is JSON, unless a header says otherwise.
func (c *remote) send(request, body string, headers ...string) *httptest.ResponseRecorder {
	c.t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:50000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range append(append([]string(nil), c.headers...), headers...) {
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "Host":
			r.Host = value
		case "Peer":
			r.RemoteAddr = value
		default:
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	c.hold(request, w)
	return w
}

// hold checks an answer against the document of the API; what belongs to no operation must be a problem.
func (c *remote) hold(request string, w *httptest.ResponseRecorder) {
	c.t.Helper()
	method, target, _ := strings.Cut(request, " ")
	path, _, _ := strings.Cut(target, "?")
	_, below, ok := strings.Cut(path, "/__mock")
	if !ok {
		return
	}
	op := c.contract.Find(method, below).Operation
	if op == nil {
		if got := w.Header().Get("Content-Type"); w.Code >= 400 && got != "application/problem+json" {
			c.t.Errorf("%s: %d %s", request, w.Code, got)
		}
		return
	}
	for _, v := range op.CheckResponse(w.Code, w.Header(), w.Body.Bytes()) {
		c.t.Errorf("%s: the answer %d breaks the API's document: %s %s %s (%s)\n%s", request, w.Code, v.In, v.Pointer, v.Message, v.Rule, w.Body)
	}
}

// say asks, demands a status, and gives the decoded answer.
func (c *remote) say(status int, request, body string, headers ...string) map[string]any {
	c.t.Helper()
	w := c.send(request, body, headers...)
	if w.Code != status {
		c.t.Fatalf("%s %s: %d, want %d: %s", request, body, w.Code, status, w.Body)
	}
	var out map[string]any
	if w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			c.t.Fatalf("%s: %v in %s", request, err, w.Body)
		}
	}
	return out
}

// TestWhoMayControl tries each rule of who may use the control API.
func TestWhoMayControl(t *testing.T) {
	const token = "s3cret-s3cret"
	plain := shopServer(t, mock.Control(), mock.AllowHosts("mock.example.com"))
	guarded := shopServer(t, mock.Control(), mock.ControlToken(token), mock.ControlOrigins("https://tools.example.com"))
	for _, c := range []struct {
		name    string
		server  *mock.Server
		request string
		headers []string
		want    int
	}{
		{"from here", plain, "POST /__mock/reset", nil, 204},
		{"from here by IPv6", plain, "POST /__mock/reset", []string{"Peer: [::1]:5", "Host: [::1]:8080"}, 204},
		{"a host that is allowed", plain, "POST /__mock/reset", []string{"Host: mock.example.com"}, 204},
		{"a rebound host reads", plain, "GET /__mock/sandboxes", []string{"Host: evil.example"}, 421},
		{"a rebound host writes", plain, "POST /__mock/reset", []string{"Host: evil.example", "Origin: http://evil.example"}, 421},
		{"a foreign page", plain, "POST /__mock/reset", []string{"Origin: https://evil.example"}, 403},
		{"a foreign page, as browsers say it", plain, "POST /__mock/reset", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"a page of another port", plain, "DELETE /__mock/sandboxes/a", []string{"Origin: http://localhost:3000", "Sec-Fetch-Site: same-site"}, 403},
		{"our own page", plain, "POST /__mock/reset", []string{"Origin: http://localhost:8080", "Sec-Fetch-Site: same-origin"}, 204},
		{"a form", plain, "POST /__mock/sandboxes", []string{"Content-Type: text/plain"}, 415},
		{"through a proxy", plain, "GET /__mock/sandboxes", []string{"X-Forwarded-For: 1.2.3.4"}, 403},
		{"through a tunnel", plain, "GET /__mock/sandboxes", []string{"Forwarded: for=1.2.3.4"}, 403},
		{"through a tunnel that names the host", plain, "GET /__mock/sandboxes", []string{"X-Forwarded-Host: abc.tunnel.example"}, 403},
		{"from elsewhere", plain, "GET /__mock/sandboxes", []string{"Peer: 192.0.2.7:1"}, 403},
		{"from elsewhere with any token", plain, "GET /__mock/sandboxes", []string{"Peer: 192.0.2.7:1", "Authorization: Bearer "}, 403},
		{"health from elsewhere", plain, "GET /__mock/health", []string{"Peer: 192.0.2.7:1"}, 200},
		{"the document from elsewhere", plain, "GET /__mock/openapi.yaml", []string{"Peer: 192.0.2.7:1"}, 200},
		{"with the token from elsewhere", guarded, "POST /__mock/reset", []string{"Peer: 192.0.2.7:1", "Host: mock.example.com", "Authorization: Bearer " + token}, 204},
		{"with the token through a proxy", guarded, "POST /__mock/reset", []string{"X-Forwarded-For: 1.2.3.4", "Authorization: Bearer " + token}, 204},
		{"without the token from elsewhere", guarded, "POST /__mock/reset", []string{"Peer: 192.0.2.7:1"}, 401},
		{"with a wrong token", guarded, "POST /__mock/reset", []string{"Authorization: Bearer " + token + "x"}, 401},
		{"without the token from here", guarded, "POST /__mock/reset", nil, 204},
		{"a foreign page with the token", guarded, "POST /__mock/reset", []string{"Origin: https://evil.example", "Authorization: Bearer " + token}, 403},
		{"a page that is allowed", guarded, "POST /__mock/reset", []string{"Origin: https://tools.example.com", "Sec-Fetch-Site: cross-site"}, 204},
		{"a page that is allowed asks first", guarded, "OPTIONS /__mock/reset", []string{"Origin: https://tools.example.com", "Access-Control-Request-Method: POST"}, 204},
		{"a foreign page asks first", guarded, "OPTIONS /__mock/reset", []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}, 405},
	} {
		w := controlOf(t, c.server).send(c.request, "", c.headers...)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, w.Code, c.want, w.Body)
		}
		allowed := w.Header().Get("Access-Control-Allow-Origin")
		if want := strings.Contains(c.name, "that is allowed") && strings.Contains(c.name, "page"); want != (allowed == "https://tools.example.com") || !want && allowed != "" {
			t.Errorf("%s: pages of %q may read it", c.name, allowed)
		}
		if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no challenge", c.name)
		}
	}
}

func TestControlOptions(t *testing.T) {
	for _, o := range []mock.Option{
		mock.ControlToken(""), mock.ControlToken("short"), mock.ControlToken("with a space"), mock.ControlOrigins("tools.example.com"), mock.ControlOrigins("https://a/b"),
	} {
		if s, err := mock.New(parse(t, shop), o); err == nil {
			_ = s.Close()
			t.Errorf("%v was taken", o)
		}
	}
}

// TestMadeUpSandboxes floods a server with ids: the thousand first ones stay, and further ones are refused.
func TestMadeUpSandboxes(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	made, _ := said(t, s, 201, "POST /owners", `{"name":"Ann"}`, "Mock-Sandbox: first")
	for n := range 1100 {
		id := fmt.Sprintf("Mock-Sandbox: flood-%d", n)
		if w := ask(s, "GET /owners", "", id); w.Code != 200 {
			t.Fatalf("reading in a new sandbox: %d", w.Code)
		}
		want := http.StatusCreated
		if n >= 999 {
			want = http.StatusTooManyRequests
		}
		if w := ask(s, "POST /owners", `{"name":"Bea"}`, id); w.Code != want {
			t.Fatalf("sandbox %d: %d, want %d: %s", n, w.Code, want, w.Body)
		}
	}
	c.say(429, "POST /__mock/sandboxes", `{"id":"another"}`)
	said(t, s, 200, "GET /owners/"+made["id"].(string), "", "Mock-Sandbox: first")
	if all := c.say(200, "GET /__mock/sandboxes", "")["sandboxes"].([]any); len(all) != 1000 {
		t.Errorf("%d sandboxes", len(all))
	}
	c.say(204, "DELETE /__mock/sandboxes/flood-7", "")
	c.say(201, "POST /__mock/sandboxes", `{"id":"another"}`)
	c.say(200, "POST /__mock/sandboxes", `{"id":"another"}`)
}

func TestSandboxesByControl(t *testing.T) {
	s := shopServer(t, mock.Control(), mock.BasePath("/api"))
	c := controlOf(t, s)
	id := c.say(201, "POST /api/__mock/sandboxes", "{}")["id"].(string)
	list, _ := said(t, s, 200, "GET /api/owners", "")
	for _, how := range []string{"/~" + id, ""} {
		said(t, s, 201, "POST /api/owners", `{"name":"Ann"}`, "Mock-Sandbox: "+id)
		c.say(204, "POST /api"+how+"/__mock/reset?only=rows", "", map[bool]string{true: "Mock-Sandbox: " + id, false: "A: b"}[how == ""])
		if after, _ := said(t, s, 200, "GET /api/owners", "", "Mock-Sandbox: "+id); after["total"] != list["total"] {
			t.Errorf("%q: %v rows after the reset", how, after["total"])
		}
	}
	for request, want := range map[string]int{
		"GET /api/__mock/reset": 405, "GET /api/__mock/nowhere": 404, "POST /api/__mock/reset?only=pets": 400, "POST /api/__mock/reset?onyl=rows": 400,
		"DELETE /api/__mock/sandboxes/a%20b": 400, "GET /api/~a%20b/__mock/health": 400,
	} {
		c.say(want, request, "")
	}
	for _, body := range []string{`{"id": 7}`, `{"ID": "x"}`, `{`, `[]`, `{"id": ""}`} {
		if w := c.send("POST /api/__mock/sandboxes", body); w.Code != 422 && w.Code != 400 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

// TestControlDocument holds the API's document to the checks that every other one meets, and to the functions that there are.
func TestControlDocument(t *testing.T) {
	c := controlOf(t, nil).contract
	for _, d := range mock.Check(t.Context(), c, nil) {
		t.Error(d)
	}
	for _, f := range lint.Check(t.Context(), c) {
		t.Errorf("%s: %s (%s)", f.Position, f.Message, f.Rule.Name)
	}
	api := mock.API(shopServer(t, mock.Control(), mock.Docs(mock.Looks{})))
	for _, op := range c.Operations() {
		if !api.Has(op.ID) {
			t.Errorf("nobody answers %s", op.ID)
		}
	}
	for _, id := range api.IDs() {
		if c.Operation(id) == nil {
			t.Errorf("the document lacks %s", id)
		}
	}
	s, err := mock.New(c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	newSweep(t, c, s).run(t)
}

// TestControlNeedsNoDocument asks for what the document cannot say.
func TestControlTakesAnything(t *testing.T) {
	c := controlOf(t, shopServer(t, mock.Control()))
	for _, op := range c.contract.Operations() {
		if op.ID == "followRequests" { // which does not end
			continue
		}
		for _, body := range []string{"", "{}", "[]", "null", `{"`, `"x"`, `{"a":{"b":[1,2,{"c":null}]}}`, strings.Repeat("[", 5000)} {
			path := segment.ReplaceAllString(op.Template, url.PathEscape("x/é\x00"))
			if w := c.send(op.Method+" /__mock"+path, body); w.Code == 0 || w.Code >= 500 {
				t.Errorf("%s %s %.30s: %d %s", op.Method, path, body, w.Code, w.Body)
			}
		}
	}
}

func TestUnknownOperation(t *testing.T) {
	api := control.New(func(*http.Request) error { return nil })
	w := httptest.NewRecorder()
	api.Serve(w, httptest.NewRequestWithContext(context.Background(), "GET", "/__mock/sandboxes", nil), "/sandboxes", "default")
	if w.Code != 404 || !strings.Contains(w.Body.String(), "listSandboxes") {
		t.Error(w.Code, w.Body)
	}
}
