package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// places are how many digits after the point a quotient has that has no end.
const places = 34

// number is exact: a whole number, or a fraction where rat is not nil.
type number struct {
	whole int64
	rat   *big.Rat
}

func integer(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

func float(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errors.New("it is no number of JSON")
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
}

var errDigits = fmt.Errorf("a number would have more than %d digits", maxDigits)

// numeric reads a number; ok is false if the value is none.
func numeric(v any) (n number, ok bool, err error) {
	switch v := v.(type) {
	case int:
		return number{whole: int64(v)}, true, nil
	case int64:
		return number{whole: v}, true, nil
	case float64:
		text, err := float(v)
		if err != nil {
			return number{}, true, err
		}
		n, err := decimal(string(text.(json.Number)))
		return n, true, err
	case json.Number:
		n, err := decimal(string(v))
		return n, true, err
	}
	return number{}, false, nil
}

// decimal reads the text of a number of JSON.
func decimal(text string) (number, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number{whole: n}, nil
	}
	if !isNumber(text) {
		return number{}, fmt.Errorf("%q is no number", short(text))
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		exponent, err := strconv.Atoi(text[i+1:])
		if err != nil || exponent > maxDigits || exponent < -maxDigits {
			return number{}, errDigits
		}
	}
	if len(text) > maxDigits {
		return number{}, errDigits
	}
	rat, ok := new(big.Rat).SetString(text)
	if !ok {
		return number{}, fmt.Errorf("%q is no number", short(text))
	}
	return number{rat: rat}.small(), nil
}

// isNumber tells whether a text is a number as JSON writes it (RFC 8259, section 6).
func isNumber(text string) bool {
	digits := func(s string) string { return strings.TrimLeft(s, "0123456789") }
	s := strings.TrimPrefix(text, "-")
	rest := digits(s)
	if rest == s || (s[0] == '0' && len(s)-len(rest) > 1) {
		return false
	}
	if after, ok := strings.CutPrefix(rest, "."); ok {
		if rest = digits(after); rest == after {
			return false
		}
	}
	if rest == "" || (rest[0] != 'e' && rest[0] != 'E') {
		return rest == ""
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	return rest != "" && digits(rest) == ""
}

func short(text string) string {
	if len(text) > 40 {
		return text[:37] + "..."
	}
	return text
}

// fraction is the number as one that may be computed with, not to be changed.
func (n number) fraction() *big.Rat {
	if n.rat != nil {
		return n.rat
	}
	return new(big.Rat).SetInt64(n.whole)
}

// small is the same number, without a fraction where it is whole and not large.
func (n number) small() number {
	if n.rat != nil && n.rat.IsInt() && n.rat.Num().IsInt64() {
		return number{whole: n.rat.Num().Int64()}
	}
	return n
}

func (n number) compare(m number) int {
	if n.rat == nil && m.rat == nil {
		switch {
		case n.whole < m.whole:
			return -1
		case n.whole > m.whole:
			return 1
		}
		return 0
	}
	return n.fraction().Cmp(m.fraction())
}

// value is the number as JSON's.
func (n number) value() (any, error) {
	n = n.small()
	if n.rat == nil {
		return integer(n.whole), nil
	}
	if n.rat.Num().BitLen() > maxDigits*4 || n.rat.Denom().BitLen() > maxDigits*4 {
		return nil, errDigits
	}
	digits, exact := n.rat.FloatPrec()
	if !exact {
		digits = places
	}
	text := n.rat.FloatString(digits)
	if len(text) > maxDigits+2 {
		return nil, errDigits
	}
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		text = "0"
	}
	return json.Number(text), nil
}

// compute applies an operator to two numbers.
func compute(operator byte, a, b number) (any, error) {
	if a.rat == nil && b.rat == nil {
		if n, ok := computeWhole(operator, a.whole, b.whole); ok {
			return integer(n), nil
		}
	}
	x, y, out := a.fraction(), b.fraction(), new(big.Rat)
	switch operator {
	case '+':
		out.Add(x, y)
	case '-':
		out.Sub(x, y)
	case '*':
		out.Mul(x, y)
	case '/', '%':
		if y.Sign() == 0 {
			return nil, errors.New("division by zero")
		}
		out.Quo(x, y)
		if operator == '%' {
			whole := new(big.Int).Quo(out.Num(), out.Denom())
			out.Sub(x, out.Mul(y, new(big.Rat).SetInt(whole)))
		}
	case '^':
		return power(x, b)
	}
	return number{rat: out}.value()
}

// computeWhole computes with whole numbers; ok is false if the result is none, or too large.
func computeWhole(operator byte, a, b int64) (n int64, ok bool) {
	switch operator {
	case '+':
		n = a + b
		return n, (n > a) == (b > 0)
	case '-':
		n = a - b
		return n, (n < a) == (b > 0)
	case '*':
		high, _ := bits.Mul64(magnitude(a), magnitude(b))
		n = a * b
		return n, high == 0 && magnitude(a)*magnitude(b) <= math.MaxInt64
	case '/':
		if b == 0 || b == -1 || a%b != 0 {
			return 0, false
		}
		return a / b, true
	case '%':
		if b == 0 || b == -1 {
			return 0, false
		}
		return a % b, true
	}
	return 0, false
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// power raises to a whole power.
func power(x *big.Rat, b number) (any, error) {
	if b.rat != nil || b.whole > maxDigits || b.whole < -maxDigits {
		return nil, fmt.Errorf("an exponent is a whole number between -%d and %d", maxDigits, maxDigits)
	}
	e := big.NewInt(b.whole)
	if b.whole < 0 {
		if x.Sign() == 0 {
			return nil, errors.New("division by zero")
		}
		x = new(big.Rat).Inv(x)
		e.Neg(e)
	}
	if int64(max(x.Num().BitLen(), x.Denom().BitLen()))*e.Int64() > maxDigits*4 {
		return nil, errDigits
	}
	return number{rat: new(big.Rat).SetFrac(new(big.Int).Exp(x.Num(), e, nil), new(big.Int).Exp(x.Denom(), e, nil))}.value()
}

// rounded is a number with nothing after the point: down ('f'), up ('c'), toward zero ('t'), or to the nearest, halves away from zero ('r').
func rounded(how byte, n number) (any, error) {
	if n.rat == nil {
		return integer(n.whole), nil
	}
	num, denom := n.rat.Num(), n.rat.Denom()
	switch how {
	case 'r':
		twice := new(big.Int).Abs(num)
		twice.Add(twice.Lsh(twice, 1), denom)
		out := twice.Quo(twice, new(big.Int).Lsh(denom, 1))
		if num.Sign() < 0 {
			out.Neg(out)
		}
		return number{rat: new(big.Rat).SetInt(out)}.value()
	case 't':
		return number{rat: new(big.Rat).SetInt(new(big.Int).Quo(num, denom))}.value()
	}
	out := new(big.Int).Div(num, denom) // Euclid's, which is down as the denominator is positive
	if how == 'c' && !n.rat.IsInt() {
		out.Add(out, big.NewInt(1))
	}
	return number{rat: new(big.Rat).SetInt(out)}.value()
}
