package schema

// scanPlan is what an acceptor needs to know of a schema beside its keywords.
type scanPlan struct {
	native bool // no keyword of it is beyond the acceptor
	own    bool // has keywords that are not about other schemas
	simple bool // has no others
	// required has a bit for each property that is required, and others lists those that are not among the properties.
	required [3]bitset
	others   [3][]string
}

// bitset has a bit for each property of a schema.
type bitset [4]uint64

const mostBits = 256

func (b *bitset) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b *bitset) set(i int) { b[i>>6] |= 1 << (i & 63) }

// covers tells whether b has all bits of c.
func (b *bitset) covers(c *bitset) bool {
	return c[0]&^b[0]|c[1]&^b[1]|c[2]&^b[2]|c[3]&^b[3] == 0
}

// planScan sees what of a schema an acceptor can judge by itself.
func (s *Schema) planScan() scanPlan {
	p := scanPlan{
		own: s.Never || s.Types != 0 || s.HasEnum || s.HasConst || s.numbers || s.strings || s.arrays || s.objects,
		native: s.Not == nil && s.If == nil && s.DependentSchemas == nil && s.UnevaluatedItems == nil &&
			s.UnevaluatedProperties == nil && s.Contains == nil && s.PatternProperties == nil && s.PropertyNames == nil &&
			s.DependentRequired == nil && len(s.Properties) <= mostBits,
	}
	if !p.native {
		return p
	}
	p.simple = !s.places && !s.nullWhole && !s.scoped && !s.loops && s.parents == nil
	for d := range s.required {
		for _, name := range s.required[d] {
			if i := s.propertyIndex(name, 0); i >= 0 {
				p.required[d].set(i)
			} else {
				p.others[d] = append(p.others[d], name)
			}
		}
	}
	return p
}

// allowsStart tells whether a value that begins with c may be of one of the types.
func (t TypeSet) allowsStart(c byte) bool {
	switch c {
	case '{':
		return t&ObjectType != 0
	case '[':
		return t&ArrayType != 0
	case '"':
		return t&StringType != 0
	case 't', 'f':
		return t&BooleanType != 0
	case 'n':
		return t&NullType != 0
	}
	return t&(NumberType|IntegerType) != 0
}
