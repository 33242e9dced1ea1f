package diff_test

import (
	"context"
	"slices"
	"testing"

	"standin/mock/diff"
)

const noticedOld = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: sort, in: query, schema: {type: string}}]
      responses:
        '200': {description: all, content: {application/json: {schema: {type: array, items: {type: object, properties: {name: {type: string}, age: {type: integer}, tag: {type: string}}}}}}}
        '304': {description: same}
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}, kind: {type: string}}}}}}
      responses: {'201': {description: added}}
  /gone: {get: {operationId: gone, responses: {'200': {description: d}}}}
`

const noticedNew = `openapi: 3.0.3
info: {title: Pets, version: "2"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 10}}, {name: page, in: query, required: true, schema: {type: integer}}]
      responses:
        '200': {description: all, content: {application/json: {schema: {type: array, items: {type: object, properties: {name: {type: integer}, tag: {type: string}}}}}}}
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, kind: {type: integer}}}}}}
      responses: {'201': {description: added}}
`

func entry(method, target, body, answer string) string {
	post := ""
	if body != "" {
		post = `,"postData":{"mimeType":"application/json","text":` + body + `}`
	}
	return `{"request":{"method":"` + method + `","url":"http://x` + target + `","headers":[]` + post + `},"response":{"status":200,"headers":[],"content":{"mimeType":"application/json","text":` + answer + `}}}` + "\n"
}

func TestNoticed(t *testing.T) {
	old, new := diff.Document{Name: "old.yaml", Text: []byte(noticedOld)}, diff.Document{Name: "new.yaml", Text: []byte(noticedNew)}
	r, err := diff.Compare(context.Background(), old, new)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, traffic string
		want          []string
	}{
		{"nothing of this API", entry("GET", "/other", "", `"[]"`), nil},
		{"a list with small limits", entry("GET", "/pets?limit=5", "", `"[{\"tag\":\"a\"}]"`), []string{"new-required-request-parameter"}},
		{"a list with large ones", entry("GET", "/pets?limit=50&sort=a", "", `"[{\"name\":\"a\",\"age\":1}]"`), []string{
			"request-parameter-max-set", "new-required-request-parameter", "response-property-type-changed", "request-parameter-removed", "response-optional-property-removed",
		}},
		{"a pet with a name", entry("POST", "/pets", `"{\"name\":\"a\"}"`, `""`), nil},
		{"a pet without", entry("POST", "/pets", `"{\"kind\":\"cat\"}"`, `""`), []string{"request-property-type-changed", "request-property-became-required"}},
		{"what is gone", entry("GET", "/gone", "", `""`), []string{"api-path-removed-without-deprecation"}},
	} {
		got, others, err := r.Noticed(context.Background(), old, new, diff.Recorded{Name: "x.ndjson", Text: []byte(c.traffic)})
		if err != nil || others+len(got.Rows) != len(r.Rows) {
			t.Fatal(c.name, others, err)
		}
		var rules []string
		for _, row := range got.Rows {
			rules = append(rules, row.Rule)
		}
		slices.Sort(rules)
		slices.Sort(c.want)
		if !slices.Equal(rules, c.want) {
			t.Errorf("%s: %v, not %v", c.name, rules, c.want)
		}
	}
	if _, _, err := r.Noticed(context.Background(), old, new, diff.Recorded{Name: "x", Text: []byte("no")}); err == nil {
		t.Error("a text is taken for traffic")
	}
}
