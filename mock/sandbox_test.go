package mock_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"standin/mock"
)

func TestSandboxesDoNotMeet(t *testing.T) {
	s := shopServer(t, mock.Control())
	list, _ := said(t, s, 200, "GET /owners", "")
	base := list["total"].(float64)
	ways := map[string][]string{
		"header": {"Mock-Sandbox: header"}, "baggage": {"Baggage: a=1, mock-sandbox=baggage;x=y"}, "cookie": {"Cookie: mock_sandbox=cookie"},
		"host": {"Host: host.localhost:8080"}, "default": nil,
	}
	for name, how := range ways {
		made, h := said(t, s, 201, "POST /owners", `{"name":"`+name+`"}`, how...)
		if !strings.Contains(h.Get("Location"), "/owners/"+made["id"].(string)) {
			t.Errorf("%s: %v", name, h)
		}
	}
	made, h := said(t, s, 201, "POST /~path/owners", `{"name":"path"}`)
	if h.Get("Location") != "http://localhost/~path/owners/"+made["id"].(string) {
		t.Errorf("the way back leaves the sandbox: %v", h)
	}
	ways["path"] = []string{"Mock-Sandbox: path"}
	for name, how := range ways {
		list, _ := said(t, s, 200, "GET /owners?per_page=50", "", how...)
		rows := list["data"].([]any)
		if last := rows[len(rows)-1].(map[string]any); list["total"] != base+1 || last["name"] != name {
			t.Errorf("%s: %v of %v, the last %v", name, list["total"], base+1, last)
		}
	}
	for _, wrong := range []string{"a b", "ä", strings.Repeat("x", 65), "a/b"} {
		if w := ask(s, "GET /owners", "", "Mock-Sandbox: "+wrong); w.Code != 400 {
			t.Errorf("%q: %d", wrong, w.Code)
		}
	}
}

func TestReset(t *testing.T) {
	s := shopServer(t, mock.Control())
	list, _ := said(t, s, 200, "GET /owners", "")
	said(t, s, 201, "POST /owners", `{"name":"Ann"}`, "Mock-Sandbox: a")
	said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	c := controlOf(t, s)
	c.say(204, "POST /__mock/reset", "")
	c.say(204, "DELETE /__mock/sandboxes/a", "")
	for _, how := range [][]string{nil, {"Mock-Sandbox: a"}} {
		if after, _ := said(t, s, 200, "GET /owners", "", how...); after["total"] != list["total"] {
			t.Errorf("%v: %v rows after the reset, %v before", how, after["total"], list["total"])
		}
	}
}

func TestAnIDTooLongToKeep(t *testing.T) {
	s, err := mock.New(parse(t, `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /notes: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, responses: {"201": {description: Made.}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    delete: {responses: {"204": {description: Gone.}}}
components: {schemas: {Note: {type: object, required: [id], properties: {id: {type: string}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if w := ask(s, "DELETE /notes/"+strings.Repeat("x", 20_000), ""); w.Code != http.StatusRequestURITooLong {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestParallelClients lets many clients create, change and read at once, each in a sandbox and all in one.
func TestParallelClients(t *testing.T) {
	s := shopServer(t)
	list, _ := said(t, s, 200, "GET /owners", "")
	var wait sync.WaitGroup
	for n := range 20 {
		wait.Go(func() {
			own := fmt.Sprintf("Mock-Sandbox: s%d", n)
			for range 5 {
				made := ask(s, "POST /owners", `{"name":"Ann"}`, own)
				shared := ask(s, "POST /owners", `{"name":"Bea"}`)
				if made.Code != 201 || shared.Code != 201 {
					t.Error(made.Code, shared.Code)
				}
			}
		})
	}
	wait.Wait()
	after, _ := said(t, s, 200, "GET /owners", "")
	own, _ := said(t, s, 200, "GET /owners", "", "Mock-Sandbox: s7")
	if after["total"] != list["total"].(float64)+100 || own["total"] != list["total"].(float64)+5 {
		t.Errorf("%v, %v from %v", after["total"], own["total"], list["total"])
	}
}

func BenchmarkState(b *testing.B) {
	s := shopServer(b)
	for name, request := range map[string][2]string{
		"list": {"GET /owners?per_page=10", ""}, "read": {"GET /owners/0b0f3c2e-6d1a-4c8e-9f43-1c2f5d9e7a10", ""}, "create": {"POST /owners", `{"name":"Ann"}`},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if w := ask(s, request[0], request[1]); w.Code >= 300 {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
