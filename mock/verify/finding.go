package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"standin/mock/contract"
)

// Finding is a promise that the server breaks.
type Finding struct {
	// Fingerprint is the same on every run that finds the same cause.
	Fingerprint string `json:"fingerprint"`
	Check       string `json:"check"`
	Operation   string `json:"operation"`
	// Case is what was special about the request, Message what is wrong.
	Case    string `json:"case"`
	Message string `json:"message"`
	// Rule is where the broken rule stands.
	Rule contract.Position `json:"rule"`
	// Curl is a command line that shows it; Status and Body are how it was answered, at most 2 KiB of the body.
	Curl   string `json:"curl"`
	Status int    `json:"status"`
	Body   string `json:"body,omitempty"`
	// Times is how many cases show it.
	Times int `json:"times"`
	// Flaky tells that it did not happen again.
	Flaky bool `json:"flaky,omitempty"`
}

// replays is how often a finding is sent again.
const replays = 2

// keep notes a fault; a new one is sent again, and made smaller.
func (r *run) keep(ctx context.Context, c testCase, f fault, request *http.Request, body []byte, a answer) {
	id := fingerprint(c.draft.op.ID, f.check, f.cause)
	r.mu.Lock()
	if known := r.found[id]; known != nil {
		known.Times++
		r.mu.Unlock()
		return
	}
	one := &Finding{
		Fingerprint: id, Check: f.check, Operation: c.draft.op.ID, Case: c.name, Message: f.message, Rule: f.rule, Curl: r.curl(request, body), Status: a.status,
		Body: excerpt(a.body), Times: 1,
	}
	r.found[id] = one
	r.order = append(r.order, id)
	r.mu.Unlock()
	if f.check == "slow" { // which is never the same twice
		return
	}
	flaky := false
	for range replays {
		b, _, again := r.again(ctx, c, id)
		flaky = flaky || !again && ctx.Err() == nil && !once(c.draft, b.status)
	}
	small := c
	if !flaky {
		small = r.shrunk(ctx, c, id)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	one.Flaky = flaky
	if request, body, err := small.draft.write(r.base); err == nil && small.draft != c.draft {
		if !small.draft.public {
			r.authorize(request, small.draft)
		}
		one.Curl = r.curl(request, body)
	}
}

// once tells that a request could not be done again, for what it did: what it deleted is gone, what it made is there.
func once(d *draft, status int) bool {
	return !safe(d.op.Method) && (status == http.StatusNotFound || status == http.StatusGone || status == http.StatusConflict)
}

// again tells whether a case shows a finding once more.
func (r *run) again(ctx context.Context, c testCase, id string) (answer, *http.Request, bool) {
	a, request, _, sent, err := r.send(ctx, c.draft)
	if !sent || err != nil {
		return a, request, false
	}
	for _, f := range r.faults(ctx, c, request, a) {
		if fingerprint(c.draft.op.ID, f.check, f.cause) == id {
			return a, request, true
		}
	}
	return a, request, false
}

// mostShrinks is how many smaller requests are tried.
const mostShrinks = 25

// shrunk leaves out what a finding does not need: optional parameters, and properties of the body.
func (r *run) shrunk(ctx context.Context, c testCase, id string) testCase {
	left := mostShrinks
	try := func(d *draft) bool {
		if left--; left < 0 || ctx.Err() != nil {
			return false
		}
		smaller := testCase{draft: d, name: c.name, expect: c.expect}
		if request, body, err := d.write(r.base); err != nil || !r.labelledAs(request, body, c.expect, d) {
			return false
		}
		_, _, again := r.again(ctx, smaller, id)
		return again
	}
	for _, p := range c.draft.op.Parameters() {
		if _, there := c.draft.values[p]; there && !p.Required {
			d := c.draft.clone()
			delete(d.values, p)
			if try(d) {
				c.draft = d
			}
		}
	}
	object, _ := c.draft.body.(map[string]any)
	for _, name := range sorted(object) {
		d := c.draft.clone()
		smaller, ok := replaced(d.body, []string{name}, nil, true)
		if d.body = smaller; ok && try(d) {
			c.draft = d
		}
	}
	return c
}

// labelledAs tells whether a request is still what its case says: valid or invalid.
func (r *run) labelledAs(request *http.Request, body []byte, expect string, d *draft) bool {
	if expect != "valid" && expect != "invalid" {
		return true
	}
	r.authorize(request, d)
	return (len(r.breaks(request, body)) == 0) == (expect == "valid")
}

func fingerprint(operation, check, cause string) string {
	sum := sha256.Sum256([]byte(operation + "\x00" + check + "\x00" + cause))
	return hex.EncodeToString(sum[:8])
}

func excerpt(body []byte) string {
	text := strings.ToValidUTF8(string(body[:min(len(body), 2048)]), "")
	if !utf8.Valid(body[:min(len(body), 2048)]) {
		return ""
	}
	return text
}

// curl is a command line that sends a request; secrets stand as $TOKEN.
func (r *run) curl(request *http.Request, body []byte) string {
	out := []string{"curl", "-i"}
	if request.Method != http.MethodGet {
		out = append(out, "-X", request.Method)
	}
	out = append(out, r.secrets.url(request.URL))
	names := make([]string, 0, len(request.Header))
	for name := range request.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range request.Header[name] {
			if r.secrets.headers[strings.ToLower(name)] {
				out = append(out, "-H", `"`+name+`: $TOKEN"`)
				continue
			}
			out = append(out, "-H", quoted(name+": "+value))
		}
	}
	if len(body) > 0 {
		out = append(out, "--data-binary", quoted(string(body)))
	}
	return strings.Join(out, " ")
}

// secrets are the names of headers and of query parameters whose values are not for everybody's eyes.
type secrets struct {
	headers map[string]bool // in lower case
	query   map[string]bool
}

// secretsOf are those that were named, and those that carry credentials.
func secretsOf(c *contract.Contract, named []string) secrets {
	out := secrets{map[string]bool{"authorization": true, "cookie": true}, map[string]bool{}}
	for _, name := range named {
		out.headers[strings.ToLower(name)] = true
	}
	for _, op := range c.Operations() {
		for _, s := range slices.Concat(op.Security()...) {
			if s.Type == "apiKey" && s.In == "query" {
				out.query[s.Name] = true
			} else {
				out.headers[strings.ToLower(carrier(s))] = true
			}
		}
	}
	return out
}

// url is a URL as a word of a shell, with $TOKEN in the place of secrets.
func (s secrets) url(u *url.URL) string {
	if u.RawQuery == "" || len(s.query) == 0 {
		return quoted(u.String())
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && s.query[plain] {
			pairs[i] = name + `='"$TOKEN"'`
		}
	}
	bare := *u
	bare.RawQuery = ""
	return quoted(bare.String() + "?")[:len(quoted(bare.String()+"?"))-1] + strings.Join(pairs, "&") + "'"
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
