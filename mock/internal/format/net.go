package format

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// isIPv4 is dotted-quad of RFC 2673, section 3.2, without leading zeros.
func isIPv4(s string) bool {
	for part := range 4 {
		n := digits(s)
		if n == 0 || n > 3 || n > 1 && s[0] == '0' {
			return false
		}
		if octet, _ := number(s[:n]); octet > 255 {
			return false
		}
		s = s[n:]
		if part < 3 {
			if s == "" || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
	}
	return s == ""
}

// isIPv6 is RFC 4291, section 2.2: no zone, no brackets.
func isIPv6(s string) bool {
	if len(s) < 2 || len(s) > 45 || strings.IndexByte(s, ':') < 0 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !hex(c) && c != ':' && c != '.' {
			return false
		}
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

// isHostname is RFC 1123, section 2.1, with the A-labels of RFC 5890 checked for what they stand for.
func isHostname(s string) bool {
	if !isDomain(s) {
		return false
	}
	for rest := s; rest != ""; {
		var label string
		label, rest, _ = strings.Cut(rest, ".")
		if hasACEPrefix(label) {
			return idnLabels(s)
		}
	}
	return true
}

// isDomain is RFC 1123, section 2.1, whatever the labels mean.
func isDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	for {
		label, rest, more := strings.Cut(s, ".")
		if !isLabel(label) {
			return false
		}
		if !more {
			return true
		}
		s = rest
	}
}

func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !digit(c) && !letter(c) && c != '-' {
			return false
		}
	}
	return true
}

func hasACEPrefix(label string) bool {
	return len(label) >= 4 && label[0]|0x20 == 'x' && label[1]|0x20 == 'n' && label[2:4] == "--"
}

// isEmail is Mailbox of RFC 5321, section 4.1.2.
func isEmail(s string) bool { return mailbox(s, false) }

// isIDNEmail is Mailbox as RFC 6531, section 3.3 extends it.
func isIDNEmail(s string) bool { return mailbox(s, true) }

func mailbox(s string, international bool) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || !utf8.ValidString(s) {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if !dotString(local, international) && !quotedString(local, international) {
		return false
	}
	switch {
	case strings.HasPrefix(domain, "["):
		return addressLiteral(domain)
	case international:
		return isIDNHostname(domain)
	}
	return isDomain(domain)
}

// dotString is Dot-string of RFC 5321: atoms with single dots between.
func dotString(s string, international bool) bool {
	for {
		atom, rest, more := strings.Cut(s, ".")
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			if c := atom[i]; !atext(c) && (!international || c < utf8.RuneSelf) {
				return false
			}
		}
		if !more {
			return true
		}
		s = rest
	}
}

// atext is RFC 5322, section 3.2.3.
func atext(c byte) bool {
	return digit(c) || letter(c) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// quotedString is Quoted-string of RFC 5321.
func quotedString(s string, international bool) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	s = s[1 : len(s)-1]
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			if i++; i == len(s) || s[i] < ' ' || s[i] > '~' {
				return false
			}
		case c == '"' || c < ' ' || c == 0x7F || c >= utf8.RuneSelf && !international:
			return false
		}
	}
	return true
}

// addressLiteral is RFC 5321, section 4.1.3: [IPv4] or [IPv6:…].
func addressLiteral(s string) bool {
	if !strings.HasSuffix(s, "]") {
		return false
	}
	s = s[1 : len(s)-1]
	if len(s) > 5 && strings.EqualFold(s[:5], "IPv6:") {
		return isIPv6(s[5:])
	}
	return isIPv4(s)
}
