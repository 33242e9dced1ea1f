package contract_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// exchanged is what the expressions of the tests lead into: the example of OpenAPI 3.1, 4.8.20.4.
func exchanged(t testing.TB) *contract.Outcome {
	value := func(text string) any {
		v, err := source.DecodeJSON([]byte(text), source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	u, err := url.Parse("/subscribe/myevent?queryUrl=https://clientdomain.com/stillrunning&empty=")
	if err != nil {
		t.Fatal(err)
	}
	return &contract.Outcome{
		Request: &contract.Request{URL: u, Header: http.Header{"Content-Type": {"application/json"}, "X-Empty": {""}}},
		Values: contract.Values{
			Path: map[string]any{"eventType": "myevent"},
			Body: value(`{"failedUrl": "https://clientdomain.com/failed", "successUrls": ["https://clientdomain.com/fast", "https://clientdomain.com/medium"], "n": 7, "yes": true, "none": null, "a/b": {"~": "odd"}, "": {"": "empty"}}`),
		},
		Method: "POST", Base: "http://localhost:8080", Status: 201,
		Header: http.Header{"Location": {"https://example.org/subscription/1"}}, Body: value(`{"id": "a b&c"}`),
	}
}

func TestExpressions(t *testing.T) {
	o := exchanged(t)
	for text, want := range map[string]string{
		"$url":                                  "http://localhost:8080/subscribe/myevent?queryUrl=https://clientdomain.com/stillrunning&empty=",
		"$method":                               "POST",
		"$statusCode":                           "201",
		"$request.path.eventType":               "myevent",
		"$request.query.queryUrl":               "https://clientdomain.com/stillrunning",
		"$request.header.content-Type":          "application/json",
		"$request.body#/failedUrl":              "https://clientdomain.com/failed",
		"{$request.body#/successUrls/1}":        "https://clientdomain.com/medium",
		"$request.body#/a~1b/~0":                "odd",
		"$request.body#//":                      "empty",
		"$response.header.Location":             "https://example.org/subscription/1",
		"http://x/{$request.body#/n}/{$method}": "http://x/7/POST",
		"http://x?ok={$request.body#/yes}&id={$response.body#/id}": "http://x?ok=true&id=a+b%26c",
		"http://x/plain": "http://x/plain",
		"":               "",
	} {
		e, err := contract.ParseExpression(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, ok := e.In(o); !ok || got != want {
			t.Errorf("%s: %q %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"$request.path.other", "$request.query.other", "$request.query.empty", "$request.header.other", "$request.header.X-Empty", "$request.body",
		"$request.body#/successUrls", "$request.body#/successUrls/2", "$request.body#/successUrls/-1", "$request.body#/none", "$request.body#/n/x", "$response.header.other", "$response.body#/other",
	} {
		e, err := contract.ParseExpression(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, ok := e.In(o); ok {
			t.Errorf("%s: %q, and it leads to nothing", text, got)
		}
	}
}

// wrongExpressions are none.
func wrongExpressions() []string {
	return []string{
		"$", "$x", "$request", "$request.", "$request.body#x", "$request.cookie.a", "$request.header.", "$response.query.a", "$response.path.a", "$url.x", "{$request.body#/a", "http://x/{$nothing}",
	}
}

func TestWrongExpressions(t *testing.T) {
	for _, text := range wrongExpressions() {
		if _, err := contract.ParseExpression(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// FuzzExpression reads any text, and looks it up.
func FuzzExpression(f *testing.F) {
	for _, text := range append(wrongExpressions(), "$url", "{$request.body#/successUrls/0}/x?y={$response.body#/id}", "$request.body#//", "{$request.query.queryUrl}") {
		f.Add(text)
	}
	o := exchanged(f)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := contract.ParseExpression(text)
		if err != nil {
			return
		}
		if e.String() != text {
			t.Errorf("%q is told as %q", text, e)
		}
		if got, ok := e.In(o); ok && !strings.Contains(text, "$") && got != text {
			t.Errorf("%q gives %q", text, got)
		}
	})
}

// TestCallbacksOfADocument are found with what they follow, and told apart where they are called the same.
func TestCallbacksOfADocument(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
info: {title: T, version: "1"}
webhooks:
  made: {post: {operationId: hearMade, x-mock: {after: [make, "DELETE /a"], to: "http://x/{$response.body#/id}"}}, put: {}}
  other: {$ref: "#/components/pathItems/other"}
components:
  pathItems: {other: {get: {}}}
  callbacks:
    shared: {"{$request.query.u}": {post: {}}, "{$request.query.v}": {post: {}}}
paths:
  /a:
    post: {operationId: make, callbacks: {done: {$ref: "#/components/callbacks/shared"}, x-none: {}}, responses: {"200": {description: OK.}}}
    delete: {callbacks: {done: {x-none: {}, "http://y": {post: {}}}}, responses: {"200": {description: OK.}}}
`)
	var got []string
	for _, one := range c.Callbacks() {
		text := one.ID + " to " + one.To.String() + " after"
		for _, op := range one.After {
			text += " " + op.ID
		}
		got = append(got, text)
	}
	want := []string{
		"made to  after", "made POST to http://x/{$response.body#/id} after make DELETE /a", "other to  after",
		"make.done to {$request.query.u} after make", "make.done POST to {$request.query.v} after make", "DELETE /a.done to http://y after DELETE /a",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(c.Operation("make").Callbacks()); n != 3 {
		t.Errorf("%d follow make", n)
	}
	for name, n := range map[string]int{"made": 1, "done": 3, "hearMade": 1, "other": 1, "none": 0} {
		if found := c.CallbacksNamed(name); len(found) != n {
			t.Errorf("%s: %d", name, len(found))
		}
	}
	for _, d := range c.Wait(t.Context()) {
		if d.Level == contract.Error {
			t.Error(d)
		}
	}
}
