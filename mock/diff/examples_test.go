package diff_test

import (
	"strings"
	"testing"

	"standin/mock/diff"
)

func TestExamples(t *testing.T) {
	const text = `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    post:
      operationId: a
      parameters: [{name: q, in: query, example: one, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object}, examples: {kept: {value: {x: 1}}, gone: {value: {x: 2}}}}}}
      responses: {"200": {description: OK., content: {application/json: {schema: {type: object}, example: {y: 1}}}}}
`
	changed := strings.NewReplacer("example: one", "example: two", ", gone: {value: {x: 2}}", ", fresh: {value: {x: 3}}", "example: {y: 1}", "example: {y: 2}").Replace(text)
	r, err := diff.Compare(t.Context(), diff.Document{Name: "old.yaml", Text: []byte(text)}, diff.Document{Name: "new.yaml", Text: []byte(changed)})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range r.Rows {
		if row.Level != diff.Info {
			t.Errorf("%s is %s", row.Text, row.Level)
		}
		got[row.Text] = row.Touches[0].Anchor + " " + row.Place
	}
	for text, want := range map[string]string{
		"changed the example `default` of the `query` request parameter `q`": "in.query.q new.yaml:7:41",
		"added the example `fresh` of the request body":                      "body new.yaml:8:",
		"removed the example `gone` of the request body":                     "body new.yaml:8:",
		"changed the example `default` of the response `200`":                "200 new.yaml:9:",
	} {
		if !strings.HasPrefix(got[text], want) {
			t.Errorf("%s: %q, want %q; all: %v", text, got[text], want, got)
		}
	}
	if len(r.Rows) != 4 {
		t.Errorf("%d rows: %v", len(r.Rows), got)
	}
}
