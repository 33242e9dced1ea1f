package pattern

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sharedDir opens the shared folder that STANDIN_SHARED names.
func sharedDir(t *testing.T, below string) fs.FS {
	t.Helper()
	dir := os.Getenv("STANDIN_SHARED")
	if dir == "" {
		t.Skip("STANDIN_SHARED is not set: the official suite and the corpus are not here")
	}
	return os.DirFS(dir + "/" + below)
}

// The official cases for pattern and patternProperties.
func TestSuite(t *testing.T) {
	t.Parallel()
	root := sharedDir(t, "jsonschema-suite/tests/draft2020-12")
	files := []string{"pattern.json", "patternProperties.json", "optional/ecmascript-regex.json", "optional/non-bmp-regex.json"}
	for _, file := range files {
		text, err := fs.ReadFile(root, file)
		if err != nil {
			t.Fatal(err)
		}
		var groups []suiteGroup
		if err := json.Unmarshal(text, &groups); err != nil {
			t.Fatal(err)
		}
		ran := 0
		for _, g := range groups {
			ran += g.run(t)
		}
		if ran == 0 {
			t.Errorf("%s: no case was run", file)
		}
	}
}

type suiteGroup struct {
	Description string
	Schema      struct {
		Pattern              *string
		PatternProperties    map[string]json.RawMessage
		AdditionalProperties *bool
	}
	Tests []struct {
		Description string
		Data        any
		Valid       bool
	}
}

// run checks what can be checked without a schema: strings against pattern, and names against patternProperties where
// additional properties are refused.
func (g suiteGroup) run(t *testing.T) (ran int) {
	t.Helper()
	var patterns []*Pattern
	compile := func(source string) {
		p, err := Compile(source)
		if err != nil {
			t.Fatalf("%s: %v", g.Description, err)
		}
		patterns = append(patterns, p)
	}
	if g.Schema.Pattern != nil {
		compile(*g.Schema.Pattern)
	}
	for source := range g.Schema.PatternProperties {
		compile(source)
	}
	if len(patterns) != 1 {
		return len(patterns) // compiled, at least
	}
	closed := g.Schema.AdditionalProperties != nil && !*g.Schema.AdditionalProperties
	for _, c := range g.Tests {
		object, _ := c.Data.(map[string]any)
		text, isText := c.Data.(string)
		if !isText || g.Schema.Pattern == nil {
			if !closed || len(object) != 1 {
				continue
			}
			for text = range object {
			}
		}
		ran++
		if got, err := patterns[0].Match(text); got != c.Valid || err != nil {
			t.Errorf("%s: %s: %v, %v", g.Description, c.Description, got, err)
		}
	}
	return max(ran, 1)
}

// Every pattern of the corpus compiles, all but a few into linear time.
func TestCorpus(t *testing.T) {
	t.Parallel()
	root := sharedDir(t, "corpus")
	inJSON := regexp.MustCompile(`"pattern": ?("(?:[^"\\]|\\.)*")`)
	inYAML := regexp.MustCompile(`(?m)^ *(?:- )?pattern: (.+?)\r?$`)
	seen := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		for _, m := range inJSON.FindAllSubmatch(text, -1) {
			var source string
			if err := json.Unmarshal(m[1], &source); err != nil {
				t.Errorf("%s: %s: %v", name, m[1], err)
			}
			seen[source] = true
		}
		if strings.HasSuffix(name, "ml") {
			for _, m := range inYAML.FindAllSubmatch(text, -1) {
				seen[yamlScalar(string(m[1]))] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) < 90 {
		t.Errorf("only %d patterns found", len(seen))
	}
	backtracking := 0
	for source := range seen {
		p, err := Compile(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if p.Note() != "" {
			t.Logf("%s: %s", source, p.Note())
		}
		if p.backtrack != nil {
			t.Logf("%s: backtracks", source)
			backtracking++
		}
	}
	if backtracking > 0 {
		t.Errorf("%d of %d patterns backtrack", backtracking, len(seen))
	}
}

// yamlScalar undoes the quotes of a scalar that stands on one line.
func yamlScalar(s string) string {
	switch {
	case strings.HasPrefix(s, "'"):
		return strings.ReplaceAll(strings.Trim(s, "'"), "''", "'")
	case strings.HasPrefix(s, `"`):
		if out, err := strconv.Unquote(s); err == nil {
			return out
		}
	}
	return s
}
