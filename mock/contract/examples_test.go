package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standin/mock/contract"
)

// told writes an example as "name: value" with what else it says.
func told(e contract.Example) string {
	out := e.Name + ": "
	if e.Value == nil {
		out += "none"
	} else {
		out += show(e.Value.Value())
	}
	if e.Summary != "" {
		out += ", " + e.Summary
	}
	if e.Known {
		out += ", known"
	}
	if n := len(e.Violations); n > 0 {
		out += fmt.Sprintf(", %d broken", n)
	}
	return out
}

// TestExamples finds examples wherever a document may hold them.
func TestExamples(t *testing.T) {
	for _, tt := range []struct{ version, media, want string }{
		{"3.1.0", "{schema: {type: integer}, example: 7}", "default: 7"},
		{"3.1.0", "{schema: {type: integer}, example: x}", `default: "x", 1 broken`},
		{"3.1.0", "{schema: {type: integer}, example: null}", "default: null, 1 broken"},
		{"3.1.0", "{schema: {type: integer}, examples: {b: {value: 2, summary: Two.}, a: {value: 1}}}", "b: 2, Two.; a: 1"},
		{"3.1.0", "{schema: {type: integer}, examples: {a: {$ref: '#/components/examples/one'}}}", "a: 1, One."},
		{"3.1.0", "{schema: {type: integer}, example: {$ref: '#/components/examples/one'}}", "default: 1"},
		{"3.1.0", "{schema: {type: integer}, examples: {a: {externalValue: 'https://x/1.json'}}}", "a: none"},
		{"3.1.0", "{schema: {type: integer}, examples: {a: {dataValue: 1}}}", "a: 1"},
		{"3.1.0", "{schema: {type: integer}, examples: {a: {value: x, x-invalid: true}}}", `a: "x", known, 1 broken`},
		{"3.1.0", "{schema: {type: integer}, examples: [1, x]}", `0: 1; 1: "x", 1 broken`},
		{"3.1.0", "{schema: {type: integer, examples: [1, 2]}}", "0: 1; 1: 2"},
		{"3.1.0", "{schema: {type: integer, examples: [1]}}", "default: 1"},
		{"3.0.3", "{schema: {type: integer, example: 1}}", "default: 1"},
		{"3.1.0", "{schema: {$ref: '#/components/schemas/Num'}}", "default: 5"},
		{"3.1.0", "{schema: {type: integer, examples: [1]}, example: 2}", "default: 2"},
		{"3.1.0", "{schema: {type: object, required: [id], properties: {id: {writeOnly: true}}}, example: {}}", "default: {}"},
		{"3.1.0", "{example: {any: thing}}", `default: {"any":"thing"}`},
		{"3.1.0", "{schema: {type: integer}}", ""},
	} {
		c := parse(t, "openapi: "+tt.version+"\npaths: {/a: {get: {responses: {\"200\": {description: OK., content: {application/json: "+tt.media+"}}}}}}\n"+
			"components: {examples: {one: {value: 1, summary: One.}}, schemas: {Num: {$ref: '#/components/schemas/Real'}, Real: {type: integer, examples: [5]}}}\n")
		var got []string
		for _, e := range c.Operations()[0].Responses().For(200).Content[0].Examples {
			got = append(got, told(e))
			if e.Value != nil && e.Position.Line == 0 {
				t.Errorf("%s: the example %s is nowhere", tt.media, e.Name)
			}
		}
		if d := cmp.Diff(tt.want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%s: %s", tt.media, d)
		}
	}
	c := parse(t, "openapi: 3.1.0\npaths: {/a: {get: {responses: {\"200\": {description: OK., content: {application/xml: {schema: {type: object}, example: <a/>}, text/plain: {schema: {type: string, maxLength: 1}, example: ab}}}}}}}\n")
	for i, want := range []string{`default: "<a/>"`, `default: "ab", 1 broken`} {
		if got := told(c.Operations()[0].Responses().For(200).Content[i].Examples[0]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestWrittenExamples checks examples that are bodies as written, and values of types that are not JSON.
func TestWrittenExamples(t *testing.T) {
	const row = "{type: object, required: [a], properties: {a: {type: integer, maximum: 9}}}"
	for _, tt := range []struct{ kind, media, want string }{
		{"application/xml", "{schema: " + row + ", example: '<x><a>1</a></x>'}", ""},
		{"application/xml", "{schema: " + row + ", example: '<x><a>10</a></x>'}", "/a maximum"},
		{"application/xml", "{schema: {xml: {name: y}}, example: '<x/>'}", " xml"},
		{"application/xml", "{schema: " + row + ", example: '<x'}", " syntax"},
		{"application/xml", "{schema: " + row + ", example: {a: 1}}", ""},
		{"application/xml", "{schema: " + row + ", example: {a: b}}", "/a type"},
		{"application/xml", "{schema: {type: string, example: plain}}", ""},
		{"application/xml", "{schema: {type: integer}, example: plain}", " type"},
		{"application/x-ndjson", "{itemSchema: " + row + ", example: '{\"a\": 1}\n\n{\"a\": 10}'}", "/1/a maximum"},
		{"application/x-ndjson", "{itemSchema: " + row + ", example: [{a: 1}, {}]}", "/1 required"},
		{"application/x-ndjson", "{schema: " + row + ", example: {a: 1}}", ""},
		{"application/x-ndjson", "{schema: " + row + ", example: x}", " syntax"},
		{"text/csv", "{schema: {type: array, items: " + row + "}, example: \"a\\n1\\n\"}", ""},
		{"text/csv", "{schema: {type: array, items: " + row + "}, example: \"b\\n1\\n\"}", "/0 required"},
		{"text/csv", "{schema: {type: string}, example: \"b\\n1\\n\"}", ""},
		{"text/plain", "{schema: {type: integer}, example: '10'}", ""},
		{"text/plain", "{schema: {type: integer}, example: ten}", " type"},
		{"application/x-www-form-urlencoded", "{schema: " + row + ", example: a=1}", ""},
		{"application/x-www-form-urlencoded", "{schema: " + row + ", example: a=10}", "/a maximum"},
		{"application/json", "{itemSchema: " + row + ", example: x}", ""},
		{"image/png", "{schema: {type: string, format: binary}, example: x}", ""},
		{"multipart/form-data", "{schema: " + row + ", example: x}", ""},
	} {
		c := parse(t, "openapi: 3.2.0\npaths: {/a: {get: {responses: {\"200\": {description: OK., content: {"+tt.kind+": "+tt.media+"}}}}}}\n")
		var got string
		for _, v := range c.Operations()[0].Responses().For(200).Content[0].Examples[0].Violations {
			got += v.Pointer + " " + v.Keyword
		}
		if got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.kind, tt.media, got, tt.want)
		}
		if found := len(c.Wait(t.Context())) > 0; found != (tt.want != "") {
			t.Errorf("%s %s: a diagnostic: %v", tt.kind, tt.media, found)
		}
	}
}

// TestEncode writes values so that they read back.
func TestEncode(t *testing.T) {
	c := parse(t, inputs)
	op := operation(t, c, "all")
	for i, tt := range []struct {
		value any
		want  string
	}{
		{"7", ""}, {nil, ""}, {[]any{"a,b", "c"}, "tags=a%2Cb,c"}, {"up", "sort=up"}, {map[string]any{}, ""}, {map[string]any{"x": true}, "where=%7B%22x%22%3Atrue%7D"}, {"1234", "1234"},
	} {
		p := op.Parameters()[i]
		got, err := p.Encode(tt.value)
		if (err != nil) != (tt.want == "") || got != tt.want {
			t.Errorf("%s %v: %q, %v, want %q", p.Name, tt.value, got, err, tt.want)
		}
	}
	content := c.Operation("POST /two").RequestBody().Content
	if got, err := content[2].EncodeForm(map[string]any{"n": "x y"}); err != nil || got != "n=x%20y" {
		t.Errorf("a form: %q, %v", got, err)
	}
	if got, err := content[1].EncodeForm(map[string]any{"n": "x"}); err == nil {
		t.Errorf("JSON is written as a form: %q", got)
	}
}

// TestPlaces looks at values by JSON Pointer, through references.
func TestPlaces(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
components:
  schemas: {A: {$ref: '#/components/schemas/B'}, B: {type: object, properties: {x: {type: integer}}}, Loop: {$ref: '#/components/schemas/Loop'}}
`)
	for pointer, want := range map[string]string{
		"/openapi": `"3.1.0"`, "/components/schemas/A": `{"properties":{"x":{"type":"integer"}},"type":"object"}`,
		"/components/schemas/A/properties/x/type": `"integer"`, "/components/schemas/Loop": "", "/none": "", "openapi": "", "/openapi/x": "",
	} {
		got := ""
		if n := c.At(pointer); n != nil {
			got = show(n.Value())
		}
		if got != want {
			t.Errorf("%s: %s, want %s", pointer, got, want)
		}
	}
	if c.At("") != c.Root() {
		t.Error("the empty pointer is not the root")
	}
	if s := c.SchemaAt("/components/schemas/A/properties/x"); s == nil || s.Node.Get("type").Text() != "integer" {
		t.Errorf("the schema of x: %v", s)
	}
	once, again := c.Schema("B"), c.SchemaAt("/components/schemas/B")
	if c.Schema("None") != nil || c.SchemaAt("x") != nil || once == nil || once != again {
		t.Error("schemas by name")
	}
}
