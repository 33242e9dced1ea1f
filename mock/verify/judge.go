package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/media"
)

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
	took   time.Duration
	lost   error // why nothing came, or not all of it
}

// mostAnswer is how much of an answer is read, in bytes.
const mostAnswer = 32 << 20

// mostTries is how often a request is sent that is answered "later".
const mostTries = 4

// sendOnce sends a draft, and again where it is answered "later"; sent is false if it has no form on the wire. An error tells that nobody
// listens.
func (r *run) sendOnce(ctx context.Context, d *draft) (a answer, request *http.Request, body []byte, sent bool, err error) {
	for range mostTries {
		request, body, err = r.refreshed(d).write(r.base)
		if err != nil {
			return answer{}, nil, nil, false, nil
		}
		r.authorize(request, d)
		r.pace(ctx)
		if a, err = r.exchange(request.WithContext(ctx)); err != nil {
			return answer{}, request, body, true, err
		}
		later, asked := retryAfter(a)
		if !asked || !wait(ctx, later) {
			break
		}
	}
	return a, request, body, true, nil
}

// exchange sends a request and reads the answer. That the answer is lost on its way is the server's fault, and no error; that nobody
// listens is one.
func (r *run) exchange(request *http.Request) (answer, error) {
	began := time.Now()
	response, err := r.Client.Do(request)
	if err != nil {
		if err := unreachable(err); err != nil || request.Context().Err() != nil {
			return answer{}, errors.Join(err, request.Context().Err())
		}
		return answer{lost: plainly(err), took: time.Since(began)}, nil
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	_ = response.Body.Close()
	if ctxErr := request.Context().Err(); ctxErr != nil {
		return answer{}, ctxErr
	}
	return answer{response.StatusCode, response.Header, text, time.Since(began), err}, nil
}

// plainly is an error without the URL, which is told beside it.
func plainly(err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

// unreachable is what is wrong where nobody listens.
func unreachable(err error) error {
	var refused *net.OpError
	if !errors.As(err, &refused) || refused.Op != "dial" {
		return nil
	}
	return fmt.Errorf("the target cannot be reached: %w", plainly(err))
}

// retryAfter is how long a server asks to wait (RFC 9110, 10.2.3), at most 10 s.
func retryAfter(a answer) (time.Duration, bool) {
	const longest = 10 * time.Second
	if a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable {
		return 0, false
	}
	text := a.header.Get("Retry-After")
	if at, err := http.ParseTime(text); err == nil {
		return min(max(time.Until(at), 0), longest), true
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 0 {
		return 0, false
	}
	return min(time.Duration(min(seconds, 60))*time.Second, longest), true
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// pace keeps to the rate.
func (r *run) pace(ctx context.Context) {
	if r.Rate <= 0 {
		return
	}
	r.mu.Lock()
	now := time.Now()
	if r.next.Before(now) {
		r.next = now
	}
	pause := r.next.Sub(now)
	r.next = r.next.Add(time.Duration(float64(time.Second) / r.Rate))
	r.mu.Unlock()
	wait(ctx, pause)
}

// fault is what one answer breaks.
type fault struct {
	check, message string
	rule           contract.Position
	// cause tells this fault from others of the same check, whatever the values.
	cause string
}

// judge sends a case, and keeps what its answer breaks.
func (r *run) judge(ctx context.Context, c testCase) (a answer, came bool) {
	a, request, body, sent, err := r.send(ctx, c.draft)
	if err != nil && ctx.Err() == nil {
		r.fail(err)
	}
	if !sent || err != nil {
		return a, false
	}
	r.cases.Add(1)
	r.see(c.draft.op, request, body, a)
	for _, f := range r.faults(ctx, c, request, a) {
		r.keep(ctx, c, f, request, body, a)
	}
	return a, true
}

// fail ends the run.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

// faults are what an answer breaks.
func (r *run) faults(ctx context.Context, c testCase, request *http.Request, a answer) []fault {
	op := c.draft.op
	var out []fault
	add := func(check, cause, message string, rule contract.Position) {
		if !r.without(op, check) {
			out = append(out, fault{check: check, message: message, rule: rule, cause: cause})
		}
	}
	if _, later := retryAfter(a); later {
		return nil
	}
	if r.Slow > 0 && a.took > r.Slow {
		add("slow", "", fmt.Sprintf("it took %v, and at most %v are allowed", a.took.Round(time.Millisecond), r.Slow), op.Position)
	}
	documented := op.Responses().Exact[a.status] != nil
	switch {
	case a.lost != nil:
		add("server-error", "lost"+c.shape(), fmt.Sprintf("the answer does not arrive: %v", a.lost), op.Position)
		return out
	case c.expect == "method":
		if a.status < 400 || a.status >= 500 && a.status != http.StatusNotImplemented {
			add("method", request.Method, fmt.Sprintf("%s is not documented here, and is answered %d", request.Method, a.status), op.Position)
		}
		return out
	case a.status >= 500 && !documented:
		add("server-error", strconv.Itoa(a.status)+c.shape(), fmt.Sprintf("the server fails with %d", a.status), op.Position)
		return out
	}
	if !r.asExpected(ctx, c, a, add) {
		return out
	}
	if c.expect != "valid" && general4xx(op, a) {
		return out
	}
	if silent(op, request.Method, a) {
		rule := op.Responses().For(a.status).Content[0].Position
		add("body", "silent", fmt.Sprintf("the answer %d has no body, and one is documented", a.status), rule)
	}
	for _, v := range op.CheckResponse(a.status, a.header, a.body) {
		add(checkOf(v), v.Keyword+" "+v.In+" "+general(v.Pointer)+v.Name+" "+v.Rule.String(), told(v, a.status), v.Rule)
	}
	return out
}

// asExpected tells whether what an answer holds is still to be judged, after what the case is about.
func (r *run) asExpected(ctx context.Context, c testCase, a answer, add func(check, cause, message string, rule contract.Position)) bool {
	op := c.draft.op
	switch c.expect {
	case "head":
		r.head(ctx, c, a, add)
		return false
	case "credentials":
		// That a request is accepted says nothing of what will become of it (RFC 9110, 15.3.3).
		if a.status < 400 && !(a.status == http.StatusAccepted && c.draft.wrong) {
			add("credentials", c.name, fmt.Sprintf("with %s it is answered %d", c.name, a.status), op.Position)
			return false
		}
	case "invalid":
		if a.status < 400 {
			add("invalid-accepted", c.name, fmt.Sprintf("it breaks the document (%s), and is answered %d", c.name, a.status), op.Position)
			return false
		}
	case "valid":
		if refuses(a.status) {
			add("valid-refused", c.shape(), fmt.Sprintf("it keeps the document (%s), and is answered %d", c.name, a.status), op.Position)
		}
	case "negotiation":
		return r.negotiated(c, a, add)
	}
	return true
}

// negotiated judges an answer to a request that accepts one media type only (RFC 9110, 12.5.1). A server may answer with another one than
// was asked for where it has none of that; where the document says it has, it may not.
func (r *run) negotiated(c testCase, a answer, add func(check, cause, message string, rule contract.Position)) bool {
	op, asked := c.draft.op, c.draft.accept
	offered := produces(op)
	if !slices.Contains(offered, asked) {
		return a.status != http.StatusNotAcceptable
	}
	switch answered := op.Responses().For(a.status); {
	case a.status == http.StatusNotAcceptable:
		add("negotiation", asked, fmt.Sprintf("%s is documented and asked for, and answered 406", asked), op.Position)
		return false
	case a.status/100 == 2 && answered != nil && len(a.body) > 0 && answered.Media(asked) != nil && answered.Media(a.header.Get("Content-Type")) != answered.Media(asked):
		add("negotiation", asked, fmt.Sprintf("%s is asked for, and %q is answered", asked, a.header.Get("Content-Type")), op.Position)
		return false
	}
	return true
}

// silent tells that a success has no body where the document has nothing but answers with one.
func silent(op *contract.Operation, method string, a answer) bool {
	documented := op.Responses().For(a.status)
	if len(a.body) > 0 || method == http.MethodHead || a.status/100 != 2 || a.status == http.StatusNoContent || documented == nil || len(documented.Content) == 0 {
		return false
	}
	return !slices.ContainsFunc(documented.Content, func(m *contract.MediaType) bool {
		t, err := media.Parse(m.Range)
		return err != nil || !t.IsJSON() || m.Sequence() // an empty text, file or list of lines is a body, too
	})
}

// general4xx tells that a wrong request was refused as HTTP has it for every resource: by a 4xx that the document has nothing to say about,
// or by a problem (RFC 9457). A document need not repeat that for each operation.
func general4xx(op *contract.Operation, a answer) bool {
	if a.status/100 != 4 {
		return false
	}
	return op.Responses().For(a.status) == nil || essence(a.header) == "application/problem+json"
}

// shape is what a case is about, without numbers of examples and seeds.
func (c testCase) shape() string {
	if strings.HasPrefix(c.name, "made up") || strings.HasPrefix(c.name, "example") {
		return ""
	}
	return " " + c.name
}

// refuses tells that a status says that the request itself is wrong. Credentials, what is there and what is not are no faults of it.
func refuses(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	}
	return false
}

func checkOf(v contract.Violation) string {
	switch {
	case v.In == "status":
		return "status"
	case v.Keyword == "contentType":
		return "media-type"
	case v.In == "header":
		return "header"
	}
	return "body"
}

func told(v contract.Violation, status int) string {
	where := v.In
	if v.Name != "" {
		where += " " + v.Name
	}
	if v.Pointer != "" {
		where += " " + v.Pointer
	}
	return fmt.Sprintf("the answer %d breaks the document: %s: %s", status, where, v.Message)
}

// general is a pointer with a star for each index.
func general(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if _, err := strconv.Atoi(token); err == nil {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// head compares HEAD with GET (RFC 9110, 9.3.2).
func (r *run) head(ctx context.Context, c testCase, a answer, add func(check, cause, message string, rule contract.Position)) {
	get := c.draft.clone()
	get.method = http.MethodGet
	b, _, _, sent, err := r.send(ctx, get)
	if !sent || err != nil || a.status == http.StatusMethodNotAllowed {
		return
	}
	switch {
	case a.status != b.status:
		add("head", "status", fmt.Sprintf("HEAD is answered %d, and GET %d", a.status, b.status), c.draft.op.Position)
	case essence(a.header) != essence(b.header):
		add("head", "media type", fmt.Sprintf("HEAD tells the media type %q, and GET %q", a.header.Get("Content-Type"), b.header.Get("Content-Type")), c.draft.op.Position)
	}
}

func essence(h http.Header) string {
	t, err := media.Parse(h.Get("Content-Type"))
	if err != nil {
		return h.Get("Content-Type")
	}
	return t.String()
}
