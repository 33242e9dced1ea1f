package expr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"standin/mock/internal/expr"
)

func language() *expr.Language {
	return expr.New(expr.Options{Fake: func(name string) bool { return name == "city" || name == "broken" }, Names: []string{"row"}})
}

// decode reads a value of JSON with its numbers as they are written.
func decode(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

func scope(t testing.TB) *expr.Scope {
	n := 0
	return &expr.Scope{
		Request: expr.Request{
			Method: "POST", URL: "http://localhost/orders/7?dry=true", Path: map[string]any{"id": "7"}, Query: map[string]any{"dry": true},
			Header: map[string]any{"x-tenant": "acme-1"},
			Body: decode(t, `{"currency": "EUR", "total": 0.1, "big": 9007199254740993, "lines": [{"n": 2, "price": 1.10}, {"n": 3, "price": 2.20}],
				"none": null, "tags": ["a", "b"], "text": "héllo"}`),
		},
		State: map[string]any{"step": "paid"}, Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600)),
		UUID: func() string { n++; return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) },
		Fake: func(name string, args []any) (any, error) {
			if name == "broken" {
				return nil, errors.New("out of order")
			}
			return fmt.Sprint("Ghent", args), nil
		},
		More: map[string]any{"row": map[string]any{"size": json.Number("42")}},
	}
}

