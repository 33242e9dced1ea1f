package mock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/coverage"
	"standin/mock/internal/journal"
	"standin/mock/internal/traffic"
)

// Coverage tells which operations, statuses, parameters, properties and members of enumerations of a contract exchanges used.
type Coverage struct {
	used    *coverage.Coverage
	partial bool // there were exchanges of which nothing is known any more
}

// CoverageFormats are those that [Coverage.Write] knows: text, json, junit and sarif.
func CoverageFormats() []string { return coverage.Formats() }

// NewCoverage begins with nothing used of c.
func NewCoverage(c *contract.Contract) *Coverage { return &Coverage{used: coverage.Of(c)} }

// AddTraffic notes what a file of recorded exchanges used, see [CheckTraffic] for the kinds of files.
func (k *Coverage) AddTraffic(ctx context.Context, c *contract.Contract, name string, text []byte) error {
	exchanges, _, err := traffic.Read(name, text)
	if err != nil {
		return err
	}
	for i := range exchanges {
		if err := ctx.Err(); err != nil {
			return err
		}
		if found := findRecorded(c, &exchanges[i]); found.Operation != nil {
			k.used.SeeRecorded(found, &exchanges[i])
		}
	}
	return nil
}

// Write writes what was used and what was not in one of [CoverageFormats]. least are the least percentages, as "80" for operations or
// "operations=100,statuses=50"; "" for none. kept tells whether they are reached.
func (k *Coverage) Write(w io.Writer, format, least string) (kept bool, err error) {
	t, err := thresholds(least)
	if err != nil {
		return false, err
	}
	r := k.used.Report()
	r.Partial = k.partial
	return len(r.Missed(t)) == 0, coverage.Write(w, format, r, t)
}

func thresholds(least string) (coverage.Thresholds, error) {
	t, ok := coverage.ParseThresholds(least)
	if least == "" || ok {
		return t, nil
	}
	var kinds []string
	for _, kind := range coverage.Kinds() {
		kinds = append(kinds, string(kind))
	}
	return nil, fmt.Errorf("thresholds look like 80, or operations=100,statuses=50 (of %s), not %q", strings.Join(kinds, ", "), least)
}

// CheckThresholds tells what is wrong with least percentages, as [Coverage.Write] takes them.
func CheckThresholds(least string) error {
	_, err := thresholds(least)
	return err
}

// CountCoverage counts what each exchange uses of the document, in each sandbox, until the server ends. Default: it is told of the
// exchanges that the journals still hold.
func CountCoverage() Option {
	return optionFunc(func(o *options) error { o.covers = true; return nil })
}

// Coverage tells what was used in all sandboxes together, those that are forgotten by now included where it is counted.
func (s *Server) Coverage(ctx context.Context) (*Coverage, error) {
	return controlled{s}.covered(ctx, "")
}

// Coverage tells what was used in the sandbox since it was last reset.
func (b *Sandbox) Coverage(ctx context.Context) (*Coverage, error) { return b.of.covered(ctx, b.id) }

// counted is the coverage of the sandboxes, as they are used.
type counted struct {
	mu     sync.Mutex
	of     *contract.Contract
	parts  *coverage.Parts // of that contract
	worlds map[string]*coverage.Coverage
	past   *coverage.Coverage // of sandboxes that are forgotten
}

// mostCounted bounds the sandboxes whose coverage is told apart.
const mostCounted = 1000

// in is the coverage of a sandbox; what was used of another version of the document is carried over by name.
func (k *counted) in(sandbox string, c *contract.Contract) *coverage.Coverage {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turnTo(c)
	one := k.worlds[sandbox]
	if one == nil {
		if len(k.worlds) >= mostCounted {
			for id := range k.worlds {
				k.leave(id)
			}
		}
		one = k.parts.New()
		k.worlds[sandbox] = one
	}
	return one
}

