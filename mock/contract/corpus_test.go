package contract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpusOddities are documents with faults of their own, and how many errors we find in each.
func TestCorpusLoads(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: the corpus is not loaded")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	loaded := 0
	for _, file := range files {
		if filepath.Ext(file) == ".tsv" {
			continue
		}
		loaded++
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := Load(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			found := c.Wait(t.Context())
			errors := 0
			for _, d := range found {
				if d.Level == Error {
					errors++
				}
				if d.Position.Line == 0 || d.Message == "" || d.Rule == "" {
					t.Errorf("a diagnostic without a place or a text: %+v", d)
				}
			}
			t.Logf("%d operations, %d findings, %d errors", len(c.Operations()), len(found), errors)
			for i, d := range found {
				if i < 12 {
					t.Log(d)
				}
			}
			for _, op := range c.Operations() {
				path := strings.NewReplacer("{", "x", "}", "").Replace(op.Template)
				path, _, _ = strings.Cut(path, "#")
				path, _, _ = strings.Cut(path, "?")
				if got := c.Find(op.Method, path).Operation; got == nil {
					t.Errorf("%s %s is not found", op.Method, path)
				}
			}
		})
	}
	if loaded < 19 {
		t.Errorf("only %d documents in the corpus", loaded)
	}
}
