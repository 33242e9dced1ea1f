package sample_test

import (
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

func TestRepairedExamples(t *testing.T) {
	row := "type: object, required: [id, name, at], additionalProperties: false, properties: {id: {type: integer}, name: {type: string, maxLength: 5}, at: {type: string, format: date-time}, tags: {type: array, maxItems: 3, items: {type: string, minLength: 2}}, in: {type: object, required: [x], properties: {x: {type: integer}}}}"
	for _, c := range []struct{ name, example, kept, repaired string }{
		{"missing", "{id: 7, name: Rex}", `"id":7,"name":"Rex","at":"2`, "/at"},
		{"wrong type", "{id: x, name: Rex, at: '2026-01-02T03:04:05Z'}", `"name":"Rex","at":"2026-01-02T03:04:05Z"`, "/id"},
		{"too long", "{id: 7, name: Rexington, at: '2026-01-02T03:04:05Z'}", `{"id":7,"name":"`, "/name"},
		{"unknown", "{id: 7, name: Rex, at: '2026-01-02T03:04:05Z', what: 1}", `{"id":7,"name":"Rex","at":"2026-01-02T03:04:05Z"}`, "/what"},
		{"in a list", "{id: 7, name: Rex, at: '2026-01-02T03:04:05Z', tags: [ab, c]}", `"tags":["ab","`, "/tags/1"},
		{"deep", "{id: 7, name: Rex, at: '2026-01-02T03:04:05Z', in: {x: y}}", `"in":{"x":`, "/in/x"},
		{"a date that is none", "{id: 7, name: Rex, at: '2026-02-30'}", `"name":"Rex","at":"2`, "/at"},
		{"several", "{name: Rexington, what: 1}", `{"id":`, "/id /at /what /name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := contract.Parse(t.Context(), "t.yaml", []byte("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: D., content: {application/json: {schema: {"+
				row+"}, example: "+c.example+"}}}}}}}\n"))
			if err != nil {
				t.Fatal(err)
			}
			op, s := doc.Operation("a"), sample.New(sample.Options{Seed: 1})
			target, err := s.Choose(op, "", "")
			if err != nil {
				t.Fatal(err)
			}
			a, err := s.Example(op, target, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			valid(t, op, a)
			got := map[string]bool{}
			for _, p := range a.Repaired {
				got[p] = true
			}
			for want := range strings.SplitSeq(c.repaired, " ") {
				if !got[want] {
					t.Errorf("%s is not among %v", want, a.Repaired)
				}
			}
			if !strings.Contains(string(a.Body), c.kept) || len(got) != strings.Count(c.repaired, " ")+1 {
				t.Errorf("%s, %v", a.Body, a.Repaired)
			}
			verbatim, err := s.Example(op, target, "default", nil)
			if err != nil || len(verbatim.Violations) == 0 || verbatim.Repaired != nil {
				t.Errorf("by name it is not as it stands: %+v %v", verbatim, err)
			}
		})
	}
}
