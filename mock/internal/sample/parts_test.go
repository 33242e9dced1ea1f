package sample_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"testing"

	"standin/mock/internal/media"
	"standin/mock/internal/sample"
)

// TestMultipartAnswers makes up multipart answers, which are read back as a client would and hold what their document demands.
func TestMultipartAnswers(t *testing.T) {
	for _, c := range []struct{ media, said, want string }{
		{"multipart/mixed", "schema: {type: object, required: [a, b], properties: {a: {const: x}, b: {type: object, required: [n], properties: {n: {const: 1}}}}}",
			"name=\"b\"\r\nContent-Type: application/json\r\n\r\n{\"n\":1}"},
		{"multipart/mixed", "schema: {type: array, minItems: 3, maxItems: 3, prefixItems: [{type: object, required: [n], properties: {n: {const: 1}}}, {const: 7}], items: {type: string, format: binary}}, " +
			"prefixEncoding: [{headers: {X-Note: {required: true, schema: {type: integer}}}}], itemEncoding: {contentType: image/png}", "\r\n\r\n\x89PNG"},
		{"multipart/mixed", "itemSchema: {type: object, required: [n], properties: {n: {const: 1}}}, itemEncoding: {contentType: application/json}", "Content-Type: application/json\r\n\r\n{\"n\":1}"},
		{"multipart/byteranges", "itemSchema: {type: string, format: binary}, itemEncoding: {contentType: application/pdf, headers: {Content-Range: {required: true, schema: {const: bytes 0-1/2}}}}", "Content-Range: bytes 0-1/2"},
		{"multipart/form-data", "schema: {type: object, required: [l], properties: {l: {type: array, minItems: 2, items: {type: integer}}}}, encoding: {l: {style: pipeDelimited, explode: false}}", "|"},
		{"multipart/form-data", "schema: {type: object, required: [l], properties: {l: {type: array, minItems: 1, items: {type: array, items: {type: integer}}}}}", "name=\"l\"\r\nContent-Type: application/json\r\n\r\n["},
		{"multipart/form-data", "schema: {type: object, required: [f], properties: {f: {type: string, contentMediaType: image/png}}}", "Content-Type: image/png\r\n\r\n\x89PNG"},
		{"multipart/mixed", "itemSchema: {type: string, minLength: 3}, itemEncoding: {headers: {Content-Transfer-Encoding: {required: true, schema: {const: base64}}}}", "base64\r\n\r\n"},
		{"multipart/mixed; boundary=own", "schema: {type: object, required: [a], properties: {a: {const: x}}}", "--own\r\n"},
	} {
		t.Run(c.media+" "+c.said, func(t *testing.T) {
			everySeed(t, streamOf(t, c.media, c.said), c.want, func(a sample.Answer) { readable(t, a) })
		})
	}
}

// readable reads a multipart answer with the boundary that its type names.
func readable(t *testing.T, a sample.Answer) {
	t.Helper()
	_, params, err := mime.ParseMediaType(a.ContentType)
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(bytes.NewReader(a.Body), params["boundary"])
	for n := 0; ; n++ {
		if _, err := r.NextPart(); err == io.EOF && n > 0 {
			return
		} else if err != nil {
			t.Fatalf("part %d of %s: %v\n%s", n, a.ContentType, err, a.Body)
		}
	}
}

// TestMultipartExamples serves an example that is written as a body with the boundary that it uses.
func TestMultipartExamples(t *testing.T) {
	for example, valid := range map[string]bool{
		`"--mine\r\nContent-Type: application/json\r\n\r\n{\"n\": 1}\r\n--mine--\r\n"`: true,
		`"--mine\r\nContent-Type: application/json\r\n\r\n{}\r\n--mine--\r\n"`:         false,
		`[{"n": 1}]`: true,
		`[{}]`:       false,
	} {
		op := streamOf(t, "multipart/mixed", "itemSchema: {type: object, required: [n]}, example: "+example)
		s := sample.New(sample.Options{})
		target, err := s.Choose(op, "200", "")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Example(op, target, "default", nil)
		if err != nil {
			t.Fatal(err)
		}
		readable(t, a)
		if broken := op.CheckResponse(200, http.Header{"Content-Type": {a.ContentType}}, a.Body); len(broken) > 0 == valid || len(a.Violations) > 0 == valid {
			t.Errorf("%s: %v; noted: %v\n%s", example, broken, a.Violations, a.Body)
		}
	}
}

func TestJoinPartsRefuses(t *testing.T) {
	kind, err := media.Parse("multipart/form-data; boundary=b")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sample.JoinParts(kind, []sample.Part{{Name: "a", Body: []byte("x\r\n--b\r\n")}}); err == nil {
		t.Error("a part that holds the boundary is written")
	}
	body, err := sample.JoinParts(kind, []sample.Part{{Name: "a\"\r\nX: y", Filename: `ü\"`}})
	if want := "--b\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: y\"; filename=\"ü\\\\%22\"\r\n\r\n\r\n--b--\r\n"; err != nil || string(body) != want {
		t.Errorf("got %v %q\nwant %q", err, body, want)
	}
	if _, err := sample.Parts("x", nil, 0); err == nil {
		t.Error("parts of a text")
	}
}
