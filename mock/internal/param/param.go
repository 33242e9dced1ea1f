// Package param turns serialized parameters into values by the style tables of OpenAPI.
//
// A parameter is compiled once from its [Spec] into a [Decoder], which knows from style, explode and schema how its text splits
// and which types the parts may have. Text is split before it is percent-decoded, so that an escaped delimiter belongs to the
// value (RFC 6570, 3.2.1). A part becomes the first typed value that its schema accepts; what fits no type stays a string, so
// that the check of the schema says what is wrong. A [FormBody] does the same for bodies of application/x-www-form-urlencoded.
// Encode goes the other way.
package param

import (
	"fmt"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/schema"
)

// In tells which part of a request carries a parameter.
type In uint8

// The places of a parameter.
const (
	InPath In = iota
	InQuery
	InHeader
	InCookie
)

// String gives the word that documents use.
func (i In) String() string { return [...]string{"path", "query", "header", "cookie"}[i&3] }

// Style tells how a value is written as text (OpenAPI 3.1, 4.8.12).
type Style uint8

// The styles. Arrays are shown for [1, 2], objects for {"a": 1, "b": 2}, under the name p.
const (
	// DefaultStyle is Form in queries and cookies, Simple in paths and headers.
	DefaultStyle Style = iota
	// Simple is 1,2 and a,1,b,2; exploded a=1,b=2.
	Simple
	// Label is .1,2 and .a,1,b,2; exploded .1.2 and .a=1.b=2. Dots for commas (OpenAPI 3.0.0 to 3.0.3) are understood too.
	Label
	// Matrix is ;p=1,2 and ;p=a,1,b,2; exploded ;p=1;p=2 and ;a=1;b=2.
	Matrix
	// Form is p=1,2 and p=a,1,b,2; exploded p=1&p=2 and a=1&b=2.
	Form
	// SpaceDelimited is p=1%202 and p=a%201%20b%202; exploded it is Form.
	SpaceDelimited
	// PipeDelimited is p=1|2 and p=a|1|b|2; exploded it is Form.
	PipeDelimited
	// TabDelimited is p=1%092, the tsv of OpenAPI 2.0.
	TabDelimited
	// DeepObject is p[a]=1&p[b]=2, nested as p[a][b]=1, with arrays as p[a][0]=1, p[a][]=1 or a repeated p[a]=1.
	DeepObject
	// Content is one text in the media type of [Spec.MediaType], for parameters that have content in place of a schema's style.
	Content
)

var styleNames = [...]string{"", "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject", "content"}

// String gives the word that documents use.
func (s Style) String() string {
	if int(s) < len(styleNames) {
		return styleNames[s]
	}
	return ""
}

// StyleNamed gives the style of that name in OpenAPI 3; "" is DefaultStyle.
func StyleNamed(name string) (Style, bool) {
	for s, n := range styleNames {
		if n == name && Style(s) != TabDelimited && Style(s) != Content {
			return Style(s), true
		}
	}
	return DefaultStyle, false
}

// Explodes tells what explode is when a document does not say: true for form, in OpenAPI 3.1 (4.8.12), and for deepObject,
// which has no other way.
func (s Style) Explodes(in In) bool {
	return s == Form || s == DeepObject || s == DefaultStyle && (in == InQuery || in == InCookie)
}

// CollectionFormat gives the style of a collectionFormat of OpenAPI 2.0 ("" is csv, its default).
func CollectionFormat(name string, in In) (style Style, explode, ok bool) {
	switch name {
	case "", "csv":
		return DefaultStyle, false, true
	case "ssv":
		return SpaceDelimited, false, true
	case "tsv":
		return TabDelimited, false, true
	case "pipes":
		return PipeDelimited, false, true
	case "multi":
		return Form, true, in == InQuery
	}
	return DefaultStyle, false, false
}

// Spec is what a document says about a parameter.
type Spec struct {
	// Name is the name of the parameter. Required.
	Name string
	// In is where it stands.
	In In
	// Style is how it is written; DefaultStyle if omitted.
	Style Style
	// Explode writes arrays and objects as parameters, or pairs, of their own. It is taken as it stands: see [Style.Explodes].
	Explode bool
	// AllowReserved leaves reserved characters as they are when a value is written (they are always understood).
	AllowReserved bool
	// Required refuses its absence; only [Decoder.AcceptQuery] and its like look at it.
	Required bool
	// AllowEmpty is allowEmptyValue: an empty text is right whatever the schema says. See [Decoder.Check].
	AllowEmpty bool
	// MediaType is that of Style Content, "application/json" if omitted. Only JSON is read; another stays text.
	MediaType string
	// Schema is the schema of the value; nil allows everything.
	Schema *schema.Schema
	// Direction is the way that the parameter travels.
	Direction schema.Direction
}

