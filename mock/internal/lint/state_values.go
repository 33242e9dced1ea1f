package lint

import (
	"strings"

	"standin/mock/contract"
)

func stateValues() *Rule {
	return &Rule{Name: "state-values", About: "A state or status lists its values.", Fix: "Add an enum; clients decide by it.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				lower := strings.ToLower(m.Name)
				if !strings.HasSuffix(lower, "state") && !strings.HasSuffix(lower, "status") || m.Value.Get("type").Text() != "string" {
					continue
				}
				if m.Value.Get("enum") == nil && m.Value.Get("const") == nil && m.Value.Get("pattern") == nil && m.Value.Get("format") == nil {
					s.add(m.Position(), "", "%s is any text, and nothing says which", m.Name)
				}
			}
		})
	}}
}
