package contract_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"standin/mock/contract"
)

const upload = `openapi: 3.1.0
info: {title: Upload, version: "1"}
paths:
  /a:
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [name, file]
              additionalProperties: false
              properties:
                name: {type: string, maxLength: 5}
                count: {type: integer, minimum: 1}
                flag: {type: boolean}
                tags: {type: array, items: {type: string, minLength: 2}, maxItems: 2}
                sizes: {type: array, items: {type: integer}}
                address: {type: object, required: [city], properties: {city: {type: string}, zip: {type: integer}}}
                points: {type: array, items: {type: object, required: [x], properties: {x: {type: number}}}}
                file: {type: string, format: binary, maxLength: 8}
                files: {type: array, items: {type: string, format: binary}}
                any: {}
            encoding:
              file:
                contentType: image/png, image/jpeg
                headers: {X-Note: {required: true, schema: {type: integer}}}
      responses: {"204": {description: Done.}}
`

// form writes parts, each "headers, a blank, body", where headers begin with the name and may go on behind semicolons.
func form(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		head, body, _ := strings.Cut(part, "|")
		lines := strings.Split(head, "\\n")
		b.WriteString("--B\r\nContent-Disposition: form-data; name=" + lines[0] + "\r\n" + strings.Join(append(lines[1:], ""), "\r\n") + "\r\n" + body + "\r\n")
	}
	return b.String() + "--B--\r\n"
}

const picture = `file; filename="a.png"\nContent-Type: image/png\nX-Note: 1|PNG`

