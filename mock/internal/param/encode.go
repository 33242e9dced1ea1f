package param

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"standin/mock/schema"
)

// Encode writes a value as the text that decodes to it: a segment for a path (with the prefix of its style), "p=1&p=2" for a
// query, the value of a header, "p=1; q=2" for cookies. An *[Error] tells that there is no such text: an empty object cannot
// be exploded, a string "7" cannot be told from a number where both may stand.
func (d *Decoder) Encode(value any) (string, error) {
	text, err := d.write(value)
	if err != nil {
		return "", err
	}
	if back, err := d.reread(text); err != nil || !schema.Equal(back, value) {
		return "", fault(BadStyle, "cannot be written as a %s parameter in the style %s so that it reads back the same", d.spec.In, d.spec.Style)
	}
	return text, nil
}

// reread decodes what was written.
func (d *Decoder) reread(text string) (any, error) {
	var value any
	var present bool
	var err error
	switch d.spec.In {
	case InPath:
		return d.Path(text)
	case InHeader:
		value, present, err = d.Header([]string{text})
	case InCookie:
		value, present, err = d.Cookie([]string{text})
	default:
		var q *Query
		if q, err = ParseQuery(text); err == nil {
			value, present, err = d.Query(q)
		}
	}
	if err == nil && !present {
		err = fault(BadStyle, "must be present")
	}
	return value, err
}

func (d *Decoder) write(value any) (string, error) {
	name := d.escape(d.spec.Name)
	between := "&"
	if d.spec.In == InCookie {
		between = "; "
	}
	if d.spec.Style == Content {
		return d.writeContent(value)
	}
	_, isList := value.([]any)
	_, isObject := value.(map[string]any)
	named := d.spec.In == InQuery || d.spec.In == InCookie
	switch {
	case d.spec.Style == DeepObject:
		return strings.Join(d.deep(nil, name, value), between), nil
	case named && d.spec.Explode && (isList || isObject):
		return strings.Join(d.writeExploded(name, value), between), nil
	}
	parts, err := d.writeParts(value)
	if err != nil {
		return "", err
	}
	switch {
	case named:
		return name + "=" + strings.Join(parts, d.glue()), nil
	case d.spec.Style == Label:
		return "." + strings.Join(parts, d.glue()), nil
	case d.spec.Style == Matrix:
		return d.writeMatrix(name, parts, isList, isObject), nil
	}
	text := strings.Join(parts, d.glue())
	if d.spec.In == InHeader && strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return "", fault(BadStyle, "a header cannot hold control characters")
	}
	return text, nil
}

func (d *Decoder) writeContent(value any) (string, error) {
	text := textOf(value)
	if isJSON(d.spec.MediaType) {
		b, err := json.Marshal(value)
		if err != nil {
			return "", fault(BadContent, "cannot be written as JSON: %s", err)
		}
		text = string(b)
	}
	text = d.escape(text)
	if d.spec.In == InQuery || d.spec.In == InCookie {
		text = d.escape(d.spec.Name) + "=" + text
	}
	return text, nil
}

// glue is what stands between parts when they are written.
func (d *Decoder) glue() string {
	if d.spec.Style == PipeDelimited && d.spec.In != InHeader {
		return "%7C"
	}
	if d.spec.Style == SpaceDelimited && d.spec.In == InHeader {
		return " "
	}
	if d.spec.Style == TabDelimited && d.spec.In != InHeader {
		return "%09"
	}
	return d.seps[0]
}

// writeParts writes the elements of an array, the members of an object, or the one scalar.
func (d *Decoder) writeParts(value any) ([]string, error) {
	var parts []string
	flat := true
	part := func(v any) string {
		flat = flat && !isContainer(v)
		return d.escape(textOf(v))
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			parts = append(parts, part(item))
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if text := part(v[name]); d.spec.Explode {
				parts = append(parts, d.escape(name)+"="+text)
			} else {
				parts = append(parts, d.escape(name), text)
			}
		}
	default:
		parts = append(parts, part(v))
	}
	if !flat {
		return nil, fault(BadStyle, "arrays and objects inside the value cannot be written in the style %s", d.spec.Style)
	}
	return parts, nil
}

func (d *Decoder) writeMatrix(name string, parts []string, isList, isObject bool) string {
	lead := ";" + name + "="
	switch {
	case d.spec.Explode && isList && len(parts) > 0:
		return lead + strings.Join(parts, lead)
	case d.spec.Explode && isObject:
		return ";" + strings.Join(parts, ";")
	}
	text := strings.Join(parts, d.glue())
	if text == "" {
		return ";" + name
	}
	return lead + text
}

