package mock

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"standin/mock/contract"
)

// MaxUpload bounds the bodies that are read as they come, in bytes, because nothing is looked into but their length: files alone, such as
// application/octet-stream or images, and files among the parts of multipart bodies. Of each no more than the beginning is held, and
// [MaxBody] bounds what else there is. A larger one is answered 413. Default: 16 GiB.
func MaxUpload(bytes int64) Option {
	return optionFunc(func(o *options) error {
		if bytes <= 0 {
			return fmt.Errorf("the largest upload must be at least 1 byte, not %d", bytes)
		}
		o.maxUpload = bytes
		return nil
	})
}

// comesAsUpload tells that the body is read without being held: it is more than a beginning, nothing in it is looked into, and no handler
// of the embedder wants all of it.
func (x *exchange) comesAsUpload() bool {
	r := x.Request()
	return (r.ContentLength < 0 || r.ContentLength > largestKept) && r.Body != nil && r.Header.Get("Content-Encoding") == "" && !x.found.Head &&
		x.server.options.handlers[x.operation().ID] == nil && x.operation().Receives(r.Header)
}

// receive reads the body as it comes.
func (x *exchange) receive() error {
	r, limit := x.Request(), x.server.options.maxUpload
	if r.ContentLength > limit {
		return tooLarge(limit)
	}
	control := http.NewResponseController(x.Response())
	body := &patient{ReadCloser: r.Body, before: func() { _ = control.SetReadDeadline(time.Now().Add(longestPause)) }}
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	received, err := x.operation().Receive(r.Header, http.MaxBytesReader(x.Response(), body, limit),
		contract.Allowance{Held: x.server.options.maxBody, Beginning: largestKept})
	if much, ok := errors.AsType[*contract.TooMuch](err); ok {
		_, _ = io.CopyN(io.Discard, r.Body, x.server.options.maxBody) // so that the client reads the answer
		return newProblem(http.StatusRequestEntityTooLarge, "too-large", "the body is too large: "+much.Error())
	}
	if err != nil {
		return unreadable(err, limit)
	}
	if received.Size > 0 {
		x.received, x.body = received, received.Beginning
	}
	return nil
}

// patient is a body that may take as long as it likes, as long as it goes on.
type patient struct {
	io.ReadCloser
	before func() // called in front of each read
}

func (p *patient) Read(b []byte) (int, error) {
	p.before()
	return p.ReadCloser.Read(b)
}
