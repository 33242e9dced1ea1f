package mock

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/fixture"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// reply is an answer on its way to the wire.
type reply struct {
	status      int
	contentType string
	// header and body are shared between requests; nobody may write to them.
	header http.Header
	body   []byte
	// stream is the body in the pieces in which it is sent; nil if it is sent at once.
	stream []fixture.Piece
	// source says who answered, as in Mock-Source (RFC 9651).
	source     string
	violations []contract.Violation
	// repaired are the JSON Pointers of what was made up in a documented example.
	repaired []string
	delay    time.Duration
	fault    string // how the answer goes wrong on its way, "" if it does not
	refused  string // why the mock itself refused the request, "" if it did not or its violations tell
	sent     bool   // the client has it already
}

// answerer is one who may answer: ok false passes the request on to the next.
type answerer struct {
	source string
	answer func(*exchange) (rep reply, ok bool, err error)
}

// answerers in their order. A request that breaks the contract ends at refusal; only fixtures made for that come before it. What the
// real server may judge itself passes the first refusal, unless it is to be kept from it.
func (s *Server) answerers() []answerer {
	return []answerer{
		{"stub", s.stubbed},
		{"handler", fromHandler},
		{"fixture", fromFixture},
		{"refusal", refuseAhead},
		{"upstream", fromUpstream},
		{"refusal", refuse},
		{"state", fromState},
		{"example", fromExample},
		{"generated", generated},
	}
}

// stubbed answers from what was set at run time; an operator's stub ignores the wish.
func (s *Server) stubbed(x *exchange) (reply, bool, error) {
	var all []candidate
	for _, c := range x.told.stubs {
		if c.item.Operation == x.operation().ID || c.item.Operation == "*" {
			all = append(all, c)
		}
	}
	return fromItems(x, append(all, s.stubs.forOperation(x.operation().ID)...), "stub")
}

func fromFixture(x *exchange) (reply, bool, error) {
	if x.wish.dynamic {
		return reply{}, false, nil
	}
	return fromItems(x, x.candidates(), "fixture")
}

func fromItems(x *exchange, items []candidate, source string) (reply, bool, error) {
	if len(items) == 0 {
		return reply{}, false, nil
	}
	in := &fixture.Input{
		Operation: x.operation(), Request: x.Request(), Values: x.given, Violations: x.checked.Violations, Generate: x.generateStatus,
		Now: x.now(), UUID: x.newUUID, Fake: x.fake,
	}
	for _, c := range items {
		item := c.item
		if len(in.Violations) > 0 && !x.lenient() && !item.ForViolations() {
			continue
		}
		if source == "fixture" && !x.wished(item) || !item.Matches(in) || !x.inState(item) {
			continue
		}
		taken, draw, err := x.claim(c)
		if err != nil {
			return reply{}, false, err
		}
		if !taken {
			continue
		}
		if c.uses != nil {
			c.uses.Add(1)
		}
		a, err := item.Answer(in)
		if unacceptable, ok := errors.AsType[*sample.NotAcceptable](err); ok {
			return reply{}, false, notAcceptable(x, unacceptable)
		}
		if wrong, ok := errors.AsType[*fixture.TemplateError](err); ok {
			return reply{}, false, newProblem(http.StatusInternalServerError, "template", wrong.Error())
		}
		if err != nil {
			return reply{}, false, unsatisfiable(x.operation(), err)
		}
		return reply{
			fault: item.Fault(draw), status: a.Status, contentType: a.ContentType, header: a.Header, body: a.Body, stream: a.Stream,
			source: named(source, item.Name), violations: a.Violations, delay: item.Delay(draw),
		}, true, nil
	}
	return reply{}, false, nil
}

// inState tells whether the scenarios stand as the item asks.
func (x *exchange) inState(item *fixture.Item) bool {
	for name, states := range item.Scenarios() {
		if !slices.Contains(states, x.stateOf(name)) {
			return false
		}
	}
	return true
}

// wished tells whether a fixture answers within the wish: one of another status or name passes.
func (x *exchange) wished(item *fixture.Item) bool {
	if x.wish.code != "" && strconv.Itoa(item.Status()) != x.wish.code {
		return false
	}
	return x.wish.example == "" || x.wish.example == item.Name || x.wish.example == item.Example()
}

// generateStatus makes up the documented answer of a status, with size elements in its list, if that is not 0 and the wish has none.
func (x *exchange) generateStatus(status, size int) (sample.Answer, error) {
	t, err := x.site.sampler.Choose(x.operation(), strconv.Itoa(status), x.Request().Header.Get("Accept"))
	if err != nil {
		return sample.Answer{}, err
	}
	return x.generate(t, size)
}

// generate makes up an answer with the seed of the wish, else of the server. size is the number of elements in its list where the wish
// has none, 0 for what is usual.
func (x *exchange) generate(t sample.Target, size int) (sample.Answer, error) {
	seed := x.seed()
	if x.wish.hasSeed {
		seed = x.wish.seed
	}
	if x.wish.size > 0 {
		size = x.wish.size
	}
	if size > 0 {
		return x.site.sampler.Sized(x.operation(), t, seed, x.variant(), size)
	}
	return x.site.sampler.Generate(x.operation(), t, seed, x.variant(), x.given)
}

