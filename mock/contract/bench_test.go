package contract_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/contract"
)

// shop is a document with the kinds of operations that most requests go to.
const shop = `openapi: 3.1.0
servers: [{url: https://x/v1}]
security: [{token: []}]
paths:
  /orders:
    get:
      operationId: list
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: status, in: query, schema: {type: string, enum: [open, paid, sent]}}
        - {name: after, in: query, schema: {type: string, maxLength: 40}}
        - {name: X-Trace, in: header, schema: {type: string, pattern: '^[0-9a-f]+$'}}
      responses: {"200": {description: OK.}}
    post:
      operationId: create
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {"201": {description: Made., headers: {Location: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
  /orders/{id}/lines/{line}:
    get:
      operationId: line
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, minLength: 3, maxLength: 36}}
        - {name: line, in: path, required: true, schema: {type: integer, minimum: 0}}
      responses: {"200": {description: OK.}}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Order:
      type: object
      required: [reference, email, lines]
      properties:
        reference: {type: string, pattern: '^ORD-[0-9]{6}$'}
        email: {type: string, format: email}
        status: {type: string, enum: [open, paid, sent]}
        total: {type: number, minimum: 0}
        address: {type: object, required: [street, city], properties: {street: {type: string, maxLength: 80}, city: {type: string}, country: {type: string, minLength: 2, maxLength: 2}}}
        lines:
          type: array
          minItems: 1
          items: {type: object, required: [sku, quantity], properties: {sku: {type: string, pattern: '^SKU-[0-9]+$'}, quantity: {type: integer, minimum: 1}, price: {type: number, multipleOf: 0.01}, note: {type: [string, 'null']}}}
`

// orderText is a body of about 1 KB that is valid for Order.
func orderText() string {
	var lines []string
	for i := range 12 {
		lines = append(lines, fmt.Sprintf(`{"sku":"SKU-%d","quantity":%d,"price":%d.%02d,"note":null}`, 1000+i, i+1, i*3, i*7))
	}
	return `{"reference":"ORD-482913","email":"ada@example.com","status":"paid","total":199.9,"address":{"street":"12 Analytical Row","city":"London","country":"GB"},"lines":[` +
		strings.Join(lines, ",") + `]}`
}

const bearer = "\nAuthorization: Bearer 0123456789abcdef"

// TestValidRequestsAllocateNothing holds the way that nearly all requests take.
func TestValidRequestsAllocateNothing(t *testing.T) {
	c := parse(t, shop)
	for _, ask := range []string{
		"POST /orders" + bearer + "\nContent-Type: application/json\n\n" + orderText(),
		"GET /orders?limit=20&status=paid&other=1" + bearer + "\nX-Trace: 0af7651916cd43dd",
		"GET /orders/0af7651916cd43dd/lines/3" + bearer,
	} {
		op, r := request(t, c, ask)
		if n := testing.AllocsPerRun(100, func() {
			if checked := op.CheckRequest(r); len(checked.Violations) > 0 {
				t.Fatal(checked.Violations)
			}
		}); n > 0 && !strings.Contains(ask, "other") || n > 1 {
			t.Errorf("%.40s: %v allocations", ask, n)
		}
	}
	op, body := c.Operation("create"), []byte(orderText())
	header := http.Header{"Content-Type": {"application/json"}, "Location": {"/orders/1"}}
	if n := testing.AllocsPerRun(100, func() { op.CheckResponse(201, header, body) }); n > 0 {
		t.Errorf("an answer: %v allocations", n)
	}
}

func benchmarkCheck(b *testing.B, ask string) {
	c := parse(b, shop)
	op, r := request(b, c, ask)
	if checked := op.CheckRequest(r); len(checked.Violations) > 0 {
		b.Fatal(checked.Violations)
	}
	b.ReportAllocs()
	for b.Loop() {
		if checked := op.CheckRequest(r); len(checked.Violations) > 0 {
			b.Fatal(checked.Violations)
		}
	}
}

func BenchmarkCheckRequest(b *testing.B) {
	body := orderText()
	b.Run("post of 1 KB", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		benchmarkCheck(b, "POST /orders"+bearer+"\nContent-Type: application/json\n\n"+body)
	})
	b.Run("post with a charset", func(b *testing.B) {
		benchmarkCheck(b, "POST /orders"+bearer+"\nContent-Type: application/json; charset=utf-8\n\n"+body)
	})
	b.Run("get with two query parameters", func(b *testing.B) {
		benchmarkCheck(b, "GET /orders?limit=20&status=paid"+bearer+"\nX-Trace: 0af7651916cd43dd")
	})
	b.Run("get with an escaped parameter", func(b *testing.B) {
		benchmarkCheck(b, "GET /orders?limit=20&after=a%2Fb%20c"+bearer)
	})
	b.Run("get with two path parameters", func(b *testing.B) {
		benchmarkCheck(b, "GET /orders/0af7651916cd43dd/lines/3"+bearer)
	})
	b.Run("get without parameters", func(b *testing.B) { benchmarkCheck(b, "GET /orders"+bearer) })
}

func BenchmarkRefuse(b *testing.B) {
	c := parse(b, shop)
	op, r := request(b, c, "POST /orders"+bearer+"\nContent-Type: application/json\n\n"+strings.Replace(orderText(), "SKU-1000", "SKU", 1))
	b.ReportAllocs()
	for b.Loop() {
		if checked := op.CheckRequest(r); len(checked.Violations) != 1 {
			b.Fatal(checked.Violations)
		}
	}
}

func BenchmarkCheckResponse(b *testing.B) {
	c := parse(b, shop)
	op, body := c.Operation("create"), []byte(orderText())
	header := http.Header{"Content-Type": {"application/json"}, "Location": {"/orders/1"}}
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if broken := op.CheckResponse(201, header, body); len(broken) > 0 {
			b.Fatal(broken)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	c := parse(b, shop)
	for _, tt := range []struct{ name, method, path string }{
		{"literal", "GET", "/orders"},
		{"captures", "GET", "/orders/0af7651916cd43dd/lines/3"},
		{"below a prefix", "GET", "/v1/orders/0af7651916cd43dd/lines/3"},
		{"miss", "GET", "/customers/7"},
		{"other method", "PUT", "/orders"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Find(tt.method, tt.path)
			}
		})
	}
}

// BenchmarkLoad indexes each real document, which is what a server waits for, and compiles it in full.
func BenchmarkLoad(b *testing.B) {
	for _, file := range corpus(b) {
		b.Run("index/"+filepath.Base(file), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := contract.Load(b.Context(), file); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("whole/"+filepath.Base(file), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c, err := contract.Load(b.Context(), file)
				if err != nil {
					b.Fatal(err)
				}
				c.Wait(b.Context())
			}
		})
	}
}
