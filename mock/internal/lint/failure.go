package lint

import (
	"standin/mock/contract"
)

func failure() *Rule {
	return &Rule{Name: "failure", About: "An operation that can be asked wrongly, or by nobody, documents what it answers then.", Fix: "Add 4XX or default.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			all := op.Responses()
			for _, r := range all.All {
				if r.Status == "default" || r.Status[0] == '4' || r.Status[0] == '5' {
					return
				}
			}
			if len(op.Parameters()) > 0 || op.RequestBody() != nil || len(op.Security()) > 0 {
				s.add(op.Node().PositionOf("responses"), op.ID, "%s can be asked wrongly, and documents no answer to that", op.ID)
			}
		})
	}}
}
