package mock

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/journal"
	"standin/mock/internal/store"
)

// Callbacks are those that the document describes.
func (c controlled) Callbacks() []control.Callback {
	var out []control.Callback
	for _, one := range c.Contract().Callbacks() {
		told := control.Callback{
			ID: one.ID, Name: one.Name, Kind: "callback", Method: one.Request.Method, Summary: one.Request.Summary(), After: []string{}, To: one.To.String(),
		}
		if one.Of == nil {
			told.Kind = "webhook"
		}
		for _, op := range one.After {
			told.After = append(told.After, op.ID)
		}
		out = append(out, told)
	}
	return out
}

// Fire sends a callback, whatever x-mock or the state would say to it, and waits until it is delivered or has failed.
func (c controlled) Fire(ctx context.Context, sandbox, name string, f control.Firing) (control.Fired, error) {
	one, o, err := c.firing(ctx, sandbox, name, f)
	if err != nil {
		return control.Fired{}, err
	}
	err = c.store.View(ctx, sandbox, func(r store.Reader) error {
		told, err := settingsIn(r)
		if o.webhooks = told.Webhooks; told.Seed != nil {
			o.seed = *told.Seed
		}
		return err
	})
	if err != nil {
		return control.Fired{}, kept(err)
	}
	in := o.read()
	to := f.URL
	if to == "" {
		known := false
		if to, known = o.destination(one, in); !known {
			return control.Fired{}, unheard(one)
		}
	}
	e, err := o.compose(one, in, to)
	if err != nil && f.Body == nil {
		return control.Fired{}, control.NewProblem(http.StatusUnprocessableEntity, "unsatisfiable", "no valid body could be made for "+one.ID+": "+err.Error())
	}
	for name, value := range f.Headers {
		e.Header[http.CanonicalHeaderKey(name)] = value
	}
	if f.Body != nil {
		broken := e.withBody(f.Body)
		if len(broken) > 0 && (f.Validate == nil || *f.Validate) {
			p := control.NewProblem(http.StatusUnprocessableEntity, "violations", "the body is not what "+one.ID+" sends: "+describe(broken[0]))
			p.Violations = broken
			return control.Fired{}, p
		}
	}
	return c.fire(ctx, sandbox, e)
}

// fire sends, and waits.
func (c controlled) fire(ctx context.Context, sandbox string, e outgoing) (control.Fired, error) {
	went := make(chan delivery, 1)
	refused := c.mayCall(e.URL)
	c.send(sandbox, e, func(d delivery) { went <- d })
	if refused != nil {
		return control.Fired{}, control.NewProblem(http.StatusForbidden, "callback-not-allowed", e.of.ID+" is not sent: "+refused.Error())
	}
	select {
	case d := <-went:
		out := control.Fired{Exchange: d.exchange, Callback: e.of.ID, Method: e.Method, URL: e.URL, Status: d.status, Delivered: d.why == nil}
		if d.why != nil {
			out.Why = d.why.Error()
		}
		return out, nil
	case <-ctx.Done():
		return control.Fired{}, ctx.Err()
	}
}

// unheard tells that nobody has said where a callback goes.
func unheard(one *contract.Callback) error {
	detail := "nobody has said where " + one.ID + " goes; give a url"
	switch {
	case one.Of == nil:
		detail += ", set webhooks in the settings of the sandbox, or x-mock.to in the document"
	case one.To != nil:
		detail += fmt.Sprintf(", or let %s succeed with a request that has %s", one.Of.ID, one.To)
	}
	return control.NewProblem(http.StatusUnprocessableEntity, "no-receiver", detail)
}

// firing finds the callback that is meant, and the exchange that it follows.
func (c controlled) firing(ctx context.Context, sandbox, name string, f control.Firing) (*contract.Callback, *outcome, error) {
	all := c.Contract().CallbacksNamed(name)
	if len(all) == 0 {
		var ids []string
		for _, one := range c.Contract().Callbacks() {
			ids = append(ids, one.ID)
		}
		detail := "the document describes neither callbacks nor webhooks"
		if len(ids) > 0 {
			detail = "no callback is called " + clip(name, 80) + "; there is " + list(ids)
		}
		return nil, nil, control.NewProblem(http.StatusNotFound, "no-such-callback", detail)
	}
	exchanges, err := c.followed(ctx, sandbox, f.Exchange)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range exchanges {
		for _, one := range all {
			if f.Exchange == "" && !slices.ContainsFunc(one.After, func(op *contract.Operation) bool { return op.ID == x.Operation }) {
				continue
			}
			o := c.ended(x)
			if o == nil {
				continue
			}
			if _, ok := o.destination(one, o.read()); ok || f.URL != "" || one.Of == nil {
				return one, o, nil
			}
		}
	}
	if len(all) > 1 {
		var ids []string
		for _, one := range all {
			ids = append(ids, one.ID)
		}
		return nil, nil, control.NewProblem(http.StatusConflict, "ambiguous-callback", "several callbacks are called "+name+": "+list(ids))
	}
	return all[0], c.nothing(), nil
}

// followed are the exchanges that a callback may follow, the newest first: the one of an id, else all that succeeded.
func (c controlled) followed(ctx context.Context, sandbox, id string) ([]*journal.Exchange, error) {
	if c.journals == nil {
		return nil, nil
	}
	in := c.journals.In(sandbox)
	if id == "" {
		seen, err := in.Look(ctx)
		return seen.List(journal.Filter{Status: http.StatusOK, Class: true}), kept(err)
	}
	x, ok, err := in.Get(ctx, id)
	if err != nil {
		return nil, kept(err)
	}
	if !ok {
		return nil, control.NewProblem(http.StatusNotFound, "no-such-request", "the journal of "+sandbox+" has no exchange "+id)
	}
	return []*journal.Exchange{x}, nil
}

// ended is an exchange of the journal as callbacks look at it, nil if it cannot be told.
func (c controlled) ended(x *journal.Exchange) *outcome {
	u, err := url.Parse(x.URL)
	if err != nil {
		return nil
	}
	found, r := c.asFound(x, u)
	if r == nil {
		return nil
	}
	return &outcome{
		site: c.site.Load(), found: found, method: x.Method, target: u, header: x.RequestHeader, body: x.RequestBody.Bytes,
		status: x.Status, answer: x.ResponseHeader, answered: x.ResponseBody.Bytes, seed: c.options.seed,
	}
}

// nothing is where no exchange is known.
func (c controlled) nothing() *outcome {
	return &outcome{site: c.site.Load(), target: &url.URL{}, seed: c.options.seed, nothingKnown: true}
}

// Firing is how a callback is to be sent.
type Firing = control.Firing

// Fired tells how a callback was sent.
type Fired = control.Fired

// Fire sends a callback or webhook that the document describes, by its id or name, and waits until it is delivered or has failed. It
// follows the newest exchange that leads to it, and carries a valid body with the values of that. It is sent only to [CallbackOrigins].
func (b *Sandbox) Fire(ctx context.Context, name string, f Firing) (Fired, error) {
	fired, err := b.of.Fire(ctx, b.id, name, f)
	if err != nil {
		return fired, fmt.Errorf("mock: the callback %s: %w", name, err)
	}
	return fired, nil
}
