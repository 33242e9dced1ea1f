package mock_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"standin/mock"
)

// TestDrain shuts a server down while somebody listens to its events.
func TestDrain(t *testing.T) {
	s := newServer(t, mock.Control())
	web := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	web.RegisterOnShutdown(s.Drain)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(l) }()
	r, err := http.Get("http://" + l.Addr().String() + "/__mock/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	lines := bufio.NewScanner(r.Body)
	if !lines.Scan() || !strings.Contains(lines.Text(), "from now on") {
		t.Fatal(lines.Text(), lines.Err())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream was cut off: %v", err)
	}
	if err := <-served; err != http.ErrServerClosed {
		t.Error(err)
	}
}
