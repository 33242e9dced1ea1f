package mock

import (
	"maps"
	"net/http"
	"strconv"
	"time"

	"standin/mock/contract"
)

// blocks tells whether what breaks the contract is kept from the real server, or from the client.
func (x *exchange) blocks() bool {
	return x.handling == Strict || x.server.upstream.block && x.handling != Lenient
}

// refuseAhead refuses in front of the real server, where there is one and it is to see no wrong request.
func refuseAhead(x *exchange) (reply, bool, error) {
	if u := x.server.upstream; u != nil && (!x.blocks() || u.absent[x.operation().ID]) {
		return reply{}, false, nil
	}
	return refuse(x)
}

// passesUnrouted tells that a request which no operation of the document takes is the real server's: preflights, whose answers are
// its own policy, and everything that is not to be blocked.
func (s *Server) passesUnrouted(x *exchange) bool {
	if s.upstream == nil {
		return false
	}
	r := x.Request()
	if asked := r.Header.Get("Access-Control-Request-Method"); r.Method == http.MethodOptions && asked != "" {
		op := x.site.contract.Find(asked, x.path).Operation
		return op == nil || !s.upstream.absent[op.ID]
	}
	x.handling = s.options.handling
	return x.operation() == nil && (!x.blocks() || r.Method == http.MethodOptions)
}

// passUnrouted passes on what the document does not have. There is no more to check than that.
func (x *exchange) passUnrouted() error {
	r := x.Request()
	if x.operation() == nil && r.Method != http.MethodOptions {
		root := x.site.contract.Root()
		x.checked.Violations = []contract.Violation{{
			In: "path", Keyword: "undocumented", Message: "no operation of the document takes " + clip(r.Method, 40) + " " + clip(r.URL.EscapedPath(), 200),
			Rule: root.PositionOf("paths"),
		}}
	}
	x.found.Operation, x.inspected = nil, true
	if r.ContentLength != 0 && r.Body != nil {
		x.passBody()
	}
	_, _, err := fromUpstream(x)
	return err
}

// passBody lets the request's body pass as it comes.
func (x *exchange) passBody() {
	r, control := x.Request(), http.NewResponseController(x.Response())
	x.upload = &watched{ReadCloser: r.Body, budget: &x.server.upstream.held, limit: x.server.options.maxBody}
	x.upload.before = func() { _ = control.SetReadDeadline(time.Now().Add(longestPause)) }
	x.upload.end = func() { _ = control.SetReadDeadline(time.Time{}) }
}

// holdRequest reads the body as sent, where it can be held and somebody else may have to answer, and checks the request. Else the body
// passes as it comes, and is checked when it has.
func (x *exchange) holdRequest() error {
	r, limit := x.Request(), x.server.options.maxBody
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 || r.Header.Get("Upgrade") != "" {
		x.checkRequest()
		return nil
	}
	if x.tooLarge = r.ContentLength > limit; x.tooLarge || r.ContentLength < 0 && !x.holds() {
		x.passBody()
		if x.unread = "stream"; x.tooLarge {
			x.unread = "size"
		}
		x.checkRequest() // all but the body
		x.inspected = x.tooLarge
		return nil
	}
	raw, err := readAll(make([]byte, 0, max(512, r.ContentLength+1)), http.MaxBytesReader(x.Response(), r.Body, limit), limit)
	if err != nil {
		return unreadable(err, limit)
	}
	x.raw = raw
	if err := x.readRaw(); err != nil && x.holds() {
		return unreadable(err, limit)
	} else if err != nil {
		x.damaged(err)
		return nil
	}
	x.checkRequest()
	return nil
}

// holds tells that a body of unknown length must be read before anybody can answer.
func (x *exchange) holds() bool {
	id, s := x.operation().ID, x.server
	return x.blocks() || s.upstream.absent[id] || x.wish.asked() || s.options.handlers[id] != nil ||
		len(s.stubs.forOperation(id))+len(x.site.fixtures.For(id)) > 0
}

// readRaw decodes the body for those who look at it.
func (x *exchange) readRaw() error {
	decoded, why, err := plain(x.raw, x.Request().Header["Content-Encoding"], x.server.options.maxBody)
	x.body, x.unread = decoded, why
	return err
}

// damaged notes that the body cannot be decoded.
func (x *exchange) damaged(err error) {
	x.unread = "content-encoding"
	x.checkRequest()
	x.checked.Violations = append(x.checked.Violations, contract.Violation{
		Operation: x.operation().ID, In: "body", Keyword: "syntax", Message: "cannot be read: " + err.Error(), Rule: x.operation().Position,
	})
}

// mark writes into the answer what we have to say of it.
func (p *passage) mark(broken []contract.Violation, known bool) {
	x, h := p.exchange, p.header
	for name, values := range p.own {
		if h[name] == nil {
			h[name] = values
		}
	}
	h["Mock-Source"] = []string{"upstream"}
	asked := x.checked.Violations
	counts := "request=" + strconv.Itoa(len(asked))
	if known && x.operation() != nil {
		counts += ", response=" + strconv.Itoa(len(broken))
	}
	h["Mock-Violations"] = []string{counts}
	if all := append(asked[:len(asked):len(asked)], broken...); len(all) > 0 {
		h["Mock-Violation"] = []string{headerText(describe(all[0]), 512)}
	}
	if len(p.unchecked) > 0 {
		h["Mock-Unchecked"] = []string{join(p.unchecked)}
	}
	if known {
		p.tell(broken)
	}
}

// tell logs what breaks the contract: one line for the request, one for the answer.
func (p *passage) tell(broken []contract.Violation) {
	x := p.exchange
	for _, side := range []struct {
		what  string
		found []contract.Violation
	}{{"the request breaks the contract", x.checked.Violations}, {"the answer breaks the contract", broken}} {
		if len(side.found) == 0 {
			continue
		}
		v := side.found[0]
		x.server.options.logger.Warn(side.what, "request", x.Request().Method+" "+x.Request().URL.Path, "status", p.status,
			"violation", describe(v), "rule", v.Rule.String(), "more", len(side.found)-1)
	}
}

// conclude completes the exchange, with as much of the answer's body as was seen.
func (p *passage) conclude(body []byte, broken []contract.Violation) {
	rep := reply{
		status: p.status, contentType: p.header.Get("Content-Type"), header: maps.Clone(p.header), body: body, source: "upstream", violations: broken, sent: true,
	}
	x := p.exchange
	if p.upload != nil && !x.inspected {
		x.body, _ = p.upload.seen()
	}
	if len(p.header["Content-Encoding"]) > 0 {
		decoded, _, err := plain(body, p.header["Content-Encoding"], x.server.options.maxBody)
		if rep.body = decoded; err != nil {
			rep.body = nil
		}
	}
	took := time.Since(p.began)
	x.conclude(rep, "")
	p.upstream.record.keep(p, &rep, took)
}
