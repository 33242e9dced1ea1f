package xml

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"standin/mock/schema"
)

// Encode writes a value as an XML document, with elements in the order of the schema's properties. Where the document does not name
// the outermost element, it is called root. An error tells of a text that XML cannot hold.
func Encode(value any, s *schema.Schema) ([]byte, error) {
	w := writer{}
	w.out.WriteString(xml.Header)
	name := RootName(s)
	if of, ok := value.([]any); ok {
		inner := itemName("item", items(s))
		if inner == "item" {
			if own := RootName(items(s)); own != "" {
				inner = own
			}
		}
		if name == "" {
			name = inner + "s"
		}
		w.open(name, labelOf(s), nil, 0)
		for _, item := range of {
			w.element(inner, item, items(s), 1)
		}
		w.shut(name, 0)
	} else {
		if name == "" {
			name = "root"
		}
		w.element(name, value, s, 0)
	}
	return w.out.Bytes(), w.err
}

type writer struct {
	out bytes.Buffer
	err error
}

func (w *writer) indent(depth int) { w.out.WriteString(strings.Repeat("  ", depth)) }

// text writes characters; those that XML has no way to write are an error (XML 1.0, 2.2).
func (w *writer) text(s string) {
	if i := strings.IndexFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r == 0xFFFD
	}); i >= 0 && w.err == nil {
		w.err = fmt.Errorf("XML cannot hold the character %q", s[i:i+1])
	}
	_ = xml.EscapeText(&w.out, []byte(s))
}

// qualified is a name with the prefix of its XML Object.
func qualified(name string, x label) string {
	if x.prefix != "" {
		return x.prefix + ":" + name
	}
	return name
}

// open writes a start tag.
func (w *writer) open(name string, x label, attributes []string, depth int) {
	w.indent(depth)
	w.out.WriteByte('<')
	w.out.WriteString(qualified(name, x))
	if x.namespace != "" {
		w.out.WriteString(" xmlns")
		if x.prefix != "" {
			w.out.WriteString(":" + x.prefix)
		}
		w.out.WriteString(`="`)
		w.text(x.namespace)
		w.out.WriteByte('"')
	}
	for i := 0; i+1 < len(attributes); i += 2 {
		w.out.WriteString(" " + attributes[i] + `="`)
		w.text(attributes[i+1])
		w.out.WriteByte('"')
	}
	w.out.WriteString(">\n")
}

func (w *writer) shut(name string, depth int) {
	w.indent(depth)
	w.out.WriteString("</" + name + ">\n")
}

// element writes a value as one element, or a list as several.
func (w *writer) element(name string, value any, s *schema.Schema, depth int) {
	x := labelOf(s)
	switch v := value.(type) {
	case map[string]any:
		w.object(name, v, s, depth)
	case []any:
		inner := itemName(name, items(s))
		if !x.wrapped && depth > 0 {
			for _, item := range v {
				w.element(inner, item, items(s), depth)
			}
			return
		}
		w.open(name, x, nil, depth)
		for _, item := range v {
			w.element(inner, item, items(s), depth+1)
		}
		w.shut(qualified(name, x), depth)
	case nil:
		w.indent(depth)
		w.out.WriteString("<" + qualified(name, x) + ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></` + qualified(name, x) + ">\n")
	default:
		w.open(name, x, nil, depth)
		w.out.Truncate(w.out.Len() - 1) // the text follows at once
		w.text(plain(value))
		w.out.WriteString("</" + qualified(name, x) + ">\n")
	}
}

func (w *writer) object(name string, value map[string]any, s *schema.Schema, depth int) {
	var attributes []string
	var inside []schema.Property
	listed := map[string]bool{}
	for _, p := range properties(s) {
		v, ok := value[p.Name]
		listed[p.Name] = true
		if x := labelOf(p.Schema); !ok {
			continue
		} else if x.attribute && scalar(v) {
			attributes = append(attributes, qualified(nameOf(p.Name, x), label{prefix: x.prefix}), plain(v))
		} else {
			inside = append(inside, p)
		}
	}
	for _, other := range slices.Sorted(maps.Keys(value)) {
		if !listed[other] {
			inside = append(inside, schema.Property{Name: other, Schema: additional(s)})
		}
	}
	x := labelOf(s)
	w.open(name, x, attributes, depth)
	for _, p := range inside {
		w.element(nameOf(p.Name, labelOf(p.Schema)), value[p.Name], p.Schema, depth+1)
	}
	w.shut(qualified(name, x), depth)
}

func scalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any, nil:
		return false
	}
	return true
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
