package mocktest_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/mocktest"
)

const orders = "testdata/orders/openapi.yaml"

var update = flag.Bool("update", false, "write what tests end with to testdata/failures")

// do sends a request, and gives the status that was answered.
func do(t testing.TB, client *http.Client, method, url, body string, headers ...string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// TestFailuresCanBeRead holds what a test ends with, word for word.
func TestFailuresCanBeRead(t *testing.T) {
	path := func(id int) map[string]any { return map[string]any{"path": map[string]any{"id": id}} }
	for name, body := range map[string]func(testing.TB, *mocktest.Own){
		"wrong requests": func(t testing.TB, own *mocktest.Own) {
			do(t, own.Client, "GET", own.URL+"/orders?limit=0&status=lost", "")
			do(t, own.Client, "POST", own.URL+"/orders", `{"total": "12",   "note": 7}`)
			do(t, own.Client, "GET", own.URL+"/order/7", "")
			do(t, own.Client, "DELETE", own.URL+"/orders", "")
		},
		"wrong answer": func(t testing.TB, own *mocktest.Own) {
			own.Handle("getOrder", func(ctx, *mock.Call) (mock.Answer, error) {
				return mock.Answer{Body: []byte(`{"id": "one"}`)}, nil
			})
			do(t, own.Client, "GET", own.URL+"/orders/1", "")
		},
		"unused stub with near misses": func(t testing.TB, own *mocktest.Own) {
			own.Stub(mock.Stub{Operation: "getOrder", Name: "gone", Times: 2, Status: 404, When: path(7)})
			for _, id := range []string{"7", "8", "9"} {
				do(t, own.Client, "GET", own.URL+"/orders/"+id, "")
			}
		},
		"stub with many conditions": func(t testing.TB, own *mocktest.Own) {
			own.Stub(mock.Stub{Operation: "createOrder", Status: 402, When: map[string]any{
				"header": map[string]any{"X-Tenant": map[string]any{"matches": "^acme-"}, "X-Dry": map[string]any{"absent": true}},
				"body":   map[string]any{"/total": map[string]any{"gt": 100, "lte": 200}, "/note": "gift"},
			}})
			do(t, own.Client, "POST", own.URL+"/orders", `{"total": 12.50, "note": "gift"}`, "X-Tenant: other", "X-Dry: yes")
		},
		"nobody asked": func(_ testing.TB, own *mocktest.Own) { own.Stub(mock.Stub{Operation: "*", Status: 503}) },
		"others were asked": func(t testing.TB, own *mocktest.Own) {
			own.Stub(mock.Stub{Operation: "getOrder", Sequence: []mock.Stub{{Status: 503}, {Example: "first"}}})
			do(t, own.Client, "GET", own.URL+"/orders", "")
			do(t, own.Client, "GET", own.URL+"/orders", "")
		},
		"verified in vain": func(t testing.TB, own *mocktest.Own) {
			do(t, own.Client, "GET", own.URL+"/orders?limit=5", "")
			do(t, own.Client, "GET", own.URL+"/orders/1", "")
			own.Verify("listOrders", map[string]any{"query": map[string]any{"limit": map[string]any{"in": []int{10, 20}}}}, mock.AtLeastOnce)
			own.Verify("getOrder", nil, 2)
			own.VerifyOrder("getOrder", "listOrders")
		},
		"impossible": func(_ testing.TB, own *mocktest.Own) {
			own.Stub(mock.Stub{Operation: "getOrder", Body: map[string]any{"total": "much"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &fakeTB{TB: t}
			fake.run(func(tb testing.TB) { body(tb, mocktest.NewServer(tb, orders).Own(tb)) })
			got := withoutLine(strings.Join(append(fake.errors, fake.fatal), "\n"))
			file := filepath.Join("testdata", "failures", strings.ReplaceAll(name, " ", "-")+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || got != string(want) {
				t.Errorf("%v; it ends with\n%s\nwant\n%s", err, got, want)
			}
		})
	}
}

// TestParallelTestsNeverMeet lets many tests do opposite things to one server.
func TestParallelTestsNeverMeet(t *testing.T) {
	api := mocktest.NewServer(t, orders)
	t.Run("all", func(t *testing.T) {
		for n := range 20 {
			t.Run(fmt.Sprint("test of ", n), func(t *testing.T) {
				t.Parallel()
				own := api.Own(t)
				own.Freeze(time.Date(2030, 1, 1+n, 0, 0, 0, 0, time.UTC))
				own.Stub(mock.Stub{Operation: "getOrder", Status: 404 + 99*(n%2)})
				for range n {
					do(t, own.Client, "POST", own.URL+"/orders", `{"total": 1}`)
				}
				if got := do(t, http.DefaultClient, "GET", own.URL+"/orders/1", ""); got != 404+99*(n%2) {
					t.Errorf("another's stub answers: %d", got)
				}
				var rows []struct{ CreatedAt time.Time }
				own.Rows("/orders", &rows)
				if len(rows) != n+1 || n > 0 && rows[n].CreatedAt.Day() != 1+n {
					t.Errorf("another's rows: %v", rows)
				}
				own.Verify("createOrder", nil, n)
			})
		}
	})
}

// TestOwnIsForgotten uses one name twice, in a row and at once.
func TestOwnIsForgotten(t *testing.T) {
	api := mocktest.NewServer(t, orders)
	t.Run("first", func(t *testing.T) {
		own := api.Own(t)
		own.Stub(mock.Stub{Operation: "*", Status: 503, Unchecked: true})
		if other := api.Own(t); other.ID() == own.ID() || do(t, other.Client, "GET", other.URL+"/orders", "") != 200 {
			t.Error("two sandboxes of one test meet")
		}
		do(t, own.Client, "GET", own.URL+"/orders", "")
	})
	b := api.Sandbox("TestOwnIsForgotten_first")
	if all, err := b.Exchanges(t.Context(), ""); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
	if got := do(t, api.In(b.ID()), "GET", api.URL+"/orders", ""); got != 200 {
		t.Error("the stub of a test that has ended answers:", got)
	}
}

// TestViolationsFailWhoMadeThem breaks the document in the sandboxes of two tests, of which one may.
func TestViolationsFailWhoMadeThem(t *testing.T) {
	server, one, two, three := &fakeTB{TB: t}, &fakeTB{TB: t}, &fakeTB{TB: t}, &fakeTB{TB: t}
	server.run(func(tb testing.TB) {
		api := mocktest.NewServer(tb, orders)
		var wait sync.WaitGroup
		for fake, options := range map[*fakeTB][]mocktest.Option{one: nil, two: {mocktest.AllowViolations()}} {
			wait.Go(func() {
				fake.run(func(tb testing.TB) {
					own := api.Own(tb, options...)
					do(tb, own.Client, "GET", own.URL+"/orders?limit=0", "")
				})
			})
		}
		wait.Wait()
		three.run(func(tb testing.TB) {
			own := api.Own(tb)
			do(tb, own.Client, "GET", own.URL+"/orders?limit=0", "")
			own.AllowViolations()
		})
		do(tb, api.Client(), "GET", api.URL+"/orders?limit=99", "")
	})
	if len(one.errors) != 1 || !strings.Contains(one.errors[0], "must be at least 1") || len(two.errors)+len(three.errors) != 0 {
		t.Error(one.errors, two.errors, three.errors)
	}
	if len(server.errors) != 1 || !strings.Contains(server.errors[0], "limit=99") {
		t.Error(server.errors)
	}
	fake := &fakeTB{TB: t}
	fake.run(func(tb testing.TB) { mocktest.NewServer(tb, orders).Own(tb, mocktest.Fixtures("testdata/others")) })
	if !strings.Contains(fake.fatal, "takes only AllowViolations") {
		t.Error(fake.fatal)
	}
}

// TestUnusedStubsOfTheServer fails tests that set stubs for all sandboxes.
func TestUnusedStubsOfTheServer(t *testing.T) {
	fake := &fakeTB{TB: t}
	fake.run(func(tb testing.TB) {
		api := mocktest.NewServer(tb, orders)
		for _, st := range []mock.Stub{{Operation: "listOrders", Status: 200, Body: []any{}}, {Operation: "getOrder", Status: 503, Times: 3}, {Operation: "createOrder", Status: 402}} {
			if _, err := api.Stub(t.Context(), st); err != nil {
				t.Fatal(err)
			}
		}
		remove, err := api.Stub(t.Context(), mock.Stub{Operation: "*", Status: 404})
		if err != nil {
			t.Fatal(err)
		}
		remove()
		do(tb, api.Client(), "GET", api.URL+"/orders", "")
		do(tb, api.In("other"), "GET", api.URL+"/orders/1", "")
	})
	if got := strings.Join(fake.errors, "\n"); got != "mocktest: a stub for getOrder has answered 1 of 3 times\nmocktest: a stub for createOrder has answered 0 of 1 times" {
		t.Error(got)
	}
}

// TestHooks receives what an operation sends, the second time after it was refused once.
func TestHooks(t *testing.T) {
	own := mocktest.NewServer(t, orders).Own(t)
	hooks := own.Hooks()
	hooks.Answer(503)
	do(t, own.Client, "POST", own.URL+"/orders/7/pay", "", "X-Hook: "+hooks.URL)
	for range 2 {
		if got := hooks.Next(); got.Method != "POST" || got.Path != "/paid" || got.Header.Get("X-Order") != "7" || string(got.Body) != `{"paid":7}` {
			t.Errorf("%+v %s", got, got.Body)
		}
	}
	if got := do(t, own.Client, "GET", strings.Replace(hooks.URL, own.ID(), "nobody", 1), ""); got != http.StatusGone {
		t.Error(got)
	}
}
