package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// isIDNHostname is RFC 5890, section 2.3.2.3. What a person may type is mapped first, as UTS 46 has it: upper case, wide
// characters, other full stops.
func isIDNHostname(s string) bool {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if ascii {
		return isHostname(s)
	}
	return idnLabels(s)
}

// idnLabels checks a domain of which some label is international, as it is or in Punycode.
func idnLabels(s string) bool {
	if len(s) > 4*253 {
		return false
	}
	profile := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true))
	encoded, err := profile.ToASCII(s)
	if err != nil || !isDomain(encoded) {
		return false
	}
	decoded, err := profile.ToUnicode(encoded)
	if err != nil {
		return false
	}
	if isDomain(s) && !strings.EqualFold(s, encoded) { // not the Punycode that encoding gives
		return false
	}
	for label := range strings.SplitSeq(decoded, ".") {
		if !permitted([]rune(label)) {
			return false
		}
	}
	return true
}

// permitted tells whether a label has only code points that IDNA 2008 allows where they are: RFC 5892.
func permitted(label []rune) bool {
	for i, r := range label {
		switch {
		case r < utf8.RuneSelf:
		case disallowed(r):
			return false
		case r == 0xDF || r == 0x3C2 || r == 0x6FD || r == 0x6FE || r == 0xF0B || r == 0x3007: // section 2.6
		case contextual(r):
			if !fits(label, i) {
				return false
			}
		case !unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Mn, unicode.Mc, unicode.Nd): // section 2.1
			return false
		}
	}
	return true
}

// disallowed is RFC 5892, section 2.6: letters and marks that are exceptions nevertheless.
func disallowed(r rune) bool {
	switch r {
	case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B:
		return true
	}
	return false
}

// contextual tells whether a code point has a rule in RFC 5892, appendix A.
func contextual(r rune) bool {
	switch r {
	case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x200C, 0x200D:
		return true
	}
	return arabicDigit(r) || extendedArabicDigit(r)
}

func arabicDigit(r rune) bool         { return 0x660 <= r && r <= 0x669 }
func extendedArabicDigit(r rune) bool { return 0x6F0 <= r && r <= 0x6F9 }

// fits applies the rule of RFC 5892, appendix A for label[i]. Those for joiners are applied by package idna.
func fits(label []rune, i int) bool {
	at := func(i int) rune {
		if i < 0 || i >= len(label) {
			return -1
		}
		return label[i]
	}
	r := label[i]
	switch {
	case r == 0xB7: // MIDDLE DOT
		return at(i-1) == 'l' && at(i+1) == 'l'
	case r == 0x375: // GREEK LOWER NUMERAL SIGN
		return unicode.Is(unicode.Greek, at(i+1))
	case r == 0x5F3 || r == 0x5F4: // HEBREW PUNCTUATION GERESH, GERSHAYIM
		return unicode.Is(unicode.Hebrew, at(i-1))
	case r == 0x30FB: // KATAKANA MIDDLE DOT
		return holds(label, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
	case arabicDigit(r):
		return !holds(label, extendedArabicDigit)
	}
	return true
}

func holds(label []rune, is func(rune) bool) bool {
	for _, r := range label {
		if is(r) {
			return true
		}
	}
	return false
}
