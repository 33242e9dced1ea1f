package fake

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// formatted makes a string of the format, the only one or the first.
func (w *words) formatted() (string, bool) {
	for _, name := range w.shape.formats {
		for range 12 {
			s, ok := w.format(name)
			if !ok {
				break
			}
			if s = w.fitFormat(name, s); w.accepts(s) {
				return s, true
			}
		}
		for _, s := range shortest(name) {
			if s = w.fitFormat(name, s); w.accepts(s) {
				return s, true
			}
		}
	}
	return "", false
}

// format makes a string of a format; false for a format that says nothing about how strings look.
func (w *words) format(name string) (string, bool) {
	d := w.dice
	switch strings.ToLower(name) {
	case "uuid", "guid", "uuid4":
		return d.uuid(), true
	case "date", "full-date":
		return w.moment().Format(time.DateOnly), true
	case "date-time", "datetime", "timestamp", "iso8601", "iso-8601", "rfc3339", "date-time-rfc3339":
		return w.moment().Format(time.RFC3339), true
	case "date-time-local":
		return w.moment().Format("2006-01-02T15:04:05"), true
	case "time", "partial-time", "full-time":
		return w.clock().Format(time.TimeOnly) + "Z", true
	case "time-local":
		return w.clock().Format(time.TimeOnly), true
	case "http-date":
		return w.moment().Format(http.TimeFormat), true
	case "duration":
		return pick(d, "PT15M", "PT30M", "PT1H", "PT2H30M", "P1D", "P7D", "P1M"), true
	case "unix-time", "unixtime", "unix-timestamp":
		return strconv.FormatInt(w.moment().Unix(), 10), true
	case "decimal", "decimal128", "money":
		return sprintf("%d.%02d", 1+d.IntN(400), d.IntN(100)), true
	case "char":
		return string(rune('A' + d.IntN(26))), true
	case "color", "hex-color":
		return sprintf("#%06x", d.IntN(1<<24)), true
	case "phone", "phone-number", "e164":
		return w.somebody().phone(d), true
	case "country", "iso-3166", "country-code":
		return w.somebody().town.code, true
	case "currency", "iso-4217", "currency-code":
		return w.somebody().town.currency, true
	}
	if s, ok := w.netFormat(strings.ToLower(name)); ok {
		return s, ok
	}
	return w.codeFormat(strings.ToLower(name))
}

func (w *words) netFormat(name string) (string, bool) {
	d := w.dice
	switch name {
	case "email", "idn-email", "mail", "email-address":
		return w.somebody().email(), true
	case "hostname", "idn-hostname", "domain", "fqdn", "host":
		return pick(d, "www", "api", "app", "mail", "static", "db-1", "edge-2") + ".example.com", true
	case "ipv4", "ip", "ip-address":
		return sprintf("192.0.2.%d", 1+d.IntN(254)), true // RFC 5737, for documentation
	case "ipv6":
		return sprintf("2001:db8::%x:%x", 1+d.IntN(0xfffe), 1+d.IntN(0xfffe)), true // RFC 3849
	case "cidr", "ipv4-cidr", "ipv4network":
		return sprintf("10.%d.%d.0/24", d.IntN(256), d.IntN(256)), true
	case "mac", "mac-address":
		return sprintf("02:00:5e:%02x:%02x:%02x", d.IntN(256), d.IntN(256), d.IntN(256)), true
	case "uri", "url", "iri", "uri-reference", "iri-reference", "http-url", "link":
		return w.url(), true
	case "uri-template":
		return "https://api.example.com/" + w.collection() + "{/id}", true
	case "media-range", "mime-type", "media-type":
		return pick(d, "application/json", "image/png", "text/plain", "application/pdf"), true
	}
	return "", false
}

