package schema_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// judgements are what the entrances say of a text. A text that cannot be decoded is none of their business.
type judgements struct {
	decoded, valid, accepted bool
	violations               []schema.Violation
}

func judgeText(s *schema.Schema, text []byte) judgements {
	j := judgements{accepted: s.Accept(text, schema.Request)}
	v, err := source.DecodeJSON(text, source.Limits{})
	if err != nil {
		return j
	}
	j.decoded, j.valid = true, s.Valid(v, schema.Request)
	j.violations = s.Check(v, schema.Options{Direction: schema.Request, Undeclared: true})
	return j
}

// exponential is a schema of n levels, each of which applies the next one twice.
func exponential(n int, keyword, last string) string {
	var b strings.Builder
	b.WriteString(`{"$ref":"#/$defs/l0","$defs":{`)
	for i := range n {
		fmt.Fprintf(&b, `"l%d":{"%s":[{"$ref":"#/$defs/l%d"},{"$ref":"#/$defs/l%d"}]},`, i, keyword, i+1, i+1)
	}
	fmt.Fprintf(&b, `"l%d":%s}}`, n, last)
	return b.String()
}

func enumOf(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"word %d",%d,{"n":%d}`, i, i, i)
	}
	return `{"enum":[` + b.String()[1:] + `]}`
}

func manyItems(n int, item string) string { return "[" + strings.Repeat(item+",", n-1) + item + "]" }

// What is said of a hostile text: whatever will do where the text cannot be decoded, or the work is given up.
const yes, no, whatever = "valid", "invalid", "whatever"

var hostile = []struct{ name, schema, text, want string }{
	{"a number beyond all bounds", `{"maximum":1,"multipleOf":0.01,"type":"integer"}`, `1e1000000`, whatever},
	{"a number too small", `{"minimum":1e-300,"multipleOf":1e-320}`, `1e-1000000`, whatever},
	{"a number of many digits", `{"multipleOf":7}`, strings.Repeat("9", 4000), no},
	{"a number of too many digits", `{"multipleOf":7}`, strings.Repeat("9", 1<<20), whatever},
	{"a bound beyond all bounds", `{"maximum":1e1000000,"multipleOf":1e-1000000}`, `1`, yes},
	{"far exponents", `{"multipleOf":3e-4000}`, `1e4000`, no},
	{"a size beyond all sizes", `{"maxLength":1e4000,"minLength":1e4000}`, `"a"`, no},
	{"deep arrays", `{"items":{"$ref":"#"}}`, nested(10_000, "[", "", "]"), whatever},
	{"deep objects", `{"additionalProperties":{"$ref":"#"}}`, nested(10_000, `{"a":`, "1", "}"), whatever},
	{"as deep as may be", `{"items":{"$ref":"#"}}`, nested(255, "[", "", "]"), yes},
	{"an unclosed text", `{"items":{"$ref":"#"}}`, strings.Repeat("[", 1<<20), whatever},
	{"a chain of references", chain(3000), `"a"`, yes},
	{"a longer chain of references", chain(50_000), `"a"`, whatever},
	{"allOf in a circle", `{"allOf":[{"$ref":"#"},{"allOf":[{"$ref":"#"}]}],"type":"string"}`, `"a"`, yes},
	{"allOf of allOf", exponential(40, "allOf", `{"type":"string"}`), `"a"`, yes},
	{"allOf of allOf, refused", exponential(40, "allOf", `{"type":"string"}`), `1`, no},
	{"allOf of allOf on an array", exponential(40, "allOf", `{"items":{"type":"string"}}`), `["a"]`, yes},
	{"allOf of allOf on null", exponential(40, "allOf", `{"type":["null","boolean"]}`), `null`, yes},
	{"anyOf of anyOf", exponential(40, "anyOf", `{"type":"string"}`), `1`, no},
	{"anyOf of anyOf on an object", exponential(40, "anyOf", `{"required":["a"]}`), `{"b":1}`, no},
	{"oneOf of oneOf", exponential(40, "oneOf", `{"type":"string"}`), `"a"`, no},
	{"oneOf of oneOf on a number", exponential(40, "oneOf", `{"type":"string"}`), `7`, no},
	{"not of not", exponential(40, "oneOf", `{"not":{"type":"string"}}`), `true`, no},
	{"unevaluated under allOf of allOf", exponential(30, "allOf", `{"unevaluatedProperties":{"type":"string"}}`), `{"a":""}`, whatever},
	{"a huge enumeration", enumOf(30_000), `{"n":29999}`, yes},
	{"a huge enumeration, of words", enumOf(30_000), `"word 29999"`, yes},
	{"a huge enumeration for many items", `{"items":` + enumOf(10_000) + `}`, manyItems(10_000, `9999`), yes},
	{"a huge enumeration that lacks many items", `{"items":` + enumOf(10_000) + `}`, manyItems(10_000, `-1`), no},
	{"a huge enumeration that lacks many objects", `{"items":` + enumOf(10_000) + `}`, manyItems(20_000, `{"n":-1}`), whatever},
	{"many alternatives for many items", `{"items":{"oneOf":` + manyItems(300, `{"type":"object","required":["a"]}`) + `}}`, manyItems(3000, `{}`), whatever},
	{"a regular expression that backtracks", `{"pattern":"^(a+)+$"}`, `"` + strings.Repeat("a", 100_000) + `!"`, no},
	{"one that must backtrack", `{"pattern":"^(?=(a+)+$)(a|aa)+$"}`, `"` + strings.Repeat("a", 50_000) + `!"`, no},
	{"such a name", `{"patternProperties":{"^(?=(a+)+$)(a|aa)+$":false}}`, `{"` + strings.Repeat("a", 50_000) + `!":1}`, whatever},
	{"a regular expression that is large", `{"pattern":"^((a{1,100}){1,100}){1,100}$"}`, `"aaaa"`, whatever},
	{"many required names", `{"required":` + numbered(20_000) + `}`, `{}`, no},
	{"many names", `{"additionalProperties":{"type":"integer"}}`, object(50_000), yes},
	{"the same name many times", `{}`, `{` + strings.Repeat(`"a":1,`, 50_000) + `"a":1}`, whatever},
	{"many equal items", `{"uniqueItems":true}`, manyItems(50_000, `{"a":[1]}`), no},
	{"unique items in unique items", `{"uniqueItems":true,"items":{"$ref":"#"}}`, nested(200, "[[],", "", "]"), whatever},
	{"contains within contains", `{"contains":{"contains":{"contains":{"const":1}}}}`, manyItems(300, manyItems(300, `[0,0,0]`)), no},
}

// Hostile schemas and texts cost little time and memory, whatever the verdict; where there is one, it is given.
func TestHostile(t *testing.T) {
	for _, test := range hostile {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			n, err := source.Parse("s.json", []byte(test.schema), source.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			c := schema.NewCompiler(nil, schema.OpenAPI31)
			j := judgeText(c.Compile("s.json", n), []byte(test.text))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if took > time.Minute {
				t.Errorf("took %v", took)
			}
			if size := (after.TotalAlloc - before.TotalAlloc) >> 20; size > 500 {
				t.Errorf("allocated %d MB", size)
			}
			if j.accepted && !j.valid || j.valid != (len(j.violations) == 0) && test.want != whatever {
				t.Errorf("accepted %v, valid %v, %.300v", j.accepted, j.valid, j.violations)
			}
			if test.want != whatever && (!j.decoded || j.valid != (test.want == yes)) {
				t.Errorf("decoded %v, valid %v, want %s: %.300v", j.decoded, j.valid, test.want, j.violations)
			}
			for _, v := range j.violations {
				if len(v.Message) > 1000 {
					t.Errorf("a message of %d bytes", len(v.Message))
				}
			}
			t.Logf("%v, %d MB, %d violations, accepted %v", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20, len(j.violations), j.accepted)
		})
	}
}

func chain(n int) string {
	var b strings.Builder
	b.WriteString(`{"$defs":{`)
	for i := range n {
		fmt.Fprintf(&b, `"s%d":{"$ref":"#/$defs/s%d"},`, i, i+1)
	}
	fmt.Fprintf(&b, `"s%d":{"type":"string"}},"$ref":"#/$defs/s0"}`, n)
	return b.String()
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"n%d"`, i)
	}
	return "[" + b.String()[1:] + "]"
}

