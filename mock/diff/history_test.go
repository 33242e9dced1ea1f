package diff_test

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/diff"
)

// release is the shop under another version.
func release(t *testing.T, version string, pairs ...string) string {
	return strings.Replace(edited(t, pairs...), `version: "1.0"`, `version: "`+version+`"`, 1)
}

func TestHistoryOfAFolder(t *testing.T) {
	narrow := []string{"maximum: 100", "maximum: 50"}
	files := fstest.MapFS{
		"1.9.yaml":            {Data: []byte(release(t, "1.9"))},
		"2026-01-15_1.10.yml": {Data: []byte(release(t, "1.10", narrow...))},
		"changes.json":        {Data: []byte("{}")},
		"notes.txt":           {Data: []byte("none")},
		"old/1.0.yaml":        {Data: []byte("none")},
	}
	list, err := diff.Folder(files)
	if err != nil {
		t.Fatal(err)
	}
	current := diff.Document{Name: "openapi.yaml", Text: []byte(release(t, "2.0", append(narrow, "operationId: dropItem\n", "operationId: dropItem\n      x-internal: true\n      deprecated: true\n",
		"enum: [new, sold]", "enum: [new]")...))}
	h, err := diff.History(context.Background(), list, &current)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range h.Versions {
		got = append(got, strings.Join([]string{v.Version, v.Date, v.Previous, strings.Join(brief(v.Rows), "; ")}, ","))
	}
	want := []string{
		"2.0,,1.10,breaking request-property-enum-value-removed | removed the enum value `sold` of the request property `Item.state` | Item | listItems#200.state addItem#body.state getItem#200.state",
		"1.10,2026-01-15,1.9,breaking request-parameter-max-decreased | for the `query` request parameter `limit`, the max was decreased from `100` to `50` |  | listItems#in.query.limit",
		"1.9,,,",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	var first, second bytes.Buffer
	again, err := diff.History(context.Background(), list, &current)
	if err != nil || h.Write(&first) != nil || again.Write(&second) != nil || first.String() != second.String() {
		t.Errorf("two runs differ: %v\n%s\n%s", err, first.String(), second.String())
	}
	read, err := diff.ReadHistory(fstest.MapFS{diff.FileName: {Data: first.Bytes()}}, diff.FileName)
	if err != nil || !reflect.DeepEqual(read, h) {
		t.Errorf("read back: %v\n%+v\n%+v", err, read, h)
	}
}

func TestHistoryTakesTheCurrentDocumentForItsVersion(t *testing.T) {
	files := fstest.MapFS{"v1.0.yaml": {Data: []byte("never read")}, "0.9.yaml": {Data: []byte(shop)}}
	list, err := diff.Folder(files)
	if err != nil {
		t.Fatal(err)
	}
	current := diff.Document{Name: "openapi.yaml", Text: []byte(shop)}
	h, err := diff.History(context.Background(), list, &current)
	if err != nil || len(h.Versions) != 2 || h.Versions[0].Version != "1.0" || len(h.Versions[0].Rows) != 0 || h.Versions[1].Title != "1.0" {
		t.Errorf("got %+v, %v", h, err)
	}
}

func TestHistoryWithoutDocumentsIsEmpty(t *testing.T) {
	list, err := diff.Folder(fstest.MapFS{})
	if err != nil || len(list) != 0 {
		t.Fatal(list, err)
	}
	h, err := diff.History(context.Background(), nil, nil)
	if err != nil || len(h.Versions) != 0 {
		t.Errorf("got %+v, %v", h, err)
	}
}

func TestHistoryRefuses(t *testing.T) {
	good := func(context.Context) (diff.Document, error) {
		return diff.Document{Name: "good.yaml", Text: []byte(shop)}, nil
	}
	gone := errors.New("the disk is gone")
	for name, c := range map[string]struct {
		list []diff.Revision
		want string
	}{
		"twice": {[]diff.Revision{diff.NewRevision("1.0.yaml", good), diff.NewRevision("1.0.json", good)}, `two documents are named as version "1.0"`},
		"unreadable": {[]diff.Revision{diff.NewRevision("1.0.yaml", func(context.Context) (diff.Document, error) { return diff.Document{}, gone })},
			"version 1.0 cannot be read: the disk is gone"},
		"torn": {[]diff.Revision{diff.NewRevision("1.0.yaml", good), diff.NewRevision("1.1.yaml", func(context.Context) (diff.Document, error) {
			return diff.Document{Name: "1.1.yaml", Text: []byte("openapi: [")}, nil
		})}, "1.1.yaml:2:"},
	} {
		if _, err := diff.History(context.Background(), c.list, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	if _, err := diff.History(context.Background(), nil, &diff.Document{Name: "now.yaml", Text: []byte("x: 1")}); err == nil || !strings.Contains(err.Error(), "now.yaml") {
		t.Errorf("error %v", err)
	}
}
