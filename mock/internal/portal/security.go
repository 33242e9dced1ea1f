package portal

import (
	"html/template"
	"slices"
	"strings"

	"standin/mock/internal/source"
)

// authentication is the model of the page on credentials.
type authentication struct {
	*view
	Schemes []SchemeBlock
	// Open are the operations that need none, if there are schemes at all.
	Open []Link
}

// SchemeBlock is a security scheme with what a reader needs to use it.
type SchemeBlock struct {
	ID, Kind, Sent string
	Text           string
	Description    template.HTML
	// How tells how to get a token: Login calls, Pointer is where the answer has it.
	Login   *Link
	Pointer string
	Flows   []Flow
	OpenID  string
	Used    int
}

// Flow is one way of OAuth 2 to get a token.
type Flow struct {
	Name   string
	URLs   []Related
	Scopes []Related
}

// schemesOf gives the object that holds a document's security schemes.
func schemesOf(root *source.Node) *source.Node {
	if root.Get("swagger") != nil {
		return root.Get("securityDefinitions")
	}
	return root.Get("components").Get("securitySchemes")
}

func authenticationPage(v *view) *content {
	c := v.site.site.Contract
	v.Title, v.Section = v.T("auth"), "auth"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("auth"), v.url("/authentication")}}
	m := &authentication{view: v}
	used := map[string]int{}
	for _, e := range v.outline().entries {
		names, open := v.demanded(e)
		for _, name := range names {
			used[name]++
		}
		if open {
			m.Open = append(m.Open, Link{e.id, v.operationURL(e)})
		}
	}
	for _, member := range documented(schemesOf(c.Root())) {
		n := member.Value
		if ref := n.Get("$ref").Text(); strings.HasPrefix(ref, "#/") {
			n = c.At(strings.TrimPrefix(ref, "#"))
		}
		m.Schemes = append(m.Schemes, v.scheme(member.Name, n, used[member.Name]))
	}
	if len(m.Schemes) == 0 {
		m.Open = nil
	}
	return &content{template: "authentication", model: m}
}

// demanded lists the schemes that an operation names; open tells that it can be called without any.
func (v *view) demanded(e *entry) (names []string, open bool) {
	list := v.site.site.Contract.Root().Get("security")
	if own, ok := e.op.Node().Member("security"); ok {
		list = own.Value
	}
	open = len(list.Items()) == 0
	for _, n := range list.Items() {
		open = open || len(n.Members()) == 0
		for _, m := range n.Members() {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	return names, open
}

func (v *view) scheme(id string, n *source.Node, used int) SchemeBlock {
	text := v.localized(n, n.Get("description").Text())
	b := SchemeBlock{ID: id, Text: text, Description: v.markdown(text), Used: used, OpenID: n.Get("openIdConnectUrl").Text()}
	kind, scheme := n.Get("type").Text(), strings.ToLower(n.Get("scheme").Text())
	b.Kind = kind
	switch {
	case kind == "apiKey":
		b.Sent = n.Get("in").Text() + " " + n.Get("name").Text()
	case kind == "basic" || kind == "http" && scheme == "basic":
		b.Kind, b.Sent = "HTTP Basic", "Authorization: Basic …"
	case kind == "http":
		b.Kind, b.Sent = "HTTP "+scheme, "Authorization: "+strings.ToUpper(scheme[:min(1, len(scheme))])+scheme[min(1, len(scheme)):]+" …"
	case kind == "oauth2", kind == "openIdConnect":
		b.Sent = "Authorization: Bearer …"
	}
	if login := v.site.site.Contract.Login(); login != nil && (login.Scheme == "" || login.Scheme == id) {
		if e := v.outline().byID[login.Operation.ID]; e != nil {
			b.Login, b.Pointer = &Link{e.id, v.operationURL(e)}, login.Token
			b.Sent = strings.TrimSpace(b.Sent + ": " + login.Format)
		}
	}
	if n.Get("flow") != nil { // OpenAPI 2.0
		b.Flows = append(b.Flows, v.flow(n.Get("flow").Text(), n))
	}
	for _, m := range n.Get("flows").Members() {
		b.Flows = append(b.Flows, v.flow(m.Name, m.Value))
	}
	return b
}

func (v *view) flow(name string, n *source.Node) Flow {
	f := Flow{Name: name}
	for _, at := range [][2]string{
		{"authorizationUrl", "auth.authorize"}, {"tokenUrl", "auth.tokenurl"}, {"refreshUrl", "auth.refresh"}, {"deviceAuthorizationUrl", "auth.device"},
	} {
		if text := n.Get(at[0]).Text(); text != "" {
			f.URLs = append(f.URLs, Related{Link{Text: text}, v.T(at[1])})
		}
	}
	for _, m := range n.Get("scopes").Members() {
		f.Scopes = append(f.Scopes, Related{Link{Text: m.Name}, m.Value.Text()})
	}
	return f
}
