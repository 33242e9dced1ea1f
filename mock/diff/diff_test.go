package diff_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

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

// TestOneEditIsOneRow makes one edit a case.
func TestOneEditIsOneRow(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		row      string
		place    string // what stands there in the new document, "" if it has none
	}{
		"operation removed": {
			"    delete:\n      operationId: dropItem\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses:\n        \"204\": {description: Gone.}\n", "",
			"breaking api-removed-without-deprecation | removed the operation, which had not been deprecated |  | dropItem# gone", "",
		},
		"operation added": {
			"components:\n", "  /new:\n    get: {operationId: brandNew, responses: {\"200\": {description: x}}}\ncomponents:\n",
			"info endpoint-added | added the operation |  | brandNew#", "{operationId: brandNew",
		},
		"operation deprecated": {
			"operationId: dropItem\n", "operationId: dropItem\n      deprecated: true\n",
			"info endpoint-deprecated | deprecated the operation |  | dropItem#", "operationId: dropItem",
		},
		"operation renamed": {
			"operationId: dropItem\n", "operationId: removeItem\n",
			"info api-operation-id-removed | renamed the operation from `dropItem` to `removeItem` |  | removeItem#", "operationId: removeItem",
		},
		"required parameter added": {
			"parameters:\n        - {name: limit", "parameters:\n        - {name: q, in: query, required: true, schema: {type: string}}\n        - {name: limit",
			"breaking new-required-request-parameter | added the new required `query` request parameter `q` |  | listItems#in.query.q", "{name: q",
		},
		"parameter removed": {
			"        - {name: limit, in: query, description: How many., schema: {type: integer, maximum: 100}}\n", "",
			"warning request-parameter-removed | deleted the `query` request parameter `limit` |  | listItems#", "operationId: listItems",
		},
		"parameter narrowed": {
			"maximum: 100", "maximum: 50",
			"breaking request-parameter-max-decreased | for the `query` request parameter `limit`, the max was decreased from `100` to `50` |  | listItems#in.query.limit", "{name: limit",
		},
		"shared parameter narrowed": {
			"maxLength: 10", "maxLength: 5",
			"breaking request-parameter-max-length-decreased | for the `header` request parameter `X-Trace`, the maxLength was decreased from `10` to `5` |  | listItems#in.header.X-Trace addItem#in.header.X-Trace", "{name: X-Trace",
		},
		"parameter's type": {
			"name: limit, in: query, description: How many., schema: {type: integer,", "name: limit, in: query, description: How many., schema: {type: boolean,",
			"breaking request-parameter-type-changed | for the `query` request parameter `limit`, the `type` was changed from `integer` to `boolean` |  | listItems#in.query.limit", "{name: limit",
		},
		"response enum gains a value": {
			"enum: [new, sold]", "enum: [new, sold, lent]",
			"warning response-property-enum-value-added | added the new `lent` enum value to the `Item.state` response property for the response status `200`, `201` | Item | listItems#200.state addItem#201.state getItem#200.state", "{type: string, enum",
		},
		"enum loses a value": {
			"enum: [new, sold]", "enum: [new]",
			"breaking request-property-enum-value-removed | removed the enum value `sold` of the request property `Item.state` | Item | listItems#200.state addItem#body.state getItem#200.state", "{type: string, enum",
		},
		"nested property removed": {
			", value: {type: string}", "",
			"warning request-property-removed | removed the request property `Tag.value` | Tag | listItems#200.tags addItem#body.tags getItem#200.tags", "{type: object, properties: {key",
		},
		"property added": {
			"        size: {type: integer}\n", "        size: {type: integer}\n        colour: {type: string}\n",
			"info response-optional-property-added | added the optional property `Item.colour` to the response with the `200`, `201` status | Item | listItems#200.colour addItem#body.colour getItem#200.colour", "{type: string}",
		},
		"property became required": {
			"required: [name]", "required: [name, size]",
			"breaking request-property-became-required | the request property `Item.size` became required | Item | listItems#200.size addItem#body.size getItem#200.size", "{type: integer}",
		},
		"property's type": {
			"size: {type: integer}", "size: {type: string}",
			"breaking response-property-type-changed | the `Item.size` response's property `type` changed from `integer` to `string` for status `200`, `201` | Item | listItems#200.size addItem#body.size getItem#200.size", "{type: string}",
		},
		"property's bound": {
			"name: {type: string, maxLength: 20}", "name: {type: string, maxLength: 9}",
			"breaking request-property-max-length-decreased | the `Item.name` request property's maxLength was decreased to `9` | Item | listItems#200.name addItem#body.name getItem#200.name", "{type: string, maxLength: 9",
		},
		"values of a map": {
			"{type: string, maxLength: 5}", "{type: string, maxLength: 4}",
			"breaking request-property-max-length-decreased | the `Item.extra.{}` request property's maxLength was decreased to `4` | Item | listItems#200.extra.{} addItem#body.extra.{} getItem#200.extra.{}", "{type: string, maxLength: 4",
		},
		"named alternative": {
			"born: {type: string}", "born: {type: string, maxLength: 4}",
			"breaking request-property-max-length-set | the `Person.born` request property's maxLength was set to `4` | Person | listItems#200.maker.(Person).born addItem#body.maker.(Person).born getItem#200.maker.(Person).born", "{type: string, maxLength: 4",
		},
		"titled alternative": {
			"vat: {type: string}", "vat: {type: string, maxLength: 4}",
			"breaking request-property-max-length-set | the `Item.maker.vat` request property's maxLength was set to `4` | Item | listItems#200.maker.(Firm).vat addItem#body.maker.(Firm).vat getItem#200.maker.(Firm).vat", "{type: string, maxLength: 4",
		},
		"status removed": {
			"        \"409\": {description: There is one.}\n", "",
			"info response-non-success-status-removed | removed the non-success response with the status `409` |  | addItem#", "operationId: addItem",
		},
		"status added": {
			"        \"204\": {description: Gone.}\n", "        \"204\": {description: Gone.}\n        \"404\": {description: None.}\n",
			"info response-non-success-status-added | added the non-success response with the status `404` |  | dropItem#404", "{description: None",
		},
		"media type removed": {
			"            application/xml: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}\n", "",
			"breaking response-media-type-removed | removed the media type `application/xml` for the response with the status `200` |  | listItems#200", "description: Items",
		},
		"header removed": {
			"          headers: {X-Total: {schema: {type: integer}}}\n", "",
			"info optional-response-header-removed | the optional response header `X-Total` removed for the status `200` |  | listItems#200", "description: Items",
		},
		"body became required": {
			"      requestBody:\n", "      requestBody:\n        required: true\n",
			"breaking request-body-became-required | request body became required |  | addItem#body", "required: true",
		},
		"security added": {
			"operationId: dropItem\n", "operationId: dropItem\n      security: [{key: []}]\n",
			"breaking api-security-anonymous-access-removed | ", "operationId: dropItem",
		},
		"security scheme": {
			"key: {type: apiKey, in: header", "key: {type: apiKey, in: query",
			"breaking api-security-component-api-key-in-changed | ", "",
		},
		"summary": {
			"summary: List items.", "summary: List `all` items.",
			"info summary-changed | changed the summary from `List items.` to `List 'all' items.` |  | listItems#", "summary:",
		},
		"description": {
			"description: All of them.", "description: All, or fewer.",
			"info description-changed | changed the description |  | listItems#", "description:",
		},
		"white space": {"description: All of them.", "description: \"All  of\\nthem.\"", "", ""},
		"parameter's description": {
			"description: How many.", "description: How many at most.",
			"info description-changed | changed the description of the `query` request parameter `limit` |  | listItems#in.query.limit", "description: How",
		},
		"shared parameter's description": {
			"description: Tracing.", "description: Trace.",
			"info description-changed | changed the description of the `header` request parameter `X-Trace` |  | listItems#in.header.X-Trace addItem#in.header.X-Trace", "description: Trace",
		},
		"example":      {"size: {type: integer}", "size: {type: integer, example: 3}", "", ""},
		"path renamed": {"/items/{id}:\n    get:\n      operationId: getItem\n      parameters: [{name: id,", "/items/{item}:\n    get:\n      operationId: getItem\n      parameters: [{name: item,", "*", ""},
	} {
		t.Run(name, func(t *testing.T) {
			new := edited(t, c.old, c.new)
			if c.row == "*" {
				new = strings.Replace(new, "dropItem\n      parameters: [{name: id,", "dropItem\n      parameters: [{name: item,", 1)
				c.row = ""
			}
			r := compare(t, shop, new)
			got := brief(r.Rows)
			if c.row == "" {
				if len(got) != 0 {
					t.Errorf("got %q, want no rows", got)
				}
				return
			}
			if len(got) != 1 || !strings.HasPrefix(got[0], c.row) {
				t.Fatalf("got  %s\nwant %s", strings.Join(got, "\n     "), c.row)
			}
			if got := textAt(t, new, r.Rows[0].Place); !strings.HasPrefix(got, c.place) || (c.place == "") != (got == "") {
				t.Errorf("%s is at %.40q, want %q", r.Rows[0].Place, got, c.place)
			}
		})
	}
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

