package fake

import (
	"encoding/json"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"standin/mock/schema"
)

func leastCommonMultiple(a, b *big.Rat) *big.Rat {
	// a/b and c/d have the common denominator b·d, over which their numerators are a·d and c·b.
	x := new(big.Int).Mul(a.Num(), b.Denom())
	y := new(big.Int).Mul(b.Num(), a.Denom())
	both := new(big.Int).Mul(x, y)
	both.Div(both, new(big.Int).GCD(nil, nil, x, y))
	return new(big.Rat).SetFrac(both, new(big.Int).Mul(a.Denom(), b.Denom()))
}

// lattice is the multiples of step from first to last; nil ends are open.
type lattice struct {
	step        *big.Rat
	first, last *big.Int
}

// lattice is what the range leaves of the multiples of a step.
func (sh *shape) lattice(step *big.Rat) lattice {
	l := lattice{step: step}
	if sh.low != nil {
		q := new(big.Rat).Quo(sh.low.at, step)
		l.first = floor(q)
		if !q.IsInt() || sh.low.open {
			l.first.Add(l.first, big.NewInt(1))
		}
	}
	if sh.high != nil {
		q := new(big.Rat).Quo(sh.high.at, step)
		l.last = floor(q)
		if q.IsInt() && sh.high.open {
			l.last.Sub(l.last, big.NewInt(1))
		}
	}
	return l
}

func (l lattice) empty() bool { return l.first != nil && l.last != nil && l.first.Cmp(l.last) > 0 }

// at is a multiple of the step.
func (l lattice) at(n *big.Int) *big.Rat {
	return new(big.Rat).Mul(l.step, new(big.Rat).SetInt(n))
}

// size is how many multiples there are; false if there is no end of them.
func (l lattice) size() (*big.Int, bool) {
	if l.first == nil || l.last == nil {
		return nil, false
	}
	n := new(big.Int).Sub(l.last, l.first)
	return n.Add(n, big.NewInt(1)), true
}

func floor(q *big.Rat) *big.Int {
	return new(big.Int).Div(q.Num(), q.Denom()) // Euclidean, and the denominator is positive
}

// stepOf is what numbers must be multiples of, nil for none.
func (sh *shape) stepOf(integer bool) *big.Rat {
	one := big.NewRat(1, 1)
	switch {
	case !integer:
		return sh.step
	case sh.step == nil:
		return one
	}
	return leastCommonMultiple(sh.step, one)
}

// emptyRange tells why no number fits, nil if one does.
func (sh *shape) emptyRange(integer bool) *Unsatisfiable {
	if sh.low == nil || sh.high == nil {
		return nil
	}
	low, high := sh.low, sh.high
	if step := sh.stepOf(integer); step != nil {
		if !sh.lattice(step).empty() {
			return nil
		}
		if c := low.at.Cmp(high.at); c < 0 || c == 0 && !low.open && !high.open {
			what := "integer"
			if sh.step != nil {
				what = "multiple of " + decimalText(step)
			}
			return conflict(low.by, low.keyword, "%s %s and %s %s leave no %s", low.keyword, low.text, high.keyword, high.text, what)
		}
	} else if c := low.at.Cmp(high.at); c < 0 || c == 0 && !low.open && !high.open {
		return nil
	}
	return conflict(low.by, low.keyword, "%s %s and %s %s leave no number", low.keyword, low.text, high.keyword, high.text)
}

// holds tells whether a number is within the range and a multiple of the step.
func (sh *shape) holds(v *big.Rat) bool {
	if b := sh.low; b != nil {
		if c := v.Cmp(b.at); c < 0 || c == 0 && b.open {
			return false
		}
	}
	if b := sh.high; b != nil {
		if c := v.Cmp(b.at); c > 0 || c == 0 && b.open {
			return false
		}
	}
	if sh.step != nil && !new(big.Rat).Quo(v, sh.step).IsInt() {
		return false
	}
	for _, m := range sh.notMultiple {
		if new(big.Rat).Quo(v, m.Rat()).IsInt() {
			return false
		}
	}
	return true
}

