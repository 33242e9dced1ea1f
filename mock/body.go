package mock

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"standin/mock/internal/media"
)

// bodies reads request bodies into buffers that are used again.
type bodies struct{ pool sync.Pool }

// largestKept is the size, in bytes, up to which buffers are kept for the next request.
const largestKept = 64 << 10

// put gives a body's buffer back. The body may not be used afterwards.
func (b *bodies) put(body []byte) {
	if cap(body) == 0 || cap(body) > largestKept {
		return
	}
	body = body[:0]
	b.pool.Put(&body)
}

func (b *bodies) buffer() []byte {
	if p, ok := b.pool.Get().(*[]byte); ok {
		return *p
	}
	return make([]byte, 0, 2048)
}

// read reads the body, decoded from its Content-Encoding, up to limit bytes; nil for none. Errors are problems: 413, 415, 400.
func (b *bodies) read(c echo.Context, limit int64) ([]byte, error) {
	r := c.Request()
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	encoded := http.MaxBytesReader(c.Response(), r.Body, limit)
	decoded, err := decoder(encoded, strings.Join(r.Header["Content-Encoding"], ", "))
	if err != nil {
		if unsupported, ok := errors.AsType[*problem](err); ok {
			c.Response().Header().Set("Accept-Encoding", media.Codings())
			return nil, unsupported
		}
		return nil, unreadable(err, limit)
	}
	buf, err := readAll(b.buffer(), decoded, limit)
	if err != nil {
		b.put(buf)
		return nil, unreadable(err, limit)
	}
	return buf, nil
}

// readAll appends r to buf; more than limit bytes are an error.
func readAll(buf []byte, r io.Reader, limit int64) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return buf, &http.MaxBytesError{Limit: limit}
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// decoder undoes the Content-Encoding; what cannot be undone is a problem.
func decoder(r io.Reader, encoding string) (io.Reader, error) {
	if encoding == "" {
		return r, nil
	}
	decoded, err := media.Decoded(r, encoding)
	if unknown, ok := errors.AsType[*media.UnknownCoding](err); ok {
		return nil, newProblem(http.StatusUnsupportedMediaType, "content-encoding", unknown.Error())
	}
	return decoded, err
}

func tooLarge(limit int64) *problem {
	return newProblem(http.StatusRequestEntityTooLarge, "too-large", "the body is larger than "+strconv.FormatInt(limit, 10)+" bytes")
}

// unreadable tells why a body could not be read to its end.
func unreadable(err error, limit int64) *problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(limit)
	}
	why := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		why = "it ends too early"
	}
	return newProblem(http.StatusBadRequest, "unreadable-body", "the body cannot be read: "+why)
}
