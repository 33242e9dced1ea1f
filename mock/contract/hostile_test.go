package contract_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"standin/mock/contract"
)

// TestHostileRequests checks requests that try to cost more than they should.
func TestHostileRequests(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
paths:
  /a/{p}:
    post:
      parameters:
        - {name: p, in: path, required: true, schema: {type: array, items: {anyOf: [{type: integer}, {type: boolean}, {type: string}]}}}
        - {name: q, in: query, style: deepObject, schema: {type: object}}
        - {name: l, in: query, schema: {type: array, uniqueItems: true, items: {anyOf: [{type: integer}, {type: string}]}}}
        - {name: o, in: query, schema: {type: object, additionalProperties: {oneOf: [{type: integer}, {type: string}]}}}
        - {name: r, in: query, schema: {type: string, pattern: '^(a+)+$'}}
        - {name: H, in: header, schema: {type: array, items: {type: integer}}}
        - {name: k, in: cookie, schema: {type: array, items: {type: integer}}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Tree'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Tree'}}
          text/plain: {schema: {type: string, pattern: '^(([a-z])+.)+[A-Z]([a-z])+$'}}
      responses: {"200": {description: OK.}}
components:
  schemas:
    Tree:
      oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {type: array, uniqueItems: true, items: {$ref: '#/components/schemas/Tree'}}]
    A: {type: object, properties: {x: {anyOf: [{$ref: '#/components/schemas/Tree'}, {type: string}]}}, required: [a]}
    B: {type: object, properties: {x: {oneOf: [{$ref: '#/components/schemas/Tree'}, {type: integer}]}}, required: [b]}
`)
	clean(t, c)
	many := 200_000
	if testing.Short() {
		many = 20_000
	}
	const form = "application/x-www-form-urlencoded"
	for _, tt := range []struct{ name, path, query, header, cookie, contentType, body string }{
		{name: "long path", path: strings.Repeat("7,", many)},
		{name: "escaped path", path: strings.Repeat("%2C", many)},
		{name: "many parameters", query: strings.Repeat("l=x&", many)},
		{name: "many names", query: strings.Repeat("z%5B%5D=1&y=2&", many)},
		{name: "deep brackets", query: "q" + strings.Repeat("[a]", many) + "=1"},
		{name: "open brackets", query: "q" + strings.Repeat("[", many) + "=1"},
		{name: "members", query: strings.ReplaceAll(strings.Repeat("q[ab]=1&q[cd][]=2&", 5_000), "ab", "a")},
		{name: "indexes", query: "q[9999999]=1&q[9999998]=2&q[a][4000000]=1"},
		{name: "pattern", query: "r=" + strings.Repeat("a", many) + "b"},
		{name: "header", header: strings.Repeat("7,", many)},
		{name: "cookies", cookie: strings.Repeat("k=1; ", many)},
		{name: "deep JSON", contentType: "application/json", body: strings.Repeat(`{"x":`, many)},
		{name: "deep alternatives", contentType: "application/json", body: strings.Repeat(`{"x":`, 200) + "true" + strings.Repeat("}", 200)},
		{name: "wide alternatives", contentType: "application/json", body: "[" + strings.Repeat(`{"x":{"x":{"x":[]}}},`, 10_000) + "1]"},
		{name: "many names in JSON", contentType: "application/json", body: `{"a":1` + strings.Repeat(`,"x":1`, many) + "}"},
		{name: "long string", contentType: "application/json", body: `{"x":"` + strings.Repeat(`\u0041`, many) + `"}`},
		{name: "long form", contentType: form, body: strings.Repeat("x=1&", many)},
		{name: "deep form", contentType: form, body: "x" + strings.Repeat("[x]", 60) + "=1&" + strings.Repeat("x[x][]=1&", 9_000)},
		{name: "JSON in a form", contentType: form, body: "x=" + url.QueryEscape(strings.Repeat(`{"x":`, many))},
		{name: "long text", contentType: "text/plain", body: strings.Repeat("a", 1<<20) + "A1"},
		{name: "no text", contentType: "text/plain; charset=utf-16", body: strings.Repeat("\xd8", many)},
		{name: "no media type", contentType: strings.Repeat("a/b;c=d;", many), body: "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.path == "" {
				tt.path = "1"
			}
			r := &contract.Request{URL: &url.URL{Path: "/a/x", RawQuery: tt.query}, Header: http.Header{}, Body: []byte(tt.body)}
			r.Found = c.Find("POST", "/a/"+tt.path)
			for name, value := range map[string]string{"Content-Type": tt.contentType, "H": tt.header, "Cookie": tt.cookie} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			within(t, func(context.Context) {
				checked := r.Found.Operation.CheckRequest(r)
				checked.Values()
				size := 0
				for _, v := range checked.Violations {
					size += len(v.Message) + len(v.Pointer)
				}
				if len(checked.Violations) > 300 || size > 100_000 {
					t.Errorf("%d violations of %d bytes", len(checked.Violations), size)
				}
				r.Strict = true
				r.Found.Operation.CheckRequest(r)
			})
		})
	}
}
