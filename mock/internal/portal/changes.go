package portal

import (
	"html/template"
	"strings"

	"standin/mock/internal/history"
)

// Change is one row of the history.
type Change struct {
	ID, Level, Word string // Word is the level in the reader's language
	Sentence        template.HTML
	Text            string
	Comment         string
	Version, Date   string
	VersionURL      string
	// Place leads to what changed; Place.Text is its anchor, or "".
	Place *Link
	// Operations are those that the change reaches.
	Operations []Link
	Schema     *Link
	// Inside are the changes that this one stands for, All is where they are if they are not listed here.
	Inside []Change
	All    *Link
}

// recent is how many changes an operation's page and the home page show.
const recent = 5

// changes fills in the latest changes of the operation.
func (o *operation) changes() {
	o.ChangesURL = o.url("/changes" + operationPath(o.Entry.slug))
	o.Changes = o.recent(o.history.Of(o.Entry.op.ID), o.Entry.op.ID, o.ChangesURL)
}

// recent gives the first rows of a list. Examples change by the dozen and break nobody: those of a version are one row, which leads
// to all of them, at the URL or else at the page of the version.
func (v *view) recent(entries []history.Entry, of, all string) []Change {
	var out []Change
	var folded *history.Version
	for _, e := range entries {
		if e.Row.Rule == history.RuleExample && e.Version == folded {
			continue
		}
		if len(out) == recent {
			break
		}
		c := v.change(e, of)
		if n := len(c.Operations); of == "" && n > 0 {
			c.Place = &c.Operations[0]
			if n > 1 {
				c.Place = &Link{v.T("changes.touches", n), c.VersionURL}
			}
		}
		if e.Row.Rule == history.RuleExample {
			folded = e.Version
			n := 0
			for _, other := range entries {
				if other.Version == folded && other.Row.Rule == history.RuleExample {
					n++
				}
			}
			if n > 1 {
				c = v.folded(c, n)
				c.All = &Link{c.Version, c.VersionURL}
				if all != "" {
					c.All.URL = all + "#v-" + segment(c.Version)
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// folded is one row for n changed examples, of which c is the first.
func (v *view) folded(c Change, n int) Change {
	text := v.T("changes.examples", n)
	return Change{
		ID: c.ID + "-more", Level: c.Level, Word: c.Word, Text: text, Sentence: backticks(text), Version: c.Version, Date: c.Date, VersionURL: c.VersionURL,
	}
}

// change is the row of one entry; of is the operation whose page it stands on, "" for any other page.
func (v *view) change(e history.Entry, of string) Change {
	r := e.Row
	c := Change{
		ID: r.ID, Level: r.Level.String(), Word: v.T("level." + r.Level.String()), Text: r.Text, Comment: r.Comment,
		Version: e.Version.Version, Date: e.Version.Date, VersionURL: v.url("/changes/" + escapeSegment(e.Version.Version)),
	}
	if r.Rule == history.RuleChangelog {
		c.Sentence = v.markdown(r.Text)
	} else {
		c.Sentence = backticks(r.Text)
	}
	if r.Schema != "" && v.outline().schemas[r.Schema] {
		c.Schema = v.schemaLink(r.Schema)
	}
	for _, t := range r.Touches {
		name, to := v.touched(t)
		if name == "" {
			continue
		}
		if to != "" && t.Anchor != "" {
			to += "#" + t.Anchor
			if of == t.Operation || of == "" && len(r.Touches) == 1 {
				c.Place = &Link{t.Anchor, to}
			}
		}
		c.Operations = append(c.Operations, Link{name, to})
	}
	return c
}

// touched names an operation or a webhook that a change reaches, and gives its page: "" for what was removed; no name for what is hidden.
func (v *view) touched(t history.Touch) (name, page string) {
	if e := v.outline().byID[t.Operation]; e != nil {
		return e.id, v.url(operationPath(e.slug))
	}
	for _, h := range v.site.hooks() {
		if h.of == nil && h.name == t.Path && h.method == t.Method {
			return h.name, v.hookURL(h)
		}
	}
	if t.Removed {
		return t.Operation, ""
	}
	return "", ""
}

// backticks writes a sentence whose only markup is code between backticks.
func backticks(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML("<p>" + b.String() + "</p>")
}

// removedPage tells of an operation that is no more (410).
func removedPage(v *view, id string, e history.Entry) *content {
	v.Title, v.Path = id, "/"
	return &content{template: "removed", status: 410, model: &removed{view: v, ID: id, Change: v.change(e, id)}}
}

type removed struct {
	*view
	ID     string
	Change Change
}
