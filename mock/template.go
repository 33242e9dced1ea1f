package mock

import (
	"encoding/binary"
	"fmt"
)

// newUUID makes a UUID of version 4 from the seed and the request, another one each time it is called for the same request.
func (x *exchange) newUUID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], x.lot())
	binary.BigEndian.PutUint64(b[8:], x.lot())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// fake makes up a value for a name, such as email or city.
func (x *exchange) fake(name string, _ []any) (any, error) {
	return x.site.sampler.Named(name, x.lot())
}

// lot is the next number that depends on nothing but the seed and the request (splitmix64).
func (x *exchange) lot() uint64 {
	x.lots++
	z := x.seed() ^ x.variant() + 0x9E3779B97F4A7C15*x.lots
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
