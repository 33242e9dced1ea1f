package verify_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"standin/mock/contract"
	"standin/mock/verify"
)

// asked is what verify finds of a server by hand that has a fault, or none.
func asked(t testing.TB, s service, f fault, o verify.Options) *verify.Report {
	t.Helper()
	c, err := contract.Load(t.Context(), filepath.Join("testdata/planted", s.document))
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(newByHand(s, f))
	defer web.Close()
	client := web.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.All, o.Client, o.Credentials = true, client, map[string]string{"key": rightKey, "token": rightKey, "basic": "ann:" + rightKey, "session": rightKey}
	if f.verb == "slow" {
		o.Slow = slowest
	}
	report, err := verify.Run(t.Context(), c, web.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestPlantedBreaks gives each of the servers written by hand one fault after the other, and none: verify finds at least 99 % of them, by
// the check that is for them, and nothing wrong with what is not broken.
func TestPlantedBreaks(t *testing.T) {
	planted, missed := 0, []string{}
	for _, s := range services() {
		for _, seed := range []uint64{1, 2, 3} {
			whole := asked(t, s, fault{}, verify.Options{Seed: seed})
			for _, f := range slices.Concat(whole.Findings, whole.Flaky) {
				t.Errorf("%s (seed %d): a false alarm: %s %s: %s\n%s", s.document, seed, f.Check, f.Operation, f.Message, f.Curl)
			}
		}
		for i, f := range breaks(t, s) {
			if testing.Short() && i%5 != 0 {
				continue
			}
			planted++
			report := asked(t, s, f, verify.Options{Seed: 1})
			found := slices.ContainsFunc(slices.Concat(report.Findings, report.Flaky), func(one verify.Finding) bool {
				return one.Check == f.check && (f.elsewhere() || one.Operation == f.operation)
			})
			if !found {
				missed = append(missed, s.document+": "+f.line)
			}
			for _, one := range report.Findings {
				if one.Operation != f.operation && !f.elsewhere() && !f.follows(one.Check) {
					t.Errorf("%s: %s: a false alarm: %s %s: %s\n%s", s.document, f.line, one.Check, one.Operation, one.Message, one.Curl)
				}
			}
		}
	}
	t.Logf("%d breaks were planted, and %d missed: %q", planted, len(missed), missed)
	if !testing.Short() && planted < 200 || 100*len(missed) > planted {
		t.Errorf("%d of %d breaks were missed: %q", len(missed), planted, missed)
	}
}
