package fake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// hostile are schemas that ask for more than there is.
func hostile() map[string]string {
	nested := strings.Repeat(`{"type":"array","minItems":1,"items":`, 120) + `{}` + strings.Repeat(`}`, 120)
	var enum, allOf strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&enum, `%d,`, i)
	}
	for i := range 1_000 {
		fmt.Fprintf(&allOf, `{"not":{"const":%d}},`, i)
	}
	wide := `{"oneOf":[` + strings.TrimSuffix(strings.Repeat(`{"oneOf":[{"type":"object"},{"type":"object"}]},`, 200), ",") + `]}`
	deepChoice := `{"type":"object"}`
	for range 25 {
		deepChoice = `{"oneOf":[` + deepChoice + `,` + `{"type":"object","required":["a"]}` + `]}`
	}
	doubled := `{"type":"string","not":{}}`
	for range 18 {
		doubled = `{"type":"object","required":["a","b"],"properties":{"a":` + doubled + `,"b":{"type":"string"}}}`
	}
	return map[string]string{
		"many items":      `{"type":"array","minItems":1000000000}`,
		"many unique":     `{"type":"array","minItems":1000000000,"uniqueItems":true,"items":{"type":"boolean"}}`,
		"some unique":     `{"type":"array","minItems":9000,"uniqueItems":true,"items":{"type":"integer"}}`,
		"nested lists":    `{"type":"array","minItems":9000,"items":{"type":"array","minItems":9000,"items":{"type":"array","minItems":9000}}}`,
		"long string":     `{"type":"string","minLength":1000000000}`,
		"long strings":    `{"type":"array","minItems":9000,"items":{"type":"string","minLength":90000}}`,
		"long pattern":    `{"type":"string","pattern":"^(a{1000}){1000}$"}`,
		"nested pattern":  `{"type":"string","pattern":"^((a*)*)*b$","minLength":50000}`,
		"look-around":     `{"type":"string","pattern":"^(?=.*x)(?!.*x).+$"}`,
		"deep":            nested,
		"properties":      `{"type":"object","minProperties":1000000000}`,
		"named":           `{"type":"object","minProperties":10000,"propertyNames":{"maxLength":1}}`,
		"enum":            `{"enum":[` + strings.TrimSuffix(enum.String(), ",") + `],"not":{"type":"integer"}}`,
		"nots":            `{"type":"integer","allOf":[` + strings.TrimSuffix(allOf.String(), ",") + `],"minimum":0,"maximum":999}`,
		"wide choice":     wide,
		"deep choice":     deepChoice,
		"doubled":         doubled,
		"circle":          `{"$ref":"#"}`,
		"circle of allOf": `{"allOf":[{"$ref":"#"},{"$ref":"#/allOf/1"}]}`,
		"circle of not":   `{"not":{"$ref":"#"}}`,
		"circle of oneOf": `{"oneOf":[{"$ref":"#"},{"$ref":"#"}]}`,
		"no way out":      `{"type":"object","required":["a","b"],"properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}}}`,
		"two ways down":   `{"type":"object","required":["a","b"],"properties":{"a":{"type":["null","object"],"$ref":"#"},"b":{"anyOf":[{"$ref":"#"},{"type":"string"}]}}}`,
		"huge numbers":    `{"type":"number","minimum":1e4000,"maximum":1e4001,"multipleOf":1e-4000}`,
		"huge steps":      `{"type":"integer","multipleOf":7e4000,"allOf":[{"multipleOf":11e-4000},{"multipleOf":13e3999}]}`,
		"contains":        `{"type":"array","contains":{"type":"integer"},"minContains":1000000000}`,
	}
}

// Whatever is asked for, there is an answer or an error soon.
func TestHostile(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			s := compile(t, text, schema.OpenAPI31)
			start := time.Now()
			v, err := fake.New().Value(s, fake.Options{Seed: 1})
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			} else {
				t.Logf("%v, %v", took, err)
			}
			var u *fake.Unsatisfiable
			switch {
			case err == nil && !s.Valid(v, schema.Both):
				t.Error("not valid")
			case err != nil && (!errors.As(err, &u) || u.Message == ""):
				t.Errorf("%#v", err)
			}
		})
	}
}
