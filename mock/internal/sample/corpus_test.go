package sample_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

func jsonNumber(s string) any { return json.Number(s) }

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
	hopeless := map[contract.Position]bool{}
	for _, d := range s.Diagnostics(t.Context(), c) {
		t.Logf("%s", d)
		hopeless[d.Position] = true
	}
	examples, generated := 0, 0
	for _, op := range c.Operations() {
		if t.Failed() {
			break // one document has thousands of answers of one kind
		}
		for _, r := range op.Responses().All {
			for _, m := range append(r.Content, nil) {
				accept := ""
				if m != nil && !strings.HasPrefix(m.Range, "*") {
					accept = m.Range
				}
				target, err := s.Choose(op, sample.Code(r.Status), accept)
				if err != nil {
					t.Errorf("%s %s %s: %v", op.ID, r.Status, accept, err)
					continue
				}
				if hopeless[r.Position] || m != nil && hopeless[m.Position] || m == nil && len(r.Content) > 0 {
					continue
				}
				if a, err := s.Example(op, target, "", nil); err == nil {
					valid(t, op, a)
					examples++
				} else if err != sample.ErrNone {
					t.Errorf("%s: %v", op.ID, err)
				}
				a, err := s.Generate(op, target, 1, 0, nil)
				if err != nil {
					if hopeful(target.Media) { // an example was enough for Diagnostics
						continue
					}
					t.Errorf("%s: %v", op.ID, err)
					continue
				}
				valid(t, op, a)
				a, err = s.Generate(op, target, 1, 0, func() contract.Values {
					ids := map[string]any{}
					for _, p := range op.Parameters() {
						ids[p.Name] = json.Number("7")
					}
					return contract.Values{Path: ids}
				})
				if err != nil {
					t.Errorf("%s: %v", op.ID, err)
				}
				valid(t, op, a)
				generated++
			}
		}
	}
	t.Logf("%d examples, %d generated", examples, generated)
}

func hopeful(m *contract.MediaType) bool {
	if m == nil {
		return false
	}
	for _, x := range m.Examples {
		if x.Value != nil && len(x.Violations) == 0 {
			return true
		}
	}
	return false
}
