package portal

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// operation is the model of an operation's page, in the order of the page.
type operation struct {
	*view
	Entry       *entry
	ID, Method  string
	Path        string // with the prefix of the first server
	Summary     string // "" where it says no more than the id
	Lead        template.HTML
	Badges      []Badge
	Deprecated  bool
	Sunset      string
	Description template.HTML
	Text        string
	TryURL      string // "" if there is nothing to try it with
	Parameters  []ParameterGroup
	Body        *Body
	Responses   []*Response
	Job         *Structure
	Actions     []Action
	Related     []RelatedGroup
	Permalink   string
	Request     *Request
	Examples    []*Example
	Changes     []Change
	ChangesURL  string
	Previous    *Link
	Next        *Link
}

// Badge is a short fact above a heading.
type Badge struct{ Text, Class string }

// ParameterGroup is the parameters of one place.
type ParameterGroup struct {
	In, Title string
	Rows      []*Row
}

// Body is the body of a request.
type Body struct {
	Required    bool
	Description template.HTML
	Text        string
	Structures  []*Structure
}

// Structure is a body's tree with the media types that have it.
type Structure struct {
	// ID is the anchor of any but the first.
	ID    string
	Media []string
	// Root stands for the whole body, nil if the document does not describe it.
	Root *Row
}

// Response is one documented answer.
type Response struct {
	ID          string
	Status      string // the key: "200", "4XX"
	Title       string // "200 OK"
	Class       string // its first digit, "d" for default
	Description template.HTML
	Text        string
	Sentence    string // in front of the tree
	Headers     []*Row
	Structures  []*Structure
	Open        bool
}

// Action is one of several that share an operation (x-actions).
type Action struct {
	ID, Name, Summary, Operation, Since string
	Mode                                string
	Result                              *Link
}

// RelatedGroup is links of one kind.
type RelatedGroup struct {
	Title string
	Links []Related
}

// Related is a link with a word on why.
type Related struct {
	Link
	Note string
}

// operationPage finds the page of an operation by the rest of its path.
func (p *Portal) operationPage(slug string) maker {
	if e := p.outline.bySlug[slug]; e != nil {
		return func(v *view) *content {
			return &content{template: "operation", model: newOperation(v, e, "")}
		}
	}
	if to, ok := p.outline.moved[slug]; ok {
		return func(v *view) *content { return &content{moved: v.url(to)} }
	}
	if entry, ok := p.history().Removed(slug); ok {
		return func(v *view) *content { return removedPage(v, slug, entry) }
	}
	return nil
}

// newOperation makes the model of a page; only is the anchor of the one part to unfold, "" for all.
func newOperation(v *view, e *entry, only string) *operation {
	op := e.op
	o := &operation{
		view: v, Entry: e, ID: e.id, Method: op.Method, Path: e.operationalPath, Deprecated: op.Deprecated(),
		Sunset: op.Node().Get("x-sunset").Text(), Permalink: v.site.origin + v.site.root + operationPath(e.slug),
	}
	v.Title, v.entry = e.id, e
	if len(e.categories) > 0 {
		v.category = e.categories[0]
		v.Crumbs = v.crumbsOf(v.category)
	}
	if s := v.summary(e); s != e.id {
		o.Summary = s
	}
	o.Lead = v.markdown(o.Summary) // plain by the specification, and yet many write Markdown
	if o.Summary == "" {
		o.Lead = template.HTML("<p>" + template.HTMLEscapeString(e.id) + "</p>")
	}
	o.Text = v.localized(op.Node(), op.Description())
	if o.Text == o.Summary {
		o.Text = ""
	}
	o.Description = v.markdown(o.Text)
	o.Badges = v.badges(e)
	if v.site.tries() {
		o.TryURL = v.url("/try/" + escapePath(e.slug))
	}
	back := v.site.root + "/part/" + escapePath(e.slug)
	o.inputs(&tree{view: v, page: v.operationURL(e), back: back, direction: schema.Request, only: only})
	o.answers(&tree{view: v, page: v.operationURL(e), back: back, direction: schema.Response, only: only})
	if only != "" {
		return o
	}
	o.actions()
	o.related()
	o.Request = v.requestExample(op, e)
	o.Examples = v.responseExamples(op, e, o.Request)
	o.changes()
	o.neighbours()
	return o
}

