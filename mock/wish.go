package mock

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"standin/mock/internal/fixture"
)

// wish is what a client asks of the mock itself (RFC 7240). The zero wish asks for nothing.
type wish struct {
	code, example string
	dynamic       bool
	seed          uint64
	hasSeed       bool
	size          int // how many items a list is to have, 0 for what is usual
	fault         string
	delay         time.Duration
	handling      Handling
	hasHandling   bool
	stateless     bool // nothing is remembered, and nothing of what is remembered counts
	// applied lists what was understood, for Preference-Applied.
	applied []string
}

// asked tells whether the wish is about the answer's choice, which state and fixtures must respect.
func (w *wish) asked() bool { return w.code != "" || w.example != "" || w.dynamic || w.size > 0 }

// remembers tells that the request is one to the world where that is remembered which clients do.
func (x *exchange) remembers() bool {
	return x.site.world != nil && !x.wish.asked() && !x.wish.stateless
}

// passOver notes that a preference could not be honoured, so that Preference-Applied does not name it.
func (w *wish) passOver(key string) {
	w.applied = slices.DeleteFunc(w.applied, func(a string) bool { return strings.HasPrefix(a, key+"=") })
}

// readWish reads Mock-Prefer, then Prefer, then Prism's query forms; the first to name a key decides (RFC 7240, 2).
func readWish(r *http.Request, maxDelay time.Duration) (wish, error) {
	var w wish
	if r.Header["Mock-Prefer"] == nil && r.Header["Prefer"] == nil && !strings.Contains(r.URL.RawQuery, "__") {
		return w, nil
	}
	seen := map[string]bool{}
	read := func(key, value string) error {
		if seen[key] {
			return nil
		}
		seen[key] = true
		return w.set(key, value, maxDelay)
	}
	for _, name := range []string{"Mock-Prefer", "Prefer"} {
		for _, line := range r.Header[name] {
			for key, value := range preferences(line) {
				if err := read(key, value); err != nil {
					return w, err
				}
			}
		}
	}
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key, ok := strings.CutPrefix(key, "__"); ok {
			value, err := url.QueryUnescape(value)
			if err != nil {
				return w, fmt.Errorf("__%s: %w", key, err)
			}
			if err := read(key, value); err != nil {
				return w, err
			}
		}
	}
	return w, nil
}

// set takes one preference; unknown keys are ignored, as RFC 7240 demands.
func (w *wish) set(key, value string, maxDelay time.Duration) (err error) {
	switch key {
	case "code":
		if n, err := strconv.Atoi(value); err != nil || n < 100 || n > 599 {
			return fmt.Errorf("code is a status from 100 to 599, not %q", value)
		}
		w.code = value
	case "example":
		if value == "" {
			return fmt.Errorf("example is the name of an example, not empty")
		}
		w.example = value
	case "dynamic":
		if w.dynamic, err = strconv.ParseBool(value); err != nil && value != "" {
			return fmt.Errorf("dynamic is true or false, not %q", value)
		}
		w.dynamic = w.dynamic || value == ""
	case "seed":
		if w.seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			return fmt.Errorf("seed is a whole number from 0, not %q", value)
		}
		w.hasSeed = true
	case "size":
		if w.size, err = strconv.Atoi(value); err != nil || w.size < 1 || w.size > mostSize {
			return fmt.Errorf("size is a whole number from 1 to %d, not %q", mostSize, value)
		}
	case "fault":
		if !slices.Contains(fixture.FaultKinds(), value) {
			return fmt.Errorf("fault is one of %s, not %q", list(fixture.FaultKinds()), value)
		}
		w.fault = value
	case "delay":
		if w.delay, err = parseDelay(value); err != nil || w.delay < 0 || w.delay > maxDelay {
			return fmt.Errorf("delay is a time like 1500ms from 0 to %v, not %q", maxDelay, value)
		}
	case "handling":
		if w.handling, err = ParseHandling(value); err != nil {
			return err
		}
		w.hasHandling = true
	case "state":
		if value != "on" && value != "off" {
			return fmt.Errorf("state is on or off, not %q", value)
		}
		w.stateless = value == "off"
	default:
		return nil
	}
	w.applied = append(w.applied, key+"="+value)
	return nil
}

// mostSize bounds the lists that a client may ask for.
const mostSize = 10_000

// parseDelay reads a Go duration; a bare number counts milliseconds.
func parseDelay(s string) (time.Duration, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n < int64(time.Hour/time.Millisecond) {
		return time.Duration(n) * time.Millisecond, nil
	}
	return time.ParseDuration(s)
}

// preferences yields the keys, in lower case, and values of a Prefer header line (RFC 7240, 2); parameters after a semicolon
// are passed over.
func preferences(line string) func(yield func(key, value string) bool) {
	return func(yield func(key, value string) bool) {
		for line != "" {
			var item string
			item, line = cutUnquoted(line, ',')
			item, _ = cutUnquoted(item, ';')
			key, value, _ := strings.Cut(item, "=")
			if key = strings.ToLower(strings.TrimSpace(key)); key == "" {
				continue
			}
			if !yield(key, unquote(strings.TrimSpace(value))) {
				return
			}
		}
	}
}

// cutUnquoted cuts s at the first sep outside double quotes.
func cutUnquoted(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// unquote reads a quoted-string (RFC 9110, 5.6.4); anything else is itself.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s)-1; i++ {
		if s[i] == '\\' && i+1 < len(s)-1 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
