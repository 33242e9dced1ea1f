package verify_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
	"standin/mock/verify"
)

// TestOurOwnMock asks our own mock whether it keeps real documents: it does, every one.
func TestOurOwnMock(t *testing.T) {
	documents := []string{"../../openapi.yaml", "../internal/control/openapi.yaml"}
	if shared := os.Getenv("STANDIN_SHARED"); shared == "" {
		t.Log("STANDIN_SHARED is not set: only our own document is verified")
	} else {
		entries, err := os.ReadDir(filepath.Join(shared, "corpus"))
		if err != nil {
			t.Fatal(err)
		}
		short := []string{"petstore3.yaml", "museum.yaml", "tictactoe.yaml", "uspto.yaml", "discriminators.json", "schema-circular.json"}
		for _, e := range entries {
			if filepath.Ext(e.Name()) != ".tsv" && (!testing.Short() || slices.Contains(short, e.Name())) {
				documents = append(documents, filepath.Join(shared, "corpus", e.Name()))
			}
		}
	}
	for _, name := range documents {
		t.Run(filepath.Base(name), func(t *testing.T) {
			c, err := contract.Load(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			var options []mock.Option
			if name == "../../openapi.yaml" { // which refuses in its own way, and whose accounts are rows
				options = append(options, mock.WithErrors(mock.Problem), mock.Fixtures(os.DirFS("../../fixtures")))
			}
			s, err := mock.New(c, options...)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			web := httptest.NewServer(s)
			defer web.Close()
			transport := &http.Transport{MaxIdleConnsPerHost: 8}
			defer transport.CloseIdleConnections()
			r, err := verify.Run(t.Context(), c, web.URL, verify.Options{
				All: true, Seed: 1, Random: 2, Most: 40, MaxTime: 5 * time.Minute,
				Client: &http.Client{Transport: transport, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range append(r.Findings, r.Flaky...) {
				if i == 10 {
					t.Errorf("and %d more", len(r.Findings)-10)
					break
				}
				t.Errorf("%s %s: %s (flaky %v)\n%s\n%.300s", f.Check, f.Operation, f.Message, f.Flaky, f.Curl, f.Body)
			}
			t.Logf("%d requests to %d operations: %v", r.Cases, len(r.Operations), r.NotRun)
		})
	}
}
