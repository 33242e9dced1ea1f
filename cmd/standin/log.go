package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// logger writes lines for people on a terminal, JSON otherwise.
func (a *app) logger(format string) (*slog.Logger, error) {
	switch format {
	case "auto":
		if !terminal(a.stderr) {
			return slog.New(slog.NewJSONHandler(a.stderr, nil)), nil
		}
	case "json":
		return slog.New(slog.NewJSONHandler(a.stderr, nil)), nil
	case "text":
	default:
		return nil, misuse("--log-format is text, json or auto, not %q", format)
	}
	colour := terminal(a.stderr) && a.getenv("NO_COLOR") == ""
	return slog.New(&lineHandler{w: a.stderr, mu: new(sync.Mutex), colour: colour}), nil
}

// lineHandler writes a record as one line for people: the time, the message, then the values; keys only where a value alone
// would not be understood.
type lineHandler struct {
	w      io.Writer
	mu     *sync.Mutex
	colour bool
	attrs  []slog.Attr
}

func (h *lineHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Time.Format("15:04:05 "))
	if h.colour && r.Level >= slog.LevelWarn {
		b.WriteString("\x1b[33m" + r.Message + "\x1b[0m")
	} else {
		b.WriteString(r.Message)
	}
	write := func(a slog.Attr) bool {
		switch a.Key {
		case "request", "status", "document", "why", "violation", "at", "message":
			b.WriteString("  " + a.Value.String())
		case "rule":
			b.WriteString("  (" + a.Value.String() + ")")
		case "more":
			b.WriteString("  and " + a.Value.String() + " more")
		default:
			b.WriteString("  " + a.Key + "=" + a.Value.String())
		}
		return true
	}
	for _, a := range h.attrs {
		write(a)
	}
	r.Attrs(write)
	b.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\n", " ")+"\n")
	return err
}

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	c.attrs = append(c.attrs[:len(c.attrs):len(c.attrs)], attrs...)
	return &c
}

func (h *lineHandler) WithGroup(string) slog.Handler { return h }
