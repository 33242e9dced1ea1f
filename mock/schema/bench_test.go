package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

const orders = `
components:
  schemas:
    Address:
      type: object
      required: [street, city, country]
      properties:
        street: { type: string, minLength: 1, maxLength: 120 }
        city: { type: string, minLength: 1, maxLength: 80 }
        country: { type: string, enum: [DE, FR, GB, US] }
        postcode: { type: string, maxLength: 12 }
    Order:
      type: object
      required: [reference, email, status, ship_to, lines]
      properties:
        reference: { type: string, pattern: "^ORD-[0-9]{6}$" }
        email: { type: string, format: email }
        status: { type: string, enum: [draft, paid, shipped] }
        total: { type: number, minimum: 0, maximum: 100000 }
        created_at: { type: string, format: date-time }
        note: { type: string, maxLength: 600, nullable: true }
        ship_to: { $ref: "#/components/schemas/Address" }
        lines: { type: array, minItems: 1, items: { $ref: "#/components/schemas/Line" } }
    Line:
      type: object
      required: [sku, quantity]
      properties:
        sku: { type: string, minLength: 3, maxLength: 20 }
        quantity: { type: integer, minimum: 1, maximum: 99 }
        price: { type: number, minimum: 0 }
        gift: { type: boolean }
`

// order is a valid order of about so many bytes.
func order(size int) string {
	const head = `{"reference":"ORD-123456","email":"jane.doe@example.com","status":"paid","total":129.95,` +
		`"created_at":"2026-01-02T03:04:05Z","note":null,` +
		`"ship_to":{"street":"Hauptstraße 12","city":"Köln","country":"DE","postcode":"50667"},"lines":[`
	const small = `{"reference":"ORD-123456","email":"j@example.com","status":"paid",` +
		`"ship_to":{"street":"A","city":"B","country":"DE"},"lines":[{"sku":"abc","quantity":1}]}`
	if size < len(head) {
		return small
	}
	var b strings.Builder
	b.WriteString(head)
	for i := 0; i == 0 || b.Len() < size-40; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"LAMP-%05d","quantity":%d,"price":%d.99,"gift":%v}`, i, i%98+1, i%50, i%2 == 0)
	}
	b.WriteString("]}")
	return b.String()
}

func BenchmarkOrder(b *testing.B) {
	s, _ := compile(b, schema.OpenAPI30, orders, "/components/schemas/Order")
	for _, size := range []int{100, 1000, 100_000} {
		text := []byte(order(size))
		v := value(b, string(text))
		if !s.Accept(text, schema.Request) {
			b.Fatal("the order is not accepted")
		}
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, len(text)), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
		run("decode", func() { _, _ = source.DecodeJSON(text, source.Limits{}) })
		run("valid", func() { s.Valid(v, schema.Request) })
		run("check", func() { s.Check(v, schema.Options{}) })
		run("accept", func() { s.Accept(text, schema.Request) })
	}
}

func BenchmarkOneOf(b *testing.B) {
	s, _ := compile(b, schema.OpenAPI31, `{oneOf: [{type: object, required: [a], properties: {k: {const: a}}}, {type: object, properties: {k: {const: b}}}]}`, "")
	v := value(b, `{"k":"b","x":1}`)
	b.ReportAllocs()
	for b.Loop() {
		s.Valid(v, schema.Both)
	}
}

func BenchmarkUniqueItems(b *testing.B) {
	s, _ := compile(b, schema.OpenAPI31, `{uniqueItems: true}`, "")
	items := make([]any, 10_000)
	for i := range items {
		items[i] = fmt.Sprint("item ", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Valid(items, schema.Both)
	}
}
