package contract_test

import (
	"fmt"
	"strings"
	"testing"
)

// mixed writes parts without a Content-Disposition, each "headers|body" as in form.
func mixed(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		head, body, _ := strings.Cut(part, "|")
		if head != "" {
			head = strings.ReplaceAll(head, `\n`, "\r\n") + "\r\n"
		}
		b.WriteString("--B\r\n" + head + "\r\n" + body + "\r\n")
	}
	return b.String() + "--B--\r\n"
}

// TestMixed judges multipart bodies of other types than form-data: lists by place (OpenAPI 3.2), objects by name, Content-ID or place.
func TestMixed(t *testing.T) {
	object := "schema: {type: object, required: [meta, text], additionalProperties: false, properties: {meta: {type: object, required: [n], properties: {n: {type: integer}}}, text: {type: string, maxLength: 5}}}"
	list := "schema: {type: array, minItems: 2, prefixItems: [{type: object, required: [n]}, {type: integer}], items: {type: string, maxLength: 3}}, " +
		"prefixEncoding: [{contentType: application/json, headers: {X-Note: {required: true, schema: {type: integer}}}}], itemEncoding: {contentType: text/plain}"
	items := "itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}, itemEncoding: {contentType: 'application/json'}"
	for _, x := range []struct{ kind, said, body, broken string }{
		{"mixed", object, form(`meta\nContent-Type: application/json|{"n":1}`, "text|hello"), ""},
		{"mixed", object, mixed(`Content-Type: application/json|{"n":1}`, "|hello"), ""},
		{"related", object, mixed(`Content-ID: <text>|hello`, `Content-ID: <meta>\nContent-Type: application/json|{"n":1}`), ""},
		{"mixed", object, mixed(`Content-Type: application/json|{}`, "|too long"), "body /meta required; body /text maxLength"},
		{"mixed", object, mixed(`|{"n":1}`, "|a", "|b"), "body /2 syntax"},
		{"mixed", object, mixed("Content-Disposition: attachment; name=text|a"), "body required"},
		{"mixed", list, mixed(`Content-Type: application/json\nX-Note: 1|{"n":1}`, "|7", "|abc"), ""},
		{"mixed", list, mixed(`Content-Type: application/json|{}`, "|x", `Content-Type: text/html|abcd`), "body /0 required; body /0 required; body /1 type; body /2 contentType; body /2 maxLength"},
		{"mixed", list, mixed(`Content-Type: application/json\nX-Note: 1|{"n":1}`), "body minItems"},
		{"mixed", items, mixed(`Content-Type: application/json|{"n":1}`, `Content-Type: application/json|{"n":"x"}`, `Content-Type: application/json|{`),
			"body /1/n type; body /2 syntax"},
		{"byteranges", "itemSchema: {type: string, format: binary, maxLength: 2}", mixed("Content-Type: image/png\\nContent-Range: bytes 0-1/2|\xff\xfe"), ""},
		{"mixed", "", mixed("|x"), ""},
		{"mixed", "", "x", "body syntax"},
		{"mixed", "", "--B\r\n\r\nx", "body syntax"},
		{"mixed", "itemSchema: {type: string, maxLength: 2}", mixed("Content-Transfer-Encoding: base64|//4=", "Content-Transfer-Encoding: quoted-printable|=41=42"), ""},
		{"mixed", "itemSchema: {type: string, maxLength: 2}", mixed("Content-Transfer-Encoding: base64|!"), "body /0 syntax"},
		{"mixed", "itemSchema: {type: string, contentEncoding: base64, maxLength: 4}", mixed("Content-Transfer-Encoding: base64|//4="), ""},
		{"form-data", "schema: {type: object, properties: {all: {type: array, items: {type: integer}}}}",
			form("all\\nContent-Type: multipart/mixed; boundary=C|--C\r\n\r\n1\r\n--C\r\n\r\nx\r\n--C--"), "body /all/1 type"},
		{"form-data", object, mixed("|x"), "body /0 syntax; body required; body required"},
	} {
		t.Run(x.kind+x.said+x.body, func(t *testing.T) {
			c := parse(t, fmt.Sprintf("openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {requestBody: {content: {multipart/%s: {%s}}}, "+
				"responses: {'204': {description: D.}}}}}\n", x.kind, x.said))
			clean(t, c)
			if got := briefly(judge(t, c, "multipart/"+x.kind+"; boundary=B", x.body)); got != x.broken {
				t.Errorf("got %q\nwant %q", got, x.broken)
			}
		})
	}
}
