package mock

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"standin/mock/contract"
	"standin/mock/internal/journal"
)

// exchange is one request on its way to an answer; as an echo.Context it passes through the embedder's middleware.
type exchange struct {
	echo.Context
	server *Server
	// site is loaded once: a swap under way changes nothing for this request.
	site     *site
	path     string
	sandbox  string // whose rows are meant
	before   string // what of the path names the sandbox, "" for nothing
	found    contract.Found
	wish     wish
	handling Handling
	body     []byte
	lots     uint64 // how many numbers were drawn for templates
	told     *steering
	states   map[string]string // of the scenarios that the operation moves, as the request found them
	request  contract.Request
	checked  contract.Checked
	values   *contract.Values // once somebody has asked for them
	// entry is the exchange in the journal, nil if none is kept.
	entry *journal.Exchange
	in    *journal.Journal // whose entry it is

	received  *contract.Received // the body where it was read as it came; body is its beginning then
	raw       []byte             // the body as sent, where it is read to be passed on to the real server
	upload    *watched           // the body where it is passed on as it comes
	tooLarge  bool               // the body is more than can be held
	unread    string             // why the body, though held, cannot be judged: "content-encoding" or "size"
	inspected bool               // the request has been checked
}

// operation is what the request was matched to.
func (x *exchange) operation() *contract.Operation { return x.found.Operation }

// lenient tells that nothing is refused.
func (x *exchange) lenient() bool { return x.handling == Lenient }

// given decodes the inputs of the request, once and for those who need them.
func (x *exchange) given() contract.Values {
	if x.values == nil {
		values := x.checked.Values()
		x.values = &values
	}
	return *x.values
}

// find matches the request to its operation and names the path template to echo.
func (s *Server) find(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		x := &exchange{Context: c, server: s, site: s.site.Load(), told: &s.untold}
		r := c.Request()
		inside := false
		x.path, inside = s.basePath(r.URL.EscapedPath())
		whole := x.path
		var err error
		if x.sandbox, x.path, err = sandboxOf(r, whole); err != nil {
			s.fail(err, x)
			return nil
		}
		x.before = strings.TrimSuffix(whole, x.path)
		if inside {
			x.found = x.site.contract.Find(r.Method, x.path).With(r.URL.RawQuery)
		}
		if x.found.Operation != nil {
			c.SetPath(x.found.Operation.Template)
		}
		if err := next(x); err != nil { // echo would hand it to fail without the exchange
			s.fail(err, x)
		}
		return nil
	}
}

// journey takes an exchange from the matched operation to the answer's last byte: wish, body, check, answerers, delay.
func (s *Server) journey(c echo.Context) error {
	x, ok := c.(*exchange)
	if !ok { // a middleware has wrapped the context: match again
		return s.find(s.journey)(c)
	}
	x.enter()
	s.touch(c.Request().Context(), x.sandbox)
	if s.passesUnrouted(x) {
		return x.passUnrouted()
	}
	r := x.Request()
	if origin := r.Header.Get("Origin"); origin != "" {
		s.allowOrigin(x.Response().Header(), origin)
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" && x.found.Allow != nil {
			s.preflight(x.Response(), r, x.found.Allow)
			x.conclude(reply{status: http.StatusNoContent, source: "preflight"}, "")
			return nil
		}
	}
	if x.operation() == nil {
		return x.unrouted()
	}
	if err := x.prepare(); err != nil {
		return err
	}
	if s.upstream == nil { // which may still be sending it
		defer s.bodies.put(x.body)
	}
	if err := x.move(); err != nil {
		return err
	}
	rep, err := x.answer()
	if err == nil {
		defer x.announce(&rep)
	}
	if err == nil && !rep.sent {
		err = x.disturb(&rep)
	}
	if err != nil || rep.sent {
		return err
	}
	if err := pause(r.Context(), max(x.wish.delay, rep.delay)); err != nil {
		return nil // the client has gone
	}
	if x.wish.fault != "" {
		rep.fault = x.wish.fault
	}
	if rep.fault != "" {
		x.breakOff(rep)
		return nil
	}
	x.write(rep)
	return nil
}

// prepare reads the wish and the body, and checks the request.
func (x *exchange) prepare() error {
	op := x.operation()
	if op.Broken() && x.server.upstream == nil {
		return brokenOperation(op)
	}
	w, err := readWish(x.Request(), x.server.options.maxDelay)
	if err != nil {
		return newProblem(http.StatusBadRequest, "preference", err.Error())
	}
	if err := x.steered(); err != nil {
		return err
	}
	x.wish, x.handling = w, x.server.options.handling
	if h, err := ParseHandling(x.told.settings.Handling); err == nil {
		x.handling = h
	}
	if w.hasHandling {
		x.handling = w.handling
	}
	if x.server.upstream != nil {
		return x.holdRequest()
	}
	if x.comesAsUpload() {
		err = x.receive()
	} else {
		x.body, err = x.server.bodies.read(x.Context, x.server.options.maxBody)
	}
	if err != nil {
		return err
	}
	x.checkRequest()
	return nil
}

// checkRequest gathers what the request breaks, once its body has been read.
func (x *exchange) checkRequest() {
	r := x.Request()
	x.request = contract.Request{URL: r.URL, Header: r.Header, Body: x.body, Strict: x.handling == Strict}
	if x.received != nil {
		x.request.Body, x.request.Received = nil, x.received
	}
	x.found, x.checked = x.found.Check(&x.request)
	x.inspected = true
	if x.unread != "" {
		x.checked.Violations = slices.DeleteFunc(x.checked.Violations, func(v contract.Violation) bool { return v.In == "body" })
	}
}

