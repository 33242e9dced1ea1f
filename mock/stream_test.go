package mock_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
)

const feeds = `
openapi: 3.2.0
info: {title: Feeds, version: "1"}
paths:
  /ticks:
    get:
      operationId: ticks
      parameters: [{name: from, in: query, schema: {type: integer}}]
      responses:
        "200":
          description: Ticks.
          content: {text/event-stream: {itemSchema: {type: object, required: [data], properties: {event: {type: string}, data: {type: string, maxLength: 5}}}}}
  /lines:
    get:
      operationId: lines
      responses:
        "200":
          description: Lines.
          content: {application/jsonl: {itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}}}
  /rows:
    get:
      operationId: rows
      responses:
        "200":
          description: Rows.
          content:
            application/json:
              schema:
                type: object
                required: [total, rows]
                properties:
                  total: {type: string}
                  rows: {type: array, maxItems: 5000, items: {type: object, required: [id], properties: {id: {type: integer}}}}
`

// feedServer serves feeds with these fixtures.
func feedServer(t *testing.T, fixtures string) *mock.Server {
	t.Helper()
	files := fstest.MapFS{"feeds.yaml": {Data: []byte(fixtures)}}
	s, err := mock.New(parse(t, feeds), mock.Fixtures(files), mock.Stateless())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEvents(t *testing.T) {
	for _, row := range []struct{ name, fixture, request, contentType, body, violations string }{
		{"fields", "{operation: ticks, respond: {events: [{event: a, data: one}, {id: 7, retry: 10, data: \"x\\ny\"}]}}", "GET /ticks",
			"text/event-stream", "event: a\ndata: one\n\nid: 7\nretry: 10\ndata: x\ndata: y\n\n", "request=0, response=0"},
		{"data that is JSON", "{operation: ticks, respond: {events: [{data: [1]}, {data: null, event: b}]}}", "GET /ticks",
			"text/event-stream", "data: [1]\n\nevent: b\n\n", "request=0, response=1"},
		{"held to the document", "{operation: ticks, respond: {events: [{data: one}, {data: far too long}]}}", "GET /ticks",
			"text/event-stream", "data: one\n\ndata: far too long\n\n", "request=0, response=1"},
		{"filled", "{operation: ticks, template: true, respond: {events: [{data: '{{ request.query.from }}', after: 1ms}, {data: b}]}}", "GET /ticks?from=42",
			"text/event-stream", "data: 42\n\ndata: b\n\n", "request=0, response=0"},
		{"JSON Lines", "{operation: lines, respond: {events: [{data: {n: 1}}, {data: {n: 2}, after: 1ms}]}}", "GET /lines",
			"application/jsonl", "{\"n\":1}\n{\"n\":2}\n", "request=0, response=0"},
		{"a line that is wrong", "{operation: lines, respond: {events: [{data: {n: a}}]}}", "GET /lines",
			"application/jsonl", "{\"n\":\"a\"}\n", "request=0, response=1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := ask(feedServer(t, row.fixture), row.request, "")
			if w.Code != 200 || w.Header().Get("Content-Type") != row.contentType || w.Body.String() != row.body ||
				w.Header().Get("Mock-Violations") != row.violations || w.Header().Get("Content-Length") != "" || !w.Flushed {
				t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
			}
		})
	}
}

// TestEventsComeOneByOne: the first event is with the client while the next is held back for longer than any test may last, and a
// client that goes away ends the wait.
func TestEventsComeOneByOne(t *testing.T) {
	h := feedServer(t, "{operation: ticks, respond: {events: [{data: one}, {data: two, after: 30s}, {data: three, after: 30s}]}}")
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = "localhost"
		h.ServeHTTP(w, r)
		close(done)
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	request, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/ticks", nil)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	if line != "data: one\n" || err != nil {
		t.Error(line, err)
	}
	cancel()
	<-done
}

// TestFaultsOfStreams: a stream that is to break off is sent as one body, so that its length tells that something is missing.
func TestFaultsOfStreams(t *testing.T) {
	server := httptest.NewServer(feedServer(t, "{operation: ticks, fault: truncate, respond: {events: [{data: one}, {data: two}]}}"))
	defer server.Close()
	response, err := http.Get(server.URL + "/ticks")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err == nil || len(body) != 11 {
		t.Errorf("%q %v", body, err)
	}
}

func TestRowsAndPatches(t *testing.T) {
	for _, row := range []struct {
		name, fixture string
		headers       []string
		total         string
		rows          int
	}{
		{"rows", "{operation: rows, respond: {rows: {generate: 1000}, patch: {total: many}}}", nil, "many", 1000},
		{"the wish counts first", "{operation: rows, respond: {rows: {generate: 1000}, patch: {total: few}}}", []string{"Prefer: size=3"}, "few", 3},
		{"patched", "{operation: rows, respond: {generate: true, patch: {total: two, rows: [{id: 1}, {id: 2}]}}}", nil, "two", 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := feedServer(t, row.fixture)
			w, again := ask(s, "GET /rows", "", row.headers...), ask(s, "GET /rows", "", row.headers...)
			var got struct {
				Total string
				Rows  []struct{ ID int }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Total != row.total || len(got.Rows) != row.rows {
				t.Errorf("%v %d %s", err, len(got.Rows), w.Body)
			}
			if w.Header().Get("Mock-Violations") != "request=0, response=0" || !slices.Equal(w.Body.Bytes(), again.Body.Bytes()) {
				t.Error(w.Header(), again.Body)
			}
		})
	}
	w := ask(feedServer(t, "{operation: rows, validate: false, respond: {generate: true, patch: {total: null}}}"), "GET /rows", "")
	if strings.Contains(w.Body.String(), "total") || !strings.Contains(w.Body.String(), "rows") {
		t.Error(w.Body)
	}
}

// TestMadeEvents: what is made up for a stream obeys the document.
func TestMadeEvents(t *testing.T) {
	w := ask(feedServer(t, "[]"), "GET /ticks", "")
	if w.Code != 200 || w.Header().Get("Mock-Violations") != "request=0, response=0" || !w.Flushed {
		t.Error(w.Code, w.Header(), w.Body)
	}
}
