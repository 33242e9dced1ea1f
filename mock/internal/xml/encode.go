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
	"unicode/utf8"

	"standin/mock/schema"
)

// Encode writes a value as an XML document: attributes first, then elements in the order of the schema's properties, then what the
// schema does not list in the order of names. Where the document does not name the outermost element, it is called root. An error tells
// of what XML cannot hold.
func Encode(value any, s *schema.Schema) ([]byte, error) {
	w := &writer{known: shapes{}}
	w.out.WriteString(xml.Header)
	sh := w.known.of(s)
	n := w.root(value, s)
	if of, ok := value.([]any); ok {
		item := labelOf(sh.items).name
		item.local = or(or(item.local, component(sh.items)), "item")
		n.local = or(n.local, item.local+"s")
		w.list(n, of, sh, item, nil)
	} else {
		n.local = or(n.local, "root")
		w.element(n, value, s, nil)
	}
	return w.out.Bytes(), w.err
}

// root is what the outermost element is called: as the schema says, else as the alternative that the value is.
func (w *writer) root(value any, s *schema.Schema) name {
	roots := w.known.roots(s)
	own := roots[len(roots)-1].name
	for _, r := range roots {
		if own.local == "" && r.name.local != "" && (r.schema.Valid(value, schema.Response) || r.schema.Valid(value, schema.Request)) {
			return r.name
		}
	}
	return own
}

// scope are the prefixes that are bound to namespaces at one place, the innermost first.
type scope struct {
	prefix, namespace string
	around            *scope
}

func (s *scope) find(prefix string) (namespace string, ok bool) {
	for ; s != nil; s = s.around {
		if s.prefix == prefix {
			return s.namespace, true
		}
	}
	return "", false
}

// writer writes elements.
type writer struct {
	known   shapes
	out     bytes.Buffer
	err     error
	depth   int
	compact int // elements around that hold text, where no space may be added
}

func (w *writer) newline() {
	if w.compact == 0 {
		w.out.WriteByte('\n')
	}
}

func (w *writer) indent() {
	if w.compact == 0 {
		w.out.WriteString(strings.Repeat("  ", w.depth))
	}
}

// text writes characters; those that XML has no way to write are an error (XML 1.0, 2.2).
func (w *writer) text(s string) {
	w.holds(s)
	_ = xml.EscapeText(&w.out, []byte(s))
}

func (w *writer) holds(s string) {
	i := strings.IndexFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	})
	switch {
	case w.err != nil:
	case i >= 0:
		w.err = fmt.Errorf("XML cannot hold the character %q", s[i:min(i+3, len(s))])
	case !utf8.ValidString(s):
		w.err = fmt.Errorf("XML cannot hold %q, which is not UTF-8", s)
	}
}

// attribute is one attribute of a start tag; namespaces are declared as such.
type attribute struct {
	name  name
	value string
}

// tag is a start tag on its way: the prefixes it uses, and those it binds itself.
type tag struct {
	bound    *scope
	used     map[string]string // prefix to namespace
	declared []attribute
}

// qualified writes a name with its prefix, which is bound to the namespace if it is not yet.
func (t *tag) qualified(n name, isAttribute bool) string {
	prefix := n.prefix
	if n.namespace == "" {
		namespace, ok := t.bound.find(prefix)
		switch {
		case prefix == "xml":
		case prefix == "" || !ok: // a prefix that nothing binds would be malformed (Namespaces in XML 1.0, 5)
			return n.local
		default:
			t.used[prefix] = namespace
		}
		return prefix + ":" + n.local
	}
	for i := 1; ; i++ { // an attribute without a prefix would be in no namespace, and one prefix cannot stand for two in one tag
		if known, taken := t.used[prefix]; !(prefix == "" && isAttribute) && (!taken || known == n.namespace) {
			break
		}
		prefix = "ns" + strconv.Itoa(i)
	}
	if known, ok := t.bound.find(prefix); !ok || known != n.namespace {
		t.declared = append(t.declared, attribute{name{local: prefix}, n.namespace})
		t.bound = &scope{prefix, n.namespace, t.bound}
	}
	t.used[prefix] = n.namespace
	if prefix == "" {
		return n.local
	}
	return prefix + ":" + n.local
}

// open writes a start tag without its end, and tells what the element is called and which prefixes are bound inside.
func (w *writer) open(n name, attributes []attribute, around *scope) (string, *scope) {
	w.indent()
	t := tag{bound: around, used: map[string]string{}}
	called := t.qualified(n, false)
	names := make([]string, len(attributes))
	for i, a := range attributes {
		names[i] = t.qualified(a.name, true)
	}
	w.out.WriteString("<" + called)
	for _, d := range t.declared {
		w.out.WriteString(" xmlns")
		if d.name.local != "" {
			w.out.WriteString(":" + d.name.local)
		}
		w.quoted(d.value)
	}
	for i, a := range attributes {
		w.out.WriteString(" " + names[i])
		w.quoted(a.value)
	}
	return called, t.bound
}

