package mock_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"standin/mock"
)

func TestStubsByControl(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	const stub = `{"operation":"GET /owners/{ownerId}","name":"gone","when":{"path":{"ownerId":"x"}},"times":2,"respond":{"status":404,"body":{"message":"no"}}}`
	added := c.say(201, "POST /__mock/stubs", stub)["stubs"].([]any)[0].(map[string]any)
	id := added["id"].(string)
	for _, want := range []int{404, 404, 200} {
		if w := ask(s, "GET /owners/x", ""); w.Code != want {
			t.Errorf("%d, want %d: %s", w.Code, want, w.Header().Get("Mock-Source"))
		}
	}
	if w := ask(s, "GET /owners/x", "", "Mock-Sandbox: other"); w.Code != 200 {
		t.Error("a stub answers in another sandbox")
	}
	if n := c.say(200, "GET /__mock/stubs/"+id, "")["answered"]; n != 2.0 {
		t.Errorf("it has answered %v times", n)
	}
	c.say(201, "POST /__mock/stubs", `[{"operation":"*","respond":{"status":418}},{"operation":"*","respond":{"status":419}}]`)
	if w := ask(s, "GET /owners", ""); w.Code != 419 {
		t.Errorf("the newest does not answer: %d", w.Code)
	}
	if all := c.say(200, "GET /__mock/stubs", "")["stubs"].([]any); len(all) != 3 || all[2].(map[string]any)["id"] != id {
		t.Error(all)
	}
	c.say(204, "DELETE /__mock/stubs/"+id, "")
	c.say(404, "DELETE /__mock/stubs/"+id, "")
	c.say(404, "GET /__mock/stubs/"+id, "")
	c.say(204, "DELETE /__mock/stubs", "")
	if w := ask(s, "GET /owners", ""); w.Code != 200 {
		t.Error("a stub answers after its end")
	}
	for _, wrong := range []string{
		`{"operation":"nobody","respond":{}}`, `{"operation":"GET /owners/{ownerId}","respond":{"status":404,"body":{"text":1}}}`, `[]`, `{}`, `{"operation":"*"}`, `[{"operation":"*","respond":{}},{"operation":7}]`,
	} {
		if w := c.send("POST /__mock/stubs", wrong); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", wrong, w.Code)
		}
	}
	if all := c.say(200, "GET /__mock/stubs", "")["stubs"].([]any); len(all) != 0 {
		t.Errorf("some of a wrong list were added: %v", all)
	}
}

// TestTimesIsExact asks for a stub many times at once.
func TestTimesIsExact(t *testing.T) {
	s := shopServer(t, mock.Control())
	controlOf(t, s).say(201, "POST /__mock/stubs", `{"operation":"*","times":37,"respond":{"status":418}}`)
	var answered atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				if ask(s, "GET /owners", "").Code == 418 {
					answered.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if answered.Load() != 37 {
		t.Errorf("it has answered %d times", answered.Load())
	}
}

func TestSettings(t *testing.T) {
	s := shopServer(t, mock.Control(), mock.Stateless())
	c := controlOf(t, s)
	before := ask(s, "GET /owners", "").Body.String()
	c.say(200, "PATCH /__mock/settings", `{"seed":99}`)
	if ask(s, "GET /owners", "").Body.String() == before {
		t.Error("another seed makes up the same")
	}
	if ask(s, "GET /owners", "", "Mock-Sandbox: other").Body.String() != before {
		t.Error("the seed of one sandbox rules in another")
	}
	c.say(200, "PATCH /__mock/settings", `{"seed":null,"handling":"lenient"}`)
	if ask(s, "GET /owners", "").Body.String() != before || ask(s, "GET /owners?page=x", "").Code != 200 {
		t.Error("the seed is not set back, or what is wrong is refused")
	}
	if got := c.say(200, "GET /__mock/settings", ""); got["handling"] != "lenient" || got["seed"] != nil {
		t.Error(got)
	}
	c.say(204, "POST /__mock/reset?only=settings", "")
	if ask(s, "GET /owners?page=x", "").Code != 400 {
		t.Error("the settings outlive their reset")
	}
	for _, wrong := range []string{`{"seed":-1}`, `{"handling":"kind"}`, `{"delay":"soon"}`, `{"delay":"10m"}`, `{"faults":[{"kind":"fire"}]}`, `{"faults":[{"kind":"reset","operation":"nobody"}]}`,
		`{"clock":{"now":"noon"}}`, `{"clock":{"advance":"1y"}}`, `{"colour":1}`} {
		if w := c.send("PATCH /__mock/settings", wrong); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", wrong, w.Code, w.Body)
		}
	}
}

