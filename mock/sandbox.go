package mock

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultSandbox is where everybody is who asks for no sandbox of their own.
const DefaultSandbox = "default"

// How long a sandbox that nobody uses is kept, and how often that is looked at.
const (
	idleSandbox = 30 * time.Minute
	expireEvery = time.Minute
)

// sandboxHeader names the sandbox of a request; sandboxCookie and sandboxBaggage (W3C Baggage) do the same where headers cannot be set.
const (
	sandboxHeader  = "Mock-Sandbox"
	sandboxCookie  = "mock_sandbox"
	sandboxBaggage = "mock-sandbox"
)

// sandboxOf finds the sandbox that a request asks for: by header, baggage, cookie, host (ID.localhost) or path (/~ID/…), the first that
// is there. path is the escaped path below the base path, and rest what of it is the document's.
func sandboxOf(r *http.Request, path string) (id, rest string, err error) {
	rest = path
	inPath := ""
	if after, ok := strings.CutPrefix(path, "/~"); ok {
		inPath, rest, _ = strings.Cut(after, "/")
		rest = "/" + rest
	}
	for _, candidate := range []string{r.Header.Get(sandboxHeader), baggage(r), cookie(r), hostSandbox(r.Host), inPath} {
		if candidate == "" {
			continue
		}
		if !sandboxID(candidate) {
			return "", rest, newProblem(http.StatusBadRequest, "sandbox", fmt.Sprintf("a sandbox is called by up to 64 letters, digits, dashes and underscores, not %q", clip(candidate, 80)))
		}
		return candidate, rest, nil
	}
	return DefaultSandbox, rest, nil
}

// sandboxID tells whether a text can name a sandbox.
func sandboxID(text string) bool {
	return text != "" && len(text) <= 64 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}

// baggage reads the sandbox from W3C Baggage: key=value pairs between commas, values percent-encoded, properties behind semicolons.
func baggage(r *http.Request) string {
	for _, line := range r.Header["Baggage"] {
		for pair := range strings.SplitSeq(line, ",") {
			pair, _, _ = strings.Cut(pair, ";")
			key, value, _ := strings.Cut(pair, "=")
			if strings.TrimSpace(key) == sandboxBaggage {
				if decoded, err := url.PathUnescape(strings.TrimSpace(value)); err == nil {
					return decoded
				}
			}
		}
	}
	return ""
}

func cookie(r *http.Request) string {
	if len(r.Header["Cookie"]) == 0 {
		return ""
	}
	c, err := r.Cookie(sandboxCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// hostSandbox is ID of ID.localhost.
func hostSandbox(host string) string {
	name, _, _ := strings.Cut(host, ":")
	id, ok := strings.CutSuffix(name, ".localhost")
	if !ok || strings.Contains(id, ".") {
		return ""
	}
	return id
}

// Reset forgets what clients did in a sandbox; when it returns, its first rows are there again.
func (s *Server) Reset(ctx context.Context, sandbox string) error {
	if err := s.store.Reset(ctx, sandbox); err != nil {
		return fmt.Errorf("mock: the sandbox %s: %w", sandbox, err)
	}
	return nil
}

// expire forgets idle sandboxes as long as the server lives.
func (s *Server) expire() {
	ticker := time.NewTicker(expireEvery)
	defer ticker.Stop()
	for {
		select {
		case <-s.life.Done():
			return
		case now := <-ticker.C:
			s.expireIdle(now)
		}
	}
}

// expireIdle forgets the sandboxes that were not used for too long by a time.
func (s *Server) expireIdle(now time.Time) {
	s.touched.forget()
	if err := s.store.Expire(s.life, now.Add(-idleSandbox), DefaultSandbox); err != nil && s.life.Err() == nil {
		s.options.logger.Warn("idle sandboxes are kept", "why", err.Error())
	}
}
