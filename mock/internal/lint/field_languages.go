package lint

import (
	"strings"
	"unicode"

	"standin/mock/contract"
)

func fieldLanguages() *Rule {
	return &Rule{Name: "field-languages", About: "The properties are described in one language; another has a field of its own.", Fix: "Translate it, and move the other language to an extension such as x-description-zh.", check: func(s *subject) {
		var han, other []named
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				text := m.Value.Get("description").Text()
				one := named{m.Value.PositionOf("description"), m.Name}
				switch {
				case text == "":
				case strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0:
					han = append(han, one)
				default:
					other = append(other, one)
				}
			}
		})
		few := han
		if len(han) > len(other) {
			few = other
		}
		if len(han) == 0 || len(other) == 0 {
			return
		}
		for _, one := range few {
			s.add(one.position, "", "the property %s is described in another language than most", one.name)
		}
	}}
}
