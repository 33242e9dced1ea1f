package backend

import (
	"slices"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// place is where an answer or a body holds rows: names that lead there from its top, and what the document says of one row.
type place struct {
	path []string
	row  *schema.Schema
}

// envelopes are what properties that hold a list are called when they are not called as the collection.
func envelopeNames() []string {
	return []string{
		"data", "items", "results", "result", "values", "value", "records", "entries", "list", "content", "contents", "rows", "objects",
		"resources", "resource", "nodes", "elements", "response", "payload", "object", "item", "attributes", "params",
	}
}

// listIn finds the list of rows in an answer: the answer itself, else a property called as the collection or as envelopes are, else
// the only list of objects, which may stand one level deeper. known is the row as other answers have it, nil if none does.
func listIn(s *schema.Schema, name string, known *schema.Schema) (place, bool) {
	if items := sample.Items(s); items != nil {
		return place{nil, items}, object(items) || known == nil && scalar(items)
	}
	var lists []place
	for _, p := range distinct(s) {
		if items := sample.Items(p.Schema); items != nil && object(items) {
			lists = append(lists, place{[]string{p.Name}, items})
		}
	}
	if len(lists) == 0 {
		return deeperList(s, name, known)
	}
	if best := preferred(lists, name, known); best >= 0 {
		return lists[best], true
	}
	return place{}, false
}

// deeperList looks one level down, as for {"data": {"items": […]}} and {"_embedded": {"orders": […]}}.
func deeperList(s *schema.Schema, name string, known *schema.Schema) (place, bool) {
	var found []place
	for _, p := range distinct(s) {
		if !object(p.Schema) || sample.Items(p.Schema) != nil {
			continue
		}
		var lists []place
		for _, inner := range distinct(p.Schema) {
			if items := sample.Items(inner.Schema); items != nil && object(items) {
				lists = append(lists, place{[]string{p.Name, inner.Name}, items})
			}
		}
		if best := preferred(lists, name, known); best >= 0 && (p.Name == "_embedded" || slices.Contains(envelopeNames(), plain(p.Name))) {
			found = append(found, lists[best])
		}
	}
	if len(found) != 1 {
		return place{}, false
	}
	return found[0], true
}

// preferred chooses between lists, or rows, in one envelope; -1 if it cannot be told which is meant.
func preferred(found []place, name string, known *schema.Schema) int {
	named := func(test func(plain string) bool) int {
		return slices.IndexFunc(found, func(l place) bool { return test(plain(l.path[len(l.path)-1])) })
	}
	if known != nil {
		if i := slices.IndexFunc(found, func(l place) bool { return same(l.row, known) }); i >= 0 {
			return i
		}
	}
	if i := named(func(n string) bool { return singular(n) == name }); i >= 0 {
		return i
	}
	for _, usual := range envelopeNames() {
		if i := named(func(n string) bool { return n == usual }); i >= 0 {
			return i
		}
	}
	if len(found) == 1 {
		return 0
	}
	return -1
}

// rowIn finds the one row in an answer or body: the answer itself, or the object in an envelope around it. keys may name the row.
func rowIn(s *schema.Schema, name string, known *schema.Schema, keys []string) (place, bool) {
	if s == nil || !object(s) {
		return place{}, false
	}
	if known != nil && same(s, known) {
		return place{nil, s}, true
	}
	var rows []place
	for _, p := range distinct(s) {
		if object(p.Schema) && sample.Items(p.Schema) == nil {
			rows = append(rows, place{[]string{p.Name}, p.Schema})
		}
	}
	if known != nil {
		if i := slices.IndexFunc(rows, func(l place) bool { return same(l.row, known) }); i >= 0 && overlap(s, known) < 0.5 {
			return rows[i], true
		}
	}
	if keyOf(s, keys) != nil || len(rows) == 0 {
		return place{nil, s}, true
	}
	if i := preferred(rows, name, known); i >= 0 && wraps(s, rows[i], name, keys) {
		return rows[i], true
	}
	return place{nil, s}, true
}

// wraps tells that an object is the envelope of a row in it: the row has a key, and is called as envelopes or as the collection are.
func wraps(s *schema.Schema, inner place, name string, keys []string) bool {
	called := plain(inner.path[len(inner.path)-1])
	usual := called == name || slices.Contains(envelopeNames(), called)
	return usual && (keyOf(inner.row, keys) != nil || len(distinct(s)) == 1)
}

// keyOf finds the property that tells rows apart, by its likely names; nil if there is none. It may stand in metadata, as those of
// Kubernetes do.
func keyOf(s *schema.Schema, names []string) []string {
	properties := distinct(s)
	for _, name := range names {
		for _, p := range properties {
			if plain(p.Name) == name && scalar(p.Schema) {
				return []string{p.Name}
			}
		}
		for _, p := range properties {
			if p.Name != "metadata" {
				continue
			}
			for _, inner := range distinct(p.Schema) {
				if plain(inner.Name) == name && scalar(inner.Schema) {
					return []string{p.Name, inner.Name}
				}
			}
		}
	}
	return nil
}

// keyNames are what the key of a collection's rows may be called, the likeliest first: the parameter of the path, that without the
// collection's name, and the usual ones.
func keyNames(parameter, noun string) []string {
	name := plain(parameter)
	out := []string{name}
	add := func(n string) {
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	if rest, ok := cutPrefixFold(name, noun); ok {
		add(rest)
	}
	for _, suffix := range []string{"uuid", "id", "slug", "key", "name", "code", "number"} {
		if len(name) > len(suffix) && name[len(name)-len(suffix):] == suffix {
			add(suffix)
			break
		}
	}
	for _, usual := range []string{"id", "uuid", "guid", "uid"} {
		add(usual)
	}
	if noun != "" {
		add(noun + "id")
		add(noun + "uuid")
	}
	return out
}

func cutPrefixFold(name, prefix string) (string, bool) {
	if prefix == "" || len(name) <= len(prefix) || name[:len(prefix)] != prefix {
		return "", false
	}
	return name[len(prefix):], true
}

// distinct are the properties of a schema, each name once.
func distinct(s *schema.Schema) []schema.Property {
	var out []schema.Property
	for _, p := range sample.Properties(s) {
		if !slices.ContainsFunc(out, func(q schema.Property) bool { return q.Name == p.Name }) {
			out = append(out, p)
		}
	}
	return out
}

// property is one of a schema by name, nil if it lists none such.
func property(s *schema.Schema, name string) *schema.Schema {
	for _, p := range sample.Properties(s) {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// object tells whether a schema describes objects of some shape.
func object(s *schema.Schema) bool { return s != nil && len(sample.Properties(s)) > 0 }

// scalar tells whether values of a schema can be written in a path.
func scalar(s *schema.Schema) bool {
	if s == nil || object(s) || sample.Items(s) != nil {
		return false
	}
	t := typesOf(s)
	return t == 0 || t&(schema.StringType|schema.IntegerType|schema.NumberType) != 0
}

// typesOf are the types that a schema names itself, or else the first that it refers to or combines.
func typesOf(s *schema.Schema) schema.TypeSet {
	seen := 0
	for s != nil && seen < 20 {
		if s.Types != 0 {
			return s.Types
		}
		seen++
		switch {
		case s.Ref != nil:
			s = s.Ref
		case len(s.AllOf) > 0:
			s = s.AllOf[0]
		case len(s.OneOf) > 0:
			s = s.OneOf[0]
		case len(s.AnyOf) > 0:
			s = s.AnyOf[0]
		default:
			return 0
		}
	}
	return 0
}

// same tells whether two schemas are one, by reference or name; those of unlike names that list nearly the same properties are too.
func same(a, b *schema.Schema) bool {
	a, b = origin(a), origin(b)
	if a == nil || b == nil {
		return false
	}
	return a == b || a.Name != "" && a.Name == b.Name
}

// origin follows a schema that is nothing but a reference, or an allOf of one.
func origin(s *schema.Schema) *schema.Schema {
	for range 20 {
		switch {
		case s == nil:
			return nil
		case s.Ref != nil && len(s.Properties) == 0 && len(s.AllOf) == 0:
			s = s.Ref
		case len(s.AllOf) == 1 && len(s.Properties) == 0 && s.Name == "":
			s = s.AllOf[0]
		default:
			return s
		}
	}
	return s
}

// overlap is the part of a's properties that b lists too, from 0 to 1; however their names are written.
func overlap(a, b *schema.Schema) float64 {
	of := distinct(a)
	if len(of) == 0 {
		return 0
	}
	names := map[string]bool{}
	for _, p := range distinct(b) {
		names[plain(p.Name)] = true
	}
	n := 0
	for _, p := range of {
		if names[plain(p.Name)] {
			n++
		}
	}
	return float64(n) / float64(len(of))
}

// success is what an operation answers when all is well, as JSON: its status and schema; the schema is nil where the answer has no
// JSON body.
func success(op *contract.Operation) (status int, t *contract.MediaType) {
	for _, r := range op.Responses().All {
		if r.Status[0] != '2' {
			continue
		}
		return sample.Status(r), jsonOf(r.Content)
	}
	if d := op.Responses().Default; d != nil && len(op.Responses().All) == 1 {
		return 200, jsonOf(d.Content)
	}
	return 0, nil
}

// jsonOf is the first documented body that can be JSON.
func jsonOf(content []*contract.MediaType) *contract.MediaType {
	for _, m := range content {
		if t, err := media.Parse(m.Range); err == nil && (t.IsJSON() || t.Wild()) {
			return m
		}
	}
	return nil
}
