package mock_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
)

// TestWalks lets a real browser go through the demo's pages as readers do. It needs node, chromium, and npm ci in web.
func TestWalks(t *testing.T) {
	const web = "internal/portal/web"
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node to drive a browser with")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium")
	}
	if _, err := os.Stat(filepath.Join(web, "node_modules", "playwright-core")); err != nil {
		t.Skip("playwright-core is not there: run npm ci in mock/" + web)
	}
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	for _, walk := range []string{"plain", "script", "follow", "live", "axe", "files"} {
		t.Run(walk, func(t *testing.T) {
			server := httptest.NewServer(slowServer(t, walk == "follow"))
			defer server.Close()
			docs := server.URL + "/docs/"
			if walk == "files" {
				docs = exportedFiles(t)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, node, "test/walk.mjs", browser, docs, walk)
			cmd.Dir = web
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, strings.TrimSpace(string(out)))
			}
		})
	}
}

// exportedFiles serves the demo's pages as files, whose forms go to a mock that trusts them.
func exportedFiles(t *testing.T) (url string) {
	t.Helper()
	dir := t.TempDir()
	files := httptest.NewServer(http.StripPrefix("/some/where/", http.FileServer(http.Dir(dir))))
	t.Cleanup(files.Close)
	sandbox := httptest.NewServer(demoServer(t, mock.TrustDocsOrigins(files.URL)))
	t.Cleanup(sandbox.Close)
	c, err := contract.Load(t.Context(), "../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := mock.Export(t.Context(), c, dir, mock.Static{Sandbox: sandbox.URL}, mock.Fixtures(os.DirFS("../fixtures"))); err != nil {
		t.Fatal(err)
	}
	return files.URL + "/some/where/index.html"
}

// slowServer is demoServer, perhaps with jobs that take long enough for a reader to stop following one.
func slowServer(t *testing.T, slow bool) *mock.Server {
	t.Helper()
	if !slow {
		return demoServer(t)
	}
	c, err := contract.Load(t.Context(), "../openapi.yaml", contract.WithOverlay("slow.yaml", []byte(
		"overlay: 1.0.0\ninfo: {title: Slow, version: 1.0.0}\nactions: [{target: \"$['x-mock'].jobs\", update: {takes: 6s}}]\n")))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(c, mock.Docs(mock.Looks{}), mock.Fixtures(os.DirFS("../fixtures")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// demoServer serves the demo's document with its fixtures and pages.
func demoServer(t *testing.T, more ...mock.Option) *mock.Server {
	t.Helper()
	c, err := contract.Load(t.Context(), "../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var fixtures fs.FS = os.DirFS("../fixtures")
	s, err := mock.New(c, append(more, mock.Docs(mock.Looks{}), mock.Fixtures(fixtures))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
