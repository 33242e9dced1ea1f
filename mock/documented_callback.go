package mock

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/media"
	"standin/mock/internal/requests"
	"standin/mock/internal/source"
)

// announce sends the callbacks and webhooks that the document lets follow where an operation succeeds. Where x-mock declares what the
// operation does, its steps send what is to be sent; and where nothing is remembered, nothing has happened.
func (x *exchange) announce(rep *reply) {
	following := x.operation().Callbacks()
	if len(following) == 0 || rep.status/100 != 2 || rep.sent || !x.remembers() ||
		x.site.behaviour.Operation(x.operation().ID) != nil {
		return
	}
	told := &outcome{
		site: x.site, found: x.found, method: x.Request().Method, target: x.Request().URL, header: x.Request().Header.Clone(),
		body: bytes.Clone(x.body), base: x.base(), status: rep.status, answer: withType(rep.header, rep.contentType), answered: rep.body,
		seed: x.seed(), webhooks: x.told.settings.Webhooks,
	}
	s, sandbox := x.server, x.sandbox
	s.background.Go(func() {
		in := told.read()
		for _, one := range following {
			to, ok := told.destination(one, in)
			if !ok {
				continue
			}
			e, err := told.compose(one, in, to)
			if err != nil {
				s.options.logger.Warn("a callback could not be made", "callback", one.ID, "why", err.Error())
				continue
			}
			s.send(sandbox, e, nil)
		}
	})
}

// outcome is an exchange that has ended, as callbacks look at it.
type outcome struct {
	site         *site
	found        contract.Found
	method       string
	target       *url.URL
	header       http.Header
	body         []byte
	base         string // in front of the document's paths
	status       int
	answer       http.Header
	answered     []byte
	seed         uint64
	webhooks     string // where webhooks go, "" for nowhere
	nothingKnown bool   // there was no exchange
}

// read decodes the exchange.
func (o *outcome) read() *contract.Outcome {
	r := &contract.Request{Found: o.found, URL: o.target, Header: o.header, Body: o.body}
	out := &contract.Outcome{Request: r, Method: o.method, Status: o.status, Header: o.answer, Base: o.origin()}
	if o.found.Operation != nil {
		checked := o.found.Operation.CheckRequest(r)
		out.Values = checked.Values()
	}
	if t, err := media.Parse(o.answer.Get("Content-Type")); err == nil && t.IsJSON() {
		if v, err := source.DecodeJSON(o.answered, source.Limits{}); err == nil {
			out.Body = v
		}
	}
	return out
}

// origin is the scheme and host that the client asked.
func (o *outcome) origin() string {
	u, err := url.Parse(o.base)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// destination is where a callback goes; ok is false where nobody has said it.
func (o *outcome) destination(one *contract.Callback, in *contract.Outcome) (to string, ok bool) {
	if one.To == nil {
		return o.webhooks, one.Of == nil && o.webhooks != ""
	}
	to, ok = one.To.In(in)
	return to, ok && to != ""
}

// compose makes what a callback sends: valid by the document, with what the exchange told.
func (o *outcome) compose(one *contract.Callback, in *contract.Outcome, to string) (outgoing, error) {
	out := outgoing{of: one, in: o.site}
	var known []any
	if !o.nothingKnown {
		known = []any{in.Body, in.Values.Body, in.Values.Path}
	}
	made, err := requests.Outgoing(one.Request, o.variant(one), known...)
	if err != nil {
		return out, err
	}
	if query := strings.TrimPrefix(made.Target, "?"); query != "" {
		glue := "?"
		if strings.Contains(to, "?") {
			glue = "&"
		}
		to += glue + query
	}
	out.Event = behaviour.Event{Method: one.Request.Method, URL: to, Header: map[string]string{}, Body: made.Body}
	for _, l := range made.Header {
		out.Header[l.Name] = l.Value
	}
	return out, nil
}

// variant is the seed of a callback's body, which depends on nothing but the sandbox's seed, the callback and the exchange.
func (o *outcome) variant(one *contract.Callback) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %s %s %s ", o.seed, one.ID, o.method, o.target.RequestURI())
	_, _ = h.Write(o.body)
	return h.Sum64()
}

// withBody puts a body that somebody wrote in the place of the one made up; violations tell what is wrong with it.
func (e *outgoing) withBody(body []byte) []contract.Violation {
	e.Body = body
	if e.Header["Content-Type"] == "" {
		e.Header["Content-Type"] = "application/json"
	}
	return requests.Judge(e.of.Request, e.Header["Content-Type"], body)
}
