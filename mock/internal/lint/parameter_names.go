package lint

import (
	"slices"
	"strings"

	"standin/mock/contract"
)

func parameterNames() *Rule {
	return &Rule{Name: "parameter-names", About: "The same place of a path has the same name in every template.", Fix: "Give the parameter one name.", check: func(s *subject) {
		first := map[string]string{} // what stands in front to the name of the parameter there
		s.operations(func(op *contract.Operation) {
			before := ""
			for segment := range strings.SplitSeq(strings.Trim(op.Template, "/"), "/") {
				if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
					if known, ok := first[before]; ok && known != segment && before != "" {
						s.add(op.PathItem().Position(), op.ID, "%s calls %s what another path calls %s", op.Template, segment, known)
					} else {
						first[before] = segment
					}
					segment = "{}"
				}
				before += "/" + segment
			}
		})
		s.found = slices.CompactFunc(s.found, func(a, b Finding) bool { return a.Position == b.Position })
	}}
}
