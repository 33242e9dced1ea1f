package backend

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// change creates, changes or removes rows, and answers.
func (p *play) change() (Answer, bool) {
	if p.lost() {
		return p.refuse(http.StatusNotFound, http.StatusGone)
	}
	switch p.role.Kind {
	case Create:
		return p.create()
	case Replace, Merge:
		return p.update()
	case Delete:
		return p.remove()
	case Clear:
		return p.clear()
	}
	return Answer{}, false
}

// given are the rows that the request's body holds, or the properties that its parameters name.
func (p *play) given() []map[string]any {
	if p.role.Given == nil {
		named := map[string]any{}
		for name, v := range p.call.Given.Query {
			if property(p.c.Row, name) != nil {
				named[name] = v
			}
		}
		return []map[string]any{named}
	}
	var out []map[string]any
	values := []any{at(p.call.Given.Body, p.role.Inside)}
	if p.role.Many {
		values, _ = values[0].([]any)
	}
	for _, v := range values {
		if object, ok := v.(map[string]any); ok {
			out = append(out, renamed(object, p.c))
		}
	}
	return out
}

// renamed gives the members of an object the names that a row has for them, as FriendlyName in a form is friendly_name in the row.
func renamed(object map[string]any, c *Collection) map[string]any {
	out := make(map[string]any, len(object))
	row := c.facts()
	for _, name := range slices.Sorted(maps.Keys(object)) {
		own := name
		if row.byName[name] == nil {
			if known, ok := row.byPlain[plain(name)]; ok {
				own = known
			}
		}
		out[own] = clone(object[name])
	}
	return out
}

// create adds rows.
func (p *play) create() (Answer, bool) {
	var last row
	given := p.given()
	if p.role.Given == nil {
		given = []map[string]any{{}}
	}
	for _, values := range given {
		key := ""
		if len(p.c.Key) > 0 && p.accepted() {
			key = keyText(at(values, p.c.Key))
		}
		if key != "" && p.taken(key) {
			if a, ok := p.refuse(http.StatusConflict); ok {
				return a, true
			}
		}
		if key == "" {
			key = p.rows.newKey(p.c, p.parents)
		}
		r, ok := p.complete(p.c, values, p.parents, key, p.call.Now)
		if !ok {
			return Answer{}, false
		}
		p.rows.put(p.c, p.parents, r, true)
		last = r
	}
	if len(given) == 0 {
		return Answer{}, false
	}
	return p.told(last)
}

// accepted tells whether clients may choose the keys of rows: the property is not readOnly.
func (p *play) accepted() bool {
	s := p.c.Row
	for _, name := range p.c.Key {
		s = property(s, name)
	}
	return s != nil && !readOnly(s)
}

func (p *play) taken(key string) bool {
	_, state := p.rows.find(p.c, p.parents, key)
	return state == present
}

// told answers with a row that was created or changed, and where to find it; it passes where the answer carries no row.
func (p *play) told(r row) (Answer, bool) {
	if p.role.Answer == nil {
		return Answer{}, false
	}
	text, ok := p.shaped(p.role, r)
	if !ok {
		return Answer{}, false
	}
	a, ok := p.one(r, text)
	if ok && a.Status == http.StatusCreated && p.c.Parameter != "" && p.key == "" {
		a.Header = a.Header.Clone()
		if a.Header == nil {
			a.Header = http.Header{}
		}
		a.Header.Set("Location", p.place(r.key))
	}
	return a, ok
}

// place is the URL of a row.
func (p *play) place(key string) string {
	path := p.c.Path
	for i, parent := range p.c.parents {
		if i < len(p.parents) {
			path = strings.Replace(path, "{"+parent.parameter+"}", url.PathEscape(p.parents[i]), 1)
		}
	}
	return p.call.Base + path + "/" + url.PathEscape(key)
}

