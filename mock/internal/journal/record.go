package journal

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/contract"
)

// Record is an exchange as JSON tells it, one a line in a journal that is written out.
type Record struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Took      float64   `json:"took"` // milliseconds
	Operation string    `json:"operation,omitempty"`
	Method    string    `json:"method"`
	URL       string    `json:"url"`
	Status    int       `json:"status"`
	Source    string    `json:"source,omitempty"`
	Valid     bool      `json:"valid"`
	Refused   string    `json:"refused,omitempty"`
	Request   Message   `json:"request"`
	Response  Message   `json:"response"`
}

// Message is a request or an answer.
type Message struct {
	Headers http.Header `json:"headers"`
	// Body is text; Base64 is what is not.
	Body   string `json:"body,omitempty"`
	Base64 string `json:"base64,omitempty"`
	Size   int    `json:"size"`
	// Cut tells that the body is not all there.
	Cut        bool                 `json:"cut,omitempty"`
	Violations []contract.Violation `json:"violations,omitempty"`
}

// Record is the exchange as JSON tells it.
func (x *Exchange) Record() Record {
	return Record{
		ID: x.ID, At: x.At.UTC(), Took: float64(x.Took.Microseconds()) / 1000, Operation: x.Operation, Method: x.Method, URL: x.URL, Status: x.Status,
		Source: x.Source, Valid: x.Valid(), Refused: x.Refused,
		Request:  message(x.RequestHeader, x.RequestBody, x.Request),
		Response: message(x.ResponseHeader, x.ResponseBody, x.Response),
	}
}

func message(h http.Header, b Body, broken []contract.Violation) Message {
	m := Message{Headers: h, Size: b.Size, Cut: b.Cut(), Violations: broken}
	if m.Headers == nil {
		m.Headers = http.Header{}
	}
	if utf8.Valid(b.Bytes) {
		m.Body = string(b.Bytes)
	} else {
		m.Base64 = base64.StdEncoding.EncodeToString(b.Bytes)
	}
	return m
}

// HAR is an HTTP archive of exchanges (http://www.softwareishard.com/blog/har-12-spec/), whose URLs begin with base.
func HAR(exchanges []*Exchange, base, version string) map[string]any {
	entries := make([]any, 0, len(exchanges))
	for _, x := range exchanges {
		entries = append(entries, harEntry(x, base))
	}
	return map[string]any{"log": map[string]any{
		"version": "1.2", "creator": map[string]any{"name": "standin", "version": version}, "entries": entries,
	}}
}

func harEntry(x *Exchange, base string) map[string]any {
	took := float64(x.Took.Microseconds()) / 1000
	request := map[string]any{
		"method": x.Method, "url": base + x.URL, "httpVersion": "HTTP/1.1", "cookies": []any{}, "headers": pairs(x.RequestHeader),
		"queryString": query(x.URL), "headersSize": -1, "bodySize": x.RequestBody.Size,
	}
	if x.RequestBody.Size > 0 {
		request["postData"] = map[string]any{"mimeType": x.RequestHeader.Get("Content-Type"), "text": string(x.RequestBody.Bytes)}
	}
	content := map[string]any{"size": x.ResponseBody.Size, "mimeType": x.ResponseHeader.Get("Content-Type")}
	if utf8.Valid(x.ResponseBody.Bytes) {
		content["text"] = string(x.ResponseBody.Bytes)
	} else {
		content["text"], content["encoding"] = base64.StdEncoding.EncodeToString(x.ResponseBody.Bytes), "base64"
	}
	return map[string]any{
		"startedDateTime": x.At.UTC().Format(time.RFC3339Nano), "time": took, "request": request,
		"response": map[string]any{
			"status": x.Status, "statusText": http.StatusText(x.Status), "httpVersion": "HTTP/1.1", "cookies": []any{}, "headers": pairs(x.ResponseHeader),
			"content": content, "redirectURL": x.ResponseHeader.Get("Location"), "headersSize": -1, "bodySize": x.ResponseBody.Size,
		},
		"cache": map[string]any{}, "timings": map[string]any{"send": 0, "wait": took, "receive": 0},
		"comment": x.Operation,
	}
}

// pairs are headers as a HAR lists them, in the order of their names.
func pairs(h http.Header) []any {
	out := []any{}
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			out = append(out, map[string]any{"name": name, "value": value})
		}
	}
	return out
}

func query(target string) []any {
	out := []any{}
	_, raw, _ := strings.Cut(target, "?")
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		n, errName := url.QueryUnescape(name)
		v, errValue := url.QueryUnescape(value)
		if pair != "" && errName == nil && errValue == nil {
			out = append(out, map[string]any{"name": n, "value": v})
		}
	}
	return out
}
