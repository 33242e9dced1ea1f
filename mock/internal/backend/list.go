package backend

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// list answers with the rows that are asked for.
func (p *play) list() (Answer, bool) {
	a, f, ok := p.start()
	if !ok {
		return Answer{}, false
	}
	s := selectionOf(p.role, p.call.Given)
	p.rows.lent = true
	page, total := p.page(s)
	rows := p.texts(s, page)
	if a.Body, ok = f.list(p, s, rows.text, len(page), total); !ok {
		return Answer{}, false
	}
	a.Header = p.listHeaders(a, s, len(page), total)
	around := func() ([]byte, bool) { return f.list(p, s, rows.one(), len(page), total) }
	if !(rows.proven && f.lists(rows.n, around)) && !f.accepts(a.Body) {
		return Answer{}, false
	}
	a.Body, ok = f.written(a.Body)
	return a, ok
}

// listed are the texts of rows as a list of JSON.
type listed struct {
	text   []byte
	n      int
	first  int  // where the first of them ends
	proven bool // they are what the document says of the collection's rows
}

// texts are the rows as the list shows them.
func (p *play) texts(s *selection, page []row) listed {
	out := listed{proven: true, first: 1}
	size := 2 + len(page)
	for i := range page {
		size += len(page[i].text)
	}
	body := bytes.NewBuffer(make([]byte, 0, size))
	body.WriteByte('[')
	for i := range page {
		r := &page[i]
		text, ok := p.shaped(p.role, *r)
		if !ok {
			continue // a row that the document cannot show here
		}
		if len(s.fields) > 0 {
			text = p.thin(s, r, text)
		}
		if out.n++; out.n > 1 {
			body.WriteByte(',')
		}
		body.Write(text)
		if out.n == 1 {
			out.first = body.Len()
		}
		out.proven = out.proven && r.proven && len(s.fields) == 0 && !p.private[p.c]
	}
	body.WriteByte(']')
	out.text = body.Bytes()
	return out
}

// one is the list with the first row alone, or none.
func (l listed) one() []byte { return append(bytes.Clone(l.text[:l.first]), ']') }

// page is the rows that are asked for, and how many there are on all pages.
func (p *play) page(s *selection) (page []row, total int) {
	if s.plain() && !p.orphans {
		return p.rows.slice(p.c, p.parents, s.first, s.limit)
	}
	var all []row
	for _, parents := range p.everybody() {
		rows, _ := p.rows.slice(p.c, parents, 0, -1)
		for _, r := range rows {
			if s.keeps(r.object()) {
				all = append(all, r)
			}
		}
	}
	s.sorted(all)
	total = len(all)
	all = all[min(s.first, total):]
	if s.limit >= 0 {
		all = all[:min(s.limit, len(all))]
	}
	return all, total
}

// everybody is whose rows are listed: those of the path's parents, or of every row above.
func (p *play) everybody() [][]string {
	if !p.orphans {
		return [][]string{p.parents}
	}
	path := p.c.Path[:strings.IndexByte(p.c.Path, '{')]
	above := p.model.Collection(strings.TrimRight(path, "/"))
	if above == nil {
		return nil
	}
	var out [][]string
	rows, _ := p.rows.slice(above, nil, 0, -1)
	for _, r := range rows {
		out = append(out, []string{r.key})
	}
	return out
}

// thin leaves a row the fields asked for, where it stays valid without the others.
func (p *play) thin(s *selection, r *row, text []byte) []byte {
	value, ok := p.fit(r.object(), p.role.Answer, r.key)
	if !ok {
		return text
	}
	if thin := s.thinned(value); p.role.Answer.Valid(thin, schema.Response) {
		text, _, _ = sample.AppendJSON(nil, thin, p.role.Answer, nil)
	}
	return text
}

// list puts a list of rows into the frame, with what it tells about them.
func (f *frame) list(p *play, s *selection, text []byte, shown, all int) ([]byte, bool) {
	if len(p.role.At) == 0 {
		return text, true
	}
	value, ok := clone(f.value).(map[string]any)
	if !ok || !set(value, p.role.At, []any{}) {
		return nil, false
	}
	for _, about := range p.role.Paging.about {
		told, keep := p.tell(about, s, shown, all, f.schema)
		if keep {
			tell(value, about.path, told, f.schema)
		}
	}
	body, start, end := sample.AppendJSON(nil, value, f.schema, p.role.At)
	if end == 0 {
		return nil, false
	}
	return slices.Concat(body[:start], text, body[end:]), true
}

