package fake

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/internal/format"
)

// somebody is whom the row around tells of.
func (w *words) somebody() *person { return w.around().somebody() }

// around is the row around, or one of its own for a value alone.
func (w *words) around() *row {
	if w.at.row == nil {
		w.at.row = &row{seed: mix(w.at.seed, w.at.try), index: w.at.index}
	}
	return w.at.row
}

func (w *words) moment() time.Time { return w.around().moment(w.at.name, w.dice) }

// name is what the place is called; an item is called by the singular of its list.
func (w *words) name() namedWords {
	if w.about == nil && w.at.name != "" {
		w.about = splitName(w.at.name)
		if n := len(w.about); w.at.item && n > 0 {
			w.about[n-1] = singular(w.about[n-1])
		}
	}
	return w.about
}

// collection is a word for the things that the row around is one of.
func (w *words) collection() string {
	of := slug(splitName(w.around().of)...)
	if of == "" {
		return "items"
	}
	if strings.HasSuffix(of, "s") {
		return of
	}
	return of + "s"
}

func (w *words) url() string {
	n := w.name()
	if n.any("image", "avatar", "photo", "picture", "logo", "icon", "thumbnail", "cover", "banner") {
		return "https://images.example.com/" + w.collection() + "/" + w.code(6) + ".png"
	}
	if n.any("homepage", "website", "blog", "site", "web") {
		return "https://www.example.com/" + slug(w.somebody().company)
	}
	path := w.collection() + "/" + w.code(6)
	for _, word := range n {
		switch word {
		case "url", "uri", "href", "link", "html", "self", "api", "web", "http", "https", "endpoint", "location":
		default:
			path += "/" + word
		}
	}
	return "https://example.com/" + path
}

// code is a short string of letters and digits.
func (w *words) code(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghjkmnpqrstuvwxyz23456789"[w.dice.IntN(31)]
	}
	return string(b)
}

func (w *words) hex(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[w.dice.IntN(16)]
	}
	return string(b)
}

// rotate takes the next of some words in each row of a list.
func (w *words) rotate(words ...string) string {
	return words[w.turn(len(words))]
}

// turn is a number below n, another one in each row of a list.
func (w *words) turn(n int) int {
	start := int(mix(w.at.listSeed(), w.at.try) % uint64(n))
	return (start + max(w.at.index, 0)) % n
}

// phrase is some plain words.
func (w *words) phrase(n int) string {
	subject := w.rotate("quarterly report", "shipping label", "team meeting", "product sample", "customer order", "daily backup",
		"access request", "weekly summary", "price list", "service window", "travel plan",
		"delivery note", "project outline", "account review",
		"search index", "guest list", "spare part", "launch checklist", "season ticket")
	if n <= 2 {
		return subject
	}
	verb := pick(w.dice, "is ready", "was updated", "needs review", "has been sent", "was approved", "is on schedule",
		"was shared", "starts soon")
	if n <= 5 {
		return subject + " " + verb
	}
	return subject + " " + verb + " " +
		pick(w.dice, "for the new office", "by the support team", "before the weekend", "with all details",
			"after the last change", "for the next release", "in the second hall", "as agreed by phone")
}

func (w *words) sentence(n int) string { return title(w.phrase(n)) + "." }

// exemplary uses the examples and the default that the schema has; a later row of a list takes the next one, or something alike.
func (w *words) exemplary() (string, bool) {
	if s, ok := w.annotated(w.shape, w.at).(string); ok && w.accepts(s) {
		return s, true
	}
	var style string
	switch example := w.shape.style(w.at).(type) {
	case string:
		style = example
	case json.Number: // 322271627 without quotes
		style = example.String()
	default:
		return "", false
	}
	if w.shape.patterned == nil && (w.shape.formats != nil || w.personal() && !coded(style)) {
		return "", false
	}
	return w.first(10, func() string { return w.alike(style) })
}

// coded tells whether an example is one word with digits in it, as s-1vcpu-1gb is.
func coded(style string) bool {
	return len(style) <= 40 && !strings.ContainsAny(style, " @") && strings.ContainsAny(style, "123456789")
}

