package lint

import (
	"standin/mock/contract"
)

func success() *Rule {
	return &Rule{Name: "success", About: "Every operation documents what it answers when all is well.", Fix: "Add a 2XX answer.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			for _, r := range op.Responses().All {
				if r.Status == "default" || r.Status[0] == '1' || r.Status[0] == '2' || r.Status[0] == '3' {
					return
				}
			}
			s.add(op.Node().PositionOf("responses"), op.ID, "%s documents no success", op.ID)
		})
	}}
}
