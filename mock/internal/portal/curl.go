package portal

import (
	"encoding/json"
	"html/template"
	"net/url"
	"sort"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/schema"
)

// Request is an example of a request, as a line for a shell.
type Request struct {
	Curl  string
	Code  template.HTML
	Name  string // of the example that the body is, "" for none
	Other []CodeSample
	// Body is the body in JSON; BodyURL is where it stands alone, "" if it is in the line.
	Body    []byte
	BodyURL string

	target string // path and query
	values contract.Values
}

// CodeSample is a sample that the document brings along (x-codeSamples).
type CodeSample struct {
	Language, Label string
	Code            template.HTML
}

// requestExample makes the example of a request: required parameters, credentials, and the body's first valid example.
func (v *view) requestExample(op *contract.Operation, e *entry) *Request {
	r := &Request{values: contract.Values{Path: map[string]any{}, Query: map[string]any{}, Header: map[string]any{}, Cookie: map[string]any{}}}
	path := e.operationalPath
	var query, args []string
	for _, p := range op.Parameters() {
		if !p.Required || p.Node.Get("x-internal").True() {
			continue
		}
		value, text, ok := v.exampleOf(p)
		if !ok {
			continue
		}
		switch p.In {
		case "path":
			r.values.Path[p.Name] = value
			path = strings.ReplaceAll(path, "{"+p.Name+"}", text)
		case "query":
			r.values.Query[p.Name] = value
			query = append(query, text)
		case "header":
			r.values.Header[p.Name] = value
			args = append(args, "-H "+quoted(p.Name+": "+text))
		case "cookie":
			r.values.Cookie[p.Name] = value
			args = append(args, "-b "+quoted(text))
		}
	}
	headers, inQuery := v.credentials(op)
	query = append(query, inQuery...)
	r.target = path
	if len(query) > 0 {
		r.target += "?" + strings.Join(query, "&")
	}
	origin := v.site.origin
	if origin == "" {
		origin = "http://{host}"
	}
	base := strings.TrimSuffix(v.site.root, v.site.site.Prefix)
	line := append([]string{"curl -X " + op.Method + " " + quoted(origin+base+r.target)}, headers...)
	line = append(append(line, args...), v.bodyArguments(op, r)...)
	r.Curl = joined(line)
	if len(r.Body) > mostBody {
		r.BodyURL = v.site.root + "/request/" + escapePath(e.slug)
	}
	r.Code = v.site.colours.colour(r.Curl, "shell")
	for _, n := range append(op.Node().Get("x-codeSamples").Items(), op.Node().Get("x-code-samples").Items()...) {
		language := n.Get("lang").Text()
		r.Other = append(r.Other, CodeSample{
			Language: language, Label: n.Get("label").StringOr(language), Code: v.site.colours.colour(n.Get("source").Text(), shellOr(language)),
		})
	}
	return r
}

func shellOr(language string) string {
	switch strings.ToLower(language) {
	case "curl", "shell", "bash", "sh":
		return "shell"
	}
	return strings.ToLower(language)
}

// joined writes a command on one line if that is short, else one argument a line.
func joined(args []string) string {
	one := strings.Join(args, " ")
	if len(one) <= 160 && !strings.Contains(one, "\n") || len(args) <= 2 {
		return one
	}
	return strings.Join(args, " \\\n  ")
}

// quoted writes a text as one word of a POSIX shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// exampleOf chooses a parameter's value and writes it: its first valid example, its default, else a generated one.
func (v *view) exampleOf(p *contract.Parameter) (value any, text string, ok bool) {
	var candidates []any
	for _, e := range p.Examples {
		if e.Value != nil && len(e.Violations) == 0 {
			candidates = append(candidates, e.Value.Value())
		}
	}
	if p.Schema != nil && p.Schema.Default != nil {
		candidates = append(candidates, p.Schema.Default.Value())
	}
	if len(candidates) == 0 {
		made, err := v.site.fake.Value(p.Schema, fake.Options{Seed: v.site.site.Seed, Direction: schema.Request, Name: p.Name})
		if err != nil {
			return nil, "", false
		}
		candidates = append(candidates, made)
	}
	for _, value := range candidates {
		if text, err := p.Encode(value); err == nil {
			return value, text, true
		}
	}
	return nil, "", false
}

// credentials writes what the first alternative of an operation's security demands, with placeholders for the secrets.
func (v *view) credentials(op *contract.Operation) (headers, query []string) {
	alternatives := op.Security()
	if len(alternatives) == 0 {
		return nil, nil
	}
	for _, s := range alternatives[0] {
		secret := v.secret(s)
		switch {
		case s.Type == "apiKey" && s.In == "query":
			query = append(query, url.QueryEscape(s.Name)+"="+secret)
		case s.Type == "apiKey" && s.In == "cookie":
			headers = append(headers, "-b "+quoted(s.Name+"="+secret))
		case s.Type == "apiKey":
			headers = append(headers, "-H "+quoted(s.Name+": "+secret))
		case s.Type == "http" && s.Scheme == "basic":
			headers = append(headers, "-u '{user}:{password}'")
		case s.Type == "mutualTLS":
			headers = append(headers, "--cert '{certificate}'", "--key '{key}'")
		default:
			headers = append(headers, "-H "+quoted("Authorization: "+secret))
		}
	}
	return headers, query
}

