package mock_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
)

// subscriptions has a callback of each kind, and webhooks.
const subscriptions = `openapi: 3.1.0
info: {title: Subscriptions, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {"200": {description: All., content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}}}
    post:
      operationId: createPet
      parameters:
        - {name: told, in: query, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "409": {description: There is one., content: {application/json: {schema: {type: object, required: [error], properties: {error: {type: string}}}}}}
      callbacks:
        petReady:
          "{$request.body#/callbackUrl}/ready?of={$response.body#/id}":
            post:
              operationId: receivePet
              parameters:
                - {name: X-Event, in: header, required: true, schema: {type: string, const: pet.ready}}
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [eventId, pet]
                      properties:
                        eventId: {type: string, format: uuid}
                        at: {type: string, format: date-time}
                        pet: {$ref: "#/components/schemas/Pet"}
              responses: {"204": {description: Heard.}}
        petTold:
          "$request.query.told":
            put:
              requestBody:
                content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
              responses: {"200": {description: Heard., content: {application/json: {schema: {type: object, required: [heard], properties: {heard: {type: boolean}}}}}}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
webhooks:
  petCreated:
    post:
      x-mock: {after: createPet}
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [type, id], properties: {type: {const: pet.created}, id: {type: integer}, name: {type: string}}}}}
      responses: {"200": {description: Heard.}}
  shopClosed:
    post:
      requestBody:
        content: {application/json: {schema: {type: object, required: [until], properties: {until: {type: string, format: date}}}}}
components:
  schemas:
    NewPet:
      type: object
      required: [name]
      properties: {name: {type: string, minLength: 1}, callbackUrl: {type: string}}
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: integer, readOnly: true}, name: {type: string, minLength: 1}}
`

// heard is what a receiver was sent.
type heard struct {
	method, target string
	header         http.Header
	body           map[string]any
}

// receiver answers with a status and a body what it is sent.
func receiver(t *testing.T, status int, body string) (url string, calls chan heard) {
	calls = make(chan heard, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := heard{method: r.Method, target: r.URL.RequestURI(), header: r.Header}
		text, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(text, &h.body); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		calls <- h
	}))
	t.Cleanup(s.Close)
	return s.URL, calls
}

// next is what comes next.
func next(t *testing.T, calls chan heard) heard {
	t.Helper()
	select {
	case h := <-calls:
		return h
	case <-time.After(20 * time.Second):
		t.Fatal("nobody called")
		return heard{}
	}
}

func subscribed(t *testing.T, options ...mock.Option) (*mock.Server, *remote) {
	s, err := mock.New(parse(t, subscriptions), append(options, mock.Control(), mock.Docs(mock.Looks{}))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, controlOf(t, s)
}

// TestCallbacksFollow lets what an operation documents follow where it succeeds, with the values of the exchange.
func TestCallbacksFollow(t *testing.T) {
	to, calls := receiver(t, http.StatusOK, `{"heard": true}`)
	s, k := subscribed(t, mock.CallbackOrigins(to))
	k.send("PATCH /__mock/settings", `{"webhooks": "`+to+`/hooks"}`)
	w := ask(s, "POST /pets?told="+to+"/told", `{"name":"Rex","callbackUrl":"`+to+`/cb"}`)
	if w.Code != http.StatusCreated {
		t.Fatal(w.Code, w.Body)
	}
	var made struct{ ID json.Number }
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	got := map[string]heard{}
	for range 3 {
		h := next(t, calls)
		path, _, _ := strings.Cut(h.target, "?")
		got[h.method+" "+path] = h
	}
	ready := got["POST /cb/ready"]
	if ready.target != "/cb/ready?of="+made.ID.String() || ready.header.Get("X-Event") != "pet.ready" {
		t.Error(ready)
	}
	pet, _ := ready.body["pet"].(map[string]any)
	if text, _ := json.Marshal(pet["id"]); string(text) != made.ID.String() || pet["name"] != "Rex" || ready.body["eventId"] == nil {
		t.Error(ready.body)
	}
	if hook := got["POST /hooks"]; hook.body["type"] != "pet.created" || hook.body["name"] != "Rex" {
		t.Error(got)
	}
	if told := got["PUT /told"]; told.body["name"] != "Rex" {
		t.Error(got)
	}
	for _, id := range []string{"createPet.petReady", "createPet.petTold", "petCreated"} {
		waitFor(t, func() bool {
			all, err := s.Sandbox(mock.DefaultSandbox).Exchanges(t.Context(), id)
			return err == nil && len(all) == 1 && all[0].Source == "callback" && (all[0].Status == 200)
		})
	}
	all, _ := s.Sandbox(mock.DefaultSandbox).Exchanges(t.Context(), "createPet.petReady")
	if len(all[0].Response) == 0 { // 200, where 204 is documented
		t.Error("the receiver's answer is not held to the document")
	}
}

// waitFor looks again and again, for what happens in the background.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never holds")
		}
	}
}

