package fake

import (
	"slices"

	"standin/mock/schema"
)

// members is an object in the making.
type members struct {
	*run
	shape *shape
	at    *place
	row   *row
	made  map[string]any
}

func (r *run) object(sh *shape, at *place) (any, *Unsatisfiable) {
	if sh.minProperties > longestList {
		return nil, conflict(sh.minPropertiesBy, "minProperties", "objects of %d properties are not made, %d is the most",
			sh.minProperties, longestList)
	}
	m := &members{run: r, shape: sh, at: at, row: newRow(sh, at), made: map[string]any{}}
	for _, d := range sh.required {
		if err := m.add(d.name); err != nil {
			if err.Pointer == "" && err.Keyword == "" {
				err = conflict(d.by, "required", "the property %q is required, but %s", d.name, err.Message)
			}
			return nil, err
		}
	}
	m.optional()
	if err := m.fill(); err != nil {
		return nil, err
	}
	return m.made, nil
}

// add makes a property, with those that it needs beside it. After an error nothing is added.
func (m *members) add(name string) *Unsatisfiable {
	if _, has := m.made[name]; has {
		return nil
	}
	if m.full() {
		return &Unsatisfiable{Message: "there is no room for it"}
	}
	list, _ := m.shape.property(name)
	if why := m.forbids(name, list); why != "" {
		return &Unsatisfiable{Message: why}
	}
	v, err := m.node(list, m.at.member(name, m.row))
	if err != nil {
		return err.within(name)
	}
	m.made[name] = v
	for _, other := range m.shape.dependents(name) {
		if err := m.add(other); err != nil {
			delete(m.made, name)
			return err
		}
	}
	return nil
}

func (m *members) full() bool {
	return m.shape.maxProperties >= 0 && len(m.made) >= m.shape.maxProperties
}

// forbids tells why there cannot be a property of that name, "" if there can.
func (m *members) forbids(name string, list []*schema.Schema) string {
	for _, s := range list {
		if s.Never {
			return "it is not allowed here"
		}
	}
	for _, s := range m.shape.parts {
		if rule := s.PropertyNames; rule != nil && (rule.Never || rule.Node != nil && !rule.Valid(name, m.direction)) {
			return "propertyNames does not allow the name"
		}
	}
	return ""
}