// secret is how a credential is sent, with a placeholder in it: "OAuth {token}" where the document tells how a client logs
// in, "Bearer {token}", "{apiKey}".
func (v *view) secret(s contract.Scheme) string {
	if login := v.site.site.Contract.Login(); login != nil && (login.Scheme == "" || login.Scheme == s.ID) {
		last := login.Token[strings.LastIndexByte(login.Token, '/')+1:]
		name := s.ID
		if last != "" {
			name += strings.ToUpper(last[:1]) + last[1:]
		}
		return strings.ReplaceAll(login.Format, "{token}", "{"+name+"}")
	}
	switch s.Type {
	case "apiKey":
		return "{" + s.ID + "}"
	case "http":
		if s.Scheme != "bearer" && s.Scheme != "" {
			return strings.ToUpper(s.Scheme[:1]) + s.Scheme[1:] + " {credentials}"
		}
	}
	return "Bearer {token}"
}

// bodyArguments writes the request's body as arguments of curl.
func (v *view) bodyArguments(op *contract.Operation, r *Request) []string {
	body := op.RequestBody()
	if body == nil || len(body.Content) == 0 {
		return nil
	}
	m, kind := preferred(body.Content)
	value, ok := v.bodyExample(m, r)
	if !ok {
		return nil
	}
	r.values.Body, r.values.HasBody = value, true
	if kind.IsMultipart() {
		return parts(value, m.Schema)
	}
	args := []string{"-H " + quoted("Content-Type: "+kind.String())}
	if kind.IsForm() {
		text, err := m.EncodeForm(value)
		if err != nil {
			return nil
		}
		return append(args, "-d "+quoted(text))
	}
	if text, isText := value.(string); isText && !kind.IsJSON() {
		return append(args, "--data-binary "+quoted(text))
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	if example := written(m, r.Name); example != nil {
		text = example
	}
	if r.Body, _ = legible(v.site.conceal(text, m.Schema), "application/json"); len(r.Body) > mostBody {
		return append(args, "-d @body.json")
	}
	return append(args, "-d "+quoted(string(r.Body)))
}

// Bounds of the body that a line of curl shows: a longer generated one is kept to what is required, if it stays valid; one that
// is longer still stands in a file of its own.
const (
	mostGenerated = 3 << 10
	mostBody      = 10 << 10
)

// lean is a generated value with no more than the required members, if that is valid.
func lean(value any, s *schema.Schema) any {
	if text, err := json.Marshal(value); err != nil || len(text) <= mostGenerated {
		return value
	}
	if small := requiredOnly(value, []*schema.Schema{s}, 0); s.Valid(small, schema.Request) {
		return small
	}
	return value
}

func requiredOnly(value any, schemas []*schema.Schema, depth int) any {
	if depth > 50 || len(schemas) == 0 {
		return value
	}
	sh := shapeOf(schemas...)
	switch v := value.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = requiredOnly(item, sh.items(), depth+1)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			if sh.required[name] {
				out[name] = requiredOnly(member, membersOf([]*shape{sh}, name), depth+1)
			}
		}
		return out
	}
	return value
}

// written is a named example as JSON, members in the document's order.
func written(m *contract.MediaType, name string) []byte {
	for _, e := range m.Examples {
		if e.Name == name && e.Value != nil {
			return e.Value.AppendJSON(nil)
		}
	}
	return nil
}

// preferred chooses the media type that a reader can write by hand: JSON, else a form, else the first.
func preferred(list []*contract.MediaType) (*contract.MediaType, media.Type) {
	best, kind, rank := list[0], media.Type{Type: "application", Subtype: "octet-stream"}, 9
	for i, m := range list {
		t, err := media.Parse(m.Range)
		if err != nil {
			continue
		}
		r := 3
		switch {
		case t.IsJSON():
			r = 0
		case t.IsForm():
			r = 1
		case t.IsMultipart(), t.IsText():
			r = 2
		case t.Wild() && (t.Type == "*" || t.Type == "application"):
			r, t = 2, media.Type{Type: "application", Subtype: "json"}
		}
		if r < rank || i == 0 {
			best, kind, rank = m, t, r
		}
	}
	return best, kind
}

// bodyExample is the first valid example of a body, else a generated one.
func (v *view) bodyExample(m *contract.MediaType, r *Request) (any, bool) {
	for _, e := range m.Examples {
		if e.Value != nil && len(e.Violations) == 0 {
			r.Name = e.Name
			return e.Value.Value(), true
		}
	}
	if m.Schema == nil {
		return nil, false
	}
	value, err := v.site.fake.Value(m.Schema, fake.Options{Seed: v.site.site.Seed, Direction: schema.Request})
	if err != nil {
		return nil, false
	}
	return lean(value, m.Schema), true
}

// parts writes the members of an object as the parts of a form; a binary one is a file.
func parts(value any, s *schema.Schema) []string {
	object, _ := value.(map[string]any)
	binary := map[string]bool{}
	if s != nil {
		for _, p := range shapeOf(s).properties {
			for _, layer := range shapeOf(p.schemas...).layers() {
				binary[p.name] = binary[p.name] || layer.any(func(s *schema.Schema) bool { return s.Format == "binary" || s.ContentMediaType != "" })
			}
		}
	}
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	var out []string
	for _, name := range names {
		text, isText := object[name].(string)
		switch {
		case binary[name]:
			text = "@" + slug(name) + ".bin"
		case !isText:
			encoded, _ := json.Marshal(object[name])
			text = string(encoded)
		}
		out = append(out, "-F "+quoted(name+"="+text))
	}
	return out
}
