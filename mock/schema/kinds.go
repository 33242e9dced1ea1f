package schema

// settleKinds works out the types that hold every value which may fit, as far as types alone tell; 0 for any.
func (s *Schema) settleKinds(seen map[*Schema]bool) TypeSet {
	if s.linked || seen[s] {
		return s.kinds // 0 in a circle
	}
	seen[s] = true
	t := s.Types
	if t == 0 && s.Ref != nil {
		t = s.Ref.settleKinds(seen)
	}
	for i := 0; t == 0 && i < len(s.AllOf); i++ {
		t = s.AllOf[i].settleKinds(seen)
	}
	for _, branches := range [2][]*Schema{s.AnyOf, s.OneOf} {
		if t == 0 {
			t = kindsOfAny(branches, seen)
		}
	}
	if t != 0 && s.nullWhole {
		t |= NullType
	}
	s.kinds = t
	return t
}

func kindsOfAny(branches []*Schema, seen map[*Schema]bool) TypeSet {
	var union TypeSet
	for _, b := range branches {
		t := b.settleKinds(seen)
		if t == 0 {
			return 0
		}
		union |= t
	}
	return union
}
