package journal_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/journal"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func enter(j *journal.Journal, operation string, status int, broken bool) string {
	x := j.Open(epoch, "GET", "/"+operation)
	x.Operation, x.Status = operation, status
	if broken {
		x.Request = []contract.Violation{{In: "query", Name: "limit"}}
	}
	j.Close(x, epoch.Add(time.Millisecond))
	return x.ID
}

func look(t *testing.T, j *journal.Journal) journal.Seen {
	t.Helper()
	seen, err := j.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func get(t *testing.T, j *journal.Journal, id string) (*journal.Exchange, bool) {
	t.Helper()
	x, ok, err := j.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return x, ok
}

func ids(list []*journal.Exchange) string {
	var out []string
	for _, x := range list {
		out = append(out, x.ID)
	}
	return strings.Join(out, " ")
}

func TestAnExchangeEntersOnArrival(t *testing.T) {
	j := journal.New(journal.Limits{})
	draft := j.Open(epoch, "GET", "/pets")
	before, ok := get(t, j, draft.ID)
	if !ok || before.Answered || before.URL != "/pets" {
		t.Fatalf("after its arrival: %+v, %t", before, ok)
	}
	draft.Status = 200
	j.Close(draft, epoch.Add(time.Second))
	after, ok := get(t, j, draft.ID)
	if !ok || !after.Answered || after.Status != 200 || after.Took != time.Second {
		t.Errorf("after its answer: %+v", after)
	}
	if before.Answered || before.Status != 0 {
		t.Error("what a reader holds has changed under it")
	}
}

func TestList(t *testing.T) {
	j := journal.New(journal.Limits{})
	enter(j, "a", 200, false)
	enter(j, "b", 404, false)
	enter(j, "a", 400, true)
	for _, c := range []struct {
		name   string
		filter journal.Filter
		want   string
	}{
		{"all, newest first", journal.Filter{}, "3 2 1"},
		{"by operation", journal.Filter{Operation: "a"}, "3 1"},
		{"by status", journal.Filter{Status: 404}, "2"},
		{"by class", journal.Filter{Status: 400, Class: true}, "3 2"},
		{"broken", journal.Filter{Broken: true}, "3"},
		{"kept", journal.Filter{Kept: true}, "2 1"},
		{"later", journal.Filter{Since: "1"}, "3 2"},
		{"at most", journal.Filter{Limit: 1}, "3"},
	} {
		if got := ids(look(t, j).List(c.filter)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheOldestMakeRoom(t *testing.T) {
	j := journal.New(journal.Limits{Exchanges: 12})
	for range 30 {
		enter(j, "a", 200, false)
	}
	list := look(t, j).List(journal.Filter{})
	if len(list) != 12 || list[0].ID != "30" || list[11].ID != "19" || look(t, j).Dropped != 18 {
		t.Errorf("%s, %d dropped", ids(list), look(t, j).Dropped)
	}
	for _, id := range []string{"18", "31", "0", "", "-1", "+20", "020", "x", "18446744073709551616"} {
		if _, ok := get(t, j, id); ok {
			t.Errorf("%q is there", id)
		}
	}
	for _, id := range []string{"19", "25", "30"} {
		if x, ok := get(t, j, id); !ok || x.ID != id {
			t.Errorf("%s is not there", id)
		}
	}
	small := journal.New(journal.Limits{Bytes: 10_000})
	for range 50 {
		x := small.Open(epoch, "POST", "/")
		x.RequestBody = small.Cut(make([]byte, 3000), false)
		small.Close(x, epoch)
	}
	if n := len(look(t, small).List(journal.Filter{})); n < 1 || n > 3 {
		t.Errorf("%d exchanges of 3 kB within 10 kB", n)
	}
}

func TestCut(t *testing.T) {
	j := journal.New(journal.Limits{Body: 4})
	body := []byte("abcdefgh")
	kept := j.Cut(body, false)
	body[0] = 'X'
	if string(kept.Bytes) != "abcd" || kept.Size != 8 || !kept.Cut() {
		t.Errorf("%q of %d", kept.Bytes, kept.Size)
	}
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := journal.New(journal.Limits{})
		ctx, stop := context.WithCancel(t.Context())
		changed, err := j.Watch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		enter(j, "a", 200, false)
		enter(j, "a", 200, false)
		<-changed
		select {
		case <-changed:
			t.Error("one signal too many")
		default:
		}
		stop()
		synctest.Wait()
		enter(j, "a", 200, false)
		select {
		case <-changed:
			t.Error("a signal after the end")
		default:
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	j := journal.New(journal.Limits{Exchanges: 20})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				id := enter(j, "a", 200, false)
				if x, ok := get(t, j, id); ok && !x.Answered {
					t.Errorf("%s is not complete for the client that has its answer", id)
				}
				look(t, j).List(journal.Filter{Limit: 3})
			}
		})
	}
	all.Wait()
	if n := len(look(t, j).List(journal.Filter{})); n != 20 {
		t.Errorf("%d exchanges", n)
	}
}

const secretive = `openapi: 3.1.0
info: {title: t, version: "1"}
x-mock: {login: {operation: logIn, token: /session/uuid, header: "OAuth {token}"}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: api_key}
    own: {type: apiKey, in: header, name: X-Own}
  schemas:
    Secret: {type: string, format: password}
paths:
  /login:
    post:
      operationId: logIn
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {user: {type: string}, nested: {type: array, items: {type: object, properties: {password: {$ref: '#/components/schemas/Secret'}}}}}}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {password: {$ref: '#/components/schemas/Secret'}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
  /things/{token}:
    get:
      operationId: thing
      security: [{key: [], own: []}]
      parameters: [{name: token, in: path, required: true, schema: {type: string, format: password}}]
      responses: {"200": {description: ok}}
`

func TestSecretsNeverEnter(t *testing.T) {
	c, err := contract.Parse(t.Context(), "secretive.yaml", []byte(secretive))
	if err != nil {
		t.Fatal(err)
	}
	j := journal.New(journal.Limits{})
	login := journal.SecretsOf(c, c.Operation("logIn"))
	for _, b := range []struct{ kind, body, want string }{
		{"application/json", `{"user":"ada","nested":[{"password":"hunter2"}]}`, `{"nested":[{"password":"***"}],"user":"ada"}`},
		{"application/json", `{"user": "ada"}`, `{"user": "ada"}`},
		{"application/json", `{"password": "hunter2`, ``},
		{"application/x-www-form-urlencoded", `user=ada&pass%77ord=hunter2`, `user=ada&pass%77ord=***`},
	} {
		kept := login.Request(j, b.kind, []byte(b.body))
		if string(kept.Bytes) != b.want || bytes.Contains(kept.Bytes, []byte("hunter2")) {
			t.Errorf("%s is kept as %s", b.body, kept.Bytes)
		}
		if b.want == "" && !kept.Hidden {
			t.Errorf("%s: not said to be hidden", b.body)
		}
	}
	answer := login.Response(j, "application/json", []byte(`{"session":{"uuid":"5afe"},"uuid":"public"}`))
	if got := string(answer.Bytes); got != `{"session":{"uuid":"***"},"uuid":"public"}` {
		t.Errorf("the login's answer is kept as %s", got)
	}
	thing := journal.SecretsOf(c, c.Operation("thing"))
	u, err := url.Parse("/things/t0k?api_key=k3y&q=1")
	if err != nil {
		t.Fatal(err)
	}
	if got := thing.URL(u, c.Find("GET", "/things/t0k")); got != "/things/***?api_key=***&q=1" {
		t.Errorf("the URL is kept as %s", got)
	}
	header := http.Header{"X-Own": {"s3cret"}, "Authorization": {"Bearer abc"}, "Cookie": {"a=1; b=2"}, "Accept": {"*/*"}}
	kept := thing.Header(header)
	for name, want := range map[string]string{"X-Own": "***", "Authorization": "Bearer ***", "Cookie": "a=***; b=***", "Accept": "*/*"} {
		if got := kept.Get(name); got != want {
			t.Errorf("%s is kept as %q, want %q", name, got, want)
		}
	}
	if header.Get("X-Own") != "s3cret" {
		t.Error("the request's own headers were changed")
	}
}

func BenchmarkExchange(b *testing.B) {
	j := journal.New(journal.Limits{})
	s := journal.SecretsOf(nil, nil)
	request, response := http.Header{"Accept": {"*/*"}, "User-Agent": {"x"}}, http.Header{"Content-Type": {"application/json"}}
	body := make([]byte, 1000)
	b.ReportAllocs()
	for b.Loop() {
		x := j.Open(epoch, "GET", "/pets")
		x.RequestHeader, x.ResponseHeader = s.Header(request), s.Header(response)
		x.ResponseBody = j.Cut(body, true)
		j.Close(x, epoch)
	}
}
