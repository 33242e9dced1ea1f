package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock/verify"
)

// verifyFlags are those of standin verify.
type verifyFlags struct {
	target, methods, baseline, setup   string
	headers, headerEnv, reports        []string
	without, skip, only, overlays      []string
	failOn                             []string
	seed                               uint64
	random, most, workers              int
	rate                               float64
	maxTime, slow, wait, clientTimeout time.Duration
}

func (f *verifyFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.target, "target", "", "URL in front of the document's paths, such as http://localhost:3000/api (required)")
	flags.StringVar(&f.methods, "methods", "safe", "safe asks what changes nothing, all also creates, changes and deletes")
	flags.StringArrayVar(&f.headers, "header", nil, "header of each request, NAME: VALUE; may be given several times")
	flags.StringArrayVar(&f.headerEnv, "header-env", nil, "header of each request whose value an environment variable holds, NAME=VAR; told as $TOKEN")
	flags.StringArrayVar(&f.reports, "report", nil, "FORMAT=FILE: text, json, ndjson, junit, sarif, html, github or gitlab; may be given several times (default: text to stdout)")
	flags.StringVar(&f.baseline, "baseline", "", "JSON report of an earlier run: what it has found already does not fail this one (default: none)")
	flags.StringVar(&f.setup, "setup", "", "YAML or JSON file of logins, credentials, rows to begin with, and what is skipped or not checked of operations; see below (default: none)")
	flags.StringSliceVar(&f.failOn, "fail-on", []string{"all"}, "checks whose findings give exit code 1; also all, flaky and none")
	flags.StringSliceVar(&f.without, "without", nil, "check that is not made: "+strings.Join(verify.Checks(), ", "))
	flags.StringSliceVar(&f.skip, "skip", nil, "operation that is not asked")
	flags.StringSliceVar(&f.only, "only", nil, "operation that is asked (default: all)")
	documentFlags(flags, &f.overlays)
	flags.Uint64Var(&f.seed, "seed", 1, "decides what is made up; the same seed sends the same requests")
	flags.IntVar(&f.random, "random", 5, "made-up requests of each operation")
	flags.IntVar(&f.most, "max-cases", 150, "requests at boundaries of each operation, at most")
	flags.IntVar(&f.workers, "workers", 4, "requests under way at once")
	flags.Float64Var(&f.rate, "rate", 0, "requests a second at most (0: no bound)")
	flags.DurationVar(&f.maxTime, "max-time", 0, "ends the run early (0: never)")
	flags.DurationVar(&f.slow, "max-response-time", 0, "how long an answer may take (0: as long as it likes)")
	flags.DurationVar(&f.wait, "wait", 0, "how long to wait for the target to answer at all, such as 60s")
	flags.DurationVar(&f.clientTimeout, "timeout", 30*time.Second, "how long to wait for one answer")
}

func (a *app) verifyCommand() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use:   "verify DOC --target URL",
		Short: "Ask a live server whether it keeps the document",
		Long: `verify sends requests to each operation: examples, values at every boundary and beyond, made-up ones, undocumented methods, missing
credentials, and with --methods all the life of a row from its creation to its deletion. What the answers break is told once for each
cause, with a curl line, after it was seen again twice.

Whoever must log in is logged in as the document's x-mock.login says, or with what --header, --header-env or --setup give; what is given
is also tried wrong. A file for --setup has, each where it is needed:

  login: {operation: logIn, body: {name: ann, password: $PASSWORD}, token: /token, scheme: session, header: "Bearer {token}"}
  credentials: {key: $API_KEY}                  by security scheme; $NAME is an environment variable
  rows:                                         requests that are sent before the others
    - {operation: createPet, body: {name: Rex}, as: pet}
  operations:
    getPet: {path: {id: "{{ pet.id }}"}}        values that are there
    deletePet: {skip: it mails the owner}
    listPets: {without: [body]}                 checks that are not made; "*" is for all operations

Exit codes: 0 kept, 1 broken promises found, 2 misuse, 3 could not run or nothing could be asked.`,
		Example: "  standin verify openapi.yaml --target http://localhost:3000\n  standin verify openapi.yaml --target https://staging.example.com --methods all --header-env Authorization=TOKEN --report junit=verify.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, nil)
			if err != nil {
				return err
			}
			o, err := f.options(a)
			if err != nil {
				return err
			}
			d.overlays = f.overlays
			return a.verify(cmd.Context(), d, &f, o)
		},
	}
	f.add(c.Flags())
	return c
}

