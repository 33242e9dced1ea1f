package pattern

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// Random patterns that are mostly valid, on random texts: an independent reading of the same standard must agree on which
// are valid and on what they match.
func FuzzGrammar(f *testing.F) {
	for seed := range uint64(150) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := grammar{Rand: rand.New(rand.NewPCG(seed, 1))}
		source := g.pattern(4)
		p, err := Compile(source)
		raw, rawErr := regexp2.Compile(source, regexp2.ECMAScript|regexp2.Unicode)
		if (err == nil) != (rawErr == nil) {
			t.Fatalf("%q: %v, regexp2 %v", source, err, rawErr)
		}
		if err != nil {
			return
		}
		raw.MatchTimeout = 100 * time.Millisecond
		for range 6 {
			text := g.text()
			want, wantErr := raw.MatchString(text)
			got, gotErr := p.Match(text)
			if got != want && gotErr == nil && wantErr == nil {
				t.Fatalf("%q on %q: %v, regexp2 %v", source, text, got, want)
			}
			if p.backtrack == nil {
				compare(t, p, text, got)
			}
		}
	})
}

type grammar struct {
	*rand.Rand
	groups int
	fold   bool
}

func (g *grammar) pattern(depth int) string {
	if depth == 0 {
		return g.atom()
	}
	switch depth--; g.IntN(10) {
	case 0, 1, 2:
		return g.pattern(depth) + g.pattern(depth)
	case 3:
		return g.pattern(depth) + "|" + g.pattern(depth)
	case 4:
		g.groups++
		return "(" + g.pattern(depth) + ")"
	case 5:
		return "(?:" + g.pattern(depth) + ")" + g.one("*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "{2,3}?", "??")
	case 6:
		return g.one("(?=", "(?!", "(?<=", "(?<!") + g.pattern(depth) + ")"
	case 7:
		if g.groups > 0 {
			return `(?:\` + string(rune('1'+g.IntN(min(g.groups, 9)))) + ")"
		}
	case 8:
		return "^" + g.pattern(depth) + "$"
	case 9:
		g.fold = true // \b is left out from here on: see the deviation in the package comment
		return "(?i:" + g.pattern(depth) + ")"
	}
	return g.pattern(depth)
}

func (g *grammar) atom() string {
	atoms := []string{"a", "b", "é", "🐲", "K", "k", "\u212a", ".", "[a-c]", "[^a]", `\d`, `\w`, `\s`, `\W`, "^", "$", `[\w-]`,
		`\u{1F432}`, `\n`, "[^]", "[]", `\p{L}`, `\P{L}`, `[\p{Lu}\d]`, "(?:)", "[a-z]{0,3}", "a+"}
	if !g.fold {
		atoms = append(atoms, `\b`, `\B`)
	}
	return g.one(atoms...)
}

func (g *grammar) one(of ...string) string { return of[g.IntN(len(of))] }

func (g *grammar) text() string {
	letters := []rune("aabbcé🐲1 \nAKk\u212a-")
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteRune(letters[g.IntN(len(letters))])
	}
	return b.String()
}
