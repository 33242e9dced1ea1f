package portal

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// schema notes the rules of one schema.
func (c *constrainer) schema(s *schema.Schema) {
	if s.Format != "" && !slices.Contains(toldByType, s.Format) {
		c.code("is.format", s.Format)
	}
	if s.HasEnum {
		c.code("is.enum", valuesOf(s.Enum)...)
	}
	if s.HasConst {
		c.code("is.const", valuesOf([]any{s.Const})...)
	}
	c.numbers(s)
	if s.MinLength > 0 || s.MaxLength >= 0 {
		c.words("is.length", c.counts(s.MinLength, s.MaxLength))
	}
	if s.Pattern != nil {
		c.code("is.pattern", s.Pattern.String())
	}
	c.containers(s)
	if s.ContentEncoding != "" {
		c.code("is.encoding", s.ContentEncoding)
	}
	if s.ContentMediaType != "" {
		c.code("is.media", s.ContentMediaType)
	}
	if sets, ok := prohibited(s); ok {
		c.code("is.needs.none", sets...)
	}
	if s.Default != nil {
		c.code("is.default", brief(s.Default))
	}
	for i, n := range s.Examples {
		if i < 3 && (n.Kind() != source.Object && n.Kind() != source.Array) {
			c.code("is.example", brief(n))
		}
	}
}

// brief is a value as one line of a constraint.
func brief(n *source.Node) string {
	if n.Is(source.String) {
		return quoteEmpty(n.Text())
	}
	return plain(n)
}

func quoteEmpty(s string) string {
	if s == "" {
		return `""`
	}
	return s
}

func (c *constrainer) containers(s *schema.Schema) {
	if s.MinItems > 0 || s.MaxItems >= 0 {
		c.words("is.items", c.counts(s.MinItems, s.MaxItems))
	}
	if s.UniqueItems {
		c.words("is.unique")
	}
	if s.Contains != nil && (s.MinContains != 1 || s.MaxContains >= 0) {
		c.words("is.contains", c.counts(s.MinContains, s.MaxContains))
	}
	if s.MinProperties > 0 || s.MaxProperties >= 0 {
		c.words("is.properties", c.counts(s.MinProperties, s.MaxProperties))
	}
	for _, name := range slices.Sorted(maps.Keys(s.DependentRequired)) {
		c.add(c.view.T("is.depends", name), true, s.DependentRequired[name]...)
	}
}

// counts tells bounds of a count; most is -1 for none.
func (c *constrainer) counts(least, most int) string {
	w := c.view
	switch {
	case most < 0:
		return w.T("atleast", strconv.Itoa(least))
	case least == most:
		return w.T("exactly", strconv.Itoa(least))
	case least == 0:
		return w.T("atmost", strconv.Itoa(most))
	}
	return w.T("between", strconv.Itoa(least), strconv.Itoa(most))
}

// numbers tells the bounds of a number.
func (c *constrainer) numbers(s *schema.Schema) {
	w := c.view
	if s.Minimum != nil && s.Maximum != nil {
		c.words("is.range", w.T("between", s.Minimum.String(), s.Maximum.String()))
	} else if s.Minimum != nil {
		c.words("is.range", w.T("atleast", s.Minimum.String()))
	} else if s.Maximum != nil {
		c.words("is.range", w.T("atmost", s.Maximum.String()))
	}
	if s.ExclusiveMinimum != nil {
		c.words("is.range", w.T("above", s.ExclusiveMinimum.String()))
	}
	if s.ExclusiveMaximum != nil {
		c.words("is.range", w.T("below", s.ExclusiveMaximum.String()))
	}
	if s.MultipleOf != nil {
		c.words("is.multiple", s.MultipleOf.String())
	}
}

// valuesOf writes values for a reader: text as it stands, anything else as JSON.
func valuesOf(values []any) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		if s, ok := v.(string); ok {
			out = append(out, quoteEmpty(s))
			continue
		}
		text, err := json.Marshal(v)
		if err != nil {
			text = fmt.Append(nil, v)
		}
		out = append(out, string(text))
	}
	return out
}
