package fake

import (
	"slices"

	"standin/mock/schema"
)

// longestList bounds a single list, in items.
const longestList = 20_000

// items is a list in the making.
type items struct {
	*run
	shape *shape
	at    *place
	made  []any
	seen  map[string]bool // canonical texts, where items must differ
}

func (r *run) array(sh *shape, at *place) (any, *Unsatisfiable) {
	if sh.minItems > longestList {
		return nil, conflict(sh.minItemsBy, "minItems", "lists of %d items are not made, %d is the most", sh.minItems, longestList)
	}
	for _, s := range sh.contains {
		if s.MinContains > longestList {
			return nil, conflict(s, "minContains", "lists of %d items are not made, %d is the most", s.MinContains, longestList)
		}
	}
	l := &items{run: r, shape: sh, at: at, made: []any{}, seen: map[string]bool{}}
	least, want := l.lengths()
	need := l.needs()
	for i := 0; i < want || len(need) > 0; i++ {
		if sh.maxItems >= 0 && i >= sh.maxItems {
			break
		}
		err := l.add(i, &need)
		if err != nil && (i < least || len(need) > 0) {
			return nil, err.within(at.at(i).token)
		}
		if err != nil {
			break
		}
	}
	return l.made, nil
}

// lengths are the least length and the one aimed at.
func (l *items) lengths() (least, want int) {
	sh := l.shape
	least = sh.minItems
	d := newDice(mixText(l.at.seed, "length"), l.at.try)
	switch {
	case l.size > 0 && l.at.depth <= 1:
		want, l.size = min(l.size, longestList), 0
	case l.sparse || l.at.sparse || l.at.depth > richDepth:
		want = 0
	case l.at.repeats(l.item(0)) > 0:
		want = 2 - min(2, l.at.repeats(l.item(0)))
	case l.at.depth <= 1:
		want = 2 + d.IntN(2)
	default:
		want = 1 + d.IntN(2)
	}
	if example, ok := l.at.hint.([]any); ok && len(example) > 0 && l.at.depth > 1 {
		want = min(len(example), 3)
	}
	if n := l.prefixed(); want > 0 {
		want = max(want, n)
	}
	want = max(want, least)
	if sh.maxItems >= 0 {
		want = min(want, sh.maxItems)
	}
	return least, want
}

// prefixed is the length of the longest prefixItems.
func (l *items) prefixed() int {
	most := 0
	for _, s := range l.shape.parts {
		most = max(most, len(s.PrefixItems))
	}
	return min(most, longestList)
}

// item gives the schemas that apply to the item at i, contains aside.
func (l *items) item(i int) []*schema.Schema {
	var list []*schema.Schema
	add := func(s *schema.Schema) {
		if s != nil && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for _, part := range l.shape.parts {
		if i < len(part.PrefixItems) {
			add(part.PrefixItems[i])
		} else {
			add(part.Items)
		}
	}
	for _, part := range l.shape.parts {
		if part.UnevaluatedItems != nil && !l.evaluates(part, i) {
			add(part.UnevaluatedItems)
		}
	}
	return list
}

// evaluates tells whether a part, or one that applies because of it, says something about the item at i.
func (l *items) evaluates(part *schema.Schema, i int) bool {
	return slices.ContainsFunc(l.shape.under(part), func(s *schema.Schema) bool {
		return i < len(s.PrefixItems) || s.Items != nil || s != part && s.UnevaluatedItems != nil
	})
}

// need is a contains that wants more items.
type need struct {
	by   *schema.Schema
	left int
}

func (l *items) needs() []need {
	var list []need
	for _, s := range l.shape.contains {
		if s.MinContains > 0 {
			list = append(list, need{s, min(s.MinContains, longestList)})
		}
	}
	return list
}

// add makes the item at i: one that a contains still wants if possible.
func (l *items) add(i int, needs *[]need) *Unsatisfiable {
	list := l.item(i)
	for at, n := range *needs {
		v, err := l.differing(append(slices.Clip(list), n.by.Contains), i)
		if err != nil {
			if l.shape.maxItems >= 0 && i+1 >= l.shape.maxItems || i > l.prefixed()+8 {
				return err
			}
			continue
		}
		l.made = append(l.made, v)
		if (*needs)[at].left--; (*needs)[at].left == 0 {
			*needs = slices.Delete(*needs, at, at+1)
		}
		return nil
	}
	for _, s := range l.shape.contains {
		if s.MaxContains >= 0 {
			list = append(slices.Clip(list), not(s.Contains))
		}
	}
	v, err := l.differing(list, i)
	if err != nil {
		return err
	}
	l.made = append(l.made, v)
	return nil
}

// differing makes an item, unlike those before if items must be unique.
func (l *items) differing(list []*schema.Schema, i int) (any, *Unsatisfiable) {
	at := l.at.at(i)
	if l.shape.unique == nil {
		return l.node(list, at)
	}
	at.taken = l.seen
	for try := range 12 {
		if try > 0 {
			at = at.again(uint64(try))
		}
		v, err := l.node(list, at)
		if err == nil {
			l.seen[canonical(v)] = true
			return v, nil
		}
		if len(l.made) == 0 {
			return nil, err
		}
	}
	return nil, conflict(l.shape.unique, "uniqueItems", "uniqueItems asks for more than %d different items, but no other was found",
		len(l.made))
}
