package portal

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/source"
)

// Bounds of a trial.
const (
	mostAnswer   = 4 << 20 // bytes of an answer that are kept
	mostShown    = 100_000 // bytes of it that are shown
	mostDownload = 2 << 20 // bytes that a link in the page can hold
	longestTry   = 45 * time.Second
)

// recorder takes an answer in, and no more of it than is kept.
type recorder struct {
	header http.Header
	status int
	sent   http.Header // as it was when the answer began
	body   bytes.Buffer
	size   int
}

// Header is that of the answer.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader begins the answer; informational ones (RFC 9110, 15.2) are passed over.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status, r.sent = status, r.header.Clone()
	}
}

// Write keeps the first mostAnswer bytes.
func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.size += len(b)
	if room := mostAnswer - r.body.Len(); room > 0 {
		r.body.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

// Flush is there for those who stream.
func (r *recorder) Flush() {}

// outcome is what came of a trial.
type outcome struct {
	status int
	header http.Header
	body   []byte
	size   int
	took   time.Duration
}

// errBroken tells that the answer broke off, as a fault wants it.
var errBroken = errors.New("the connection broke off before the answer was complete")

// run asks the mock's own handler.
func (v *view) run(t *trial) (out *outcome, err error) {
	r, err := t.request("http://"+v.request.Host, v.site.site.Base)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(v.request.Context(), longestTry)
	defer cancel()
	r = r.WithContext(ctx)
	r.RemoteAddr, r.Host = v.request.RemoteAddr, v.request.Host
	if enter := v.site.site.Enter; enter != nil && v.sandbox != "" {
		enter(r, v.sandbox)
	}
	rec := &recorder{header: http.Header{}}
	begun := time.Now()
	if !v.answered(rec, r) {
		return nil, errBroken
	}
	rec.WriteHeader(http.StatusOK)
	return &outcome{status: rec.status, header: rec.sent, body: rec.body.Bytes(), size: rec.size, took: time.Since(begun)}, nil
}

// answered lets the handler answer; false tells that it broke off (net/http.ErrAbortHandler).
func (v *view) answered(w http.ResponseWriter, r *http.Request) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler { //nolint:errorlint // a panic value is not wrapped
				panic(p)
			}
			ok = false
		}
	}()
	v.site.site.API.ServeHTTP(w, r)
	return true
}

// tryAnswer is an answer as the page shows it.
type tryAnswer struct {
	Failed         string // there is no answer: why
	Status         int
	Class, Title   string
	Took, Size     string
	Method, Target string
	Source         string
	Exchange       string // URL of the exchange in the journal
	Prefer         string // that was applied
	Headers        []Related
	Body           BodyShown
	Download       template.URL
	FileName       string
	Request        []Violation
	Response       []Violation
	RequestKept    bool
	ResponseKept   bool
	Elsewhere      *Link // the request leads to this operation
	Unrouted       bool  // or to none
	Follow         string
	FollowShown    string
	Wait           int  // seconds that the answer asks to wait before that
	Foreign        bool // a real host answered
}

// send runs the request of a form.
func (v *view) send(e *entry, f posted) *tryAnswer {
	t := v.assemble(e, f)
	t.authorize(v, e.op, func(s contract.Scheme) string { return f.Get(secretField + s.ID) })
	return v.sendTrial(e, t)
}

func (v *view) sendTrial(e *entry, t *trial) *tryAnswer {
	got, err := v.run(t)
	if err != nil {
		return &tryAnswer{Failed: err.Error(), Method: t.method, Target: oneLine(t.target, 400)}
	}
	return v.judged(e, t, got)
}

// judged shows an answer and says whether request and answer keep the contract.
func (v *view) judged(e *entry, t *trial, got *outcome) *tryAnswer {
	a := v.shownAnswer(t, got)
	r, err := t.request("http://host", "")
	if err != nil {
		a.Failed = err.Error()
		return a
	}
	found := v.site.site.Contract.Find(t.method, r.URL.EscapedPath()).With(r.URL.RawQuery)
	if found.Operation == nil {
		a.Unrouted = true
		return a
	}
	if found.Operation != e.op {
		other := v.outline().byID[found.Operation.ID]
		if other == nil {
			a.Unrouted = true
			return a
		}
		a.Elsewhere, e = &Link{other.id, v.operationURL(other)}, other
	}
	checked := e.op.CheckRequest(&contract.Request{Found: found, URL: r.URL, Header: r.Header, Body: t.body})
	var answer []contract.Violation
	if got.size <= mostAnswer {
		answer = e.op.CheckResponse(got.status, got.header, got.body)
	}
	a.Request = v.placed(e, "", checked.Violations)
	a.Response = v.placed(e, strconv.Itoa(got.status), answer)
	a.RequestKept, a.ResponseKept = len(a.Request) == 0, len(a.Response) == 0
	a.Follow = v.next(got)
	a.FollowShown = oneLine(a.Follow, 80)
	a.Wait = retryAfter(got.header.Get("Retry-After"), time.Now())
	return a
}

// placed tells of violations, each with a link to a place that the operation's page has.
func (v *view) placed(e *entry, status string, list []contract.Violation) []Violation {
	if len(list) == 0 {
		return nil
	}
	anchors := v.anchors(e)
	out := v.violations(e.op.ID, status, list)
	for i := range out {
		page, anchor, _ := strings.Cut(out[i].URL, "#")
		if there := standing(anchor, anchors); there != "" {
			page += "#" + there
		}
		out[i].URL = page
	}
	return out
}

