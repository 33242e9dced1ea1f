package mock_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"standin/mock"
)

// TestUpstreamStreams: events and other bodies without an end arrive as they are sent, and are judged when they have ended.
func TestUpstreamStreams(t *testing.T) {
	for _, c := range []struct{ path, contentType, piece string }{
		{"/feed", "text/event-stream", "data: toolong\n\n"},
		{"/items/7", "application/json", `{"id":"7",`},
	} {
		t.Run(c.path, func(t *testing.T) {
			more := make(chan struct{})
			b := inFront(t, itemShop, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				_, _ = io.WriteString(w, c.piece)
				w.(http.Flusher).Flush()
				<-more
				if c.path == "/items/7" {
					_, _ = io.WriteString(w, `"name":"Nut"}`)
				}
			}))
			res, err := http.Get(b.URL + c.path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			if got := res.Header.Get("Mock-Unchecked"); got != `response;why="stream"` {
				t.Errorf("Mock-Unchecked: %q", got)
			}
			first := make([]byte, len(c.piece))
			if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != c.piece {
				t.Fatal(err, string(first))
			}
			close(more)
			if _, err := io.ReadAll(res.Body); err != nil {
				t.Fatal(err)
			}
			if told := b.last(t); len(told.Response) != 1 {
				t.Errorf("told of %v", told)
			}
		})
	}
}

func TestUpstreamUpgrades(t *testing.T) {
	b := inFront(t, itemShop, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "websocket" {
			http.Error(w, "no upgrade", http.StatusTeapot)
			return
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		line, _ := rw.ReadString('\n')
		_, _ = io.WriteString(conn, "echo "+line)
	}))
	for _, path := range []string{"/feed", "/socket"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(b.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", path)
		in := bufio.NewReader(conn)
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != 101 {
			t.Fatal(path, err, res)
		}
		_, _ = io.WriteString(conn, "hello\n")
		if line, err := in.ReadString('\n'); line != "echo hello\n" {
			t.Error(path, line, err)
		}
		_ = conn.Close()
		if told := b.last(t); told.Status != 101 {
			t.Errorf("told of %v", told)
		}
	}
}

// TestUpstreamFails: what goes wrong behind us is told, and nothing hangs.
func TestUpstreamFails(t *testing.T) {
	t.Run("nobody there", func(t *testing.T) {
		b := inFrontOf(t, itemShop, "http://127.0.0.1:1")
		if res, text := askOver(t, "GET", b.URL+"/items", ""); res.StatusCode != 502 || !strings.Contains(text, "127.0.0.1:1") {
			t.Errorf("%d %s", res.StatusCode, text)
		}
	})
	t.Run("dies within the body", func(t *testing.T) {
		b := inFront(t, itemShop, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"id":`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}))
		res, err := http.Get(b.URL + "/items/7")
		if err == nil {
			var text []byte
			text, err = io.ReadAll(res.Body)
			_ = res.Body.Close()
			t.Logf("the client has %q", text)
		}
		if err == nil {
			t.Error("the client takes half an answer for a whole one")
		}
		b.last(t)
	})
	t.Run("leads back", func(t *testing.T) {
		var own http.Handler
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { own.ServeHTTP(w, r) }))
		t.Cleanup(web.Close)
		own = inFrontOf(t, itemShop, web.URL).server
		if res, _ := askOver(t, "GET", web.URL+"/items", ""); res.StatusCode != http.StatusLoopDetected {
			t.Error(res.StatusCode)
		}
	})
	t.Run("foreign host", func(t *testing.T) {
		b := inFront(t, itemShop, answerWith(200, "", ""), mock.CheckHost())
		r, _ := http.NewRequest("GET", b.URL+"/nowhere", nil)
		r.Host = "evil.example"
		if res, err := unfollowing().Do(r); err != nil || res.StatusCode != 421 {
			t.Error(res, err)
		}
	})
}
