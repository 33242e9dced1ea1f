package param

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// document is a loader of the one node that a test is about.
type document struct{ root *source.Node }

func (d document) Load(string) (*source.Node, error) { return d.root, nil }

// compileSchema compiles the schema at name in a YAML text; references are relative to the text.
func compileSchema(t testing.TB, root *source.Node, n *source.Node) *schema.Schema {
	t.Helper()
	if n == nil {
		return nil
	}
	c := schema.NewCompiler(document{root}, schema.OpenAPI31)
	s := c.Compile("test:doc", n)
	for _, d := range c.Diagnostics() {
		t.Fatalf("%v: %s", d.Position, d.Message)
	}
	return s
}

func parse(t testing.TB, yaml string) *source.Node {
	t.Helper()
	n, err := source.Parse("test.yaml", []byte(yaml), source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// specOf reads an OpenAPI parameter, of 2.0 if it has collectionFormat or type.
func specOf(t testing.TB, yaml string) Spec {
	t.Helper()
	n := parse(t, yaml)
	s := Spec{Name: n.Get("name").Text(), AllowReserved: n.Get("allowReserved").True(), Required: n.Get("required").True(), AllowEmpty: n.Get("allowEmptyValue").True()}
	s.In = map[string]In{"path": InPath, "query": InQuery, "header": InHeader, "cookie": InCookie}[n.Get("in").Text()]
	if n.Get("type") != nil {
		style, explode, ok := CollectionFormat(n.Get("collectionFormat").StringOr(""), s.In)
		if !ok {
			t.Fatalf("collectionFormat %s", n.Get("collectionFormat").Text())
		}
		s.Style, s.Explode, s.Schema = style, explode, compileSchema(t, n, n)
		return s
	}
	style, ok := StyleNamed(n.Get("style").StringOr(""))
	if !ok {
		t.Fatalf("style %s", n.Get("style").Text())
	}
	s.Style, s.Explode = style, style.Explodes(s.In)
	if e := n.Get("explode"); e != nil {
		s.Explode = e.True()
	}
	s.Schema = compileSchema(t, n, n.Get("schema"))
	for _, m := range n.Get("content").Members() {
		s.Style, s.MediaType, s.Schema = Content, m.Name, compileSchema(t, n, m.Value.Get("schema"))
	}
	return s
}

func decoderOf(t testing.TB, yaml string) *Decoder {
	t.Helper()
	d, err := Compile(specOf(t, yaml))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// decode reads raw as the parameter's place has it: lines of headers and cookies stand on lines.
func decode(d *Decoder, raw string) (any, bool, error) {
	switch d.spec.In {
	case InPath:
		v, err := d.Path(raw)
		return v, true, err
	case InHeader:
		return d.Header(strings.Split(raw, "\n"))
	case InCookie:
		return d.Cookie(strings.Split(raw, "\n"))
	}
	q, err := ParseQuery(raw)
	if err != nil {
		return nil, true, err
	}
	return d.Query(q)
}

// show gives a value as JSON, "absent", or "!" with the keyword (and pointer) of the error.
func show(v any, present bool, err error) string {
	var e *Error
	switch {
	case errors.As(err, &e):
		return strings.TrimSpace("!" + e.Keyword + " " + e.Pointer)
	case err != nil:
		return "unknown error: " + err.Error()
	case !present:
		return "absent"
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

// row is one parameter, the text that was sent, and what it means: JSON, "absent" or "!keyword". refused is the keyword
// by which the schema then refuses the value.
type row struct{ name, spec, raw, want, refused string }

func runRows(t *testing.T, rows []row) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.name] {
			t.Errorf("two rows are called %q", r.name)
		}
		seen[r.name] = true
		t.Run(r.name, func(t *testing.T) {
			d := decoderOf(t, r.spec)
			v, present, err := decode(d, r.raw)
			if got := show(v, present, err); got != r.want {
				t.Fatalf("%s reads as %s, want %s (%v)", r.raw, got, r.want, err)
			}
			if err != nil || !present {
				return
			}
			var keywords []string
			for _, violation := range d.Check(v, schema.Options{}) {
				keywords = append(keywords, violation.Keyword)
			}
			if got := strings.Join(keywords, " "); got != r.refused {
				t.Errorf("%s is refused by %q, want %q", r.want, got, r.refused)
			}
			checkRoundTrip(t, d, v)
			checkAccept(t, d, r.raw, len(keywords) == 0)
		})
	}
}

// checkRoundTrip holds that what can be written reads back the same.
func checkRoundTrip(t testing.TB, d *Decoder, v any) {
	t.Helper()
	text, err := d.Encode(v)
	if err != nil {
		return
	}
	back, present, err := decode(d, text)
	if err != nil || !present || !schema.Equal(back, v) {
		t.Errorf("%s is written %q, which reads as %s", show(v, true, nil), text, show(back, present, err))
	}
}

// checkAccept holds that the quick check never lets a wrong value pass.
func checkAccept(t testing.TB, d *Decoder, raw string, valid bool) {
	t.Helper()
	accepted := false
	switch d.spec.In {
	case InPath:
		accepted = d.AcceptPath(raw)
	case InHeader:
		accepted = d.AcceptHeader(strings.Split(raw, "\n"))
	case InQuery:
		q, _ := ParseQuery(raw)
		accepted = d.AcceptQuery(q)
	}
	if accepted && !valid {
		t.Errorf("%q is accepted at a glance, but is wrong", raw)
	}
}

func param(in, style string, explode bool, schema string) string {
	return fmt.Sprintf("{name: p, in: %s, style: %s, explode: %v, schema: %s}", in, style, explode, schema)
}

func query(schema string) string  { return "{name: p, in: query, schema: " + schema + "}" }
func path(schema string) string   { return "{name: p, in: path, schema: " + schema + "}" }
func header(schema string) string { return "{name: X-P, in: header, schema: " + schema + "}" }
func cookie(schema string) string { return "{name: p, in: cookie, schema: " + schema + "}" }

const (
	integers = "{type: array, items: {type: integer}}"
	words    = "{type: array, items: {type: string}}"
	colour   = "{type: object, properties: {R: {type: integer}, G: {type: integer}, B: {type: integer}}}"
	person   = "{type: object, properties: {name: {type: string}, description: {type: string}}}"
)
