package media

import (
	"strings"
)

// Negotiate chooses among offers by an Accept header (RFC 9110, 12.5.1), several of which are joined by commas: the highest
// quality wins, between equals a type before a range, then the order of offers. ok is false if none is acceptable. An empty
// header, */* and what cannot be read accept everything; members that cannot be read are passed over where others can. An
// offer may be a range, which is acceptable if anything in it is.
func Negotiate(accept string, offers []Type) (index int, ok bool) {
	if len(offers) == 0 {
		return -1, false
	}
	if accept == "" || accept == "*/*" {
		return anyOf(offers), true
	}
	if i, plain := exact(accept, offers); plain {
		return i, true
	}
	var buffer [8]acceptable // on the stack
	ranges := parseAccept(buffer[:0], accept)
	if len(ranges) == 0 {
		return anyOf(offers), true
	}
	best, most := -1, 0
	for i, offer := range offers {
		score := 2 * qualityOf(offer, ranges)
		if score > 0 && !offer.Wild() {
			score++
		}
		if score > most {
			best, most = i, score
		}
	}
	return best, best >= 0
}

// anyOf is the first offer that is a type, or the first one.
func anyOf(offers []Type) int {
	for i, o := range offers {
		if !o.Wild() {
			return i
		}
	}
	return 0
}

// exact finds the offer that the header names as it stands, the usual case.
func exact(accept string, offers []Type) (int, bool) {
	for i, o := range offers {
		if len(accept) == len(o.Type)+1+len(o.Subtype) && accept[len(o.Type)] == '/' &&
			accept[:len(o.Type)] == o.Type && accept[len(o.Type)+1:] == o.Subtype && !o.Wild() {
			return i, true
		}
	}
	return 0, false
}

// acceptable is one range of an Accept header; quality is in thousandths.
type acceptable struct {
	Type
	quality int
}

// mostAccepted bounds the members of an Accept header that are looked at.
const mostAccepted = 100

func parseAccept(out []acceptable, header string) []acceptable {
	for header != "" && len(out) < mostAccepted {
		item, rest, problem := scan(strings.TrimLeft(header, " \t,"), ",")
		if problem != "" {
			header = skipMember(rest)
			continue
		}
		header = rest
		quality, ok := 1000, true
		if item.weighted {
			quality, ok = thousandths(item.weight)
		}
		if item.star() { // java.net sends "*; q=.2"
			item.Subtype = "*"
		}
		if ok {
			out = append(out, acceptable{item.Type, quality})
		}
	}
	return out
}

// skipMember passes over what is left of a member that cannot be read, up to the next comma outside quotes.
func skipMember(text string) string {
	inside := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inside = !inside
		case c == '\\' && inside:
			i++
		case c == ',' && !inside:
			return text[i+1:]
		}
	}
	return ""
}

// thousandths reads a weight (RFC 9110, 12.4.2) between 0 and 1, with any number of decimals. What is more than nothing
// counts as one thousandth at least.
func thousandths(weight string) (int, bool) {
	whole, decimals, _ := strings.Cut(weight, ".")
	if whole != "" && whole != "0" && whole != "1" || whole == "" && decimals == "" {
		return 0, false
	}
	value, unit, below := 0, 100, false
	for i := range len(decimals) {
		if decimals[i] < '0' || decimals[i] > '9' {
			return 0, false
		}
		value += int(decimals[i]-'0') * unit
		below = below || decimals[i] > '0'
		unit /= 10
	}
	switch {
	case whole == "1" && below:
		return 0, false
	case whole == "1":
		return 1000, true
	case below:
		return max(value, 1), true
	}
	return value, true
}

// qualityOf is what the most specific fitting member gives to an offer, 0 if none fits. Of the types in an offered range
// the best counts.
func qualityOf(offer Type, ranges []acceptable) int {
	if offer.Wild() {
		return qualityOfRange(offer, ranges)
	}
	rank, quality := -1, 0
	for _, a := range ranges {
		if r := a.rank(); r > rank && a.Includes(offer) {
			rank, quality = r, a.quality
		}
	}
	return quality
}

func qualityOfRange(offer Type, ranges []acceptable) int {
	quality := 0
	for _, a := range ranges {
		if a.quality > quality && (a.Includes(offer) || offer.Includes(a.Type)) {
			quality = a.quality
		}
	}
	return quality
}

// Concrete is a type that both the offer and the header allow, for an offer that is a range: the best such type named in the
// header, else fallback if that is acceptable, else a usual type of an accepted range. If there is none it is fallback, or a
// type made up where the offer does not include that.
func Concrete(offer Type, accept string, fallback Type) Type {
	if !offer.Wild() {
		return offer
	}
	if !offer.Includes(fallback) {
		fallback = madeUp(offer)
	}
	var buffer [8]acceptable
	ranges := parseAccept(buffer[:0], accept)
	if len(ranges) == 0 {
		return fallback
	}
	best, quality := fallback, 0
	for _, a := range ranges {
		if a.quality > quality && !a.Wild() && offer.Includes(a.Type) {
			best, quality = a.Type, a.quality
		}
	}
	if quality > 0 || qualityOf(fallback, ranges) > 0 {
		return best
	}
	for _, a := range ranges {
		if t, known := usual(a.Type); known && offer.Includes(t) && qualityOf(t, ranges) > 0 {
			return t
		}
	}
	return fallback
}

// madeUp is some type in a range.
func madeUp(offer Type) Type {
	if t, known := usual(offer); known && offer.Includes(t) {
		return t
	}
	kind := offer.Type
	if kind == "*" {
		kind = "application"
	}
	return Type{Type: kind, Subtype: "vnd.example" + strings.TrimPrefix(offer.Subtype, "*")}
}

// usual is a type that a range may stand for.
func usual(t Type) (Type, bool) {
	switch t.Type {
	case "application":
		return Type{Type: "application", Subtype: "json"}, true
	case "text":
		return Type{Type: "text", Subtype: "plain"}, true
	case "image":
		return Type{Type: "image", Subtype: "png"}, true
	case "audio", "video":
		return Type{Type: t.Type, Subtype: "mpeg"}, true
	}
	return Type{}, false
}
