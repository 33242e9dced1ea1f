package contract_test

import (
	"net/http"
	"net/url"
	"testing"

	"standin/mock/contract"
)

// Operations of one method whose templates lead to the same paths are told apart by what they allow.
func TestTwins(t *testing.T) {
	c := parse(t, `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a#one: {post: {operationId: one, requestBody: {required: true, content: {application/json: {schema: {type: object, required: [x]}}}}, responses: {"204": {description: D.}}}}
  /a#two: {post: {operationId: two, requestBody: {required: true, content: {application/json: {schema: {type: object, required: [y]}}}}, responses: {"204": {description: D.}}}}
  /a: {post: {operationId: three, requestBody: {required: true, content: {application/json: {schema: {type: array}}}}, responses: {"204": {description: D.}}}}
  /b/{id}: {post: {operationId: byID, parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"204": {description: D.}}}}
  /b/{name}: {post: {operationId: byName, parameters: [{name: name, in: path, required: true, schema: {type: string, maxLength: 3}}], responses: {"204": {description: D.}}}}
`)
	for _, x := range []struct{ path, body, operation, broken string }{
		{"/a", `{"x":1}`, "one", ""},
		{"/a", `{"x":1,"y":1}`, "one", ""},
		{"/a", `{"y":1}`, "two", ""},
		{"/a", `[]`, "three", ""},
		{"/a", `{}`, "one", "body required"},
		{"/b/7", "", "byID", ""},
		{"/b/abc", "", "byName", ""},
		{"/b/abcd", "", "byID", "path id type"},
	} {
		r := &contract.Request{URL: &url.URL{Path: x.path}, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(x.body)}
		found, checked := c.Find(http.MethodPost, x.path).Check(r)
		if found.Operation.ID != x.operation || briefly(checked.Violations) != x.broken || r.Found.Operation != found.Operation {
			t.Errorf("%s %s: %s, %q", x.path, x.body, found.Operation.ID, briefly(checked.Violations))
		}
		if name, ok := found.Capture("name"); x.operation == "byName" && (name != "abc" || !ok) {
			t.Errorf("the name in the path is %q", name)
		}
	}
}
