package contract_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/contract"
)

// parse reads a document that must be one.
func parse(t testing.TB, text string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(t.Context(), "api.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tree reads a document of several files; the first of the alternating names and texts is the root.
func tree(t testing.TB, files ...string) *contract.Contract {
	t.Helper()
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	c, err := contract.LoadFS(t.Context(), fsys, files[0])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// findings are all diagnostics of a document, a line each.
func findings(t testing.TB, c *contract.Contract) []string {
	t.Helper()
	var out []string
	for _, d := range c.Wait(t.Context()) {
		out = append(out, d.String())
	}
	return out
}

func clean(t testing.TB, c *contract.Contract) {
	t.Helper()
	for _, line := range findings(t, c) {
		t.Errorf("unexpected diagnostic: %s", line)
	}
}

// operation is the one with an id, which must exist.
func operation(t testing.TB, c *contract.Contract, id string) *contract.Operation {
	t.Helper()
	op := c.Operation(id)
	if op == nil {
		t.Fatalf("there is no operation %q", id)
	}
	return op
}

// request makes what a server would hand over: "METHOD TARGET", then header lines; a body follows an empty line.
func request(t testing.TB, c *contract.Contract, text string) (*contract.Operation, *contract.Request) {
	t.Helper()
	head, body, hasBody := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	u, err := url.ParseRequestURI(target)
	if err != nil {
		t.Fatal(err)
	}
	r := &contract.Request{Found: c.Find(method, u.EscapedPath()).With(u.RawQuery), URL: u, Header: http.Header{}}
	if hasBody {
		r.Body = []byte(body)
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		r.Header.Add(name, strings.TrimSpace(value))
	}
	if r.Found.Operation == nil {
		t.Fatalf("%s leads to no operation", lines[0])
	}
	return r.Found.Operation, r
}

// show writes a value as JSON, names sorted.
func show(v any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// briefly writes violations as "in name pointer keyword", without what is empty.
func briefly(violations []contract.Violation) string {
	var out []string
	for _, v := range violations {
		line := v.In
		for _, part := range []string{v.Name, v.Pointer, v.Keyword} {
			if part != "" {
				line += " " + part
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// wire is one request against a document of one operation.
type wire struct {
	name string
	// version is that of OpenAPI, 3.1.0 if omitted.
	version string
	// path is the template, /a if omitted.
	path string
	// has is what the operation has beside its responses, as the inside of a YAML flow mapping.
	has string
	// more is the rest of the document.
	more string
	// ask is the request: method, target, header lines; a body follows an empty line.
	ask string
	// broken are the violations, as briefly writes them.
	broken string
	// value is what the request means in JSON, if that is of interest: the body, or all parameters by name.
	value string
	// strict also refuses what nobody documented.
	strict bool
}

// parameter is the operation's one parameter.
func parameter(spec string) string { return "parameters: [{" + spec + "}]" }

// payload is the operation's one kind of body.
func payload(mediaType, spec string) string {
	return "requestBody: {required: true, content: {'" + mediaType + "': {" + spec + "}}}"
}

func (w wire) document() string {
	version, path := w.version, w.path
	if version == "" {
		version = "3.1.0"
	}
	if path == "" {
		path = "/a"
	}
	method := strings.ToLower(strings.SplitN(w.ask, " ", 2)[0])
	text := "openapi: " + version + "\npaths: {'" + path + "': {" + method + ": {responses: {\"200\": {description: OK.}}"
	if w.has != "" {
		text += ", " + w.has
	}
	return text + "}}}\n" + w.more
}

func (w wire) check(t *testing.T) {
	c := parse(t, w.document())
	for _, d := range c.Wait(t.Context()) {
		if d.Level == contract.Error {
			t.Fatalf("the document is wrong: %s\n%s", d, w.document())
		}
	}
	op, r := request(t, c, w.ask)
	r.Strict = w.strict
	checked := op.CheckRequest(r)
	if got := briefly(checked.Violations); got != w.broken {
		t.Errorf("%s\n got %q\nwant %q", w.ask, got, w.broken)
	}
	for _, v := range checked.Violations {
		if v.Message == "" || v.Rule.Line == 0 || v.Operation != op.ID {
			t.Errorf("an incomplete violation: %+v", v)
		}
	}
	if w.value == "" {
		return
	}
	values := checked.Values()
	all := map[string]any{}
	for _, group := range []map[string]any{values.Path, values.Query, values.Header, values.Cookie} {
		for name, v := range group {
			all[name] = v
		}
	}
	got := show(all)
	if values.HasBody {
		got = show(values.Body)
	}
	if got != w.value {
		t.Errorf("%s\nmeans %s\n want %s", w.ask, got, w.value)
	}
}

func checkAll(t *testing.T, cases []wire) {
	t.Helper()
	for _, w := range cases {
		t.Run(w.name, w.check)
	}
}
