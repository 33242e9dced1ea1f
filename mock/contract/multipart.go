package contract

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// parts reads multipart bodies (RFC 2046, 5.1): those of multipart/form-data (RFC 7578), and of other types that the document describes
// as an object, part by property, several of one name for a list (OpenAPI 3.1, 4.8.14.4); all others as a list, an element for each part
// (OpenAPI 3.2, 4.14.5).
type parts struct {
	whole     *schema.Schema // of the object or list, nil if nothing is said
	items     *schema.Schema // itemSchema
	encodings map[string]*PartEncoding
	prefix    []*PartEncoding // of the first parts of a list
	rest      *PartEncoding   // of its other parts; nil if nothing is said
	listed    bool
	position  Position
}

// mostParts bounds the parts of one body, and mostWithin how deep bodies stand in parts.
const (
	mostParts  = 1000
	mostWithin = 4
)

// newParts tells how a multipart body is read of whose parts nothing but their schema is said.
func newParts(t media.Type, whole, items *schema.Schema, at Position) *parts {
	form := t.Subtype == "form-data"
	return &parts{whole: whole, items: items, position: at, listed: !form && (items != nil || whole == nil || isListed(whole))}
}

// isListed tells whether a schema describes lists.
func isListed(s *schema.Schema) bool {
	for range mostNested {
		if s == nil || s.Types == schema.ArrayType || s.Items != nil || len(s.PrefixItems) > 0 {
			return s != nil
		}
		if s.Ref == nil {
			break
		}
		s = s.Ref
	}
	return itemsOf(s) != nil
}

// listed tells whether the body is a list: a sequence, or multipart of which each part is an element.
func (t *MediaType) listed(actual media.Type) bool {
	return actual.Sequence() != media.NoSequence || t.parts != nil && t.parts.listed && actual.IsMultipart()
}

// decode reads a body; broken is what its parts break by themselves. The value is to be checked with the schema.
func (p *parts) decode(body io.Reader, actual media.Type, d schema.Direction, in *intake) (value any, broken []Violation, err error) {
	boundary := actual.Params["boundary"]
	if boundary == "" {
		return nil, nil, errors.New("the Content-Type names no boundary")
	}
	gathered := &gathering{parts: p, direction: d, value: map[string]any{}, list: []any{}, form: actual.Subtype == "form-data", in: in}
	reader := multipart.NewReader(body, boundary)
	for n := 0; ; n++ {
		part, err := reader.NextRawPart()
		if err == io.EOF { // behind the last boundary; where there is none it comes wrapped
			break
		}
		if err != nil {
			return nil, nil, partError(n, err)
		}
		if n == mostParts {
			return nil, nil, &source.Error{Message: fmt.Sprintf("it has more than %d parts", mostParts), TooComplex: true}
		}
		if err := gathered.add(n, part.Header, part); err != nil {
			return nil, nil, err
		}
	}
	if p.listed {
		return gathered.list, gathered.broken, nil
	}
	gathered.lists()
	settle(gathered.value, p.whole, d)
	return gathered.value, gathered.broken, nil
}

// partError says what net/textproto and mime/multipart find wrong with the nth part.
func partError(n int, err error) error {
	bad, malformed := errors.AsType[textproto.ProtocolError](err)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return errors.New("the boundary that the Content-Type names is not in it, or no part follows it")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("part %d: it ends before the last boundary", n+1)
	case malformed:
		return fmt.Errorf("part %d: %s", n+1, string(bad))
	}
	return fmt.Errorf("part %d: %s", n+1, strings.TrimPrefix(err.Error(), "multipart: "))
}

// gathering is a body on its way to an object or a list.
type gathering struct {
	*parts
	direction schema.Direction
	value     map[string]any
	list      []any
	broken    []Violation
	form      bool // each part must have a name
	in        *intake
}

// intake is how a body is read.
type intake struct {
	beginning int64 // what is held of a file, in bytes; 0 for all of it
	left      int64 // how much may still be held, where that is bounded
	limit     int64 // how much could be held at first
	long      []longText
	depth     int // of the part that this body is in
}

// whole reads all of a part.
func (in *intake) whole(n int, part io.Reader) ([]byte, error) {
	if in.beginning == 0 {
		text, err := io.ReadAll(part)
		if err != nil {
			err = partError(n, err)
		}
		return text, err
	}
	text, err := io.ReadAll(io.LimitReader(part, in.left+1))
	if err != nil {
		return nil, partError(n, err)
	}
	if in.left -= int64(len(text)); in.left < 0 {
		return nil, &TooMuch{in.limit}
	}
	return text, nil
}

// start reads a part that is a file, of which the beginning is held.
func (in *intake) start(n int, part io.Reader) (beginning []byte, size int64, err error) {
	beginning, err = io.ReadAll(io.LimitReader(part, min(in.beginning, in.left)))
	in.left -= int64(len(beginning))
	if err == nil {
		size, err = io.Copy(io.Discard, part)
	}
	if err != nil {
		return nil, 0, partError(n, err)
	}
	return beginning, size + int64(len(beginning)), nil
}

