// Package journal keeps what was asked, what was answered, and by what right.
//
// An exchange enters on arrival ([Journal.Open]) and is complete before the last byte of its answer is sent ([Journal.Close]),
// so that a client that has its answer finds it here. The oldest ones make room for the newest. Secrets never enter: see [Secrets].
// Where several processes share a store that keeps logs, they share the journal too: see [NewJournals].
package journal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"standin/mock/contract"
)

// Body is a body as kept.
type Body struct {
	// Bytes are at most Limits.Body bytes of it; nobody may write to them.
	Bytes []byte
	// Size is that of the whole body, in bytes.
	Size int
	// Hidden tells that the body was left out because it may hold a secret and could not be read.
	Hidden bool
}

// Cut tells that Bytes are not all of the body.
func (b Body) Cut() bool { return b.Hidden || len(b.Bytes) < b.Size }

// Exchange is one request with its answer. An exchange that a look-up gives is complete or still without an answer; it does not
// change any more.
type Exchange struct {
	// ID is unique within all journals: a decimal number that grows, as far as one process gives them.
	ID string
	At time.Time
	// Took is the time from arrival to answer; Answered is false until then.
	Took     time.Duration
	Answered bool

	// Operation is the id of the operation and Template its path, "" if no operation takes the request.
	Operation, Template string
	Method, URL         string
	RequestHeader       http.Header
	RequestBody         Body

	Status         int
	ResponseHeader http.Header
	ResponseBody   Body
	// Source says who answered, as in Mock-Source.
	Source string
	// Request and Response are what the request and the answer break.
	Request, Response []contract.Violation
	// Repaired are the JSON Pointers of what was made up in a documented example that breaks its schema.
	Repaired []string
	// Refused tells why the mock itself refused the request, "" if it did not.
	Refused string
}

// Valid tells whether request and answer keep the contract.
func (x *Exchange) Valid() bool { return len(x.Request)+len(x.Response) == 0 && x.Refused == "" }

// size estimates the memory that an exchange holds, in bytes.
func (x *Exchange) size() int {
	n := 512 + len(x.URL) + len(x.RequestBody.Bytes) + len(x.ResponseBody.Bytes)
	for name, values := range x.RequestHeader {
		n += len(name) + 16
		for _, v := range values {
			n += len(v) + 16
		}
	}
	return n + 64*len(x.ResponseHeader) + 256*(len(x.Request)+len(x.Response)) // an answer's headers are mostly shared
}

// Limits of a journal; a zero field means its default.
type Limits struct {
	// Exchanges is how many are kept. Default: 1,000.
	Exchanges int
	// Bytes is how much memory they may hold together. Default: 2 MiB.
	Bytes int
	// Body is how much of each body is kept. Default: 64 KiB.
	Body int
}

func (l Limits) orDefault() Limits {
	if l.Exchanges <= 0 {
		l.Exchanges = 1000
	}
	if l.Bytes <= 0 {
		l.Bytes = 2 << 20
	}
	if l.Body <= 0 {
		l.Body = 64 << 10
	}
	return l
}

// Journal is a bounded list of exchanges. It is safe for concurrent use.
type Journal struct {
	limits Limits

	of        *Journals // it is one of, nil if it stands alone
	sandbox   string
	mu        sync.Mutex
	last      uint64
	exchanges []*Exchange // oldest first
	ids       []uint64    // of exchanges, growing
	sizes     []int       // of exchanges
	bytes     int
	dropped   uint64
	listeners map[chan struct{}]struct{}
}

// New makes an empty journal.
func New(l Limits) *Journal {
	return &Journal{limits: l.orDefault(), listeners: map[chan struct{}]struct{}{}}
}

// Open enters a request that has just arrived, and gives the draft of its exchange: fill in what becomes known, then hand it to
// [Journal.Close]. Readers see what Open entered until then.
func (j *Journal) Open(at time.Time, method, url string) *Exchange {
	entered := &Exchange{At: at, Method: method, URL: url}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.last++; j.of != nil {
		j.last = j.of.last.Add(1)
	}
	entered.ID = strconv.FormatUint(j.last, 10)
	size := entered.size()
	j.exchanges, j.ids, j.sizes = append(j.exchanges, entered), append(j.ids, j.last), append(j.sizes, size)
	j.grow(size)
	j.trim()
	draft := *entered
	return &draft
}