// update changes the row of the path, or the one that the body names.
func (p *play) update() (Answer, bool) {
	given := p.given()
	if len(given) != 1 && !p.patches() {
		return Answer{}, false
	}
	key := p.key
	if key == "" && len(given) == 1 {
		if key = keyText(at(given[0], p.c.Key)); key == "" {
			return Answer{}, false
		}
	}
	old, state := p.rows.find(p.c, p.parents, key)
	created := false
	if state == forgotten && !p.c.Closed && !p.closed || state == gone && p.c.alone && p.role.Kind == Replace {
		state = missing // whoever changes a row that was only made up has one of his own from then on
	}
	if state != present {
		if p.role.Kind == Merge || documents(p.call.Operation.Responses(), http.StatusNotFound) || state != missing {
			if state == missing && !p.c.Closed && !p.closed && p.key != "" {
				var ok bool
				if old, ok = p.adopted(p.c, p.parents, key); !ok {
					return Answer{}, false
				}
			} else if a, ok := p.refuse(http.StatusNotFound, http.StatusGone); ok {
				return a, true
			}
		}
		if created = old.text == nil; created && len(given) == 0 {
			return Answer{}, false // there is nothing to patch
		}
	}
	if !created && p.stale(old) {
		return p.refuse(http.StatusPreconditionFailed)
	}
	var next row
	var ok bool
	switch {
	case created:
		next, ok = p.complete(p.c, given[0], p.parents, key, p.call.Now)
	case p.patches():
		next, ok = p.patched(old)
	case p.role.Kind == Merge:
		next, ok = p.changed(old, mergePatch(old.object(), given[0]))
	default:
		next, ok = p.changed(old, p.replaced(old.object(), given[0]))
	}
	if !ok {
		return Answer{}, false
	}
	next.key = key
	p.rows.put(p.c, p.parents, next, created)
	return p.told(next)
}

// stale tells that the request is about another version of a row (If-Match, RFC 9110, 13.1.1), where 412 is documented.
func (p *play) stale(r row) bool {
	lines := p.call.Header["If-Match"]
	return len(lines) > 0 && documents(p.call.Operation.Responses(), http.StatusPreconditionFailed) && !matches(lines, tag(r.text))
}

// patches tells that the body is a JSON Patch (RFC 6902).
func (p *play) patches() bool {
	return strings.HasPrefix(p.call.Header.Get("Content-Type"), "application/json-patch+json")
}

func (p *play) patched(old row) (row, bool) {
	operations, ok := p.call.Given.Body.([]any)
	if !ok {
		return row{}, false
	}
	v, err := jsonPatch(clone(old.object()), operations)
	object, isObject := v.(map[string]any)
	if err != nil || !isObject {
		return row{}, false
	}
	return p.changed(old, object)
}

// replaced is a row with all that a client may say put anew: what it left out is gone, unless only the server says it.
func (p *play) replaced(old, given map[string]any) map[string]any {
	out := map[string]any{}
	required := p.c.facts().required
	for _, of := range p.c.facts().properties {
		own, has := given[of.Name]
		switch {
		case writeOnly(of.Schema):
		case has && !readOnly(of.Schema):
			out[of.Name] = own
		case readOnly(of.Schema) || stamps(of.Name) != notStamp || required[of.Name] || property(p.role.Given, of.Name) == nil:
			if v, had := old[of.Name]; had {
				out[of.Name] = v
			}
		case fallback(of.Schema) != nil:
			out[of.Name] = clone(fallback(of.Schema))
		}
	}
	for name, own := range given {
		if property(p.c.Row, name) == nil {
			out[name] = own
		}
	}
	return out
}

// changed is a row with a new value: what only the server says stays as it was, and the time of the change is now.
func (p *play) changed(old row, value map[string]any) (row, bool) {
	value = clone(value)
	for _, of := range p.c.facts().properties {
		if was, had := old.object()[of.Name]; readOnly(of.Schema) && had {
			value[of.Name] = was
		}
		if writeOnly(of.Schema) {
			delete(value, of.Name)
		}
	}
	if len(p.c.Key) > 0 {
		p.setKey(p.c, value, old.key)
	}
	stamp(value, p.c, p.call.Now, false)
	return p.settled(p.c, value, p.parents, old.key)
}

// remove deletes a row.
func (p *play) remove() (Answer, bool) {
	r, state := p.rows.find(p.c, p.parents, p.key)
	if state == gone || state == forgotten || state == missing && (p.c.Closed || p.closed) {
		return p.refuse(http.StatusNotFound, http.StatusGone)
	}
	if state == missing {
		var ok bool
		if r, ok = p.adopted(p.c, p.parents, p.key); !ok {
			return Answer{}, false
		}
	}
	if p.stale(r) {
		return p.refuse(http.StatusPreconditionFailed)
	}
	p.rows.remove(p.c, p.parents, p.key)
	return p.told(r)
}

// clear deletes the rows of a collection.
func (p *play) clear() (Answer, bool) {
	rows, _ := p.rows.slice(p.c, p.parents, 0, -1)
	for _, r := range rows {
		p.rows.remove(p.c, p.parents, r.key)
	}
	return Answer{}, false
}

// nextNumber is a number above all keys of first rows that are numbers.
func (t *table) nextNumber() int {
	most := 0
	for _, r := range t.rows {
		if n, err := strconv.Atoi(r.key); err == nil && n > most && n < 1<<52 {
			most = n
		}
	}
	return most + 1
}
