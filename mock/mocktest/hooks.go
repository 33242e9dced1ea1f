package mocktest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock"
)

// Hooks receives what the mock sends by itself: web hooks and callbacks.
type Hooks struct {
	// URL is where it listens; whatever lies below is received, too.
	URL string

	own  *Own
	t    testing.TB
	came chan Received

	mu       sync.Mutex
	statuses []int
}

// Received is one request that the mock has sent.
type Received struct {
	Method string
	// Path is what follows the URL of the receiver, with its query: "" or "/paid?id=7".
	Path   string
	Header http.Header
	Body   []byte
}

// Patience is how long [Hooks.Next] waits.
const Patience = 10 * time.Second

// mostReceived is how many may wait to be looked at.
const mostReceived = 1000

// hooksPath is where receivers lie: in the path space that is the server's own.
const hooksPath = "/__mock/hooks/"

// receivers are those of the sandboxes that have any.
type receivers struct {
	mu  sync.Mutex
	all map[string]*Hooks
}

// Hooks receives, from now on, what the mock sends to its URL, which the client under test is to register.
func (o *Own) Hooks() *Hooks {
	h := &Hooks{URL: o.server.URL + hooksPath + o.ID(), own: o, t: o.t, came: make(chan Received, mostReceived)}
	r := o.server.hooks
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[string]*Hooks{}
	}
	r.all[o.ID()] = h
	return h
}

func (r *receivers) forget(sandbox string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, sandbox)
}

// before takes what is for a receiver, and leaves the rest to next.
func (r *receivers) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		rest, ours := strings.CutPrefix(q.URL.RequestURI(), hooksPath)
		if !ours {
			next.ServeHTTP(w, q)
			return
		}
		sandbox := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"))]
		r.mu.Lock()
		h := r.all[sandbox]
		r.mu.Unlock()
		if h == nil {
			http.Error(w, "nobody listens here", http.StatusGone)
			return
		}
		body, err := io.ReadAll(q.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		select {
		case h.came <- Received{Method: q.Method, Path: rest[len(sandbox):], Header: q.Header, Body: body}:
			w.WriteHeader(h.status())
		default:
			http.Error(w, "too many wait to be looked at", http.StatusServiceUnavailable)
		}
	})
}

// Webhooks lets the document's webhooks come here, too, that it names no other place for.
func (h *Hooks) Webhooks() *Hooks {
	h.t.Helper()
	h.own.must(h.own.SetWebhooks(h.t.Context(), h.URL))
	return h
}

// Fire lets the mock send a callback or webhook of the document here, by its id or name, with a valid body made up, and gives it.
func (h *Hooks) Fire(name string) Received {
	h.t.Helper()
	h.own.Fire(name, mock.Firing{URL: h.URL})
	return h.Next()
}

// Answer decides what the next ones are answered, a status each; later ones are answered 204.
func (h *Hooks) Answer(statuses ...int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.statuses = statuses
}

func (h *Hooks) status() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.statuses) == 0 {
		return http.StatusNoContent
	}
	status := h.statuses[0]
	h.statuses = h.statuses[1:]
	return status
}

// Next is the next request that the mock has sent. The test fails if none comes within [Patience].
func (h *Hooks) Next() Received {
	h.t.Helper()
	timeout := time.NewTimer(Patience)
	defer timeout.Stop()
	select {
	case one := <-h.came:
		return one
	case <-timeout.C:
	case <-h.t.Context().Done():
	}
	h.t.Fatalf("mocktest: the mock has sent nothing to %s%s", h.URL, h.sent())
	return Received{}
}

// sent tells what the mock has sent elsewhere.
func (h *Hooks) sent() string {
	all, err := h.own.Sandbox.Exchanges(h.t.Context(), "")
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, e := range all {
		if strings.HasPrefix(e.Source, "callback") {
			fmt.Fprintf(&b, "\n    %s %s → %d (%s) %s", e.Method, e.URL, e.Status, e.Source, oneLine(e.ResponseBody))
		}
	}
	if b.Len() == 0 {
		return ", nor anywhere else"
	}
	return ", only" + b.String()
}
