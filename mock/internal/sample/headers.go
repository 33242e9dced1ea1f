package sample

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/schema"
)

// usual writes a header that has a form or a meaning of its own, if its schema allows that: validators and dates (RFC 9110, 5.6.7
// and 8.8), caching (RFC 9111, 5.2), file names (RFC 6266), cookies (RFC 6265), challenges, links (RFC 8288), and rate limits, of which not more can be left than there are. number decides what is open.
func usual(p *contract.Parameter, number uint64) (text string, ok bool) {
	day := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	var v string
	whole := false
	switch strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(p.Name), "x-"), "rate-limit", "ratelimit") {
	case "etag":
		v = `"` + strconv.FormatUint(number, 36) + `"`
	case "last-modified":
		v = day.Add(-time.Duration(number%100_000) * time.Minute).Format(http.TimeFormat)
	case "expires", "sunset":
		v = day.Add(time.Duration(1+number%90) * 24 * time.Hour).Format(http.TimeFormat)
	case "link":
		v = `<https://example.com/items?page=1>; rel="first"`
	case "cache-control":
		v = "private, max-age=60"
	case "content-disposition":
		v = `attachment; filename="sample"`
	case "content-language":
		v = "en"
	case "accept-ranges":
		v = "bytes"
	case "set-cookie":
		v = "session=" + strconv.FormatUint(number, 36) + "; Path=/; HttpOnly; SameSite=Lax"
	case "www-authenticate":
		v = `Bearer realm="sample"`
	case "allow":
		v = "GET, HEAD, OPTIONS"
	case "ratelimit-limit":
		v, whole = "5000", true
	case "ratelimit-remaining":
		v, whole = strconv.Itoa(4900+int(number%100)), true
	default:
		return "", false
	}
	if text, ok = allowed(p, v); !ok && whole {
		text, ok = allowed(p, json.Number(v))
	}
	return text, ok
}

// allowed writes a value that the schema of a header allows.
func allowed(p *contract.Parameter, v any) (text string, ok bool) {
	if p.Schema != nil && !p.Schema.Valid(v, schema.Response) {
		return "", false
	}
	text, err := p.Encode(v)
	return text, err == nil
}