var right = []struct{ source, want string }{
	{"request.method", `"POST"`}, {"request.url", `"http://localhost/orders/7?dry=true"`},
	{"request.path.id", `"7"`}, {"request.query.dry", `true`}, {"request.query.other", `null`},
	{`request.header["X-Tenant"]`, `"acme-1"`}, {`request.header["x-tenant"]`, `"acme-1"`}, {"request.cookie.sid", `null`},
	{"request.body.currency", `"EUR"`}, {"request.body.big", `9007199254740993`}, {"state.step", `"paid"`}, {"row.size + 1", `43`},
	{"now", `"2026-03-01T11:00:00Z"`}, {`addTime(now, "36h")`, `"2026-03-02T23:00:00Z"`}, {"date(now)", `"2026-03-01"`},
	{"unix(now)", `1772362800`}, {"fromUnix(unix(now)) == now", `true`},
	{"uuid", `"00000000-0000-4000-8000-000000000001"`}, {"uuid()", `"00000000-0000-4000-8000-000000000001"`}, {"uuid == uuid", `false`},
	{"fake.city", `"Ghent[]"`}, {"fake.city()", `"Ghent[]"`}, {`fake.city(1, "x")`, `"Ghent[1 x]"`},
	// numbers
	{"0.1 + 0.2", `0.3`}, {"request.body.total + 0.2 == 0.3", `true`}, {"request.body.big + 1", `9007199254740994`},
	{"9223372036854775807 + 1", `9223372036854775808`}, {"-9223372036854775807 - 2", `-9223372036854775809`},
	{"9223372036854775807 * 9223372036854775807", `85070591730234615847396907784232501249`},
	{"7 / 2", `3.5`}, {"6 / 2", `3`}, {"1 / 3", `0.3333333333333333333333333333333333`}, {"7 % 3", `1`}, {"-7 % 3", `-1`}, {"5.5 % 2", `1.5`},
	{"2 ** 100", `1267650600228229401496703205376`}, {"2 ** -2", `0.25`}, {"-request.body.total", `-0.1`}, {"1.10", `1.1`},
	{"sum(map(request.body.lines, {#.n * .price}))", `8.8`}, {"max(1, 2.5, 2)", `2.5`}, {"min([3, 1])", `1`}, {"sum([])", `0`},
	{"floor(-1.5)", `-2`}, {"ceil(-1.5)", `-1`}, {"round(-1.5)", `-2`}, {"round(2.4)", `2`}, {"int(-1.5)", `-1`}, {"abs(-3)", `3`}, {"abs(-0.5)", `0.5`},
	{`number("42") == 42`, `true`}, {`42 == "42"`, `false`}, {"1.0 == 1", `true`}, {"1 in [1.0, 2]", `true`}, {"1e3", `1000`},
	{`number(request.path.id) > 6`, `true`}, {"[1, 2] == [1.0, 2]", `true`}, {`{a: 1} == {"a": 1.0}`, `true`}, {"request.body.none == nil", `true`},
	// texts
	{`"a" + "b"`, `"ab"`}, {`"b" > "a"`, `true`}, {`upper("é")`, `"É"`}, {`request.body.text[1:3]`, `"él"`}, {`len(request.body.text)`, `5`},
	{`"acme-1" matches "^acme-\\d$"`, `true`}, {`"abc" contains "b" and "abc" startsWith "a" and "abc" endsWith "c"`, `true`},
	{`split("a,b", ",")`, `["a","b"]`}, {`join(request.body.tags, "-")`, `"a-b"`}, {`replace("aXbX", "X", "")`, `"ab"`}, {`trim("  a ")`, `"a"`},
	{`indexOf("héllo", "l")`, `2`}, {`string(1.50)`, `"1.5"`}, {`"n" + string(request.body.lines[0].n)`, `"n2"`}, {`trim("--a-", "-")`, `"a"`},
	{`toJSON({b: 1, a: [nil]})`, `"{\"a\":[null],\"b\":1}"`}, {`fromJSON("{\"n\": 1.10}").n`, `1.10`}, {`fromBase64(toBase64("é"))`, `"é"`},
	{`type(1) + type("") + type(nil) + type([]) + type({}) + type(true)`, `"numberstringnullarrayobjectboolean"`},
	// lists
	{"filter(request.body.lines, {.n > 2})", `[{"n":3,"price":2.20}]`}, {"map(1..3, {# * 2})", `[2,4,6]`}, {"1..3", `[1,2,3]`},
	{"all(request.body.lines, {.n > 1}) and not any(request.body.lines, {.n > 5})", `true`}, {"count(request.body.lines, {.n == 2})", `1`},
	{"find(request.body.lines, {.n == 3}).price", `2.20`}, {"request.body.tags | len()", `2`}, {"first(request.body.tags)", `"a"`},
	{"last([])", `null`}, {"reverse(request.body.tags)", `["b","a"]`}, {"sort([3, 1.5, 2])", `[1.5,2,3]`}, {"request.body.tags[-1]", `"b"`},
	{"request.body.tags[9]", `null`}, {"[1,2,3][1:]", `[2,3]`}, {"keys({b: 1, a: 2})", `["a","b"]`}, {"values({b: 1, a: 2})", `[2,1]`},
	{`"b" in request.body.tags`, `true`}, {`"currency" in request.body`, `true`}, {`"x" not in request.body.tags`, `true`},
	{`"b" in request.body.tags ? "yes" : "no"`, `"yes"`}, {"request.body?.none?.deeper.still ?? 5", `5`}, {"let x = 2; x * x", `4`},
	{"none([1, 2], {# > 2}) and one([1, 2], {# == 2})", `true`}, {"findIndex([5, 6], {# == 6})", `1`}, {"map([5, 6], {#index})", `[0,1]`},
	{"{a: {b: [1, uuid]}}", `{"a":{"b":[1,"00000000-0000-4000-8000-000000000001"]}}`}, {`get(request.body, "currency")`, `"EUR"`},
	{"request.body.lines[int(number(request.path.id) - 6)].n", `3`}, {"if request.query.dry { 1 } else { 2 }", `1`},
}

func TestPrograms(t *testing.T) {
	l := language()
	for _, c := range right {
		v, err := l.Value("f.yaml:1", c.source)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		got, err := v.Run(scope(t))
		if want := decode(t, c.want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v (%v), want %#v", c.source, got, err, want)
		}
	}
}

