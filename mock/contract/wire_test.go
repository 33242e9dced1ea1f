package contract_test

import (
	"strings"
	"testing"

	"standin/mock/contract"
)

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
