package mock_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"standin/mock"
)

func TestJournalByControl(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	made := ask(s, "POST /owners", `{"name":"Ann"}`)
	said(t, s, 200, "GET /owners?page=2", "")
	ask(s, "GET /owners?page=x", "")
	said(t, s, 200, "GET /owners", "", "Mock-Sandbox: other")
	list := func(query string) []any {
		return c.say(200, "GET /__mock/requests"+query, "")["requests"].([]any)
	}
	for query, want := range map[string]int{
		"": 3, "?status=200": 1, "?status=4xx": 1, "?valid=false": 1, "?valid=true": 2, "?operation=GET%20/owners": 2, "?limit=1": 1, "?source=refusal": 1, "?since=1": 2, "?source=nobody": 0,
	} {
		if got := list(query); len(got) != want {
			t.Errorf("%s: %d exchanges, want %d", query, len(got), want)
		}
	}
	path := made.Header().Get("Mock-Exchange")
	if !strings.HasPrefix(path, "/__mock/requests/") {
		t.Fatal(path)
	}
	one := c.say(200, "GET "+path, "")
	if body := one["request"].(map[string]any)["body"].(string); one["status"] != 201.0 || !strings.Contains(body, "Ann") {
		t.Error(one)
	}
	c.say(404, "GET /__mock/requests/99", "")
	var har struct {
		Log struct {
			Version string
			Entries []struct {
				Request  struct{ Method, URL string }
				Response struct {
					Status  int
					Content struct{ Text string }
				}
			}
		}
	}
	w := c.send("GET /__mock/requests?format=har", "")
	if err := json.Unmarshal(w.Body.Bytes(), &har); err != nil || har.Log.Version != "1.2" || len(har.Log.Entries) != 3 || har.Log.Entries[0].Response.Status != 201 || har.Log.Entries[0].Request.URL != "http://localhost/owners" {
		t.Error(err, har)
	}
	w = c.send("GET /__mock/requests?format=ndjson", "")
	if lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n"); len(lines) != 3 || !json.Valid([]byte(lines[0])) || w.Header().Get("Content-Type") != "application/x-ndjson" {
		t.Error(w.Body)
	}
	c.say(204, "POST /__mock/reset?only=journal", "")
	if len(list("")) != 0 || len(controlOf(t, s, "Mock-Sandbox: other").say(200, "GET /__mock/requests", "")["requests"].([]any)) != 1 {
		t.Error("the wrong journal is empty")
	}
	c.say(204, "DELETE /__mock/requests", "")
}

func TestVerifyRequests(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	said(t, s, 201, "POST /owners", `{"name":"Ann"}`)
	said(t, s, 201, "POST /owners", `{"name":"Bea"}`)
	said(t, s, 200, "GET /owners?page=2", "")
	for _, v := range []struct {
		body string
		want int
	}{
		{`{"request":{"operation":"POST /owners"}}`, 200},
		{`{"request":{"operation":"POST /owners"},"count":2}`, 200},
		{`{"request":{"operation":"POST /owners"},"count":1}`, 409},
		{`{"request":{"operation":"POST /owners","when":{"body":{"/name":"Ann"}}},"count":1}`, 200},
		{`{"request":{"operation":"POST /owners","when":{"body":{"/name":"Zed"}}}}`, 409},
		{`{"request":{"operation":"POST /owners","when":{"body":{"/name":"Zed"}}},"count":0}`, 200},
		{`{"request":{"operation":"GET /owners","when":{"query":{"page":2}}},"count":{"min":1,"max":1}}`, 200},
		{`{"request":{"operation":"*"},"count":{"max":2}}`, 409},
		{`{"order":[{"operation":"POST /owners","when":{"body":{"/name":"Ann"}}},{"operation":"GET /owners"}]}`, 200},
		{`{"order":[{"operation":"GET /owners"},{"operation":"POST /owners"}]}`, 409},
		{`{"request":{"operation":"nobody"}}`, 422},
		{`{}`, 422},
		{`{"request":{"operation":"*"},"count":-1}`, 422},
	} {
		if w := c.send("POST /__mock/verify", v.body); w.Code != v.want {
			t.Errorf("%s: %d %s", v.body, w.Code, w.Body)
		}
	}
	near := c.say(409, "POST /__mock/verify", `{"request":{"operation":"POST /owners","when":{"header":{"x-a":"1"},"body":{"/name":"Ann"}}}}`)["nearest"].([]any)
	if first := near[0].(map[string]any); len(near) != 2 || len(first["misses"].([]any)) != 1 || first["misses"].([]any)[0] != "header X-A" {
		t.Error(near)
	}
	for range 1001 { // so that some make room
		ask(s, "GET /owners", "")
	}
	if got := c.say(409, "POST /__mock/verify", `{"request":{"operation":"POST /owners"},"count":0}`); !strings.Contains(got["detail"].(string), "no longer holds") {
		t.Error(got)
	}
}

func TestFollowRequests(t *testing.T) {
	s := shopServer(t, mock.Control())
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/__mock/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	lines.Scan() // the comment that it begins with
	ask(s, "GET /owners", "")
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if !strings.Contains(text, `"url":"/owners"`) {
				t.Error(text)
			}
			return
		}
	}
	t.Error("no event came:", lines.Err())
}

// TestArchiveTellsWhatIsCut reads the archive of bodies that the journal holds the beginning of.
func TestArchiveTellsWhatIsCut(t *testing.T) {
	s := shopServer(t, mock.Control())
	c := controlOf(t, s)
	ask(s, "POST /owners", `{"name":"`+strings.Repeat("a", 100_000)+`"}`)
	ask(s, "GET /owners?page=x", "")
	w := c.send("GET /__mock/requests?format=har", "")
	var har struct {
		Log struct {
			Entries []struct {
				Request struct {
					BodySize int
					PostData struct {
						Text string
						Cut  bool `json:"_cut"`
					}
				}
				Response struct{ Content struct{ Size int } }
				Comment  string
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &har); err != nil || len(har.Log.Entries) != 2 {
		t.Fatal(err, w.Body)
	}
	if one := har.Log.Entries[0]; one.Request.BodySize != 100_011 || !one.Request.PostData.Cut || len(one.Request.PostData.Text) != 64<<10 || one.Comment != "POST /owners" {
		t.Errorf("%d bytes of %d, cut: %v, %s", len(one.Request.PostData.Text), one.Request.BodySize, one.Request.PostData.Cut, one.Comment)
	}
	judged, err := mock.CheckTraffic(t.Context(), s.Contract(), "journal.har", w.Body.Bytes())
	if err != nil || judged.Exchanges != 2 || judged.Unjudged < 1 || len(judged.Findings) != 1 || !strings.Contains(judged.Findings[0].String(), "query page") {
		t.Errorf("%v %+v", err, judged)
	}
}