// property gives the schemas that apply to a property, and whether one of them is there for it in particular.
func (sh *shape) property(name string) (list []*schema.Schema, declared bool) {
	add := func(s *schema.Schema) {
		if s != nil && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for _, part := range sh.parts {
		own := false
		if s := part.Property(name); s != nil {
			add(s)
			own = true
		}
		for _, p := range part.PatternProperties {
			if matches(p.Pattern, name) {
				add(p.Schema)
				own = true
			}
		}
		if !own {
			add(part.AdditionalProperties)
		}
		declared = declared || own
	}
	for _, part := range sh.parts {
		if part.UnevaluatedProperties != nil && !sh.evaluates(part, name) {
			add(part.UnevaluatedProperties)
		}
	}
	return list, declared
}

// evaluates tells whether a part, or one that applies because of it, says something about a property.
func (sh *shape) evaluates(part *schema.Schema, name string) bool {
	return slices.ContainsFunc(sh.under(part), func(s *schema.Schema) bool {
		return s.Property(name) != nil || s.AdditionalProperties != nil || s != part && s.UnevaluatedProperties != nil ||
			slices.ContainsFunc(s.PatternProperties, func(p schema.PatternProperty) bool { return matches(p.Pattern, name) })
	})
}

// under is a part with those that apply because of it.
func (sh *shape) under(part *schema.Schema) []*schema.Schema {
	list := []*schema.Schema{part}
	for i := 0; i < len(list); i++ {
		for _, e := range sh.edges {
			if e[0] == list[i] && !slices.Contains(list, e[1]) {
				list = append(list, e[1])
			}
		}
	}
	return list
}

// optional makes most of the properties that need not be there: fewer the deeper they are, none that would go in circles.
func (m *members) optional() {
	if m.sparse || m.at.sparse {
		return
	}
	d := newDice(mixText(m.at.seed, "optional"), m.at.try)
	for _, name := range m.shape.declared() {
		wanted := m.wanted(name, d)
		if _, has := m.made[name]; has || !wanted || m.full() {
			continue
		}
		if m.add(name) != nil { // what cannot be made may be absent
			continue
		}
		if v, ok := m.made[name].(map[string]any); ok && len(v) == 0 && m.at.depth >= richDepth-1 && m.shape.minProperties == 0 {
			m.drop(name)
		}
	}
}

// drop takes away an empty object that nobody asked for.
func (m *members) drop(name string) {
	for other := range m.made {
		if slices.Contains(m.shape.dependents(other), name) {
			return
		}
	}
	delete(m.made, name)
}

// declared are the names of properties in the order of the document.
func (sh *shape) declared() []string {
	var names []string
	seen := map[string]bool{}
	for _, part := range sh.parts {
		for _, p := range part.Properties {
			if !seen[p.Name] && !p.Schema.Never {
				seen[p.Name] = true
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// wanted tells whether an optional property should be made.
func (m *members) wanted(name string, d *dice) bool {
	chance := d.IntN(100)
	list, _ := m.shape.property(name)
	switch {
	case m.hidden(list):
		return false
	case m.at.repeats(list) > 0:
		return false
	case m.at.depth < richDepth && m.values > mostValues-richValues:
		return chance < 93 || m.at.index <= 0 || identifying(name)
	case !holds(list):
		return m.values > mostValues-2*richValues && (chance < 80 || identifying(name))
	case m.at.depth == richDepth:
		return m.values > mostValues-richValues && chance < 40
	}
	return false
}

// identifying tells whether a property is one that an object is hardly without.
func identifying(name string) bool {
	switch splitName(name).last() {
	case "id", "uuid", "name", "title", "type", "status", "email":
		return true
	}
	return false
}

// holds tells whether one of the schemas may be for containers.
func holds(list []*schema.Schema) bool {
	return slices.ContainsFunc(list, func(s *schema.Schema) bool { return mayHold(s, 8) })
}

func mayHold(s *schema.Schema, steps int) bool {
	if s == nil {
		return false
	}
	if steps == 0 || s.Types&(schema.ObjectType|schema.ArrayType) != 0 || s.Properties != nil || s.Items != nil {
		return true
	}
	for _, parts := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range parts {
			if mayHold(part, steps-1) {
				return true
			}
		}
	}
	return mayHold(s.Ref, steps-1)
}

// hidden tells whether a property is not meant for this direction.
func (m *members) hidden(list []*schema.Schema) bool {
	for _, s := range list {
		for range 8 {
			if m.direction == schema.Response && s.WriteOnly || m.direction == schema.Request && s.ReadOnly {
				return true
			}
			if s.Ref == nil {
				break
			}
			s = s.Ref
		}
	}
	return false
}

// repeats counts the values around that are made to one of the schemas, or hold a list of it.
func (p *place) repeats(list []*schema.Schema) int {
	most := 0
	for _, s := range list {
		for range 8 {
			if s.Items != nil && s.Ref == nil {
				s = s.Items
			}
			if s.Ref == nil {
				break
			}
			s = s.Ref
		}
		if s.Types != 0 && s.Types&(schema.ObjectType|schema.ArrayType) == 0 {
			continue
		}
		n := 0
		for q := p; q != nil; q = q.up {
			if slices.Contains(q.parts, s) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// fill adds properties that nobody named, until there are enough; a few where the object is a map.
func (m *members) fill() *Unsatisfiable {
	least := m.shape.minProperties
	if len(m.made) < least {
		for _, name := range m.shape.declared() {
			if len(m.made) < least {
				_ = m.add(name)
			}
		}
	}
	want := least
	if m.isMap() {
		want = max(least, m.entries())
	}
	var last *Unsatisfiable
	d := newDice(mixText(m.at.seed, "names"), m.at.try)
	for try, idle := 0, 0; len(m.made) < want && idle < 60 && m.values > 0; try++ {
		before := len(m.made)
		name, err := m.invent(d, try)
		if err == nil {
			err = m.add(name)
		}
		if err != nil {
			last = err
		}
		if idle++; len(m.made) > before {
			idle = 0
		} else if len(m.made) >= least && idle > 3 {
			break
		}
	}
	if len(m.made) >= least {
		return nil
	}
	why := ""
	if last != nil {
		why = ": " + last.Message
	}
	return conflict(m.shape.minPropertiesBy, "minProperties", "minProperties %d cannot be reached%s", least, why)
}

// isMap tells whether the schema speaks of properties without naming any.
func (m *members) isMap() bool {
	if len(m.shape.declared()) > 0 || len(m.made) > 0 || m.sparse || m.at.sparse {
		return false
	}
	return slices.ContainsFunc(m.shape.parts, func(s *schema.Schema) bool {
		for _, more := range []*schema.Schema{s.AdditionalProperties, s.UnevaluatedProperties} {
			if more != nil && !more.Never && family(more) != "" && m.at.repeats([]*schema.Schema{more}) == 0 {
				return true
			}
		}
		return s.PatternProperties != nil
	})
}

func (m *members) entries() int {
	if m.at.depth >= richDepth {
		return 0
	}
	return 2
}
