package schema

import (
	"slices"

	"standin/mock/internal/format"
	"standin/mock/internal/source"
)

// general compiles the keywords for values of any type (2020-12 validation, 6.1), format and nullable.
func (b *building) general(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "type":
		b.types(m)
	case "enum":
		b.enumeration(m)
	case "const":
		if b.dialect < OpenAPI30 {
			s.Const, s.HasConst = m.Value.Value(), true
		}
	case "format":
		if !m.Value.Is(source.String) {
			b.wrong(m, "a string")
		}
		s.Format = m.Value.StringOr("")
	case "nullable":
		switch {
		case b.dialect == OpenAPI31:
			b.warn(b.n, "nullable", `nullable has no meaning in OpenAPI 3.1: add "null" to type instead`)
		case b.dialect == OpenAPI30:
			b.nullable = b.flag(m)
			b.untyped(m)
		case b.dialect == OpenAPI20:
			b.warn(b.n, "nullable", "nullable has no meaning in OpenAPI 2.0: write x-nullable instead")
		}
	case "x-nullable":
		b.nullable = b.nullable || b.dialect >= OpenAPI30 && m.Value.True()
	default:
		return false
	}
	return true
}

func (b *building) types(m source.Member) {
	names := []*Node{m.Value}
	if m.Value.Is(source.Array) {
		names = m.Value.Items()
	}
	for _, n := range names {
		if b.dialect == OpenAPI20 && n.StringOr("") == "file" {
			b.s.Types |= StringType
			b.s.Format = "binary"
			continue
		}
		t := typeNamed(n.StringOr(""))
		if t == 0 {
			b.fault(b.n, "type", "type cannot be %s; it is one of null, boolean, integer, number, string, array, object", article(n))
		}
		b.s.Types |= t
	}
}

func typeNamed(name string) TypeSet {
	switch name {
	case "null":
		return NullType
	case "boolean":
		return BooleanType
	case "integer":
		return IntegerType
	case "number":
		return NumberType
	case "string":
		return StringType
	case "array":
		return ArrayType
	case "object":
		return ObjectType
	}
	return 0
}

func (b *building) enumeration(m source.Member) {
	if !m.Value.Is(source.Array) {
		b.wrong(m, "an array of values")
		return
	}
	if len(m.Value.Items()) == 0 && b.dialect != Draft202012 {
		b.fault(b.n, "enum", "enum is empty, which would refuse every value; it is ignored")
		return
	}
	b.s.HasEnum = true
	b.s.Enum, _ = m.Value.Value().([]any)
}

// untyped notes nullable without type, which has no effect by the letter of OpenAPI 3.0.3 (Schema Object); see allowNull.
func (b *building) untyped(m source.Member) {
	if !m.Value.True() || b.n.Get("type") != nil {
		return
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf", "enum"} {
		if b.n.Get(keyword).Is(source.Array) {
			b.warn(b.n, m.Name, "nullable has no effect without type in OpenAPI 3.0; beside %s it is taken to allow null", keyword)
			return
		}
	}
	b.warn(b.n, m.Name, "nullable has no effect without type in OpenAPI 3.0")
}

// allowNull is what nullable does: beside type it adds null to the types (OpenAPI 3.0.3, Schema Object). Without type it
// says nothing by the letter; but beside allOf, anyOf, oneOf or enum its writers mean that null is allowed.
func (b *building) allowNull() {
	s := b.s
	switch {
	case s.Types != 0:
		s.Types |= NullType
	case len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 || s.HasEnum:
		s.nullWhole = true
	}
	s.Nullable = true
}

// assertFormat settles whether format is more than an annotation here, and by what function it is asserted.
func (b *building) assertFormat() {
	s := b.s
	if s.Format == "" || b.dialect == Draft202012 && !b.in.format {
		return
	}
	switch s.Format {
	case "int32":
		s.intBits = 32
	case "int64":
		s.intBits = 64
	default:
		s.formatted, _ = format.Lookup(s.Format)
	}
}

// contradictions notes what no value can satisfy.
func (b *building) contradictions() {
	s := b.s
	b.crossed("minLength", "maxLength", s.MinLength, s.MaxLength)
	b.crossed("minItems", "maxItems", s.MinItems, s.MaxItems)
	b.crossed("minProperties", "maxProperties", s.MinProperties, s.MaxProperties)
	if s.Minimum != nil && s.Maximum != nil && s.Minimum.Cmp(s.Maximum) > 0 {
		b.fault(b.n, "minimum", "minimum %s is greater than maximum %s, so no number fits", s.Minimum, s.Maximum)
	}
	if s.HasEnum && s.Types != 0 && len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, func(v any) bool { return s.Types.holds(v) }) {
		b.fault(b.n, "enum", "none of the values of enum is %s, so no value fits", s.Types)
	}
}

func (b *building) crossed(low, high string, least, most int) {
	if most >= 0 && least > most {
		b.fault(b.n, low, "%s %d is greater than %s %d, so no value fits", low, least, high, most)
	}
}