func (w *writer) quoted(value string) {
	w.out.WriteString(`="`)
	w.text(value)
	w.out.WriteByte('"')
}

// inside writes what is between a start tag and its end, indented unless it is mixed with text.
func (w *writer) inside(called string, mixed bool, do func()) {
	w.out.WriteByte('>')
	if mixed {
		w.compact++
		do()
		w.compact--
		w.shut(called)
		return
	}
	before := w.out.Len()
	w.newline()
	start := w.out.Len()
	w.depth++
	do()
	w.depth--
	if w.out.Len() == start {
		w.out.Truncate(before)
	} else {
		w.indent()
	}
	w.shut(called)
}

func (w *writer) shut(called string) {
	w.out.WriteString("</" + called + ">")
	w.newline()
}

// element writes a value as one element.
func (w *writer) element(n name, value any, s *schema.Schema, around *scope) {
	sh := w.known.of(s)
	switch v := value.(type) {
	case map[string]any:
		w.object(n, v, sh, around)
	case []any:
		item, _ := sh.itemName(n)
		w.list(n, v, sh, item, around)
	case nil:
		called, _ := w.open(n, []attribute{{name{local: "nil", prefix: "xsi", namespace: instance}, "true"}}, around)
		w.out.WriteByte('>')
		w.shut(called)
	default:
		called, _ := w.open(n, nil, around)
		w.out.WriteByte('>')
		w.text(plain(value))
		w.shut(called)
	}
}

// list writes an element around the elements of a list.
func (w *writer) list(n name, of []any, sh *shape, item name, around *scope) {
	called, within := w.open(n, nil, around)
	w.inside(called, false, func() {
		for i, v := range of {
			w.element(item, v, sh.item(i), within)
		}
	})
}

func (w *writer) object(n name, value map[string]any, sh *shape, around *scope) {
	var attributes []attribute
	var inside []*member
	listed := map[string]bool{}
	for _, m := range sh.members {
		v, ok := get(value, m.path)
		listed[m.path[0]] = true
		switch {
		case !ok:
		case m.kind == schema.XMLAttribute && isScalar(v):
			attributes = append(attributes, attribute{m.name, plain(v)})
		case m != sh.text:
			inside = append(inside, m)
		}
	}
	called, within := w.open(n, attributes, around)
	text, hasText := "", false
	if sh.text != nil {
		if v, ok := get(value, sh.text.path); ok {
			text, hasText = plain(v), isScalar(v)
		}
	}
	w.inside(called, hasText, func() {
		if hasText {
			w.content(text, sh.text.kind)
		}
		for _, m := range inside {
			v, _ := get(value, m.path)
			w.property(v, m, within)
		}
		for _, other := range slices.Sorted(maps.Keys(value)) {
			if !listed[other] {
				w.unlisted(other, value[other], sh.other(other), within)
			}
		}
	})
}

// content writes the text of an element, as a CDATA section where the document wants that.
func (w *writer) content(text string, kind schema.XMLNodeType) {
	if kind != schema.XMLCData || strings.Contains(text, "\r") { // a CDATA section would lose it
		w.text(text)
		return
	}
	w.holds(text)
	w.out.WriteString("<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>")
}

func (w *writer) property(v any, m *member, within *scope) {
	of, isList := v.([]any)
	sh := w.known.of(m.schema)
	if !isList || sh.list && !m.list {
		w.element(m.name, v, m.schema, within)
		return
	}
	for i, item := range of {
		w.element(m.name, item, sh.item(i), within)
	}
}

// unlisted writes a property that the schema does not list.
func (w *writer) unlisted(property string, v any, s *schema.Schema, within *scope) {
	n := name{local: elementName(property)}
	sh := w.known.of(s)
	of, isList := v.([]any)
	if !isList || sh.label.kind == schema.XMLElement && sh.list {
		w.element(n, v, s, within)
		return
	}
	for i, item := range of {
		w.element(n, item, sh.item(i), within)
	}
}

// get finds a property below objects that have no node of their own.
func get(object map[string]any, path []string) (any, bool) {
	for _, step := range path[:len(path)-1] {
		inner, ok := object[step].(map[string]any)
		if !ok {
			return nil, false
		}
		object = inner
	}
	v, ok := object[path[len(path)-1]]
	return v, ok
}

func isScalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// plain is a scalar as text; null is nothing.
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
