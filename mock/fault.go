package mock

import (
	"context"
	"errors"
	"hash/fnv"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"standin/mock/internal/fixture"
)

// draws counts the answers of each fixture, so that what is left to chance is the same in every run with the same seed.
type draws struct {
	mu    sync.Mutex
	taken map[*fixture.Item]uint64
}

// forget begins anew.
func (d *draws) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taken = nil
}

// draw gives the next number from 0 to 1 for a fixture: it depends on the seed, the fixture's place and how often it has answered.
func (s *Server) draw(item *fixture.Item) float64 {
	if !item.Chancy() {
		return 0
	}
	s.draws.mu.Lock()
	if s.draws.taken == nil {
		s.draws.taken = map[*fixture.Item]uint64{}
	}
	n := s.draws.taken[item]
	s.draws.taken[item]++
	s.draws.mu.Unlock()
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(s.options.seed, 10) + item.Position.String() + item.Operation + item.Name + strconv.FormatUint(n, 10)))
	z := h.Sum64() // whose last bytes barely stir the high bits; mix them (splitmix64)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z>>11) / (1 << 53)
}

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
