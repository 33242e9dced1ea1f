package lint

import (
	"strings"
	"unicode"

	"standin/mock/contract"
)

func languages() *Rule {
	return &Rule{Name: "languages", About: "All descriptions are in one language; another has a field of its own.", Fix: "Translate it, and move the other language to an extension such as x-description-zh.", check: func(s *subject) {
		var han, other []*contract.Operation
		s.operations(func(op *contract.Operation) {
			text := op.Summary() + op.Description()
			switch {
			case text == "":
			case strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0:
				han = append(han, op)
			default:
				other = append(other, op)
			}
		})
		few := han
		if len(han) > len(other) {
			few = other
		}
		if len(han) == 0 || len(other) == 0 {
			return
		}
		for _, op := range few {
			s.add(op.Position, op.ID, "%s is described in another language than most operations", op.ID)
		}
	}}
}
