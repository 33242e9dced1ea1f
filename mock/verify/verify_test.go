package verify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"standin/mock/contract"
	"standin/mock/verify"
)

const shop = `openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string, minLength: 1, maxLength: 20}, kind: {type: string, enum: [cat, dog]}}}
security: [{key: []}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
      responses:
        '200': {description: All., headers: {X-Total: {required: true, schema: {type: integer}}}, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}
        '400': {description: No.}
        '401': {description: Who?}
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string, minLength: 1, maxLength: 20}, kind: {type: string, enum: [cat, dog]}}}}}}
      responses:
        '201': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: No.}
        '401': {description: Who?}
        '415': {description: What?}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPet
      responses:
        '200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: No.}
        '401': {description: Who?}
        '404': {description: None.}
    delete:
      operationId: deletePet
      responses: {'204': {description: Gone.}, '400': {description: No.}, '401': {description: Who?}, '404': {description: None.}}
`

// server keeps the document of the shop, but for one fault.
type server struct {
	fault string
	made  map[string]bool
	next  int
	turn  atomic.Int64
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	fail := func(status int) { w.WriteHeader(status) }
	if r.Header.Get("X-Key") == "" && s.fault != "credentials" {
		fail(401)
		return
	}
	switch path := strings.TrimPrefix(r.URL.Path, "/pets"); {
	case path == "" && (r.Method == "GET" || r.Method == "HEAD"):
		s.list(w, r)
	case path == "" && r.Method == "POST":
		s.create(w, r)
	case path != "" && (r.Method == "GET" || r.Method == "HEAD" || r.Method == "DELETE"):
		id := path[1:]
		var n int
		if _, err := fmt.Sscan(id, &n); err != nil || fmt.Sprint(n) != id {
			fail(400)
			return
		}
		if s.made[id] == false {
			fail(404)
			return
		}
		if r.Method == "DELETE" {
			s.made[id] = s.fault == "deleted"
			fail(204)
			return
		}
		h.Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":%s,"name":"x"}`, id)
	case s.fault == "method":
		fail(200)
	default:
		fail(405)
	}
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Total", "1")
	limit := r.URL.Query().Get("limit")
	var n int
	_, err := fmt.Sscan(limit, &n)
	wrong := r.URL.Query().Has("limit") && (err != nil || fmt.Sprint(n) != limit || n < 1 || n > 100)
	switch {
	case wrong && s.fault != "accepts":
		w.WriteHeader(400)
	case s.fault == "refuses" && limit == "100":
		w.WriteHeader(400)
	case s.fault == "status":
		w.WriteHeader(203)
	case s.fault == "type":
		h.Set("Content-Type", "text/plain")
		fmt.Fprint(w, "pets")
	case s.fault == "header":
		h.Del("X-Total")
		fmt.Fprint(w, "[]")
	case s.fault == "body", s.fault == "flaky" && s.turn.Add(1) == 1:
		fmt.Fprint(w, `[{"id":"one","name":"x"}]`)
	case s.fault == "fails" && limit == "1":
		w.WriteHeader(500)
	case s.fault == "head" && r.Method == "HEAD":
		w.WriteHeader(404)
	case s.fault == "later" && s.turn.Add(1) == 1:
		h.Set("Retry-After", "0")
		w.WriteHeader(429)
	default:
		fmt.Fprint(w, `[{"id":1,"name":"x"}]`)
	}
}

func (s *server) create(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(415)
		return
	}
	body := make([]byte, 64<<10)
	n, _ := r.Body.Read(body)
	c, err := contract.Parse(context.Background(), "shop.yaml", []byte(shop))
	if err != nil {
		panic(err)
	}
	op := c.Operation("createPet")
	r.Header.Set("X-Key", "k")
	checked := op.CheckRequest(&contract.Request{Found: c.Find("POST", "/pets"), URL: r.URL, Header: r.Header, Body: body[:n]})
	if len(checked.Violations) > 0 {
		w.WriteHeader(400)
		return
	}
	s.next++
	if s.fault != "created" {
		s.made[fmt.Sprint(s.next)] = true
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(201)
	fmt.Fprintf(w, `{"id":%d,"name":"x"}`, s.next)
}

