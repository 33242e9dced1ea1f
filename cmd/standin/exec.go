package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"standin/mock"
)

// execCommand serves for as long as a command runs.
func (a *app) execCommand() *cobra.Command {
	var f serveFlags
	allow, least := false, ""
	var reports []string
	c := &cobra.Command{
		Use:   "exec [[NAME=]DOC...] -- CMD [ARG...]",
		Short: "Serve documents while a command runs, which finds them at $STANDIN_URL",
		Long: `exec serves on any free port, runs CMD with STANDIN_URL set to where, and ends when CMD does, with its exit code. Requests and answers
that broke the document are listed; where CMD itself was content, they make the exit code 1, and so does coverage below --min-coverage.`,
		Example: "  standin exec openapi.yaml -- npm test\n  standin exec --min-coverage 90 --coverage-report junit=coverage.xml -- go test ./...",
		RunE: func(cmd *cobra.Command, args []string) error {
			dash := cmd.ArgsLenAtDash()
			if dash < 0 || dash == len(args) {
				return misuse("name the command behind --, as in: standin exec openapi.yaml -- npm test")
			}
			documents, err := a.several(cmd.Flags(), args[:dash], &f.fixtures)
			if err != nil {
				return err
			}
			if len(documents) > 1 && len(f.overlays) > 0 {
				return misuse("--overlay changes one document, and %d are served", len(documents))
			}
			documents[0].overlays = f.overlays
			if !cmd.Flags().Changed("port") && !cmd.Flags().Changed("listen") {
				if err := cmd.Flags().Set("port", "0"); err != nil {
					return err
				}
			}
			r := &guest{app: a, command: args[dash:]}
			if err := r.reports(least, reports, len(documents)); err != nil {
				return err
			}
			f.coverage = f.coverage || r.covers()
			f.made = r.keep
			f.more = append(f.more, mock.OnExchange(r.watch))
			f.ready = r.start
			quiet := &app{stdout: a.stderr, stderr: a.stderr, getenv: a.getenv} // the command's output is what was asked for
			return r.outcome(cmd.Context(), quiet.serve(r.within(cmd.Context()), documents, &f, cmd.Flags()), allow)
		},
	}
	f.add(c.Flags())
	c.Flags().BoolVar(&allow, "allow-violations", false, "let requests break the document")
	c.Flags().StringVar(&least, "min-coverage", "", "least percentages of the document that CMD uses, such as 80 (of operations) or operations=100,statuses=50 (default: none)")
	c.Flags().StringArrayVar(&reports, "coverage-report", nil, "FORMAT=FILE: write what CMD used of the document, as "+strings.Join(mock.CoverageFormats(), ", ")+"; may be given several times")
	return c
}

// guest is the command that runs beside a server.
type guest struct {
	app     *app
	command []string
	least   string
	files   map[string]string // reports on coverage, by file: their format
	servers []*mock.Server

	mu     sync.Mutex
	began  bool
	broken []mock.Exchange
	err    error
	end    context.CancelFunc
}

// reports reads what is to be told of coverage.
func (g *guest) reports(least string, files []string, documents int) error {
	g.least, g.files = least, map[string]string{}
	for _, one := range files {
		format, file, ok := strings.Cut(one, "=")
		if !ok || file == "" || !slices.Contains(mock.CoverageFormats(), format) {
			return misuse("--coverage-report is FORMAT=FILE with one of %s, not %q", strings.Join(mock.CoverageFormats(), ", "), one)
		}
		if documents > 1 {
			return misuse("--coverage-report writes of one document, and %d are served", documents)
		}
		g.files[file] = format
	}
	if err := mock.CheckThresholds(least); err != nil {
		return misuse("--min-coverage: %w", err)
	}
	return nil
}

func (g *guest) covers() bool { return g.least != "" || len(g.files) > 0 }

func (g *guest) keep(s *mock.Server) { g.servers = append(g.servers, s) }

// covered writes what the command used, and tells whether that is enough.
func (g *guest) covered(ctx context.Context) (kept bool, err error) {
	kept = true
	for _, s := range g.servers {
		k, err := s.Coverage(ctx)
		if err != nil {
			return false, err
		}
		for name, format := range g.files {
			file, err := os.Create(name)
			if err != nil {
				return false, err
			}
			_, err = k.Write(file, format, g.least)
			if err := errors.Join(err, file.Close()); err != nil {
				return false, err
			}
		}
		var text strings.Builder
		enough, err := k.Write(&text, "text", g.least)
		if err != nil {
			return false, err
		}
		if !enough {
			kept = false
			fmt.Fprint(g.app.stderr, text.String())
		}
	}
	return kept, nil
}

// within makes a context that ends with the command.
func (g *guest) within(ctx context.Context) context.Context {
	ctx, g.end = context.WithCancel(ctx)
	return ctx
}

// start runs the command in the background, once the server answers.
func (g *guest) start(ctx context.Context, base string) {
	g.mu.Lock()
	g.began = true
	g.mu.Unlock()
	go func() {
		defer g.end()
		cmd := exec.CommandContext(ctx, g.command[0], g.command[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, g.app.stdout, g.app.stderr
		cmd.Env = append(os.Environ(), "STANDIN_URL="+base)
		err := cmd.Run()
		g.mu.Lock()
		defer g.mu.Unlock()
		g.err = err
	}()
}

// watch keeps what breaks the document from when the command runs.
func (g *guest) watch(e mock.Exchange) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.began && (len(e.Request)+len(e.Response) > 0 || e.Refused != "") {
		g.broken = append(g.broken, e)
	}
}

// outcome is how it all ended.
func (g *guest) outcome(ctx context.Context, served error, allow bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.began {
		return served
	}
	for _, e := range g.broken {
		if allow && len(e.Response) == 0 {
			continue
		}
		fmt.Fprintf(g.app.stderr, "standin: %s\n", e)
	}
	enough := true
	if g.covers() {
		var err error
		if enough, err = g.covered(context.WithoutCancel(ctx)); err != nil {
			return failed(err)
		}
	}
	var exit *exec.ExitError
	switch {
	case errors.As(g.err, &exit):
		return &exitError{max(exit.ExitCode(), 1), nil}
	case g.err != nil:
		return failed(fmt.Errorf("%s cannot be run: %w", g.command[0], g.err))
	case served != nil:
		return served
	case !enough:
		return &exitError{exitBroken, nil}
	}
	for _, e := range g.broken {
		if !allow || len(e.Response) > 0 {
			return &exitError{exitBroken, nil}
		}
	}
	return nil
}