func TestMultipart(t *testing.T) {
	c := parse(t, upload)
	clean(t, c)
	for _, x := range []struct{ name, body, broken string }{
		{"all is well", form("name|Rex", picture), ""},
		{"scalars", form("name|Rex", picture, "count|3", "flag|true"), ""},
		{"scalars, wrong", form("name|Rexington", picture, "count|0", "flag|maybe"), "body /count minimum; body /flag type; body /name maxLength"},
		{"a number that is none", form("name|Rex", picture, "count|x"), "body /count type"},
		{"a list of parts", form("name|Rex", picture, "tags|ab", "tags|cd"), ""},
		{"a list of one", form("name|Rex", picture, "tags|ab"), ""},
		{"a list, wrong", form("name|Rex", picture, "tags|ab", "tags|c", "tags|de"), "body /tags maxItems; body /tags/1 minLength"},
		{"a list as JSON", form("name|Rex", picture, `sizes\nContent-Type: application/json|[1,2]`), ""},
		{"numbers", form("name|Rex", picture, "sizes|1", "sizes|x"), "body /sizes/1 type"},
		{"an object", form("name|Rex", picture, `address\nContent-Type: application/json|{"city":"Bonn","zip":53111}`), ""},
		{"an object without its type", form("name|Rex", picture, `address|{"city":"Bonn"}`), ""},
		{"an object, wrong", form("name|Rex", picture, `address\nContent-Type: application/json|{"zip":"x"}`), "body /address required; body /address/zip type"},
		{"an object, broken", form("name|Rex", picture, `address\nContent-Type: application/json|{"zip":`), "body /address syntax"},
		{"an object in XML", form("name|Rex", picture, `address\nContent-Type: application/xml|<a><city>Bonn</city><zip>53111</zip></a>`), ""},
		{"an object in XML, wrong", form("name|Rex", picture, `address\nContent-Type: text/xml; charset=iso-8859-1|<a><zip>x</zip></a>`), "body /address required; body /address/zip type"},
		{"an object in XML, broken", form("name|Rex", picture, `address\nContent-Type: application/xml|<a><city>`), "body /address syntax"},
		{"objects", form("name|Rex", picture, `points\nContent-Type: application/json|{"x":1}`, `points\nContent-Type: application/json|{}`), "body /points/1 required"},
		{"missing", form("count|1"), "body required; body required"},
		{"twice", form("name|Rex", "name|Tom", picture), "body /name duplicate"},
		{"unknown", form("name|Rex", picture, "what|1"), "body additionalProperties"},
		{"a file too large", form("name|Rex", strings.Replace(picture, "PNG", "\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff", 1)), "body /file maxLength"},
		{"eight bytes", form("name|Rex", strings.Replace(picture, "PNG", "\xff\xfe\xff\xfe\xff\xfe\xff\xfe", 1)), ""},
		{"a file of another type", form("name|Rex", strings.Replace(picture, "image/png", "image/gif", 1)), "body /file contentType"},
		{"a file of a type that its sender does not know", form("name|Rex", strings.Replace(picture, "image/png", "application/octet-stream", 1)), ""},
		{"a file without its header", form("name|Rex", strings.Replace(picture, `\nX-Note: 1`, "", 1)), "body /file required"},
		{"a file with a wrong header", form("name|Rex", strings.Replace(picture, "X-Note: 1", "X-Note: x", 1)), "body /file type"},
		{"files", form("name|Rex", picture, `files; filename=a|x`, `files; filename=b\nContent-Type: application/json|{`), ""},
		{"anything", form("name|Rex", picture, "any|x"), ""},
		{"a name in quotes", form(`"name"|Rex`, picture), ""},
		{"no name", "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n", "body /0 syntax; body required; body required"},
		{"no disposition", "--B\r\n\r\nx\r\n--B--\r\n", "body /0 syntax; body required; body required"},
		{"cut", strings.TrimSuffix(form("name|Rex", picture), "--B--\r\n"), "body syntax"},
		{"a broken header", "--B\r\nContent-Disposition form-data\r\n\r\nx\r\n--B--\r\n", "body syntax"},
		{"many parts", form(strings.Split(strings.Repeat("tags|ab,", 1200)+"tags|ab", ",")...), "body complexity"},
		{"nothing", "--B--\r\n", "body required; body required"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got := briefly(judge(t, c, "multipart/form-data; boundary=B", x.body)); got != x.broken {
				t.Errorf("got %q\nwant %q", got, x.broken)
			}
		})
	}
	for schema, parts := range map[string][]string{
		"oneOf: [{properties: {k: {const: a}, v: {type: boolean}}}, {properties: {k: {const: b}, v: {type: string}}}]": {"k|a", "v|true"},
		"patternProperties: {'^n': {type: integer}}":                          {"n1|7"},
		"properties: {l: {allOf: [{type: array}, {items: {type: integer}}]}}": {"l|1", "l|2"},
	} {
		c := parse(t, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, "+schema+"}}}}, responses: {'204': {description: D.}}}}}\n")
		if got := briefly(judge(t, c, "multipart/form-data; boundary=B", form(parts...))); got != "" {
			t.Errorf("%s: %q", schema, got)
		}
	}
	piped := parse(t, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {l: {type: array, items: {type: integer}}}}, encoding: {l: {style: pipeDelimited, explode: false}}}}}, responses: {'204': {description: D.}}}}}\n")
	for body, want := range map[string]string{"l|1|2": "", "l|1|x": "body /l/1 type"} {
		if got := briefly(judge(t, piped, "multipart/form-data; boundary=B", form(body))); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
	if got := briefly(judge(t, parse(t, strings.Replace(upload, "required: [name, file]", "required: []", 1)), "multipart/form-data; boundary=B", "x--By")); got != "body syntax" {
		t.Errorf("a boundary within a text: %q", got)
	}
	if got := briefly(judge(t, c, "multipart/form-data", form("name|Rex"))); got != "body syntax" {
		t.Errorf("without a boundary: %q", got)
	}
}

func judge(t testing.TB, c *contract.Contract, contentType, body string) []contract.Violation {
	t.Helper()
	r := &contract.Request{
		Found: c.Find(http.MethodPost, "/a"), URL: &url.URL{Path: "/a"}, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body),
	}
	return r.Found.Operation.CheckRequest(r).Violations
}

