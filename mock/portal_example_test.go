package mock_test

import (
	"context"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
)

// TestPagesShowWhatIsAnswered holds the examples of pages to the answers of the mock, generated ones included, to the byte.
func TestPagesShowWhatIsAnswered(t *testing.T) {
	c, err := contract.Parse(context.Background(), "openapi.yaml", []byte(`
openapi: 3.1.0
info: {title: Things, version: '1'}
servers: [{url: /v2}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, example: a b}
        - {name: size, in: query, required: true, schema: {type: integer}, example: 3}
      responses:
        '200': {description: A thing., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '404': {description: None., content: {application/json: {example: {code: 1}}}}
components:
  schemas:
    Thing: {type: object, required: [id, name, tags], properties: {id: {type: string}, name: {type: string}, tags: {type: array, minItems: 2, items: {type: string}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(c, mock.Docs(mock.Looks{}), mock.Seed(7))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if page := ask(s, "GET /docs/op/getThing", "").Body.String(); !strings.Contains(page, "/v2/things/a%20b?size=3") {
		t.Error("the page asks for another thing")
	}
	for shown, request := range map[string][]string{
		"GET /docs/example/getThing/0": {"GET /v2/things/a%20b?size=3"},
		"GET /docs/example/getThing/1": {"GET /v2/things/a%20b?size=3", "Prefer: code=404"},
	} {
		want := ask(s, request[0], "", request[1:]...)
		if got := ask(s, shown, ""); got.Body.String() != want.Body.String() || want.Body.Len() == 0 {
			t.Errorf("%s shows\n%s\nand %v answers\n%s", shown, got.Body, request, want.Body)
		}
	}
}
