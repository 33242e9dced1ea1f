package diff_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/diff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shop is what the tables edit.
const shop = `openapi: 3.0.3
info: {title: Shop, version: "1.0"}
paths:
  /items:
    get:
      operationId: listItems
      summary: List items.
      description: All of them.
      parameters:
        - {name: limit, in: query, description: How many., schema: {type: integer, maximum: 100}}
        - {$ref: '#/components/parameters/Trace'}
      responses:
        "200":
          description: Items.
          headers: {X-Total: {schema: {type: integer}}}
          content:
            application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}
            application/xml: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}
    post:
      operationId: addItem
      parameters: [{$ref: '#/components/parameters/Trace'}]
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Item'}}
      responses:
        "201": {description: Added., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        "409": {description: There is one.}
  /items/{id}:
    get:
      operationId: getItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      security: [{key: []}]
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
    delete:
      operationId: dropItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "204": {description: Gone.}
components:
  parameters:
    Trace: {name: X-Trace, in: header, description: Tracing., schema: {type: string, maxLength: 10}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Item:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 20}
        state: {type: string, enum: [new, sold]}
        size: {type: integer}
        tags: {type: array, items: {$ref: '#/components/schemas/Tag'}}
        extra: {type: object, additionalProperties: {type: string, maxLength: 5}}
        maker:
          oneOf:
            - {$ref: '#/components/schemas/Person'}
            - {type: object, title: Firm, properties: {vat: {type: string}}}
    Tag: {type: object, properties: {key: {type: string}, value: {type: string}}}
    Person: {type: object, properties: {born: {type: string}}}
`

