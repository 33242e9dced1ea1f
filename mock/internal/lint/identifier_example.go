package lint

import (
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

func identifierExample() *Rule {
	return &Rule{Name: "identifier-example", About: "The example of an identifier looks like one.", Fix: "Use a UUID as the server makes them.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				example := m.Value.Get("example")
				if !strings.HasSuffix(strings.ToLower(m.Name), "uuid") || !example.Is(stringKind) {
					continue
				}
				if digits := strings.ReplaceAll(example.Text(), "-", ""); len(digits) != 32 || strings.Trim(strings.ToLower(digits), "0123456789abcdef") != "" {
					s.add(m.Value.PositionOf("example"), "", "the example of %s is no UUID: %.40q", m.Name, example.Text())
				}
			}
		})
	}}
}

// stringKind is the kind of texts.
const stringKind = source.String
