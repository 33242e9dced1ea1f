package portal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// markup is what a checker finds in a page.
type markup struct {
	faults []string
	ids    map[string]bool
	links  []string // href, src and action, as written
}

// voids are the elements without an end tag (HTML, 13.1.2).
var voids = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// parents are those that an element must stand in directly.
var parents = map[string][]string{
	"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}, "thead": {"table"},
	"tbody": {"table"}, "summary": {"details"}, "option": {"select"},
}

// children are those that an element may hold, for elements that hold nothing else.
var onlyChildren = map[string][]string{
	"ul": {"li"}, "ol": {"li"}, "tr": {"td", "th"}, "thead": {"tr"}, "tbody": {"tr"}, "table": {"caption", "thead", "tbody", "tfoot"}, "select": {"option"},
}

// phrasing are elements that hold no blocks.
var phrasing = []string{"p", "span", "a", "b", "i", "em", "strong", "small", "code", "label", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "bdi", "mark", "time"}

var blocks = []string{"p", "div", "ul", "ol", "dl", "table", "section", "article", "header", "footer", "nav", "details", "form", "pre", "h1", "h2", "h3", "h4", "blockquote", "main"}

// checkMarkup reads a page strictly: every element closed where it must be and in a place where it may be, ids unique, references
// kept, fields labelled, headings in order, and nothing that the policy of the portal forbids.
func checkMarkup(page string) markup {
	c := &checker{out: markup{ids: map[string]bool{}}, last: 0}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				c.fault("%v", z.Err())
			}
			c.end()
			return c.out
		case html.StartTagToken, html.SelfClosingTagToken:
			c.open(z.Token())
		case html.EndTagToken:
			c.close(z.Token().Data)
		case html.TextToken:
			c.text(string(z.Text()))
		}
	}
}

type checker struct {
	out      markup
	stack    []string
	refs     []string // ids that attributes name
	labels   []string
	fields   []string // ids of fields outside labels
	last     int      // level of the last heading
	h1       int
	lastOpen string
}

func (c *checker) fault(format string, args ...any) {
	if len(c.out.faults) < 20 {
		c.out.faults = append(c.out.faults, fmt.Sprintf(format, args...)+" (in "+strings.Join(c.stack, ">")+")")
	}
}

func (c *checker) parent() string {
	if len(c.stack) == 0 {
		return ""
	}
	return c.stack[len(c.stack)-1]
}

func (c *checker) open(t html.Token) {
	c.place(t.Data)
	c.attributes(t)
	if len(t.Data) == 2 && t.Data[0] == 'h' && t.Data[1] >= '1' && t.Data[1] <= '6' {
		level := int(t.Data[1] - '0')
		if level > c.last+1 {
			c.fault("%s follows a heading of level %d", t.Data, c.last)
		}
		c.last = level
		if level == 1 {
			c.h1++
		}
	}
	if !slices.Contains(voids, t.Data) {
		c.stack = append(c.stack, t.Data)
	}
	c.lastOpen = t.Data
}

// place tells whether an element may stand where it does.
func (c *checker) place(name string) {
	parent := c.parent()
	if want, ok := parents[name]; ok && !slices.Contains(want, parent) {
		c.fault("%s in %s", name, parent)
	}
	if only, ok := onlyChildren[parent]; ok && !slices.Contains(only, name) {
		c.fault("%s holds %s", parent, name)
	}
	if slices.Contains(blocks, name) {
		for _, in := range c.stack {
			if slices.Contains(phrasing, in) {
				c.fault("%s within %s", name, in)
			}
		}
	}
	if (name == "a" || name == "button") && slices.Contains(c.stack, "a") {
		c.fault("%s within a", name)
	}
	if name == "summary" && c.lastOpen != "details" {
		c.fault("summary is not the first in details")
	}
	if name == "style" {
		c.fault("a style element")
	}
}

func (c *checker) attributes(t html.Token) {
	seen := map[string]bool{}
	at := func(name string) string {
		for _, a := range t.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	for _, a := range t.Attr {
		if seen[a.Key] {
			c.fault("the attribute %s twice", a.Key)
		}
		seen[a.Key] = true
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			c.fault("the attribute %s", a.Key)
		case a.Key == "id":
			if a.Val == "" || strings.ContainsAny(a.Val, " \t\n") || c.out.ids[a.Val] {
				c.fault("the id %q is empty, has blanks or is not the first of its name", a.Val)
			}
			c.out.ids[a.Val] = true
		case a.Key == "href" || a.Key == "src" || a.Key == "action":
			c.link(t.Data, a)
		case a.Key == "aria-labelledby" || a.Key == "for":
			c.refs = append(c.refs, a.Val)
			if a.Key == "for" {
				c.labels = append(c.labels, a.Val)
			}
		}
	}
	switch {
	case t.Data == "script" && at("src") == "":
		c.fault("an inline script")
	case t.Data == "img" && !seen["alt"]:
		c.fault("an image without alt")
	case t.Data == "html" && at("lang") == "":
		c.fault("a page without a language")
	case (t.Data == "input" && at("type") != "hidden" || t.Data == "select" || t.Data == "textarea") && !slices.Contains(c.stack, "label") && at("aria-label") == "":
		c.fields = append(c.fields, at("id"))
	}
}

func (c *checker) link(element string, a html.Attribute) {
	lower := strings.ToLower(strings.TrimSpace(a.Val))
	if strings.HasPrefix(lower, "javascript:") || strings.HasPrefix(lower, "data:") || strings.HasPrefix(lower, "vbscript:") {
		c.fault("the link %q", a.Val)
	}
	if a.Key != "href" && !strings.HasPrefix(a.Val, "/") || element == "link" && !strings.HasPrefix(a.Val, "/") {
		c.fault("%s loads %q", element, a.Val)
	}
	c.out.links = append(c.out.links, a.Val)
}

func (c *checker) text(s string) {
	if _, ok := onlyChildren[c.parent()]; ok && strings.TrimSpace(s) != "" {
		c.fault("text %q in %s", strings.TrimSpace(s), c.parent())
	}
}

func (c *checker) close(name string) {
	if len(c.stack) == 0 || c.parent() != name {
		c.fault("</%s> closes nothing", name)
		return
	}
	c.stack = c.stack[:len(c.stack)-1]
	c.lastOpen = "/" + name
}

func (c *checker) end() {
	if len(c.stack) > 0 {
		c.fault("the page ends too early")
	}
	if c.h1 != 1 {
		c.fault("%d headings of the first level", c.h1)
	}
	for _, id := range c.refs {
		if !c.out.ids[id] {
			c.fault("an attribute names the id %q, which is not there", id)
		}
	}
	for _, id := range c.fields {
		if !slices.Contains(c.labels, id) || id == "" {
			c.fault("the field %q has no label", id)
		}
	}
}
