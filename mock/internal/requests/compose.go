// Package requests writes the requests of a document for the tools that send them.
//
// [Compose] makes one valid request for each operation, and one for each documented example of its body; [Write] writes them as a
// .http file, a script for curl, a script for k6, or a Postman collection. Credentials are variables, so that files hold no secrets.
package requests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Request is one request to send.
type Request struct {
	Operation *contract.Operation
	// Name is that of the example that the body is; "" for none.
	Name string
	// Target is the path with the document's prefix and the query; Header the lines to send; Body nil for none. Where a credential belongs
	// stands its variable between two NUL bytes.
	Target string
	Header []Line
	Body   []byte
	// Failed tells why no valid request could be made; the rest is empty then.
	Failed string
}

// Line is one header.
type Line struct{ Name, Value string }

// Title names the request for people.
func (r *Request) Title() string {
	if r.Name != "" {
		return r.Operation.ID + ": " + r.Name
	}
	return r.Operation.ID
}

// Variable is a credential.
type Variable struct{ Name, About string }

// attempts is how often a request is made anew until it is valid.
const attempts = 8

// Compose makes the requests of all operations that are not internal, in the document's order, with the credentials they need.
func Compose(c *contract.Contract, seed uint64) ([]Request, []Variable) {
	k := &composer{contract: c, generator: fake.New(), seed: seed, prefix: strings.TrimSuffix(c.Prefixes()[0], "/")}
	var out []Request
	for _, op := range c.Operations() {
		if op.Internal() || op.Broken() {
			continue
		}
		out = append(out, k.operation(op)...)
	}
	return out, k.variables
}

type composer struct {
	contract  *contract.Contract // nil where no path leads to the operation
	generator *fake.Generator
	seed      uint64
	prefix    string
	variables []Variable
}

// operation makes the requests of one operation.
func (k *composer) operation(op *contract.Operation) []Request {
	kind := preferred(op.RequestBody())
	if kind == nil {
		return []Request{k.valid(op, nil, nil)}
	}
	var out []Request
	for i := range kind.Examples {
		if e := &kind.Examples[i]; e.Value != nil && len(e.Violations) == 0 {
			if r := k.valid(op, kind, e); r.Failed == "" {
				out = append(out, r)
			}
		}
	}
	if len(out) == 0 {
		out = append(out, k.valid(op, kind, nil))
	}
	return out
}

// preferred is the kind of body that is easiest to read and write; nil where there is none.
func preferred(b *contract.RequestBody) *contract.MediaType {
	if b == nil {
		return nil
	}
	var best *contract.MediaType
	least := 9
	for _, m := range b.Content {
		t, err := media.Parse(m.Range)
		if err != nil {
			continue
		}
		rank := 4
		switch {
		case t.IsJSON(), t.Type == "*":
			rank = 0
		case t.IsForm():
			rank = 1
		case t.IsXML():
			rank = 2
		case t.IsText():
			rank = 3
		}
		if rank < least {
			best, least = m, rank
		}
	}
	return best
}

// valid makes a request, again and again until the document has nothing against it.
func (k *composer) valid(op *contract.Operation, kind *contract.MediaType, e *contract.Example) Request {
	why := ""
	for n := range uint64(attempts) {
		r, err := k.make(op, kind, e, k.seed+n)
		if err != nil {
			why = err.Error()
			continue
		}
		if why = k.fault(r); why == "" {
			k.authorize(r)
			return *r
		}
	}
	return Request{Operation: op, Failed: why}
}

// make makes one request without credentials.
func (k *composer) make(op *contract.Operation, kind *contract.MediaType, e *contract.Example, seed uint64) (*Request, error) {
	r := &Request{Operation: op}
	path, fixed, _ := strings.Cut(op.Template, "?")
	path, _, _ = strings.Cut(path, "#")
	var query, cookies []string
	if fixed != "" {
		query = append(query, fixed)
	}
	for _, p := range op.Parameters() {
		if !p.Required && p.In != "path" {
			continue
		}
		text, err := k.text(p, seed)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", p.In, p.Name, err)
		}
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", text)
		case "query":
			query = append(query, text)
		case "header":
			r.Header = append(r.Header, Line{p.Name, text})
		case "cookie":
			cookies = append(cookies, text)
		}
	}
	r.Target = k.prefix + path
	if len(query) > 0 {
		r.Target += "?" + strings.Join(query, "&")
	}
	if len(cookies) > 0 {
		r.Header = append(r.Header, Line{"Cookie", strings.Join(cookies, "; ")})
	}
	if kind == nil {
		return r, nil
	}
	return r, k.body(r, kind, e, seed)
}

// text is a value of a parameter as it is sent: an example, the default, or one made up.
func (k *composer) text(p *contract.Parameter, seed uint64) (string, error) {
	for _, e := range p.Examples {
		if e.Value != nil && len(e.Violations) == 0 {
			if text, err := p.Encode(e.Value.Value()); err == nil && text != "" {
				return text, nil
			}
		}
	}
	if p.Schema != nil && p.Schema.Default != nil {
		if text, err := p.Encode(p.Schema.Default.Value()); err == nil && text != "" {
			return text, nil
		}
	}
	value, err := k.generator.Value(p.Schema, fake.Options{Seed: seed, Direction: schema.Request, Name: p.Name})
	if err != nil {
		return "", err
	}
	return p.Encode(value)
}

