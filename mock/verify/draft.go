package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// draft is a request as values: what is sent is written from it.
type draft struct {
	op     *contract.Operation
	method string // "" for the operation's
	values map[*contract.Parameter]any
	raw    map[*contract.Parameter]string // texts that stand for values that no value of the schema writes
	body   any
	has    bool // there is a body
	media  *contract.MediaType
	kind   string // the media type that is sent, "" for that of media
	accept string
	public bool // without credentials
	wrong  bool // with wrong ones
	// fresh are headers that are given a new value each time, with the value that they have in the draft: what names a request or a job
	// is taken once.
	fresh map[*contract.Parameter]any
}

func (d *draft) clone() *draft {
	out := *d
	out.values, out.raw, out.fresh = maps.Clone(d.values), maps.Clone(d.raw), maps.Clone(d.fresh)
	return &out
}

// set gives a parameter a value that was made up.
func (d *draft) set(p *contract.Parameter, v any) {
	d.values[p] = v
	if p.In == "header" && !safe(d.op.Method) && names(p.Schema) {
		d.fresh[p] = v
	}
}

// draftOf makes a valid request: what is required, from examples where there are some.
func (r *run) draftOf(op *contract.Operation, seed uint64, all bool) (*draft, error) {
	d := &draft{op: op, values: map[*contract.Parameter]any{}, raw: map[*contract.Parameter]string{}, fresh: map[*contract.Parameter]any{}}
	given := r.Setup.of(op)
	for _, p := range op.Parameters() {
		if v, fixed := given.value(p); fixed {
			d.values[p] = v
			continue
		}
		if !p.Required && !all {
			continue
		}
		v, err := r.value(p, seed)
		if err != nil && p.Required {
			return nil, fmt.Errorf("%s %s: %w", p.In, p.Name, err)
		}
		if err == nil {
			d.set(p, v)
		}
	}
	b := op.RequestBody()
	if b == nil || len(b.Content) == 0 || !b.Required && !all && !wants(op.Method) {
		return d, nil
	}
	d.media = chosen(b.Content)
	if d.media == nil {
		if b.Required {
			return nil, errors.New("no documented body can be written")
		}
		return d, nil
	}
	if given.hasBody && seed == 0 {
		d.body, d.has = given.body, true
		return d, nil
	}
	v, err := r.bodyOf(d.media, seed)
	if err != nil && b.Required {
		return nil, fmt.Errorf("body: %w", err)
	}
	d.body, d.has = v, err == nil
	return d, nil
}

// names tells whether texts of a schema may name something: they are free in their letters.
func names(s *schema.Schema) bool {
	for _, part := range partsOf(s) {
		if part.HasEnum {
			return false
		}
		if part.Types.Has(schema.StringType) {
			return true
		}
	}
	return false
}

// refreshed is a draft with new values where they are to be new each time.
func (r *run) refreshed(d *draft) *draft {
	if len(d.fresh) == 0 {
		return d
	}
	out := d.clone()
	for p, v := range d.fresh {
		if now, there := d.values[p]; !there || now != v {
			continue
		}
		if v, err := r.generator.Value(p.Schema, fake.Options{Seed: r.Seed + uint64(r.turn.Add(1))<<16, Direction: schema.Request, Name: p.Name}); err == nil {
			out.values[p] = v
		}
	}
	return out
}

