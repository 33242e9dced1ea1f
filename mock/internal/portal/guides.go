package portal

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// guide is a text beside the document.
type guide struct {
	slug, title string
	text        string   // without the title
	operations  []string // that it links to
}

var (
	guideTitle = regexp.MustCompile(`(?m)\A\s*#[ \t]+(.+?)[ \t#]*$`)
	guideLinks = regexp.MustCompile(`\(op:([^)\s]+)\)`)
)

// mostGuide bounds a guide, in bytes.
const mostGuide = 1 << 20

// readGuides reads the *.md files of a folder, in the order of their names.
func readGuides(fsys fs.FS) ([]*guide, error) {
	if fsys == nil {
		return nil, nil
	}
	names, err := fs.Glob(fsys, "*.md")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []*guide
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if len(text) > mostGuide {
			return nil, fmt.Errorf("the guide %s is longer than %d bytes", name, mostGuide)
		}
		g := &guide{slug: strings.TrimSuffix(path.Base(name), ".md"), text: string(text)}
		g.title = g.slug
		if m := guideTitle.FindStringSubmatchIndex(g.text); m != nil {
			g.title, g.text = g.text[m[2]:m[3]], g.text[m[1]:]
		}
		for _, m := range guideLinks.FindAllStringSubmatch(g.text, -1) {
			g.operations = append(g.operations, m[1])
		}
		out = append(out, g)
	}
	return out, nil
}

// guideModel is the model of a guide's page.
type guideModel struct {
	*view
	Heading    string
	Body       template.HTML
	Text       string
	Operations []Item
}

// guidesPage finds the list of guides, or one.
func (p *Portal) guidesPage(slug string) maker {
	if slug == "" {
		return guideList
	}
	for _, g := range p.guides {
		if g.slug == slug {
			return func(v *view) *content { return v.guidePage(g) }
		}
	}
	return nil
}

func guideList(v *view) *content {
	v.Title, v.Section = v.T("guides"), "guides"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("guides"), v.url("/guides")}}
	m := struct {
		*view
		Guides []Related
	}{view: v}
	for _, g := range v.site.guides {
		m.Guides = append(m.Guides, Related{Link{g.title, v.guideURL(g)}, oneLine(firstParagraph(g.text), 180)})
	}
	return &content{template: "guides", model: m}
}

func (v *view) guideURL(g *guide) string { return v.url("/guides/" + escapeSegment(g.slug)) }

func (v *view) guidePage(g *guide) *content {
	v.Title, v.Section = g.title, "guides"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("guides"), v.url("/guides")}, {g.title, v.guideURL(g)}}
	m := &guideModel{view: v, Heading: g.title, Text: g.text, Body: v.site.markdown.article(g.text, v.url)}
	var seen []string
	for _, id := range g.operations {
		if e := v.outline().bySlug[id]; e != nil && !slices.Contains(seen, id) {
			seen = append(seen, id)
			m.Operations = append(m.Operations, v.item(e))
		}
	}
	return &content{template: "guide", model: m}
}
