package fake

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"standin/mock/schema"
)

// envelope is an object around one list, as answers that come in pages have it.
type envelope struct {
	schema    *schema.Schema
	direction schema.Direction
	whole     map[string]any
	list      []any
	length    int // of the list
}

// inStep makes true what an answer tells of its list: its counts are the list's length, and nothing comes before or after it.
// What the schema does not allow stays as it was. v is not changed.
func inStep(s *schema.Schema, v any, d schema.Direction) any {
	whole, ok := v.(map[string]any)
	if !ok || exemplary(s) {
		return v
	}
	path, list := theList(whole)
	if list == nil {
		return v
	}
	e := &envelope{schema: s, direction: d, whole: maps.Clone(whole), list: list, length: len(list)}
	e.tell(e.whole)
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		if inner, ok := whole[name].(map[string]any); ok && (name == path || aboutList(name)) {
			inner = maps.Clone(inner)
			e.whole[name] = inner
			e.tell(inner)
		}
	}
	return e.whole
}

// exemplary tells that the document itself has an example of the whole, whose totals are its author's.
func exemplary(s *schema.Schema) bool {
	for range 8 {
		if s == nil || len(s.Examples) > 0 {
			return s != nil
		}
		s = s.Ref
	}
	return false
}

// theList is the one list of an object, or of the object that it wraps, which path names then; nil if it is no envelope.
func theList(whole map[string]any) (path string, list []any) {
	if list = onlyList(whole); list != nil {
		return "", list
	}
	for _, name := range []string{"data", "result", "results", "response", "payload"} {
		if inner, ok := whole[name].(map[string]any); ok {
			if list = onlyList(inner); list != nil {
				return name, list
			}
		}
	}
	return "", nil
}

// onlyList is the one list among the members, or the one of objects; nil where the object is rather a thing of its own, whose
// total may be a price.
func onlyList(members map[string]any) []any {
	var lists, ofObjects [][]any
	for name, v := range members {
		switch strings.Join(splitName(name), "") {
		case "id", "uuid", "name", "title", "email", "currency", "price", "amount", "subtotal":
			return nil
		}
		list, ok := v.([]any)
		if !ok {
			continue
		}
		lists = append(lists, list)
		if len(list) > 0 {
			if _, ok := list[0].(map[string]any); ok {
				ofObjects = append(ofObjects, list)
			}
		}
	}
	switch {
	case len(lists) == 1:
		return lists[0]
	case len(ofObjects) == 1:
		return ofObjects[0]
	}
	return nil
}

// aboutList tells whether a member is called as what holds the totals of the list beside it.
func aboutList(name string) bool {
	switch strings.Join(splitName(name), "") {
	case "meta", "metadata", "page", "paging", "pagination", "pageinfo", "pages", "links", "cursors":
		return true
	}
	return false
}

// tell corrects the members of an object that speak of the list.
func (e *envelope) tell(members map[string]any) {
	spring := false // where size is how many were asked for
	for name := range members {
		spring = spring || strings.Join(splitName(name), "") == "totalelements"
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch plain := strings.Join(splitName(name), ""); plain {
		case "total", "totalcount", "totalitems", "totalresults", "totalelements", "totalrecords", "totalsize", "totalrows",
			"resultcount", "recordcount", "itemcount", "numfound", "count", "numberofelements", "returned", "length":
			e.number(members, name, e.length, e.length)
		case "size", "limit", "pagesize", "perpage", "itemsperpage", "maxresults":
			most := 1 << 30
			if plain == "size" && !spring {
				most = e.length
			}
			e.number(members, name, e.length, most)
		case "totalpages", "pagecount", "numpages", "lastpage":
			e.number(members, name, 1, 1)
		case "firstid":
			e.id(members, name, 0)
		case "lastid":
			e.id(members, name, e.length-1)
		case "hasmore", "hasnext", "hasnextpage", "hasmoreitems", "incompleteresults", "hasprevious", "hasprev", "haspreviouspage",
			"hasprevpage":
			if members[name] == true {
				e.set(members, name, false)
			}
		case "next", "nextcursor", "nextpagetoken", "nexttoken", "nextpage", "nextlink", "nexturl", "nextmarker", "nextpageurl",
			"prev", "previous", "prevcursor", "previouscursor", "prevpage", "previouspage", "prevlink", "previouslink", "prevurl",
			"previousurl":
			if !e.set(members, name, nil) {
				e.leaveOut(members, name)
			}
		}
	}
}

// id makes a member the id of an item.
func (e *envelope) id(members map[string]any, name string, item int) {
	if item < 0 || item >= e.length {
		return
	}
	row, _ := e.list[item].(map[string]any)
	if id := row["id"]; id != nil {
		e.set(members, name, id)
	}
}

// number brings a whole number between least and most.
func (e *envelope) number(members map[string]any, name string, least, most int) {
	text, _ := members[name].(json.Number)
	n, err := strconv.Atoi(text.String())
	if err != nil || n >= least && n <= most {
		return
	}
	e.set(members, name, json.Number(strconv.Itoa(least)))
}

// set gives a member another value, if the whole stays valid with it.
func (e *envelope) set(members map[string]any, name string, v any) bool {
	before := members[name]
	members[name] = v
	if e.schema.Valid(e.whole, e.direction) {
		return true
	}
	members[name] = before
	return false
}

// leaveOut takes a member away, if the whole stays valid without it.
func (e *envelope) leaveOut(members map[string]any, name string) {
	before := members[name]
	delete(members, name)
	if !e.schema.Valid(e.whole, e.direction) {
		members[name] = before
	}
}
