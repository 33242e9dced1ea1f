package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/internal/store"
)

// processShift is where the number of the process stands in the id of an exchange; below it, each counts its own.
const processShift = 32

// retryAfter is how long a process that could not reach the logs waits until it tries again.
const retryAfter = time.Second

// behind tells whether the logs lack exchanges of this process.
type behind struct {
	is    atomic.Bool
	mu    sync.Mutex // held while they are added, and to read the others
	timer *time.Timer
	ended bool
}

// share adds a completed exchange to the logs, before its answer is sent. If that fails, catchUp does it later.
func (s *Journals) share(j *Journal, x *Exchange) {
	if s.behind.is.Load() {
		return
	}
	if s.send(j, x) != nil {
		s.fallBehind()
	}
}

// send adds an exchange to the logs, which then keep it instead of this process.
func (s *Journals) send(j *Journal, x *Exchange) error {
	text, err := pack(x)
	if err != nil {
		return err
	}
	limits := store.LogLimits{Entries: s.limits.Exchanges, Bytes: s.limits.Bytes, Logs: mostJournals, AllBytes: mostHeld}
	// What was answered is kept, whatever becomes of the client. The store has its own patience.
	if err := s.logs.Append(context.Background(), j.sandbox, store.Entry{ID: x.ID, Text: text}, limits); err != nil {
		return err
	}
	j.remove(x.ID)
	return nil
}

func (s *Journals) fallBehind() {
	s.behind.mu.Lock()
	defer s.behind.mu.Unlock()
	if !s.behind.ended && !s.behind.is.Swap(true) {
		s.behind.timer = time.AfterFunc(retryAfter, s.catchUp)
	}
}

// catchUp adds what the logs lack.
func (s *Journals) catchUp() {
	s.behind.mu.Lock()
	defer s.behind.mu.Unlock()
	if s.behind.ended {
		return
	}
	err := s.sendAll()
	if err == nil {
		s.behind.is.Store(false)
		err = s.sendAll() // those that were completed just before
	}
	if err != nil {
		s.behind.is.Store(true)
		s.behind.timer = time.AfterFunc(retryAfter, s.catchUp)
	}
}

func (s *Journals) sendAll() error {
	for _, j := range s.here() {
		held, _ := j.held()
		for _, x := range held {
			if !x.Answered {
				continue
			}
			if err := s.send(j, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close adds what the logs lack, if they can be reached. The error tells that they could not.
func (s *Journals) Close() error {
	if s == nil || s.logs == nil {
		return nil
	}
	s.behind.mu.Lock()
	defer s.behind.mu.Unlock()
	s.behind.ended = true
	if s.behind.timer != nil {
		s.behind.timer.Stop()
	}
	if !s.behind.is.Load() {
		return nil
	}
	return s.sendAll()
}

// look gives what the log of a sandbox holds, then what this process holds.
func (s *Journals) look(ctx context.Context, j *Journal) (Seen, error) {
	held, here := j.held() // first, as it may be sent and removed meanwhile
	entries, dropped, err := s.logs.Log(ctx, j.sandbox)
	if err != nil {
		return Seen{}, err
	}
	out := Seen{Exchanges: make([]*Exchange, 0, len(entries)+len(held)), Dropped: dropped + here}
	known := make(map[string]bool, len(entries))
	for _, e := range entries {
		x, err := unpack(e.Text)
		if err != nil {
			return Seen{}, err
		}
		known[x.ID] = true
		out.Exchanges = append(out.Exchanges, x)
	}
	for _, x := range held {
		if !known[x.ID] {
			out.Exchanges = append(out.Exchanges, x)
		}
	}
	return out, nil
}

// entry gives an exchange that the logs hold, of any sandbox for "".
func (s *Journals) entry(ctx context.Context, sandbox, id string) (*Exchange, bool, error) {
	e, found, err := s.logs.Entry(ctx, sandbox, id)
	if err != nil || !found {
		return nil, false, err
	}
	x, err := unpack(e.Text)
	return x, err == nil, err
}

// packed is an exchange as logs keep it. What JSON tells clients of a violation is not all of it.
type packed struct {
	Exchange
	Request, Response []packedViolation
}

type packedViolation struct {
	contract.Violation
	Operation string
	Rule      struct {
		File      string
		Line, Col int
	} `json:"rule"`
}

func pack(x *Exchange) (string, error) {
	text, err := json.Marshal(packed{*x, packViolations(x.Request), packViolations(x.Response)})
	return string(text), err
}

func packViolations(all []contract.Violation) []packedViolation {
	out := make([]packedViolation, len(all))
	for i, v := range all {
		out[i].Violation, out[i].Operation = v, v.Operation
		out[i].Rule.File, out[i].Rule.Line, out[i].Rule.Col = v.Rule.File, v.Rule.Line, v.Rule.Col
	}
	return out
}

func unpack(text string) (*Exchange, error) {
	var p packed
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("the journal holds what is no exchange: %w", err)
	}
	x := p.Exchange
	x.Request, x.Response = unpackViolations(p.Request), unpackViolations(p.Response)
	return &x, nil
}

func unpackViolations(all []packedViolation) []contract.Violation {
	var out []contract.Violation
	for _, p := range all {
		p.Violation.Operation = p.Operation
		p.Violation.Rule = source.Position{File: p.Rule.File, Line: p.Rule.Line, Col: p.Rule.Col}
		out = append(out, p.Violation)
	}
	return out
}
