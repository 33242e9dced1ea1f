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

func TestTemplates(t *testing.T) {
	l := language()
	for _, c := range []struct{ template, want string }{
		{`"plain"`, `"plain"`}, {`""`, `""`}, {`7`, `7`}, {`"{{ 1 + 1 }}"`, `2`}, {`"{{1}}{{2}}"`, `"12"`}, {`" {{ 1 }}"`, `" 1"`},
		{`"{{ request.body.currency }} refused"`, `"EUR refused"`}, {`"<{{ request.body.none }}>"`, `"<>"`}, {`"{{ request.body.none }}"`, `null`},
		{`"is {{ [1, {a: nil}] }}, {{ true }}"`, `"is [1,{\"a\":null}], true"`}, {`"{{ {a: {b: 1}} }}"`, `{"a":{"b":1}}`},
		{`"{{ \"}}\" }}{{ '{{' }}"`, `"}}{{"`}, {`"a }} b"`, `"a }} b"`}, {`"{{ \"\\\"}}\" }}!"`, `"\"}}!"`},
		{`{"b": "{{ uuid }}", "a": ["{{ uuid }}", 1], "c": {"d": 1.10}}`,
			`{"b":"00000000-0000-4000-8000-000000000002","a":["00000000-0000-4000-8000-000000000001",1],"c":{"d":1.10}}`},
		{`{"{{ 1 }}": 1}`, `{"{{ 1 }}": 1}`},
	} {
		tpl, err := l.Template("f.yaml:1", decode(t, c.template))
		if err != nil {
			t.Errorf("%s: %v", c.template, err)
			continue
		}
		got, err := tpl.Fill(scope(t))
		if want := decode(t, c.want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v (%v), want %#v", c.template, got, err, want)
		}
	}
}

func TestTemplatesRefused(t *testing.T) {
	l := language()
	_, err := l.Template("f.yaml:4", decode(t, `{"a/b": ["{{ nobody }}", "ok {{ 1"], "c": "{{ }}", "d": "{{ 1 }}"}`))
	for _, want := range []string{"f.yaml:4 /a~1b/0: {{ nobody }}", "f.yaml:4 /a~1b/1: ", "{{ without }}", "f.yaml:4 /c: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	deep := any("x")
	for range 300 {
		deep = []any{deep}
	}
	if _, err := l.Template("f.yaml:4", deep); err == nil || !strings.Contains(err.Error(), "too deep") {
		t.Error(err)
	}
	tpl, err := l.Template("f.yaml:4", map[string]any{"a": "x{{ 1 / 0 }}"})
	if err != nil || tpl.Static() {
		t.Fatal(err)
	}
	var e *expr.Error
	if _, err := tpl.Fill(scope(t)); !errors.As(err, &e) || e.Place != "f.yaml:4 /a" {
		t.Error(err)
	}
}

func Example() {
	l := expr.New(expr.Options{})
	t, err := l.Template("fixtures/declined.yaml:9", map[string]any{
		"error": "{{ request.body.currency }} refused", "left": "{{ 100.10 - request.body.total }}", "retry": "{{ addTime(now, '30s') }}",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := t.Fill(&expr.Scope{
		Request: expr.Request{Body: map[string]any{"currency": "EUR", "total": json.Number("0.2")}}, Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	})
	text, _ := json.Marshal(out)
	fmt.Println(string(text), err)
	// Output: {"error":"EUR refused","left":99.9,"retry":"2026-03-01T12:00:30Z"} <nil>
}

func ExampleLanguage_Predicate() {
	_, err := expr.New(expr.Options{}).Predicate("fixtures/declined.yaml:4", "any(request.body.lines, {any(.parts, {.n > 1})})")
	fmt.Println(err)
	// Output: fixtures/declined.yaml:4: {{ any(request.body.lines, {any(.parts, {.n > 1})}) }}, at character 25: a closure inside a closure
}

func ExampleEqualText() {
	fmt.Println(expr.Equal(json.Number("42"), "42"), expr.EqualText(json.Number("42"), "42"))
	// Output: false true
}

// FuzzPrograms looks for programs that panic, hang, give what is no value, or differ from run to run.
func FuzzPrograms(f *testing.F) {
	for _, c := range right {
		f.Add(c.source)
	}
	for _, c := range refused {
		f.Add(c.source)
	}
	for _, c := range failing {
		f.Add(c.source)
	}
	l := language()
	f.Fuzz(func(t *testing.T, source string) {
		v, err := l.Value("f", source)
		if err != nil {
			return
		}
		started := time.Now()
		got, err := v.Run(scope(t))
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%q takes %s", source, took)
		}
		again, errAgain := v.Run(scope(t))
		if (err == nil) != (errAgain == nil) || !reflect.DeepEqual(got, again) {
			t.Errorf("%q: %v (%v), and then %v (%v)", source, got, err, again, errAgain)
		}
		if _, errJSON := json.Marshal(got); err == nil && errJSON != nil {
			t.Errorf("%q is no value: %v", source, errJSON)
		}
	})
}

// FuzzTemplates looks for texts that panic.
func FuzzTemplates(f *testing.F) {
	for _, text := range []string{"a {{ 1 }} b", "{{", "{{ }}", `{{ "}}" }}`, "{{ {a: {b: 1}} }}", "{{ ' }}", "}}{{"} {
		f.Add(text)
	}
	l := language()
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := l.Template("f", text)
		if err != nil {
			return
		}
		if out, err := tpl.Fill(scope(t)); tpl.Static() && (err != nil || out != text) {
			t.Errorf("%q became %v (%v)", text, out, err)
		}
	})
}

func BenchmarkRun(b *testing.B) {
	l := language()
	for name, source := range map[string]string{
		"member": "request.body.currency", "arithmetic": "request.body.big + 1", "condition": `request.body.total < 1 and request.header["x-tenant"] startsWith "acme-"`,
		"list": "sum(map(request.body.lines, {.n * .price}))",
	} {
		v, err := l.Value("f", source)
		if err != nil {
			b.Fatal(err)
		}
		s := scope(b)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Run(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFill(b *testing.B) {
	tpl, err := language().Template("f", map[string]any{"error": "{{ request.body.currency }} refused", "id": "{{ uuid }}", "at": "{{ now }}", "n": 1})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tpl.Fill(scope(b)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	l := language()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Value("f", "any(request.body.lines, {.n > 2})"); err != nil {
			b.Fatal(err)
		}
	}
}
