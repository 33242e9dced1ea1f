package lint

import (
	"net/url"
	"strings"

	"standin/mock/contract"
)

func unused() *Rule {
	return &Rule{Name: "unused", About: "What stands in components is referred to.", Fix: "Refer to it, or take it away.", check: func(s *subject) {
		root := s.contract.Root()
		if len(s.contract.Files()) > 1 { // others may refer to it
			return
		}
		used := map[string]bool{}
		references(root, 0, used)
		sections := root.Get("components").Members()
		prefix := "#/components/"
		if root.Get("definitions") != nil {
			sections, prefix = nil, "#/"
			for _, name := range []string{"definitions", "parameters", "responses"} {
				if m, ok := root.Member(name); ok {
					sections = append(sections, m)
				}
			}
		}
		for _, section := range sections {
			if section.Name == "securitySchemes" || strings.HasPrefix(section.Name, "x-") {
				continue
			}
			for _, m := range section.Value.Members() {
				if !used[prefix+section.Name+"/"+m.Name] && !used[m.Name] {
					s.add(m.Position(), "", "nothing refers to %s", prefix+section.Name+"/"+m.Name)
				}
			}
		}
	}}
}

// references gathers what is referred to: by $ref, by the names that a discriminator maps to.
func references(n *contract.Node, depth int, used map[string]bool) {
	if depth > 250 {
		return
	}
	for _, m := range n.Members() {
		if m.Name == "$ref" {
			text, err := url.PathUnescape(m.Value.Text())
			if err == nil {
				used[text] = true
			}
		}
		if m.Name == "mapping" {
			for _, to := range m.Value.Members() {
				used[to.Value.Text()] = true
			}
		}
		references(m.Value, depth+1, used)
	}
	for _, item := range n.Items() {
		references(item, depth+1, used)
	}
}
