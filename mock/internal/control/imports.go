package control

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// Imports are the operations that take stubs of other tools. document is what is served.
func Imports(s Steering, document func() *contract.Contract) Operations {
	return Operations{
		"importStubs": func(ctx context.Context, call *Call) (Answer, error) {
			stubs, findings, err := Translate(call.Text("format"), call.Body, document())
			if err != nil {
				return Answer{}, err
			}
			added, err := s.AddStubs(ctx, call.Sandbox, stubs)
			return Answer{Status: http.StatusCreated, Value: map[string]any{"stubs": orNone(added), "findings": orNone(findings)}}, err
		},
	}
}

// Translate makes stubs of what another tool has written, "wiremock" or "har"; the findings tell what cannot be said here. It is an error
// if nothing is left.
func Translate(format string, text []byte, document *contract.Contract) ([]json.RawMessage, []Finding, error) {
	root, err := source.Parse("body.json", text, source.Limits{})
	if err != nil {
		return nil, nil, NewProblem(http.StatusUnprocessableEntity, "body", err.Error())
	}
	t := &translator{served: document}
	switch format {
	case "har":
		t.har(root)
	case "wiremock":
		t.wireMock(root)
	default:
		return nil, nil, NewProblem(http.StatusUnprocessableEntity, "import", "the format is wiremock or har, not "+strconv.Quote(format))
	}
	if len(t.stubs) == 0 {
		p := NewProblem(http.StatusUnprocessableEntity, "import", "nothing in the body can be a stub here")
		p.Findings = t.findings
		return nil, t.findings, p
	}
	return t.stubs, t.findings, nil
}

// translator makes stubs of what other tools have written, and tells what cannot be said here.
type translator struct {
	served   *contract.Contract
	stubs    []json.RawMessage
	findings []Finding
}

// mostFindings bounds what is told of one import.
const mostFindings = 200

func (t *translator) tell(level, pointer, message string) {
	one := Finding{Level: level, Message: message, Pointer: pointer}
	if len(t.findings) < mostFindings && !slices.Contains(t.findings, one) { // as of a mapping that is about several operations
		t.findings = append(t.findings, one)
	}
}

// unknown tells of members that are not understood.
func (t *translator) unknown(n *source.Node, pointer string, known ...string) {
	for _, m := range n.Members() {
		understood := false
		for _, name := range known {
			understood = understood || m.Name == name
		}
		if !understood {
			t.tell("warning", pointer+"/"+source.Escape(m.Name), m.Name+" cannot be said here and is left out")
		}
	}
}

// operationAt finds the operation of a concrete path; the values of its path become conditions.
func (t *translator) operationAt(method, path string) (op *contract.Operation, values map[string]any) {
	found := t.served.Find(method, path)
	if found.Operation == nil {
		return nil, nil
	}
	values = map[string]any{}
	for _, p := range found.Operation.Parameters() {
		if p.In == "path" {
			if raw, ok := found.Capture(p.Name); ok {
				if text, err := url.PathUnescape(raw); err == nil {
					values[p.Name] = text
				}
			}
		}
	}
	return found.Operation, values
}

func (t *translator) add(stub map[string]any) {
	if text, err := json.Marshal(stub); err == nil {
		t.stubs = append(t.stubs, text)
	}
}

// har makes a stub of each entry of an HTTP archive (HAR 1.2): the last one of a request answers.
func (t *translator) har(root *source.Node) {
	entries := root.Get("log").Get("entries")
	if !entries.Is(source.Array) {
		t.tell("error", "/log/entries", "a HAR has a log with entries")
		return
	}
	for i, e := range entries.Items() {
		pointer := "/log/entries/" + strconv.Itoa(i)
		request, response := e.Get("request"), e.Get("response")
		u, err := url.Parse(request.Get("url").StringOr(""))
		if err != nil || u.Path == "" {
			t.tell("warning", pointer+"/request/url", "this is no URL with a path; the entry is left out")
			continue
		}
		op, path := t.operationAt(strings.ToUpper(request.Get("method").StringOr("GET")), u.EscapedPath())
		if op == nil {
			t.tell("warning", pointer, "the document has no operation for this request; the entry is left out")
			continue
		}
		when := map[string]any{}
		if len(path) > 0 {
			when["path"] = path
		}
		if query := u.Query(); len(query) > 0 {
			conditions := map[string]any{}
			for name, values := range query {
				if len(values) == 1 {
					conditions[name] = values[0]
				} else {
					conditions[name] = values
				}
			}
			when["query"] = conditions
		}
		respond := map[string]any{"status": numberOr(response.Get("status"), 200)}
		content := response.Get("content")
		kind := content.Get("mimeType").StringOr("")
		headers := map[string]any{}
		for _, h := range response.Get("headers").Items() {
			if name := h.Get("name").StringOr(""); recorded(name) {
				headers[name] = h.Get("value").StringOr("")
			}
		}
		if kind != "" {
			headers["Content-Type"] = kind
		}
		if len(headers) > 0 {
			respond["headers"] = headers
		}
		if content.Get("encoding").StringOr("") == "base64" {
			t.tell("warning", pointer+"/response/content", "a body that is not text cannot be said here and is left out")
		} else if text := content.Get("text").StringOr(""); text != "" {
			respond["body"] = bodyOf(text, kind)
		}
		stub := map[string]any{"operation": op.ID, "respond": respond, "validate": false}
		if len(when) > 0 {
			stub["when"] = when
		}
		t.add(stub)
	}
}

// recorded tells whether a recorded header belongs to the answer, and not to the connection that it came through.
func recorded(name string) bool {
	switch strings.ToLower(name) {
	case "", "connection", "content-length", "content-encoding", "transfer-encoding", "keep-alive", "date", "server", "content-type", "set-cookie", "trailer", "upgrade":
		return false
	}
	return !strings.HasPrefix(name, ":") && !strings.HasPrefix(strings.ToLower(name), "mock-")
}

// bodyOf is a recorded text as a fixture has it: a value where it is JSON.
func bodyOf(text, kind string) any {
	essence, _, _ := strings.Cut(strings.ToLower(kind), ";")
	if essence == "" || strings.HasSuffix(strings.TrimSpace(essence), "json") {
		if v, err := source.DecodeJSON([]byte(text), source.Limits{}); err == nil {
			return v
		}
	}
	return text
}

func numberOr(n *source.Node, otherwise int) int {
	if v, ok := n.Value().(json.Number); ok {
		if i, err := strconv.Atoi(v.String()); err == nil {
			return i
		}
	}
	return otherwise
}
