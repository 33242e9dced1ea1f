package contract_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"standin/mock/contract"
)

const answers = `openapi: 3.1.0
paths:
  /a:
    get:
      operationId: get
      responses:
        "200":
          description: OK.
          headers:
            X-Left: {required: true, schema: {type: integer, minimum: 0}}
            X-Tags: {schema: {type: array, items: {type: string, maxLength: 2}}}
            x-page: {content: {application/json: {schema: {type: object, required: [n]}}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
            application/*: {}
            text/plain: {schema: {type: string, maxLength: 3}}
            application/x-www-form-urlencoded: {schema: {type: object, properties: {n: {type: integer}}}}
        "204": {description: None., content: {application/json: {schema: {type: object}}}}
        "301": {description: Nothing is said of a body.}
        4XX: {description: Class., content: {application/problem+json: {schema: {type: object, required: [title]}}}}
    head: {operationId: head, responses: {"200": {description: OK.}, "500": {description: Oh.}}}
components:
  schemas:
    Pet:
      type: object
      required: [id, secret]
      properties: {id: {type: integer, readOnly: true}, secret: {type: string, writeOnly: true}}
`

func TestResponses(t *testing.T) {
	c := parse(t, answers)
	clean(t, c)
	for _, tt := range []struct {
		status             int
		header, body, want string
	}{
		{200, "X-Left: 1; Content-Type: application/json", `{"id":1}`, ""},
		{200, "X-Left: 1; Content-Type: application/json", `{}`, "body required"},
		{200, "X-Left: 1; Content-Type: application/json; charset=utf-8", `{"id":"x"}`, "body /id type"},
		{200, "X-Left: 1; Content-Type: application/json", `{"id":1`, "body syntax"},
		{200, "Content-Type: application/json", `{"id":1}`, "header X-Left required"},
		{200, "X-Left: -1; Content-Type: application/json", `{"id":1}`, "header X-Left minimum"},
		{200, "X-Left: x; X-Tags: ab, abc; Content-Type: application/json", `{"id":1}`, "header X-Left type; header X-Tags /1 maxLength"},
		{200, "X-Left: 1; X-Page: {}; Content-Type: application/json", `{"id":1}`, "header X-Page required"},
		{200, "X-Left: 1; X-Page: {; Content-Type: application/json", `{"id":1}`, "header X-Page content"},
		{200, "X-Left: 1; Content-Type: text/plain", `abcd`, "body maxLength"},
		{200, "X-Left: 1; Content-Type: text/html", `abcd`, "body contentType"},
		{200, "X-Left: 1; Content-Type: application/pdf", `%PDF`, ""},
		{200, "X-Left: 1; Content-Type: application/x-www-form-urlencoded", `n=x`, "body /n type"},
		{200, "X-Left: 1; Content-Type: json", `{}`, "body contentType"},
		{200, "X-Left: 1", `{"id":1}`, "body contentType"},
		{200, "X-Left: 1", "", ""},
		{204, "Content-Type: application/json", "[1]", ""}, // it has no content whatever it says (RFC 9110, 15.3.5)
		{301, "Content-Type: text/html", "moved", ""},
		{404, "Content-Type: application/problem+json", "{}", "body required"},
		{404, "Content-Type: application/json", "{}", "body contentType"},
		{201, "", "", "status status"},
		{500, "", "", "status status"},
		{0, "", "", "status status"},
	} {
		header := http.Header{}
		for line := range strings.SplitSeq(tt.header, "; ") {
			name, value, _ := strings.Cut(line, ": ")
			if value == "" { // a parameter of the line before
				header.Set("Content-Type", header.Get("Content-Type")+"; "+name)
				continue
			}
			header.Add(name, value)
		}
		found := c.Operation("get").CheckResponse(tt.status, header, []byte(tt.body))
		if got := briefly(found); got != tt.want {
			t.Errorf("%d %s %s: %q, want %q", tt.status, tt.header, tt.body, got, tt.want)
		}
		for _, v := range found {
			if v.Operation != "get" || v.Message == "" || v.Rule.Line == 0 {
				t.Errorf("an incomplete violation: %+v", v)
			}
		}
	}
	if broken := c.Operation("head").CheckResponse(500, nil, nil); len(broken) != 0 {
		t.Errorf("HEAD: %v", broken)
	}
}

// TestRules shows where the broken rule stands and what is said of it, alternatives included.
func TestRules(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
paths:
  /a/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 5}}
        - name: q
          in: query
          required: true
      requestBody:
        content:
          application/json:
            schema:
              oneOf:
                - {$ref: '#/components/schemas/Cat'}
                - {$ref: '#/components/schemas/Dog'}
      security: [{key: []}]
      responses: {"200": {description: OK.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Cat: {type: object, required: [claws, name], properties: {kind: {const: cat}, claws: {type: integer}, name: {type: string}}}
    Dog:
      type: object
      required: [bark]
      properties: {kind: {const: dog}, bark: {type: string, minLength: 2}}
`)
	op, r := request(t, c, "POST /a/4\nContent-Type: application/json\n\n"+`{"kind":"dog","bark":"w"}`)
	var got []string
	for _, v := range op.CheckRequest(r).Violations {
		got = append(got, strings.Join([]string{v.In, v.Name + v.Pointer, v.Message, v.Keyword, v.Rule.String()}, " | "))
	}
	want := []string{
		"path | id | must be at least 5, is 4 | minimum | api.yaml:6:72",
		"query | q | is required, and missing | required | api.yaml:9:11",
		"security | key | the header X-Key must carry the key, and is missing or empty | security | api.yaml:21:10",
		`body | /bark | must be at least 2 characters long, is 1 (as "Dog", the nearest of 2 alternatives) | minLength | api.yaml:27:61`,
	}
	if len(got) != len(want) {
		t.Fatalf("violations: %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// TestConcurrentUse compiles, finds and checks from many goroutines at once (go test -race).
func TestConcurrentUse(t *testing.T) {
	c := parse(t, shop)
	old := parse(t, answers)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 20 {
				found := c.Find("POST", "/v1/orders")
				checked := found.Operation.CheckRequest(&contract.Request{
					Found: found, URL: &url.URL{Path: "/v1/orders", RawQuery: "x=1"}, Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer a"}}, Body: []byte(orderText()),
				})
				if len(checked.Violations) > 0 || checked.Undeclared != 1 {
					t.Errorf("violations %v, %d undeclared", checked.Violations, checked.Undeclared)
				}
				checked.Values()
				old.Operation("get").CheckResponse(200, http.Header{"Content-Type": {"application/json"}}, []byte(`{"id":1}`))
				old.Schema("Pet")
			}
			if i == 0 {
				c.Wait(t.Context())
			}
			c.Digest()
		})
	}
	all.Wait()
}
