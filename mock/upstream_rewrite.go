package mock

import (
	"net/http"
	"net/url"
	"strings"
)

// rewriteAnswer makes what an answer says of the real server's address true of ours.
func (u *upstream) rewriteAnswer(res *http.Response, x *exchange) {
	for _, name := range []string{"Location", "Content-Location"} {
		if at := res.Header.Get(name); at != "" {
			res.Header.Set(name, u.ourURL(at, x))
		}
	}
	if cookies := res.Header["Set-Cookie"]; len(cookies) > 0 {
		rewritten := make([]string, len(cookies))
		for i, line := range cookies {
			rewritten[i] = u.ourCookie(line, x)
		}
		res.Header["Set-Cookie"] = rewritten
	}
}

// ours is the path in front of the real server's paths as clients see them, e.g. "/api".
func (u *upstream) ours(x *exchange) string {
	public, err := url.Parse(strings.TrimSuffix(x.base(), x.found.Prefix))
	if err != nil {
		return ""
	}
	return public.EscapedPath()
}

// ourPath turns a path of the real server into ours; ok is false for one that we do not pass on.
func (u *upstream) ourPath(path string, x *exchange) (string, bool) {
	base := strings.TrimSuffix(u.target.EscapedPath(), "/")
	rest, inside := strings.CutPrefix(path, base)
	if !inside || rest != "" && rest[0] != '/' {
		return path, false
	}
	if prefix := x.found.Prefix; prefix != "" && strings.HasSuffix(base, prefix) {
		rest = prefix + rest
	}
	return u.ours(x) + rest, true
}

// ourURL turns a URL of the real server into ours; those of other servers stay as they are, and so do relative paths.
func (u *upstream) ourURL(at string, x *exchange) string {
	parsed, err := url.Parse(at)
	if err != nil || parsed.Opaque != "" {
		return at
	}
	if parsed.Host == "" && (parsed.Scheme != "" || !strings.HasPrefix(parsed.Path, "/")) {
		return at
	}
	if parsed.Host != "" && !u.same(parsed) {
		return at
	}
	path, ok := u.ourPath(parsed.EscapedPath(), x)
	if !ok {
		return at
	}
	rest := ""
	if parsed.RawQuery != "" || parsed.ForceQuery {
		rest = "?" + parsed.RawQuery
	}
	if parsed.Fragment != "" {
		rest += "#" + parsed.EscapedFragment()
	}
	if parsed.Host == "" {
		return path + rest
	}
	public, err := url.Parse(x.base())
	if err != nil {
		return at
	}
	return public.Scheme + "://" + public.Host + path + rest
}

// same tells that a URL is of the real server: its host and port, over http or https.
func (u *upstream) same(other *url.URL) bool {
	return strings.EqualFold(other.Hostname(), u.target.Hostname()) && portOf(other, u.target.Scheme) == portOf(u.target, u.target.Scheme)
}

// portOf is the port of a URL, by its scheme where it names none.
func portOf(u *url.URL, scheme string) string {
	if port := u.Port(); port != "" {
		return port
	}
	if u.Scheme != "" {
		scheme = u.Scheme
	}
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// ourCookie makes a cookie one of ours (RFC 6265, 5.2): no Domain of the real server, its Path below ours, and Secure only where we
// speak https, or its name demands it.
func (u *upstream) ourCookie(line string, x *exchange) string {
	parts := strings.Split(line, ";")
	name, _, _ := strings.Cut(parts[0], "=")
	demanding := strings.HasPrefix(strings.TrimSpace(name), "__Secure-") || strings.HasPrefix(strings.TrimSpace(name), "__Host-")
	insecure := x.Request().TLS == nil && x.server.options.public.Scheme != "https" && !demanding
	out := parts[:1]
	for _, attribute := range parts[1:] {
		key, value, _ := strings.Cut(strings.TrimSpace(attribute), "=")
		switch strings.ToLower(key) {
		case "domain":
			if u.covers(value) {
				continue
			}
		case "path":
			if path, ok := u.ourPath(value, x); ok {
				attribute = " Path=" + orSlash(path)
			} else if strings.HasPrefix(u.target.EscapedPath(), value) {
				attribute = " Path=" + orSlash(u.ours(x))
			}
		case "secure":
			if insecure {
				continue
			}
		case "samesite":
			if insecure && strings.EqualFold(value, "none") { // which browsers take from Secure cookies only
				continue
			}
		}
		out = append(out, attribute)
	}
	return strings.Join(out, ";")
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// covers tells that a cookie's Domain includes the real server.
func (u *upstream) covers(domain string) bool {
	domain, host := strings.ToLower(strings.TrimPrefix(domain, ".")), strings.ToLower(u.target.Hostname())
	return host == domain || strings.HasSuffix(host, "."+domain)
}
