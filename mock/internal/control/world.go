package control

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
)

// World tells what a sandbox holds, and why a request would be answered as it would.
type World interface {
	Collections(ctx context.Context, sandbox string) ([]Collection, error)
	// Rows are those of a collection, at most limit, from one on.
	Rows(ctx context.Context, sandbox, path string, offset, limit int) (rows []json.RawMessage, total int, err error)
	Explain(ctx context.Context, sandbox string, q Question) (Explanation, error)
}

// Collection is rows of one kind.
type Collection struct {
	Path   string `json:"path"`
	Key    string `json:"key,omitempty"`
	Rows   int    `json:"rows"`
	Closed bool   `json:"closed"`
}

// Question is a request that is not sent.
type Question struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// Explanation tells how a request is matched, and who would answer it.
type Explanation struct {
	Operation string `json:"operation,omitempty"`
	Template  string `json:"template,omitempty"`
	// Violations are what the request breaks.
	Violations []string `json:"violations"`
	// Steps are the answerers in their order, with why each passes it on or answers.
	Steps []Step `json:"steps"`
	// Answer is who would answer.
	Answer string `json:"answer"`
}

// String tells it in some lines.
func (e Explanation) String() string {
	var b strings.Builder
	if e.Operation != "" {
		fmt.Fprintf(&b, "%s (%s)\n", e.Operation, e.Template)
	}
	for _, v := range e.Violations {
		fmt.Fprintf(&b, "breaks %s\n", v)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	for _, s := range e.Steps {
		fmt.Fprintf(w, "%s\t%s", s.Answerer, s.Why)
		if s.Place != "" {
			fmt.Fprintf(w, "\t%s", s.Place)
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush()
	fmt.Fprintf(&b, "answers: %s", e.Answer)
	return b.String()
}

// Step is one who might answer.
type Step struct {
	Answerer string `json:"answerer"`
	Name     string `json:"name,omitempty"`
	Place    string `json:"place,omitempty"`
	Answers  bool   `json:"answers"`
	Why      string `json:"why"`
}

// Explains are the operations on what a sandbox holds and does.
func Explains(w World) Operations {
	return Operations{
		"listCollections": func(ctx context.Context, call *Call) (Answer, error) {
			all, err := w.Collections(ctx, call.Sandbox)
			return Answer{Value: map[string]any{"collections": orNone(all)}}, err
		},
		"listRows": func(ctx context.Context, call *Call) (Answer, error) {
			rows, total, err := w.Rows(ctx, call.Sandbox, call.Text("collection"), call.Number("offset", 0), call.Number("limit", 100))
			return Answer{Value: map[string]any{"rows": orNone(rows), "total": total}}, err
		},
		"explain": func(ctx context.Context, call *Call) (Answer, error) {
			var asked struct{ Request Question }
			if err := call.Decode(&asked); err != nil {
				return Answer{}, err
			}
			e, err := w.Explain(ctx, call.Sandbox, asked.Request)
			e.Steps, e.Violations = orNone(e.Steps), orNone(e.Violations)
			return Answer{Value: e}, err
		},
	}
}
