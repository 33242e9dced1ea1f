package sample_test

import (
	"errors"
	"testing"

	"standin/mock/internal/sample"
)

func TestExample(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		operation, code, accept, name string
		given                         sample.Given
		example, body                 string
		violations                    int
	}{
		{"listItems", "200", "", "", nil, "books", `[{"id":2,"name":"Book","kind":"book"}]`, 0},
		{"listItems", "200", "", "wrong", nil, "wrong", `[{"id":"one"}]`, 2},
		{"listItems", "200", "text/csv", "", nil, "default", "id,name", 0},
		{"listItems", "200", "application/xml", "", nil, "default",
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Item>\n  <name>Ball</name>\n  <id>1</id>\n</Item>\n", 0},
		{"listItems", "200", "", "default", nil, "default", "id,name", 0},
		{"getForm", "", "", "", nil, "default", "id=1&name=A%20%26%20B&tags=x&tags=y", 0},
		{"listItems", "200", "", "", given("query.kind", "toy"), "toys", "", 0},
		{"listItems", "200", "", "", given("query.kind", "none"), "books", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"name": "Book"}), "book", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"name": "Shelf"}), "shelf", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"item": map[string]any{"name": "Shelf"}}), "shelf", "", 0},
		{"addItem", "", "", "", given("body", map[string]any{"name": "Else"}), "first", "", 0},
		{"addItem", "", "", "", given(), "first", "", 0},
		{"getItem", "", "", "", given("path.itemId", number("2")), "two", "", 0},
		{"getItem", "", "", "", given("path.itemId", "3"), "three", "", 0},
		{"getItem", "", "", "", given("path.itemId", number("1")), "one", "", 0}, // not three, which has a part 1
		{"getItem", "", "", "", given("path.itemId", number("9")), "one", "", 0},
		{"getItem", "", "", "three", given("path.itemId", number("1")), "three", "", 0},
	} {
		op := operation(t, c, row.operation)
		target, err := s.Choose(op, row.code, row.accept)
		if err != nil {
			t.Fatal(err)
		}
		contentType := target.ContentType
		if row.name == "default" { // which JSON lacks
			contentType = "text/csv"
		}
		a, err := s.Example(op, target, row.name, row.given)
		if err != nil || a.Name != row.example || row.body != "" && string(a.Body) != row.body || len(a.Violations) != row.violations {
			t.Errorf("%s %q %q: %q %q %v %v", row.operation, row.code, row.accept, a.Name, a.Body, a.Violations, err)
		}
		if a.Generated || a.Status != target.Status || a.ContentType != contentType {
			t.Errorf("%+v", a)
		}
	}
}

func TestNoExample(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	for _, row := range []struct{ operation, code, name, want string }{
		{"listItems", "200", "balls", "there is no such example; there is books, toys, wrong, default"},
		{"putItem", "", "balls", "there is no such example; there is none"},
		{"deleteItem", "", "balls", "there is no such example; there is none"},
		{"putItem", "", "", "there is no valid example"},
		{"deleteItem", "", "", "there is no valid example"},
	} {
		op := operation(t, c, row.operation)
		target, err := s.Choose(op, row.code, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Example(op, target, row.name, nil); err == nil || err.Error() != row.want {
			t.Errorf("%+v: %v", row, err)
		} else if errors.Is(err, sample.ErrNone) != (row.name == "") {
			t.Errorf("%+v: %T", row, err)
		}
	}
}
