package mock

import "standin/mock/internal/control"

// API is a server's control API, for the tests outside.
func API(s *Server) *control.API { return s.api }
