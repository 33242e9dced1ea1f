package contract_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standin/mock/contract"
	"standin/mock/schema"
)

// corpus are the names of the real documents that STANDIN_SHARED has.
func corpus(t testing.TB) []string {
	t.Helper()
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: no real documents are loaded")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(name string) bool { return filepath.Ext(name) == ".tsv" })
	if len(files) < 19 {
		t.Fatalf("only %d documents in %s", len(files), shared)
	}
	return files
}

// TestCorpus sweeps the real documents: each loads, every operation compiles and is found, every example is judged the same as
// bytes and as a value, and the findings are as many as the golden table says (go test -update writes it).
func TestCorpus(t *testing.T) {
	var table strings.Builder
	for _, file := range corpus(t) {
		c, err := contract.Load(t.Context(), file)
		if err != nil {
			t.Error(err)
			continue
		}
		counts := map[string]int{}
		for _, d := range c.Wait(t.Context()) {
			counts[d.Level.String()+" "+d.Rule]++
			if d.Position.Line == 0 || d.Message == "" || d.Rule == "" || !strings.HasPrefix(d.Position.File, filepath.ToSlash(file)) {
				t.Errorf("an incomplete diagnostic: %+v", d)
			}
		}
		examples := 0
		for _, op := range c.Operations() {
			sweepPath(t, c, op)
			examples += sweepExamples(t, op)
		}
		fmt.Fprintf(&table, "%s: %d operations, %d examples of answers", filepath.Base(file), len(c.Operations()), examples)
		for _, rule := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(&table, ", %d %s", counts[rule], rule)
		}
		table.WriteString("\n")
	}
	t.Log("\n" + table.String())
	const golden = "testdata/corpus.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), table.String()); d != "" {
		t.Error(d)
	}
}

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

// sweepPath finds an operation by its own template, filled with sample values.
func sweepPath(t *testing.T, c *contract.Contract, op *contract.Operation) {
	t.Helper()
	values := map[string]string{}
	for _, p := range op.Parameters() {
		if p.In == "path" {
			values[p.Name] = samplePath(p)
		}
	}
	template, _, _ := strings.Cut(op.Template, "#")
	template, _, _ = strings.Cut(template, "?")
	names := placeholder.FindAllStringSubmatch(template, -1)
	path := placeholder.ReplaceAllStringFunc(template, func(name string) string { return values[name[1:len(name)-1]] })
	for _, prefix := range c.Prefixes() {
		found := c.Find(op.Method, prefix+path)
		first := found.Operation
		if first == nil || len(found.Captures) != len(names) {
			t.Errorf("%s: %s %s%s is not found: %+v", c.Name(), op.Method, prefix, path, found)
			continue
		}
		other, _, _ := strings.Cut(first.Template, "#")
		if first != op && placeholder.ReplaceAllString(other, "{}") != placeholder.ReplaceAllString(template, "{}") {
			t.Errorf("%s: %s %s leads to %s instead of %s", c.Name(), op.Method, path, first.Template, op.Template)
		}
	}
}

func samplePath(p *contract.Parameter) string {
	samples := []any{"a b", "zz", []any{"x"}, map[string]any{"x": "y"}}
	if len(p.Examples) > 0 && p.Examples[0].Value != nil {
		samples = slices.Insert(samples, 0, p.Examples[0].Value.Value())
	}
	for _, v := range samples {
		if text, err := p.Encode(v); err == nil && text != "" {
			return text
		}
	}
	return "1"
}

// sweepExamples serves every JSON example of an operation's answers to CheckResponse.
func sweepExamples(t *testing.T, op *contract.Operation) int {
	t.Helper()
	n := 0
	for _, r := range op.Responses().All {
		status := 0
		for s := 599; s >= 100; s-- {
			if op.Responses().For(s) == r {
				status = s
			}
		}
		for _, m := range r.Content {
			for _, e := range m.Examples {
				if e.Value == nil || m.Schema == nil || !strings.Contains(m.Range, "json") || strings.Contains(m.Range, "*") || status == 0 {
					continue
				}
				n++
				body := e.Value.AppendJSON(nil)
				var broken []contract.Violation
				for _, v := range op.CheckResponse(status, map[string][]string{"Content-Type": {m.Range}}, body) {
					if v.In == "body" {
						broken = append(broken, v)
					}
				}
				if len(broken) != len(e.Violations) {
					t.Errorf("%s %d: as bytes the example %s has %v, as a value %v", op.ID, status, e.Name, broken, e.Violations)
				}
				if m.Schema.Accept(body, schema.Response) && len(e.Violations) > 0 {
					t.Errorf("%s %d: the example %s is accepted, and breaks %v", op.ID, status, e.Name, e.Violations)
				}
			}
		}
	}
	return n
}
