package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitKept   = 0 // all is well
	exitBroken = 1 // broken promises were found
	exitMisuse = 2 // the command line, the environment or the config file is wrong
	exitFailed = 3 // it could not run
)

// app is everything that the command touches of its process, so that tests can run it within theirs.
//
// The voice of its messages: what was asked for goes to stdout, everything else to stderr; errors begin with "standin:", in
// lower case, without a final period, and say what to do about them where we know.
type app struct {
	stdout, stderr io.Writer
	getenv         func(string) string
}

// exitError carries an exit code up to run. A nil err has been reported already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func misuse(format string, args ...any) error {
	return &exitError{exitMisuse, fmt.Errorf(format, args...)}
}

func failed(err error) error { return &exitError{exitFailed, err} }

// run executes a command line and gives the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(withServe(root, args))
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitKept
	}
	exit, ok := errors.AsType[*exitError](err)
	if !ok { // cobra's own: unknown flags and commands
		exit = &exitError{exitMisuse, err}
	}
	if exit.err != nil {
		fmt.Fprintf(a.stderr, "standin: %v\n", exit.err)
		if exit.code == exitMisuse {
			fmt.Fprintln(a.stderr, "standin: see standin -h")
		}
	}
	return exit.code
}

// withServe puts serve in front where no command is named: standin openapi.yaml --port 0.
func withServe(root *cobra.Command, args []string) []string {
	if len(args) > 0 {
		first := args[0]
		switch first {
		case "-h", "--help", "--version", "help", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd:
			return args
		}
		for _, c := range root.Commands() {
			if c.Name() == first || c.HasAlias(first) {
				return args
			}
		}
	}
	return append([]string{"serve"}, args...)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "standin [command] [DOC]",
		Short: "A mock API server that keeps its OpenAPI document's word",
		Long: `standin serves an OpenAPI 2.0, 3.0 or 3.1 document as if the backend were there: it checks every request, refuses
what breaks the document, and answers the rest from fixtures, documented examples or generated values.

Without a command it serves. Without a document it serves openapi.{yaml,yml,json} or swagger.* of this folder, and where
there is none, a demo. Flags win over STANDIN_… variables (STANDIN_PORT for --port), and those over standin.yaml.

Exit codes: 0 kept, 1 broken promises found, 2 misuse, 3 could not run.`,
		Example:       "  standin openapi.yaml --port 4010\n  curl -i http://localhost:4010/pets -H 'Prefer: code=404'",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		a.serveCommand(), a.demoCommand(), a.proxyCommand(), a.checkCommand(), a.coverageCommand(), a.verifyCommand(), a.execCommand(), a.routesCommand(), a.diffCommand(),
		a.historyCommand(), a.exportCommand(), a.generateCommand(), a.schemaCommand(), a.healthCommand(),
		a.versionCommand(),
	)
	return root
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(a.stdout, "standin", version())
			return nil
		},
	}
}

// version is that of the module as built, with the commit where the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	out := info.Main.Version
	if out == "" || out == "(devel)" {
		out = "development"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && !strings.Contains(out, s.Value[:12]) {
			out += " " + s.Value[:12]
		}
	}
	return out + " " + info.GoVersion
}

// terminal tells whether w is a terminal, for colours and log lines that people read.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
