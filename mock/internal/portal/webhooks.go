package portal

import (
	"html/template"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// hook is a request that the server sends: a webhook, or a callback of an operation.
type hook struct {
	slug, name string
	of         *entry // of a callback
	to         string // the expression that gives a callback's URL
	method     string
	pointer    string // of its Operation Object
	node       *source.Node
}

// verbs are the members of a Path Item that are operations.
var verbs = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// newHooks lists the webhooks (OpenAPI 3.1; x-webhooks before) and the callbacks of all operations.
func (p *Portal) newHooks() []*hook {
	var out []*hook
	taken := map[string]bool{}
	add := func(h hook, pointer string) {
		item := p.site.Contract.At(pointer)
		if item.Get("x-internal").True() {
			return
		}
		for _, verb := range verbs {
			n := item.Get(verb)
			if n == nil || n.Get("x-internal").True() {
				continue
			}
			made := h
			made.method, made.pointer, made.node = strings.ToUpper(verb), pointer+"/"+verb, n
			made.slug = slugIn(taken, slug(h.slug))
			taken[made.slug] = true
			out = append(out, &made)
		}
	}
	root := p.site.Contract.Root()
	for _, key := range []string{"webhooks", "x-webhooks"} {
		for _, m := range documented(root.Get(key)) {
			add(hook{name: m.Name, slug: m.Name}, "/"+key+"/"+source.Escape(m.Name))
		}
	}
	for _, e := range p.outline.entries {
		at := "/paths/" + source.Escape(e.op.Template) + "/" + strings.ToLower(e.op.Method) + "/callbacks/"
		for _, m := range documented(e.op.Node().Get("callbacks")) {
			for _, to := range documented(p.follow(m.Value)) {
				add(hook{name: m.Name, slug: e.slug + "-" + m.Name, of: e, to: to.Name}, at+source.Escape(m.Name)+"/"+source.Escape(to.Name))
			}
		}
	}
	return out
}

// hookList is the model of the list of webhooks and callbacks.
type hookList struct {
	*view
	Hooks     []HookItem
	Callbacks []HookItem
}

// HookItem is a webhook or callback in a list.
type HookItem struct {
	Item
	Of *Link // the operation that the callback is of
	// All are the pages of what is alike, by the operations that have it; for lists.
	All []Link
}

// webhooksPage finds the list, or the page of one.
func (p *Portal) webhooksPage(slug string) maker {
	if slug == "" {
		return hooksPage
	}
	for _, h := range p.hooks() {
		if h.slug == slug {
			return func(v *view) *content { return v.hookPage(h) }
		}
	}
	return nil
}

func (v *view) hookURL(h *hook) string { return v.url("/webhooks/" + escapeSegment(h.slug)) }

func hooksPage(v *view) *content {
	v.Title, v.Section = v.T("webhooks"), "webhooks"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("webhooks"), v.url("/webhooks")}}
	m := &hookList{view: v}
	same := map[string]int{}
	for _, h := range v.site.hooks() {
		i := HookItem{Item: Item{ID: h.name, URL: v.hookURL(h), Method: h.method, Path: h.to, Summary: v.told(h.node, "summary")}}
		if h.of == nil {
			m.Hooks = append(m.Hooks, i)
			continue
		}
		key := h.method + " " + h.name + " " + h.to
		at, known := same[key]
		if !known {
			at = len(m.Callbacks)
			same[key] = at
			m.Callbacks = append(m.Callbacks, i)
		}
		m.Callbacks[at].All = append(m.Callbacks[at].All, Link{h.of.id, i.URL})
	}
	return &content{template: "webhooks", model: m}
}

// hookModel is the model of the page of a webhook or callback.
type hookModel struct {
	*view
	Item        HookItem
	Description template.HTML
	Text        string
	Parameters  []ParameterGroup
	Required    bool
	Structures  []*Structure
	Answers     []Related
}

