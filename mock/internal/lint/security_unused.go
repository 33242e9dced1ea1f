package lint

import (
	"standin/mock/contract"
)

func securityUnused() *Rule {
	return &Rule{Name: "security-unused", About: "A security scheme that is described is asked for somewhere.", Fix: "Demand it in security, or take it away.", check: func(s *subject) {
		root := s.contract.Root()
		schemes := root.Get("components").Get("securitySchemes")
		if schemes == nil {
			schemes = root.Get("securityDefinitions")
		}
		used := map[string]bool{}
		s.operations(func(op *contract.Operation) {
			for _, requirement := range op.Security() {
				for _, scheme := range requirement {
					used[scheme.ID] = true
				}
			}
		})
		for _, m := range schemes.Members() {
			if !used[m.Name] {
				s.add(m.Position(), "", "no operation asks for the security scheme %s", m.Name)
			}
		}
	}}
}
