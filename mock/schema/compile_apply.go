package schema

import "standin/mock/internal/source"

// apply compiles the keywords that apply schemas to the value in hand (2020-12 core, 10.2), and discriminator.
func (b *building) apply(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "allOf":
		s.AllOf = b.list(m)
	case "anyOf":
		s.AnyOf = b.list(m)
	case "oneOf":
		s.OneOf = b.list(m)
	case "not":
		s.Not = b.sub(m)
	case "if":
		s.If = b.sub(m)
	case "then":
		s.Then = b.sub(m)
	case "else":
		s.Else = b.sub(m)
	case "discriminator":
		b.discriminator(m)
	default:
		return false
	}
	return true
}

// annotate reads the keywords that say something without asserting anything (2020-12 validation, 9).
func (b *building) annotate(m source.Member) bool {
	s := b.s
	switch m.Name {
	case "title":
		s.Title = m.Value.StringOr("")
	case "description":
		s.Description = m.Value.StringOr("")
	case "default":
		s.Default = m.Value
	case "examples":
		b.examples(m)
	case "example":
		if b.dialect != Draft202012 {
			s.Examples = append(s.Examples, m.Value)
		}
	case "readOnly":
		s.ReadOnly = b.flag(m)
	case "writeOnly":
		s.WriteOnly = b.flag(m)
	case "deprecated":
		s.Deprecated = b.flag(m)
	case "xml":
		b.xml(m)
	default:
		return false
	}
	return true
}

// examples is an array (2020-12 validation, 9.5). Some documents write an object of names here, as beside a schema.
func (b *building) examples(m source.Member) {
	s := b.s
	switch m.Value.Kind() {
	case source.Array:
		s.Examples = append(s.Examples, m.Value.Items()...)
	case source.Object:
		b.warn(b.n, m.Name, "examples must be an array in a schema, not an object; its values are taken as examples")
		for _, e := range m.Value.Members() {
			s.Examples = append(s.Examples, e.Value)
		}
	default:
		b.warn(b.n, m.Name, "examples must be an array, not %s; it is ignored", article(m.Value))
	}
}
