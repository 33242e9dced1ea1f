package backend

import (
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// play is one request being answered.
type play struct {
	*World
	call *Call
	role *Role
	c    *Collection
	rows rows

	parents []string // the values of the collection's own parameters
	key     string   // of the row that the path names, "" for none
	orphans bool     // the path does not say whose rows are meant, so everybody's are
}

// locate reads whose rows the path means; false if it cannot be told.
func (p *play) locate() bool {
	for _, parent := range p.c.parents {
		v, ok := p.call.Given.Path[parent.parameter]
		if !ok {
			if p.role.Kind != List || len(p.c.parents) != 1 {
				return false
			}
			p.orphans = true
			return true
		}
		p.parents = append(p.parents, scalarText(v))
	}
	if p.c.alone {
		p.key = singleKey
		return true
	}
	_, parameter, isItem := cutItem(p.call.Operation.Template)
	if p.role.within {
		parameter, isItem = p.c.Parameter, true
	}
	if isItem && parameter == p.c.Parameter {
		p.key = scalarText(p.call.Given.Path[parameter])
		return p.key != ""
	}
	return true
}

// answer reads.
func (p *play) answer() (Answer, bool) {
	if p.lost() {
		return p.refuse(http.StatusNotFound, http.StatusGone)
	}
	if p.role.Kind == List {
		return p.list()
	}
	r, state := p.rows.find(p.c, p.parents, p.key)
	if state == missing && !p.c.Closed && !p.closed {
		var ok bool
		if r, ok = p.adopted(p.c, p.parents, p.key); !ok {
			return Answer{}, false
		}
		state = present
	}
	if state != present {
		return p.refuse(http.StatusNotFound, http.StatusGone)
	}
	text, ok := p.shaped(p.role, r)
	if !ok {
		return Answer{}, false
	}
	return p.one(r, text)
}

// lost tells that a row which the path goes through is gone. Below a row that was only made up, and that nobody created or declared, all
// goes on as if it were there.
func (p *play) lost() bool {
	path := p.c.Path
	for i := len(p.parents); i > 0; i-- {
		j := strings.LastIndexByte(path, '{')
		if j <= 0 {
			return false
		}
		path = strings.TrimRight(path[:j], "/")
		above := p.model.Collection(path)
		if above == nil || len(above.parents) != i-1 {
			continue
		}
		_, state := p.rows.find(above, p.parents[:i-1], p.parents[i-1])
		if state == gone || state == missing && (above.Closed || p.closed) {
			return true
		}
	}
	return false
}

// refuse gives the documented answer of the first of some statuses that is documented; it passes if none is.
func (p *play) refuse(statuses ...int) (Answer, bool) {
	op := p.call.Operation
	for _, status := range statuses {
		if !documents(op.Responses(), status) {
			continue
		}
		t, err := p.sampler.Choose(op, strconv.Itoa(status), p.call.Header.Get("Accept"))
		if err != nil {
			return Answer{}, false
		}
		a, err := p.sampler.Example(op, t, "", nil)
		if err != nil {
			a, err = p.sampler.Generate(op, t, p.seed, sample.Variant(op.Method, p.call.URL.Path, ""), nil)
		}
		if err != nil {
			return Answer{}, false
		}
		return Answer{Status: a.Status, ContentType: a.ContentType, Header: a.Header, Body: a.Body}, true
	}
	return Answer{}, false
}

// one answers with one row.
func (p *play) one(r row, text []byte) (Answer, bool) {
	a, f, ok := p.start()
	if !ok {
		return Answer{}, false
	}
	if len(p.role.At) == 0 {
		a.Body = text
	} else if a.Body, ok = f.around(p.role.At, text); !ok {
		return Answer{}, false
	}
	if !f.accepts(a.Body) {
		return Answer{}, false
	}
	if a.Body, ok = f.written(a.Body); !ok {
		return Answer{}, false
	}
	return p.conditional(a, r)
}

// conditional obeys If-None-Match where the document speaks of 304, and gives an ETag where it speaks of either (RFC 9110, 13).
func (p *play) conditional(a Answer, r row) (Answer, bool) {
	op := p.call.Operation
	tagged := documents(op.Responses(), http.StatusNotModified) || documents(op.Responses(), http.StatusPreconditionFailed)
	if response := op.Responses().For(a.Status); response != nil {
		for _, h := range response.Headers {
			tagged = tagged || http.CanonicalHeaderKey(h.Name) == "Etag"
		}
	}
	if !tagged || len(p.role.At) > 0 && p.role.Kind == List {
		return a, true
	}
	a.Header = a.Header.Clone()
	if a.Header == nil {
		a.Header = http.Header{}
	}
	a.Header.Set("ETag", tag(r.text))
	if p.role.Kind == Read && documents(op.Responses(), http.StatusNotModified) && matches(p.call.Header["If-None-Match"], tag(r.text)) {
		return Answer{Status: http.StatusNotModified, Header: http.Header{"Etag": {tag(r.text)}}}, true
	}
	return a, true
}

// tag is the entity tag of a row.
func tag(text []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(text)
	return `"` + strconv.FormatUint(h.Sum64(), 16) + `"`
}

// matches tells whether a list of entity tags names one, or any (RFC 9110, 13.1.2).
func matches(lines []string, tag string) bool {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
			if part == "*" || part == tag {
				return true
			}
		}
	}
	return false
}

