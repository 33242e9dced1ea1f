// Package fake makes values from schemas: a schema and a seed in, the same valid value out, always.
//
// The schemas that apply to a value are first merged into one [shape]; what they leave open (anyOf, oneOf, not, if) is decided
// by trying. What comes out is checked with the schema itself before it is given away, and made anew where it fails.
package fake

import (
	"slices"
	"sync"
	"sync/atomic"

	"standin/mock/schema"
)

// Options of one value.
type Options struct {
	// Seed decides everything that the schema leaves open.
	Seed uint64
	// Direction is the way that the value will travel: what is writeOnly is left out of responses, readOnly of requests.
	Direction schema.Direction
	// Name is what the value is called, e.g. the name of a header; "" if nothing is known.
	Name string
	// Size is the number of items wanted in the list that the value is, or else in the first list of the object that it is,
	// as far as the schema allows; 0 leaves that to the generator.
	Size int
	// Row makes the value the nth of a list, from 1, which are unlike each other as rows of a table are; 0 for a value of its own.
	Row int
}

// Generator makes values. It is safe for concurrent use, and keeps what it has found out about schemas.
type Generator struct {
	shapes sync.Map // *schema.Schema to *merged
	kept   atomic.Int64
	costs  costs
}

// New makes a generator.
func New() *Generator { return &Generator{} }

const (
	// rounds is how often a value is made anew, with more care at the places where it failed.
	rounds = 6
	// mostValues bounds the values, parts included, that may be made in one round, failures included.
	mostValues = 100_000
	// mostText bounds the length of all strings together, in bytes.
	mostText = 16 << 20
	// checkBudget bounds the work of checking a part, in steps.
	checkBudget = 500_000
)

// Value makes a value that the schema allows: map[string]any, []any, string, bool, nil, json.Number. A nil schema allows
// anything. The error is an *[Unsatisfiable].
func (g *Generator) Value(s *schema.Schema, o Options) (any, error) {
	var list []*schema.Schema
	if s != nil {
		list = append(list, s)
	} else if o.Name == "" {
		return map[string]any{}, nil
	}
	var first *Unsatisfiable
	suspects := map[string]int{}
	for round := range rounds {
		r := &run{
			generator: g, direction: o.Direction, size: o.Size, suspects: suspects, sparse: round >= rounds/2,
			values: mostValues + 60*o.Size, text: mostText,
		}
		root := r.root(o, round)
		v, err := r.node(list, root)
		if err != nil {
			if first == nil {
				first = err
			}
			if err.Keyword == complexity && r.sparse || round == rounds/2 {
				break
			}
			continue
		}
		violations := r.violations(s, v)
		if len(violations) == 0 {
			if o.Direction == schema.Response && o.Row == 0 && s != nil {
				v = inStep(s, v, o.Direction)
			}
			return v, nil
		}
		if first == nil || first.broken {
			first = broken(violations[0])
		}
		suspect(suspects, root.pointer(), violations)
	}
	return nil, first
}

func (r *run) violations(s *schema.Schema, v any) []schema.Violation {
	if s == nil || s.Valid(v, r.direction) {
		return nil
	}
	return s.Check(v, schema.Options{Direction: r.direction, Most: 20})
}

// suspect notes the places of violations, so that the next round takes more care there. root is the pointer of the whole.
func suspect(suspects map[string]int, root string, violations []schema.Violation) {
	for _, v := range violations {
		suspects[root+v.Pointer]++
	}
	if len(suspects) > 1000 {
		clear(suspects)
	}
}

// run is the making of one value.
type run struct {
	generator *Generator
	direction schema.Direction
	size      int            // the number of items wanted in the next list, 0 for any
	suspects  map[string]int // by pointer: how often a value was wrong there
	sparse    bool           // leave out what need not be there
	values    int            // how many may still be made
	text      int            // how many bytes of strings
}

func (r *run) root(o Options, round int) *place {
	p := &place{name: o.Name, seed: mix(o.Seed, 0), index: -1, try: uint64(round)}
	if o.Row > 0 {
		return p.at(o.Row - 1)
	}
	return p
}

// valid tells whether a part keeps the schemas that apply to it. Those that were made here, not compiled, are passed over:
// the part around is checked with what they stand for.
func (r *run) valid(list []*schema.Schema, v any) bool {
	return !slices.ContainsFunc(list, func(s *schema.Schema) bool {
		return s.Node != nil && len(s.Check(v, schema.Options{Direction: r.direction, Budget: checkBudget, Most: 1})) > 0
	})
}
