package mock

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/fixture"
	"standin/mock/internal/journal"
	"standin/mock/internal/source"
	"standin/mock/internal/traffic"
)

// chosen are the exchanges that a filter chooses, the newest first.
func (c controlled) chosen(ctx context.Context, sandbox string, f control.Filter) ([]*journal.Exchange, error) {
	filter := journal.Filter{
		Operation: f.Operation, Source: f.Source, Since: f.Since, Limit: f.Limit, Broken: f.Valid == "false", Kept: f.Valid == "true",
	}
	if class, ok := strings.CutSuffix(strings.ToLower(f.Status), "xx"); ok {
		n, _ := strconv.Atoi(class)
		filter.Status, filter.Class = n*100, true
	} else {
		filter.Status, _ = strconv.Atoi(f.Status)
	}
	seen, err := c.journals.In(sandbox).Look(ctx)
	return seen.List(filter), kept(err)
}

// Requests are exchanges of a sandbox.
func (c controlled) Requests(ctx context.Context, sandbox string, f control.Filter) ([]any, error) {
	all, err := c.chosen(ctx, sandbox, f)
	var out []any
	for _, x := range all {
		out = append(out, x.Record())
	}
	return out, err
}

// Request is one exchange.
func (c controlled) Request(ctx context.Context, sandbox, id string) (any, error) {
	x, ok, err := c.journals.In(sandbox).Get(ctx, id)
	if err != nil {
		return nil, kept(err)
	}
	if !ok {
		return nil, control.NewProblem(http.StatusNotFound, "no-such-request", "the journal of "+sandbox+" has no exchange "+id)
	}
	return x.Record(), nil
}

