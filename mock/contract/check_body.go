package contract

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/param"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// body checks the body against what is documented for its media type.
func (k *checker) body() {
	b := k.compiled.body
	if b == nil || k.request.Found.Head {
		return
	}
	if r := k.request.Received; r != nil {
		for _, v := range r.judge(k.options()) {
			k.add(v)
		}
		return
	}
	t, actual, broken := k.chosen()
	if t == nil && len(k.request.Body) == 0 && b.Required {
		broken = []Violation{{In: "body", Message: "is required, and missing", Keyword: "requestBody", Rule: b.Position}}
	}
	if t != nil && broken == nil {
		broken = t.check(k.request.Body, actual, k.options())
	}
	for _, v := range broken {
		k.add(v)
	}
}

// chosen finds the documented kind of the request's body; t is nil if it has none, or no such body is documented. The body of a
// HEAD request has no meaning (RFC 9110, 9.3.2).
func (k *checker) chosen() (t *MediaType, actual media.Type, broken []Violation) {
	b := k.compiled.body
	if b == nil || k.request.Found.Head || len(b.Content) == 0 {
		return nil, actual, nil
	}
	contentType, empty := k.request.Header.Get("Content-Type"), len(k.request.Body) == 0
	if contentType == "" && !empty {
		return b.guess(k.request.Body, k.options())
	}
	t, actual, problem := b.choose(contentType)
	if empty && (t == nil || actual.IsJSON() || actual.IsMultipart()) {
		return nil, actual, nil // while a form, a text or a file can be empty
	}
	if problem != "" {
		broken = []Violation{{In: "body", Message: problem, Keyword: "contentType", Rule: b.Position}}
	}
	return t, actual, broken
}

// choose finds the documented kind of a body by its Content-Type.
func (b *RequestBody) choose(contentType string) (t *MediaType, actual media.Type, problem string) {
	plain := withoutUTF8(contentType)
	for _, c := range b.Content { // the usual case
		if c.Range == plain && !c.parsed.Wild() {
			return c, c.parsed, ""
		}
	}
	actual, err := media.Parse(contentType)
	if err != nil {
		return nil, actual, err.Error()
	}
	if i := media.Select(b.types, actual); i >= 0 {
		return b.Content[i], actual, ""
	}
	if len(b.types) == 1 && b.types[0].Wild() && !b.types[0].IsText() && actual.Essence() == "application/octet-stream" {
		return b.Content[0], actual, "" // the sender does not know of what kind they are (RFC 2046, 4.5.1), the document does
	}
	return nil, actual, fmt.Sprintf("is %s, and only %s is documented", actual, ranges(b.Content))
}

// withoutUTF8 drops a parameter that says what is understood anyway.
func withoutUTF8(contentType string) string {
	essence, parameter, found := strings.Cut(contentType, ";")
	if found && strings.EqualFold(strings.TrimSpace(parameter), "charset=utf-8") {
		return strings.TrimSpace(essence)
	}
	return contentType
}

// guess finds the kind of a body without a Content-Type, which its bytes may tell (RFC 9110, 8.3): a documented kind as which it
// is right, else one that we do not read, else the first as which it can be read, with what is wrong.
func (b *RequestBody) guess(body []byte, o schema.Options) (*MediaType, media.Type, []Violation) {
	var nearest, unread *MediaType
	var broken []Violation
	why := ""
	for _, t := range b.Content {
		switch {
		case t.parsed.IsMultipart(): // it would have to name its boundary
			continue
		case t.parsed.IsForm() && !bytes.ContainsRune(body, '='):
			continue
		case !t.parsed.IsJSON() && !t.parsed.IsText() && !t.parsed.IsForm() && !t.parsed.IsXML():
			unread = t
			continue
		}
		found := t.check(body, t.parsed, o)
		if len(found) == 0 {
			return t, t.parsed, nil
		}
		if found[0].Keyword == "syntax" {
			why = ": " + found[0].Message
		} else if nearest == nil {
			nearest, broken = t, found
		}
	}
	switch {
	case unread != nil:
		return unread, unread.parsed, nil
	case nearest != nil:
		return nearest, nearest.parsed, broken
	}
	message := "has no Content-Type, and does not look like " + ranges(b.Content) + why
	return nil, media.Type{}, []Violation{{In: "body", Message: message, Keyword: "contentType", Rule: b.Position}}
}

func ranges(content []*MediaType) string {
	var names []string
	for _, c := range content {
		names = append(names, c.Range)
	}
	return strings.Join(names, ", ")
}

// types are the parsed ranges of documented bodies, in their order.
func types(content []*MediaType) []media.Type {
	out := make([]media.Type, len(content))
	for i, c := range content {
		out[i] = c.parsed
	}
	return out
}

// check reads a body as its type says and gives what it breaks; kinds that we do not read pass.
func (t *MediaType) check(body []byte, actual media.Type, o schema.Options) []Violation {
	if actual.IsJSON() && t.Schema != nil && !o.Undeclared && actual.UTF8() && t.Schema.Accept(body, o.Direction) {
		return nil
	}
	value, read, broken, err := t.decode(body, actual, o.Direction)
	if err != nil {
		return []Violation{t.unreadable(err, actual)}
	}
	if !read && t.unread(actual) && mereBytes(t.Schema) {
		return append(broken, lengthsOf(longText{"", int64(len(body)), t.Schema})...)
	}
	if !read {
		return broken
	}
	return t.checkValue(value, actual, broken, o)
}

