package backend

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// Paging is how a list is cut, sorted and thinned: names of its query parameters, "" for what it lacks.
type Paging struct {
	// Limit is how many rows at most, Offset how many to pass over, Page which page, Cursor where to go on.
	Limit, Offset, Page, Cursor string
	// First is the number of the first page, 1 if the document does not say 0.
	First int
	// Size is how many rows a page has when nobody asks: the default of Limit, else 0 for all.
	Size int
	// Most is the greatest limit, 0 for none.
	Most int
	// Sort names a property, Order its direction; Descending tells that a minus in front of Sort's value turns it.
	Sort, Order string
	// Fields names the properties wanted.
	Fields string
	// Search is looked for in all texts.
	Search string

	about []fact
}

// roles of parameters by their plain names.
func parameterNames() map[string][]string {
	return map[string][]string{
		"limit":  {"limit", "pagesize", "perpage", "size", "maxresults", "count", "top", "take", "first", "rows", "maxitems", "pagelimit", "resultsperpage", "itemsperpage", "pagecount"},
		"offset": {"offset", "start", "skip", "startindex", "from", "startat", "pageoffset", "firstresult"},
		"page":   {"page", "pagenumber", "pageno", "pageindex", "pagenum", "currentpage", "p"},
		"cursor": {"cursor", "after", "pagetoken", "nextpagetoken", "continue", "continuationtoken", "startingafter", "marker", "nexttoken", "pagecursor", "startcursor", "token", "nextcursor", "startafter"},
		"sort":   {"sort", "sortby", "orderby", "order", "ordering", "sortfield", "sortkey"},
		"order":  {"order", "sortorder", "sortdirection", "direction", "sortdir", "dir", "orderdirection"},
		"fields": {"fields", "select", "fieldset", "returnfields"},
		"search": {"q", "search", "query", "keyword", "keywords", "searchterm", "filter", "term"},
	}
}

// pagingOf finds the parameters by which a list is cut. answer is the whole answer and at leads to its list.
func pagingOf(op *contract.Operation, answer *schema.Schema, at []string) Paging {
	p := Paging{First: 1}
	query := map[string]*contract.Parameter{}
	for _, parameter := range op.Parameters() {
		if parameter.In == "query" {
			query[plain(parameter.Name)] = parameter
		}
	}
	used := map[string]bool{}
	find := func(role string, fits func(*schema.Schema) bool) *contract.Parameter {
		for _, name := range parameterNames()[role] {
			if parameter := query[name]; parameter != nil && !used[name] && fits(parameter.Schema) {
				used[name] = true
				return parameter
			}
		}
		return nil
	}
	if l := find("limit", whole); l != nil {
		p.Limit = l.Name
		p.Size, _ = defaultOf(l.Schema)
		if s := origin(l.Schema); s != nil {
			p.Most, _ = number(s.Maximum)
		}
	}
	if o := find("offset", whole); o != nil {
		p.Offset = o.Name
	}
	if n := find("page", whole); n != nil {
		p.Page = n.Name
		if s := origin(n.Schema); s != nil {
			least, hasLeast := number(s.Minimum)
			usual, hasDefault := defaultOf(s)
			if hasLeast && least == 0 || hasDefault && usual == 0 {
				p.First = 0
			}
		}
	}
	if c := find("cursor", textual); c != nil {
		p.Cursor = c.Name
	}
	if s := find("sort", anything); s != nil {
		p.Sort = s.Name
	}
	if o := find("order", textual); o != nil && p.Sort != "" {
		p.Order = o.Name
	}
	if f := find("fields", anything); f != nil {
		p.Fields = f.Name
	}
	if s := find("search", textual); s != nil {
		p.Search = s.Name
	}
	p.envelope(answer, at)
	return p
}

