package contract

import (
	"slices"
	"strings"

	"standin/mock/internal/route"
)

// Capture is the raw, still percent-encoded text that the template took for a path parameter; ok is false if the template has
// none of that name.
func (f Found) Capture(name string) (raw string, ok bool) {
	i := slices.Index(f.names, name)
	if i < 0 || i >= len(f.Captures) {
		return "", false
	}
	return f.Captures[i], true
}

// With is what is found for a request with that raw query. It matters only where a document has templates like /a?b=c, which
// OpenAPI does not foresee: of operations with the same method and path it finds the one whose template asks for the most, and for
// nothing that the query lacks.
func (f Found) With(rawQuery string) Found {
	if f.Operation == nil || len(f.Operation.rivals) == 0 {
		return f
	}
	most := -1
	for _, op := range f.Operation.rivals {
		if len(op.asks) > most && within(rawQuery, op.asks) {
			f.Operation, most = op, len(op.asks)
		}
	}
	return f
}

// asked are the pairs of the query that a template has.
func asked(template string) []string {
	template, _, _ = strings.Cut(template, "#")
	_, query, found := strings.Cut(template, "?")
	if !found {
		return nil
	}
	return strings.Split(query, "&")
}

func within(rawQuery string, pairs []string) bool {
	for _, pair := range pairs {
		if !strings.Contains("&"+rawQuery+"&", "&"+pair+"&") {
			return false
		}
	}
	return true
}

// Check checks a request to what was found. Some documents have several operations of one method whose templates lead to the same
// paths, like /a#x and /a#y or /a/{id} and /a/{name}: where the request breaks the first of them, it is for the next that it does not
// break, which then is what was found.
func (f Found) Check(r *Request) (Found, Checked) {
	r.Found = f
	checked := f.Operation.CheckRequest(r)
	if len(checked.Violations) == 0 || len(f.Operation.twins) == 0 || r.Received != nil {
		return f, checked
	}
	for _, twin := range f.Operation.twins[1:] {
		other := *r
		other.Found.Operation, other.Found.names = twin, twin.names
		if second := twin.CheckRequest(&other); len(second.Violations) == 0 {
			*r = other
			return r.Found, twin.CheckRequest(r)
		}
	}
	return f, checked
}

// sharesPath tells how requests to two operations of one method are told apart whose templates lead to the same paths: by the query,
// or by what they allow; "" if in no way.
func (o *Operation) sharesPath(second *Operation) string {
	switch {
	case unnamed(o.Template) != unnamed(second.Template):
		return ""
	case len(o.asks)+len(second.asks) == 0 || bare(o.Template) != bare(second.Template):
		if len(o.twins) == 0 {
			o.twins = []*Operation{o}
		}
		second.names = route.Names(second.Template)
		o.twins = append(o.twins, second)
		return "; it is for the requests that it allows and the first does not"
	case len(o.rivals) == 0:
		o.rivals = []*Operation{o}
	}
	o.rivals = append(o.rivals, second)
	return "; it is told apart by the query"
}

// bare is a template without what is no part of a path.
func bare(template string) string {
	if end := strings.IndexAny(template, "?#"); end >= 0 {
		return template[:end]
	}
	return template
}

// unnamed is a bare template with placeholders that have no names.
func unnamed(template string) string {
	var b strings.Builder
	inside := false
	for _, r := range bare(template) {
		inside = inside && r != '}'
		if !inside {
			b.WriteRune(r)
		}
		inside = inside || r == '{'
	}
	return b.String()
}
