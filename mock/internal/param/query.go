package param

import (
	"slices"
	"strings"
)

// maxPairs is the largest number of names and values in one query, cookie header or form.
const maxPairs = 10_000

// Query is a query string, or a form, split into its pairs. It remembers which of them a parameter has taken, so it serves one
// request in one goroutine.
type Query struct {
	pairs []pair
	few   [8]pair
}

// pair is one name and its raw value.
type pair struct {
	name, raw string
	// bare tells that no equals sign followed the name.
	bare bool
	used bool
}

// ParseQuery splits a raw query string (without its question mark) at ampersands (URL Standard, 5.1). Names are decoded,
// values are not yet. An *[Error] tells of more than 10,000 pairs, or of a name whose percent-encoding is wrong; such a
// name stays as it is, and the rest can be used.
func ParseQuery(raw string) (*Query, error) {
	q := &Query{}
	return q, q.Parse(raw)
}

// Parse is [ParseQuery] into a Query that has served its request; what it held is forgotten.
func (q *Query) Parse(raw string) error {
	clear(q.pairs)
	if q.pairs = q.pairs[:0]; cap(q.pairs) == 0 {
		q.pairs = q.few[:0]
	}
	var first error
	for rest := raw; rest != ""; {
		var one string
		one, rest, _ = strings.Cut(rest, "&")
		if one == "" {
			continue
		}
		if len(q.pairs) == maxPairs {
			return fault(TooComplex, "must not have more than %d parameters", maxPairs)
		}
		name, value, found := strings.Cut(one, "=")
		decoded, err := percentPlus(name)
		if err != nil {
			decoded = name
			if first == nil {
				first = fault(BadEncoding, "the name %q %s", clip(name), err)
			}
		}
		q.pairs = append(q.pairs, pair{name: decoded, raw: value, bare: !found})
	}
	return first
}

// Get gives the first value of that name, and marks all of them as taken. Bad percent-encoding leaves it as it is.
func (q *Query) Get(name string) (value string, present bool) {
	for i := range q.pairs {
		p := &q.pairs[i]
		if p.name != name {
			continue
		}
		p.used = true
		if present {
			continue
		}
		present = true
		var err error
		if value, err = percentPlus(p.raw); err != nil {
			value = p.raw
		}
	}
	return value, present
}

// Use marks a name as taken, for those that the mock itself or a security scheme reads.
func (q *Query) Use(name string) {
	for i := range q.pairs {
		if q.pairs[i].name == name {
			q.pairs[i].used = true
		}
	}
}

// UsePrefix is [Query.Use] for all names that begin so.
func (q *Query) UsePrefix(prefix string) {
	for i := range q.pairs {
		if strings.HasPrefix(q.pairs[i].name, prefix) {
			q.pairs[i].used = true
		}
	}
}

// Unused lists the names that nobody took, each once, in order of appearance.
func (q *Query) Unused() []string {
	var names []string
	for _, p := range q.pairs {
		if !p.used && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
		if len(names) == 100 {
			break
		}
	}
	return names
}

// only gives the one pair of that name; count is how many there are.
func only(pairs []pair, name string) (at *pair, count int) {
	for i := range pairs {
		if pairs[i].name == name {
			if count++; count == 1 {
				at = &pairs[i]
			}
			pairs[i].used = true
		}
	}
	return at, count
}

// texts decodes every value of that name.
func texts(pairs []pair, name string, decode unescaper) ([]string, error) {
	var out []string
	for i := range pairs {
		if pairs[i].name != name {
			continue
		}
		pairs[i].used = true
		text, err := decode(pairs[i].raw)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// tree gathers the pairs whose names are name, or name and brackets. present is false if there are none.
func tree(pairs []pair, name string, decode unescaper) (root *node, present bool, err error) {
	root = &node{}
	for i := range pairs {
		p := &pairs[i]
		if p.used || !strings.HasPrefix(p.name, name) || len(p.name) > len(name) && p.name[len(name)] != '[' {
			continue
		}
		head, path, ok := brackets(p.name[len(name):])
		if !ok || head != "" {
			continue
		}
		p.used, present = true, true
		if err := put(root, path, p.raw, decode); err != nil {
			return nil, true, err
		}
	}
	return root, present, nil
}

// put decodes a value and inserts it below root.
func put(root *node, path []string, raw string, decode unescaper) error {
	if len(path) > maxDepth {
		return fault(TooComplex, "must not be nested deeper than %d levels", maxDepth)
	}
	text, err := decode(raw)
	if err != nil {
		for i := len(path) - 1; i >= 0; i-- {
			err = within(err, path[i])
		}
		return err
	}
	root.insert(path, text)
	return nil
}
