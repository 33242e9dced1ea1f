package portal

import (
	"cmp"
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/history"
)

// mostChanges bounds the rows of one page of changes; the page of a version goes on with ?page=.
const mostChanges = 200

// changelog is the model of the pages of changes.
type changelog struct {
	*view
	Heading  string
	Of       *Link // the operation whose changes they are
	Versions []VersionBlock
	Levels   []Choice
	Category string
	Options  []Option
	Action   string // of the filter
	Level    string
	Filtered bool
	Pages    []Choice
}

// Option is a choice of a select field.
type Option struct {
	Value, Text string
	Selected    bool
}

// VersionBlock is a version with its changes.
type VersionBlock struct {
	ID, Version, Date, Title, URL string
	Counts                        []Badge
	First                         bool // there is no older one
	Groups                        []ChangeGroup
	// Left counts the changes that are on the version's own page alone.
	Left int
}

// ChangeGroup is the changes of one operation, or of one shared structure.
type ChangeGroup struct {
	Title   string
	Link    *Link
	Changes []Change
	others  int // changes of anything but examples, which come first
}

// changesPage finds the pages of changes: all, of a version, of an operation.
func (p *Portal) changesPage(rest string) maker {
	if rest == "" {
		return func(v *view) *content { return v.changelog("", nil) }
	}
	if slug, ok := strings.CutPrefix(rest, "op/"); ok {
		if e := p.outline.bySlug[slug]; e != nil {
			return func(v *view) *content { return v.changelog("", e) }
		}
		return nil
	}
	if p.history().Version(rest) == nil {
		return nil
	}
	return func(v *view) *content { return v.changelog(rest, nil) }
}

// changelog makes a page of changes, of one version or operation, or of all.
func (v *view) changelog(version string, of *entry) *content {
	m := &changelog{view: v, Heading: v.T("changes"), Level: v.query.Get("level"), Category: v.query.Get("category"), Action: v.site.root + v.Path}
	v.Section = "changes"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("changes"), v.url("/changes")}}
	switch {
	case of != nil:
		m.Heading, m.Of = v.T("changes.of", of.id), &Link{of.id, v.operationURL(of)}
		v.Crumbs = append(v.Crumbs, *m.Of)
	case version != "":
		m.Heading = v.T("changes.in", version)
		v.Crumbs = append(v.Crumbs, Link{version, v.url("/changes/" + escapeSegment(version))})
	}
	v.Title = m.Heading
	m.choices()
	rows := 0
	for i := range v.versions() {
		block := &v.history.Versions[i]
		if version != "" && block.Version != version {
			continue
		}
		m.add(block, of, version != "", &rows)
	}
	return &content{template: "changes", model: m}
}

// versions are those of the history, none if there is no history.
func (v *view) versions() []history.Version {
	if v.history == nil {
		return nil
	}
	return v.history.Versions
}

// choices are what the page can be narrowed to.
func (m *changelog) choices() {
	if _, err := history.ParseLevel(m.Level); err != nil {
		m.Level = ""
	}
	m.Filtered = m.Level != "" || m.Category != ""
	m.Options = append(m.Options, Option{"", m.T("changes.all"), m.Category == ""})
	for _, k := range m.outline().categories {
		m.Options = append(m.Options, Option{k.slug, m.categoryName(k), m.Category == k.slug})
	}
	for _, level := range []string{"", "breaking", "warning", "info"} {
		text := m.T("changes.all")
		if level != "" {
			text = m.T("level." + level)
		}
		m.Levels = append(m.Levels, Choice{Name: text, Lang: level, Current: m.Level == level})
	}
}

// wanted tells whether a row passes the filter.
func (m *changelog) wanted(r *history.Row, of *entry) bool {
	if of != nil {
		if _, ok := r.Touch(of.op.ID); !ok {
			return false
		}
	}
	if level, err := history.ParseLevel(m.Level); err == nil && r.Level != level {
		return false
	}
	if m.Category == "" {
		return true
	}
	return slices.ContainsFunc(r.Touches, func(t history.Touch) bool {
		e := m.outline().byID[t.Operation]
		return e != nil && slices.ContainsFunc(e.categories, func(k *category) bool { return k.slug == m.Category })
	})
}

