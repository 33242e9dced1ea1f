package lint

import (
	"standin/mock/contract"
)

func twins() *Rule {
	return &Rule{Name: "twins", About: "No two operations have the same summary: readers cannot tell them apart.", Fix: "Say what sets them apart.", check: func(s *subject) {
		first := map[string]string{}
		s.operations(func(op *contract.Operation) {
			if op.Summary() == "" {
				return
			}
			if other, ok := first[op.Summary()]; ok {
				s.add(op.Node().PositionOf("summary"), op.ID, "%s and %s have the same summary", op.ID, other)
				return
			}
			first[op.Summary()] = op.ID
		})
	}}
}
