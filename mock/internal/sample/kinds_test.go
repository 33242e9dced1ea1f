package sample_test

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"slices"
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
		{"text/csv", "schema: {type: array, minItems: 2, items: " + row + "}", "id,name,on,tags"},
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
		{"image/*", "schema: {type: string, format: binary}", "\x89PNG"},
		{"image/bmp", "", "BM"},
		{"image/webp", "", "WEBPVP8L"},
		{"image/x-icon", "", "\x89PNG"},
		{"image/svg+xml", "schema: {type: string}", "<svg"},
		{"audio/mpeg", "schema: {type: string, format: binary}", "\xff\xfb"},
		{"application/x-tar", "", "ustar"},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "schema: {type: string, format: binary}", "xl/workbook.xml"},
		{"application/wasm", "", "\x00asm"},
		{"application/octet-stream", "", "sample"},
		{"application/octet-stream", "schema: {type: string, format: binary, maxLength: 4}", ""},
		{"application/xhtml+xml", "", "<html xmlns="},
		{"application/xml", "", "<root>"},
		{"text/plain", "", "Sample text"},
		{"text/plain", "schema: {type: string, minLength: 30, maxLength: 40}", ""},
		{"text/plain", "schema: {type: object, required: [a], properties: {a: {type: integer}}}", `"a":`},
		{"text/csv", "", "id,name"},
		{"text/csv", "schema: {type: array, minItems: 1, items: {type: object, required: [a, b], properties: {a: {type: string, enum: ['x, y', \"q\\\"\", ' ']}, b: {type: [integer, 'null']}}}}", "a,b"},
		{"text/css", "schema: {type: string}", "body {"},
		{"text/calendar", "schema: {type: string}", "BEGIN:VCALENDAR"},
		{"text/vcard", "schema: {type: string, maxLength: 20}", ""},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "", "word/document.xml"},
		{"application/epub+zip", "", "mimetypeapplication/epub+zip"},
		{"application/java-archive", "", "META-INF/MANIFEST.MF"},
		{"application/rtf", "", "{\\rtf1"},
		{"text/calendar", "", "BEGIN:VCALENDAR"},
		{"text/vcard", "", "BEGIN:VCARD"},
		{"text/event-stream", "", "data: "},
		{"text/event-stream", "itemSchema: {type: object, required: [data, id, retry], properties: {data: {type: string, contentMediaType: application/json, contentSchema: {type: object, required: [a], properties: {a: {type: integer}}}}, id: {type: string}, retry: {type: integer, minimum: 0}}}", "data: {\"a\":"},
		{"application/x-ndjson", "", "{"},
		{"application/json-seq", "", "\x1e{"},
		{"application/geo+json-seq", "itemSchema: " + row, "\x1e{"},
		{"multipart/form-data", "", `name="sample"`},
		{"multipart/mixed", "schema: " + row, ""},
		{"multipart/form-data", "schema: {type: object, required: [f, m, l], properties: {f: {type: string, format: binary}, m: {type: object, required: [a], properties: {a: {type: integer}}}, l: {type: array, minItems: 2, items: {type: integer}}}}, encoding: {f: {contentType: 'image/*, image/png'}}", "filename=\"f\"\r\nContent-Type: image/png\r\n\r\n\x89PNG"},
		{"multipart/form-data", "schema: {type: object, required: [f, x], properties: {f: {type: string, format: binary, maxLength: 5}, x: {type: object, required: [a], properties: {a: {type: integer}}}}}, encoding: {x: {contentType: text/xml}}", "<a>"},
		{"multipart/form-data", "schema: {type: object, properties: {a: {type: integer}}}, example: {a: 7}", ""},
		{"application/x-www-form-urlencoded", "schema: {type: object, required: [l, o], properties: {l: {type: array, minItems: 2, items: {type: string}}, o: {type: object, required: [a], properties: {a: {type: integer}}}}}", ""},
		{"application/xml", "schema: {type: object, xml: {name: t}, properties: {a: {type: integer}}}, example: {a: 7}", "<t>"},
		{"application/xml", "schema: {type: object, properties: {a: {type: integer}}}, example: '<t><a>7</a></t>'", "<root>"},
		{"application/xml", "schema: {type: string, example: seven}", "<root>"},
		{"text/csv", "schema: {type: array, items: {type: object, properties: {a: {type: integer}}}}, example: [{a: 7}, {a: 8}]", ""},
		{"application/x-ndjson", "itemSchema: {type: object, properties: {a: {type: integer}}}, example: [{a: 7}, {a: 8}]", ""},
		{"text/event-stream", "itemSchema: {type: object, properties: {data: {type: string}}}, example: [{data: x}]", ""},
		{"application/x-www-form-urlencoded", "schema: {type: object, properties: {a: {type: integer}}}, example: {a: 7}", ""},
		{"application/vnd.acme.thing", "schema: {type: string, format: binary}", ""},
		{"application/vnd.acme.thing", "", "sample"},
		{"application/yaml", "", "sample: 1"},
		{"video/mp4", "", "sample"},
		{"application/x-www-form-urlencoded", "", ""},
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
				if e, err := s.Example(op, target, "", nil); err == nil {
					valid(t, op, e)
				} else if strings.Contains(c.schema, "example") {
					t.Fatal(err)
				}
				if !strings.Contains(string(a.Body), c.want) {
					t.Fatalf("it lacks %q:\n%.300s", c.want, a.Body)
				}
				if slices.Contains([]string{"image/png", "image/jpeg", "image/gif"}, a.ContentType) {
					if _, _, err := image.Decode(bytes.NewReader(a.Body)); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// TestPathIDInXML puts the id of the path into the answer, whatever its form.
func TestPathIDInXML(t *testing.T) {
	doc, err := contract.Parse(t.Context(), "t.yaml", []byte(`
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /pets/{petId}:
    get:
      operationId: a
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: D.
          content:
            application/xml:
              schema: {type: object, xml: {name: pet}, required: [id, tags], properties: {id: {type: integer, maximum: 1000, xml: {attribute: true}}, tags: {type: array, minItems: 1, items: {type: string}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	op, s := doc.Operation("a"), sample.New(sample.Options{})
	target, err := s.Choose(op, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"77": true, "1001": false} {
		a, err := s.Generate(op, target, 0, 0, given("path.petId", number(id)))
		if err != nil {
			t.Fatal(err)
		}
		valid(t, op, a)
		if strings.Contains(string(a.Body), `<pet id="`+id+`">`) != want {
			t.Errorf("%s: %s", id, a.Body)
		}
	}
}
