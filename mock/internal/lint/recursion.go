package lint

func recursion() *Rule {
	return &Rule{Name: "recursion", About: "A structure that holds itself can end: what leads back is optional, nullable or a list.", Fix: "Take the property out of required.", check: func(s *subject) {
		root := s.contract.Root()
		shared, prefix := root.Get("components").Get("schemas"), "#/components/schemas/"
		if shared == nil {
			shared, prefix = root.Get("definitions"), "#/definitions/"
		}
		for _, m := range shared.Members() {
			for _, required := range m.Value.Get("required").Items() {
				p := m.Value.Get("properties").Get(required.Text())
				if p.Get("$ref").Text() == prefix+m.Name {
					s.add(required.Position(), "", "%s requires %s, which is a %s again, without end", m.Name, required.Text(), m.Name)
				}
			}
		}
	}}
}
