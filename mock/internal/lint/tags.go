package lint

import (
	"standin/mock/contract"
)

func tags() *Rule {
	return &Rule{Name: "tags", About: "Every operation has a tag, which the document describes.", Fix: "Add the tag to the operation, or to tags.", check: func(s *subject) {
		known := map[string]bool{}
		for _, n := range s.contract.Root().Get("tags").Items() {
			known[n.Get("name").Text()] = true
		}
		s.operations(func(op *contract.Operation) {
			if len(op.Tags()) == 0 {
				s.add(op.Position, op.ID, "%s has no tag", op.ID)
			}
			for _, tag := range op.Tags() {
				if !known[tag] && len(known) > 0 {
					s.add(op.Node().PositionOf("tags"), op.ID, "the tag %s is not described", tag)
				}
			}
		})
	}}
}
