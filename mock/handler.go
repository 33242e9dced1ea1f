package mock

import (
	"net/http"
	"sync"
	"sync/atomic"

	"standin/mock/contract"
)

// Call is a request as an embedder's [Handler] sees it.
type Call struct {
	// Operation is what the request was matched to.
	Operation *contract.Operation
	// Request is the request; its body has been read: see Values and Body.
	Request *http.Request
	// Values are the decoded inputs.
	Values contract.Values
	// Body is the body as sent, decoded from its Content-Encoding.
	Body []byte
	// Violations are what the request breaks; none unless handling is lenient.
	Violations []contract.Violation
}

// Answer is what an embedder's [Handler] gives.
type Answer struct {
	// Status is 200 if zero.
	Status int
	// Header needs a Content-Type where there is a body; application/json if absent.
	Header http.Header
	Body   []byte
}

func fromHandler(x *exchange) (reply, bool, error) {
	h := x.server.handlers.of(x.sandbox, x.operation().ID)
	if h == nil {
		h = x.server.options.handlers[x.operation().ID]
	}
	if h == nil || x.wish.asked() || len(x.checked.Violations) > 0 && !x.lenient() {
		return reply{}, false, nil
	}
	call := &Call{
		Operation: x.operation(), Request: x.Request(), Values: x.given(),
		Body: append([]byte(nil), x.body...), Violations: x.checked.Violations,
	}
	a, err := h(x.Request().Context(), call)
	if err != nil {
		return reply{}, false, newProblem(http.StatusInternalServerError, "handler", "the handler of "+x.operation().ID+" failed: "+err.Error())
	}
	rep := reply{status: a.Status, header: a.Header.Clone(), body: a.Body, source: "handler"}
	if rep.status == 0 {
		rep.status = http.StatusOK
	}
	if rep.status < 200 || rep.status > 999 {
		return reply{}, false, newProblem(http.StatusInternalServerError, "handler", "the handler of "+x.operation().ID+" gave a status outside 200–999")
	}
	if rep.contentType = a.Header.Get("Content-Type"); rep.contentType == "" && len(rep.body) > 0 {
		rep.contentType = "application/json"
	}
	rep.violations = x.operation().CheckResponse(rep.status, withType(a.Header, rep.contentType), rep.body)
	return rep, true, nil
}

// handlers are those that were set at run time, each in a sandbox. The zero value has none.
type handlers struct {
	some atomic.Bool // have ever been set
	mu   sync.Mutex
	all  map[string]map[string]*Handler // by sandbox and operation id
}

func (h *handlers) of(sandbox, operation string) Handler {
	if !h.some.Load() {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if one := h.all[sandbox][operation]; one != nil {
		return *one
	}
	return nil
}

// set sets a handler; remove takes it away unless another has taken its place.
func (h *handlers) set(sandbox, operation string, one Handler) (remove func()) {
	h.some.Store(true)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil {
		h.all = map[string]map[string]*Handler{}
	}
	if h.all[sandbox] == nil {
		h.all[sandbox] = map[string]*Handler{}
	}
	h.all[sandbox][operation] = &one
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.all[sandbox][operation] == &one {
			delete(h.all[sandbox], operation)
		}
	}
}

func (h *handlers) forget(sandbox string) {
	if !h.some.Load() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, sandbox)
}