// TestFaultsReplay breaks the same answers in each run of one seed.
func TestFaultsReplay(t *testing.T) {
	run := func(seed int) string {
		s := shopServer(t, mock.Control())
		controlOf(t, s).say(200, "PATCH /__mock/settings", fmt.Sprintf(`{"seed":%d,"faults":[{"kind":"truncate","rate":0.3}]}`, seed))
		out := ""
		for range 40 {
			if strings.HasPrefix(ask(s, "GET /owners", "").Header().Get("Mock-Source"), "fault") {
				out += "x"
			} else {
				out += "."
			}
		}
		return out
	}
	first := run(5)
	if n := strings.Count(first, "x"); n < 5 || n > 22 {
		t.Errorf("%d of 40 are broken", n)
	}
	if first != run(5) || first == run(6) {
		t.Error("the same seed breaks other answers, or another one the same")
	}
}

func TestClockByControl(t *testing.T) {
	real := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := shopServer(t, mock.Control(), mock.WithClock(func() time.Time { return real }))
	c := controlOf(t, s)
	created := func() string {
		made, _ := said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
		return made["createdAt"].(string)
	}
	c.say(200, "PATCH /__mock/settings", `{"clock":{"now":"2030-05-05T12:00:00Z","frozen":true}}`)
	real = real.Add(time.Hour)
	if got := created(); !strings.HasPrefix(got, "2030-05-05T12:00:00") {
		t.Error(got)
	}
	c.say(200, "PATCH /__mock/settings", `{"clock":{"advance":"36h"}}`)
	if got := created(); !strings.HasPrefix(got, "2030-05-07T00:00:00") {
		t.Error(got)
	}
	c.say(200, "PATCH /__mock/settings", `{"clock":{"frozen":false}}`)
	real = real.Add(time.Hour)
	told := c.say(200, "GET /__mock/settings", "")["clock"].(map[string]any)
	if got := created(); !strings.HasPrefix(got, "2030-05-07T01:00:00") || told["now"] != "2030-05-07T01:00:00Z" {
		t.Error(got, told)
	}
	c.say(200, "PATCH /__mock/settings", `{"clock":null}`)
	if got := created(); !strings.HasPrefix(got, "2026-01-01T02:00:00") {
		t.Error(got)
	}
}

const checkout = `
- scenario: checkout
  initial: cart
  states:
    cart: {on: {"POST /owners": pending}}
    pending: {on: {"GET /owners/{ownerId}": {after: 3, go: paid}}, after: {10m: expired}}
    paid: {respond: {"GET /owners/{ownerId}": {status: 404, body: {message: paid}}}}
    expired: {respond: {"GET /owners/{ownerId}": {status: 404, body: {message: expired}}}}
- operation: GET /owners/{ownerId}
  when: {scenario: {checkout: pending}}
  validate: false
  respond: {status: 404, body: {message: wait}}
- operation: DELETE /owners/{ownerId}
  validate: false
  respond: {status: 204}
  then: {scenario: {checkout: cart}}
`

func TestScenarios(t *testing.T) {
	real := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := shopServer(t, mock.Control(), mock.WithClock(func() time.Time { return real }), mock.Fixtures(fstest.MapFS{"a.yaml": {Data: []byte(checkout)}}))
	for _, d := range s.Diagnostics(t.Context()) {
		t.Error(d)
	}
	c := controlOf(t, s)
	stands := func(want string) {
		t.Helper()
		one := c.say(200, "GET /__mock/scenarios", "")["scenarios"].([]any)[0].(map[string]any)
		if one["state"] != want || len(one["states"].([]any)) != 4 {
			t.Errorf("it stands at %v, not %s", one, want)
		}
	}
	says := func(want string, headers ...string) {
		t.Helper()
		w := ask(s, "GET /owners/x", "", headers...)
		if !strings.Contains(w.Body.String(), `"message":"`+want+`"`) {
			t.Errorf("not %s: %d %s", want, w.Code, w.Body)
		}
	}
	stands("cart")
	said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	stands("pending")
	for range 3 {
		says("wait")
	}
	stands("paid")
	says("paid")
	if w := ask(s, "GET /owners/x", "", "Mock-Sandbox: other"); w.Code != 200 {
		t.Error("a scenario moves another sandbox")
	}
	if w := ask(s, "DELETE /owners/x", ""); w.Code != 204 {
		t.Error(w.Code)
	}
	stands("cart")
	said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	real = real.Add(10 * time.Minute)
	stands("expired")
	says("expired")
	c.say(200, "PUT /__mock/scenarios/checkout", `{"state":"pending"}`)
	says("wait")
	c.say(422, "PUT /__mock/scenarios/checkout", `{"state":"lost"}`)
	c.say(200, "PUT /__mock/scenarios/other", `{"state":"anything"}`)
	c.say(204, "POST /__mock/reset?only=scenarios", "")
	stands("cart")
}

