package contract_test

import (
	"slices"
	"testing"
)

// TestMethodsOf32 holds QUERY and additionalOperations of OpenAPI 3.2.
func TestMethodsOf32(t *testing.T) {
	c := parse(t, `openapi: 3.2.0
info: {title: T, version: "1"}
paths:
  /a:
    query: {operationId: ask, responses: {"200": {description: OK.}}}
    additionalOperations:
      COPY: {operationId: copy, responses: {"201": {description: Made.}}}
      GET: {operationId: no, responses: {"200": {description: OK.}}}
      "a b": {operationId: neither, responses: {"200": {description: OK.}}}
`)
	for method, id := range map[string]string{"QUERY": "ask", "COPY": "copy", "GET": "", "copy": ""} {
		found := c.Find(method, "/a")
		got := ""
		if found.Operation != nil {
			got = found.Operation.ID
		}
		if got != id || !slices.Contains(found.Allow, "COPY") && id == "" {
			t.Errorf("%s: %q, want %q; allowed %v", method, got, id, found.Allow)
		}
	}
	if n := len(c.Wait(t.Context())); n != 2 {
		t.Errorf("%d diagnostics, want one for GET and one for %q: %v", n, "a b", c.Wait(t.Context()))
	}
}
