package sample_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

const shop = `
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - name: kind
          in: query
          schema: {type: string}
          examples: {toys: {value: toy}, books: {value: book}}
      responses:
        '404': {description: Nothing.}
        '201': {description: Odd, content: {application/json: {schema: {type: integer}, examples: {one: {value: 1}}}}}
        '200':
          description: Items.
          content:
            text/csv: {schema: {type: string}, example: 'id,name'}
            application/xml: {schema: {$ref: '#/components/schemas/Item'}, example: {id: 1, name: Ball}}
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Item'}}
              examples:
                books: {value: [{id: 2, name: Book, kind: book}]}
                toys: {value: [{id: 1, name: Ball, kind: toy}]}
                wrong: {value: [{id: one}]}
    post:
      operationId: addItem
      requestBody:
        content:
          application/json:
            schema: {type: object}
            examples: {ball: {value: {name: Ball}}, book: {value: {name: Book}}}
      responses:
        2XX:
          description: Made.
          headers:
            Location: {required: true, schema: {type: string, format: uri-reference}}
            X-Default: {schema: {type: integer, default: 7}}
            X-Wrong-Default: {required: true, schema: {type: integer, default: many}}
            X-Example: {schema: {type: string}, example: as told}
            X-Wrong: {schema: {type: integer}, examples: {a: {value: no, x-invalid: true}, b: {value: 8}}}
            X-List: {required: true, schema: {type: array, minItems: 2, items: {type: integer}}}
            Content-Length: {schema: {type: integer}}
            Content-Encoding: {schema: {type: string, enum: [gzip]}}
            Access-Control-Allow-Origin: {schema: {type: string}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Item'}
              examples:
                first: {value: {id: 1, name: First}}
                book: {value: {id: 2, name: A book}}
                shelf: {value: {id: 3, name: Shelf}}
        default: {$ref: '#/components/responses/Error'}
  /items/{itemId}:
    parameters:
      - {name: itemId, in: path, required: true, schema: {type: integer}}
    get:
      operationId: getItem
      responses:
        '200':
          description: The item.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Item'}
              examples:
                one: {value: {id: 1, name: One}}
                two: {value: {id: 2, name: Two}}
                three: {value: {id: 3, name: Three, parts: [{id: 1, name: Part}]}}
    put:
      operationId: putItem
      responses:
        '200': {description: The item., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        '304': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
    delete:
      operationId: deleteItem
      responses:
        '204': {description: Gone., content: {application/json: {schema: {type: integer}}}}
        default: {$ref: '#/components/responses/Error'}
  /boxes/{uuid}:
    parameters:
      - {name: uuid, in: path, required: true, schema: {type: string}}
    get:
      operationId: getBox
      responses:
        '200':
          description: A list of one.
          content:
            application/json:
              schema:
                type: object
                required: [boxes, total]
                properties:
                  total: {type: integer}
                  boxes:
                    type: array
                    minItems: 1
                    items:
                      type: object
                      required: [uuid]
                      properties: {uuid: {type: string, pattern: '^[0-9a-f]{8}$'}, size: {type: integer}}
    put:
      operationId: putBox
      responses:
        '200':
          description: Two with an id each.
          content:
            application/json:
              schema:
                type: object
                required: [from, to]
                properties:
                  from: {type: object, required: [uuid], properties: {uuid: {type: string}}}
                  to: {type: object, required: [uuid], properties: {uuid: {type: string}}}
    patch:
      operationId: patchBox
      responses:
        '200':
          description: The id must be another one at its two places.
          content:
            application/json:
              schema:
                type: object
                required: [uuid]
                properties: {uuid: {type: string}}
                not: {properties: {uuid: {const: taken}}}
  /text:
    get:
      operationId: getText
      responses:
        '200': {description: Any., content: {text/plain: {schema: {type: string, minLength: 3}}}}
    post:
      operationId: postText
      responses:
        '200': {description: Nothing known., content: {text/plain: {}, image/png: {}}}
  /range:
    get:
      operationId: getRange
      responses:
        '200': {description: Any text., content: {text/*: {schema: {type: string}}}}
    post:
      operationId: postRange
      responses:
        '200': {description: Anything., content: {'*/*': {schema: {type: object, required: [n], properties: {n: {type: integer}}}}}}
  /form:
    get:
      operationId: getForm
      responses:
        '200':
          description: A form.
          content:
            application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Item'}, example: {id: 1, name: A & B, tags: [x, y]}}
  /failing:
    get:
      operationId: fail
      responses:
        '500': {description: Always.}
        '400': {description: Sometimes.}
  /default:
    get:
      operationId: onlyDefault
      responses:
        default: {$ref: '#/components/responses/Error'}
components:
  responses:
    Error:
      description: What went wrong.
      content: {application/json: {schema: {type: object, required: [message], properties: {message: {type: string}}}}}
  schemas:
    Item:
      type: object
      required: [id, name]
      properties:
        name: {type: string}
        id: {type: integer, maximum: 1000}
        kind: {type: string}
        tags: {type: array, items: {type: string}}
        parts: {type: array, items: {type: object, properties: {id: {type: integer}, name: {type: string}}}}
`

