package journal

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Mask stands where a secret was.
const Mask = "***"

// Secrets are what must not be kept of an operation's exchanges: credentials of the document's security schemes, parameters and members of
// bodies with the format password, and the token that a login answers.
type Secrets struct {
	headers, query, cookies, path []string
	request, response             members
}

// members are the secret ones of a body, by name at any depth, and by place.
type members struct {
	names    map[string]bool
	pointers []string
}

func (m members) none() bool { return len(m.names) == 0 && len(m.pointers) == 0 }

// always are headers that carry credentials, whatever the document says of them.
func always() []string {
	return []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"}
}

// SecretsOf works out what is secret in the exchanges of an operation; of a nil one, what is secret in any.
func SecretsOf(c *contract.Contract, op *contract.Operation) *Secrets {
	s := &Secrets{headers: always()}
	if c != nil {
		s.keys(c)
	}
	if op == nil {
		return s
	}
	for _, p := range op.Parameters() {
		if isPassword(p.Schema) {
			s.place(p.In, p.Name)
		}
	}
	if body := op.RequestBody(); body != nil {
		s.request.gather(body.Content)
	}
	for _, r := range op.Responses().All {
		s.response.gather(r.Content)
	}
	if login := c.Login(); login != nil && login.Operation == op {
		s.response.pointers = append(s.response.pointers, login.Token)
	}
	return s
}

// keys notes the API keys of the whole document: clients send them to operations that do not ask for them, too.
func (s *Secrets) keys(c *contract.Contract) {
	root := c.Root()
	for _, schemes := range []*contract.Node{root.Get("components").Get("securitySchemes"), root.Get("securityDefinitions")} {
		for _, m := range schemes.Members() {
			if m.Value.Get("type").Text() == "apiKey" {
				s.place(m.Value.Get("in").Text(), m.Value.Get("name").Text())
			}
		}
	}
}

func (s *Secrets) place(in, name string) {
	switch in {
	case "header":
		s.headers = append(s.headers, http.CanonicalHeaderKey(name))
	case "query":
		s.query = append(s.query, name)
	case "cookie":
		s.cookies = append(s.cookies, name)
	case "path":
		s.path = append(s.path, name)
	}
}

// Hides tells whether the value of a parameter in the path or the query is secret.
func (s *Secrets) Hides(in, name string) bool {
	return in == "path" && slices.Contains(s.path, name) || in == "query" && slices.Contains(s.query, name)
}

// mostSchemas bounds the walk through the schemas of a body.
const mostSchemas = 5_000

// gather notes the names of all members that are passwords.
func (m *members) gather(content []*contract.MediaType) {
	seen := map[*schema.Schema]bool{}
	var walk func(*schema.Schema)
	walk = func(s *schema.Schema) {
		if s == nil || seen[s] || len(seen) >= mostSchemas {
			return
		}
		seen[s] = true
		for _, p := range s.Properties {
			if isPassword(p.Schema) {
				if m.names == nil {
					m.names = map[string]bool{}
				}
				m.names[p.Name] = true
			}
			walk(p.Schema)
		}
		for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems, {s.Ref, s.Items, s.AdditionalProperties, s.If, s.Then, s.Else}} {
			for _, sub := range list {
				walk(sub)
			}
		}
	}
	for _, t := range content {
		walk(t.Schema)
	}
}

func isPassword(s *schema.Schema) bool {
	for hops := 0; s != nil && hops < 10; s, hops = s.Ref, hops+1 {
		if s.Format == "password" {
			return true
		}
	}
	return false
}

// Header gives h without the values of secret headers. h is not changed, and may be returned as it is.
func (s *Secrets) Header(h http.Header) http.Header {
	out, copied := h, false
	for _, name := range s.headers {
		values := h[name]
		if len(values) == 0 {
			continue
		}
		if !copied {
			out, copied = maps.Clone(h), true
		}
		masked := make([]string, len(values))
		for i, v := range values {
			masked[i] = maskHeader(name, v)
		}
		out[name] = masked
	}
	return out
}

// maskHeader keeps what is no secret of a header's value: the scheme of credentials, the names and attributes of cookies.
func maskHeader(name, value string) string {
	switch name {
	case "Cookie":
		pairs := strings.Split(value, ";")
		for i, pair := range pairs {
			key, _, _ := strings.Cut(pair, "=")
			pairs[i] = key + "=" + Mask
		}
		return strings.Join(pairs, ";")
	case "Set-Cookie":
		pair, attributes, _ := strings.Cut(value, ";")
		key, _, _ := strings.Cut(pair, "=")
		if attributes != "" {
			attributes = ";" + attributes
		}
		return key + "=" + Mask + attributes
	}
	if scheme, rest, ok := strings.Cut(value, " "); ok && rest != "" && len(scheme) <= 20 {
		return scheme + " " + Mask
	}
	return Mask
}

// URL gives a request target without the values of secret parameters.
func (s *Secrets) URL(u *url.URL, found contract.Found) string {
	out := u.EscapedPath()
	for _, name := range s.path {
		if raw, _ := found.Capture(name); raw != "" {
			out = strings.ReplaceAll(out, "/"+raw, "/"+Mask)
		}
	}
	if u.RawQuery == "" {
		return out
	}
	if len(s.query) == 0 {
		return out + "?" + u.RawQuery
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		key, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(key); err == nil && slices.Contains(s.query, plain) {
			pairs[i] = key + "=" + Mask
		}
	}
	return out + "?" + strings.Join(pairs, "&")
}

// Request gives a request's body as it may be kept.
func (s *Secrets) Request(j *Journal, contentType string, body []byte) Body {
	return s.request.body(j, contentType, body, false)
}

// Response gives an answer's body as it may be kept. Nobody may write to body afterwards.
func (s *Secrets) Response(j *Journal, contentType string, body []byte) Body {
	return s.response.body(j, contentType, body, true)
}

func (m members) body(j *Journal, contentType string, body []byte, shared bool) Body {
	if m.none() || len(body) == 0 {
		return j.Cut(body, shared)
	}
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		return j.Cut(m.form(body), true)
	}
	v, err := source.DecodeJSON(body, source.Limits{})
	if err != nil {
		return Body{Size: len(body), Hidden: true}
	}
	if !m.hide(v, "") {
		return j.Cut(body, shared)
	}
	masked, err := json.Marshal(v)
	if err != nil {
		return Body{Size: len(body), Hidden: true}
	}
	return j.Cut(masked, true)
}

func (m members) form(body []byte) []byte {
	pairs := strings.Split(string(body), "&")
	for i, pair := range pairs {
		key, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(key); err != nil || m.names[plain] {
			pairs[i] = key + "=" + Mask
		}
	}
	return []byte(strings.Join(pairs, "&"))
}

// hide masks the secret members of a value; it tells whether there were any.
func (m members) hide(v any, at string) bool {
	found := false
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			found = m.hide(item, at+"/-") || found
		}
	case map[string]any:
		for name, x := range v {
			place := at + "/" + source.Escape(name)
			if m.names[name] || slices.Contains(m.pointers, place) {
				v[name] = Mask
				found = true
				continue
			}
			found = m.hide(x, place) || found
		}
	}
	return found
}
