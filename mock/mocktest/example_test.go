package mocktest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/mocktest"
)

type ctx = context.Context

func noAnswer(ctx, *mock.Call) (mock.Answer, error) { return mock.Answer{}, nil }

// t stands for the *testing.T of the test around an example: it prints how the test would end.
type exampleT struct {
	testing.TB
	cleanups []func()
}

func (*exampleT) Context() ctx                 { return context.Background() }
func (*exampleT) Helper()                      {}
func (*exampleT) Name() string                 { return "TestPets" }
func (t *exampleT) Cleanup(f func())           { t.cleanups = append(t.cleanups, f) }
func (*exampleT) Errorf(f string, args ...any) { fmt.Println(withoutLine(fmt.Sprintf(f, args...))) }
func (*exampleT) Fatalf(f string, args ...any) { fmt.Printf(f+"\n", args...) }

// withoutLine gives the line of a test file in a message a number that does not move.
func withoutLine(message string) string {
	return regexp.MustCompile(`_test\.go:\d+`).ReplaceAllString(message, "_test.go:41")
}

func (t *exampleT) end() {
	for i := len(t.cleanups) - 1; i >= 0; i-- {
		t.cleanups[i]()
	}
}

// show prints the status and the body of an answer.
func show(client *http.Client, url string) {
	r, err := client.Get(url)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.TrimSpace(fmt.Sprint(r.StatusCode, " ", string(body))))
}

func ExampleNewServer() {
	t := &exampleT{} // in a test, its own t
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml")
	show(api.Client(), api.URL+"/pets/1")
	// Output:
	// 200 {"name":"Fido"}
}

// A wrong request fails the test at its end.
func ExampleNewServer_wrongRequest() {
	t := &exampleT{}
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml")
	if r, err := api.Client().Get(api.URL + "/pets/rex"); err == nil {
		fmt.Println(r.StatusCode)
		r.Body.Close()
	}
	// Output:
	// 400
	// mocktest: a request broke the document: GET /pets/rex → 400 (refusal) getPet
	//     request path petId   must be an integer, is a string ("rex")
	//                          testdata/pets.yaml:8:60: - {name: petId, in: path, required: true, schema: {type: integer}}
}

func ExampleAllowViolations() {
	t := &exampleT{}
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml", mocktest.AllowViolations())
	if r, err := api.Client().Get(api.URL + "/pets/rex"); err == nil {
		fmt.Println(r.StatusCode, r.Header.Get("Mock-Source"))
		r.Body.Close()
	}
	// Output: 400 refusal
}

func ExampleFixtures() {
	t := &exampleT{}
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml", mocktest.Fixtures("testdata/others"))
	show(api.Client(), api.URL+"/pets/1")
	// Output: 200 {"name":"Waldo"}
}

func ExampleWith() {
	t := &exampleT{}
	defer t.end()
	answer := mock.WithHandler("getPet", func(_ context.Context, call *mock.Call) (mock.Answer, error) {
		return mock.Answer{Body: fmt.Appendf(nil, `{"name":"Pet %v"}`, call.Values.Path["petId"])}, nil
	})
	api := mocktest.NewServer(t, "testdata/pets.yaml", mocktest.With(answer))
	show(api.Client(), api.URL+"/pets/7")
	// Output: 200 {"name":"Pet 7"}
}

// A stub decides what one operation answers for a while.
func ExampleServer_stub() {
	t := &exampleT{}
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml")
	remove, err := api.Stub(t.Context(), mock.Stub{
		Operation: "getPet", When: map[string]any{"path": map[string]any{"petId": 7}}, Status: 404,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	show(api.Client(), api.URL+"/pets/7")
	show(api.Client(), api.URL+"/pets/8")
	remove()
	show(api.Client(), api.URL+"/pets/7")
	// Output:
	// 404
	// 200 {"name":"Fido"}
	// 200 {"name":"Fido"}
}

func ExampleServer_Own() {
	t := &exampleT{} // in a test, its own t
	defer t.end()
	api := mocktest.NewServer(t, "testdata/pets.yaml")
	own := api.Own(t) // parallel tests have one each, and never meet

	own.Stub(mock.Stub{Operation: "getPet", Times: 1, Status: 404})
	show(own.Client, own.URL+"/pets/7")
	show(api.Client(), api.URL+"/pets/7") // another sandbox
	own.Verify("getPet", map[string]any{"path": map[string]any{"petId": 7}}, 1)
	own.Verify("getPet", nil, 2)
	// Output:
	// 404
	// 200 {"name":"Fido"}
	// mocktest: mock: getPet: 1 request matches, and 2 should
}
