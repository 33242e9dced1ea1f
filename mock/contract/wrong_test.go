package contract_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"standin/mock/contract"
)

var update = flag.Bool("update", false, "write what is found over the golden files")

// wrongDocuments are the names of the documents in testdata/wrong. Beside each stands NAME.golden: the error that keeps it from being
// served, or its diagnostics.
func wrongDocuments(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata/wrong")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) != ".golden" {
			names = append(names, e.Name())
		}
	}
	if len(names) < 80 {
		t.Fatalf("only %d wrong documents", len(names))
	}
	return names
}

// verdict is the error of a document, or its diagnostics, a line each.
func verdict(ctx context.Context, fsys fs.FS, name string) string {
	c, err := contract.LoadFS(ctx, fsys, name)
	if err != nil {
		return "not served: " + err.Error() + "\n"
	}
	var out strings.Builder
	for _, d := range c.Wait(ctx) {
		out.WriteString(d.String() + "\n")
	}
	return out.String()
}

// TestWrongDocuments holds what is said of each wrong document to its golden file (go test -update writes them).
func TestWrongDocuments(t *testing.T) {
	fsys := os.DirFS("testdata/wrong")
	for _, name := range wrongDocuments(t) {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			got := verdict(ctx, fsys, name)
			if ctx.Err() != nil {
				t.Fatal("it takes longer than a minute")
			}
			golden := "testdata/wrong/" + name + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Error(d)
			}
			if strings.Contains(got, ":0:") {
				t.Errorf("a finding without a place: %s", got)
			}
		})
	}
}
