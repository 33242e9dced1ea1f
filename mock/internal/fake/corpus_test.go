package fake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// corpus lists the real documents.
func corpus(t testing.TB) []string {
	t.Helper()
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED does not name the folder with the corpus")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "*.*"))
	if err != nil || len(files) < 10 {
		t.Fatal("no corpus in", shared, err)
	}
	var out []string
	for _, f := range files {
		if !strings.HasSuffix(f, ".tsv") {
			out = append(out, f)
		}
	}
	return out
}

// bodies calls f with every schema of an answer or a request.
func bodies(c *contract.Contract, f func(where string, s *schema.Schema, d schema.Direction)) {
	for _, op := range c.Operations() {
		for _, r := range op.Responses().All {
			for _, m := range r.Content {
				if m.Schema != nil {
					f(fmt.Sprintf("%s %s %s", op.ID, r.Status, m.Range), m.Schema, schema.Response)
				}
			}
			for _, h := range r.Headers {
				if h.Schema != nil {
					f(fmt.Sprintf("%s %s header %s", op.ID, r.Status, h.Name), h.Schema, schema.Response)
				}
			}
		}
		if body := op.RequestBody(); body != nil {
			for _, m := range body.Content {
				if m.Schema != nil {
					f(fmt.Sprintf("%s request %s", op.ID, m.Range), m.Schema, schema.Request)
				}
			}
		}
		for _, p := range op.Parameters() {
			if p.Schema != nil {
				f(fmt.Sprintf("%s %s %s", op.ID, p.In, p.Name), p.Schema, schema.Request)
			}
		}
	}
}

// Every body of every real document can be made, and is valid.
func TestCorpus(t *testing.T) {
	rounds := uint64(3)
	if testing.Short() {
		rounds = 1
	}
	for _, file := range corpus(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := contract.Load(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			g := fake.New()
			made, failed := 0, 0
			bodies(c, func(where string, s *schema.Schema, d schema.Direction) {
				for seed := range rounds {
					v, err := g.Value(s, fake.Options{Seed: seed, Direction: d})
					if err != nil {
						failed++
						t.Errorf("%s: %v", where, err)
						break
					}
					if vs := s.Check(v, schema.Options{Direction: d}); len(vs) > 0 {
						t.Errorf("%s: %v", where, vs)
					}
					made++
				}
			})
			t.Logf("%d values made, %d schemas failed", made, failed)
		})
	}
}
