package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// codeQuality is what GitLab asks of a code quality report ("Code Quality report format" of its manual), as a schema: it publishes none.
const codeQuality = `{
  "type": "array",
  "items": {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
      "description": {"type": "string", "minLength": 1},
      "check_name": {"type": "string", "minLength": 1},
      "fingerprint": {"type": "string", "minLength": 8},
      "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
      "location": {
        "type": "object",
        "required": ["path", "lines"],
        "properties": {
          "path": {"type": "string", "minLength": 1, "not": {"pattern": "^(\\./|/)"}},
          "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
        }
      }
    }
  }
}`

// TestReportsForGitLab holds code quality reports to what GitLab asks of them: no two of its findings may have one fingerprint.
func TestReportsForGitLab(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(codeQuality))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("codequality.json", v); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("codequality.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // paths in reports are relative to the root of the repository
	if err := os.WriteFile("broken.yaml", []byte(brokenPets), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	lacking := start(ctx, t, "broken.yaml", "--state", "off")
	for name, args := range map[string][]string{
		"a document's faults": {"check", "broken.yaml", "--level", "hint", "--format", "gitlab"},
		"a broken server":     {"verify", "stricter.yaml", "--target", lacking, "--report", "gitlab=-"},
	} {
		t.Run(name, func(t *testing.T) {
			stricter := strings.ReplaceAll(brokenPets, "schema: {type: array, items: {type: string}}, example: [7]", "schema: {type: object}")
			if err := os.WriteFile("stricter.yaml", []byte(stricter), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			a := &app{stdout: &out, stderr: t.Output(), getenv: func(string) string { return "" }}
			if code := a.run(ctx, args); code != exitBroken {
				t.Fatalf("it ends with %d", code)
			}
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(out.String()))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Error(err)
			}
			seen := map[any]bool{}
			for _, one := range v.([]any) {
				id := one.(map[string]any)["fingerprint"]
				if seen[id] {
					t.Errorf("two findings are %v", id)
				}
				seen[id] = true
			}
			if len(seen) == 0 {
				t.Error("nothing is told")
			}
		})
	}
}
