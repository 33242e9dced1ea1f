package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"standin/mock/internal/control"
	"standin/mock/internal/journal"
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
func (b *Sandbox) Reset(ctx context.Context) error { return b.of.ResetParts(ctx, b.id) }

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

// Unused are the stubs of the sandbox that have a number of times and have not answered so often, as JSON.
func (b *Sandbox) Unused(ctx context.Context) ([]string, error) {
	all, err := b.of.Stubs(ctx, b.id)
	var out []string
	for _, one := range all {
		var limits struct{ Times int }
		if json.Unmarshal(one.Stub, &limits) == nil && one.Answered < limits.Times {
			out = append(out, string(one.Stub))
		}
	}
	return out, err
}

// Exchanges are those of an operation in the sandbox, of all for "", the oldest first. Only a server with [Control] or [Docs] keeps them.
func (b *Sandbox) Exchanges(_ context.Context, operationID string) ([]Exchange, error) {
	if b.of.journals == nil {
		return nil, fmt.Errorf("mock: this server keeps no journal; give it Control or Docs")
	}
	all := b.of.journals.In(b.id).List(journal.Filter{Operation: operationID})
	out := make([]Exchange, len(all))
	for i, x := range all {
		out[len(all)-1-i] = Exchange{
			Operation: x.Operation, Method: x.Method, URL: x.URL, Status: x.Status, Source: x.Source, Request: x.Request, Response: x.Response, Refused: x.Refused,
		}
	}
	return out, nil
}

// Verify tells whether requests of an operation that meet conditions, as those of a fixture's when, were made count times; the error
// names the nearest misses. A count of -1 is at least once. Only a server with [Control] or [Docs] can tell.
func (b *Sandbox) Verify(ctx context.Context, operationID string, when map[string]any, count int) error {
	if b.of.journals == nil {
		return fmt.Errorf("mock: this server keeps no journal; give it Control or Docs")
	}
	question := control.Verification{Request: &control.Asked{Operation: operationID}}
	var err error
	if len(when) > 0 {
		if question.Request.When, err = json.Marshal(when); err != nil {
			return err
		}
	}
	if count >= 0 {
		question.Count = json.RawMessage(fmt.Sprint(count))
	}
	verdict, err := b.of.Verify(ctx, b.id, question)
	if err != nil || verdict.Verified {
		return err
	}
	lines := []string{operationID + ": " + verdict.Detail}
	for _, miss := range verdict.Nearest {
		lines = append(lines, "    "+miss.Request+" misses "+strings.Join(miss.Misses, ", "))
	}
	return fmt.Errorf("mock: %s", strings.Join(lines, "\n"))
}
