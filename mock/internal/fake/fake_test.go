package fake_test

import (
	"encoding/json"
	"testing"

	"standin/mock/internal/fake"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// compile reads a schema, which may be YAML.
func compile(t testing.TB, text string, d schema.Dialect) *schema.Schema {
	s, ok := parse([]byte(text), d)
	if !ok {
		t.Fatal("not YAML: ", text)
	}
	return s
}

func parse(text []byte, d schema.Dialect) (*schema.Schema, bool) {
	n, err := source.Parse("s.yaml", text, source.Limits{})
	if err != nil {
		return nil, false
	}
	return schema.NewCompiler(nil, d).Compile("test:///s", n), true
}

// write gives a value as JSON, members by name.
func write(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// seeds is how many values of each schema are looked at.
const seeds = 30

func check(t *testing.T, g *fake.Generator, s *schema.Schema, d schema.Direction) {
	t.Helper()
	for seed := range uint64(seeds) {
		v, err := g.Value(s, fake.Options{Seed: seed, Direction: d})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if vs := s.Check(v, schema.Options{Direction: d}); len(vs) > 0 {
			t.Fatalf("seed %d: %s is not valid: %v", seed, write(t, v), vs)
		}
	}
}
