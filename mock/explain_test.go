package mock_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
)

func TestExplain(t *testing.T) {
	s := shopServer(t, mock.Control(), mock.Fixtures(fstest.MapFS{"a.yaml": {Data: []byte(`
- {operation: GET /owners, name: second, when: {query: {page: 2}}, validate: false, respond: {status: 404}}
`)}}))
	c := controlOf(t, s)
	c.say(201, "POST /__mock/stubs", `{"operation":"GET /owners","when":{"header":{"x-a":"1"}},"times":1,"respond":{"status":418}}`)
	for _, q := range []struct{ request, answer, why string }{
		{`{"method":"GET","url":"/owners"}`, "state", "it does not fit: header X-A"},
		{`{"method":"get","url":"/owners","headers":{"X-A":"1"}}`, "stub", "it fits, and has answered 0 of 1 times"},
		{`{"method":"GET","url":"/owners?page=2"}`, "fixture", "it fits"},
		{`{"method":"GET","url":"/owners?page=x"}`, "refusal", "the request breaks the document"},
		{`{"method":"GET","url":"/owners","headers":{"Prefer":"dynamic=true"}}`, "generated", "Prefer asks for a made-up answer"},
		{`{"method":"POST","url":"/owners","body":{"name":7}}`, "refusal", ""},
		{`{"method":"GET","url":"/nowhere"}`, "nobody: the document has no such path", ""},
		{`{"method":"PATCH","url":"/owners"}`, "nobody: this path answers GET, HEAD, OPTIONS, POST", ""},
	} {
		got := c.say(200, "POST /__mock/explain", `{"request":`+q.request+`}`)
		found := q.why == ""
		for _, step := range got["steps"].([]any) {
			found = found || strings.HasPrefix(step.(map[string]any)["why"].(string), q.why)
		}
		if !strings.HasPrefix(got["answer"].(string), q.answer) || !found {
			t.Errorf("%s: %v", q.request, got)
		}
	}
	if w := ask(s, "GET /owners", "", "X-A: 1"); w.Code != 418 {
		t.Error("an explanation has used the stub up")
	}
	if got := c.say(200, "POST /__mock/explain", `{"request":{"method":"GET","url":"/owners","headers":{"X-A":"1"}}}`); got["answer"] != "state" {
		t.Error("a stub that is used up answers:", got)
	}
	c.say(422, "POST /__mock/explain", `{"request":{"method":"GET","url":"owners"}}`)
}

func TestRowsByControl(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	count := func(path string) float64 {
		for _, one := range c.say(200, "GET /__mock/collections", "")["collections"].([]any) {
			if one := one.(map[string]any); one["path"] == path {
				return one["rows"].(float64)
			}
		}
		return -1
	}
	before := count("/owners")
	said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	if after := count("/owners"); before < 1 || after != before+1 {
		t.Errorf("%v rows, and then %v", before, after)
	}
	rows := c.say(200, "GET /__mock/rows?collection=/owners&limit=2", "")
	if list := rows["rows"].([]any); len(list) != 2 || rows["total"] != before+1 {
		t.Error(rows)
	}
	c.say(404, "GET /__mock/rows?collection=/nobody", "")
	if got := controlOf(t, shopServer(t, mock.Control(), mock.Stateless())).say(200, "GET /__mock/collections", "")["collections"].([]any); len(got) != 0 {
		t.Error(got)
	}
}
