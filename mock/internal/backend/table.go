package backend

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// row is one row of a collection: what names it in a path, and what it is.
type row struct {
	key    string
	value  map[string]any // see object
	text   []byte         // value as JSON
	seeded bool           // a fixture put it there
	made   bool           // it was made up, so that what it points at is for us to say
	proven bool           // text is what the document says of a row
}

// object is the row as a value, which must not be changed. It is read from the text when somebody asks.
func (r *row) object() map[string]any {
	if r.value == nil {
		v, err := source.DecodeJSON(r.text, source.Limits{})
		value, ok := v.(map[string]any)
		if err != nil || !ok {
			value = map[string]any{}
		}
		r.value = value
	}
	return r.value
}

// table is the first rows of a collection below certain parents. It is immutable.
type table struct {
	rows  []row
	byKey map[string]int
	next  int // a number above all keys that are numbers
}

func newTable() *table { return &table{byKey: map[string]int{}, next: 1} }

// add adds a row unless its key is taken.
func (t *table) add(r row) bool {
	if _, taken := t.byKey[r.key]; taken || r.key == "" {
		return false
	}
	t.byKey[r.key] = len(t.rows)
	t.rows = append(t.rows, r)
	return true
}

// How many first rows are made up where neither fixtures nor examples give any.
const (
	firstRows  = 12
	nestedRows = 4
	// pagedRows make a second page worth asking for.
	pagedRows = 25
)

// mostTables bounds the tables of nested collections that are kept.
const mostTables = 4096

// base gives the first rows of a collection below the values of its parents. Rows point at first rows of other collections, and
// embed them.
func (w *World) base(c *Collection, parents []string) *table {
	id := c.Path + "\x00" + strings.Join(parents, "\x00")
	if known, ok := w.tables.Load(id); ok {
		return known.(*table)
	}
	t := newTable()
	for i, r := range w.rowsOf(c, parents).rows {
		if r.made {
			r.value = clone(r.value)
			w.relate(c, r.value, i)
			r.text = w.write(c, r.value)
		}
		r.proven = c.Row == nil || c.Row.Accept(r.text, schema.Response)
		t.add(r)
	}
	t.next = t.nextNumber()
	if w.kept.Add(1) > mostTables && len(parents) > 0 {
		w.kept.Add(-1)
		return t
	}
	known, _ := w.tables.LoadOrStore(id, t)
	return known.(*table)
}

// rowsOf are the rows that base begins with.
func (w *World) rowsOf(c *Collection, parents []string) *table {
	if len(c.parents) == 0 {
		return w.unrelated(c)
	}
	return w.plainRows(c, parents)
}

// plainRows are the first rows before they point at each other: fixtures, else examples, else generated.
func (w *World) plainRows(c *Collection, parents []string) *table {
	t := newTable()
	fixed, generate, isFixed := w.fixed(c, parents)
	for _, value := range fixed {
		r := w.admit(c, value, parents)
		r.seeded = true
		t.add(r)
	}
	if isFixed && generate == 0 || c.declared {
		return t
	}
	if !isFixed {
		for _, r := range w.examples(c, parents) {
			t.add(r)
		}
		if generate = w.wanted(c, parents) - len(t.rows); t.listed(w, c) {
			generate = 0
		}
	}
	named := w.named(c)
	for i, tries := 0, 0; i < generate && tries < 3*generate+10; tries++ {
		value, ok := w.generate(c, parents, tries)
		if !ok {
			break
		}
		if i < len(named) {
			w.setKey(c, value, named[i])
		}
		r := w.admit(c, value, parents)
		r.made = true
		if t.add(r) {
			i++
		}
	}
	return t
}

// unrelated are the first rows of a collection without parents, before they point at each other.
func (w *World) unrelated(c *Collection) *table {
	if known, ok := w.plainTables.Load(c); ok {
		return known.(*table)
	}
	known, _ := w.plainTables.LoadOrStore(c, w.plainRows(c, nil))
	return known.(*table)
}

// listed tells that the rows are those of an example of the list, which is the whole collection then.
func (t *table) listed(w *World, c *Collection) bool { return len(t.rows) > 0 && w.hasListExample(c) }

