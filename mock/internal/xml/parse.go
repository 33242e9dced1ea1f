package xml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"standin/mock/internal/source"
)

// Bounds of a text.
const (
	mostDepth    = 100
	mostElements = 200_000
)

// element is one element as it was written.
type element struct {
	name, space  string
	attributes   []xml.Attr
	children     []*element
	text         string
	chars        []byte // of the text, while the element is open
	line, column int
	size         int // itself and all elements inside
}

// parsing is the state of a parse: the elements that are open, from the outermost.
type parsing struct {
	decoder *xml.Decoder
	open    []*element
	root    *element
	count   int
}

// parse reads the elements of a text in UTF-8.
func parse(text []byte) (*element, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	p := &parsing{decoder: xml.NewDecoder(bytes.NewReader(text))}
	p.decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		line, column := p.decoder.InputPos()
		token, err := p.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.place(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = p.start(token, line, column)
		case xml.EndElement:
			e := p.open[len(p.open)-1]
			e.text, e.chars = string(e.chars), nil
			if p.open = p.open[:len(p.open)-1]; len(p.open) > 0 {
				p.open[len(p.open)-1].size += e.size
			}
		case xml.CharData:
			err = p.characters(token)
		case xml.Directive:
			err = p.directive(token)
		}
		if err != nil {
			return nil, err
		}
	}
	if p.root == nil {
		return nil, errors.New("there is no element")
	}
	return p.root, nil
}

func (p *parsing) start(token xml.StartElement, line, column int) error {
	if p.count++; p.count > mostElements || len(p.open) >= mostDepth {
		return &source.Error{Message: fmt.Sprintf("it has more than %d elements, or %d levels", mostElements, mostDepth), TooComplex: true}
	}
	if p.root != nil && len(p.open) == 0 {
		return p.place(errors.New("there is a second outermost element"))
	}
	seen := make(map[xml.Name]bool, len(token.Attr))
	for _, a := range token.Attr {
		if seen[a.Name] { // which encoding/xml lets pass
			return p.place(fmt.Errorf("the attribute %s stands twice", a.Name.Local))
		}
		seen[a.Name] = true
	}
	e := &element{name: token.Name.Local, space: token.Name.Space, attributes: token.Attr, line: line, column: column, size: 1}
	if len(p.open) == 0 {
		p.root = e
	} else {
		above := p.open[len(p.open)-1]
		above.children = append(above.children, e)
	}
	p.open = append(p.open, e)
	return nil
}

func (p *parsing) characters(text xml.CharData) error {
	if len(p.open) > 0 {
		e := p.open[len(p.open)-1]
		e.chars = append(e.chars, text...)
		return nil
	}
	if len(bytes.TrimSpace(text)) > 0 {
		return p.place(errors.New("there is text outside of every element"))
	}
	return nil
}

// directive takes a document type that only names one. One that declares something, such as entities, is refused.
func (p *parsing) directive(text xml.Directive) error {
	switch {
	case !bytes.HasPrefix(text, []byte("DOCTYPE")), bytes.ContainsRune(text, '['):
		return p.place(errors.New("document types that declare something are not read"))
	case p.root != nil:
		return p.place(errors.New("a document type stands in front of the outermost element"))
	}
	return nil
}

// place says where something is wrong.
func (p *parsing) place(err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		err = errors.New(syntax.Msg)
	}
	line, column := p.decoder.InputPos()
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

// isNil reads xsi:nil (XML Schema Part 1, 2.6.2).
func (e *element) isNil() bool {
	for _, a := range e.attributes {
		if a.Name.Local == "nil" && (a.Name.Space == "xsi" || a.Name.Space == instance) {
			return a.Value == "true" || a.Value == "1"
		}
	}
	return false
}

// instance is the namespace of xsi:nil.
const instance = "http://www.w3.org/2001/XMLSchema-instance"

// blank tells that an element holds no text.
func (e *element) blank() bool { return strings.TrimSpace(e.text) == "" }
