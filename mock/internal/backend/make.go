package backend

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// complete makes a new row of what a client gave: what only the server can say is made up, what the client left out stays out
// unless the document requires it or has a default for it.
func (w *World) complete(c *Collection, given map[string]any, parents []string, key string, now time.Time) (row, bool) {
	value := map[string]any{}
	invented := w.invention(c, parents, key)
	known := c.facts()
	for _, p := range known.properties {
		own, has := given[p.Name]
		switch {
		case writeOnly(p.Schema):
		case has && !readOnly(p.Schema) && p.Schema.Valid(own, schema.Response):
			value[p.Name] = own
		case fallback(p.Schema) != nil:
			value[p.Name] = clone(fallback(p.Schema))
		case len(c.Key) == 1 && p.Name == c.Key[0]: // see below
		case known.required[p.Name] || readOnly(p.Schema) || stamps(p.Name) != notStamp:
			if v, has := invented()[p.Name]; has {
				value[p.Name] = fresh(v, p)
			}
		}
	}
	for name, own := range given { // what the document does not list
		if _, listed := value[name]; !listed && known.byName[name] == nil {
			value[name] = own
		}
	}
	if len(c.Key) > 1 && at(value, c.Key[:1]) == nil { // metadata
		value[c.Key[0]] = clone(invented()[c.Key[0]])
	}
	if !w.setKey(c, value, key) && len(c.Key) == 1 && value[c.Key[0]] == nil {
		if v, has := invented()[c.Key[0]]; has {
			value[c.Key[0]] = v
		}
	}
	stamp(value, c, now, true)
	return w.settled(c, value, parents, key)
}

// invention gives what is made up for a new row, once somebody asks; nothing where nothing valid can be.
func (w *World) invention(c *Collection, parents []string, key string) func() map[string]any {
	return sync.OnceValue(func() map[string]any {
		v, err := w.generator.Value(c.Row, fake.Options{
			Seed: w.hash(c.Path, strings.Join(parents, "/"), "new", key), Direction: schema.Response, Name: noun(c.Path),
		})
		made, ok := v.(map[string]any)
		if !ok || err != nil {
			return nil
		}
		return made
	})
}

// settled makes a value the row of a key, if it is valid or can be made so.
func (w *World) settled(c *Collection, value map[string]any, parents []string, key string) (row, bool) {
	r := w.admit(c, value, parents)
	fitted, ok := w.fit(r.value, c.Row, key)
	if !ok {
		return row{}, false
	}
	return row{key: key, value: fitted, text: w.write(c, fitted), proven: true}, true
}

// fresh is a made-up value as a thing just created has it: the first state of several, nothing counted yet.
func fresh(v any, p schema.Property) any {
	s := origin(p.Schema)
	if s.HasEnum && len(s.Enum) > 0 && s.Enum[0] != nil && p.Schema.Valid(s.Enum[0], schema.Response) {
		return s.Enum[0]
	}
	if _, isNumber := v.(json.Number); isNumber && counts(p.Name) && p.Schema.Valid(json.Number("0"), schema.Response) {
		return json.Number("0")
	}
	return v
}

// counts tells whether a name is that of a count of what has happened.
func counts(name string) bool {
	name = plain(name)
	return strings.HasSuffix(name, "count") || strings.HasPrefix(name, "numberof") || strings.HasPrefix(name, "total")
}

// fallback is the default of a property, nil for none that is valid.
func fallback(s *schema.Schema) any {
	for range 20 {
		if s == nil {
			return nil
		}
		if s.Default != nil {
			if v := s.Default.Value(); v != nil && s.Valid(v, schema.Response) {
				return v
			}
			return nil
		}
		s = s.Ref
	}
	return nil
}

func readOnly(s *schema.Schema) bool {
	return marked(s, func(s *schema.Schema) bool { return s.ReadOnly })
}

func writeOnly(s *schema.Schema) bool {
	return marked(s, func(s *schema.Schema) bool { return s.WriteOnly })
}

// marked tells whether a schema or one that it refers to says something of itself.
func marked(s *schema.Schema, says func(*schema.Schema) bool) bool {
	for range 20 {
		if s == nil {
			return false
		}
		if says(s) || slices.ContainsFunc(s.AllOf, func(part *schema.Schema) bool { return part != nil && says(part) }) {
			return true
		}
		s = s.Ref
	}
	return false
}

// What a property tells of the time of a row.
const (
	notStamp = iota
	createdStamp
	updatedStamp
)

// stamps tells whether a property is the time when its row was created or last changed.
func stamps(name string) int {
	switch plain(name) {
	case "created", "createdat", "createdon", "createdate", "createddate", "creationdate", "creationtime", "createtime", "createdtime",
		"datecreated", "creationtimestamp", "insertedat", "createdatutc", "timecreated":
		return createdStamp
	case "updated", "updatedat", "updatedon", "updatedate", "updateddate", "updatetime", "modified", "modifiedat", "modifieddate",
		"lastmodified", "lastupdated", "lastupdatedat", "lastmodifieddate", "lastmodifieddatetime", "dateupdated", "datemodified",
		"changedat", "lastopdate", "modifiedon", "lastmodifiedat", "timeupdated":
		return updatedStamp
	}
	return notStamp
}

// stamp sets the times of a row: of its creation if it is new, and of its last change, in the form that they have.
func stamp(value map[string]any, c *Collection, now time.Time, created bool) {
	for _, p := range c.facts().properties {
		old, has := value[p.Name]
		if !has {
			continue
		}
		if kind := stamps(p.Name); kind == notStamp || kind == createdStamp && !created {
			continue
		}
		if v := moment(old, p.Schema, now); v != nil {
			value[p.Name] = v
		}
	}
}

// moment writes a time in the form of an older value; nil if its form is not known.
func moment(old any, s *schema.Schema, now time.Time) any {
	now = now.UTC()
	var v any
	switch old := old.(type) {
	case json.Number:
		n, err := strconv.ParseInt(string(old), 10, 64)
		if err != nil {
			return nil
		}
		v = json.Number(strconv.FormatInt(now.Unix(), 10))
		if n > 1e11 {
			v = json.Number(strconv.FormatInt(now.UnixMilli(), 10))
		}
	case string:
		for _, layout := range layouts() {
			if _, err := time.Parse(layout, old); err == nil {
				v = now.Format(layout)
				break
			}
		}
	}
	if v == nil || s != nil && !s.Valid(v, schema.Response) {
		return nil
	}
	return v
}

// layouts are the forms of times that are kept up.
func layouts() []string {
	return []string{
		"2006-01-02T15:04:05.000Z07:00", time.RFC3339, "2006-01-02T15:04:05", time.DateOnly, time.DateTime, time.RFC1123, time.RFC1123Z,
		"Jan 2, 2006 3:04:05 PM", "2006-01-02 15:04:05 -0700", "2006/01/02 15:04:05",
	}
}
