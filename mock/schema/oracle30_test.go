package schema_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// maker30 makes schemas of OpenAPI 3.0 as kin-openapi reads them as we do. Left out is where it differs by design: null needs
// a type or nullable there, and nullable overrules enum, not and allOf; numbers are floats; an unnamed discriminator has no
// effect.
type maker30 struct{ maker }

var fewNumbers = []string{"0", "1", "2", "-1", "1.5", "3", "100", "0.5", "-2.5"}

func (m maker30) value(depth int) any {
	kind := m.IntN(6)
	if depth <= 0 {
		kind = m.IntN(4)
	}
	switch kind {
	case 0:
		return pick[any](m.maker, nil, true, false)
	case 1:
		return json.Number(pick(m.maker, fewNumbers...))
	case 2, 3:
		return pick(m.maker, someStrings...)
	case 4:
		items := []any{}
		for range m.IntN(4) {
			items = append(items, m.value(depth-1))
		}
		return items
	}
	members := map[string]any{}
	for range m.IntN(5) {
		members[pick(m.maker, someNames...)] = m.value(depth - 1)
	}
	return members
}

func (m maker30) schema(depth int) map[string]any {
	kind := m.IntN(9)
	if depth <= 0 {
		kind = m.IntN(5)
	}
	s := map[string]any{}
	switch kind {
	case 0, 1:
		m.number(s)
	case 2, 3:
		m.string(s)
	case 4:
		return map[string]any{"$ref": "#/components/schemas/" + pick(m.maker, "a", "b", "root"), "minLength": 1000, "required": []any{"none"}}
	case 5:
		m.array(s, depth-1)
	case 6:
		m.object(s, depth-1)
	case 7:
		list := []any{}
		for range 1 + m.IntN(3) {
			part := m.schema(depth - 1)
			if part["$ref"] != nil {
				part["$ref"] = "#/components/schemas/" + pick(m.maker, "a", "b") // root would be a circle
			}
			list = append(list, part)
		}
		return map[string]any{pick(m.maker, "allOf", "anyOf", "oneOf"): list}
	case 8:
		m.object(s, depth-1)
		not := map[string]any{} // nothing that requires, which the direction would turn round
		pick(m.maker, m.number, m.string)(not)
		s["properties"].(map[string]any)["b"] = map[string]any{"not": not, "type": pick(m.maker, "string", "number", "boolean")}
		return s
	}
	if _, fixed := s["enum"]; !fixed && m.coin(4) {
		s["nullable"] = true
	}
	return s
}

func (m maker30) number(s map[string]any) {
	s["type"] = pick(m.maker, "integer", "number")
	if m.coin(3) {
		s["minimum"] = json.Number(pick(m.maker, fewNumbers...))
		s["exclusiveMinimum"] = m.coin(2)
	}
	if m.coin(3) {
		s["maximum"] = json.Number(pick(m.maker, fewNumbers...))
		s["exclusiveMaximum"] = m.coin(2)
	}
	if m.coin(4) {
		s["multipleOf"] = json.Number(pick(m.maker, "1", "2", "0.5", "1.5"))
	}
	if m.coin(4) {
		s["enum"] = []any{json.Number("1"), json.Number("1.5"), "a"}
	}
}

func (m maker30) string(s map[string]any) {
	s["type"] = pick(m.maker, "string", "string", "boolean")
	if m.coin(3) {
		s[pick(m.maker, "minLength", "maxLength")] = m.IntN(3)
	}
	if m.coin(3) {
		s["pattern"] = pick(m.maker, somePatterns...)
	}
	if m.coin(3) {
		s["enum"] = []any{pick(m.maker, someStrings...), "ab", true}
	}
}

func (m maker30) array(s map[string]any, depth int) {
	s["type"], s["items"] = "array", m.schema(depth)
	if m.coin(3) {
		s[pick(m.maker, "minItems", "maxItems")] = m.IntN(3)
	}
	if m.coin(3) {
		s["uniqueItems"] = true
	}
}

