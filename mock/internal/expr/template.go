package expr

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Template is a value with programs inside: in its texts, wherever something stands between {{ and }}. A text that is one program and
// nothing else gives the program's value, whatever its type; in other texts the values stand as texts, where null is nothing, and lists
// and objects are JSON. The names of properties are taken as they are. To have {{ itself in a text, write {{ "{{" }}.
type Template struct{ root templatePart }

// templatePart is one value of a template.
type templatePart interface {
	fill(*Scope) (any, error)
}

type (
	// fixed is a value without programs, shared by all that is filled.
	fixed struct{ value any }
	// mixed is a text with programs in it.
	mixed []any // string or *Value
	// listPart and objectPart hold parts.
	listPart   []templatePart
	objectPart struct {
		names []string
		parts []templatePart
	}
)

// Template compiles all programs of a value. The errors, all joined, tell the place and below it the JSON Pointer of the text.
func (l *Language) Template(place string, v any) (*Template, error) {
	c := &templater{language: l, place: place}
	root := c.value(v, "", 0)
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	return &Template{root}, nil
}

// Fill runs the programs of the template, in the order of lists and of the names of properties. What holds no program is shared between
// all values that Fill gives: it must not be changed. An error is an [*Error].
func (t *Template) Fill(s *Scope) (any, error) { return t.root.fill(s) }

// Static tells whether there is no program in the template.
func (t *Template) Static() bool {
	_, ok := t.root.(fixed)
	return ok
}

type templater struct {
	language *Language
	place    string
	errs     []error
}

func (c *templater) fail(err error) templatePart {
	c.errs = append(c.errs, err)
	return fixed{}
}

// value compiles a value; one without programs stays as it is.
func (c *templater) value(v any, pointer string, depth int) templatePart {
	if depth > maxDepth {
		return c.fail(fmt.Errorf("%s: nested too deep", c.at(pointer)))
	}
	switch v := v.(type) {
	case string:
		return c.text(v, pointer)
	case []any:
		out, static := make(listPart, len(v)), true
		for i, one := range v {
			out[i] = c.value(one, pointer+"/"+strconv.Itoa(i), depth+1)
			static = static && isFixed(out[i])
		}
		if static {
			return fixed{v}
		}
		return out
	case map[string]any:
		out, static := objectPart{names: slices.Sorted(maps.Keys(v))}, true
		for _, name := range out.names {
			one := c.value(v[name], pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), depth+1)
			out.parts = append(out.parts, one)
			static = static && isFixed(one)
		}
		if static {
			return fixed{v}
		}
		return out
	}
	return fixed{v}
}

func isFixed(p templatePart) bool {
	_, ok := p.(fixed)
	return ok
}

func (c *templater) at(pointer string) string {
	if pointer == "" {
		return c.place
	}
	return c.place + " " + pointer
}

// text compiles a text.
func (c *templater) text(text, pointer string) templatePart {
	var out mixed
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, "{{")
		if before != "" {
			out = append(out, before)
		}
		if !found {
			break
		}
		source, behind, ok := program(after)
		if !ok {
			return c.fail(&Error{c.at(pointer), after, 0, errors.New("{{ without }}")})
		}
		v, err := c.language.Value(c.at(pointer), source)
		if err != nil {
			c.errs = append(c.errs, err)
		}
		out, rest = append(out, v), behind
	}
	if len(out) == 0 {
		return fixed{text}
	}
	if _, isText := out[0].(string); isText && len(out) == 1 {
		return fixed{text}
	}
	return out
}

// program cuts a text at the }} that ends a program: not one in a text or behind a brace that was opened.
func program(text string) (source, rest string, ok bool) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0:
			if b == '\\' && quote != '`' {
				i++
			} else if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'' || b == '`':
			quote = b
		case b == '{':
			depth++
		case b == '}' && depth > 0:
			depth--
		case strings.HasPrefix(text[i:], "}}"):
			return text[:i], text[i+2:], true
		}
	}
	return "", "", false
}

func (f fixed) fill(*Scope) (any, error) { return f.value, nil }

func (m mixed) fill(s *Scope) (any, error) {
	if v, ok := m[0].(*Value); ok && len(m) == 1 {
		return v.Run(s)
	}
	var out strings.Builder
	for _, one := range m {
		v, ok := one.(*Value)
		if !ok {
			out.WriteString(one.(string))
			continue
		}
		value, err := v.Run(s)
		if err != nil {
			return nil, err
		}
		text, err := s.run.text(value)
		if err == nil && out.Len()+len(text) > maxText {
			err = fmt.Errorf("a text would be longer than %d bytes", maxText)
		}
		if err != nil {
			return nil, &Error{v.place, v.source, 0, err}
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

func (l listPart) fill(s *Scope) (any, error) {
	out := make([]any, len(l))
	for i, one := range l {
		v, err := one.fill(s)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (o objectPart) fill(s *Scope) (any, error) {
	out := make(map[string]any, len(o.names))
	for i, name := range o.names {
		v, err := o.parts[i].fill(s)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}
