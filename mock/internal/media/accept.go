package media

import (
	"strconv"
	"strings"
)

// Negotiate chooses among offers, in order of preference, by an Accept header (RFC 9110, 12.5.1). ok is false if none is
// acceptable. An empty header, */* and what cannot be read accept everything. An offer may be a range.
func Negotiate(accept string, offers []Type) (index int, ok bool) {
	if len(offers) == 0 {
		return -1, false
	}
	if accept == "" || accept == "*/*" {
		return 0, true
	}
	if i, plain := exact(accept, offers); plain {
		return i, true
	}
	ranges := parseAccept(accept)
	if len(ranges) == 0 {
		return 0, true
	}
	best, quality := -1, 0
	for i, offer := range offers {
		if q := qualityOf(offer, ranges); q > quality {
			best, quality = i, q
		}
	}
	return best, best >= 0
}

// exact finds the offer that the header names as it stands, the usual case.
func exact(accept string, offers []Type) (int, bool) {
	for i, o := range offers {
		if len(o.Params) == 0 && len(accept) == len(o.Type)+1+len(o.Subtype) && accept[len(o.Type)] == '/' &&
			accept[:len(o.Type)] == o.Type && accept[len(o.Type)+1:] == o.Subtype && o.Subtype != "*" {
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

func parseAccept(header string) []acceptable {
	var out []acceptable
	for item := range strings.SplitSeq(header, ",") {
		t, err := Parse(strings.TrimSpace(item))
		if err != nil {
			continue
		}
		a := acceptable{Type: t, quality: 1000}
		if q, has := t.Params["q"]; has {
			f, err := strconv.ParseFloat(q, 64)
			if err != nil || !(f >= 0 && f <= 1) {
				continue
			}
			a.quality = int(f*1000 + 0.5)
			delete(a.Params, "q")
			if len(a.Params) == 0 {
				a.Params = nil
			}
		}
		out = append(out, a)
	}
	return out
}

// qualityOf is what the most specific fitting range gives to an offer, 0 if none fits.
func qualityOf(offer Type, ranges []acceptable) int {
	rank, quality := -1, 0
	for _, a := range ranges {
		fits := a.Includes(offer) || offer.Wild() && offer.Includes(a.Type)
		if r := a.rank(); fits && r > rank {
			rank, quality = r, a.quality
		}
	}
	return quality
}

// Concrete is a type that both the offer and the header allow, for an offer that is a range: the first such type named in the
// header, else fallback.
func Concrete(offer Type, accept string, fallback Type) Type {
	if !offer.Wild() {
		return offer
	}
	for _, a := range parseAccept(accept) {
		if a.quality > 0 && !a.Wild() && offer.Includes(a.Type) {
			return a.Type
		}
	}
	return fallback
}
