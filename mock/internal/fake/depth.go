package fake

import (
	"slices"
	"sync"

	"standin/mock/schema"
)

// endless is the cost of a schema that no finite value keeps.
const endless = 1 << 20

// hopeless is the cost of a schema that refuses everything.
const hopeless = endless / 2

// costs are the least depths of the values of schemas, as far as they are known: 0 for a scalar or an empty container.
type costs struct {
	sync.Mutex
	known map[*schema.Schema]int
}

// cost is a lower bound of the depth of a value that keeps all of the schemas; endless if there is none.
func (g *Generator) cost(list []*schema.Schema) int {
	g.costs.Lock()
	defer g.costs.Unlock()
	most := 0
	for _, s := range list {
		most = max(most, g.costs.of(s))
	}
	return most
}

func (c *costs) of(s *schema.Schema) int {
	if s.Node == nil {
		return c.estimate(s)
	}
	if d, ok := c.known[s]; ok {
		return d
	}
	if c.known == nil {
		c.known = map[*schema.Schema]int{}
	}
	// Begin with endless for all, then lower what can be lowered until nothing changes (the least fixpoint).
	group := c.reach(s)
	for _, member := range group {
		c.known[member] = endless
	}
	for changed := true; changed; {
		changed = false
		for i := len(group) - 1; i >= 0; i-- {
			if d := c.estimate(group[i]); d < c.known[group[i]] {
				c.known[group[i]] = d
				changed = true
			}
		}
	}
	return c.known[s]
}

// reach are the schemas that s leads to and whose cost is not known yet.
func (c *costs) reach(s *schema.Schema) []*schema.Schema {
	group := []*schema.Schema{s}
	seen := map[*schema.Schema]bool{s: true}
	for i := 0; i < len(group); i++ {
		for _, next := range needed(group[i]) {
			if _, known := c.known[next]; !known && !seen[next] {
				seen[next] = true
				group = append(group, next)
			}
		}
	}
	return group
}

// needed are the schemas that the cost of s depends on.
func needed(s *schema.Schema) []*schema.Schema {
	list := append(inPlace(s), s.PrefixItems...)
	if s.Items != nil {
		list = append(list, s.Items)
	}
	for _, p := range s.Properties {
		list = append(list, p.Schema)
	}
	return list
}

// inPlace are the schemas that apply, or may apply, to the same value as s.
func inPlace(s *schema.Schema) []*schema.Schema {
	list := slices.Concat(s.AllOf, s.AnyOf, s.OneOf)
	if s.Ref != nil {
		list = append(list, s.Ref)
	}
	if s.DynamicRef != nil {
		list = append(list, s.DynamicRef)
	}
	return list
}

// circular tells whether one of the schemas leads back to where it has been without going through a property or an item.
// That adds nothing to it, and its cost cannot be told.
func circular(list []*schema.Schema) bool {
	const entered, left = 1, 2
	state := map[*schema.Schema]int{}
	var visit func(list []*schema.Schema) bool
	visit = func(list []*schema.Schema) bool {
		for _, s := range list {
			if state[s] == entered {
				return true
			}
			if state[s] == left {
				continue
			}
			state[s] = entered
			if visit(inPlace(s)) {
				return true
			}
			state[s] = left
		}
		return false
	}
	return visit(list)
}

// estimate is the cost of s if those of the others are right.
func (c *costs) estimate(s *schema.Schema) int {
	if s.Never {
		return hopeless
	}
	if s.HasConst || s.HasEnum || s.Nullable {
		return 0
	}
	most := c.own(s)
	for _, part := range append([]*schema.Schema{s.Ref, s.DynamicRef}, s.AllOf...) {
		if part != nil {
			most = max(most, c.get(part))
		}
	}
	return max(most, c.least(s.AnyOf), c.least(s.OneOf))
}

func (c *costs) get(s *schema.Schema) int {
	if d, ok := c.known[s]; ok {
		return d
	}
	if s.Node == nil {
		return c.estimate(s)
	}
	return 0
}

func (c *costs) least(branches []*schema.Schema) int {
	if len(branches) == 0 {
		return 0
	}
	least := endless
	for _, b := range branches {
		least = min(least, c.get(b))
	}
	return least
}

// own is what the keywords for containers cost, where the type is one.
func (c *costs) own(s *schema.Schema) int {
	if s.Types == 0 || s.Types&^(schema.ObjectType|schema.ArrayType) != 0 {
		return 0
	}
	least := endless
	if s.Types&schema.ObjectType != 0 {
		least = min(least, c.object(s))
	}
	if s.Types&schema.ArrayType != 0 {
		least = min(least, c.array(s))
	}
	return least
}

func (c *costs) object(s *schema.Schema) int {
	most := 0
	for _, name := range s.Demands(schema.Response) {
		if p := s.Property(name); p != nil && !slices.Contains(s.Demands(schema.Request), name) {
			continue // one that only some directions demand
		} else if p != nil {
			most = max(most, 1+c.get(p))
		}
	}
	return min(most, endless)
}

func (c *costs) array(s *schema.Schema) int {
	most := 0
	for i := range min(s.MinItems, len(s.PrefixItems)) {
		most = max(most, 1+c.get(s.PrefixItems[i]))
	}
	if s.Items != nil && s.MinItems > len(s.PrefixItems) {
		most = max(most, 1+c.get(s.Items))
	}
	return min(most, endless)
}
