package lint

import (
	"standin/mock/contract"
)

func operationID() *Rule {
	return &Rule{Name: "operation-id", About: "Every operation has an operationId: generators name functions by it, pages their addresses.", Fix: "Add an operationId that stays as it is.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			if op.Node().Get("operationId") == nil {
				s.add(op.Position, op.ID, "%s has no operationId", op.ID)
			}
		})
	}}
}