func (v *view) shownAnswer(t *trial, got *outcome) *tryAnswer {
	status := strconv.Itoa(got.status)
	a := &tryAnswer{
		Status: got.status, Class: statusClass(status), Title: v.statusTitle(status), Took: tookWord(got.took), Size: bytesWord(got.size),
		Method: t.method, Target: oneLine(t.target, 400), Source: got.header.Get("Mock-Source"), Prefer: got.header.Get("Preference-Applied"),
		Headers: headerLines(got.header),
	}
	if at := got.header.Get("Mock-Exchange"); strings.HasPrefix(at, v.site.root+"/journal/") {
		a.Exchange = at + v.suffix
	}
	a.showBody(v, got)
	return a
}

// tookWord tells a time as people measure answers.
func tookWord(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// showBody puts the body into the answer, as text whatever it is; bytes and long texts are behind a link.
func (a *tryAnswer) showBody(v *view, got *outcome) {
	if got.size == 0 {
		a.Body.Note = v.T("response.nobody")
		return
	}
	kind, err := media.Parse(got.header.Get("Content-Type"))
	text := utf8.Valid(got.body) || got.size > len(got.body) && err == nil && !isBinary(kind)
	if text {
		code, language := legible(got.body, got.header.Get("Content-Type"))
		shown := strings.ToValidUTF8(string(code), "\uFFFD")
		if len(shown) > mostShown {
			a.Body.Note = v.T("journal.cut", bytesWord(mostShown), bytesWord(got.size))
			shown, language = cutLines(shown, mostShown), ""
		}
		a.Body.Code = v.site.colours.colour(shown, language)
	} else {
		a.Body.Note = v.T("example.binary", bytesWord(got.size))
	}
	if len(got.body) == got.size && got.size <= mostDownload && (!text || a.Body.Note != "") {
		// A link that the browser saves, and never shows: its type is that of bytes alone.
		a.Download = template.URL("data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(got.body))
		a.FileName = "answer." + fileEnding(kind)
	}
}

// fileEnding is the ending of a file's name for a type.
func fileEnding(t media.Type) string {
	if name := slug(t.Subtype); name != "" && len(name) <= 8 && t.Subtype != "octet-stream" {
		return name
	}
	return "bin"
}

// longestWait bounds what an answer may ask to wait, in seconds.
const longestWait = 300

// retryAfter reads a Retry-After header, seconds or a date (RFC 9110, 10.2.3), as seconds; 0 for none.
func retryAfter(text string, now time.Time) int {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		return min(max(n, 0), longestWait)
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return min(int((at.Sub(now)+time.Second-1)/time.Second), longestWait)
	}
	return 0
}

// mostLinks bounds the walk through a body for a URL to follow.
const mostLinks = 2000

// next is the target of a GET of this contract that an answer leads to by Location or by a URL in its body, "" if it leads nowhere.
func (v *view) next(got *outcome) string {
	if got.status/100 != 2 && got.status/100 != 3 {
		return ""
	}
	if target := v.followable(got.header.Get("Location")); target != "" {
		return target
	}
	if kind, err := media.Parse(got.header.Get("Content-Type")); err != nil || !kind.IsJSON() {
		return ""
	}
	value, err := source.DecodeJSON(got.body, source.Limits{})
	if err != nil {
		return ""
	}
	left := mostLinks
	return v.linkIn(value, &left)
}

// linkIn finds the first URL to follow in a value.
func (v *view) linkIn(value any, left *int) string {
	if *left--; *left < 0 {
		return ""
	}
	switch x := value.(type) {
	case string:
		return v.followable(x)
	case []any:
		for _, item := range x {
			if to := v.linkIn(item, left); to != "" {
				return to
			}
		}
	case map[string]any:
		for _, name := range sortedNames(x) {
			if to := v.linkIn(x[name], left); to != "" {
				return to
			}
		}
	}
	return ""
}

// followable is the path and query of a URL that a GET of this contract answers to, "" for any other text.
func (v *view) followable(text string) string {
	if len(text) > 2000 || !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Path == "" || u.Path == "/" {
		return ""
	}
	path := u.EscapedPath()
	for _, base := range []string{strings.TrimSuffix(v.site.root, v.site.site.Prefix), v.site.site.Base, ""} {
		rest, inside := strings.CutPrefix(path, base)
		if !inside || !strings.HasPrefix(rest, "/") {
			continue
		}
		found := v.site.site.Contract.Find(http.MethodGet, rest).With(u.RawQuery)
		if found.Operation == nil || found.Operation.Internal() || v.outline().byID[found.Operation.ID] == nil {
			continue
		}
		if u.RawQuery != "" {
			rest += "?" + u.RawQuery
		}
		return rest
	}
	return ""
}

// follow asks for the URL that the answer before led to.
func (v *view) follow(e *entry, f posted) *tryAnswer {
	target := v.followable(f.Get("follow"))
	if target == "" {
		return &tryAnswer{Failed: v.T("try.follow.none"), Target: oneLine(f.Get("follow"), 200)}
	}
	path, query, _ := strings.Cut(target, "?")
	found := v.site.site.Contract.Find(http.MethodGet, path).With(query)
	next := v.outline().byID[found.Operation.ID]
	t := &trial{method: http.MethodGet, target: target, header: http.Header{}}
	t.authorize(v, next.op, func(s contract.Scheme) string { return f.Get(secretField + s.ID) })
	a := v.sendTrial(next, t)
	if a.Elsewhere == nil && next != e {
		a.Elsewhere = &Link{next.id, v.operationURL(next)}
	}
	switch {
	case a.Status == http.StatusAccepted && a.Follow == "": // it is not done yet, and says no more
		a.Follow, a.FollowShown = target, oneLine(target, 80)
	case a.Follow == target && a.Status != http.StatusAccepted:
		a.Follow = "" // it leads to itself: this is the end
	}
	return a
}