func parse(t testing.TB, text string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(t.Context(), "api.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func operation(t testing.TB, c *contract.Contract, id string) *contract.Operation {
	t.Helper()
	op := c.Operation(id)
	if op == nil {
		t.Fatalf("there is no operation %s", id)
	}
	return op
}

// given makes the inputs of a request from "in.name" and values by turns; body is "body".
func given(pairs ...any) sample.Given {
	v := contract.Values{Path: map[string]any{}, Query: map[string]any{}, Header: map[string]any{}, Cookie: map[string]any{}}
	for i := 0; i < len(pairs); i += 2 {
		in, name, _ := strings.Cut(pairs[i].(string), ".")
		switch in {
		case "path":
			v.Path[name] = pairs[i+1]
		case "query":
			v.Query[name] = pairs[i+1]
		default:
			v.Body, v.HasBody = pairs[i+1], true
		}
	}
	return func() contract.Values { return v }
}

func TestChoose(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		operation, code, accept string
		status                  int
		contentType             string
		err                     string
	}{
		{"listItems", "", "", 201, "application/json", ""},
		{"listItems", "200", "", 200, "application/json", ""},
		{"listItems", "200", "*/*", 200, "application/json", ""},
		{"listItems", "200", "text/csv", 200, "text/csv", ""},
		{"listItems", "200", "application/xml, application/json;q=0.5", 200, "application/xml", ""},
		{"listItems", "200", "text/*", 200, "text/csv", ""},
		{"listItems", "200", "image/png", 200, "", "none of application/json, text/csv, application/xml is acceptable"},
		{"listItems", "404", "image/png", 404, "", ""},
		{"listItems", "418", "", 0, "", "this status is not documented; there is 404, 201, 200"},
		{"listItems", "default", "", 0, "", "this status is not documented; there is 404, 201, 200"},
		{"listItems", "2XX", "", 0, "", "this status is not documented; there is 404, 201, 200"},
		{"addItem", "", "", 200, "application/json", ""},
		{"addItem", "201", "", 201, "application/json", ""},
		{"addItem", "404", "", 404, "application/json", ""},
		{"addItem", "default", "", 500, "application/json", ""},
		{"addItem", "99", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"addItem", "600", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"addItem", "1000", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"addItem", "-1", "", 0, "", "this status is not documented; there is 2XX, default"},
		{"deleteItem", "", "text/plain", 204, "", ""},
		{"deleteItem", "205", "", 205, "", ""},
		{"deleteItem", "103", "", 103, "", ""},
		{"putItem", "304", "", 304, "", ""},
		{"getRange", "", "", 200, "text/plain", ""},
		{"getRange", "", "text/markdown", 200, "text/markdown", ""},
		{"getRange", "", "application/json", 200, "", "none of text/* is acceptable"},
		{"postRange", "", "", 200, "application/json", ""},
		{"postRange", "", "application/cbor", 200, "application/cbor", ""},
		{"fail", "", "", 500, "", ""},
		{"onlyDefault", "", "", 200, "application/json", ""},
	} {
		target, err := s.Choose(operation(t, c, row.operation), row.code, row.accept)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if target.Status != row.status || target.ContentType != row.contentType || got != row.err {
			t.Errorf("%s %q %q: %d %q %q", row.operation, row.code, row.accept, target.Status, target.ContentType, got)
		}
		if (target.Media != nil) != (row.contentType != "") || (target.Response != nil) != (row.status != 0) {
			t.Errorf("%s %q %q: %+v", row.operation, row.code, row.accept, target)
		}
	}
}

