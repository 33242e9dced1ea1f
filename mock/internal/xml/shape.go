package xml

import (
	"encoding/json"
	"slices"

	"standin/mock/schema"
)

// Bounds of the way through schemas.
const (
	mostHops  = 20
	mostParts = 1000
)

// allTypes are the types of a schema that says nothing of them.
const allTypes = schema.NullType | schema.BooleanType | schema.IntegerType | schema.NumberType | schema.StringType | schema.ArrayType | schema.ObjectType

// shape is a schema as XML looks at it: with all that applies to the same value put together.
type shape struct {
	label label
	types schema.TypeSet // never empty
	// list and object tell what an element becomes that could be several things.
	list, object bool
	prefixItems  []*schema.Schema
	items        *schema.Schema
	members      []*member
	elements     map[string][]*member // by local name
	text         *member              // the property that is the text of the element; nil for none
	alternatives []*schema.Schema     // of which one or more apply
	parts        []*schema.Schema
}

// member is a property as XML has it.
type member struct {
	// path names the property; it is longer than one where the objects around it have no node of their own.
	path     []string
	schema   *schema.Schema
	kind     schema.XMLNodeType
	name     name
	list     bool // each of its elements is one of the items
	required bool
	position schema.Position
}

// shapes remembers the shapes of schemas, under the one alternative that is taken (nil for all of them).
type shapes map[[2]*schema.Schema]*shape

func (k shapes) of(s *schema.Schema) *shape { return k.picked(s, nil) }

// picked is the shape of a schema with one of its alternatives.
func (k shapes) picked(s, alternative *schema.Schema) *shape {
	key := [2]*schema.Schema{s, alternative}
	if known := k[key]; known != nil {
		return known
	}
	sh := &shape{label: labelOf(s), types: typesOf(s, nil), parts: partsOf(s, alternative)}
	k[key] = sh
	if sh.label.position == (schema.Position{}) && s != nil && s.Node != nil {
		sh.label.position = s.Node.Position()
	}
	if alternative == nil {
		sh.alternatives = alternativesOf(s)
	} else if t := sh.types & typesOf(alternative, nil); t != 0 {
		sh.types = t
	}
	mapped := false
	for _, part := range sh.parts {
		if sh.items == nil {
			sh.items = part.Items
		}
		if sh.prefixItems == nil {
			sh.prefixItems = part.PrefixItems
		}
		mapped = mapped || len(part.PatternProperties) > 0 || part.AdditionalProperties != nil && !part.AdditionalProperties.Never
	}
	sh.members = k.membersOf(sh, nil)
	sh.index()
	known := sh.types &^ schema.NullType
	listed := sh.items != nil || len(sh.prefixItems) > 0
	sh.list = known == schema.ArrayType || known&schema.ArrayType != 0 && listed && len(sh.members) == 0
	sh.object = !sh.list && (known == schema.ObjectType || known&schema.ObjectType != 0 && (len(sh.members) > 0 || mapped))
	return sh
}

// index finds members by their elements.
func (sh *shape) index() {
	sh.elements = make(map[string][]*member, len(sh.members))
	for _, m := range sh.members {
		switch m.kind {
		case schema.XMLElement:
			sh.elements[m.name.local] = append(sh.elements[m.name.local], m)
		case schema.XMLText, schema.XMLCData:
			if sh.text == nil {
				sh.text = m
			}
		}
	}
}

// membersOf are the properties that a shape lists, each name once; those of objects without a node of their own in their place.
func (k shapes) membersOf(sh *shape, path []string) []*member {
	var out []*member
	required := map[string]bool{}
	listed := map[string]bool{}
	for _, part := range sh.parts {
		for _, name := range part.Required {
			required[name] = true
		}
	}
	for _, part := range sh.parts {
		for _, p := range part.Properties {
			if listed[p.Name] {
				continue
			}
			listed[p.Name] = true
			own := append(slices.Clone(path), p.Name)
			if labelOf(p.Schema).kind == schema.XMLNone && len(path) < mostHops {
				if of := k.of(p.Schema); of.object {
					out = append(out, k.membersOf(of, own)...)
					continue
				}
			}
			out = append(out, k.memberOf(p, own, required[p.Name]))
		}
	}
	return out
}

func (k shapes) memberOf(p schema.Property, path []string, required bool) *member {
	l := labelOf(p.Schema)
	m := &member{path: path, schema: p.Schema, kind: schema.XMLElement, name: l.name, required: required, position: l.position}
	if m.name.local == "" {
		m.name.local = elementName(p.Name)
	}
	types := typesOf(p.Schema, nil) &^ schema.NullType
	structured := types&^(schema.ArrayType|schema.ObjectType) == 0
	switch {
	case structured && types&schema.ArrayType != 0 && l.kind != schema.XMLElement:
		of := partsOf(p.Schema, nil)
		m.list = true
		m.name = name{local: elementName(p.Name), prefix: l.name.prefix, namespace: l.name.namespace} // a name of the list has no effect
		if i := slices.IndexFunc(of, func(part *schema.Schema) bool { return part.Items != nil }); i >= 0 {
			if item := labelOf(of[i].Items); item.name != (name{}) {
				m.name = item.name
				m.name.local = or(m.name.local, elementName(p.Name))
				m.position = item.position
			}
		}
	case !structured && (l.kind == schema.XMLAttribute || l.kind == schema.XMLText || l.kind == schema.XMLCData):
		m.kind = l.kind
	}
	return m
}

