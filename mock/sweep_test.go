package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
	"standin/mock/internal/sample"
)

// TestSweep asks each operation of real documents for every documented status and media type, as documented and made up with
// many seeds: every answer has the status and the type that were asked for, and keeps the document.
func TestSweep(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: no real documents are swept")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(name string) bool { return filepath.Ext(name) == ".tsv" })
	if len(files) < 19 {
		t.Fatalf("only %d documents in %s", len(files), shared)
	}
	for _, file := range append(files, "../openapi.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := contract.Load(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := mock.New(c)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			newSweep(t, c, s).run(t)
		})
	}
}

// sweep is the document under test with all that can be asked of it.
type sweep struct {
	server *mock.Server
	turns  []turn
	lost   int // operations that another answers for, as the document has it
}

// turn is one kind of answer.
type turn struct {
	operation   *contract.Operation
	url         string
	code        int
	contentType string // "" for an answer without content
}

func newSweep(t *testing.T, c *contract.Contract, s *mock.Server) *sweep {
	t.Helper()
	w := &sweep{server: s}
	for _, op := range c.Operations() {
		url := target(op)
		path, query, _ := strings.Cut(url, "?")
		prefix := c.Prefixes()[0]
		switch c.Find(op.Method, prefix+path).With(query).Operation {
		case op:
		case nil:
			t.Errorf("%s: nothing is found at %s %s", op.ID, op.Method, prefix+url)
			continue
		default:
			w.lost++
			continue
		}
		for _, r := range op.Responses().All {
			code := codeOf(op, r)
			if code < 200 { // nobody can ask for it, or it is no final answer
				continue
			}
			for _, contentType := range typesOf(r, code) {
				w.turns = append(w.turns, turn{op, prefix + url, code, contentType})
			}
		}
	}
	return w
}

// typesOf are the media types of a response, or "" alone for one without content.
func typesOf(r *contract.Response, code int) []string {
	if len(r.Content) == 0 || !sample.HasBody(code) {
		return []string{""}
	}
	var types []string
	for _, m := range r.Content {
		types = append(types, sample.ContentType(m))
	}
	return types
}

// codeOf is a status that leads to a response, 0 if none does.
func codeOf(op *contract.Operation, r *contract.Response) int {
	if status := sample.Status(r); op.Responses().For(status) == r {
		return status
	}
	for status := 599; status >= 200; status-- {
		if op.Responses().For(status) == r {
			return status
		}
	}
	return 0
}

var segment = regexp.MustCompile(`\{([^}]*)\}`)

// target is the template of an operation, filled with what its parameters say or with anything.
func target(op *contract.Operation) string {
	values := map[string]string{}
	for _, p := range op.Parameters() {
		if p.In == "path" {
			values[p.Name] = filling(p)
		}
	}
	template, _, _ := strings.Cut(op.Template, "#")
	return segment.ReplaceAllStringFunc(template, func(name string) string {
		if v := values[name[1:len(name)-1]]; v != "" {
			return v
		}
		return "1"
	})
}

func filling(p *contract.Parameter) string {
	samples := []any{"7", []any{"x"}, map[string]any{"x": "y"}}
	if len(p.Examples) > 0 && p.Examples[0].Value != nil {
		samples = slices.Insert(samples, 0, p.Examples[0].Value.Value())
	}
	for _, v := range samples {
		if text, err := p.Encode(v); err == nil && text != "" {
			return text
		}
	}
	return ""
}

// mostAnswers is about how many answers are made up for a document: large ones are swept with fewer seeds.
const mostAnswers = 30_000

func (w *sweep) run(t *testing.T) {
	if len(w.turns) == 0 {
		t.Fatal("nothing can be asked")
	}
	most, seeds := mostAnswers, 50
	if testing.Short() {
		most, seeds = mostAnswers/10, 3
	}
	seeds = max(1, min(seeds, most/len(w.turns)))
	wrong, asked := 0, 0
	for _, turn := range w.turns {
		for seed := range seeds + 1 {
			prefer := "" // as documented
			if seed > 0 {
				prefer = ", dynamic=true, seed=" + strconv.Itoa(seed)
			}
			asked++
			if fault := w.ask(turn, prefer); fault != "" {
				t.Errorf("%s %d %s%s: %s", turn.operation.ID, turn.code, turn.contentType, prefer, fault)
				wrong++
				break
			}
		}
		if wrong > 20 {
			t.Fatal("and so on")
		}
	}
	t.Logf("%d answers of %d kinds, %d operations are another's", asked, len(w.turns), w.lost)
}

// ask tells what is wrong with one answer, "" for nothing.
func (w *sweep) ask(turn turn, prefer string) string {
	r := httptest.NewRequest(turn.operation.Method, turn.url, http.NoBody)
	r.Header.Set("Prefer", fmt.Sprintf("handling=lenient, code=%d%s", turn.code, prefer))
	if turn.contentType != "" {
		r.Header.Set("Accept", turn.contentType)
	}
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	header := rec.Result().Header
	if rec.Code != turn.code || strings.HasPrefix(header.Get("Mock-Source"), "refusal") {
		return fmt.Sprintf("answers %d, %.300s", rec.Code, rec.Body)
	}
	if broken := turn.operation.CheckResponse(rec.Code, header, rec.Body.Bytes()); len(broken) > 0 {
		return fmt.Sprintf("%v in %.300s", broken, rec.Body)
	}
	if got := header.Get("Content-Type"); turn.operation.Method != http.MethodHead && got != turn.contentType {
		return fmt.Sprintf("is %q", got)
	}
	return ""
}
