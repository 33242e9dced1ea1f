package portal

import (
	"cmp"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"standin/mock/internal/source"
)

// index is everything that can be found, in the order of the document.
type index struct {
	items     []*indexed
	publisher *publisher // knows what is hidden
}

// indexed is one thing that can be found. Texts are in lower case, in all languages that the document has.
type indexed struct {
	kind, title, path string // kind is a key of words
	method, note      string
	id, where, about  string // what is looked at: names weigh most, places less, texts least
	words             string // of the name, each with a blank before it
	zhTitle, zhNote   string // in Chinese, where that differs
	weight            int
}

// newIndex makes the index from the document as written.
func (p *Portal) newIndex() *index {
	x := &index{publisher: newPublisher(p.site.Contract.Root())}
	for _, k := range p.outline.categories {
		text := k.node.Get("description").Text()
		x.add(indexed{kind: "categories", title: cmp.Or(k.name, word(english, "other")), path: "/category/" + url.PathEscape(k.slug), note: text, about: bothTexts(k.node),
			zhTitle: k.called(chinese), zhNote: told(chinese, k.node, "description"), weight: 12})
	}
	for _, e := range p.outline.entries {
		x.operation(p, e)
	}
	for _, g := range p.guides {
		x.add(indexed{kind: "guides", title: g.title, path: "/guides/" + escapeSegment(g.slug), note: firstParagraph(g.text), about: g.text, weight: 8})
	}
	held := shared(p.site.Contract.Root())
	for _, name := range p.outline.schemaNames {
		n := held.Get(name)
		x.add(indexed{kind: "schemas", title: name, path: schemaPath(name), note: n.Get("description").Text(), about: bothTexts(n), zhNote: told(chinese, n, "description"), weight: 5})
		x.fields(name, "fields", n, 0)
	}
	return x
}

func (x *index) add(i indexed) {
	i.id = cmp.Or(i.id, i.title)
	i.words = nameWords(i.id)
	i.id = strings.ToLower(i.id)
	i.where, i.about = strings.ToLower(i.where), strings.ToLower(i.about)
	i.note, i.zhNote = oneLine(firstParagraph(i.note), 220), oneLine(firstParagraph(i.zhNote), 220)
	if i.zhTitle == i.title {
		i.zhTitle = ""
	}
	if i.zhNote == i.note {
		i.zhNote = ""
	}
	i.about += "\n" + strings.ToLower(i.zhTitle)
	x.items = append(x.items, &i)
}

// nameWords splits a name where its words begin: " query order item" of QueryOrderItem.
func nameWords(name string) string {
	var b strings.Builder
	last := ' '
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case last == ' ' || unicode.IsUpper(r) && !unicode.IsUpper(last):
			b.WriteByte(' ')
		}
		if r != ' ' {
			b.WriteRune(unicode.ToLower(r))
		}
		last = r
	}
	return b.String()
}

// bothTexts are all texts of an object, in every language.
func bothTexts(n *source.Node) string {
	return n.Get("summary").Text() + "\n" + n.Get("title").Text() + "\n" + n.Get("description").Text() + "\n" + n.Get("x-description-zh").Text() +
		"\n" + n.Get("x-summary-zh").Text()
}

func (x *index) operation(p *Portal, e *entry) {
	n := e.op.Node()
	about := []string{bothTexts(n)}
	for _, raw := range append(p.site.Contract.Root().Get("paths").Get(e.op.Template).Get("parameters").Items(), n.Get("parameters").Items()...) {
		if param := p.follow(raw); !param.Get("x-internal").True() {
			about = append(about, param.Get("name").Text(), bothTexts(param))
		}
	}
	where := e.op.Method + " " + e.operationalPath
	for _, k := range e.categories {
		where += " " + k.name
		if zh := k.called(chinese); zh != k.name {
			where += " " + zh
		}
	}
	x.add(indexed{
		kind: "operations", title: e.id, path: operationPath(e.slug), method: e.op.Method, where: where,
		note: cmp.Or(e.summary, n.Get("description").Text()), about: strings.Join(about, "\n"), weight: 20,
		zhNote: cmp.Or(n.Get("x-summary-zh").Text(), n.Get("x-description-zh").Text()),
	})
	for _, m := range documented(n.Get("x-actions")) {
		id := m.Value.Get("operationId").StringOr(m.Name)
		x.add(indexed{
			kind: "actions", title: id, path: operationPath(e.slug) + "#action." + segment(m.Name), method: e.op.Method, where: where + " " + m.Name,
			note: m.Value.Get("summary").Text(), about: bothTexts(m.Value), zhNote: told(chinese, m.Value, "summary"), weight: 18,
		})
	}
}

