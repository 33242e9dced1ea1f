package mock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
)

const odd = `openapi: 3.1.0
info: {title: "Odd 'things' # here", version: "1"}
servers: [{url: /api/v2}]
security: [{apiKey: []}]
components:
  securitySchemes:
    apiKey: {type: apiKey, in: query, name: key}
    session: {type: apiKey, in: cookie, name: sid}
    plain: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
paths:
  /things/{id}/{kind}:
    put:
      operationId: putThing
      security: [{bearer: [], session: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, pattern: "^[a-z]{3}'[0-9]$"}}
        - {name: kind, in: path, required: true, schema: {type: array, items: {type: string, enum: [a, b]}, minItems: 2}}
        - {name: filter, in: query, required: true, style: deepObject, explode: true, schema: {type: object, required: [a], properties: {a: {type: integer}}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, format: uuid}}
        - {name: theme, in: cookie, required: true, schema: {type: string, const: dark}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [text], properties: {text: {type: string}, id: {type: integer, readOnly: true}}}
            examples:
              quoted: {value: {text: "it's \"quoted\" $HOME\n### no separator"}}
              wrong: {value: {text: 7}}
              plain: {value: {text: é}}
      responses: {'200': {description: ok}}
  /form:
    post:
      operationId: postForm
      security: [{plain: []}]
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: string, minLength: 3}}}}}}
      responses: {'200': {description: ok}}
  /upload:
    post:
      operationId: upload
      security: []
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [note, n], properties: {note: {type: string}, n: {type: integer}}}}}}
      responses: {'200': {description: ok}}
  /xml:
    post:
      operationId: postXML
      requestBody: {required: true, content: {application/xml: {schema: {type: object, xml: {name: a}, required: [b], properties: {b: {type: integer}}}}}}
      responses: {'200': {description: ok}}
  /impossible:
    post:
      operationId: impossible
      requestBody: {required: true, content: {application/json: {schema: {type: integer, minimum: 3, maximum: 2}}}}
      responses: {'200': {description: ok}}
`

// sent is a request read back from a file.
type sent struct {
	title, method, target, body string
	header                      [][2]string
}

// readHTTP reads a .http file.
func readHTTP(t *testing.T, text string) (out []sent) {
	blocks := strings.Split(text, "\n### ")
	for _, block := range blocks[1:] {
		lines := strings.Split(block, "\n")
		s := sent{title: lines[0]}
		rest := lines[1:]
		if strings.HasPrefix(rest[0], "#") {
			continue
		}
		s.method, s.target, _ = strings.Cut(rest[0], " ")
		for rest = rest[1:]; len(rest) > 0 && rest[0] != ""; rest = rest[1:] {
			name, value, ok := strings.Cut(rest[0], ": ")
			if !ok {
				t.Fatalf("%s has the header line %q", s.title, rest[0])
			}
			s.header = append(s.header, [2]string{name, value})
		}
		if len(rest) > 1 {
			s.body = strings.TrimSuffix(strings.Join(rest[1:], "\n"), "\n")
		}
		out = append(out, s)
	}
	return out
}

// readPostman reads a collection.
func readPostman(t *testing.T, text string) (out []sent) {
	type item struct {
		Name    string
		Item    []item
		Request *struct {
			Method string
			Header []struct{ Key, Value string }
			Body   struct{ Mode, Raw string }
			URL    struct{ Raw string }
		}
	}
	var root item
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	var walk func(item)
	walk = func(i item) {
		for _, sub := range i.Item {
			walk(sub)
		}
		if i.Request == nil {
			return
		}
		s := sent{title: i.Name, method: i.Request.Method, target: i.Request.URL.Raw, body: i.Request.Body.Raw}
		for _, h := range i.Request.Header {
			s.header = append(s.header, [2]string{h.Key, h.Value})
		}
		out = append(out, s)
	}
	walk(root)
	return out
}

