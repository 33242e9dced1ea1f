package contract_test

import (
	"fmt"
	"testing"
)

// TestEvents judges events as what the document may mean by an element: the event with its fields, or what its data holds.
func TestEvents(t *testing.T) {
	chunk := "{type: object, required: [n], properties: {n: {type: integer}, data: {type: string}}}"
	for _, x := range []struct{ schema, body, broken string }{
		{"itemSchema: {type: object, required: [data], properties: {data: {type: string, maxLength: 5}}}", "data: short\n\ndata: too long\n\n", "body /1/data maxLength"},
		{"schema: {type: array, maxItems: 1, items: {type: string, maxLength: 5}}", "data: short\n\n", ""},
		{"schema: {type: array, maxItems: 1, items: {type: string, maxLength: 5}}", "data: a\n\ndata: b\n\n", "body maxItems"},
		{"itemSchema: {type: string, maxLength: 5}", "event: x\ndata: short\n\n", ""},
		{"itemSchema: {type: string, maxLength: 5}", "data: too long\n\n", "body /0 maxLength"},
		{"itemSchema: {type: string, maxLength: 5}", "event: x\n\n", "body /0 type"},
		{"itemSchema: " + chunk, "data: {\"n\": 1}\n\n", ""},
		{"itemSchema: " + chunk, "data: {\"n\": \"1\"}\n\n", "body /0/n type"},
		{"itemSchema: " + chunk, "data: [DONE]\n\n", "body /0 type"},
		{"itemSchema: {anyOf: [" + chunk + ", {const: '[DONE]'}]}", "data: {\"n\": 1}\n\ndata: [DONE]\n\n", ""},
		{"itemSchema: {required: [data], properties: {data: {type: integer}, id: {type: integer}}}", "id: 7\ndata: 5\n\n", ""},
		{"itemSchema: {required: [data], properties: {data: {type: integer}, id: {type: integer}}}", "id: x\ndata: 5\n\n", "body /0/id type"},
		{"itemSchema: {required: [data], properties: {data: {type: object, required: [a]}}}", "data: {\"a\":\ndata: 1}\n\n", ""},
		{"itemSchema: {required: [data], properties: {data: {type: object, required: [a]}}}", "data: {\"b\": 1}\n\n", "body /0/data required"},
		{"itemSchema: {oneOf: [{properties: {event: {const: a}, data: {type: integer}}}, {properties: {event: {const: b}, data: {type: object}}}]}",
			"event: b\ndata: {}\n\nevent: a\ndata: 4\n\n", ""},
		{"itemSchema: {properties: {retry: {type: string}}}", "retry: 10\n\n", ""},
		{"itemSchema: false", "data: x\n\n", "body /0 false"},
		{"itemSchema: {}", "data: x\n\n:\n\nfoo: bar\n\n", ""},
		{"schema: {type: string, maxLength: 5}", "short", ""},
	} {
		t.Run(x.schema+x.body, func(t *testing.T) {
			c := parse(t, fmt.Sprintf("openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {requestBody: {content: {text/event-stream: {%s}}}, "+
				"responses: {'204': {description: D.}}}}}\n", x.schema))
			if got := briefly(judge(t, c, "text/event-stream", x.body)); got != x.broken {
				t.Errorf("got %q\nwant %q", got, x.broken)
			}
		})
	}
}
