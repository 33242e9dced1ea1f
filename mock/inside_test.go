package mock

import (
	"time"

	"standin/mock/internal/control"
)

// API is a server's control API, for the tests outside.
func API(s *Server) *control.API { return s.api }

// ExpireIdle does what the server does every so often, as if it were so late.
func ExpireIdle(s *Server, now time.Time) { s.expireIdle(now) }

// IdleSandbox is how long a sandbox that nobody uses is kept.
const IdleSandbox = idleSandbox
