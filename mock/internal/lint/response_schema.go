package lint

import (
	"strings"

	"standin/mock/contract"
)

func responseSchema() *Rule {
	return &Rule{Name: "response-schema", About: "A body says what it looks like.", Fix: "Add a schema.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			for _, r := range op.Responses().All {
				for _, m := range r.Content {
					if m.Schema == nil && strings.Contains(m.Range, "json") && m.Items == nil {
						s.add(m.Position, op.ID, "the answer %s of %s has no schema", r.Status, op.ID)
					}
				}
			}
		})
	}}
}
