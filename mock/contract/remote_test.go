package contract_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"standin/mock/contract"
)

// TestAllowRemote follows references to another host where that is allowed, within limits, and tells what cannot be had.
func TestAllowRemote(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case r.URL.Path == "/a/pet.yaml":
			fmt.Fprint(w, "type: object\nproperties: {name: {$ref: '../b/name.json#/deep/name'}, self: {$ref: '#'}}\n")
		case r.URL.Path == "/b/name.json":
			fmt.Fprint(w, `{"deep": {"name": {"type": "string"}}}`)
		case r.URL.Path == "/item.yaml":
			fmt.Fprint(w, "get: {responses: {'200': {description: D., content: {application/json: {schema: {$ref: 'a/pet.yaml'}}}}}}\n")
		case r.URL.Path == "/away":
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		case r.URL.Path == "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case r.URL.Path == "/text":
			fmt.Fprint(w, "{no: [yaml")
		case strings.HasPrefix(r.URL.Path, "/many/"):
			fmt.Fprintf(w, `{"$ref": "%s0"}`, r.URL.Path)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	document := func(ref string) string {
		return "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /pets: {post: {operationId: add, requestBody: {content: {application/json: {schema: {$ref: '" + ref +
			"'}}}}, responses: {'204': {description: D.}}}}\n"
	}
	for _, x := range []struct{ name, ref, says string }{
		{"a schema", server.URL + "/a/pet.yaml", ""},
		{"a part of a file", server.URL + "/b/name.json#/deep/name", ""},
		{"no such file", server.URL + "/none.json", "/none.json cannot be fetched: the server answers 404"},
		{"no such part", server.URL + "/b/name.json#/none", `there is no`},
		{"another host", server.URL + "/away", "another host"},
		{"round and round", server.URL + "/round", "redirects more than five times"},
		{"no YAML", server.URL + "/text", "/text:1:"},
		{"nobody there", "http://127.0.0.1:1/x.json", "connection refused"},
		{"no host", "http:///x.json", "no Host in request URL"},
		{"a file", "file:///etc/passwd", "out of the document's folder"},
	} {
		t.Run(x.name, func(t *testing.T) {
			c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(document(x.ref)), contract.AllowRemote())
			if err != nil {
				t.Fatal(err)
			}
			found := fmt.Sprint(c.Wait(t.Context()))
			if x.says == "" && found != "[]" || !strings.Contains(found, x.says) {
				t.Errorf("%s, want %q", found, x.says)
			}
		})
	}
	c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(document(server.URL+"/a/pet.yaml")), contract.AllowRemote())
	if err != nil {
		t.Fatal(err)
	}
	r := &contract.Request{Found: c.Find("POST", "/pets"), URL: &url.URL{Path: "/pets"}, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"self": {"name": 7}}`)}
	broken := r.Found.Operation.CheckRequest(r).Violations
	if len(broken) != 1 || broken[0].Pointer != "/self/name" || broken[0].Rule.File != server.URL+"/b/name.json" {
		t.Errorf("a rule of another host: %+v", broken)
	}
	before := asked
	closed, err := contract.Parse(t.Context(), "openapi.yaml", []byte(document(server.URL+"/a/pet.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	if found := fmt.Sprint(closed.Wait(t.Context())); !strings.Contains(found, "--allow-remote") || asked != before {
		t.Errorf("not allowed: %s, and %d files were fetched", found, asked-before)
	}
	items, err := contract.Parse(t.Context(), "openapi.yaml", []byte("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {$ref: '"+server.URL+"/item.yaml'}}\n"), contract.AllowRemote())
	if err != nil {
		t.Fatal(err)
	}
	if found := items.Wait(t.Context()); len(found) > 0 || items.Find("GET", "/a").Operation == nil {
		t.Errorf("a path item of another host: %v", found)
	}
	many, err := contract.Parse(t.Context(), "openapi.yaml", []byte(document(server.URL+"/many/1")), contract.AllowRemote())
	if err != nil {
		t.Fatal(err)
	}
	if before = asked; len(many.Wait(t.Context())) == 0 || asked-before > 200 {
		t.Errorf("%d files were fetched: %v", asked-before, many.Wait(t.Context()))
	}
}
