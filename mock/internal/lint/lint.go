// Package lint tells what could be better in a document that is right: what its readers and generators will miss.
//
// Each rule stands in a file of its own. What a document breaks is not told here: that is the business of whoever compiles it.
package lint

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"standin/mock/contract"
)

// Rule is one thing that is looked for.
type Rule struct {
	// Name is in kebab case.
	Name string
	// About says in a sentence what the rule wants.
	About string
	// Fix says what to do.
	Fix string

	check func(*subject)
}

// Finding is one place that a rule is about.
type Finding struct {
	Position contract.Position
	Rule     *Rule
	Message  string
	// Operation is the id of the operation, "" if the finding is about none in particular.
	Operation string
}

// Rules are all rules in the order of their names.
func Rules() []*Rule {
	return []*Rule{
		arrayItems(), bodyOfGet(), dateFormat(), deprecation(), echo(), echoField(), failure(), fieldLanguages(),
		identifierExample(), integerExample(), languages(), listWithoutLimit(), nameCase(), nullRequired(), operationID(),
		parameterNames(), pathCase(), recursion(), responseSchema(), securityUnused(), serverURL(), stateValues(), success(),
		summary(), tags(), twins(), undocumented(), unused(),
	}
}

// Check looks at the whole document by every rule but those ignored, and gives what it finds in order of place.
func Check(ctx context.Context, c *contract.Contract, ignore ...string) []Finding {
	c.Wait(ctx)
	var out []Finding
	for _, r := range Rules() {
		if ctx.Err() != nil || slices.Contains(ignore, r.Name) {
			continue
		}
		s := &subject{contract: c, rule: r}
		r.check(s)
		out = append(out, s.found...)
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Position.File, b.Position.File), cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Col, b.Position.Col))
	})
	return out
}

// subject is a document under a rule.
type subject struct {
	contract *contract.Contract
	rule     *Rule
	found    []Finding
}

func (s *subject) add(at contract.Position, operation, format string, args ...any) {
	s.found = append(s.found, Finding{at, s.rule, fmt.Sprintf(format, args...), operation})
}

// operations are those that readers see.
func (s *subject) operations(f func(*contract.Operation)) {
	for _, op := range s.contract.Operations() {
		if !op.Internal() {
			f(op)
		}
	}
}

// schemas visits every Schema Object that stands under components or definitions, with what is inside.
func (s *subject) schemas(f func(n *contract.Node)) {
	root := s.contract.Root()
	shared := root.Get("components").Get("schemas")
	if shared == nil {
		shared = root.Get("definitions")
	}
	for _, m := range shared.Members() {
		inside(m.Value, 0, f)
	}
}

// deepest bounds the way into a schema.
const deepest = 40

func inside(n *contract.Node, depth int, f func(*contract.Node)) {
	if n == nil || depth > deepest {
		return
	}
	f(n)
	for _, m := range n.Get("properties").Members() {
		inside(m.Value, depth+1, f)
	}
	for _, name := range []string{"items", "additionalProperties", "not"} {
		inside(n.Get(name), depth+1, f)
	}
	for _, name := range []string{"allOf", "anyOf", "oneOf"} {
		for _, part := range n.Get(name).Items() {
			inside(part, depth+1, f)
		}
	}
}
