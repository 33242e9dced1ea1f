package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// readmeBlock is one fenced block of the README.
type readmeBlock struct{ language, text string }

func readmeBlocks(t *testing.T) []readmeBlock {
	t.Helper()
	return blocksOf(t, "README.md")
}

func blocksOf(t *testing.T, name string) []readmeBlock {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	var out []readmeBlock
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```").FindAllStringSubmatch(string(text), -1) {
		out = append(out, readmeBlock{m[1], m[2]})
	}
	return out
}

// TestGuideOfDeclarations holds each block of the guide to x-mock to the overlay that a story serves.
func TestGuideOfDeclarations(t *testing.T) {
	unindented := func(text string) string {
		lines := strings.Split(text, "\n")
		for i, line := range lines {
			lines[i] = strings.TrimSpace(line)
		}
		return strings.Join(lines, "\n")
	}
	story, err := os.ReadFile(filepath.Join("testdata", "script", "declared.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := blocksOf(t, "mock/internal/behaviour/x-mock.md")
	for _, b := range blocks {
		if !strings.Contains(unindented(string(story)), unindented(b.text)) {
			t.Errorf("the story does not have\n%s", b.text)
		}
	}
	if len(blocks) < 8 {
		t.Errorf("the guide has only %d blocks", len(blocks))
	}
}

// TestReadmeConsole runs every command that the README shows with its answer, against the demo, and looks for each line shown.
func TestReadmeConsole(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	base := startDemo(ctx, t)
	ran := 0
	for _, block := range readmeBlocks(t) {
		if block.language != "console" {
			continue
		}
		for _, session := range strings.Split("\n"+block.text, "\n$ ")[1:] {
			command, shown, _ := strings.Cut(session, "\n")
			for strings.HasSuffix(command, "\\") {
				more, rest, _ := strings.Cut(shown, "\n")
				command, shown = strings.TrimSuffix(command, "\\")+more, rest
			}
			command = strings.ReplaceAll(command, "http://localhost:8080", base)
			out, err := exec.CommandContext(ctx, "sh", "-c", command).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", command, err, out)
			}
			got := strings.ReplaceAll(strings.ReplaceAll(string(out), "\r", ""), base, "http://localhost:8080")
			for _, line := range strings.Split(strings.TrimSpace(shown), "\n") {
				if line = strings.TrimSpace(line); line != "…" && !strings.Contains(got, strings.TrimSuffix(line, "…")) {
					t.Errorf("%s\ngives\n%s\nwithout the line\n%s", command, got, line)
				}
			}
			ran++
		}
	}
	if ran == 0 {
		t.Error("the README shows no command with its answer")
	}
}

// TestReadmeCommands runs the other commands that the README names, each in the way its line says.
func TestReadmeCommands(t *testing.T) {
	tested := map[string]func(*testing.T){
		"go run ./cmd/standin":             func(t *testing.T) { startDemo(t.Context(), t) },
		"standin openapi.yaml --port 4010": func(t *testing.T) { start(t.Context(), t, filepath.Join("..", "..", "openapi.yaml")) },
		".ci/test": func(t *testing.T) {
			// This test is a part of it; that it can be started is what remains to be shown.
			if out, err := exec.Command("bash", "-n", filepath.Join("..", "..", ".ci", "test")).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		},
		"go install ./cmd/standin": func(t *testing.T) {
			out, err := exec.Command("go", "build", "-o", filepath.Join(t.TempDir(), "standin"), ".").CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
		},
	}
	for _, block := range readmeBlocks(t) {
		if block.language != "sh" {
			continue
		}
		for line := range strings.Lines(block.text) {
			command, _, _ := strings.Cut(line, "#")
			command = strings.TrimSpace(command)
			run := tested[command]
			if run == nil {
				t.Errorf("no test runs the README's %q", command)
				continue
			}
			t.Run(command, run)
		}
	}
}

// startDemo serves the demo until the test ends, and gives its base URL.
func startDemo(ctx context.Context, t *testing.T) string { return start(ctx, t) }

// start serves a document, or the demo if none is named, until the test ends.
func start(ctx context.Context, t *testing.T, args ...string) string {
	ctx, halt := context.WithCancel(ctx)
	ready := filepath.Join(t.TempDir(), "ready")
	done := make(chan int, 1)
	a := &app{stdout: t.Output(), stderr: t.Output(), getenv: func(string) string { return "" }}
	if len(args) == 0 {
		args = []string{"demo"}
	} else {
		args = append([]string{"serve"}, args...)
	}
	go func() { done <- a.run(ctx, append(args, "--port", "0", "--ready-file", ready, "--watch", "off")) }()
	t.Cleanup(func() {
		halt()
		if code := <-done; code != exitKept {
			t.Errorf("the server ends with %d", code)
		}
	})
	return awaitFile(ctx, t, ready)
}
