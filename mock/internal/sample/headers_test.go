package sample_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"standin/mock/internal/sample"
)

// TestUsualHeaders has headers in the forms that HTTP gives them, unless their schema has another mind.
func TestUsualHeaders(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /usual:
    get:
      operationId: usual
      responses:
        "200":
          description: D.
          headers:
            ETag: {schema: {type: string}}
            Last-Modified: {schema: {type: string}}
            Expires: {schema: {type: string}}
            Link: {schema: {type: string}}
            X-RateLimit-Limit: {schema: {type: integer}}
            X-Rate-Limit-Remaining: {schema: {type: integer}}
            RateLimit-Limit: {schema: {type: string}}
  /other:
    get:
      operationId: other
      responses:
        "200":
          description: D.
          headers:
            ETag: {schema: {type: string, pattern: '^v[0-9]$'}}
            Last-Modified: {schema: {type: string, format: date}}
            X-RateLimit-Limit: {schema: {type: integer, maximum: 60}}
`)
	headers := func(id string, seed uint64) http.Header {
		op, s := operation(t, c, id), sample.New(sample.Options{Seed: seed})
		target, err := s.Choose(op, "", "")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Generate(op, target, seed, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		valid(t, op, a)
		return a.Header
	}
	for seed := range uint64(20) {
		h := headers("usual", seed)
		if tag := h.Get("ETag"); len(tag) < 4 || tag[0] != '"' || tag[len(tag)-1] != '"' || strings.Contains(tag[1:len(tag)-1], `"`) {
			t.Errorf("the validator is %s", tag)
		}
		for _, name := range []string{"Last-Modified", "Expires"} {
			if _, err := http.ParseTime(h.Get(name)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if link := h.Get("Link"); !strings.HasPrefix(link, "<https://example.com/") || !strings.Contains(link, `>; rel="`) {
			t.Errorf("the link is %s", link)
		}
		limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
		left, err2 := strconv.Atoi(h.Get("X-Rate-Limit-Remaining"))
		if err != nil || err2 != nil || left > limit || h.Get("RateLimit-Limit") != strconv.Itoa(limit) {
			t.Errorf("%d of %d are left: %v", left, limit, h)
		}
		if h := headers("other", seed); len(h) != 3 {
			t.Errorf("some are missing: %v", h)
		}
	}
}

// TestHeadersOfOneForm has headers that a client parses in a form that it can parse.
func TestHeadersOfOneForm(t *testing.T) {
	for name, has := range map[string]string{
		"Cache-Control": "max-age=", "Content-Disposition": `attachment; filename="`, "Content-Language": "en", "Accept-Ranges": "bytes",
		"Set-Cookie": "; Path=/", "WWW-Authenticate": "Bearer realm=", "Allow": "GET",
	} {
		c := parse(t, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: D., headers: {"+
			name+": {required: true, schema: {type: string}}}}}}}}\n")
		s := sample.New(sample.Options{})
		target, err := s.Choose(operation(t, c, "a"), "", "")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Generate(operation(t, c, "a"), target, 1, 0, nil)
		if err != nil || !strings.Contains(a.Header.Get(name), has) {
			t.Errorf("%s: %q, %v", name, a.Header.Get(name), err)
		}
		valid(t, operation(t, c, "a"), a)
	}
}
