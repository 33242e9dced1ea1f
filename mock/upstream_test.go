package mock_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"standin/mock"
	"standin/mock/contract"
)

const itemShop = `openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: /v1}]
paths:
  /items:
    get:
      operationId: listItems
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
      responses:
        '200':
          description: all
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}
    post:
      operationId: addItem
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses:
        '201': {description: added, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
  /items/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getItem
      responses:
        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        '404': {description: none, content: {application/json: {schema: {type: object, required: [error], properties: {error: {type: string}}}}}}
  /feed:
    get:
      operationId: feed
      responses:
        '200':
          description: events
          content: {text/event-stream: {schema: {type: array, items: {type: object, properties: {data: {type: string, maxLength: 5}}}}}}
  /file:
    get:
      operationId: file
      responses: {'200': {description: bytes, content: {application/octet-stream: {}}}}
    put:
      operationId: putFile
      requestBody: {content: {application/octet-stream: {}}}
      responses: {'204': {description: kept}}
components:
  schemas:
    Item:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string, maxLength: 10}}
`

// between starts a real server and a standin in front of it, and tells of the exchanges.
type between struct {
	URL       string
	server    *mock.Server
	mu        sync.Mutex
	exchanges []mock.Exchange
	done      chan struct{}
}

func (b *between) last(t *testing.T) mock.Exchange {
	t.Helper()
	select {
	case <-b.done:
	case <-time.After(10 * time.Second):
		t.Fatal("no exchange was told within 10 s")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.exchanges[len(b.exchanges)-1]
}

func inFront(t *testing.T, document string, real http.Handler, options ...mock.Option) *between {
	t.Helper()
	backend := httptest.NewServer(real)
	t.Cleanup(backend.Close)
	return inFrontOf(t, document, backend.URL, options...)
}

func inFrontOf(t *testing.T, document, target string, options ...mock.Option) *between {
	t.Helper()
	c, err := contract.Parse(context.Background(), "shop.yaml", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	b := &between{done: make(chan struct{}, 10_000)}
	observe := mock.OnExchange(func(e mock.Exchange) {
		b.mu.Lock()
		b.exchanges = append(b.exchanges, e)
		b.mu.Unlock()
		b.done <- struct{}{}
	})
	b.server, err = mock.New(c, append([]mock.Option{mock.Upstream(target), observe}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(b.server)
	t.Cleanup(func() { web.Close(); _ = b.server.Close() })
	b.URL = web.URL
	return b
}

// unfollowing is a client that shows redirects, and asks for no compression by itself.
func unfollowing() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func askOver(t *testing.T, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := unfollowing().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

// answerWith is a real server that always gives the same answer.
func answerWith(status int, contentType, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestUpstreamJudgesBothDirections(t *testing.T) {
	const json, good = "application/json", `{"id":7,"name":"Nut"}`
	cases := []struct {
		name         string
		real         http.HandlerFunc
		options      []mock.Option
		method, path string
		body         string
		header       []string
		status       int
		answer       string // "" for any
		source       string
		violations   string
		problem      string // within the body
	}{
		{name: "kept", real: answerWith(200, json, good), method: "GET", path: "/items/7", status: 200, answer: good, source: "upstream", violations: "request=0, response=0"},
		{name: "wrong answer is told", real: answerWith(200, json, `{"id":"7"}`), method: "GET", path: "/v1/items/7", status: 200, answer: `{"id":"7"}`, source: "upstream", violations: "request=0, response=2"},
		{name: "wrong answer is blocked", real: answerWith(200, json, `{"id":"7"}`), options: []mock.Option{mock.UpstreamBlocks()}, method: "GET", path: "/items/7", status: 502, source: "refusal", violations: "request=0, response=2", problem: "shop.yaml:"},
		{name: "undocumented status", real: answerWith(418, json, `{}`), method: "GET", path: "/items/7", status: 418, source: "upstream", violations: "request=0, response=1"},
		{name: "wrong request is told", real: answerWith(400, json, `{}`), method: "POST", path: "/items", body: `{"id":1}`, status: 400, source: "upstream", violations: "request=1, response=1"},
		{name: "wrong request is blocked", real: answerWith(201, json, good), options: []mock.Option{mock.UpstreamBlocks()}, method: "POST", path: "/items", body: `{"id":1}`, status: 422, source: "refusal", problem: "violations"},
		{name: "blocked by wish", real: answerWith(201, json, good), method: "POST", path: "/items", body: `{"id":1}`, header: []string{"Prefer", "handling=strict"}, status: 422, source: "refusal"},
		{name: "not blocked by wish", real: answerWith(201, json, good), options: []mock.Option{mock.UpstreamBlocks()}, method: "POST", path: "/items", body: `{"id":1}`, header: []string{"Prefer", "handling=lenient"}, status: 201, source: "upstream"},
		{name: "501 is mocked", real: answerWith(501, json, `{}`), method: "GET", path: "/items/7", status: 200, source: "state"},
		{name: "404 of a server without the operation is mocked", real: answerWith(404, "text/plain", "404 page not found\n"), method: "GET", path: "/items/7", status: 200, source: "state"},
		{name: "404 of a missing item passes", real: answerWith(404, json, `{"error":"none"}`), method: "GET", path: "/items/7", status: 404, answer: `{"error":"none"}`, source: "upstream", violations: "request=0, response=0"},
		{name: "404 passes when told to", real: answerWith(404, "text/plain", "gone"), options: []mock.Option{mock.UpstreamOnly()}, method: "GET", path: "/items/7", status: 404, answer: "gone", source: "upstream"},
		{name: "what is mocked is judged", real: answerWith(501, json, `{}`), method: "POST", path: "/items", body: `{"id":1}`, status: 422, source: "refusal"},
		{name: "listed operation is mocked", real: answerWith(500, json, `{}`), options: []mock.Option{mock.UpstreamLacks("getItem")}, method: "GET", path: "/items/7", status: 200, source: "state"},
		{name: "a wish is the mock's", real: answerWith(500, json, `{}`), method: "GET", path: "/items/7", header: []string{"Prefer", "code=404"}, status: 404, source: "generated"},
		{name: "unknown path passes", real: answerWith(200, json, `{}`), method: "GET", path: "/secret", status: 200, answer: "{}", source: "upstream", violations: "request=1"},
		{name: "unknown path is blocked", real: answerWith(200, json, `{}`), options: []mock.Option{mock.UpstreamBlocks()}, method: "GET", path: "/secret", status: 404, source: "unrouted"},
		{name: "compressed", real: compressed("gzip", `{"id":"7"}`), method: "GET", path: "/items/7", header: []string{"Accept-Encoding", "compress, gzip"}, status: 200, source: "upstream", violations: "request=0, response=2"},
		{name: "brotli", real: compressed("br", `{"id":"7"}`), method: "GET", path: "/items/7", header: []string{"Accept-Encoding", "br"}, status: 200, source: "upstream", violations: "request=0, response=2"},
		{name: "zstd", real: compressed("zstd", `{"id":"7"}`), method: "GET", path: "/items/7", header: []string{"Accept-Encoding", "zstd"}, status: 200, source: "upstream", violations: "request=0, response=2"},
		{name: "damaged brotli", real: answerWith(200, json, "\x0b\x02\x80", "Content-Encoding", "br"), method: "GET", path: "/items/7", status: 200, source: "upstream", violations: "request=0, response=1"},
		{name: "unread encoding", real: answerWith(200, json, "\x1f\x9d", "Content-Encoding", "compress"), method: "GET", path: "/items/7", status: 200, answer: "\x1f\x9d", source: "upstream"},
		{name: "redirect", real: answerWith(302, "", "", "Location", "https://elsewhere.example/x"), method: "GET", path: "/items/7", status: 302, source: "upstream"},
		{name: "without a body", real: answerWith(204, "", ""), method: "PUT", path: "/file", status: 204, source: "upstream", violations: "request=0, response=0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := inFront(t, itemShop, c.real, c.options...)
			res, text := askOver(t, c.method, b.URL+c.path, c.body, c.header...)
			source, _, _ := strings.Cut(res.Header.Get("Mock-Source"), ";")
			if res.StatusCode != c.status || source != c.source || c.answer != "" && text != c.answer || !strings.Contains(text, c.problem) {
				t.Fatalf("%d %q from %q, want %d %q from %q", res.StatusCode, text, source, c.status, c.answer, c.source)
			}
			if got := res.Header.Get("Mock-Violations"); c.violations != "" && got != c.violations {
				t.Errorf("Mock-Violations: %q, want %q (%s)", got, c.violations, res.Header.Get("Mock-Violation"))
			}
			if told := b.last(t); told.Status != c.status {
				t.Errorf("told of %v", told)
			}
		})
	}
}

// compressed answers in a coding, if that is what it is asked for.
func compressed(coding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != coding {
			http.Error(w, "asked for "+got, http.StatusTeapot)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", coding)
		_, _ = io.WriteString(w, packed(coding, body))
	}
}

// packed is a text in a content coding.
func packed(coding, text string) string {
	var b bytes.Buffer
	var z io.WriteCloser
	switch coding {
	case "br":
		z = brotli.NewWriter(&b)
	case "zstd":
		z, _ = zstd.NewWriter(&b)
	default:
		z = gzip.NewWriter(&b)
	}
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

// TestUpstreamAddresses: what the real server is asked, and what its addresses become.
func TestUpstreamAddresses(t *testing.T) {
	var seen *http.Request
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("Location", "http://"+r.Host+"/v1/items/9?a=b#c")
		w.Header().Set("Content-Location", "/v1/items/9")
		w.Header().Add("Set-Cookie", "sid=1; Domain=127.0.0.1; Path=/v1; Secure; SameSite=None; HttpOnly")
		w.Header().Add("Set-Cookie", "__Host-x=1; Path=/; Secure")
		w.Header().Set("Connection", "X-Hop")
		w.Header().Set("X-Hop", "1")
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
	}))
	t.Cleanup(backend.Close)
	b := inFrontOf(t, itemShop, backend.URL+"/v1")
	for _, path := range []string{"/items/a%2Fb;x?limit=1;2&q=%zz", "/v1/items/a%2Fb;x?limit=1;2&q=%zz"} {
		res, _ := askOver(t, "GET", b.URL+path, "", "Origin", "https://app.example", "Connection", "X-Mine", "X-Mine", "1", "Mock-Prefer", "handling=default")
		if seen.RequestURI != "/v1/items/a%2Fb;x?limit=1;2&q=%zz" {
			t.Errorf("asked for %s", seen.RequestURI)
		}
		prefix := strings.TrimSuffix(path, "/items/a%2Fb;x?limit=1;2&q=%zz")
		for name, want := range map[string]string{
			"Location": b.URL + prefix + "/items/9?a=b#c", "Content-Location": prefix + "/items/9", "X-Hop": "", "Access-Control-Allow-Origin": "https://app.example",
			"Access-Control-Allow-Credentials": "",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		cookies := res.Header["Set-Cookie"]
		cookiePath := prefix
		if prefix == "" {
			cookiePath = "/"
		}
		if len(cookies) != 2 || cookies[0] != "sid=1; Path="+cookiePath+"; HttpOnly" || cookies[1] != "__Host-x=1; Path=/; Secure" {
			t.Errorf("cookies: %q", cookies)
		}
	}
	for name, want := range map[string]string{"X-Mine": "", "Mock-Prefer": "", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "Origin": "https://app.example"} {
		if got := seen.Header.Get(name); got != want {
			t.Errorf("the real server was sent %s: %q, want %q", name, got, want)
		}
	}
}

func TestUpstreamKeepsItsOwnCORS(t *testing.T) {
	b := inFront(t, itemShop, answerWith(204, "", "", "Access-Control-Allow-Origin", "https://only.example"), mock.UpstreamLacks("listItems"))
	res, _ := askOver(t, "OPTIONS", b.URL+"/items/1", "", "Origin", "http://localhost:3000", "Access-Control-Request-Method", "GET")
	if got := res.Header["Access-Control-Allow-Origin"]; len(got) != 1 || got[0] != "https://only.example" {
		t.Errorf("preflight of the real server: %q", got)
	}
	res, _ = askOver(t, "OPTIONS", b.URL+"/items", "", "Origin", "http://localhost:3000", "Access-Control-Request-Method", "GET")
	if got := res.Header.Get("Access-Control-Allow-Origin"); got != "http://localhost:3000" || res.Header.Get("Access-Control-Allow-Methods") == "" {
		t.Errorf("preflight of a mocked operation: %q", res.Header)
	}
	res, _ = askOver(t, "GET", b.URL+"/items", "", "Origin", "http://localhost:3000")
	if got := res.Header.Get("Access-Control-Allow-Origin"); got != "http://localhost:3000" {
		t.Errorf("a mocked answer: %q", res.Header)
	}
}

// TestUpstreamBehindFixtures: fixtures and stubs answer first.
func TestUpstreamBehindFixtures(t *testing.T) {
	files := fstest.MapFS{"one.yaml": {Data: []byte("operation: getItem\nwhen: {path: {id: 1}}\nrespond: {body: {id: 1, name: Own}}\n")}}
	b := inFront(t, itemShop, answerWith(200, "application/json", `{"id":2,"name":"Real"}`), mock.Fixtures(files))
	for path, want := range map[string]string{"/items/1": "fixture", "/items/2": "upstream"} {
		if res, _ := askOver(t, "GET", b.URL+path, ""); res.Header.Get("Mock-Source") != want {
			t.Errorf("%s is answered by %s", path, res.Header.Get("Mock-Source"))
		}
	}
}

func TestUpstreamOptionsAreChecked(t *testing.T) {
	c, err := contract.Parse(context.Background(), "shop.yaml", []byte(itemShop))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"", "api.example.com", "ftp://x", "http://", "http://x?y=1", "http://u:p@x", "http://x#y", ":"} {
		if _, err := mock.New(c, mock.Upstream(target)); err == nil {
			t.Errorf("%q is taken for a real server", target)
		}
	}
	if _, err := mock.New(c, mock.Upstream("http://x"), mock.UpstreamLacks("nothing")); err == nil {
		t.Error("an operation that does not exist is mocked")
	}
}
