package lint

import (
	"strings"

	"standin/mock/contract"
)

func dateFormat() *Rule {
	return &Rule{Name: "date-format", About: "A point in time says how it is written.", Fix: "Add format: date-time, or a pattern or an example where it is written otherwise.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			for _, m := range n.Get("properties").Members() {
				if !isTime(m.Name) || m.Value.Get("type").Text() != "string" {
					continue
				}
				said := false
				for _, name := range []string{"format", "pattern", "enum", "const", "example", "examples"} {
					said = said || m.Value.Get(name) != nil
				}
				if !said {
					s.add(m.Position(), "", "nothing says how %s is written", m.Name)
				}
			}
		})
	}}
}

// isTime tells that a name speaks of a date or a time: createDate, updated_at, timestamp.
func isTime(name string) bool {
	for _, end := range []string{"Date", "_date", "_at", "Timestamp", "timestamp", "DateTime", "_datetime"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.HasSuffix(name, "At") && len(name) > 3 && strings.ToLower(name[:1]) == name[:1] || name == "date"
}
