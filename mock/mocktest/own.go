package mocktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"standin/mock"
)

// Own is a sandbox for the length of one test, with a client that works in it: parallel tests on one server never meet. Its methods fail
// the test where they cannot be done, at once; those of the [mock.Sandbox] in it give errors instead.
//
// At its end the test fails if a request or an answer in the sandbox broke the document, and if a stub has not answered as often as it
// should; then the sandbox is forgotten.
type Own struct {
	*mock.Sandbox
	// URL is where every client works in the sandbox, without a path. Client works in it wherever it asks the server.
	URL    string
	Client *http.Client

	t      testing.TB
	server *Server
	broken *broken
	allow  bool
	places map[string]string // of stubs, by id: where they were set
}

// Own makes a sandbox called after the test. The only option that it takes is [AllowViolations].
func (s *Server) Own(t testing.TB, options ...Option) *Own {
	t.Helper()
	set := settings{}
	for _, o := range options {
		o.set(&set)
	}
	if len(set.mock) > 0 || set.fixtures != "" {
		t.Fatalf("mocktest: a sandbox takes only AllowViolations; what else is set is set for the server, in NewServer")
	}
	id := s.name(t.Name())
	own := &Own{
		Sandbox: s.Sandbox(id), Client: s.In(id), URL: s.URL + "/~" + id,
		t: t, server: s, broken: s.record.watch(id), allow: set.allowViolations, places: map[string]string{},
	}
	t.Cleanup(own.end)
	return own
}

// name is an id that no other running test has: the test's name in the letters that ids have.
func (s *Server) name(test string) string {
	id := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", r) {
			return r
		}
		return '_'
	}, test)
	s.mu.Lock()
	defer s.mu.Unlock()
	free := cut(id, 64)
	for n := 2; s.owns[free]; n++ {
		suffix := "-" + strconv.Itoa(n)
		free = cut(id, 64-len(suffix)) + suffix
	}
	s.owns[free] = true
	return free
}

// cut is the end of a text, which tells names of subtests apart.
func cut(text string, most int) string { return text[max(0, len(text)-most):] }

func (o *Own) end() {
	o.t.Helper()
	ctx := context.WithoutCancel(o.t.Context())
	o.server.record.forget(o.ID())
	o.broken.fail(o.t, o.allow)
	unused, err := o.Unused(ctx)
	if err != nil {
		o.t.Errorf("mocktest: %v", err)
	}
	for _, one := range unused {
		place := ""
		if at := o.places[one.ID]; at != "" {
			place = at + ": "
		}
		o.t.Errorf("mocktest: %s%s", place, one)
	}
	if err := o.Sandbox.Reset(ctx); err != nil {
		o.t.Errorf("mocktest: %v", err)
	}
	o.server.hooks.forget(o.ID())
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	delete(o.server.owns, o.ID())
}

// must ends the test with an error, if there is one.
func (o *Own) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatalf("mocktest: %v", err)
	}
}

// AllowViolations lets requests in the sandbox break the document, also those that were sent before.
func (o *Own) AllowViolations() { o.allow = true }

// Stub answers from now on as st says, until the test ends or remove is called.
func (o *Own) Stub(st mock.Stub) (remove func()) {
	o.t.Helper()
	remove, err := o.Sandbox.Stub(o.t.Context(), st)
	o.must(err)
	if _, file, line, ok := runtime.Caller(1); ok {
		if all, err := o.Unused(o.t.Context()); err == nil && len(all) > 0 {
			o.places[all[len(all)-1].ID] = fmt.Sprintf("%s:%d", file[strings.LastIndexByte(file, '/')+1:], line)
		}
	}
	return remove
}

// Import adds the stubs of other tools, see [mock.Sandbox.Import]; what cannot be said here is logged.
func (o *Own) Import(format string, text []byte) {
	o.t.Helper()
	left, err := o.Sandbox.Import(o.t.Context(), format, text)
	for _, one := range left {
		o.t.Logf("mocktest: not imported: %s", one)
	}
	o.must(err)
}

// Handle answers an operation by a function from now on.
func (o *Own) Handle(operationID string, h mock.Handler) {
	o.t.Helper()
	_, err := o.Sandbox.Handle(operationID, h)
	o.must(err)
}

