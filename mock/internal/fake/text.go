package fake

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
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
	n := words1(w.at.name)
	if w.at.item && len(n) > 0 {
		n[len(n)-1] = singular(n[len(n)-1])
	}
	return n
}

// collection is a word for the things that the row around is one of.
func (w *words) collection() string {
	of := slug(words1(w.around().of)...)
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

// phrase is some plain words.
func (w *words) phrase(n int) string {
	subjects := []string{"quarterly report", "shipping label", "team meeting", "product sample", "customer order", "daily backup", "access request",
		"weekly summary", "price list", "service window", "travel plan", "delivery note", "project outline", "account review"}
	verbs := []string{"is ready", "was updated", "needs review", "has been sent", "was approved", "is on schedule", "was shared", "starts soon"}
	extras := []string{"for the new office", "by the support team", "before the weekend", "with all details", "after the last change", "for the next release"}
	switch {
	case n <= 2:
		return pick(w.dice, subjects...)
	case n <= 5:
		return pick(w.dice, subjects...) + " " + pick(w.dice, verbs...)
	}
	return pick(w.dice, subjects...) + " " + pick(w.dice, verbs...) + " " + pick(w.dice, extras...)
}

func (w *words) sentence(n int) string { return title(w.phrase(n)) + "." }

// exemplary uses the examples and the default that the schema has; a later row of a list takes the next one, or something alike.
func (w *words) exemplary() (string, bool) {
	if s, ok := w.annotated(w.shape, w.at).(string); ok && w.shape.acceptsText(s) {
		return s, true
	}
	style, ok := w.shape.style(w.at).(string)
	if !ok || len(w.shape.formats) > 0 || w.shape.patterned != nil || w.topic() != "" {
		return "", false
	}
	return w.first(10, func() string { return w.alike(style) })
}

// alike is a string with other digits; the same one if it has none.
func (w *words) alike(style string) string {
	if len(style) > longestText {
		return style
	}
	b := []byte(style)
	for i, c := range b {
		if c >= '1' && c <= '9' {
			b[i] = byte('1' + w.dice.IntN(9))
		}
	}
	return string(b)
}

// named makes a string that fits the name of the place.
func (w *words) named() (string, bool) {
	if w.topic() == "" {
		return "", false
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