func unsatisfiable(op *contract.Operation, err error) error {
	return newProblem(http.StatusInternalServerError, "unsatisfiable", "no valid answer could be made for "+op.ID+": "+err.Error())
}

// fromExample answers with a documented example: the one asked for by name, or the valid one that fits best.
func fromExample(x *exchange) (reply, bool, error) {
	if x.wish.dynamic || x.wish.size > 0 {
		return reply{}, false, nil
	}
	target, err := x.target()
	if err != nil {
		return reply{}, false, err
	}
	a, err := x.site.sampler.Example(x.operation(), target, x.wish.example, x.given)
	unknown, isUnknown := errors.AsType[*sample.UnknownExample](err)
	switch {
	case errors.Is(err, sample.ErrNone):
		return reply{}, false, nil
	case isUnknown && x.lenient():
		x.wish.passOver("example")
		if a, err = x.site.sampler.Example(x.operation(), target, "", x.given); err != nil {
			return reply{}, false, nil
		}
	case isUnknown:
		return reply{}, false, newProblem(http.StatusNotFound, "no-such-example",
			"no example of "+x.operation().ID+" is called "+strconv.Quote(clip(x.wish.example, 80))+"; there is "+list(unknown.Names))
	case err != nil:
		return reply{}, false, err
	}
	return fromSample(x, a), true, nil
}

// generated answers with a value made from the schema.
func generated(x *exchange) (reply, bool, error) {
	target, err := x.target()
	if err != nil {
		return reply{}, false, err
	}
	a, err := x.generate(target, 0)
	if err != nil {
		return reply{}, false, unsatisfiable(x.operation(), err)
	}
	return fromSample(x, a), true, nil
}

func fromSample(x *exchange, a sample.Answer) reply {
	rep := reply{status: a.Status, contentType: a.ContentType, header: a.Header, body: a.Body}
	for _, text := range a.Pieces {
		rep.stream = append(rep.stream, fixture.Piece{Text: text})
	}
	if a.Generated {
		rep.source = "generated"
		return rep
	}
	rep.source = named("example", a.Name)
	if len(a.Repaired) > 0 {
		rep.source += ";repaired"
		rep.repaired = a.Repaired
		x.server.options.logger.Debug("repaired an example", "operation", x.operation().ID, "example", a.Name, "made up", a.Repaired)
	}
	rep.violations = bodyViolations(x.operation(), a.Violations)
	return rep
}

// bodyViolations tells what an answer's body breaks in the terms of an exchange.
func bodyViolations(op *contract.Operation, broken []schema.Violation) []contract.Violation {
	var out []contract.Violation
	for _, v := range broken {
		out = append(out, contract.Violation{Operation: op.ID, In: "body", Pointer: v.Pointer, Message: v.Message, Keyword: v.Keyword, Rule: v.Rule})
	}
	return out
}

// target is the documented answer that the wish and the Accept header lead to.
func (x *exchange) target() (sample.Target, error) {
	op, code, accept := x.operation(), x.wish.code, x.Request().Header.Get("Accept")
	if code == "" && x.wish.example != "" {
		code = statusOfExample(op, x.wish.example)
	}
	t, err := x.site.sampler.Choose(op, code, accept)
	if unknown, ok := errors.AsType[*sample.UnknownStatus](err); ok && !x.lenient() {
		return t, newProblem(http.StatusNotFound, "no-such-status",
			op.ID+" documents no answer "+code+"; there is "+list(unknown.Documented))
	} else if ok {
		x.wish.passOver("code")
		t, err = x.site.sampler.Choose(op, "", accept)
	}
	if unacceptable, ok := errors.AsType[*sample.NotAcceptable](err); ok {
		if x.lenient() {
			return x.site.sampler.Choose(op, "", "")
		}
		return t, notAcceptable(x, unacceptable)
	}
	return t, err
}

func notAcceptable(x *exchange, e *sample.NotAcceptable) error {
	return newProblem(http.StatusNotAcceptable, "not-acceptable",
		x.operation().ID+" answers "+list(e.Offers)+", not "+clip(x.Request().Header.Get("Accept"), 100))
}

// statusOfExample is the status whose answer has an example of that name; "" if the default one has it or none does.
func statusOfExample(op *contract.Operation, name string) string {
	for _, r := range op.Responses().All {
		for _, m := range r.Content {
			for _, e := range m.Examples {
				if e.Name == name {
					return sample.Code(r.Status)
				}
			}
		}
	}
	return ""
}

// variant is a number that depends on nothing but the request, so that the same request is given the same answer.
func (x *exchange) variant() uint64 {
	r := x.Request()
	return sample.Variant(r.Method, x.path, r.URL.RawQuery)
}
