package mock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
)

// TestReport asks what was used in one sandbox and in all, counted and from the journal.
func TestReport(t *testing.T) {
	for name, options := range map[string][]mock.Option{"counted": {mock.Control(), mock.CountCoverage()}, "from the journal": {mock.Control()}} {
		t.Run(name, func(t *testing.T) {
			s := shopServer(t, options...)
			c := controlOf(t, s)
			used := func(query, kind string) string {
				t.Helper()
				share := c.say(200, "GET /__mock/report"+query, "")["shares"].(map[string]any)[kind].(map[string]any)
				return fmt.Sprint(share["used"])
			}
			if n := used("", "operations"); n != "0" {
				t.Error(n)
			}
			ask(s, "GET /owners?page=1", "")
			ask(s, "POST /owners", `{"name":"Ann"}`)
			ask(s, "GET /owners/7", "", "Mock-Sandbox: other")
			ask(s, "GET /owners?page=x", "", "Mock-Sandbox: other")
			for query, want := range map[string]string{"": "2", "?all=true": "3"} {
				if n := used(query, "operations"); n != want {
					t.Errorf("%s: %s operations, want %s", query, n, want)
				}
			}
			line := func(operation string) map[string]any {
				for _, one := range c.say(200, "GET /__mock/report?all=true", "")["operations"].([]any) {
					if one := one.(map[string]any); one["operation"] == operation {
						return one
					}
				}
				return nil
			}
			if got := line("GET /owners"); got["exchanges"] != 2.0 || !strings.Contains(fmt.Sprint(got["unused"]), "query sort") || strings.Contains(fmt.Sprint(got["unused"]), "query page") {
				t.Error(got)
			}
			if got := line("POST /owners"); strings.Contains(fmt.Sprint(got["unused"]), "request /name") || strings.Contains(fmt.Sprint(got["unused"]), "status 201") {
				t.Error(got)
			}
			c.say(409, "GET /__mock/report?min=100", "")
			c.say(200, "GET /__mock/report?min=operations=1,statuses=1", "")
			c.say(400, "GET /__mock/report?min=many", "")
			c.say(400, "GET /__mock/report?format=pdf", "")
			if text := c.send("GET /__mock/report?format=text&min=100", "").Body.String(); !strings.Contains(text, "never asked") || !strings.Contains(text, "at least 100 % are wanted") {
				t.Error(text)
			}
			if err := xml.Unmarshal(c.send("GET /__mock/report?format=junit", "").Body.Bytes(), &struct{}{}); err != nil {
				t.Error(err)
			}
			if w := c.send("GET /__mock/report?format=sarif", ""); w.Header().Get("Content-Type") != "application/sarif+json" || !json.Valid(w.Body.Bytes()) {
				t.Error(w.Body)
			}
			c.say(204, "POST /__mock/reset", "")
			if n := used("", "operations"); n != "0" {
				t.Errorf("a sandbox that was reset has used %s operations", n)
			}
		})
	}
}

// TestReportOutlives holds that what was counted outlives sandboxes and documents.
func TestReportOutlives(t *testing.T) {
	s := shopServer(t, mock.Control(), mock.CountCoverage())
	ask(s, "GET /owners", "", "Mock-Sandbox: one")
	ask(s, "POST /owners", `{"name":"Ann"}`, "Mock-Sandbox: two")
	if err := s.Sandbox("one").Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(shop, "/owners/{ownerId}", "/people/{ownerId}", 1)
	next, err := contract.Parse(t.Context(), "shop.yaml", []byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Swap(t.Context(), next, nil); err != nil {
		t.Fatal(err)
	}
	share := func() string {
		k, err := s.Coverage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := k.Write(&b, "json", ""); err != nil {
			t.Fatal(err)
		}
		var r struct{ Shares map[string]struct{ Used int } }
		if err := json.Unmarshal(b.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(r.Shares["operations"].Used)
	}
	if n := share(); n != "2" {
		t.Errorf("%s operations are left", n)
	}
	controlOf(t, s).say(204, "DELETE /__mock/report", "")
	if n := share(); n != "0" {
		t.Errorf("%s operations are left of what was forgotten", n)
	}
	ask(s, "GET /owners", "")
	if n := share(); n != "1" {
		t.Errorf("%s operations since then", n)
	}
	for i := range 1100 { // more than are told apart
		ask(s, "GET /owners", "", fmt.Sprintf("Mock-Sandbox: s%d", i%1100))
	}
	if n := share(); n != "1" {
		t.Error(n)
	}
}

// TestReportIsPartial tells where the journal had to drop exchanges.
func TestReportIsPartial(t *testing.T) {
	s := shopServer(t, mock.Control())
	for range 1100 {
		ask(s, "GET /owners/7", "")
	}
	c := controlOf(t, s)
	if got := c.say(200, "GET /__mock/report", ""); got["partial"] != true {
		t.Error(got["partial"])
	}
	if _, err := shopServer(t).Coverage(t.Context()); err == nil {
		t.Error("a server that keeps nothing knows what was used")
	}
}

// BenchmarkCoverage compares answers while coverage is counted and while it is not.
func BenchmarkCoverage(b *testing.B) {
	for name, options := range map[string][]mock.Option{"off": nil, "on": {mock.CountCoverage()}} {
		b.Run(name, func(b *testing.B) {
			c, err := contract.Parse(context.Background(), "shop.yaml", []byte(shop))
			if err != nil {
				b.Fatal(err)
			}
			s, err := mock.New(c, options...)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			for b.Loop() {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/owners/7", nil))
			}
		})
	}
}
