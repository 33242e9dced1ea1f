package format

import (
	"strings"
	"time"
)

// isDate is full-date of RFC 3339, section 5.6.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, ok1 := number(s[:4])
	month, ok2 := number(s[5:7])
	day, ok3 := number(s[8:])
	return ok1 && ok2 && ok3 && 1 <= month && month <= 12 && 1 <= day && day <= days(year, month)
}

func days(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// number reads s, which must be nothing but digits, and few.
func number(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if !digit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// isDateTime is date-time of RFC 3339, section 5.6; T and Z may be in lower case.
func isDateTime(s string) bool {
	return len(s) > 11 && s[10]|0x20 == 't' && isDate(s[:10]) && isTime(s[11:])
}

// isDateTimeLocal is date-time without an offset, as the OpenAPI registry has it.
func isDateTimeLocal(s string) bool {
	return len(s) > 11 && s[10]|0x20 == 't' && isDate(s[:10]) && isTimeLocal(s[11:])
}

// isTime is full-time of RFC 3339, section 5.6. A leap second may only be the last one of a day, UTC.
func isTime(s string) bool {
	c, rest, ok := clockTime(s)
	if !ok || rest == "" {
		return false
	}
	offset := 0
	switch rest[0] {
	case 'Z', 'z':
		if len(rest) != 1 {
			return false
		}
	case '+', '-':
		if len(rest) != 6 || rest[3] != ':' {
			return false
		}
		hours, ok1 := number(rest[1:3])
		minutes, ok2 := number(rest[4:])
		if !ok1 || !ok2 || hours > 23 || minutes > 59 {
			return false
		}
		offset = hours*60 + minutes
		if rest[0] == '-' {
			offset = -offset
		}
	default:
		return false
	}
	const day = 24 * 60
	return c.second < 60 || (c.hour*60+c.minute-offset+day)%day == day-1
}

// isTimeLocal is partial-time of RFC 3339, section 5.6.
func isTimeLocal(s string) bool {
	_, rest, ok := clockTime(s)
	return ok && rest == ""
}

type clock struct{ hour, minute, second int }

// clockTime reads partial-time of RFC 3339; seconds go up to 60.
func clockTime(s string) (c clock, rest string, ok bool) {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return c, "", false
	}
	var ok1, ok2, ok3 bool
	c.hour, ok1 = number(s[:2])
	c.minute, ok2 = number(s[3:5])
	c.second, ok3 = number(s[6:8])
	if !ok1 || !ok2 || !ok3 || c.hour > 23 || c.minute > 59 || c.second > 60 {
		return c, "", false
	}
	rest = s[8:]
	if strings.HasPrefix(rest, ".") {
		n := digits(rest[1:])
		if n == 0 {
			return c, "", false
		}
		rest = rest[1+n:]
	}
	return c, rest, true
}

// isDuration is duration of RFC 3339, appendix A: units follow one another without a gap, weeks stand alone.
func isDuration(s string) bool {
	if len(s) < 3 || s[0] != 'P' {
		return false
	}
	date, clock, hasTime := strings.Cut(s[1:], "T")
	if !hasTime {
		return units(date, "W") || units(date, "YMD")
	}
	return (date == "" || units(date, "YMD")) && units(clock, "HMS")
}

// units tells whether s is numbers with some of the units, in their order and without leaving one out between.
func units(s, order string) bool {
	if s == "" {
		return false
	}
	at := -1
	for s != "" {
		n := digits(s)
		if n == 0 || n == len(s) {
			return false
		}
		i := strings.IndexByte(order, s[n])
		if i < 0 || at >= 0 && i != at+1 {
			return false
		}
		at, s = i, s[n+1:]
	}
	return true
}

// isHTTPDate is HTTP-date of RFC 9110, section 5.6.7, the two obsolete forms included. It is case-sensitive.
func isHTTPDate(s string) bool {
	for _, layout := range [...]string{time.RFC1123, time.ANSIC} {
		layout = strings.Replace(layout, "MST", "GMT", 1)
		if t, err := time.Parse(layout, s); err == nil && t.Format(layout) == s {
			return true
		}
	}
	const obsolete = "02-Jan-06 15:04:05 GMT"
	name, rest, _ := strings.Cut(s, ", ") // the day of the week depends on the century, which is not told
	switch name {
	case "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday":
		t, err := time.Parse(obsolete, rest)
		return err == nil && t.Format(obsolete) == rest
	}
	return false
}
