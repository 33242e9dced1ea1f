package schema_test

import (
	"errors"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// document serves one document under its own name.
type document struct {
	name string
	root *schema.Node
}

func (d document) Load(uri string) (*schema.Node, error) {
	if uri == d.name {
		return d.root, nil
	}
	return nil, errors.New("no such file")
}

func parse(t testing.TB, text string) *schema.Node {
	t.Helper()
	n, err := source.Parse("doc.yaml", []byte(text), source.Limits{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return n
}

// compile compiles the schema at pointer in an OpenAPI document that holds components.schemas only.
func compile(t testing.TB, d schema.Dialect, text, pointer string) (*schema.Schema, []schema.Diagnostic) {
	t.Helper()
	root := parse(t, text)
	n, err := root.At(pointer)
	if err != nil {
		t.Fatal(err)
	}
	c := schema.NewCompiler(document{"doc.yaml", root}, d)
	s := c.Compile("doc.yaml", n)
	return s, c.Diagnostics()
}

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := source.DecodeJSON([]byte(text), source.Limits{})
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

var dialects = []struct {
	name, schema string
	dialect      schema.Dialect
	direction    schema.Direction
	good, bad    []string
}{
	{name: "nullable beside type", dialect: schema.OpenAPI30, schema: `{type: string, nullable: true}`,
		good: []string{`null`, `"a"`}, bad: []string{`1`}},
	{name: "nullable beside type and an enum without null", dialect: schema.OpenAPI30, schema: `{type: string, nullable: true, enum: [a]}`,
		good: []string{`"a"`}, bad: []string{`null`}},
	{name: "nullable beside type and an enum with null", dialect: schema.OpenAPI30, schema: `{type: string, nullable: true, enum: [a, null]}`,
		good: []string{`"a"`, `null`}},
	{name: "nullable beside an enum alone", dialect: schema.OpenAPI30, schema: `{nullable: true, enum: [a]}`,
		good: []string{`"a"`, `null`}, bad: []string{`1`}},
	{name: "nullable beside allOf", dialect: schema.OpenAPI30, schema: `{nullable: true, allOf: [{type: object}]}`,
		good: []string{`{}`, `null`}, bad: []string{`1`}},
	{name: "nullable in 3.1", dialect: schema.OpenAPI31, schema: `{type: string, nullable: true}`,
		good: []string{`"a"`}, bad: []string{`null`}},
	{name: "x-nullable in 2.0", dialect: schema.OpenAPI20, schema: `{type: string, x-nullable: true}`,
		good: []string{`"a"`, `null`}},
	{name: "nullable in 2.0", dialect: schema.OpenAPI20, schema: `{type: string, nullable: true}`, bad: []string{`null`}},
	{name: "boolean bounds", dialect: schema.OpenAPI30, schema: `{type: number, minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: true}`,
		good: []string{`1.5`}, bad: []string{`1`, `2`, `1.0`}},
	{name: "boolean bounds that are false", dialect: schema.OpenAPI30, schema: `{minimum: 1, exclusiveMinimum: false}`,
		good: []string{`1`}, bad: []string{`0.9`}},
	{name: "numeric bounds in 3.0", dialect: schema.OpenAPI30, schema: `{exclusiveMinimum: 1}`, good: []string{`2`}, bad: []string{`1`}},
	{name: "type null in 3.0", dialect: schema.OpenAPI30, schema: `{type: "null"}`, good: []string{`null`}, bad: []string{`1`}},
	{name: "type list in 3.0", dialect: schema.OpenAPI30, schema: `{type: [string, "null"]}`, good: []string{`null`, `"a"`}, bad: []string{`1`}},
	{name: "file", dialect: schema.OpenAPI20, schema: `{type: file}`, good: []string{`"bytes"`}},
	{name: "int32", dialect: schema.OpenAPI30, schema: `{type: integer, format: int32}`,
		good: []string{`2147483647`, `-2147483648`, `2.0`, `0`}, bad: []string{`2147483648`, `-2147483649`, `1e10`}},
	{name: "int64", dialect: schema.OpenAPI30, schema: `{type: integer, format: int64}`,
		good: []string{`9223372036854775807`, `-9223372036854775808`}, bad: []string{`9223372036854775808`, `-9223372036854775809`, `1e400`}},
	{name: "float", dialect: schema.OpenAPI30, schema: `{type: number, format: float}`, good: []string{`1e300`}},
	{name: "unknown format", dialect: schema.OpenAPI30, schema: `{type: string, format: unheard-of}`, good: []string{`"x"`}},
	{name: "format for another type", dialect: schema.OpenAPI30, schema: `{format: email}`, good: []string{`1`, `"a@b.de"`}, bad: []string{`"x"`}},
	{name: "format in plain JSON Schema", dialect: schema.Draft202012, schema: `{format: email}`, good: []string{`"x"`}},
	{name: "const is unknown to 3.0", dialect: schema.OpenAPI30, schema: `{const: 1}`, good: []string{`2`}},
	{name: "empty enum", dialect: schema.Draft202012, schema: `{enum: []}`, bad: []string{`null`, `1`}},
	{name: "siblings of $ref in 3.0", dialect: schema.OpenAPI30, schema: `{$ref: "#/components/schemas/Short", minLength: 3}`,
		good: []string{`"a"`}, bad: []string{`"abcdef"`}},
	{name: "siblings of $ref in 3.1", dialect: schema.OpenAPI31, schema: `{$ref: "#/components/schemas/Short", minLength: 3}`,
		good: []string{`"abc"`}, bad: []string{`"a"`, `"abcdef"`}},
	{name: "readOnly in requests", dialect: schema.OpenAPI30, direction: schema.Request, schema: `{$ref: "#/components/schemas/Account"}`,
		good: []string{`{"secret":"s"}`, `{"secret":"s","id":"x"}`}, bad: []string{`{}`, `{"id":"x"}`}},
	{name: "writeOnly in responses", dialect: schema.OpenAPI30, direction: schema.Response, schema: `{$ref: "#/components/schemas/Account"}`,
		good: []string{`{"id":"x"}`}, bad: []string{`{}`, `{"secret":"s"}`}},
	{name: "both ways", dialect: schema.OpenAPI30, schema: `{$ref: "#/components/schemas/Account"}`,
		good: []string{`{"id":"x","secret":"s"}`}, bad: []string{`{"id":"x"}`, `{"secret":"s"}`}},
	{name: "readOnly declared in another part of allOf", dialect: schema.OpenAPI31, direction: schema.Request,
		schema: `{allOf: [{properties: {id: {readOnly: true}}}, {required: [id, name]}]}`, good: []string{`{"name":1}`}, bad: []string{`{}`}},
	{name: "required beside the allOf that declares readOnly", dialect: schema.OpenAPI31, direction: schema.Request,
		schema: `{allOf: [{$ref: "#/components/schemas/Account"}], required: [id, more]}`, good: []string{`{"more":1,"secret":""}`}, bad: []string{`{"secret":""}`}},
	{name: "required in an alternative beside the readOnly property", dialect: schema.OpenAPI30, direction: schema.Request,
		schema: `{properties: {id: {readOnly: true}}, anyOf: [{required: [id]}, {required: [name]}]}`, good: []string{`{}`, `{"name":1}`}},
	{name: "the same in a response", dialect: schema.OpenAPI30, direction: schema.Response,
		schema: `{properties: {id: {readOnly: true}}, anyOf: [{required: [id]}, {required: [name]}]}`, good: []string{`{"id":1}`}, bad: []string{`{}`}},
	{name: "items as an array in 3.0", dialect: schema.OpenAPI30, schema: `{items: [{type: string}]}`, good: []string{`["a"]`}, bad: []string{`[1]`, `["a",1]`}},
	{name: "items as an array in 3.1", dialect: schema.OpenAPI31, schema: `{items: [{type: string}]}`, good: []string{`["a",1]`}, bad: []string{`[1]`}},
	{name: "items as an empty array", dialect: schema.OpenAPI30, schema: `{type: array, items: []}`, good: []string{`[1]`}, bad: []string{`1`}},
	{name: "a bad pattern beside a good length", dialect: schema.OpenAPI30, schema: `{pattern: "(", maxLength: 2}`, good: []string{`"a"`}, bad: []string{`"abc"`}},
	{name: "a bad keyword beside a good one", dialect: schema.OpenAPI30, schema: `{required: true, type: strin, minLength: -1, maxLength: "2"}`,
		good: []string{`"a"`, `1`}, bad: []string{`"abc"`}},
	{name: "a dangling reference", dialect: schema.OpenAPI30, schema: `{properties: {a: {$ref: "#/nowhere"}, b: {type: string}}}`,
		good: []string{`{"a":1,"b":""}`}, bad: []string{`{"b":1}`}},
}

// The dialects of OpenAPI, each schema with values that fit and values that do not.
func TestDialects(t *testing.T) {
	const rest = `
components:
  schemas:
    Short: {type: string, maxLength: 5}
    Account:
      type: object
      required: [id, secret]
      properties:
        id: {type: string, readOnly: true}
        secret: {$ref: "#/components/schemas/Secret"}
    Secret: {type: string, writeOnly: true}
`
	for _, test := range dialects {
		t.Run(test.name, func(t *testing.T) {
			s, _ := compile(t, test.dialect, "schema: "+test.schema+rest, "/schema")
			for _, text := range test.good {
				if vs := s.Check(value(t, text), schema.Options{Direction: test.direction}); len(vs) > 0 {
					t.Errorf("%s is refused: %v", text, vs)
				}
				if !s.Valid(value(t, text), test.direction) {
					t.Errorf("%s is not valid", text)
				}
			}
			for _, text := range test.bad {
				if vs := s.Check(value(t, text), schema.Options{Direction: test.direction}); len(vs) == 0 {
					t.Errorf("%s passes the check", text)
				}
				if s.Valid(value(t, text), test.direction) || s.Accept([]byte(text), test.direction) {
					t.Errorf("%s is valid", text)
				}
			}
		})
	}
}

// What is odd about a schema is said at its place, and the rest of it counts.
func TestDiagnostics(t *testing.T) {
	tests := []struct {
		level                 schema.Level
		schema, keyword, want string
		line, col             int
	}{
		{schema.Error, "type: strin", "type", `type cannot be the string "strin"`, 1, 1},
		{schema.Error, "required: true", "required", "required must be an array of names, not true", 1, 1},
		{schema.Warning, "title: x\nitems: []", "items", "not an empty array", 2, 1},
		{schema.Error, "pattern: '('", "pattern", `the pattern "(" cannot be used`, 1, 1},
		{schema.Error, "$ref: '#/nowhere'", "$ref", `leads nowhere: there is no "nowhere"`, 1, 1},
		{schema.Error, "$ref: 'other.yaml#/a'", "$ref", "leads nowhere: no such file", 1, 1},
		{schema.Error, "$ref: '#'", "$ref", "leads back to", 1, 1},
		{schema.Error, "allOf:\n  - $ref: '#'", "$ref", "leads back to", 2, 5},
		{schema.Error, "minLength: 3\nmaxLength: 2", "minLength", "minLength 3 is greater than maxLength 2", 1, 1},
		{schema.Error, "minimum: 3\nmaximum: 2.5", "minimum", "minimum 3 is greater than maximum 2.5", 1, 1},
		{schema.Error, "minLength: -1", "minLength", "must be a whole number that is not negative", 1, 1},
		{schema.Warning, "maxLength: '3'", "maxLength", "must be a number, not a string; it is taken as 3", 1, 1},
		{schema.Error, "properties: {a: 3}", "", "a schema must be an object or a boolean, this is the number 3", 1, 17},
		{schema.Error, "enum: a", "enum", "must be an array of values", 1, 1},
		{schema.Error, "enum: []", "enum", "enum is empty", 1, 1},
		{schema.Error, "type: object\nenum: [a]", "enum", "none of the values of enum is an object", 2, 1},
		{schema.Error, "multipleOf: 0", "multipleOf", "must be greater than 0", 1, 1},
		{schema.Error, "xml: a", "xml", "xml must be an object, not the string", 1, 1},
		{schema.Error, "xml: {name: 1}", "xml", "name of xml must be a string, not the number 1", 1, 1},
		{schema.Error, "xml: {wrapped: 'true'}", "xml", "wrapped of xml must be a boolean", 1, 1},
		{schema.Error, "xml: {nodeType: comment}", "xml", "nodeType of xml is one of", 1, 1},
		{schema.Warning, "discriminator: {mapping: {}}", "discriminator", "does not say which property", 1, 1},
		{schema.Error, "not: {}\noneOf: []", "oneOf", "oneOf is empty, which would refuse every value; it is ignored", 2, 1},
		{schema.Warning, "allOf: []", "allOf", "allOf is empty, so it has no effect", 1, 1},
		{schema.Error, "required: [a, 1]", "required", "must hold names only, not the number 1; it is left out", 1, 1},
		{schema.Warning, "exclusiveMinimum: true", "minimum", "an exclusive bound without minimum has no effect", 1, 1},
		{schema.Warning, "pattern: '\\Aa'", "pattern", "the pattern", 1, 1},
		{schema.Warning, "examples: {a: 1, b: 2}", "examples", "must be an array in a schema, not an object; its values are taken", 1, 1},
		{schema.Warning, "examples: a", "examples", `must be an array, not the string "a"; it is ignored`, 1, 1},
		{schema.Warning, "nullable: true\nminLength: 1", "nullable", "nullable has no effect without type in OpenAPI 3.0", 1, 1},
		{schema.Warning, "enum: [a]\nnullable: true", "nullable", "beside enum it is taken to allow null", 2, 1},
		{schema.Warning, "items: [{}, {}]", "items", "its first element is taken for all items", 1, 1},
		{schema.Warning, "if: {}", "if", "it is applied as in JSON Schema 2020-12", 1, 1},
		{schema.Error, "oneOf: [{}]\ndiscriminator: {propertyName: a, mapping: {b: Nothing.yaml}}", "discriminator", `the mapping of "b" leads nowhere`, 2, 1},
	}
	for _, test := range tests {
		_, ds := compile(t, schema.OpenAPI30, test.schema, "")
		if len(ds) != 1 {
			t.Errorf("%q: %d diagnostics: %v", test.schema, len(ds), ds)
			continue
		}
		d := ds[0]
		if !strings.Contains(d.Message, test.want) || d.Level != test.level || d.Keyword != test.keyword || d.Position.Line != test.line || d.Position.Col != test.col {
			t.Errorf("%q: got %+v", test.schema, d)
		}
	}
}

// Where a circle has no other keywords, the schema cannot be told; where it has, those count.
func TestCircleLevels(t *testing.T) {
	for text, want := range map[string]schema.Level{
		"$ref: '#/a'\na: {$ref: '#/b'}\nb: {$ref: '#'}":                      schema.Error,
		"$ref: '#/a'\na: {$ref: '#/b', title: x}\nb: {$ref: '#/a'}":          schema.Error,
		"$ref: '#/a'\na: {$ref: '#/b', type: string}\nb: {$ref: '#'}":        schema.Warning,
		"$ref: '#/a'\na: {$ref: '#/b', not: {type: string}}\nb: {$ref: '#'}": schema.Warning,
		"oneOf:\n  - allOf: [{$ref: '#'}]":                                   schema.Error,
		"not: {$ref: '#'}":                                                   schema.Error,
		"anyOf: [{$ref: '#'}, {type: string}]":                               schema.Warning,
		"if: {$ref: '#'}":                                                    schema.Warning,
	} {
		_, ds := compile(t, schema.OpenAPI31, text, "")
		if len(ds) != 1 || ds[0].Level != want || !strings.Contains(ds[0].Message, "leads back to") {
			t.Errorf("%s: want one %v: %+v", text, want, ds)
		}
	}
}

// What is said of a place is said once, also where it holds for several items.
func TestDiagnosticsOnce(t *testing.T) {
	_, ds := compile(t, schema.OpenAPI30, "required: [1, 2, 1]\nminimum: '3'", "")
	if len(ds) != 3 {
		t.Errorf("%+v", ds)
	}
}

// The values of an object under examples are examples.
func TestExamplesOfNames(t *testing.T) {
	s, _ := compile(t, schema.OpenAPI31, "type: string\nexamples: {first: a, second: b}", "")
	if len(s.Examples) != 2 || s.Examples[0].Text() != "a" || s.Examples[1].Text() != "b" {
		t.Errorf("%v", s.Examples)
	}
}

// A keyword of another dialect is noted, with what is made of it.
func TestForeignKeywords(t *testing.T) {
	tests := []struct {
		dialect            schema.Dialect
		schema, good, bad  string
		keyword, diagnosis string
		level              schema.Level
	}{
		{schema.OpenAPI30, `{const: 1}`, `2`, ``, "const", "const is no keyword of OpenAPI 3.0; it is ignored", schema.Warning},
		{schema.OpenAPI30, `{$dynamicRef: "#a"}`, `2`, ``, "$dynamicRef", "$dynamicRef is no keyword of OpenAPI 3.0; it is ignored", schema.Warning},
		{schema.OpenAPI30, `{patternProperties: {"^x": {type: string}}}`, `{"x":"a"}`, `{"x":1}`, "patternProperties",
			"patternProperties is no keyword of OpenAPI 3.0; it is applied as in JSON Schema 2020-12", schema.Warning},
		{schema.OpenAPI20, `{oneOf: [{type: string}]}`, `"a"`, `1`, "oneOf", "oneOf is no keyword of OpenAPI 2.0; it is applied as in OpenAPI 3.0", schema.Warning},
		{schema.OpenAPI20, `{type: string, nullable: true}`, `"a"`, `null`, "nullable", "nullable has no meaning in OpenAPI 2.0: write x-nullable instead", schema.Warning},
		{schema.OpenAPI31, `{type: string, nullable: true}`, `"a"`, `null`, "nullable", `nullable has no meaning in OpenAPI 3.1: add "null" to type instead`, schema.Warning},
		{schema.OpenAPI31, `{exclusiveMinimum: true, minimum: 1}`, `1`, `0`, "exclusiveMinimum",
			"exclusiveMinimum must be a number since OpenAPI 3.1, not true; it is ignored", schema.Error},
	}
	for _, test := range tests {
		s, ds := compile(t, test.dialect, test.schema, "")
		if len(ds) != 1 || ds[0].Keyword != test.keyword || ds[0].Message != test.diagnosis || ds[0].Level != test.level {
			t.Errorf("%s: %v", test.schema, ds)
		}
		if !s.Valid(value(t, test.good), schema.Both) {
			t.Errorf("%s: %s is refused", test.schema, test.good)
		}
		if test.bad != "" && s.Valid(value(t, test.bad), schema.Both) {
			t.Errorf("%s: %s passes", test.schema, test.bad)
		}
	}
}
