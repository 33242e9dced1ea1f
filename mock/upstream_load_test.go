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

// TestUpstreamUnderLoad: many large bodies both ways, clients and servers that are slow or go away. What is held stays small, and
// nothing is left behind.
func TestUpstreamUnderLoad(t *testing.T) {
	size, connections := int64(64<<20), 200
	if testing.Short() {
		size, connections = 8<<20, 50
	}
	piece := bytes.Repeat([]byte("x"), 64<<10)
	b := inFront(t, itemShop, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusNoContent)
		case r.URL.Path == "/file":
			w.Header().Set("Content-Type", "application/octet-stream")
			for n := int64(0); n < size; n += int64(len(piece)) {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		case r.URL.Path == "/items": // never ends
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "[")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		default:
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{")
			panic(http.ErrAbortHandler)
		}
	}), mock.MaxBody(1<<20), mock.Docs(mock.Looks{}))
	before := runtime.NumGoroutine()
	var start runtime.MemStats
	runtime.GC() // what other tests have left behind does not count
	runtime.ReadMemStats(&start)
	var peak uint64
	watch := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse-min(m.HeapInuse, start.HeapInuse))
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get(b.URL + "/file")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if err != nil || got < size {
		t.Errorf("%d of %d bytes came: %v", got, size, err)
	}
	r, _ := http.NewRequest(http.MethodPut, b.URL+"/file", io.LimitReader(endless{}, size))
	r.Header.Set("Content-Type", "application/octet-stream")
	if res, err = client.Do(r); err != nil || res.StatusCode != 204 {
		t.Error(res, err)
	}
	watch()
	var all sync.WaitGroup
	for i := range connections {
		all.Go(func() {
			switch i % 4 {
			case 0, 1: // goes away while the answer has not ended, or while the server dies
				ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
				defer cancel()
				r, _ := http.NewRequestWithContext(ctx, "GET", b.URL+[]string{"/items", "/items/7"}[i%2], nil)
				if res, err := client.Do(r); err == nil {
					_, _ = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
				}
			case 2: // sends half a body, and goes away
				conn, err := net.Dial("tcp", strings.TrimPrefix(b.URL, "http://"))
				if err == nil {
					_, _ = fmt.Fprintf(conn, "POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
					_ = conn.Close()
				}
			default: // reads a little of much
				if res, err := client.Get(b.URL + "/file"); err == nil {
					_, _ = io.CopyN(io.Discard, res.Body, 4<<20)
					_ = res.Body.Close()
				}
			}
		})
	}
	all.Wait()
	watch()
	client.CloseIdleConnections()
	if peak > 200<<20 {
		t.Errorf("%d MiB were in use", peak>>20)
	}
	if err := b.server.Close(); err != nil { // and with it the connections that wait for the next request
		t.Error(err)
	}
	var kept runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&kept)
	if kept.HeapAlloc > start.HeapAlloc+40<<20 {
		t.Errorf("%d MiB are kept of exchanges that are over", (kept.HeapAlloc-start.HeapAlloc)>>20)
	}
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

// endless is a body of the same letter.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