func (v *view) hookPage(h *hook) *content {
	v.Title, v.Section = h.name, "webhooks"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("webhooks"), v.url("/webhooks")}, {h.name, v.hookURL(h)}}
	text := v.localized(h.node, h.node.Get("description").Text())
	m := &hookModel{view: v, Text: text, Description: v.markdown(text)}
	m.Item = HookItem{Item: Item{ID: h.name, URL: v.hookURL(h), Method: h.method, Path: h.to, Summary: v.told(h.node, "summary")}}
	if h.of != nil {
		m.Item.Of = &Link{h.of.id, v.operationURL(h.of)}
	}
	t := &tree{view: v, page: v.hookURL(h), back: v.site.root + "/webhook-part/" + escapeSegment(h.slug), direction: schema.Response}
	m.parameters(t, h)
	m.body(t, h)
	for _, r := range documented(h.node.Get("responses")) {
		n := v.site.follow(r.Value)
		m.Answers = append(m.Answers, Related{Link{Text: v.statusTitle(r.Name)}, oneLine(v.told(n, "description"), 300)})
	}
	return &content{template: "webhook", model: m}
}

func (m *hookModel) parameters(t *tree, h *hook) {
	c := m.site.site.Contract
	groups := map[string]*ParameterGroup{}
	for i, raw := range h.node.Get("parameters").Items() {
		n := m.site.follow(raw)
		in, name := n.Get("in").Text(), n.Get("name").Text()
		if name == "" || n.Get("x-internal").True() {
			continue
		}
		g := groups[in]
		if g == nil {
			g = &ParameterGroup{In: in, Title: m.T("in." + in)}
			groups[in] = g
		}
		sh := shapeOf(c.SchemaAt(h.pointer + "/parameters/" + itoa(i) + "/schema"))
		r := t.row("in."+segment(in)+"."+segment(name)+"-"+itoa(i), sh)
		r.Name, r.Required = name, n.Get("required").True()
		if text := m.localized(n, n.Get("description").Text()); text != "" {
			r.Text, r.Description = text, m.markdown(text)
		}
		g.Rows = append(g.Rows, r)
	}
	for _, in := range []string{"path", "query", "header", "cookie"} {
		if groups[in] != nil {
			m.Parameters = append(m.Parameters, *groups[in])
		}
	}
}

func (m *hookModel) body(t *tree, h *hook) {
	c := m.site.site.Contract
	body := c.At(h.pointer + "/requestBody")
	m.Required = body.Get("required").True()
	for i, media := range body.Get("content").Members() {
		s := &Structure{Media: []string{media.Name}}
		id := "body"
		if i > 0 {
			id = "body.(" + segment(media.Name) + ")"
			s.ID = id
		}
		if compiled := c.SchemaAt(h.pointer + "/requestBody/content/" + source.Escape(media.Name) + "/schema"); compiled != nil && telling([]*schema.Schema{compiled}) {
			s.Root = t.root(id, compiled)
		}
		m.Structures = append(m.Structures, s)
	}
}

// webhookPartPage shows one place of a webhook's body that its page does not unfold.
func (p *Portal) webhookPartPage(rest string) maker {
	slug, anchor, ok := cutLast(rest)
	if !ok {
		return nil
	}
	for _, h := range p.hooks() {
		if h.slug != slug {
			continue
		}
		return func(v *view) *content {
			v.hookPage(h)
			m := &hookModel{view: v}
			m.body(&tree{view: v, page: v.hookURL(h), back: v.site.root + "/webhook-part/" + escapeSegment(h.slug), direction: schema.Response, only: anchor}, h)
			for _, s := range m.Structures {
				if row := find([]*Row{s.Root}, anchor); row != nil {
					v.Title = h.name + " · " + anchor
					return &content{template: "part", model: &part{view: v, Of: Link{h.name, v.hookURL(h)}, Anchor: anchor, Row: topped(row)}}
				}
			}
			return nil
		}
	}
	return nil
}
