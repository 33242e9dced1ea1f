package fake_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock/internal/fake"
	"standin/mock/schema"
)

const shop = `
$ref: "#/$defs/Orders"
$defs:
  Orders:
    type: object
    required: [data, page]
    properties:
      data: {type: array, items: {$ref: "#/$defs/Order"}, maxItems: 2000}
      page: {type: integer, minimum: 1}
  Order:
    type: object
    required: [id, status, customer]
    properties:
      id: {type: string, format: uuid, readOnly: true}
      number: {type: integer, format: int64}
      status: {type: string, enum: [placed, paid, shipped]}
      createdAt: {type: string, format: date-time}
      updatedAt: {type: string, format: date-time}
      total: {type: number}
      currency: {type: string}
      secret: {type: string, writeOnly: true}
      note: {type: [string, "null"]}
      customer: {$ref: "#/$defs/Customer"}
      parent: {$ref: "#/$defs/Order"}
  Customer:
    type: object
    required: [name, email]
    properties:
      name: {type: string}
      firstName: {type: string}
      lastName: {type: string}
      email: {type: string, format: email}
      city: {type: string}
      countryCode: {type: string}
      phone: {type: string}
`

// rows are those of a page of orders.
func rows(t testing.TB, o fake.Options) []map[string]any {
	t.Helper()
	v, err := fake.New().Value(compile(t, shop, schema.OpenAPI31), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for _, row := range v.(map[string]any)["data"].([]any) {
		out = append(out, row.(map[string]any))
	}
	return out
}

// The same seed gives the same value, by another generator too and whatever was made before; another seed gives another.
func TestSameSeedSameValue(t *testing.T) {
	s := compile(t, shop, schema.OpenAPI31)
	first := ""
	g := fake.New()
	for i := range 50 {
		if i%2 == 0 {
			g = fake.New()
		}
		v, err := g.Value(s, fake.Options{Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		if text := write(t, v); first == "" {
			first = text
		} else if text != first {
			t.Fatalf("two values for one seed:\n%s\n%s", first, text)
		}
		other, err := g.Value(s, fake.Options{Seed: uint64(i) + 100})
		if err != nil || write(t, other) == first {
			t.Fatal("another seed gives the same value", err)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	s := compile(t, shop, schema.OpenAPI31)
	g := fake.New()
	texts := make([]string, 8)
	var wg sync.WaitGroup
	for i := range texts {
		wg.Go(func() {
			v, err := g.Value(s, fake.Options{Seed: 5})
			if err == nil {
				text, _ := json.Marshal(v)
				texts[i] = string(text)
			}
		})
	}
	wg.Wait()
	for _, text := range texts {
		if text == "" || text != texts[0] {
			t.Fatalf("%s\n%s", text, texts[0])
		}
	}
}

func TestDirection(t *testing.T) {
	for _, row := range rows(t, fake.Options{Seed: 2, Direction: schema.Response}) {
		if _, has := row["secret"]; has || row["id"] == nil {
			t.Errorf("a response has %v", row)
		}
	}
	for _, row := range rows(t, fake.Options{Seed: 2, Direction: schema.Request}) {
		if _, has := row["id"]; has || row["secret"] == nil {
			t.Errorf("a request has %v", row)
		}
	}
}

func TestSize(t *testing.T) {
	for _, n := range []int{1, 7, 1000} {
		if got := len(rows(t, fake.Options{Seed: 2, Size: n})); got != n {
			t.Errorf("%d rows, want %d", got, n)
		}
	}
	if got := len(rows(t, fake.Options{Seed: 2, Size: 5000})); got != 2000 {
		t.Errorf("%d rows, want as many as the schema allows", got)
	}
}

// Rows look like those of a real shop: ids differ, dates are in order, contact details belong together.
func TestRowsBelongTogether(t *testing.T) {
	ids, states := map[any]bool{}, map[any]bool{}
	for i, row := range rows(t, fake.Options{Seed: 9, Size: 60, Direction: schema.Response}) {
		if ids[row["id"]] || row["number"] != nil && ids[row["number"]] {
			t.Errorf("row %d repeats an id: %v", i, row)
		}
		ids[row["id"]], ids[row["number"]], states[row["status"]] = true, true, true
		created, hasCreated := row["createdAt"].(string)
		updated, hasUpdated := row["updatedAt"].(string)
		if hasCreated && hasUpdated && moment(t, created).After(moment(t, updated)) {
			t.Errorf("row %d was updated before it was created: %v", i, row)
		}
		if note, has := row["note"]; has && note == nil {
			t.Errorf("row %d has a null that need not be", i)
		}
		if _, has := row["parent"]; has {
			t.Errorf("row %d goes in circles", i)
		}
		customer := row["customer"].(map[string]any)
		name := customer["name"].(string)
		if first, last, _ := strings.Cut(name, " "); customer["email"] != strings.ToLower(letters(first)+"."+letters(last))+"@example.com" {
			t.Errorf("row %d: %v does not belong to %s", i, customer["email"], name)
		}
		if phone, has := customer["phone"].(string); has && customer["countryCode"] == "DE" && !strings.HasPrefix(phone, "+49") {
			t.Errorf("row %d: a phone in another country: %v", i, customer)
		}
	}
	if len(states) != 3 {
		t.Errorf("only the states %v", states)
	}
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (r|0x20 >= 'a' && r|0x20 <= 'z') {
			return r
		}
		return -1
	}, s)
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNames(t *testing.T) {
	g := fake.New()
	for name, ok := range map[string]func(s string) bool{
		"contact_email": func(s string) bool { return strings.Contains(s, "@example.com") },
		"phoneNumber":   func(s string) bool { return strings.HasPrefix(s, "+") },
		"created_at":    func(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil },
		"avatarUrl":     func(s string) bool { return strings.HasPrefix(s, "https://") },
		"country_code":  func(s string) bool { return len(s) == 2 && strings.ToUpper(s) == s },
		"currency":      func(s string) bool { return len(s) == 3 && strings.ToUpper(s) == s },
		"timezone":      func(s string) bool { _, err := time.LoadLocation(s); return err == nil && strings.Contains(s, "/") },
		"commit_sha":    func(s string) bool { return len(s) == 40 },
		"description":   func(s string) bool { return strings.HasSuffix(s, ".") && strings.Count(s, " ") > 3 },
	} {
		for seed := range uint64(10) {
			v, err := g.Value(compile(t, `{type: string}`, schema.OpenAPI31), fake.Options{Seed: seed, Name: name})
			if s, isText := v.(string); err != nil || !isText || !ok(s) {
				t.Errorf("%s: %v, %v", name, v, err)
			}
		}
	}
}

func TestExamplesComeFirst(t *testing.T) {
	s := compile(t, `{type: array, minItems: 3, items: {type: object, required: [sku, n], properties: {sku: {type: string, example: AB-100},
		n: {type: integer, example: 40}, bad: {type: integer, example: none}}}}`, schema.OpenAPI30)
	v, err := fake.New().Value(s, fake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	list := v.([]any)
	if row := list[0].(map[string]any); row["sku"] != "AB-100" || row["n"] != json.Number("40") {
		t.Errorf("the first row is %v", row)
	}
	for _, item := range list[1:] {
		if sku := item.(map[string]any)["sku"].(string); len(sku) != 6 || !strings.HasPrefix(sku, "AB-") {
			t.Errorf("%q is not in the style of the example", sku)
		}
	}
}

func TestContents(t *testing.T) {
	s := compile(t, `{type: string, contentEncoding: base64, contentMediaType: application/json,
		contentSchema: {type: object, required: [n], properties: {n: {type: integer}}}}`, schema.OpenAPI31)
	v, err := fake.New().Value(s, fake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(v.(string))
	var inner struct{ N int }
	if err != nil || json.Unmarshal(text, &inner) != nil || inner.N == 0 {
		t.Errorf("%v holds %s, %v", v, text, err)
	}
}

func TestNoSchema(t *testing.T) {
	if v, err := fake.New().Value(nil, fake.Options{}); err != nil || write(t, v) != "{}" {
		t.Error(v, err)
	}
	if v, err := fake.New().Value(nil, fake.Options{Name: "email"}); err != nil || !strings.Contains(fmt.Sprint(v), "@") {
		t.Error(v, err)
	}
}

func ExampleGenerator_Value() {
	s, _ := parse([]byte(`
type: object
title: Order
properties:
  id: {type: integer}
  customerName: {type: string}
  email: {type: string, format: email}
  total: {type: number, minimum: 0}
  currency: {type: string}
  city: {type: string}
  country: {type: string}
  status: {enum: [placed, paid, shipped]}
  createdAt: {type: string, format: date-time}
  updatedAt: {type: string, format: date-time}
`), schema.OpenAPI31)
	v, err := fake.New().Value(s, fake.Options{Seed: 4, Direction: schema.Response})
	if err != nil {
		fmt.Println(err)
	}
	text, _ := json.MarshalIndent(v, "", "  ")
	fmt.Println(string(text))
	// Output:
	// {
	//   "city": "Bristol",
	//   "country": "United Kingdom",
	//   "createdAt": "2025-11-16T14:20:00Z",
	//   "currency": "GBP",
	//   "customerName": "Rahsaan Doyle",
	//   "email": "rahsaan.doyle@example.com",
	//   "id": 2506,
	//   "status": "shipped",
	//   "total": 387,
	//   "updatedAt": "2026-02-09T05:40:00Z"
	// }
}

func BenchmarkValue(b *testing.B) {
	s := compile(b, shop, schema.OpenAPI31)
	g := fake.New()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := g.Value(s, fake.Options{Seed: uint64(i), Direction: schema.Response}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScalars(b *testing.B) {
	for name, text := range map[string]string{
		"pattern": `{type: string, pattern: "^[A-Z]{2}-[0-9]{4}$"}`, "email": `{type: string, format: email}`,
		"number": `{type: number, minimum: 1, multipleOf: 0.05}`, "enum": `{enum: [a, b, c]}`,
	} {
		b.Run(name, func(b *testing.B) {
			s := compile(b, text, schema.OpenAPI31)
			g := fake.New()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := g.Value(s, fake.Options{Seed: uint64(i)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Any JSON text may be a schema: there is a valid value or a reason, and the same again.
func FuzzValue(f *testing.F) {
	for _, text := range satisfiable() {
		f.Add([]byte(text), uint64(1), uint8(1))
	}
	for name, text := range hostile() {
		if len(text) < 1000 && !strings.HasPrefix(name, "long") && !strings.HasPrefix(name, "nested") {
			f.Add([]byte(text), uint64(2), uint8(2))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64, d uint8) {
		if len(text) > 2000 {
			return
		}
		s, ok := parse(text, schema.Dialect(d%4))
		if !ok {
			return
		}
		v, err := fake.New().Value(s, fake.Options{Seed: seed, Direction: schema.Direction(d % 3)})
		again, err2 := fake.New().Value(s, fake.Options{Seed: seed, Direction: schema.Direction(d % 3)})
		if (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
			t.Fatalf("%v, then %v", err, err2)
		}
		if err == nil && !s.Valid(v, schema.Direction(d%3)) {
			t.Fatalf("%s is not valid", write(t, v))
		}
		if err == nil && write(t, v) != write(t, again) {
			t.Fatalf("%s, then %s", write(t, v), write(t, again))
		}
	})
}
