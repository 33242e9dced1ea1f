package fake

import (
	"slices"
	"strings"
	"unicode"
)

// named are the words of a property's name, in small letters.
type namedWords []string

// splitName splits a name at underscores, dashes, dots, blanks and where small letters are followed by a capital.
func splitName(name string) namedWords {
	var out namedWords
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			out = append(out, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) ||
			i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])):
			flush()
		}
		word.WriteRune(r)
	}
	flush()
	return out
}

func (n namedWords) any(words ...string) bool {
	return slices.ContainsFunc(n, func(w string) bool { return slices.Contains(words, w) })
}

func (n namedWords) last() string {
	if len(n) == 0 {
		return ""
	}
	return n[len(n)-1]
}

// ends are the endings of the name as one word each, the longest first: createdAt gives createdat, at.
func (n namedWords) ends() []string {
	var out []string
	for i := range n {
		out = append(out, strings.Join(n[i:], ""))
	}
	return out
}

// singular makes a likely singular of a word.
func singular(word string) string {
	ends := func(endings ...string) bool {
		return slices.ContainsFunc(endings, func(end string) bool { return strings.HasSuffix(word, end) })
	}
	switch {
	case word == "ids" || word == "ips" || word == "vms":
		return word[:2]
	case word == "aliases" || word == "statuses":
		return word[:len(word)-2]
	case len(word) <= 3:
	case ends("ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case ends("sses", "xes", "ches", "shes"):
		return word[:len(word)-2]
	case ends("s") && !ends("ss", "us", "is"):
		return word[:len(word)-1]
	}
	return word
}

// slug writes words with dashes, ASCII only.
func slug(words ...string) string {
	text := strings.ToLower(strings.Join(words, "-"))
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r == ' ' || r == '_' || r == '-':
			return '-'
		}
		return -1
	}, text)
	return strings.Trim(text, "-")
}

// title begins a text with a capital.
func title(text string) string {
	if text == "" {
		return text
	}
	r := []rune(text)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
