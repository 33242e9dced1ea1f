package fake

import (
	"encoding/json"
	"slices"
	"strings"

	"standin/mock/schema"
)

func number(text string) json.Number { return json.Number(text) }

// kindOf is the type of a value; a number is NumberType unless it is whole.
func kindOf(v any) schema.TypeSet {
	switch v := v.(type) {
	case bool:
		return schema.BooleanType
	case string:
		return schema.StringType
	case json.Number:
		if n, err := schema.ParseNumber(string(v)); err == nil && n.IsInteger() {
			return schema.IntegerType
		}
		return schema.NumberType
	case []any:
		return schema.ArrayType
	case map[string]any:
		return schema.ObjectType
	}
	return schema.NullType
}

func contains(list []any, v any) bool {
	return slices.ContainsFunc(list, func(other any) bool { return schema.Equal(other, v) })
}

func typeNames(t schema.TypeSet) string {
	if t&schema.NumberType != 0 {
		t &^= schema.IntegerType
	}
	names := []string{"null", "boolean", "integer", "number", "string", "array", "object"}
	var out []string
	for i, name := range names {
		if t&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return strings.Join(out, " or ")
}

// show writes a value for a message.
func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil || len(text) > 80 {
		return "(a long value)"
	}
	return string(text)
}

// kinds are the types to be tried, the likeliest first. Null comes last, except where anything else would be too deep.
func (r *run) kinds(sh *shape, at *place) []schema.TypeSet {
	var kinds []schema.TypeSet
	add := func(list ...schema.TypeSet) {
		for _, kind := range list {
			if sh.types&kind != 0 && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	if at.hasHint {
		add(kindOf(at.hint))
	}
	nullable := sh.typed != nil && sh.types&schema.NullType != 0
	if nullable && sh.types&(schema.ObjectType|schema.ArrayType) != 0 && at.depth > richDepth {
		add(schema.NullType)
	}
	add(sh.implied()...)
	if sh.typed == nil && len(kinds) == 0 && at.name == "" {
		add(schema.ObjectType)
	}
	if sh.typed == nil && len(kinds) == 0 {
		add(schema.StringType)
	}
	add(schema.ObjectType, schema.ArrayType, schema.StringType)
	if sh.types&schema.NumberType != 0 {
		add(schema.NumberType)
	}
	add(schema.IntegerType, schema.BooleanType, schema.NullType)
	return kinds
}

// implied are the types that the keywords speak of.
func (sh *shape) implied() []schema.TypeSet {
	var kinds []schema.TypeSet
	note := func(has bool, kind schema.TypeSet) {
		if has {
			kinds = append(kinds, kind)
		}
	}
	has := func(f func(s *schema.Schema) bool) bool { return slices.ContainsFunc(sh.parts, f) }
	note(len(sh.required) > 0 || sh.minProperties > 0 || has(func(s *schema.Schema) bool {
		return s.Properties != nil || s.AdditionalProperties != nil || s.PatternProperties != nil || s.PropertyNames != nil
	}), schema.ObjectType)
	note(sh.minItems > 0 || has(func(s *schema.Schema) bool {
		return s.Items != nil || s.PrefixItems != nil || s.Contains != nil
	}), schema.ArrayType)
	if has(func(s *schema.Schema) bool { return s.Format == "int32" || s.Format == "int64" }) {
		note(true, schema.IntegerType)
	} else {
		note(sh.patterned != nil || sh.formats != nil || sh.minLength > 0 || sh.maxLength >= 0, schema.StringType)
	}
	if sh.low != nil || sh.high != nil || sh.step != nil {
		if sh.types&schema.NumberType != 0 {
			note(true, schema.NumberType)
		}
		note(true, schema.IntegerType)
	}
	return kinds
}

func (r *run) boolean(sh *shape, at *place) (any, *Unsatisfiable) {
	v := likelyTruth(at)
	if hint, ok := at.hint.(bool); ok {
		v = hint
	} else if d, ok := r.annotated(sh, at).(bool); ok {
		v = d
	}
	if contains(sh.except, v) || !at.free(v) {
		v = !v
	}
	return v, nil
}

// likelyTruth is true or false as it is with most things of that name: few are deleted, many are active.
func likelyTruth(at *place) bool {
	d, n := at.dice(), splitName(at.name)
	switch {
	case n.any("deleted", "archived", "disabled", "suspended", "banned", "blocked", "locked", "expired", "revoked", "cancelled", "canceled",
		"hidden", "deprecated", "failed", "failure", "spam", "bounced", "closed", "removed", "stale", "truncated", "moved", "error"):
		return d.IntN(8) == 0
	case n.any("enabled", "active", "available", "verified", "valid", "visible", "success", "successful", "ok", "healthy", "online", "live"):
		return d.IntN(8) > 0
	}
	return d.IntN(2) == 0
}
