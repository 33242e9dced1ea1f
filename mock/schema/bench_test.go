package schema_test

import (
	"encoding/json"
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

// baskets use what everyday documents do beside types and bounds: formats, patterns, multipleOf, unique items, closed objects,
// nullable, allOf of references, alternatives with a discriminator and without, and properties for one direction only.
const baskets = `
components:
  schemas:
    Basket:
      type: object
      additionalProperties: false
      required: [id, reference, email, placed_at, currency, lines, payment]
      properties:
        id: { type: string, format: uuid }
        reference: { type: string, pattern: "^ORD-[0-9]{6}$" }
        email: { type: string, format: email, maxLength: 254 }
        placed_at: { type: string, format: date-time }
        due: { type: string, format: date, nullable: true }
        currency: { type: string, enum: [AUD, BRL, CAD, CHF, CNY, DKK, EUR, GBP, INR, JPY, NOK, SEK, USD] }
        tags: { type: array, uniqueItems: true, maxItems: 20, items: { type: string, minLength: 1 } }
        codes: { type: array, uniqueItems: true, items: { type: integer } }
        lines: { type: array, minItems: 1, items: { $ref: "#/components/schemas/Line" } }
        payment: { $ref: "#/components/schemas/Payment" }
        delivery: { oneOf: [{ $ref: "#/components/schemas/Pickup" }, { $ref: "#/components/schemas/Parcel" }] }
        note: { anyOf: [{ type: string, maxLength: 300 }, { type: array, items: { type: string } }] }
        etag: { type: string, readOnly: true }
    Line:
      allOf:
        - $ref: "#/components/schemas/Article"
        - type: object
          required: [quantity]
          properties:
            quantity: { type: integer, format: int32, minimum: 1, maximum: 99 }
            gift: { type: boolean, nullable: true }
    Article:
      type: object
      required: [sku, price, number]
      properties:
        number: { type: integer, readOnly: true }
        sku: { type: string, pattern: "^[A-Z]{2,5}-[0-9]{1,6}$" }
        price: { type: number, minimum: 0, multipleOf: 0.01 }
    Payment:
      oneOf: [{ $ref: "#/components/schemas/Card" }, { $ref: "#/components/schemas/Invoice" }]
      discriminator: { propertyName: method, mapping: { card: "#/components/schemas/Card", invoice: "#/components/schemas/Invoice" } }
    Card: { type: object, required: [method, last4], properties: { method: { type: string }, last4: { type: string, pattern: "^\\d{4}$" } } }
    Invoice: { type: object, required: [method, vat], properties: { method: { type: string }, vat: { type: string } } }
    Pickup: { type: object, required: [shop], properties: { shop: { type: integer } }, additionalProperties: false }
    Parcel: { type: object, required: [street, city], properties: { street: { type: string }, city: { type: string } }, additionalProperties: false }
`

// basket is a valid basket of about so many bytes, at least 500.
func basket(size int) string {
	var b strings.Builder
	b.WriteString(`{"id":"3f333df6-90a4-4fda-8dd3-9485d27cee36","reference":"ORD-123456","email":"jane.doe@example.com",` +
		`"placed_at":"2026-01-02T03:04:05.678+01:00","due":null,"currency":"EUR","tags":["new","fragile","gift"],"codes":[17,4,1999],` +
		`"payment":{"method":"card","last4":"4242"},"delivery":{"street":"Hauptstraße 12","city":"Köln"},"note":"ring twice","lines":[`)
	for i := 0; i == 0 || b.Len() < size-40; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"LAMP-%d","quantity":%d,"price":%d.99,"gift":%v}`, i, i%98+1, i%50, i%2 == 0)
	}
	b.WriteString("]}")
	return b.String()
}

func BenchmarkBasket(b *testing.B) {
	s, _ := compile(b, schema.OpenAPI30, baskets, "/components/schemas/Basket")
	text := []byte(basket(1024))
	v := value(b, string(text))
	if !s.Accept(text, schema.Request) {
		b.Fatal("the basket is not accepted")
	}
	wrong := value(b, strings.Replace(string(text), `"quantity":1,`, `"quantity":0,`, 1))
	for _, run := range []struct {
		name string
		f    func()
	}{
		{"well-formed", func() { json.Valid(text) }}, // what reading alone costs
		{"decode", func() { _, _ = source.DecodeJSON(text, source.Limits{}) }},
		{"accept", func() { s.Accept(text, schema.Request) }},
		{"valid", func() { s.Valid(v, schema.Request) }},
		{"check", func() { s.Check(v, schema.Options{Direction: schema.Request}) }},
		{"refuse", func() { s.Check(wrong, schema.Options{Direction: schema.Request}) }},
	} {
		b.Run(fmt.Sprintf("%s/%d", run.name, len(text)), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				run.f()
			}
		})
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
