package contract_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"standin/mock/contract"
)

const pets = `openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
servers: [{url: https://pets.example.com/v1}]
paths:
  /pets/{id}:
    put:
      operationId: putPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        "200": {description: Kept., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, age: {type: integer}}}
`

func ExampleParse() {
	c, err := contract.Parse(context.Background(), "pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range c.Wait(context.Background()) {
		fmt.Println(d)
	}
	for _, op := range c.Operations() {
		fmt.Println(op.ID, op.Method, op.Template, op.Position)
	}
	// Output: putPet PUT /pets/{id} pets.yaml:6:5
}

func ExampleContract_Wait() {
	const text = `openapi: 3.1.0
paths:
  /pets: {get: {responses: {"200": {$ref: '#/components/responses/Pets'}}}}
`
	c, err := contract.Parse(context.Background(), "pets.yaml", []byte(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range c.Wait(context.Background()) {
		fmt.Println(d)
	}
	// Output: pets.yaml:3:37: error: the reference "#/components/responses/Pets" cannot be followed: there is no "components" at pets.yaml:1:1 (reference)
}

func ExampleContract_Find() {
	c, err := contract.Parse(context.Background(), "pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	found := c.Find("PUT", "/v1/pets/7")
	fmt.Println(found.Operation.ID, found.Captures, found.Prefix)
	found = c.Find("GET", "/pets/7")
	fmt.Println(found.Operation == nil, found.Allow)
	fmt.Println(c.Nearest("/pet/7", 1))
	// Output:
	// putPet [7] /v1
	// true [OPTIONS PUT]
	// [/pets/{id}]
}

func ExampleOperation_CheckRequest() {
	c, err := contract.Parse(context.Background(), "pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	u := &url.URL{Path: "/pets/0"}
	found := c.Find("PUT", u.EscapedPath())
	checked := found.Operation.CheckRequest(&contract.Request{
		Found: found, URL: u, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"name": "", "age": "three"}`),
	})
	for _, v := range checked.Violations {
		fmt.Printf("%s %s%s %s (%s, %s)\n", v.In, v.Name, v.Pointer, v.Message, v.Keyword, v.Rule)
	}
	// Output:
	// path id must be at least 1, is 0 (minimum, pets.yaml:9:72)
	// body /name must be at least 1 character long, is 0 (minLength, pets.yaml:17:77)
	// body /age must be an integer, is a string ("three") (type, pets.yaml:17:98)
}

func ExampleChecked_Values() {
	c, err := contract.Parse(context.Background(), "pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	u := &url.URL{Path: "/pets/7"}
	found := c.Find("PUT", u.EscapedPath())
	checked := found.Operation.CheckRequest(&contract.Request{Found: found, URL: u, Header: http.Header{}, Body: []byte(`{"name": "Rex"}`)})
	values := checked.Values()
	fmt.Println(values.Path, values.Body)
	// Output: map[id:7] map[name:Rex]
}

func ExampleOperation_CheckResponse() {
	c, err := contract.Parse(context.Background(), "pets.yaml", []byte(pets))
	if err != nil {
		fmt.Println(err)
		return
	}
	op := c.Operation("putPet")
	header := http.Header{"Content-Type": {"application/json"}}
	fmt.Println(len(op.CheckResponse(200, header, []byte(`{"name": "Rex"}`))))
	for _, v := range op.CheckResponse(404, header, nil) {
		fmt.Println(v.In, v.Message)
	}
	// Output:
	// 0
	// status 404 is not documented; only 200 is
}
