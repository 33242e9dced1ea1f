package portal

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const jobs = `
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://{region}.api.example.com:8443/v1", variables: {region: {default: eu}}}, {url: /v1}, {url: "javascript:alert(1)"}, {url: "https://a b;evil/"}]
x-mock: {login: {operation: logIn, example: admin, token: /session/token, header: "OAuth {token}", scheme: session, logout: logOut}}
security: [{session: []}]
components: {securitySchemes: {session: {type: apiKey, in: header, name: Authorization}}}
paths:
  /login:
    post:
      operationId: logIn
      security: []
      requestBody: {required: true, content: {application/json: {schema: {type: object}, examples: {admin: {value: {who: {name: admin, password: pw}}}}}}}
      responses: {"200": {description: d}}
  /sessions/{token}:
    delete:
      operationId: logOut
      parameters: [{name: token, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: d}}
  /jobs:
    post:
      operationId: start
      responses:
        "202": {description: d, headers: {X-Needed: {required: true, schema: {type: string}}}, content: {application/json: {schema: {type: object, properties: {at: {type: string}, n: {type: object, properties: {deep: {type: integer}}}}}}}}
  /jobs/{id}:
    get:
      operationId: look
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"202": {description: d}, "200": {description: d}}
  /hidden:
    get: {operationId: hidden, x-internal: true, responses: {"204": {description: d}}}
`

// worker plays a server with a login and a job that ends when it is looked at twice.
func worker(asked *[]string) http.Handler {
	looks := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/v1/login":
			var in struct {
				Who struct{ Name, Password string }
			}
			_ = json.NewDecoder(r.Body).Decode(&in)
			if in.Who.Password != "pw" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			_, _ = w.Write([]byte(`{"session": {"token": "tok-1"}}`))
		case "/v1/jobs":
			w.WriteHeader(http.StatusAccepted)
			_, _ = w.Write([]byte(`{"at": "http://10.0.0.1/v1/jobs/7", "n": {"deep": "no number"}}`))
		case "/v1/jobs/7":
			if looks++; looks < 2 {
				w.Header().Set("Location", "/v1/jobs/7")
				w.WriteHeader(http.StatusAccepted)
			}
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

func jobPortal(t *testing.T) (*Portal, *[]string) {
	asked := &[]string{}
	return portalOf(t, parse(t, jobs), func(s *Site) { s.API = worker(asked) }), asked
}

func TestSessionFromLoginToLogout(t *testing.T) {
	p, asked := jobPortal(t)
	bad := post(t, p, "/docs/try/start", url.Values{"do": {"login"}, "login:/who/password": {"wrong"}}).Body.String()
	if strings.Contains(bad, "tok-1") || !strings.Contains(bad, word(english, "try.login.failed", 403)) {
		t.Error("a login that fails is not told of")
	}
	page := post(t, p, "/docs/try/start", url.Values{"do": {"login"}}).Body.String()
	if !strings.Contains(page, `type="password" value="tok-1"`) {
		t.Error("the token is not in the form")
	}
	post(t, p, "/docs/try/start", url.Values{"secret:session": {"tok-1"}})
	page = post(t, p, "/docs/try/start", url.Values{"secret:session": {"tok-1"}, "do": {"logout"}}).Body.String()
	if strings.Contains(page, "tok-1") {
		t.Error("the token is still in the form")
	}
	want := "POST /v1/login |POST /v1/login |POST /v1/jobs OAuth tok-1|DELETE /v1/sessions/tok-1 OAuth tok-1"
	if got := strings.Join(*asked, "|"); got != want {
		t.Errorf("asked %s\nwant  %s", got, want)
	}
}

func TestFollowToTheEnd(t *testing.T) {
	p, asked := jobPortal(t)
	page := post(t, p, "/docs/try/start", url.Values{"secret:session": {"t"}}).Body.String()
	for range 5 {
		_, after, found := strings.Cut(page, `name="follow" value="`)
		if !found {
			break
		}
		target, _, _ := strings.Cut(after, `"`)
		page = post(t, p, "/docs/try/start", url.Values{"secret:session": {"t"}, "do": {"follow"}, "follow": {target}}).Body.String()
	}
	want := "POST /v1/jobs OAuth t|GET /v1/jobs/7 OAuth t|GET /v1/jobs/7 OAuth t"
	if got := strings.Join(*asked, "|"); got != want {
		t.Errorf("asked %s\nwant  %s", got, want)
	}
	for _, target := range []string{"http://evil.example/", "/v1/jobs", "/hidden", "javascript:alert(1)", "//evil.example/other", ""} {
		before := len(*asked)
		post(t, p, "/docs/try/start", url.Values{"do": {"follow"}, "follow": {target}})
		if len(*asked) != before {
			t.Errorf("%q is followed", target)
		}
	}
}

func TestViolationsLeadToPlacesThatExist(t *testing.T) {
	p, _ := jobPortal(t)
	page := post(t, p, "/docs/try/start", url.Values{"secret:session": {"t"}}).Body.String()
	if !strings.Contains(page, `href="/docs/op/start#202.n.deep"`) {
		t.Errorf("no link to the property: %s", page)
	}
	for anchor, want := range map[string]string{"202.n.deep.er": "202.n.deep", "202.nobody": "202", "500.a": "", "in.query.x": ""} {
		if got := standing(anchor, map[string]bool{"202": true, "202.n": true, "202.n.deep": true}); got != want {
			t.Errorf("%s stands at %q, want %q", anchor, got, want)
		}
	}
}

func TestPreparedRequest(t *testing.T) {
	p, asked := jobPortal(t)
	read := func(query string, form url.Values) (out preparation, text string) {
		text = post(t, p, "/docs/try/start?prepare"+query, form).Body.String()
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			t.Fatal(err)
		}
		return out, text
	}
	form := url.Values{"secret:session": {"s3cret"}, "code": {"202"}}
	got, text := read("", form)
	want := "curl -X POST 'http://example.com/v1/jobs' -H 'Authorization: OAuth {sessionToken}' -H 'Mock-Prefer: code=202'"
	if got.Curl != want || strings.Contains(text, "s3cret") {
		t.Errorf("got %s\nwant %s", text, want)
	}
	form.Set("host", "https://eu.api.example.com:8443/v1")
	got, _ = read("&secrets", form)
	if got.HAR.URL != "https://eu.api.example.com:8443/v1/jobs" || len(got.HAR.Headers) != 1 || got.HAR.Headers[0].Value != "OAuth s3cret" {
		t.Errorf("for the real host: %+v", got.HAR)
	}
	form.Set("host", "https://evil.example")
	if got, _ = read("&secrets", form); got.HAR.URL != "http://example.com/v1/jobs" {
		t.Errorf("an undocumented host is %s", got.HAR.URL)
	}
	if len(*asked) != 0 {
		t.Errorf("preparing asks %v", *asked)
	}
}

