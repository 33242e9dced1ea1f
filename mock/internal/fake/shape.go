package fake

import (
	"math/big"
	"slices"

	"standin/mock/internal/pattern"
	"standin/mock/schema"
)

// shape is what several schemas together demand of one value. Shapes are shared once they are merged: only a clone is changed.
type shape struct {
	parts []*schema.Schema // all that apply, without repetition
	edges [][2]*schema.Schema

	types  schema.TypeSet // never empty; with NumberType it has IntegerType
	typed  *schema.Schema // who says so last; nil if nobody does
	fixed  *schema.Schema // the part with the shortest enum, or a const
	except []any          // values refused by not

	low, high   *bound
	step        *big.Rat // of which numbers are multiples; nil for any
	stepBy      *schema.Schema
	notMultiple []*schema.Number

	minLength, maxLength     int // maxLength is -1 if there is none
	minLengthBy, maxLengthBy *schema.Schema
	patterned                []*schema.Schema // those that have a pattern
	unlike                   []*pattern.Pattern
	formats                  []string

	minItems, maxItems     int
	minItemsBy, maxItemsBy *schema.Schema
	unique                 *schema.Schema
	contains               []*schema.Schema // those that have contains

	minProperties, maxProperties     int
	minPropertiesBy, maxPropertiesBy *schema.Schema
	required                         []demand

	choices []*choice
	alone   [][]*schema.Schema // lists of alternatives, of each of which only one may fit
	// proven is whether all that is made to this shape is valid without a check.
	proven bool
	// dynamic tells that the shape depends on the path that leads to it.
	dynamic bool
}

// demand is a property that must be there.
type demand struct {
	name string
	by   *schema.Schema
}

// bound is an end of a range of numbers.
type bound struct {
	at      *big.Rat
	text    string
	open    bool // at itself is outside
	by      *schema.Schema
	keyword string
}

// every is the set of all types.
const every = schema.NullType | schema.BooleanType | schema.IntegerType | schema.NumberType | schema.StringType |
	schema.ArrayType | schema.ObjectType

func newShape() *shape {
	return &shape{types: every, maxLength: -1, maxItems: -1, maxProperties: -1, proven: true}
}

// clone is a copy that can be added to.
func (sh *shape) clone() *shape {
	c := *sh
	c.parts, c.edges, c.except = slices.Clip(c.parts), slices.Clip(c.edges), slices.Clip(c.except)
	c.notMultiple, c.patterned, c.unlike = slices.Clip(c.notMultiple), slices.Clip(c.patterned), slices.Clip(c.unlike)
	c.formats, c.contains, c.required = slices.Clip(c.formats), slices.Clip(c.contains), slices.Clip(c.required)
	c.choices, c.alone = slices.Clip(c.choices), slices.Clip(c.alone)
	return &c
}

// merged is the outcome of a merge.
type merged struct {
	shape *shape
	err   *Unsatisfiable
}

// mostKept bounds how many shapes a generator keeps; beyond, they are merged anew.
const mostKept = 50_000

// shape merges schemas. That of a single schema is kept.
func (r *run) shape(list []*schema.Schema, at *place) (*shape, *Unsatisfiable) {
	single := len(list) == 1 && list[0].Node != nil
	if single {
		if m, ok := r.generator.shapes.Load(shapeKey{list[0], r.direction}); ok {
			return m.(*merged).shape, m.(*merged).err
		}
	}
	b := &merger{shape: newShape(), direction: r.direction, at: at}
	err := b.addAll(nil, list)
	if err == nil {
		err = b.settle()
	}
	if single && !b.dynamic {
		r.generator.keep(shapeKey{list[0], r.direction}, &merged{b.shape, err})
	}
	return b.shape, err
}

// shapeKey names the shape of a schema.
type shapeKey struct {
	schema    *schema.Schema
	direction schema.Direction
}

func (g *Generator) keep(key shapeKey, m *merged) {
	if g.kept.Add(1) <= mostKept {
		g.shapes.Store(key, m)
	}
}

// with is the shape with more schemas merged into it.
func (r *run) with(sh *shape, under *schema.Schema, more []*schema.Schema, at *place) (*shape, *Unsatisfiable) {
	b := &merger{shape: sh.clone(), direction: r.direction, at: at}
	if err := b.addAll(under, more); err != nil {
		return nil, err
	}
	return b.shape, b.settle()
}
