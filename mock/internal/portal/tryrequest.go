package portal

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// trial is a request as a form has it.
type trial struct {
	method string
	// target is path and query, below the site's base.
	target string
	header http.Header
	body   []byte
	// joined are the parts of a multipart body.
	joined []sample.Part
	// sent are the body's arguments for curl.
	sent []string
	// faults tell what could not be written as the document demands, and was sent as it stands.
	faults []string
}

// posted is a form that was sent.
type posted struct {
	url.Values
	files map[string][]*multipart.FileHeader
}

func (f posted) sends(field string, required bool) bool {
	return required || f.Get(onField+field) != ""
}

// text is that of a field with the line ends of the document; a select has no text until something is chosen.
func (f posted) text(field, kind string, required bool) (text string, ok bool) {
	if kind == "select" {
		return strings.CutPrefix(f.Get(field), "=")
	}
	if !f.sends(field, required) {
		return "", false
	}
	return strings.ReplaceAll(f.Get(field), "\r\n", "\n"), f.Has(field)
}

// assemble makes the request of a form, without credentials.
func (v *view) assemble(e *entry, f posted) *trial {
	t := &trial{method: e.op.Method, header: http.Header{}}
	path, _, _ := strings.Cut(e.operationalPath, "#")
	var query, cookies []string
	for _, p := range e.op.Parameters() {
		field := parameterField(p)
		kind := kindOf(shapeOf(p.Schema))
		text, ok := f.text(field, kind, p.Required)
		if !ok && p.In != "path" {
			continue
		}
		encoded := t.encode(p, text, kind)
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", encoded)
		case "query":
			query = append(query, encoded)
		case "header":
			t.header.Set(p.Name, fieldValue(encoded))
		case "cookie":
			cookies = append(cookies, fieldValue(encoded))
		}
	}
	if len(cookies) > 0 {
		t.header.Set("Cookie", strings.Join(cookies, "; "))
	}
	t.target = path
	if len(query) > 0 {
		t.ask(strings.Join(query, "&"))
	}
	if prefer := preferOf(f); prefer != "" {
		t.header.Set("Mock-Prefer", prefer)
	}
	t.fill(v, e, f)
	return t
}

// ask adds pairs to the query.
func (t *trial) ask(pairs string) {
	between := "?"
	if strings.Contains(t.target, "?") {
		between = "&"
	}
	t.target += between + pairs
}

// fieldValue is a text as the value of a header: without the signs that cannot stand there (RFC 9110, 5.5).
func fieldValue(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text))
}

// encode writes the text of a field as the style of its parameter demands; what has no such form is sent as it stands.
func (t *trial) encode(p *contract.Parameter, text, kind string) string {
	sh := shapeOf(p.Schema)
	candidates := readings(text, kind, sh)
	if chosen := firstValid(candidates, schemasOf(p.Schema)); chosen != nil {
		candidates = append([]any{chosen}, candidates...)
	}
	var problem error
	for _, value := range candidates {
		encoded, err := p.Encode(value)
		if err == nil {
			return encoded
		}
		if problem == nil {
			problem = err
		}
	}
	if text != "" || p.In == "path" {
		t.faults = append(t.faults, p.Name+": "+problem.Error())
	}
	switch p.In {
	case "path":
		return url.PathEscape(text)
	case "query":
		return url.QueryEscape(p.Name) + "=" + url.QueryEscape(text)
	case "cookie":
		return p.Name + "=" + url.QueryEscape(text)
	}
	return text
}

func schemasOf(s *schema.Schema) []*schema.Schema {
	if s == nil {
		return nil
	}
	return []*schema.Schema{s}
}

// preferOf is what the form asks of the mock itself, "" for nothing.
func preferOf(f posted) string {
	var out []string
	add := func(key, value string) {
		if value != "" {
			out = append(out, key+"="+preferValue(value))
		}
	}
	add("code", f.Get("code"))
	add("example", f.Get("example"))
	if f.Get("dynamic") != "" {
		out = append(out, "dynamic=true")
	}
	add("delay", f.Get("delay"))
	return strings.Join(out, ", ")
}

// preferValue writes a value as a token or a quoted-string (RFC 9110, 5.6).
func preferValue(s string) string {
	plain := !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._~!#$&'*+^`|", r))
	})
	if plain {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(fieldValue(s)) + `"`
}

// authorize adds credentials: the first alternative of the operation's security that is complete, else all that are known.
func (t *trial) authorize(v *view, op *contract.Operation, secret func(contract.Scheme) string) {
	var chosen contract.Requirement
	for _, alternative := range op.Security() {
		complete := !slices.ContainsFunc(alternative, func(s contract.Scheme) bool { return secret(s) == "" && s.Type != "mutualTLS" })
		if complete {
			chosen = alternative
			break
		}
		chosen = append(chosen, alternative...)
	}
	for _, s := range chosen {
		if value := secret(s); value != "" {
			t.credential(s, v.credentialOf(s, value))
		}
	}
}

// credential puts a credential where its scheme has it, unless a parameter of that name is there already.
func (t *trial) credential(s contract.Scheme, value string) {
	switch {
	case s.Type == "mutualTLS":
	case s.Type == "apiKey" && s.In == "query":
		if _, query, _ := strings.Cut(t.target, "?"); !strings.Contains("&"+query, "&"+url.QueryEscape(s.Name)+"=") {
			t.ask(url.QueryEscape(s.Name) + "=" + url.QueryEscape(value))
		}
	case s.Type == "apiKey" && s.In == "cookie":
		pair := s.Name + "=" + fieldValue(value)
		if have := t.header.Get("Cookie"); have != "" {
			pair = have + "; " + pair
		}
		t.header.Set("Cookie", pair)
	case s.Type == "apiKey":
		if t.header.Get(s.Name) == "" {
			t.header.Set(s.Name, fieldValue(value))
		}
	default:
		t.header.Set("Authorization", fieldValue(value))
	}
}

// credentialOf is a secret as it is sent: in the login's format, or behind the name of its HTTP scheme.
func (v *view) credentialOf(s contract.Scheme, secret string) string {
	if login := v.site.site.Contract.Login(); login != nil && (login.Scheme == "" || login.Scheme == s.ID) {
		before, _, _ := strings.Cut(login.Format, "{token}")
		if before != "" && strings.HasPrefix(secret, before) {
			return secret
		}
		return strings.ReplaceAll(login.Format, "{token}", secret)
	}
	scheme := "bearer"
	switch {
	case s.Type == "apiKey":
		return secret
	case s.Type == "http" && s.Scheme != "":
		scheme = s.Scheme
	}
	if name, _, found := strings.Cut(secret, " "); found && strings.EqualFold(name, scheme) {
		return secret
	}
	if scheme == "basic" {
		secret = base64.StdEncoding.EncodeToString([]byte(secret))
	}
	return strings.ToUpper(scheme[:1]) + scheme[1:] + " " + secret
}

// request is the trial as an HTTP request, at an origin and below a base path.
func (t *trial) request(origin, base string) (*http.Request, error) {
	r, err := http.NewRequest(t.method, origin+base+t.target, bytes.NewReader(t.body))
	if err != nil {
		return nil, fmt.Errorf("%s %s cannot be asked for: %w", t.method, oneLine(t.target, 200), err)
	}
	r.Header = t.header.Clone()
	r.RequestURI = r.URL.RequestURI()
	return r, nil
}
