package mocktest

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"unicode/utf8"

	"standin/mock"
	"standin/mock/contract"
)

// record keeps the exchanges that broke the document: those of the sandboxes of tests apart, and the rest.
type record struct {
	mu   sync.Mutex
	of   map[string]*broken
	rest broken
}

// watch keeps a sandbox apart from now on.
func (r *record) watch(sandbox string) *broken {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil {
		r.of = map[string]*broken{}
	}
	b := &broken{}
	r.of[sandbox] = b
	return b
}

func (r *record) forget(sandbox string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.of, sandbox)
}

func (r *record) keep(e mock.Exchange) {
	r.mu.Lock()
	b := r.of[e.Sandbox]
	r.mu.Unlock()
	if b == nil {
		b = &r.rest
	}
	b.keep(e)
}

// broken are the exchanges that broke the document, by who did.
type broken struct {
	mu       sync.Mutex
	requests []mock.Exchange
	answers  []mock.Exchange
}

func (b *broken) keep(e mock.Exchange) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(e.Response) > 0 || e.Status >= 500 && e.Refused != "" {
		b.answers = append(b.answers, e)
	} else if e.Refused != "" || len(e.Request) > 0 {
		b.requests = append(b.requests, e)
	}
}

// fail ends the test with what broke the document.
func (b *broken) fail(t testing.TB, allowRequests bool) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !allowRequests {
		for _, e := range b.requests {
			t.Errorf("mocktest: a request broke the document: %s", told(e))
		}
	}
	for _, e := range b.answers {
		t.Errorf("mocktest: an answer broke the document: %s", told(e))
	}
}

// told tells an exchange in some lines: what was asked and answered, and each violation beside the line of the document that it breaks.
func told(e mock.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s → %d (%s)", e.Method, strings.Replace(e.URL, "/~"+e.Sandbox, "", 1), e.Status, e.Source)
	if e.Operation != "" {
		b.WriteString(" " + e.Operation)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	if e.Refused != "" && len(e.Request) == 0 {
		fmt.Fprintf(w, "\n    refused\t%s", e.Refused)
	}
	side(w, "request", e.Request, e.RequestBody)
	side(w, "answer", e.Response, e.ResponseBody)
	_ = w.Flush()
	return b.String()
}

// side tells what one message of an exchange breaks.
func side(w *tabwriter.Writer, name string, violations []contract.Violation, body []byte) {
	inBody := false
	for _, v := range violations {
		inBody = inBody || v.In == "body"
		where := strings.TrimSpace(v.In + " " + v.Name)
		fmt.Fprintf(w, "\n    %s %s\t%s", name, strings.TrimSpace(where+" "+v.Pointer), v.Message)
		if v.Rule.Line > 0 {
			fmt.Fprintf(w, "\n    \t%s: %s", v.Rule, excerpt(v.Rule))
		}
	}
	if inBody && len(body) > 0 {
		fmt.Fprintf(w, "\n    %s body\t%s", name, around(oneLine(body), 0))
	}
}

// excerpt is the line of the document at a place, as far as it can be read.
func excerpt(at contract.Position) string {
	text, err := os.ReadFile(at.File)
	if err != nil {
		return ""
	}
	for range at.Line - 1 {
		_, rest, more := strings.Cut(string(text), "\n")
		if !more {
			return ""
		}
		text = []byte(rest)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return around(line, at.Col-1)
}

func oneLine(body []byte) string {
	if !utf8.Valid(body) {
		return fmt.Sprintf("(%d bytes that are no text)", len(body))
	}
	return strings.Join(strings.Fields(string(body)), " ")
}

// mostShown is how much of a line is shown, in bytes.
const mostShown = 160

// around is a line without its indent; of a long one, what stands from a place on.
func around(line string, from int) string {
	if short := strings.TrimSpace(line); len(short) <= mostShown {
		return short
	}
	line = strings.ToValidUTF8(line[min(max(from, 0), len(line)):], "")
	if len(line) <= mostShown {
		return "… " + line
	}
	return strings.ToValidUTF8(line[:mostShown], "") + " …"
}