func run(t *testing.T, fault string, o verify.Options) *verify.Report {
	t.Helper()
	c, err := contract.Parse(t.Context(), "shop.yaml", []byte(shop))
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(&server{fault: fault, made: map[string]bool{}})
	defer web.Close()
	o.All, o.Workers = true, 1
	report, err := verify.Run(t.Context(), c, web.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestFaults finds each fault of a server that has one, and no other; a server without any has none.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ fault, check, operation, says string }{
		{"", "", "", ""},
		{"later", "", "", ""},
		{"credentials", "credentials", "listPets", "with no credentials it is answered 200"},
		{"method", "method", "listPets", "is not documented here, and is answered 200"},
		{"accepts", "invalid-accepted", "listPets", "query limit"},
		{"refuses", "valid-refused", "listPets", "at its maximum"},
		{"status", "status", "listPets", "203"},
		{"type", "media-type", "listPets", "text/plain"},
		{"header", "header", "listPets", "X-Total"},
		{"body", "body", "listPets", "/0/id"},
		{"fails", "server-error", "listPets", "500"},
		{"head", "head", "listPets", "HEAD is answered 404, and GET 200"},
		{"deleted", "deleted", "getPet", "was deleted a moment ago"},
		{"created", "created", "getPet", "was created a moment ago"},
	} {
		t.Run(c.fault, func(t *testing.T) {
			report := run(t, c.fault, verify.Options{})
			if len(report.Flaky) > 0 {
				t.Errorf("flaky: %+v", report.Flaky)
			}
			for _, f := range report.Findings {
				if f.Check != c.check {
					t.Errorf("%s %s: %s\n%s", f.Check, f.Operation, f.Message, f.Curl)
				}
			}
			if c.check == "" {
				return
			}
			if len(report.Findings) == 0 {
				t.Fatal("nothing was found")
			}
			f := report.Findings[0]
			for _, other := range report.Findings {
				if other.Operation == c.operation {
					f = other
				}
			}
			if f.Operation != c.operation || !strings.Contains(f.Message, c.says) || !strings.HasPrefix(f.Curl, "curl -i") || f.Rule.Line == 0 || f.Fingerprint == "" {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestFlaky(t *testing.T) {
	report := run(t, "flaky", verify.Options{})
	if len(report.Findings) != 0 || len(report.Flaky) != 1 || report.Flaky[0].Check != "body" {
		t.Errorf("%+v %+v", report.Findings, report.Flaky)
	}
}

// TestTheSameAgain finds the same, by the same names, in each run of one seed; a check that is left out finds nothing.
func TestTheSameAgain(t *testing.T) {
	names := func(r *verify.Report) string {
		out := ""
		for _, f := range r.Findings {
			out += f.Fingerprint + " "
		}
		return out
	}
	first := run(t, "body", verify.Options{Seed: 3})
	if names(first) != names(run(t, "body", verify.Options{Seed: 3})) || names(first) == "" {
		t.Error(names(first))
	}
	if r := run(t, "body", verify.Options{Without: []string{"body"}}); len(r.Findings) != 0 {
		t.Errorf("%+v", r.Findings)
	}
}

func TestShrinks(t *testing.T) {
	report := run(t, "body", verify.Options{})
	if curl := report.Findings[0].Curl; strings.Contains(curl, "limit=") {
		t.Errorf("it is larger than it must be: %s", curl)
	}
}

func TestMisuse(t *testing.T) {
	c, err := contract.Parse(t.Context(), "shop.yaml", []byte(shop))
	if err != nil {
		t.Fatal(err)
	}
	for _, c2 := range []struct {
		target string
		o      verify.Options
	}{{"localhost", verify.Options{}}, {"", verify.Options{}}, {"ftp://x", verify.Options{}}, {"http://x", verify.Options{Without: []string{"taste"}}}, {"http://x", verify.Options{Skip: []string{"nobody"}}}} {
		if r, err := verify.Run(t.Context(), c, c2.target, c2.o); err == nil || r != nil {
			t.Errorf("%q %+v: %v", c2.target, c2.o, err)
		}
	}
	web := httptest.NewServer(http.NotFoundHandler())
	url := web.URL
	web.Close()
	if _, err := verify.Run(t.Context(), c, url, verify.Options{}); err == nil || !strings.Contains(err.Error(), "cannot be reached") || !errors.Is(err, verify.ErrNothing) {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	if _, err := verify.Run(ctx, c, "http://127.0.0.1:1", verify.Options{}); !errors.Is(err, verify.ErrNothing) {
		t.Error(err)
	}
}

func ExampleRun() {
	dir, _ := os.MkdirTemp("", "verify")
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "shop.yaml")
	_ = os.WriteFile(name, []byte(shop), 0o600)
	c, _ := contract.Load(context.Background(), name)
	web := httptest.NewServer(&server{fault: "head", made: map[string]bool{}})
	defer web.Close()

	report, err := verify.Run(context.Background(), c, web.URL, verify.Options{})
	fmt.Println(err)
	for _, f := range report.Findings {
		fmt.Println(f.Operation, f.Check, f.Message)
	}
	// Output:
	// <nil>
	// listPets head HEAD is answered 404, and GET 200
}
