package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"standin/mock/internal/control"
)

// Sandbox is a world of its own on a server: rows, stubs, scenarios, a clock, a journal. Requests choose it by the header Mock-Sandbox.
type Sandbox struct {
	of controlled
	id string
}

// Sandbox is the sandbox of an id: up to 64 letters, digits, dashes and underscores. The first thing that is done in it makes it.
func (s *Server) Sandbox(id string) *Sandbox { return &Sandbox{controlled{s}, id} }

// ID is what requests choose the sandbox by.
func (b *Sandbox) ID() string { return b.id }

// Reset forgets what was done in the sandbox; when it returns, all is as it was in the beginning.
func (b *Sandbox) Reset(ctx context.Context) error {
	b.of.handlers.forget(b.id)
	return b.of.ResetParts(ctx, b.id)
}

// Stub answers from now on as st says, until remove is called; see [Server.Stub]. It is counted exactly once, whatever the number of
// servers that share the sandbox.
func (b *Sandbox) Stub(ctx context.Context, st Stub) (remove func(), err error) {
	text, err := json.Marshal(st.fixture())
	if err != nil {
		return nil, fmt.Errorf("mock: the stub for %s: %w", st.Operation, err)
	}
	added, err := b.of.AddStubs(ctx, b.id, []json.RawMessage{text})
	if err != nil {
		return nil, fmt.Errorf("mock: the stub for %s: %w", st.Operation, err)
	}
	return func() { _, _ = b.of.RemoveStubs(context.WithoutCancel(ctx), b.id, added[0].ID) }, nil
}

// Import adds the stubs of other tools: a mapping of WireMock, or {"mappings": […]}, as "wiremock", or an HTTP archive as "har". What of
// them cannot be said here is left out and told, a line each; where nothing is left, that is an error.
func (b *Sandbox) Import(ctx context.Context, format string, text []byte) (left []string, err error) {
	stubs, findings, err := control.Translate(format, text, b.of.Contract())
	for _, f := range findings {
		left = append(left, strings.TrimPrefix(f.Pointer+": "+f.Message, ": "))
	}
	if err == nil {
		_, err = b.of.AddStubs(ctx, b.id, stubs)
	}
	if err != nil {
		return left, fmt.Errorf("mock: the stubs for %s: %w", b.id, err)
	}
	return left, nil
}

// Handle answers an operation in the sandbox by a function from now on, instead of that of [WithHandler], until remove is called. Other
// servers that share the sandbox do not know of it.
func (b *Sandbox) Handle(operationID string, h Handler) (remove func(), err error) {
	op := b.of.Contract().Operation(operationID)
	if op == nil || h == nil {
		return nil, fmt.Errorf("mock: a handler needs a function and an operation of the document, and %q is none", operationID)
	}
	return b.of.handlers.set(b.id, op.ID, h), nil
}

// SetClock sets the time in the sandbox, which goes on from there, or stands still if it is frozen.
func (b *Sandbox) SetClock(ctx context.Context, now time.Time, frozen bool) error {
	return b.set(ctx, map[string]any{"clock": map[string]any{"now": now.Format(time.RFC3339Nano), "frozen": frozen}})
}

// Advance moves the time in the sandbox on: jobs end, sessions expire, scenarios move.
func (b *Sandbox) Advance(ctx context.Context, d time.Duration) error {
	return b.set(ctx, map[string]any{"clock": map[string]any{"advance": d.String()}})
}

// SetFaults breaks answers from now on, instead of those before; none sets it back. The same seed breaks the same ones.
func (b *Sandbox) SetFaults(ctx context.Context, faults ...FaultSetting) error {
	return b.set(ctx, map[string]any{"faults": faults})
}

// SetSeed decides what is made up from now on, and which faults occur.
func (b *Sandbox) SetSeed(ctx context.Context, seed uint64) error {
	return b.set(ctx, map[string]any{"seed": seed})
}

// SetWebhooks lets the webhooks go to a URL that the document names no other for; "" to none.
func (b *Sandbox) SetWebhooks(ctx context.Context, url string) error {
	return b.set(ctx, map[string]any{"webhooks": url})
}

// SetDelay holds every answer back; 0 sets it back.
func (b *Sandbox) SetDelay(ctx context.Context, d time.Duration) error {
	return b.set(ctx, map[string]any{"delay": d.String()})
}

// SetHandling judges requests in another way.
func (b *Sandbox) SetHandling(ctx context.Context, h Handling) error {
	return b.set(ctx, map[string]any{"handling": h.String()})
}

func (b *Sandbox) set(ctx context.Context, patch map[string]any) error {
	text, err := json.Marshal(patch)
	if err == nil {
		_, err = b.of.SetSettings(ctx, b.id, text)
	}
	if err != nil {
		return fmt.Errorf("mock: the settings of %s: %w", b.id, err)
	}
	return nil
}

// SetScenario puts a scenario into a state; Scenario tells where one stands.
func (b *Sandbox) SetScenario(ctx context.Context, name, state string) error {
	_, err := b.of.SetScenario(ctx, b.id, name, state)
	return err
}

// Scenario tells where a scenario stands, "" if there is none of that name.
func (b *Sandbox) Scenario(ctx context.Context, name string) (state string, err error) {
	all, err := b.of.Scenarios(ctx, b.id)
	for _, one := range all {
		if one.Name == name {
			state = one.State
		}
	}
	return state, err
}

// Rows are those of a collection that stands by itself, as "/pets", in their order.
func (b *Sandbox) Rows(ctx context.Context, collection string) ([]json.RawMessage, error) {
	rows, _, err := b.of.Rows(ctx, b.id, collection, 0, mostRows)
	if err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	return rows, nil
}

// mostRows bounds what is given of a collection at once.
const mostRows = 10_000

// Explain tells in some lines how a request would be matched, and who would answer it and why; nothing is done.
func (b *Sandbox) Explain(ctx context.Context, r *http.Request) (string, error) {
	q := control.Question{Method: r.Method, URL: r.URL.RequestURI(), Headers: map[string]string{}}
	for name, values := range r.Header {
		q.Headers[name] = strings.Join(values, ", ")
	}
	if r.Body != nil {
		text, err := io.ReadAll(io.LimitReader(r.Body, b.of.options.maxBody))
		if err != nil {
			return "", fmt.Errorf("mock: the body of the request: %w", err)
		}
		if q.Body = text; len(text) > 0 && !json.Valid(text) {
			q.Body, _ = json.Marshal(string(text))
		}
	}
	e, err := b.of.Explain(ctx, b.id, q)
	if err != nil {
		return "", fmt.Errorf("mock: %w", err)
	}
	return e.String(), nil
}
