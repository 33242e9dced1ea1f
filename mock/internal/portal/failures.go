package portal

import (
	"cmp"
	"slices"
	"strings"

	"standin/mock/internal/source"
)

// failures is the model of the page of errors.
type failures struct {
	*view
	Statuses []StatusBlock
	Codes    []CodeRow
	CodesCut int
}

// StatusBlock is a status that operations document as an error.
type StatusBlock struct {
	ID, Title, Class, URL string
	Meanings              []string
	Count                 int
	Operations            []Item // on the page of the status alone
}

// CodeRow is an error code as examples show it.
type CodeRow struct {
	Code, Meaning string
	Statuses      []string
	Operations    []Link
	Count         int
}

// mostMeanings, mostCodes and mostUsers bound what the page lists of each.
const (
	mostMeanings = 8
	mostCodes    = 300
	mostUsers    = 6
	mostOnPage   = 500 // operations of a long list
)

// errorsPage finds the page of all errors, or of one status.
func (p *Portal) errorsPage(status string) maker {
	if status != "" && !slices.ContainsFunc(p.failed().statuses, func(s *failedStatus) bool { return s.key == status }) {
		return nil
	}
	return func(v *view) *content {
		v.Title, v.Section = v.T("errors"), "errors"
		v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("errors"), v.url("/errors")}}
		if status != "" {
			return v.statusPage(status)
		}
		m := &failures{view: v}
		for _, s := range p.failed().statuses {
			m.Statuses = append(m.Statuses, v.statusBlock(s))
		}
		codes := p.failed().codes
		if len(codes) > mostCodes {
			m.CodesCut, codes = len(codes)-mostCodes, codes[:mostCodes]
		}
		for _, c := range codes {
			row := CodeRow{Code: c.code, Meaning: c.meaning, Statuses: c.statuses, Count: len(c.entries)}
			for _, e := range c.entries[:min(mostUsers, len(c.entries))] {
				row.Operations = append(row.Operations, Link{e.id, v.operationURL(e)})
			}
			m.Codes = append(m.Codes, row)
		}
		return &content{template: "errors", model: m}
	}
}

func (v *view) statusBlock(s *failedStatus) StatusBlock {
	return StatusBlock{
		ID: "status-" + segment(s.key), Title: v.statusTitle(s.key), Class: statusClass(s.key), URL: v.url("/errors/" + escapeSegment(s.key)),
		Meanings: s.meanings[v.Lang], Count: len(s.entries),
	}
}

// statusPage lists the operations that document a status.
func (v *view) statusPage(status string) *content {
	for _, s := range v.site.failed().statuses {
		if s.key != status {
			continue
		}
		b := v.statusBlock(s)
		v.Title = b.Title
		v.Crumbs = append(v.Crumbs, Link{b.Title, b.URL})
		from, to, pages := v.pages(len(s.entries), mostOnPage)
		for _, e := range s.entries[from:to] {
			i := v.item(e)
			i.Badges, i.Summary = nil, ""
			b.Operations = append(b.Operations, i)
		}
		return &content{template: "errorstatus", model: struct {
			*view
			Status StatusBlock
			Pages  []Choice
		}{v, b, pages}}
	}
	return nil
}

// failedIndex is every error that the document speaks of.
type failedIndex struct {
	statuses []*failedStatus
	codes    []*failedCode
}

type failedStatus struct {
	key      string
	meanings map[string][]string // by language
	entries  []*entry
}

type failedCode struct {
	code, meaning string
	statuses      []string
	entries       []*entry
}

// newFailed gathers the errors of all operations, in the document as written.
func (p *Portal) newFailed() *failedIndex {
	f := &failer{portal: p, statuses: map[string]*failedStatus{}, codes: map[string]*failedCode{}, out: &failedIndex{}}
	for _, e := range p.outline.entries {
		for _, m := range documented(e.op.Node().Get("responses")) {
			if class := statusClass(m.Name); class == "4" || class == "5" || m.Name == "default" {
				f.response(e, m.Name, p.follow(m.Value))
			}
		}
	}
	slices.SortStableFunc(f.out.statuses, func(a, b *failedStatus) int { return cmp.Compare(a.key, b.key) })
	slices.SortStableFunc(f.out.codes, func(a, b *failedCode) int { return cmp.Compare(a.code, b.code) })
	return f.out
}

// follow gives what a value of the document stands for: itself, or where its reference leads.
func (p *Portal) follow(n *source.Node) *source.Node {
	if ref := n.Get("$ref").Text(); strings.HasPrefix(ref, "#/") {
		return p.site.Contract.At(strings.TrimPrefix(ref, "#"))
	}
	return n
}

type failer struct {
	portal   *Portal
	statuses map[string]*failedStatus
	codes    map[string]*failedCode
	out      *failedIndex
}

func (f *failer) response(e *entry, key string, n *source.Node) {
	s := f.statuses[key]
	if s == nil {
		s = &failedStatus{key: key, meanings: map[string][]string{}}
		f.statuses[key] = s
		f.out.statuses = append(f.out.statuses, s)
	}
	s.entries = append(s.entries, e)
	for _, lang := range languages {
		meaning, known := oneLine(firstParagraph(told(lang, n, "description")), 200), s.meanings[lang]
		if meaning != "" && len(known) < mostMeanings && !slices.Contains(known, meaning) {
			s.meanings[lang] = append(known, meaning)
		}
	}
	for _, media := range n.Get("content").Members() {
		f.code(e, key, media.Value.Get("example"), "")
		for _, m := range documented(media.Value.Get("examples")) {
			example := f.portal.follow(m.Value)
			f.code(e, key, example.Get("value"), example.Get("summary").StringOr(example.Get("description").Text()))
		}
	}
	for _, m := range n.Get("examples").Members() { // OpenAPI 2.0
		f.code(e, key, m.Value, "")
	}
}

// codeNames are the members that hold an error's code, and containers those that hold the error.
var (
	codeNames  = []string{"code", "errorCode", "error_code", "error", "type"}
	containers = []string{"error", "errors", "fault"}
)

// code notes the code of an example of an error.
func (f *failer) code(e *entry, key string, n *source.Node, meaning string) {
	code, text := codeOf(n, 2)
	if code == "" || len(code) > 100 {
		return
	}
	c := f.codes[code]
	if c == nil {
		c = &failedCode{code: code}
		f.codes[code] = c
		f.out.codes = append(f.out.codes, c)
	}
	if c.meaning == "" {
		c.meaning = oneLine(cmp.Or(meaning, text), 200)
	}
	if !slices.Contains(c.statuses, key) {
		c.statuses = append(c.statuses, key)
	}
	if !slices.Contains(c.entries, e) {
		c.entries = append(c.entries, e)
	}
}

// codeOf finds the code in an error, and what it says for people, looking at most depth levels down.
func codeOf(n *source.Node, depth int) (code, text string) {
	if items := n.Items(); len(items) > 0 {
		n = items[0]
	}
	for _, name := range containers {
		if at := n.Get(name); depth > 0 && (at.Is(source.Object) || at.Is(source.Array)) {
			if code, text = codeOf(at, depth-1); code != "" {
				return code, text
			}
		}
	}
	for _, name := range codeNames {
		if at := n.Get(name); at.Is(source.String) || at.Is(source.Number) && name != "type" {
			return at.Text(), cmp.Or(n.Get("description").Text(), n.Get("message").Text(), n.Get("title").Text(), n.Get("details").Text())
		}
	}
	return "", ""
}
