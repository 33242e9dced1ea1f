package lint

import (
	"strings"

	"standin/mock/contract"
)

func nameCase() *Rule {
	return &Rule{Name: "name-case", About: "Properties are written in one way: snake_case or camelCase.", Fix: "Choose one and keep to it.", check: func(s *subject) {
		styles := map[string][]named{}
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				if style := styleOf(m.Name); style != "" {
					styles[style] = append(styles[style], named{m.Position(), m.Name})
				}
			}
		})
		snake, camel := styles["snake_case"], styles["camelCase"]
		few, usual := snake, "camelCase"
		if len(snake) > len(camel) {
			few, usual = camel, "snake_case"
		}
		if len(few) > 0 && len(few)*10 <= len(snake)+len(camel) { // else nothing is usual
			for _, one := range few {
				s.add(one.position, "", "the property %s is not in %s, as nearly all others are", one.name, usual)
			}
		}
	}}
}

// named is a name and where it stands.
type named struct {
	position contract.Position
	name     string
}

// styleOf tells how a name of several words is written; "" for one word, or in no usual way.
func styleOf(name string) string {
	switch {
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && strings.Contains(strings.Trim(name, "_"), "_"):
		return "snake_case"
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && strings.Contains(strings.Trim(name, "-"), "-"):
		return "kebab-case"
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" && strings.ToLower(name) != name && strings.ToLower(name[:1]) == name[:1]:
		return "camelCase"
	}
	return ""
}