// TestScenarioStepsAreTakenOnce moves a scenario from many requests at once: each step is found by one of them.
func TestScenarioStepsAreTakenOnce(t *testing.T) {
	s := shopServer(t, mock.Fixtures(fstest.MapFS{"a.yaml": {Data: []byte(`
- {operation: GET /owners, validate: false, when: {scenario: {once: Started}}, then: {scenario: {once: done}}, respond: {status: 299}}
`)}}))
	var first atomic.Int64
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			if ask(s, "GET /owners", "").Code == 299 {
				first.Add(1)
			}
		})
	}
	wait.Wait()
	if first.Load() != 1 {
		t.Errorf("%d requests found the first state", first.Load())
	}
}

func TestReplaceDocument(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	if n := len(c.say(200, "GET /__mock/operations", "")["operations"].([]any)); n < 8 {
		t.Errorf("%d operations", n)
	}
	c.say(422, "PUT /__mock/document", "openapi: 3.1.0\npaths: [", "Content-Type: application/yaml")
	c.say(422, "PUT /__mock/document", `{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"$ref":"#/nowhere"}}}}}}`)
	if ask(s, "GET /owners", "").Code != 200 {
		t.Error("the old document does not stay")
	}
	h := c.say(200, "PUT /__mock/document", "openapi: 3.1.0\ninfo: {title: Other, version: '2'}\npaths: {/a: {get: {responses: {'204': {description: x}}}}}\n", "Content-Type: application/yaml")
	if h["title"] != "Other" || ask(s, "GET /a", "").Code != 204 || ask(s, "GET /owners", "").Code != 404 {
		t.Error(h)
	}
}

func TestImportWireMock(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	got := c.say(201, "POST /__mock/stubs:import?format=wiremock", `{"mappings":[
	  {"priority":1,"request":{"method":"GET","urlPath":"/owners/x","headers":{"X-Tenant":{"equalTo":"acme"}}},"response":{"status":404,"jsonBody":{"message":"imported"},"headers":{"Content-Type":"application/json","X-Extra":"1"}}},
	  {"request":{"method":"POST","url":"/owners","bodyPatterns":[{"equalToJson":"{\"name\":\"Zed\"}"},{"matchesJsonPath":"$.name"}]},"response":{"status":201,"body":"{}","fixedDelayMilliseconds":1}},
	  {"scenarioName":"flow","requiredScenarioState":"Started","newScenarioState":"two","request":{"method":"GET","urlPathTemplate":"/owners/{ownerId}","queryParameters":{"q":{"contains":"a.b"}}},"response":{"status":410}},
	  {"request":{"method":"GET","urlPattern":"/x/[0-9]+"},"response":{"status":200}},
	  {"request":{"method":"GET","url":"/nowhere"},"response":{"status":200}},
	  {"request":{"method":"ANY","urlPattern":".*","headers":{"X-Break":{"absent":false}}},"response":{"fault":"EMPTY_RESPONSE","proxyBaseUrl":"http://x"}}]}`)
	if len(got["stubs"].([]any)) != 4 || len(got["findings"].([]any)) != 3 {
		t.Fatal(got)
	}
	if w := ask(s, "GET /owners/x", "", "X-Tenant: acme"); w.Code != 404 || !strings.Contains(w.Body.String(), "imported") || w.Header().Get("X-Extra") != "1" {
		t.Error(w.Code, w.Body)
	}
	if w := ask(s, "POST /owners", `{"name":"Zed"}`); w.Code != 201 || w.Body.String() != "{}" {
		t.Error(w.Code, w.Body)
	}
	if w := ask(s, "GET /owners/y?q=xa.bx", ""); w.Code != 410 {
		t.Error(w.Code)
	}
	if w := ask(s, "GET /owners/y?q=xa.bx", ""); w.Code != 200 {
		t.Error("the scenario has not moved on:", w.Code)
	}
	c.say(422, "POST /__mock/stubs:import?format=wiremock", `{"mappings":[{"request":{"url":"/nowhere","method":"GET"}}]}`)
}

