package contract_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"standin/mock/contract"
)

const uploads = `openapi: 3.1.0
info: {title: Uploads, version: "1"}
paths:
  /file:
    post:
      requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary, minLength: 10, maxLength: 200}}, image/*: {}, application/zip: {schema: {enum: [PK]}}}}
      responses: {"204": {description: Done.}}
  /form:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [name, file]
              additionalProperties: false
              properties: {name: {type: string, maxLength: 5}, file: {$ref: '#/components/schemas/File'}, files: {type: array, maxItems: 2, items: {type: string, format: binary, maxLength: 30}}, note: {type: string, pattern: '^[a-z]+$'}}
            encoding: {file: {contentType: image/png}}
      responses: {"204": {description: Done.}}
  /mixed:
    post:
      requestBody: {content: {multipart/mixed: {schema: {type: array, prefixItems: [{type: object}, {type: string, format: binary, maxLength: 30}]}}, multipart/related: {schema: {oneOf: [{properties: {a: {maxLength: 3}}}]}}}}
      responses: {"204": {description: Done.}}
components: {schemas: {File: {type: string, format: binary, maxLength: 100}}}
`

// received judges a body as it comes, of which 16 bytes of each file are held, and 500 bytes of all else.
func received(t *testing.T, c *contract.Contract, path, contentType string, body io.Reader) (contract.Checked, error) {
	t.Helper()
	r := &contract.Request{Found: c.Find(http.MethodPost, path), URL: &url.URL{Path: path}, Header: http.Header{"Content-Type": {contentType}}}
	op := r.Found.Operation
	if !op.Receives(r.Header) {
		t.Fatalf("%s of %s is to be held", path, contentType)
	}
	var err error
	if r.Received, err = op.Receive(r.Header, body, contract.Allowance{Held: 500, Beginning: 16}); err != nil {
		return contract.Checked{}, err
	}
	return op.CheckRequest(r), nil
}

func TestReceive(t *testing.T) {
	c := parse(t, uploads)
	clean(t, c)
	file := func(name string, size int) string {
		return name + `; filename="a"\nContent-Type: image/png|` + strings.Repeat("x", size)
	}
	const formData, octets = "multipart/form-data; boundary=B", "application/octet-stream"
	for _, x := range []struct{ name, path, kind, body, broken string }{
		{"a file", "/file", octets, strings.Repeat("x", 200), ""},
		{"too long", "/file", octets, strings.Repeat("x", 201), "body maxLength"},
		{"too short", "/file", octets, "x", "body minLength"},
		{"no schema", "/file", "image/png", strings.Repeat("x", 999), ""},
		{"a form", "/form", formData, form("name|Rex", file("file", 100)), ""},
		{"a short file", "/form", formData, form("name|Rex", file("file", 7)), ""},
		{"a file too long", "/form", formData, form("name|Rex", file("file", 101)), "body /file maxLength"},
		{"all wrong", "/form", formData, form("name|Rexington", file("file", 101), "note|7", "what|x"),
			"body /file maxLength; body /name maxLength; body /note pattern; body additionalProperties"},
		{"a file of another type", "/form", formData, form("name|Rex", strings.Replace(file("file", 50), "png", "gif", 1)), "body /file contentType"},
		{"files", "/form", formData, form("name|Rex", file("file", 50), file("files", 30), file("files", 31), file("files", 20)), "body /files maxItems; body /files/1 maxLength"},
		{"none", "/form", formData, form("name|Rex"), "body required"},

		{"torn in a file", "/form", formData, strings.TrimSuffix(form("name|Rex", file("file", 50)), "\r\n--B--\r\n"), "body syntax"},
		{"a list", "/mixed", "multipart/mixed; boundary=B", mixed("Content-Type: application/json|{}", "Content-Type: image/png|"+strings.Repeat("x", 31)), "body /1 maxLength"},
		{"no boundary", "/mixed", "multipart/mixed", mixed("|x"), "body syntax"},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, err := received(t, c, x.path, x.kind, iotest.HalfReader(strings.NewReader(x.body)))
			if err != nil || briefly(got.Violations) != x.broken {
				t.Errorf("got %q, %v\nwant %q", briefly(got.Violations), err, x.broken)
			}
			r := &contract.Request{Found: c.Find(http.MethodPost, x.path), URL: &url.URL{Path: x.path}, Header: http.Header{"Content-Type": {x.kind}}, Body: []byte(x.body)}
			if held := briefly(r.Found.Operation.CheckRequest(r).Violations); held != x.broken {
				t.Errorf("held, it breaks %q, want %q", held, x.broken)
			}
		})
	}
	if _, err := received(t, c, "/form", formData, strings.NewReader(form("name|"+strings.Repeat("x", 501), file("file", 1)))); err == nil {
		t.Error("more is held than is allowed")
	} else if much, ok := errors.AsType[*contract.TooMuch](err); !ok || much.Limit != 500 {
		t.Error(err)
	}
	torn := errors.New("torn")
	for _, path := range []string{"/form", "/file"} {
		kind := map[string]string{"/form": formData, "/file": octets}[path]
		if _, err := received(t, c, path, kind, io.MultiReader(strings.NewReader(form("name|Rex")[:30]), iotest.ErrReader(torn))); !errors.Is(err, torn) {
			t.Errorf("%s: what the reader says is %v", path, err)
		}
	}
	got, err := received(t, c, "/form", formData, strings.NewReader(form("name|Rex", file("file", 99))))
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := got.Values().Body.(map[string]any); body["name"] != "Rex" || body["file"] != strings.Repeat("x", 16) {
		t.Errorf("the values are %v", got.Values().Body)
	}
}

func TestReceives(t *testing.T) {
	c := parse(t, uploads)
	for _, x := range []struct {
		path, kind string
		want       bool
	}{
		{"/file", "application/octet-stream", true}, {"/file", "image/png", true}, {"/file", "application/zip", false}, {"/file", "", false},
		{"/file", "application/json", false}, {"/form", "multipart/form-data; boundary=B", true}, {"/mixed", "multipart/mixed; boundary=B", true},
		{"/mixed", "multipart/related; boundary=B", false},
	} {
		if got := c.Find(http.MethodPost, x.path).Operation.Receives(http.Header{"Content-Type": {x.kind}}); got != x.want {
			t.Errorf("%s of %q: %v", x.path, x.kind, got)
		}
	}
}