// refused are programs that do not compile, with a part of what is said.
var refused = []struct{ source, want string }{
	{"", "no expression"}, {" ", "no expression"}, {"1 +", "unexpected"}, {"nobody", "nobody"}, {"request.header2", "only method, url"},
	{"fake.nothing", "no generator fake.nothing"}, {`fake["ci" + "ty"]`, "written out"}, {"fake", "fake"}, {"$run", "no name $run"}, {"$env", "no name $env"},
	{"let $x = 1; $x", "no name $x"}, {"map([1], {map([2], {#})})", "closure inside a closure"}, {"filter([1], {any([2], {# > 1})})", "closure inside"},
	{"1..1000000000", "at most 1000"}, {"1..request.body.n", "written out"}, {`"a" matches request.body.p`, "written out"}, {`"a" matches "("`, "missing closing"},
	{`repeat("a", 9)`, "no function repeat"}, {"reduce([1], {#acc + #})", "reduce"}, {"groupBy([1], {#})", "groupBy"}, {"sortBy([1], {#})", "sortBy"},
	{"now()", "no function now"}, {"duration(\"1s\")", "no function duration"}, {"request.body.run()", "have a name"}, {"upper()", "takes 1 argument"},
	{"upper(1, 2)", "takes 1 argument"}, {"uuid(1)", "takes nothing"}, {strings.Repeat("1+", 2100) + "1", "longer than"}, {strings.Repeat("1+", 120) + "1", "node"},
	{strings.Repeat("(", 2000), "unexpected"}, {`b"abc"`, "no bytes"}, {"abs(1, 2, 3)", "takes 1"}, {"map([1], {#wrong})", "wrong"},
}

func TestProgramsRefused(t *testing.T) {
	l := language()
	for _, c := range refused {
		_, err := l.Value("f.yaml:3", c.source)
		var e *expr.Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), c.want) || !strings.HasPrefix(e.Error(), "f.yaml:3: ") || strings.Contains(e.Error(), "\n") {
			t.Errorf("%s: %v, want an error with %q", c.source, err, c.want)
		}
	}
}

// failing are programs that compile and do not end well.
var failing = []struct{ source, want string }{
	{`1 + "1"`, "a number and a text"}, {"nil < 1", "no order"}, {"1 and true", "this is a number"}, {"not 1", "this is a number"}, {"1 / 0", "zero"}, {"5 % 0", "zero"},
	{"0 ** -1", "zero"}, {"2 ** 2 ** 20", "exponent"}, {"10 ** 999 * 10 ** 999", "digits"}, {"2 ** 0.5", "exponent"}, {"request.body.none.x", "null has no property x"},
	{"request.body.currency.x", "a text has no property x"}, {"request.body.tags.x", "a whole number"}, {"fake.broken", "out of order"}, {"map(5, {#})", "a list is needed"},
	{"filter([1], {#})", "true or false"}, {`number("1e")`, "no number"}, {`number("0x10")`, "no number"}, {`number("1e99999")`, "digits"}, {`addTime(now, "soon")`, "no duration"},
	{`unix("now")`, "RFC 3339"}, {`fromJSON("{")`, "no JSON"}, {`fromJSON("1 2")`, "follows"}, {`fromBase64("%")`, "base64"}, {"upper(1)", "a text is needed"},
	{"max([])", "empty"}, {"sort([1, nil])", "no order"}, {"keys(1)", "an object is needed"}, {`"a" in "abc"`, "a list is needed"}, {"fromUnix(99999999999999)", "year"},
	{`1 ? 2 : 3`, "true or false"}, {"{(1 + 1): 2}", "a text is needed, and this is a number"}, {"[1][0.5]", "whole number"}, {"join([1], 2)", "a text is needed"},
	{`let a = "aaaaaaaaaaaaaaaa"; let b = replace(a, "a", a); let c = replace(b, "a", b); replace(c, "a", c)`, "longer than"},
	{`let a = map(1..1000, {1..1000}); map(a, {a})`, "memory budget"}, {`let a = 1..1000; let b = map(a, {a}); map(a, {b == b})`, "too long"},
	{`map(1..1000, {map})`, "map"}, {`replace(join(1..900, ""), "1", join(1..900, "")) matches "(a?){1000}b"`, "too long"},
}

func TestProgramsThatFail(t *testing.T) {
	l := language()
	for _, c := range failing {
		v, err := l.Value("f.yaml:3", c.source)
		if err == nil {
			_, err = v.Run(scope(t))
		}
		var e *expr.Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), c.want) || strings.Contains(e.Error(), "\n") || strings.Contains(e.Error(), "interface {}") {
			t.Errorf("%s: %v, want an error with %q", c.source, err, c.want)
		}
	}
}

