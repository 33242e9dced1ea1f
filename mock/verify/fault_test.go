package verify_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// slowAnswer is how long a slow server takes, and slowest how long an answer may take.
const (
	slowAnswer = 120 * time.Millisecond
	slowest    = 100 * time.Millisecond
)

// fault is one thing that a server does wrong: a line of a file of breaks,
//
//	OPERATION CHECK VERB ARGUMENT… [if NAME=VALUE]
//
// CHECK is what must find it. After if: only where a parameter, or a property of the request's body, has a value; "-" where it is missing,
// "*" where it is there.
type fault struct {
	operation, check, verb string
	args                   []string
	name, value            string
	line                   string
	template               string // of the operation
}

// breaks reads the faults that a service is to have.
func breaks(t *testing.T, s service) []fault {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/planted", strings.TrimSuffix(s.document, filepath.Ext(s.document))+".breaks"))
	if err != nil {
		t.Fatal(err)
	}
	var out []fault
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		what, condition, _ := strings.Cut(line, " if ")
		words := strings.Fields(what)
		f := fault{operation: words[0], check: words[1], verb: words[2], args: words[3:], line: line}
		f.name, f.value, _ = strings.Cut(condition, "=")
		i := slices.IndexFunc(s.endpoints, func(e *endpoint) bool { return e.id == f.operation })
		if i < 0 {
			t.Fatalf("%s: no such operation: %s", s.document, line)
		}
		f.template = s.endpoints[i].path
		out = append(out, f)
	}
	return out
}

func (f fault) on(template string) bool { return f.template == template }

// elsewhere tells whether another operation shows the fault: what was created, changed or deleted is read, and methods belong to paths.
func (f fault) elsewhere() bool {
	return slices.Contains([]string{"created", "updated", "deleted", "method"}, f.check)
}

// follows tells whether a finding of another operation comes of the fault: what should have been refused is kept, and read.
func (f fault) follows(check string) bool {
	return f.verb == "lax" && check == "body" || check == "slow"
}

// met tells whether a request is one that shows the fault.
func (f fault) met(c *call) bool {
	if f.name == "" {
		return true
	}
	v, there := c.values[f.name]
	if name, inside := strings.CutPrefix(f.name, "/"); inside {
		body, _ := c.body.(map[string]any)
		v, there = body[name]
	}
	text, _ := json.Marshal(v)
	return f.value == "-" && !there || f.value == "*" && there || there && (f.value == fmt.Sprint(v) || f.value == string(text))
}

// before is done in place of an answer.
func (f fault) before(w http.ResponseWriter, r *http.Request, c *call) bool {
	if !f.met(c) {
		return false
	}
	switch f.verb {
	case "answer":
		status, _ := strconv.Atoi(f.args[0])
		w.WriteHeader(status)
		return true
	case "hang-up":
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
		return true
	case "refuse-kind":
		if c.kind == f.args[0] {
			w.WriteHeader(http.StatusUnsupportedMediaType)
			return true
		}
	case "answer406":
		if c.accept == f.args[0] {
			w.WriteHeader(http.StatusNotAcceptable)
			return true
		}
	case "slow":
		slowly(r)
	}
	return false
}

// after changes an answer that is fine.
func (f fault) after(a reply, r *http.Request, c *call) reply {
	if !f.met(c) || a.status >= 300 {
		return a
	}
	switch f.verb {
	case "status":
		a.status, _ = strconv.Atoi(f.args[0])
	case "type":
		a.kind = f.args[0]
		if _, isText := a.body.(string); !isText {
			b, _ := json.Marshal(a.body)
			a.body = string(b)
		}
	case "text":
		a.body, a.kind = f.args[0], "application/json"
	case "bare":
		a.body = nil
	case "unset":
		a.header = without(a.header, f.args[0])
	case "header":
		a.header = without(a.header, f.args[0])
		a.header[f.args[0]] = f.args[1]
	case "head":
		if r.Method == http.MethodHead {
			a.status, _ = strconv.Atoi(f.args[0])
		}
	case "head-type":
		if r.Method == http.MethodHead {
			a.kind = f.args[0]
		}
	case "drop", "set":
		a.body = f.spoilt(a.body)
	}
	return a
}

// spoilt is a body without a value, or with another one in its place.
func (f fault) spoilt(body any) any {
	text, _ := json.Marshal(body)
	var v any
	_ = json.Unmarshal(text, &v)
	tokens := strings.Split(f.args[0], "/")[1:]
	if len(tokens) == 0 || f.args[0] == "/" {
		_ = json.Unmarshal([]byte(f.args[1]), &v)
		return v
	}
	at := v
	for _, token := range tokens[:len(tokens)-1] {
		switch c := at.(type) {
		case map[string]any:
			at = c[token]
		case []any:
			if i, err := strconv.Atoi(token); err == nil && i < len(c) {
				at = c[i]
			}
		}
	}
	last := tokens[len(tokens)-1]
	var with any
	if f.verb == "set" {
		_ = json.Unmarshal([]byte(f.args[1]), &with)
	}
	switch c := at.(type) {
	case map[string]any:
		if c[last] = with; f.verb == "drop" {
			delete(c, last)
		}
	case []any:
		if i, err := strconv.Atoi(last); err == nil && i < len(c) {
			c[i] = with
		}
	}
	return v
}

func without(h map[string]string, name string) map[string]string {
	out := maps.Clone(h)
	delete(out, name)
	return out
}