func edited(t testing.TB, pairs ...string) string {
	t.Helper()
	text := shop
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("there is no %q to edit", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func compare(t testing.TB, old, new string) *diff.Report {
	t.Helper()
	r, err := diff.Compare(context.Background(), diff.Document{Name: "old.yaml", Text: []byte(old)}, diff.Document{Name: "new.yaml", Text: []byte(new)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brief writes rows as "level rule | text | schema | operation#anchor …".
func brief(rows []diff.Row) []string {
	var out []string
	for _, r := range rows {
		var touches []string
		for _, t := range r.Touches {
			name := t.Operation + "#" + t.Anchor
			if t.Removed {
				name += " gone"
			}
			touches = append(touches, name)
		}
		out = append(out, fmt.Sprintf("%s %s | %s | %s | %s", r.Level, r.Rule, r.Text, r.Schema, strings.Join(touches, " ")))
	}
	return out
}

func TestPointersLeadToTheChange(t *testing.T) {
	for edit, want := range map[string]string{
		"enum: [new]":      "/components/schemas/Item/properties/state",
		"enum: [new, old]": "/components/schemas/Item/properties/state",
	} {
		r := compare(t, shop, edited(t, "enum: [new, sold]", edit))
		if got := r.Rows[0].Pointer; got != want {
			t.Errorf("pointer %q, want %q", got, want)
		}
	}
}

// several is five edits, one for each level and kind of place.
func several(t testing.TB) string {
	return edited(t,
		"enum: [new, sold]", "enum: [new, sold, lent]",
		", value: {type: string}", "",
		"maximum: 100", "maximum: 50",
		"summary: List items.", "summary: List *all* items.",
		"    delete:\n      operationId: dropItem\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses:\n        \"204\": {description: Gone.}\n", "",
	)
}

func TestWriters(t *testing.T) {
	r := compare(t, shop, several(t))
	for name, write := range map[string]func(*bytes.Buffer) error{
		"report.txt":  func(b *bytes.Buffer) error { return r.WriteText(b) },
		"report.json": func(b *bytes.Buffer) error { return r.WriteJSON(b) },
		"report.md":   func(b *bytes.Buffer) error { return r.WriteMarkdown(b) },
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

func TestCompareIsDeterministic(t *testing.T) {
	first := compare(t, shop, several(t))
	for range 10 {
		if again := compare(t, shop, several(t)); !reflect.DeepEqual(again, first) {
			t.Fatalf("got %v\nthen %v", brief(first.Rows), brief(again.Rows))
		}
	}
	seen := map[string]bool{}
	for _, r := range first.Rows {
		if len(r.ID) != 12 || seen[r.ID] {
			t.Errorf("id %q", r.ID)
		}
		seen[r.ID] = true
	}
	if !slices.IsSortedFunc(first.Rows, func(a, b diff.Row) int { return int(b.Level) - int(a.Level) }) {
		t.Error("breaking rows are not first")
	}
}

func TestReferencesToFiles(t *testing.T) {
	const doc = `{openapi: 3.0.3, info: {title: T, version: "1"}, paths: {/a: {get: {operationId: a, responses: {"200": {description: d,
 content: {application/json: {schema: {$ref: "parts/pet.yaml#/Pet"}}}}}}}}}`
	at := func(pet string) diff.Document {
		return diff.Document{Name: "api/doc.yaml", Text: []byte(doc), Files: fstest.MapFS{"parts/pet.yaml": {Data: []byte(pet)}}}
	}
	r, err := diff.Compare(context.Background(), at("Pet: {type: object, properties: {a: {type: string}}}"), at("Pet: {type: object, properties: {b: {type: string}}}"))
	if err != nil {
		t.Fatal(err)
	}
	got := brief(r.Rows)
	if len(got) != 2 || !strings.Contains(got[1], "a#200.b") || r.Rows[1].Place != "api/parts/pet.yaml:1:37" {
		t.Errorf("got %q at %s", got, r.Rows[1].Place)
	}
}

func TestOpenAPI2(t *testing.T) {
	const old = `{swagger: "2.0", info: {title: T, version: "1"}, paths: {/a: {post: {operationId: a,
 parameters: [{name: body, in: body, schema: {$ref: '#/definitions/A'}}, {name: q, in: query, type: integer, maximum: 9}],
 responses: {"200": {description: d, schema: {$ref: '#/definitions/A'}}}}}},
 definitions: {A: {type: object, properties: {x: {type: string, enum: [a]}}}}}`
	r := compare(t, old, strings.NewReplacer("enum: [a]", "enum: [a, b]", "maximum: 9", "maximum: 8").Replace(old))
	got := brief(r.Rows)
	want := []string{
		"breaking request-parameter-max-decreased | for the `query` request parameter `q`, the max was decreased from `9` to `8` |  | a#in.query.q",
		"warning response-property-enum-value-added | added the new `b` enum value to the `A.x` response property for the response status `200` | A | a#body.x a#200.x",
	}
	if len(got) != 2 || got[0] != want[0] || r.Rows[1].Place != "new.yaml:4:50" || !strings.HasPrefix(got[1], strings.TrimSuffix(want[1], "a#body.x a#200.x")) {
		t.Errorf("got  %s at %s", strings.Join(got, "\n     "), r.Rows[1].Place)
	}
	// The same API in both formats is the same to its clients.
	const three = `{openapi: 3.0.3, info: {title: T, version: "1"}, paths: {/a: {post: {operationId: a,
 requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, parameters: [{name: q, in: query, schema: {type: integer, maximum: 9}}],
 responses: {"200": {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}},
 components: {schemas: {A: {type: object, properties: {x: {type: string, enum: [a]}}}}}}`
	for _, row := range compare(t, old, three).Rows {
		if row.Level == diff.Breaking && !strings.Contains(row.Rule, "media-type") {
			t.Errorf("%+v", row)
		}
	}
}

// TestAnchorsTellStructuresApart has three media types of two structures.
func TestAnchorsTellStructuresApart(t *testing.T) {
	const old = `{openapi: 3.0.3, info: {title: T, version: "1"}, paths: {/a: {get: {operationId: a, responses: {"200": {description: d, content: {
 application/json: {schema: {$ref: '#/components/schemas/A'}}, application/xml: {schema: {$ref: '#/components/schemas/A'}},
 text/csv: {schema: {type: object, properties: {y: {type: string, maxLength: 9}}}}}}}}}},
 components: {schemas: {A: {type: object, properties: {x: {type: string, maxLength: 9}}}}}}`
	r := compare(t, old, strings.ReplaceAll(old, "maxLength: 9", "maxLength: 8"))
	var got []string
	for _, row := range r.Rows {
		got = append(got, row.Touches[0].Anchor+" "+row.Touches[0].Media)
	}
	if want := []string{"200.(text~2Fcsv).y text/csv", "200.x application/json"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWebhooks(t *testing.T) {
	const old = `{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {}, webhooks: {born: {post: {operationId: born,
 requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string, maxLength: 9}}}}}}, responses: {"200": {description: d}}}},
 gone: {post: {operationId: gone, responses: {"200": {description: d}}}}}}`
	r := compare(t, old, strings.NewReplacer("maxLength: 9", "maxLength: 8", "gone: {post: {operationId: gone", "come: {post: {operationId: come").Replace(old))
	want := []string{
		"breaking webhook-removed | webhook `gone` removed |  | ",
		"breaking request-property-max-length-decreased | the `name` request property's maxLength was decreased to `8` |  | born#body.name",
		"info webhook-added | webhook `come` added |  | ",
	}
	if got := brief(r.Rows); !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func ExampleCompare() {
	old := diff.Document{Name: "v1.yaml", Text: []byte(shop)}
	new := diff.Document{Name: "v2.yaml", Text: []byte(strings.Replace(shop, "maximum: 100", "maximum: 50", 1))}
	report, err := diff.Compare(context.Background(), old, new)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range report.Rows {
		fmt.Printf("%s: %s (%s)\n", row.Level, row.Text, row.Touches[0].Label())
	}
	// Output: breaking: for the `query` request parameter `limit`, the max was decreased from `100` to `50` (listItems (GET /items))
}
