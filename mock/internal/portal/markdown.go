package portal

import (
	"html/template"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// markdown turns the texts of a document (CommonMark with GitHub's extensions, and often plain HTML) into markup that can do no
// harm: nothing runs, nothing is loaded, nothing breaks out of the place where it is put, and every link leads somewhere.
type markdown struct {
	convert goldmark.Markdown
	policy  *bluemonday.Policy
	resolve func(link string) (path string, ok bool)
	kept    sync.Map // keptText to template.HTML; as many as the contract has texts
}

type keptText struct{ text, suffix string }

func newMarkdown(resolve func(string) (string, bool)) *markdown {
	return &markdown{
		convert: goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(goldhtml.WithUnsafe())),
		policy:  texts(), resolve: resolve,
	}
}

// texts is what may stand in a text: structure and emphasis, no styles, no ids, no forms.
func texts() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "em", "b", "i", "u", "s", "del", "ins", "sub", "sup", "code", "pre", "kbd", "samp", "var",
		"mark", "small", "q", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th",
		"td", "abbr", "cite", "dfn", "h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto", "op", "guide", "schema")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// plainText is a text that is its own markup: one paragraph without any sign that Markdown or HTML know.
var plainText = regexp.MustCompile(`^[^\s#>+\-=0-9|~][^<>&*_\x60\[\]\\~|!\n\r]*$`)

// markdown renders a text of the document, with links in the reader's language.
func (v *view) markdown(text string) template.HTML {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	m := v.site.markdown
	if plainText.MatchString(text) && !strings.Contains(text, "://") && !strings.Contains(text, "www.") && !strings.Contains(text, "@") {
		return template.HTML("<p>" + template.HTMLEscapeString(text) + "</p>")
	}
	key := keptText{text, v.suffix}
	if kept, ok := m.kept.Load(key); ok {
		return kept.(template.HTML)
	}
	out := m.render(text, v.url)
	m.kept.Store(key, out)
	return out
}

// article renders a text that is a page of its own: its headings are the page's, with anchors.
func (m *markdown) article(text string, url func(string) string) template.HTML {
	return m.write(text, &tidier{markdown: m, url: url, article: true, taken: map[string]int{}})
}

func (m *markdown) render(text string, url func(string) string) template.HTML {
	return m.write(text, &tidier{markdown: m, url: url})
}

func (m *markdown) write(text string, d *tidier) template.HTML {
	var b strings.Builder
	if err := m.convert.Convert([]byte(text), &b); err != nil {
		return template.HTML("<p>" + template.HTMLEscapeString(text) + "</p>")
	}
	clean := m.policy.Sanitize(b.String())
	nodes, err := html.ParseFragment(strings.NewReader(clean), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return template.HTML("<p>" + template.HTMLEscapeString(text) + "</p>")
	}
	var out strings.Builder
	for _, n := range nodes {
		d.tidy(n, 0)
		if err := html.Render(&out, n); err != nil {
			return template.HTML("<p>" + template.HTMLEscapeString(text) + "</p>")
		}
	}
	return template.HTML(out.String()) // sanitised, parsed and written anew: well-formed
}

// tidier fits parsed markup into a page.
type tidier struct {
	markdown *markdown
	url      func(string) string
	// article keeps headings; level is that of the last one, taken are the anchors given out.
	article bool
	level   int
	taken   map[string]int
}

// deepestText bounds how deep the markup of a text may nest; what is deeper is dropped.
const deepestText = 60

func (d *tidier) tidy(n *html.Node, depth int) {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		d.heading(n)
	case atom.A:
		d.link(n)
	case atom.Img:
		d.image(n)
	case atom.Pre:
		n.Attr = append(n.Attr, html.Attribute{Key: "tabindex", Val: "0"})
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if depth > deepestText {
			n.RemoveChild(c)
		} else {
			d.tidy(c, depth+1)
		}
		c = next
	}
}

// heading makes a heading of a text a paragraph in bold: the page's own headings are those that a reader can jump between. In an
// article it stays one, below the page's and no more than one level below the one before, with an anchor.
func (d *tidier) heading(n *html.Node) {
	if d.article {
		d.level = min(max(int(n.Data[1]-'0'), 2), max(d.level, 1)+1)
		n.Data = "h" + itoa(d.level)
		n.DataAtom = atom.Lookup([]byte(n.Data))
		n.Attr = []html.Attribute{{Key: "id", Val: unique("s-"+slug(textOf(n)), d.taken)}}
		return
	}
	n.Data, n.DataAtom, n.Attr = "p", atom.P, []html.Attribute{{Key: "class", Val: "h"}}
}

// textOf is the text below a node.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return b.String()
}

// link keeps links to other sites, leads those that other viewers know to the pages of this one, and takes the link from what
// leads nowhere.
func (d *tidier) link(n *html.Node) {
	href := ""
	for _, a := range n.Attr {
		if a.Key == "href" {
			href = a.Val
		}
	}
	n.Attr = nil
	lower := strings.ToLower(href)
	if strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "mailto:") {
		n.Attr = []html.Attribute{{Key: "href", Val: href}, {Key: "rel", Val: "nofollow noopener"}}
		return
	}
	if path, ok := d.markdown.resolve(href); ok {
		n.Attr = []html.Attribute{{Key: "href", Val: d.url(path)}}
		return
	}
	n.Data, n.DataAtom = "span", atom.Span
}

// image makes an image a link to it: a page loads nothing from elsewhere.
func (d *tidier) image(n *html.Node) {
	src, alt := "", ""
	for _, a := range n.Attr {
		switch a.Key {
		case "src":
			src = a.Val
		case "alt":
			alt = a.Val
		}
	}
	if alt == "" {
		alt = src
	}
	n.Data, n.DataAtom, n.Attr = "span", atom.Span, nil
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.A {
			src = ""
		}
	}
	if lower := strings.ToLower(src); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		n.Data, n.DataAtom = "a", atom.A
		n.Attr = []html.Attribute{{Key: "href", Val: src}, {Key: "rel", Val: "nofollow noopener"}}
	}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: alt})
}

// oneLine gives a text without markup, for titles and lists.
func oneLine(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
