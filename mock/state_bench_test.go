package mock_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"standin/mock"
)

// items is a collection whose lists give a hundred rows.
const items = `openapi: 3.0.3
info: {title: Items, version: "1"}
paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 100}}
        - {name: offset, in: query, schema: {type: integer, minimum: 0, default: 0}}
      responses:
        "200": {description: All., content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Item"}}}}}
    post:
      operationId: createItem
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}
  /items/{id}:
    get:
      operationId: getItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}
components:
  schemas:
    Item:
      type: object
      required: [id, name, price, currency]
      properties:
        id: {type: string, format: uuid, readOnly: true}
        name: {type: string, minLength: 1, maxLength: 80}
        price: {type: integer, minimum: 0}
        currency: {type: string, pattern: "^[A-Z]{3}$"}
        tags: {type: array, items: {type: string}, maxItems: 10}
        in_stock: {type: boolean}
        created_at: {type: string, format: date-time}
`

const item = `{"name":"Blue lamp","price":1999,"currency":"EUR","tags":["home","light"],"in_stock":true,"created_at":"2026-01-02T03:04:05Z"}`

// BenchmarkRows is one exchange with so many rows that clients created: a list of 100 of them, the last 100, a new one, and one that is read.
func BenchmarkRows(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		s, err := mock.New(parse(b, items), mock.Control())
		if err != nil {
			b.Fatal(err)
		}
		id := ""
		for range n {
			w := ask(s, "POST /items", item)
			if w.Code != http.StatusCreated {
				b.Fatal(w.Code, w.Body)
			}
			id = w.Header().Get("Location")[len("http://localhost"):]
		}
		for _, c := range []struct{ name, method, path, body string }{
			{"list100", "GET", "/items", ""}, {"last100", "GET", fmt.Sprintf("/items?offset=%d", n-100), ""},
			{"create", "POST", "/items", item}, {"read", "GET", id, ""},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, c.name), func(b *testing.B) {
				r := httptest.NewRequest(c.method, c.path, nil)
				r.Host = "localhost"
				r.Header.Set("Content-Type", "application/json")
				w := &discard{header: http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(c.body))), int64(len(c.body))
					clear(w.header)
					s.ServeHTTP(w, r)
				}
				if source := w.header.Get("Mock-Source"); source != "state" {
					b.Fatal(source)
				}
			})
		}
	}
}
