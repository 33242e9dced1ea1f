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
}

// mostAnswer is how much of an answer is read, in bytes.
const mostAnswer = 32 << 20

// mostTries is how often a request is sent that is answered "later".
const mostTries = 4

// send sends a draft; sent is false if it has no form on the wire.
func (r *run) send(ctx context.Context, d *draft) (a answer, request *http.Request, body []byte, sent bool, err error) {
	for range mostTries {
		request, body, err = d.write(r.base)
		if err != nil {
			return answer{}, nil, nil, false, nil
		}
		if !d.public {
			r.authorize(request, d.op)
		}
		r.pace(ctx)
		began := time.Now()
		response, err := r.Client.Do(request.WithContext(ctx))
		if err != nil {
			return answer{}, request, body, true, err
		}
		text, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
		_ = response.Body.Close()
		if err != nil {
			return answer{}, request, body, true, err
		}
		a = answer{response.StatusCode, response.Header, text, time.Since(began)}
		later, asked := retryAfter(response)
		if !asked || !wait(ctx, later) {
			break
		}
	}
	return a, request, body, true, nil
}

// retryAfter is how long a server asks to wait (RFC 9110, 10.2.3), at most 10 s.
func retryAfter(r *http.Response) (time.Duration, bool) {
	if r.StatusCode != http.StatusTooManyRequests && r.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil {
		return 0, false
	}
	return min(time.Duration(seconds)*time.Second, 10*time.Second), true
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

// judge sends a case, and keeps what its answer breaks. status is 0 if nothing came.
func (r *run) judge(ctx context.Context, c testCase) (status int) {
	a, request, body, sent, err := r.send(ctx, c.draft)
	if !sent || ctx.Err() != nil {
		return 0
	}
	if err != nil {
		r.unreachable(err)
		return 0
	}
	r.cases.Add(1)
	faults := r.faults(ctx, c, request, a)
	for _, f := range faults {
		r.keep(ctx, c, f, request, body, a)
	}
	return a.status
}

// unreachable ends the run where nobody listens; what else goes wrong on the way is the server's fault, and counted as such.
func (r *run) unreachable(err error) {
	var refused *net.OpError
	if !errors.As(err, &refused) || refused.Op != "dial" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		r.err = fmt.Errorf("the target cannot be reached: %w", err)
	}
}

// faults are what an answer breaks.
func (r *run) faults(ctx context.Context, c testCase, request *http.Request, a answer) []fault {
	op := c.draft.op
	var out []fault
	add := func(check, cause, message string, rule contract.Position) {
		if !slices.Contains(r.Without, check) {
			out = append(out, fault{check: check, message: message, rule: rule, cause: cause})
		}
	}
	if r.Slow > 0 && a.took > r.Slow {
		add("slow", "", fmt.Sprintf("it took %v, and at most %v are allowed", a.took.Round(time.Millisecond), r.Slow), op.Position)
	}
	documented := op.Responses().Exact[a.status] != nil
	switch {
	case c.expect == "method":
		if a.status < 400 || a.status >= 500 && a.status != http.StatusNotImplemented {
			add("method", request.Method, fmt.Sprintf("%s is not documented here, and is answered %d", request.Method, a.status), op.Position)
		}
		return out
	case a.status >= 500 && !documented:
		add("server-error", strconv.Itoa(a.status)+c.shape(), fmt.Sprintf("the server fails with %d", a.status), op.Position)
		return out
	}
	switch c.expect {
	case "head":
		r.head(ctx, c, a, add)
		return out
	case "credentials":
		if a.status < 400 {
			add("credentials", "", fmt.Sprintf("without credentials it is answered %d", a.status), op.Position)
			return out
		}
	case "invalid":
		if a.status < 400 {
			add("invalid-accepted", c.name, fmt.Sprintf("it breaks the document (%s), and is answered %d", c.name, a.status), op.Position)
			return out
		}
	case "valid":
		if refuses(a.status) {
			add("valid-refused", c.shape(), fmt.Sprintf("it keeps the document (%s), and is answered %d", c.name, a.status), op.Position)
		}
	case "negotiation":
		if a.status == http.StatusNotAcceptable {
			return out
		}
	}
	if c.expect != "valid" && general4xx(op, a) {
		return out
	}
	for _, v := range op.CheckResponse(a.status, a.header, a.body) {
		add(checkOf(v), v.Keyword+" "+v.In+" "+general(v.Pointer)+v.Name+" "+v.Rule.String(), told(v, a.status), v.Rule)
	}
	return out
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
