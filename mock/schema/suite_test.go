package schema_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// shared is the path of a file of the shared material, named by the environment.
func shared(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("STANDIN_SHARED")
	if root == "" {
		t.Skip("STANDIN_SHARED names no folder with the official test suite")
	}
	return filepath.Join(append([]string{root}, elem...)...)
}

// remotes serves what the official suite refers to: its remote documents, and the metaschemas, which the module of the
// oracle carries.
type remotes struct {
	t      testing.TB
	folder string
}

var moduleDir = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/santhosh-tekuri/jsonschema/v6").Output()
	return strings.TrimSpace(string(out)), err
})

func (r remotes) Load(uri string) (*schema.Node, error) {
	file := ""
	if rest, ok := strings.CutPrefix(uri, "http://localhost:1234/"); ok {
		file = filepath.Join(r.folder, "remotes", filepath.FromSlash(rest))
	} else if _, rest, ok := strings.Cut(uri, "://json-schema.org/"); ok {
		dir, err := moduleDir()
		if err != nil {
			return nil, err
		}
		file = filepath.Join(dir, "metaschemas", filepath.FromSlash(rest))
	} else {
		return nil, fmt.Errorf("no such document")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return source.Parse(filepath.Base(file)+".json", text, source.Limits{})
}

// TestSuite runs all tests of draft 2020-12, required and optional; none is left out. Formats are asserted in the dialect of
// OpenAPI 3.1.
func TestSuite(t *testing.T) {
	folder := shared(t, "jsonschema-suite")
	base := filepath.Join(folder, "tests", "draft2020-12")
	for _, group := range []struct {
		glob    string
		dialect schema.Dialect
	}{
		{"*.json", schema.Draft202012},
		{"optional/*.json", schema.Draft202012},
		{"optional/format/*.json", schema.OpenAPI31},
	} {
		files, err := filepath.Glob(filepath.Join(base, group.glob))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files for %s: %v", group.glob, err)
		}
		var total tally
		for _, file := range files {
			name, _ := filepath.Rel(base, file)
			t.Run(strings.TrimSuffix(name, ".json"), func(t *testing.T) { total.add(runSuite(t, folder, file, name, group.dialect)) })
		}
		t.Logf("%s: %d tests; of %d valid values Accept knows %d", group.glob, total.tests, total.valid, total.accepted)
		if total.accepted < total.valid*9/10 {
			t.Errorf("%s: only %d of %d valid values are accepted", group.glob, total.accepted, total.valid)
		}
	}
}

// tally counts tests of the suite, those whose value is valid, and those of them that Accept knows of.
type tally struct{ tests, valid, accepted int }

func (t *tally) add(u tally) {
	t.tests, t.valid, t.accepted = t.tests+u.tests, t.valid+u.valid, t.accepted+u.accepted
}

func runSuite(t *testing.T, folder, file, name string, dialect schema.Dialect) (count tally) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root, err := source.Parse(name, text, source.Limits{Digits: 10_000, Exponent: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range root.Items() {
		c := schema.NewCompiler(remotes{t, folder}, dialect)
		s := c.Compile("file:///suite.json", group.Get("schema"))
		for _, d := range c.Diagnostics() {
			t.Logf("%s: %s", group.Get("description").Text(), d.Message)
		}
		for _, test := range group.Get("tests").Items() {
			title := name + ": " + group.Get("description").Text() + ": " + test.Get("description").Text()
			value, want := test.Get("data").Value(), test.Get("valid").True()
			count.add(judge(t, title, s, value, test.Get("data").AppendJSON(nil), want))
		}
	}
	return count
}

// judge checks that all entrances agree on a value.
func judge(t *testing.T, title string, s *schema.Schema, value any, text []byte, want bool) tally {
	t.Helper()
	count := tally{tests: 1}
	if got := s.Valid(value, schema.Both); got != want {
		t.Errorf("%s: Valid(%s) = %v", title, text, got)
		return count
	}
	if want {
		count.valid = 1
	}
	if s.Accept(text, schema.Both) {
		count.accepted = 1
		if !want {
			t.Errorf("%s: %s is accepted", title, text)
		}
	}
	violations := s.Check(value, schema.Options{})
	if (len(violations) == 0) != want {
		t.Errorf("%s: Check(%s) = %v, want valid = %v", title, text, violations, want)
	}
	for _, v := range violations {
		if v.Message == "" || v.Keyword == "" || v.Rule.Line == 0 {
			t.Errorf("%s: incomplete violation %+v", title, v)
		}
	}
	return count
}
