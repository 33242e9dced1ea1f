package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run the command within this test binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"standin": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			a := &app{stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
			os.Exit(a.run(ctx, os.Args[1:]))
		},
	})
}

// TestScripts are user stories over the real command, see testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			root, err := filepath.Abs(filepath.Join("..", ".."))
			env.Setenv("ROOT", root)
			if err != nil {
				return err
			}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			_, port, _ := net.SplitHostPort(l.Addr().String())
			env.Setenv("FREEPORT", port) // for a server that cannot choose one and tell
			return l.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"url":     scriptURL,
			"waitfor": scriptWait,
			"exit":    scriptExit,
		},
	})
}

// patience is how long a script waits for something that must happen.
const patience = 20 * time.Second

// await looks again and again until look says yes.
func await(ts *testscript.TestScript, what string, look func() bool) {
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !look() {
		select {
		case <-tick.C:
		case <-deadline:
			ts.Fatalf("waited %v in vain for %s", patience, what)
		}
	}
}

// scriptURL: url FILE waits for a ready file and sets $URL to what it holds.
func scriptURL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: url FILE")
	}
	await(ts, args[0], func() bool {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		ts.Setenv("URL", strings.TrimSpace(string(text)))
		return err == nil
	})
}

// scriptWait: waitfor FILE PATTERN waits until a line of the file matches.
func scriptWait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: waitfor FILE PATTERN")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	await(ts, fmt.Sprintf("%q in %s", args[1], args[0]), func() bool {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && pattern.Match(text)
	})
}

// scriptExit: exit CODE COMMAND… runs standin and demands the exit code.
func scriptExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}
