package lint

import (
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

func integerExample() *Rule {
	return &Rule{Name: "integer-example", About: "The example of an integer is written as one.", Fix: "Write 1310720, not 1310720.0: many clients read the latter as a fraction.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				example := m.Value.Get("example")
				if m.Value.Get("type").Text() == "integer" && example.Is(source.Number) && strings.ContainsAny(example.Text(), ".eE") {
					s.add(m.Value.PositionOf("example"), "", "the example of %s is an integer written as %s", m.Name, example.Text())
				}
			}
		})
	}}
}