// deepestField bounds how deep below a shared schema fields are found by name.
const deepestField = 3

func (x *index) fields(owner, at string, n *source.Node, depth int) {
	if items := n.Get("items"); items != nil {
		n = items
	}
	for _, m := range n.Get("properties").Members() {
		if x.publisher.hidden(m.Value) {
			continue
		}
		path := at + "." + segment(m.Name)
		x.add(indexed{
			kind: "schema.field", title: owner + "." + m.Name, path: schemaPath(owner) + "#" + path, id: m.Name, where: owner,
			note: m.Value.Get("description").Text(), about: bothTexts(m.Value), zhNote: told(chinese, m.Value, "description"),
		})
		if depth < deepestField {
			x.fields(owner, path, m.Value, depth+1)
		}
	}
}

// mostTokens bounds the words of a query; those behind are not looked at.
const mostTokens = 12

// tokens splits a query at everything that is neither letter nor digit; a run of Chinese stays whole.
func tokens(query string) []string {
	out := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	})
	return out[:min(mostTokens, len(out))]
}

// hit is a found thing with its score.
type hit struct {
	*indexed
	score int
}

// search ranks what has all words of a query.
func (x *index) search(query string) []hit {
	words := tokens(query)
	if len(words) == 0 {
		return nil
	}
	whole := strings.ToLower(strings.TrimSpace(query))
	var out []hit
	for _, i := range x.items {
		score := 0
		for _, w := range words {
			s := i.score(w)
			if s == 0 {
				score = 0
				break
			}
			score += s
		}
		if score == 0 {
			continue
		}
		if i.id == whole {
			score += 100
		} else if strings.HasPrefix(i.id, whole) {
			score += 25
		}
		out = append(out, hit{i, score + i.weight})
	}
	slices.SortStableFunc(out, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	return out
}

// score tells how well one word fits: 0 for not at all.
func (i *indexed) score(w string) int {
	switch {
	case strings.HasPrefix(i.id, w):
		return 40
	case strings.Contains(i.words, " "+w):
		return 34
	case strings.Contains(i.id, w):
		return 25
	case strings.Contains(i.where, w):
		return 16
	case strings.Contains(i.about, w):
		return 6
	}
	if runes := []rune(w); len(runes) > 2 && unicode.Is(unicode.Han, runes[0]) {
		return i.pairs(runes)
	}
	return 0
}

// pairs scores a run of Chinese that does not occur as a whole, by its pairs of signs: words stand in it without blanks.
func (i *indexed) pairs(runes []rune) int {
	found := 0
	for n := range len(runes) - 1 {
		if pair := string(runes[n : n+2]); strings.Contains(i.about, pair) || strings.Contains(i.id, pair) {
			found++
		}
	}
	if found*10 < (len(runes)-1)*6 {
		return 0
	}
	return 3
}

// results is the model of the page of a search.
type results struct {
	*view
	Words  string
	Count  int
	Groups []ResultGroup
	More   int
}

// ResultGroup is results of one kind.
type ResultGroup struct {
	Title   string
	Results []Result
}

// Result is one thing found.
type Result struct {
	URL, Method string
	Title, Note template.HTML
	Text        string
}

// mostResults bounds the results of a page.
const mostResults = 60

// searchPage finds what a reader asks for. An exact id, or METHOD /path, leads right there.
func searchPage(v *view) *content {
	query := strings.TrimSpace(v.Query())
	if to, ok := v.site.direct(query); ok {
		return &content{found: v.url(to)}
	}
	v.Title, v.Section = v.T("search"), "search"
	m := &results{view: v, Words: oneLine(query, 200)}
	hits := v.site.search().search(query)
	m.Count = len(hits)
	if len(hits) > mostResults {
		m.More, hits = len(hits)-mostResults, hits[:mostResults]
	}
	words := tokens(query)
	for _, kind := range []string{"operations", "actions", "categories", "guides", "schemas", "schema.field"} {
		if slices.ContainsFunc(hits, func(h hit) bool { return h.kind == kind }) {
			m.Groups = append(m.Groups, ResultGroup{Title: v.T(kind)})
		}
	}
	for _, h := range hits {
		title, note := h.title, h.note
		if v.Lang == chinese {
			title, note = cmp.Or(h.zhTitle, title), cmp.Or(h.zhNote, note)
		}
		i := slices.IndexFunc(m.Groups, func(g ResultGroup) bool { return g.Title == v.T(h.kind) })
		m.Groups[i].Results = append(m.Groups[i].Results, Result{
			URL: v.url(h.path), Method: h.method, Text: title, Title: marked(oneLine(title, 120), words), Note: marked(note, words),
		})
	}
	return &content{template: "search", model: m, live: true}
}

// direct gives the page that a query names outright: an operation's id, METHOD /path, or a path.
func (p *Portal) direct(query string) (string, bool) {
	if query == "" {
		return "", false
	}
	for _, e := range p.outline.entries {
		if e.id == query || e.op.ID == query {
			return operationPath(e.slug), true
		}
	}
	if to := p.outline.moved[query]; to != "" {
		return to, true
	}
	method, path, found := strings.Cut(query, " ")
	if !found {
		method, path = http.MethodGet, query
	}
	if path = strings.TrimSpace(path); !strings.HasPrefix(path, "/") {
		return "", false
	}
	for _, e := range p.outline.entries {
		if (path == e.op.Template || path == e.operationalPath) && strings.EqualFold(method, e.op.Method) {
			return operationPath(e.slug), true
		}
	}
	escaped := (&url.URL{Path: path}).EscapedPath()
	at := p.site.Contract.Find(strings.ToUpper(method), escaped)
	for _, other := range at.Allow {
		if at.Operation == nil && !found {
			at = p.site.Contract.Find(other, escaped)
		}
	}
	if at.Operation == nil || p.outline.byID[at.Operation.ID] == nil {
		return "", false
	}
	return operationPath(p.outline.byID[at.Operation.ID].slug), true
}

// marked writes a text with the words of a search in it marked.
func marked(text string, words []string) template.HTML {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // lower case of another length: places do not agree
		return template.HTML(template.HTMLEscapeString(text))
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		from, to := len(text), len(text)
		for _, w := range words {
			if i := strings.Index(lower[at:], w); i >= 0 && at+i < from {
				from, to = at+i, at+i+len(w)
			}
		}
		b.WriteString(template.HTMLEscapeString(text[at:from]))
		if from < to {
			b.WriteString("<mark>" + template.HTMLEscapeString(text[from:to]) + "</mark>")
		}
		at = to
	}
	return template.HTML(b.String())
}

// searchFile is the index for programs, and for searching without a server.
func (p *Portal) searchFile() *rendered {
	type item struct {
		Kind   string `json:"kind"`
		Title  string `json:"title"`
		URL    string `json:"url"`
		Method string `json:"method,omitempty"`
		Where  string `json:"where,omitempty"`
		Text   string `json:"text,omitempty"`
		// Those in Chinese, where the document has them.
		TitleZh string `json:"titleZh,omitempty"`
		TextZh  string `json:"textZh,omitempty"`
	}
	list := []item{}
	for _, i := range p.search().items {
		list = append(list, item{strings.TrimPrefix(i.kind, "schema."), i.title, p.root + i.path, i.method, i.where, i.note, i.zhTitle, i.zhNote})
	}
	body, err := json.Marshal(list)
	if err != nil {
		return nil
	}
	return p.pack(append(body, '\n'), "application/json")
}
