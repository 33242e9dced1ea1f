package mock_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors is the house: a package may import those on lower floors, none on its own or above.
var floors = map[string]int{
	"mock/internal/source": 0, "mock/internal/store": 0, "mock/internal/expr": 0, "mock/internal/pattern": 0, "mock/internal/route": 0, "mock/internal/format": 1, "mock/internal/overlay": 1, "mock/internal/traffic": 1,
	"mock/schema": 2, "mock/internal/media": 2,
	"mock/internal/fake": 3, "mock/internal/param": 3, "mock/internal/xml": 3,
	"mock/contract":        4,
	"mock/internal/sample": 5, "mock/internal/journal": 5, "mock/internal/history": 5, "mock/internal/lint": 5, "mock/internal/amend": 5, "mock/internal/coverage": 5, "mock/internal/record": 5,
	"mock/internal/fixture": 6, "mock/internal/requests": 6, "mock/diff": 6, "mock/internal/behaviour": 6,
	"mock/internal/portal": 7, "mock/internal/backend": 7, "mock/internal/control": 7,
	"mock/verify":   8,
	"mock":          8,
	"mock/mocktest": 9,
	"":              0,
	"cmd/standin":   10,
}

// rooms names the only packages that may import a third-party module outside tests.
var rooms = map[string][]string{
	"go.yaml.in/yaml/v4":              {"mock/internal/source", "cmd/standin"},
	"github.com/dlclark/regexp2/v2":   {"mock/internal/pattern"},
	"github.com/brianvoe/gofakeit/":   {"mock/internal/fake"},
	"github.com/getkin/kin-openapi/":  {"mock/contract", "mock/diff"},
	"github.com/oasdiff/oasdiff/":     {"mock/diff"},
	"github.com/yuin/goldmark":        {"mock/internal/portal"},
	"github.com/microcosm-cc/":        {"mock/internal/portal"},
	"github.com/alecthomas/chroma/v2": {"mock/internal/portal"},
	"github.com/labstack/echo/v4":     {"mock"},
	"github.com/expr-lang/expr":       {"mock/internal/expr"},
	"github.com/tidwall/btree":        {"mock/internal/store"},
	"github.com/ohler55/ojg/":         {"mock/internal/overlay"},
	"go.etcd.io/bbolt":                {"mock/internal/store"},
	"github.com/redis/go-redis/v9":    {"mock/internal/store"},
	"github.com/spf13/":               {"cmd/standin"},
	"github.com/fsnotify/fsnotify":    {"cmd/standin"},
	"github.com/andybalholm/brotli":   {"mock/internal/media"},
	"github.com/klauspost/compress/":  {"mock/internal/media"},
	"golang.org/x/text/":              {"mock/internal/media", "mock/internal/format", "mock/internal/pattern"},
	"golang.org/x/net/":               {"mock/internal/format", "mock/internal/portal"},
}

func TestImportsGoDownward(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range goFiles(t) {
		pkg := strings.TrimPrefix(path.Dir(file), ".")
		floor, ok := floors[pkg]
		if !ok {
			t.Errorf("%s: package %q stands on no floor", file, pkg)
			continue
		}
		seen[pkg] = true
		for _, imported := range imports(t, file) {
			inner, ours := strings.CutPrefix(imported, "standin/")
			switch {
			case imported == "standin":
				inner, ours = "", true
			case !ours:
				checkRoom(t, file, pkg, imported)
				continue
			}
			if below, ok := floors[inner]; !ok || below >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", file, floor, imported, below)
			}
			if strings.HasPrefix(pkg, "cmd/") && strings.Contains(inner, "internal") {
				t.Errorf("%s imports %s, which an embedder could not", file, imported)
			}
		}
	}
	for pkg := range floors {
		if !seen[pkg] {
			t.Errorf("there is no package %q", pkg)
		}
	}
}

func checkRoom(t *testing.T, file, pkg, imported string) {
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		if imported == "testing" && pkg != "mock/mocktest" {
			t.Errorf("%s imports testing into production code", file)
		}
		return
	}
	for module, allowed := range rooms {
		if imported == module || strings.HasPrefix(imported, strings.TrimSuffix(module, "/")+"/") {
			if !slices.Contains(allowed, pkg) {
				t.Errorf("%s imports %s outside its room %v", file, imported, allowed)
			}
			return
		}
	}
	t.Errorf("%s imports %s, which has no room", file, imported)
}

// TestNoDocumentsWordsInCode keeps what is special about the demo's API in its document and fixtures.
func TestNoDocumentsWordsInCode(t *testing.T) {
	for _, file := range goFiles(t) {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"zstack", "inventor", "volumesnapshot", "volume-snapshot", "sessionuuid"} {
			if strings.Contains(strings.ToLower(string(text)), word) {
				t.Errorf("%s holds the word %q", file, word)
			}
		}
	}
}

// goFiles lists the Go files outside tests, relative to the module's root.
func goFiles(t *testing.T) []string {
	var out []string
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			out = append(out, name)
		}
		return err
	})
	if err != nil || len(out) < 10 {
		t.Fatal(err, out)
	}
	return out
}

func imports(t *testing.T, file string) []string {
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, spec := range parsed.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}
