package mocktest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/mocktest"
)

const document = "testdata/pets.yaml"

// fakeTB records how a test would end. What it does not override is the real test's.
type fakeTB struct {
	testing.TB
	cleanups []func()
	errors   []string
	fatal    string
}

// stopped is what Fatalf panics with, to leave the function under test as a real one does.
type stopped struct{}

func (t *fakeTB) Helper()                      {}
func (t *fakeTB) Cleanup(f func())             { t.cleanups = append(t.cleanups, f) }
func (t *fakeTB) Errorf(f string, args ...any) { t.errors = append(t.errors, fmt.Sprintf(f, args...)) }

func (t *fakeTB) Fatalf(f string, args ...any) {
	t.fatal = fmt.Sprintf(f, args...)
	panic(stopped{})
}

// run runs body as a test, with its cleanups.
func (t *fakeTB) run(body func(testing.TB)) {
	defer func() {
		for i := len(t.cleanups) - 1; i >= 0; i-- {
			t.cleanups[i]()
		}
	}()
	defer func() {
		if r := recover(); r != nil && r != any(stopped{}) {
			panic(r)
		}
	}()
	body(t)
}

// get asks for a path and gives what was answered.
func get(t *testing.T, api *mocktest.Server, path string) (*http.Response, string) {
	t.Helper()
	r, err := api.Client().Get(api.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// TestTestsEndAsTheExchangesDid holds what a test that uses a server ends with.
func TestTestsEndAsTheExchangesDid(t *testing.T) {
	wrongStub := mock.Stub{Operation: "getPet", Body: map[string]any{"name": 7}, Unchecked: true}
	handler := mock.WithHandler("getPet", func(_ ctx, _ *mock.Call) (mock.Answer, error) {
		return mock.Answer{Body: []byte(`{"name":7}`)}, nil
	})
	for name, c := range map[string]struct {
		options []mocktest.Option
		stub    *mock.Stub
		ask     string
		want    []string // what each error holds, in order
	}{
		"all is kept":                {ask: "/pets/1"},
		"the request is wrong":       {ask: "/pets/rex", want: []string{"a request broke the document: GET /pets/rex → 400 (refusal) getPet"}},
		"no operation takes it":      {ask: "/dogs", want: []string{"a request broke the document: GET /dogs → 404"}},
		"wrong requests are allowed": {ask: "/pets/rex", options: []mocktest.Option{mocktest.AllowViolations()}},
		"the answer is wrong":        {ask: "/pets/1", options: []mocktest.Option{mocktest.With(handler)}, want: []string{"an answer broke the document: GET /pets/1 → 200 (handler) getPet"}},
		"wrong answers are never allowed": {
			ask: "/pets/1", options: []mocktest.Option{mocktest.With(handler), mocktest.AllowViolations()}, want: []string{"an answer broke the document"},
		},
		"a stub is wrong on purpose": {ask: "/pets/1", stub: &wrongStub},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &fakeTB{TB: t}
			fake.run(func(tb testing.TB) {
				api := mocktest.NewServer(tb, document, c.options...)
				if c.stub != nil {
					if _, err := api.Stub(t.Context(), *c.stub); err != nil {
						t.Error(err)
					}
				}
				get(t, api, c.ask)
			})
			if fake.fatal != "" || len(fake.errors) != len(c.want) {
				t.Fatalf("it ends with %q %q, want %q", fake.fatal, fake.errors, c.want)
			}
			for i, want := range c.want {
				if !strings.Contains(fake.errors[i], want) {
					t.Errorf("it ends with %q, want %q", fake.errors[i], want)
				}
			}
		})
	}
}

// TestWhatCannotBeServedStopsTheTest holds what a test ends with before its first request.
func TestWhatCannotBeServedStopsTheTest(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	broken := write("broken.yaml", "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get: {responses: {'200': {$ref: '#/gone'}}}\n")
	torn := write("torn.yaml", "openapi: [")
	write("wrong/answer.yaml", "- {operation: getCat, respond: {status: 200}}\n")
	outside := write("outside.yaml", "- {operation: getPet, respond: {body: {name: Outside}}}\n")
	links := filepath.Join(dir, "links")
	if err := os.Mkdir(links, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(links, "answer.yaml")); err != nil {
		t.Skip("this system has no links:", err)
	}
	for name, c := range map[string]struct {
		document string
		options  []mocktest.Option
		want     string
	}{
		"no file":                  {document: filepath.Join(dir, "gone.yaml"), want: "gone.yaml"},
		"a folder":                 {document: dir, want: "mocktest: "},
		"torn":                     {document: torn, want: "torn.yaml:2:"},
		"errors":                   {document: broken, want: "broken.yaml:5:"},
		"no fixtures folder":       {document, []mocktest.Option{mocktest.Fixtures(filepath.Join(dir, "nowhere"))}, "the fixtures folder cannot be read"},
		"wrong fixtures":           {document, []mocktest.Option{mocktest.Fixtures(filepath.Join(dir, "wrong"))}, "answer.yaml:1:"},
		"a link out of the folder": {document, []mocktest.Option{mocktest.Fixtures(links)}, "answer.yaml:1:1: error: path escapes from parent"},
		"an option":                {document, []mocktest.Option{mocktest.With(mock.MaxBody(0))}, "at least 1 byte"},
		"no such operation":        {document, []mocktest.Option{mocktest.With(mock.WithHandler("getCat", noAnswer))}, "getCat"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &fakeTB{TB: t}
			fake.run(func(tb testing.TB) { mocktest.NewServer(tb, c.document, c.options...) })
			if !strings.HasPrefix(fake.fatal, "mocktest: ") || !strings.Contains(fake.fatal, c.want) {
				t.Errorf("it stops with %q, want %q", fake.fatal, c.want)
			}
		})
	}
}

// TestFixtures shows which folder answers.
func TestFixtures(t *testing.T) {
	for name, c := range map[string]struct {
		options []mocktest.Option
		want    string
	}{
		"the folder beside the document": {nil, "Fido"},
		"another":                        {[]mocktest.Option{mocktest.Fixtures("testdata/others")}, "Waldo"},
		"none":                           {[]mocktest.Option{mocktest.Fixtures("")}, "Rex"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, body := get(t, mocktest.NewServer(t, document, c.options...), "/pets/1"); !strings.Contains(body, c.want) {
				t.Errorf("answered %s, want %s", body, c.want)
			}
		})
	}
}

// TestSandboxes shares one server between two clients, who do not see each other's rows.
func TestSandboxes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.yaml")
	err := os.WriteFile(file, []byte(`openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    get: {responses: {"200": {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
components: {schemas: {Note: {type: object, required: [text], properties: {id: {type: integer, readOnly: true}, text: {type: string}}}}}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s := mocktest.NewServer(t, file)
	texts := func(sandbox string) string {
		answer, err := s.In(sandbox).Get(s.URL + "/notes")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return string(body)
	}
	answer, err := s.In("one").Post(s.URL+"/notes", "application/json", strings.NewReader(`{"text":"only mine"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if !strings.Contains(texts("one"), "only mine") || strings.Contains(texts("two"), "only mine") {
		t.Errorf("one has %s, two has %s", texts("one"), texts("two"))
	}
}
