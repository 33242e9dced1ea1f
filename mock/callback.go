package mock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/journal"
)

// CallbackOrigins names origins, such as http://localhost:9000, to which requests of the absent server's own may go: web hooks and
// callbacks. Those to any other are written into the journal, and not sent. Default: none is sent.
func CallbackOrigins(origins ...string) Option {
	return optionFunc(func(o *options) error {
		for _, origin := range origins {
			u, err := url.Parse(origin)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" {
				return fmt.Errorf("an origin looks like http://localhost:9000, not %q", origin)
			}
			o.callbacks = append(o.callbacks, strings.ToLower(origin))
		}
		return nil
	})
}

// The bounds of what a server sends by itself.
const (
	callbackTime  = 10 * time.Second
	mostCallbacks = 256 // under way
)

// outgoing is a request of the absent server's own.
type outgoing struct {
	behaviour.Event
	// of is the callback that the document describes, nil where x-mock alone does; in is the site that has it.
	of *contract.Callback
	in *site
}

// delivery is how sending went.
type delivery struct {
	exchange string // in the journal, "" where none is kept
	status   int
	header   http.Header
	body     []byte
	why      error // why it is not delivered, nil if it is
}

// call sends what x-mock sends.
func (s *Server) call(sandbox string, e behaviour.Event) { s.send(sandbox, outgoing{Event: e}, nil) }

// send sends a request of the absent server's own in the background, and keeps it in the journal. heard is told how it went, if not nil;
// where nothing may be sent, before send returns.
func (s *Server) send(sandbox string, e outgoing, heard func(delivery)) {
	why := s.mayCall(e.URL)
	if why == nil {
		select {
		case s.calls <- struct{}{}:
		default:
			why = fmt.Errorf("%d others are under way", mostCallbacks)
		}
	}
	var entry *journal.Exchange
	if s.journals != nil {
		entry = s.enterCallback(sandbox, e)
	}
	done := func(d delivery) {
		if d.why != nil {
			s.options.logger.Warn("a callback was not delivered", "to", e.URL, "why", d.why.Error())
		}
		if entry != nil {
			d.exchange = entry.ID
			s.concludeCallback(s.journals.In(sandbox), entry, e, d)
		}
		if heard != nil {
			heard(d)
		}
	}
	if why != nil {
		done(delivery{why: why})
		return
	}
	s.background.Go(func() {
		defer func() { <-s.calls }()
		done(s.deliver(e.Event))
	})
}

// enterCallback opens the exchange in the journal.
func (s *Server) enterCallback(sandbox string, e outgoing) *journal.Exchange {
	in := s.journals.In(sandbox)
	entry := in.Open(time.Now(), e.Method, e.URL)
	entry.Source, entry.RequestHeader = "callback", http.Header{}
	for name, value := range e.Header {
		entry.RequestHeader.Set(name, value)
	}
	if e.of == nil {
		entry.RequestBody = in.Cut(e.Body, true)
		return entry
	}
	secrets := e.in.secretsOf(e.of.Request)
	entry.Operation, entry.Template = e.of.ID, e.of.To.String()
	entry.RequestHeader = secrets.Header(entry.RequestHeader)
	entry.RequestBody = secrets.Request(in, e.Header["Content-Type"], e.Body)
	return entry
}

// concludeCallback completes the exchange with the receiver's answer, which the document may describe, or with why there is none.
func (s *Server) concludeCallback(in *journal.Journal, entry *journal.Exchange, e outgoing, d delivery) {
	entry.Status, entry.ResponseHeader = d.status, d.header
	if e.of != nil {
		secrets, kind := e.in.secretsOf(e.of.Request), d.header.Get("Content-Type")
		entry.ResponseHeader, entry.ResponseBody = secrets.Header(d.header), secrets.Response(in, kind, d.body)
		if d.status > 0 && len(e.of.Request.Responses().All) > 0 {
			entry.Response = e.of.Request.CheckResponse(d.status, d.header, d.body)
		}
	}
	if d.why != nil {
		entry.Source = "callback;failed"
		entry.ResponseBody = in.Cut([]byte(d.why.Error()), true)
	}
	in.Close(entry, time.Now())
}

// mayCall tells why a URL may not be called; nil if it may.
func (s *Server) mayCall(target string) error {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return errors.New("it is no URL")
	}
	for _, origin := range s.options.callbacks {
		if strings.EqualFold(u.Scheme+"://"+u.Host, origin) {
			return nil
		}
	}
	return fmt.Errorf("it is not sent, because --callback-allow does not name %s://%s", u.Scheme, u.Host)
}

// deliver tries until an answer is 2xx, or the tries are used up.
func (s *Server) deliver(e behaviour.Event) (d delivery) {
	client := &http.Client{
		Timeout:       callbackTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{Proxy: nil, DisableKeepAlives: true, DialContext: dialer(e.URL).DialContext},
	}
	for try := range max(e.Tries, 1) {
		if try > 0 && pause(s.life, e.Pause) != nil {
			d.why = s.life.Err()
			return d
		}
		if d = deliverOnce(s.life, client, e); d.why == nil && d.status/100 == 2 {
			return d
		}
	}
	if d.why == nil {
		d.why = fmt.Errorf("it was answered %d, each of %d times", d.status, max(e.Tries, 1))
	}
	return d
}

// mostHeard is how much of a receiver's answer is read, in bytes.
const mostHeard = 1 << 20

func deliverOnce(ctx context.Context, client *http.Client, e behaviour.Event) (d delivery) {
	r, err := http.NewRequestWithContext(ctx, e.Method, e.URL, bytes.NewReader(e.Body))
	if err != nil {
		return delivery{why: err}
	}
	if len(e.Body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range e.Header {
		r.Header[name] = []string{value} // as it is written, since some receivers mind
	}
	response, err := client.Do(r)
	if err != nil {
		return delivery{why: err}
	}
	defer func() { _ = response.Body.Close() }()
	d = delivery{status: response.StatusCode, header: response.Header}
	d.body, _ = io.ReadAll(io.LimitReader(response.Body, mostHeard))
	return d
}

// dialer connects to what an origin names: a name that is not this machine's must not lead into it, or into a private network, whatever
// its owner says when the connection is made.
func dialer(target string) *net.Dialer {
	d := &net.Dialer{Timeout: callbackTime}
	u, err := url.Parse(target)
	if err != nil {
		return d
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return d
	}
	d.Control = func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if ip := at.Addr().Unmap(); err != nil || ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() {
			return fmt.Errorf("%s leads to %s, which is not outside; name the address itself to allow that", host, address)
		}
		return nil
	}
	return d
}
