package mock_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock"
)

func TestExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	export := func(text string) error {
		t.Helper()
		return mock.Export(t.Context(), parse(t, text), dir, mock.Static{Base: "https://docs.example.com"})
	}
	if err := export(pets); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "op/getPet.html", "op/getPet.md", "zh/index.html", "search.json", "openapi.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	own := filepath.Join(dir, "own.txt")
	if err := os.WriteFile(own, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := export(strings.ReplaceAll(pets, "getPet", "onePet")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "op/getPet.html")); err == nil {
		t.Error("a page of the earlier export is still there")
	}
	if text, err := os.ReadFile(own); err != nil || string(text) != "mine" {
		t.Errorf("a file that is not ours was touched: %s %v", text, err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := mock.Export(t.Context(), parse(t, pets), foreign, mock.Static{}); err == nil {
		t.Error("a folder with other files was written to")
	}
	for _, wrong := range []mock.Static{{Base: "docs"}, {Sandbox: "ftp://x"}} {
		if err := mock.Export(t.Context(), parse(t, pets), filepath.Join(t.TempDir(), "x"), wrong); err == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
}