// envelope finds what stands beside the list about all of it: totals, the page's own numbers, what comes next.
func (p *Paging) envelope(answer *schema.Schema, at []string) {
	if len(at) == 0 {
		return
	}
	p.find(answer, nil, at[0])
	around := answer
	if len(at) > 1 {
		around = property(answer, at[0])
		p.find(around, at[:1], at[1])
	}
	for _, inner := range distinct(around) { // as {"data": […], "meta": {"total": 3}}
		if inner.Name != at[len(at)-1] && object(inner.Schema) && slices.Contains(aboutNames(), plain(inner.Name)) {
			prefix := append(slices.Clone(at[:len(at)-1]), inner.Name)
			p.find(inner.Schema, prefix, "")
			for _, deeper := range distinct(inner.Schema) {
				if object(deeper.Schema) && slices.Contains(aboutNames(), plain(deeper.Name)) {
					p.find(deeper.Schema, append(slices.Clone(prefix), deeper.Name), "")
				}
			}
		}
	}
	if len(at) > 1 {
		for _, inner := range distinct(answer) {
			if object(inner.Schema) && slices.Contains(aboutNames(), plain(inner.Name)) {
				p.find(inner.Schema, []string{inner.Name}, "")
			}
		}
	}
}

// aboutNames are what an object about a list is called.
func aboutNames() []string {
	return []string{"meta", "metadata", "page", "paging", "pagination", "pageinfo", "links", "cursor", "cursors", "pages", "responsemetadata", "paginginfo"}
}

// find notes what an object beside the list tells of it; except is the list's own name.
func (p *Paging) find(s *schema.Schema, prefix []string, except string) {
	for _, one := range distinct(s) {
		if one.Name == except {
			continue
		}
		role, ok := about(plain(one.Name), one.Schema)
		if !ok || slices.ContainsFunc(p.about, func(f fact) bool { return f.role == role && role != total && role != nextPage }) {
			continue
		}
		p.about = append(p.about, fact{role, append(slices.Clone(prefix), one.Name)})
	}
}

// fact is one thing that an envelope tells of its list, and where.
type fact struct {
	role string
	path []string
}

// What an envelope tells of its list.
const (
	total     = "total"    // of all rows that fit
	shownNow  = "shown"    // of the rows in this answer
	pageCount = "pages"    // how many pages there are
	pageNow   = "page"     // the number of this one
	limitNow  = "limit"    // the limit that was obeyed
	offsetNow = "offset"   // the offset that was obeyed
	hasNext   = "more"     // whether there is more
	hasPrior  = "earlier"  // whether there is something before
	nextPage  = "next"     // the cursor or URL of the next page
	prior     = "previous" // of the one before
	selfLink  = "self"     // the URL of this page
	firstLink = "first"
	lastLink  = "last"
)

// about tells what a property of an envelope is, by its name and type.
func about(name string, s *schema.Schema) (role string, ok bool) {
	for _, f := range facts() {
		if slices.Contains(f.names, name) && f.fits(s) {
			return f.role, true
		}
	}
	return "", false
}

