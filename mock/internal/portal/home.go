package portal

import (
	"html/template"
	"strings"
)

// home is the model of the first page.
type home struct {
	*view
	Intro      template.HTML
	Text       string
	Summary    string
	Servers    []Server
	Groups     []HomeGroup
	Latest     []Change
	ChangesURL string
	Extra      []Link
}

// Server is one of the document's servers.
type Server struct{ URL, Description string }

// HomeGroup is a group of categories on the first page.
type HomeGroup struct {
	ID, Name   string
	Categories []CategoryCard
}

// CategoryCard tells of a category in a list.
type CategoryCard struct {
	Name, URL, Count, Description string
}

// mostLatest is how many rows of the history are looked at for the first page.
const mostLatest = 10_000

func homePage(v *view) *content {
	c := v.site.site.Contract
	info := c.Info()
	v.Title, v.Section = v.T("home"), "home"
	text := v.localized(c.Root().Get("info"), info.Description)
	h := &home{
		view: v, Text: text, Intro: v.markdown(text), Summary: v.told(c.Root().Get("info"), "summary"), ChangesURL: v.url("/changes"),
	}
	for _, s := range c.Root().Get("servers").Items() {
		if !s.Get("x-internal").True() {
			h.Servers = append(h.Servers, Server{s.Get("url").Text(), v.told(s, "description")})
		}
	}
	for _, g := range v.outline().groups {
		group := HomeGroup{ID: g.slug, Name: v.groupName(g)}
		for _, k := range g.categories {
			group.Categories = append(group.Categories, v.card(k))
		}
		h.Groups = append(h.Groups, group)
	}
	for _, t := range v.site.extraTabs() {
		h.Extra = append(h.Extra, Link{v.T(t.key), v.url(t.path)})
	}
	h.Latest = v.recent(v.history.Latest(mostLatest), "", "")
	return &content{template: "home", model: h}
}

func (v *view) card(k *category) CategoryCard {
	text := oneLine(firstParagraph(v.told(k.node, "description")), 200)
	return CategoryCard{v.categoryName(k), v.categoryURL(k), v.categoryCount(len(k.entries)), text}
}

func (v *view) categoryCount(n int) string {
	if n == 1 {
		return v.T("category.one")
	}
	return v.T("category.count", n)
}

// firstParagraph is what stands before the first empty line of a text, without the signs of Markdown that a reader would see.
func firstParagraph(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n\n")
	return strings.NewReplacer("`", "", "**", "", "# ", "").Replace(text)
}

// listing is the model of a category's page.
type listing struct {
	*view
	Name        string
	Text        string
	Description template.HTML
	External    *Link
	Operations  []Item
}

// Item is an operation in a list.
type Item struct {
	ID, URL, Method, Path, Summary string
	Badges                         []Badge
}

// categoryPage finds the page of a category.
func (p *Portal) categoryPage(slug string) maker {
	k := p.outline.categorySlug[slug]
	if k == nil || len(k.entries) == 0 {
		return nil
	}
	return func(v *view) *content {
		v.category, v.Title = k, v.categoryName(k)
		v.Crumbs = v.crumbsOf(k)
		text := v.told(k.node, "description")
		l := &listing{view: v, Name: v.Title, Text: text, Description: v.markdown(text)}
		if docs := k.node.Get("externalDocs"); isWeb(docs.Get("url").Text()) {
			l.External = &Link{docs.Get("description").StringOr(docs.Get("url").Text()), docs.Get("url").Text()}
		}
		for _, e := range k.entries {
			l.Operations = append(l.Operations, v.item(e))
		}
		return &content{template: "category", model: l}
	}
}

// item tells of an operation in a list.
func (v *view) item(e *entry) Item {
	i := Item{ID: e.id, URL: v.operationURL(e), Method: e.op.Method, Path: e.operationalPath, Summary: v.summary(e)}
	if text := v.localized(e.op.Node(), ""); text != "" && i.Summary == e.summary {
		i.Summary = oneLine(firstParagraph(text), 200)
	}
	if i.Summary == e.id {
		i.Summary = ""
	}
	if since := v.since(e); since != "" {
		i.Badges = append(i.Badges, Badge{v.T("since", since), ""})
	}
	if e.async {
		i.Badges = append(i.Badges, Badge{v.T("async"), ""})
	}
	if e.deprecated {
		i.Badges = append(i.Badges, Badge{v.T("deprecated"), "old"})
	}
	return i
}