func (m maker30) object(s map[string]any, depth int) {
	s["type"] = "object"
	properties := map[string]any{}
	for range m.IntN(4) {
		p := m.schema(depth)
		if m.coin(4) && p["$ref"] == nil {
			p[pick(m.maker, "readOnly", "writeOnly")] = true
		}
		properties[pick(m.maker, someNames...)] = p
	}
	s["properties"] = properties
	if m.coin(2) {
		s["required"] = m.names()
		if len(s["required"].([]any)) == 0 {
			delete(s, "required")
		}
	}
	switch m.IntN(4) {
	case 0:
		s["additionalProperties"] = m.schema(depth)
	case 1:
		s["additionalProperties"] = m.coin(2)
	}
	if m.coin(4) {
		s[pick(m.maker, "minProperties", "maxProperties")] = m.IntN(3)
	}
}

// kinds are alternatives told apart by a property, every value of which is in the mapping.
func (m maker30) kinds() map[string]any {
	return map[string]any{
		pick(m.maker, "oneOf", "anyOf"): []any{map[string]any{"$ref": "#/components/schemas/first"}, map[string]any{"$ref": "#/components/schemas/second"}},
		"discriminator": map[string]any{"propertyName": "a", "mapping": map[string]any{
			"a": "#/components/schemas/first", "b": "second", "ab": "#/components/schemas/second"}},
	}
}

func (m maker30) kind() map[string]any {
	s := map[string]any{}
	m.object(s, 1)
	s["required"] = append([]any{"a"}, m.names()...)
	s["properties"].(map[string]any)["a"] = map[string]any{"type": "string"}
	return s
}

// document is a whole document with the schemas that others refer to.
func (m maker30) document() []byte {
	root := m.schema(3)
	for root["$ref"] != nil {
		root = m.schema(3)
	}
	if m.coin(3) {
		root = m.kinds()
	}
	text, err := json.Marshal(map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": "t", "version": "1"}, "paths": map[string]any{},
		"components": map[string]any{"schemas": map[string]any{
			"root": root, "a": map[string]any{"type": "object", "properties": map[string]any{"a": m.schema(1), "b": m.schema(2)}},
			"b": map[string]any{"type": pick(m.maker, "string", "number"), "nullable": m.coin(2)}, "first": m.kind(), "second": m.kind(),
		}},
	})
	if err != nil {
		panic(err)
	}
	return text
}

// agree30 checks that we judge values in each direction as kin-openapi does in its 3.0 mode, by every entrance.
func agree30(t testing.TB, m maker30) (valid int) {
	t.Helper()
	text := m.document()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	root, err := source.Parse("doc.json", text, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := root.At("/components/schemas/root")
	if err != nil {
		t.Fatal(err)
	}
	theirs := doc.Components.Schemas["root"].Value
	c := schema.NewCompiler(document{"doc.json", root}, schema.OpenAPI30)
	ours := c.Compile("doc.json", n)
	options := map[schema.Direction][]openapi3.SchemaValidationOption{
		schema.Both: nil, schema.Request: {openapi3.VisitAsRequest(), openapi3.DisableReadOnlyValidation()},
		schema.Response: {openapi3.VisitAsResponse(), openapi3.DisableWriteOnlyValidation()},
	}
	for range 10 {
		v := m.value(3)
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for d, o := range options {
			verdict := theirs.VisitJSON(v, o...)
			want := verdict == nil
			if !want && strings.Contains(verdict.Error(), "has invalid value") {
				continue // of a discriminator: refused by kin-openapi as 3.0.3 would have it, judged by the alternatives since 3.0.4
			}
			got, vs, accepted := ours.Valid(v, d), ours.Check(v, schema.Options{Direction: d}), ours.Accept(body, d)
			if got != want || (len(vs) == 0) != want || accepted && !want {
				t.Fatalf("direction %d: Valid %v, Check %v, Accept %v, kin-openapi: %v\ndocument %s\nvalue    %s", d, got, vs, accepted, verdict, text, body)
			}
			if want {
				valid++
			}
		}
	}
	return valid
}

func TestAgainstOracle30(t *testing.T) {
	valid := 0
	for i := range 2000 {
		valid += agree30(t, maker30{maker{rand.New(rand.NewPCG(3, uint64(i)))}})
	}
	if valid < 3000 {
		t.Errorf("only %d of 60000 values are valid, so little is compared", valid)
	}
}

func FuzzAgainstOracle30(f *testing.F) {
	for i := range uint64(20) {
		f.Add(i, i*i)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) { agree30(t, maker30{maker{rand.New(rand.NewPCG(a, b))}}) })
}
