package fake

import (
	"slices"
	"strings"

	"standin/mock/schema"
)

// town is a place with what goes with it.
type town struct {
	city, state, country, code, code3, zip, dial, currency, symbol, language, locale, zone string
	latitude, longitude, stateCode                                                         string
}

func towns() []town {
	return []town{
		{"Boston", "Massachusetts", "United States", "US", "USA", "02118", "+1617555", "USD", "$", "en", "en-US", "America/New_York", "42.3601", "-71.0589", "MA"},
		{"Portland", "Oregon", "United States", "US", "USA", "97205", "+1503555", "USD", "$", "en", "en-US", "America/Los_Angeles", "45.5152", "-122.6784", "OR"},
		{"Austin", "Texas", "United States", "US", "USA", "78701", "+1512555", "USD", "$", "en", "en-US", "America/Chicago", "30.2672", "-97.7431", "TX"},
		{"Toronto", "Ontario", "Canada", "CA", "CAN", "M5V 2T6", "+1416555", "CAD", "$", "en", "en-CA", "America/Toronto", "43.6532", "-79.3832", "ON"},
		{"Bristol", "England", "United Kingdom", "GB", "GBR", "BS1 4DJ", "+44117496", "GBP", "£", "en", "en-GB", "Europe/London", "51.4545", "-2.5879", "ENG"},
		{"Dublin", "Leinster", "Ireland", "IE", "IRL", "D02 X285", "+35312020", "EUR", "€", "en", "en-IE", "Europe/Dublin", "53.3498", "-6.2603", "L"},
		{"Hamburg", "Hamburg", "Germany", "DE", "DEU", "20095", "+494066969", "EUR", "€", "de", "de-DE", "Europe/Berlin", "53.5511", "9.9937", "HH"},
		{"Lyon", "Auvergne-Rhône-Alpes", "France", "FR", "FRA", "69002", "+3326191", "EUR", "€", "fr", "fr-FR", "Europe/Paris", "45.7640", "4.8357", "ARA"},
		{"Valencia", "Valencia", "Spain", "ES", "ESP", "46001", "+3496000", "EUR", "€", "es", "es-ES", "Europe/Madrid", "39.4699", "-0.3763", "VC"},
		{"Turin", "Piedmont", "Italy", "IT", "ITA", "10121", "+3901155", "EUR", "€", "it", "it-IT", "Europe/Rome", "45.0703", "7.6869", "TO"},
		{"Gothenburg", "Västra Götaland", "Sweden", "SE", "SWE", "411 05", "+46313900", "SEK", "kr", "sv", "sv-SE", "Europe/Stockholm", "57.7089", "11.9746", "O"},
		{"Osaka", "Osaka", "Japan", "JP", "JPN", "530-0001", "+8166000", "JPY", "¥", "ja", "ja-JP", "Asia/Tokyo", "34.6937", "135.5023", "27"},
		{"Melbourne", "Victoria", "Australia", "AU", "AUS", "3000", "+6135550", "AUD", "$", "en", "en-AU", "Australia/Melbourne", "-37.8136", "144.9631", "VIC"},
		{"Curitiba", "Paraná", "Brazil", "BR", "BRA", "80020-290", "+55415550", "BRL", "R$", "pt", "pt-BR", "America/Sao_Paulo", "-25.4284", "-49.2733", "PR"},
	}
}

// forms are the ways to write what a name asks of a place, the usual one first; none for names that ask nothing that documents
// restrict.
func (t *town) forms(of string) []string {
	switch of {
	case "country", "countryname", "nation":
		return []string{t.country, strings.ToUpper(t.country), t.code, t.code3, strings.ToLower(t.code)}
	case "countrycode", "countryiso", "iso2":
		return []string{t.code, t.code3, strings.ToLower(t.code), t.country}
	case "state", "province", "stateorprovince", "statecode", "provincecode":
		return []string{t.state, t.stateCode, strings.ToUpper(t.state)}
	case "zip", "zipcode", "postal", "postalcode", "postcode":
		return []string{t.zip, strings.ReplaceAll(t.zip, " ", "")}
	case "currency", "currencycode":
		return []string{t.currency, strings.ToLower(t.currency), t.symbol}
	case "city", "town":
		return []string{t.city, strings.ToUpper(t.city)}
	}
	return nil
}

// suiting are the forms that a schema allows.
func (t *town) suiting(name string, s *schema.Schema) (string, bool) {
	for _, end := range splitName(name).ends() {
		for _, form := range t.forms(end) {
			if s.Valid(form, schema.Both) {
				return form, true
			}
		}
	}
	return "", false
}

// placed is the form of the row's place that is asked for here, and accepted.
func (w *words) placed() (string, bool) {
	n := w.name()
	for _, end := range n.ends() {
		if end == "state" && w.location(end, n) != w.somebody().town.state {
			continue // a state of affairs
		}
		for _, form := range w.somebody().town.forms(end) {
			if w.accepts(form) {
				return form, true
			}
		}
	}
	return "", false
}

// placed is the listed value that goes with the place of the row.
func (s *search) placed(sh *shape, values []any) (any, bool) {
	if s.at.row == nil || len(values) < 2 {
		return nil, false
	}
	town := s.at.row.somebody().town
	for _, end := range splitName(s.at.name).ends() {
		for _, form := range town.forms(end) {
			for _, v := range values {
				if text, ok := v.(string); ok && strings.EqualFold(text, form) && s.allowed(sh, v) {
					return v, true
				}
			}
		}
	}
	return nil, false
}

// towns are the places that suit most of what the row restricts of places: the countries that it lists, the form of its codes.
func (r *row) towns() []town {
	all := towns()
	var limits []schema.Property
	for _, part := range r.parts {
		for _, p := range part.Properties {
			if _, asked := all[0].suiting(p.Name, anything()); asked && restricted(p.Schema) {
				limits = append(limits, p)
			}
		}
	}
	if len(limits) == 0 {
		return all
	}
	fit := make([]int, len(all))
	most := 0
	for i := range all {
		for _, p := range limits {
			if _, ok := all[i].suiting(p.Name, p.Schema); ok {
				fit[i]++
			}
		}
		most = max(most, fit[i])
	}
	var best []town
	for i := range all {
		if fit[i] == most {
			best = append(best, all[i])
		}
	}
	return best
}

// anything is a schema that allows everything.
func anything() *schema.Schema { return blank() }

// restricted tells whether a schema does not allow every string.
func restricted(s *schema.Schema) bool {
	for range 8 {
		if s == nil {
			return false
		}
		if s.HasEnum || s.HasConst || s.Pattern != nil || s.MaxLength >= 0 {
			return true
		}
		if s.Ref == nil {
			return slices.ContainsFunc(s.AllOf, func(part *schema.Schema) bool { return part.HasEnum || part.Pattern != nil })
		}
		s = s.Ref
	}
	return false
}
