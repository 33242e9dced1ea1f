package mock

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"standin/mock/contract"
)

// passage is one exchange on its way through the real server.
type passage struct {
	exchange *exchange
	upstream *upstream
	own      http.Header // what our answers say beside the real server's
	upload   *watched    // the request's body, nil where it was read before
	lacking  bool        // the real server does not have the operation, and the mock may answer
	answered bool
	err      error
	began    time.Time

	status    int
	header    http.Header // the answer's, as sent
	download  *watched    // the answer's body, nil where it was read before
	unchecked []string    // what could not be checked, with the reason
}

type passageKey struct{}

func passageOf(r *http.Request) *passage { return r.Context().Value(passageKey{}).(*passage) }

// keepError keeps what went wrong; the journey answers it.
func keepError(_ http.ResponseWriter, r *http.Request, err error) {
	if p := passageOf(r); p.err == nil {
		p.err = err
	}
}

var (
	errLacking = errors.New("the real server lacks this operation")
	errBlocked = errors.New("the real server's answer breaks the contract")
)

// patience is how long the end of an answer of unknown length is waited for before its beginning is passed on.
const patience = 200 * time.Millisecond

// longestPause is how long a client may pause within a request's body that is passed on as it comes.
const longestPause = time.Minute

// fromUpstream asks the real server, unless the wish is one that only the mock can fulfil.
func fromUpstream(x *exchange) (reply, bool, error) {
	u := x.server.upstream
	if u == nil || x.wish.asked() || x.wish.fault != "" || x.operation() != nil && u.absent[x.operation().ID] {
		return reply{}, false, nil
	}
	if u.looped(x.Request()) {
		return reply{}, false, newProblem(http.StatusLoopDetected, "loop", "the target "+u.target.String()+" leads back to this server")
	}
	if err := pause(x.Request().Context(), x.wish.delay); err != nil {
		return reply{sent: true}, true, nil
	}
	p := u.pass(x)
	switch {
	case p.answered:
		return reply{sent: true}, true, nil
	case p.lacking:
		p.back()
		return reply{}, false, nil
	}
	p.back()
	return reply{}, false, p.problem()
}

// pass sends the request on and the answer back.
func (u *upstream) pass(x *exchange) *passage {
	p := &passage{exchange: x, upstream: u, upload: x.upload, began: time.Now()}
	r := x.Request().WithContext(context.WithValue(x.Request().Context(), passageKey{}, p))
	switch {
	case p.upload != nil:
		r.Body = p.upload
	case len(x.raw) > 0:
		r.Body, r.ContentLength = replay(x.raw, nil, nil), int64(len(x.raw))
		r.TransferEncoding = nil
	default:
		r.Body = http.NoBody
	}
	if p.upload == nil { // else it has a deadline of its own
		_ = http.NewResponseController(x.Response()).SetReadDeadline(time.Time{})
	}
	p.own = maps.Clone(x.Response().Header())
	maps.DeleteFunc(p.own, func(name string, _ []string) bool { return strings.HasPrefix(name, "Access-Control-") })
	clear(x.Response().Header())
	defer p.release()
	u.proxy.ServeHTTP(x.Response().Writer, r)
	return p
}

// back gives our own answer its headers again.
func (p *passage) back() {
	h := p.exchange.Response().Header()
	clear(h)
	maps.Copy(h, p.own)
	if origin := p.exchange.Request().Header.Get("Origin"); origin != "" {
		p.exchange.server.allowOrigin(h, origin)
	}
}

// release ends what is held, and tells the journal of exchanges that were broken off.
func (p *passage) release() {
	if p.upload != nil {
		defer p.upload.release()
	}
	if p.download != nil {
		_ = p.download.Close()
		p.download.release()
	}
}

// problem is what the client is told where there is no answer.
func (p *passage) problem() error {
	x, target := p.exchange, p.upstream.target.String()
	if known, ok := errors.AsType[*problem](p.err); ok {
		return known
	}
	if errors.Is(p.err, context.Canceled) && x.Request().Context().Err() != nil {
		return newProblem(499, "gone", "the client has gone before "+target+" answered")
	}
	why := "no answer"
	if p.err != nil {
		why = p.err.Error()
	}
	if late, ok := errors.AsType[net.Error](p.err); ok && late.Timeout() {
		return newProblem(http.StatusGatewayTimeout, "upstream-timeout", target+" did not answer in time: "+why)
	}
	return newProblem(http.StatusBadGateway, "upstream", target+" did not answer: "+why)
}

