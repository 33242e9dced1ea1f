package mock

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"standin/mock/internal/control"
)

// ControlToken lets those who know the token use the control API from elsewhere, or through a proxy: Authorization: Bearer TOKEN.
// Default: only those who come from the same machine may.
func ControlToken(token string) Option {
	return optionFunc(func(o *options) error {
		if len(token) < shortestToken || strings.Trim(token, tokenLetters) != "" {
			return fmt.Errorf("a control token is at least %d letters, digits or one of -._~+/=", shortestToken)
		}
		o.token = token
		return nil
	})
}

// What a bearer token is made of (RFC 6750, 2.1), and how short it may be.
const (
	tokenLetters  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/="
	shortestToken = 8
)

// ControlOrigins names origins, such as https://tools.example.com, whose pages may use the control API. Default: none may, and neither
// may those of loopback origins.
func ControlOrigins(origins ...string) Option {
	return optionFunc(func(o *options) error {
		for _, origin := range origins {
			if err := http.NewCrossOriginProtection().AddTrustedOrigin(origin); err != nil {
				return fmt.Errorf("an origin looks like https://tools.example.com, not %q", origin)
			}
			o.pages = append(o.pages, origin)
		}
		return nil
	})
}

// crossOrigin keeps foreign pages from writing by the control API.
func (o *options) crossOrigin() *http.CrossOriginProtection {
	out := http.NewCrossOriginProtection()
	for _, origin := range o.pages {
		_ = out.AddTrustedOrigin(origin) // which was tried when the option was given
	}
	return out
}

// trust keeps control to those who are at this machine, by a name of it and through no proxy, or who know the token; and to no foreign
// pages.
func (s *Server) trust(crossOrigin *http.CrossOriginProtection) func(*http.Request) error {
	return func(r *http.Request) error {
		if crossOrigin.Check(r) != nil {
			return control.NewProblem(http.StatusForbidden, "control", "pages of other origins may not control this server, unless --control-origin names them")
		}
		given, hasToken := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case hasToken && s.options.token != "" && sameSecret(given, s.options.token):
			return nil
		case s.options.token != "" && (hasToken || !s.knownHost(r) || !nearby(r)):
			p := control.NewProblem(http.StatusUnauthorized, "control", "this server is controlled from its own machine, or with the control token: Authorization: Bearer TOKEN")
			p.Header = http.Header{"Www-Authenticate": {`Bearer realm="control"`}}
			return p
		case !s.knownHost(r):
			return control.NewProblem(http.StatusMisdirectedRequest, "host", "the Host "+clip(r.Host, 100)+" is not this machine; --allow-host names others")
		case !nearby(r):
			return control.NewProblem(http.StatusForbidden, "control", "this server is controlled from its own machine, unless it has a --control-token")
		}
		return nil
	}
}

// sameSecret compares in a time that tells nothing of where they differ.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// controlOrigin lets pages of the named origins read what the control API answers; done tells that the request only asked whether it may
// (Fetch, 4.8).
func (s *Server) controlOrigin(w http.ResponseWriter, r *http.Request) (done bool) {
	origin := r.Header.Get("Origin")
	if origin == "" || !slices.Contains(s.options.pages, origin) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Location, WWW-Authenticate")
	h.Add("Vary", "Origin")
	method := r.Header.Get("Access-Control-Request-Method")
	if r.Method != http.MethodOptions || method == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, "+sandboxHeader)
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// nearby tells whether a request comes from this machine itself, through no proxy that says so: only then may it read what others
// asked.
func nearby(r *http.Request) bool {
	for _, name := range [...]string{
		"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via", "Cf-Connecting-Ip", "True-Client-Ip",
	} {
		if len(r.Header[name]) > 0 {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