// TestCallbacksThatDoNotFollow are those of requests that fail, wish for an answer, or name nobody.
func TestCallbacksThatDoNotFollow(t *testing.T) {
	to, calls := receiver(t, http.StatusOK, "{}")
	s, k := subscribed(t, mock.CallbackOrigins(to))
	ask(s, "POST /pets", `{"callbackUrl":"`+to+`"}`)
	ask(s, "POST /pets", `{"name":"Rex","callbackUrl":"`+to+`"}`, "Prefer: code=409")
	ask(s, "POST /pets", `{"name":"Rex","callbackUrl":7}`)
	ask(s, "POST /pets", `{"name":"Rex"}`)
	k.send("POST /__mock/stubs", `{"operation": "createPet", "times": 1, "respond": {"status": 409, "body": {"error": "no"}}}`)
	ask(s, "POST /pets", `{"name":"Rex","callbackUrl":"`+to+`"}`)
	stateless, _ := subscribed(t, mock.CallbackOrigins(to), mock.Stateless())
	ask(stateless, "POST /pets", `{"name":"Rex","callbackUrl":"`+to+`"}`)
	ask(s, "POST /pets", `{"name":"Last","callbackUrl":"`+to+`/last"}`)
	if h := next(t, calls); !strings.HasPrefix(h.target, "/last/ready") {
		t.Error(h)
	}
	if len(calls) > 0 {
		t.Error(<-calls)
	}
}

// TestCallbacksAreNotSentAnywhere writes down what goes to an origin that nobody has allowed, and sends nothing.
func TestCallbacksAreNotSentAnywhere(t *testing.T) {
	to, calls := receiver(t, http.StatusOK, "{}")
	s, k := subscribed(t)
	ask(s, "POST /pets", `{"name":"Rex","callbackUrl":"`+to+`"}`)
	var told []mock.Exchange
	waitFor(t, func() bool {
		told, _ = s.Sandbox(mock.DefaultSandbox).Exchanges(t.Context(), "createPet.petReady")
		return len(told) == 1 && told[0].Source != "callback"
	})
	if told[0].Source != "callback;failed" || !strings.Contains(string(told[0].ResponseBody), "--callback-allow") || !strings.Contains(string(told[0].RequestBody), "Rex") {
		t.Errorf("%+v %s", told[0], told[0].ResponseBody)
	}
	if w := k.send("POST /__mock/callbacks/petReady/fire", ""); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "callback-not-allowed") {
		t.Error(w.Code, w.Body)
	}
	if all, _ := s.Sandbox(mock.DefaultSandbox).Exchanges(t.Context(), "createPet.petReady"); len(all) != 2 {
		t.Error("what is refused is not in the journal")
	}
	if w := ask(s, "GET /docs/journal", "", "Host: localhost"); w.Code >= 500 {
		t.Error(w.Code, w.Body)
	}
	if len(calls) > 0 {
		t.Error(<-calls)
	}
}

