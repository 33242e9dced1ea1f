package portal

import (
	"cmp"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"standin/mock/internal/history"
)

// view is what all pages have: the reader's language and the frame around the text.
type view struct {
	site     *Portal
	request  *http.Request
	query    url.Values
	history  *history.History
	Lang     string
	explicit bool   // the language was asked for by the URL, and stays in all links
	suffix   string // of links: the language, if it was asked for
	// Path is the page's own, below the prefix.
	Path string
	// Title stands in the window's title; Section names the entry of the header that the page belongs to.
	Title, Section string
	Crumbs         []Link
	category       *category
	entry          *entry
	// Content is the page between header and footer.
	Content template.HTML
	spent   int    // bytes of markup that trees have taken
	sandbox string // that the reader has just been given
}

// T gives the words of the interface in the reader's language.
func (v *view) T(key string, args ...any) string { return word(v.Lang, key, args...) }

// ScriptWords are the words of the script, as JSON.
func (v *view) ScriptWords() string {
	own := map[string]string{}
	for key := range words {
		if name, ok := strings.CutPrefix(key, "js."); ok {
			own[name] = v.T(key)
		}
	}
	text, _ := json.Marshal(own) // a map of strings can be written; its keys come in order
	return string(text)
}

// execute writes a page with its frame.
func (p *Portal) execute(b io.Writer, v *view, c *content) error {
	set := p.templates[v.Lang]
	var inner strings.Builder
	if err := set.ExecuteTemplate(&inner, c.template, c.model); err != nil {
		return err
	}
	v.Content = template.HTML(inner.String()) // written by a template of ours, which has escaped it
	return set.ExecuteTemplate(b, "layout", v)
}

// Site is the title of the document.
func (v *view) Site() string {
	return cmp.Or(v.told(v.site.site.Contract.Root().Get("info"), "title"), v.site.site.Contract.Info().Title)
}

// Version is that of the document.
func (v *view) Version() string { return v.site.site.Contract.Info().Version }

// Home is the URL of the first page.
func (v *view) Home() string { return v.url("/") }

// SearchURL is the search form's target; Lang is sent with it if the reader asked for it.
func (v *view) SearchURL() string {
	if v.Static() {
		return v.url("/search")
	}
	return v.site.root + "/search"
}

// IndexURL is the search index for the script.
func (v *view) IndexURL() string { return v.site.root + "/search.json" }

// Query is what was searched for.
func (v *view) Query() string { return v.query.Get("q") }

// KeepLang is the language to send along with a form, "" for none.
func (v *view) KeepLang() string {
	if v.explicit {
		return v.Lang
	}
	return ""
}

// Twin is the URL of the page in Markdown.
func (v *view) Twin() string {
	if v.Path == "/" {
		return v.url("/index.md")
	}
	return v.url(v.Path + ".md")
}

// Static tells that the page is written into a file.
func (v *view) Static() bool { return v.site.site.Static != nil }

// StaticPolicy is the policy that a page in a file brings along, since nobody sends headers with it; frames cannot be forbidden there.
func (v *view) StaticPolicy() string {
	out := strings.Replace(policy, "; frame-ancestors 'none'", "", 1)
	if s := v.site.site.Static; s != nil && s.Sandbox != "" {
		if u, err := url.Parse(s.Sandbox); err == nil {
			out = strings.Replace(out, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1)
		}
	}
	return out
}

// StaticReferrer is what links and forms of a page in a file tell of where they come from: nothing, but to a sandbox the origin,
// which it must know to trust the form (Fetch, 3.2: with no-referrer a form has the origin null).
func (v *view) StaticReferrer() string {
	if s := v.site.site.Static; s != nil && s.Sandbox != "" && strings.HasPrefix(v.Path, "/try/") {
		return "strict-origin"
	}
	return "no-referrer"
}

// Canonical is the page's URL without a language, absolute if the public URL is known.
func (v *view) Canonical() string { return v.site.origin + v.site.root + v.Path }

// Choice is a language that the reader may turn to.
type Choice struct {
	Lang, Name, URL string
	Current         bool
}

// Feed is the URL of the feed of changes.
func (v *view) Feed() string { return v.site.root + "/changes.atom" }

// Machine are the links to forms of the site that programs read.
func (v *view) Machine() []Link { return v.machine() }

// Languages are all languages of the interface.
func (v *view) Languages() []Choice {
	names := map[string]string{english: "English", chinese: "中文"}
	var out []Choice
	for _, l := range languages {
		q := url.Values{}
		for name, values := range v.query {
			q[name] = values
		}
		q.Set("lang", l)
		out = append(out, Choice{l, names[l], v.site.root + v.Path + "?" + q.Encode(), l == v.Lang})
	}
	return out
}

// Tab is an entry of the header.
type Tab struct {
	Text, URL string
	Current   bool
}

// Tabs are the pages beside the operations.
func (v *view) Tabs() []Tab {
	tab := func(key, path string) Tab { return Tab{v.T(key), v.url(path), v.Section == key} }
	out := []Tab{tab("home", "/")}
	for _, t := range v.site.extraTabs() {
		out = append(out, tab(t.key, t.path))
	}
	return out
}

type extraTab struct{ key, path string }

