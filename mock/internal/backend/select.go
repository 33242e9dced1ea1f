package backend

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/schema"
)

// selection is what a request asks of a list.
type selection struct {
	role   *Role
	wanted []condition
	search string
	sort   []order
	fields []string
	// limit is -1 for all; first is how many rows to pass over.
	limit, first int
}

// condition is a property and the values of which it must have one.
type condition struct {
	property string
	values   []any
}

// order is a property to sort by.
type order struct {
	property   string
	descending bool
}

// mostUnasked is how many rows a list with a limit gives when neither request nor document says how many.
const mostUnasked = 100

// selectionOf reads what the parameters of a list ask for.
func selectionOf(r *Role, given contract.Values) *selection {
	s := &selection{role: r, limit: -1}
	p := &r.Paging
	for _, f := range r.Filters {
		v, ok := given.Query[f.parameter]
		if inPath, has := given.Path[f.parameter]; has {
			v, ok = inPath, true
		}
		if ok {
			s.wanted = append(s.wanted, condition{f.property, valuesOf(v)})
		}
	}
	if p.Search != "" {
		s.search, _ = given.Query[p.Search].(string)
	}
	s.cut(given.Query)
	if p.Sort != "" {
		s.sort = ordersOf(given.Query[p.Sort], given.Query[p.Order], r.Answer)
	}
	if p.Fields != "" {
		for _, v := range valuesOf(given.Query[p.Fields]) {
			if text, ok := v.(string); ok {
				s.fields = append(s.fields, strings.TrimSpace(text))
			}
		}
	}
	return s
}

// cut reads limit, offset, page and cursor.
func (s *selection) cut(query map[string]any) {
	p := &s.role.Paging
	if p.Limit != "" || p.Page != "" {
		if s.limit = p.Size; s.limit <= 0 {
			s.limit = mostUnasked
		}
	}
	if n, ok := wholeOf(query[p.Limit]); ok && p.Limit != "" && n >= 0 {
		s.limit = n
	}
	if n, ok := wholeOf(query[p.Offset]); ok && p.Offset != "" {
		s.first = max(n, 0)
	}
	if n, ok := wholeOf(query[p.Page]); ok && p.Page != "" && s.limit > 0 {
		s.first = max(n-p.First, 0) * s.limit
	}
	if text, ok := query[p.Cursor].(string); ok && p.Cursor != "" {
		if n, ok := position(text); ok {
			s.first = n
		}
	}
}

// cursor is an opaque text for a position in a list.
func cursor(n int) string {
	return base64.RawURLEncoding.EncodeToString([]byte("row:" + strconv.Itoa(n)))
}

// position is what a cursor of ours stands for.
func position(text string) (n int, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	rest, ok := strings.CutPrefix(string(b), "row:")
	if !ok {
		return 0, false
	}
	n, err = strconv.Atoi(rest)
	return n, err == nil && n >= 0
}

// whole tells that every row is wanted, in its own order.
func (s *selection) plain() bool { return len(s.wanted) == 0 && s.search == "" && len(s.sort) == 0 }

// keeps tells whether a row has what is asked for.
func (s *selection) keeps(value map[string]any) bool {
	for _, c := range s.wanted {
		if !c.holds(value[c.property]) {
			return false
		}
	}
	return s.search == "" || mentions(value, strings.ToLower(s.search))
}

// holds tells whether a property's value is one of the wanted; a list holds it in any of its elements, an object in its name or id.
func (c *condition) holds(v any) bool {
	if list, ok := v.([]any); ok {
		return slices.ContainsFunc(list, c.holds)
	}
	if object, ok := v.(map[string]any); ok {
		return slices.ContainsFunc([]string{"name", "id", "slug", "key"}, func(name string) bool {
			inner, has := object[name]
			return has && c.holds(inner)
		})
	}
	return slices.ContainsFunc(c.values, func(want any) bool { return alike(want, v) })
}

// alike compares a value of a query to one of a row: 42 and "42" are the same there.
func alike(a, b any) bool {
	if schema.Equal(a, b) {
		return true
	}
	x, y := scalarText(a), scalarText(b)
	return x != "" && x == y
}

func scalarText(v any) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return ""
	}
	return keyText(v)
}

