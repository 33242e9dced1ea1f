package contract

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Sequence tells whether bodies of this kind are elements that follow each other: JSON Lines, JSON texts, events or rows of CSV. What
// an element is, Items says, or else the elements of the list that Schema describes.
func (t *MediaType) Sequence() bool { return t.parsed.Sequence() != media.NoSequence }

// mostElements bounds the elements of one body.
const mostElements = 200_000

// elements reads a body element by element.
func elements(q media.Sequence, body []byte, charset string) ([]any, error) {
	text, err := media.DecodeText(body, charset)
	if err != nil {
		return nil, err
	}
	switch q {
	case media.JSONLines:
		return jsonElements(strings.Split(text, "\n"))
	case media.JSONTexts:
		return jsonElements(strings.Split(text, "\x1e"))
	case media.Events:
		return eventsOf(text), nil
	}
	return rowsOf(text)
}

// jsonElements reads JSON texts; blank ones are none.
func jsonElements(texts []string) ([]any, error) {
	out := []any{}
	for i, text := range texts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if len(out) == mostElements {
			return nil, &source.Error{Message: fmt.Sprintf("it has more than %d elements", mostElements), TooComplex: true}
		}
		v, err := source.DecodeJSON([]byte(text), source.Limits{})
		if err != nil {
			return nil, fmt.Errorf("element %d (text %d): %w", len(out)+1, i+1, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// rowsOf reads CSV as objects of texts, named by the first line.
func rowsOf(text string) ([]any, error) {
	reader := csv.NewReader(bytes.NewReader([]byte(text)))
	names, err := reader.Read()
	if err == io.EOF {
		return []any{}, nil
	}
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("two columns are called %q", name)
		}
	}
	out := []any{}
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(out) == mostElements {
			return nil, &source.Error{Message: fmt.Sprintf("it has more than %d rows", mostElements), TooComplex: true}
		}
		row := map[string]any{}
		for i, name := range names {
			row[name] = record[i]
		}
		out = append(out, row)
	}
}

// sequenceValue reads a body of elements. Each cell of a table becomes what its schema wants. read is false where the document does
// not say what the elements are.
func (t *MediaType) sequenceValue(q media.Sequence, body []byte, actual media.Type, d schema.Direction) (value any, read bool, err error) {
	if t.Schema != nil && t.Items == nil {
		if text, err := media.DecodeText(body, actual.Params["charset"]); err == nil && t.Schema.Valid(text, d) {
			return text, true, nil // the document takes it for a mere text
		}
	}
	list, err := elements(q, body, actual.Params["charset"])
	if err != nil {
		return nil, true, err
	}
	items := t.elementSchema()
	switch q {
	case media.Events:
		readEvents(list, items, d)
	case media.Table:
		for _, row := range list {
			cells, _ := row.(map[string]any)
			for name, cell := range cells {
				v, there := cellOf(cell, propertyOf(items, name, 0), d)
				if cells[name] = v; !there {
					delete(cells, name)
				}
			}
			settle(cells, items, d)
		}
	}
	return list, items != nil, nil
}

// cellOf is a cell of a table as the schema wants it. An empty one that is no valid text is null where that is allowed, else nothing.
func cellOf(cell any, s *schema.Schema, d schema.Direction) (v any, there bool) {
	text, _ := cell.(string)
	if text == "" && s != nil && !s.Valid("", d) {
		return nil, s.Valid(nil, d)
	}
	return scalarOf(text, s, d), true
}

// Element is what the document says of one element of a body that is a sequence, nil if it says nothing.
func (t *MediaType) Element() *schema.Schema { return t.elementSchema() }

// elementSchema is what the document says of one element: itemSchema, else the elements of schema, else schema itself, which many
// write for one line. Events without itemSchema are taken as they are.
func (t *MediaType) elementSchema() *schema.Schema {
	if t.Items != nil {
		return t.Items
	}
	if items := itemsOf(t.Schema); items != nil {
		return items
	}
	if t.parsed.Sequence() == media.Events {
		return nil
	}
	return t.Schema
}

// checkElements gives what the elements of a body break, and the body as a list, beside what is broken already.
func (t *MediaType) checkElements(list []any, broken []Violation, o schema.Options) []Violation {
	out := broken
	items := t.elementSchema()
	if t.Schema != nil && (itemsOf(t.Schema) != nil || t.PartsListed()) {
		for _, v := range t.Schema.Check(list, o) {
			out = append(out, fromSchema(v, "body", ""))
		}
		if t.Items == nil {
			return out
		}
	}
	for i, element := range list {
		for _, v := range items.Check(element, o) {
			v.Pointer = fmt.Sprintf("/%d%s", i, v.Pointer)
			out = append(out, fromSchema(v, "body", ""))
		}
		if len(out) >= mostListed {
			break
		}
	}
	return out
}

// mostListed is how many violations of the elements of one body are gathered.
const mostListed = 100
