package backend

import (
	"strings"

	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// relate points the foreign keys of a made-up row at first rows of other collections, and puts such rows in the place of objects that the
// document describes as them. n is the row's number, so that rows share them out.
func (w *World) relate(c *Collection, value map[string]any, n int) {
	for _, p := range distinct(c.Row) {
		old, has := value[p.Name]
		if !has || old == nil || c.own(p.Name) {
			continue
		}
		switch {
		case scalar(p.Schema):
			if other := w.foreign(c, p.Name); other != nil {
				w.point(c, value, p.Name, other, n)
			}
		case object(p.Schema) && sample.Items(p.Schema) == nil:
			if other := w.rowsLike(c, p.Name, p.Schema); other != nil {
				w.embed(value, p, other, n)
			}
		}
	}
}

// own tells that a property is the row's key or holds a parent.
func (c *Collection) own(name string) bool {
	if len(c.Key) == 1 && c.Key[0] == name {
		return true
	}
	for _, p := range c.parents {
		if p.property == name {
			return true
		}
	}
	return false
}

// foreign is the collection that a property named as a key of it points at, such as ownerId at /owners; nil if there is none.
func (w *World) foreign(c *Collection, name string) *Collection {
	called := plain(name)
	for _, suffix := range []string{"uuid", "id", "guid", "key"} {
		if stem, ok := strings.CutSuffix(called, suffix); ok && stem != "" {
			for _, g := range w.model.byNoun[stem] {
				if other := w.model.collection(g); other != nil && other != c && len(other.parents) == 0 && len(other.Key) == 1 &&
					(plain(other.Key[0]) == suffix || plain(other.Key[0]) == called) {
					return other
				}
			}
			return nil
		}
	}
	return nil
}

// rowsLike is the collection whose rows a property's object is described as; nil if there is none.
func (w *World) rowsLike(c *Collection, name string, s *schema.Schema) *Collection {
	for _, stem := range []string{singular(plain(name)), plain(origin(s).Name)} {
		for _, g := range w.model.byNoun[stem] {
			other := w.model.collection(g)
			if other != nil && other != c && len(other.parents) == 0 && same(s, other.Row) {
				return other
			}
		}
	}
	return nil
}

// point puts the key of a first row of other into a property.
func (w *World) point(c *Collection, value map[string]any, name string, other *Collection, n int) {
	if rows := w.unrelated(other).rows; len(rows) > 0 {
		put(value, []string{name}, rows[n%len(rows)].key, c.Row)
	}
}

// embed puts a first row of other into a property, where it is valid there.
func (w *World) embed(value map[string]any, p schema.Property, other *Collection, n int) {
	rows := w.unrelated(other).rows
	if len(rows) == 0 {
		return
	}
	if r := rows[n%len(rows)].object(); p.Schema.Valid(r, schema.Response) {
		value[p.Name] = clone(r)
	}
}
