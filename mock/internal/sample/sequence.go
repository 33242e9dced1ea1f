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

// textual tells that the document takes a body for a mere text, although its type has elements.
func textual(m *contract.MediaType) bool {
	return m.Items == nil && (m.Schema == nil || m.Schema.Types == schema.StringType)
}

// elements makes up the elements of a body.
func (s *Sampler) elements(e *entry, seed uint64, size int) (any, error) {
	o := fake.Options{Seed: seed, Direction: schema.Response, Size: size}
	if Items(e.media.Schema) != nil {
		return s.generator.Value(e.media.Schema, o)
	}
	of := e.media.Element()
	if of == nil {
		of = e.media.Schema
	}
	list := []any{}
	if size == 0 {
		size = madeElements
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
			event(&b, v, m)
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

// event writes one event (HTML, 9.2.5): its fields, where the document describes events as objects of them (OpenAPI 3.2), else the value
// as its data.
func event(b *bytes.Buffer, value any, m *contract.MediaType) {
	fields, ok := value.(map[string]any)
	if !ok || m.Items == nil {
		if text, isText := value.(string); isText {
			fields = map[string]any{"data": text}
		} else {
			fields = map[string]any{"data": string(jsonText(value, m.Schema))}
		}
	}
	b.Write(Event(fields))
}

// Event writes one event of an event stream (HTML, 9.2.6) from its fields event, id, retry and data: texts and numbers as they stand,
// null as nothing, anything else as JSON. A text of several lines is as many fields.
func Event(fields map[string]any) []byte {
	var b []byte
	for _, name := range []string{"event", "id", "retry", "data"} {
		var text string
		switch v := fields[name].(type) {
		case nil:
			continue
		case string:
			text = v
		case json.Number:
			text = v.String()
		default:
			text = string(jsonText(v, nil))
		}
		for line := range strings.SplitSeq(text, "\n") {
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