// checkValue gives what the value of a body breaks, beside what is broken already.
func (t *MediaType) checkValue(value any, actual media.Type, broken []Violation, o schema.Options) []Violation {
	if t.Schema == nil && t.Items == nil {
		return broken
	}
	if list, ok := value.([]any); ok && t.listed(actual) {
		return once(t.checkElements(list, broken, o))
	}
	if t.Schema == nil { // itemSchema beside a type that has no elements
		return broken
	}
	for _, v := range t.Schema.Check(value, o) {
		broken = append(broken, fromSchema(v, "body", ""))
	}
	return once(broken)
}

// once leaves out what else is wrong with a place that could not be read.
func once(broken []Violation) []Violation {
	var unread []string
	for _, v := range broken {
		if v.Keyword == "syntax" {
			unread = append(unread, v.Pointer)
		}
	}
	return slices.DeleteFunc(broken, func(v Violation) bool {
		return v.Keyword != "syntax" && slices.ContainsFunc(unread, func(at string) bool { return v.Pointer == at || strings.HasPrefix(v.Pointer, at+"/") })
	})
}

// decode turns a body into a value; read is false for kinds that are taken as they are. broken is what is wrong with parts of it
// beside the value.
func (t *MediaType) decode(body []byte, actual media.Type, d schema.Direction) (value any, read bool, broken []Violation, err error) {
	if t.parts != nil && actual.IsMultipart() {
		value, broken, err := t.parts.decode(bytes.NewReader(body), actual, d, &intake{})
		return value, true, broken, err
	}
	if q := actual.Sequence(); q != media.NoSequence && (t.Schema != nil || t.Items != nil) {
		value, read, err := t.sequenceValue(q, body, actual, d)
		return value, read, nil, err
	}
	if actual.IsXML() {
		return t.xmlValue(body, actual, d)
	}
	value, read, err = t.single(body, actual, d)
	return value, read, nil, err
}

// xmlValue turns XML into a value. broken is what names and namespaces break.
func (t *MediaType) xmlValue(body []byte, actual media.Type, d schema.Direction) (value any, read bool, broken []Violation, err error) {
	text, err := xmlText(body, actual)
	if err != nil {
		return nil, true, nil, err
	}
	value, faults, err := xml.Decode([]byte(text), t.Schema, d)
	if err == nil && mereText(t.Schema) && (len(faults) > 0 || !t.Schema.Valid(value, d)) && t.Schema.Valid(text, d) {
		return text, true, nil, nil // such as a whole picture in SVG
	}
	for _, f := range faults {
		broken = append(broken, Violation{In: "body", Pointer: f.Pointer, Message: f.Message, Keyword: "xml", Rule: f.Rule})
	}
	return value, t.Schema != nil, broken, err
}

// mereText tells that a schema allows strings alone, and does not say how they are written as XML.
func mereText(s *schema.Schema) bool {
	for range mostHops {
		if s == nil || s.XML != nil {
			return false
		}
		if s.Types == schema.StringType || s.Ref == nil {
			return s.Types == schema.StringType
		}
		s = s.Ref
	}
	return false
}

// single turns a body that is one value into that value.
func (t *MediaType) single(body []byte, actual media.Type, d schema.Direction) (value any, read bool, err error) {
	if actual.IsForm() && t.form != nil {
		text, err := media.DecodeText(body, actual.Params["charset"])
		if err != nil {
			return nil, true, err
		}
		value, err = t.form.Decode([]byte(text))
		return value, true, err
	}
	value, kind, err := media.Decode(actual, body, source.Limits{})
	if text, ok := value.(string); ok && kind == media.Text && t.Schema != nil {
		value, read = t.typed(text, actual, d)
		return value, read, err
	}
	return value, kind != media.Unread, err
}

// typed gives a text the type that the schema asks for: the text itself, else the JSON it holds, say a number. Rows of CSV or events,
// which a schema describes as arrays or objects, are taken as they are.
func (t *MediaType) typed(text string, actual media.Type, d schema.Direction) (value any, read bool) {
	broken := t.Schema.Check(text, schema.Options{Direction: d, Most: 1})
	if len(broken) == 0 {
		return text, true
	}
	if v, err := source.DecodeJSON([]byte(text), source.Limits{}); err == nil {
		also := t.Schema.Check(v, schema.Options{Direction: d, Most: 1})
		if len(also) == 0 || broken[0].Keyword == "type" && also[0].Keyword != "type" {
			return v, true
		}
	}
	switch broken[0].Keyword {
	case "type", "anyOf", "oneOf":
		return text, actual.Subtype == "plain"
	}
	return text, true
}

// xmlText gives XML in UTF-8. The charset of the type wins over what the text declares (RFC 7303, 3).
func xmlText(body []byte, actual media.Type) (string, error) {
	charset := actual.Params["charset"]
	if charset == "" {
		charset = declared(body)
	}
	return media.DecodeText(body, charset)
}

// declared finds the encoding that XML itself declares (XML 1.0, 4.3.3).
func declared(body []byte) string {
	head := string(body[:min(len(body), 200)])
	if !strings.HasPrefix(head, "<?xml") {
		return ""
	}
	head, _, _ = strings.Cut(head, "?>")
	_, rest, ok := strings.Cut(head, "encoding=")
	if !ok || len(rest) < 2 {
		return ""
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	return name
}

func (t *MediaType) unreadable(err error, actual media.Type) Violation {
	v := Violation{In: "body", Message: "cannot be read as " + actual.Essence() + ": " + err.Error(), Keyword: "syntax", Rule: t.Position}
	if at, ok := errors.AsType[*source.Error](err); ok && at.TooComplex {
		v.Keyword = "complexity"
	}
	if at, ok := errors.AsType[*param.Error](err); ok {
		v.Pointer, v.Message = at.Pointer, at.Message
		if at.Keyword == param.TooComplex {
			v.Keyword = at.Keyword
		}
	}
	return v
}
