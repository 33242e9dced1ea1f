package sample

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/schema"
)

// madeElements is how many elements a generated sequence has, where the document does not describe it as a list.
const madeElements = 3

// textual tells that the document takes a body for a mere text, although its type has elements. Lines of JSON can always be strings.
func (e *entry) textual() bool {
	if e.media.Items != nil || e.media.Schema == nil {
		return e.media.Items == nil
	}
	return e.media.Schema.Types == schema.StringType && (e.sequence == media.Events || e.sequence == media.Table)
}

// elements makes up the elements of a body.
func (s *Sampler) elements(e *entry, seed uint64, size int) (any, error) {
	o := fake.Options{Seed: seed, Direction: schema.Response, Size: size}
	whole := e.media.Schema
	if Items(whole) != nil && e.media.Items == nil {
		return s.generator.Value(whole, o)
	}
	of := e.media.Element()
	if of == nil {
		of = whole
	}
	list := []any{}
	if size == 0 {
		size = madeElements
	}
	if whole != nil && e.media.Items != nil { // beside itemSchema it says how many there are
		if size = max(size, whole.MinItems); whole.MaxItems >= 0 {
			size = min(size, whole.MaxItems)
		}
	}
	o.Size = 0
	for n := range size {
		o.Row = n + 1
		v, err := s.generator.Value(of, o)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// elementsText writes a list as its media type does: a line, a text, an event or a row for each element.
func elementsText(value any, t media.Type, m *contract.MediaType) ([]byte, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var b bytes.Buffer
	switch t.Sequence() {
	case media.Table:
		return table(list, m.Element())
	case media.Events:
		for _, v := range list {
			text, err := event(v, m)
			if err != nil {
				return nil, err
			}
			b.Write(text)
		}
	case media.JSONTexts:
		for _, v := range list {
			b.WriteByte(0x1e)
			b.Write(jsonText(v, m.Element()))
			b.WriteByte('\n')
		}
	default:
		for _, v := range list {
			b.Write(jsonText(v, m.Element()))
			b.WriteByte('\n')
		}
	}
	return b.Bytes(), nil
}

func jsonText(value any, s *schema.Schema) []byte {
	text, _, _ := AppendJSON(nil, value, s, nil)
	return text
}

// event writes one event (HTML, 9.2.5): its fields, where the value is an event as the document describes them, else the value as its data.
// An error tells that a stream of events cannot hold it.
func event(value any, m *contract.MediaType) ([]byte, error) {
	element := m.Element()
	if element == nil {
		element = m.Schema
	}
	fields := map[string]any{"data": value}
	of := element
	if m.IsEvent(value) {
		fields, _ = value.(map[string]any)
		fields, of = maps.Clone(fields), memberOf(element, "data")
	}
	switch data := fields["data"].(type) {
	case nil:
		if _, is := value.(map[string]any); !is {
			fields["data"] = "null"
		}
	case string, json.Number:
	default:
		fields["data"] = string(jsonText(data, of))
	}
	retry := cell(fields["retry"])
	switch {
	case retry != "" && !media.IsRetry(retry):
		return nil, errors.New("the retry of an event is a whole number of milliseconds")
	case strings.ContainsAny(cell(fields["event"])+cell(fields["id"]), "\r\n\x00"):
		return nil, errors.New("event and id are texts of one line")
	case strings.Contains(cell(fields["data"]), "\r"):
		return nil, errors.New("an event cannot hold a carriage return")
	}
	text := Event(fields)
	if len(text) == 1 {
		return nil, errors.New("an event without fields is none")
	}
	return text, nil
}

// streamed is a text as a stream of one event, unless it is a stream already or the document wants the text as it stands.
func streamed(text string, s *schema.Schema) string {
	if field, _, found := strings.Cut(text, ":"); found && slices.Contains([]string{"data", "event", "id", "retry", ""}, field) {
		return text
	}
	if event := string(Event(map[string]any{"data": text})); s == nil || s.Valid(event, schema.Response) {
		return event
	}
	return text
}

// lineEnds makes every end of a line the same (HTML, 9.2.5).
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Event writes one event of an event stream (HTML, 9.2.6) from its fields event, id, retry and data: texts and numbers as they stand,
// null as nothing, anything else as JSON. A text of several lines is as many fields.
func Event(fields map[string]any) []byte {
	var b []byte
	for _, name := range []string{"event", "id", "retry", "data"} {
		if fields[name] == nil {
			continue
		}
		for line := range strings.SplitSeq(lineEnds.Replace(cell(fields[name])), "\n") {
			b = append(b, name+": "+line+"\n"...)
		}
	}
	return append(b, '\n')
}

// table writes rows below a line of names: those that some row has, in the order of the schema. What a row lacks is an empty cell.
func table(rows []any, s *schema.Schema) ([]byte, error) {
	has := map[string]bool{}
	for _, v := range rows {
		row, ok := v.(map[string]any)
		if !ok {
			return nil, errors.New("a row of a table is an object")
		}
		for name := range row {
			has[name] = true
		}
	}
	var names []string
	for _, p := range Properties(s) {
		if has[p.Name] {
			names = append(names, p.Name)
			delete(has, p.Name)
		}
	}
	names = append(names, slices.Sorted(maps.Keys(has))...)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(names)
	for _, v := range rows {
		row, _ := v.(map[string]any)
		record := make([]string, len(names))
		for i, name := range names {
			record[i] = cell(row[name])
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// cell is a value as a text of its own: texts and numbers as they stand, null as nothing, anything else as JSON.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return string(jsonText(v, nil))
}