// extraTabs are the pages that this site has beside home and operations.
func (p *Portal) extraTabs() []extraTab {
	out := []extraTab{}
	if len(p.guides) > 0 {
		out = append(out, extraTab{"guides", "/guides"})
	}
	if len(p.outline.schemaNames) > 0 {
		out = append(out, extraTab{"schemas", "/schemas"})
	}
	out = append(out, extraTab{"auth", "/authentication"}, extraTab{"errors", "/errors"})
	if len(p.hooks()) > 0 {
		out = append(out, extraTab{"webhooks", "/webhooks"})
	}
	out = append(out, extraTab{"changes", "/changes"})
	if p.site.Static != nil {
		return out
	}
	if p.site.Backend != nil {
		out = append(out, extraTab{"backend", "/backend"})
	}
	return append(out, extraTab{"journal", "/journal"})
}

// Style, Script, Theme, Icon, Looks and Logo are the URLs of the assets; the last two are "" if the site has none of its own.
func (v *view) Style() string  { return v.site.root + v.site.assets.style.path }
func (v *view) Script() string { return v.site.root + v.site.assets.script.path }
func (v *view) Theme() string  { return v.site.root + v.site.assets.theme.path }
func (v *view) Icon() string   { return v.site.root + v.site.assets.icon.path }
func (v *view) Looks() string  { return v.site.assets.looks.url(v.site.root) }
func (v *view) Logo() string   { return v.site.assets.logo.url(v.site.root) }

// Footer are the links below every page.
func (v *view) Footer() []FooterLink { return v.site.site.Looks.Footer }

// NavGroup is a part of the navigation: a group with its categories.
type NavGroup struct {
	Name       string
	Categories []NavCategory
}

// NavCategory is a category of the navigation; the open one lists its operations.
type NavCategory struct {
	Name, URL     string
	Count         int
	Open, Current bool
	Operations    []NavOperation
	// Left counts operations that are not listed, for there are too many.
	Left int
}

// NavOperation is an operation of the navigation.
type NavOperation struct {
	ID, URL, Method     string
	Current, Deprecated bool
}

// mostNav bounds the operations that the navigation lists around the current one.
const mostNav = 40

// Nav is the navigation, with the current category open.
func (v *view) Nav() []NavGroup {
	var out []NavGroup
	for _, g := range v.site.outline.groups {
		group := NavGroup{Name: v.groupName(g)}
		for _, k := range g.categories {
			n := NavCategory{Name: v.categoryName(k), URL: v.categoryURL(k), Count: len(k.entries), Open: k == v.category}
			n.Current = n.Open && v.entry == nil
			if n.Open {
				v.listNav(&n, k)
			}
			group.Categories = append(group.Categories, n)
		}
		out = append(out, group)
	}
	return out
}

// listNav lists the operations of the open category, those around the current one if there are many.
func (v *view) listNav(n *NavCategory, k *category) {
	entries := k.entries
	if len(entries) > mostNav {
		at := 0
		for i, e := range entries {
			if e == v.entry {
				at = i
			}
		}
		from := min(max(0, at-mostNav/2), len(entries)-mostNav)
		entries = entries[from : from+mostNav]
		n.Left = len(k.entries)
	}
	for _, e := range entries {
		n.Operations = append(n.Operations, NavOperation{e.id, v.operationURL(e), e.op.Method, e == v.entry, e.deprecated})
	}
}

// categoryName is how a category is called; that of operations without a tag has no name of its own.
func (v *view) categoryName(k *category) string {
	if k.name == "" {
		return v.T("other")
	}
	return k.called(v.Lang)
}

// groupName is how a group of categories is called, "" for that of a document without groups.
func (v *view) groupName(g *tagGroup) string {
	return cmp.Or(v.told(g.node, "name"), g.name)
}

// crumbs are the way from home to a category: its x-breadcrumb, else its group.
func (v *view) crumbsOf(k *category) []Link {
	crumbs := k.crumbs
	if zh := k.node.Get("x-breadcrumb-zh").Items(); v.Lang == chinese && len(zh) == len(crumbs) {
		crumbs = nil
		for _, crumb := range zh {
			crumbs = append(crumbs, crumb.Text())
		}
	}
	if len(crumbs) == 0 {
		out := []Link{{v.T("home"), v.Home()}}
		if k.group.name != "" {
			out = append(out, Link{v.groupName(k.group), v.url("/#" + k.group.slug)})
		}
		return append(out, Link{v.categoryName(k), v.categoryURL(k)})
	}
	out := make([]Link, 0, len(crumbs))
	for i, text := range crumbs {
		to := v.url("/#" + k.group.slug)
		if i == 0 {
			to = v.Home()
		}
		if i == len(crumbs)-1 {
			to = v.categoryURL(k)
		}
		out = append(out, Link{text, to})
	}
	return out
}

// pages cuts a long list into pages of size, of which ?page= chooses one; there are no links where one page is enough.
func (v *view) pages(total, size int) (from, to int, links []Choice) {
	count := (total + size - 1) / size
	if count <= 1 {
		return 0, total, nil
	}
	at, err := strconv.Atoi(v.query.Get("page"))
	if err != nil || at < 1 || at > count {
		at = 1
	}
	for n := 1; n <= count; n++ {
		q := url.Values{}
		for name, values := range v.query {
			q[name] = values
		}
		q.Set("page", strconv.Itoa(n))
		links = append(links, Choice{Name: strconv.Itoa(n), URL: v.site.root + v.Path + "?" + q.Encode(), Current: n == at})
	}
	return (at - 1) * size, min(at*size, total), links
}

// notFound is the page for a path that has none.
func notFound(v *view) *content {
	v.Title, v.Path = v.T("notfound"), "/"
	return &content{template: "notfound", model: v, status: http.StatusNotFound}
}