// add takes one part. An error tells that the body ends too early, or holds too much.
func (g *gathering) add(n int, header textproto.MIMEHeader, part io.Reader) error {
	name, isFile, problem := g.nameOf(n, header)
	pointer, e, s := "/"+source.Escape(name), g.encodings[name], g.member(name)
	if g.listed {
		pointer, e, s = fmt.Sprintf("/%d", n), g.encodingAt(n), g.elementAt(n)
	} else if problem != "" {
		g.fault(fmt.Sprintf("/%d", n), "syntax", g.position, problem)
		return nil
	}
	kind, problem := partType(header.Get("Content-Type"))
	if problem != "" {
		g.fault(pointer, "contentType", g.position, problem)
		return nil
	}
	if e != nil {
		g.check(e, pointer, header, kind)
	}
	if g.cuts(name, header, kind, isFile, s) {
		return g.cut(n, name, pointer, part, s)
	}
	text, err := g.in.whole(n, part)
	if err != nil {
		return err
	}
	if e != nil && e.Between != "" && !g.listed && itemsOf(g.property(name)) != nil && !isFile {
		list := []any{}
		for one := range strings.SplitSeq(string(text), e.Between) {
			list = append(list, scalarOf(one, s, g.direction))
		}
		g.value[name] = repeated{list}
		return nil
	}
	if kind.IsMultipart() && !g.listed {
		s = g.property(name) // whose list it may hold
	}
	value, err := g.read(header, text, kind, pointer, isFile, s)
	if err != nil {
		g.fault(pointer, "syntax", g.position, "cannot be read as "+kind.Essence()+": "+err.Error())
		value = octets(text)
	}
	g.put(name, value)
	return nil
}

// put gives a part its place.
func (g *gathering) put(name string, value any) {
	if g.listed {
		g.list = append(g.list, value)
		return
	}
	list, _ := g.value[name].(repeated)
	g.value[name] = append(list, value)
}

// cuts tells that no more than the beginning of a part is to be held.
func (g *gathering) cuts(name string, header textproto.MIMEHeader, kind media.Type, isFile bool, s *schema.Schema) bool {
	if g.in.beginning == 0 || header.Get("Content-Transfer-Encoding") != "" {
		return false
	}
	bytes := isFile || !kind.IsText() && !kind.IsJSON() && !kind.IsXML() && !kind.IsMultipart()
	return bytes && (g.listed && mereBytes(s) && !isListed(s) || !g.listed && g.isFile(name))
}

// cut takes a file of which the beginning is held.
func (g *gathering) cut(n int, name, pointer string, part io.Reader, s *schema.Schema) error {
	beginning, size, err := g.in.start(n, part)
	if err != nil {
		return err
	}
	if all, _ := g.value[name].(repeated); !g.listed && itemsOf(g.property(name)) != nil {
		pointer = fmt.Sprintf("%s/%d", pointer, len(all))
	}
	if size > int64(len(beginning)) {
		g.in.long = append(g.in.long, longText{pointer, size, s})
	}
	g.put(name, octets(beginning))
	return nil
}

// read gives the value of one part, which may have parts itself.
func (g *gathering) read(header textproto.MIMEHeader, text []byte, kind media.Type, pointer string, isFile bool, s *schema.Schema) (any, error) {
	text, err := transferred(text, header, s)
	if err != nil {
		return nil, err
	}
	if !kind.IsMultipart() || isFile || g.in.depth == mostWithin || s != nil && s.Valid(octets(text), g.direction) {
		return partValue(text, kind, isFile, s, g.direction)
	}
	value, broken, err := newParts(kind, s, nil, g.position).decode(strings.NewReader(string(text)), kind, g.direction, &intake{depth: g.in.depth + 1})
	for _, v := range broken {
		v.Pointer = pointer + v.Pointer
		g.broken = append(g.broken, v)
	}
	return value, err
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

// check holds a part to its encoding: media type and headers. A sender who does not know what a file is writes
// application/octet-stream (RFC 7578, 4.4), which claims nothing.
func (g *gathering) check(e *PartEncoding, pointer string, header textproto.MIMEHeader, kind media.Type) {
	told := header.Get("Content-Type") != "" && kind.Essence() != "application/octet-stream"
	if len(e.types) > 0 && told && !slices.ContainsFunc(e.types, func(t media.Type) bool { return t.Includes(kind) }) {
		g.fault(pointer, "contentType", e.position, fmt.Sprintf("is %s, and only %s is documented", kind.Essence(), e.ContentType))
	}
	r := &Response{Headers: e.Headers}
	for _, v := range r.checkHeaders(http.Header(header)) {
		v.Pointer = pointer
		v.Message = "the part's header " + v.Name + " " + v.Message
		v.In, v.Name = "body", ""
		g.broken = append(g.broken, v)
	}
}

// property is the schema of a property of the body, nil if none is known.
func (p *parts) property(name string) *schema.Schema { return propertyOf(p.whole, name, 0) }

// member is what the schema says of one part of a name: of the list's elements, where the property is a list.
func (p *parts) member(name string) *schema.Schema {
	s := p.property(name)
	if items := itemsOf(s); items != nil {
		return items
	}
	return s
}

// elementAt is what the schema says of the nth part of a list, nil if it says nothing.
func (p *parts) elementAt(n int) *schema.Schema {
	if p.items != nil {
		return p.items
	}
	s := p.whole
	for hops := 0; s != nil && s.Ref != nil && len(s.PrefixItems) == 0 && hops < mostNested; hops++ {
		s = s.Ref
	}
	if s != nil && n < len(s.PrefixItems) {
		return s.PrefixItems[n]
	}
	return itemsOf(p.whole)
}

// encodingAt is what the document says of the nth part of a list.
func (p *parts) encodingAt(n int) *PartEncoding {
	if n < len(p.prefix) {
		return p.prefix[n]
	}
	return p.rest
}