// summary is what an operation is for, in a few words.
func (v *view) summary(e *entry) string {
	return cmp.Or(told(v.Lang, e.op.Node(), "summary"), e.op.Summary())
}

// localized gives a description in the reader's language where the document has one.
func (v *view) localized(n *source.Node, text string) string {
	if v.Lang == chinese {
		if zh := n.Get("x-description-zh").Text(); zh != "" {
			return zh
		}
	}
	return text
}

// told is a text of the document: the member of that name, or in Chinese x-NAME-zh where the document has it (x-summary-zh beside
// summary, x-display-name-zh beside x-display-name).
func told(lang string, n *source.Node, name string) string {
	if lang == chinese {
		if zh := n.Get("x-" + strings.TrimPrefix(name, "x-") + "-zh").Text(); zh != "" {
			return zh
		}
	}
	return n.Get(name).Text()
}

// told is a text of the document in the reader's language, see the function of that name.
func (v *view) told(n *source.Node, name string) string { return told(v.Lang, n, name) }

// badges are the facts above an operation's heading, in their order.
func (v *view) badges(e *entry) []Badge {
	out := []Badge{{e.op.Method, "m " + methodClass(e.op.Method)}}
	if len(e.categories) > 0 {
		out = append(out, Badge{v.categoryName(e.categories[0]), "cat"})
	}
	if since := v.since(e); since != "" {
		out = append(out, Badge{v.T("since", since), ""})
	}
	if e.async {
		out = append(out, Badge{v.T("async"), ""})
	} else {
		out = append(out, Badge{v.T("sync"), ""})
	}
	switch security := e.op.Security(); {
	case len(security) == 0:
	case slices.ContainsFunc(security, func(r contract.Requirement) bool { return len(r) == 0 }):
		out = append(out, Badge{v.T("auth.optional"), "auth"})
	default:
		out = append(out, Badge{v.T("auth.required"), "auth"})
	}
	if e.deprecated {
		out = append(out, Badge{v.T("deprecated"), "old"})
	}
	return out
}

// since is the version that brought an operation, as the document or its history tells.
func (v *view) since(e *entry) string {
	if e.since != "" {
		return e.since
	}
	return v.history.Since(e.op.ID)
}

// methodClass is the class that colours a method.
func methodClass(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return strings.ToLower(method)
	}
	return "any"
}

// inputs fills in parameters and body.
func (o *operation) inputs(t *tree) {
	v := o.view
	for _, in := range []string{"path", "query", "header", "cookie"} {
		g := ParameterGroup{In: in, Title: v.T("in." + in)}
		taken := map[string]int{}
		for _, p := range o.Entry.op.Parameters() {
			if p.In == in && !p.Node.Get("x-internal").True() {
				g.Rows = append(g.Rows, t.parameter(unique("in."+in+"."+segment(p.Name), taken), p))
			}
		}
		if len(g.Rows) > 0 {
			o.Parameters = append(o.Parameters, g)
		}
	}
	if b := o.Entry.op.RequestBody(); b != nil {
		o.Body = &Body{Required: b.Required, Text: b.Description, Description: v.markdown(b.Description), Structures: t.structures("body", b.Content)}
	}
}

// parameter is the row of a parameter or header.
func (t *tree) parameter(id string, p *contract.Parameter) *Row {
	v := t.view
	sh := shapeOf(p.Schema)
	t.rows = 0
	r := t.row(id, sh)
	r.Name, r.Required, r.Deprecated = p.Name, p.Required, r.Deprecated || p.Deprecated
	if text := v.localized(p.Node, p.Description); text != "" {
		r.Text, r.Description = text, v.markdown(text)
	}
	for _, key := range []string{"style", "collectionFormat"} {
		if style := p.Node.Get(key).Text(); style != "" {
			r.Constraints = append(r.Constraints, Constraint{Word: v.T("is.style"), Values: []string{style}, Code: true})
		}
	}
	for i, e := range p.Examples {
		if i < 3 && e.Value != nil && len(e.Violations) == 0 {
			r.Constraints = addValue(r.Constraints, v.T("is.example"), brief(e.Value))
		}
	}
	t.unfold(r, sh, place{id: id, depth: 1})
	return r
}

