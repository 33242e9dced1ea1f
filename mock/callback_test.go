package mock_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"standin/mock"
)

// TestWebHooks lets the demo's cloud call whoever waits for the end of a job, where that is allowed.
func TestWebHooks(t *testing.T) {
	type heard struct {
		header http.Header
		body   string
	}
	calls := make(chan heard, 10)
	refused := 1 // so that it has to try again
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if refused > 0 {
			refused--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		calls <- heard{r.Header, string(body)}
	}))
	defer receiver.Close()
	k := newCloud(t, mock.Control(), mock.CallbackOrigins(receiver.URL), mock.Seed(7))
	k.is(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1}}`, "X-Web-Hook: "+receiver.URL+"/jobs", "X-Job-UUID: 4dc148a9df84410da9ea00fe7c5726eb"), "v", "inventory", "name")
	select {
	case got := <-calls:
		if got.header["X-Job-Uuid"][0] != "4dc148a9df84410da9ea00fe7c5726eb" || got.header.Get("X-Job-Success") != "true" || !strings.Contains(got.body, `"name":"v"`) {
			t.Error(got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nobody called")
	}
	k.fails(k.job("POST", "/volumes/data", `{"params":{}}`, "X-Web-Hook: "+receiver.URL+"/jobs"), "SYS.1007")
	got := <-calls
	if got.header.Get("X-Job-Success") != "false" || !strings.Contains(got.body, "SYS.1007") {
		t.Error(got)
	}
	batch := k.job("PUT", "/volume-snapshots/batch-delete", act("batchDeleteVolumeSnapshot", `"uuids":["`+snapshot2+`"]`), "X-Web-Hook: "+receiver.URL+"/jobs")
	if got := <-calls; batch.status != 200 || got.header.Get("X-Job-Batch") != "SUCCESS" {
		t.Error(got)
	}
	k.job("DELETE", "/volumes/"+scratch, "", "X-Web-Hook: http://192.0.2.7:9000/jobs")
	k.url = strings.TrimSuffix(k.url, "/zstack/v1")
	list := k.call("GET", "/__mock/requests?source=callback", "")
	if text := k.textAt(list, "requests", 0, "response", "body"); !strings.Contains(text, "--callback-allow does not name http://192.0.2.7:9000") {
		t.Error(text)
	}
	k.is(list, "callback;failed", "requests", 0, "source")
	k.is(list, 200, "requests", 1, "status")
}

// TestQueuedJobsEndByThemselves has jobs that wait for each other; whoever waits for the last is called though nobody asks.
func TestQueuedJobsEndByThemselves(t *testing.T) {
	calls := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls <- string(body)
	}))
	defer receiver.Close()
	k := newCloud(t, mock.CallbackOrigins(receiver.URL), mock.WithClock(time.Now))
	for _, name := range []string{"first", "second", "third"} {
		k.call("POST", "/volumes/"+webData+"/volume-snapshots", `{"params":{"name":"`+name+`"}}`, "X-Web-Hook: "+receiver.URL)
	}
	for _, name := range []string{"first", "second", "third"} {
		select {
		case body := <-calls:
			if !strings.Contains(body, `"name":"`+name+`"`) {
				t.Errorf("%s is not called of: %s", name, body)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("nobody called of the %s", name)
		}
	}
}

func TestCallbackOrigins(t *testing.T) {
	for _, wrong := range []string{"localhost:9000", "http://localhost:9000/jobs", "ftp://x", ""} {
		if s, err := mock.New(parse(t, shop), mock.CallbackOrigins(wrong)); err == nil {
			_ = s.Close()
			t.Errorf("%q was taken", wrong)
		}
	}
}