// mentions tells whether a text stands anywhere in a value.
func mentions(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(strings.ToLower(v), text)
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return mentions(x, text) })
	case map[string]any:
		for _, x := range v {
			if mentions(x, text) {
				return true
			}
		}
	case json.Number:
		return v.String() == text
	}
	return false
}

// valuesOf are the values that a parameter gives: elements of a list, parts of a text with commas, or itself.
func valuesOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case string:
		if strings.Contains(v, ",") {
			out := []any{v}
			for part := range strings.SplitSeq(v, ",") {
				out = append(out, strings.TrimSpace(part))
			}
			return out
		}
	}
	return []any{v}
}

func wholeOf(v any) (int, bool) {
	n, err := strconv.Atoi(keyText(v))
	return n, err == nil
}

// ordersOf reads a wish to sort: names with - or + in front, or with :desc, .desc or a blank and desc behind, in a list or between
// commas; direction is that of a parameter of its own. Names that rows have not are passed over.
func ordersOf(sort, direction any, row *schema.Schema) []order {
	var out []order
	properties := distinct(row)
	turned := descends(keyText(direction))
	for _, v := range lastParts(sort) {
		name, down := strings.TrimSpace(v), turned
		switch {
		case strings.HasPrefix(name, "-"):
			name, down = name[1:], true
		case strings.HasPrefix(name, "+"):
			name = name[1:]
		}
		for _, cut := range []string{":", " ", ".", "_", "-"} {
			if i := strings.LastIndex(name, cut); i > 0 && (descends(name[i+1:]) || ascends(name[i+1:])) {
				down = descends(name[i+1:])
				name = name[:i]
				break
			}
		}
		wanted := plain(name)
		if i := slices.IndexFunc(properties, func(p schema.Property) bool { return plain(p.Name) == wanted }); i >= 0 {
			out = append(out, order{properties[i].Name, down})
		}
	}
	return out
}

// lastParts are the texts of a list, or those between the commas of a text.
func lastParts(v any) []string {
	var out []string
	for _, one := range valuesOf(v) {
		if text, ok := one.(string); ok && !strings.Contains(text, ",") {
			out = append(out, text)
		}
	}
	return out
}

func descends(s string) bool {
	switch strings.ToLower(s) {
	case "desc", "descending", "down", "-1":
		return true
	}
	return false
}

func ascends(s string) bool {
	switch strings.ToLower(s) {
	case "asc", "ascending", "up", "1":
		return true
	}
	return false
}

// sorted orders rows as asked; between equals they keep their order.
func (s *selection) sorted(rows []row) {
	if len(s.sort) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		for _, o := range s.sort {
			n := compare(a.object()[o.property], b.object()[o.property])
			if o.descending {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	})
}

// compare orders two values: nothing before all, numbers by size, truth after falsehood, texts by their letters, without regard to
// case where that tells them apart.
func compare(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	x, xIs := a.(json.Number)
	y, yIs := b.(json.Number)
	if xIs && yIs {
		p, okP := new(big.Rat).SetString(bounded(x))
		q, okQ := new(big.Rat).SetString(bounded(y))
		if okP && okQ {
			return p.Cmp(q)
		}
	}
	m, mIs := a.(string)
	n, nIs := b.(string)
	if mIs && nIs {
		if c := cmp.Compare(strings.ToLower(m), strings.ToLower(n)); c != 0 {
			return c
		}
		return cmp.Compare(m, n)
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	return cmp.Compare(scalarText(a), scalarText(b))
}

// bounded keeps numbers of an absurd exponent from being worked out.
func bounded(n json.Number) string {
	if i := strings.IndexAny(string(n), "eE"); i >= 0 && len(n)-i > 5 {
		return "0"
	}
	return string(n)
}

func rank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case bool:
		return 1
	case json.Number:
		return 2
	case string:
		return 3
	}
	return 4
}

// thinned leaves a row the properties that are asked for; all, if none is named that the row has.
func (s *selection) thinned(value map[string]any) map[string]any {
	if len(s.fields) == 0 {
		return value
	}
	out := map[string]any{}
	for name, v := range value {
		if slices.ContainsFunc(s.fields, func(f string) bool { return f == name || strings.HasPrefix(f, name+".") }) {
			out[name] = v
		}
	}
	if len(out) == 0 {
		return value
	}
	return out
}