func TestExample(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		operation, code, accept, name string
		given                         sample.Given
		example, body                 string
		violations                    int
	}{
		{"listItems", "200", "", "", nil, "books", `[{"id":2,"name":"Book","kind":"book"}]`, 0},
		{"listItems", "200", "", "wrong", nil, "wrong", `[{"id":"one"}]`, 2},
		{"listItems", "200", "text/csv", "", nil, "default", "id,name", 0},
		{"listItems", "200", "application/xml", "", nil, "default", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<root><id>1</id><name>Ball</name></root>\n", 0},
		{"listItems", "200", "", "default", nil, "default", "id,name", 0},
		{"getForm", "", "", "", nil, "default", "id=1&name=A%20%26%20B&tags=x&tags=y", 0},
		{"listItems", "200", "", "", given("query.kind", "toy"), "toys", "", 0},
		{"listItems", "200", "", "", given("query.kind", "none"), "books", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"name": "Book"}), "book", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"name": "Shelf"}), "shelf", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"item": map[string]any{"name": "Shelf"}}), "shelf", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"name": "Else"}), "first", "", 0},
		{"addItem", "", "", "", given(), "first", "", 0},
		{"getItem", "", "", "", given("path.itemId", number("2")), "two", "", 0},
		{"getItem", "", "", "", given("path.itemId", "3"), "three", "", 0},
		{"getItem", "", "", "", given("path.itemId", number("1")), "one", "", 0}, // not three, which has a part 1
		{"getItem", "", "", "", given("path.itemId", number("9")), "one", "", 0},
		{"getItem", "", "", "three", given("path.itemId", number("1")), "three", "", 0},
	} {
		op := operation(t, c, row.operation)
		target, err := s.Choose(op, row.code, row.accept)
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Example(op, target, row.name, row.given)
		if row.name == "default" { // which JSON lacks
			target.ContentType = "text/csv"
		}
		if err != nil || a.Name != row.example || row.body != "" && string(a.Body) != row.body || len(a.Violations) != row.violations {
			t.Errorf("%s %q %q: %q %q %v %v", row.operation, row.code, row.accept, a.Name, a.Body, a.Violations, err)
		}
		if a.Generated || a.Status != target.Status || a.ContentType != target.ContentType {
			t.Errorf("%+v", a)
		}
	}
}