// wants tells whether a method usually has a body.
func wants(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// chosen is the media type that is sent: JSON before forms before the others that can be written.
func chosen(content []*contract.MediaType) *contract.MediaType {
	rank := func(m *contract.MediaType) int {
		t, err := media.Parse(sample.ContentType(m))
		switch {
		case err != nil:
			return 9
		case t.IsJSON():
			return 0
		case t.IsForm():
			return 1
		case t.IsMultipart():
			return 2
		case t.IsXML():
			return 3
		}
		return 4
	}
	return slices.MinFunc(content, func(a, b *contract.MediaType) int { return rank(a) - rank(b) })
}

// value is that of a parameter: its first valid example for seed 0, else made up.
func (r *run) value(p *contract.Parameter, seed uint64) (any, error) {
	if seed == 0 {
		for _, x := range p.Examples {
			if x.Value != nil && len(x.Violations) == 0 {
				return x.Value.Value(), nil
			}
		}
	}
	return r.generator.Value(p.Schema, fake.Options{Seed: r.Seed + seed, Direction: schema.Request, Name: p.Name})
}

func (r *run) bodyOf(m *contract.MediaType, seed uint64) (any, error) {
	if seed == 0 {
		for _, x := range m.Examples {
			if x.Value != nil && len(x.Violations) == 0 {
				return x.Value.Value(), nil
			}
		}
	}
	return r.generator.Value(m.Schema, fake.Options{Seed: r.Seed + seed, Direction: schema.Request})
}

// errUnwritten tells that a draft has no form on the wire.
var errUnwritten = errors.New("it cannot be written")

// written are the parameters of a draft as they stand in a request.
type written struct {
	path           string
	query, cookies []string
	header         http.Header
}

// parameters writes the parameters.
func (d *draft) parameters() (written, error) {
	out := written{path: d.op.Template, header: http.Header{}}
	for _, p := range d.op.Parameters() {
		text, sent := d.raw[p]
		if v, ok := d.values[p]; !sent && ok {
			var err error
			if text, err = p.Encode(v); err != nil {
				return out, errUnwritten
			}
			sent = true
		}
		if !sent {
			continue
		}
		switch p.In {
		case "path":
			if text == "" || text == "." || text == ".." {
				return out, errUnwritten
			}
			out.path = strings.ReplaceAll(out.path, "{"+p.Name+"}", text)
		case "query":
			out.query = append(out.query, text)
		case "header":
			if strings.ContainsAny(text, "\r\n\x00") || strings.TrimSpace(text) != text {
				return out, errUnwritten
			}
			out.header.Set(p.Name, text)
		case "cookie":
			out.cookies = append(out.cookies, text)
		}
	}
	if strings.ContainsAny(out.path, "{}") {
		return out, errUnwritten
	}
	return out, nil
}

// write makes the request of a draft, relative to the target.
func (d *draft) write(base *url.URL) (*http.Request, []byte, error) {
	method := d.method
	if method == "" {
		method = d.op.Method
	}
	w, err := d.parameters()
	if err != nil {
		return nil, nil, err
	}
	u := base.String() + w.path
	if len(w.query) > 0 {
		u += "?" + strings.Join(w.query, "&")
	}
	body, kind, err := d.payload()
	if err != nil {
		return nil, nil, err
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	request, err := http.NewRequest(method, u, reader)
	if err != nil {
		return nil, nil, errUnwritten
	}
	request.Header = w.header
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if len(w.cookies) > 0 {
		request.Header.Set("Cookie", strings.Join(w.cookies, "; "))
	}
	if d.accept != "" {
		request.Header.Set("Accept", d.accept)
	}
	return request, body, nil
}

// payload writes the body.
func (d *draft) payload() (body []byte, kind string, err error) {
	if !d.has || d.media == nil {
		return nil, "", nil
	}
	kind = sample.ContentType(d.media)
	t, err := media.Parse(kind)
	if err != nil {
		return nil, "", errUnwritten
	}
	text, _, _ := sample.AppendJSON(nil, d.body, d.media.Schema, nil)
	if !t.IsJSON() {
		n, err := source.Parse("body.json", text, source.Limits{})
		if err != nil {
			return nil, "", errUnwritten
		}
		text = sample.Body(n, t, d.media)
		kind = media.Bounded(kind, text)
	}
	if t.IsMultipart() && t.Params["boundary"] == "" { // which is the first line of the body (RFC 2046, 5.1.1)
		if first, _, found := bytes.Cut(text, []byte("\r\n")); found && len(first) > 2 {
			kind += "; boundary=" + strings.TrimSuffix(string(first[2:]), "--")
		}
	}
	if d.kind != "" {
		kind = d.kind
	}
	return text, kind, nil
}

// find is what a request leads to in the contract.
func (r *run) find(request *http.Request) contract.Found {
	path := strings.TrimPrefix(request.URL.EscapedPath(), r.base.EscapedPath())
	return r.contract.Find(request.Method, path).With(request.URL.RawQuery)
}

// breaks tells what a request breaks of the contract.
func (r *run) breaks(request *http.Request, body []byte) []contract.Violation {
	found := r.find(request)
	if found.Operation == nil {
		return []contract.Violation{{In: "path", Message: "no operation takes it", Keyword: "operation"}}
	}
	checked := found.Operation.CheckRequest(&contract.Request{Found: found, URL: request.URL, Header: request.Header, Body: body})
	return checked.Violations
}
