package mock_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

// TestStarterFixtures: they have no faults, and answer as the mock does without them.
func TestStarterFixtures(t *testing.T) {
	demo, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{"odd": odd, "drifted": drifted, "orders": orders, "demo": string(demo)} {
		c, err := contract.Parse(context.Background(), name+".yaml", []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		files, err := mock.StarterFixtures(context.Background(), c, 1)
		if err != nil || len(files) < 2 {
			t.Fatal(name, len(files), err)
		}
		fsys := fstest.MapFS{}
		for file, text := range files {
			fsys[file] = &fstest.MapFile{Data: text}
		}
		for _, d := range mock.Check(context.Background(), c, fsys) {
			if d.Rule == "fixture" || strings.HasPrefix(d.Position.File, "fixtures/") {
				t.Errorf("%s: %v", name, d)
			}
		}
	}
}

const gated = `openapi: 3.0.3
info: {title: Gates, version: "1"}
paths:
  /gates:
    get: {operationId: listGates, responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Gate'}}}}}, '503': {description: Later.}}}
    post:
      operationId: addGate
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Gate'}}}}
      responses: {'201': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Gate'}}}}, '409': {description: There already.}, '422': {description: No.}}
  /gates/{id}:
    get:
      operationId: getGate
      parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1000}}]
      responses: {'200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Gate'}}}}, '404': {description: None., content: {text/plain: {example: no such gate}}}}
components: {schemas: {Gate: {type: object, required: [id, name], properties: {id: {type: integer, minimum: 1000, readOnly: true}, name: {type: string, minLength: 5}}}}}
`

// TestStarterFailures: what the mock remembers is not hidden; each failure has a request of its own.
func TestStarterFailures(t *testing.T) {
	c, err := contract.Parse(t.Context(), "gates.yaml", []byte(gated))
	if err != nil {
		t.Fatal(err)
	}
	files, err := mock.StarterFixtures(t.Context(), c, 1)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for file, text := range files {
		fsys[file] = &fstest.MapFile{Data: text}
	}
	s, err := mock.New(c, mock.Fixtures(fsys))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	id := regexp.MustCompile(`when: \{path: \{"id": (\d+)\}\}`).FindSubmatch(files["getGate.yaml"])
	name := regexp.MustCompile(`when: \{body: \{"/name": (".*")\}\}`).FindSubmatch(files["addGate.yaml"])
	if id == nil || name == nil {
		t.Fatalf("%s\n%s", files["getGate.yaml"], files["addGate.yaml"])
	}
	for _, one := range []struct {
		status       int
		target, body string
		header       []string
	}{
		{200, "GET /gates", "", nil},
		{503, "GET /gates", "", []string{"Mock-Case: fails-with-503"}},
		{404, "GET /gates/" + string(id[1]), "", nil},
		{201, "POST /gates", `{"name":"North gate"}`, nil},
		{409, "POST /gates", `{"name":` + string(name[1]) + `}`, nil},
	} {
		if w := ask(s, one.target, one.body, one.header...); w.Code != one.status {
			t.Errorf("%s %s: %d %s", one.target, one.body, w.Code, w.Body)
		}
	}
}
