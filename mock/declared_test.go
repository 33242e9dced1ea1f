package mock_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"standin/mock"
	"standin/mock/contract"
)

// TestPetStoreThatBehaves declares what a well-known API does by an overlay alone, in the language that the demo's cloud is written in.
func TestPetStoreThatBehaves(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: there is no pet store")
	}
	overlay, err := os.ReadFile("testdata/petstore.overlay.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), filepath.Join(shared, "corpus", "petstore3.yaml"), contract.WithOverlay("petstore.overlay.yaml", overlay))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := mock.New(c, mock.WithClock(func() time.Time { return now }), mock.Fixtures(fstest.MapFS{
		"rows.yaml": {Data: []byte("- {collection: /user, rows: [{id: 1, username: ann, password: secret}]}\n- {collection: /store/order, rows: []}\n")},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, d := range s.Diagnostics(t.Context()) {
		if d.Rule == "x-mock" || d.Rule == "fixture" {
			t.Error(d)
		}
	}
	say := func(status int, request, body string, headers ...string) string {
		t.Helper()
		w := ask(s, request, body, headers...)
		if w.Code != status || !strings.HasSuffix(w.Header().Get("Mock-Violations"), "response=0") {
			t.Fatalf("%s: %d, want %d: %s %s", request, w.Code, status, w.Header().Get("Mock-Violation"), w.Body)
		}
		if at := w.Header().Get("Location"); at != "" {
			return at[strings.Index(at, "/store/jobs/"):]
		}
		return w.Body.String()
	}
	say(400, "GET /user/login?username=ann&password=wrong", "")
	var token string
	if err := json.Unmarshal([]byte(say(200, "GET /user/login?username=ann&password=secret", "", "Accept: application/json")), &token); err != nil {
		t.Fatal(err)
	}
	say(401, "GET /store/inventory", "", "api_key: made up")
	if got := say(200, "GET /store/inventory", "", "api_key: "+token); !strings.Contains(got, `"approved":0`) {
		t.Error(got)
	}
	job := say(202, "POST /store/order", `{"id":7,"petId":1,"quantity":2}`)
	if got := say(200, "GET "+job, ""); got != `{"done":false}` {
		t.Error(got)
	}
	now = now.Add(2 * time.Second)
	if got := say(200, "GET "+job, ""); !strings.Contains(got, `"status":"approved"`) {
		t.Error(got)
	}
	say(400, "POST /store/order", `{"id":7,"petId":1,"quantity":2}`)
	if got := say(200, "GET /store/order/7", "", "Accept: application/json"); !strings.Contains(got, `"status":"approved"`) { // which nobody declared
		t.Error(got)
	}
	now = now.Add(25 * time.Hour)
	if got := say(200, "GET /store/order/7", "", "Accept: application/json"); !strings.Contains(got, `"status":"delivered"`) {
		t.Error(got)
	}
	say(400, "DELETE /store/order/7", "")
	say(401, "GET /store/inventory", "", "api_key: "+token) // which has ended
	say(http.StatusNotFound, "GET /store/jobs/nobody", "")
}