func (k *counted) turnTo(c *contract.Contract) {
	if k.of == c {
		return
	}
	parts := coverage.PartsOf(c)
	carry := func(old *coverage.Coverage) *coverage.Coverage {
		now := parts.New()
		if old != nil {
			now.Add(old)
		}
		return now
	}
	if k.worlds == nil {
		k.worlds = map[string]*coverage.Coverage{}
	}
	for id, old := range k.worlds {
		k.worlds[id] = carry(old)
	}
	k.of, k.parts, k.past = c, parts, carry(k.past)
}

// leave keeps what a sandbox used among the past.
func (k *counted) leave(sandbox string) {
	if one := k.worlds[sandbox]; one != nil {
		k.past.Add(one)
		delete(k.worlds, sandbox)
	}
}

// forget ends what is told of a sandbox alone. It may be nil.
func (k *counted) forget(sandbox string) {
	if k != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.leave(sandbox)
	}
}

// all is the coverage of all sandboxes together.
func (k *counted) all(c *contract.Contract) *coverage.Coverage {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turnTo(c)
	sum := k.parts.New()
	sum.Add(k.past)
	for _, one := range k.worlds {
		sum.Add(one)
	}
	return sum
}

// count notes what the exchange uses, where that is asked for.
func (x *exchange) count(rep *reply) {
	k, op := x.server.counted, x.operation()
	if k == nil || op == nil || !x.inspected {
		return
	}
	seen := &coverage.Seen{Operation: op, Values: x.given(), Status: rep.status}
	if traffic.RefusedBy(rep.source) {
		seen.Status = 0
	} else {
		seen.SetBody(rep.body)
	}
	k.in(x.sandbox, x.site.contract).See(seen)
}

// covered is the coverage of a sandbox, of all for "".
func (c controlled) covered(ctx context.Context, sandbox string) (*Coverage, error) {
	served := c.Contract()
	if c.counted != nil && sandbox == "" {
		return &Coverage{used: c.counted.all(served)}, nil
	}
	if c.counted != nil {
		return &Coverage{used: c.counted.in(sandbox, served)}, nil
	}
	if c.journals == nil {
		return nil, errNoJournal
	}
	of := []string{sandbox}
	if sandbox == "" {
		var err error
		if of, err = c.journals.Sandboxes(ctx); err != nil {
			return nil, kept(err)
		}
	}
	out := NewCoverage(served)
	for _, id := range of {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		seen, err := c.journals.In(id).Look(ctx)
		if err != nil {
			return nil, kept(err)
		}
		c.addJournal(out, seen)
	}
	return out, nil
}

// addJournal notes what the exchanges used that a journal holds.
func (c controlled) addJournal(k *Coverage, seen journal.Seen) {
	k.partial = k.partial || seen.Dropped > 0
	for _, x := range seen.Exchanges {
		recorded, err := x.Recorded("")
		if err != nil || !x.Answered || x.Operation == "" {
			continue
		}
		path, _ := c.basePath(recorded.URL.EscapedPath())
		if _, path, err = sandboxOf(&http.Request{Header: http.Header{}, URL: recorded.URL}, path); err != nil {
			continue
		}
		if found := c.Contract().Find(x.Method, path).With(recorded.URL.RawQuery); found.Operation != nil {
			k.used.SeeRecorded(found, recorded)
		}
	}
}

// Report writes the coverage of a sandbox, or of all; kept tells whether the least percentages are reached.
func (c controlled) Report(ctx context.Context, sandbox, format, least string) (text []byte, kept bool, err error) {
	k, err := c.covered(ctx, sandbox)
	if err != nil {
		return nil, false, err
	}
	if _, err := thresholds(least); err != nil {
		return nil, false, control.NewProblem(http.StatusUnprocessableEntity, "report", err.Error())
	}
	var b bytes.Buffer
	kept, err = k.Write(&b, format, least)
	return b.Bytes(), kept, err
}

// ForgetReport forgets what was used, in all sandboxes.
func (c controlled) ForgetReport() {
	if k := c.counted; k != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.of, k.worlds, k.past = nil, nil, nil
	}
}
