package lint

import (
	"strings"

	"standin/mock/contract"
)

func echo() *Rule {
	return &Rule{Name: "echo", About: "A summary or description says more than the name.", Fix: "Say what the operation does, in a sentence.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			for _, name := range []string{"summary", "description"} {
				if text := op.Node().Get(name).Text(); text != "" && strings.EqualFold(strings.TrimRight(text, ". "), op.ID) {
					s.add(op.Node().PositionOf(name), op.ID, "the %s only repeats the operationId", name)
				}
			}
		})
	}}
}
