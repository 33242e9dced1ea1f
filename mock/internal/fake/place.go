package fake

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/brianvoe/gofakeit/v6"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// place is where a value is made. Its randomness depends on the way to it alone, so that a failure elsewhere changes nothing here.
type place struct {
	up    *place
	name  string // of the property, or of the list that this is an item of
	token string // in the JSON Pointer
	depth int    // how many containers are around
	index int    // in the nearest list, -1 outside of all
	item  bool   // this is an item of a list
	seed  uint64
	try   uint64 // counts repetitions
	// sparse leaves out what need not be there.
	sparse bool
	// taken are the canonical texts of values that must not be made here again.
	taken map[string]bool
	// parts are the schemas that the value here is made to.
	parts []*schema.Schema
	// row is the object around.
	row *row
	// hint is what an example of the object around has here.
	hint    any
	hasHint bool
}

// mix makes a seed from two numbers (splitmix64).
func mix(a, b uint64) uint64 {
	z := a + 0x9E3779B97F4A7C15*(b+1)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// mixText makes a seed from a number and a text (FNV-1a).
func mixText(a uint64, text string) uint64 {
	h := a ^ 0xCBF29CE484222325
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 0x100000001B3
	}
	return mix(h, 0)
}

// free tells whether a value may be made here.
func (p *place) free(v any) bool { return len(p.taken) == 0 || !p.taken[canonical(v)] }

// again is the same place for another try.
func (p *place) again(try uint64) *place {
	q := *p
	q.try = mix(p.try, try)
	return &q
}

// member is the place of a property.
func (p *place) member(name string, in *row) *place {
	q := &place{
		up: p, name: name, token: name, depth: p.depth + 1, index: p.index,
		seed: mixText(p.seed, name), try: p.try, sparse: p.sparse, row: in,
	}
	if object, ok := in.example.(map[string]any); ok {
		q.hint, q.hasHint = object[name]
	}
	return q
}

// at is the place of an item.
func (p *place) at(i int) *place {
	q := &place{
		up: p, name: p.name, token: strconv.Itoa(i), depth: p.depth + 1, index: i, item: true,
		seed: mix(p.seed, uint64(i)), try: p.try, sparse: p.sparse, row: p.row,
	}
	if list, ok := p.hint.([]any); ok && i < len(list) {
		q.hint, q.hasHint = list[i], true
	}
	return q
}

// pointer is the JSON Pointer of the place.
func (p *place) pointer() string {
	var tokens []string
	for q := p; q.up != nil; q = q.up {
		tokens = append(tokens, source.Escape(q.token))
	}
	var b strings.Builder
	for i := len(tokens) - 1; i >= 0; i-- {
		b.WriteString("/" + tokens[i])
	}
	return b.String()
}

// path are the schemas entered on the way, the outermost first.
func (p *place) path() []*schema.Schema {
	if p == nil {
		return nil
	}
	return append(p.up.path(), p.parts...)
}

// dice are the randomness of one place.
type dice struct {
	*rand.Rand
	source pcg
	faker  *gofakeit.Faker
}

// pcg makes a PCG fit for gofakeit, which wants math/rand's kind of source.
type pcg struct{ *rand.PCG }

func (p pcg) Int63() int64 { return int64(p.Uint64() >> 1) }

func (p pcg) Seed(seed int64) { p.PCG.Seed(uint64(seed), 1) }

func newDice(seed, try uint64) *dice {
	p := rand.NewPCG(seed, try)
	return &dice{Rand: rand.New(p), source: pcg{p}}
}

func (p *place) dice() *dice { return newDice(p.seed, p.try) }

// fake is a gofakeit generator that goes by these dice.
func (d *dice) fake() *gofakeit.Faker {
	if d.faker == nil {
		d.faker = gofakeit.NewCustom(d.source)
	}
	return d.faker
}

func pick[T any](d *dice, list ...T) T { return list[d.IntN(len(list))] }
