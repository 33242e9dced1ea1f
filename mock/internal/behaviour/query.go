package behaviour

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"standin/mock/internal/sample"
)

// dialect is a query language: which parameters a list takes, and how conditions are written.
type dialect struct {
	filter    string // the parameter that holds conditions, "" for none
	operators []operator
	separator string // between the values of a list
	any, one  string // the wildcards of like
	folded    bool   // texts are compared without regard to case
	layouts   []string
	limit     string
	most      int // rows where no limit is given; 0 for all
	offset    string
	sort      string
	ascending []string
	falling   string
	fields    string
	syntax    *failing // a condition that cannot be read
	unknown   *failing // a field that there is not
}

// operator is one way to write a condition. Operators are looked for in their order, anywhere in a condition, and the first that occurs
// splits it where it occurs first.
type operator struct{ text, test string }

// condition is one that a row must meet.
type condition struct {
	field []string
	test  string
	value string
}

// querying finds rows.
type querying struct {
	of *Collection
	by *dialect
	as string
}

// do names an object {rows: …, total: …}: the rows of the page that is asked for, and how many there are in all.
func (s *querying) do(r *run) error {
	q := &query{run: r, dialect: s.by, of: s.of, parameters: r.call.Request.Query}
	rows, total, err := q.page()
	if err != nil {
		return err
	}
	r.scope.Set(s.as, map[string]any{"rows": listOf(rows), "total": number(total)})
	return nil
}

// query is one query under way.
type query struct {
	*run
	*dialect
	of         *Collection
	parameters map[string]any
}

func (q *query) page() ([]map[string]any, int, error) {
	conditions, err := q.conditions()
	if err != nil {
		return nil, 0, err
	}
	found, err := q.found(conditions)
	if err != nil {
		return nil, 0, err
	}
	if err := q.sorted(found); err != nil {
		return nil, 0, err
	}
	total := len(found)
	first, limit := wholeOf(q.parameters[q.offset], 0), wholeOf(q.parameters[q.limit], q.most)
	if _, given := q.parameters[q.limit]; !given && q.most == 0 {
		limit = total
	}
	first = min(max(first, 0), total)
	found = found[first:min(first+max(limit, 0), total)]
	for i, row := range found {
		if found[i], err = q.run.computed(q.of, row); err != nil {
			return nil, 0, err
		}
	}
	found, err = q.thinned(found)
	return found, total, err
}

// fail ends the query with an error of the document, for whose template details tells what is wrong.
func (q *query) fail(how *failing, format string, args ...any) error {
	if how == nil {
		return fmt.Errorf(format, args...)
	}
	q.scope.Set("details", fmt.Sprintf(format, args...))
	return how.do(q.run)
}

// conditions reads the conditions; two that are the same count once.
func (q *query) conditions() ([]condition, error) {
	if q.filter == "" {
		return nil, nil
	}
	var out []condition
	seen := map[string]bool{}
	for _, text := range textsOf(q.parameters[q.filter]) {
		if seen[text] {
			continue
		}
		seen[text] = true
		c, ok := q.split(text)
		if !ok {
			return nil, q.fail(q.syntax, "the condition %q has no operator, or nothing in front of it", text)
		}
		if !q.has(q.of, c.field) {
			return nil, q.fail(q.unknown, "%s has no field %q", q.of.Name, strings.Join(c.field, "."))
		}
		out = append(out, c)
	}
	return out, nil
}

// split takes a condition apart.
func (d *dialect) split(text string) (condition, bool) {
	for _, o := range d.operators {
		i := strings.Index(text, o.text)
		if i < 0 {
			continue
		}
		field := strings.TrimSpace(text[:i])
		if field == "" {
			return condition{}, false
		}
		return condition{strings.Split(field, "."), o.test, text[i+len(o.text):]}, true
	}
	return condition{}, false
}

// has tells whether rows of a collection have a field, which may lead through others.
func (q *query) has(c *Collection, field []string) bool {
	name := field[0]
	if j, ok := c.joins[name]; ok && len(field) > 1 {
		return q.has(q.collections[j.collection], field[1:])
	}
	if len(field) > 1 {
		return false
	}
	if _, ok := c.aliases[name]; ok {
		return true
	}
	for _, p := range sample.Properties(c.Row) {
		if p.Name == name {
			return scalarOrOpen(p.Schema)
		}
	}
	return c.Row == nil
}

// found are the rows that meet all conditions and may be seen.
func (q *query) found(conditions []condition) ([]map[string]any, error) {
	var out []map[string]any
	before := q.scope.Value("row")
	defer q.scope.Set("row", before)
	for _, row := range rowsIn(q.world, q.of) {
		if q.of.visible != nil {
			q.scope.Set("row", row)
			visible, err := q.of.visible.Holds(q.scope)
			if err != nil {
				return nil, err
			}
			if !visible {
				continue
			}
		}
		if !slices.ContainsFunc(conditions, func(c condition) bool { return !q.meets(q.of, row, c.field, c) }) {
			out = append(out, row)
		}
	}
	return out, nil
}

// meets tells whether a row meets a condition, through others where the field leads there: one of them is enough.
func (q *query) meets(c *Collection, row map[string]any, field []string, by condition) bool {
	if j, ok := c.joins[field[0]]; ok && len(field) > 1 {
		other := q.collections[j.collection]
		for _, one := range q.joined(row, j) {
			if q.meets(other, one, field[1:], by) {
				return true
			}
		}
		return false
	}
	name := field[0]
	if alias, ok := c.aliases[name]; ok {
		name = alias
	}
	if list, ok := row[name].([]any); ok {
		return slices.ContainsFunc(list, func(v any) bool { return q.holds(v, by) })
	}
	return q.holds(row[name], by)
}

