package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// summary is what the black-box sweep counts for one document.
type summary struct {
	Ops, Skipped, Sent, OK, Checkable, Valid, Neg, NegRejected, NoAuth, NoAuthRejected int
	ServerErrors, Errors                                                               int
}

// TestSweep drives the real server with a tool that shares no code with it: every valid request must be answered as
// documented with a valid body, every certainly invalid one refused.
func TestSweep(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: the black-box sweep is not run")
	}
	corpus := filepath.Join(shared, "corpus")
	stateless := []string{"--state", "off"} // else what one request deletes is gone for the next, in whatever order they come
	for name, c := range map[string]struct {
		document string
		flags    []string
		sweep    []string
	}{
		"demo":            {document: filepath.Join("..", "..", "openapi.yaml"), flags: []string{"--errors", "problem", "--state", "off"}, sweep: []string{"--token", "OAuth 0123456789abcdef0123456789abcdef"}},
		"control":         {document: filepath.Join("..", "..", "mock", "internal", "control", "openapi.yaml")},
		"petstore3":       {document: filepath.Join(corpus, "petstore3.yaml"), flags: stateless},
		"museum":          {document: filepath.Join(corpus, "museum.yaml"), flags: stateless},
		"tictactoe":       {document: filepath.Join(corpus, "tictactoe.yaml"), flags: stateless},
		"uspto":           {document: filepath.Join(corpus, "uspto.yaml"), flags: stateless},
		"discriminators":  {document: filepath.Join(corpus, "discriminators.json"), flags: stateless},
		"schema-circular": {document: filepath.Join(corpus, "schema-circular.json"), flags: stateless},
		"twilio":          {document: filepath.Join(corpus, "twilio-messaging.yaml"), flags: stateless},
		"lob":             {document: filepath.Join(corpus, "lob.yml"), flags: stateless},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && (name == "lob" || name == "twilio") {
				t.Skip("a larger document takes its time")
			}
			s := sweep(t, shared, c.document, c.flags, c.sweep)
			t.Logf("%+v", s)
			if s.Sent == 0 || s.OK != s.Sent || s.Valid != s.Checkable || s.NegRejected != s.Neg || s.NoAuthRejected != s.NoAuth {
				t.Errorf("not all kept: %+v", s)
			}
		})
	}
}

// TestSweepOfAWorld sweeps a document whose rows are created, changed and deleted on the way: what was deleted is gone, and yet no
// answer is wrong.
func TestSweepOfAWorld(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: the black-box sweep is not run")
	}
	if testing.Short() {
		t.Skip("a large document takes its time")
	}
	s := sweep(t, shared, filepath.Join(shared, "corpus", "digitalocean.json"), nil, nil)
	t.Logf("%+v", s)
	if s.ServerErrors+s.Errors > 0 || s.Valid != s.Checkable || s.NegRejected != s.Neg || s.OK*100 < s.Sent*95 {
		t.Errorf("not all kept: %+v", s)
	}
}

// sweep serves a document with the real command and sweeps it.
func sweep(t *testing.T, shared, document string, flags, more []string) summary {
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	dir := t.TempDir()
	base := start(ctx, t, append([]string{document}, flags...)...)
	out := filepath.Join(dir, "summary.json")
	args := append([]string{"sweep", "--spec", document, "--base", base, "--prefix", "auto", "--out", filepath.Join(dir, "ops.tsv"), "--json", out}, more...)
	mb := exec.CommandContext(ctx, filepath.Join(shared, "mockbench", "mb"), args...)
	if text, err := mb.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var s summary
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// awaitFile waits until a file holds something.
func awaitFile(ctx context.Context, t *testing.T, name string) string {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if text, err := os.ReadFile(name); err == nil {
			return strings.TrimSpace(string(text))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		}
	}
}
