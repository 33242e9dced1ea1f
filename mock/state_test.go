package mock_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"standin/mock"
)

const shop = `openapi: 3.1.0
info: {title: Shop, version: "1"}
components:
  parameters:
    owner: {name: ownerId, in: path, required: true, schema: {type: string}}
    pet: {name: petId, in: path, required: true, schema: {type: integer}}
  responses:
    gone: {description: None., content: {application/json: {schema: {type: object, required: [message], properties: {message: {type: string}}}}}}
  schemas:
    Owner:
      type: object
      required: [id, name, createdAt]
      properties:
        id: {type: string, format: uuid, readOnly: true}
        name: {type: string}
        password: {type: string, writeOnly: true}
        status: {type: string, enum: [new, active], readOnly: true}
        createdAt: {type: string, format: date-time, readOnly: true}
        updatedAt: {type: string, format: date-time, readOnly: true}
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, minLength: 1}
        kind: {type: string, enum: [cat, dog, bird]}
        ownerId: {type: string, format: uuid}
        tags: {type: array, items: {type: string}}
paths:
  /owners:
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
        - {name: per_page, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 10}}
        - {name: sort, in: query, schema: {type: string}}
      responses:
        "200":
          description: Owners.
          headers: {Link: {schema: {type: string}}, X-Total-Count: {schema: {type: integer}}}
          content:
            application/json:
              schema:
                type: object
                required: [data, total]
                properties:
                  data: {type: array, items: {$ref: '#/components/schemas/Owner'}}
                  total: {type: integer}
                  page: {type: integer}
                  has_more: {type: boolean}
                  next: {type: [string, "null"], format: uri}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
  /owners/{ownerId}:
    parameters: [{$ref: '#/components/parameters/owner'}]
    get: {responses: {"200": {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}, "404": {$ref: '#/components/responses/gone'}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}
      responses: {"200": {description: Put., content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
    patch:
      requestBody:
        required: true
        content:
          application/merge-patch+json: {schema: {type: object}}
          application/json-patch+json: {schema: {type: array, items: {type: object}}}
      responses: {"200": {description: Changed., content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
    delete: {responses: {"204": {description: Gone.}, "404": {$ref: '#/components/responses/gone'}}}
  /owners/{ownerId}/pets:
    parameters: [{$ref: '#/components/parameters/owner'}]
    get:
      parameters: [{name: kind, in: query, schema: {type: string}}]
      responses: {"200": {description: Pets., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}, "404": {$ref: '#/components/responses/gone'}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /owners/{ownerId}/pets/{petId}:
    parameters: [{$ref: '#/components/parameters/owner'}, {$ref: '#/components/parameters/pet'}]
    get: {responses: {"200": {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, "404": {$ref: '#/components/responses/gone'}}}
    delete: {responses: {"204": {description: Gone.}}}
`

func shopServer(t testing.TB, options ...mock.Option) *mock.Server {
	t.Helper()
	s, err := mock.New(parse(t, shop), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// said asks and gives the answer's JSON.
func said(t *testing.T, h http.Handler, status int, request, body string, headers ...string) (map[string]any, http.Header) {
	t.Helper()
	w := ask(h, request, body, headers...)
	if w.Code != status || strings.Contains(w.Header().Get("Mock-Violations"), "response=1") {
		t.Fatalf("%s: %d %v %s", request, w.Code, w.Header(), w.Body)
	}
	var value any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
			t.Fatal(err)
		}
	}
	if list, ok := value.([]any); ok {
		return map[string]any{"data": list}, w.Header()
	}
	object, _ := value.(map[string]any)
	return object, w.Header()
}

