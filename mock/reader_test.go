package mock_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

// visitor reads the pages in a browser: he keeps cookies and follows where forms lead.
type visitor struct {
	t       *testing.T
	server  http.Handler
	cookie  string
	headers []string
}

// ask sends a request from the same machine; headers come in lines.
func (v *visitor) ask(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:50000"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://localhost:8080")
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	for _, line := range append(append([]string(nil), v.headers...), headers...) {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	v.server.ServeHTTP(w, r)
	if set := w.Header().Get("Set-Cookie"); set != "" {
		v.cookie, _, _ = strings.Cut(set, ";")
	}
	return w
}

// do sends a form of the Backend page, which must be done, and gives the page afterwards.
func (v *visitor) do(what string, fields ...string) string {
	v.t.Helper()
	form := url.Values{"do": {what}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	w := v.ask(http.MethodPost, "/docs/backend", form.Encode())
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("%s: %d %s", what, w.Code, w.Body)
	}
	return v.ask(http.MethodGet, w.Header().Get("Location"), "").Body.String()
}

// create makes a pet by Try It Out.
func (v *visitor) create(name string) *httptest.ResponseRecorder {
	v.t.Helper()
	form := url.Values{"do": {"send"}, "media": {"application/json"}, "body": {`{"name":"` + name + `"}`}, "shown": {"text"}}
	w := v.ask(http.MethodPost, "/docs/try/createPet", form.Encode())
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "201") {
		v.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w
}

const kennel = `
openapi: 3.1.0
info: {title: Kennel, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {"200": {description: d, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}}}
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"201": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}, "503": {description: d}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getPet
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}, "404": {description: d}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {id: {type: string, readOnly: true}, name: {type: string}}}
`

func kennelOf(t *testing.T) *visitor {
	t.Helper()
	c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(kennel))
	if err != nil {
		t.Fatal(err)
	}
	fixtures := fstest.MapFS{"door.yaml": {Data: []byte("- scenario: door\n  states: {shut: {respond: {getPet: {status: 404}}}, open: {}}\n")}}
	s, err := mock.New(c, mock.Docs(mock.Looks{}), mock.Control(), mock.Fixtures(fixtures))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &visitor{t: t, server: s}
}

func TestReadersTryInSandboxesOfTheirOwn(t *testing.T) {
	a := kennelOf(t)
	b := &visitor{t: t, server: a.server}
	a.create("Rex")
	if !strings.HasPrefix(a.cookie, "standin_docs=docs-") {
		t.Fatalf("the cookie is %q", a.cookie)
	}
	b.create("Bello")
	if a.cookie == b.cookie {
		t.Fatal("two readers share a sandbox")
	}
	for v, want := range map[*visitor][2]string{a: {"Rex", "Bello"}, b: {"Bello", "Rex"}} {
		page := v.ask(http.MethodGet, "/docs/backend?collection=%2Fpets", "").Body.String()
		if !strings.Contains(page, want[0]) || strings.Contains(page, want[1]) {
			t.Errorf("the page does not show %s alone:\n%s", want[0], page)
		}
	}
	if all := a.ask(http.MethodGet, "/pets", "").Body.String(); strings.Contains(all, "Rex") || strings.Contains(all, "Bello") {
		t.Errorf("the API's clients meet what readers tried: %s", all)
	}
	kept := a.cookie
	if w := a.create("Hasso"); w.Header().Get("Set-Cookie") != "" || a.cookie != kept {
		t.Error("a reader is given a second sandbox")
	}
	for _, forged := range []string{"standin_docs=default", "standin_docs=docs-../x", "standin_docs=docs-" + strings.Repeat("A", 80)} {
		v := &visitor{t: t, server: a.server, cookie: forged}
		v.create("Waldi")
		if v.cookie == forged {
			t.Errorf("%s is taken for a sandbox of a reader", forged)
		}
	}
}

