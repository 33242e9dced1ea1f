package control

import (
	"context"
	"encoding/json"
	"net/http"
)

// Journal tells what was asked.
type Journal interface {
	// Requests are the exchanges that a filter chooses, the newest first; Request is one by its id.
	Requests(ctx context.Context, sandbox string, f Filter) ([]any, error)
	Request(ctx context.Context, sandbox, id string) (any, error)
	// Archive writes the chosen exchanges, the oldest first, as "har" or "ndjson".
	Archive(ctx context.Context, sandbox string, f Filter, format string) ([]byte, error)
	ForgetRequests(ctx context.Context, sandbox string) error
	// Verify tells whether requests were made as asked.
	Verify(ctx context.Context, sandbox string, v Verification) (Verdict, error)
	// Follow writes each exchange of a sandbox, as it ends, as a server-sent event, until the context ends.
	Follow(ctx context.Context, sandbox string) (stream func(http.ResponseWriter), err error)
}

// Filter chooses exchanges; a zero field chooses all.
type Filter struct {
	Operation, Status, Source, Since string
	// Valid is "true" or "false".
	Valid string
	Limit int
}

// Verification is a question about requests: how often one was made, or in which order several.
type Verification struct {
	Request *Asked          `json:"request"`
	Count   json.RawMessage `json:"count"`
	Order   []Asked         `json:"order"`
}

// Asked describes requests: those of an operation that meet conditions, in the form of a fixture's when.
type Asked struct {
	Operation string          `json:"operation"`
	When      json.RawMessage `json:"when,omitempty"`
}

// Verdict is the answer to a verification.
type Verdict struct {
	Verified bool `json:"verified"`
	// Matched is how many requests match.
	Matched int    `json:"matched"`
	Detail  string `json:"detail"`
	// Nearest are the requests that come nearest, with what they miss.
	Nearest []Miss `json:"nearest,omitempty"`
}

// Miss is a request that does not match.
type Miss struct {
	Exchange string `json:"exchange"`
	Request  string `json:"request"`
	// Status and Source tell how it was answered.
	Status int    `json:"status,omitempty"`
	Source string `json:"source,omitempty"`
	// Misses are the conditions that it does not meet, and Differences what they want and what was asked.
	Misses      []string     `json:"misses"`
	Differences []Difference `json:"differences"`
}

// Difference is what a condition wants beside what was asked.
type Difference struct {
	Where  string `json:"where"`
	Wanted string `json:"wanted"`
	Asked  string `json:"asked"`
}

// Journals are the operations on what was asked.
func Journals(j Journal) Operations {
	filter := func(call *Call) Filter {
		f := Filter{
			Operation: call.Text("operation"), Status: call.Text("status"), Source: call.Text("source"), Since: call.Text("since"), Limit: call.Number("limit", 0),
		}
		if valid, ok := call.Values.Query["valid"].(bool); ok {
			f.Valid = map[bool]string{true: "true", false: "false"}[valid]
		}
		return f
	}
	forms := []form{{"json", "application/json"}, {"har", "application/json"}, {"ndjson", "application/x-ndjson"}}
	return Operations{
		"listRequests": func(ctx context.Context, call *Call) (Answer, error) {
			if form := call.form(forms); form.name != "json" {
				text, err := j.Archive(ctx, call.Sandbox, filter(call), form.name)
				if text == nil {
					text = []byte{}
				}
				return Answer{ContentType: form.contentType, Body: text}, err
			}
			all, err := j.Requests(ctx, call.Sandbox, filter(call))
			return Answer{Value: map[string]any{"requests": orNone(all)}}, err
		},
		"getRequest": func(ctx context.Context, call *Call) (Answer, error) {
			one, err := j.Request(ctx, call.Sandbox, call.Text("id"))
			return Answer{Value: one}, err
		},
		"deleteRequests": func(ctx context.Context, call *Call) (Answer, error) {
			return Answer{}, j.ForgetRequests(ctx, call.Sandbox)
		},
		"verifyRequests": func(ctx context.Context, call *Call) (Answer, error) {
			var v Verification
			if err := call.Decode(&v); err != nil {
				return Answer{}, err
			}
			verdict, err := j.Verify(ctx, call.Sandbox, v)
			a := Answer{Value: verdict}
			if !verdict.Verified {
				a.Status = http.StatusConflict
			}
			return a, err
		},
		"followRequests": func(ctx context.Context, call *Call) (Answer, error) {
			stream, err := j.Follow(ctx, call.Sandbox)
			return Answer{ContentType: "text/event-stream", Stream: stream}, err
		},
	}
}
