package mock_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"standin/mock"
)

const orders = `openapi: 3.0.3
info: {title: Orders, version: "1"}
components:
  schemas:
    Line:
      type: object
      required: [sku, quantity]
      properties:
        sku: {type: string, minLength: 3, maxLength: 20}
        quantity: {type: integer, minimum: 1, maximum: 99}
        price: {type: number, minimum: 0}
    Order:
      type: object
      required: [reference, email, status, lines]
      properties:
        reference: {type: string, pattern: '^ORD-[0-9]{6}$'}
        email: {type: string, format: email}
        status: {type: string, enum: [draft, paid, shipped]}
        total: {type: number, minimum: 0, maximum: 100000}
        created_at: {type: string, format: date-time}
        note: {type: string, maxLength: 900, nullable: true}
        lines: {type: array, minItems: 2, maxItems: 20, items: {$ref: '#/components/schemas/Line'}}
paths:
  /static/{id}:
    get:
      operationId: static
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: An example.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Line'}
              example: {sku: SKU-1000, quantity: 2, price: 9.5}
  /generated/{id}:
    get:
      operationId: generated
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: Made up., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  /orders:
    post:
      operationId: create
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        "201":
          description: An example.
          content: {application/json: {schema: {$ref: '#/components/schemas/Line'}, example: {sku: SKU-1000, quantity: 2}}}
`

// discard takes an answer without keeping it.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// order is a valid body of about 1 KB.
func order() []byte {
	var b bytes.Buffer
	b.WriteString(`{"reference":"ORD-482913","email":"ada@example.com","status":"paid","total":199.9,"created_at":"2026-01-02T03:04:05Z","note":"leave at the door","lines":[`)
	for i := range 15 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"sku":"SKU-1000","quantity":12,"price":1234.25}`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// BenchmarkServer is one exchange without a connection, as a library and as the command serves it, with pages and journal.
func BenchmarkServer(b *testing.B) {
	b.Run("Bare", func(b *testing.B) { benchmarkServer(b) })
	b.Run("WithDocs", func(b *testing.B) { benchmarkServer(b, mock.Docs(mock.Looks{})) })
}

func benchmarkServer(b *testing.B, options ...mock.Option) {
	s, err := mock.New(parse(b, orders), options...)
	if err != nil {
		b.Fatal(err)
	}
	wrong := bytes.Replace(order(), []byte(`"status":"paid"`), []byte(`"status":"gone"`), 1)
	for _, c := range []struct {
		name, method, path string
		body               []byte
		status             int
	}{
		{"Example", "GET", "/static/7", nil, 200},
		{"Generated", "GET", "/generated/7", nil, 200},
		{"ValidatedPost", "POST", "/orders", order(), 201},
		{"RefusedPost", "POST", "/orders", wrong, 422},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Header.Set("Content-Type", "application/json")
			probe := httptest.NewRecorder()
			set := func() {
				if c.body != nil {
					r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.body)), int64(len(c.body))
				}
			}
			set()
			s.ServeHTTP(probe, r)
			if probe.Code != c.status {
				b.Fatal(probe.Code, probe.Body)
			}
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			b.SetBytes(int64(len(c.body)))
			for b.Loop() {
				set()
				clear(w.header)
				s.ServeHTTP(w, r)
			}
		})
	}
}