// tell puts a fact into an envelope where it is valid there; nil takes it away, or says null, whichever the schema allows.
func tell(envelope map[string]any, path []string, v any, s *schema.Schema) {
	for i, name := range path {
		if i == len(path)-1 {
			of := property(s, name)
			switch {
			case v == nil && of != nil && of.Valid(nil, schema.Response):
				envelope[name] = nil
			case v == nil && !requiredOf(s)[name]:
				delete(envelope, name)
			case v == nil && of != nil && of.Valid("", schema.Response):
				envelope[name] = ""
			case v != nil && (of == nil || of.Valid(v, schema.Response)):
				envelope[name] = v
			}
			return
		}
		inner, ok := envelope[name].(map[string]any)
		if !ok {
			if v == nil {
				return
			}
			inner = map[string]any{}
			envelope[name] = inner
		}
		envelope, s = inner, property(s, name)
	}
}

// tell is what a fact about a list is; keep is false where the frame's own value is as good.
func (p *play) tell(about fact, s *selection, shown, all int, envelope *schema.Schema) (v any, keep bool) {
	size := s.limit
	if size <= 0 {
		size = max(shown, 1)
	}
	number := func(n int) (any, bool) { return json.Number(strconv.Itoa(n)), true }
	of := envelope
	for _, name := range about.path {
		of = property(of, name)
	}
	switch about.role {
	case total:
		return number(all)
	case shownNow:
		return number(shown)
	case pageCount:
		return number((all + size - 1) / size)
	case pageNow:
		return number(s.first/size + p.role.Paging.First)
	case limitNow:
		return number(size)
	case offsetNow:
		return number(s.first)
	case hasNext:
		return s.first+shown < all, true
	case hasPrior:
		return s.first > 0, true
	case nextPage:
		if s.first+shown >= all || shown == 0 {
			return nil, true
		}
		return p.turn(s, s.first+shown, size, of), true
	case prior:
		if s.first == 0 {
			return nil, true
		}
		return p.turn(s, max(s.first-size, 0), size, of), true
	case selfLink:
		return p.turn(s, s.first, size, of), true
	case firstLink:
		return p.turn(s, 0, size, of), true
	case lastLink:
		return p.turn(s, (max(all-1, 0)/size)*size, size, of), true
	}
	return nil, false
}

// turn leads to the page that begins at a row: a page's number, a cursor, or a URL, whichever the schema has room for.
func (p *play) turn(s *selection, first, size int, of *schema.Schema) any {
	paging := p.role.Paging
	if typesOf(of)&(schema.IntegerType|schema.NumberType) != 0 && typesOf(of)&schema.StringType == 0 {
		n := first
		if paging.Page != "" {
			n = first/size + paging.First
		}
		return json.Number(strconv.Itoa(n))
	}
	if paging.Cursor != "" && !addresses(of) {
		return cursor(first)
	}
	link := p.address(first, size)
	if of == nil || of.Valid(link, schema.Response) {
		return link
	}
	return cursor(first)
}

// addresses tells whether a schema is about URLs.
func addresses(s *schema.Schema) bool {
	s = origin(s)
	return s != nil && (strings.HasPrefix(s.Format, "uri") || strings.HasPrefix(s.Format, "url"))
}

// address is the URL of the page that begins at a row.
func (p *play) address(first, size int) string {
	paging := p.role.Paging
	query := p.call.URL.Query()
	switch {
	case paging.Page != "":
		query.Set(paging.Page, strconv.Itoa(first/size+paging.First))
	case paging.Offset != "":
		query.Set(paging.Offset, strconv.Itoa(first))
	case paging.Cursor != "":
		query.Set(paging.Cursor, cursor(first))
		if first == 0 {
			query.Del(paging.Cursor)
		}
	}
	out := url.URL{RawQuery: query.Encode()}
	return p.call.Base + p.call.Path + strings.TrimSuffix(out.String(), "?")
}

// listHeaders are the frame's, with those that tell of the list (RFC 8288 for Link).
func (p *play) listHeaders(a Answer, s *selection, shown, all int) http.Header {
	response := p.call.Operation.Responses().For(a.Status)
	if response == nil || len(response.Headers) == 0 {
		return a.Header
	}
	h := a.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	size := s.limit
	if size <= 0 {
		size = max(shown, 1)
	}
	for _, documented := range response.Headers {
		name := http.CanonicalHeaderKey(documented.Name)
		switch plain(strings.TrimPrefix(strings.ToLower(name), "x-")) {
		case "link":
			var links []string
			if s.first > 0 {
				links = append(links, "<"+p.address(0, size)+`>; rel="first"`, "<"+p.address(max(s.first-size, 0), size)+`>; rel="prev"`)
			}
			if s.first+shown < all && shown > 0 {
				links = append(links, "<"+p.address(s.first+shown, size)+`>; rel="next"`, "<"+p.address((max(all-1, 0)/size)*size, size)+`>; rel="last"`)
			}
			if h.Del(name); len(links) > 0 {
				h.Set(name, strings.Join(links, ", "))
			}
		case "totalcount", "total", "totalitems", "paginationtotal", "paginationtotalcount":
			h.Set(name, strconv.Itoa(all))
		}
	}
	return h
}
