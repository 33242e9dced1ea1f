package mock

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// breakOff answers with a fault. What has no headers is in the journal all the same.
func (x *exchange) breakOff(rep reply) {
	rep.source = "fault;kind=" + rep.fault
	switch rep.fault {
	case "truncate", "slow":
		x.write(rep)
		return
	}
	kind := rep.fault
	rep.status, rep.body, rep.violations = 0, nil, nil
	x.conclude(rep, "")
	conn, _, err := http.NewResponseController(x.Response()).Hijack()
	if err != nil { // HTTP/2, or no connection at all
		panic(http.ErrAbortHandler) // which net/http takes as the wish to end the stream
	}
	defer func() { _ = conn.Close() }()
	switch kind {
	case "reset":
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // so that closing sends a reset
		}
	case "garbage":
		_, _ = conn.Write([]byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is no HTTP\r\n\r\n\x00\xff\xfe"))
	}
}

// cutOff ends the connection in the middle of an answer, whose Content-Length promised more: net/http closes it then by itself, and
// resets the stream of HTTP/2.
func cutOff(w http.ResponseWriter) {
	if err := http.NewResponseController(w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return
	}
}

// How slowly a slow answer comes.
const (
	trickles     = 20
	trickleEvery = 100 * time.Millisecond
)

// trickle writes a body in small pieces over two seconds, or until the client goes away.
func trickle(ctx context.Context, w http.ResponseWriter, body []byte) {
	size := max(1, (len(body)+trickles-1)/trickles)
	for len(body) > 0 {
		n := min(size, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		if body = body[n:]; len(body) > 0 && pause(ctx, trickleEvery) != nil {
			return
		}
	}
}
