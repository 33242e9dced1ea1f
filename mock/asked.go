package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"standin/mock/internal/control"
	"standin/mock/internal/journal"
)

// Exchanges are those of an operation in the sandbox, of all for "", the oldest first. Only a server with [Control] or [Docs] keeps them.
func (b *Sandbox) Exchanges(ctx context.Context, operationID string) ([]Exchange, error) {
	if b.of.journals == nil {
		return nil, errNoJournal
	}
	seen, err := b.of.journals.In(b.id).Look(ctx)
	if err != nil {
		return nil, err
	}
	all := seen.List(journal.Filter{Operation: operationID})
	out := make([]Exchange, len(all))
	for i, x := range all {
		out[len(all)-1-i] = Exchange{
			Sandbox: b.id, Operation: x.Operation, Method: x.Method, URL: x.URL, Status: x.Status, Source: x.Source,
			Request: x.Request, Response: x.Response, Refused: x.Refused, RequestBody: x.RequestBody.Bytes, ResponseBody: x.ResponseBody.Bytes,
		}
	}
	return out, nil
}

var errNoJournal = fmt.Errorf("mock: this server keeps no journal; give it Control or Docs")

// WriteHAR writes the sandbox's journal as an HTTP archive (HAR 1.2), the oldest exchange first, for browsers and other tools to read.
func (b *Sandbox) WriteHAR(ctx context.Context, w io.Writer) error {
	if b.of.journals == nil {
		return errNoJournal
	}
	text, err := b.of.Archive(ctx, b.id, control.Filter{}, "har")
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// AtLeastOnce is a count for [Sandbox.Verify].
const AtLeastOnce = -1

// Verify tells whether requests of an operation that meet conditions, as those of a fixture's when, were made count times; the error
// names the nearest misses, with what was wanted beside what was asked. Only a server with [Control] or [Docs] can tell.
func (b *Sandbox) Verify(ctx context.Context, operationID string, when map[string]any, count int) error {
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
	return b.verify(ctx, operationID, question)
}

// VerifyOrder tells whether the operations were asked for in this order, perhaps with others between them.
func (b *Sandbox) VerifyOrder(ctx context.Context, operationIDs ...string) error {
	question := control.Verification{}
	for _, id := range operationIDs {
		question.Order = append(question.Order, control.Asked{Operation: id})
	}
	return b.verify(ctx, strings.Join(operationIDs, ", "), question)
}

func (b *Sandbox) verify(ctx context.Context, what string, question control.Verification) error {
	if b.of.journals == nil {
		return errNoJournal
	}
	verdict, err := b.of.Verify(ctx, b.id, question)
	if err != nil || verdict.Verified {
		return err
	}
	return fmt.Errorf("mock: %s: %s%s", what, verdict.Detail, diff(verdict.Nearest))
}

// diff tells in some lines what requests miss of what was wanted.
func diff(misses []control.Miss) string {
	var b strings.Builder
	for _, miss := range misses {
		fmt.Fprintf(&b, "\n    %s → %d (%s)", miss.Request, miss.Status, miss.Source)
		if len(miss.Differences) == 0 {
			b.WriteString("\n        meets every condition")
		}
		w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
		for _, d := range miss.Differences {
			fmt.Fprintf(w, "\n        %s\twanted %s\tasked %s", d.Where, d.Wanted, d.Asked)
		}
		_ = w.Flush()
	}
	return b.String()
}

// UnusedStub is a stub that has not answered as often as it should.
type UnusedStub struct {
	// ID is that of the control API, "" for one that was given to the server.
	ID, Operation, Name string
	// Text is the stub as JSON.
	Text string
	// Answered is how often it has, and Wanted how often it should: as often as its Times or the steps of its Sequence say, else once.
	Answered, Wanted int

	detail string
}

// String tells it in some lines: with the requests that come nearest, and what they miss.
func (u UnusedStub) String() string {
	name := u.Operation
	if u.Name != "" {
		name += " (" + u.Name + ")"
	}
	return fmt.Sprintf("a stub for %s has answered %d of %d times%s", name, u.Answered, u.Wanted, u.detail)
}

// Unused are the stubs of the sandbox that have not answered as often as they should, the oldest first.
func (b *Sandbox) Unused(ctx context.Context) ([]UnusedStub, error) {
	all, err := b.of.Stubs(ctx, b.id)
	if err != nil {
		return nil, err
	}
	var out []UnusedStub
	for _, one := range slices.Backward(all) {
		var said struct {
			Operation, Name string
			Times           int
			Sequence        []json.RawMessage
			When            json.RawMessage
		}
		if json.Unmarshal(one.Stub, &said) != nil {
			continue
		}
		u := UnusedStub{ID: one.ID, Operation: said.Operation, Name: said.Name, Text: string(one.Stub), Answered: one.Answered}
		if u.Wanted = max(1, said.Times, len(said.Sequence)); u.Answered >= u.Wanted {
			continue
		}
		if b.of.journals != nil {
			u.detail, err = b.of.whyUnused(ctx, b.id, control.Asked{Operation: said.Operation, When: said.When})
		}
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// whyUnused tells what was asked instead of what a stub answers.
func (c controlled) whyUnused(ctx context.Context, sandbox string, asked control.Asked) (string, error) {
	item, err := c.asked(asked)
	if err != nil {
		return "", err
	}
	seen, err := c.journals.In(sandbox).Look(ctx)
	if err != nil {
		return "", err
	}
	var misses []control.Miss
	others := map[string]int{}
	for _, x := range seen.Exchanges {
		missed, known := c.misses(item, x)
		switch {
		case !known:
		case x.Operation == item.Operation || item.Operation == "*":
			misses = append(misses, missOf(sandbox, x, missed))
		default:
			others[missOf(sandbox, x, nil).Request]++
		}
	}
	if len(misses) > 0 {
		return diff(nearest(misses)), nil
	}
	if len(others) == 0 {
		return "\n    nothing was asked", nil
	}
	out := "\n    " + item.Operation + " was not asked for, only"
	names := slices.Sorted(maps.Keys(others))
	for _, name := range names[:min(len(names), 5)] {
		out += fmt.Sprintf("\n        %s  (%d %s)", name, others[name], plural(others[name], "time", "times"))
	}
	if more := len(names) - 5; more > 0 {
		out += fmt.Sprintf("\n        and %d others", more)
	}
	return out, nil
}