// alike is a string of the same style: a time of the same form, another UUID, or other digits; the same one if it has none.
func (w *words) alike(style string) string {
	if len(style) > longestText || w.at.index <= 0 && len(style) > 200 {
		return style
	}
	for _, layout := range []string{"2006-01-02T15:04:05.000Z", time.RFC3339, time.DateTime, time.DateOnly, "2006-01"} {
		if _, err := time.Parse(layout, style); err == nil {
			return w.moment().Format(layout)
		}
	}
	for _, layout := range []string{time.TimeOnly, "15:04"} {
		if _, err := time.Parse(layout, style); err == nil {
			return w.clock().Format(layout)
		}
	}
	if check, ok := format.Lookup("uuid"); ok && check(style) {
		return w.dice.uuid()
	}
	hex := len(style) >= 8 && strings.Trim(style, "0123456789abcdef:-") == ""
	b := []byte(style)
	for i, c := range b {
		switch {
		case c >= '1' && c <= '9' && !inYear(style, i):
			b[i] = byte('1' + w.dice.IntN(9))
		case hex && c >= 'a' && c <= 'f':
			b[i] = byte('a' + w.dice.IntN(6))
		}
	}
	return string(b)
}

// inYear tells whether the digit at i belongs to a year of this century or the last.
func inYear(s string, i int) bool {
	isDigit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	from := i
	for isDigit(from - 1) {
		from--
	}
	return isDigit(from+3) && !isDigit(from+4) && (s[from:from+2] == "20" || s[from:from+2] == "19")
}

// clock is a time of day: what opens or starts does so in the morning, what ends in the evening.
func (w *words) clock() time.Time {
	hour, n := 11+w.dice.IntN(4), w.name()
	switch {
	case n.any("open", "opens", "opening", "start", "starts", "begin", "from", "in"):
		hour = 7 + w.dice.IntN(4)
	case n.any("close", "closes", "closing", "end", "ends", "until", "to", "out"):
		hour = 16 + w.dice.IntN(6)
	}
	return time.Date(2026, 1, 1, hour, 15*w.dice.IntN(4), 0, 0, time.UTC)
}

// named makes a string that fits the name of the place.
func (w *words) named() (string, bool) {
	s := w.topic()
	if s == "" || w.accepts(s) {
		return s, s != ""
	}
	if form, ok := w.placed(); ok {
		return form, true
	}
	return w.first(6, w.topic)
}

// topic is a string that fits the name of the place, "" if the name says nothing.
func (w *words) topic() string {
	n := w.name()
	for _, end := range n.ends() {
		for _, about := range []func(string, namedWords) string{w.person, w.location, w.network, w.thing, w.value} {
			if s := about(end, n); s != "" {
				return s
			}
		}
	}
	return ""
}

// personal tells whether the name speaks of what differs from row to row, whatever the example is.
func (w *words) personal() bool {
	n := w.name()
	for _, end := range n.ends() {
		if w.person(end, n) != "" || w.location(end, n) != "" || w.thing(end, n) != "" {
			return true
		}
	}
	return false
}

// padded makes words of the right length.
func (w *words) padded() (string, bool) {
	if w.shape.patterned != nil {
		return "", false
	}
	return w.first(6, func() string {
		s := w.topic()
		if s == "" {
			s = w.filler()
		}
		return w.fit(s)
	})
}

// filler is a word or two for a name that says nothing.
func (w *words) filler() string {
	if w.at.name == "" && len(w.shape.parts) == 0 {
		return w.phrase(2)
	}
	n := w.name()
	if len(n) == 0 {
		return w.phrase(2)
	}
	text := strings.Join(n, " ")
	if w.at.index > 0 {
		return text + " " + strconv.Itoa(w.at.index+1)
	}
	return text
}

// fit cuts a text at a blank if possible, or adds to it, until its length is right.
func (w *words) fit(s string) string {
	least, most := w.shape.minLength, w.shape.maxLength
	for utf8.RuneCountInString(s) < least {
		more := strings.Repeat(" "+w.phrase(8)+".", 1+min((least-utf8.RuneCountInString(s))/60, 1000))
		s += more
		if most < 0 {
			most = max(least, utf8.RuneCountInString(s))
		}
	}
	if most < 0 || utf8.RuneCountInString(s) <= most {
		return s
	}
	cut := string([]rune(s)[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 && utf8.RuneCountInString(cut[:i]) >= max(least, 1) {
		return strings.TrimRight(cut[:i], " ,.-")
	}
	return strings.TrimRight(cut, " ") + strings.Repeat("a", max(0, least-utf8.RuneCountInString(strings.TrimRight(cut, " "))))
}
