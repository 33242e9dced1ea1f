package portal

import (
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// actions lists what shares the operation (x-actions).
func (o *operation) actions() {
	for _, m := range o.Entry.op.Node().Get("x-actions").Members() {
		n := m.Value
		if n.Get("x-internal").True() {
			continue
		}
		a := Action{
			ID: "action." + segment(m.Name), Name: m.Name, Summary: o.told(n, "summary"), Operation: n.Get("operationId").Text(),
			Since: n.Get("since").Text(),
		}
		if mode := n.Get("mode").Text(); mode == "sync" || mode == "async" {
			a.Mode = o.T(mode)
		}
		if name := sharedName(n.Get("result")); o.outline().schemas[name] {
			a.Result = o.schemaLink(name)
		}
		o.Actions = append(o.Actions, a)
	}
}

// related gathers where a reader may want to go from here.
func (o *operation) related() {
	v, op := o.view, o.Entry.op
	add := func(key string, links []Related) {
		if len(links) > 0 {
			o.Related = append(o.Related, RelatedGroup{v.T(key), links})
		}
	}
	if e := v.outline().byID[op.Node().Get("x-alias-of").Text()]; e != nil {
		add("alias", []Related{{Link{e.id, v.operationURL(e)}, v.summary(e)}})
	}
	add("links", v.followUps(op))
	var used []Related
	for _, name := range usedBy(op) {
		if v.outline().schemas[name] {
			used = append(used, Related{Link: *v.schemaLink(name)})
		}
	}
	add("schemas.used", used)
	var callbacks []Related
	for _, h := range v.site.hooks() {
		if h.of == o.Entry {
			callbacks = append(callbacks, Related{Link{h.name, v.hookURL(h)}, v.told(h.node, "summary")})
		}
	}
	add("callbacks", callbacks)
	var guides []Related
	for _, g := range v.site.guides {
		if slices.Contains(g.operations, o.Entry.id) {
			guides = append(guides, Related{Link{g.title, v.url("/guides/" + escapeSegment(g.slug))}, ""})
		}
	}
	add("guides", guides)
	if docs := op.Node().Get("externalDocs"); isWeb(docs.Get("url").Text()) {
		add("external", []Related{{Link{docs.Get("description").StringOr(docs.Get("url").Text()), docs.Get("url").Text()}, ""}})
	}
}

// isWeb tells that a URL can be a link: documents hold any text where a URL should be.
func isWeb(url string) bool {
	lower := strings.ToLower(url)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// followUps are the links of an operation's answers (OpenAPI 3.1, 4.8.20).
func (v *view) followUps(op *contract.Operation) []Related {
	var out []Related
	for _, r := range op.Responses().All {
		for _, m := range r.Node.Get("links").Members() {
			e := v.outline().byID[m.Value.Get("operationId").Text()]
			if e == nil {
				continue
			}
			note := v.told(m.Value, "description")
			var with []string
			for _, p := range m.Value.Get("parameters").Members() {
				with = append(with, p.Name+" = "+plain(p.Value))
			}
			if len(with) > 0 {
				note = strings.TrimSpace(note + " (" + strings.Join(with, ", ") + ")")
			}
			out = append(out, Related{Link{e.id, v.operationURL(e)}, note})
		}
	}
	return out
}

// usedBy lists the shared schemas that an operation's own bodies and parameters name, in order of appearance.
func usedBy(op *contract.Operation) []string {
	var out []string
	add := func(s *schema.Schema) {
		if s == nil {
			return
		}
		for _, layer := range shapeOf(s).layers() {
			if layer.name != "" && !slices.Contains(out, layer.name) {
				out = append(out, layer.name)
			}
		}
	}
	for _, p := range op.Parameters() {
		add(p.Schema)
	}
	if b := op.RequestBody(); b != nil {
		for _, m := range b.Content {
			add(m.Schema)
		}
	}
	for _, r := range op.Responses().All {
		for _, m := range r.Content {
			add(m.Schema)
		}
	}
	if name := sharedName(op.Node().Get("x-job-result")); name != "" && !slices.Contains(out, name) {
		out = append(out, name)
	}
	return out
}

// neighbours are the operations before and after this one in its category.
func (o *operation) neighbours() {
	if o.category == nil {
		return
	}
	list := o.category.entries
	i := slices.Index(list, o.Entry)
	if i > 0 {
		o.Previous = &Link{list[i-1].id, o.operationURL(list[i-1])}
	}
	if i >= 0 && i < len(list)-1 {
		o.Next = &Link{list[i+1].id, o.operationURL(list[i+1])}
	}
}

// partPage shows one place of an operation's bodies that its page does not unfold.
func (p *Portal) partPage(rest string) maker {
	slug, anchor, ok := cutLast(rest)
	e := p.outline.bySlug[slug]
	if !ok || e == nil {
		return nil
	}
	return func(v *view) *content {
		o := newOperation(v, e, anchor)
		row := o.row(anchor)
		if row == nil {
			return nil
		}
		v.Title = e.id + " · " + anchor
		v.Crumbs = append(v.Crumbs, Link{e.id, v.operationURL(e)})
		return &content{template: "part", model: &part{view: v, Of: Link{e.id, v.url(operationPath(e.slug) + topOf(anchor))}, Anchor: anchor, Row: topped(row)}}
	}
}

// part is the model of a page for one place of a structure.
type part struct {
	*view
	Of     Link
	Anchor string
	Row    *Row
}

// topOf is the fragment of the body that a place is in, "" if there is none for it.
func topOf(anchor string) string {
	if top, _, _ := strings.Cut(anchor, "."); top != "in" {
		return "#" + top
	}
	return ""
}

// topped gives a row that a page begins with: depths count from it.
func topped(r *Row) *Row {
	r.Depth++
	for _, c := range r.Children {
		topped(c)
	}
	return r
}

// row finds the place with an anchor.
func (o *operation) row(anchor string) *Row {
	var all []*Row
	for _, g := range o.Parameters {
		all = append(all, g.Rows...)
	}
	add := func(list []*Structure) {
		for _, s := range list {
			all = append(all, s.Root)
		}
	}
	if o.Body != nil {
		add(o.Body.Structures)
	}
	for _, r := range o.Responses {
		all = append(all, r.Headers...)
		add(r.Structures)
	}
	if o.Job != nil {
		add([]*Structure{o.Job})
	}
	return find(all, anchor)
}

// cutLast splits an escaped path before its last segment; both parts are given unescaped.
func cutLast(path string) (before, last string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", "", false
	}
	before, err := unescape(path[:i])
	if err != nil {
		return "", "", false
	}
	last, err = unescape(path[i+1:])
	return before, last, err == nil
}

// documented gives the members of an object that are not marked x-internal.
func documented(n *source.Node) []source.Member {
	return slices.DeleteFunc(slices.Clone(n.Members()), func(m source.Member) bool { return m.Value.Get("x-internal").True() })
}