// start is an answer without its body, and the frame for that.
func (p *play) start() (Answer, *frame, bool) {
	op := p.call.Operation
	t, err := p.sampler.Choose(op, strconv.Itoa(p.role.Status), p.call.Header.Get("Accept"))
	if err != nil || t.Media == nil {
		return Answer{}, nil, false
	}
	f := p.frame(p.role, op, t)
	if f == nil {
		return Answer{}, nil, false
	}
	return Answer{Status: t.Status, ContentType: t.ContentType, Header: f.header}, f, true
}

// frame is what an answer's body has around its rows, as the document's example or a made-up answer has it.
type frame struct {
	schema *schema.Schema
	header http.Header
	value  any
	xml    bool // it is sent as XML
	proof  listProof
	flat   bool // the body is the list itself
}

type frameKey struct {
	role *Role
	kind string
}

func (w *World) frame(r *Role, op *contract.Operation, t sample.Target) *frame {
	id := frameKey{r, t.ContentType}
	if known, ok := w.frames.Load(id); ok {
		return known.(*frame)
	}
	var f *frame
	a, err := w.sampler.Example(op, t, "", nil)
	if err != nil {
		a, err = w.sampler.Generate(op, t, w.seed, 0, nil)
	}
	if err == nil {
		f = newFrame(t, a)
	}
	if f != nil && r.Kind == List {
		f.proof, f.flat = proofOf(f.schema, r.At, r.Collection.Row), len(r.At) == 0
	}
	known, _ := w.frames.LoadOrStore(id, f)
	return known.(*frame)
}

// newFrame reads an answer as a frame; nil if its type is neither JSON nor XML.
func newFrame(t sample.Target, a sample.Answer) *frame {
	f := &frame{schema: t.Media.Schema, header: a.Header}
	kind, err := media.Parse(t.ContentType)
	if err != nil {
		return nil
	}
	switch f.xml = kind.IsXML(); {
	case kind.IsJSON():
		f.value, err = source.DecodeJSON(a.Body, source.Limits{})
	case f.xml && f.schema != nil:
		f.value, _, err = xml.Decode(a.Body, f.schema, schema.Response)
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	return f
}

// written gives a body that is JSON as the frame's type has it.
func (f *frame) written(body []byte) ([]byte, bool) {
	if !f.xml {
		return body, true
	}
	value, err := source.DecodeJSON(body, source.Limits{})
	if err != nil {
		return nil, false
	}
	out, err := xml.Encode(value, f.schema)
	return out, err == nil
}

// around puts a row's bytes into the frame.
func (f *frame) around(path []string, text []byte) ([]byte, bool) {
	value := clone(f.value)
	if !set(value, path, map[string]any{}) {
		return nil, false
	}
	body, start, end := sample.AppendJSON(nil, value, f.schema, path)
	if end == 0 {
		return nil, false
	}
	return slices.Concat(body[:start], text, body[end:]), true
}

// set puts a value at a path; a list on the way is cut to one element.
func set(value any, path []string, v any) bool {
	object, ok := value.(map[string]any)
	if !ok || len(path) == 0 {
		return false
	}
	switch {
	case len(path) == 1:
		object[path[0]] = v
		return true
	case len(path) == 2 && path[1] == "0":
		object[path[0]] = []any{v}
		return true
	}
	inner, ok := object[path[0]].(map[string]any)
	if !ok {
		inner = map[string]any{}
		object[path[0]] = inner
	}
	return set(inner, path[1:], v)
}

// accepts tells whether a body is a valid answer.
func (f *frame) accepts(body []byte) bool {
	if f.schema == nil || f.schema.Accept(body, schema.Response) {
		return true
	}
	value, err := source.DecodeJSON(body, source.Limits{})
	return err == nil && f.schema.Valid(value, schema.Response)
}

// documents tells whether a status is documented by itself or its class.
func documents(r *contract.Responses, status int) bool {
	return r.Exact[status] != nil || status/100 < len(r.Class) && r.Class[status/100] != nil
}
