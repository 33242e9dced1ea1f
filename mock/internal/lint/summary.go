package lint

import (
	"standin/mock/contract"
)

func summary() *Rule {
	return &Rule{Name: "summary", About: "Every operation says in a line what it does.", Fix: "Add a summary.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			if op.Summary() == "" && op.Description() == "" {
				s.add(op.Position, op.ID, "%s has neither summary nor description", op.ID)
			}
		})
	}}
}
