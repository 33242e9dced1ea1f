package portal

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// Bounds of the examples that a page shows; longer ones are whole behind a link.
const (
	mostExample  = 10 << 10 // bytes of one
	mostExamples = 20 << 10 // bytes of all of a page
)

// Example is an answer as the mock gives it.
type Example struct {
	// Status is the key of responses, Title its words; ContentType is what is sent.
	Status, Title, Class, ContentType string
	Also                              []string // further media types
	Name, Summary                     string
	Text                              string
	Description                       template.HTML
	// Note tells that the example is wrong, or was generated.
	Note  string
	Wrong bool
	Code  template.HTML
	Raw   string // the code without colours
	Kind  string // "json", or "" for any other
	URL   string // of the very bytes
	// Cut tells how much is shown, "" for all.
	Cut  string
	Open bool
}

// answers gives every documented answer of an operation as the mock would send it after the request of the page's example. Media
// types without examples that have the same schema in one response share a generated one.
func (p *Portal) answers(op *contract.Operation, target string, values contract.Values) []answer {
	var out []answer
	path, query, _ := strings.Cut(target, "?")
	given := func() contract.Values { return values }
	for _, r := range op.Responses().All {
		if r.Node.Get("x-internal").True() {
			continue
		}
		generated := map[*schema.Schema]int{}
		for _, m := range r.Content {
			t, err := p.site.Sampler.Choose(op, sample.Code(r.Status), m.Range)
			if err != nil || t.Media != m || m.Node.Get("x-internal").True() {
				continue
			}
			documented := p.documented(op, r, m, t, given)
			if out = append(out, documented...); len(documented) > 0 {
				continue
			}
			if i, ok := generated[principal(m.Schema)]; ok {
				out[i].also = append(out[i].also, t.ContentType)
				continue
			}
			a, err := p.site.Sampler.Generate(op, t, p.site.Seed, sample.Variant(op.Method, path, query), given)
			if err == nil {
				generated[principal(m.Schema)] = len(out)
				a.Body = p.shown(a, m)
				out = append(out, answer{Answer: a, response: r})
			}
		}
	}
	return out
}

// documented are the examples that a media type of a response has.
func (p *Portal) documented(op *contract.Operation, r *contract.Response, m *contract.MediaType, t sample.Target, given sample.Given) []answer {
	var out []answer
	for i := range m.Examples {
		e := &m.Examples[i]
		if a, err := p.site.Sampler.Example(op, t, e.Name, given); err == nil {
			a.Body = p.shown(a, m)
			out = append(out, answer{Answer: a, response: r, example: e})
		}
	}
	return out
}

// shown is the body of an answer without what is internal: the very bytes that are sent, where nothing is.
func (p *Portal) shown(a sample.Answer, m *contract.MediaType) []byte {
	if t, err := media.Parse(a.ContentType); err != nil || !t.IsJSON() {
		return a.Body
	}
	return p.conceal(a.Body, m.Schema)
}

// answer is what the mock sends, with what the document says of it.
type answer struct {
	sample.Answer
	response *contract.Response
	example  *contract.Example // nil if it was generated
	also     []string          // further media types that it stands for
}

// responseExamples are the examples of an operation's answers.
func (v *view) responseExamples(op *contract.Operation, e *entry, request *Request) []*Example {
	var out []*Example
	spent := 0
	opened := false
	for i, a := range v.site.answers(op, request.target, request.values) {
		x := &Example{
			Status: a.response.Status, Title: v.statusTitle(a.response.Status), Class: statusClass(a.response.Status),
			ContentType: a.ContentType, Also: a.also, URL: v.site.root + "/example/" + escapePath(e.slug) + "/" + strconv.Itoa(i),
		}
		if a.example != nil {
			x.Name, x.Summary, x.Text = a.example.Name, a.example.Summary, a.example.Description
			x.Description = v.markdown(x.Text)
			if x.Name == "default" {
				x.Name = ""
			}
			if a.example.Known {
				x.Note, x.Wrong = v.T("example.known"), true
			} else if n := len(a.example.Violations); n > 0 {
				x.Note, x.Wrong = v.T("example.broken", n), true
			}
		} else {
			x.Note = v.T("example.generated")
		}
		v.showBody(x, a.Body, min(mostExample, max(mostExamples-spent, 1<<10)))
		spent += len(x.Raw)
		if !opened && !x.Wrong && x.Class == "2" {
			x.Open, opened = true, true
		}
		out = append(out, x)
	}
	if !opened && len(out) > 0 {
		out[0].Open = true
	}
	return out
}

// showBody puts a body into an example: indented if it is JSON, and no more than most bytes of it.
func (v *view) showBody(x *Example, body []byte, most int) {
	code, kind := legible(body, x.ContentType)
	if !utf8.Valid(code) {
		x.Raw = v.T("example.binary", bytesWord(len(body)))
		x.Code = template.HTML(template.HTMLEscapeString(x.Raw))
		return
	}
	text := string(code)
	if len(text) > most {
		text = cutLines(text, most)
		x.Cut = v.T("example.long", bytesWord(len(text)), bytesWord(len(code)))
	}
	x.Raw, x.Kind, x.Code = text, kind, v.site.colours.colour(text, kind)
}

// legible writes a body for a reader, and tells how to colour it.
func legible(body []byte, contentType string) (code []byte, kind string) {
	t, err := media.Parse(contentType)
	if err == nil && t.IsJSON() {
		var b bytes.Buffer
		if json.Indent(&b, body, "", "  ") == nil {
			return b.Bytes(), "json"
		}
	}
	return body, ""
}

// cutLines is the beginning of a text, whole lines if there are any.
func cutLines(text string, most int) string {
	text = text[:most]
	if i := strings.LastIndexByte(text, '\n'); i > 0 {
		return text[:i]
	}
	for len(text) > 0 && !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text
}

// bytesWord tells a number of bytes.
func bytesWord(n int) string {
	switch {
	case n < 1000:
		return strconv.Itoa(n) + " B"
	case n < 1000_000:
		return strconv.FormatFloat(float64(n)/1000, 'f', 1, 64) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1000_000, 'f', 1, 64) + " MB"
}

// statusClass is the first digit of a key of responses, "d" for default.
func statusClass(key string) string {
	if key != "" && key[0] >= '1' && key[0] <= '5' {
		return key[:1]
	}
	return "d"
}

// requestFile gives the body of the example of a request.
func (p *Portal) requestFile(path string) *rendered {
	slug, err := unescape(path)
	e := p.outline.bySlug[slug]
	if err != nil || e == nil {
		return nil
	}
	v := &view{site: p, Lang: english}
	r := v.requestExample(e.op, e)
	if r.Body == nil {
		return nil
	}
	return p.pack(r.Body, "text/plain; charset=utf-8")
}

// exampleFile gives the very bytes of an example; they are shown as text, whatever they are.
func (p *Portal) exampleFile(path string) *rendered {
	slug, number, ok := cutLast(path)
	e := p.outline.bySlug[slug]
	i, err := strconv.Atoi(number)
	if !ok || e == nil || err != nil {
		return nil
	}
	v := &view{site: p, Lang: english}
	request := v.requestExample(e.op, e)
	list := p.answers(e.op, request.target, request.values)
	if i < 0 || i >= len(list) {
		return nil
	}
	kind := "text/plain; charset=utf-8"
	if !utf8.Valid(list[i].Body) {
		kind = "application/octet-stream"
	}
	out := p.pack(list[i].Body, kind)
	out.status = http.StatusOK
	return out
}
