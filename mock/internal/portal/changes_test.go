package portal

import (
	"strconv"
	"strings"
	"testing"

	"standin/mock/internal/history"
)

// TestExamplesAreFolded has a version with many changed examples, which must not hide what else there is.
func TestExamplesAreFolded(t *testing.T) {
	rows := make([]history.Row, 0, 31)
	touch := []history.Touch{{Operation: "listBooks", Anchor: "200"}}
	for i := range 30 {
		rows = append(rows, history.Row{ID: "e" + strconv.Itoa(i), Rule: history.RuleExample, Text: "added the example `e" + strconv.Itoa(i) + "` of the response `200`", Touches: touch})
	}
	rows = append(rows, history.Row{ID: "o1", Rule: "response-optional-property-added", Text: "added the optional property `isbn`", Touches: touch})
	h := &history.History{Versions: []history.Version{{Version: "2", Previous: "1", Rows: rows}}}
	p := libraryPortal(t, func(s *Site) { s.History = func() *history.History { return h } })

	for path, want := range map[string][]string{
		"/docs/":                        {"Examples: 30 added, changed or removed", "<code>isbn</code>", "<code>listBooks</code>"},
		"/docs/op/listBooks":            {"Examples: 30 added, changed or removed", "<code>isbn</code>", `href="/docs/changes/op/listBooks#v-2"`},
		"/docs/changes":                 {"Examples: 30 added, changed or removed", "<code>isbn</code>", `id="c-e29"`},
		"/docs/changes/op/listBooks.md": {"  - `200` — added the example `e29`", "**Info** `200` — added the optional property"},
	} {
		body := page(t, p, path)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %q", path, w)
			}
		}
		if path != "/docs/changes/op/listBooks.md" && strings.Index(body, "isbn") > strings.Index(body, "<code>e0</code>") && strings.Contains(body, "<code>e0</code>") {
			t.Errorf("%s has examples first", path)
		}
		if (path == "/docs/" || path == "/docs/op/listBooks") && strings.Contains(body, "<code>e3</code>") {
			t.Errorf("%s lists examples", path)
		}
	}
}

// TestChangesOfWebhooks lead to the page of the webhook, at the property.
func TestChangesOfWebhooks(t *testing.T) {
	c := parse(t, `openapi: 3.1.0
info: {title: Hooks, version: "2"}
paths: {}
webhooks: {born: {post: {operationId: tellBirth, requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}}}}
`)
	row := history.Row{ID: "w1", Rule: "x", Text: "the `name` became shorter", Touches: []history.Touch{{Operation: "tellBirth", Method: "POST", Path: "born", Anchor: "body.name"}}}
	h := &history.History{Versions: []history.Version{{Version: "2", Previous: "1", Rows: []history.Row{row}}}}
	p := portalOf(t, c, func(s *Site) { s.History = func() *history.History { return h } })
	if body := page(t, p, "/docs/changes"); !strings.Contains(body, `href="/docs/webhooks/born#body.name"`) {
		t.Errorf("the change leads nowhere: %s", body)
	}
	if body := page(t, p, "/docs/webhooks/born"); !strings.Contains(body, `id="body.name"`) {
		t.Errorf("the webhook has no such anchor: %s", body)
	}
}
