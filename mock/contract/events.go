package contract

import (
	"encoding/json"
	"slices"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/schema"
)

// eventFields are what an event can say (HTML, 9.2.6).
var eventFields = [...]string{"event", "data", "id", "retry"}

// eventsOf reads events as objects of event, data, id and retry (OpenAPI 3.2, 4.14.4); comments and unknown fields are passed over.
func eventsOf(text string) []any {
	out := []any{}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for block := range strings.SplitSeq(text, "\n\n") {
		event := map[string]any{}
		for line := range strings.SplitSeq(block, "\n") {
			name, value, _ := strings.Cut(line, ":")
			value = strings.TrimPrefix(value, " ")
			switch name {
			case "data":
				if before, more := event["data"].(string); more {
					value = before + "\n" + value
				}
				event["data"] = value
			case "event", "id":
				event[name] = value
			case "retry":
				if media.IsRetry(value) {
					event["retry"] = json.Number(strings.TrimLeft(value[:len(value)-1], "0") + value[len(value)-1:])
				}
			}
		}
		if len(event) > 0 {
			out = append(out, event)
		}
	}
	return out
}

// readEvents turns events into what the document describes: the event itself, with fields of the kinds that its schema wants, or what its
// data holds, where that alone is valid or the schema lists properties that no event has.
func readEvents(list []any, items *schema.Schema, d schema.Direction) {
	if items == nil {
		return
	}
	own, others := speaksOf(items)
	for i, v := range list {
		event, _ := v.(map[string]any)
		data, says := event["data"].(string)
		for name, field := range event {
			event[name] = fieldOf(field, propertyOf(items, name, 0), d)
		}
		settle(event, items, d)
		broken := items.Check(event, schema.Options{Direction: d, Most: 1})
		if len(broken) == 0 || !says || own && !others {
			continue
		}
		held := scalarOf(data, items, d)
		if others || items.Valid(held, d) || broken[0].Keyword == "type" && broken[0].Pointer == "" {
			list[i] = held
		}
	}
}

// fieldOf is a field of an event as its schema wants it; retry is a number, unless only a text is right.
func fieldOf(field any, s *schema.Schema, d schema.Direction) any {
	switch v := field.(type) {
	case string:
		return scalarOf(v, s, d)
	case json.Number:
		if s != nil && !s.Valid(v, d) && s.Valid(v.String(), d) {
			return v.String()
		}
	}
	return field
}

// speaksOf tells whether a schema lists properties that events have, and whether it lists others.
func speaksOf(s *schema.Schema) (own, others bool) {
	for _, name := range namesOf(s) {
		if slices.Contains(eventFields[:], name) {
			own = true
		} else {
			others = true
		}
	}
	return own, others
}

// IsEvent tells whether a value, of a body that is a stream of events, is an event of its own, an object of event, data, id and retry
// (OpenAPI 3.2, 4.14.4), and not what the data of an event holds.
func (t *MediaType) IsEvent(value any) bool {
	fields, ok := value.(map[string]any)
	if !ok || len(fields) == 0 || t.parsed.Sequence() != media.Events {
		return false
	}
	for name := range fields {
		if !slices.Contains(eventFields[:], name) {
			return false
		}
	}
	items := t.elementSchema()
	if items == nil {
		items = t.Schema
	}
	_, others := speaksOf(items)
	return !others
}