// writeExploded writes p=1&p=2 or a=1&b=2; an empty array is p= alone.
func (d *Decoder) writeExploded(name string, value any) []string {
	var pairs []string
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			pairs = append(pairs, name+"="+d.escape(textOf(item)))
		}
		if len(v) == 0 {
			pairs = append(pairs, name+"=")
		}
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			pairs = d.field(pairs, d.escape(member), v[member])
		}
	}
	return pairs
}

// field writes one name of a form: arrays of scalars as repeated names, other containers with brackets.
func (d *Decoder) field(pairs []string, name string, value any) []string {
	list, ok := value.([]any)
	if !ok || len(list) == 0 || slices.ContainsFunc(list, isContainer) {
		return d.deep(pairs, name, value)
	}
	for _, item := range list {
		pairs = append(pairs, name+"="+d.escape(textOf(item)))
	}
	return pairs
}

// deep writes p[a][b]=1, arrays of scalars as p[a][]=1, of others as p[a][0][b]=1.
func (d *Decoder) deep(pairs []string, name string, value any) []string {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			pairs = d.deep(pairs, name+"%5B"+d.escape(member)+"%5D", v[member])
		}
		return pairs
	case []any:
		nested := slices.ContainsFunc(v, isContainer)
		for i, item := range v {
			index := ""
			if nested {
				index = itoa(i)
			}
			pairs = d.deep(pairs, name+"%5B"+index+"%5D", item)
		}
		if len(v) > 0 {
			return pairs
		}
	}
	return append(pairs, name+"="+d.escape(textOf(value)))
}

func isContainer(v any) bool { return typeOf(v)&scalarTypes == 0 }

// textOf writes a scalar; containers have no text.
func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	case nil:
		return "null"
	}
	return ""
}

// escape percent-encodes what could be misread; headers are left as they are (OpenAPI 3.1.1, appendix D).
func (d *Decoder) escape(text string) string {
	keep := "-_~."
	switch {
	case d.spec.In == InHeader:
		return text
	case d.spec.Style == Label:
		keep = "-_~"
	case d.spec.AllowReserved && d.spec.In == InQuery:
		keep = "-_~.:/?@!$'()*;" // not those that end a name or a value, or split it
		if d.spec.Style == Content {
			keep += ","
		}
	}
	return escape(text, keep)
}

func escape(text, keep string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// Encode writes an object as a body that decodes to it. An *[Error] tells that there is none.
func (f *FormBody) Encode(value any) (string, error) {
	object, ok := value.(map[string]any)
	if !ok {
		return "", fault(BadStyle, "a form must be an object")
	}
	plain := &Decoder{spec: Spec{In: InQuery, Style: Form, Explode: true}}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		member := object[name]
		if d := f.styled[name]; d != nil {
			text, err := d.write(member)
			if err != nil {
				return "", within(err, name)
			}
			pairs = append(pairs, text)
			continue
		}
		if _, ok := f.json[name]; ok {
			text, err := json.Marshal(member)
			if err != nil {
				return "", within(fault(BadContent, "cannot be written as JSON: %s", err), name)
			}
			pairs = append(pairs, plain.escape(name)+"="+plain.escape(string(text)))
			continue
		}
		pairs = append(pairs, f.writeField(plain, name, member)...)
	}
	body := strings.Join(pairs, "&")
	if back, err := f.Decode([]byte(body)); err != nil || !schema.Equal(back, value) {
		return "", fault(BadStyle, "cannot be written as a form so that it reads back the same")
	}
	return body, nil
}

// writeField writes a property without an encoding: by repeated names and brackets or, where these lose something (an empty
// array, a number in an object of any names), as the JSON that OpenAPI 3.1 (4.8.15.1.1) has for objects.
func (f *FormBody) writeField(d *Decoder, name string, member any) []string {
	pairs := d.field(nil, d.escape(name), member)
	if !isContainer(member) {
		return pairs
	}
	if back, err := f.Decode([]byte(strings.Join(pairs, "&"))); err == nil {
		if object, ok := back.(map[string]any); ok && schema.Equal(object[name], member) {
			return pairs
		}
	}
	text, err := json.Marshal(member)
	if err != nil {
		return pairs
	}
	return []string{d.escape(name) + "=" + d.escape(string(text))}
}
