package mock

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/journal"
)

// Exchange is one request with its answer, as told to [OnExchange].
type Exchange struct {
	// Sandbox is whose world it was in.
	Sandbox string
	// Operation is the id of the operation, "" if no operation takes the request.
	Operation string
	// Method and URL are those of the request line.
	Method, URL string
	Status      int
	// Source says who answered, as in the header Mock-Source.
	Source string
	// Request and Response are what the request and the answer break.
	Request, Response []contract.Violation
	// Refused tells why the mock itself refused the request; "" if it did not.
	Refused string
	// RequestBody and ResponseBody are the beginnings of the bodies as the journal keeps them, secrets masked; nil without a journal.
	// Nobody may write to them.
	RequestBody, ResponseBody []byte
}

// String tells the exchange in one line, and each violation in one of its own.
func (e Exchange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s → %d (%s)", e.Method, e.URL, e.Status, e.Source)
	if e.Operation != "" {
		fmt.Fprintf(&b, " %s", e.Operation)
	}
	if e.Refused != "" && len(e.Request) == 0 {
		fmt.Fprintf(&b, "\n    %s", e.Refused)
	}
	for _, v := range e.Request {
		fmt.Fprintf(&b, "\n    request  %s  (%s)", describe(v), v.Rule)
	}
	for _, v := range e.Response {
		fmt.Fprintf(&b, "\n    response %s  (%s)", describe(v), v.Rule)
	}
	return b.String()
}

// OnExchange calls f for each request, after the decision and before the answer's first byte; f must not block. Requests under
// way at the same time call it at the same time.
func OnExchange(f func(Exchange)) Option {
	return optionFunc(func(o *options) error {
		if f == nil {
			return fmt.Errorf("the function for exchanges is nil")
		}
		o.observe = f
		return nil
	})
}

// enter opens the exchange in the journal.
func (x *exchange) enter() {
	if x.server.journals == nil {
		return
	}
	x.in = x.server.journals.In(x.sandbox)
	r := x.Request()
	secrets := x.site.secretsOf(x.operation())
	x.entry = x.in.Open(time.Now(), r.Method, secrets.URL(r.URL, x.found))
	x.entry.RequestHeader = secrets.Header(r.Header)
	if op := x.operation(); op != nil {
		x.entry.Operation, x.entry.Template = op.ID, op.Template
	}
	x.Response().Header()["Mock-Exchange"] = []string{x.site.exchangePath + x.entry.ID}
}

// conclude completes the exchange in the journal and tells the embedder of it; refused says why the mock itself refused the
// request, "" if it did not. Nothing has been sent yet, so a client that has its answer finds it there.
func (x *exchange) conclude(rep reply, refused string) {
	x.count(&rep)
	var kept *journal.Exchange
	if x.entry != nil {
		kept = x.complete(rep, refused)
	}
	if x.server.options.observe == nil {
		return
	}
	r := x.Request()
	e := Exchange{
		Sandbox: x.sandbox, Method: r.Method, URL: r.URL.String(), Status: rep.status, Source: rep.source,
		Request: x.checked.Violations, Response: rep.violations, Refused: refused,
	}
	if op := x.operation(); op != nil {
		e.Operation = op.ID
	}
	if kept != nil {
		e.RequestBody, e.ResponseBody = kept.RequestBody.Bytes, kept.ResponseBody.Bytes
	}
	x.server.options.observe(e)
}

// complete hands the exchange to the journal, which nobody changes any more.
func (x *exchange) complete(rep reply, refused string) *journal.Exchange {
	j, e := x.in, x.entry
	secrets := x.site.secretsOf(x.operation())
	e.RequestBody = secrets.Request(j, x.Request().Header.Get("Content-Type"), x.body)
	if x.received != nil {
		e.RequestBody.Size = int(x.received.Size)
	}
	e.Status, e.Source, e.Refused = rep.status, rep.source, refused
	h := x.Response().Header()
	if rep.sent { // what the real server answered
		h = rep.header
	} else if len(x.server.options.middleware) > 0 { // which may still add to them
		h = maps.Clone(h)
	}
	e.ResponseHeader = secrets.Header(h)
	e.ResponseBody = secrets.Response(j, rep.contentType, rep.body)
	if rep.sent { // the rest of what was held must not stay with its beginning
		e.ResponseBody.Bytes = slices.Clone(e.ResponseBody.Bytes)
	}
	e.Request, e.Response = x.checked.Violations, rep.violations
	e.Repaired = rep.repaired
	x.entry = nil
	j.Close(e, time.Now())
	return e
}
