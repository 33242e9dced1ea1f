package diff_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"standin/mock/diff"
)

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
