package fake

import (
	"maps"
	"math/big"
	"slices"

	"standin/mock/schema"
)

// mostParts bounds how many schemas are merged for one value.
const mostParts = 2_000

// merger adds schemas to a shape.
type merger struct {
	*shape
	direction schema.Direction
	at        *place
}

func (b *merger) addAll(under *schema.Schema, list []*schema.Schema) *Unsatisfiable {
	for _, s := range list {
		if err := b.add(under, s); err != nil {
			return err
		}
	}
	return nil
}

// add merges a schema that applies because of another one, nil for those that apply first.
func (b *merger) add(under, s *schema.Schema) *Unsatisfiable {
	if under != nil {
		b.edges = append(b.edges, [2]*schema.Schema{under, s})
	}
	if slices.Contains(b.parts, s) {
		return nil
	}
	if len(b.parts) >= mostParts {
		return conflict(s, complexity, "more than %d schemas apply to one value", mostParts)
	}
	b.parts = append(b.parts, s)
	if s.Never {
		return conflict(s, "false", "nothing is allowed here")
	}
	steps := []func(*schema.Schema) *Unsatisfiable{b.general, b.numbers, b.strings, b.arrays, b.objects, b.places, b.alternatives}
	for _, step := range steps {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

// general merges types, enum and const.
func (b *merger) general(s *schema.Schema) *Unsatisfiable {
	if s.Types != 0 {
		t := s.Types
		if t&schema.NumberType != 0 {
			t |= schema.IntegerType
		}
		if t&b.types == 0 {
			return conflict(s, "type", "the types %s and %s exclude each other", typeNames(b.types), typeNames(t))
		}
		if b.types&^t != 0 || b.typed == nil {
			b.typed = s
		}
		b.types &= t
	}
	if s.HasConst && (b.fixed == nil || !b.fixed.HasConst) {
		b.fixed = s
	}
	if s.HasEnum && (b.fixed == nil || !b.fixed.HasConst && len(s.Enum) < len(b.fixed.Enum)) {
		b.fixed = s
	}
	if s.HasEnum && len(s.Enum) == 0 {
		return conflict(s, "enum", "enum is empty")
	}
	return nil
}

// numbers merges ranges and steps.
func (b *merger) numbers(s *schema.Schema) *Unsatisfiable {
	b.raise(s, s.Minimum, "minimum", false)
	b.raise(s, s.ExclusiveMinimum, "exclusiveMinimum", true)
	b.lower(s, s.Maximum, "maximum", false)
	b.lower(s, s.ExclusiveMaximum, "exclusiveMaximum", true)
	switch s.Format {
	case "int32", "int64":
		b.fit(s)
	}
	if s.MultipleOf != nil {
		b.multiple(s, s.MultipleOf.Rat())
	}
	return nil
}

func (b *merger) raise(s *schema.Schema, n *schema.Number, keyword string, open bool) {
	if n == nil {
		return
	}
	at := n.Rat()
	if b.low != nil {
		if c := at.Cmp(b.low.at); c < 0 || c == 0 && (b.low.open || !open) {
			return
		}
	}
	b.low = &bound{at, n.String(), open, s, keyword}
}

func (b *merger) lower(s *schema.Schema, n *schema.Number, keyword string, open bool) {
	if n == nil {
		return
	}
	at := n.Rat()
	if b.high != nil {
		if c := at.Cmp(b.high.at); c > 0 || c == 0 && (b.high.open || !open) {
			return
		}
	}
	b.high = &bound{at, n.String(), open, s, keyword}
}

// fit keeps numbers within the bits of an integer format. It goes by where a schema with those bounds would.
func (b *merger) fit(s *schema.Schema) {
	bits := uint(31)
	if s.Format == "int64" {
		bits = 63
	}
	end := new(big.Int).Lsh(big.NewInt(1), bits)
	least, most := new(big.Rat).SetInt(new(big.Int).Neg(end)), new(big.Rat).SetInt(end)
	if b.low == nil || b.low.at.Cmp(least) < 0 {
		b.low = &bound{least, least.RatString(), false, s, "format"}
	}
	if b.high == nil || b.high.at.Cmp(most) >= 0 {
		b.high = &bound{most, most.RatString(), true, s, "format"}
	}
}

// multiple makes step the least common multiple of itself and m.
func (b *merger) multiple(s *schema.Schema, m *big.Rat) {
	if b.step == nil {
		b.step, b.stepBy = m, s
		return
	}
	b.step, b.stepBy = leastCommonMultiple(b.step, m), s
}

func (b *merger) strings(s *schema.Schema) *Unsatisfiable {
	if s.MinLength > b.minLength {
		b.minLength, b.minLengthBy = s.MinLength, s
	}
	if s.MaxLength >= 0 && (b.maxLength < 0 || s.MaxLength < b.maxLength) {
		b.maxLength, b.maxLengthBy = s.MaxLength, s
	}
	if s.Pattern != nil {
		b.patterned = append(b.patterned, s)
	}
	if s.Format != "" && !slices.Contains(b.formats, s.Format) {
		b.formats = append(b.formats, s.Format)
	}
	return nil
}

func (b *merger) arrays(s *schema.Schema) *Unsatisfiable {
	if s.MinItems > b.minItems {
		b.minItems, b.minItemsBy = s.MinItems, s
	}
	if s.MaxItems >= 0 && (b.maxItems < 0 || s.MaxItems < b.maxItems) {
		b.maxItems, b.maxItemsBy = s.MaxItems, s
	}
	if s.UniqueItems && b.unique == nil {
		b.unique = s
	}
	if s.Contains != nil {
		b.contains = append(b.contains, s)
		b.proven = false
	}
	if s.UnevaluatedItems != nil || s.UnevaluatedProperties != nil {
		b.proven = false
	}
	return nil
}

func (b *merger) objects(s *schema.Schema) *Unsatisfiable {
	if s.MinProperties > b.minProperties {
		b.minProperties, b.minPropertiesBy = s.MinProperties, s
	}
	if s.MaxProperties >= 0 && (b.maxProperties < 0 || s.MaxProperties < b.maxProperties) {
		b.maxProperties, b.maxPropertiesBy = s.MaxProperties, s
	}
	for _, name := range s.Demands(b.direction) {
		b.require(name, s)
	}
	if s.PropertyNames != nil || s.PatternProperties != nil || s.DependentRequired != nil {
		b.proven = false
	}
	return nil
}

func (b *merger) require(name string, by *schema.Schema) {
	if !b.requires(name) {
		b.required = append(b.required, demand{name, by})
	}
}

func (sh *shape) requires(name string) bool {
	return slices.ContainsFunc(sh.required, func(d demand) bool { return d.name == name })
}

// places merges what applies to the same value in any case.
func (b *merger) places(s *schema.Schema) *Unsatisfiable {
	if s.Ref != nil {
		if err := b.add(s, s.Ref); err != nil {
			return err
		}
	}
	if s.DynamicRef != nil {
		b.dynamic = true
		if err := b.add(s, s.DynamicTarget(append(b.at.path(), b.parts...))); err != nil {
			return err
		}
	}
	return b.addAll(s, s.AllOf)
}

// settle draws conclusions from all that was merged, and finds contradictions.
func (b *merger) settle() *Unsatisfiable {
	b.closeRequired()
	if b.fixed != nil {
		return nil // its values are judged one by one
	}
	var first *Unsatisfiable
	rule := func(t schema.TypeSet, err *Unsatisfiable) {
		if err != nil && b.types&t != 0 {
			b.types &^= t
			if first == nil || b.typed != nil {
				first = err
			}
		}
	}
	if b.types&schema.NumberType == 0 {
		rule(schema.IntegerType, b.emptyRange(true))
	} else {
		rule(schema.IntegerType|schema.NumberType, b.emptyRange(false))
	}
	rule(schema.StringType, crossed(b.minLengthBy, b.maxLengthBy, "minLength", "maxLength", "string", b.minLength, b.maxLength))
	rule(schema.ArrayType, crossed(b.minItemsBy, b.maxItemsBy, "minItems", "maxItems", "array", b.minItems, b.maxItems))
	rule(schema.ObjectType, crossed(b.minPropertiesBy, b.maxPropertiesBy, "minProperties", "maxProperties", "object",
		max(b.minProperties, len(b.required)), b.maxProperties))
	if b.types == 0 {
		return first
	}
	return nil
}

// crossed tells of bounds that leave nothing.
func crossed(low, high *schema.Schema, lowKeyword, highKeyword, kind string, least, most int) *Unsatisfiable {
	if most < 0 || least <= most {
		return nil
	}
	if low == nil {
		return conflict(high, highKeyword, "%s %d leaves no room for the %d required properties", highKeyword, most, least)
	}
	return conflict(low, lowKeyword, "%s %d and %s %d leave no %s", lowKeyword, least, highKeyword, most, kind)
}

// closeRequired adds what dependentRequired demands beside what must be there.
func (b *merger) closeRequired() {
	for i := 0; i < len(b.required); i++ {
		for _, s := range b.parts {
			for _, name := range s.DependentRequired[b.required[i].name] {
				b.require(name, s)
			}
		}
	}
}

// dependents are the properties that the presence of one asks for, by name.
func (sh *shape) dependents(name string) []string {
	wanted := map[string]bool{}
	for _, s := range sh.parts {
		for _, n := range s.DependentRequired[name] {
			wanted[n] = true
		}
	}
	return slices.Sorted(maps.Keys(wanted))
}
