package xml

import (
	"encoding/json"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// scalar reads a text as one of the types that the schema leaves: as a string where it may be one, else as the number or boolean that
// it writes (XML Schema Part 2, 3.2 and 3.3, without INF and NaN). What is none of them stays a string, which the schema will judge.
func (r *reader) scalar(text string, s *schema.Schema, sh *shape) any {
	types := sh.types
	if types&schema.StringType != 0 && (types&^(schema.StringType|schema.NullType) == 0 && text != "" || s == nil || s.Valid(text, r.direction)) {
		return text
	}
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return r.nothing(text, text, s)
	}
	if types&schema.BooleanType != 0 {
		switch {
		case trimmed == "true", trimmed == "1" && types&schema.IntegerType == 0:
			return true
		case trimmed == "false", trimmed == "0" && types&schema.IntegerType == 0:
			return false
		}
	}
	if types&schema.IntegerType != 0 {
		if n, ok := number(trimmed); ok && (types&schema.StringType == 0 || s.Valid(n, r.direction)) {
			return n
		}
	}
	return text
}

// nothing reads an empty element: as the first that is valid, of what it most likely is and of what else it may be.
func (r *reader) nothing(text string, likely any, s *schema.Schema) any {
	for _, v := range []any{likely, text, map[string]any{}, []any{}, nil} {
		if s.Valid(v, r.direction) {
			return v
		}
	}
	return likely
}

// number reads a decimal number: also with a plus sign, with leading zeros, and without digits before or behind the point.
func number(text string) (json.Number, bool) {
	sign, digits := "", text
	switch digits[0] {
	case '-':
		sign, digits = "-", digits[1:]
	case '+':
		digits = digits[1:]
	}
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, ".eE"); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	bare := whole == "" && strings.HasPrefix(rest, ".") && len(rest) > 1
	if whole = strings.TrimLeft(whole, "0"); whole == "" && (bare || len(digits) > len(rest)) {
		whole = "0"
	}
	if fraction, exponent, _ := strings.Cut(rest, "."); fraction == "" && strings.HasPrefix(rest, ".") && (exponent == "" || exponent[0] == 'e' || exponent[0] == 'E') {
		rest = exponent // digits may lack behind the point
	}
	v, err := source.DecodeJSON([]byte(sign+whole+rest), source.Limits{})
	n, ok := v.(json.Number)
	return n, err == nil && ok
}