// accepts tells whether a number keeps all that the shape says of numbers.
func (sh *shape) accepts(n json.Number, integer bool) bool {
	parsed, err := schema.ParseNumber(string(n))
	if err != nil || integer && !parsed.IsInteger() {
		return false
	}
	return sh.holds(parsed.Rat()) && !contains(sh.except, n)
}

func (r *run) number(sh *shape, at *place, integer bool) (any, *Unsatisfiable) {
	d := at.dice()
	var uneven json.Number
	fits := func(n json.Number) bool {
		if !sh.accepts(n, integer) || !at.free(n) {
			return false
		}
		if sh.even(n) {
			return true
		}
		uneven = n
		return false
	}
	for _, candidate := range r.numberCandidates(sh, at, d, integer) { // by an example, or the name of the place
		if fits(candidate) {
			return candidate, nil
		}
	}
	for try := range 40 {
		n := json.Number(decimalText(sh.draw(d, integer, try+3*bits.Len(uint(len(at.taken))))))
		if fits(n) {
			return n, nil
		}
	}
	if uneven != "" {
		return uneven, nil
	}
	return sh.searchNumber(integer, at)
}

// even tells whether a multiple looks like one to readers who divide in binary, as most do: 0.57 / 0.01 is 56.99999999999999.
func (sh *shape) even(n json.Number) bool {
	for _, s := range sh.parts {
		if s.MultipleOf == nil {
			continue
		}
		of, _ := s.MultipleOf.Rat().Float64()
		v, err := n.Float64()
		if q := v / of; err != nil || q != math.Trunc(q) || math.Abs(q) > 1e20 {
			return false
		}
	}
	return true
}

// draw draws a multiple of the step within the range, near to zero where the range has no end.
func (sh *shape) draw(d *dice, integer bool, try int) *big.Rat {
	step := sh.stepOf(integer)
	if step == nil {
		step = sh.grain(try)
	}
	l := sh.lattice(step)
	span := big.NewInt(int64(100 << min(2*(try/10), 40)))
	if try < 60 {
		l = l.near(span)
	}
	switch {
	case l.first == nil && l.last == nil:
		l.first, l.last = big.NewInt(1), span
		if try > 10 {
			l.first = new(big.Int).Neg(span)
		}
	case l.last == nil:
		l.last = new(big.Int).Add(l.first, span)
	case l.first == nil:
		l.first = new(big.Int).Sub(l.last, span)
	}
	size, _ := l.size()
	if size.Sign() <= 0 {
		return l.at(l.first)
	}
	return l.at(new(big.Int).Add(l.first, d.below(size)))
}

// near is the part of a wide range that is near to zero, above it if possible.
func (l lattice) near(span *big.Int) lattice {
	size, bounded := l.size()
	if !bounded || size.Cmp(big.NewInt(10_000)) < 0 {
		return l
	}
	one := big.NewInt(1)
	switch {
	case l.last.Cmp(one) < 0:
		l.first = new(big.Int).Sub(l.last, span)
	case l.first.Cmp(one) < 0:
		l.first = one
		fallthrough
	default:
		l.last = new(big.Int).Add(l.first, span)
	}
	return l
}

// grain is a power of ten that is fine enough for the range.
func (sh *shape) grain(try int) *big.Rat {
	grain := big.NewRat(1, 100)
	for i := range sh.notMultiple { // of which powers of ten may be multiples
		if try > 3*i {
			grain.Mul(grain, big.NewRat(1, 10))
		}
	}
	if sh.low == nil || sh.high == nil {
		return grain
	}
	width := new(big.Rat).Sub(sh.high.at, sh.low.at)
	if width.Sign() == 0 {
		return exactGrain(sh.low.at)
	}
	enough := big.NewRat(int64(10+90*min(try, 10)), 1)
	for range 9000 {
		if new(big.Rat).Quo(width, grain).Cmp(enough) >= 0 {
			return grain
		}
		grain.Mul(grain, big.NewRat(1, 10))
	}
	return grain
}

