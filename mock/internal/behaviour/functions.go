package behaviour

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what old APIs sign with
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"strconv"
	"time"

	"standin/mock/internal/expr"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// arities are the functions that programs have here beside those of package expr:
//
//	row(collection, key)                        the row of a key, null if there is none
//	rows(collection)                            all rows
//	where(collection, property, value)          those whose property equals a value
//	branch(collection, property, key)           the row of the key, those whose property names it, those that name these, and so on
//	append(list, value)                         a list with one more element
//	merge(a, b)                                 an object with the properties of both, b's where they share one
//	nest(rows, key, parent, row, children)      rows as trees: objects {row: …, parent: …, children: […]}
//	typed(place, value, collection)             the types of the objects in a value, by place: x-mock.type of their schemas
//	time(t)                                     a time as x-mock.times writes it
//	moment(text)                                the reverse of it; also moment(text, layout, {ZONE: "+08:00"})
//	hmac(algorithm, key, text)                  a signature in base64; sha1, sha256 or sha512
//	digest(algorithm, text)                     a digest in hex
func arities() map[string]expr.Arity {
	return map[string]expr.Arity{
		"row": {Least: 2, Most: 2}, "rows": {Least: 1, Most: 1}, "where": {Least: 3, Most: 3}, "branch": {Least: 3, Most: 3},
		"append": {Least: 2, Most: 2}, "merge": {Least: 2, Most: 2},
		"nest": {Least: 5, Most: 5}, "typed": {Least: 3, Most: 3}, "time": {Least: 1, Most: 1}, "moment": {Least: 1, Most: 3},
		"hmac": {Least: 3, Most: 3}, "digest": {Least: 2, Most: 2},
	}
}

// functions are what the functions do in a run.
func (r *run) functions() map[string]func([]any) (any, error) {
	return map[string]func([]any) (any, error){
		"row": r.row, "rows": r.rows, "where": r.where, "branch": r.branch, "append": appended, "merge": merge, "nest": nest, "typed": r.typed, "time": r.time, "moment": r.moment,
		"hmac": signature, "digest": digest,
	}
}

// collection is the one that a function is given by name.
func (r *run) collection(v any) (*Collection, error) {
	name, _ := v.(string)
	c := r.collections[name]
	if c == nil {
		return nil, fmt.Errorf("there is no collection %q", name)
	}
	if r.world == nil {
		return nil, errors.New("no rows are kept here")
	}
	return c, nil
}

func (r *run) row(args []any) (any, error) {
	c, err := r.collection(args[0])
	if err != nil {
		return nil, err
	}
	row, ok := rowIn(r.world, c, keyText(args[1]))
	if !ok {
		return nil, nil
	}
	return r.computed(c, row)
}

// computed is a row with what is worked out when it is read.
func (r *run) computed(c *Collection, row map[string]any) (map[string]any, error) {
	if len(c.computed) == 0 {
		return row, nil
	}
	out := maps.Clone(row)
	before := r.scope.Value("row")
	defer r.scope.Set("row", before)
	r.scope.Set("row", row)
	for _, one := range c.computed {
		v, err := one.value.Run(r.scope)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[one.name] = v
		}
	}
	return out, nil
}

func (r *run) rows(args []any) (any, error) {
	c, err := r.collection(args[0])
	if err != nil {
		return nil, err
	}
	return listOf(rowsIn(r.world, c)), nil
}

func listOf(rows []map[string]any) []any {
	out := make([]any, len(rows))
	for i, row := range rows {
		out[i] = row
	}
	return out
}

func (r *run) where(args []any) (any, error) {
	c, err := r.collection(args[0])
	if err != nil {
		return nil, err
	}
	property, _ := args[1].(string)
	out := []any{}
	for _, row := range rowsIn(r.world, c) {
		if v := row[property]; v == args[2] && comparable(v) {
			out = append(out, row)
		}
	}
	return out, nil
}

// comparable tells whether == compares a value of JSON.
func comparable(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

func (r *run) branch(args []any) (any, error) {
	c, err := r.collection(args[0])
	if err != nil {
		return nil, err
	}
	property, _ := args[1].(string)
	children := map[string][]map[string]any{}
	for _, row := range rowsIn(r.world, c) {
		above := keyText(row[property])
		children[above] = append(children[above], row)
	}
	out, seen := []any{}, map[string]bool{"": true}
	top, ok := rowIn(r.world, c, keyText(args[2]))
	if !ok {
		return out, nil
	}
	for next := []map[string]any{top}; len(next) > 0; next = next[1:] {
		key := keyText(next[0][c.Key])
		if seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, next[0])
		next = append(next, children[key]...)
	}
	return out, nil
}

func appended(args []any) (any, error) {
	list, ok := args[0].([]any)
	if !ok {
		return nil, errors.New("a list is needed")
	}
	return append(list[:len(list):len(list)], args[1]), nil
}