func (w *words) codeFormat(name string) (string, bool) {
	d := w.dice
	switch name {
	case "byte", "base64":
		return base64.StdEncoding.EncodeToString([]byte(w.phrase(3 + d.IntN(4)))), true
	case "base64url":
		return base64.RawURLEncoding.EncodeToString([]byte(w.phrase(3 + d.IntN(4)))), true
	case "binary":
		return w.phrase(4), true
	case "json-pointer":
		return "/" + w.collection() + "/" + strconv.Itoa(d.IntN(10)), true
	case "relative-json-pointer":
		return strconv.Itoa(d.IntN(3)) + "/" + w.collection(), true
	case "regex":
		return pick(d, "^[a-z]+$", "^[A-Z]{3}[0-9]{4}$", "^\\d{4}-\\d{2}$"), true
	case "password":
		word := pick(d, "Harbor", "Copper", "Violet", "Meadow", "Falcon")
		return sprintf("%s-%d!%c", word, 1000+d.IntN(9000), 'a'+d.IntN(26)), true
	case "int32", "int64", "integer", "float", "double", "number":
		return strconv.Itoa(1 + d.IntN(1000)), true
	}
	return "", false
}

// fitFormat lengthens or shortens a string where its format has room for that.
func (w *words) fitFormat(name, s string) string {
	least, most := w.shape.minLength, w.shape.maxLength
	missing := least - len(s)
	if missing <= 0 && (most < 0 || len(s) <= most) {
		return s
	}
	more := func(n int) string { return strings.Repeat("a", max(0, n)) }
	switch name {
	case "uri", "url", "iri", "uri-reference", "iri-reference", "uri-template", "json-pointer", "relative-json-pointer":
		if missing > 0 {
			return s + "/" + more(missing-1)
		}
	case "email", "idn-email":
		if local, host, ok := strings.Cut(s, "@"); ok && missing > 0 {
			for len(host)+64 < least-1 {
				host = more(min(60, least-1-64-len(host)-1)) + "." + host
			}
			return local + more(min(64, least-1-len(host))-len(local)) + "@" + host
		}
	case "hostname", "idn-hostname":
		for len(s) < least {
			s = more(max(1, min(60, least-len(s)-1))) + "." + s
		}
	case "byte", "base64", "base64url":
		least = (least + 3) / 4 * 4
		return base64.URLEncoding.EncodeToString([]byte(more(max(least, min(len(s), max(most, 0))) / 4 * 3)))
	case "date-time", "time":
		if zone := s[len(s)-1:]; zone == "Z" && missing > 0 {
			return s[:len(s)-1] + "." + strings.Repeat("0", max(1, missing-1)) + "Z"
		}
	case "decimal", "decimal128":
		if missing > 0 {
			return strings.Repeat("1", missing) + s
		}
	case "password", "binary":
		return w.fit(s)
	case "regex":
		return s + more(missing)
	}
	return s
}

// shortest are the shortest strings of a format, or nearly.
func shortest(name string) []string {
	switch name {
	case "email", "idn-email":
		return []string{"ann@example.com", "a@ab.co", "a@b.c", "a@b"}
	case "hostname", "idn-hostname":
		return []string{"example.com", "ab.co", "a"}
	case "uri", "url", "iri":
		return []string{"https://example.com/", "http://a.co", "a:b", "a:"}
	case "uri-reference", "iri-reference", "uri-template":
		return []string{"/a", "a", ""}
	case "ipv4":
		return []string{"192.0.2.1", "1.1.1.1"}
	case "ipv6":
		return []string{"2001:db8::1", "::1", "::"}
	case "json-pointer":
		return []string{"/a", ""}
	case "relative-json-pointer":
		return []string{"0"}
	case "duration":
		return []string{"P1D", "P1Y2M10DT2H30M"}
	case "decimal", "decimal128":
		return []string{"1", "10", "9.5"}
	case "regex", "byte", "base64url":
		return []string{""}
	case "media-range":
		return []string{"*/*", "a/b"}
	case "idn":
		return []string{"a"}
	}
	return nil
}

func (d *dice) uuid() string {
	a, b := d.Uint64(), d.Uint64()
	return sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}
