package portal

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
)

// Bounds of what a form may bring.
const (
	mostForm = 10 << 20 // bytes
	mostFill = 50       // examples offered to fill the form with
)

// tryModel is the form to try an operation with, and what came of it.
type tryModel struct {
	*view
	Entry      *entry
	ID, Method string
	PathShown  string
	Action     string
	Multipart  bool
	Operation  *Link
	Groups     []ControlGroup
	Media      []Option
	MediaNow   string
	Fill       []Option
	Body       *Control // as one text, or one file
	BodyNote   string
	BodyOn     bool // the body is optional, and sent
	Optional   bool // the body is optional
	AsText     bool
	Fields     []Control
	HasBody    bool
	Statuses   []Option
	Examples   []Option
	Dynamic    bool
	Delay      string
	Hosts      []Option
	Login      *loginForm
	Secrets    []Secret
	Notice     string
	NoticeBad  bool
	Answer     *tryAnswer
	Request    string // curl
	Faults     []string

	known map[string]bool // anchors of the operation's page
}

// ControlGroup is the controls of the parameters of one place.
type ControlGroup struct {
	Title    string
	Controls []Control
}

// Secret is a field for the credential of a security scheme.
type Secret struct {
	ID, Field, Value, Text string
}

// tries tells whether operations can be tried, here or in the sandbox of a site in files.
func (p *Portal) tries() bool {
	return p.site.API != nil && (p.site.Static == nil || p.site.Static.Sandbox != "")
}

// tryAction is where the form of an operation is sent.
func (v *view) tryAction(e *entry) string {
	if s := v.site.site.Static; s != nil {
		return strings.TrimSuffix(s.Sandbox, "/") + "/try/" + escapePath(e.slug) + v.suffix
	}
	return v.url("/try/" + escapePath(e.slug))
}

// tryPage finds the form of an operation.
func (p *Portal) tryPage(slug string) maker {
	e := p.outline.bySlug[slug]
	if e == nil || !p.tries() {
		return nil
	}
	return func(v *view) *content {
		at, err := strconv.Atoi(v.query.Get("media"))
		if err != nil {
			at = -1
		}
		f := posted{Values: v.prefilled(e, at, v.query.Get("fill"))}
		return &content{template: "trypage", model: v.newTry(e, f), live: true}
	}
}

// serveTry answers posts to /try/ and requests for a form without its page; done tells that it did.
func (p *Portal) serveTry(w http.ResponseWriter, r *http.Request, path string) (done bool) {
	kind, slug, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if kind != "try" && kind != "check" || p.site.API == nil {
		return false
	}
	// With no-referrer a form without script would be sent with "Origin: null" (Fetch, 3.2).
	w.Header().Set("Referrer-Policy", "same-origin")
	name, err := url.PathUnescape(slug)
	e := p.outline.bySlug[name]
	fragment := r.URL.Query().Has("fragment")
	if err != nil || e == nil || r.Method != http.MethodPost && (!fragment || kind == "check") {
		return false
	}
	v := p.tryView(r, path)
	var c *content
	if r.Method != http.MethodPost {
		c = p.tryPage(name)(v)
	} else if f, status := p.readForm(w, r); status != 0 {
		c = v.refusedForm(e, status)
	} else {
		if r.URL.Query().Has("prepare") && kind == "try" {
			p.writePrepared(w, r, v, e, f)
			return true
		}
		v.settle(w)
		m := v.act(kind, e, f)
		c = &content{template: "trypage", model: m, live: true}
	}
	if fragment && c.template == "trypage" {
		c.template = "trypanel"
	}
	p.writeTry(w, r, v, c, fragment)
	return true
}

// tryView is the view of a page that a post makes.
func (p *Portal) tryView(r *http.Request, path string) *view {
	query := r.URL.Query()
	lang, explicit := language(query.Get("lang"), r.Header.Get("Accept-Language"))
	keep := url.Values{}
	if explicit {
		keep.Set("lang", lang)
	}
	v := &view{site: p, Lang: lang, explicit: explicit, request: r, query: keep, history: p.history(), Path: path}
	if explicit {
		v.suffix = "?lang=" + lang
	}
	return v
}

// writeTry writes a page, or its part, that is made for this one request.
func (p *Portal) writeTry(w http.ResponseWriter, r *http.Request, v *view, c *content, fragment bool) {
	var b strings.Builder
	var err error
	if fragment {
		err = p.templates[v.Lang].ExecuteTemplate(&b, c.template, c.model)
	} else {
		err = p.execute(&b, v, c)
	}
	if err != nil {
		http.Error(w, "this page cannot be written: "+err.Error(), http.StatusInternalServerError)
		return
	}
	out := p.pack(visible([]byte(b.String())), "text/html; charset=utf-8")
	if c.status != 0 {
		out.status = c.status
	}
	p.write(w, r, out, "no-store")
}