func TestAnswersOfRealHostsAreJudged(t *testing.T) {
	p, asked := jobPortal(t)
	judge := func(body string) string {
		return post(t, p, "/docs/check/start?fragment", url.Values{
			"secret:session": {"t"}, "answer.status": {"202"}, "answer.header": {"content-type: application/json"},
			"answer.body": {base64.StdEncoding.EncodeToString([]byte(body))}, "answer.took": {"12"},
		}).Body.String()
	}
	if page := judge(`{"at": "x"}`); strings.Count(page, `<li class="kept">`) != 2 || !strings.Contains(page, "12ms") {
		t.Errorf("a right answer: %s", page)
	}
	if page := judge(`{"at": 1}`); strings.Count(page, `<li class="kept">`) != 1 {
		t.Errorf("a wrong answer: %s", page)
	}
	if len(*asked) != 0 {
		t.Errorf("judging asks %v", *asked)
	}
}

func TestPolicyNamesDocumentedServersOnly(t *testing.T) {
	p, _ := jobPortal(t)
	want := "connect-src 'self' https://eu.api.example.com:8443;"
	for _, path := range []string{"/docs/op/start", "/docs/try/start"} {
		if got := get(t, p, path).Header().Get("Content-Security-Policy"); !strings.Contains(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := get(t, p, "/docs/").Header().Get("Content-Security-Policy"); got != policy {
		t.Errorf("the first page: %s", got)
	}
}

func TestWhatIsInternalCannotBeTried(t *testing.T) {
	p, asked := jobPortal(t)
	if w := get(t, p, "/docs/try/hidden"); w.Code != http.StatusNotFound {
		t.Errorf("the form is answered %d", w.Code)
	}
	if w := post(t, p, "/docs/try/hidden", url.Values{}); w.Code != http.StatusMethodNotAllowed || len(*asked) != 0 {
		t.Errorf("posting is answered %d", w.Code)
	}
}

func TestScriptStaysSmall(t *testing.T) {
	p := demoPortal(t)
	if n := len(p.assets.script.file.compressed); n > 25_000 {
		t.Errorf("the script takes %d bytes", n)
	}
	if n := len(p.assets.style.file.compressed); n > 8_000 {
		t.Errorf("the style takes %d bytes", n)
	}
}
