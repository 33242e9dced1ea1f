package mock

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/fixture"
	"standin/mock/internal/sample"
	"standin/mock/internal/store"
)

// Collections are what a sandbox holds.
func (c controlled) Collections(ctx context.Context, sandbox string) ([]control.Collection, error) {
	world := c.site.Load().world
	if world == nil {
		return nil, nil
	}
	all, err := world.Collections(ctx, sandbox)
	var out []control.Collection
	for _, one := range all {
		out = append(out, control.Collection{Path: one.Path, Key: one.Key, Rows: one.Rows, Closed: one.Closed})
	}
	return out, kept(err)
}

// Rows are those of a collection.
func (c controlled) Rows(ctx context.Context, sandbox, path string, offset, limit int) ([]json.RawMessage, int, error) {
	world := c.site.Load().world
	missing := control.NewProblem(http.StatusNotFound, "no-such-collection", fmt.Sprintf("there is no collection %q that stands by itself", clip(path, 200)))
	if world == nil {
		return nil, 0, missing
	}
	texts, total, ok, err := world.Rows(ctx, sandbox, path, offset, limit)
	if err == nil && !ok {
		return nil, 0, missing
	}
	var out []json.RawMessage
	for _, text := range texts {
		out = append(out, text)
	}
	return out, total, kept(err)
}

// Explain tells how a request is matched, and who would answer it; nothing is done.
func (c controlled) Explain(ctx context.Context, sandbox string, q control.Question) (control.Explanation, error) {
	u, err := url.Parse(q.URL)
	if err != nil || !strings.HasPrefix(u.Path, "/") {
		return control.Explanation{}, control.NewProblem(http.StatusUnprocessableEntity, "explain", fmt.Sprintf("%q is no URL with a path", clip(q.URL, 200)))
	}
	x := c.observer(sandbox)
	body := []byte(q.Body)
	var text string
	if json.Unmarshal(q.Body, &text) == nil { // a body that is no JSON stands as a text
		body = []byte(text)
	}
	r, err := http.NewRequestWithContext(ctx, strings.ToUpper(q.Method), u.String(), bytes.NewReader(body))
	if err != nil {
		return control.Explanation{}, control.NewProblem(http.StatusUnprocessableEntity, "explain", err.Error())
	}
	r.Host = "localhost"
	for name, value := range q.Headers {
		r.Header.Set(name, value)
	}
	if len(body) > 0 && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	x.Context = c.echo.NewContext(r, nil)
	path, _ := c.basePath(u.EscapedPath())
	x.path = path
	x.found = x.site.contract.Find(r.Method, path).With(u.RawQuery)
	if x.operation() == nil {
		out := control.Explanation{Answer: "nobody: the document has no such path"}
		if len(x.found.Allow) > 0 {
			out.Answer = "nobody: this path answers " + join(x.found.Allow)
		}
		return out, nil
	}
	if err := x.steered(); err != nil {
		return control.Explanation{}, kept(err)
	}
	return x.explained(body)
}

// explained asks each answerer in turn whether it would answer.
func (x *exchange) explained(body []byte) (control.Explanation, error) {
	op, r := x.operation(), x.Request()
	out := control.Explanation{Operation: op.ID, Template: op.Template}
	w, err := readWish(r, x.server.options.maxDelay)
	if err != nil {
		return out, control.NewProblem(http.StatusUnprocessableEntity, "explain", err.Error())
	}
	x.wish, x.handling = w, x.server.options.handling
	if h, err := ParseHandling(x.told.settings.Handling); err == nil {
		x.handling = h
	}
	if w.hasHandling {
		x.handling = w.handling
	}
	x.request = contract.Request{URL: r.URL, Header: r.Header, Body: body, Strict: x.handling == Strict}
	x.found, x.checked = x.found.Check(&x.request)
	op = x.operation()
	out.Operation, out.Template = op.ID, op.Template
	for _, v := range x.checked.Violations {
		out.Violations = append(out.Violations, describe(v)+" ("+v.Rule.String()+")")
	}
	step := func(answerer, name, place, why string, answers bool) {
		out.Steps = append(out.Steps, control.Step{Answerer: answerer, Name: name, Place: place, Answers: answers, Why: why})
		if answers && out.Answer == "" {
			out.Answer = answerer
		}
	}
	in := &fixture.Input{Operation: op, Request: r, Values: x.given, Violations: x.checked.Violations, Now: x.now()}
	items := func(answerer string, list []candidate) {
		for _, c := range list {
			why, answers := x.itemWhy(answerer, c, in)
			place := c.item.Position.String()
			if answerer == "stub" { // which stands in no file
				place = ""
			}
			step(answerer, c.item.Name, place, why, answers)
		}
	}
	var stubs []candidate
	for _, c := range x.told.stubs {
		if c.item.Operation == op.ID || c.item.Operation == "*" {
			stubs = append(stubs, c)
		}
	}
	items("stub", append(stubs, x.server.stubs.forOperation(op.ID)...))
	if x.server.options.handlers[op.ID] != nil || x.server.handlers.of(x.sandbox, op.ID) != nil {
		step("handler", "", "", "the embedder answers", !x.wish.asked() && (len(out.Violations) == 0 || x.lenient()))
	}
	items("fixture", x.candidates())
	if len(out.Violations) > 0 && !x.lenient() {
		step("refusal", "", "", "the request breaks the document", true)
	}
	x.explainRest(step)
	return out, nil
}

