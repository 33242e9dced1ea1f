package lint

import (
	"standin/mock/contract"
)

func arrayItems() *Rule {
	return &Rule{Name: "array-items", About: "A list says what is in it.", Fix: "Add items, with a type.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			if n.Get("type").Text() == "array" && n.Get("items") == nil && n.Get("prefixItems") == nil {
				s.add(n.PositionOf("type"), "", "this list does not say what is in it")
			}
		})
	}}
}