func TestImportHAR(t *testing.T) {
	s := shopServer(t, mock.Control())
	got := controlOf(t, s).say(201, "POST /__mock/stubs:import?format=har", `{"log":{"version":"1.2","entries":[
	  {"request":{"method":"GET","url":"https://api.example.com/owners/7?x=1"},"response":{"status":404,"headers":[{"name":"Date","value":"x"},{"name":"X-Kept","value":"1"}],"content":{"mimeType":"application/json","text":"{\"message\":\"recorded\"}"}}},
	  {"request":{"method":"GET","url":"https://api.example.com/assets/a.js"},"response":{"status":200}}]}}`)
	if len(got["stubs"].([]any)) != 1 || len(got["findings"].([]any)) != 1 {
		t.Fatal(got)
	}
	if w := ask(s, "GET /owners/7?x=1", ""); w.Code != 404 || !strings.Contains(w.Body.String(), "recorded") || w.Header().Get("X-Kept") != "1" {
		t.Error(w.Code, w.Body)
	}
	if w := ask(s, "GET /owners/7", ""); w.Code != 200 {
		t.Error(w.Code)
	}
}

// TestSandboxInGo does from Go what the control API does.
func TestSandboxInGo(t *testing.T) {
	s := shopServer(t, mock.Control(), mock.Fixtures(fstest.MapFS{"a.yaml": {Data: []byte(checkout)}}))
	b, ctx := s.Sandbox("mine"), t.Context()
	mine := "Mock-Sandbox: " + b.ID()
	remove, err := b.Stub(ctx, mock.Stub{Operation: "GET /owners", Status: 418, Times: 3})
	if err != nil {
		t.Fatal(err)
	}
	if a, o := ask(s, "GET /owners", "", mine).Code, ask(s, "GET /owners", "").Code; a != 418 || o != 200 {
		t.Error(a, o)
	}
	if unused, err := b.Unused(ctx); err != nil || len(unused) != 1 {
		t.Error(unused, err)
	}
	remove()
	if code := ask(s, "GET /owners", "", mine).Code; code != 200 {
		t.Error(code)
	}
	if err := b.SetClock(ctx, time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), true); err != nil {
		t.Fatal(err)
	}
	if err := b.Advance(ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	if made, _ := said(t, s, 201, "POST /owners", `{"name":"Ann"}`, mine); made["createdAt"] != "2030-01-02T04:04:05Z" {
		t.Error(made)
	}
	if state, err := b.Scenario(ctx, "checkout"); err != nil || state != "pending" {
		t.Error(state, err)
	}
	if err := b.SetScenario(ctx, "checkout", "nowhere"); err == nil {
		t.Error("a scenario stands nowhere")
	}
	if err := b.SetFaults(ctx, mock.FaultSetting{Kind: "truncate"}); err != nil {
		t.Fatal(err)
	}
	if source := ask(s, "GET /owners", "", mine).Header().Get("Mock-Source"); source != "fault;kind=truncate" {
		t.Error(source)
	}
	all, err := b.Exchanges(ctx, "GET /owners")
	if err != nil || len(all) != 3 || all[0].Status != 418 {
		t.Error(all, err)
	}
	if err := b.Verify(ctx, "POST /owners", map[string]any{"body": map[string]any{"/name": "Bea"}}, -1); err == nil || !strings.Contains(err.Error(), `body /name   wanted "Bea"   asked "Ann"`) {
		t.Error(err)
	}
	if err := b.Verify(ctx, "POST /owners", nil, 1); err != nil {
		t.Error(err)
	}
	if err := b.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Exchanges(ctx, ""); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
	if _, err := shopServer(t).Sandbox("x").Exchanges(ctx, ""); err == nil {
		t.Error("a server without a journal has exchanges")
	}
}