// body writes the body, an example or one made up, with its Content-Type.
func (k *composer) body(r *Request, kind *contract.MediaType, e *contract.Example, seed uint64) error {
	contentType := sample.ContentType(kind)
	t, err := media.Parse(contentType)
	if err != nil {
		return err
	}
	var node *source.Node
	if e != nil {
		node = e.Value
		if e.Name != "default" {
			r.Name = e.Name
		}
	} else if node, err = k.made(kind, r.Operation.BodyDirection(), seed); err != nil {
		return err
	}
	r.Body = sample.Body(node, t, kind)
	r.Header = append(r.Header, Line{"Content-Type", media.Bounded(contentType, r.Body)})
	return nil
}

func (k *composer) made(kind *contract.MediaType, d schema.Direction, seed uint64) (*source.Node, error) {
	of, element := kind.Schema, kind.Schema == nil && kind.Items != nil
	if element {
		of = kind.Items
	}
	value, err := k.generator.Value(of, fake.Options{Seed: seed, Direction: d})
	switch {
	case err != nil:
		return nil, err
	case element: // a body of one element
		value = []any{value}
	case of == nil && !strings.Contains(kind.Range, "json"):
		value = "standin"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return source.Parse("body.json", text, source.Limits{})
}

// fault tells what is wrong with a request beside its credentials; "" for nothing.
func (k *composer) fault(r *Request) string {
	u, err := url.Parse(r.Target)
	if err != nil {
		return err.Error()
	}
	found := contract.Found{Operation: r.Operation}
	if k.contract != nil {
		found = k.contract.Find(r.Operation.Method, u.EscapedPath()).With(u.RawQuery)
	}
	header := http.Header{}
	for _, l := range r.Header {
		header.Add(l.Name, l.Value)
	}
	if other := found.Operation; other != r.Operation {
		// A template may have a fragment, which is no part of a request: whoever takes its path must take the request, too.
		why := "another operation takes " + r.Operation.Method + " " + u.EscapedPath()
		if _, _, fragment := strings.Cut(r.Operation.Template, "#"); !fragment || other == nil {
			return why
		}
		if first := firstFault(other, found, u, header, r.Body); first != "" {
			return why + ", and refuses it: " + first
		}
		found.Operation = r.Operation
	}
	return firstFault(r.Operation, found, u, header, r.Body)
}

// firstFault is the first thing that a request breaks of an operation, beside its credentials; "" for nothing.
func firstFault(op *contract.Operation, found contract.Found, u *url.URL, header http.Header, body []byte) string {
	checked := op.CheckRequest(&contract.Request{Found: found, URL: u, Header: header, Body: body})
	for _, v := range checked.Violations {
		if v.In != "security" {
			return v.In + " " + v.Name + v.Pointer + ": " + v.Message
		}
	}
	return ""
}

// authorize adds the credentials of the first alternative, as variables.
func (k *composer) authorize(r *Request) {
	alternatives := r.Operation.Security()
	if len(alternatives) == 0 {
		return
	}
	for _, s := range alternatives[0] {
		value, about := secret(k.variable(s)), ""
		switch {
		case s.Type == "apiKey" && s.In == "query":
			glue := "?"
			if strings.Contains(r.Target, "?") {
				glue = "&"
			}
			r.Target += glue + url.QueryEscape(s.Name) + "=" + value
		case s.Type == "apiKey" && s.In == "cookie":
			r.cookie(s.Name + "=" + value)
		case s.Type == "apiKey":
			r.Header = append(r.Header, Line{s.Name, value})
		case s.Type == "mutualTLS":
			continue
		case s.Type == "http" && s.Scheme == "basic":
			about = "base64 of USER:PASSWORD"
			r.Header = append(r.Header, Line{"Authorization", "Basic " + value})
		case s.Type == "http" && s.Scheme != "bearer" && s.Scheme != "":
			r.Header = append(r.Header, Line{"Authorization", strings.ToUpper(s.Scheme[:1]) + s.Scheme[1:] + " " + value})
		default:
			r.Header = append(r.Header, Line{"Authorization", "Bearer " + value})
		}
		k.declare(s, about)
	}
}

func (r *Request) cookie(pair string) {
	for i := range r.Header {
		if r.Header[i].Name == "Cookie" {
			r.Header[i].Value += "; " + pair
			return
		}
	}
	r.Header = append(r.Header, Line{"Cookie", pair})
}

// secret is where the value of a variable belongs.
func secret(name string) string { return "\x00" + name + "\x00" }

// variable is the name of a scheme's credential as environments have it: ApiKey becomes API_KEY.
func (k *composer) variable(s contract.Scheme) string {
	var b strings.Builder
	for i, c := range s.ID {
		switch {
		case c >= 'A' && c <= 'Z' && i > 0 && s.ID[i-1] >= 'a' && s.ID[i-1] <= 'z':
			b.WriteByte('_')
			b.WriteRune(c)
		case c >= 'a' && c <= 'z':
			b.WriteRune(c - 'a' + 'A')
		case c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' && i > 0:
			b.WriteRune(c)
		default:
			b.WriteByte('_')
		}
	}
	if b.Len() == 0 {
		return "CREDENTIAL"
	}
	return b.String()
}

func (k *composer) declare(s contract.Scheme, about string) {
	name := k.variable(s)
	for _, v := range k.variables {
		if v.Name == name {
			return
		}
	}
	if about == "" {
		about = "credential of " + s.ID
	}
	k.variables = append(k.variables, Variable{name, about})
}
