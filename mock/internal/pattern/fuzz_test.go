package pattern

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// Neither sources nor texts make us panic or hang; what we match in linear time the backtracking engine matches as well,
// both as we write the pattern for it and as it reads the source itself.
func FuzzCompile(f *testing.F) {
	seeds := []string{
		`^a*$`, `(a+)+$`, `^[a-z]{1,4096}$`, `^(?!x)a(?<!y)$`, `(?<n>a|b)\k<n>\1`, `\p{Letter}\P{Lu}[^\p{L}]`, `[\w-.]{,3}]`,
		`\u{1F432}\uD83D\uDC32[\uD83D\uDC32-🐴]`, `(?i:k)(?m:^b$)`, `\A[[:alpha:]](?i)b\z`, `\cJ\x41\0\b\B`, `^$|^(?!0)\d+$`,
		`(?:a{1,3}){2,5}?b??`, `[]|[^]`, `^(?=.*\d)(?=.*[A-Z]).{8,}$`,
	}
	for _, s := range seeds {
		f.Add(s, "aab🐲K\n1")
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		if len(source) > 300 || len(text) > 100 {
			return
		}
		start := time.Now()
		p, err := Compile(source)
		if err != nil {
			return
		}
		got, err := p.Match(text)
		if d := time.Since(start); d > time.Minute {
			t.Fatalf("%q on %q took %v", source, text, d)
		}
		if err != nil && !errors.Is(err, ErrTooComplex) {
			t.Fatal(err)
		}
		if again, err2 := p.MatchBytes([]byte(text)); err == nil && err2 == nil && again != got {
			t.Fatalf("%q on %q: %v, as bytes %v", source, text, got, again)
		}
		if p.Approximate() == nil {
			t.Fatal("no tree")
		}
		if p.backtrack == nil {
			compare(t, p, text, got)
		}
	})
}

func compare(t *testing.T, p *Pattern, text string, got bool) {
	t.Helper()
	text = string([]rune(text)) // valid UTF-8
	if tree := p.Syntax(); tree != nil {
		if re, err := regexp.Compile(tree.String()); err == nil && re.MatchString(text) != got {
			t.Fatalf("%q on %q: %v, its tree %v differs", p, text, got, tree)
		}
	}
	if re, err := newBacktrack(p.root); err == nil {
		if other, err := re.MatchString(text); err == nil && other != got {
			t.Fatalf("%q on %q: linear %v, backtracking %v (%s)", p, text, got, other, re)
		}
	} else {
		t.Fatalf("%q: regexp2 does not read what we write: %v", p, err)
	}
	if !p.Standard() || p.Note() != "" {
		return
	}
	if re, err := regexp2.Compile(p.String(), regexp2.ECMAScript|regexp2.Unicode); err == nil {
		re.MatchTimeout = 100 * time.Millisecond
		if other, err := re.MatchString(text); err == nil && other != got {
			t.Fatalf("%q on %q: %v, regexp2 on the source %v", p, text, got, other)
		}
	}
}
