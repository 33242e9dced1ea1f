package lint

import (
	"standin/mock/contract"
	"standin/mock/schema"
)

func undocumented() *Rule {
	return &Rule{Name: "undocumented", About: "What an example shows is documented.", Fix: "Add the property to the schema, or take it out of the example.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			for _, r := range op.Responses().All {
				for _, m := range r.Content {
					s.undocumented(op, m)
				}
			}
		})
	}}
}

// undocumented looks at the examples of one kind of answer.
func (s *subject) undocumented(op *contract.Operation, m *contract.MediaType) {
	if m.Schema == nil {
		return
	}
	for _, x := range m.Examples {
		if x.Value == nil || len(x.Violations) > 0 {
			continue
		}
		for _, v := range m.Schema.Check(x.Value.Value(), schema.Options{Direction: schema.Response, Undeclared: true}) {
			if v.Keyword != "undeclared" {
				continue
			}
			at := x.Position
			if n, err := x.Value.At(v.Pointer); err == nil {
				at = n.PositionOf(v.Property)
			}
			s.add(at, op.ID, "the example %q has the property %s at %s, which is not documented", x.Name, v.Property, or(v.Pointer, "its top"))
		}
	}
}

func or(text, other string) string {
	if text != "" {
		return text
	}
	return other
}
