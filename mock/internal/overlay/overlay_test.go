package overlay_test

import (
	"strings"
	"testing"

	"standin/mock/internal/overlay"
	"standin/mock/internal/source"
)

const document = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"tags":[{"name":"a"},{"name":"b"}],
"paths":{"/a":{"get":{"tags":["a"],"x":1},"post":{"x":2}},"/b":{"get":{"x":3}}}}`

func apply(t testing.TB, actions string) (string, []overlay.Remark) {
	t.Helper()
	root, err := source.Index("doc.json", []byte(document), source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := overlay.Read("o.yaml", []byte("overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"+actions))
	if err != nil {
		t.Fatal(err)
	}
	out, remarks := o.Apply(root)
	return string(out.AppendJSON(nil)), remarks
}

func TestApply(t *testing.T) {
	for _, c := range []struct{ name, actions, with, without string }{
		{"a member", "- {target: $.info, update: {title: New, x: {y: 1}}}", `"info":{"title":"New","version":"1","x":{"y":1}}`, ""},
		{"a name with a slash", "- {target: \"$.paths['/a'].get\", update: {summary: S}}", `"get":{"tags":["a"],"x":1,"summary":"S"}`, ""},
		{"a list inside", "- {target: \"$.paths['/a'].get\", update: {tags: [b]}}", `"tags":["a","b"]`, ""},
		{"a list itself", "- {target: $.tags, update: {name: c}}", `{"name":"b"},{"name":"c"}]`, ""},
		{"everywhere", "- {target: $.paths.*.get, update: {seen: true}}", `"x":3,"seen":true`, `"x":2,"seen"`},
		{"a filter", "- {target: '$.paths.*[?@.x == 2]', update: {seen: true}}", `"post":{"x":2,"seen":true}`, `"x":3,"seen"`},
		{"deep", "- {target: $..x, update: 9}", `"get":{"x":9}`, `"x":1`},
		{"removal", "- {target: \"$.paths['/b']\", remove: true}", `"/a"`, `"/b"`},
		{"removal of elements", "- {target: '$.tags[*]', remove: true}", `"tags":[]`, `"name"`},
		{"in order", "- {target: $.info, update: {title: A}}\n- {target: $.info, update: {title: B}}", `"title":"B"`, `"title":"A"`},
		{"a copy", "- {target: \"$.paths['/b'].get\", copy: \"$.paths['/a'].get\"}", `"/b":{"get":{"x":1,"tags":["a"]}}`, ""},
		{"by index", "- {target: '$.tags[1]', update: {description: D}}", `{"name":"b","description":"D"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, remarks := apply(t, c.actions)
			if !strings.Contains(got, c.with) || c.without != "" && strings.Contains(got, c.without) || len(remarks) > 0 {
				t.Errorf("%s\n%v", got, remarks)
			}
		})
	}
	if _, remarks := apply(t, "- {target: $.nothing, update: {}}\n- {target: '$..nothing', update: {}}\n- {target: $, remove: true}"); len(remarks) != 3 || remarks[0].Position.Line != 4 {
		t.Errorf("what selects nothing: %v", remarks)
	}
}

func TestWrongOverlays(t *testing.T) {
	for text, want := range map[string]string{
		"[]":                          "o.yaml:1:1",
		"openapi: 3.1.0":              "no overlay",
		"overlay: 2.0.0":              "only 1.0 and 1.1",
		"overlay: 1.0.0":              "needs actions",
		"overlay: 1.0.0\nactions: []": "needs actions",
		"overlay: 1.0.0\nactions: [{update: {}}]":               "with a target",
		"overlay: 1.0.0\nactions: [{target: '$[', update: {}}]": "no JSONPath",
		"overlay: 1.0.0\nactions: [{target: info, update: {}}]": "must begin with $",
		"overlay: 1.0.0\nactions: [{target: $.info}]":           "needs update",
		"overlay: [": "o.yaml:2",
	} {
		if _, err := overlay.Read("o.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzOverlay(f *testing.F) {
	f.Add("overlay: 1.0.0\nactions: [{target: $..x, update: {a: 1}}]")
	f.Add("overlay: 1.1.0\nactions: [{target: '$.paths[?@.x]', remove: true}]")
	root, err := source.Parse("doc.json", []byte(document), source.Limits{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if o, err := overlay.Read("o.yaml", []byte(text)); err == nil {
			o.Apply(root)
		}
	})
}
