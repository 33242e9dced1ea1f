package contract_test

import (
	"strings"
	"testing"

	"standin/mock/contract"
)

const inputs = `openapi: 3.1.0
paths:
  /a/{id}:
    post:
      operationId: all
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: limit, in: query, required: true, schema: {type: integer, maximum: 10}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: sort, in: query, schema: {type: string, enum: [up, down], default: up}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object, properties: {n: {type: integer}}}}
        - {name: where, in: query, content: {application/json: {schema: {type: object, required: [x]}}}}
        - {name: X-Trace, in: header, schema: {type: string, minLength: 4}}
        - {name: sid, in: cookie, schema: {type: integer}}
        - {name: Accept, in: header, required: true, schema: {type: integer}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Order'}
      responses: {"204": {description: Done.}}
  /none: {post: {responses: {"204": {description: Done.}}}, get: {responses: {"204": {description: Done.}}}}
  /optional:
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"204": {description: Done.}}}
    get: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"204": {description: Done.}}}
  /pictures: {post: {requestBody: {content: {image/*: {schema: {type: string, format: binary}}}}, responses: {"204": {description: Done.}}}}
  /many:
    post:
      requestBody:
        content:
          text/plain: {schema: {type: string, maxLength: 3}}
          application/json; charset=utf-8: {schema: {type: object, required: [a]}}
          application/vnd.pet+json: {schema: {type: array}}
          application/x-www-form-urlencoded:
            schema: {type: object, required: [n], properties: {n: {type: integer}, t: {type: array, items: {type: integer}}, j: {type: object}}}
            encoding: {t: {style: form, explode: false}}
          multipart/form-data: {schema: {type: object, required: [file]}}
          image/*: {schema: {type: string, format: binary}}
          application/xml: {schema: {type: object, required: [a]}}
      responses: {"204": {description: Done.}}
  /two:
    post:
      requestBody:
        content:
          multipart/form-data: {schema: {type: object}}
          application/json: {schema: {type: object, required: [a]}}
          application/x-www-form-urlencoded: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}
      responses: {"204": {description: Done.}}
  /any: {post: {requestBody: {content: {'*/*': {schema: {type: object, required: [a]}}}}, responses: {"204": {description: Done.}}}}
components:
  schemas:
    Order:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true}
        secret: {type: string, writeOnly: true}
        name: {type: string, minLength: 1}
        lines: {type: array, items: {type: object, properties: {price: {type: number, multipleOf: 0.01}}}}
`

const jsonBody = "\nContent-Type: application/json\n\n"

const good = "POST /a/1?limit=1"