func or(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// itemName is what each element of a list is called that has an element of its own: as its schema says, else as the list. told is false
// where the document leaves the name open.
func (sh *shape) itemName(list name) (item name, told bool) {
	item = labelOf(sh.items).name
	if item.local != "" {
		return item, true
	}
	return name{local: list.local, prefix: or(item.prefix, list.prefix), namespace: or(item.namespace, list.namespace)}, list.local != ""
}

// item is what is said of an element of a list.
func (sh *shape) item(index int) *schema.Schema {
	if index < len(sh.prefixItems) {
		return sh.prefixItems[index]
	}
	return sh.items
}

// other is what is said of a property that is not listed, nil for nothing.
func (sh *shape) other(name string) *schema.Schema {
	for _, part := range sh.parts {
		for _, p := range part.PatternProperties {
			if ok, err := p.Pattern.Match(name); ok && err == nil {
				return p.Schema
			}
		}
	}
	for _, part := range sh.parts {
		for _, s := range []*schema.Schema{part.AdditionalProperties, part.UnevaluatedProperties} {
			if s != nil && !s.Never {
				return s
			}
		}
	}
	return nil
}

// partsOf are a schema and those that apply to the same value, of alternatives only the one that is taken, if it is one of them.
func partsOf(s, alternative *schema.Schema) []*schema.Schema {
	var out []*schema.Schema
	seen := map[*schema.Schema]bool{}
	var from func(s *schema.Schema, itself bool)
	from = func(s *schema.Schema, itself bool) {
		if s == nil || seen[s] || len(seen) >= mostParts {
			return
		}
		seen[s] = true
		from(s.Ref, itself)
		lists := [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf, {s.Then}, {s.Else}}
		if itself {
			lists = append(lists, kindsOf(s))
		}
		for i, list := range lists {
			if i > 0 && alternative != nil && slices.Contains(list, alternative) {
				list = []*schema.Schema{alternative}
			}
			for _, part := range list {
				from(part, false)
			}
		}
		out = append(out, s) // behind those that it is made of, as a reader would list them
	}
	from(s, true)
	return out
}

// kindsOf are the schemas that a discriminator leads to.
func kindsOf(s *schema.Schema) []*schema.Schema {
	if s.Discriminator == nil {
		return nil
	}
	var out []*schema.Schema
	for _, value := range s.Discriminator.Values {
		if kind := s.Discriminator.Mapping[value]; kind != nil && !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	return out
}

// alternativesOf are the schemas of which one or more apply to a value.
func alternativesOf(s *schema.Schema) []*schema.Schema {
	var out []*schema.Schema
	seen := map[*schema.Schema]bool{}
	var from func(s *schema.Schema, itself bool)
	from = func(s *schema.Schema, itself bool) {
		if s == nil || seen[s] || len(seen) >= mostParts {
			return
		}
		seen[s] = true
		from(s.Ref, itself)
		for _, part := range s.AllOf {
			from(part, false)
		}
		lists := [][]*schema.Schema{s.OneOf, s.AnyOf}
		if itself {
			lists = append(lists, kindsOf(s))
		}
		for _, list := range lists {
			for _, a := range list {
				if !slices.Contains(out, a) {
					out = append(out, a)
				}
			}
		}
	}
	from(s, true)
	return out
}

// typesOf are the types that a schema leaves, as far as its keywords tell; all of them where they contradict each other.
func typesOf(s *schema.Schema, above []*schema.Schema) schema.TypeSet {
	if s == nil || len(above) > mostHops || slices.Contains(above, s) {
		return allTypes
	}
	above = append(above, s)
	t := s.Types
	if t == 0 {
		t = allTypes
	}
	if t&schema.NumberType != 0 {
		t |= schema.IntegerType
	}
	if s.HasEnum {
		t &= typesOfValues(s.Enum)
	}
	if s.HasConst {
		t &= typesOfValues([]any{s.Const})
	}
	if s.Ref != nil {
		t &= typesOf(s.Ref, above)
	}
	for _, part := range s.AllOf {
		t &= typesOf(part, above)
	}
	for _, list := range [][]*schema.Schema{s.AnyOf, s.OneOf} {
		var some schema.TypeSet
		for _, part := range list {
			some |= typesOf(part, above)
		}
		if len(list) > 0 {
			t &= some
		}
	}
	if t == 0 {
		return allTypes
	}
	return t
}

func typesOfValues(values []any) schema.TypeSet {
	var t schema.TypeSet
	for _, v := range values {
		switch v.(type) {
		case nil:
			t |= schema.NullType
		case bool:
			t |= schema.BooleanType
		case json.Number:
			t |= schema.NumberType | schema.IntegerType
		case string:
			t |= schema.StringType
		case []any:
			t |= schema.ArrayType
		case map[string]any:
			t |= schema.ObjectType
		}
	}
	return t
}