// facts are what an envelope may tell of its list, with the names that it goes under.
func facts() []struct {
	role  string
	fits  func(*schema.Schema) bool
	names []string
} {
	return []struct {
		role  string
		fits  func(*schema.Schema) bool
		names []string
	}{
		{total, whole, []string{"total", "totalcount", "totalitems", "totalresults", "totalelements", "totalrecords", "recordcount", "matches", "numfound", "resultcount", "totalsize", "totalrows", "itemcount"}},
		{shownNow, whole, []string{"count", "numberofelements", "size", "returned", "length"}},
		{pageCount, whole, []string{"totalpages", "pagecount", "numpages", "pages", "lastpage"}},
		{pageNow, whole, []string{"page", "currentpage", "pagenumber", "pageno", "pageindex", "number"}},
		{limitNow, whole, []string{"limit", "pagesize", "perpage", "itemsperpage", "maxresults"}},
		{offsetNow, whole, []string{"offset", "start", "skip", "startindex"}},
		{hasNext, boolean, []string{"hasmore", "hasnext", "hasnextpage", "more", "incomplete", "hasmoreitems"}},
		{hasPrior, boolean, []string{"hasprevious", "hasprev", "haspreviouspage", "hasprevpage"}},
		{nextPage, scalar, []string{"next", "nextcursor", "nextpagetoken", "nextpage", "nexttoken", "nextlink", "nexturl", "nextmarker", "cursor", "continue", "endcursor", "after", "nextpageurl", "nextpageuri", "afterid"}},
		{prior, scalar, []string{"prev", "previous", "previouscursor", "prevcursor", "previouspage", "prevpage", "previouslink", "previousurl", "prevurl", "previouspageurl", "previouspageuri", "before"}},
		{selfLink, scalar, []string{"self", "url", "uri", "href"}},
		{firstLink, scalar, []string{"first", "firstpageurl", "firstpageuri", "firsturl"}},
		{lastLink, scalar, []string{"last", "lasturl", "lastpageurl"}},
	}
}

func whole(s *schema.Schema) bool {
	t := typesOf(s)
	return t == 0 || t&(schema.IntegerType|schema.NumberType) != 0
}

func textual(s *schema.Schema) bool {
	t := typesOf(s)
	return t == 0 || t&schema.StringType != 0
}

func boolean(s *schema.Schema) bool { return typesOf(s)&schema.BooleanType != 0 }

func anything(*schema.Schema) bool { return true }

// number is a whole number that a keyword gives, ok false if it is absent or no such number.
func number(n *schema.Number) (int, bool) {
	if n == nil {
		return 0, false
	}
	v, err := strconv.Atoi(n.String())
	return v, err == nil
}

// defaultOf is the default of a whole number, 0 for none.
func defaultOf(s *schema.Schema) (n int, ok bool) {
	s = origin(s)
	if s == nil || s.Default == nil {
		return 0, false
	}
	v, isNumber := s.Default.Value().(json.Number)
	if !isNumber {
		return 0, false
	}
	n, err := strconv.Atoi(v.String())
	return n, err == nil
}

// filtersOf ties the parameters of a list to the properties of its rows that they are called as; those of its path first.
func filtersOf(op *contract.Operation, c *Collection, row *schema.Schema) []link {
	var out []link
	for _, p := range op.Parameters() {
		switch p.In {
		case "path":
			if c.below(p.Name) && strings.HasPrefix(op.Template, c.Path) {
				continue // it is a part of the collection
			}
			before := segmentBefore(op.Template, p.Name)
			if name := foreignKey(row, p.Name, singular(plain(before))); name != "" {
				out = append(out, link{p.Name, name})
			}
		case "query":
			if name := filtered(row, p.Name); name != "" {
				out = append(out, link{p.Name, name})
			}
		}
	}
	return out
}

// filtered is the property that a parameter of a query is called as, in the singular or plural.
func filtered(row *schema.Schema, parameter string) string {
	name := plain(strings.TrimSuffix(parameter, "[]"))
	properties := distinct(row)
	for _, fits := range []func(string) bool{
		func(n string) bool { return n == name },
		func(n string) bool { return n == singular(name) || singular(n) == name },
	} {
		if i := slices.IndexFunc(properties, func(p schema.Property) bool { return fits(plain(p.Name)) }); i >= 0 {
			s := properties[i].Schema
			if scalar(s) || typesOf(s)&schema.BooleanType != 0 || sample.Items(s) != nil {
				return properties[i].Name
			}
		}
	}
	return ""
}

// segmentBefore is the fixed segment in front of a parameter of a template.
func segmentBefore(template, parameter string) string {
	before := ""
	for _, s := range segmentsOf(template) {
		if s == "{"+parameter+"}" {
			return before
		}
		if !variable(s) {
			before = s
		}
	}
	return ""
}
