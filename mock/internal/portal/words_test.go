package portal

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestWordsAreAllThere holds templates and code to the table: every key that is asked for is there, and every one there is asked for.
func TestWordsAreAllThere(t *testing.T) {
	asked := map[string]bool{}
	for _, pattern := range []string{"*.go", "templates/*"} {
		names, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(err, names)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?:\bt |\(t |T\(|tab\(|word\(\w+, |addOnce\(|words\(|code\(|add\(|extraTab\{|[kK]ind: |auth\.[a-z]+)"([a-z][A-Za-z.]*)"`).FindAllStringSubmatch(string(text), -1) {
				asked[m[1]] = true
				if _, ok := words[m[1]]; !ok && !strings.HasSuffix(m[1], ".") && strings.HasPrefix(name, "templates") {
					t.Errorf("%s asks for the words %q, which are not in the table", name, m[1])
				}
			}
			for key := range words { // keys that stand alone in tables, and those that are put together
				if strings.Contains(string(text), `"`+key+`"`) && name != "words.go" {
					asked[key] = true
				}
			}
		}
	}
	for key := range words {
		prefix := key[:strings.LastIndexByte(key, '.')+1]
		joined := map[string]bool{"in.": true, "level.": true, "label.": true, "is.needs.": true, "js.": true}
		if !asked[key] && !joined[prefix] {
			t.Errorf("nobody asks for the words %q", key)
		}
	}
}

// TestWordsInBothLanguages holds both columns to each other: same arguments, no gaps.
func TestWordsInBothLanguages(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d\])?[sd]`)
	for key, w := range words {
		if w.en == "" || w.zh == "" || len(verb.FindAllString(w.en, -1)) != len(verb.FindAllString(w.zh, -1)) {
			t.Errorf("%s: %q and %q do not agree", key, w.en, w.zh)
		}
		if strings.Contains(w.zh, "%!") || w.en == w.zh {
			t.Errorf("%s: %q is not Chinese", key, w.zh)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		asked, header, lang string
		explicit            bool
	}{
		{"", "", "en", false},
		{"", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", false},
		{"", "zh-TW", "zh-CN", false},
		{"", "de,en;q=0.5,zh;q=0.6", "zh-CN", false},
		{"", "en;q=0, zh;q=0.1", "zh-CN", false},
		{"", "fr", "en", false},
		{"", "zh;q=x", "en", false},
		{"zh-CN", "en", "zh-CN", true},
		{"zh", "", "zh-CN", true},
		{"EN", "zh", "en", true},
		{"xx", "zh", "zh-CN", false},
	} {
		if lang, explicit := language(c.asked, c.header); lang != c.lang || explicit != c.explicit {
			t.Errorf("language(%q, %q) = %s, %t", c.asked, c.header, lang, explicit)
		}
	}
}