func TestReadersFromElsewhereSeeTheirOwnJournal(t *testing.T) {
	far := kennelOf(t)
	far.headers = []string{"X-Forwarded-For: 192.0.2.1"}
	near := &visitor{t: t, server: far.server}
	near.create("Rex")
	far.create("Bello")
	page := far.ask(http.MethodGet, "/docs/journal", "").Body.String()
	if strings.Count(page, "<tr>") != 2 || !strings.Contains(page, "/pets") {
		t.Errorf("the journal of a reader from elsewhere:\n%s", page)
	}
	stolen := strings.TrimPrefix(near.cookie, "standin_docs=")
	if page := far.ask(http.MethodGet, "/docs/journal?sandbox="+stolen, "").Body.String(); strings.Contains(page, "/docs/journal/1") || strings.Count(page, "<tr>") != 2 {
		t.Errorf("a reader from elsewhere chooses a sandbox:\n%s", page)
	}
	for id := range 4 {
		w := far.ask(http.MethodGet, "/docs/journal/"+string(rune('0'+id)), "")
		if strings.Contains(w.Body.String(), "Rex") {
			t.Error("a reader from elsewhere sees an exchange of another sandbox")
		}
	}
	if page := far.ask(http.MethodGet, "/docs/backend", "").Body.String(); strings.Contains(page, "<form class=\"filter\" method=\"post\"") {
		t.Errorf("a reader from elsewhere may change the backend:\n%s", page)
	}
	if w := far.ask(http.MethodPost, "/docs/backend", "do=reset"); w.Code != http.StatusForbidden {
		t.Errorf("a reader from elsewhere resets: %d", w.Code)
	}
}

func TestBackendPage(t *testing.T) {
	v := kennelOf(t)
	v.create("Rex")
	if page := v.ask(http.MethodGet, "/docs/backend", "").Body.String(); !strings.Contains(page, "/pets") || !strings.Contains(page, "door") {
		t.Fatalf("rows or scenarios are missing:\n%s", page)
	}
	if page := v.do("freeze"); !strings.Contains(page, `value="release"`) {
		t.Errorf("the clock runs:\n%s", page)
	}
	before := v.ask(http.MethodGet, "/docs/backend", "").Body.String()
	if v.do("advance", "by", "36h") == before {
		t.Error("the clock did not move")
	}
	if page := v.do("machine"); strings.Contains(page, `value="machine"`) {
		t.Error("the clock is not the machine's again")
	}
	if page := v.do("scenario", "name", "door", "state", "open"); !strings.Contains(page, "<option selected>open") {
		t.Errorf("the scenario stands elsewhere:\n%s", page)
	}
	page := v.do("pin", "operation", "listPets", "status", "503", "times", "1")
	if !strings.Contains(page, `value="unpin"`) {
		t.Fatalf("the answer is not pinned:\n%s", page)
	}
	for _, want := range []string{"503", "200"} {
		if w := v.ask(http.MethodPost, "/docs/try/listPets", "do=send"); !strings.Contains(w.Body.String(), ">"+want) {
			t.Errorf("the pinned answer: want %s:\n%s", want, w.Body)
		}
	}
	_, id, _ := strings.Cut(page, `name="id" value="`)
	id, _, _ = strings.Cut(id, `"`)
	if page := v.do("unpin", "id", id); strings.Contains(page, `value="unpin"`) {
		t.Error("the pinned answer stays")
	}
	if page := v.do("reset"); strings.Contains(page, "Rex") {
		t.Error("rows outlive a reset")
	}
	if list := v.ask(http.MethodGet, "/docs/backend?collection=%2Fpets", "").Body.String(); strings.Contains(list, "Rex") {
		t.Error("rows outlive a reset")
	}
}

func TestBackendPageRefuses(t *testing.T) {
	v := kennelOf(t)
	for form, want := range map[string]string{
		"do=advance&by=soon":                                    "is no time",
		"do=pin&operation=listPets&status=many":                 "is a number",
		"do=pin&operation=nobody&status=200":                    "nobody",
		"do=scenario&name=door&state=ajar":                      "ajar",
		"do=destroy":                                            "nothing is called",
		"do=pin&operation=listPets&status=200&body=%7B%22a%22%": "",
	} {
		w := v.ask(http.MethodPost, "/docs/backend", form)
		if want == "" {
			if w.Code != http.StatusBadRequest {
				t.Errorf("%s: %d", form, w.Code)
			}
			continue
		}
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, without %q", form, w.Code, want)
		}
	}
	for _, foreign := range []string{"Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"} {
		if w := v.ask(http.MethodPost, "/docs/backend", "do=reset", foreign); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", foreign, w.Code)
		}
	}
}

func TestExchangeAsAFixture(t *testing.T) {
	v := kennelOf(t)
	w := v.ask(http.MethodGet, "/pets/7?", "")
	page := v.ask(http.MethodGet, w.Header().Get("Mock-Exchange"), "").Body.String()
	for _, want := range []string{`id="fixture"`, "getPet", "petId"} {
		if !strings.Contains(page, want) {
			t.Errorf("the fixture lacks %s:\n%s", want, page)
		}
	}
}