// TestFire sends on demand.
func TestFire(t *testing.T) {
	to, calls := receiver(t, http.StatusOK, "{}")
	failing, _ := receiver(t, http.StatusInternalServerError, "{}")
	s, k := subscribed(t, mock.CallbackOrigins(to, failing))
	fire := func(name, body string, status int, parts ...string) {
		t.Helper()
		w := k.send("POST /__mock/callbacks/"+name+"/fire", body)
		if w.Code != status {
			t.Errorf("%s %s: %d %s", name, body, w.Code, w.Body)
		}
		for _, part := range parts {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s %s: %s lacks %s", name, body, w.Body, part)
			}
		}
	}
	fire("shopClosed", `{"url": "`+to+`/a"}`, 200, `"delivered": true`, `"callback": "shopClosed"`)
	if h := next(t, calls); h.target != "/a" || h.body["until"] == nil {
		t.Error(h)
	}
	fire("shopClosed", `{"url": "`+to+`/b", "body": {"until": "2030-01-01"}, "headers": {"x-signature": "s"}}`, 200)
	if h := next(t, calls); h.body["until"] != "2030-01-01" || h.header.Get("X-Signature") != "s" {
		t.Error(h)
	}
	fire("shopClosed", `{"url": "`+to+`", "body": {"until": "soon"}}`, 422, "violations", "until")
	fire("shopClosed", `{"url": "`+to+`", "body": {"until": "soon"}, "validate": false}`, 200)
	next(t, calls)
	fire("shopClosed", "", 422, "no-receiver", "settings")
	fire("petReady", "", 422, "no-receiver", "callbackUrl")
	fire("nothing", "", 404, "petReady", "shopClosed")
	fire("shopClosed", `{"url": "ftp://x"}`, 422)
	fire("shopClosed", `{"exchange": "999"}`, 404)
	fire("shopClosed", `{"url": "`+failing+`"}`, 200, `"delivered": false`, `"status": 500`)
	fire("shopClosed", `{"url": "http://192.0.2.7"}`, 403, "callback-not-allowed")
	ask(s, "POST /pets", `{"name":"Rex","callbackUrl":"`+to+`/cb"}`)
	next(t, calls)
	fire("receivePet", "", 200, `/cb/ready`)
	if h := next(t, calls); h.body["pet"].(map[string]any)["name"] != "Rex" {
		t.Error(h)
	}
	fire("petCreated", `{"url": "`+to+`/hook"}`, 200)
	if h := next(t, calls); h.body["name"] != "Rex" {
		t.Error(h)
	}
	var list struct {
		Callbacks []struct{ ID, Kind, To string }
	}
	if err := json.Unmarshal(k.send("GET /__mock/callbacks", "").Body.Bytes(), &list); err != nil || len(list.Callbacks) != 4 || list.Callbacks[2].ID != "createPet.petReady" {
		t.Errorf("%+v %v", list, err)
	}
}

// TestCallbacksOfTheSameSeed carry the same bytes.
func TestCallbacksOfTheSameSeed(t *testing.T) {
	to, calls := receiver(t, http.StatusOK, "{}")
	var bodies []string
	for range 2 {
		s, _ := subscribed(t, mock.CallbackOrigins(to), mock.Seed(5))
		ask(s, "POST /pets", `{"name":"Rex","callbackUrl":"`+to+`"}`)
		text, _ := json.Marshal(next(t, calls).body)
		bodies = append(bodies, string(text))
	}
	if bodies[0] != bodies[1] {
		t.Error(bodies)
	}
}

// TestWrongCallbacks tells what is wrong with what a document says of callbacks.
func TestWrongCallbacks(t *testing.T) {
	const head = `openapi: 3.1.0
info: {title: T, version: "1"}
paths: {/a: {post: {operationId: a, responses: {"200": {description: OK.}}, callbacks: `
	for text, want := range map[string]string{
		head + `{c: {"{$request.body": {post: {responses: {"200": {description: OK.}}}}}}}}}`:      "is not closed",
		head + `{c: {"{$request.cookie.a}": {post: {responses: {"200": {description: OK.}}}}}}}}}`: "is no runtime expression",
		head + `{c: 7}}}}`: "must be an object",
		head + `{}}}}` + "\nwebhooks: {w: {post: {x-mock: {after: b}}}}":                                                    "which is no operation",
		head + `{}}}}` + "\nwebhooks: {w: {post: {x-mock: {before: a}}}}":                                                   "x-mock",
		head + `{}}}}` + "\nwebhooks: {w: {post: {x-mock: {after: a, to: '{$response.cookie}'}}}}":                          "cannot be sent",
		head + `{}}}}` + "\nwebhooks: {w: {post: {requestBody: {content: {application/json: {schema: {type: nothing}}}}}}}": "nothing",
	} {
		c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, d := range mock.Check(t.Context(), c, nil) {
			found += d.String() + "\n"
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s\n%q lacks %q", text, found, want)
		}
	}
}
