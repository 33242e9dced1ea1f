package store

import (
	"context"
	"errors"
	"slices"

	"go.etcd.io/bbolt"
)

// together is how many transactions reach the disk at once, at most.
const together = 256

// pending is a transaction that waits for the disk.
type pending struct {
	do   func(*bbolt.Tx) error
	done chan struct{}
	err  error
	// fault is what do panicked with, which the one who asked must meet.
	fault any
}

// write runs a transaction. Whoever has the turn also takes those that came meanwhile along, so that one wait for the disk serves all;
// alone, nobody waits for others to come.
func (s *File) write(ctx context.Context, do func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p := &pending{do: do, done: make(chan struct{})}
	s.mu.Lock()
	s.waiting = append(s.waiting, p)
	s.mu.Unlock()
	for {
		select {
		case <-p.done:
			return p.outcome()
		case s.turn <- struct{}{}:
			s.lead()
		case <-ctx.Done():
			if s.withdraw(p) {
				return ctx.Err()
			}
			<-p.done // it has begun
			return p.outcome()
		}
	}
}

func (p *pending) outcome() error {
	if p.fault != nil {
		panic(p.fault)
	}
	return told(p.err)
}

// withdraw takes a transaction back that has not begun.
func (s *File) withdraw(p *pending) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.waiting, p)
	if i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
	return i >= 0
}

// lead runs the transactions that wait, and gives the turn back.
func (s *File) lead() {
	s.mu.Lock()
	n := min(len(s.waiting), together)
	batch := slices.Clone(s.waiting[:n])
	s.waiting = slices.Delete(s.waiting, 0, n)
	s.mu.Unlock()
	defer func() { <-s.turn }()
	var failed []*pending
	for len(batch) > 0 {
		at := -1
		err := s.commit(func(tx *bbolt.Tx) error {
			for i, p := range batch {
				if err := p.run(tx); err != nil {
					at = i
					return err
				}
			}
			return nil
		})
		if at < 0 {
			for _, p := range batch {
				p.end(err)
			}
			break
		}
		failed = append(failed, batch[at]) // and the others begin anew without it
		batch = slices.Delete(batch, at, at+1)
	}
	for _, p := range failed { // alone, for it may have failed because of what others wrote, which then was not kept
		p.fault = nil
		p.end(s.commit(p.run))
	}
}

// commit runs a transaction of bbolt. What does not reach the disk counts for nothing.
func (s *File) commit(do func(*bbolt.Tx) error) error {
	before := s.total
	err := s.db.Update(do)
	if err != nil {
		s.total = before
	}
	return err
}

// run runs a transaction, and turns a panic into an error so that nobody else meets it.
func (p *pending) run(tx *bbolt.Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			p.fault, err = r, errPanic
		}
	}()
	return p.do(tx)
}

var errPanic = errors.New("the transaction panicked")

func (p *pending) end(err error) {
	p.err = err
	close(p.done)
}
