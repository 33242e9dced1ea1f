package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// DefaultSandbox is where everybody is who asks for no sandbox of their own.
const DefaultSandbox = "default"

// How long a sandbox that nobody writes to is kept, and how often that is looked at.
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
	if s.store == nil {
		return nil
	}
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
			if err := s.store.Expire(s.life, now.Add(-idleSandbox), DefaultSandbox); err != nil && s.life.Err() == nil {
				s.options.logger.Warn("idle sandboxes are kept", "why", err.Error())
			}
		}
	}
}

// control answers what is asked of the mock itself below its reserved path, beside its health; false leaves it to the operations.
func (s *Server) control(w http.ResponseWriter, r *http.Request) bool {
	path, ok := strings.CutPrefix(r.URL.Path, s.options.basePath+reserved+"/")
	if !ok || path != "reset" && path != "sandboxes" && !strings.HasPrefix(path, "sandboxes/") {
		return false
	}
	if p := s.refuseControl(r); p != nil {
		s.writeProblem(w, p)
		return true
	}
	switch {
	case path == "reset" && r.Method == http.MethodPost:
		id, _, err := sandboxOf(r, "/")
		if err == nil {
			err = s.Reset(r.Context(), id)
		}
		s.done(w, err)
	case path == "sandboxes" && r.Method == http.MethodGet:
		s.listSandboxes(w, r)
	case strings.HasPrefix(path, "sandboxes/") && r.Method == http.MethodDelete:
		s.done(w, s.Reset(r.Context(), strings.TrimPrefix(path, "sandboxes/")))
	default:
		w.Header().Set("Allow", map[string]string{"reset": "POST", "sandboxes": "GET"}[path])
		s.writeProblem(w, newProblem(http.StatusMethodNotAllowed, "method", "this path does not answer "+clip(r.Method, 40)))
	}
	return true
}

// refuseControl keeps control to those who are at this machine: a peer there, through no proxy, by a name of it, and no foreign page.
func (s *Server) refuseControl(r *http.Request) *problem {
	if !s.knownHost(r) || !nearby(r) {
		return newProblem(http.StatusForbidden, "control", "this server is controlled from its own machine only")
	}
	if http.NewCrossOriginProtection().Check(r) != nil {
		return newProblem(http.StatusForbidden, "control", "pages of other origins may not control this server")
	}
	return nil
}

func (s *Server) done(w http.ResponseWriter, err error) {
	p, isProblem := err.(*problem)
	switch {
	case err == nil:
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
	case isProblem:
		s.writeProblem(w, p)
	default:
		s.writeProblem(w, newProblem(http.StatusServiceUnavailable, "store", err.Error()))
	}
}

// listSandboxes tells which sandboxes there are and how much they hold.
func (s *Server) listSandboxes(w http.ResponseWriter, r *http.Request) {
	type row struct {
		ID    string    `json:"id"`
		Keys  int       `json:"keys"`
		Bytes int       `json:"bytes"`
		Used  time.Time `json:"used"`
	}
	out := []row{}
	if s.store != nil {
		all, err := s.store.Sandboxes(r.Context())
		if err != nil {
			s.done(w, err)
			return
		}
		for _, one := range all {
			out = append(out, row{one.ID, one.Keys, one.Bytes, one.Used})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]any{"sandboxes": slices.Clip(out)})
}