// joined are the rows that a join leads to.
func (q *query) joined(row map[string]any, j join) []map[string]any {
	of := q.collections[j.collection]
	from := row[j.from]
	switch from := from.(type) {
	case nil:
		return nil
	case []any: // rows inside the row
		var out []map[string]any
		for _, one := range from {
			if inner, ok := one.(map[string]any); ok {
				out = append(out, inner)
			}
		}
		return out
	}
	if j.to == of.Key {
		if one, ok := rowIn(q.world, of, keyText(from)); ok {
			return []map[string]any{one}
		}
		return nil
	}
	var out []map[string]any
	for _, one := range rowsIn(q.world, of) {
		if comparable(one[j.to]) && one[j.to] == from {
			out = append(out, one)
		}
	}
	return out
}

// holds tells whether a value passes a test. A value that is none passes only the test for that, as in SQL.
func (d *dialect) holds(v any, c condition) bool {
	switch {
	case c.test == "null":
		return v == nil
	case v == nil:
		return false
	case c.test == "notNull":
		return true
	}
	switch c.test {
	case "equal":
		return d.compare(v, c.value) == 0
	case "notEqual":
		return d.compare(v, c.value) != 0
	case "more":
		return d.compare(v, c.value) > 0
	case "atLeast":
		return d.compare(v, c.value) >= 0
	case "less":
		return d.compare(v, c.value) < 0
	case "atMost":
		return d.compare(v, c.value) <= 0
	case "in", "notIn":
		in := slices.ContainsFunc(strings.Split(c.value, d.separator), func(one string) bool { return d.compare(v, one) == 0 })
		return in == (c.test == "in")
	case "like", "notLike":
		return like(d.fold(textOf(v)), d.fold(c.value), d.any, d.one) == (c.test == "like")
	}
	return false
}

// compare orders a value and a text that stands for one of its type.
func (d *dialect) compare(v any, text string) int {
	switch v := v.(type) {
	case json.Number:
		a, okA := new(big.Rat).SetString(v.String())
		b, okB := new(big.Rat).SetString(strings.TrimSpace(text))
		if !okB {
			b = new(big.Rat) // which is what SQL makes of a text that is no number
		}
		if okA {
			return a.Cmp(b)
		}
	case bool:
		if text == "1" || text == "0" {
			return strings.Compare(map[bool]string{true: "1", false: "0"}[v], text)
		}
	case string:
		if a, ok := d.moment(v); ok {
			if b, ok := d.moment(text); ok {
				return a.Compare(b)
			}
		}
	}
	return strings.Compare(d.fold(textOf(v)), d.fold(text))
}

// moment reads a time in any of the layouts.
func (d *dialect) moment(text string) (time.Time, bool) {
	for _, layout := range d.layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (d *dialect) fold(s string) string {
	if d.folded {
		return strings.ToLower(s)
	}
	return s
}

// like matches a text against a pattern with wildcards for any run and for one character.
func like(text, pattern, anyRun, one string) bool {
	t, p := []rune(text), []rune(pattern)
	run, single := []rune(anyRun), []rune(one)
	is := func(r rune, w []rune) bool { return len(w) == 1 && w[0] == r }
	i, j, star, mark := 0, 0, -1, 0
	for i < len(t) {
		switch {
		case j < len(p) && is(p[j], run):
			star, mark = j, i
			j++
		case j < len(p) && (p[j] == t[i] || is(p[j], single)):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(p) && is(p[j], run) {
		j++
	}
	return j == len(p)
}

// sorted sorts rows as asked.
func (q *query) sorted(rows []map[string]any) error {
	text, _ := q.parameters[q.sort].(string)
	if q.sort == "" || text == "" {
		return nil
	}
	name, falling := text, false
	if rest, ok := strings.CutPrefix(text, q.falling); ok && q.falling != "" {
		name, falling = rest, true
	} else {
		for _, sign := range q.ascending {
			if rest, ok := strings.CutPrefix(text, sign); ok {
				name = rest
				break
			}
		}
	}
	if !q.has(q.of, []string{name}) {
		return q.fail(q.unknown, "%s has no field %q to sort by", q.of.Name, name)
	}
	slices.SortStableFunc(rows, func(a, b map[string]any) int {
		c := q.order(a[name], b[name])
		if falling {
			return -c
		}
		return c
	})
	return nil
}

// order orders two values; none comes first.
func (d *dialect) order(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return d.compare(a, textOf(b))
}

// thinned leaves the fields that are asked for, and with them those that always have a value, at zero.
func (q *query) thinned(rows []map[string]any) ([]map[string]any, error) {
	var names []string
	for _, text := range textsOf(q.parameters[q.fields]) {
		names = append(names, strings.Split(text, q.separator)...)
	}
	if q.fields == "" || len(names) == 0 {
		return rows, nil
	}
	for _, name := range names {
		if !q.has(q.of, []string{name}) {
			return nil, q.fail(q.unknown, "%s has no field %q to give", q.of.Name, name)
		}
	}
	out := make([]map[string]any, len(rows))
	for i, row := range rows {
		out[i] = map[string]any{}
		for name, zero := range q.of.always {
			out[i][name] = zero
		}
		for _, name := range names {
			if v, ok := row[name]; ok {
				out[i][name] = v
			}
		}
	}
	return out, nil
}
