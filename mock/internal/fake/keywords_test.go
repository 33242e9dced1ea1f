package fake_test

import (
	"testing"

	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// satisfiable are schemas of each family of keywords, alone and together.
func satisfiable() map[string]string {
	return map[string]string{
		"range":                `{type: integer, minimum: 7, exclusiveMaximum: 9}`,
		"exclusive range":      `{type: number, exclusiveMinimum: 1, exclusiveMaximum: 1.0001}`,
		"point":                `{type: number, minimum: 0.125, maximum: 0.125}`,
		"step and range":       `{type: number, multipleOf: 0.01, exclusiveMinimum: 0.99, maximum: 1}`,
		"two steps":            `{allOf: [{multipleOf: 0.4}, {multipleOf: 0.6}], type: number, minimum: 1, maximum: 1.3}`,
		"beyond int64":         `{type: integer, minimum: 9223372036854775808, maximum: 9223372036854775809}`,
		"int32":                `{type: integer, format: int32, minimum: 2147483647}`,
		"not a multiple":       `{type: integer, not: {multipleOf: 2}, minimum: 10, maximum: 12}`,
		"length":               `{type: string, minLength: 17, maxLength: 17}`,
		"short":                `{type: string, maxLength: 1}`,
		"empty":                `{type: string, maxLength: 0}`,
		"long":                 `{type: string, minLength: 3000}`,
		"pattern and length":   `{type: string, pattern: "^[a-z]+(-[a-z]+)*$", minLength: 40, maxLength: 41}`,
		"pattern anywhere":     `{type: string, pattern: "\\d{3}", minLength: 20}`,
		"two patterns":         `{type: string, allOf: [{pattern: "^[a-z]"}, {pattern: "[0-9]$"}]}`,
		"look-ahead":           `{type: string, pattern: "^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!@#$]).{8,}$"}`,
		"negative look-ahead":  `{type: string, pattern: "^(?!https://).+$", minLength: 5}`,
		"back reference":       `{type: string, pattern: "^([a-z]{2})-\\1$"}`,
		"pattern and format":   `{type: string, format: email, pattern: "^[a-z.]+@example\\.com$", maxLength: 60}`,
		"date after 2020":      `{type: string, format: date, pattern: "^202"}`,
		"short email":          `{type: string, format: email, maxLength: 6}`,
		"long email":           `{type: string, format: email, minLength: 100}`,
		"long host":            `{type: string, format: hostname, minLength: 70, maxLength: 90}`,
		"long url":             `{type: string, format: uri, minLength: 200}`,
		"not a pattern":        `{type: string, not: {pattern: "^a"}, maxLength: 3}`,
		"not these":            `{type: string, enum: [a, b, c], not: {enum: [a, b]}}`,
		"enums together":       `{allOf: [{enum: [1, 2, 3]}, {enum: [3, 4]}, {minimum: 2}]}`,
		"no null":              `{type: [string, "null"], minLength: 1}`,
		"only null":            `{type: [string, "null"], enum: [null]}`,
		"allOf of objects":     `{allOf: [{type: object, properties: {a: {minimum: 3}}, required: [a]}, {properties: {a: {type: integer, maximum: 4}, b: {type: string}}, required: [b]}]}`,
		"closed branches":      `{allOf: [{properties: {a: {}, b: {}}, additionalProperties: false}, {properties: {b: {type: integer}, c: {}}, required: [b]}], type: object}`,
		"oneOf by required":    `{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}`,
		"oneOf by value":       `{oneOf: [{type: object, properties: {k: {enum: [x, y]}}, required: [k]}, {type: object, properties: {k: {enum: [y, z]}}, required: [k]}]}`,
		"oneOf of numbers":     `{oneOf: [{type: integer}, {type: number, multipleOf: 0.5}]}`,
		"anyOf and rest":       `{type: object, anyOf: [{required: [a]}, {required: [b]}], maxProperties: 1}`,
		"not required":         `{type: object, properties: {a: {}, b: {}}, not: {required: [a]}}`,
		"not an object like":   `{type: object, required: [a], not: {properties: {a: {type: string}}}}`,
		"if then":              `{type: object, properties: {kind: {enum: [a, b]}}, required: [kind], if: {properties: {kind: {const: a}}}, then: {required: [x]}, else: {required: [y]}}`,
		"dependents":           `{type: object, required: [a], dependentRequired: {a: [b], b: [c]}, dependentSchemas: {c: {properties: {d: {const: 1}}, required: [d]}}}`,
		"undeclared":           `{type: object, required: [a, b, c]}`,
		"pattern properties":   `{type: object, patternProperties: {"^x-[a-z]{3}$": {type: integer}}, additionalProperties: false, minProperties: 3}`,
		"property names":       `{type: object, propertyNames: {pattern: "^[A-Z]{3}$"}, minProperties: 4, additionalProperties: {type: boolean}}`,
		"names from a list":    `{type: object, propertyNames: {enum: [a, b, c]}, minProperties: 3}`,
		"unevaluated":          `{type: object, allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: false, minProperties: 1}`,
		"unevaluated integers": `{type: object, anyOf: [{properties: {a: {type: string}}, required: [a]}], unevaluatedProperties: {type: integer}, minProperties: 3}`,
		"few properties":       `{type: object, properties: {a: {}, b: {}, c: {}}, maxProperties: 2}`,
		"tuple":                `{type: array, prefixItems: [{const: 1}, {type: string}], items: false, minItems: 2}`,
		"unevaluated items":    `{type: array, prefixItems: [{const: 1}], unevaluatedItems: {type: boolean}, minItems: 3}`,
		"contains":             `{type: array, items: {type: integer}, contains: {minimum: 100}, minContains: 2, maxContains: 2, minItems: 5}`,
		"two contains":         `{type: array, allOf: [{contains: {const: 1}}, {contains: {const: 2}}], maxItems: 2}`,
		"unique booleans":      `{type: array, items: {type: boolean}, uniqueItems: true, minItems: 2}`,
		"unique enum":          `{type: array, items: {enum: [a, b, c, d]}, uniqueItems: true, minItems: 4}`,
		"unique range":         `{type: array, items: {type: integer, minimum: 1, maximum: 40}, uniqueItems: true, minItems: 40}`,
		"unique objects":       `{type: array, items: {type: object, required: [a], properties: {a: {enum: [1, 2, 3]}}, additionalProperties: false}, uniqueItems: true, minItems: 3}`,
		"circle":               `{$ref: "#/$defs/n", $defs: {n: {type: object, required: [next, list], properties: {next: {anyOf: [{$ref: "#/$defs/n"}, {type: "null"}]}, list: {type: array, items: {$ref: "#/$defs/n"}}}}}}`,
		"long way":             `{$ref: "#/$defs/a", $defs: {a: {type: object, required: [x], properties: {x: {oneOf: [{$ref: "#/$defs/a"}, {$ref: "#/$defs/b"}]}}}, b: {type: object, required: [y], properties: {y: {type: string}}}}}`,
		"dynamic":              `{$id: "urn:strict", $dynamicAnchor: node, $ref: "#/$defs/tree", unevaluatedProperties: false, $defs: {tree: {$id: "urn:tree", $dynamicAnchor: node, type: object, required: [children], properties: {name: {type: string}, children: {type: array, minItems: 1, maxItems: 2, items: {anyOf: [{type: "null"}, {$dynamicRef: "#node"}]}}}}}}`,
		"anything":             `{}`,
		"true":                 `true`,
		"only titles":          `{title: Thing, description: whatever}`,
		"all types":            `{type: [object, array, string, number, boolean, "null"], not: {type: [object, array]}}`,
		"encoded":              `{type: string, contentEncoding: base64, contentMediaType: application/json}`,
		"double negation":      `{not: {not: {type: string, minLength: 3}}}`,
		"nested alternatives":  `{anyOf: [{oneOf: [{type: string, pattern: "^a"}, {type: string, pattern: "b$"}]}, {not: {}}]}`,
	}
}

// What each family of keywords demands can be made, in every way the seeds lead to.
func TestKeywords(t *testing.T) {
	g := fake.New()
	for name, text := range satisfiable() {
		t.Run(name, func(t *testing.T) { check(t, g, compile(t, text, schema.OpenAPI31), schema.Both) })
	}
}

// Every format that is checked, and every one that is only a hint, can be made within bounds.
func TestFormats(t *testing.T) {
	g := fake.New()
	for _, name := range append(formats(), "password", "binary", "unix-time", "phone", "slug", "whatever", "dateTime", "color") {
		t.Run(name, func(t *testing.T) {
			check(t, g, compile(t, `{type: string, format: `+name+`}`, schema.OpenAPI31), schema.Both)
			check(t, g, compile(t, `{type: array, minItems: 2, items: {type: string, format: `+name+`}}`, schema.OpenAPI30), schema.Both)
		})
	}
	for _, name := range []string{"int32", "int64", "float", "double", "unix-time"} {
		check(t, g, compile(t, `{type: number, format: `+name+`}`, schema.OpenAPI31), schema.Both)
		check(t, g, compile(t, `{type: integer, format: `+name+`, minimum: 5}`, schema.OpenAPI30), schema.Both)
	}
}

// What nothing can satisfy is named, with its reason and place.
func TestUnsatisfiable(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{type: number, minimum: 5, maximum: 3}`, "minimum 5 and maximum 3 leave no number (s.yaml:1:16)"},
		{`{type: integer, minimum: 1.2, maximum: 1.8}`, "minimum 1.2 and maximum 1.8 leave no integer (s.yaml:1:17)"},
		{`{type: number, multipleOf: 10, exclusiveMinimum: 10, maximum: 19}`, "exclusiveMinimum 10 and maximum 19 leave no multiple of 10 (s.yaml:1:32)"},
		{`{type: string, minLength: 4, maxLength: 2}`, "minLength 4 and maxLength 2 leave no string (s.yaml:1:16)"},
		{`{type: array, minItems: 4, maxItems: 2}`, "minItems 4 and maxItems 2 leave no array (s.yaml:1:15)"},
		{`{allOf: [{type: string}, {type: [integer, boolean]}]}`, "the types string and boolean or integer exclude each other (s.yaml:1:27)"},
		{`{type: object, enum: [a, b]}`, "none of the values of enum keeps the other keywords (s.yaml:1:16)"},
		{`{const: a, type: integer}`, `the only allowed value "a" does not keep the other keywords (s.yaml:1:2)`},
		{`{type: object, required: [a], properties: {a: false}}`, `the property "a" is required, but it is not allowed here (s.yaml:1:16)`},
		{`{type: object, required: [a], properties: {b: {}}, additionalProperties: false}`, `the property "a" is required, but it is not allowed here (s.yaml:1:16)`},
		{`{type: object, required: [a], propertyNames: {maxLength: 0}}`, `the property "a" is required, but propertyNames does not allow the name (s.yaml:1:16)`},
		{`{type: object, required: [a], properties: {a: {type: array, minItems: 1, items: {minimum: 2, type: integer, maximum: 1}}}}`,
			"/a/0: minimum 2 and maximum 1 leave no number (s.yaml:1:82)"},
		{`{type: object, required: [a], properties: {a: {$ref: "#"}}}`, "a value would have to hold another of its kind, without end (s.yaml:1:16)"},
		{`{type: array, items: {type: boolean}, minItems: 3, uniqueItems: true}`,
			"/2: uniqueItems asks for more than 2 different items, but no other was found (s.yaml:1:52)"},
		{`{type: string, pattern: "^a{3}$", maxLength: 2}`, "no string was found that matches the pattern ^a{3}$ and has at most 2 characters (s.yaml:1:16)"},
		{`{type: string, format: uuid, maxLength: 10}`, "no string was found that has the format uuid and has at most 10 characters (s.yaml:1:16)"},
		{`false`, "nothing is allowed here (s.yaml:1:1)"},
		{`{oneOf: [{type: string}, {type: string}]}`, "no valid value was found: what was made fits both number 1 and number 2 of the alternatives, but must fit exactly one (s.yaml:1:2)"},
		{`{type: object, required: [a, b], maxProperties: 1}`, "maxProperties 1 leaves no room for the 2 required properties (s.yaml:1:34)"},
	} {
		v, err := fake.New().Value(compile(t, c.text, schema.OpenAPI31), fake.Options{})
		if err == nil {
			t.Errorf("%s: %s was made", c.text, write(t, v))
		} else if err.Error() != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.text, err, c.want)
		}
	}
}
