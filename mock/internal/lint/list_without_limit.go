package lint

import (
	"slices"

	"standin/mock/contract"
	"standin/mock/schema"
)

func listWithoutLimit() *Rule {
	return &Rule{Name: "list-without-limit", About: "A list can be cut, or it will grow too long one day.", Fix: "Add a limit, and an offset, page or cursor.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			if op.Method != "GET" || slices.ContainsFunc(op.Parameters(), func(p *contract.Parameter) bool { return p.In == "query" }) {
				return
			}
			r := op.Responses().Exact[200]
			if r == nil {
				return
			}
			for _, m := range r.Content {
				if m.Schema != nil && m.Schema.Types == schema.ArrayType && m.Schema.MaxItems < 0 {
					s.add(op.Position, op.ID, "%s gives a whole list, whatever its length", op.ID)
					return
				}
			}
		})
	}}
}