func TestErrorsTellTheirPlace(t *testing.T) {
	_, err := language().Value("fixtures/orders.yaml:12", "1 +\n  nobody")
	if want := "fixtures/orders.yaml:12: {{ 1 + nobody }}, at character 3: unknown name nobody"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestPredicates(t *testing.T) {
	l := language()
	for source, want := range map[string]bool{
		"request.body.total < 1": true, "request.path.id == 7": false, `request.path.id == "7"`: true, `state.step in ["paid", "sent"]`: true,
	} {
		p, err := l.Predicate("f.yaml:1", source)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Holds(scope(t)); got != want || err != nil {
			t.Errorf("%s is %v (%v)", source, got, err)
		}
	}
	p, err := l.Predicate("f.yaml:1", "1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Holds(scope(t)); err == nil || !strings.Contains(err.Error(), "true or false") {
		t.Error(err)
	}
}

// TestFurtherFunctions lets a caller add functions, and names whose values come later.
func TestFurtherFunctions(t *testing.T) {
	l := expr.New(expr.Options{Names: []string{"order"}, Functions: map[string]expr.Arity{"row": {Least: 2, Most: 2}}})
	v, err := l.Value("x", `row("orders", order.id).total + 1`)
	if err != nil {
		t.Fatal(err)
	}
	s := &expr.Scope{Functions: map[string]func([]any) (any, error){"row": func(args []any) (any, error) {
		if args[1] != json.Number("7") {
			return nil, errors.New("there is no such row")
		}
		return map[string]any{"total": json.Number("41")}, nil
	}}}
	if _, err := v.Run(s); err == nil {
		t.Error("a name without a value has a property")
	}
	s.Set("order", map[string]any{"id": json.Number("7")})
	if out, err := v.Run(s); err != nil || out != json.Number("42") {
		t.Error(out, err)
	}
	s.Set("order", map[string]any{"id": json.Number("8")})
	if _, err := v.Run(s); err == nil || !strings.Contains(err.Error(), "row: there is no such row") {
		t.Error(err)
	}
	if _, err := v.Run(&expr.Scope{More: map[string]any{"order": map[string]any{}}}); err == nil || !strings.Contains(err.Error(), "there is no row here") {
		t.Error(err)
	}
	for source, want := range map[string]string{`row("orders")`: "row takes 2 arguments", `rows("orders")`: "there is no function rows"} {
		if _, err := l.Value("x", source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", source, err)
		}
	}
	if v, err = l.Value("x", `order.missing == null ? null : 1`); err != nil {
		t.Fatal(err)
	}
	if out, err := v.Run(s); err != nil || out != nil {
		t.Error(out, err)
	}
}

func TestNothingIsGiven(t *testing.T) {
	l := language()
	for source, want := range map[string]string{"uuid": "no UUIDs", "fake.city": "made up", "request.body.x": "null", "request.path.x": ""} {
		v, err := l.Value("f", source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Run(&expr.Scope{}); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		same, text bool
	}{
		{`42`, `"42"`, false, true}, {`42`, `"42.0"`, false, true}, {`1`, `1.0`, true, true}, {`true`, `"true"`, false, true}, {`true`, `"1"`, false, false},
		{`"a"`, `"a"`, true, true}, {`"01"`, `1`, false, false}, {`1`, `" 1"`, false, false}, {`null`, `""`, false, false}, {`{"a":[1]}`, `{"a":[1.0]}`, true, true},
		{`[1]`, `["1"]`, false, false}, {`1e400`, `1e400`, true, true}, {`1e5000`, `"1e5000"`, false, true}, {`{"a":1}`, `{"b":1}`, false, false},
	} {
		a, b := decode(t, c.a), decode(t, c.b)
		if expr.Equal(a, b) != c.same || expr.Equal(b, a) != c.same || expr.EqualText(a, b) != c.text || expr.EqualText(b, a) != c.text {
			t.Errorf("%s and %s: %v %v", c.a, c.b, expr.Equal(a, b), expr.EqualText(a, b))
		}
	}
}

func TestARunDoesNotShare(t *testing.T) {
	v, err := language().Value("f", "request.body")
	if err != nil {
		t.Fatal(err)
	}
	s := scope(t)
	out, err := v.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	out.(map[string]any)["tags"].([]any)[0] = "changed"
	if again, _ := v.Run(s); reflect.DeepEqual(again, out) {
		t.Error("a change of what a run gave is seen by the next")
	}
}