// inspect looks at the real server's answer before the client gets it.
func (u *upstream) inspect(res *http.Response) error {
	p := passageOf(res.Request)
	x := p.exchange
	for _, name := range []string{"Mock-Source", "Mock-Violations", "Mock-Violation", "Mock-Exchange", "Mock-Unchecked"} {
		res.Header.Del(name) // of another mock behind this one
	}
	if res.StatusCode == http.StatusNotImplemented && p.mayAnswer() {
		p.lacking = true
		return errLacking
	}
	p.checkUpload()
	if x.unread != "" {
		p.note("request", x.unread)
	}
	body, known := p.hold(res)
	var broken []contract.Violation
	if known {
		broken = p.judge(res, body)
	}
	if res.StatusCode == http.StatusNotFound && p.undocumented(broken) && p.mayAnswer() {
		p.lacking = true
		return errLacking
	}
	if len(broken) > 0 && p.blocks() {
		return p.blocked(res, broken)
	}
	u.rewriteAnswer(res, x)
	p.status, p.header, p.answered = res.StatusCode, res.Header, true
	p.mark(broken, known)
	x.Response().Status, x.Response().Committed = res.StatusCode, true
	if known {
		p.conclude(body, broken)
	}
	return nil
}

// mayAnswer tells whether the mock can answer in the real server's place: it has the operation, and the whole request.
func (p *passage) mayAnswer() bool {
	x := p.exchange
	if p.upstream.passOn || x.operation() == nil || x.operation().Broken() || x.tooLarge {
		return false
	}
	if p.upload != nil {
		if _, all := p.upload.seen(); !all {
			return false
		}
	}
	p.checkUpload()
	return true
}

// undocumented tells that a 404 is none that the document foresees, so that it comes from a server without the operation.
func (p *passage) undocumented(broken []contract.Violation) bool {
	return len(broken) > 0 && (broken[0].In == "status" || broken[0].In == "body")
}

func (p *passage) blocks() bool { return p.exchange.blocks() }

// blocked is the answer in place of one that breaks the contract.
func (p *passage) blocked(res *http.Response, broken []contract.Violation) error {
	problem := newProblem(http.StatusBadGateway, "upstream-violations",
		"The answer of "+p.upstream.target.String()+" ("+strconv.Itoa(res.StatusCode)+") breaks the contract: "+describe(broken[0]))
	problem.Violations, problem.answer = broken, true
	p.exchange.server.logRefusal(p.exchange.Request(), problem)
	p.err = problem
	return errBlocked
}

// checkUpload checks a request whose body passed as it came, once it has.
func (p *passage) checkUpload() {
	x := p.exchange
	if p.upload == nil || x.inspected || x.operation() == nil {
		return
	}
	kept, all := p.upload.seen()
	if !all {
		return
	}
	x.raw = kept
	if err := x.readRaw(); err != nil {
		x.damaged(err)
		return
	}
	x.checkRequest()
}

// note tells once that something could not be checked.
func (p *passage) note(what, why string) {
	entry := what + `;why="` + why + `"`
	for _, known := range p.unchecked {
		if strings.HasPrefix(known, what+";") {
			return
		}
	}
	p.unchecked = append(p.unchecked, entry)
}