// wanted is how many rows a collection begins with.
func (w *World) wanted(c *Collection, parents []string) int {
	if c.alone {
		return 1
	}
	if len(parents) > 0 {
		return nestedRows
	}
	if op := w.model.groups[c.Path].on["GET"]; op != nil {
		if r := w.model.Role(op); r != nil && (r.Paging.Page != "" || r.Paging.Offset != "" || r.Paging.Cursor != "") {
			return pagedRows
		}
	}
	return firstRows
}

// fixed are the rows that a fixture gives; ok tells that there is one.
func (w *World) fixed(c *Collection, parents []string) (rows []map[string]any, generate int, ok bool) {
	for _, f := range w.fixtures {
		if strings.TrimRight(f.Path, "/") != c.Path {
			continue
		}
		ok = true
		generate += f.Generate
		for _, n := range f.Rows {
			value, isObject := n.Value().(map[string]any)
			if isObject && c.belongs(value, parents) {
				rows = append(rows, clone(value))
			}
		}
	}
	return rows, generate, ok
}

// belongs tells whether a row stands below certain parents: it does not name others.
func (c *Collection) belongs(value map[string]any, parents []string) bool {
	for i, p := range c.parents {
		if v, has := value[p.property]; p.property != "" && has && i < len(parents) && keyText(v) != parents[i] {
			return false
		}
	}
	return true
}

// examples are the rows that the document's own valid examples show, those of the list first.
func (w *World) examples(c *Collection, parents []string) []row {
	var out []row
	take := func(at []string, n *source.Node, list bool) {
		value := n.Value()
		for _, name := range at {
			switch v := value.(type) {
			case map[string]any:
				value = v[name]
			case []any:
				if i, err := strconv.Atoi(name); err == nil && i < len(v) {
					value = v[i]
				} else {
					value = nil
				}
			}
		}
		items := []any{value}
		if list {
			items, _ = value.([]any)
		}
		for _, item := range items {
			if object, ok := item.(map[string]any); ok && c.belongs(object, parents) {
				out = append(out, w.admit(c, clone(object), parents))
			}
		}
	}
	g := w.model.groups[c.Path]
	for _, op := range []*contract.Operation{g.on["GET"], g.item["GET"], g.on["POST"], g.item["PUT"], g.item["PATCH"]} {
		if op == nil {
			continue
		}
		r := w.model.Role(op)
		_, t := success(op)
		if r == nil || r.Collection != c || r.Answer == nil || t == nil {
			continue
		}
		for _, x := range t.Examples {
			if x.Value != nil && len(x.Violations) == 0 {
				take(r.At, x.Value, r.Kind == List)
			}
		}
	}
	return out
}

// hasListExample tells whether the document shows the collection's list.
func (w *World) hasListExample(c *Collection) bool {
	op := w.model.groups[c.Path].on["GET"]
	if op == nil {
		return false
	}
	_, t := success(op)
	return t != nil && slices.ContainsFunc(t.Examples, func(x contract.Example) bool { return x.Value != nil && len(x.Violations) == 0 })
}

