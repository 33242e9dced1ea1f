package mock_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
)

// BenchmarkUpstream asks a real server through a bare reverse proxy and through ours, in turns: p50 is what a request takes.
func BenchmarkUpstream(b *testing.B) {
	const body = `{"id":7,"name":"Nut"}`
	real := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = io.WriteString(w, body)
	}))
	defer real.Close()
	target, err := url.Parse(real.URL)
	if err != nil {
		b.Fatal(err)
	}
	bare := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }})
	defer bare.Close()
	c, err := contract.Parse(context.Background(), "shop.yaml", []byte(itemShop))
	if err != nil {
		b.Fatal(err)
	}
	server, err := mock.New(c, mock.Upstream(real.URL), mock.Docs(mock.Looks{})) // which keeps a journal
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	ours := httptest.NewServer(server)
	defer ours.Close()
	for _, method := range []string{"GET", "POST"} {
		b.Run(method, func(b *testing.B) {
			times := map[string][]time.Duration{}
			for b.Loop() {
				for name, base := range map[string]string{"bare": bare.URL, "ours": ours.URL} {
					at := time.Now()
					path, sent := "/items/7", io.Reader(nil)
					if method == "POST" {
						path, sent = "/items", strings.NewReader(body)
					}
					r, _ := http.NewRequest(method, base+path, sent)
					r.Header.Set("Content-Type", "application/json")
					res, err := http.DefaultClient.Do(r)
					if err != nil {
						b.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
					times[name] = append(times[name], time.Since(at))
				}
			}
			for name, all := range times {
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2].Microseconds()), name+"-p50-µs")
			}
		})
	}
}

// live is how much of the heap is in use, without what nobody holds any more.
func live() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // which also empties pools
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// loaded is a real server under load, with a proxy in front of it.
type loaded struct {
	*between
	size   int64 // of its file
	client *http.Client
	held   chan struct{} // gets one from each exchange that stays in the middle
	leave  chan struct{} // closed when they may go on
}

// ServeHTTP gives and takes a large file, never ends a list, and dies in the middle of an item.
func (l *loaded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	piece := bytes.Repeat([]byte("x"), 64<<10)
	switch {
	case r.Method == http.MethodPut:
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Path == "/file":
		w.Header().Set("Content-Type", "application/octet-stream")
		for n := int64(0); n < l.size; n += int64(len(piece)) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	case r.URL.Path == "/items": // never ends
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "[")
		w.(http.Flusher).Flush()
		l.held <- struct{}{}
		<-r.Context().Done()
	default:
		w.Header().Set("Content-Length", "1000")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{")
		panic(http.ErrAbortHandler)
	}
}

// TestUpstreamUnderLoad: many large bodies both ways, clients and servers that are slow or go away. What is held stays small, and
// nothing is left behind. What is held is measured while everybody is in the middle, and without what is garbage already.
func TestUpstreamUnderLoad(t *testing.T) {
	l := &loaded{size: 256 << 20, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, held: make(chan struct{}, 1000), leave: make(chan struct{})}
	connections := 200
	if testing.Short() {
		l.size, connections = 32<<20, 40
	}
	l.between = inFront(t, itemShop, l, mock.MaxBody(1<<20), mock.Docs(mock.Looks{}))
	goroutines, start := runtime.NumGoroutine(), live()
	l.largeBodies(t, start)
	l.crowd(t, start, connections)
	l.client.CloseIdleConnections()
	if err := l.server.Close(); err != nil { // and with it the connections that wait for the next request
		t.Error(err)
	}
	kept := live() - start
	t.Logf("%d KiB are kept", kept>>10)
	if kept > 24<<20 { // the journal and this test keep the beginnings of bodies
		t.Errorf("%d MiB are kept of exchanges that are over", kept>>20)
	}
	l.goneAgain(t, goroutines)
}

// largeBodies passes a large body each way, and looks in the middle of it what is held.
func (l *loaded) largeBodies(t *testing.T, start int64) {
	t.Helper()
	flat := func(what string) {
		held := live() - start
		t.Logf("in the middle of a large %s %d KiB are held", what, held>>10)
		if held > 8<<20 {
			t.Errorf("in the middle of a large %s %d MiB are held", what, held>>20)
		}
	}
	res, err := l.client.Get(l.URL + "/file")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.CopyN(io.Discard, res.Body, l.size/2)
	flat("download")
	rest, errRest := io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if err != nil || errRest != nil || got+rest < l.size {
		t.Errorf("%d of %d bytes came: %v, %v", got+rest, l.size, err, errRest)
	}
	up := &paused{Reader: io.LimitReader(endless{}, l.size), at: l.size / 2, look: func() { flat("upload") }}
	r, _ := http.NewRequest(http.MethodPut, l.URL+"/file", up)
	r.Header.Set("Content-Type", "application/octet-stream")
	if res, err = l.client.Do(r); err != nil || res.StatusCode != 204 {
		t.Error(res, err)
	}
}

// crowd opens many connections that stay in the middle until all of them are there, and then go away.
func (l *loaded) crowd(t *testing.T, start int64, connections int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for i := range connections {
		all.Go(func() { l.visit(ctx, i) })
	}
	for range connections {
		select {
		case <-l.held:
		case <-ctx.Done():
			t.Error("not all came within a minute")
		}
	}
	held := live() - start
	t.Logf("%d connections hold %d KiB", connections, held>>10)
	if held > int64(connections)*256<<10 {
		t.Errorf("%d connections hold %d MiB", connections, held>>20)
	}
	close(l.leave)
	cancel()
	all.Wait()
}

// visit is one of the crowd.
func (l *loaded) visit(ctx context.Context, i int) {
	ask := func(path string) (*http.Response, error) {
		r, _ := http.NewRequestWithContext(ctx, "GET", l.URL+path, nil)
		return l.client.Do(r)
	}
	switch i % 4 {
	case 0: // goes away while the answer has not ended
		if res, err := ask("/items"); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
	case 1: // sees the server die
		if res, err := ask("/items/7"); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
		l.held <- struct{}{}
	case 2: // sends half a body, and goes away
		conn, err := net.Dial("tcp", strings.TrimPrefix(l.URL, "http://"))
		if err == nil {
			_, _ = fmt.Fprintf(conn, "POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
			l.held <- struct{}{}
			<-l.leave
			_ = conn.Close()
		}
	default: // reads a little of much
		if res, err := ask("/file"); err == nil {
			_, _ = io.CopyN(io.Discard, res.Body, 4<<20)
			l.held <- struct{}{}
			<-l.leave
			_ = res.Body.Close()
		}
	}
}

// goneAgain waits until the goroutines of the load have ended.
func (l *loaded) goneAgain(t *testing.T, before int) {
	t.Helper()
	tick, deadline := time.NewTicker(50*time.Millisecond), time.After(90*time.Second)
	defer tick.Stop()
	for waiting := true; waiting && runtime.NumGoroutine() > before+30; {
		select {
		case <-tick.C:
		case <-deadline:
			waiting = false
		}
	}
	if after := runtime.NumGoroutine(); after > before+30 {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines are left, %d were there before:\n%s", after, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// paused is a body during which somebody looks, once.
type paused struct {
	io.Reader
	n, at int64
	look  func()
}

func (p *paused) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if p.n < p.at && p.n+int64(n) >= p.at {
		p.look()
	}
	p.n += int64(n)
	return n, err
}

// endless is a body of the same letter.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
