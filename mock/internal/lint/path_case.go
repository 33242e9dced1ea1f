package lint

import (
	"strings"

	"standin/mock/contract"
)

func pathCase() *Rule {
	return &Rule{Name: "path-case", About: "Segments of paths are written in one way.", Fix: "Choose kebab-case, snake_case or camelCase, and keep to it.", check: func(s *subject) {
		styles := map[string][]named{}
		seen := map[string]bool{}
		s.operations(func(op *contract.Operation) {
			for segment := range strings.SplitSeq(op.Template, "/") {
				if style := styleOf(segment); style != "" && !seen[segment] {
					seen[segment] = true
					styles[style] = append(styles[style], named{op.PathItem().Position(), segment})
				}
			}
		})
		if len(styles) < 2 {
			return
		}
		usual, most, all := "", 0, 0
		for _, style := range []string{"kebab-case", "snake_case", "camelCase"} {
			all += len(styles[style])
			if len(styles[style]) > most {
				usual, most = style, len(styles[style])
			}
		}
		if most*10 < all*8 {
			return // nothing is usual
		}
		for _, style := range []string{"kebab-case", "snake_case", "camelCase"} {
			for _, one := range styles[style] {
				if style != usual {
					s.add(one.position, "", "the segment %s is not in %s, as nearly all others are", one.name, usual)
				}
			}
		}
	}}
}