// exactGrain is a power of ten of which a decimal is a multiple.
func exactGrain(at *big.Rat) *big.Rat {
	grain := big.NewRat(1, 1)
	for range 9000 {
		if new(big.Rat).Quo(at, grain).IsInt() {
			break
		}
		grain.Mul(grain, big.NewRat(1, 10))
	}
	return grain
}

// below is a number from 0 up to n, without n.
func (d *dice) below(n *big.Int) *big.Int {
	if n.IsInt64() {
		return big.NewInt(d.Int64N(n.Int64()))
	}
	v := new(big.Int)
	for range (n.BitLen() + 63) / 64 {
		v.Lsh(v, 64)
		v.Or(v, new(big.Int).SetUint64(d.Uint64()))
	}
	return v.Mod(v, n)
}

// searchNumber goes through the numbers from one end of the range.
func (sh *shape) searchNumber(integer bool, at *place) (any, *Unsatisfiable) {
	step := sh.stepOf(integer)
	if step == nil {
		step = sh.grain(10)
	}
	l := sh.lattice(step)
	from, by := l.first, int64(1)
	if from == nil {
		from, by = l.last, -1
	}
	if from == nil {
		from = new(big.Int)
	}
	n := new(big.Int).Set(from)
	for range len(sh.except) + len(at.taken) + 200 {
		v := l.at(n)
		if number := json.Number(decimalText(v)); sh.accepts(number, integer) && at.free(number) {
			return number, nil
		}
		n.Add(n, big.NewInt(by))
	}
	return nil, conflict(sh.culprit(), "not", "no number was found that nothing refuses")
}

// culprit is a part that says something of numbers, for messages.
func (sh *shape) culprit() *schema.Schema {
	switch {
	case sh.stepBy != nil:
		return sh.stepBy
	case sh.low != nil:
		return sh.low.by
	case sh.high != nil:
		return sh.high.by
	}
	return first(sh.parts)
}

// longestPlain is the length up to which numbers are written without an exponent.
const longestPlain = 40

// decimalText writes a decimal number exactly. A fraction that is no decimal is cut after 20 digits.
func decimalText(v *big.Rat) string {
	scale := 0
	scaled := new(big.Rat).Set(v)
	if !v.IsInt() {
		twos, fives, rest := factors(v.Denom())
		scale = max(twos, fives)
		if !rest {
			scale = 20
		}
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
		scaled.Mul(scaled, new(big.Rat).SetInt(power))
	}
	text := new(big.Int).Quo(scaled.Num(), scaled.Denom()).String()
	return placePoint(text, scale)
}

// factors counts the twos and fives in n; rest tells that there are no others.
func factors(n *big.Int) (twos, fives int, rest bool) {
	m := new(big.Int).Set(n)
	count := func(p int64) int {
		k, prime, mod := 0, big.NewInt(p), new(big.Int)
		for {
			q, _ := new(big.Int).QuoRem(m, prime, mod)
			if mod.Sign() != 0 {
				return k
			}
			m, k = q, k+1
		}
	}
	twos, fives = count(2), count(5)
	return twos, fives, m.IsInt64() && m.Int64() == 1
}

// placePoint writes the digits × 10^-scale.
func placePoint(digits string, scale int) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	short := strings.TrimRight(digits, "0")
	if short == "" {
		return "0"
	}
	scale -= len(digits) - len(short)
	switch {
	case scale <= 0 && len(short)-scale <= longestPlain:
		return sign + short + strings.Repeat("0", -scale)
	case scale > 0 && scale < len(short):
		return sign + short[:len(short)-scale] + "." + short[len(short)-scale:]
	case scale > 0 && scale <= longestPlain:
		return sign + "0." + strings.Repeat("0", scale-len(short)) + short
	}
	return sign + short + "e" + strconv.Itoa(-scale)
}
