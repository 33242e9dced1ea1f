package fake_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// TestEnvelopes has what stands beside a list agree with it, however many rows it has.
func TestEnvelopes(t *testing.T) {
	const rows = `{type: array, items: {type: object, properties: {sku: {type: string}}}}`
	for name, tt := range map[string]struct{ schema, want string }{
		"totals": {`{required: [rows, total, count, per_page, has_more, next], properties: {rows: ` + rows + `, total: {type: integer},
			count: {type: integer}, per_page: {type: integer}, has_more: {type: boolean}, next: {type: [string, "null"]}}}`,
			`{"count":LENGTH,"has_more":false,"next":null,"per_page":LENGTH,"total":LENGTH}`},
		"meta": {`{required: [rows, meta], properties: {rows: ` + rows + `, meta: {type: object, required: [totalPages, totalCount],
			properties: {totalPages: {type: integer}, totalCount: {type: integer}, nextUrl: {type: string}}}}}`,
			`{"meta":{"totalCount":LENGTH,"totalPages":1}}`},
		"wrapped": {`{required: [data], properties: {data: {type: object, required: [rows, size], properties: {rows: ` + rows + `,
			size: {type: integer}}}}}`, `{"data":{"size":LENGTH}}`},
		"beyond the bounds": {`{required: [rows, total, hasNext, next], properties: {rows: ` + rows + `, total: {type: integer, maximum: 9,
			minimum: 9}, hasNext: {const: true}, next: {const: more}}}`, `{"hasNext":true,"next":"more","total":9}`},
		"a thing with a price": {`{required: [id, total, rows], properties: {id: {const: 1}, total: {type: integer, minimum: 100}, rows: ` + rows +
			`}}`, `{"id":1,"total":0}`},
		"the document's own": {`{required: [rows, total], properties: {rows: ` + rows + `, total: {type: integer}},
			examples: [{rows: [], total: 77}]}`, `{"total":77}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := compile(t, "{type: object, "+strings.TrimPrefix(tt.schema, "{"), schema.OpenAPI31)
			for seed := range uint64(20) {
				v, err := fake.New().Value(s, fake.Options{Seed: seed, Direction: schema.Response, Size: 25})
				if err != nil || !s.Valid(v, schema.Response) {
					t.Fatal(v, err)
				}
				whole := v.(map[string]any)
				if name == "a thing with a price" {
					if whole["total"] == json.Number("25") {
						t.Errorf("the price is %v", whole["total"])
					}
					whole["total"] = json.Number("0")
				}
				around := whole
				if inner, ok := whole["data"].(map[string]any); ok {
					around = inner
				}
				want := strings.ReplaceAll(tt.want, "LENGTH", strconv.Itoa(len(around["rows"].([]any))))
				delete(around, "rows")
				if got := write(t, v); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
}
