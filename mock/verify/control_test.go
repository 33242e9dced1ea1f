package verify_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
	"standin/mock/verify"
)

// TestTheControlAPI asks a server's control API whether it keeps its own document: every operation but the stream that never ends. What a
// schema cannot say, such as which operations there are, it may refuse.
func TestTheControlAPI(t *testing.T) {
	c, err := contract.Parse(t.Context(), "openapi.yaml", mock.ControlDocument())
	if err != nil {
		t.Fatal(err)
	}
	served, err := contract.Load(t.Context(), "../mocktest/testdata/orders/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(served, mock.Control())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	web := httptest.NewServer(s)
	defer web.Close()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	r, err := verify.Run(ctx, c, web.URL+"/__mock", verify.Options{
		All: true, Seed: 1, Random: 5, Most: 80, Skip: []string{"followRequests"}, Without: []string{"valid-refused"},
		Client: &http.Client{Timeout: time.Minute},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(r.Findings, r.Flaky...) {
		t.Errorf("%s: %s (%s)\n%s\nanswered %d %s", f.Operation, f.Message, f.Check, f.Curl, f.Status, f.Body)
	}
	asked := 0
	for _, one := range r.Operations {
		if one.Cases > 0 {
			asked++
		}
	}
	if asked < len(c.Operations())-1 {
		t.Errorf("%d of %d operations were asked", asked, len(c.Operations()))
	}
}
