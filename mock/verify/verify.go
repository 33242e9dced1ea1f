// Package verify asks a live server whether it keeps the contract.
//
// [Run] sends requests to each operation: its documented examples, values at every boundary of its schemas and one step beyond, values
// made up from a seed, undocumented methods, missing credentials, and sequences that create, read, change and delete. Each answer is held
// to the contract, and what breaks it is a [Finding]: sent again to tell whether it happens every time, made as small as it can be, and
// told once for each cause.
package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/coverage"
	"standin/mock/internal/fake"
)

// Checks are the names of all checks, in the order of their gravity.
func Checks() []string {
	return []string{
		"server-error", "status", "media-type", "header", "body", "invalid-accepted", "valid-refused", "method", "credentials", "head", "negotiation", "deleted", "created",
		"updated", "slow",
	}
}

// Options of a run; a zero field takes its default.
type Options struct {
	// Header goes with each request; secret names those of its fields that are told as $TOKEN.
	Header http.Header
	Secret []string
	// All also sends methods that may change something. Default: GET, HEAD and OPTIONS only.
	All bool
	// Credentials are what is sent for security schemes, by their ids: a key, a token, or NAME:PASSWORD. A scheme that has one, or whose
	// header is in Header, is also tried with a wrong one.
	Credentials map[string]string
	// Setup is what a target needs to be asked, nil for nothing.
	Setup *Setup
	// Without are checks that are not made; Skip are ids of operations that are not asked.
	Without, Skip []string
	// Only are ids of the operations that are asked; none for all.
	Only []string
	// Seed decides what is made up, Random how many requests of each operation are (5).
	Seed   uint64
	Random int
	// Most is how many requests at boundaries an operation gets at most (150).
	Most int
	// Workers is how many requests are under way at once (4), Rate how many are sent a second at most (no bound).
	Workers int
	Rate    float64
	// MaxTime ends the run early; 0 for never. Slow is how long an answer may take; 0 for as long as it likes.
	MaxTime, Slow time.Duration
	// Client sends the requests; one that follows no redirects, and waits 30 s.
	Client *http.Client
	// Progress is told after each operation how many of all are done.
	Progress func(done, all int)
}

// ErrNothing tells that no request could be sent.
var ErrNothing = errors.New("nothing was verified: no operation could be asked")

// Run verifies the server at target, an absolute URL that stands in front of the document's paths. An error tells that it could not be
// done; what was found before is in the report all the same.
func Run(ctx context.Context, c *contract.Contract, target string, o Options) (*Report, error) {
	base, err := url.Parse(strings.TrimRight(target, "/"))
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("the target is an absolute URL, such as http://localhost:8080, not %q", target)
	}
	for _, name := range o.Without {
		if !slices.Contains(Checks(), name) {
			return nil, fmt.Errorf("there is no check %q; there is %s", name, strings.Join(Checks(), ", "))
		}
	}
	for _, id := range slices.Concat(o.Skip, o.Only) {
		if c.Operation(id) == nil {
			return nil, fmt.Errorf("the document has no operation %q", id)
		}
	}
	if err := o.Setup.fits(c); err != nil {
		return nil, err
	}
	if o.MaxTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.MaxTime)
		defer cancel()
	}
	r := newRun(c, base, o.orDefaults())
	began := time.Now()
	report := &Report{Target: base.String(), Seed: o.Seed, Findings: []Finding{}}
	if err := r.prepare(ctx); err != nil {
		return report, errors.Join(ErrNothing, err)
	}
	r.all(ctx, report)
	report.Took = time.Since(began)
	if report.Cases == 0 {
		return report, errors.Join(ErrNothing, r.failure())
	}
	return report, r.failure()
}

func (o Options) orDefaults() Options {
	if o.Random == 0 {
		o.Random = 5
	}
	if o.Most == 0 {
		o.Most = 150
	}
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return o
}

// run is one run.
type run struct {
	Options
	contract  *contract.Contract
	base      *url.URL
	generator *fake.Generator
	model     *backend.Model
	lives     []*life
	links     []*link
	keys      keys
	rows      rows
	used      *coverage.Coverage
	secrets   secrets

	cases atomic.Int64
	turn  atomic.Int64 // counts what is new each time
	mu    sync.Mutex
	found map[string]*Finding
	order []string // fingerprints, as they were found
	err   error    // why the target could not be reached
	next  time.Time
}

