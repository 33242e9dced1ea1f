package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"standin/mock/contract"
)

// Problem is an answer about what went wrong (RFC 9457). As an error it ends an operation.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Violations are what the request breaks of the API's document.
	Violations []contract.Violation `json:"violations,omitempty"`
	// Findings are what is wrong with what was sent.
	Findings []Finding `json:"findings,omitempty"`
	// Header goes with it, such as WWW-Authenticate.
	Header http.Header `json:"-"`
}

// Finding is something that is wrong with a document, a stub or what else was sent.
type Finding struct {
	// Level is error, warning or hint.
	Level   string `json:"level"`
	Message string `json:"message"`
	// Place is FILE:LINE:COL, "" where there is no file.
	Place string `json:"place,omitempty"`
	// Pointer is the JSON Pointer into the body that was sent.
	Pointer string `json:"pointer,omitempty"`
	// Rule is the name of what found it.
	Rule string `json:"rule,omitempty"`
	// Operation is the id of the operation that suffers.
	Operation string `json:"operation,omitempty"`
}

// FindingOf puts a diagnostic into the terms of the API.
func FindingOf(d contract.Diagnostic) Finding {
	f := Finding{Level: d.Level.String(), Message: d.Message, Rule: d.Rule, Operation: d.Operation}
	if d.Position.File != "" {
		f.Place = d.Position.String()
	}
	return f
}

func (p *Problem) Error() string { return p.Detail }

// NewProblem makes a problem of type urn:standin:problem:NAME.
func NewProblem(status int, name, detail string) *Problem {
	return &Problem{Type: "urn:standin:problem:" + name, Title: http.StatusText(status), Status: status, Detail: detail}
}

// broken tells what a request breaks of the API's document.
func broken(violations []contract.Violation) *Problem {
	status := http.StatusUnprocessableEntity
	var told []string
	for _, v := range violations {
		switch {
		case v.Keyword == "contentType":
			status = http.StatusUnsupportedMediaType
		case status == http.StatusUnprocessableEntity && (v.In != "body" || v.Keyword == "syntax" || v.Keyword == "requestBody"):
			status = http.StatusBadRequest
		}
		where := strings.TrimSpace(v.In + " " + v.Name)
		if v.Pointer != "" {
			where += " " + v.Pointer
		}
		told = append(told, where+": "+v.Message)
	}
	const most = 3
	if more := len(told) - most; more > 0 {
		told = append(told[:most], strconv.Itoa(more)+" more")
	}
	p := NewProblem(status, "violations", "the request cannot be used: "+strings.Join(told, "; "))
	p.Violations = violations
	return p
}

// WriteProblem answers with an error: as the problem that it is, else 503.
func WriteProblem(w http.ResponseWriter, err error) {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		p = NewProblem(http.StatusServiceUnavailable, "store", err.Error())
	}
	body, err := marshal(p)
	if err != nil {
		body = []byte(`{"type":"about:blank","status":` + strconv.Itoa(p.Status) + "}\n")
	}
	h := w.Header()
	for name, values := range p.Header {
		h[name] = values
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Mock-Source", "refusal")
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}

// marshal writes a value as people like to read it.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}
