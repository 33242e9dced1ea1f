package verify

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// boundary is another value at a place in a value, or none.
type boundary struct {
	at     []string
	name   string
	value  any
	remove bool
}

// mostDeep is how far boundaries are looked for below a body.
const mostDeep = 3

// boundaries are the values around the edges of a schema, in the place of a valid one.
func boundaries(s *schema.Schema, v any, depth int) []boundary {
	parts := partsOf(s)
	if len(parts) == 0 {
		return nil
	}
	var out []boundary
	add := func(name string, value any) { out = append(out, boundary{name: name, value: value}) }
	add("null", nil)
	add("of another type", otherThan(v))
	if _, isText := v.(string); isText {
		add("empty", "")
	}
	if _, isBool := v.(bool); isBool {
		add("true", true)
		add("false", false)
	}
	for _, part := range parts {
		for i, one := range part.Enum {
			if i == 10 {
				break
			}
			add("member "+strconv.Itoa(i+1)+" of its enum", one)
		}
		switch v := v.(type) {
		case string:
			texts(part, v, add)
		case json.Number:
			numbers(part, v, add)
		case []any:
			lists(part, v, add)
		}
	}
	switch v := v.(type) {
	case []any:
		if items := sample.Items(s); items != nil && len(v) > 0 && depth < mostDeep {
			out = append(out, below("0", boundaries(items, v[0], depth+1))...)
		}
	case map[string]any:
		out = append(out, objects(s, v, depth)...)
	}
	return out
}

// partsOf are a schema and all that it refers to or is made of.
func partsOf(s *schema.Schema) []*schema.Schema {
	var out []*schema.Schema
	var walk func(*schema.Schema)
	walk = func(s *schema.Schema) {
		if s == nil || len(out) > 50 || slices.Contains(out, s) {
			return
		}
		out = append(out, s)
		walk(s.Ref)
		for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
			for _, one := range list {
				walk(one)
			}
		}
	}
	walk(s)
	return out
}

// otherThan is a value of another type.
func otherThan(v any) any {
	switch v.(type) {
	case string:
		return json.Number("7")
	case []any:
		return map[string]any{}
	}
	return "standin"
}

func below(token string, inner []boundary) []boundary {
	for i := range inner {
		inner[i].at = append([]string{token}, inner[i].at...)
	}
	return inner
}

// texts are texts at the bounds of length, and one character beyond.
func texts(s *schema.Schema, v string, add func(string, any)) {
	const longest = 10_000
	sized := func(n int) string {
		runes := []rune(v)
		if len(runes) == 0 {
			runes = []rune("x")
		}
		for len(runes) < n {
			runes = append(runes, runes...)
		}
		return string(runes[:n])
	}
	if s.MinLength > 0 && s.MinLength <= longest {
		add("as short as it may be", sized(s.MinLength))
		add("too short", sized(s.MinLength-1))
	}
	if s.MaxLength >= 0 && s.MaxLength < longest {
		add("as long as it may be", sized(s.MaxLength))
		add("too long", sized(s.MaxLength+1))
	}
	if s.Pattern != nil || s.Format != "" {
		add("of another form", "~ standin ~")
	}
	if s.HasEnum {
		add("outside its enum", v+"-standin")
	}
}

// numbers are the bounds of a number, and one step beyond.
func numbers(s *schema.Schema, v json.Number, add func(string, any)) {
	step := big.NewRat(1, 1)
	bound := func(n *schema.Number, name, beyond string, up bool) {
		if n == nil {
			return
		}
		at, ok := new(big.Rat).SetString(n.String())
		if !ok {
			return
		}
		add(name, ratText(at))
		past := new(big.Rat).Add(at, step)
		if !up {
			past = new(big.Rat).Sub(at, step)
		}
		add(beyond, ratText(past))
	}
	bound(s.Minimum, "at its minimum", "below its minimum", false)
	bound(s.Maximum, "at its maximum", "above its maximum", true)
	bound(s.ExclusiveMinimum, "at its exclusive minimum", "below its exclusive minimum", false)
	bound(s.ExclusiveMaximum, "at its exclusive maximum", "above its exclusive maximum", true)
	if s.MultipleOf != nil {
		at, ok := new(big.Rat).SetString(v.String())
		width, okWidth := new(big.Rat).SetString(s.MultipleOf.String())
		if ok && okWidth {
			add("between its steps", ratText(at.Add(at, width.Mul(width, big.NewRat(1, 2)))))
		}
	}
	if s.HasEnum {
		add("outside its enum", json.Number("987654321"))
	}
	if s.Types.Has(schema.IntegerType) && !s.Types.Has(schema.NumberType) {
		add("with a fraction", json.Number("1.5"))
	}
}

func ratText(r *big.Rat) json.Number {
	if r.IsInt() {
		return json.Number(r.Num().String())
	}
	return json.Number(strings.TrimRight(r.FloatString(20), "0"))
}

// lists are lists at the bounds of their length, and one beyond.
func lists(s *schema.Schema, v []any, add func(string, any)) {
	const longest = 1000
	if s.MinItems > 0 && len(v) >= s.MinItems {
		add("with too few items", slices.Clone(v[:s.MinItems-1]))
	}
	if s.MaxItems >= 0 && s.MaxItems < longest && len(v) > 0 {
		long := slices.Clone(v)
		for len(long) <= s.MaxItems {
			if one := v[0]; s.UniqueItems {
				long = append(long, another(one, len(long)))
			} else {
				long = append(long, one)
			}
		}
		add("with too many items", long)
	}
	if s.UniqueItems && len(v) > 0 {
		twice := slices.Clone(v)
		if s.MaxItems < 0 || len(twice) < s.MaxItems {
			twice = append(twice, v[0])
		} else if len(twice) > 1 {
			twice[1] = v[0]
		}
		add("with an item twice", twice)
	}
}

// another is an item like one, and unlike the others by its number where that can be: its last letter is another, or its text is longer.
func another(v any, n int) any {
	switch v := v.(type) {
	case string:
		letter := rune('a' + n%26)
		if at := strings.LastIndexFunc(v, func(c rune) bool { return c >= 'a' && c <= 'z' }); at >= 0 && n < 26 {
			return v[:at] + string(letter) + v[at+1:]
		}
		return v + strings.Repeat(string(letter), 1+n/26)
	case json.Number:
		if sum, ok := new(big.Rat).SetString(v.String()); ok {
			return ratText(sum.Add(sum, big.NewRat(int64(n), 1)))
		}
	}
	return v
}

// objects are objects without each of their properties, with one more, and with each at its boundaries.
func objects(s *schema.Schema, v map[string]any, depth int) []boundary {
	var out []boundary
	names := map[string]*schema.Schema{}
	for _, p := range sample.Properties(s) {
		names[p.Name] = p.Schema
	}
	for _, p := range sample.Properties(s) {
		if _, there := v[p.Name]; !there {
			continue
		}
		out = append(out, boundary{at: []string{p.Name}, name: "missing", remove: true})
		if depth < mostDeep {
			out = append(out, below(p.Name, boundaries(p.Schema, v[p.Name], depth+1))...)
		}
	}
	if names["standin"] == nil {
		out = append(out, boundary{at: []string{"standin"}, name: "one that is not documented", value: "standin"})
	}
	return out
}