func TestSequences(t *testing.T) {
	row := "{type: object, required: [a], additionalProperties: false, properties: {a: {type: integer}, b: {type: [string, 'null'], minLength: 1}}}"
	for _, x := range []struct{ name, media, schema, body, broken string }{
		{"lines", "application/x-ndjson", "itemSchema: " + row, "{\"a\":1}\n\n{\"a\":2}\n", ""},
		{"lines, wrong", "application/x-ndjson", "itemSchema: " + row, "{\"a\":1}\n{\"a\":\"x\"}\n{}", "body /1/a type; body /2 required"},
		{"lines of a list", "application/jsonl", "schema: {type: array, maxItems: 1, items: " + row + "}", "{\"a\":1}\n{\"a\":1}\n", "body maxItems"},
		{"lines each like the schema", "application/x-ndjson", "schema: " + row, "{\"a\":1}\n{}\n", "body /1 required"},
		{"lines, broken", "application/x-ndjson", "itemSchema: " + row, "{\"a\":1}\n{\n", "body syntax"},
		{"lines as text", "application/x-ndjson", "schema: {type: string}", "{\n", ""},
		{"texts", "application/json-seq", "itemSchema: " + row, "\x1e{\"a\":1}\n\x1e{\"a\":true}\n", "body /1/a type"},
		{"events", "text/event-stream", "itemSchema: {type: object, required: [data], properties: {event: {enum: [add]}, retry: {type: integer}}}",
			": hello\nevent: add\ndata: {\ndata: }\nretry: 0100\n\nevent: drop\ndata: x\n\n", "body /1/event enum"},
		{"events of nobody's kind", "text/event-stream", "schema: {type: object, required: [x]}", "data: [DONE]\n\n", ""},
		{"rows", "text/csv", "schema: {type: array, items: " + row + "}", "a,b\n1,x\n2,\n", ""},
		{"rows, wrong", "text/csv", "schema: {type: array, items: " + row + "}", "a,c\nx,y\n", "body /0 additionalProperties; body /0/a type"},
		{"rows, broken", "text/csv", "schema: {type: array, items: " + row + "}", "a,b\n1\n", "body syntax"},
		{"rows of kinds", "text/csv", "schema: {type: array, items: {oneOf: [{properties: {k: {const: a}, v: {type: integer}}}, {properties: {k: {const: b}, v: {type: string, minLength: 2}}}]}}", "k,v\na,1\nb,ab\n", ""},
		{"an empty cell", "text/csv", "schema: {type: array, items: {type: object, properties: {a: {type: integer}}}}", "a,b\n,x\n", ""},
		{"an empty cell that must not be", "text/csv", "schema: {type: array, items: {type: object, required: [a], properties: {a: {type: integer}}}}", "a,b\n,x\n", "body /0 required"},
		{"columns of one name", "text/csv", "schema: {type: array, items: {type: object}}", "a,a\n1,2\n", "body syntax"},
		{"rows as text", "text/csv", "schema: {type: string}", "a,b\n1\n", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := parse(t, "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {requestBody: {content: {"+x.media+": {"+x.schema+
				"}}}, responses: {'204': {description: D.}}}}}\n")
			if got := briefly(judge(t, c, x.media, x.body)); got != x.broken {
				t.Errorf("got %q\nwant %q", got, x.broken)
			}
		})
	}
}

func FuzzMultipart(f *testing.F) {
	f.Add("multipart/form-data; boundary=B", form("name|Rex", picture))
	f.Add("multipart/form-data; boundary=B", "--B\r\n\r\n--B--")
	f.Add("multipart/form-data; boundary=", "--")
	c, err := contract.Parse(f.Context(), "openapi.yaml", []byte(upload))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, contentType, body string) { judge(t, c, contentType, body) })
}
