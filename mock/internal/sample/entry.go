package sample

import (
	"sync"
	"sync/atomic"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// entry is one media type of a documented answer, with what has been rendered of it.
type entry struct {
	media       *contract.MediaType
	kind        media.Type // concrete
	contentType string
	sequence    media.Sequence

	once     sync.Once
	examples []example
	valid    []*example // those that may be served unasked: what is right as it stands, then what was repaired

	variants [variants]atomic.Pointer[variant]
}

// example is one documented example as bytes.
type example struct {
	name       string
	leaves     leaves // what it says, for fitting it to requests
	body       []byte
	violations []schema.Violation
	repaired   []string // pointers of what was made up; nil for none
}

func newEntry(m *contract.MediaType, t media.Type) *entry {
	e := &entry{media: m, kind: t, contentType: m.Range}
	if t.Wild() {
		e.kind = concrete(t)
		e.contentType = e.kind.String()
	}
	e.sequence = e.kind.Sequence()
	return e
}

// rendered are all examples, made into bytes on first touch. One that breaks its schema may be served unasked when it is repaired.
func (e *entry) rendered(s *Sampler) []example {
	e.once.Do(func() {
		for _, x := range e.media.Examples {
			if x.Value == nil {
				continue
			}
			e.examples = append(e.examples, example{
				name: x.Name, leaves: leavesOf(x.Value.Value()), body: Body(x.Value, e.kind, e.media), violations: x.Violations,
			})
		}
		for i := range e.examples {
			if len(e.examples[i].violations) == 0 {
				e.valid = append(e.valid, &e.examples[i])
			}
		}
		e.repair(s)
	})
	return e.examples
}

// repair adds what can be made of examples that break their schema.
func (e *entry) repair(s *Sampler) {
	for i, x := range e.media.Examples {
		if x.Value == nil || len(x.Violations) == 0 || e.media.Schema == nil || !e.kind.IsJSON() {
			continue
		}
		value, pointers, ok := s.repair(x.Value.Value(), e.media.Schema)
		if !ok || i >= mostRepaired {
			continue
		}
		body, _, _ := AppendJSON(nil, value, e.media.Schema, nil)
		e.valid = append(e.valid, &example{name: x.Name, leaves: leavesOf(value), body: body, repaired: pointers})
	}
}

// mostRepaired bounds the examples of one answer that are repaired.
const mostRepaired = 50

// Body writes a value that stands in a file as a body of a concrete media type: text as it stands where the type is not JSON, XML
// and forms from objects, and anything else as JSON with members in the order of the file. m is the documented body, which knows
// how its forms are encoded; nil if there is none.
func Body(n *source.Node, t media.Type, m *contract.MediaType) []byte {
	switch {
	case t.IsJSON():
	case n.Is(source.String) && !(m != nil && t.IsXML() && !xml.Written(n.Text())):
		return []byte(n.Text())
	case t.IsXML():
		if text, err := xml.Encode(n.Value(), schemaOf(m)); err == nil {
			return text
		}
	case m != nil && m.Sequence():
		if text, err := elementsText(n.Value(), t, m); err == nil {
			return text
		}
	case t.IsMultipart():
		if text, err := partsText(n.Value(), t, m, 0); err == nil {
			return text
		}
	case t.IsForm() && m != nil:
		if text, err := m.EncodeForm(n.Value()); err == nil {
			return []byte(text)
		}
	}
	return n.AppendJSON(nil)
}

func schemaOf(m *contract.MediaType) *schema.Schema {
	if m == nil {
		return nil
	}
	return m.Schema
}

// named is the example of a name; nil if there is none.
func (e *entry) named(s *Sampler, name string) *example {
	examples := e.rendered(s)
	for i := range examples {
		if examples[i].name == name {
			return &examples[i]
		}
	}
	return nil
}
