package contract

import (
	"fmt"
	"strconv"

	"standin/mock/internal/media"
	"standin/mock/internal/source"
	"standin/mock/internal/xml"
	"standin/mock/schema"
)

// mediaExamples gathers the examples of a media type: its own, else those of its schema.
func (c *Contract) mediaExamples(s spot, t *MediaType, d schema.Direction) []Example {
	var out []Example
	for _, e := range c.written(s) {
		out = append(out, c.prove(e, t, d))
	}
	if len(out) == 0 {
		out = c.schemaExamples(t, d)
	}
	return out
}

// written reads example and examples beside a schema (OpenAPI 3.1, 4.8.14.2).
func (c *Contract) written(s spot) []Example {
	var out []Example
	examples := c.follow(s.get("examples"))
	if examples.Is(source.Array) { // as in a schema; not allowed here, yet often met
		c.warn(s.PositionOf("examples"), "example", "examples must be an object of names here, this is an array")
		for i, n := range examples.Items() {
			out = append(out, Example{Name: strconv.Itoa(i), Value: n, Position: n.Position()})
		}
	}
	if examples.Node != nil && !examples.Is(source.Array) && !examples.Is(source.Object) {
		c.misfit(s.PositionOf("examples"), "examples", source.Object, examples.Node)
	}
	for _, m := range examples.Members() {
		e := c.follow(spot{m.Value, examples.file})
		if e.Node == nil {
			continue
		}
		if !e.Is(source.Object) {
			c.warn(m.Position(), "example", fmt.Sprintf("the example %q must be an object with a value, this is %s", m.Name, kindName(e.Node)))
			continue
		}
		value := e.Get("value")
		if value == nil {
			value = e.Get("dataValue") // OpenAPI 3.2
		}
		position := e.PositionOf("value")
		out = append(out, Example{
			Name: m.Name, Summary: e.Get("summary").Text(), Description: e.Get("description").Text(), Value: value,
			Known: e.Get("x-invalid").True(), Position: position,
		})
	}
	if n := s.Get("example"); n != nil {
		if target := n.Get("$ref"); target.Is(source.String) && len(n.Members()) == 1 {
			n = c.follow(spot{n, s.file}).Node
			if v := n.Get("value"); v != nil {
				n = v
			}
		}
		if n != nil {
			out = append(out, Example{Name: "default", Value: n, Position: s.PositionOf("example")})
		}
	}
	return out
}

// schemaExamples are those that the schema itself holds, or the one it refers to.
func (c *Contract) schemaExamples(t *MediaType, d schema.Direction) []Example {
	s := t.Schema
	for hops := 0; s != nil && len(s.Examples) == 0 && s.Ref != nil && hops < mostHops; hops++ {
		s = s.Ref
	}
	if s == nil {
		return nil
	}
	var out []Example
	for i, n := range s.Examples {
		name := "default"
		if len(s.Examples) > 1 {
			name = strconv.Itoa(i)
		}
		out = append(out, c.prove(Example{Name: name, Value: n, Position: n.Position()}, t, d))
	}
	return out
}

// prove checks an example against its schema and tells what it breaks. A string is the body as written, unless the type is JSON, or XML
// and the string is none; one of multipart may use any boundary.
func (c *Contract) prove(e Example, t *MediaType, d schema.Direction) Example {
	if e.Value == nil || t.Schema == nil && t.Items == nil {
		return e
	}
	o := schema.Options{Direction: d}
	written := e.Value.Is(source.String) && !t.parsed.IsJSON()
	switch q := t.parsed.Sequence(); {
	case written && t.parsed.IsMultipart():
		actual, err := media.Parse(media.Bounded(t.parsed.String(), []byte(e.Value.Text())))
		if err != nil || actual.Params["boundary"] == "" {
			return e // such as a remark
		}
		e.Violations = ofSchema(t.check([]byte(e.Value.Text()), actual, o))
	case written && (!t.parsed.IsXML() || xml.Written(e.Value.Text())):
		e.Violations = ofSchema(t.check([]byte(e.Value.Text()), t.parsed, o))
	case (q != media.NoSequence || t.PartsListed()) && t.elementSchema() != nil:
		list, ok := e.Value.Value().([]any)
		if !ok {
			list = []any{e.Value.Value()}
		}
		e.Violations = ofSchema(t.checkElements(list, nil, o))
	case t.Schema != nil:
		e.Violations = t.Schema.Check(e.Value.Value(), o)
	}
	c.tell(e)
	return e
}

// ofSchema are violations of a body as those of a value.
func ofSchema(broken []Violation) []schema.Violation {
	var out []schema.Violation
	for _, v := range broken {
		out = append(out, schema.Violation{Pointer: v.Pointer, Keyword: v.Keyword, Message: v.Message, Rule: v.Rule})
	}
	return out
}

// tell makes a diagnostic of what an example breaks, unless the document says itself that it is wrong.
func (c *Contract) tell(e Example) {
	if len(e.Violations) == 0 || e.Known {
		return
	}
	v := e.Violations[0]
	position := e.Position
	if at, err := e.Value.At(v.Pointer); err == nil && at.Position().Line > 0 {
		position = at.Position()
	}
	where := ""
	if v.Pointer != "" {
		where = "at " + v.Pointer + ": "
	}
	message := fmt.Sprintf("the example %q breaks its schema: %s%s", e.Name, where, v.Message)
	if more := len(e.Violations) - 1; more > 0 {
		message += fmt.Sprintf(" (and %d more)", more)
	}
	c.fault(position, "example", message)
}

// parameterExamples are those of a parameter or header, else those of its schema.
func (c *Contract) parameterExamples(s spot, compiled *schema.Schema, d schema.Direction) []Example {
	var out []Example
	list := c.written(s)
	if compiled != nil && len(list) == 0 && c.dialect != schema.OpenAPI20 {
		for i, n := range compiled.Examples {
			list = append(list, Example{Name: strconv.Itoa(i), Value: n, Position: n.Position()})
		}
	}
	for _, e := range list {
		if e.Value != nil && compiled != nil {
			e.Violations = compiled.Check(e.Value.Value(), schema.Options{Direction: d})
			c.tell(e)
		}
		out = append(out, e)
	}
	return out
}
