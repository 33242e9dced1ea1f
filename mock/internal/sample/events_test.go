package sample_test

import (
	"net/http"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

// streamOf is a document of one operation that answers with a stream.
func streamOf(t *testing.T, media, said string) *contract.Operation {
	t.Helper()
	doc, err := contract.Parse(t.Context(), "t.yaml", []byte("openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': "+
		"{description: D., content: {'"+media+"': {"+said+"}}}}}}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operation("a")
}

// everySeed makes up answers from many seeds: each is valid, holds what is wanted, and is shown.
func everySeed(t *testing.T, op *contract.Operation, want string, show func(sample.Answer)) {
	t.Helper()
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
		if broken := op.CheckResponse(200, http.Header{"Content-Type": {a.ContentType}}, a.Body); len(broken) > 0 || !strings.Contains(string(a.Body), want) {
			t.Fatalf("seed %d: %v; want %q in\n%s", seed, broken, want, a.Body)
		}
		show(a)
	}
}

// TestStreams makes up streams whatever their schema says of the elements: each is valid, and has elements.
func TestStreams(t *testing.T) {
	for _, c := range []struct{ media, said, want string }{
		{"text/event-stream", "schema: {type: array, minItems: 1, items: {type: object, required: [data], properties: {data: {type: string, maxLength: 5}}}}", "data: "},
		{"text/event-stream", "schema: {type: array, minItems: 1, items: {type: string, maxLength: 5}}", "data: "},
		{"text/event-stream", "itemSchema: {type: string, maxLength: 5}", "data: "},
		{"text/event-stream", "itemSchema: {type: object, required: [data, id], properties: {data: {type: integer}, id: {type: integer}}}", "id: "},
		{"text/event-stream", "itemSchema: {type: object, required: [data], properties: {data: {type: object, required: [b, a], properties: {b: {const: 1}, a: {const: 2}}}}}", `data: {"b":1,"a":2}`},
		{"text/event-stream", "itemSchema: {type: object, required: [data, other], properties: {data: {const: x}, other: {const: y}}}", `data: {"data":"x","other":"y"}`},
		{"text/event-stream", "itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}", `data: {"n":`},
		{"text/event-stream", "itemSchema: {anyOf: [{type: object, required: [n], properties: {n: {type: integer}}}, {const: '[DONE]'}]}", "data: "},
		{"text/event-stream", "itemSchema: {}", "data: {}"},
		{"text/event-stream", "itemSchema: {type: 'null'}", "data: null"},
		{"text/event-stream", "itemSchema: {required: [data], properties: {data: {type: string, pattern: '^a\\nb$'}}}", "data: a\ndata: b\n"},
		{"text/event-stream", "schema: {type: array, minItems: 1, items: {type: object}}, itemSchema: {required: [data], properties: {data: {const: x}}}", "data: x"},
		{"text/event-stream", "schema: {type: string}", "data: "},
		{"text/event-stream", "schema: {type: string, pattern: '^event: [a-z]+$'}", "event: "},
		{"text/event-stream", "schema: {type: string, maxLength: 5}", ""},
		{"application/jsonl", "schema: {type: string, pattern: '^[a-z]{3}$'}", "\"\n\""},
		{"application/json-seq", "schema: {type: string, enum: [a]}", "\x1e\"a\"\n"},
		{"application/jsonl", "schema: {type: array, maxItems: 2, items: {type: object}}, itemSchema: {required: [n], properties: {n: {const: 1}}}", "{\"n\":1}\n{\"n\":1}\n"},
	} {
		t.Run(c.media+" "+c.said, func(t *testing.T) {
			everySeed(t, streamOf(t, c.media, c.said), c.want, func(sample.Answer) {})
		})
	}
}

// TestNoStream tells what a stream of events cannot hold.
func TestNoStream(t *testing.T) {
	for _, c := range []struct{ said, why string }{
		{"itemSchema: {type: object, required: [retry], properties: {retry: {type: string, enum: [soon]}}}", "the retry of an event is a whole number of milliseconds"},
		{`itemSchema: {type: object, required: [data], properties: {data: {const: "a\rb"}}}`, "an event cannot hold a carriage return"},
		{`itemSchema: {type: object, required: [event], properties: {event: {const: "a\nb"}}}`, "event and id are texts of one line"},
		{"itemSchema: {type: object, required: [event], properties: {event: {type: 'null'}}}", "an event without fields is none"},
		{"itemSchema: false", "nothing is allowed here"},
	} {
		op := streamOf(t, "text/event-stream", c.said)
		s := sample.New(sample.Options{})
		target, err := s.Choose(op, "200", "")
		if err != nil {
			t.Fatal(err)
		}
		if a, err := s.Generate(op, target, 1, 1, nil); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: got %v and %q, want %s", c.said, err, a.Body, c.why)
		}
	}
}
