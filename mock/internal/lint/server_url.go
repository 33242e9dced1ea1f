package lint

import (
	"net/url"
	"strings"
)

func serverURL() *Rule {
	return &Rule{Name: "server-url", About: "The URL of a server has no slash at its end, and is https unless it is this machine.", Fix: "Write https://api.example.com/v1.", check: func(s *subject) {
		for _, n := range s.contract.Root().Get("servers").Items() {
			text := n.Get("url").Text()
			switch u, err := url.Parse(text); {
			case len(text) > 1 && strings.HasSuffix(text, "/"):
				s.add(n.PositionOf("url"), "", "%s ends with a slash, in front of paths that begin with one", text)
			case err == nil && u.Scheme == "http" && u.Hostname() != "localhost" && !strings.HasPrefix(u.Hostname(), "127.") && !strings.Contains(text, "{"):
				s.add(n.PositionOf("url"), "", "%s is not encrypted", text)
			}
		}
	}}
}
