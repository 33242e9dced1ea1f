package diff_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/diff"
)

// corpus reads a document of the corpus.
func corpus(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("STANDIN_SHARED")
	if root == "" {
		t.Skip("STANDIN_SHARED is not set: it names the folder with corpus/")
	}
	text, err := os.ReadFile(filepath.Join(root, "corpus", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPetstoreWithFiveEdits has edits that reach nine operations and three media types; each is one row.
func TestPetstoreWithFiveEdits(t *testing.T) {
	old := corpus(t, "petstore3.yaml")
	new := old
	edit := func(after, from, to string) {
		at := strings.Index(new, after)
		if at < 0 || !strings.Contains(new[at:], from) {
			t.Fatalf("there is no %q after %q", from, after)
		}
		new = new[:at] + strings.Replace(new[at:], from, to, 1)
	}
	edit("pet status in the store", "            - sold\n", "            - sold\n            - adopted\n")
	edit("    Tag:\n", "        name:\n          type: string\n", "")
	edit("operationId: findPetsByStatus", "      parameters:\n", "      parameters:\n        - {name: limit, in: query, required: true, schema: {type: integer}}\n")
	edit("    Order:\n", "          example: 7\n", "          example: 7\n          maximum: 100\n")
	from, to := strings.Index(new, "    delete:\n      tags:\n        - store\n"), strings.Index(new, "  /user:\n")
	if from < 0 || to < from {
		t.Fatal("there is no deleteOrder before /user")
	}
	new = new[:from] + new[to:]
	r := compare(t, old, new)
	want := []string{
		"new-required-request-parameter", "request-property-max-set", "api-removed-without-deprecation",
		"request-property-removed", "response-property-enum-value-added",
	}
	if len(r.Rows) != len(want) {
		t.Fatalf("got\n%s", strings.Join(brief(r.Rows), "\n"))
	}
	for i, rule := range want {
		if r.Rows[i].Rule != rule {
			t.Errorf("row %d is %s, want %s", i, r.Rows[i].Rule, rule)
		}
	}
	if n := len(r.Rows[4].Touches); n != 6 {
		t.Errorf("the enum of Pet reaches %d operations, want 6", n)
	}
}

// TestCorpusIsEqualToItself compares real documents with themselves.
func TestCorpusIsEqualToItself(t *testing.T) {
	for _, name := range []string{
		"museum.yaml", "netlify-v2.yml", "discriminators.json", "schema-circular.json", "parameters-style.json", "tictactoe.yaml",
		"uspto.yaml", "file-uploads.yaml", "google-container.json",
	} {
		t.Run(name, func(t *testing.T) {
			d := diff.Document{Name: name, Text: []byte(corpus(t, name))}
			r, err := diff.Compare(context.Background(), d, d)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Rows) != 0 {
				t.Errorf("got\n%s", strings.Join(brief(r.Rows), "\n"))
			}
		})
	}
}