// answer asks each answerer in turn.
func (x *exchange) answer() (reply, error) {
	for _, a := range x.site.answerers {
		rep, ok, err := a.answer(x)
		if err != nil || ok {
			return rep, err
		}
	}
	return reply{}, brokenOperation(x.operation())
}

func brokenOperation(op *contract.Operation) error {
	p := newProblem(http.StatusInternalServerError, "broken-operation",
		"the document leaves "+op.ID+" without any answer that could be given")
	for _, d := range op.Diagnostics() {
		p.Diagnostics = append(p.Diagnostics, d.String())
	}
	return p
}

// pause waits for d, or less if the client goes away.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write sends the answer with its marks. It is the only place where an operation's answer reaches the wire.
func (x *exchange) write(rep reply) {
	w, shared := x.Response(), &x.server.shared
	h := w.Header()
	for name, values := range rep.header {
		h[name] = values
	}
	own := [...]string{rep.contentType, rep.source, strconv.Itoa(len(rep.body))} // one allocation for three headers
	if rep.contentType != "" {
		h["Content-Type"] = own[0:1:1]
		if active(rep.contentType) {
			h["Content-Security-Policy"] = shared.sandboxed
		}
	}
	h["X-Content-Type-Options"] = shared.nosniff
	h["Vary"] = shared.varied(h["Vary"])
	h["Mock-Source"] = own[1:2:2]
	x.markViolations(h, rep.violations)
	if len(x.wish.applied) > 0 {
		h["Preference-Applied"] = []string{join(x.wish.applied)}
	}
	if h["Access-Control-Allow-Credentials"] != nil {
		h["Access-Control-Expose-Headers"] = []string{exposed(shared.exposed[0], rep.header)}
	}
	refused := rep.refused
	if rep.source == "refusal" && refused == "" {
		refused = summary(x.checked.Violations)
	}
	empty := bodyless(rep.status)
	if !empty && !rep.streams() {
		h["Content-Length"] = own[2:3:3]
	}
	x.conclude(rep, refused) // the headers are the journal's from here on
	w.WriteHeader(rep.status)
	if !empty && x.Request().Method != http.MethodHead {
		x.send(rep)
	}
}

// send writes the body, as a fault lets it pass.
func (x *exchange) send(rep reply) {
	w := x.Response()
	if rep.streams() {
		stream(x.Request().Context(), w, rep.stream)
		return
	}
	switch rep.fault {
	case "truncate":
		_, _ = w.Write(rep.body[:len(rep.body)/2])
		cutOff(w)
	case "slow":
		trickle(x.Request().Context(), w, rep.body)
	default:
		_, _ = w.Write(rep.body)
	}
}

// bodyless tells whether answers of the status never have a body (RFC 9110, 6.4.1).
func bodyless(status int) bool {
	return status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

// markViolations says on the wire whether request and answer keep the contract, and logs what does not.
func (x *exchange) markViolations(h http.Header, answer []contract.Violation) {
	asked := x.checked.Violations
	if len(asked)+len(answer) == 0 {
		h["Mock-Violations"] = x.server.shared.clean
		return
	}
	h["Mock-Violations"] = []string{"request=" + strconv.Itoa(len(asked)) + ", response=" + strconv.Itoa(len(answer))}
	first := append(asked[:len(asked):len(asked)], answer...)[0]
	h["Mock-Violation"] = []string{headerText(describe(first), 512)}
	if len(answer) > 0 {
		v := answer[0]
		x.server.options.logger.Warn("answered against the contract", "request", x.Request().Method+" "+x.Request().URL.Path,
			"operation", x.operation().ID, "source", h["Mock-Source"][0], "violation", describe(v), "rule", v.Rule.String(), "more", len(answer)-1)
	}
}

// unrouted answers a request that no operation takes: OPTIONS, 405, or 404 with what comes near.
func (x *exchange) unrouted() error {
	r := x.Request()
	if len(x.found.Allow) == 0 {
		return x.notFound()
	}
	x.Response().Header().Set("Allow", join(x.found.Allow))
	if r.Method == http.MethodOptions {
		x.conclude(reply{status: http.StatusNoContent, source: "options"}, "")
		x.Response().WriteHeader(http.StatusNoContent)
		return nil
	}
	p := newProblem(http.StatusMethodNotAllowed, "method", "this path answers "+join(x.found.Allow)+", not "+clip(r.Method, 40))
	x.server.logRefusal(r, p)
	if x.declaredUnrouted(p) {
		return nil
	}
	return p
}

// fail writes an error of the journey or of an embedder's middleware.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p, ok := errors.AsType[*problem](err)
	if !ok {
		if he, isHTTP := errors.AsType[*echo.HTTPError](err); isHTTP {
			p = newProblem(he.Code, "", http.StatusText(he.Code))
		} else {
			p = newProblem(http.StatusInternalServerError, "internal", "the mock could not answer: "+err.Error())
		}
	}
	if p.Status >= 500 {
		s.options.logger.Error("could not answer", "request", c.Request().Method+" "+c.Request().URL.Path, "why", p.Detail)
	}
	w, body := c.Response(), p.json()
	s.markProblem(w.Header(), p, body)
	if x, ok := c.(*exchange); ok {
		rep := reply{status: p.Status, contentType: problemType, body: body, source: p.source}
		if p.answer {
			rep.violations = p.Violations
		}
		x.conclude(rep, p.Detail)
	} else if s.options.observe != nil {
		s.options.observe(Exchange{Method: c.Request().Method, URL: c.Request().URL.String(), Status: p.Status, Source: p.source, Refused: p.Detail})
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}