// Reset forgets what was done in the sandbox.
func (o *Own) Reset() {
	o.t.Helper()
	o.must(o.Sandbox.Reset(o.t.Context()))
}

// Freeze stops the sandbox's clock at a time.
func (o *Own) Freeze(now time.Time) {
	o.t.Helper()
	o.must(o.SetClock(o.t.Context(), now, true))
}

// Advance moves the sandbox's clock on: jobs end, sessions expire, scenarios move.
func (o *Own) Advance(d time.Duration) {
	o.t.Helper()
	o.must(o.Sandbox.Advance(o.t.Context(), d))
}

// SetFaults breaks answers from now on, instead of those before; none sets it back.
func (o *Own) SetFaults(faults ...mock.FaultSetting) {
	o.t.Helper()
	o.must(o.Sandbox.SetFaults(o.t.Context(), faults...))
}

// SetDelay holds every answer back.
func (o *Own) SetDelay(d time.Duration) {
	o.t.Helper()
	o.must(o.Sandbox.SetDelay(o.t.Context(), d))
}

// SetSeed decides what is made up, and which faults occur.
func (o *Own) SetSeed(seed uint64) {
	o.t.Helper()
	o.must(o.Sandbox.SetSeed(o.t.Context(), seed))
}

// SetHandling judges requests in another way.
func (o *Own) SetHandling(h mock.Handling) {
	o.t.Helper()
	o.must(o.Sandbox.SetHandling(o.t.Context(), h))
}

// SetScenario puts a scenario into a state.
func (o *Own) SetScenario(name, state string) {
	o.t.Helper()
	o.must(o.Sandbox.SetScenario(o.t.Context(), name, state))
}

// Scenario tells where a scenario stands.
func (o *Own) Scenario(name string) string {
	o.t.Helper()
	state, err := o.Sandbox.Scenario(o.t.Context(), name)
	o.must(err)
	return state
}

// Rows are those of a collection, as "/pets", read into rows, which points to a slice.
func (o *Own) Rows(collection string, rows any) {
	o.t.Helper()
	all, err := o.Sandbox.Rows(o.t.Context(), collection)
	o.must(err)
	text, err := json.Marshal(all)
	o.must(err)
	o.must(json.Unmarshal(text, rows))
}

// Fire sends a callback or webhook that the document describes, see [mock.Sandbox.Fire]. The test fails where it is not delivered.
func (o *Own) Fire(name string, f mock.Firing) mock.Fired {
	o.t.Helper()
	fired, err := o.Sandbox.Fire(o.t.Context(), name, f)
	o.must(err)
	if !fired.Delivered {
		o.t.Errorf("mocktest: %s was not delivered to %s: %s", name, fired.URL, fired.Why)
	}
	return fired
}

// Exchanges are those of an operation, of all for "", the oldest first.
func (o *Own) Exchanges(operationID string) []mock.Exchange {
	o.t.Helper()
	all, err := o.Sandbox.Exchanges(o.t.Context(), operationID)
	o.must(err)
	return all
}

// HAR is what was asked and answered as an HTTP archive, which browsers and other tools read.
func (o *Own) HAR() []byte {
	o.t.Helper()
	var b bytes.Buffer
	o.must(o.WriteHAR(o.t.Context(), &b))
	return b.Bytes()
}

// Explain tells how a request would be matched and answered, and why.
func (o *Own) Explain(method, target string) string {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), method, target, nil)
	o.must(err)
	why, err := o.Sandbox.Explain(o.t.Context(), r)
	o.must(err)
	return why
}

// Verify fails the test unless requests of an operation that meet conditions, as those of a fixture's when (nil for all), were made count
// times, or [mock.AtLeastOnce].
func (o *Own) Verify(operationID string, when map[string]any, count int) {
	o.t.Helper()
	if err := o.Sandbox.Verify(o.t.Context(), operationID, when, count); err != nil {
		o.t.Errorf("mocktest: %v", err)
	}
}

// VerifyOrder fails the test unless the operations were asked for in this order, perhaps with others between them.
func (o *Own) VerifyOrder(operationIDs ...string) {
	o.t.Helper()
	if err := o.Sandbox.VerifyOrder(o.t.Context(), operationIDs...); err != nil {
		o.t.Errorf("mocktest: %v", err)
	}
}
