package contract_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"standin/mock/contract"
)

// FuzzParse reads any text as a document: an error, or a contract whose operations all compile and answer questions.
func FuzzParse(f *testing.F) {
	for _, name := range wrongDocuments(f) {
		text, err := os.ReadFile("testdata/wrong/" + name)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 20_000 {
			f.Add(strings.HasSuffix(name, ".json"), text)
		}
	}
	f.Add(false, []byte(inputs))
	f.Add(false, []byte(order))
	f.Add(true, []byte(`{"swagger": "2.0", "basePath": "/v1", "paths": {"/a/{b}": {"post": {"consumes": ["multipart/form-data"], "parameters": [{"name": "f", "in": "formData", "type": "file"}], "responses": {"200": {"description": "OK.", "schema": {"$ref": "#/definitions/A"}}}}}}, "definitions": {"A": {"type": "object", "discriminator": "b"}}}`))
	f.Fuzz(func(t *testing.T, isJSON bool, text []byte) {
		if len(text) > 50_000 {
			return
		}
		name := "a.yaml"
		if isJSON {
			name = "a.json"
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c, err := contract.Parse(ctx, name, text)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a message")
			}
			return
		}
		for _, d := range c.Wait(ctx) {
			if d.Message == "" || d.Rule == "" || d.Position.Line == 0 {
				t.Errorf("an incomplete diagnostic: %+v", d)
			}
		}
		for _, op := range c.Operations() {
			u := &url.URL{Path: op.Template, RawQuery: "a=1&b[c]=2"}
			found := c.Find(op.Method, u.EscapedPath())
			if found.Operation == nil {
				continue
			}
			checked := found.Operation.CheckRequest(&contract.Request{Found: found, URL: u, Header: http.Header{}, Body: []byte("{}")})
			checked.Values()
			for _, r := range found.Operation.Responses().All {
				for _, m := range r.Content {
					found.Operation.CheckResponse(200, http.Header{"Content-Type": {m.Range}}, []byte("{}"))
				}
			}
		}
		if ctx.Err() != nil {
			t.Error("it takes longer than a minute")
		}
	})
}

// FuzzCheckRequest sends any request to the operations of one document. What has no violations decodes, and the check is the same
// the second time.
func FuzzCheckRequest(f *testing.F) {
	f.Add("POST", "/a/1", "limit=1&tags=a,b&filter[n]=3", "application/json", "X-Trace: 1234", "sid=4", []byte(`{"name":"x"}`))
	f.Add("POST", "/a/%2F", "limit=%zz&where=%7B%7D", "", "", "sid=%", []byte("name=x"))
	f.Add("POST", "/many", "", "application/x-www-form-urlencoded; charset=utf-16", "", "", []byte("n=1&t=1,2&j[x][0]=7"))
	f.Add("POST", "/many", "", "text/plain; charset=shift_jis", "", "", []byte("\xff"))
	f.Add("HEAD", "/optional", "", "application/json", "", "", []byte("["))
	f.Add("POST", "/two", "", "", "", "", []byte("{"))
	c := parse(f, inputs)
	f.Fuzz(func(t *testing.T, method, path, query, contentType, header, cookie string, body []byte) {
		found := c.Find(method, path)
		if found.Operation == nil || len(body) > 50_000 {
			return
		}
		r := &contract.Request{Found: found, URL: &url.URL{Path: path, RawQuery: query}, Header: http.Header{}, Body: body}
		for name, value := range map[string]string{"Content-Type": contentType, "X-Trace": header, "Cookie": cookie} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		first := found.Operation.CheckRequest(r)
		values := show(first.Values())
		for _, v := range first.Violations {
			if v.In == "" || v.Keyword == "" || v.Message == "" || v.Rule.Line == 0 {
				t.Errorf("an incomplete violation: %+v", v)
			}
		}
		again := found.Operation.CheckRequest(r)
		if a, b := show(first.Violations), show(again.Violations); a != b || first.Undeclared != again.Undeclared {
			t.Errorf("one time %s, another %s", a, b)
		}
		if again := show(again.Values()); again != values {
			t.Errorf("one time %s, another %s", values, again)
		}
		r.Strict = true
		if strict := found.Operation.CheckRequest(r); len(strict.Violations) < len(first.Violations) {
			t.Errorf("strictly there are fewer violations: %s than %s", show(strict.Violations), show(first.Violations))
		}
	})
}