// requests go to the operations of inputs.
var requests = []struct{ request, want string }{
	// parameters
	{good + jsonBody + `{"name":"x"}`, ""},
	{good + "&tags=a,b&sort=down&filter[n]=1&where=%7B%22x%22%3A1%7D\nX-Trace: 1234\nCookie: sid=4" + jsonBody + `{"name":"x"}`, ""},
	{"POST /a/0?limit=11" + jsonBody + `{"name":"x"}`, "path id minimum; query limit maximum"},
	{"POST /a/x" + jsonBody + `{"name":"x"}`, "path id type; query limit required"},
	{"POST /a/1?limit=1&limit=2" + jsonBody + `{"name":"x"}`, "query limit duplicate"},
	{good + "&tags=abcd,a&sort=left" + jsonBody + `{"name":"x"}`, "query sort enum; query tags /0 maxLength"},
	{good + "&tags=a%2Cb" + jsonBody + `{"name":"x"}`, ""},
	{good + "&filter[n]=x" + jsonBody + `{"name":"x"}`, "query filter /n type"},
	{good + "&where=%7B" + jsonBody + `{"name":"x"}`, "query where content"},
	{good + "&where=%7B%7D" + jsonBody + `{"name":"x"}`, "query where required"},
	{good + "\nX-Trace: 123\nCookie: sid=x; other=1" + jsonBody + `{"name":"x"}`, "cookie sid type; header X-Trace minLength"},
	{good + "&more=1&__code=200" + jsonBody + `{"name":"x"}`, ""},
	// bodies
	{good, "body requestBody"},
	{good + jsonBody, "body requestBody"},
	{good + jsonBody + "{", "body syntax"},
	{good + jsonBody + `{"name":"x"} {}`, "body syntax"},
	{good + jsonBody + `{"name":"x","name":"y"}`, "body syntax"},
	{good + jsonBody + `{"name":"` + "\xff" + `"}`, "body syntax"},
	{good + jsonBody + "\xef\xbb\xbf" + `{"name":"x"}`, ""},
	{good + jsonBody + `{"name":1e1000000}`, "body complexity"},
	{good + jsonBody + strings.Repeat("[", 10000), "body complexity"},
	{good + jsonBody + `{"name":""}`, "body /name minLength"},
	{good + jsonBody + `{"id":1,"name":"x","secret":"s","more":1}`, ""},
	{good + jsonBody + `{"lines":[{"price":0.29},{"price":0.299}]}`, "body /lines/1/price multipleOf; body required"},
	{good + jsonBody + `null`, "body type"},
	{good + "\n\n" + `{"name":"x"}`, ""},
	{good + "\n\n" + `{"name":""}`, "body /name minLength"},
	{good + "\n\nname=x", "body contentType"},
	{good + "\nContent-Type: APPLICATION/JSON; charset=UTF-8\n\n" + `{"name":""}`, "body /name minLength"},
	{good + "\nContent-Type: application/json; charset=iso-8859-1\n\n{\"name\":\"\xe9\"}", ""},
	{good + "\nContent-Type: application/json; charset=klingon\n\n{}", "body syntax"},
	{good + "\nContent-Type: text/json\n\n{}", "body contentType"},
	{good + "\nContent-Type: application/problem+json\n\n{}", "body contentType"},
	{good + "\nContent-Type: text/plain\n\nx", "body contentType"},
	{good + "\nContent-Type: json\n\n{}", "body contentType"},
	{"POST /a/0" + jsonBody + "[", "body syntax; path id minimum; query limit required"},
	// undocumented and optional bodies
	{"POST /none" + jsonBody + "{", ""},
	{"GET /none" + jsonBody + "{", ""},
	{"HEAD /none", ""},
	{"POST /optional", ""},
	{"POST /optional" + jsonBody, ""},
	{"POST /optional" + jsonBody + "[]", "body type"},
	{"GET /optional" + jsonBody + "[]", "body type"},
	{"HEAD /optional" + jsonBody + "[]", ""},
	// media types
	{"POST /many\nContent-Type: text/plain\n\nabcd", "body maxLength"},
	{"POST /many\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe9\xe9\xe9", ""},
	{"POST /many\nContent-Type: text/plain\n\n\xe9", "body syntax"},
	{"POST /many" + jsonBody + "{}", "body required"},
	{"POST /many\nContent-Type: application/vnd.pet+json\n\n{}", "body type"},
	{"POST /many\nContent-Type: application/x-www-form-urlencoded\n\nn=1&t=1,2", ""},
	{"POST /many\nContent-Type: application/x-www-form-urlencoded\n\nt=1,x", "body /t/1 type; body required"},
	{"POST /many\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\n\nn=%zz", "body /n syntax"},
	{"POST /many\nContent-Type: multipart/form-data; boundary=x\n\nanything", "body syntax"},
	{"POST /many\nContent-Type: multipart/form-data; boundary=x\n\n--x\r\nContent-Disposition: form-data; name=file\r\n\r\na\r\n--x--\r\n", ""},
	{"POST /many\nContent-Type: multipart/form-data; boundary=x\n\n--x--\r\n", "body required"},
	{"POST /many\nContent-Type: image/png\n\n\x89PNG", ""},
	{"POST /many\nContent-Type: application/xml\n\n<a/>", "body required"},
	{"POST /many\nContent-Type: application/xml\n\n<x><a>1</a></x>", ""},
	{"POST /many\nContent-Type: application/xml\n\n<x><a></x>", "body syntax"},
	{"POST /many\nContent-Type: application/xml\n\n<?xml version='1.0' encoding='iso-8859-1'?><x><a>\xe9</a></x>", ""},
	{"POST /many\nContent-Type: application/octet-stream\n\nx", "body contentType"},
	{"POST /many\n\n{}", ""},   // as text
	{"POST /many\n\nabcd", ""}, // as an image
	{"POST /many\nContent-Type: application/x-www-form-urlencoded\n\n", "body required"},
	{"POST /many\nContent-Type: text/plain\n\n", ""},
	{"POST /many\nContent-Type: image/png\n\n", ""},
	{"POST /many\nContent-Type: application/octet-stream\n\n", ""},
	{"POST /pictures\nContent-Type: application/octet-stream\n\nx", ""},
	{"POST /pictures\nContent-Type: text/plain\n\nx", "body contentType"},
	{"POST /two\n\n{}", "body required"},
	{"POST /two\n\n{\"a\":1}", ""},
	{"POST /two\n\nn=1", ""},
	{"POST /two\n\nn=x", "body /n type"},
	{"POST /two\n\nn", "body contentType"},
	{"POST /any" + jsonBody + "{}", "body required"},
	{"POST /any\nContent-Type: text/csv\n\na,b", ""}, // rows are not read
	{"POST /any\nContent-Type: text/plain\n\na,b", "body type"},
	{"POST /any\nContent-Type: application/gzip\n\n\x1f\x8b", ""},
}

