package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"

	"github.com/spf13/cobra"

	"standin/mock"
)

// execCommand serves for as long as a command runs.
func (a *app) execCommand() *cobra.Command {
	var f serveFlags
	allow := false
	c := &cobra.Command{
		Use:   "exec [[NAME=]DOC...] -- CMD [ARG...]",
		Short: "Serve documents while a command runs, which finds them at $STANDIN_URL",
		Long: `exec serves on any free port, runs CMD with STANDIN_URL set to where, and ends when CMD does, with its exit code. Requests and answers
that broke the document are listed; where CMD itself was content, they make the exit code 1.`,
		Example: "  standin exec openapi.yaml -- npm test\n  standin exec --closed -- go test ./...",
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
			f.more = append(f.more, mock.OnExchange(r.watch))
			f.ready = r.start
			quiet := &app{stdout: a.stderr, stderr: a.stderr, getenv: a.getenv} // the command's output is what was asked for
			return r.outcome(quiet.serve(r.within(cmd.Context()), documents, &f, cmd.Flags()), allow)
		},
	}
	f.add(c.Flags())
	c.Flags().BoolVar(&allow, "allow-violations", false, "let requests break the document")
	return c
}

// guest is the command that runs beside a server.
type guest struct {
	app     *app
	command []string

	mu     sync.Mutex
	began  bool
	broken []mock.Exchange
	err    error
	end    context.CancelFunc
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
func (g *guest) outcome(served error, allow bool) error {
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
	var exit *exec.ExitError
	switch {
	case errors.As(g.err, &exit):
		return &exitError{max(exit.ExitCode(), 1), nil}
	case g.err != nil:
		return failed(fmt.Errorf("%s cannot be run: %w", g.command[0], g.err))
	case served != nil:
		return served
	}
	for _, e := range g.broken {
		if !allow || len(e.Response) > 0 {
			return &exitError{exitBroken, nil}
		}
	}
	return nil
}
