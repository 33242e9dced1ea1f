package sample_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

// shop is a document with an answer of every kind.
func shop(t testing.TB) *contract.Contract {
	t.Helper()
	text, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(text))
}

func parse(t testing.TB, text string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(t.Context(), "api.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func operation(t testing.TB, c *contract.Contract, id string) *contract.Operation {
	t.Helper()
	op := c.Operation(id)
	if op == nil {
		t.Fatalf("there is no operation %s", id)
	}
	return op
}

// given makes the inputs of a request from "in.name" and values by turns; body is "body".
func given(pairs ...any) sample.Given {
	v := contract.Values{Path: map[string]any{}, Query: map[string]any{}, Header: map[string]any{}, Cookie: map[string]any{}}
	for i := 0; i < len(pairs); i += 2 {
		in, name, _ := strings.Cut(pairs[i].(string), ".")
		switch in {
		case "path":
			v.Path[name] = pairs[i+1]
		case "query":
			v.Query[name] = pairs[i+1]
		default:
			v.Body, v.HasBody = pairs[i+1], true
		}
	}
	return func() contract.Values { return v }
}

func TestChoose(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		operation, code, accept string
		status                  int
		contentType             string
		err                     string
	}{
		{"listItems", "", "", 201, "application/json", ""},
		{"listItems", "200", "", 200, "application/json", ""},
		{"listItems", "200", "*/*", 200, "application/json", ""},
		{"listItems", "200", "text/csv", 200, "text/csv", ""},
		{"listItems", "200", "application/xml, application/json;q=0.5", 200, "application/xml", ""},
		{"listItems", "200", "text/*", 200, "text/csv", ""},
		{"listItems", "200", "image/png", 200, "", "none of application/json, text/csv, application/xml is acceptable"},
		{"listItems", "404", "image/png", 404, "", ""},
		{"listItems", "418", "", 0, "", "this status is not documented; there is 404, 201, 200"},
		{"listItems", "default", "", 0, "", "this status is not documented; there is 404, 201, 200"},
		{"listItems", "2XX", "", 0, "", "this status is not documented; there is 404, 201, 200"},
		{"addItem", "", "", 200, "application/json", ""},
		{"addItem", "201", "", 201, "application/json", ""},
		{"addItem", "404", "", 404, "application/json", ""},
		{"addItem", "default", "", 500, "application/json", ""},
		{"addItem", "99", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"addItem", "600", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"addItem", "1000", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"addItem", "-1", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"deleteItem", "", "text/plain", 204, "", ""},
		{"deleteItem", "205", "", 205, "", ""},
		{"deleteItem", "103", "", 103, "", ""},
		{"putItem", "304", "", 304, "", ""},
		{"getRange", "", "", 200, "text/plain", ""},
		{"getRange", "", "text/markdown", 200, "text/markdown", ""},
		{"getRange", "", "application/json", 200, "", "none of text/* is acceptable"},
		{"postRange", "", "", 200, "application/json", ""},
		{"postRange", "", "application/cbor", 200, "application/cbor", ""},
		{"fail", "", "", 500, "", ""},
		{"onlyDefault", "", "", 200, "application/json", ""},
	} {
		target, err := s.Choose(operation(t, c, row.operation), row.code, row.accept)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if target.Status != row.status || target.ContentType != row.contentType || got != row.err {
			t.Errorf("%s %q %q: %d %q %q", row.operation, row.code, row.accept, target.Status, target.ContentType, got)
		}
		if (target.Media != nil) != (row.contentType != "") || (target.Response != nil) != (row.status != 0) {
			t.Errorf("%s %q %q: %+v", row.operation, row.code, row.accept, target)
		}
	}
}

func TestHeaders(t *testing.T) {
	c := shop(t)
	op := operation(t, c, "addItem")
	s := sample.New(sample.Options{Seed: 3})
	target, err := s.Choose(op, "", "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Generate(op, target, 3, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"X-Default": "7", "X-Example": "as told", "X-Wrong": "8"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	for _, name := range []string{"Content-Length", "Content-Encoding", "Access-Control-Allow-Origin"} {
		if a.Header[name] != nil {
			t.Errorf("%s is given", name)
		}
	}
	valid(t, op, a)
	b, err := s.Example(op, target, "", nil)
	if err != nil || fmt.Sprint(a.Header) != fmt.Sprint(b.Header) {
		t.Error(b.Header, err)
	}
	again := sample.New(sample.Options{Seed: 3})
	target, _ = again.Choose(op, "", "")
	if d, _ := again.Generate(op, target, 3, 0, nil); fmt.Sprint(a.Header) != fmt.Sprint(d.Header) {
		t.Errorf("%v, then %v", a.Header, d.Header)
	}
}

// valid holds an answer to its contract.
func valid(t testing.TB, op *contract.Operation, a sample.Answer) {
	t.Helper()
	header := a.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if a.ContentType != "" {
		header.Set("Content-Type", a.ContentType)
	}
	for _, v := range op.CheckResponse(a.Status, header, a.Body) {
		if v.Keyword == "required" && (v.Name == "Content-Length" || v.Name == "Date" || v.Name == "Content-Encoding") {
			continue // the server writes them
		}
		t.Errorf("%s %d %s: %s %s %s %s (%s)\n%.300s", op.ID, a.Status, a.ContentType, v.In, v.Name, v.Pointer, v.Message, v.Rule, a.Body)
	}
}

func number(s string) any { return json.Number(s) }

// In OpenAPI 2.0 produces stands for the file and for errors alike, and clients ask for the latter.
func TestChooseFile(t *testing.T) {
	c, err := contract.Parse(t.Context(), "swagger.yaml", []byte(`swagger: '2.0'
info: {title: Files, version: '1'}
paths:
  /file: {get: {operationId: file, produces: [application/pdf, image/png], responses: {200: {description: F., schema: {type: file}}}}}
  /text: {get: {operationId: text, produces: [text/plain], responses: {200: {description: T., schema: {type: string}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := sample.New(sample.Options{})
	for _, row := range []struct{ operation, accept, contentType string }{
		{"file", "", "application/pdf"},
		{"file", "image/*", "image/png"},
		{"file", "application/json", "application/pdf"},
		{"text", "application/json", ""},
	} {
		if target, _ := s.Choose(operation(t, c, row.operation), "", row.accept); target.ContentType != row.contentType {
			t.Errorf("%s %q: %q", row.operation, row.accept, target.ContentType)
		}
	}
}
