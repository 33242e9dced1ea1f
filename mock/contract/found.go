package contract

import (
	"slices"
	"strings"
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

// sharesPath makes rivals of two operations if nothing but a query stands between their templates.
func (o *Operation) sharesPath(second *Operation) bool {
	if len(o.asks)+len(second.asks) == 0 || bare(o.Template) != bare(second.Template) {
		return false
	}
	if len(o.rivals) == 0 {
		o.rivals = []*Operation{o}
	}
	o.rivals = append(o.rivals, second)
	return true
}

// bare is a template without what is no part of a path.
func bare(template string) string {
	if end := strings.IndexAny(template, "?#"); end >= 0 {
		return template[:end]
	}
	return template
}
