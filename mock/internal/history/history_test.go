package history_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock/contract"
	"standin/mock/internal/history"
)

func TestCompareOrdersVersions(t *testing.T) {
	order := []string{
		"0.9", "v1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0", "1.0.0",
		"1.0.0+build", "1.0.1", "v1.2", "1.10", "3.4.0", "3.4.10", "4.7", "2024-12-31", "20250101", "2025-01-02", "2025-01-02_b", "2026-01-15",
		"beta", "release-2", "release-10",
	}
	for i, a := range order {
		for j, b := range order {
			got, want := history.Compare(a, b), 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got != want {
				t.Errorf("Compare(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestParseName(t *testing.T) {
	for name, want := range map[string]history.Named{
		"4.7.yaml":               {Version: "4.7"},
		"v1.2.3-rc.1.json":       {Version: "v1.2.3-rc.1"},
		"history/2025-03-01.yml": {Version: "2025-03-01", Date: "2025-03-01"},
		"20250301.json":          {Version: "2025-03-01", Date: "2025-03-01"},
		"2025-03-01_4.7.0.yaml":  {Version: "4.7.0", Date: "2025-03-01"},
		"2025-13-01.yaml":        {Version: "2025-13-01"},
		"release/2.0":            {Version: "2.0"},
		"api.v3.yaml":            {Version: "api.v3"},
		"2025-03-01":             {Version: "2025-03-01", Date: "2025-03-01"},
	} {
		if got := history.ParseName(name); got != want {
			t.Errorf("ParseName(%q) = %+v, want %+v", name, got, want)
		}
	}
}

// sample has two versions with rows and an oldest without.
func sample() *history.History {
	h := &history.History{Versions: []history.Version{
		{Version: "2.0", Date: "2026-02-01", Previous: "1.0", Rows: []history.Row{
			{
				Level: history.Breaking, Rule: "api-removed-without-deprecation", Section: history.SectionOperation, Text: "removed",
				Touches: []history.Touch{{Operation: "dropPet", Method: "DELETE", Path: "/pets/{id}", Removed: true}},
			},
			{
				Level: history.Warning, Rule: "response-property-enum-value-added", Section: history.SectionResponse,
				Text: "added the enum value `<gone>`", Schema: "Pet", Pointer: "/components/schemas/Pet", Place: "api.yaml:12:3",
				Touches: []history.Touch{{Operation: "getPet", Anchor: "200.status"}, {Operation: "listPets", Anchor: "200.items.status"}},
			},
		}},
		{Version: "1.0", Previous: "0.9", Rows: []history.Row{
			{Level: history.Info, Rule: history.RuleAdded, Section: history.SectionOperation, Text: "endpoint added", Touches: []history.Touch{{Operation: "getPet"}}},
		}},
		{Version: "0.9", Rows: []history.Row{}},
	}}
	for i := range h.Versions {
		for j := range h.Versions[i].Rows {
			h.Versions[i].Rows[j].Identify(h.Versions[i].Version)
		}
	}
	return h
}

func TestWriteAndReadAgree(t *testing.T) {
	want := sample()
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "`<gone>`") {
		t.Errorf("written with escapes:\n%s", b.String())
	}
	got, err := history.Read(fstest.MapFS{"history/changes.json": {Data: b.Bytes()}}, history.FileName)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestReadWithoutFileIsEmpty(t *testing.T) {
	h, err := history.Read(fstest.MapFS{}, history.FileName)
	if err != nil || len(h.Versions) != 0 {
		t.Fatal(h, err)
	}
}

func TestParseTakesWhatPeopleWrite(t *testing.T) {
	h, err := history.Parse("changes.json", []byte(`{"comment": "by hand", "versions": [
		{"version": "1.9"},
		{"version": "1.10", "date": "2026-01-02", "changes": [{"text": "new paging", "operations": ["listPets", {"operation": "getPet"}]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if h.Versions[0].Version != "1.10" {
		t.Fatalf("newest is %+v", h.Versions[0])
	}
	row := h.Versions[0].Rows[0]
	if row.Level != history.Info || row.Rule != history.RuleChangelog || row.Section != history.SectionOperation || len(row.ID) != 12 {
		t.Errorf("got %+v", row)
	}
	if len(row.Touches) != 2 || row.Touches[0].Operation != "listPets" {
		t.Errorf("touches %+v", row.Touches)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                 "changes.json",
		`[]`:                               "changes.json:1:1: a history is an object, not array",
		`{"versions": {}}`:                 "changes.json:1:14: versions is an array, not object",
		`{"versions": [7]}`:                "changes.json:1:15: a version is an object, not number",
		`{"versions": [{}]}`:               "changes.json:1:15: version is missing",
		`{"versions": [}`:                  "changes.json:1:15",
		`{"versions": [], "versions": []}`: "changes.json:1:18",
		`{"versions": [{"version": 1}]}`:   "version is a string, not number",
		`{"versions": [{"version": "1", "date": "May"}]}`:                                                                `a date is YYYY-MM-DD, not "May"`,
		`{"versions": [{"version": "1"}, {"version": "1"}]}`:                                                             `the version "1" is there twice`,
		`{"versions": [{"version": "1", "changes": [{}]}]}`:                                                              "text is missing",
		`{"versions": [{"version": "1", "changes": [{"text": "a", "level": 1}]}]}`:                                       "a level is breaking, warning or info, not 1",
		`{"versions": [{"version": "1", "changes": [{"text": "a", "id": "<b>"}]}]}`:                                      "an id is",
		`{"versions": [{"version": "1", "changes": [{"text": "a", "operations": [{"operation": "o", "removed": 1}]}]}]}`: "removed is true or false",
	} {
		_, err := history.Parse("changes.json", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

func TestQuestions(t *testing.T) {
	h := sample()
	if got := h.Of("listPets"); len(got) != 1 || got[0].Touch.Anchor != "200.items.status" || got[0].Version.Version != "2.0" {
		t.Errorf("Of: %+v", got)
	}
	if got := h.OfSchema("Pet"); len(got) != 1 {
		t.Errorf("OfSchema: %+v", got)
	}
	if got := h.OfSchema(""); len(got) != 0 {
		t.Errorf("OfSchema of none: %+v", got)
	}
	if got := h.Latest(2); len(got) != 2 || got[0].Row.Rule != "api-removed-without-deprecation" {
		t.Errorf("Latest: %+v", got)
	}
	if got := h.Since("getPet"); got != "1.0" {
		t.Errorf("Since = %q", got)
	}
	if got := h.Since("listPets"); got != "" {
		t.Errorf("Since of the oldest = %q", got)
	}
	if e, ok := h.Removed("dropPet"); !ok || e.Version.Version != "2.0" {
		t.Errorf("Removed: %+v", e)
	}
	if _, ok := h.Removed("getPet"); ok {
		t.Error("getPet is not removed")
	}
	if n := h.Versions[0].Count(history.Warning); n != 1 {
		t.Errorf("%d warnings", n)
	}
	var none *history.History
	if none.Of("x") != nil || none.Version("1") != nil || none.Since("x") != "" {
		t.Error("a nil history has something to say")
	}
}

func TestHide(t *testing.T) {
	h := sample()
	hidden := h.Hide(func(op string) bool { return op == "dropPet" || op == "listPets" })
	if rows := hidden.Versions[0].Rows; len(rows) != 1 || len(rows[0].Touches) != 1 || rows[0].Touches[0].Operation != "getPet" {
		t.Errorf("got %+v", rows)
	}
	if !reflect.DeepEqual(h, sample()) {
		t.Error("the original was changed")
	}
}

const document = `openapi: 3.0.3
info: {title: Pets, version: "2.0"}
paths:
  /pets:
    get:
      operationId: listPets
      x-changelog:
        - {version: "2.0", date: "2026-02-03", level: warning, text: "Rate limits apply."}
        - {version: 1.5, text: Answers faster.}
        - {version: "2.0", level: awful, text: x}
        - {text: when}
        - 7
      responses: {"200": {description: All.}}
    post:
      operationId: addPet
      x-changelog:
        - {version: "2.0", level: warning, text: "Rate limits apply."}
        - {date: 2026-03-01, text: "By date alone."}
      responses: {"200": {description: All.}}
    put:
      operationId: putPets
      x-changelog: {}
      responses: {"200": {description: All.}}
`

func TestMerge(t *testing.T) {
	c, err := contract.Parse(context.Background(), "api.yaml", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	base := sample()
	h, found := base.Merge(c)
	if !reflect.DeepEqual(base, sample()) {
		t.Error("the original was changed")
	}
	var names []string
	for _, v := range h.Versions {
		names = append(names, v.Version)
	}
	if want := []string{"2026-03-01", "2.0", "1.5", "1.0", "0.9"}; !slices.Equal(names, want) {
		t.Fatalf("versions %v, want %v", names, want)
	}
	v := h.Version("2.0")
	if len(v.Rows) != 3 || v.Date != "2026-02-01" {
		t.Fatalf("2.0: %+v", v)
	}
	row := v.Rows[1]
	if row.Text != "Rate limits apply." || len(row.Touches) != 2 || row.Place != "api.yaml:8:11" {
		t.Errorf("got %+v", row)
	}
	var lines []string
	for _, d := range found {
		lines = append(lines, d.String())
	}
	want := []string{
		"api.yaml:10:11: warning: a level is breaking, warning or info, not \"awful\" (changelog)",
		"api.yaml:11:11: warning: an entry of x-changelog needs a version or a date (changelog)",
		"api.yaml:12:11: warning: an entry of x-changelog is an object, not number (changelog)",
		"api.yaml:22:20: warning: x-changelog is an array, not object (changelog)",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("diagnostics:\n%s", strings.Join(lines, "\n"))
	}
	again, _ := h.Merge(c)
	if !reflect.DeepEqual(h, again) {
		t.Error("merging twice adds rows")
	}
}

func TestOverKeepsWhatOnlyTheFileKnows(t *testing.T) {
	fresh := &history.History{Versions: []history.Version{
		{Version: "3.0", Previous: "2.0", Rows: []history.Row{{Text: "new"}}},
		{Version: "2.0"}, // the oldest document left, so there is nothing to compare it with
	}}
	h := fresh.Over(sample())
	var got []string
	for _, v := range h.Versions {
		got = append(got, fmt.Sprint(v.Version, " ", len(v.Rows)))
	}
	if want := []string{"3.0 1", "2.0 2", "1.0 1", "0.9 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(fresh.Versions[1].Rows) != 0 {
		t.Error("the original was changed")
	}
	var none *history.History
	if len(none.Over(nil).Versions) != 0 || len(none.Over(sample()).Versions) != 3 {
		t.Error("nil histories")
	}
}

func TestRenamed(t *testing.T) {
	rename := func(from, to string) []history.Row {
		return []history.Row{{Text: "renamed", Touches: []history.Touch{{Operation: to, Former: from}}}}
	}
	h := &history.History{Versions: []history.Version{
		{Version: "3", Rows: rename("b", "c")}, {Version: "2", Rows: rename("a", "b")}, {Version: "1"},
	}}
	for former, want := range map[string]string{"a": "c", "b": "c"} {
		if got, ok := h.Renamed(former); !ok || got != want {
			t.Errorf("%s is now %q, want %q", former, got, want)
		}
	}
	if _, ok := h.Renamed("c"); ok {
		t.Error("c was never another name")
	}
}

func TestSegment(t *testing.T) {
	for name, want := range map[string]string{"": "~", "a.b c": "a~2Eb~20c", "{}": "{}", "(Dog)": "(Dog)", "é": "~C3~A9"} {
		if got := history.Segment(name); got != want {
			t.Errorf("Segment(%q) = %q, want %q", name, got, want)
		}
	}
	a, b := history.Segment(strings.Repeat("a", 100)+"1"), history.Segment(strings.Repeat("a", 100)+"2")
	if len(a) != 71 || a == b {
		t.Errorf("long names: %q, %q", a, b)
	}
}

func ExampleHistory_Of() {
	h, err := history.Parse("changes.json", []byte(`{"versions": [{"version": "2.0", "changes": [
		{"level": "breaking", "text": "removed the property `+"`tag`"+`", "operations": ["getPet"]}]}]}`))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	for _, e := range h.Of("getPet") {
		fmt.Println(e.Version.Version, e.Row.Level, e.Row.Text)
	}
	// Output: 2.0 breaking removed the property `tag`
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := sample().Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"versions": [{"version": "1", "changes": [{"text": "a", "operations": ["x"]}]}]}`))
	f.Add([]byte(`{"versions": [{"version": "1"}, {"version": "1"}]}`))
	f.Add([]byte(`{"versions": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := history.Parse("changes.json", text)
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := h.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, err := history.Parse("changes.json", first.Bytes())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first.Bytes())
		}
		if err := again.Write(&second); err != nil || first.String() != second.String() {
			t.Fatalf("%v\n%s\n%s", err, first.Bytes(), second.Bytes())
		}
	})
}
