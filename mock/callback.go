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

// call sends a request of the absent server's own, and keeps it in the journal.
func (s *Server) call(sandbox string, e behaviour.Event) {
	why := s.mayCall(e.URL)
	if why == nil {
		select {
		case s.calls <- struct{}{}:
		default:
			why = fmt.Errorf("%d others are under way", mostCallbacks)
		}
	}
	var entry *journal.Exchange
	var in *journal.Journal
	if s.journals != nil {
		in = s.journals.In(sandbox)
		entry = in.Open(time.Now(), e.Method, e.URL)
		entry.Source, entry.RequestHeader = "callback", http.Header{}
		for name, value := range e.Header {
			entry.RequestHeader.Set(name, value)
		}
		entry.RequestBody = in.Cut(e.Body, true)
	}
	done := func(status int, why error) {
		if why != nil {
			s.options.logger.Warn("a callback was not delivered", "to", e.URL, "why", why.Error())
		}
		if entry == nil {
			return
		}
		if entry.Status = status; why != nil {
			entry.Source = "callback;failed"
			entry.ResponseBody = in.Cut([]byte(why.Error()), true)
		}
		in.Close(entry, time.Now())
	}
	if why != nil {
		done(0, why)
		return
	}
	s.background.Go(func() {
		defer func() { <-s.calls }()
		done(s.deliver(e))
	})
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
func (s *Server) deliver(e behaviour.Event) (status int, err error) {
	client := &http.Client{
		Timeout:       callbackTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{Proxy: nil, DisableKeepAlives: true, DialContext: dialer(e.URL).DialContext},
	}
	for try := range max(e.Tries, 1) {
		if try > 0 && pause(s.life, e.Pause) != nil {
			return status, s.life.Err()
		}
		if status, err = deliverOnce(s.life, client, e); err == nil && status/100 == 2 {
			return status, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("it was answered %d, each of %d times", status, max(e.Tries, 1))
	}
	return status, err
}

func deliverOnce(ctx context.Context, client *http.Client, e behaviour.Event) (int, error) {
	r, err := http.NewRequestWithContext(ctx, e.Method, e.URL, bytes.NewReader(e.Body))
	if err != nil {
		return 0, err
	}
	if len(e.Body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range e.Header {
		r.Header[name] = []string{value} // as it is written, since some receivers mind
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, nil
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