// named are the keys that examples of the path's parameter name, so that the document's own requests find a row.
func (w *World) named(c *Collection) []string {
	var out []string
	add := func(v any) {
		if text := keyText(v); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	g := w.model.groups[c.Path]
	for _, op := range g.operations() {
		if g.item[op.Method] != op {
			continue
		}
		for _, p := range op.Parameters() {
			if p.In != "path" || p.Name != c.Parameter {
				continue
			}
			for _, x := range p.Examples {
				if x.Value != nil && len(x.Violations) == 0 {
					add(x.Value.Value())
				}
			}
			if p.Schema != nil {
				for _, x := range p.Schema.Examples {
					add(x.Value())
				}
			}
		}
	}
	return out
}

// generate makes up the nth row of a collection.
func (w *World) generate(c *Collection, parents []string, n int) (map[string]any, bool) {
	v, err := w.generator.Value(c.Row, fake.Options{
		Seed: w.hash(c.Path, strings.Join(parents, "/")), Direction: schema.Response, Name: noun(c.Path), Row: n + 1,
	})
	object, ok := v.(map[string]any)
	return object, ok && err == nil
}

// adopted makes up the row of a key that nobody has created or deleted.
func (w *World) adopted(c *Collection, parents []string, key string) (row, bool) {
	id := head(c, parents) + key
	if known, ok := w.strays.Load(id); ok {
		return known.(row), true
	}
	r, ok := w.adopt(c, parents, key)
	if ok {
		if w.strayed.Add(1) > mostTables { // begin anew: they can all be made again
			w.strays.Clear()
			w.strayed.Store(0)
		}
		w.strays.Store(id, r)
	}
	return r, ok
}

func (w *World) adopt(c *Collection, parents []string, key string) (row, bool) {
	v, err := w.generator.Value(c.Row, fake.Options{
		Seed: w.hash(c.Path, strings.Join(parents, "/"), "adopted", key), Direction: schema.Response, Name: noun(c.Path),
	})
	object, ok := v.(map[string]any)
	if !ok || err != nil || !w.setKey(c, object, key) {
		return row{}, false
	}
	r := w.admit(c, object, parents)
	w.relate(c, r.value, int(w.hash(key)%firstRows))
	r.key, r.text = key, w.write(c, r.value)
	return r, true
}

// admit makes a value a row below its parents.
func (w *World) admit(c *Collection, value map[string]any, parents []string) row {
	for i, p := range c.parents {
		if i < len(parents) && p.property != "" {
			put(value, []string{p.property}, parents[i], c.Row)
		}
	}
	return row{key: c.keyIn(value), value: value, text: w.write(c, value)}
}

// keyIn is the key that a row tells; for collections whose rows do not, a number made from what they say.
func (c *Collection) keyIn(value map[string]any) string {
	if c.alone {
		return singleKey
	}
	if len(c.Key) == 0 {
		h := fnv.New32a()
		text, _, _ := sample.AppendJSON(nil, value, c.Row, nil)
		_, _ = h.Write(text)
		return strconv.FormatUint(uint64(h.Sum32()), 10)
	}
	return keyText(at(value, c.Key))
}

// setKey gives a row its key, if it can have it.
func (w *World) setKey(c *Collection, value map[string]any, key string) bool {
	return len(c.Key) == 0 || put(value, c.Key, key, c.Row)
}

// put sets a property to a text, or to the number or truth that it writes, whichever the schema allows; false if none.
func put(value map[string]any, path []string, text string, s *schema.Schema) bool {
	for _, name := range path[:len(path)-1] {
		inner, ok := value[name].(map[string]any)
		if !ok {
			return false
		}
		value, s = inner, property(s, name)
	}
	name := path[len(path)-1]
	of := property(s, name)
	for _, candidate := range []any{text, json.Number(text)} {
		if n, ok := candidate.(json.Number); ok && !decimal(string(n)) {
			continue
		}
		if of == nil || of.Valid(candidate, schema.Response) {
			value[name] = candidate
			return true
		}
	}
	return false
}

// decimal tells whether a text is a whole number as JSON writes it.
func decimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > 1 && digits[0] == '0' {
		return false
	}
	return strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// at is what stands at a path in a value, nil if nothing does.
func at(value any, path []string) any {
	for _, name := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

// keyText is a key as it stands in a path.
func keyText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// clone copies a value, so that the original stays as it is.
func clone[T any](value T) T {
	var copied func(v any) any
	copied = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			out := make(map[string]any, len(v))
			for name, x := range v {
				out[name] = copied(x)
			}
			return out
		case []any:
			out := make([]any, len(v))
			for i, x := range v {
				out[i] = copied(x)
			}
			return out
		}
		return v
	}
	out, _ := copied(value).(T)
	return out
}

// write gives a row as JSON in the order of its schema's properties.
func (w *World) write(c *Collection, value map[string]any) []byte {
	text, _, _ := sample.AppendJSON(nil, value, c.Row, nil)
	return text
}

// hash makes a seed from the world's own and texts.
func (w *World) hash(texts ...string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d", w.seed)
	for _, t := range texts {
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(t))
	}
	return h.Sum64()
}