// addValue adds a value of the API to the rule with that word, once.
func addValue(list []Constraint, word, value string) []Constraint {
	i := slices.IndexFunc(list, func(c Constraint) bool { return c.Word == word })
	if i < 0 {
		return append(list, Constraint{Word: word, Values: []string{value}, Code: true})
	}
	if !slices.Contains(list[i].Values, value) {
		list[i].Values = append(slices.Clip(list[i].Values), value)
	}
	return list
}

// structures unfolds the bodies of a request or answer. Media types that have the same schema share a tree; the anchors of any
// but the first name their media type.
func (t *tree) structures(id string, list []*contract.MediaType) []*Structure {
	var out []*Structure
	known := map[*schema.Schema]*Structure{}
	taken := map[string]int{id: 1}
	for i, m := range list {
		if m.Node.Get("x-internal").True() {
			continue
		}
		target := m.Schema
		for target != nil && target.Ref != nil && len(target.Node.Members()) == 1 {
			target = target.Ref
		}
		if s := known[target]; s != nil {
			s.Media = append(s.Media, m.Range)
			continue
		}
		s := &Structure{Media: []string{m.Range}}
		known[target] = s
		at := id
		if i > 0 {
			at = unique(id+".("+segment(m.Range)+")", taken)
			s.ID = at
		}
		if m.Schema != nil && (telling([]*schema.Schema{m.Schema}) || m.Schema.Never) {
			s.Root = t.root(at, m.Schema)
		}
		out = append(out, s)
	}
	return out
}

// answers fills in the responses.
func (o *operation) answers(t *tree) {
	v, op := o.view, o.Entry.op
	opened := false
	for _, r := range op.Responses().All {
		if r.Node.Get("x-internal").True() {
			continue
		}
		text := v.localized(r.Node, r.Description)
		a := &Response{ID: r.Status, Status: r.Status, Title: v.statusTitle(r.Status), Class: statusClass(r.Status), Text: text, Description: v.markdown(text)}
		a.Sentence = v.T("response.structure")
		if a.Class > "3" {
			a.Sentence = v.T("response.failure")
		}
		if !opened && a.Class == "2" {
			a.Open, opened = true, true
		}
		taken := map[string]int{}
		for _, h := range r.Headers {
			if !h.Node.Get("x-internal").True() {
				a.Headers = append(a.Headers, t.parameter(unique(r.Status+".header."+segment(h.Name), taken), h))
			}
		}
		a.Structures = t.structures(r.Status, r.Content)
		o.Responses = append(o.Responses, a)
	}
	if !opened && len(o.Responses) > 0 {
		o.Responses[0].Open = true
	}
	if name := sharedName(op.Node().Get("x-job-result")); o.outline().schemas[name] {
		o.Job = &Structure{Root: t.root("job", v.site.site.Contract.Schema(name))}
	}
}

func (v *view) outline() *outline { return v.site.outline }

// sharedName is the name of the shared schema that a reference leads to, "" if it leads elsewhere.
func sharedName(n *source.Node) string {
	ref := n.Get("$ref").Text()
	for _, root := range []string{"#/components/schemas/", "#/definitions/"} {
		if name, ok := strings.CutPrefix(ref, root); ok && !strings.Contains(name, "/") {
			return source.Unescape(name)
		}
	}
	return ""
}

// statusTitle names a key of responses: "200 OK", "Any 4xx status", "Any other status".
func (v *view) statusTitle(key string) string {
	if code, err := strconv.Atoi(key); err == nil {
		return strings.TrimSpace(key + " " + http.StatusText(code))
	}
	if strings.HasSuffix(key, "XX") {
		return v.T("status.class", strings.ToLower(key))
	}
	return v.T("status.default")
}
