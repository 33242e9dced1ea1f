package coverage_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/coverage"
)

const document = `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a/{id}:
    get:
      operationId: get
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: sort, in: query, schema: {type: string, enum: [up, down]}}]
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
        4XX: {description: d}
    delete:
      operationId: remove
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: d}}
  /hidden: {get: {x-internal: true, responses: {'200': {description: d}}}}
components:
  schemas:
    Tree: {type: object, properties: {name: {type: string}, kind: {enum: [leaf, 7]}, secret: {type: string, writeOnly: true}, children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
`

func TestReport(t *testing.T) {
	c, err := contract.Parse(context.Background(), "t.yaml", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	k := coverage.Of(c)
	if r := k.Report(); r.Shares[coverage.Operations] != (coverage.Share{Used: 0, Total: 2}) || r.Shares[coverage.Statuses].Total != 3 || r.Shares[coverage.Parameters].Total != 3 {
		t.Fatalf("%+v", r.Shares)
	}
	get := c.Operation("get")
	seen := &coverage.Seen{
		Operation: get, Values: contract.Values{Path: map[string]any{"id": json.Number("1")}, Query: map[string]any{"sort": "up", "other": "x"}},
		Status: 200, HasBody: true, Body: map[string]any{"name": "n", "kind": json.Number("7"), "more": nil, "children": []any{map[string]any{"name": "m"}}},
	}
	k.See(seen)
	k.See(&coverage.Seen{Operation: get, Status: 404})
	r := k.Report()
	for kind, want := range map[coverage.Kind]coverage.Share{
		coverage.Operations: {Used: 1, Total: 2}, coverage.Statuses: {Used: 2, Total: 3}, coverage.Parameters: {Used: 2, Total: 3},
	} {
		if r.Shares[kind] != want {
			t.Errorf("%s: %+v, not %+v", kind, r.Shares[kind], want)
		}
	}
	line := r.Operations[0]
	for _, name := range []string{`query sort = "down"`, `response 200 /kind = "leaf"`, "response 200 /children/-/children"} {
		if !slices.Contains(line.Unused, name) {
			t.Errorf("%s is used: %v", name, line.Unused)
		}
	}
	for _, name := range []string{`query sort = "up"`, `response 200 /kind = 7`, "response 200 /children/-/name", "response 200 /secret", "status 4XX"} {
		if slices.Contains(line.Unused, name) {
			t.Errorf("%s is unused: %v", name, line.Unused)
		}
	}
	if !k.Used("get", "query sort") || k.Used("remove", "") || len(k.Parts("get")) < 5 {
		t.Error(k.Parts("get"))
	}
	thresholds, ok := coverage.ParseThresholds("50, statuses=90%")
	if missed := r.Missed(thresholds); !ok || !slices.Equal(missed, []coverage.Kind{coverage.Statuses}) {
		t.Error(missed, ok)
	}
	for _, format := range coverage.Formats() {
		var b bytes.Buffer
		if err := coverage.Write(&b, format, r, thresholds); err != nil || !strings.Contains(b.String(), "remove") {
			t.Errorf("%s: %v\n%s", format, err, b.String())
		}
		switch format {
		case "junit":
			var suites struct {
				Suites []struct {
					Tests    int `xml:"tests,attr"`
					Failures int `xml:"failures,attr"`
				} `xml:"testsuite"`
			}
			if err := xml.Unmarshal(b.Bytes(), &suites); err != nil || len(suites.Suites) != 2 || suites.Suites[0].Tests != 2 || suites.Suites[1].Failures != 1 {
				t.Error(err, b.String())
			}
		case "json", "sarif":
			if !json.Valid(b.Bytes()) {
				t.Error(b.String())
			}
		}
	}
}

func TestParseThresholds(t *testing.T) {
	for _, text := range []string{"", "x", "101", "-1", "things=3", "statuses=", "80,,"} {
		if got, ok := coverage.ParseThresholds(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