func TestNoExample(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	for _, row := range []struct{ operation, code, name, want string }{
		{"listItems", "200", "balls", "there is no such example; there is books, toys, wrong, default"},
		{"putItem", "", "balls", "there is no such example; there is none"},
		{"deleteItem", "", "balls", "there is no such example; there is none"},
		{"putItem", "", "", "there is no valid example"},
		{"deleteItem", "", "", "there is no valid example"},
	} {
		op := operation(t, c, row.operation)
		target, err := s.Choose(op, row.code, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Example(op, target, row.name, nil); err == nil || err.Error() != row.want {
			t.Errorf("%+v: %v", row, err)
		} else if errors.Is(err, sample.ErrNone) != (row.name == "") {
			t.Errorf("%+v: %T", row, err)
		}
	}
}

func TestHeaders(t *testing.T) {
	c := parse(t, shop)
	op := operation(t, c, "addItem")
	s := sample.New(sample.Options{Seed: 3})
	target, err := s.Choose(op, "", "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Generate(op, target, 3, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"X-Default": "7", "X-Example": "as told", "X-Wrong": "8"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	for _, name := range []string{"Content-Length", "Content-Encoding", "Access-Control-Allow-Origin"} {
		if a.Header[name] != nil {
			t.Errorf("%s is given", name)
		}
	}
	valid(t, op, a)
	b, err := s.Example(op, target, "", nil)
	if err != nil || fmt.Sprint(a.Header) != fmt.Sprint(b.Header) {
		t.Error(b.Header, err)
	}
	again := sample.New(sample.Options{Seed: 3})
	target, _ = again.Choose(op, "", "")
	if d, _ := again.Generate(op, target, 3, 0, nil); fmt.Sprint(a.Header) != fmt.Sprint(d.Header) {
		t.Errorf("%v, then %v", a.Header, d.Header)
	}
}

// valid holds an answer to its contract.
func valid(t testing.TB, op *contract.Operation, a sample.Answer) {
	t.Helper()
	header := a.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if a.ContentType != "" {
		header.Set("Content-Type", a.ContentType)
	}
	for _, v := range op.CheckResponse(a.Status, header, a.Body) {
		if v.Keyword == "required" && (v.Name == "Content-Length" || v.Name == "Date" || v.Name == "Content-Encoding") {
			continue // the server writes them
		}
		if v.Keyword == "type" && v.Pointer == "" && strings.HasPrefix(a.ContentType, "text/") {
			continue // streams and tables, of which the document describes the rows, cannot be checked as texts
		}
		t.Errorf("%s %d %s: %s %s %s %s: %s (%s)\n%.300s", op.ID, a.Status, a.ContentType, v.In, v.Name, v.Pointer, v.Keyword, v.Message, v.Rule, a.Body)
	}
}

func TestGenerate(t *testing.T) {
	c := parse(t, shop)
	for _, op := range c.Operations() {
		for _, r := range op.Responses().All {
			one, two := sample.New(sample.Options{Seed: 1}), sample.New(sample.Options{Seed: 2})
			target, err := one.Choose(op, sample.Code(r.Status), "")
			if err != nil {
				t.Fatal(err)
			}
			same, _ := two.Choose(op, sample.Code(r.Status), "")
			different := map[string]bool{}
			for variant := range uint64(16) {
				a, err := one.Generate(op, target, 1, variant, nil)
				if err != nil {
					t.Fatal(err)
				}
				valid(t, op, a)
				// The same bytes from another server, whose own seed is another one.
				if b, err := two.Generate(op, same, 1, variant, nil); err != nil || string(a.Body) != string(b.Body) {
					t.Errorf("%s: %s, then %s %v", op.ID, a.Body, b.Body, err)
				}
				if !a.Generated || a.Name != "" || a.Status != target.Status {
					t.Errorf("%+v", a)
				}
				different[string(a.Body)] = true
			}
			if target.Media != nil && target.Media.Schema != nil && len(different) < 2 {
				t.Errorf("%s %s: all variants are %v", op.ID, r.Status, different)
			}
		}
	}
}

func number(s string) any { return jsonNumber(s) }

func TestPathID(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		operation, parameter string
		id                   any
		has, hasNot          string
	}{
		{"putItem", "itemId", number("42"), `"id":42`, ""},
		{"putItem", "itemId", number("1001"), `"id":`, `"id":1001`}, // more than the maximum
		{"putItem", "itemId", "x", `"id":`, `"id":"x"`},
		{"getBox", "uuid", "0123abcd", `"boxes":[{"uuid":"0123abcd"`, ""},
		{"getBox", "uuid", "nothing of that kind", `"boxes":[{"uuid":`, "kind"},
		{"putBox", "uuid", "twice", `"uuid":`, "twice"}, // nobody knows which
		{"patchBox", "uuid", "free", `{"uuid":"free"}`, ""},
		{"patchBox", "uuid", "taken", `"uuid":`, "taken"},
		{"patchBox", "uuid", number("12"), `{"uuid":"12"}`, ""},
		{"patchBox", "uuid", "a\"b\n", `{"uuid":"a\"b\n"}`, ""},
		{"deleteItem", "itemId", number("1"), "", ""},
	} {
		op := operation(t, c, row.operation)
		target, err := s.Choose(op, "", "")
		if err != nil {
			t.Fatal(err)
		}
		for variant := range uint64(8) {
			a, err := s.Generate(op, target, 0, variant, given("path."+row.parameter, row.id))
			if err != nil {
				t.Fatal(err)
			}
			valid(t, op, a)
			if !strings.Contains(string(a.Body), row.has) || row.hasNot != "" && strings.Contains(string(a.Body), row.hasNot) {
				t.Errorf("%s %v: %s", row.operation, row.id, a.Body)
			}
		}
		plain, _ := s.Generate(op, target, 0, 0, nil)
		if again, _ := s.Generate(op, target, 0, 0, given()); string(plain.Body) != string(again.Body) {
			t.Errorf("%s: an id was written into what is kept: %s, %s", row.operation, plain.Body, again.Body)
		}
	}
}