func newRun(c *contract.Contract, base *url.URL, o Options) *run {
	r := &run{
		Options: o, contract: c, base: base, generator: fake.New(), model: backend.New(c), found: map[string]*Finding{}, used: coverage.Of(c),
		keys: keys{of: maps.Clone(o.Credentials)}, rows: rows{of: map[string]*rowKey{}, led: map[*link]*followed{}}, secrets: secretsOf(c, o.Secret),
	}
	if r.keys.of == nil {
		r.keys.of = map[string]string{}
	}
	r.lives, r.links = r.livesOf(), r.linksOf()
	return r
}

func (r *run) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// all asks every operation, several at once.
func (r *run) all(ctx context.Context, report *Report) {
	operations := r.contract.Operations()
	tallies := make([]Tally, len(operations))
	done := atomic.Int64{}
	// What changes nothing comes first, several at once; then the rest one after another, so that none meets what another does, and what
	// deletes at the end.
	for _, round := range []struct {
		takes   func(method string) bool
		workers int
	}{
		{safe, r.Workers}, {func(m string) bool { return !safe(m) && m != http.MethodDelete }, 1}, {func(m string) bool { return m == http.MethodDelete }, 1},
	} {
		work := make(chan int)
		var wait sync.WaitGroup
		for range round.workers {
			wait.Go(func() {
				for i := range work {
					tallies[i] = r.operation(ctx, operations[i])
					if r.Progress != nil {
						r.Progress(int(done.Add(1)), len(operations))
					}
				}
			})
		}
		for i, op := range operations {
			if round.takes(op.Method) {
				work <- i
			}
		}
		close(work)
		wait.Wait()
	}
	if r.All && ctx.Err() == nil {
		r.sequences(ctx)
	}
	r.follow(ctx)
	report.Operations, report.Cases = tallies, int(r.cases.Load())
	r.tellCoverage(report)
	for _, id := range r.order {
		if f := r.found[id]; f.Flaky {
			report.Flaky = append(report.Flaky, *f)
		} else {
			report.Findings = append(report.Findings, *f)
		}
	}
	rank := func(f Finding) int { return slices.Index(Checks(), f.Check) }
	slices.SortStableFunc(report.Findings, func(a, b Finding) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return strings.Compare(a.Fingerprint, b.Fingerprint)
	})
	report.NotRun = notRun(tallies, ctx)
}

// notRun tells what was left out.
func notRun(tallies []Tally, ctx context.Context) []string {
	why := map[string]int{}
	for _, t := range tallies {
		if t.Skipped != "" {
			why[t.Skipped]++
		}
	}
	var out []string
	for reason, n := range why {
		out = append(out, fmt.Sprintf("%d operations: %s", n, reason))
	}
	slices.Sort(out)
	if ctx.Err() != nil {
		out = append(out, "the time was up before all was asked")
	}
	return out
}

// safe tells whether a method changes nothing (RFC 9110, 9.2.1).
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == "QUERY"
}

// operation asks one operation.
func (r *run) operation(ctx context.Context, op *contract.Operation) Tally {
	t := Tally{Operation: op.ID, Method: op.Method, Path: op.Template, Seen: []int{}}
	for _, one := range op.Responses().All {
		t.Documented = append(t.Documented, one.Status)
	}
	if t.Skipped = r.skipped(op); t.Skipped == "" && ctx.Err() != nil {
		t.Skipped = "the time was up"
	}
	if t.Skipped != "" {
		return t
	}
	cases, err := r.casesOf(ctx, op)
	if err != nil {
		t.Skipped = "no valid request could be made: " + err.Error()
		return t
	}
	for _, one := range cases {
		if ctx.Err() != nil || r.failure() != nil {
			break
		}
		a, came := r.judge(ctx, one)
		if !came {
			continue
		}
		if t.Cases++; a.status > 0 && !slices.Contains(t.Seen, a.status) {
			t.Seen = append(t.Seen, a.status)
		}
	}
	slices.Sort(t.Seen)
	return t
}

// skipped tells why an operation is not asked, "" if it is.
func (r *run) skipped(op *contract.Operation) string {
	switch {
	case slices.Contains(r.Skip, op.ID) || len(r.Only) > 0 && !slices.Contains(r.Only, op.ID):
		return "not asked for"
	case r.Setup.skip(op) != "":
		return r.Setup.skip(op)
	case !r.All && !safe(op.Method):
		return "they may change something; --methods all asks them too"
	case op.Broken():
		return "the document leaves them without an answer"
	case strings.ContainsAny(op.Template, "#?"):
		return "their paths cannot be asked for by themselves"
	}
	return ""
}