func TestWhatIsCreatedIsThere(t *testing.T) {
	s := shopServer(t)
	list, h := said(t, s, 200, "GET /owners", "")
	total := list["total"].(float64)
	if len(list["data"].([]any)) != 10 || total < 11 || list["has_more"] != true || list["next"] == nil || h.Get("X-Total-Count") == "" {
		t.Errorf("the first page is %v", list)
	}
	made, h := said(t, s, 201, "POST /owners", `{"name":"Ann","password":"secret"}`)
	id := made["id"].(string)
	if made["name"] != "Ann" || made["status"] != "new" || made["password"] != nil || h.Get("Location") != "http://localhost/owners/"+id {
		t.Errorf("made: %v %v", made, h)
	}
	read, _ := said(t, s, 200, "GET /owners/"+id, "")
	if read["name"] != "Ann" || read["createdAt"] != made["createdAt"] {
		t.Errorf("read: %v", read)
	}
	last, _ := said(t, s, 200, "GET /owners?page=3", "")
	rows := last["data"].([]any)
	if last["total"] != total+1 || rows[len(rows)-1].(map[string]any)["id"] != id || last["has_more"] != false || last["next"] != nil {
		t.Errorf("the last page: %v", last)
	}
	if put, _ := said(t, s, 200, "PUT /owners/"+id, `{"name":"Bea"}`); put["name"] != "Bea" || put["id"] != id || put["createdAt"] != made["createdAt"] {
		t.Errorf("put: %v", put)
	}
	patch := ask(s, "PATCH /owners/"+id, `{"name":"Cleo"}`, "Content-Type: application/merge-patch+json")
	if patch.Code != 200 || !strings.Contains(patch.Body.String(), "Cleo") {
		t.Errorf("merge patch: %d %s", patch.Code, patch.Body)
	}
	patch = ask(s, "PATCH /owners/"+id, `[{"op":"replace","path":"/name","value":"Dora"}]`, "Content-Type: application/json-patch+json")
	if patch.Code != 200 || !strings.Contains(patch.Body.String(), "Dora") {
		t.Errorf("JSON patch: %d %s", patch.Code, patch.Body)
	}
	said(t, s, 204, "DELETE /owners/"+id, "")
	said(t, s, 404, "GET /owners/"+id, "")
	said(t, s, 404, "DELETE /owners/"+id, "")
	if list, _ := said(t, s, 200, "GET /owners", ""); list["total"] != total {
		t.Errorf("after the deletion: %v", list["total"])
	}
	sorted, _ := said(t, s, 200, "GET /owners?sort=-name&per_page=50", "")
	before := "\U0010ffff"
	for _, row := range sorted["data"].([]any) {
		name := strings.ToLower(row.(map[string]any)["name"].(string))
		if name > before {
			t.Errorf("%q comes after %q", name, before)
		}
		before = name
	}
}

func TestRowsBelowOthers(t *testing.T) {
	s := shopServer(t)
	owner, _ := said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	pets := "/owners/" + owner["id"].(string) + "/pets"
	if list, _ := said(t, s, 200, "GET "+pets, ""); len(list["data"].([]any)) != 0 {
		t.Errorf("a new owner has pets: %v", list)
	}
	first, _ := said(t, s, 201, "POST "+pets, `{"name":"Rex","kind":"dog"}`)
	second, _ := said(t, s, 201, "POST "+pets, `{"name":"Tom","kind":"cat"}`)
	if first["id"] == second["id"] || first["ownerId"] != owner["id"] {
		t.Errorf("made: %v, %v", first, second)
	}
	if list, _ := said(t, s, 200, "GET "+pets+"?kind=cat", ""); len(list["data"].([]any)) != 1 {
		t.Errorf("cats: %v", list)
	}
	other, _ := said(t, s, 201, "POST /owners", `{"name":"Bea"}`)
	if list, _ := said(t, s, 200, "GET /owners/"+other["id"].(string)+"/pets", ""); len(list["data"].([]any)) != 0 {
		t.Errorf("another owner has them: %v", list)
	}
	said(t, s, 204, "DELETE /owners/"+owner["id"].(string), "")
	said(t, s, 404, "GET "+pets, "")
}

func TestUnknownIDs(t *testing.T) {
	const id = "/owners/0b0f3c2e-6d1a-4c8e-9f43-1c2f5d9e7a10"
	s := shopServer(t)
	first, _ := said(t, s, 200, "GET "+id, "")
	if again, _ := said(t, s, 200, "GET "+id, ""); again["name"] != first["name"] || first["id"] != strings.TrimPrefix(id, "/owners/") {
		t.Errorf("%v, then %v", first, again)
	}
	said(t, s, 404, "GET "+id, "", "Prefer: code=404")
	said(t, shopServer(t, mock.Closed()), 404, "GET "+id, "")
	stateless := shopServer(t, mock.Stateless())
	said(t, stateless, 204, "DELETE "+id, "")
	said(t, stateless, 200, "GET "+id, "")
}

func TestStoreFileOutlivesTheServer(t *testing.T) {
	file := t.TempDir() + "/world"
	s := shopServer(t, mock.StoreFile(file))
	owner, _ := said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := shopServer(t, mock.StoreFile(file))
	if read, _ := said(t, again, 200, "GET /owners/"+owner["id"].(string), ""); read["name"] != "Ann" {
		t.Errorf("it forgot: %v", read)
	}
}
