package mock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// copyBuffers lends the buffers through which bodies pass.
type copyBuffers struct{ pool sync.Pool }

func (c *copyBuffers) Get() []byte {
	if b, ok := c.pool.Get().(*[]byte); ok {
		return *b
	}
	return make([]byte, 32<<10)
}

func (c *copyBuffers) Put(b []byte) { c.pool.Put(&b) }

// watched is a body that passes while its beginning is kept. It is read by one goroutine and asked by others.
type watched struct {
	io.ReadCloser
	budget *budget
	limit  int64
	before func() // called in front of each read, nil for nothing
	end    func() // called once, when the body has ended one way or other; nil for nothing

	mu    sync.Mutex
	kept  []byte
	taken int64
	size  int64
	over  bool // kept is not all that has passed
	whole bool // the body came to its end
	ended bool
}

func (w *watched) Read(p []byte) (int, error) {
	if w.before != nil {
		w.before()
	}
	n, err := w.ReadCloser.Read(p)
	w.keep(p[:n])
	if err != nil {
		w.finish(errors.Is(err, io.EOF))
	}
	return n, err
}

// Close ends the body; what was not read by then is not seen.
func (w *watched) Close() error {
	err := w.ReadCloser.Close()
	w.finish(false)
	return err
}

func (w *watched) keep(p []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.size += int64(len(p))
	if w.over || len(p) == 0 {
		return
	}
	p = p[:min(int64(len(p)), w.limit-int64(len(w.kept)))]
	if w.size > w.limit {
		w.over = true
	}
	if !w.budget.take(int64(len(p))) {
		w.over = true
		return
	}
	w.taken += int64(len(p))
	w.kept = append(w.kept, p...)
}

func (w *watched) finish(whole bool) {
	w.mu.Lock()
	if w.ended {
		w.mu.Unlock()
		return
	}
	w.ended, w.whole = true, whole
	w.mu.Unlock()
	if w.end != nil {
		w.end()
	}
}

// seen is what has passed so far, and whether that is all.
func (w *watched) seen() (kept []byte, all bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kept, w.whole && !w.over
}

// release gives back what was held. What was kept may still be used by whoever has it.
func (w *watched) release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.budget.give(w.taken)
	w.taken, w.kept, w.over = 0, nil, true
}

// ahead reads a body of unknown length before anybody asks for it, as far as limit, and goes on passing it to whoever reads.
type ahead struct {
	body  io.ReadCloser
	limit int
	done  chan struct{} // closed when the body has ended, or limit is reached

	mu     sync.Mutex
	more   *sync.Cond
	buf    []byte
	err    error
	closed bool
	idle   bool // nobody reads ahead any more
}

func readAhead(body io.ReadCloser, limit int64) *ahead {
	a := &ahead{body: body, limit: int(limit), done: make(chan struct{})}
	a.more = sync.NewCond(&a.mu)
	go a.run()
	return a
}

// run reads until the end, the limit, or the first error.
func (a *ahead) run() {
	defer close(a.done)
	piece := make([]byte, 4<<10)
	for {
		n, err := a.body.Read(piece)
		a.mu.Lock()
		a.buf = append(a.buf, piece[:n]...)
		a.err = err
		a.idle = err != nil || len(a.buf) >= a.limit || a.closed
		idle := a.idle
		a.more.Broadcast()
		a.mu.Unlock()
		if idle {
			return
		}
	}
}

// wait waits for the end, for d at most (0: as long as it takes), and gives the body if that is all of it.
func (a *ahead) wait(gone <-chan struct{}, d time.Duration) (body []byte, err error, all bool) {
	var late <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		late = t.C
	}
	select {
	case <-a.done:
	case <-late:
	case <-gone:
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.buf, a.err, a.err != nil
}

// Read gives what has been read, then what comes.
func (a *ahead) Read(p []byte) (int, error) {
	a.mu.Lock()
	for len(a.buf) == 0 && a.err == nil && !a.closed {
		if a.idle { // from here on it is read as it is asked for
			a.mu.Unlock()
			return a.body.Read(p)
		}
		a.more.Wait()
	}
	defer a.mu.Unlock()
	n := copy(p, a.buf)
	a.buf = a.buf[n:]
	if n == 0 {
		if a.err == nil {
			return 0, http.ErrBodyReadAfterClose
		}
		return 0, a.err
	}
	return n, nil
}

func (a *ahead) Close() error {
	a.mu.Lock()
	a.closed = true
	a.more.Broadcast()
	a.mu.Unlock()
	return a.body.Close()
}

// replayed is a body that has been read, with the error at its end, nil for none.
type replayed struct {
	bytes.Reader
	end   error
	close func() error
}

func replay(body []byte, end error, closer func() error) *replayed {
	r := &replayed{end: end, close: closer}
	r.Reset(body)
	return r
}

func (r *replayed) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF && r.end != nil {
		err = r.end
	}
	return n, err
}

// WriteTo is left to Read, which knows how the body ends.
func (r *replayed) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{r})
}

func (r *replayed) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
}

// plain undoes the Content-Encoding of a whole body for checking. why tells that it cannot be read by us, err that it is damaged.
func plain(body []byte, encoding []string, limit int64) (decoded []byte, why string, err error) {
	name := strings.Join(encoding, ", ")
	if name == "" || strings.EqualFold(name, "identity") || len(body) == 0 {
		return body, "", nil
	}
	reader, err := decoder(bytes.NewReader(body), name)
	if _, unsupported := errors.AsType[*problem](err); unsupported {
		return nil, "content-encoding", nil
	}
	if err != nil {
		return nil, "", err
	}
	decoded, err = readAll(nil, reader, limit)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, "size", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("its %s is damaged: %w", name, err)
	}
	return decoded, "", nil
}