func TestRequests(t *testing.T) {
	c := parse(t, inputs)
	clean(t, c)
	for _, tt := range requests {
		op, r := request(t, c, tt.request)
		checked := op.CheckRequest(r)
		if got := briefly(checked.Violations); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.request, got, tt.want)
		}
		for _, v := range checked.Violations {
			if v.Message == "" || v.Rule.Line == 0 || v.Operation != op.ID {
				t.Errorf("%q: incomplete violation %+v", tt.request, v)
			}
		}
	}
}

func TestStrict(t *testing.T) {
	c := parse(t, inputs)
	for _, tt := range []struct {
		request, want string
		undeclared    int
	}{
		{"POST /a/1?limit=1&more=1&less=2" + jsonBody + `{"name":"x"}`, "query less undeclared; query more undeclared", 2},
		{"POST /a/1?limit=1&__dynamic=true" + jsonBody + `{"name":"x"}`, "", 0},
		{"POST /a/1?limit=1" + jsonBody + `{"name":"x","other":1,"lines":[{"cost":1}]}`, "body /lines/0 undeclared; body undeclared", 0},
		{"POST /none?x=1", "query x undeclared", 1},
	} {
		op, r := request(t, c, tt.request)
		if checked := op.CheckRequest(r); briefly(checked.Violations) != "" || checked.Undeclared != tt.undeclared {
			t.Errorf("%q: not strict: %s, %d undeclared, want %d", tt.request, briefly(checked.Violations), checked.Undeclared, tt.undeclared)
		}
		r.Strict = true
		checked := op.CheckRequest(r)
		for i, v := range checked.Violations {
			if v.In == "body" && (v.Keyword == "unevaluatedProperties" || v.Keyword == "additionalProperties") {
				checked.Violations[i].Keyword = "undeclared"
			}
		}
		if got := briefly(checked.Violations); got != tt.want {
			t.Errorf("%q: strict: %s, want %s", tt.request, got, tt.want)
		}
	}
}

func TestValues(t *testing.T) {
	c := parse(t, inputs)
	op, r := request(t, c, "POST /a/7?limit=1&tags=a,b&filter[n]=3\nX-Trace: 1234\nCookie: sid=4"+jsonBody+`{"name":"x"}`)
	checked := op.CheckRequest(r)
	v := checked.Values()
	for _, tt := range []struct{ got, want any }{
		{show(v.Path), `{"id":7}`},
		{show(v.Query), `{"filter":{"n":3},"limit":1,"sort":"up","tags":["a","b"]}`},
		{show(v.Header), `{"X-Trace":"1234"}`},
		{show(v.Cookie), `{"sid":4}`},
		{show(v.Body), `{"name":"x"}`},
		{v.HasBody, true},
	} {
		if tt.got != tt.want {
			t.Errorf("got %v, want %v", tt.got, tt.want)
		}
	}
	op, r = request(t, c, "POST /a/7?limit=x"+jsonBody+`{`)
	checked = op.CheckRequest(r)
	v = checked.Values()
	if v.HasBody || v.Body != nil {
		t.Errorf("a body that cannot be read has the value %v", v.Body)
	}
	op, r = request(t, c, "POST /optional"+jsonBody+"null")
	checked = op.CheckRequest(r)
	if v = checked.Values(); !v.HasBody || v.Body != nil {
		t.Error("null is not told from none")
	}
	var nothing contract.Checked
	if v = nothing.Values(); v.HasBody || len(v.Path) != 0 {
		t.Error("the zero Checked has values")
	}
}
