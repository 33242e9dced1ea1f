package mock

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"standin/mock/internal/sample"
	"standin/mock/internal/source"
)

// documented gives a refusal in the operation's own shape for that status, if that shape can carry a text.
func documented(x *exchange, p *problem) (reply, bool) {
	target, err := x.site.sampler.Choose(x.operation(), strconv.Itoa(p.Status), "application/problem+json, application/json, text/plain;q=0.9, */*;q=0.5")
	if err != nil || target.Media == nil {
		return reply{}, false
	}
	var body []byte
	essence, _, _ := strings.Cut(strings.ToLower(target.ContentType), ";")
	switch {
	case essence == problemType:
		body = p.json()
	case strings.HasPrefix(essence, "text/") && essence != "text/html" && essence != "text/xml":
		body = []byte(p.Detail)
	case essence == "application/json" || strings.HasSuffix(essence, "+json"):
		body = spoken(x, target, p)
	}
	rep := reply{status: p.Status, contentType: target.ContentType, body: body, source: "refusal"}
	header := http.Header{"Content-Type": {target.ContentType}}
	if a, err := x.site.sampler.Generate(x.operation(), target, x.server.options.seed, 0, x.given); err == nil {
		rep.header = a.Header
		for name, values := range a.Header {
			header[name] = values
		}
	}
	if body == nil || len(x.operation().CheckResponse(p.Status, header, body)) > 0 {
		return reply{}, false
	}
	return rep, true
}

// spoken fills a generated body of the documented shape with what the problem says; nil where it has no place for a text.
func spoken(x *exchange, target sample.Target, p *problem) []byte {
	base, err := x.site.sampler.Generate(x.operation(), target, x.server.options.seed, 0, x.given)
	if err != nil {
		return nil
	}
	header := http.Header{"Content-Type": {target.ContentType}}
	for name, values := range base.Header {
		header[name] = values
	}
	for _, withStatus := range []bool{true, false} {
		v, err := source.DecodeJSON(base.Body, source.Limits{})
		if err != nil || !speak(v, p.Detail, 3) {
			return nil
		}
		if withStatus {
			setStatus(v, p.Status)
		}
		body := encode(v)
		if len(x.operation().CheckResponse(p.Status, header, body)) == 0 {
			return body
		}
	}
	return nil
}

// speak puts text into the first member that is made for one, looking at most depth levels down.
func speak(v any, text string, depth int) bool {
	object, ok := v.(map[string]any)
	if !ok {
		if items, isArray := v.([]any); isArray && len(items) > 0 && depth > 0 {
			return speak(items[0], text, depth-1)
		}
		return false
	}
	for _, name := range [...]string{"detail", "details", "message", "error_description", "errorMessage", "msg", "reason", "description", "title", "error", "text"} {
		if _, isText := object[name].(string); isText {
			object[name] = text
			return true
		}
	}
	if depth == 0 {
		return false
	}
	for _, name := range [...]string{"error", "errors", "fault", "problem", "status", "meta"} {
		if speak(object[name], text, depth-1) {
			return true
		}
	}
	return false
}

// setStatus puts the status where a number is kept under a name that means it.
func setStatus(v any, status int) {
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	for _, name := range [...]string{"status", "statusCode", "status_code", "code"} {
		if _, isNumber := object[name].(json.Number); isNumber {
			object[name] = json.Number(strconv.Itoa(status))
		}
	}
}

// encode writes a value as JSON; names come in the order of the alphabet, so the same value gives the same bytes.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil
	}
	return b.Bytes()
}
