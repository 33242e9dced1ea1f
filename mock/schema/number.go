package schema

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Number is an exact decimal number of a schema.
type Number struct {
	text string
	decimal
}

// maxExponent is the largest absolute exponent that [ParseNumber] takes.
const maxExponent = 4096

// ParseNumber reads a JSON number (RFC 8259, 6). Exponents beyond ±4096 are refused, since exact numbers grow with them.
func ParseNumber(text string) (*Number, error) {
	if !isNumber(text) {
		return nil, fmt.Errorf("%q is not a JSON number", clip(text, 60))
	}
	d, _ := parseDecimal(text)
	if d.exp > 2*maxExponent || d.exp < -2*maxExponent {
		return nil, fmt.Errorf("the exponent of %s is beyond ±%d", clip(text, 60), maxExponent)
	}
	return &Number{text: text, decimal: d}, nil
}

// String is the number as it was written.
func (n *Number) String() string { return n.text }

// Rat is the number as a fraction, a new one with each call.
func (n *Number) Rat() *big.Rat {
	r, ok := new(big.Rat).SetString(n.text)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Cmp is -1, 0 or 1 as n is less than, equal to or greater than m.
func (n *Number) Cmp(m *Number) int { return n.cmp(m.decimal) }

// IsInteger tells whether the number has no fraction; 2.0 has none.
func (n *Number) IsInteger() bool { return n.isInteger() }

// count is the number as a size, which is clamped to the int type; false if it is negative or has a fraction.
func (n *Number) count() (int, bool) {
	if n.neg && !n.isZero() || !n.isInteger() {
		return 0, false
	}
	if !n.small || n.exp > 18 {
		return math.MaxInt, true
	}
	hi, lo := bits.Mul64(n.mant, power10(n.exp))
	if hi != 0 || lo > math.MaxInt {
		return math.MaxInt, true
	}
	return int(lo), true
}

// decimal is digits × 10^exp in normal form: the digits neither begin nor end with a zero, and zero is the zero decimal but
// for its neg. So equal numbers have equal fields, zeros aside.
type decimal struct {
	neg    bool
	small  bool   // the digits are mant, at most 19 of them; else they are in digits
	mant   uint64 //
	exp    int    // of the last digit
	digits string
}

// saturated bounds exponents so that sums of them cannot overflow.
const saturated = 1 << 40

// parseDecimal reads a JSON number; false if it is none (not all that is none is noticed).
func parseDecimal[T string | []byte](text T) (decimal, bool) {
	d := decimal{small: true}
	i := 0
	if len(text) > 0 && text[0] == '-' {
		d.neg = true
		i++
	}
	whole, seen, last, first, length := 0, 0, -1, -1, 0
	point := false
	for ; i < len(text); i++ {
		c := text[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		if c != '0' {
			if first < 0 {
				first = seen
			}
			length = seen - first + 1
			if length <= 19 {
				d.mant = d.mant*power10(seen-max(last, first-1)) + uint64(c-'0')
			}
			last = seen
		}
		seen++
		if !point {
			whole++
		}
	}
	exponent := 0
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		var ok bool
		if exponent, ok = parseExponent(text[i+1:]); !ok {
			return d, false
		}
	} else if i < len(text) {
		return d, false
	}
	if seen == 0 {
		return d, false
	}
	if first < 0 {
		return decimal{neg: d.neg, small: true}, true
	}
	d.exp = whole - 1 - last + exponent
	if length > 19 {
		d.small, d.mant, d.digits = false, 0, significant(string(text))
	}
	return d, true
}

func parseExponent[T string | []byte](text T) (int, bool) {
	neg, i, n := false, 0, 0
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		neg = text[0] == '-'
		i++
	}
	if i == len(text) {
		return 0, false
	}
	for ; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		if n < saturated {
			n = n*10 + int(text[i]-'0')
		}
	}
	n = min(n, saturated)
	if neg {
		n = -n
	}
	return n, true
}

