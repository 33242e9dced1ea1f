package mocktest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"standin/mock"
	"standin/mock/mocktest"
)

// begin makes a sandbox as a test does; end ends the test.
func begin(options ...mocktest.Option) (own *mocktest.Own, end func()) {
	t := &exampleT{} // in a test, its own t
	return mocktest.NewServer(t, "testdata/orders/openapi.yaml").Own(t, options...), t.end
}

// send prints the status and the body that a request is answered.
func send(own *mocktest.Own, method, path, body string, headers ...string) {
	r, err := http.NewRequestWithContext(context.Background(), method, own.URL+path, strings.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	printed(own.Client.Do(r))
}

func printed(r *http.Response, err error) {
	if err != nil {
		fmt.Println("the connection broke")
		return
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode == http.StatusBadRequest {
		body = nil
	}
	fmt.Println(strings.TrimSpace(fmt.Sprint(r.StatusCode, " ", string(body))))
}

// A stub fails, once.
func ExampleOwn_Stub() {
	own, end := begin()
	defer end()
	own.Stub(mock.Stub{Operation: "getOrder", Status: 503, Times: 1})
	send(own, "GET", "/orders/1", "")
	send(own, "GET", "/orders/1", "")
	// Output:
	// 503
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
}

// A stub answers what it was asked, and only to some.
func ExampleOwn_Stub_template() {
	own, end := begin()
	defer end()
	own.Stub(mock.Stub{
		Operation: "createOrder", Status: 402, Template: true,
		When: map[string]any{"body": map[string]any{"/total": map[string]any{"gt": 1000}}},
		Body: map[string]any{"reason": "{{ request.body.total }} is too much"},
	})
	send(own, "POST", "/orders", `{"total":5000}`)
	// Output: 402 {"reason":"5000 is too much"}
}

// A sequence answers each step once, the last one from then on.
func ExampleOwn_Stub_sequence() {
	own, end := begin()
	defer end()
	own.Stub(mock.Stub{Operation: "getOrder", Sequence: []mock.Stub{{Status: 503}, {Status: 404}, {Example: "first"}}})
	for range 4 {
		send(own, "GET", "/orders/1", "")
	}
	// Output:
	// 503
	// 404
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
}

// A stub that nobody asked for fails the test, with what was asked instead.
func ExampleOwn_Stub_unused() {
	own, end := begin()
	defer end()
	own.Stub(mock.Stub{Operation: "getOrder", Status: 404, When: map[string]any{"path": map[string]any{"id": 7}}})
	send(own, "GET", "/orders/1", "")
	// Output:
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
	// mocktest: own_example_test.go:41: a stub for getOrder has answered 0 of 1 times
	//     GET /orders/1 → 200 (state)
	//         path id   wanted 7   asked 1
}

// Stubs of other tools.
func ExampleOwn_Import() {
	own, end := begin()
	defer end()
	own.Import("wiremock", []byte(`{"request": {"method": "GET", "urlPath": "/orders/7"}, "response": {"status": 404}}`))
	send(own, "GET", "/orders/7", "")
	// Output: 404
}

// A function answers.
func ExampleOwn_Handle() {
	own, end := begin()
	defer end()
	own.Handle("getOrder", func(_ context.Context, call *mock.Call) (mock.Answer, error) {
		return mock.Answer{Body: fmt.Appendf(nil, `{"total": %v}`, call.Values.Path["id"])}, nil
	})
	send(own, "GET", "/orders/42", "")
	// Output: 200 {"total": 42}
}

// The clock stands still, and moves when it is told.
func ExampleOwn_Freeze() {
	own, end := begin()
	defer end()
	own.Freeze(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	send(own, "POST", "/orders", `{"total":1}`)
	own.Advance(time.Hour)
	send(own, "POST", "/orders", `{"total":2}`)
	// Output:
	// 201 {"id":2,"total":1,"createdAt":"2030-01-02T03:04:05Z"}
	// 201 {"id":3,"total":2,"createdAt":"2030-01-02T04:04:05Z"}
}

// A scenario moves with what is asked, and with time.
func ExampleOwn_Scenario() {
	own, end := begin()
	defer end()
	own.Freeze(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	fmt.Println(own.Scenario("checkout"))
	send(own, "POST", "/orders", `{"total":1, "note":"x"}`)
	fmt.Println(own.Scenario("checkout"))
	own.Advance(time.Hour)
	fmt.Println(own.Scenario("checkout"))
	own.SetScenario("checkout", "cart")
	fmt.Println(own.Scenario("checkout"))
	// Output:
	// cart
	// 201 {"id":2,"total":1,"note":"x","createdAt":"2030-01-01T00:00:00Z"}
	// pending
	// expired
	// cart
}

// Every answer breaks off, then none.
func ExampleOwn_SetFaults() {
	own, end := begin()
	defer end()
	own.SetFaults(mock.FaultSetting{Kind: "reset"})
	send(own, "GET", "/orders", "")
	own.SetFaults()
	send(own, "GET", "/orders/1", "")
	// Output:
	// the connection broke
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
}

// An answer takes its time.
func ExampleOwn_SetDelay() {
	own, end := begin()
	defer end()
	own.SetDelay(50 * time.Millisecond)
	began := time.Now()
	send(own, "GET", "/orders/1", "")
	fmt.Println(time.Since(began) >= 50*time.Millisecond)
	// Output:
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
	// true
}

// Another seed makes up something else, the same each time.
func ExampleOwn_SetSeed() {
	own, end := begin()
	defer end()
	madeUp := func(seed uint64) string {
		own.SetSeed(seed)
		r, err := own.Client.Get(own.URL + "/orders/1?__dynamic=true")
		if err != nil {
			return err.Error()
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		return string(body)
	}
	seven, again, eight := madeUp(7), madeUp(7), madeUp(8)
	fmt.Println(seven == again, seven == eight)
	// Output: true false
}

// Nothing is refused.
func ExampleOwn_SetHandling() {
	own, end := begin(mocktest.AllowViolations())
	defer end()
	own.SetHandling(mock.Lenient)
	send(own, "GET", "/orders/1?limit=none", "")
	own.SetHandling(mock.Strict)
	send(own, "GET", "/orders/1?verbose=1", "")
	// Output:
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
	// 400
}

// A negative test says that it is one.
func ExampleOwn_AllowViolations() {
	own, end := begin()
	defer end()
	send(own, "GET", "/orders/one", "")
	own.AllowViolations()
	// Output: 400
}

// What the client has created.
func ExampleOwn_Rows() {
	own, end := begin()
	defer end()
	own.Freeze(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	send(own, "POST", "/orders", `{"total":3, "note":"gift"}`)
	var rows []struct {
		ID   int
		Note string
	}
	own.Rows("/orders", &rows)
	fmt.Println(rows)
	// Output:
	// 201 {"id":2,"total":3,"note":"gift","createdAt":"2030-01-01T00:00:00Z"}
	// [{1 } {2 gift}]
}

// What the client has asked.
func ExampleOwn_Exchanges() {
	own, end := begin()
	defer end()
	send(own, "GET", "/orders/1", "")
	for _, e := range own.Exchanges("getOrder") {
		fmt.Println(e.Method, e.Status, e.Source)
	}
	fmt.Println(strings.Count(string(own.HAR()), `"startedDateTime"`))
	// Output:
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
	// GET 200 state
	// 1
}

// Why an answer would be given.
func ExampleOwn_Explain() {
	own, end := begin()
	defer end()
	own.Stub(mock.Stub{Operation: "getOrder", Status: 404, When: map[string]any{"path": map[string]any{"id": 7}}})
	fmt.Println(own.Explain("GET", "/orders/8"))
	send(own, "GET", "/orders/7", "")
	// Output:
	// getOrder (/orders/{id})
	// stub        it does not fit: path id should be 7, is 8
	// state       it does something to a collection; where that has no documented answer, the next one answers
	// example     it fits best for 200
	// generated   an answer 200 is made up
	// answers: state
	// 404
}

// What was asked, how often, and in which order.
func ExampleOwn_Verify() {
	own, end := begin()
	defer end()
	send(own, "GET", "/orders/1", "")
	own.Verify("getOrder", nil, 1)
	own.Verify("getOrder", map[string]any{"path": map[string]any{"id": 2}}, mock.AtLeastOnce)
	own.VerifyOrder("getOrder", "listOrders")
	// Output:
	// 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
	// mocktest: mock: getOrder: 0 requests match, and at least 1 should
	//     GET /orders/1 → 200 (state)
	//         path id   wanted 2   asked 1
	// mocktest: mock: getOrder, listOrders: number 2 of the order, listOrders, was not asked for after the others
}

// What was done is forgotten.
func ExampleOwn_Reset() {
	own, end := begin()
	defer end()
	own.Stub(mock.Stub{Operation: "getOrder", Status: 404})
	own.Reset()
	send(own, "GET", "/orders/1", "")
	// Output: 200 {"id":1,"total":12.5,"createdAt":"2030-01-01T00:00:00Z"}
}

// The mock calls back.
func ExampleOwn_Hooks() {
	own, end := begin()
	defer end()
	hooks := own.Hooks()
	send(own, "POST", "/orders/1/pay", "", "X-Hook: "+hooks.URL)
	got := hooks.Next()
	fmt.Println(got.Method, got.Path, string(got.Body))
	// Output:
	// 200 {"paid":true}
	// POST /paid {"paid":1}
}

// A webhook of the document is sent on demand, and after the operation that x-mock names, with a valid body.
func ExampleHooks_Fire() {
	own, end := begin()
	defer end()
	hooks := own.Hooks().Webhooks()
	own.Freeze(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	fmt.Println(hooks.Fire("orderCreated").Method)
	send(own, "POST", "/orders", `{"total": 7.5, "note": "soon"}`)
	var told struct{ Order struct{ Total float64 } }
	fmt.Println(json.Unmarshal(hooks.Next().Body, &told), told.Order.Total)
	// Output:
	// POST
	// 201 {"id":2,"total":7.5,"note":"soon","createdAt":"2030-01-01T00:00:00Z"}
	// <nil> 7.5
}

// A test suite must use what the document has.
func ExampleServer_RequireCoverage() {
	t := &exampleT{} // in a test, its own t
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml")
	api.RequireCoverage(t, "operations=100,statuses=100")
	show(api.Client(), api.URL+"/pets/1")
	// Output:
	// 200 {"name":"Fido"}
	// mocktest: too little of the document was used: testdata/pets.yaml:5:5: getPet, asked 1 times, left unused: status 404
	// 1 of 1 operations (100 %)
	// 1 of 2 statuses (50 %), and at least 100 % are wanted
	// 1 of 1 parameters (100 %)
	// 1 of 1 properties (100 %)
}

// What one test used is written for a report.
func ExampleServer_coverage() {
	t := &exampleT{}
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml")
	own := api.Own(t)
	show(own.Client, own.URL+"/pets/1")
	used, err := own.Coverage(t.Context()) // or api.Coverage: of all tests together
	if err != nil {
		fmt.Println(err)
		return
	}
	kept, err := used.Write(os.Stdout, "text", "80")
	fmt.Println(kept, err)
	// Output:
	// 200 {"name":"Fido"}
	// testdata/pets.yaml:5:5: getPet, asked 1 times, left unused: status 404
	// 1 of 1 operations (100 %)
	// 1 of 2 statuses (50 %)
	// 1 of 1 parameters (100 %)
	// 1 of 1 properties (100 %)
	// true <nil>
}
