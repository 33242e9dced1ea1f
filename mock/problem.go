package mock

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"standin/mock/contract"
)

// problem is an answer of the mock itself about what went wrong (RFC 9457). As an error it travels up to [Server.fail].
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Violations are what the request breaks.
	Violations []contract.Violation `json:"violations,omitempty"`
	// Nearest are the path templates that come near, for a 404.
	Nearest []string `json:"nearest,omitempty"`
	// Diagnostics are the document's faults that leave an operation without answer.
	Diagnostics []string `json:"diagnostics,omitempty"`

	source string
	// answer tells that the violations are those of the real server's answer.
	answer bool
	// retryAfter is the header of that name, "" for none.
	retryAfter string
}

func (p *problem) Error() string { return p.Detail }

// newProblem makes a problem of type urn:standin:problem:NAME; about:blank for the empty name.
func newProblem(status int, name, detail string) *problem {
	p := &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, source: "refusal"}
	if name != "" {
		p.Type = "urn:standin:problem:" + name
	}
	return p
}

// json is the problem as people like to read it.
func (p *problem) json() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return []byte(`{"type":"about:blank","status":` + strconv.Itoa(p.Status) + "}\n")
	}
	return b.Bytes()
}

const problemType = "application/problem+json"

// writeProblem sends a problem that no operation's answer can carry.
func (s *Server) writeProblem(w http.ResponseWriter, p *problem) {
	body := p.json()
	s.markProblem(w.Header(), p, body)
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}

// markProblem sets the headers of a problem whose text is body.
func (s *Server) markProblem(h http.Header, p *problem, body []byte) {
	h.Set("Content-Type", problemType)
	if p.retryAfter != "" {
		h.Set("Retry-After", p.retryAfter)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h["X-Content-Type-Options"] = s.shared.nosniff
	h["Vary"] = s.shared.varied(h["Vary"])
	h.Set("Mock-Source", p.source)
	asked, answered := len(p.Violations), 0
	if p.answer {
		asked, answered = 0, asked
	}
	h.Set("Mock-Violations", "request="+strconv.Itoa(asked)+", response="+strconv.Itoa(answered))
}

// describe tells a violation in one line: where, then what.
func describe(v contract.Violation) string {
	where := v.In
	if v.Name != "" {
		where += " " + v.Name
	}
	if v.Pointer != "" {
		where += " " + v.Pointer
	}
	return where + ": " + v.Message
}

// sharedHeaders are header values that never change, so that answers need not make them.
type sharedHeaders struct {
	vary, nosniff, sandboxed, clean, yes, anyOrigin, anyHeader, exposed []string
}

// varied adds to a Vary header what every answer depends on.
func (s *sharedHeaders) varied(before []string) []string {
	if len(before) == 0 {
		return s.vary
	}
	return append(before[:len(before):len(before)], s.vary...)
}

func newSharedHeaders() sharedHeaders {
	return sharedHeaders{
		vary:      []string{"Accept, Prefer, Mock-Prefer, Origin"},
		nosniff:   []string{"nosniff"},
		sandboxed: []string{"sandbox"},
		clean:     []string{"request=0, response=0"},
		yes:       []string{"true"},
		anyOrigin: []string{"*"},
		anyHeader: []string{"*"},
		exposed:   []string{"Mock-Source, Mock-Violations, Mock-Violation, Preference-Applied, Allow, Location, Link, ETag, Retry-After, WWW-Authenticate"},
	}
}

// exposed adds the names of an answer's own headers to those that browsers may read.
func exposed(always string, own http.Header) string {
	names := make([]string, 0, len(own))
	for name := range own {
		names = append(names, name)
	}
	sort.Strings(names)
	return join(append([]string{always}, names...))
}

// active tells whether a browser might run what it is given under the media type.
func active(contentType string) bool {
	essence, _, _ := strings.Cut(contentType, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	return essence == "text/html" || essence == "application/pdf" || strings.HasSuffix(essence, "/xml") || strings.HasSuffix(essence, "+xml")
}

// named writes a source with its name as a structured field (RFC 9651, 3.3.3).
func named(source, name string) string {
	if name == "" {
		return source
	}
	return source + `;name="` + quotable(name) + `"`
}

// quotable makes s fit for a quoted-string (RFC 9110, 5.6.4), at most 128 bytes of it.
func quotable(s string) string {
	s = headerText(s, 128)
	if !strings.ContainsAny(s, `\"`) {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`)
}

// headerText makes s fit for a header: printable ASCII, at most max bytes.
func headerText(s string, max int) string {
	out := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, s)
	if len(out) > max {
		out = out[:max-3] + "..."
	}
	return out
}

func clip(s string, max int) string {
	if len(s) <= max {
		return s
	}
	return strings.ToValidUTF8(s[:max], "") + "…"
}

func join(names []string) string { return strings.Join(names, ", ") }

// list joins names for a sentence; "none" if there are none.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return join(names)
}
