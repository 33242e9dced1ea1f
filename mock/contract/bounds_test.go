package contract_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"standin/mock/contract"
)

// within runs f and fails when it takes longer than a minute or allocates more than 300 MB in all.
func within(t *testing.T, f func(ctx context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f(ctx)
	runtime.ReadMemStats(&after)
	if ctx.Err() != nil {
		t.Error("it takes longer than a minute")
	}
	if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 300 {
		t.Errorf("it allocates %d MB", spent)
	}
}

// TestBounds loads documents that try to cost more than they should.
func TestBounds(t *testing.T) {
	const deep = 100_000
	const head = "openapi: 3.1.0\npaths: {/a: {get: {responses: {\"200\": {description: OK.}}}}}\n"
	const body = "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}, example: {}}}}, responses: {\"200\": {description: OK.}}}}}\ncomponents:\n  schemas:\n"
	chain := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1, i+1)
		}
		return b.String()
	}
	for _, tt := range []struct{ name, file, text, want string }{
		{"brackets", "a.json", strings.Repeat("[", deep), "a.json:1:100001: the text ends"},
		{"closed brackets", "a.json", strings.Repeat("[", deep) + strings.Repeat("]", deep), "this is an array"},
		{"braces", "a.json", strings.Repeat(`{"a":`, deep), "a.json:1:500001: the text ends"},
		{"brackets in a document", "a.json", `{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {}, "x": ` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + "}}}}", "nested deeper than"},
		{"flow brackets", "a.yaml", "x: " + strings.Repeat("[", deep), "a.yaml:"},
		{"closed flow brackets", "a.yaml", head + "x: " + strings.Repeat("[", deep) + strings.Repeat("]", deep), "a.yaml:"},
		{"flow braces", "a.yaml", head + "x: " + strings.Repeat("{a: ", deep), "a.yaml:"},
		{"block sequences", "a.yaml", head + "x:\n  " + strings.Repeat("- ", deep) + "1\n", "a.yaml:"},
		{"indentation", "a.yaml", head + "x:\n" + chain(1500, " %[1]*[1]d:\n"), "a.yaml:"},
		{"long line", "a.yaml", head + "x-long: '" + strings.Repeat("long ", 400_000) + "'\n", ""},
		{"long name", "a.json", `{"openapi": "3.1.0", "paths": {"/` + strings.Repeat("a", 1_000_000) + `": {"get": {"responses": {"200": {"description": "OK."}}}}}}`, ""},
		{"many paths", "a.yaml", "openapi: 3.1.0\npaths:\n" + chain(3000, "  /p%d/{a}/x%d/{b%d}: {get: {parameters: [{$ref: '#/components/parameters/a'}], responses: {\"200\": {description: OK.}}}}\n") + "components: {parameters: {a: {name: a, in: path, required: true, schema: {type: string}}}}\n", "{b1}"},
		{"chain of references", "a.yaml", body + chain(3000, "    S%d: {$ref: '#/components/schemas/S%d'}\n    X%d: {}\n") + "    S3000: {type: object}\n", ""},
		{"chain of allOf", "a.yaml", body + chain(300, "    S%d: {allOf: [{$ref: '#/components/schemas/S%d'}, {$ref: '#/components/schemas/S%d'}]}\n") + "    S300: {type: object}\n", ""},
		{"chain of oneOf", "a.yaml", body + chain(40, "    S%d: {oneOf: [{$ref: '#/components/schemas/S%d'}, {properties: {a: {$ref: '#/components/schemas/S%d'}}}]}\n") + "    S40: {type: object}\n", ""},
		{"references that fan out", "a.yaml", "openapi: 3.1.0\npaths: {/a: {get: {responses: {$ref: '#/components/x/r0'}}}}\ncomponents:\n  x:\n" +
			chain(60, "    r%d: {$ref: '#/components/x/r%d/a/../r%d'}\n"), "cannot be followed"},
		{"server variables", "a.yaml", "openapi: 3.1.0\nservers:\n  - url: /" + chain(40, "{v%[1]d}") + "\n    variables:\n" + chain(40, "      v%[1]d: {default: a, enum: [a, b, c, d, e, f]}\n") + "paths: {}\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			within(t, func(ctx context.Context) {
				got := verdict(ctx, fstest.MapFS{tt.file: {Data: []byte(tt.text)}}, tt.file)
				if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
					t.Errorf("got %.400s, want %q", got, tt.want)
				}
			})
		})
	}
}

// TestTruncated cuts a document at many places: what is left loads or is refused, and every operation that was found compiles.
func TestTruncated(t *testing.T) {
	text, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	asJSON := parse(t, string(text)).Root().AppendJSON(nil)
	for _, document := range []struct {
		name string
		text []byte
		cuts int
	}{{"a.yaml", text, 200}, {"a.json", asJSON, 200}} {
		if testing.Short() {
			document.cuts /= 10
		}
		step := len(document.text)/document.cuts + 1
		for at := 0; at < len(document.text); at += step {
			c, err := contract.Parse(t.Context(), document.name, document.text[:at])
			if err != nil {
				if !strings.Contains(err.Error(), document.name+":") {
					t.Errorf("cut at %d: an error without a place: %v", at, err)
				}
				continue
			}
			c.Wait(t.Context())
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := contract.Parse(ctx, "a.yaml", []byte("openapi: 3.1.0")); !errors.Is(err, context.Canceled) {
		t.Errorf("a load that is called off gives %v", err)
	}
	c := parse(t, "openapi: 3.1.0\npaths: {/a: {get: {responses: {\"200\": {description: OK.}}}}}\n")
	c.Wait(ctx) // comes back
	clean(t, c)
}

// TestLoadStaysBelow loads from disk, where neither names nor links may lead out of the document's folder.
func TestLoadStaysBelow(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.yaml", "description: Secret.")
	write("api/in.yaml", "description: Inside.")
	write("api/api.yaml", "openapi: 3.1.0\npaths:\n  /a: {get: {responses: {\"200\": {$ref: in.yaml}, \"201\": {$ref: ../secret.yaml}, \"202\": {$ref: link.yaml}, \"203\": {$ref: near.yaml}}}}\n")
	if err := errors.Join(os.Symlink("../secret.yaml", filepath.Join(dir, "api/link.yaml")), os.Symlink("in.yaml", filepath.Join(dir, "api/near.yaml"))); err != nil {
		t.Skip(err)
	}
	name := filepath.Join(dir, "api", "api.yaml")
	c, err := contract.Load(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	found := findings(t, c)
	if len(found) != 2 || !strings.Contains(found[0], "secret.yaml") || !strings.Contains(found[1], "link.yaml") || !strings.HasPrefix(found[0], filepath.ToSlash(name)) {
		t.Errorf("findings: %q", found)
	}
	for status, want := range map[int]string{200: "Inside.", 201: "", 202: "", 203: "Inside."} {
		if got := c.Operations()[0].Responses().For(status).Description; got != want {
			t.Errorf("response %d: %q, want %q", status, got, want)
		}
	}
	if c.Name() != name || c.Dir() != filepath.Join(dir, "api")+string(filepath.Separator) {
		t.Errorf("name %s, dir %s", c.Name(), c.Dir())
	}
	if _, err := contract.Load(t.Context(), filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing document: %v", err)
	}
	if _, err := contract.Load(t.Context(), filepath.Join(dir, "none", "a.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
	if _, err := contract.Load(t.Context(), dir); err == nil {
		t.Error("a folder is a document")
	}
}
