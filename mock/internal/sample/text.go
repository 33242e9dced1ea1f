package sample

import (
	"bytes"
	encxml "encoding/xml"
	"fmt"
	"maps"
	"slices"
)

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }

// xml writes a value as plain elements. The xml object of the document is not looked at.
func xml(value any) []byte {
	var b bytes.Buffer
	b.WriteString(encxml.Header)
	element(&b, "root", value)
	b.WriteByte('\n')
	return b.Bytes()
}

// element writes a value as an element; a list as one for each of its elements.
func element(b *bytes.Buffer, name string, value any) {
	if list, ok := value.([]any); ok && name != "root" {
		for _, item := range list {
			element(b, name, item)
		}
		return
	}
	fmt.Fprintf(b, "<%s>", name)
	switch v := value.(type) {
	case map[string]any:
		for _, n := range sortedNames(v) {
			element(b, elementName(n), v[n])
		}
	case []any:
		for _, item := range v {
			element(b, "item", item)
		}
	case nil:
	default:
		_ = encxml.EscapeText(b, fmt.Append(nil, v))
	}
	fmt.Fprintf(b, "</%s>", name)
}

// elementName makes a name fit for an element: letters, digits, dots, dashes and underscores, a letter first.
func elementName(name string) string {
	out := []byte{}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if letter || len(out) > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.') {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return "_"
	}
	return string(out)
}