// significant are the digits of a number without its leading and trailing zeros.
func significant(text string) string {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		text = text[:i]
	}
	return strings.Trim(strings.Replace(strings.TrimPrefix(text, "-"), ".", "", 1), "0")
}

// isNumber tells whether text is exactly one JSON number.
func isNumber(text string) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		return i > from
	}
	if strings.HasPrefix(text, "-") {
		i++
	}
	if i < len(text) && text[i] == '0' {
		i++
	} else if !digits() {
		return false
	}
	if i < len(text) && text[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(text)
}

// power10 is 10^n for n up to 19.
func power10(n int) uint64 {
	p := uint64(1)
	for ; n > 0; n-- {
		p *= 10
	}
	return p
}

func (d decimal) isZero() bool { return d.small && d.mant == 0 }

func (d decimal) isInteger() bool { return d.exp >= 0 }

// length is the number of digits.
func (d decimal) length() int {
	if !d.small {
		return len(d.digits)
	}
	n := 0
	for m := d.mant; m > 0; m /= 10 {
		n++
	}
	return n
}

func (d decimal) sign() int {
	switch {
	case d.isZero():
		return 0
	case d.neg:
		return -1
	}
	return 1
}

func (d decimal) cmp(o decimal) int {
	if s, t := d.sign(), o.sign(); s != t || s == 0 {
		return compare(s, t)
	}
	c := d.cmpAbs(o)
	if d.neg {
		return -c
	}
	return c
}

// cmpAbs compares the absolute values of two numbers other than zero: as integers of the same exponent where those are not
// too large, else by magnitude, then digit by digit.
func (d decimal) cmpAbs(o decimal) int {
	if shift := d.exp - o.exp; d.small && o.small && -19 <= shift && shift <= 19 {
		if shift < 0 {
			return -compareScaled(o.mant, -shift, d.mant)
		}
		return compareScaled(d.mant, shift, o.mant)
	}
	m, n := d.length(), o.length()
	if c := compare(m+d.exp, n+o.exp); c != 0 {
		return c
	}
	if d.small && o.small {
		return compare(d.mant*power10(n-m), o.mant*power10(m-n))
	}
	return strings.Compare(d.text(), o.text())
}

// compareScaled compares a × 10^n with b, n being up to 19.
func compareScaled(a uint64, n int, b uint64) int {
	hi, lo := bits.Mul64(a, power10(n))
	if hi > 0 {
		return 1
	}
	return compare(lo, b)
}

// text are the digits.
func (d decimal) text() string {
	if d.small {
		return strconv.FormatUint(d.mant, 10)
	}
	return d.digits
}

func compare[T int | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// equal tells whether two numbers have the same value.
func (d decimal) equal(o decimal) bool { return d == o || d.isZero() && o.isZero() }

// multipleOf tells whether d / m is an integer; m is not zero. The exponents cost nothing, however large they are.
func (d decimal) multipleOf(m decimal) bool {
	if d.isZero() {
		return true
	}
	shift := d.exp - m.exp
	if shift < 0 {
		return false // m has a factor of ten that the last digit of d lacks
	}
	if d.small && m.small && shift == 0 {
		return d.mant%m.mant == 0
	}
	if d.small && m.small {
		return mulMod(d.mant%m.mant, powerMod(10, shift, m.mant), m.mant) == 0
	}
	a, _ := new(big.Int).SetString(d.text(), 10)
	b, _ := new(big.Int).SetString(m.text(), 10)
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shift)), b)
	return a.Mod(a.Mul(a, p), b).Sign() == 0
}

func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a%m, b%m)
	return bits.Rem64(hi, lo, m)
}

func powerMod(base uint64, n int, m uint64) uint64 {
	result := 1 % m
	for base %= m; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = mulMod(result, base, m)
		}
		base = mulMod(base, base, m)
	}
	return result
}