// The keywords of [Error].
const (
	// Duplicate: one value was wanted and several were given.
	Duplicate = "duplicate"
	// BadEncoding: a percent sign that escapes nothing, or bytes that are not UTF-8.
	BadEncoding = "encoding"
	// BadStyle: the text does not have the form that style and explode ask for.
	BadStyle = "style"
	// BadContent: the text is not of its media type.
	BadContent = "content"
	// TooComplex: more pairs, or nested deeper, than we are willing to look at.
	TooComplex = "complexity"
)

// Error tells why a text cannot become a value, or a value a text.
type Error struct {
	// Keyword is Duplicate, BadEncoding, BadStyle, BadContent or TooComplex.
	Keyword string
	// Pointer is the JSON Pointer of the part at fault inside the value, "" for the whole.
	Pointer string
	// Message says what is wrong, for people: "must be given once, is given 2 times".
	Message string
}

func (e *Error) Error() string {
	if e.Pointer == "" {
		return e.Message
	}
	return e.Pointer + ": " + e.Message
}

func fault(keyword, format string, args ...any) *Error {
	return &Error{Keyword: keyword, Message: fmt.Sprintf(format, args...)}
}

// Decoder reads and writes the values of one parameter. It is safe for concurrent use.
type Decoder struct {
	spec Spec
	at   view
	shape
	// seps are what stands between parts; pairs tells that a part of an object is name=value.
	seps   []string
	pairs  bool
	decode unescaper
	// names are those that an exploded object takes from among the other parameters.
	names members
	fast  *acceptor
}

// Compile gives the decoder of a parameter. An error tells that the style cannot stand where the parameter does.
func Compile(spec Spec) (*Decoder, error) {
	if spec.Name == "" {
		return nil, fmt.Errorf("a parameter needs a name")
	}
	if err := spec.settle(); err != nil {
		return nil, err
	}
	return compile(spec, viewOf(spec.Schema)), nil
}

func compile(spec Spec, at view) *Decoder {
	d := &Decoder{spec: spec, at: at, shape: at.shape(), pairs: spec.Explode}
	d.seps, d.decode = spec.delimiters()
	if d.spread() {
		d.names = at.members()
	}
	d.fast = newAcceptor(d)
	return d
}

// settle puts in defaults and refuses what OpenAPI has no rule for.
func (s *Spec) settle() error {
	if s.Style == DefaultStyle {
		s.Style = Simple
		if s.In == InQuery || s.In == InCookie {
			s.Style = Form
		}
	}
	ok := true
	switch s.Style {
	case Label, Matrix:
		ok = s.In == InPath
	case Simple:
		ok = s.In == InPath || s.In == InHeader
	case Form:
		ok = s.In == InQuery || s.In == InCookie
	case DeepObject:
		ok = s.In == InQuery
	}
	if !ok || s.Style > Content {
		return fmt.Errorf("a %s parameter cannot have the style %s", s.In, s.Style)
	}
	if s.MediaType == "" {
		s.MediaType = "application/json"
	}
	return nil
}

// Spec gives what the decoder was compiled from, defaults put in.
func (d *Decoder) Spec() Spec { return d.spec }

// spread tells that an object's members stand among the other parameters (form, exploded).
func (d *Decoder) spread() bool {
	exploded := d.spec.Explode && (d.spec.In == InQuery || d.spec.In == InCookie)
	return exploded && d.spec.Style != DeepObject && d.spec.Style != Content && d.wants(schema.ObjectType) && !d.loose
}

// Turn orders the decoders of one query, lower ones first, so that each gets only what is its own: parameters under their own
// name (0), exploded objects (1), deepObjects (2), exploded objects that take whatever names are left (3).
func (d *Decoder) Turn() int {
	switch {
	case d.names.open:
		return 3
	case d.spec.Style == DeepObject:
		return 2
	case d.spread():
		return 1
	}
	return 0
}

// Check tells how a decoded value breaks the schema: [schema.Schema.Check], save that an empty text passes where
// allowEmptyValue lets it (OpenAPI 3.1, 4.8.12.1).
func (d *Decoder) Check(value any, o schema.Options) []schema.Violation {
	if d.spec.Schema == nil || d.spec.AllowEmpty && value == "" {
		return nil
	}
	return d.spec.Schema.Check(value, o)
}

// reader gives the limits and habits for reading one text.
func (d *Decoder) reader() *reader {
	return &reader{direction: d.spec.Direction, allowEmpty: d.spec.AllowEmpty, nested: true}
}

// isJSON tells whether a media type, or the first of a list of them, is JSON.
func isJSON(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ",")
	t, err := media.Parse(mediaType)
	return err == nil && t.IsJSON()
}
