package media

import (
	"bytes"
	"strings"
)

// longestBoundary is how long a boundary may be (RFC 2046, 5.1.1).
const longestBoundary = 70

// BoundaryOf is the boundary that a multipart body uses, by the first line that begins with two hyphens; "" if there is none.
func BoundaryOf(body []byte) string {
	for len(body) > 0 {
		line, rest, _ := bytes.Cut(body, []byte("\n"))
		if name, ok := bytes.CutPrefix(bytes.TrimRight(line, " \t\r"), []byte("--")); ok && len(name) > 0 && len(name) <= longestBoundary+2 {
			return strings.TrimSuffix(string(name), "--")
		}
		body = rest
	}
	return ""
}

// Bounded is a media type as it is sent with a body: with the boundary that the body uses, where it is multipart and names none.
func Bounded(contentType string, body []byte) string {
	t, err := Parse(contentType)
	if err != nil || !t.IsMultipart() || t.Params["boundary"] != "" {
		return contentType
	}
	boundary := BoundaryOf(body)
	if boundary == "" {
		return contentType
	}
	whole := t
	whole.Params = map[string]string{"boundary": boundary}
	for name, value := range t.Params {
		whole.Params[name] = value
	}
	return whole.String()
}
