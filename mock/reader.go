package mock

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"standin/mock/internal/control"
	"standin/mock/internal/journal"
	"standin/mock/internal/portal"
	"standin/mock/internal/record"
	"standin/mock/internal/store"
)

// shownRows is how many rows of a collection the page shows.
const shownRows = 20

// seenBy is the sandbox that a reader of the pages sees. Those who may control the server see any, others their own alone.
func (s *Server) seenBy(r portal.Reader) (sandbox string, controls bool) {
	if !nearby(r.Request) {
		return r.Own, false
	}
	for _, id := range []string{r.Chosen, r.Own} {
		if sandboxID(id) {
			return id, true
		}
	}
	if id, _, err := sandboxOf(r.Request, "/"); err == nil {
		return id, true
	}
	return DefaultSandbox, true
}

// backendFor is what a reader may see and change; nil for those who come from elsewhere.
func (s *Server) backendFor(r portal.Reader) portal.Backend {
	sandbox, controls := s.seenBy(r)
	if !controls {
		return nil
	}
	return held{controlled{s}, sandbox}
}

// sandboxesFor are the sandboxes that a reader may choose from: the one that all share, his own, then the others.
func (s *Server) sandboxesFor(r portal.Reader) []string {
	shown, controls := s.seenBy(r)
	if !controls {
		return nil
	}
	out := []string{DefaultSandbox}
	all, _ := s.store.Sandboxes(r.Request.Context()) // a store that cannot tell leaves those that are known
	for _, one := range append([]store.Sandbox{{ID: r.Own}, {ID: shown}}, all...) {
		if one.ID != "" && !slices.Contains(out, one.ID) {
			out = append(out, one.ID)
		}
	}
	return out[:min(len(out), mostChoices)]
}

// mostChoices bounds the sandboxes that a page offers.
const mostChoices = 200

// journalFor is the journal that a reader may see; nil for none.
func (s *Server) journalFor(r portal.Reader) portal.Journal {
	sandbox, controls := s.seenBy(r)
	if sandbox == "" {
		return nil
	}
	return readerJournal{controlled{s}, r, sandbox, controls}
}

// readerJournal is a sandbox's journal as its page sees it.
type readerJournal struct {
	controlled
	reader  portal.Reader
	sandbox string
	all     bool // those of other sandboxes may be seen, too, by who knows an id
}

// List gives exchanges, the newest first.
func (j readerJournal) List(f journal.Filter) ([]*journal.Exchange, error) {
	seen, err := j.journals.In(j.sandbox).Look(j.reader.Request.Context())
	return seen.List(f), err
}

// Get gives an exchange by its id.
func (j readerJournal) Get(id string) (*journal.Exchange, bool, error) {
	ctx := j.reader.Request.Context()
	x, ok, err := j.journals.In(j.sandbox).Get(ctx, id)
	if !ok && j.all && err == nil {
		return j.journals.Find(ctx, id)
	}
	return x, ok, err
}

// Sandbox is whose it is.
func (j readerJournal) Sandbox() string { return j.sandbox }

// Fixture is a fixture that answers as an exchange did.
func (j readerJournal) Fixture(x *journal.Exchange) ([]byte, error) {
	u, err := url.Parse(x.URL)
	if err != nil || !x.Answered || x.RequestBody.Cut() || x.ResponseBody.Cut() || x.Status < 200 {
		return nil, err
	}
	found, request := j.asFound(x, u)
	if found.Operation == nil || found.Head {
		return nil, nil
	}
	checked := found.Operation.CheckRequest(request)
	return record.Fixture(&record.Exchange{
		Operation: found.Operation, Values: checked.Values(), Hides: j.site.Load().secretsOf(found.Operation).Hides, Query: u.Query(),
		Violating: len(x.Request) > 0, Status: x.Status, Header: x.ResponseHeader, Body: x.ResponseBody.Bytes,
		Unchecked: len(x.Response) > 0 || len(found.Operation.CheckResponse(x.Status, x.ResponseHeader, x.ResponseBody.Bytes)) > 0,
	})
}