// add takes in the rows of a version that are wanted, as far as there is room.
func (m *changelog) add(version *history.Version, of *entry, alone bool, rows *int) {
	b := VersionBlock{
		ID: "v-" + segment(version.Version), Version: version.Version, Date: version.Date, Title: version.Title,
		URL: m.url("/changes/" + escapeSegment(version.Version)), First: version.Previous == "" && len(version.Rows) == 0,
	}
	var wanted []history.Entry
	for i := range version.Rows {
		if r := &version.Rows[i]; m.wanted(r, of) {
			wanted = append(wanted, history.Entry{Version: version, Row: r})
		}
	}
	if len(wanted) == 0 && (of != nil || m.Filtered) {
		return
	}
	b.Counts = m.counts(wanted)
	slices.SortStableFunc(wanted, func(a, b history.Entry) int { return cmp.Compare(examplesLast(a.Row), examplesLast(b.Row)) })
	if alone {
		var from, to int
		from, to, m.Pages = m.pages(len(wanted), mostChanges)
		wanted = wanted[from:to]
	} else if room := max(0, mostChanges-*rows); len(wanted) > room {
		b.Left, wanted = len(wanted), wanted[:room]
	}
	*rows += len(wanted)
	id := ""
	if of != nil {
		id = of.op.ID
	}
	for _, e := range wanted {
		b.put(m.view, e, id)
	}
	for i := range b.Groups {
		b.Groups[i].fold(m.view)
	}
	m.Versions = append(m.Versions, b)
}

// examplesLast is 1 for rows that come behind all others.
func examplesLast(r *history.Row) int {
	if r.Rule == history.RuleExample {
		return 1
	}
	return 0
}

// fold makes one row of the changed examples of a group, which are its last rows.
func (g *ChangeGroup) fold(v *view) {
	if n := len(g.Changes) - g.others; n > 1 {
		all := v.folded(g.Changes[g.others], n)
		all.Inside = g.Changes[g.others:]
		g.Changes = append(g.Changes[:g.others:g.others], all)
	}
}

// counts are the numbers of changes by level.
func (m *changelog) counts(list []history.Entry) []Badge {
	var out []Badge
	for _, level := range []history.Level{history.Breaking, history.Warning, history.Info} {
		n := 0
		for _, e := range list {
			if e.Row.Level == level {
				n++
			}
		}
		if n > 0 {
			out = append(out, Badge{m.T("level."+level.String()) + " " + strconv.Itoa(n), "lv " + level.String()})
		}
	}
	return out
}

// put puts a row into the group of its structure or operation; a row that reaches several is there once.
func (b *VersionBlock) put(v *view, e history.Entry, of string) {
	c := v.change(e, of)
	title, link := v.T("changes.general"), (*Link)(nil)
	switch {
	case e.Row.Schema != "":
		title, link = v.T("changes.shared", e.Row.Schema), c.Schema
	case len(c.Operations) > 0:
		title = c.Operations[0].Text
		if c.Operations[0].URL != "" {
			link = &c.Operations[0]
		}
	}
	i := slices.IndexFunc(b.Groups, func(g ChangeGroup) bool { return g.Title == title })
	if i < 0 {
		if link != nil {
			base, _, _ := strings.Cut(link.URL, "#")
			link = &Link{link.Text, base}
		}
		i = len(b.Groups)
		b.Groups = append(b.Groups, ChangeGroup{Title: title, Link: link})
	}
	g := &b.Groups[i]
	g.Changes = append(g.Changes, c)
	g.others += 1 - examplesLast(e.Row)
}

// The Atom feed of changes (RFC 4287): an entry for each version.
type feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []feedLink  `xml:"link"`
	Author  string      `xml:"author>name"`
	Entries []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type feedEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []feedLink `xml:"link"`
	Content feedText   `xml:"content"`
}

type feedText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// undated is the time of versions without a date: feeds must have one.
const undated = "1970-01-01T00:00:00Z"

func (p *Portal) feed() *rendered {
	v := &view{site: p, Lang: english, history: p.history()}
	info := p.site.Contract.Info()
	at := p.origin + p.root
	f := feed{
		ID: "urn:standin:changes:" + url.PathEscape(info.Title), Title: info.Title + ": changes", Updated: undated, Author: info.Title,
		Links: []feedLink{{"self", at + "/changes.atom"}, {"alternate", at + "/changes"}},
	}
	for i := range v.versions() {
		version := &v.history.Versions[i]
		if len(version.Rows) == 0 {
			continue
		}
		e := feedEntry{
			ID: f.ID + ":" + url.PathEscape(version.Version), Title: info.Title + " " + version.Version, Updated: undated,
			Links: []feedLink{{"alternate", at + "/changes/" + escapeSegment(version.Version)}},
		}
		if version.Date != "" {
			e.Updated = version.Date + "T00:00:00Z"
		}
		f.Updated = max(f.Updated, e.Updated)
		var lines []string
		for _, r := range version.Rows {
			lines = append(lines, "["+r.Level.String()+"] "+r.Text)
		}
		e.Content = feedText{"text", strings.Join(lines, "\n")}
		f.Entries = append(f.Entries, e)
	}
	body, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil
	}
	return p.pack(append([]byte(xml.Header), body...), "application/atom+xml; charset=utf-8")
}