func merge(args []any) (any, error) {
	a, okA := args[0].(map[string]any)
	b, okB := args[1].(map[string]any)
	if !okA || !okB {
		return nil, errors.New("two objects are needed")
	}
	out := make(map[string]any, len(a)+len(b))
	maps.Copy(out, a)
	maps.Copy(out, b)
	return out, nil
}

// nest makes trees of rows: each names the one above it. Rows whose parent is not among them are roots.
func nest(args []any) (any, error) {
	list, ok := args[0].([]any)
	names := make([]string, 4)
	for i := range names {
		name, isText := args[i+1].(string)
		names[i], ok = name, ok && isText
	}
	if !ok {
		return nil, errors.New("a list and four names are needed")
	}
	known, children, roots := map[string]bool{}, map[string][]map[string]any{}, []map[string]any{}
	for _, one := range list {
		row, _ := one.(map[string]any)
		known[keyText(row[names[0]])] = true
	}
	for _, one := range list {
		row, _ := one.(map[string]any)
		if above := keyText(row[names[1]]); above != "" && known[above] {
			children[above] = append(children[above], row)
		} else {
			roots = append(roots, row)
		}
	}
	var grow func(rows []map[string]any) []any
	grow = func(rows []map[string]any) []any {
		out := make([]any, len(rows))
		for i, row := range rows {
			below := children[keyText(row[names[0]])]
			delete(children, keyText(row[names[0]])) // so that a circle ends
			leaf := map[string]any{names[2]: row, names[3]: grow(below)}
			if above := row[names[1]]; above != nil {
				leaf[names[1]] = above
			}
			out[i] = leaf
		}
		return out
	}
	return grow(roots), nil
}

// typed names the type of each object in a value, by its place, as the schemas of a collection's rows tell.
func (r *run) typed(args []any) (any, error) {
	name, _ := args[2].(string)
	c := r.collections[name]
	place, isText := args[0].(string)
	if c == nil || !isText {
		return nil, fmt.Errorf("a place and a collection are needed, and there is no collection %q", name)
	}
	out := map[string]any{}
	var walk func(place string, v any, s *schema.Schema, depth int)
	walk = func(place string, v any, s *schema.Schema, depth int) {
		if depth > 200 {
			return
		}
		switch v := v.(type) {
		case []any:
			for i, one := range v {
				walk(place+"["+strconv.Itoa(i)+"]", one, s, depth+1)
			}
		case map[string]any:
			if t := typeOf(s); t != "" {
				out[place] = t
			}
			for _, p := range sample.Properties(s) {
				inner := p.Schema
				if items := sample.Items(inner); items != nil {
					inner = items
				}
				if v[p.Name] != nil {
					walk(place+"."+p.Name, v[p.Name], inner, depth+1)
				}
			}
		}
	}
	walk(place, shown(args[1]), c.Row, 0)
	return out, nil
}

// typeOf is x-mock.type of a schema, or of what it refers to.
func typeOf(s *schema.Schema) string {
	for range 10 {
		if s == nil {
			return ""
		}
		if t := s.Node.Get("x-mock").Get("type").Text(); t != "" {
			return t
		}
		s = s.Ref
	}
	return ""
}

func (r *run) time(args []any) (any, error) {
	text, _ := args[0].(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil, fmt.Errorf("%q is no time", text)
	}
	return t.UTC().Format(r.layout), nil
}

func (r *run) moment(args []any) (any, error) {
	text, _ := args[0].(string)
	layout := r.layout
	if len(args) > 1 {
		layout, _ = args[1].(string)
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return nil, nil // as of a text that is no time
	}
	if len(args) > 2 {
		zones, _ := args[2].(map[string]any)
		name, offset := t.Zone()
		if shift, ok := zones[name].(string); ok && offset == 0 {
			at, err := time.Parse("-07:00", shift)
			if err != nil {
				return nil, fmt.Errorf("%q is no offset, such as +08:00", shift)
			}
			_, seconds := at.Zone()
			t = t.Add(-time.Duration(seconds) * time.Second)
		}
	}
	return t.UTC().Format(time.RFC3339Nano), nil
}

func hashOf(algorithm any) (func() hash.Hash, error) {
	switch algorithm {
	case "sha1":
		return sha1.New, nil
	case "sha256":
		return sha256.New, nil
	case "sha512":
		return sha512.New, nil
	}
	return nil, errors.New("the algorithm is sha1, sha256 or sha512")
}

func signature(args []any) (any, error) {
	h, err := hashOf(args[0])
	key, okKey := args[1].(string)
	text, okText := args[2].(string)
	if err != nil || !okKey || !okText {
		return nil, errors.Join(err, errors.New("a key and a text are needed"))
	}
	m := hmac.New(h, []byte(key))
	_, _ = m.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(m.Sum(nil)), nil
}

func digest(args []any) (any, error) {
	h, err := hashOf(args[0])
	text, ok := args[1].(string)
	if err != nil || !ok {
		return nil, errors.Join(err, errors.New("a text is needed"))
	}
	m := h()
	_, _ = m.Write([]byte(text))
	return hex.EncodeToString(m.Sum(nil)), nil
}

// number is a whole number as a value of JSON.
func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }
