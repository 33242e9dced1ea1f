package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// parts reads bodies of multipart/form-data (RFC 7578) as one object: a part for each property, several of one name for a list
// (OpenAPI 3.1, 4.8.14.4).
type parts struct {
	object    *schema.Schema
	encodings map[string]*partEncoding
	position  Position
}

// partEncoding is what the document says of the parts of one property (OpenAPI 3.1, 4.8.15).
type partEncoding struct {
	types    []media.Type // that a part may have; none for any
	ranges   string       // as documented
	between  string       // what is between the elements of a list in one part (style, explode: false); "" where each has its own
	headers  []*Parameter
	position Position
}

// mostParts bounds the parts of one body.
const mostParts = 1000

// compileParts compiles how a multipart body is written. encoding is the Encoding Objects by property.
func (c *Contract) compileParts(s spot, object *schema.Schema) *parts {
	out := &parts{object: object, encodings: map[string]*partEncoding{}, position: s.Position()}
	list := c.member(s, "encoding", source.Object)
	for _, m := range list.Members() {
		at := c.entry(m, list.file, "encoding of")
		if at.Node == nil {
			continue
		}
		e := &partEncoding{position: m.Position(), ranges: at.Get("contentType").Text()}
		if style := at.Get("style").Text(); style != "" && !at.Get("explode").True() && (at.Get("explode") != nil || style != "form") {
			e.between = map[string]string{"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}[style]
		}
		for one := range strings.SplitSeq(e.ranges, ",") {
			if strings.TrimSpace(one) == "" {
				continue
			}
			t, err := media.Parse(strings.TrimSpace(one))
			if err != nil {
				c.fault(at.PositionOf("contentType"), "media-type", err.Error()+"; it is passed over")
				continue
			}
			e.types = append(e.types, t)
		}
		headers := c.member(at, "headers", source.Object)
		for _, h := range headers.Members() {
			if strings.EqualFold(h.Name, "Content-Type") {
				continue // which contentType tells (OpenAPI 3.1, 4.8.15.1)
			}
			if p := c.header(h, c.entry(h, headers.file, "header")); p != nil {
				e.headers = append(e.headers, p)
			}
		}
		out.encodings[m.Name] = e
	}
	return out
}

// decode reads a body; broken is what its parts break by themselves. The value is to be checked with the schema.
func (p *parts) decode(body []byte, actual media.Type, d schema.Direction) (value map[string]any, broken []Violation, err error) {
	boundary := actual.Params["boundary"]
	if boundary == "" {
		return nil, nil, errors.New("the Content-Type names no boundary")
	}
	if !bytes.Contains(body, []byte("--"+boundary)) {
		return nil, nil, errors.New("the boundary that the Content-Type names is not in it")
	}
	gathered := &gathering{parts: p, direction: d, value: map[string]any{}}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 0; ; n++ {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("part %d: %s", n+1, plainError(err))
		}
		if n == mostParts {
			return nil, nil, &source.Error{Message: fmt.Sprintf("it has more than %d parts", mostParts), TooComplex: true}
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, fmt.Errorf("part %d: %s", n+1, plainError(err))
		}
		gathered.add(n, part.Header, text)
	}
	if len(gathered.value)+len(gathered.broken) == 0 && !bytes.Contains(body, []byte("--"+boundary+"--")) {
		return nil, nil, errors.New("it has no parts, and no last boundary")
	}
	gathered.lists()
	settle(gathered.value, p.object, d)
	return gathered.value, gathered.broken, nil
}

// mostSettled bounds the texts that are looked at once more.
const mostSettled = 200

// settle gives texts the kind that the object as a whole asks for, where the schema of each alone does not tell: by oneOf, say, or
// patternProperties. A text that writes a number, a truth or null is one, if that leaves less wrong.
func settle(object map[string]any, s *schema.Schema, d schema.Direction) {
	if s == nil || s.Valid(object, d) {
		return
	}
	wrong := len(s.Check(object, schema.Options{Direction: d}))
	left := mostSettled
	try := func(text string, set func(any)) {
		v, err := source.DecodeJSON([]byte(text), source.Limits{})
		if _, isText := v.(string); err != nil || isText || left == 0 {
			return
		}
		left--
		set(v)
		if n := len(s.Check(object, schema.Options{Direction: d})); n < wrong {
			wrong = n
		} else {
			set(text)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		switch v := object[name].(type) {
		case string:
			try(v, func(x any) { object[name] = x })
		case []any:
			for i, item := range v {
				if text, ok := item.(string); ok {
					try(text, func(x any) { v[i] = x })
				}
			}
		}
	}
}

// plainError says what net/textproto and mime/multipart find wrong.
func plainError(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends before the last boundary"
	}
	if bad, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return string(bad)
	}
	return strings.TrimPrefix(err.Error(), "multipart: ")
}

// gathering is a body on its way to an object.
type gathering struct {
	*parts
	direction schema.Direction
	value     map[string]any
	broken    []Violation
}

// add takes one part.
func (g *gathering) add(n int, header textproto.MIMEHeader, text []byte) {
	disposition, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	name, named := params["name"]
	if err != nil || !named || disposition != "form-data" {
		g.fault(fmt.Sprintf("/%d", n), "syntax", g.position,
			fmt.Sprintf("part %d has no Content-Disposition: form-data with a name", n+1))
		return
	}
	pointer := "/" + source.Escape(name)
	e := g.encodings[name]
	kind, problem := partType(header.Get("Content-Type"))
	if problem != "" {
		g.fault(pointer, "contentType", g.position, problem)
		return
	}
	if e != nil {
		g.check(e, pointer, header, kind)
	}
	_, isFile := params["filename"]
	if e != nil && e.between != "" && itemsOf(g.property(name)) != nil && !isFile {
		list := []any{}
		for one := range strings.SplitSeq(string(text), e.between) {
			list = append(list, scalarOf(one, g.member(name), g.direction))
		}
		g.value[name] = repeated{list}
		return
	}
	value, err := partValue(text, kind, isFile, g.member(name), g.direction)
	if err != nil {
		g.fault(pointer, "syntax", g.position, "cannot be read as "+kind.Essence()+": "+err.Error())
		value = octets(text)
	}
	list, _ := g.value[name].(repeated)
	g.value[name] = append(list, value)
}

// repeated are the values of all parts of one name, until it is known whether they are a list.
type repeated []any

// lists turns what came under one name into a list where the schema wants one, else into its only value.
func (g *gathering) lists() {
	for name, v := range g.value {
		all, ok := v.(repeated)
		if !ok {
			continue
		}
		s := g.property(name)
		items := itemsOf(s)
		switch {
		case items == nil && len(all) == 1:
			g.value[name] = all[0]
		case items == nil && s != nil && !s.Valid([]any(all), g.direction):
			g.fault("/"+source.Escape(name), "duplicate", g.position, fmt.Sprintf("comes %d times, and is no list", len(all)))
			g.value[name] = all[0]
		case len(all) == 1 && isList(all[0]):
			g.value[name] = all[0] // written as JSON
		default:
			g.value[name] = []any(all)
		}
	}
}

func isList(v any) bool {
	_, ok := v.([]any)
	return ok
}

func (g *gathering) fault(pointer, keyword string, rule Position, message string) {
	g.broken = append(g.broken, Violation{In: "body", Pointer: pointer, Message: message, Keyword: keyword, Rule: rule})
}

// check holds a part to its encoding: media type and headers.
func (g *gathering) check(e *partEncoding, pointer string, header textproto.MIMEHeader, kind media.Type) {
	written := header.Get("Content-Type") != ""
	if len(e.types) > 0 && written && !slices.ContainsFunc(e.types, func(t media.Type) bool { return t.Includes(kind) }) {
		g.fault(pointer, "contentType", e.position, fmt.Sprintf("is %s, and only %s is documented", kind.Essence(), e.ranges))
	}
	r := &Response{Headers: e.headers}
	for _, v := range r.checkHeaders(http.Header(header)) {
		v.Pointer = pointer
		v.Message = "the part's header " + v.Name + " " + v.Message
		v.In, v.Name = "body", ""
		g.broken = append(g.broken, v)
	}
}