// itemWhy tells why an item would answer or not.
func (x *exchange) itemWhy(answerer string, c candidate, in *fixture.Input) (why string, answers bool) {
	item := c.item
	switch {
	case len(in.Violations) > 0 && !x.lenient() && !item.ForViolations():
		return "it answers no request that breaks the document", false
	case answerer == "fixture" && (x.wish.dynamic || !x.wished(item)):
		return "Prefer asks for something else", false
	case !x.inState(item):
		return "a scenario stands elsewhere", false
	}
	var missed []string
	for _, one := range item.Compare(in) {
		if !one.Holds {
			missed = append(missed, fmt.Sprintf("%s should be %s, is %s", one.Where, one.Wanted, one.Asked))
		}
	}
	if len(missed) > 0 {
		return "it does not fit: " + strings.Join(missed, "; "), false
	}
	if item.Times == 0 {
		return "it fits", true
	}
	answered, err := x.answered(c.key)
	if err != nil {
		return err.Error(), false
	}
	return fmt.Sprintf("it fits, and has answered %d of %d times", answered, item.Times), answered < item.Times
}

// answered is how often a candidate has, where that is counted.
func (x *exchange) answered(key string) (n int, err error) {
	err = x.server.store.View(x.Request().Context(), x.sandbox, func(r store.Reader) error {
		text, _, err := r.Get(countBucket, key)
		n, _ = strconv.Atoi(string(text))
		return err
	})
	return n, err
}

// explainRest tells of state, examples and what is made up.
func (x *exchange) explainRest(step func(answerer, name, place, why string, answers bool)) {
	op := x.operation()
	switch world := x.site.world; {
	case world == nil:
		step("state", "", "", "nothing is remembered here", false)
	case x.wish.asked():
		step("state", "", "", "Prefer asks for something else", false)
	case x.wish.stateless:
		step("state", "", "", "Prefer turns it off", false)
	case x.site.behaviour.Operation(op.ID) != nil:
		step("state", "", "", "x-mock declares what it does", len(x.checked.Violations) == 0)
	case !world.Plays(op):
		step("state", "", "", "it does nothing to any collection", false)
	default:
		step("state", "", "", "it does something to a collection; where that has no documented answer, the next one answers", len(x.checked.Violations) == 0)
	}
	target, err := x.target()
	if err != nil {
		step("example", "", "", err.Error(), false)
		return
	}
	a, err := x.site.sampler.Example(op, target, x.wish.example, x.given)
	switch {
	case x.wish.dynamic || x.wish.size > 0:
		step("example", "", "", "Prefer asks for a made-up answer", false)
	case errors.Is(err, sample.ErrNone):
		step("example", "", "", fmt.Sprintf("the document shows none for %d", target.Status), false)
	case err != nil:
		step("example", "", "", err.Error(), false)
	default:
		step("example", a.Name, "", fmt.Sprintf("it fits best for %d", target.Status), true)
	}
	step("generated", "", "", fmt.Sprintf("an answer %d is made up", target.Status), true)
}
