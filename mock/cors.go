package mock

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// hostAllowed tells whether the Host may reach this server at all.
func (s *Server) hostAllowed(r *http.Request) bool { return !s.options.checkHost || s.knownHost(r) }

// knownHost tells whether the Host means this machine, or was allowed.
func (s *Server) knownHost(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return loopback(host) || s.options.hosts[host] || s.options.hosts[strings.ToLower(r.Host)]
}

// loopback tells whether a host name or address always means this machine (RFC 6761, 6.3).
func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}

func (s *Server) refuseHost(w http.ResponseWriter, r *http.Request) {
	p := newProblem(http.StatusMisdirectedRequest, "host",
		"the Host "+clip(r.Host, 100)+" is not served here; loopback names are, and those given with --allow-host")
	s.options.logger.Warn("refused", "status", p.Status, "host", r.Host, "why", "the Host is not allowed")
	s.writeProblem(w, p)
}

// allowOrigin sets the CORS answer headers for a request that names its Origin: loopback and configured origins are
// reflected and may send credentials, others get the wildcard.
func (s *Server) allowOrigin(h http.Header, origin string) {
	if origin == "" {
		h["Access-Control-Allow-Origin"] = s.shared.anyOrigin
	} else if s.trustedOrigin(origin) {
		h["Access-Control-Allow-Origin"] = []string{origin}
		h["Access-Control-Allow-Credentials"] = s.shared.yes
	} else {
		h["Access-Control-Allow-Origin"] = s.shared.anyOrigin
	}
	h["Access-Control-Expose-Headers"] = s.shared.anyHeader
	if origin != "" && h["Access-Control-Allow-Credentials"] != nil {
		// The wildcard means itself, not everything, when credentials are sent (Fetch, 3.3.5).
		h["Access-Control-Expose-Headers"] = s.shared.exposed
	}
}

func (s *Server) trustedOrigin(origin string) bool {
	if s.options.origins[strings.ToLower(origin)] {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && loopback(strings.ToLower(u.Hostname()))
}

// preflight answers a CORS preflight (Fetch, 4.8) for a path that allows the methods.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request, allow []string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", strings.Join(allow, ", "))
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h.Set("Access-Control-Max-Age", "600")
	h.Set("Allow", strings.Join(allow, ", "))
	h.Add("Vary", "Access-Control-Request-Headers")
	w.WriteHeader(http.StatusNoContent)
}