// TestMembersInOrder writes what is generated as a person would, in the order of the document.
func TestMembersInOrder(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	op := operation(t, c, "putItem")
	target, _ := s.Choose(op, "", "")
	a, err := s.Generate(op, target, 0, 0, nil)
	if err != nil || !strings.HasPrefix(string(a.Body), `{"name":`) || !strings.Contains(string(a.Body), `"id":`) {
		t.Errorf("%s %v", a.Body, err)
	}
}

// TestStatusesShareBodies asks for every status of a default response: what is kept is one answer's, not five hundred.
func TestStatusesShareBodies(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	op := operation(t, c, "onlyDefault")
	var first []byte
	for status := 200; status < 600; status++ {
		target, err := s.Choose(op, fmt.Sprint(status), "")
		if err != nil || target.Status != status {
			t.Fatal(target, err)
		}
		a, err := s.Generate(op, target, 0, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if target.Media == nil {
			continue
		}
		if first == nil {
			first = a.Body
		}
		if &first[0] != &a.Body[0] {
			t.Fatalf("%d has a body of its own", status)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	c := parse(t, shop)
	s := sample.New(sample.Options{})
	var group sync.WaitGroup
	bodies := make([][]string, 8)
	for n := range bodies {
		group.Go(func() {
			for _, op := range c.Operations() {
				target, err := s.Choose(op, "", "")
				if err != nil {
					t.Error(err)
					continue
				}
				a, err := s.Generate(op, target, 0, 3, given("path.itemId", number("5")))
				if err != nil {
					t.Error(err)
				}
				e, err := s.Example(op, target, "", given("path.itemId", number("2")))
				if err != nil && err != sample.ErrNone {
					t.Error(err)
				}
				bodies[n] = append(bodies[n], string(a.Body), string(e.Body), fmt.Sprint(a.Header))
			}
		})
	}
	group.Wait()
	for n := range bodies {
		if !slices.Equal(bodies[0], bodies[n]) {
			t.Errorf("%q, and %q", bodies[0], bodies[n])
		}
	}
}

func TestDiagnostics(t *testing.T) {
	if found := sample.New(sample.Options{}).Diagnostics(t.Context(), parse(t, shop)); len(found) > 0 {
		t.Error(found)
	}
	c := parse(t, `
openapi: 3.1.0
info: {title: Impossible, version: '1'}
paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: '', content: {application/json: {schema: {type: string, allOf: [{minLength: 5}, {maxLength: 2}]}}}}
        '400': {description: '', content: {application/json: {schema: {type: string, allOf: [{minLength: 5}, {maxLength: 2}]}, example: x, x-note: broken}}}
        '404':
          description: ''
          headers:
            X-No: {required: true, schema: false}
            X-Maybe: {schema: false}
            X-Also: {required: true, schema: {type: integer, enum: []}}
          content: {application/json: {schema: {type: integer}, example: 7}}
        '204': {description: '', content: {application/json: {schema: false}}}
`)
	s := sample.New(sample.Options{})
	var got []string
	for _, d := range s.Diagnostics(t.Context(), c) {
		if d.Level != contract.Error || d.Operation != "a" || d.Rule != "unsatisfiable" {
			t.Errorf("%+v", d)
		}
		at, _, _ := strings.Cut(d.Message, ":")
		got = append(got, d.Position.String()+" "+at)
	}
	want := []string{
		"api.yaml:9:44 no valid answer can be made", "api.yaml:10:44 no valid answer can be made", "api.yaml:12:11 the header X-No cannot be given",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	op := operation(t, c, "a")
	target, err := s.Choose(op, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.Generate(op, target, 0, 0, nil); err == nil || a.Body != nil {
		t.Errorf("%s %v", a.Body, err)
	}
}
