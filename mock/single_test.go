package mock_test

import (
	"fmt"
	"testing"

	"standin/mock"
)

// alone has resources that stand by themselves: one for all, one below each row, and one that is a view of a row.
const alone = `openapi: 3.1.0
info: {title: Alone, version: "1"}
components:
  schemas:
    Settings:
      type: object
      required: [theme]
      properties: {theme: {enum: [light, dark]}, size: {type: integer, default: 10}, updatedAt: {type: string, format: date-time, readOnly: true}}
    Profile: {type: object, required: [bio], properties: {bio: {type: string}, links: {type: array, items: {type: string}}}}
    User:
      type: object
      required: [id, name]
      properties: {id: {type: integer, readOnly: true}, name: {type: string}, status: {type: string}}
paths:
  /settings:
    get: {responses: {"200": {description: They., content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}, example: {theme: light, size: 12}}}}, "404": {description: None.}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}
      responses: {"200": {description: Put., content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}}
    patch:
      requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object}}}}
      responses: {"204": {description: Changed.}}
    delete: {responses: {"204": {description: Gone.}, "404": {description: None.}}}
  /users:
    get: {responses: {"200": {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
  /users/{userId}:
    parameters: [{name: userId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}, "404": {description: None.}}}
    delete: {responses: {"204": {description: Gone.}}}
  /users/{userId}/profile:
    parameters: [{name: userId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: It., content: {application/json: {schema: {type: object, properties: {data: {$ref: '#/components/schemas/Profile'}}}}}}, "404": {description: None.}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Profile'}}}}
      responses: {"200": {description: Put., content: {application/json: {schema: {type: object, properties: {data: {$ref: '#/components/schemas/Profile'}}}}}}}
  /users/{userId}/status:
    parameters: [{name: userId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {"200": {description: Put., content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
`

// TestResourcesThatStandAlone are changed and read like rows, though no path leads to several of them.
func TestResourcesThatStandAlone(t *testing.T) {
	s, err := mock.New(parse(t, alone), mock.Control())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	is := func(request string, status int, name string, want any, headers ...string) {
		t.Helper()
		got, h := said(t, s, status, request, "", headers...)
		if data, ok := got["data"].(map[string]any); ok {
			got = data
		}
		if got[name] != want || h.Get("Mock-Source") != "state" {
			t.Errorf("%s: %v (%s), want %v", request, got, h.Get("Mock-Source"), want)
		}
	}
	is("GET /settings", 200, "size", 12.0)
	said(t, s, 200, "PUT /settings", `{"theme":"dark"}`)
	is("GET /settings", 200, "theme", "dark")
	is("GET /settings", 200, "size", 10.0)
	said(t, s, 204, "PATCH /settings", `{"size":7}`, "Content-Type: application/merge-patch+json")
	is("GET /settings", 200, "size", 7.0)
	is("GET /settings", 200, "theme", "dark")
	is("GET /settings", 200, "theme", "light", "Mock-Sandbox: other")
	said(t, s, 204, "DELETE /settings", "")
	said(t, s, 404, "GET /settings", "")
	said(t, s, 200, "PUT /settings", `{"theme":"light"}`)
	is("GET /settings", 200, "theme", "light")

	for _, user := range []string{"1", "2"} {
		said(t, s, 200, "PUT /users/"+user+"/profile", `{"bio":"of `+user+`"}`)
	}
	is("GET /users/1/profile", 200, "bio", "of 1")
	is("GET /users/2/profile", 200, "bio", "of 2")

	made, _ := said(t, s, 201, "POST /users", `{"name":"Ann"}`)
	own := fmt.Sprintf("/users/%v", made["id"])
	said(t, s, 200, "PUT "+own+"/profile", `{"bio":"Ann's"}`)
	is("GET "+own+"/profile", 200, "bio", "Ann's")
	said(t, s, 204, "DELETE "+own, "")
	said(t, s, 404, "GET "+own+"/profile", "")
	said(t, s, 200, "PUT /users/1/status", `{"name":"Ann","status":"away"}`)
	is("GET /users/1", 200, "status", "away")
	is("GET /users/1/status", 200, "name", "Ann")
}
