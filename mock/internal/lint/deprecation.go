package lint

import (
	"standin/mock/contract"
)

func deprecation() *Rule {
	return &Rule{Name: "deprecation", About: "What is deprecated says what to use instead.", Fix: "Name the successor in the description.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			if op.Deprecated() && op.Description() == "" {
				s.add(op.Node().PositionOf("deprecated"), op.ID, "%s is deprecated, and nothing says what to use instead", op.ID)
			}
		})
	}}
}
