package contract_test

import (
	"net/http"
	"testing"
)

const swagger = `swagger: "2.0"
info: {title: Old, version: "1"}
basePath: /v1
consumes: [application/json]
produces: [application/json]
parameters:
  page: {name: page, in: query, type: integer, minimum: 1, default: 1}
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, type: integer, maximum: 9}
      - {$ref: '#/parameters/page'}
    get:
      operationId: get
      parameters:
        - {name: csv, in: query, type: array, items: {type: integer}}
        - {name: ssv, in: query, type: array, items: {type: integer}, collectionFormat: ssv}
        - {name: tsv, in: query, type: array, items: {type: integer}, collectionFormat: tsv}
        - {name: pipes, in: query, type: array, items: {type: integer}, collectionFormat: pipes}
        - {name: multi, in: query, type: array, items: {type: integer}, collectionFormat: multi}
        - {name: empty, in: query, type: integer, allowEmptyValue: true}
        - {name: X-List, in: header, type: array, items: {type: integer}}
      responses:
        "200":
          description: OK.
          schema: {$ref: '#/definitions/Pet'}
          headers: {X-Left: {type: integer}}
          examples: {application/json: {kind: Cat, claws: 4}}
        default: {description: Oh.}
    put:
      operationId: put
      consumes: [application/json, text/plain]
      parameters: [{name: any, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}]
      responses: {"204": {description: Kept.}}
      security: [{basic: []}, {key: [], oauth: [read]}]
    post:
      operationId: form
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: n, in: formData, required: true, type: integer}
        - {name: l, in: formData, type: array, items: {type: integer}, collectionFormat: pipes}
        - {name: m, in: formData, type: array, items: {type: integer}, collectionFormat: multi}
      responses: {"204": {description: Done.}}
    patch:
      operationId: upload
      parameters: [{name: f, in: formData, type: file}, {name: n, in: formData, type: string}]
      responses: {"204": {description: Done.}}
    delete:
      operationId: plainForm
      parameters: [{name: n, in: formData, type: boolean}]
      responses: {"204": {description: Done.}}
securityDefinitions:
  basic: {type: basic}
  key: {type: apiKey, in: query, name: key}
  oauth: {type: oauth2, flow: implicit, authorizationUrl: https://x/, scopes: {read: Reads.}}
definitions:
  Pet: {type: object, required: [kind], discriminator: kind, properties: {kind: {type: string}}}
  Cat: {allOf: [{$ref: '#/definitions/Pet'}, {type: object, required: [claws], properties: {claws: {type: integer}}}]}
`

// TestOldDocuments holds OpenAPI 2.0 to the same checks as its successors.
func TestOldDocuments(t *testing.T) {
	c := parse(t, swagger)
	clean(t, c)
	const basic = "\nAuthorization: Basic YTpi"
	const form = "\nContent-Type: application/x-www-form-urlencoded\n\n"
	for _, x := range []exchange{
		{"GET /pets/7", ""},
		{"GET /v1/pets/x?page=0", "path id type; query page minimum"},
		{"GET /pets/10", "path id maximum"},
		{"GET /pets/1?csv=1,2&ssv=1%202&tsv=1%092&pipes=1|2&multi=1&multi=2&empty=\nX-List: 1, 2", ""},
		{"GET /pets/1?csv=1,x&ssv=1%20x&tsv=1%09x&pipes=1|x&multi=1&multi=x\nX-List: 1, x",
			"header X-List /1 type; query csv /1 type; query multi /1 type; query pipes /1 type; query ssv /1 type; query tsv /1 type"},
		{"PUT /pets/1" + basic + jsonBody + `{"kind":"Cat","claws":1}`, ""},
		{"PUT /pets/1" + basic + jsonBody + `{"kind":"Cat"}`, ""},
		{"PUT /pets/1" + basic + jsonBody + `{}`, "body required"},
		{"PUT /pets/1" + basic + "\nContent-Type: text/csv\n\nx", "body contentType"},
		{"PUT /pets/1" + basic, "body requestBody"},
		{"PUT /pets/1?key=k" + jsonBody + `{"kind":"Cat","claws":1}`, "security basic security"},
		{"PUT /pets/1?key=k\nAuthorization: Bearer abc" + jsonBody + `{"kind":"Cat","claws":1}`, ""},
		{"POST /pets/1" + form + "n=1&l=1|2&m=1&m=2", ""},
		{"POST /pets/1" + form + "l=1|x&m=x", "body /l/1 type; body /m/0 type; body required"},
		{"POST /pets/1", "body requestBody"},
		{"PATCH /pets/1\nContent-Type: multipart/form-data; boundary=b\n\n--b--", ""},
		{"PATCH /pets/1" + form + "n=1", "body contentType"},
		{"DELETE /pets/1" + form + "n=maybe", "body /n type"},
		{"DELETE /pets/1", ""},
	} {
		op, r := request(t, c, x.ask)
		if got := briefly(op.CheckRequest(r).Violations); got != x.broken {
			t.Errorf("%s: %q, want %q", x.ask, got, x.broken)
		}
	}
}

// TestOldAnswers looks at what 2.0 says of answers, bodies and credentials.
func TestOldAnswers(t *testing.T) {
	c := parse(t, swagger)
	get := c.Operation("get")
	for _, tt := range []struct {
		status       int
		header, body string
		want         string
	}{
		{200, "1", `{"kind":"Cat","claws":4}`, ""},
		{200, "x", `{"kind":"Cat"}`, "body required; header X-Left type"},
		{503, "1", "anything", ""},
	} {
		header := http.Header{"Content-Type": {"application/json"}, "X-Left": {tt.header}}
		if got := briefly(get.CheckResponse(tt.status, header, []byte(tt.body))); got != tt.want {
			t.Errorf("%d %s: %q, want %q", tt.status, tt.body, got, tt.want)
		}
	}
	if e := get.Responses().For(200).Content[0].Examples; len(e) != 1 || len(e[0].Violations) > 0 || show(e[0].Value.Value()) != `{"claws":4,"kind":"Cat"}` {
		t.Errorf("examples: %+v", e)
	}
	if s := c.Schema("Cat"); s == nil || len(s.AllOf) != 2 {
		t.Errorf("the definition Cat: %+v", s)
	}
	security := c.Operation("put").Security()
	if len(security) != 2 || len(security[1]) != 2 || security[0][0].Type != "http" || security[1][1].Scopes[0] != "read" {
		t.Errorf("security: %+v", security)
	}
	if b := c.Operation("upload").RequestBody(); b.Required || len(b.Content) != 1 || b.Content[0].Range != "multipart/form-data" {
		t.Errorf("the upload's body: %+v", b)
	}
}
