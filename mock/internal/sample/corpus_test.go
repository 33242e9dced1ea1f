package sample_test

import (
	"os"
	"path/filepath"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

// TestCorpus samples every answer of real documents: by example, generated, and generated with the id of a path.
func TestCorpus(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: the corpus is not sampled")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "*.*"))
	if err != nil || len(files) < 19 {
		t.Fatal(len(files), err)
	}
	for _, file := range append(files, "../../../openapi.yaml") {
		if filepath.Ext(file) == ".tsv" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := contract.Load(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			sweep(t, c)
		})
	}
}

func sweep(t *testing.T, c *contract.Contract) {
	s := sample.New(sample.Options{Seed: 1})
	for _, d := range s.Diagnostics(t.Context(), c) {
		t.Error(d)
	}
	examples, generated := 0, 0
	for _, op := range c.Operations() {
		for _, r := range op.Responses().All {
			accepts := []string{""}
			for _, m := range r.Content {
				accepts = append(accepts, m.Range)
			}
			for _, accept := range accepts {
				if t.Failed() {
					return // one document has thousands of answers of one kind
				}
				target, err := s.Choose(op, sample.Code(r.Status), accept)
				if err != nil {
					t.Errorf("%s %s %s: %v", op.ID, r.Status, accept, err)
					continue
				}
				if a, err := s.Example(op, target, "", nil); err == nil {
					valid(t, op, a)
					examples++
				} else if err != sample.ErrNone {
					t.Errorf("%s %s %s: %v", op.ID, r.Status, accept, err)
				}
				generate(t, s, op, target)
				generated++
			}
		}
	}
	t.Logf("%d examples, %d generated", examples, generated)
}

// seeds is how many bodies are made up for each answer.
const seeds = 4

// generate makes up answers with several seeds, and with an id in the path.
func generate(t *testing.T, s *sample.Sampler, op *contract.Operation, target sample.Target) {
	t.Helper()
	ids := contract.Values{Path: map[string]any{}}
	for _, p := range op.Parameters() {
		ids.Path[p.Name] = number("7")
	}
	for seed := range uint64(seeds) {
		var given sample.Given
		if seed > 0 {
			given = func() contract.Values { return ids }
		}
		a, err := s.Generate(op, target, seed+1, seed, given)
		if err != nil {
			t.Errorf("%s %d: %v", op.ID, target.Status, err)
			return
		}
		valid(t, op, a)
		if target.Media != nil && target.Media.Schema == nil && len(a.Body) == 0 {
			t.Errorf("%s %d %s: there is no body", op.ID, target.Status, a.ContentType)
		}
	}
}
