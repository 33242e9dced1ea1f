package lint

import (
	"strings"
	"unicode"

	"standin/mock/contract"
)

func echoField() *Rule {
	return &Rule{Name: "echo-field", About: "The description of a property says more than its name.", Fix: "Say what the value means, or leave the description out.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				text := m.Value.Get("description").Text()
				if letters(text) != "" && strings.TrimPrefix(letters(text), "the") == letters(m.Name) {
					s.add(m.Value.PositionOf("description"), "", "the description of %s only repeats its name", m.Name)
				}
			}
		})
	}}
}

// letters are the letters and digits of a text, in lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
