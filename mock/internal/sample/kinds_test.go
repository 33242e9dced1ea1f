package sample_test

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

// TestEveryKindOfBody makes up answers of every kind of media type, and looks at them as a client would.
func TestEveryKindOfBody(t *testing.T) {
	row := "{type: object, required: [id, name], properties: {id: {type: integer, minimum: 1}, name: {type: string, minLength: 2}, on: {type: boolean}, tags: {type: array, items: {type: string}}}}"
	for _, c := range []struct{ media, schema, want string }{
		{"application/xml", "schema: " + row, "<id>"},
		{"text/xml", "schema: {type: array, xml: {name: rows}, items: " + row + "}", "<rows>"},
		{"application/soap+xml", "schema: " + row, "<name>"},
		{"application/x-ndjson", "itemSchema: " + row, "}\n{"},
		{"application/jsonl", "schema: {type: array, minItems: 2, items: " + row + "}", "}\n{"},
		{"application/json-seq", "itemSchema: " + row, "\x1e{"},
		{"text/event-stream", "itemSchema: {type: object, required: [data], properties: {event: {enum: [added]}, data: {type: string}}}", "event: added\ndata: "},
		{"text/event-stream", "schema: " + row, "data: {"},
		{"text/csv", "schema: {type: array, minItems: 2, items: " + row + "}", "id,name"},
		{"text/csv", "schema: {type: string}", ""},
		{"text/plain", "schema: {type: integer, minimum: 3}", ""},
		{"text/html", "schema: {type: string}", "<!DOCTYPE html>"},
		{"text/html", "", "<!DOCTYPE html>"},
		{"application/x-www-form-urlencoded", "schema: " + row, "name="},
		{"multipart/form-data", "schema: " + row, `name="name"`},
		{"application/yaml", "schema: " + row, "{"},
		{"image/png", "schema: {type: string, format: binary}", "\x89PNG"},
		{"image/png", "", "\x89PNG"},
		{"image/jpeg", "schema: {}", "\xff\xd8"},
		{"image/gif", "schema: {type: string, format: binary}", "GIF8"},
		{"image/svg+xml", "", "<svg"},
		{"application/pdf", "schema: {type: string, format: binary}", "%PDF-"},
		{"application/zip", "", "PK"},
		{"application/gzip", "", "\x1f\x8b"},
		{"audio/wav", "", "RIFF"},
		{"image/*", "schema: {type: string, format: binary}", ""},
		{"application/octet-stream", "schema: {type: string, format: binary, maxLength: 4}", ""},
	} {
		t.Run(c.media+" "+c.schema, func(t *testing.T) {
			doc, err := contract.Parse(t.Context(), "t.yaml", []byte("openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: D., content: {'"+
				c.media+"': {"+c.schema+"}}}}}}}\n"))
			if err != nil {
				t.Fatal(err)
			}
			op := doc.Operation("a")
			for seed := range uint64(20) {
				s := sample.New(sample.Options{Seed: seed})
				target, err := s.Choose(op, "200", "")
				if err != nil {
					t.Fatal(err)
				}
				a, err := s.Generate(op, target, seed, seed, nil)
				if err != nil {
					t.Fatal(err)
				}
				if broken := op.CheckResponse(200, http.Header{"Content-Type": {a.ContentType}}, a.Body); len(broken) > 0 {
					t.Fatalf("seed %d: %v\n%s", seed, broken[0], a.Body)
				}
				if !strings.Contains(string(a.Body), c.want) {
					t.Fatalf("it lacks %q:\n%.300s", c.want, a.Body)
				}
				if strings.HasPrefix(a.ContentType, "image/") && !strings.Contains(a.ContentType, "svg") && !strings.Contains(c.media, "*") {
					if _, _, err := image.Decode(bytes.NewReader(a.Body)); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}
