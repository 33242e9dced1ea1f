package mock_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"standin/mock"
)

// raw sends one request over a connection of its own, and gives all that comes back.
func raw(t *testing.T, server *httptest.Server, path, prefer string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nX-Key: k\r\nConnection: close\r\nPrefer: "+prefer+"\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	return string(text), err
}

func TestFaults(t *testing.T) {
	server := httptest.NewServer(newServer(t))
	defer server.Close()
	if text, err := raw(t, server, "/pets", "fault=empty"); text != "" || err != nil {
		t.Errorf("empty: %q %v", text, err)
	}
	if text, err := raw(t, server, "/pets", "fault=reset"); text != "" || !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset: %q %v", text, err)
	}
	if text, err := raw(t, server, "/pets", "fault=garbage"); err != nil || text == "" || strings.HasPrefix(text, "HTTP") {
		t.Errorf("garbage: %q %v", text, err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/pets", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Key", "k")
	for _, c := range []struct {
		fault string
		cut   error
	}{{"truncate", io.ErrUnexpectedEOF}, {"slow", nil}} {
		r.Header.Set("Prefer", "fault="+c.fault)
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if !errors.Is(err, c.cut) || answer.Header.Get("Mock-Source") != "fault;kind="+c.fault || !bytes.HasPrefix(body, []byte(`[{"id":1`)) {
			t.Errorf("%s: %v %v %s", c.fault, err, answer.Header, body)
		}
	}
	if w := ask(newServer(t), "GET /pets", "", "Prefer: fault=fire"); w.Code != 400 || !strings.Contains(w.Body.String(), "reset, empty") {
		t.Errorf("an unknown fault: %d %s", w.Code, w.Body)
	}
}

// TestChanceReplays plays a fixture that fails now and then: two servers of one seed fail at the same times.
func TestChanceReplays(t *testing.T) {
	files := fstest.MapFS{"flaky.yaml": {Data: []byte(`
operation: getPet
fault: {kind: truncate, rate: 0.3}
delay: {uniform: [0ms, 1ms]}
respond: {body: {id: 1, name: Rex}}
`)}}
	play := func(seed uint64) (out string, failed int) {
		s := newServer(t, mock.Fixtures(files), mock.Seed(seed))
		for range 100 {
			if strings.HasPrefix(ask(s, "GET /pets/1", "").Header().Get("Mock-Source"), "fault") {
				out += "x"
				failed++
			} else {
				out += "."
			}
		}
		return out, failed
	}
	first, n := play(1)
	if again, _ := play(1); again != first || n < 15 || n > 45 {
		t.Errorf("%s\n%s", first, again)
	}
	if other, _ := play(2); other == first {
		t.Error("another seed fails at the same times")
	}
}

func TestSize(t *testing.T) {
	s := newServer(t)
	for size, want := range map[string]int{"1": 1, "37": 37, "1000": 1000} {
		w := ask(s, "GET /pets", "", "Prefer: size="+size)
		if n := strings.Count(w.Body.String(), `"name"`); n != want || w.Header().Get("Preference-Applied") != "size="+size {
			t.Errorf("size=%s: %d rows, %v", size, n, w.Header())
		}
	}
	for _, wrong := range []string{"0", "-1", "x", "10001"} {
		if w := ask(s, "GET /pets", "", "Prefer: size="+wrong); w.Code != 400 {
			t.Errorf("size=%s: %d", wrong, w.Code)
		}
	}
}
