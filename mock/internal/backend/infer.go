package backend

import (
	"standin/mock/contract"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// collection infers what a group's rows are; nil if the group is none. A collection has a list or a way to create, beside a path of
// one row; or a path of one row that can be read and changed; or a list that can be added to.
func (m *Model) collection(g *group) *Collection {
	g.once.Do(func() { g.collection = m.infer(g) })
	return g.collection
}

func (m *Model) infer(g *group) *Collection {
	reads, changes := g.item["GET"] != nil, g.item["PUT"] != nil || g.item["PATCH"] != nil || g.item["DELETE"] != nil
	lists, creates := g.on["GET"] != nil, g.on["POST"] != nil
	if none(g, "collection") || !(reads && (changes || lists || creates) || changes && (lists || creates) || lists && creates) {
		return nil
	}
	c := &Collection{Path: g.path, Parameter: g.parameter}
	for _, op := range g.operations() {
		c.Position = op.Position
		break
	}
	name := noun(g.path)
	keys := keyNames(g.parameter, name)
	if wanted := g.says("key"); wanted != "" {
		keys = []string{plain(wanted)}
	}
	listed := m.listed(g, name)
	c.Row = m.row(g, name, keys, listed)
	if c.Row == nil || !object(c.Row) {
		return nil
	}
	if g.parameter == "" && keyOf(c.Row, keys) == nil {
		return nil // rows that nothing tells apart
	}
	c.Key = keyOf(c.Row, keys)
	c.KeySchema = keySchema(c, g)
	c.Closed = g.says("closed") == "true"
	c.parents = parentsOf(g.path, c.Row)
	return c
}

// none tells that x-mock takes a group's collection away: {collection: false}.
func none(g *group, name string) bool { return g.says(name) == "false" }

// says is a setting of x-mock in one of a group's operations or path items, as text; "" if there is none.
func (g *group) says(name string) string {
	for _, op := range g.operations() {
		n := extension(op, name)
		if n == nil {
			continue
		}
		if n.True() {
			return "true"
		}
		if text := n.Text(); text != "" {
			return text
		}
		if v, ok := n.Value().(bool); ok && !v {
			return "false"
		}
	}
	return ""
}

// listed is the row as the list has it, nil if there is no list.
func (m *Model) listed(g *group, name string) *schema.Schema {
	op := g.on["GET"]
	if op == nil {
		return nil
	}
	if _, t := success(op); t != nil {
		if at, ok := listIn(t.Schema, name, nil); ok {
			return at.row
		}
	}
	return nil
}

// row is the fullest description of a row: of what reading it answers, else the list, creation and change, else what may be sent.
func (m *Model) row(g *group, name string, keys []string, listed *schema.Schema) *schema.Schema {
	answers := []*contract.Operation{g.item["GET"], g.item["PUT"], g.item["PATCH"], g.on["POST"]}
	if op := g.item["GET"]; op != nil {
		if _, t := success(op); t == nil || sample.Items(t.Schema) != nil && !object(sample.Items(t.Schema)) {
			return nil // what is read is no row
		}
	}
	for i, op := range answers {
		if op == nil {
			continue
		}
		if i == 1 && listed != nil {
			return listed
		}
		if _, t := success(op); t != nil {
			if at, ok := oneIn(t.Schema, name, listed, keys); ok && (keyOf(at.row, keys) != nil || i == 0 || listed != nil) {
				return at.row
			}
		}
	}
	if listed != nil {
		return listed
	}
	for _, op := range []*contract.Operation{g.on["POST"], g.item["PUT"], g.item["PATCH"]} {
		if op == nil || op.RequestBody() == nil {
			continue
		}
		if t := jsonOf(op.RequestBody().Content); t != nil {
			if at, ok := rowIn(t.Schema, name, nil, keys); ok {
				return at.row
			}
		}
	}
	return nil
}

// oneIn is rowIn, also where one row stands in the envelope of a list.
func oneIn(s *schema.Schema, name string, listed *schema.Schema, keys []string) (place, bool) {
	if keyOf(s, keys) == nil {
		if at, ok := listIn(s, name, listed); ok && (listed != nil && same(at.row, listed) || keyOf(at.row, keys) != nil) {
			return place{append(at.path, "0"), at.row}, true
		}
	}
	return rowIn(s, name, listed, keys)
}

// keySchema is what the document says of a collection's key.
func keySchema(c *Collection, g *group) *schema.Schema {
	s := c.Row
	for _, name := range c.Key {
		s = property(s, name)
	}
	if s != nil && len(c.Key) > 0 {
		return s
	}
	for _, op := range g.item {
		for _, p := range op.Parameters() {
			if p.In == "path" && p.Name == g.parameter {
				return p.Schema
			}
		}
	}
	return nil
}

// parentsOf ties the parameters of a collection's path to the properties of its rows that hold them.
func parentsOf(path string, row *schema.Schema) []link {
	var out []link
	before := ""
	for _, segment := range segmentsOf(path) {
		if !variable(segment) {
			before = singular(plain(segment))
			continue
		}
		parameter := segment[1 : len(segment)-1]
		out = append(out, link{parameter, foreignKey(row, parameter, before)})
	}
	return out
}

// foreignKey is the property of a row that holds the value of a parameter that names a row of another collection; "" for none.
func foreignKey(row *schema.Schema, parameter, noun string) string {
	wanted := []string{plain(parameter)}
	switch plain(parameter) {
	case "id", "uuid", "name", "key", "slug":
		wanted = []string{noun + plain(parameter)}
	default:
		wanted = append(wanted, noun+"id", noun+"uuid", noun+plain(parameter))
	}
	for _, name := range wanted {
		for _, p := range distinct(row) {
			if plain(p.Name) == name && scalar(p.Schema) {
				return p.Name
			}
		}
	}
	return ""
}