// textAt is the rest of the line at a place.
func textAt(t *testing.T, text, place string) string {
	t.Helper()
	if place == "" {
		return ""
	}
	var line, col int
	if _, err := fmt.Sscanf(strings.TrimPrefix(place, "new.yaml:"), "%d:%d", &line, &col); err != nil {
		t.Fatalf("place %q: %v", place, err)
	}
	return strings.Split(text, "\n")[line-1][col-1:]
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

func TestWebhooks(t *testing.T) {
	const old = `{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {}, webhooks: {born: {post: {operationId: born,
 requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string, maxLength: 9}}}}}}, responses: {"200": {description: d}}}},
 gone: {post: {operationId: gone, responses: {"200": {description: d}}}}}}`
	r := compare(t, old, strings.NewReplacer("maxLength: 9", "maxLength: 8", "gone: {post: {operationId: gone", "come: {post: {operationId: come").Replace(old))
	want := []string{
		"breaking webhook-removed | webhook `gone` removed |  | ",
		"breaking request-property-max-length-decreased | the `name` request property's maxLength was decreased to `8` |  | born#",
		"info webhook-added | webhook `come` added |  | ",
	}
	if got := brief(r.Rows); !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// FuzzCompare wants a report or an error of whatever is compared with a good document, in both directions.
func FuzzCompare(f *testing.F) {
	f.Add([]byte(shop))
	f.Add([]byte("swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {parameters: [{name: b, in: body, schema: {$ref: '#/definitions/A'}}], responses: {'200': {description: d, schema: {$ref: '#/definitions/A'}}}}}}\ndefinitions: {A: {allOf: [{$ref: '#/definitions/A'}]}}"))
	f.Add([]byte("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/items: {get: {responses: {default: {$ref: '#/components/responses/R'}}}}}\ncomponents: {responses: {R: {description: d, content: {a/b: {schema: {oneOf: [{type: [string, 'null']}, {$ref: '#/components/schemas/S'}]}}}}}, schemas: {S: {properties: {items: {items: {$ref: '#/components/schemas/S'}}}}}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		good, other := diff.Document{Name: "good.yaml", Text: []byte(shop)}, diff.Document{Name: "other.yaml", Text: text}
		for _, pair := range [][2]diff.Document{{good, other}, {other, good}, {other, other}} {
			if _, err := diff.Compare(ctx, pair[0], pair[1]); err != nil && (errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "runtime error")) {
				t.Fatal(err)
			}
		}
	})
}

// TestHostileDocuments wants a clear error, or a report; never a panic.
func TestHostileDocuments(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: T, version: \"1\"}\n"
	withSchema := func(schemas string) string {
		return head + "paths: {/a: {get: {responses: {\"200\": {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\ncomponents: {schemas: {" + schemas + "}}\n"
	}
	fine := withSchema("A: {type: object}")
	for name, c := range map[string]struct {
		text string
		want string // of the error, "" for none
	}{
		"empty":               {"", "bad.yaml"},
		"torn":                {head + "paths: ]", "bad.yaml:3:"},
		"no document":         {"name: x", "this is no OpenAPI document"},
		"bare":                {"openapi: 3.0.3", ""},
		"null parts":          {"openapi: 3.1.0\ninfo: null\npaths: null\ncomponents: null", ""},
		"null path":           {head + "paths: {/a: null}", ""},
		"null operation":      {head + "paths: {/a: {get: null}}", ""},
		"null parameter":      {head + "paths: {/a: {get: {parameters: [null]}}}", "bad.yaml: this document cannot be compared"},
		"null schema":         {withSchema("A: null"), "bad.yaml:4:27"},
		"null in 2.0":         {"swagger: '2.0'\npaths: {/a: {get: null}}", ""},
		"number as version":   {strings.Replace(fine, `"1"`, "1.0", 1), ""},
		"cyclic references":   {withSchema("A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}"), "bad.yaml:4"},
		"reference to itself": {withSchema("A: {$ref: '#/components/schemas/A'}"), "bad.yaml:4"},
		"recursive":           {withSchema("A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, b: {type: array, items: {$ref: '#/components/schemas/A'}}}}"), ""},
		"allOf itself":        {withSchema("A: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}"), ""},
		"anyOf in circles":    {withSchema("A: {anyOf: [{$ref: '#/components/schemas/B'}]}, B: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}"), ""},
		"dangling":            {withSchema("B: {}"), "bad.yaml:3"},
		"wrong types":         {head + "paths: {/a: {get: {responses: {\"200\": {description: [1]}}}}}", "bad.yaml:3:53: this document cannot be compared: cannot construct"},
		"another host":        {strings.Replace(fine, "'#/components/schemas/A'", "'http://example.com/a.yaml'", 1), "nothing is fetched"},
		"out of the folder":   {strings.Replace(fine, "'#/components/schemas/A'", "'../secret.yaml'", 1), "leads out of the document's folder"},
		"no such file":        {strings.Replace(fine, "'#/components/schemas/A'", "'gone.yaml'", 1), "there is no file gone.yaml"},
		"twice the same path": {head + "paths: {'/a/{x}': {get: {responses: {\"200\": {description: x}}}}, '/a/{y}': {get: {responses: {\"200\": {description: y}}}}}", "duplicate endpoint"},
		"callbacks":           {head + "paths: {/a: {get: {callbacks: {c: {'{$request.body#/u}': {post: {responses: {\"200\": {description: d}}}}}}, responses: {\"200\": {description: d}}}}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bad, good := diff.Document{Name: "bad.yaml", Text: []byte(c.text)}, diff.Document{Name: "good.yaml", Text: []byte(fine)}
			for _, pair := range [][2]diff.Document{{good, bad}, {bad, good}, {bad, bad}} {
				_, err := diff.Compare(context.Background(), pair[0], pair[1])
				if c.want == "" && err != nil {
					t.Errorf("error %v", err)
				}
				if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("error %v, want %q", err, c.want)
				}
			}
		})
	}
}

func TestCompareStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d := diff.Document{Name: "shop.yaml", Text: []byte(shop)}
	if _, err := diff.Compare(ctx, d, d); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "shop.yaml") {
		t.Errorf("error %v", err)
	}
	ctx, cancel = context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	if _, err := diff.Compare(ctx, d, d); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
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
