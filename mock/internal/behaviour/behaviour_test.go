package behaviour

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"standin/mock/contract"
)

const document = `openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
x-mock: ROOT
paths:
  /orders:
    get:
      operationId: listOrders
      x-mock: OPERATION
      responses: {'200': {description: All., content: {application/json: {schema: {type: array}}}}}
`

func compile(t testing.TB, root, operation string) (*Behaviour, []contract.Diagnostic) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "orders.yaml")
	text := strings.NewReplacer("ROOT", root, "OPERATION", operation).Replace(document)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return Compile(c)
}

// TestWrongDeclarations has one fault each, which is told at its line.
func TestWrongDeclarations(t *testing.T) {
	for _, c := range []struct{ name, root, operation, want string }{
		{"not an object", `[]`, `{answer: []}`, "orders.yaml:3:9: error: x-mock: must be an object"},
		{"an unknown part", `{colections: {}}`, `{answer: []}`, "colections"},
		{"an unknown verb", `{}`, `{do: [{dance: now}]}`, "orders.yaml:8:"},
		{"two verbs", `{}`, `{do: [{let: {a: 1}, fail: x}]}`, "/do/0"},
		{"an unknown collection", `{}`, `{do: [{delete: orders, key: '1'}]}`, `there is no collection "orders"`},
		{"an unknown schema", `{collections: {orders: {row: '#/components/schemas/Order'}}}`, `{answer: []}`, "there is no schema #/components/schemas/Order"},
		{"an unknown error", `{}`, `{do: [{fail: nope}]}`, `x-mock.errors has no "nope"`},
		{"an unknown routine", `{}`, `{do: [{call: nope}]}`, `there is no routine "nope"`},
		{"an unknown dialect", `{collections: {orders: {}}}`, `{do: [{query: orders, by: nope, as: found}]}`, `there is no dialect "nope"`},
		{"an unknown name", `{}`, `{do: [{let: {a: prize + 1}}]}`, "unknown name prize"},
		{"an unknown function", `{}`, `{do: [{let: {a: rowz(1)}}]}`, "there is no function rowz"},
		{"a template that cannot be read", `{}`, `{answer: '{{ 1 + }}'}`, "orders.yaml:8:"},
		{"a job without jobs", `{}`, `{job: true, answer: 1}`, "does not say how jobs answer"},
		{"jobs nobody can ask after", `{jobs: {id: uuid, accepted: {}, taken: {}, poll: nope, key: '1', running: {}, unknown: {}}}`, `{answer: 1}`, `there is no operation "nope"`},
		{"a change of rows inside rows", `{collections: {orders: {}, lines: {inside: {collection: orders, property: lines}}}}`, `{do: [{delete: lines, key: '1'}]}`,
			"the rows of lines are inside those of orders"},
		{"a beginning of what is no job", `{}`, `{begin: [{let: {a: 1}}], do: []}`, "only a job begins before it ends"},
		{"a queue that is no program", `{jobs: {id: uuid, accepted: {}, taken: {}, poll: listOrders, key: '1', running: {}, unknown: {}, queue: 'request.'}}`, `{answer: 1}`,
			"orders.yaml:3:"},
		{"a wrong duration", `{timers: [{every: soon, do: []}]}`, `{answer: 1}`, "/timers/0/every"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, found := compile(t, c.root, c.operation)
			if len(found) == 0 || !strings.Contains(found[0].String(), c.want) {
				t.Errorf("%v", found)
			}
			if len(found) > 0 && (found[0].Rule != "x-mock" || found[0].Position.Line == 0) {
				t.Errorf("%+v", found[0])
			}
			if strings.HasPrefix(c.root, "{}") && b.Operation("listOrders") != nil {
				t.Error("the wrong operation is declared all the same")
			}
		})
	}
	if b, found := compile(t, `{collections: {orders: {}}}`, `{answer: '{{ rows("orders") }}'}`); len(found) > 0 || b.Operation("listOrders") == nil {
		t.Error(found)
	}
}

func TestNothingDeclared(t *testing.T) {
	name := filepath.Join(t.TempDir(), "plain.yaml")
	if err := os.WriteFile(name, []byte("openapi: 3.1.0\ninfo: {title: Plain, version: 1.0.0}\npaths: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	b, found := Compile(c)
	if b != nil || found != nil || b.Operation("x") != nil || b.Jobs() || b.Timed() || len(b.Collections()) > 0 {
		t.Error(b, found)
	}
}

func TestSplit(t *testing.T) {
	d := &dialect{operators: []operator{{"!=", "notEqual"}, {">=", "atLeast"}, {"=", "equal"}, {"is null", "null"}}}
	for text, want := range map[string]string{
		"a=1": "a equal 1", "a!=1": "a notEqual 1", " a.b = 1": "a.b equal  1", "a=b>=c": "a=b atLeast c", "a=": "a equal ", "a is null": "a null ",
		"=1": "", "a": "", "": "",
	} {
		c, ok := d.split(text)
		got := ""
		if ok {
			got = strings.Join(c.field, ".") + " " + c.test + " " + c.value
		}
		if got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// FuzzLike holds like to a regular expression of the same meaning.
func FuzzLike(f *testing.F) {
	for _, seed := range [][2]string{{"web-01", "web-%"}, {"web", "_e_"}, {"", "%"}, {"a", ""}, {"aab", "%a_%"}, {"ä", "_"}, {"%", "\\%"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, pattern string) {
		if len(text) > 200 || len(pattern) > 50 {
			return
		}
		text, pattern = strings.ToValidUTF8(text, "?"), strings.ToValidUTF8(pattern, "?")
		var b strings.Builder
		for _, r := range pattern {
			switch r {
			case '%':
				b.WriteString(".*")
			case '_':
				b.WriteString(".")
			default:
				b.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		want := regexp.MustCompile(`(?s)\A` + b.String() + `\z`).MatchString(text)
		if got := like(text, pattern, "%", "_"); got != want {
			t.Errorf("%q like %q is %v", text, pattern, got)
		}
	})
}