// options turns flags into those of a run.
func (f *verifyFlags) options(a *app) (verify.Options, error) {
	o := verify.Options{
		Header: http.Header{}, All: f.methods == "all", Without: f.without, Skip: f.skip, Only: f.only, Seed: f.seed, Random: f.random, Most: f.most,
		Workers: f.workers, Rate: f.rate, MaxTime: f.maxTime, Slow: f.slow,
		Client: &http.Client{Timeout: f.clientTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	if f.target == "" {
		return o, misuse("say which server: --target http://localhost:3000")
	}
	if f.methods != "safe" && f.methods != "all" {
		return o, misuse("--methods is safe or all, not %q", f.methods)
	}
	for _, line := range f.headers {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return o, misuse("--header is NAME: VALUE, not %q", line)
		}
		o.Header.Set(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	for _, pair := range f.headerEnv {
		name, variable, ok := strings.Cut(pair, "=")
		if !ok || a.getenv(variable) == "" {
			return o, misuse("--header-env is NAME=VAR with a variable that is set, not %q", pair)
		}
		o.Header.Set(name, a.getenv(variable))
		o.Secret = append(o.Secret, name)
	}
	for _, name := range f.failOn {
		if name != "all" && name != "flaky" && name != "none" && !slices.Contains(verify.Checks(), name) {
			return o, misuse("--fail-on is all, flaky, none or checks, of %s, not %q", strings.Join(verify.Checks(), ", "), name)
		}
	}
	if f.setup != "" {
		text, err := os.ReadFile(f.setup)
		if err != nil {
			return o, misuse("the setup cannot be read: %w", err)
		}
		if o.Setup, err = verify.ParseSetup(filepath.ToSlash(f.setup), text, a.getenv); err != nil {
			return o, misuse("%w", err)
		}
	}
	for _, r := range f.reports {
		format, file, ok := strings.Cut(r, "=")
		if !ok || file == "" || verifyReports()[format] == nil {
			return o, misuse("--report is FORMAT=FILE with text, json, ndjson, junit, sarif, html, github or gitlab, not %q", r)
		}
	}
	if f.workers < 1 || f.random < 0 || f.most < 1 || f.rate < 0 {
		return o, misuse("--workers and --max-cases are at least 1, --random and --rate at least 0")
	}
	return o, nil
}

// verify runs, tells and decides.
func (a *app) verify(ctx context.Context, d document, f *verifyFlags, o verify.Options) error {
	c, err := d.load(ctx)
	if err != nil {
		return err
	}
	known, err := f.known()
	if err != nil {
		return err
	}
	if err := f.awaited(ctx); err != nil {
		return failed(err)
	}
	if terminal(a.stderr) {
		o.Progress = func(done, all int) { fmt.Fprintf(a.stderr, "\r%d of %d operations", done, all) }
		defer fmt.Fprintln(a.stderr)
	}
	if f.random == 0 {
		o.Random = -1
	}
	report, err := verify.Run(ctx, c, f.target, o)
	if report == nil {
		return misuse("%w", err)
	}
	if errTell := f.tell(a.stdout, report); errTell != nil {
		return failed(errTell)
	}
	switch {
	case err != nil:
		return failed(err)
	case f.fails(report, known):
		return &exitError{code: exitBroken}
	}
	return nil
}

// fails tells whether there is a finding of those that are to fail, and that nobody knew.
func (f *verifyFlags) fails(r *verify.Report, known map[string]bool) bool {
	counts := func(one verify.Finding) bool {
		return !known[one.Fingerprint] && (slices.Contains(f.failOn, "all") || slices.Contains(f.failOn, one.Check))
	}
	return slices.ContainsFunc(r.Findings, counts) ||
		slices.Contains(f.failOn, "flaky") && slices.ContainsFunc(r.Flaky, func(one verify.Finding) bool { return !known[one.Fingerprint] })
}

// known are the fingerprints of the baseline.
func (f *verifyFlags) known() (map[string]bool, error) {
	out := map[string]bool{}
	if f.baseline == "" {
		return out, nil
	}
	text, err := os.ReadFile(f.baseline)
	if err != nil {
		return nil, misuse("the baseline cannot be read: %w", err)
	}
	var before struct {
		Findings []struct{ Fingerprint string }
	}
	if err := json.Unmarshal(text, &before); err != nil {
		return nil, misuse("the baseline is no JSON report of a run: %w", err)
	}
	for _, one := range before.Findings {
		out[one.Fingerprint] = true
	}
	return out, nil
}

// awaited waits until the target answers anything.
func (f *verifyFlags) awaited(ctx context.Context) error {
	if f.wait <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.target, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(r); err == nil {
			return response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer within %v", f.target, f.wait)
		case <-tick.C:
		}
	}
}

// tell writes the reports.
func (f *verifyFlags) tell(stdout io.Writer, r *verify.Report) error {
	if len(f.reports) == 0 {
		return verifyReports()["text"](stdout, r)
	}
	var errs []error
	for _, one := range f.reports {
		format, name, _ := strings.Cut(one, "=")
		if name == "-" {
			errs = append(errs, verifyReports()[format](stdout, r))
			continue
		}
		file, err := os.Create(name)
		if err != nil {
			return err
		}
		errs = append(errs, verifyReports()[format](file, r), file.Close())
	}
	return errors.Join(errs...)
}