// Close completes an exchange. The draft belongs to the journal afterwards.
func (j *Journal) Close(x *Exchange, now time.Time) {
	x.Took, x.Answered = now.Sub(x.At), true
	if s := j.shared(); j.complete(x) && s != nil {
		s.share(j, x)
	}
	j.tell()
}

// shared are the journals that it is one of, if several processes keep them; else nil.
func (j *Journal) shared() *Journals {
	if j.of == nil || j.of.logs == nil {
		return nil
	}
	return j.of
}

// complete replaces what Open entered; false if that is no longer there.
func (j *Journal) complete(x *Exchange) bool {
	size := x.size()
	j.mu.Lock()
	defer j.mu.Unlock()
	i, ok := j.find(x.ID)
	if ok {
		j.grow(size - j.sizes[i])
		j.exchanges[i], j.sizes[i] = x, size
		j.trim()
	}
	return ok
}

// tell wakes those who watch.
func (j *Journal) tell() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for l := range j.listeners {
		signal(l)
	}
}

func signal(l chan struct{}) {
	select {
	case l <- struct{}{}:
	default: // it has yet to look at the last one
	}
}

// trim drops the oldest until the rest is within the limits; the newest always stays.
func (j *Journal) trim() {
	n := 0
	for len(j.exchanges)-n > 1 && (len(j.exchanges)-n > j.limits.Exchanges || j.bytes > j.limits.Bytes) {
		j.grow(-j.sizes[n])
		j.exchanges[n] = nil
		n++
	}
	j.dropped += uint64(n)
	j.exchanges, j.ids, j.sizes = j.exchanges[n:], j.ids[n:], j.sizes[n:]
}

// grow counts bytes that came or went.
func (j *Journal) grow(bytes int) {
	j.bytes += bytes
	if j.of != nil {
		j.of.held.Add(int64(bytes))
	}
}

// Clear drops all exchanges; those under way are not entered when they end. They do not count as dropped.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.grow(-j.bytes)
	j.exchanges, j.ids, j.sizes, j.dropped = nil, nil, nil, 0
}

// find gives the place of an exchange.
func (j *Journal) find(id string) (int, bool) {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || id[0] == '0' || id[0] == '+' {
		return 0, false
	}
	return slices.BinarySearch(j.ids, n)
}

// remove forgets an exchange that is kept elsewhere.
func (j *Journal) remove(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if i, ok := j.find(id); ok {
		j.grow(-j.sizes[i])
		j.exchanges, j.ids, j.sizes = slices.Delete(j.exchanges, i, i+1), slices.Delete(j.ids, i, i+1), slices.Delete(j.sizes, i, i+1)
	}
}

// get gives an exchange that this process holds.
func (j *Journal) get(id string) (*Exchange, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	i, ok := j.find(id)
	if !ok {
		return nil, false
	}
	return j.exchanges[i], true
}

// held are the exchanges that this process holds, the oldest first.
func (j *Journal) held() ([]*Exchange, uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.exchanges), j.dropped
}

// Get gives an exchange by its id.
func (j *Journal) Get(ctx context.Context, id string) (*Exchange, bool, error) {
	x, ok := j.get(id)
	if s := j.shared(); !ok && s != nil {
		return s.entry(ctx, j.sandbox, id)
	}
	return x, ok, nil
}

// Look gives the journal as it is now.
func (j *Journal) Look(ctx context.Context) (Seen, error) {
	if s := j.shared(); s != nil {
		return s.look(ctx, j)
	}
	held, dropped := j.held()
	return Seen{held, dropped}, nil
}

// Watch tells of completed exchanges, until the context ends: the channel holds a signal whenever some have come since the last one was
// received. Of those of other processes it may miss some while the store cannot be reached.
func (j *Journal) Watch(ctx context.Context) (<-chan struct{}, error) {
	l := make(chan struct{}, 1)
	if s := j.shared(); s != nil {
		if err := s.logs.Follow(ctx, j.sandbox, func() { signal(l) }); err != nil {
			return nil, err
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.listeners[l] = struct{}{}
	context.AfterFunc(ctx, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		delete(j.listeners, l)
	})
	return l, nil
}

// Cut keeps the beginning of a body. The bytes are copied unless shared says that nobody will write to them.
func (j *Journal) Cut(body []byte, shared bool) Body {
	kept := body[:min(len(body), j.limits.Body)]
	if !shared {
		kept = slices.Clone(kept)
	}
	return Body{Bytes: kept, Size: len(body)}
}
