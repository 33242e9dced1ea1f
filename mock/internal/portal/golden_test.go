package portal

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"standin/mock/internal/history"
)

var update = flag.Bool("update", false, "write the golden files anew")

// library is a document with everything that an operation's page can show.
const library = "testdata/library.yaml"

// TestTwinOfAnOperation holds the Markdown of operations, which says all that the page says, to golden files.
func TestTwinOfAnOperation(t *testing.T) {
	c := load(t, library)
	known, err := history.Read(os.DirFS("testdata"), "changes.json")
	if err != nil {
		t.Fatal(err)
	}
	merged, _ := known.Merge(c)
	p := portalOf(t, c, func(s *Site) { s.History = func() *history.History { return merged } })
	for _, name := range []string{"listBooks", "createBook", "import.books", "get-shelves-by-shelf"} {
		for _, lang := range []string{"en", "zh-CN"} {
			got := get(t, p, "/docs/op/"+name+".md", "Accept-Language", lang).Body.String()
			golden := filepath.Join("testdata", name+"."+lang+".md")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s in %s is not what %s says; with -update it is written anew:\n%s", name, lang, golden, got)
			}
		}
	}
}
