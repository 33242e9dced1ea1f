package lint

import (
	"regexp"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// saysNull finds in a description that a value is null at times, or missing.
var saysNull = regexp.MustCompile(`(?i)\bnull\b (on|if|when|by|for|unless|until)|\b(is|be|are|or|may be|can be) null\b|\bomitted (on|if|when|unless)|\babsent (on|if|when|unless)|为空|为null`)

// saysNever finds that it is not.
var saysNever = regexp.MustCompile(`(?i)\b(not|never|cannot be|non-?) ?(be )?null|不能?为空|不可为空`)

func nullRequired() *Rule {
	return &Rule{Name: "null-required", About: "A property that its description calls null or missing at times is allowed to be so.", Fix: "Allow null, or take the property out of required.", check: func(s *subject) {
		s.schemas(func(n *contract.Node) {
			for _, required := range n.Get("required").Items() {
				p := n.Get("properties").Get(required.Text())
				text := p.Get("description").Text()
				if p == nil || mayBeNull(p) || !saysNull.MatchString(text) || saysNever.MatchString(text) {
					continue
				}
				s.add(required.Position(), "", "%s is required, and its description says that it can be null or missing", required.Text())
			}
		})
	}}
}

// mayBeNull tells that a schema allows null, as far as it says so itself.
func mayBeNull(n *contract.Node) bool {
	if n.Get("nullable").True() || n.Get("x-nullable").True() || n.Get("type").Text() == "null" || n.Get("$ref") != nil {
		return true
	}
	for _, name := range []string{"type", "enum", "anyOf", "oneOf"} {
		for _, one := range n.Get(name).Items() {
			if one.Text() == "null" || one.Is(source.Null) || one.Get("type").Text() == "null" {
				return true
			}
		}
	}
	return false
}
