package mock_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock"
)

// TestListsOfOlderRows opens rows that an older document allowed: a list that would hold one of them is not given.
func TestListsOfOlderRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world")
	strict := strings.ReplaceAll(items, "maxLength: 80", "maxLength: 8")
	lists := func(document, create string, most int) (source string, names []string) {
		s, err := mock.New(parse(t, document), mock.StoreFile(file))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		if w := ask(s, "POST /items", create); w.Code != 201 {
			t.Fatal(w.Code, w.Body)
		}
		w := ask(s, fmt.Sprintf("GET /items?offset=%d", most), "")
		var rows []struct{ Name string }
		if err := json.Unmarshal(w.Body.Bytes(), &rows); err != nil || w.Code != 200 {
			t.Fatal(err, w.Code, w.Body)
		}
		for _, r := range rows {
			if strings.Contains(document, "maxLength: 8}") && len(r.Name) > 8 {
				t.Errorf("%q is longer than the document allows", r.Name)
			}
			names = append(names, r.Name)
		}
		return w.Header().Get("Mock-Source"), names
	}
	first := 25 // rows that nobody created
	if source, names := lists(items, item, first); source != "state" || len(names) != 1 || names[0] != "Blue lamp" {
		t.Error(source, names)
	}
	short := strings.Replace(item, "Blue lamp", "Lamp", 1)
	if source, names := lists(strict, short, first); source == "state" {
		t.Error(source, names)
	}
	if source, names := lists(strict, short, first+1); source != "state" || len(names) != 2 {
		t.Error(source, names)
	}
	if source, names := lists(items, short, first); source != "state" || len(names) != 4 {
		t.Error(source, names)
	}
}

// TestDeepPages begins pages among first rows, among created ones, and behind all.
func TestDeepPages(t *testing.T) {
	s, err := mock.New(parse(t, items), mock.Control())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for n := range 30 {
		ask(s, "POST /items", strings.Replace(item, "Blue lamp", fmt.Sprintf("Lamp %d", n), 1))
	}
	page := func(offset, limit int) string {
		var rows []struct{ Name string }
		w := ask(s, fmt.Sprintf("GET /items?offset=%d&limit=%d", offset, limit), "")
		if err := json.Unmarshal(w.Body.Bytes(), &rows); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(rows)
	}
	first := len(strings.Split(page(0, 100), "} {")) - 30
	for offset, want := range map[int]string{first: "[{Lamp 0} {Lamp 1}]", first + 7: "[{Lamp 7} {Lamp 8}]", first + 29: "[{Lamp 29}]", first + 30: "[]", 5000: "[]"} {
		if got := page(offset, 2); got != want {
			t.Errorf("from %d: %s, want %s", offset, got, want)
		}
	}
	if got := page(first-1, 2); !strings.HasSuffix(got, "{Lamp 0}]") {
		t.Error(got)
	}
}