// Archive writes exchanges, the oldest first.
func (c controlled) Archive(ctx context.Context, sandbox string, f control.Filter, format string) ([]byte, error) {
	all, err := c.chosen(ctx, sandbox, f)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all)
	var b bytes.Buffer
	if format == "har" {
		base := c.options.public.Scheme + "://" + c.options.public.Host
		if c.options.public.Host == "" {
			base = "http://localhost"
		}
		var recorded []*traffic.Exchange
		for _, x := range all {
			one, err := x.Recorded(base)
			if err != nil {
				return nil, err
			}
			recorded = append(recorded, one)
		}
		err := traffic.WriteArchive(&b, recorded)
		return b.Bytes(), err
	}
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, x := range all {
		if err := enc.Encode(x.Record()); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// ForgetRequests empties the journal of a sandbox.
func (c controlled) ForgetRequests(ctx context.Context, sandbox string) error {
	return kept(c.journals.Forget(ctx, sandbox))
}

// Verify tells whether requests were made as asked.
func (c controlled) Verify(ctx context.Context, sandbox string, v control.Verification) (control.Verdict, error) {
	seen, err := c.journals.In(sandbox).Look(ctx)
	if err != nil {
		return control.Verdict{}, kept(err)
	}
	all, dropped := seen.Exchanges, seen.Dropped > 0
	if len(v.Order) > 0 {
		return c.verifyOrder(all, v.Order, dropped)
	}
	if v.Request == nil {
		return control.Verdict{}, control.NewProblem(http.StatusUnprocessableEntity, "verify", "a verification has a request, or an order of them")
	}
	item, err := c.asked(*v.Request)
	if err != nil {
		return control.Verdict{}, err
	}
	least, most, err := countOf(v.Count)
	if err != nil {
		return control.Verdict{}, err
	}
	out := control.Verdict{}
	unsure := 0
	var misses []control.Miss
	for _, x := range all {
		missed, known := c.misses(item, x)
		switch {
		case len(missed) == 0 && known:
			out.Matched++
		case !known:
			unsure++
		case x.Operation == item.Operation || item.Operation == "*":
			misses = append(misses, missOf(sandbox, x, missed))
		}
	}
	wanted := "at least " + strconv.Itoa(least)
	if most >= 0 {
		wanted = strconv.Itoa(least)
		if most != least {
			wanted += " to " + strconv.Itoa(most)
		}
	}
	out.Detail = fmt.Sprintf("%d %s, and %s should", out.Matched, plural(out.Matched, "request matches", "requests match"), wanted)
	out.Verified = out.Matched >= least && (most < 0 || out.Matched <= most)
	if out.Verified && most >= 0 && (dropped || unsure > 0) {
		out.Verified = false
		out.Detail += "; but some that the journal no longer holds, or not wholly, might match too"
	}
	if !out.Verified {
		out.Nearest = nearest(misses)
	}
	return out, nil
}

// missOf tells of an exchange what keeps it from matching.
func missOf(sandbox string, x *journal.Exchange, missed []control.Difference) control.Miss {
	m := control.Miss{Exchange: x.ID, Request: x.Method + " " + strings.Replace(x.URL, "/~"+sandbox, "", 1), Status: x.Status, Source: x.Source, Differences: missed}
	for _, one := range missed {
		m.Misses = append(m.Misses, one.Where)
	}
	return m
}

// nearest are those that miss least, of those the latest.
func nearest(misses []control.Miss) []control.Miss {
	slices.Reverse(misses)
	slices.SortStableFunc(misses, func(a, b control.Miss) int { return len(a.Misses) - len(b.Misses) })
	return misses[:min(len(misses), 3)]
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// verifyOrder tells whether requests were made in an order, perhaps with others between them.
func (c controlled) verifyOrder(all []*journal.Exchange, order []control.Asked, dropped bool) (control.Verdict, error) {
	out := control.Verdict{}
	at := 0
	for i, asked := range order {
		item, err := c.asked(asked)
		if err != nil {
			return out, err
		}
		found := false
		for ; at < len(all) && !found; at++ {
			missed, known := c.misses(item, all[at])
			found = known && len(missed) == 0
		}
		if !found {
			out.Detail = fmt.Sprintf("number %d of the order, %s, was not asked for after the others", i+1, asked.Operation)
			if dropped {
				out.Detail += ", as far as the journal goes back"
			}
			return out, nil
		}
		out.Matched++
	}
	out.Verified, out.Detail = true, "all were asked for, in this order"
	return out, nil
}

// countOf reads how often: a number, or {min, max}; nothing is at least once. most is -1 for any number.
func countOf(text json.RawMessage) (least, most int, err error) {
	if len(text) == 0 {
		return 1, -1, nil
	}
	if json.Unmarshal(text, &least) == nil {
		return least, least, nil
	}
	span := struct{ Min, Max *int }{}
	if err := json.Unmarshal(text, &span); err != nil {
		return 0, 0, control.NewProblem(http.StatusUnprocessableEntity, "verify", "count is a number, or an object with min and max")
	}
	most = -1
	if span.Min != nil {
		least = *span.Min
	}
	if span.Max != nil {
		most = *span.Max
	}
	return least, most, nil
}

// asked compiles a description of requests.
func (c controlled) asked(a control.Asked) (*fixture.Item, error) {
	value := map[string]any{"operation": a.Operation, "validate": false, "respond": map[string]any{"status": http.StatusOK}}
	if len(a.When) > 0 {
		value["when"] = a.When
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	node, err := source.Parse("request.json", text, source.Limits{})
	if err != nil {
		return nil, control.NewProblem(http.StatusUnprocessableEntity, "verify", err.Error())
	}
	now := c.site.Load()
	items, found := fixture.Compile(now.contract, node, fixture.Options{Sampler: now.sampler})
	for _, d := range found {
		if d.Level == contract.Error {
			return nil, control.NewProblem(http.StatusUnprocessableEntity, "verify", "the request cannot be looked for: "+d.Message)
		}
	}
	if len(items) != 1 {
		return nil, control.NewProblem(http.StatusUnprocessableEntity, "verify", "the request cannot be looked for")
	}
	return items[0], nil
}

// misses tells what an exchange misses; known is false if the journal does not hold enough of it to tell.
func (c controlled) misses(item *fixture.Item, x *journal.Exchange) (missed []control.Difference, known bool) {
	if item.Operation != "*" && item.Operation != x.Operation {
		return []control.Difference{{Where: "operation", Wanted: item.Operation, Asked: x.Operation}}, true
	}
	if item.ReadsBody() && x.RequestBody.Cut() {
		return nil, false
	}
	u, err := url.Parse(x.URL)
	if err != nil {
		return nil, false
	}
	found, request := c.asFound(x, u)
	if request == nil {
		return nil, false
	}
	r := &http.Request{Method: x.Method, URL: u, Header: x.RequestHeader, Host: u.Host}
	in := &fixture.Input{Operation: found.Operation, Request: r, Violations: x.Request, Values: func() contract.Values { return contract.Values{} }}
	if found.Operation != nil {
		in.Values = func() contract.Values {
			checked := found.Operation.CheckRequest(request)
			return checked.Values()
		}
	}
	for _, one := range item.Compare(in) {
		if !one.Holds {
			missed = append(missed, control.Difference{Where: one.Where, Wanted: one.Wanted, Asked: one.Asked})
		}
	}
	return missed, true
}

// asFound is what the document has for an exchange, and its request; u is its URL.
func (c controlled) asFound(x *journal.Exchange, u *url.URL) (contract.Found, *contract.Request) {
	path, _ := c.basePath(u.EscapedPath())
	_, rest, err := sandboxOf(&http.Request{Header: http.Header{}, URL: u}, path)
	if err != nil {
		return contract.Found{}, nil
	}
	found := c.Contract().Find(x.Method, rest).With(u.RawQuery)
	return found, &contract.Request{Found: found, URL: u, Header: x.RequestHeader, Body: x.RequestBody.Bytes}
}