// held is a sandbox as its page sees it.
type held struct {
	controlled
	sandbox string
}

// Held is what there is.
func (h held) Held(ctx context.Context, collection string) (portal.Held, error) {
	x := h.observer(h.sandbox)
	out := portal.Held{Sandbox: h.sandbox}
	told, err := h.Settings(ctx, h.sandbox)
	if err != nil {
		return out, err
	}
	out.Now = h.options.clock()
	if clock := told.(toldSettings).Clock; clock != nil {
		out.Now, out.Frozen, out.Own = clock.Now, clock.Frozen, true
	}
	collections, err := h.Collections(ctx, h.sandbox)
	if err != nil {
		return out, err
	}
	for _, c := range collections {
		out.Collections = append(out.Collections, portal.HeldCollection{Path: c.Path, Rows: c.Rows})
	}
	if collection != "" && x.site.world != nil {
		rows, total, err := h.Rows(ctx, h.sandbox, collection, 0, shownRows)
		if err != nil {
			return out, err
		}
		out.Total = total
		for _, row := range rows {
			var b bytes.Buffer
			if json.Indent(&b, row, "", "  ") == nil {
				out.Rows = append(out.Rows, b.String())
			}
		}
	}
	scenarios, err := h.Scenarios(ctx, h.sandbox)
	if err != nil {
		return out, err
	}
	for _, s := range scenarios {
		out.Scenarios = append(out.Scenarios, portal.HeldScenario{Name: s.Name, State: s.State, States: s.States})
	}
	stubs, err := h.Stubs(ctx, h.sandbox)
	for _, s := range stubs {
		out.Stubs = append(out.Stubs, portal.HeldStub{ID: s.ID, Text: string(s.Stub)})
	}
	return out, err
}

// Do does what a form asks for.
func (h held) Do(ctx context.Context, what string, form url.Values) error {
	set := func(patch map[string]any) error {
		text, err := json.Marshal(patch)
		if err == nil {
			_, err = h.SetSettings(ctx, h.sandbox, text)
		}
		return err
	}
	switch what {
	case "advance":
		by := form.Get("by")
		if _, err := time.ParseDuration(by); err != nil {
			return fmt.Errorf("%q is no time, such as 90s or 36h", clip(by, 40))
		}
		return set(map[string]any{"clock": map[string]any{"advance": by}})
	case "freeze", "release":
		return set(map[string]any{"clock": map[string]any{"frozen": what == "freeze"}})
	case "machine":
		return set(map[string]any{"clock": nil})
	case "scenario":
		_, err := h.SetScenario(ctx, h.sandbox, form.Get("name"), form.Get("state"))
		return err
	case "pin":
		return h.pin(ctx, form)
	case "unpin":
		_, err := h.RemoveStubs(ctx, h.sandbox, form.Get("id"))
		return err
	case "reset":
		return h.ResetParts(ctx, h.sandbox)
	}
	return fmt.Errorf("nothing is called %q here", clip(what, 40))
}

// pin makes a stub of a form.
func (h held) pin(ctx context.Context, form url.Values) error {
	respond := map[string]any{}
	status, err := strconv.Atoi(form.Get("status"))
	if err != nil {
		return fmt.Errorf("a status is a number, not %q", clip(form.Get("status"), 40))
	}
	respond["status"] = status
	if text := form.Get("body"); text != "" {
		var body any = text
		if json.Valid([]byte(text)) {
			body = json.RawMessage(text)
		}
		respond["body"] = body
	}
	stub := map[string]any{"operation": form.Get("operation"), "respond": respond, "validate": false}
	if times, err := strconv.Atoi(form.Get("times")); err == nil && times > 0 {
		stub["times"] = times
	}
	text, err := json.Marshal(stub)
	if err != nil {
		return err
	}
	_, err = h.AddStubs(ctx, h.sandbox, []json.RawMessage{text})
	if p, ok := err.(*control.Problem); ok && len(p.Findings) > 0 {
		return fmt.Errorf("%s", p.Findings[0].Message)
	}
	return err
}