// readForm reads a form that comes from a page of ours; else status tells how it is refused.
func (p *Portal) readForm(w http.ResponseWriter, r *http.Request) (f posted, status int) {
	guard := http.NewCrossOriginProtection()
	if p.origin != "" {
		_ = guard.AddTrustedOrigin(p.origin) // a wrong one is trusted by nobody
	}
	for _, origin := range p.site.Trusted {
		_ = guard.AddTrustedOrigin(origin)
	}
	if guard.Check(r) != nil {
		return f, http.StatusForbidden
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	err := r.ParseForm() // whose error ParseMultipartForm would hide
	if err == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(mostForm)
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok && tooLarge != nil {
		return f, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return f, http.StatusBadRequest
	}
	f.Values = r.PostForm
	if r.MultipartForm != nil {
		f.files = r.MultipartForm.File
	}
	return f, 0
}

// refusedForm is the page that tells why a form was not taken.
func (v *view) refusedForm(e *entry, status int) *content {
	v.Title, v.entry = v.T("try"), e
	key := map[int]string{http.StatusForbidden: "try.foreign", http.StatusRequestEntityTooLarge: "try.large"}[status]
	if key == "" {
		key = "try.unreadable"
	}
	return &content{template: "tryrefused", status: status, model: struct {
		*view
		Text string
		Back Link
	}{v, v.T(key), Link{e.id, v.operationURL(e)}}}
}

// act does what the pressed button says.
func (v *view) act(kind string, e *entry, f posted) *tryModel {
	does, _, _ := strings.Cut(f.Get("do"), ":")
	var notice string
	var bad bool
	var answer *tryAnswer
	switch {
	case kind == "check":
		answer = v.checkForeign(e, f)
	case does == "show": // as it stands, unsent
	case does == "fill":
		f = v.refill(e, f)
	case does == "login":
		notice, bad = v.signIn(f)
	case does == "logout":
		notice = v.signOut(f)
	case does == "follow":
		answer = v.follow(e, f)
	default:
		answer = v.send(e, f)
	}
	m := v.newTry(e, f)
	m.Notice, m.NoticeBad, m.Answer = notice, bad, answer
	return m
}

// refill fills the form anew and keeps what does not belong to the request itself.
func (v *view) refill(e *entry, f posted) posted {
	at, err := strconv.Atoi(f.Get(mediaField))
	if err != nil {
		at = -1
	}
	in := v.prefilled(e, at, f.Get(fillField))
	for field, values := range f.Values {
		kept := strings.HasPrefix(field, secretField) || strings.HasPrefix(field, loginField)
		if kept || slices.Contains([]string{"code", "example", "dynamic", "delay", "host"}, field) {
			in[field] = values
		}
	}
	return posted{Values: in}
}

// newTry makes the form as its fields stand.
func (v *view) newTry(e *entry, f posted) *tryModel {
	op := e.op
	v.Title, v.entry = v.T("try")+" · "+e.id, e
	if len(e.categories) > 0 {
		v.category = e.categories[0]
		v.Crumbs = append(v.crumbsOf(v.category), Link{e.id, v.operationURL(e)})
	}
	m := &tryModel{
		view: v, Entry: e, ID: e.id, Method: op.Method, PathShown: e.operationalPath, Operation: &Link{e.id, v.operationURL(e)},
		Action: v.tryAction(e), Delay: f.Get("delay"), Dynamic: f.Get("dynamic") != "",
	}
	m.known = v.anchors(e)
	m.parameterControls(f)
	m.bodyControls(f)
	m.pickers(f)
	m.credentials(f)
	if hosts := v.realHosts(e); len(hosts) > 0 {
		m.Hosts = []Option{{"", v.T("try.mock"), v.realHost(e, f.Get("host")) == ""}}
		for _, host := range hosts {
			m.Hosts = append(m.Hosts, Option{host, host, f.Get("host") == host})
		}
	}
	prepared := v.prepared(e, f, false)
	m.Request, m.Faults = prepared.Curl, prepared.Faults
	return m
}

func (m *tryModel) parameterControls(f posted) {
	for _, in := range []string{"path", "query", "header", "cookie"} {
		g := ControlGroup{Title: m.T("in." + in)}
		for _, p := range m.Entry.op.Parameters() {
			if p.In != in || p.Node.Get("x-internal").True() {
				continue
			}
			g.Controls = append(g.Controls, m.control(f, parameterField(p), p.Name, shapeOf(p.Schema), p.Required))
		}
		if len(g.Controls) > 0 {
			m.Groups = append(m.Groups, g)
		}
	}
}

// control is the field for values of a shape.
func (m *tryModel) control(f posted, field, label string, sh *shape, required bool) Control {
	c := Control{
		ID: "t-" + field, Field: field, Label: label, Type: m.typeWord(sh, 0), Kind: kindOf(sh), Required: required, Value: f.Get(field),
		Anchor: m.anchor(field), Rows: 1,
	}
	switch c.Kind {
	case "select":
		m.choices(&c, sh)
		return c
	case "lines":
		c.Hint = m.T("try.lines")
		c.Rows = min(6, max(2, strings.Count(c.Value, "\n")+1))
	case "json":
		c.Hint = "JSON"
		c.Rows = min(10, max(2, strings.Count(c.Value, "\n")+1))
	case "file":
		c.Hint, m.Multipart = m.T("try.file"), true
	}
	if !required {
		c.On, c.Ticked = onField+field, f.Get(onField+field) != ""
	}
	return c
}

// anchor is the URL of a place on the operation's page, or of the nearest one around it.
func (m *tryModel) anchor(id string) string {
	at := m.operationURL(m.Entry)
	if there := standing(id, m.known); there != "" {
		at += "#" + there
	}
	return at
}

// choices are the options of a select; the one without a value is not sent.
func (m *tryModel) choices(c *Control, sh *shape) {
	c.Options = []Option{{"", m.T("try.unset"), c.Value == ""}}
	values := allowed(sh)
	if values == nil {
		values = []any{true, false}
	}
	for _, value := range values {
		text := fieldText(value, "select")
		c.Options = append(c.Options, Option{"=" + text, text, c.Value == "="+text})
	}
}

func (m *tryModel) bodyControls(f posted) {
	b := m.Entry.op.RequestBody()
	t := mediaOf(m.Entry.op, f)
	if b == nil || t == nil {
		return
	}
	m.HasBody, m.Optional, m.BodyOn = true, !b.Required, f.Get(onField+textField) != ""
	for i, known := range b.Content {
		m.Media = append(m.Media, Option{itoa(i), known.Range, known == t})
		if known == t {
			m.MediaNow = known.Range
		}
	}
	m.fillings(t, f)
	if fields := fieldsOf(t); fields != nil && f.Get(shownField) != "text" {
		required := shapeOf(t.Schema).required
		for _, q := range fields {
			c := m.control(f, bodyField+q.name, q.name, shapeOf(q.schemas...), required[q.name])
			c.Anchor = m.anchor("body." + segment(q.name))
			m.Fields = append(m.Fields, c)
		}
		return
	}
	m.AsText = f.Get(shownField) == "text"
	kind, _ := media.Parse(sample.ContentType(t))
	c := &Control{ID: "t-body", Field: textField, Label: m.T("body"), Kind: "json", Value: f.Get(textField), Required: b.Required}
	c.Rows = min(24, max(4, strings.Count(c.Value, "\n")+2))
	if isBinary(kind) && c.Value == "" {
		c.Kind, c.Field, m.Multipart = "file", fileField, true
		c.Hint = m.T("try.file")
	}
	m.Body = c
}

// fillings are what the body may be filled with.
func (m *tryModel) fillings(t *contract.MediaType, f posted) {
	now := f.Get(fillField)
	for i, e := range t.Examples {
		if e.Value == nil || i >= mostFill {
			continue
		}
		text := e.Name
		if e.Summary != "" {
			text += " · " + oneLine(e.Summary, 60)
		}
		m.Fill = append(m.Fill, Option{fillExample + e.Name, text, now == fillExample+e.Name})
	}
	if t.Schema != nil {
		m.Fill = append(m.Fill, Option{fillRequired, m.T("try.required"), now == fillRequired}, Option{fillAll, m.T("try.all"), now == fillAll})
	}
}

// pickers offer the answers that the mock can be asked for: documented statuses, and their examples.
func (m *tryModel) pickers(f posted) {
	code, example := f.Get("code"), f.Get("example")
	m.Statuses = []Option{{"", m.T("try.usual"), code == ""}}
	m.Examples = []Option{{"", m.T("try.usual"), example == ""}}
	seen := map[string]bool{}
	for _, r := range m.Entry.op.Responses().All {
		if r.Node.Get("x-internal").True() {
			continue
		}
		value := sample.Code(r.Status)
		m.Statuses = append(m.Statuses, Option{value, m.statusTitle(r.Status), code == value})
		for _, t := range r.Content {
			for _, e := range t.Examples {
				if seen[e.Name] || len(m.Examples) > mostFill {
					continue
				}
				seen[e.Name] = true
				m.Examples = append(m.Examples, Option{e.Name, m.exampleTitle(r, e), example == e.Name})
			}
		}
	}
}

// exampleTitle names an example with its status, and says that it is wrong if it is.
func (m *tryModel) exampleTitle(r *contract.Response, e contract.Example) string {
	text := r.Status + " · " + e.Name
	if len(e.Violations) > 0 {
		text += " · " + m.T("contract.breaks")
	}
	return text
}
