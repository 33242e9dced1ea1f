package mock

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/media"
)

// upstreamOptions are the settings of a server that stands between clients and the real one.
type upstreamOptions struct {
	target *url.URL
	tls    *tls.Config
	block  bool
	passOn bool // whatever it answers, 404 and 501 included
	absent []string
	record recordOptions
}

// Upstream passes requests on to the real server at target, an http or https URL whose path stands in front of every path, and
// checks both directions. What stubs, handlers and fixtures answer does not reach it; what it lacks the mock answers: operations
// that it answers with 501, with a 404 that the document does not have, and those of [UpstreamLacks]. Requests and answers that break
// the contract pass, and are told in headers, log and journal, unless [UpstreamBlocks]. [MaxBody] bounds what is held of a body in
// order to check it; a larger one, or one that comes as a stream, passes unchecked as Mock-Unchecked says. Default: there is none.
func Upstream(target string) Option {
	return optionFunc(func(o *options) error {
		u, err := url.Parse(target)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return fmt.Errorf("the real server is named by a URL like https://api.example.com/v1, not %q", clip(target, 200))
		}
		o.upstream.target = u
		return nil
	})
}

// UpstreamTLS says whom to trust, and who we are, when [Upstream] speaks https. Default: the system's certificates, and nobody.
func UpstreamTLS(c *tls.Config) Option {
	return optionFunc(func(o *options) error { o.upstream.tls = c.Clone(); return nil })
}

// UpstreamBlocks refuses requests that break the contract, and answers 502 in place of answers that do. Default: they pass.
func UpstreamBlocks() Option {
	return optionFunc(func(o *options) error { o.upstream.block = true; return nil })
}

// UpstreamLacks names operations, by id, that the mock answers without asking [Upstream]. Default: none.
func UpstreamLacks(operationIDs ...string) Option {
	return optionFunc(func(o *options) error {
		o.upstream.absent = append(o.upstream.absent, operationIDs...)
		return nil
	})
}

// UpstreamOnly gives clients whatever [Upstream] answers, 404 and 501 included. Default: the mock answers what it lacks.
func UpstreamOnly() Option {
	return optionFunc(func(o *options) error { o.upstream.passOn = true; return nil })
}

// upstream is the real server as requests are passed on to it.
type upstream struct {
	target *url.URL
	proxy  *httputil.ReverseProxy
	block  bool
	passOn bool
	absent map[string]bool
	via    string // names this server in Via, so that it knows its own requests
	held   budget
	record *recorder // nil if nothing is

	connections *http.Transport
}

// mostHeld is how many bytes of bodies may be held at the same time, all requests together; what goes beyond is not checked.
const mostHeld = 64 << 20

// budget is bytes that may be held.
type budget struct{ taken atomic.Int64 }

// take asks for n more bytes.
func (b *budget) take(n int64) bool {
	if b.taken.Add(n) > mostHeld {
		b.taken.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.taken.Add(-n) }

// newUpstream sets up the way to the real server; nil if there is none.
func newUpstream(o *options, c *contract.Contract) (*upstream, error) {
	if o.upstream.target == nil {
		return nil, nil
	}
	connections := http.DefaultTransport.(*http.Transport).Clone()
	connections.TLSClientConfig = o.upstream.tls
	connections.ForceAttemptHTTP2 = true
	connections.DisableCompression = true // what the client can read, it asks for itself
	connections.MaxIdleConns, connections.MaxIdleConnsPerHost = 512, 512
	connections.IdleConnTimeout = 90 * time.Second
	u := &upstream{
		target: o.upstream.target, block: o.upstream.block, passOn: o.upstream.passOn, absent: map[string]bool{},
		via: "standin-" + strconv.FormatUint(rand.Uint64(), 36), connections: connections,
	}
	for _, id := range o.upstream.absent {
		u.absent[id] = true
	}
	var err error
	if u.record, err = newRecorder(o, c); err != nil {
		return nil, err
	}
	u.proxy = &httputil.ReverseProxy{
		Rewrite: u.rewrite, ModifyResponse: u.inspect, ErrorHandler: keepError, Transport: connections, BufferPool: &copyBuffers{},
		ErrorLog: slog.NewLogLogger(o.logger.Handler(), slog.LevelDebug),
	}
	return u, nil
}

// close ends the idle connections, and what is recorded.
func (u *upstream) close() error {
	if u == nil {
		return nil
	}
	u.connections.CloseIdleConnections()
	return u.record.close()
}

// rewrite turns a client's request into the one that the real server gets. ReverseProxy has dropped the hop-by-hop headers.
func (u *upstream) rewrite(p *httputil.ProxyRequest) {
	x := passageOf(p.In).exchange
	u.address(p.Out.URL, x)
	p.Out.Host = u.target.Host
	p.SetXForwarded()
	h := p.Out.Header
	h.Del("Mock-Prefer")
	h.Del(sandboxHeader)
	h["Via"] = append(p.In.Header["Via"][:len(p.In.Header["Via"]):len(p.In.Header["Via"])], "1.1 "+u.via)
	if asked, ok := h["Accept-Encoding"]; ok {
		h["Accept-Encoding"] = []string{readable(strings.Join(asked, ","))}
	}
}

// address is where the real server has the path. A prefix that target and client both name counts once.
func (u *upstream) address(out *url.URL, x *exchange) {
	base, path := strings.TrimSuffix(u.target.EscapedPath(), "/"), x.path
	if prefix := x.found.Prefix; prefix != "" && strings.HasSuffix(base, prefix) {
		path = strings.TrimPrefix(path, prefix)
	}
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	out.Scheme, out.Host = u.target.Scheme, u.target.Host
	out.RawPath = base + path
	if plain, err := url.PathUnescape(out.RawPath); err == nil {
		out.Path = plain
	} else {
		out.Path, out.RawPath = base+path, ""
	}
	out.RawQuery = x.Request().URL.RawQuery
}

// readable keeps of an Accept-Encoding the encodings that we read, too, so that answers can be checked.
func readable(asked string) string {
	var kept []string
	for one := range strings.SplitSeq(asked, ",") {
		name, _, _ := strings.Cut(one, ";")
		if media.IsCoding(name) && strings.TrimSpace(name) != "" {
			kept = append(kept, strings.TrimSpace(one))
		}
	}
	if len(kept) == 0 {
		return "identity"
	}
	return join(kept)
}

// looped tells that a request has been here before, so that target leads back to this server (RFC 9110, 7.6.3).
func (u *upstream) looped(r *http.Request) bool {
	for _, line := range r.Header["Via"] {
		if strings.Contains(line, u.via) {
			return true
		}
	}
	return false
}
