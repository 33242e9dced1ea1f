package portal

import (
	"maps"
	"slices"
	"strings"

	"standin/mock/schema"
)

// typeWord names a type as readers of code do: String, Long, List<Snapshot>, Map<String, Integer>.
func (w *view) typeWord(sh *shape, depth int) string {
	switch {
	case sh.typeName != "":
		return sh.typeName
	case sh.never:
		return w.T("type.never")
	case depth > 4:
		return "…"
	case sh.isList():
		if items := sh.items(); len(items) > 0 {
			return "List<" + w.typeWord(shapeOf(items...), depth+1) + ">"
		}
		return "List"
	case sh.isObject() && sh.name != "":
		return sh.name
	}
	if word := w.choiceWord(sh, depth); word != "" {
		return word
	}
	types := sh.types &^ schema.NullType
	switch {
	case sh.types == schema.NullType:
		return "Null"
	case types == 0 && sh.isObject() || types == schema.ObjectType:
		return w.objectWord(sh, depth)
	case types == 0:
		return w.untypedWord(sh)
	}
	var names []string
	for _, t := range []schema.TypeSet{
		schema.StringType, schema.IntegerType, schema.NumberType, schema.BooleanType, schema.ArrayType, schema.ObjectType,
	} {
		if types&t == 0 || t == schema.IntegerType && types&schema.NumberType != 0 {
			continue
		}
		names = append(names, scalarWord(t, sh))
	}
	return strings.Join(names, " | ")
}

// isObject tells that the shape describes members.
func (sh *shape) isObject() bool {
	if types := sh.types &^ schema.NullType; types != 0 {
		return types == schema.ObjectType
	}
	return len(sh.properties) > 0 || len(sh.values()) > 0
}

// objectWord is the word for an object without a name of its own.
func (w *view) objectWord(sh *shape, depth int) string {
	values := sh.values()
	if len(sh.properties) > 0 || len(values) == 0 {
		return "Object"
	}
	if !telling(values) {
		return "Map<String, " + w.T("type.any") + ">"
	}
	return "Map<String, " + w.typeWord(shapeOf(values...), depth+1) + ">"
}

// choiceWord is the word for a choice between schemas: its name, else the words of the alternatives.
func (w *view) choiceWord(sh *shape, depth int) string {
	for _, g := range sh.groups {
		if _, ok := g.requirements(); ok || len(sh.properties) > 0 {
			continue
		}
		if sh.name != "" {
			return sh.name
		}
		var names []string
		for _, s := range g.alternatives {
			name := w.typeWord(shapeOf(s), depth+2)
			if name != "Null" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if len(names) > 4 {
			names = append(names[:3], "…")
		}
		return strings.Join(names, " | ")
	}
	return ""
}

// untypedWord is the word for a schema that names no type: that of its values, where they are listed.
func (w *view) untypedWord(sh *shape) string {
	for _, s := range sh.parts {
		if len(s.Enum) > 0 || s.HasConst {
			values := s.Enum
			if s.HasConst {
				values = []any{s.Const}
			}
			if _, ok := values[0].(string); ok {
				return "String"
			}
		}
		if s.Format != "" || s.Pattern != nil || s.MaxLength >= 0 || s.MinLength > 0 {
			return "String"
		}
	}
	return w.T("type.any")
}

// scalarWord is the word for one JSON type, by its format where that says more.
func scalarWord(t schema.TypeSet, sh *shape) string {
	format := sh.first(func(s *schema.Schema) string { return s.Format })
	switch t {
	case schema.StringType:
		if format == "binary" {
			return "Binary"
		}
		return "String"
	case schema.IntegerType:
		if format == "int64" || format == "long" {
			return "Long"
		}
		return "Integer"
	case schema.NumberType:
		switch format {
		case "float":
			return "Float"
		case "double":
			return "Double"
		}
		return "Number"
	case schema.BooleanType:
		return "Boolean"
	case schema.ArrayType:
		return "List"
	}
	return "Object"
}

// toldByType are the formats that the type word tells already.
var toldByType = []string{"int64", "int32", "long", "float", "double", "binary", "string", "integer", "number", "boolean"}

// constraints are the rules that a shape makes for values, those of list items included where they have no row of their own.
func (w *view) constraints(sh *shape) []Constraint {
	c := &constrainer{view: w, seen: map[string]bool{}}
	for _, s := range sh.parts {
		c.schema(s)
	}
	for _, g := range sh.groups {
		if sets, ok := g.requirements(); ok {
			c.code("is.needs."+g.kind, sets...)
		}
		if g.discriminator != nil {
			c.code("is.discriminator", g.discriminator.PropertyName)
		}
	}
	if sh.closed() {
		c.words("is.closed")
	}
	c.unlisted(sh)
	if layers := sh.layers(); len(layers) > 1 {
		of := &constrainer{view: w, seen: c.seen}
		for _, layer := range layers[1:] {
			for _, s := range layer.parts {
				of.schema(s)
			}
		}
		for _, item := range of.list {
			item.Word = w.T("label.items") + ": " + item.Word
			c.list = append(c.list, item)
		}
	}
	return c.list
}

type constrainer struct {
	view *view
	list []Constraint
	seen map[string]bool
}

func (c *constrainer) code(key string, values ...string) { c.add(c.view.T(key), true, values...) }

func (c *constrainer) words(key string, values ...string) { c.add(c.view.T(key), false, values...) }

// add notes a rule once, however many parts repeat it.
func (c *constrainer) add(word string, code bool, values ...string) {
	key := word + "\x00" + strings.Join(values, "\x00")
	if !c.seen[key] {
		c.seen[key] = true
		c.list = append(c.list, Constraint{Word: word, Values: values, Code: code})
	}
}

// unlisted tells of names that are demanded and yet described nowhere.
func (c *constrainer) unlisted(sh *shape) {
	listed := map[string]bool{}
	for _, p := range sh.properties {
		listed[p.name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(sh.required)) {
		if !listed[name] {
			c.code("is.needs", name)
		}
	}
}