// hold reads the answer's body where it is of a size to be checked before it is passed on. known is false for one that passes as it comes.
func (p *passage) hold(res *http.Response) (body []byte, known bool) {
	limit := p.heldOf(res.Header.Get("Content-Type"))
	if res.StatusCode == http.StatusSwitchingProtocols || res.Body == nil || res.Request.Method == http.MethodHead ||
		bodyless(res.StatusCode) || res.ContentLength == 0 {
		return nil, true
	}
	closer := res.Body.Close
	switch {
	case streams(res.Header.Get("Content-Type")), res.ContentLength > limit, res.ContentLength > 0 && !p.upstream.held.take(res.ContentLength):
		p.watch(res)
		return nil, false
	case res.ContentLength > 0:
		defer p.upstream.held.give(res.ContentLength)
		body, err := readAll(make([]byte, 0, res.ContentLength+1), res.Body, limit)
		return p.replay(res, body, err, closer)
	}
	if !p.upstream.held.take(limit) {
		p.watch(res)
		return nil, false
	}
	defer p.upstream.held.give(limit)
	a := readAhead(res.Body, limit)
	longest := patience
	if p.blocks() {
		longest = 0
	}
	body, err, all := a.wait(p.exchange.Request().Context().Done(), longest)
	if !all {
		res.Body = a
		p.watch(res)
		return nil, false
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return p.replay(res, body, err, closer)
}

// replay passes on what was read, and breaks off where the real server did.
func (p *passage) replay(res *http.Response, body []byte, err error, closer func() error) ([]byte, bool) {
	res.Body = replay(body, err, closer)
	if err != nil {
		p.watch(res)
	}
	return body, err == nil
}

// enoughOfBytes is how much is held of a body that no schema can be held against, in bytes.
const enoughOfBytes = 64 << 10

// heldOf is how much of a body of a media type is held in order to check it.
func (p *passage) heldOf(contentType string) int64 {
	if opaque(contentType) {
		return min(enoughOfBytes, p.exchange.server.options.maxBody)
	}
	return p.exchange.server.options.maxBody
}

// opaque tells of media types whose bodies are taken as they are.
func opaque(contentType string) bool {
	kind := essence(contentType)
	major, _, _ := strings.Cut(kind, "/")
	return kind == "application/octet-stream" || kind == "application/pdf" || kind == "application/zip" ||
		(major == "image" || major == "audio" || major == "video" || major == "font") && !strings.HasSuffix(kind, "+xml")
}

// watch lets a body pass, keeps its beginning, and checks that when it has ended.
func (p *passage) watch(res *http.Response) {
	p.download = &watched{ReadCloser: res.Body, budget: &p.upstream.held, limit: p.heldOf(res.Header.Get("Content-Type")), end: p.ended}
	res.Body = p.download
	why := "size"
	if res.ContentLength < 0 {
		why = "stream"
	}
	p.note("response", why)
}

// streams tells of media types whose bodies are read while they come.
func streams(contentType string) bool {
	essence, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch strings.TrimSpace(essence) {
	case "text/event-stream", "application/x-ndjson", "application/jsonl", "application/json-seq", "multipart/x-mixed-replace", "application/grpc",
		"application/stream+json":
		return true
	}
	return false
}

// judge checks an answer whose whole body is known.
func (p *passage) judge(res *http.Response, body []byte) []contract.Violation {
	op := p.exchange.operation()
	if op == nil || res.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	decoded, why, err := plain(body, res.Header["Content-Encoding"], p.exchange.server.options.maxBody)
	switch {
	case err != nil:
		return []contract.Violation{{Operation: op.ID, In: "body", Keyword: "syntax", Message: "cannot be read: " + err.Error(), Rule: op.Position}}
	case why != "":
		p.note("response", why)
		decoded = nil
	}
	return op.CheckResponse(res.StatusCode, res.Header, decoded)
}

// ended checks what was kept of an answer that passed as it came, and completes the exchange.
func (p *passage) ended() {
	p.checkUpload()
	if !p.answered {
		return
	}
	kept, all := p.download.seen()
	var broken []contract.Violation
	if op := p.exchange.operation(); op != nil {
		broken = op.CheckResponse(p.status, p.header, p.judgeable(kept, all))
		broken = slices.DeleteFunc(broken, func(v contract.Violation) bool {
			return !all && v.In == "body" && v.Pointer == "" && (v.Keyword == "minLength" || v.Keyword == "maxLength") // of the beginning
		})
	}
	p.tell(broken)
	p.conclude(kept, broken)
}

// judgeable is what can be judged of the beginning of a body, decoded; nothing where it is compressed and not whole.
func (p *passage) judgeable(kept []byte, all bool) []byte {
	encoding := p.header["Content-Encoding"]
	if !all && len(encoding) > 0 {
		return nil
	}
	if opaque(p.header.Get("Content-Type")) {
		return kept
	}
	if !all {
		return wholeElements(p.header.Get("Content-Type"), kept)
	}
	decoded, _, err := plain(kept, encoding, p.exchange.server.options.maxBody)
	if err != nil {
		return nil
	}
	return decoded
}

// wholeElements is the part of an unfinished body that can be judged: its complete events or lines; nothing of any other kind.
func wholeElements(contentType string, kept []byte) []byte {
	essence, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	end := -1
	switch strings.TrimSpace(essence) {
	case "text/event-stream":
		if end = max(bytes.LastIndex(kept, []byte("\n\n")), bytes.LastIndex(kept, []byte("\r\n\r\n"))); end >= 0 {
			end++
		}
	case "application/x-ndjson", "application/jsonl", "application/stream+json":
		end = bytes.LastIndexByte(kept, '\n')
	}
	return kept[:end+1]
}
