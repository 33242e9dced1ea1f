package param

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

func TestUnused(t *testing.T) {
	q, err := ParseQuery("a=1&x=2&R=3&f[k]=4&y=5&x=6&__code=404&%7A=7")
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range []string{"{name: a, in: query, schema: {type: integer}}", query(colour), "{name: f, in: query, style: deepObject, schema: {type: object}}"} {
		if _, present, err := decoderOf(t, spec).Query(q); err != nil || !present {
			t.Fatal(spec, present, err)
		}
	}
	if v, ok := q.Get("__code"); v != "404" || !ok {
		t.Errorf("__code is %q, %v", v, ok)
	}
	if v, ok := q.Get("absent"); v != "" || ok {
		t.Errorf("absent is %q, %v", v, ok)
	}
	q.Use("y")
	if got, want := q.Unused(), []string{"x", "z"}; !reflect.DeepEqual(got, want) {
		t.Errorf("unused are %v, want %v", got, want)
	}
}

func TestOpenObjectTakesWhatIsLeft(t *testing.T) {
	q, _ := ParseQuery("a=1&b=2&key=secret&at[gt]=3")
	rest := decoderOf(t, query("{type: object, additionalProperties: true}"))
	if rest.Turn() != 3 || decoderOf(t, query(colour)).Turn() != 1 {
		t.Fatal("Turn is wrong")
	}
	q.Use("key")
	if _, _, err := decoderOf(t, "{name: a, in: query, schema: {type: integer}}").Query(q); err != nil {
		t.Fatal(err)
	}
	v, present, err := rest.Query(q)
	if got, want := show(v, present, err), `{"at":{"gt":"3"},"b":"2"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if left := q.Unused(); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestLimits(t *testing.T) {
	q, err := ParseQuery(strings.Repeat("p=1&", maxPairs+1))
	if show(nil, true, err) != "!complexity" {
		t.Errorf("got %v", err)
	}
	if v, _, err := decoderOf(t, query(integers)).Query(q); err != nil || len(v.([]any)) != maxPairs {
		t.Errorf("the rest cannot be used: %v", err)
	}
	deep := decoderOf(t, param("query", "deepObject", true, "{type: object}"))
	for raw, want := range map[string]string{
		"p" + strings.Repeat("[a]", maxDepth+1) + "=1":          "!complexity",
		"p" + strings.Repeat("[]", maxDepth+1) + "=1":           "!complexity",
		"p" + strings.Repeat("[a]", maxDepth-2) + "=1":          strings.Repeat(`{"a":`, maxDepth-2) + `"1"` + strings.Repeat("}", maxDepth-2),
		"p[a]=" + strings.Repeat("[", 1000):                     `{"a":"` + strings.Repeat("[", 1000) + `"}`,
		"p=" + strings.Repeat("x", 100):                         `"` + strings.Repeat("x", 100) + `"`,
		"p[" + strings.Repeat("9", 30) + "]=1":                  `{"` + strings.Repeat("9", 30) + `":"1"}`,
		"p[9999999]=1":                                          `{"9999999":"1"}`,
		"p[0]" + strings.Repeat("[0]", maxDepth) + "=1":         "!complexity",
		strings.TrimSuffix(strings.Repeat("p[][a]=1&", 9), "&"): "[" + strings.TrimSuffix(strings.Repeat(`{"a":"1"},`, 9), ",") + "]",
	} {
		v, present, err := decode(deep, raw)
		if got := show(v, present, err); got != want {
			t.Errorf("%s reads as %s, want %s", clip(raw), clip(got), clip(want))
		}
	}
	for _, spec := range []string{path(integers), param("path", "matrix", true, integers), param("path", "label", true, integers)} {
		d := decoderOf(t, spec)
		raw := map[Style]string{Simple: strings.Repeat("1,", 20_000), Matrix: strings.Repeat(";p=1", 20_000), Label: strings.Repeat(".1", 20_000)}[d.spec.Style]
		if v, err := d.Path(raw); show(v, true, err) != "!complexity" {
			t.Errorf("%s: got %v", d.spec.Style, err)
		}
	}
	content := decoderOf(t, "{name: p, in: query, content: {application/json: {}}}")
	if v, _, err := decode(content, "p="+strings.Repeat("[", 100)+strings.Repeat("]", 100)); show(v, true, err) != "!complexity" {
		t.Errorf("got %v, %v", v, err)
	}
}

// Nested unions must not cost exponential time.
func TestUnionsEnd(t *testing.T) {
	spec := `{name: p, in: query, style: deepObject, schema: {$ref: '#/defs/N'}, defs: {N: {anyOf: [
  {type: object, required: [x], properties: {k: {$ref: '#/defs/N'}, l: {$ref: '#/defs/N'}}},
  {type: object, required: [y], properties: {k: {$ref: '#/defs/N'}, l: {$ref: '#/defs/N'}}},
  {type: object, required: [z], properties: {k: {$ref: '#/defs/N'}, l: {$ref: '#/defs/N'}}}]}}}`
	d := decoderOf(t, spec)
	v, _, err := decode(d, "p"+strings.Repeat("[k]", 30)+"=1")
	if err != nil || len(d.Check(v, schema.Options{})) == 0 {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestCompileRefuses(t *testing.T) {
	for spec, want := range map[string]string{
		"{name: p, in: query, style: matrix}":      "a query parameter cannot have the style matrix",
		"{name: p, in: query, style: simple}":      "a query parameter cannot have the style simple",
		"{name: p, in: path, style: form}":         "a path parameter cannot have the style form",
		"{name: p, in: header, style: deepObject}": "a header parameter cannot have the style deepObject",
		"{name: p, in: cookie, style: label}":      "a cookie parameter cannot have the style label",
		"{name: '', in: query}":                    "a parameter needs a name",
	} {
		if _, err := Compile(specOf(t, spec)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", spec, err, want)
		}
	}
	for _, name := range []string{"content", "tabDelimited", "Form"} {
		if s, ok := StyleNamed(name); ok {
			t.Errorf("%s is the style %v", name, s)
		}
	}
}

func TestEncode(t *testing.T) {
	cases := []struct{ spec, value, want string }{
		{path("{type: string}"), `"a/b c,é"`, "a%2Fb%20c%2C%C3%A9"},
		{path(words), `["a,b","c"]`, "a%2Cb,c"},
		{param("path", "simple", true, colour), `{"R":1,"G":2}`, "G=2,R=1"},
		{param("path", "label", false, words), `["a.b","c"]`, ".a%2Eb,c"},
		{param("path", "label", true, words), `["a.b","c"]`, ".a%2Eb.c"},
		{param("path", "matrix", true, words), `["a","b"]`, ";p=a;p=b"},
		{param("path", "matrix", true, colour), `{"R":1}`, ";R=1"},
		{param("path", "matrix", false, colour), `{"R":1,"G":2}`, ";p=G,2,R,1"},
		{param("path", "matrix", false, "{type: string}"), `""`, ";p"},
		{query("{type: string}"), `"a&b=c+d é"`, "p=a%26b%3Dc%2Bd%20%C3%A9"},
		{query(integers), `[1,2]`, "p=1&p=2"},
		{query(integers), `[]`, "p="},
		{query(colour), `{"R":1,"G":2}`, "G=2&R=1"},
		{query("{type: object, properties: {l: {type: array, items: {type: integer}}}}"), `{"l":[1,2]}`, "l=1&l=2"},
		{param("query", "form", false, words), `["a,b","c"]`, "p=a%2Cb,c"},
		{param("query", "form", false, words), `[]`, "p="},
		{param("query", "spaceDelimited", false, words), `["a","b"]`, "p=a%20b"},
		{param("query", "pipeDelimited", false, words), `["a","b"]`, "p=a%7Cb"},
		{"{name: p, in: query, collectionFormat: tsv, type: array}", `["a","b"]`, "p=a%09b"},
		{param("query", "deepObject", true, "{type: object}"), `{"a":"x","l":["1","2"],"o":[{"k":"v"}]}`, "p%5Ba%5D=x&p%5Bl%5D%5B%5D=1&p%5Bl%5D%5B%5D=2&p%5Bo%5D%5B0%5D%5Bk%5D=v"},
		{"{name: p, in: query, allowReserved: true, schema: {type: string}}", `"a/b?c&d"`, "p=a/b?c%26d"},
		{"{name: p, in: query, content: {application/json: {}}}", `{"a":[1]}`, "p=%7B%22a%22%3A%5B1%5D%7D"},
		{"{name: p, in: query, schema: {type: [integer, 'null']}}", `null`, "p=null"},
		{query("{type: boolean}"), `false`, "p=false"},
		{header(integers), `[1,2]`, "1,2"},
		{header("{type: string}"), `"a, b"`, "a, b"},
		{cookie(integers), `[1,2]`, "p=1; p=2"},
		{cookie("{type: string}"), `"a;b"`, "p=a%3Bb"},
		// What has no text.
		{query(colour), `{}`, ""},
		{query("{type: [integer, string]}"), `"5"`, ""},
		{query("{type: integer}"), `"5"`, ""},
		{path(integers), `[[1]]`, ""},
		{param("query", "spaceDelimited", false, words), `["a b"]`, ""},
		{param("query", "deepObject", true, "{type: object}"), `{"l":[]}`, ""},
		{header(words), `["a,b"]`, ""},
		{header("{type: string}"), `" a"`, ""},
		{header("{type: string}"), `"a\nb"`, ""},
		{query(words), `[{"a":1}]`, ""},
	}
	for _, c := range cases {
		v, err := source.DecodeJSON([]byte(c.value), source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := decoderOf(t, c.spec).Encode(v)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s under %s is written %q (%v), want %q", c.value, c.spec, got, err, c.want)
		}
	}
	if _, err := (&FormBody{}).Encode("text"); err == nil {
		t.Error("a string was written as a form")
	}
}

// Every parameter of the shared document on styles reads the values that its title promises.
func TestStyleDocument(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED names no folder with shared material")
	}
	text, err := os.ReadFile(filepath.Join(shared, "corpus", "parameters-style.json"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := source.Parse("parameters-style.json", text, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{
		"primitive": "buster & co, é", "array": []any{"one two", "b,c"}, "object": map[string]any{"name": "Ada L", "description": "x/y=z"},
	}
	plain := map[string]any{"array": []any{"one", "two"}, "object": map[string]any{"name": "Ada", "description": "x"}}
	count := 0
	for _, item := range root.Get("paths").Members() {
		for _, operation := range item.Value.Members() {
			for _, p := range operation.Value.Get("parameters").Items() {
				d := decoderOf(t, string(p.AppendJSON(nil)))
				value := values[d.spec.Name]
				if s := d.spec.Style; s == SpaceDelimited || s == PipeDelimited || d.spec.In == InHeader && d.spec.Name != "primitive" {
					value = plain[d.spec.Name]
				}
				text, err := d.Encode(value)
				if err != nil {
					t.Errorf("%s %s: %v", item.Name, d.spec.Name, err)
				} else if v, present, err := decode(d, text); err != nil || !present || !schema.Equal(v, value) || len(d.Check(v, schema.Options{})) > 0 {
					t.Errorf("%s %s: %q reads as %s", item.Name, d.spec.Name, text, show(v, present, err))
				}
				count++
			}
		}
	}
	if count != 53 {
		t.Errorf("%d parameters", count)
	}
}

func TestErrorText(t *testing.T) {
	e := &Error{Keyword: Duplicate, Pointer: "/a~1b", Message: "must be given once, is given 2 times"}
	if e.Error() != "/a~1b: must be given once, is given 2 times" {
		t.Error(e.Error())
	}
	_, _, err := decode(decoderOf(t, query("{type: integer}")), "p=1&p=2&p=3")
	if err == nil || err.Error() != "must be given once, is given 3 times" {
		t.Error(err)
	}
	if b, _ := json.Marshal(InCookie.String() + " " + DeepObject.String() + Style(99).String()); string(b) != `"cookie deepObject"` {
		t.Error(string(b))
	}
}
