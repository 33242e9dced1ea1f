package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// recipes are the files that the README shows, with what they need from npm.
const recipes = "testdata/recipes"

// installed skips the test unless a folder's packages are there, and the commands.
func installed(t *testing.T, dir string, commands ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser and its server take their time")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		t.Skip("its packages are not there: run npm ci in cmd/standin/" + dir)
	}
	for _, name := range commands {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip("there is no " + name)
		}
	}
}

// built builds the command, and gives the folder that it is in.
func built(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "standin"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// TestRecipesInABrowser runs the steps of the recipe's workflow as it stands: a page behind Vite's proxy, driven by Playwright's workers in
// a sandbox each, beside a mock that counts what they use; then verify, against another mock.
func TestRecipesInABrowser(t *testing.T) {
	installed(t, recipes, "npm", "chromium")
	ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
	defer stop()
	text, err := os.ReadFile(filepath.Join(recipes, ".github", "workflows", "test.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Run string }
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	reports := t.TempDir()
	ran := 0
	for _, step := range workflow.Jobs["test"].Steps {
		if !strings.HasPrefix(step.Run, "standin ") { // the others install
			continue
		}
		line := regexp.MustCompile(`(junit|sarif)=`).ReplaceAllString(step.Run, "${1}="+reports+"/")
		cmd := exec.CommandContext(ctx, "sh", "-c", line)
		cmd.Dir = recipes
		cmd.Env = append(os.Environ(), "PATH="+built(t)+":"+os.Getenv("PATH"), "CHROMIUM="+browser, "CI=true", "STAGING="+start(ctx, t, filepath.Join(recipes, "pets.yaml")))
		cmd.WaitDelay = 5 * time.Second
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", step.Run, err, out)
		}
		if strings.Contains(line, "npm test") && !regexp.MustCompile(`5 tests using 2 workers(?s:.*)5 passed`).Match(out) {
			t.Errorf("%s\n%s", step.Run, out)
		}
		ran++
	}
	for _, name := range []string{"coverage.xml", "verify.xml", "verify.sarif"} {
		if info, err := os.Stat(filepath.Join(reports, name)); err != nil || info.Size() == 0 {
			t.Error(name, err)
		}
	}
	if ran != 2 {
		t.Errorf("%d steps ran", ran)
	}
}

// TestRecipeForCypress runs the recipe's files through node, with what Cypress would do for their commands: its program is not to be had
// from npm.
func TestRecipeForCypress(t *testing.T) {
	installed(t, recipes, "node")
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, "node", "cypress.mjs")
	cmd.Dir = recipes
	cmd.Env = append(os.Environ(), "STANDIN_URL="+start(ctx, t, filepath.Join(recipes, "pets.yaml")))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var done []string
	if err := json.Unmarshal(out, &done); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := []string{"mock_sandbox=cypress", "POST /__mock/reset 204", "POST /__mock/stubs 201", "POST /pets 503", "POST /pets 201"}
	if !slices.Equal(done, want) {
		t.Errorf("%q, want %q", done, want)
	}
}

// TestReadmeRecipes holds the README's recipes to the files that these tests run: a block that begins with the name of a file is that file.
func TestReadmeRecipes(t *testing.T) {
	for _, block := range readmeBlocks(t) {
		first, _, _ := strings.Cut(block.text, "\n")
		name := strings.TrimSpace(strings.TrimLeft(first, "/#"))
		text, err := os.ReadFile(filepath.Join(recipes, name))
		if name == "" || err != nil {
			continue
		}
		if string(text) != block.text {
			t.Errorf("the README shows another %s:\n%s", name, block.text)
		}
	}
}
