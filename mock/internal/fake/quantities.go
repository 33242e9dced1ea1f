package fake

import (
	"encoding/json"
	"strconv"
	"strings"
)

// numberCandidates are numbers that would look right, the best first.
func (r *run) numberCandidates(sh *shape, at *place, d *dice, integer bool) []json.Number {
	var out []json.Number
	if n, ok := r.annotated(sh, at).(json.Number); ok {
		out = append(out, n)
	}
	w := words{run: r, shape: sh, at: at, dice: d}
	n := w.name()
	style, _ := sh.style(at).(json.Number)
	for _, text := range []string{w.count(n, style), w.moments(n, integer)} {
		if text != "" {
			out = append(out, json.Number(text))
		}
	}
	for _, end := range n.ends() {
		for _, about := range []func(string, namedWords, bool) string{w.amount, w.measure} {
			if text := about(end, n, integer); text != "" {
				out = append(out, json.Number(text))
			}
		}
	}
	if style != "" {
		out = append(out, json.Number(w.alike(string(style))), style)
	}
	if !integer && len(out) == 0 {
		out = append(out, json.Number(decimal(100+d.IntN(50_000))))
	}
	return out
}

// decimal writes hundredths.
func decimal(n int) string {
	text := sprintf("%d.%02d", n/100, n%100)
	return strings.TrimSuffix(strings.TrimSuffix(text, "0"), ".0")
}

// count is for ids: they go on from row to row.
func (w *words) count(n namedWords, style json.Number) string {
	if !n.any("id", "ids", "number", "no", "uid") || n.last() == "count" || n.last() == "page" {
		return ""
	}
	if base, err := strconv.ParseInt(string(style), 10, 64); err == nil && base >= 0 && base < 1<<52 {
		return strconv.FormatInt(base+int64(max(w.at.index, 0)), 10)
	}
	base := 100 + newDice(w.at.listSeed(), 3).IntN(9000)
	return strconv.Itoa(base + max(w.at.index, 0))
}

// moments are for times in seconds since 1970, or milliseconds where the name says so.
func (w *words) moments(n namedWords, integer bool) string {
	unix := false
	for _, f := range w.shape.formats {
		unix = unix || strings.Contains(strings.ToLower(f), "unix") || strings.Contains(f, "timestamp") || f == "date-time"
	}
	called := n.last() == "at" || n.any("timestamp", "epoch", "created", "updated", "expires", "date") && !n.any("count", "by", "id")
	if !unix && !called {
		return ""
	}
	t := w.moment()
	if n.any("ms", "millis", "milliseconds") {
		return strconv.FormatInt(t.UnixMilli(), 10)
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// amount is for money and coordinates.
func (w *words) amount(end string, n namedWords, integer bool) string {
	d := w.dice
	hundredths := func(low, high int) string {
		v := low*100 + d.IntN((high-low)*100)
		if integer {
			return strconv.Itoa(v / 100)
		}
		return decimal(v/100*100 + pick(d, 0, 49, 50, 90, 95, 99))
	}
	switch end {
	case "price", "unitprice", "fee", "shipping", "rate", "cost":
		return hundredths(3, 120)
	case "amount", "total", "subtotal", "balance", "grandtotal", "revenue", "value", "budget":
		return hundredths(20, 900)
	case "tax", "vat", "discount", "tip":
		return hundredths(1, 30)
	case "salary", "income":
		return strconv.Itoa(1000 * (32 + d.IntN(90)))
	case "latitude", "lat":
		return w.somebody().town.latitude
	case "longitude", "lon", "lng", "long":
		return w.somebody().town.longitude
	case "percent", "percentage", "progress":
		return strconv.Itoa(d.IntN(101))
	case "ratio", "probability", "confidence", "opacity":
		return decimal(1 + d.IntN(99))
	case "rating", "stars":
		if integer {
			return strconv.Itoa(3 + d.IntN(3))
		}
		return sprintf("%d.%d", 3+d.IntN(2), 1+d.IntN(9))
	case "score":
		return strconv.Itoa(40 + d.IntN(61))
	case "temperature":
		return sprintf("%d.%d", 12+d.IntN(14), 1+d.IntN(9))
	}
	return ""
}

// measure is for counts and sizes.
func (w *words) measure(end string, n namedWords, integer bool) string {
	d := w.dice
	switch end {
	case "count", "quantity", "qty", "stock", "copies", "seats", "guests", "tickets", "items":
		return strconv.Itoa(1 + d.IntN(20))
	case "age":
		return strconv.Itoa(19 + d.IntN(50))
	case "year":
		return strconv.Itoa(2015 + d.IntN(11))
	case "month":
		return strconv.Itoa(1 + d.IntN(12))
	case "day", "weekday":
		return strconv.Itoa(1 + d.IntN(6))
	case "hour":
		return strconv.Itoa(8 + d.IntN(12))
	case "minute", "second":
		return strconv.Itoa(5 * d.IntN(12))
	case "page", "currentpage", "pagenumber":
		return "1"
	case "perpage", "pagesize", "limit":
		return "20"
	case "offset", "skip":
		return "0"
	case "pages", "totalpages", "pagecount":
		return strconv.Itoa(1 + d.IntN(9))
	case "port":
		return pick(d, "443", "8080", "5432", "6379", "25060")
	case "width":
		return pick(d, "640", "800", "1280", "1920")
	case "height":
		return pick(d, "360", "480", "720", "1080")
	case "size", "bytes", "filesize", "length":
		return strconv.Itoa(1024 + d.IntN(900_000))
	case "weight":
		return sprintf("%d.%d", 1+d.IntN(20), 1+d.IntN(9))
	case "duration", "seconds", "timeout", "ttl", "interval":
		return strconv.Itoa(30 * (1 + d.IntN(20)))
	case "version", "revision":
		return strconv.Itoa(1 + d.IntN(9))
	case "priority", "order", "rank", "position", "level", "sequence", "index":
		return strconv.Itoa(1 + max(w.at.index, 0))
	case "status", "statuscode", "httpstatus":
		return "200"
	case "vcpus", "cpus", "cores", "cpu":
		return pick(d, "1", "2", "4", "8")
	case "memory", "ram":
		return pick(d, "1024", "2048", "4096", "8192")
	case "disk":
		return pick(d, "25", "50", "80", "160")
	}
	return ""
}
