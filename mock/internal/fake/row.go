package fake

import (
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
}

func newRow(sh *shape, at *place) *row {
	r := &row{seed: mix(at.seed, at.try), index: at.index, of: at.name, example: at.hint}
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
		town: pick(d, towns()...), born: epoch().Add(-age - 48*time.Hour).Truncate(time.Second),
	}
	return r.person
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

// town is a place with what goes with it.
type town struct {
	city, state, country, code, code3, zip, dial, currency, symbol, language, locale, zone string
	latitude, longitude                                                                    string
}

func towns() []town {
	return []town{
		{"Boston", "Massachusetts", "United States", "US", "USA", "02118", "+1617555", "USD", "$", "en", "en-US", "America/New_York", "42.3601", "-71.0589"},
		{"Portland", "Oregon", "United States", "US", "USA", "97205", "+1503555", "USD", "$", "en", "en-US", "America/Los_Angeles", "45.5152", "-122.6784"},
		{"Austin", "Texas", "United States", "US", "USA", "78701", "+1512555", "USD", "$", "en", "en-US", "America/Chicago", "30.2672", "-97.7431"},
		{"Toronto", "Ontario", "Canada", "CA", "CAN", "M5V 2T6", "+1416555", "CAD", "$", "en", "en-CA", "America/Toronto", "43.6532", "-79.3832"},
		{"Bristol", "England", "United Kingdom", "GB", "GBR", "BS1 4DJ", "+44117496", "GBP", "£", "en", "en-GB", "Europe/London", "51.4545", "-2.5879"},
		{"Dublin", "Leinster", "Ireland", "IE", "IRL", "D02 X285", "+35312020", "EUR", "€", "en", "en-IE", "Europe/Dublin", "53.3498", "-6.2603"},
		{"Hamburg", "Hamburg", "Germany", "DE", "DEU", "20095", "+494066969", "EUR", "€", "de", "de-DE", "Europe/Berlin", "53.5511", "9.9937"},
		{"Lyon", "Auvergne-Rhône-Alpes", "France", "FR", "FRA", "69002", "+3326191", "EUR", "€", "fr", "fr-FR", "Europe/Paris", "45.7640", "4.8357"},
		{"Valencia", "Valencia", "Spain", "ES", "ESP", "46001", "+3496000", "EUR", "€", "es", "es-ES", "Europe/Madrid", "39.4699", "-0.3763"},
		{"Turin", "Piedmont", "Italy", "IT", "ITA", "10121", "+3901155", "EUR", "€", "it", "it-IT", "Europe/Rome", "45.0703", "7.6869"},
		{"Gothenburg", "Västra Götaland", "Sweden", "SE", "SWE", "411 05", "+46313900", "SEK", "kr", "sv", "sv-SE", "Europe/Stockholm", "57.7089", "11.9746"},
		{"Osaka", "Osaka", "Japan", "JP", "JPN", "530-0001", "+8166000", "JPY", "¥", "ja", "ja-JP", "Asia/Tokyo", "34.6937", "135.5023"},
		{"Melbourne", "Victoria", "Australia", "AU", "AUS", "3000", "+6135550", "AUD", "$", "en", "en-AU", "Australia/Melbourne", "-37.8136", "144.9631"},
		{"Curitiba", "Paraná", "Brazil", "BR", "BRA", "80020-290", "+55415550", "BRL", "R$", "pt", "pt-BR", "America/Sao_Paulo", "-25.4284", "-49.2733"},
	}
}