// readK6 reads the requests of a script for k6, whose strings are JSON.
func readK6(t *testing.T, text string) (out []sent) {
	line := regexp.MustCompile(`^  \{ name: ("(?:[^"\\]|\\.)*"), method: ("[A-Z]+"), target: (.*), body: (null|"(?:[^"\\]|\\.)*"), headers: \{(.*) \} \},$`)
	header := regexp.MustCompile(`("(?:[^"\\]|\\.)*"): ((?:"(?:[^"\\]|\\.)*"|__ENV\.\w+| \+ )*)`)
	literal := regexp.MustCompile(`"(?:[^"\\]|\\.)*"|__ENV\.\w+`)
	value := func(expression string) (v string) {
		for _, part := range literal.FindAllString(expression, -1) {
			if name, ok := strings.CutPrefix(part, "__ENV."); ok {
				v += "{{" + name + "}}"
				continue
			}
			var s string
			if err := json.Unmarshal([]byte(part), &s); err != nil {
				t.Fatal(part, err)
			}
			v += s
		}
		return v
	}
	for one := range strings.SplitSeq(text, "\n") {
		m := line.FindStringSubmatch(one)
		if m == nil {
			continue
		}
		s := sent{title: value(m[1]), method: value(m[2]), target: "{{BASE_URL}}" + value(m[3])}
		if m[4] != "null" {
			s.body = value(m[4])
		}
		for _, h := range header.FindAllStringSubmatch(m[5], -1) {
			s.header = append(s.header, [2]string{value(h[1]), value(h[2])})
		}
		out = append(out, s)
	}
	return out
}

// TestWrittenRequests reads the files back and sends what they say to a mock, which takes every one.
func TestWrittenRequests(t *testing.T) {
	documents := map[string]string{"odd": odd, "drifted": drifted}
	want := map[string]int{"odd": 5, "drifted": 3}
	for name, document := range documents {
		c, err := contract.Parse(context.Background(), name+".yaml", []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		server, err := mock.New(c, mock.Stateless())
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(server)
		t.Cleanup(func() { web.Close(); _ = server.Close() })
		for format, read := range map[string]func(*testing.T, string) []sent{"http": readHTTP, "postman": readPostman, "k6": readK6} {
			t.Run(name+" as "+format, func(t *testing.T) {
				var b bytes.Buffer
				failed, err := mock.WriteRequests(context.Background(), &b, c, format, web.URL, 1)
				if err != nil || (len(failed) > 0) != (name == "odd") {
					t.Fatal(failed, err)
				}
				all := read(t, b.String())
				if len(all) != want[name] {
					t.Errorf("%d requests in\n%s", len(all), b.String())
				}
				for _, s := range all {
					deliver(t, web.URL, s)
				}
			})
		}
	}
}

func deliver(t *testing.T, base string, s sent) {
	t.Helper()
	fill := strings.NewReplacer("{{BASE_URL}}", base, "{{PLAIN}}", "dTpw", "{{API_KEY}}", "secret", "{{SESSION}}", "secret", "{{BEARER}}", "secret", "{{KEY}}", "secret")
	r, err := http.NewRequest(s.method, fill.Replace(s.target), strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range s.header {
		r.Header.Add(h[0], fill.Replace(h[1]))
	}
	res, err := unfollowing().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode >= 400 || res.Header.Get("Mock-Violations") != "request=0, response=0" {
		t.Errorf("%s: %d %s: %+v", s.title, res.StatusCode, res.Header.Get("Mock-Violation"), s)
	}
}

// TestRequestsOfElements writes bodies of which only the elements are described.
func TestRequestsOfElements(t *testing.T) {
	for media, want := range map[string]string{
		"application/jsonl": `{"n":`, "application/json-seq": "\x1e{", "text/event-stream": `data: {"n":`, "text/csv": "n\n", "multipart/mixed": "boundary=",
	} {
		c := parse(t, "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {operationId: a, requestBody: {required: true, content: {"+media+
			": {itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}}}}, responses: {'204': {description: D.}}}}}\n")
		var b bytes.Buffer
		if failed, err := mock.WriteRequests(t.Context(), &b, c, "http", "http://localhost", 1); err != nil || len(failed) > 0 || !strings.Contains(b.String(), want) {
			t.Errorf("%s: %v %v\n%s", media, failed, err, b.String())
		}
	}
}
