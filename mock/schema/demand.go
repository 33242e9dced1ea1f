package schema

// Demands gives the properties that the schema itself requires in a direction. For a schema that no compiler made, it is
// Required.
func (s *Schema) Demands(d Direction) []string {
	if s.in == nil {
		return s.Required
	}
	return s.required[d]
}

// DynamicTarget is where $dynamicRef leads when the schemas of a path have been entered, the outermost first (2020-12 core,
// 8.2.3.2); nil without $dynamicRef.
func (s *Schema) DynamicTarget(path []*Schema) *Schema {
	if s.dynamicName == "" {
		return s.DynamicRef
	}
	for _, outer := range path {
		if outer.in == nil {
			continue
		}
		if to := outer.in.dynamic[s.dynamicName]; to != nil {
			return to
		}
	}
	return s.DynamicRef
}