func object(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `,"n%d":%d`, i, i)
	}
	return "{" + b.String()[1:] + "}"
}

// A schema nested deeply, or one whose parts see one another many times, compiles in bounded time.
func TestHostileSchemas(t *testing.T) {
	deep := func(n int) string { return nested(n, `{"items":`, `{"type":"string"}`, "}") }
	var wide strings.Builder
	wide.WriteString(`{"$ref":"#/$defs/l0","$defs":{`)
	const width, levels = 60, 8
	for i := range levels {
		refs := manyItems(width, fmt.Sprintf(`{"$ref":"#/$defs/l%d"}`, i+1))
		fmt.Fprintf(&wide, `"l%d":{"oneOf":%s,"discriminator":{"propertyName":"k"},"required":["k"]},`, i, refs)
	}
	fmt.Fprintf(&wide, `"l%d":{"properties":{"k":{"readOnly":true}}}}}`, levels)
	var required strings.Builder
	required.WriteString(`{"$defs":{`)
	for i := range 64 {
		fmt.Fprintf(&required, `"p%d":{"allOf":[{"$ref":"#/$defs/p%d"}],"properties":%s},`, i, i+1, `{"n1":{"$ref":"#/$defs/p0"},"n2":{"$ref":"#/$defs/p0"}}`)
	}
	required.WriteString(`"p64":{}},"allOf":[{"$ref":"#/$defs/p0"}],"required":` + numbered(5000) + `}`)
	for name, text := range map[string]string{"deep": deep(200), "wide": wide.String(), "required": required.String()} {
		t.Run(name, func(t *testing.T) {
			within(t, time.Minute, func() {
				n, err := source.Parse("s.json", []byte(text), source.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				j := judgeText(schema.NewCompiler(nil, schema.OpenAPI31).Compile("s.json", n), []byte(`{"k":"l3"}`))
				if j.accepted && !j.valid {
					t.Error("accepted, though not valid")
				}
			})
		})
	}
	if _, err := source.Parse("s.json", []byte(deep(10_000)), source.Limits{}); err == nil || !strings.Contains(err.Error(), "deep") {
		t.Errorf("a schema of 10,000 levels: %v", err)
	}
}

// A text that cannot be decoded costs Accept one look, however many alternatives there are: it is too deep, or ends too early.
func TestAcceptGivesUp(t *testing.T) {
	schemas := map[string]string{
		"anyOf": `{"additionalProperties":{"anyOf":[{"$ref":"#"},{"type":"object","not":{"type":"string"}},{"type":"object","required":["y"]}]}}`,
		"oneOf": `{"oneOf":[{"properties":{"x":{"$ref":"#"}},"type":"object"},{"properties":{"x":{"$ref":"#"}},"required":["q"]},{"type":"array"}]}`,
		"discriminator": `{"discriminator":{"propertyName":"k"},"anyOf":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/B"}],
			"$defs":{"A":{"properties":{"k":{},"x":{"$ref":"#"}}},"B":{"properties":{"k":{},"x":{"$ref":"#"}}}}}`,
	}
	deep := strings.Repeat(`{"x":`, 200)
	texts := map[string]string{
		"too deep":            strings.Repeat(`{"x":`, 400_000),
		"too deep and closed": nested(300_000, `{"x":`, "1", "}"),
		"an unclosed string":  deep + `"` + strings.Repeat("a", 2_000_000),
		"an unclosed array":   deep + `[` + strings.Repeat("1,", 1_000_000),
		"a control character": deep + `"` + strings.Repeat("a", 2_000_000) + "\n",
	}
	for keyword, text := range schemas {
		s, _ := compile(t, schema.OpenAPI31, text, "")
		for name, text := range texts {
			t.Run(keyword+", "+name, func(t *testing.T) {
				within(t, time.Minute, func() {
					if s.Accept([]byte(text), schema.Request) {
						t.Error("accepted")
					}
				})
			})
		}
	}
}
