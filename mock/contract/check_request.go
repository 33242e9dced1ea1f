package contract

import (
	"errors"
	"strings"

	"standin/mock/internal/param"
	"standin/mock/schema"
)

// CheckRequest gathers everything that a request breaks: credentials, parameters, body. A valid request costs little more than
// the bytes of its body.
func (o *Operation) CheckRequest(r *Request) Checked {
	s := o.compiled()
	k := checker{operation: o, compiled: s, request: r}
	if r.URL.RawQuery != "" || s.queries {
		k.query = o.contract.query()
		if len(r.URL.RawQuery) < longQuery { // the room that others took is not kept
			defer o.contract.queries.Put(k.query)
		}
	}
	k.parameters()
	k.security()
	k.undeclaredQuery()
	k.body()
	return Checked{Violations: k.violations, Undeclared: k.undeclared, request: r, operation: o}
}

// longQuery is the length of a query beyond what is usual, in bytes.
const longQuery = 4096

// query is a Query that nobody uses at the moment.
func (c *Contract) query() *param.Query {
	if q, ok := c.queries.Get().(*param.Query); ok {
		return q
	}
	return &param.Query{}
}

// checker is one check of a request under way.
type checker struct {
	operation  *Operation
	compiled   *compiled
	request    *Request
	query      *param.Query
	violations []Violation
	undeclared int
}

func (k *checker) add(v Violation) {
	v.Operation = k.operation.ID
	k.violations = append(k.violations, v)
}

func (k *checker) options() schema.Options {
	return schema.Options{Direction: k.operation.BodyDirection(), Undeclared: k.request.Strict}
}

// parameters checks those whose text alone does not already say that they are right.
func (k *checker) parameters() {
	if k.query != nil {
		if err := k.query.Parse(k.request.URL.RawQuery); err != nil {
			k.add(Violation{In: "query", Message: err.Error(), Keyword: keywordOf(err), Rule: k.operation.Position})
		}
		k.reserve()
	}
	for _, p := range k.compiled.turns {
		if !k.accepted(p) {
			k.parameter(p)
		}
	}
}

func (k *checker) accepted(p *Parameter) bool {
	switch p.In {
	case "path":
		raw, ok := k.request.Found.Capture(p.Name)
		return ok && p.decode.AcceptPath(raw)
	case "query":
		return p.decode.AcceptQuery(k.query)
	case "header":
		return p.decode.AcceptHeader(k.request.Header[p.key])
	}
	return p.decode.AcceptCookie(k.request.Header["Cookie"])
}

// read decodes one parameter.
func (k *checker) read(p *Parameter) (value any, present bool, err error) {
	switch p.In {
	case "path":
		raw, ok := k.request.Found.Capture(p.Name)
		if !ok {
			return nil, false, nil
		}
		value, err = p.decode.Path(raw)
		return value, true, err
	case "query":
		return p.decode.Query(k.query)
	case "header":
		return p.decode.Header(k.request.Header[p.key])
	}
	return p.decode.Cookie(k.request.Header["Cookie"])
}

func (k *checker) parameter(p *Parameter) {
	value, present, err := k.read(p)
	if err != nil {
		v := Violation{In: p.In, Name: p.Name, Message: err.Error(), Keyword: keywordOf(err), Rule: p.Position}
		if at, ok := errors.AsType[*param.Error](err); ok {
			v.Pointer, v.Message = at.Pointer, at.Message
		}
		k.add(v)
		return
	}
	if !present {
		if p.Required {
			k.add(Violation{In: p.In, Name: p.Name, Message: "is required, and missing", Keyword: "required", Rule: p.ruleOf("required")})
		}
		return
	}
	for _, v := range p.decode.Check(value, schema.Options{Direction: schema.Request}) {
		k.add(fromSchema(v, p.In, p.Name))
	}
}

// ruleOf is where a member of the parameter stands.
func (p *Parameter) ruleOf(member string) Position {
	if p.Node == nil {
		return p.Position
	}
	return p.Node.PositionOf(member)
}

func keywordOf(err error) string {
	if e, ok := errors.AsType[*param.Error](err); ok {
		return e.Keyword
	}
	return "syntax"
}

// fromSchema puts a violation of a value into the terms of an exchange.
func fromSchema(v schema.Violation, in, name string) Violation {
	return Violation{In: in, Name: name, Pointer: v.Pointer, Message: v.Message, Keyword: v.Keyword, Rule: v.Rule}
}

// reserve keeps from parameters that take any name what is not theirs: credentials, what the path template itself asks for, and
// names that begin with two underscores, which ask the mock itself.
func (k *checker) reserve() {
	k.query.UsePrefix("__")
	for _, pair := range k.operation.asks {
		name, _, _ := strings.Cut(pair, "=")
		k.query.Use(name)
	}
	for _, requirement := range k.compiled.security {
		for _, s := range requirement {
			if s.Type == "apiKey" && s.In == "query" {
				k.query.Use(s.Name)
			}
		}
	}
}

// undeclaredQuery counts, or in strict handling refuses, query parameters that nobody documented.
func (k *checker) undeclaredQuery() {
	if k.query == nil || k.request.URL.RawQuery == "" {
		return
	}
	for _, name := range k.query.Unused() {
		if !k.request.Strict {
			k.undeclared++
			continue
		}
		k.add(Violation{In: "query", Name: name, Message: "is not documented", Keyword: "undeclared", Rule: k.operation.Position})
	}
}

// Values decodes the inputs of the request. What cannot be decoded is absent; defaults stand for absent parameters.
func (c *Checked) Values() Values {
	out := Values{Path: map[string]any{}, Query: map[string]any{}, Header: map[string]any{}, Cookie: map[string]any{}}
	if c.operation == nil {
		return out
	}
	k := checker{operation: c.operation, compiled: c.operation.compiled(), request: c.request}
	k.query, _ = param.ParseQuery(c.request.URL.RawQuery)
	k.reserve()
	for _, p := range k.compiled.turns {
		value, present, err := k.read(p)
		if !present && p.Schema != nil && p.Schema.Default != nil {
			value, present = p.Schema.Default.Value(), true
		}
		if err == nil && present {
			map[string]map[string]any{"path": out.Path, "query": out.Query, "header": out.Header, "cookie": out.Cookie}[p.In][p.Name] = value
		}
	}
	if r := c.request.Received; r != nil {
		out.Body, out.HasBody = r.value, r.read && r.err == nil
	} else if t, actual, _ := k.chosen(); t != nil {
		value, read, _, err := t.decode(c.request.Body, actual, c.operation.BodyDirection())
		out.Body, out.HasBody = value, read && err == nil
	}
	return out
}
