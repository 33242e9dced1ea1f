package fake

import (
	"slices"
	"strings"
	"time"

	"standin/mock/schema"
)

// row is an object in the making, whose members belong together.
type row struct {
	seed    uint64
	index   int
	of      string // what the object is called
	example any    // an example of the whole object
	person  *person
	parts   []*schema.Schema // what the object is made to
}

func newRow(sh *shape, at *place) *row {
	r := &row{seed: mix(at.seed, at.try), index: at.index, of: at.name, example: at.hint, parts: sh.parts}
	for _, part := range sh.parts {
		if part.Name != "" {
			r.of = part.Name
			break
		}
	}
	if _, ok := r.example.(map[string]any); ok {
		return r
	}
	n := 0
	for _, part := range sh.parts {
		for _, e := range part.Examples {
			if n == max(at.index, 0) {
				r.example = e.Value()
				return r
			}
			n++
		}
	}
	return r
}

// person is whom or what the members of a row tell of.
type person struct {
	first, last, company string
	town                 town
	born                 time.Time // when the row was made
}

// epoch is the present of all that is made: fixed, so that the same seed gives the same dates.
func epoch() time.Time { return time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC) }

func (r *row) somebody() *person {
	if r.person != nil {
		return r.person
	}
	d := newDice(r.seed, 77)
	age := time.Duration(30+d.IntN(700*24*60)) * time.Minute
	r.person = &person{
		first: d.fake().FirstName(), last: d.fake().LastName(), company: d.fake().Company(),
		town: pick(d, r.towns()...), born: epoch().Add(-age - 48*time.Hour).Truncate(time.Second),
	}
	return r.person
}

// has tells whether the row has a property called by one of the words, written as one.
func (r *row) has(words ...string) bool {
	for _, part := range r.parts {
		for _, p := range part.Properties {
			if slices.Contains(words, strings.Join(splitName(p.Name), "")) {
				return true
			}
		}
	}
	return false
}

// login is a user name that goes with the name.
func (p *person) login() string {
	return strings.ToLower(plainLetters(p.first) + "." + plainLetters(p.last))
}

func (p *person) email() string { return p.login() + "@example.com" }

// plainLetters keeps the ASCII letters.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}

// moment is a time in the life of a row: what is called created comes before updated, and that before expiry.
func (r *row) moment(name string, d *dice) time.Time {
	born := r.somebody().born
	life := epoch().Sub(born)
	n := splitName(name)
	part := func(percent int64) time.Time {
		return born.Add(time.Duration(int64(life/time.Second)*percent/100) * time.Second)
	}
	switch {
	case n.any("birth", "birthday", "birthdate", "dob"):
		return time.Date(1955+d.IntN(48), time.Month(1+d.IntN(12)), 1+d.IntN(28), 0, 0, 0, 0, time.UTC)
	case n.any("created", "create", "inserted", "registered", "joined", "opened", "added", "since", "first", "before"):
		return born
	case n.any("start", "started", "starts", "begin", "began", "from", "submitted", "ordered", "placed", "issued",
		"published", "issue"):
		return part(20)
	case n.any("paid", "approved", "confirmed", "shipped", "accepted", "merged", "pushed", "assigned"):
		return part(40)
	case n.any("end", "ended", "ends", "finish", "finished", "completed", "until", "to", "closed", "delivered", "resolved", "stop"):
		return part(60)
	case n.any("updated", "update", "modified", "changed", "last", "seen", "accessed", "synced"):
		return part(80)
	case n.any("deleted", "archived", "removed", "cancelled", "canceled", "revoked"):
		return part(95)
	case n.any("after", "valid", "expires", "expire", "expiry", "expiration", "expired", "due", "next", "renews",
		"scheduled", "eta", "estimated"):
		return epoch().Add(time.Duration(1+d.IntN(90)) * 24 * time.Hour).Truncate(time.Hour)
	}
	return part(int64(d.IntN(100)))
}

// annotated is a value that the schema itself gives as an example or default for this row, nil if there is none.
func (r *run) annotated(sh *shape, at *place) any {
	if at.hasHint {
		return at.hint
	}
	n := max(at.index, 0)
	for _, part := range sh.parts {
		if n < len(part.Examples) {
			return part.Examples[n].Value()
		}
		n -= len(part.Examples)
	}
	return sh.byDefault()
}

// style is an example that values here may look like.
func (sh *shape) style(at *place) any {
	for _, part := range sh.parts {
		if len(part.Examples) > 0 {
			return part.Examples[max(at.index, 0)%len(part.Examples)].Value()
		}
	}
	return nil
}

func (sh *shape) byDefault() any {
	if s := sh.saying(func(s *schema.Schema) bool { return s.Default != nil }); s != nil {
		return s.Default.Value()
	}
	return nil
}
