package portal

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// loginForm is the document's own way to a credential.
type loginForm struct {
	// Scheme is the security scheme that the credential is for.
	Scheme string
	// In tells that a credential is held; Out that it can be given back.
	In, Out   bool
	Fields    []Control
	Operation Link
	Action    string
}

// mostLogin bounds the fields of a login.
const mostLogin = 12

// credentials are the fields for credentials: the document's login, else one for each scheme of the operation.
func (m *tryModel) credentials(f posted) {
	seen := map[string]bool{}
	login := m.site.site.Contract.Login()
	for _, alternative := range m.Entry.op.Security() {
		for _, s := range alternative {
			if seen[s.ID] || s.Type == "mutualTLS" {
				continue
			}
			seen[s.ID] = true
			m.Secrets = append(m.Secrets, Secret{s.ID, secretField + s.ID, f.Get(secretField + s.ID), m.secretText(s)})
			if login != nil && m.Login == nil && (login.Scheme == "" || login.Scheme == s.ID) {
				m.Login = m.newLogin(login, s.ID, f)
			}
		}
	}
}

// secretText says how a credential is sent.
func (m *tryModel) secretText(s contract.Scheme) string {
	sent := m.secret(s)
	switch {
	case s.Type == "apiKey":
		return m.T("try.secret", s.Name+": "+sent)
	case s.Type == "http" && s.Scheme == "basic":
		return m.T("try.basic")
	}
	return m.T("try.secret", "Authorization: "+sent)
}

func (m *tryModel) newLogin(login *contract.Login, scheme string, f posted) *loginForm {
	e := m.outline().byID[login.Operation.ID]
	if e == nil {
		return nil
	}
	out := &loginForm{
		Scheme: scheme, In: f.Get(secretField+scheme) != "", Out: login.Logout != nil, Operation: Link{e.id, m.operationURL(e)},
		Action: m.url("/try/" + escapePath(e.slug)),
	}
	for _, leaf := range m.loginLeaves(login, e) {
		field := loginField + leaf.pointer
		c := Control{ID: "t-" + field, Field: field, Label: leaf.name, Kind: "text", Value: leaf.text, Required: true}
		if f.Has(field) {
			c.Value = f.Get(field)
		}
		if secretive(leaf.name) {
			c.Kind = "password"
		}
		out.Fields = append(out.Fields, c)
	}
	return out
}

// secretive tells that a field of that name is not for everybody's eyes.
func secretive(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"password", "passwd", "secret", "token", "pin"}, func(s string) bool { return strings.Contains(name, s) })
}

// leaf is one scalar of the body that logs in.
type leaf struct{ pointer, name, text string }

// loginFill is how the login's form is filled.
func loginFill(login *contract.Login) string {
	if login.Example == "" {
		return ""
	}
	return fillExample + login.Example
}

// loginLeaves are the texts and numbers of the example that logs in.
func (v *view) loginLeaves(login *contract.Login, e *entry) []leaf {
	b := login.Operation.RequestBody()
	if b == nil || len(b.Content) == 0 {
		return nil
	}
	m, _ := preferred(b.Content)
	value, _, ok := v.bodyValue(m, loginFill(login))
	if !ok {
		return nil
	}
	var out []leaf
	var walk func(pointer, name string, value any)
	walk = func(pointer, name string, value any) {
		switch x := value.(type) {
		case map[string]any:
			for _, name := range sortedNames(x) {
				walk(pointer+"/"+source.Escape(name), name, x[name])
			}
		case string, json.Number:
			if len(out) < mostLogin {
				out = append(out, leaf{pointer, name, fieldText(x, "text")})
			}
		}
	}
	walk("", "", value)
	return out
}

// signIn logs in with the form's login fields and puts the credential into the form.
func (v *view) signIn(f posted) (notice string, bad bool) {
	login := v.site.site.Contract.Login()
	if login == nil || v.outline().byID[login.Operation.ID] == nil {
		return v.T("try.login.none"), true
	}
	e := v.outline().byID[login.Operation.ID]
	in := posted{Values: v.prefilled(e, -1, loginFill(login))}
	m := mediaOf(e.op, in)
	if m == nil {
		return v.T("try.login.none"), true
	}
	if value, _, ok := v.bodyValue(m, loginFill(login)); ok {
		value = replaced(value, "", f)
		in.Set(shownField, "text")
		in.Set(textField, v.bodyText(m, value, ""))
	}
	in.Set(onField+textField, "1")
	t := v.assemble(e, in)
	got, err := v.run(t)
	if err != nil {
		return err.Error(), true
	}
	token := ""
	if value, err := source.DecodeJSON(got.body, source.Limits{}); err == nil {
		token = at(value, login.Token)
	}
	if got.status/100 != 2 || token == "" {
		return v.T("try.login.failed", got.status), true
	}
	f.Set(secretField+schemeOf(login, v.entryOf(f)), token)
	return v.T("try.login.done"), false
}

// entryOf is the operation that the form is for.
func (v *view) entryOf(posted) *entry {
	slug, err := url.PathUnescape(strings.TrimPrefix(v.Path, "/try/"))
	if err != nil {
		return nil
	}
	return v.outline().bySlug[slug]
}

// schemeOf is the security scheme that a login is for: its own, else the only one of the operation.
func schemeOf(login *contract.Login, e *entry) string {
	if login.Scheme != "" || e == nil {
		return login.Scheme
	}
	for _, alternative := range e.op.Security() {
		for _, s := range alternative {
			return s.ID
		}
	}
	return ""
}

// replaced is a value with the leaves that the form names.
func replaced(value any, pointer string, f posted) any {
	switch x := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range x {
			out[name] = replaced(member, pointer+"/"+source.Escape(name), f)
		}
		return out
	case string:
		if f.Has(loginField + pointer) {
			return f.Get(loginField + pointer)
		}
	case json.Number:
		if text := f.Get(loginField + pointer); text != "" {
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				return json.Number(text)
			}
		}
	}
	return value
}

// at is the scalar at a JSON Pointer (RFC 6901), "" if there is none.
func at(value any, pointer string) string {
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = source.Unescape(token)
		switch x := value.(type) {
		case map[string]any:
			value = x[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(x) {
				return ""
			}
			value = x[i]
		default:
			return ""
		}
	}
	if value == nil || isNested(value) {
		return ""
	}
	return fieldText(value, "text")
}

// signOut ends the session with the document's own operation and forgets the credential.
func (v *view) signOut(f posted) string {
	login := v.site.site.Contract.Login()
	if login == nil {
		return v.T("try.logout.done")
	}
	field := secretField + schemeOf(login, v.entryOf(f))
	token := f.Get(field)
	f.Del(field)
	if login.Logout == nil || token == "" {
		return v.T("try.logout.done")
	}
	e := v.outline().byID[login.Logout.ID]
	if e == nil {
		return v.T("try.logout.done")
	}
	in := posted{Values: v.prefilled(e, -1, "")}
	for _, p := range e.op.Parameters() {
		if p.In == "path" { // the session itself is what is deleted
			in.Set(parameterField(p), token)
		}
	}
	t := v.assemble(e, in)
	t.authorize(v, e.op, func(s contract.Scheme) string {
		if login.Scheme == "" || login.Scheme == s.ID {
			return token
		}
		return ""
	})
	if got, err := v.run(t); err == nil {
		return v.T("try.logout.told", got.status)
	}
	return v.T("try.logout.done")
}
