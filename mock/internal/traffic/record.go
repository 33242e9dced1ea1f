package traffic

import (
	"strings"
	"time"

	"standin/mock/internal/source"
)

// record reads an exchange as the journal of a mock writes it.
func (r *reading) record(n *source.Node) {
	x := Exchange{Position: n.Position(), Method: r.method(n), URL: r.address(n.PositionOf("url"), n.Get("url").Text()), Status: status(n)}
	if x.Method == "" || x.URL == nil {
		return
	}
	if at, err := time.Parse(time.RFC3339, n.Get("at").StringOr("")); err == nil {
		x.At = at
	}
	x.RequestHeader, x.ResponseHeader = headers(n.Get("request").Get("headers")), headers(n.Get("response").Get("headers"))
	x.RequestBody, x.RequestLost = recorded(n.Get("request"))
	x.ResponseBody, x.ResponseLost = recorded(n.Get("response"))
	x.RequestHeader.Del("Content-Encoding") // bodies are kept decoded
	x.Refused = RefusedBy(n.Get("source").StringOr(""))
	r.exchanges = append(r.exchanges, x)
}

// RefusedBy tells of a mock's source, as in the header Mock-Source, that it is none of the API's answerers.
func RefusedBy(mockSource string) bool {
	switch by, _, _ := strings.Cut(mockSource, ";"); by {
	case "refusal", "unrouted", "fault", "preflight", "options":
		return true
	}
	return false
}

// recorded reads the body of a message.
func recorded(m *source.Node) (body []byte, lost bool) {
	lost = m.Get("cut").True()
	if text := m.Get("body"); text.Is(source.String) {
		return []byte(text.Text()), lost
	}
	if raw := m.Get("base64"); raw.Is(source.String) {
		body, ok := decode64(raw.Text())
		return body, lost || !ok
	}
	return nil, lost
}
