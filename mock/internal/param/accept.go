package param

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/pattern"
	"standin/mock/schema"
)

// acceptor knows by a glance at its raw text that a scalar is right. It knows nothing of most schemas, and then says no.
type acceptor struct {
	kind     schema.TypeSet // StringType, IntegerType, NumberType or BooleanType
	min, max int64          // of numbers, or of the length of strings
	bounded  bool           // numbers: min, max or multiples say something
	multiple []int64
	patterns []*pattern.Pattern
	enums    [][]string // the text must be in each
}

// newAcceptor compiles the quick check, nil where there is none.
func newAcceptor(d *Decoder) *acceptor {
	switch d.spec.Style {
	case Content, Label, Matrix, DeepObject:
		return nil
	}
	if d.container() || d.loose || len(d.at.open) > 0 {
		return nil
	}
	a := &acceptor{min: math.MinInt64, max: math.MaxInt64}
	switch d.types {
	case schema.StringType:
		a.kind, a.min = schema.StringType, 0
	case schema.IntegerType:
		a.kind = schema.IntegerType
	case schema.IntegerType | schema.NumberType:
		a.kind = schema.NumberType
	case schema.BooleanType:
		a.kind = schema.BooleanType
	default:
		return nil
	}
	for _, s := range d.at.plain {
		if s.Never || s.Not != nil || s.If != nil || s.DynamicRef != nil || !a.add(s) {
			return nil
		}
	}
	return a
}

// add narrows by the keywords of one schema; false if one of them is beyond a glance.
func (a *acceptor) add(s *schema.Schema) bool {
	if s.HasConst {
		a.among([]any{s.Const})
	}
	if s.HasEnum {
		a.among(s.Enum)
	}
	switch a.kind {
	case schema.StringType:
		a.min = max(a.min, int64(s.MinLength))
		if s.MaxLength >= 0 {
			a.max = min(a.max, int64(s.MaxLength))
		}
		if s.Pattern != nil {
			a.patterns = append(a.patterns, s.Pattern)
		}
		return s.Format == "" || s.Format == "password"
	case schema.BooleanType:
		return true
	}
	switch s.Format {
	case "int32":
		a.min, a.max, a.bounded = max(a.min, math.MinInt32), min(a.max, math.MaxInt32), true
	case "", "int64", "double", "float":
	default:
		return false
	}
	return a.bound(s)
}

func (a *acceptor) bound(s *schema.Schema) bool {
	at := func(n *schema.Number, use func(int64)) bool {
		if n == nil {
			return true
		}
		i, err := strconv.ParseInt(n.String(), 10, 64)
		if err != nil || i == math.MinInt64 || i == math.MaxInt64 {
			return false
		}
		a.bounded = true
		use(i)
		return true
	}
	return at(s.Minimum, func(i int64) { a.min = max(a.min, i) }) &&
		at(s.Maximum, func(i int64) { a.max = min(a.max, i) }) &&
		at(s.ExclusiveMinimum, func(i int64) { a.min = max(a.min, i+1) }) &&
		at(s.ExclusiveMaximum, func(i int64) { a.max = min(a.max, i-1) }) &&
		at(s.MultipleOf, func(i int64) { a.multiple = append(a.multiple, max(i, 1)) })
}

// among notes the texts of allowed values of the kind.
func (a *acceptor) among(values []any) {
	var texts []string
	for _, v := range values {
		if typeOf(v)&a.kind != 0 {
			texts = append(texts, textOf(v))
		}
	}
	a.enums = append(a.enums, texts)
}

// text tells that a raw text is surely well formed and valid.
func (a *acceptor) text(raw string, in In) bool {
	if a == nil {
		return false
	}
	for i := range len(raw) {
		if c := raw[i]; c == '%' && in != InHeader || c >= 0x80 || c == '+' && in == InQuery {
			return false
		}
	}
	for _, enum := range a.enums {
		if !slices.Contains(enum, raw) {
			return false
		}
	}
	switch a.kind {
	case schema.BooleanType:
		return raw == "true" || raw == "false"
	case schema.StringType:
		if n := int64(len(raw)); n < a.min || n > a.max {
			return false
		}
		for _, p := range a.patterns {
			if ok, err := p.Match(raw); !ok || err != nil {
				return false
			}
		}
		return true
	}
	return a.number(raw)
}

func (a *acceptor) number(raw string) bool {
	if len(raw) > 18 || !isNumber(raw) {
		return false
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return a.kind == schema.NumberType && !a.bounded && !strings.ContainsAny(raw, "eE")
	}
	if n < a.min || n > a.max {
		return false
	}
	for _, m := range a.multiple {
		if n%m != 0 {
			return false
		}
	}
	return true
}

// AcceptPath tells at a glance, without allocating, that a captured text is surely right: it decodes, and the schema accepts
// the value. false means only that [Decoder.Path] has to find out.
func (d *Decoder) AcceptPath(raw string) bool { return d.fast.text(raw, InPath) }

// AcceptHeader is the like of [Decoder.AcceptPath] for header lines; the absence of an optional header is right, too.
func (d *Decoder) AcceptHeader(lines []string) bool {
	switch len(lines) {
	case 0:
		return !d.spec.Required
	case 1:
		return d.fast.text(strings.Trim(lines[0], " \t"), InHeader)
	}
	return false
}

// AcceptCookie is the like of [Decoder.AcceptPath] for Cookie header lines, but only knows what is absent.
func (d *Decoder) AcceptCookie(lines []string) bool { return len(lines) == 0 && !d.spec.Required }

// AcceptQuery is the like of [Decoder.AcceptPath] for a query; the absence of an optional parameter is right, too. It marks
// what it looked at as taken.
func (d *Decoder) AcceptQuery(q *Query) bool {
	if d.fast == nil {
		return !d.spec.Required && d.absent(q.pairs)
	}
	one, count := only(q.pairs, d.spec.Name)
	switch count {
	case 0:
		return !d.spec.Required
	case 1:
		return d.fast.text(one.raw, InQuery)
	}
	return false
}

// absent tells that no pair can belong to the parameter.
func (d *Decoder) absent(pairs []pair) bool {
	for i := range pairs {
		name := pairs[i].name
		if strings.HasPrefix(name, d.spec.Name) && (len(name) == len(d.spec.Name) || name[len(d.spec.Name)] == '[') {
			return false
		}
	}
	return len(pairs) == 0 || !d.spread()
}
