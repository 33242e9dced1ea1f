package journal

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"

	"standin/mock/contract"
	"standin/mock/internal/traffic"
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

// Recorded is the exchange as archives have it; base stands in front of its URL. It is an error if the URL cannot be read.
func (x *Exchange) Recorded(base string) (*traffic.Exchange, error) {
	u, err := url.Parse(x.URL)
	if err == nil && u.Host == "" {
		u, err = url.Parse(base + x.URL)
	}
	if err != nil {
		return nil, err
	}
	return &traffic.Exchange{
		At: x.At, Took: x.Took, Method: x.Method, URL: u, Status: x.Status, Comment: x.Operation, Refused: traffic.RefusedBy(x.Source),
		RequestHeader: x.RequestHeader, RequestBody: x.RequestBody.Bytes, RequestSize: x.RequestBody.Size, RequestLost: x.RequestBody.Cut(),
		ResponseHeader: x.ResponseHeader, ResponseBody: x.ResponseBody.Bytes, ResponseSize: x.ResponseBody.Size, ResponseLost: x.ResponseBody.Cut(),
	}, nil
}