// partType reads the Content-Type of a part; text/plain is the default (RFC 7578, 4.4).
func partType(text string) (media.Type, string) {
	if text == "" {
		return media.Type{Type: "text", Subtype: "plain"}, ""
	}
	t, err := media.Parse(text)
	if err != nil {
		return t, err.Error()
	}
	return t, ""
}

// partValue reads one part: JSON by its type, or where the schema wants more than a text can say; a file as a string of its bytes.
func partValue(text []byte, kind media.Type, isFile bool, s *schema.Schema, d schema.Direction) (any, error) {
	switch {
	case kind.IsJSON():
		value, _, err := media.Decode(kind, text, source.Limits{})
		if err != nil && isFile { // a file that happens to be JSON is the file's business
			return octets(text), nil
		}
		if isFile && s != nil && !s.Valid(value, d) && s.Valid(octets(text), d) {
			return octets(text), nil
		}
		return value, err
	case kind.IsXML() && s != nil && !s.Valid(octets(text), d):
		whole, err := xmlText(text, kind)
		if err != nil {
			return nil, err
		}
		value, faults, err := xml.Decode([]byte(whole), s, d)
		if err == nil && len(faults) > 0 {
			err = errors.New(faults[0].Message)
		}
		return value, err
	case isFile || !kind.IsText():
		if v, err := source.DecodeJSON(text, source.Limits{}); err == nil && s != nil && s.Valid(v, d) && !s.Valid(octets(text), d) {
			return v, nil
		}
		return octets(text), nil
	}
	plain, err := media.DecodeText(text, kind.Params["charset"])
	if err != nil {
		if s == nil || s.Valid(octets(text), d) { // a file whose type nobody told
			return octets(text), nil
		}
		return nil, err
	}
	return scalarOf(plain, s, d), nil
}

// octets is a string with a character for each byte, so that lengths count bytes.
func octets(text []byte) string {
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// scalarOf is a text as the schema wants it: itself, else the JSON that it writes, whichever is valid; else the one of a right type.
func scalarOf(text string, s *schema.Schema, d schema.Direction) any {
	if s == nil || s.Valid(text, d) {
		return text
	}
	v, err := source.DecodeJSON([]byte(text), source.Limits{})
	if err != nil {
		return text
	}
	broken := s.Check(v, schema.Options{Direction: d, Most: 1})
	if len(broken) == 0 || broken[0].Keyword != "type" || broken[0].Pointer != "" {
		return v
	}
	return text
}

// property is the schema of a property of the body, nil if none is known.
func (p *parts) property(name string) *schema.Schema { return propertyOf(p.object, name, 0) }

// member is what the schema says of one part of a name: of the list's elements, where the property is a list.
func (p *parts) member(name string) *schema.Schema {
	s := p.property(name)
	if items := itemsOf(s); items != nil {
		return items
	}
	return s
}

// mostNested bounds the way through references and combinations to a property.
const mostNested = 20

// propertyOf finds a property in a schema or in one that it refers to or combines.
func propertyOf(s *schema.Schema, name string, depth int) *schema.Schema {
	if s == nil || depth > mostNested {
		return nil
	}
	if p := s.Property(name); p != nil {
		return p
	}
	if p := propertyOf(s.Ref, name, depth+1); p != nil {
		return p
	}
	for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range list {
			if p := propertyOf(part, name, depth+1); p != nil {
				return p
			}
		}
	}
	if s.AdditionalProperties != nil && !s.AdditionalProperties.Never {
		return s.AdditionalProperties
	}
	return nil
}

// itemsOf is the schema of the elements of a list that a schema, or one that it refers to or combines, describes; nil if none does.
func itemsOf(s *schema.Schema) *schema.Schema {
	for range mostNested {
		switch {
		case s == nil || s.Items != nil:
			if s == nil {
				return nil
			}
			return s.Items
		case s.Ref != nil:
			s = s.Ref
		case len(s.AllOf) == 1:
			s = s.AllOf[0]
		default:
			for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
				if part != nil && part.Items != nil {
					return part.Items
				}
			}
			return nil
		}
	}
	return nil
}
