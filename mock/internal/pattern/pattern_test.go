package pattern

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"testing"
	"time"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct{ source, yes, no string }{ // texts separated by spaces; "␀" is the empty one, "␣" a space
		{`^a*$`, "aaa ␀", "abc"},
		{`a+`, "xxaayy", "b ␀"},
		{`.`, "x \u0085", "\n \r \u2028 \u2029 ␀"},
		{`^.$`, "𐐷 é", "ab"},
		{`(?s:^.$)`, "\n x", "ab"},
		{`^[^]$`, "\n x", "␀"},
		{`[]`, "", "a ␀"},
		{`^abc$`, "abc", "abc\n"},
		{`^\s$`, "␣ \t \u000b \u00a0 \ufeff \u2029 \u3000", "\u0001 \u180e \u200b \u0085"},
		{`^\S$`, "x \u0085", "\u00a0"},
		{`^\w+$`, "aZ_9", "é a-b"},
		{`^\W$`, "é - \u212a", "a"},
		{`^\d+$`, "42", "٤٢"},
		{`^\D$`, "٤", "4"},
		{`\bfoo\b`, "foo éfoo a-foo", "foox xfoo"},
		{`a\Bb`, "ab", "a.b"},
		{`^\cJ\cj$`, "\n\n", "J"},
		{`^[\cJ]$`, "\n", "J"},
		{`^\x41\u0042\u{43}\u{1F432}\uD83D\uDC32$`, "ABC🐲🐲", "ABC🐲"},
		{`^🐲*$`, "␀ 🐲🐲", "🐉 D"},
		{`^[🐲-🐴]$`, "🐳", "🐉"},
		{`^[\uD83D\uDC32-\uD83D\uDC34]$`, "🐳", "🐉"},
		{`^\0$`, "\x00", "0"},
		{`^[\b]$`, "\b", "b"},
		{`^\p{L}+$`, "éa", "1"},
		{`^\p{Letter}+$`, "éa", "1"},
		{`^\P{Letter}+$`, "1", "a"},
		{`^[\p{Lu}\d]+$`, "É1", "é"},
		{`^[^\P{L}]$`, "é", "1"},
		{`^\p{digit}+$`, "৪২ 42", "x"},
		{`^\p{General_Category=Decimal_Number}$`, "৪", "x"},
		{`^\p{gc=Nd}$`, "৪", "x"},
		{`^\p{Script=Greek}$`, "π", "p"},
		{`^\p{sc=Grek}$`, "π", "p"},
		{`^\p{Script_Extensions=Hira}$`, "あ ー", "p"},
		{`^\p{Alphabetic}$`, "π", "1"},
		{`^\p{ASCII}$`, "p", "π"},
		{`^\p{Any}$`, "p π", "␀"},
		{`^\p{Emoji}$`, "🐲", "a"},
		{`^\p{Uppercase}$`, "A", "a"},
		{`^(?<year>\d{4})-\d\d$`, "2024-01", "24-01"},
		{`^a{2,3}?$`, "aa aaa", "a aaaa"},
		{`^a{0}$`, "␀", "a"},
		{`^(?:ab){1001,1003}$`, rep("ab", 1001) + " " + rep("ab", 1003), rep("ab", 1000) + " " + rep("ab", 1004)},
		{`^a{1500,}$`, rep("a", 1500) + " " + rep("a", 2000), rep("a", 1499)},
		{`^[a-c]{1,4096}$`, "a " + rep("b", 4096) + " " + rep("c", 2500), "␀ " + rep("b", 4097)},
		{`^(?:a{100}b){50}$`, rep(rep("a", 100)+"b", 50), rep(rep("a", 100)+"b", 49)},
		{`^(?:[a-z]{1,63}\.){0,126}[a-z]{1,63}$`, "a.b.c www.example.com", "a..b ␀ " + rep("a.", 127) + "a"},
		{`^(?:x|yz){1,100000}$`, "x yzx", "␀ y"},
		{`^.{1,100000}$`, "x " + rep("x", 100000), "␀ " + rep("x", 100001)},
		{`^a{2,}`, "aa aaa aab", "a baa"},
		{`^a*b?[c-e]{1,2}f*$`, "c abcdff ed", "ab cdef ba"},
		{`^[a-z]+b$`, "ab abb", "b a"},
		{`^[a-z]*[0-9]*[a-z]$`, "a ab a1b", "1 a1"},
		{`^((a))(?:(é+))$`, "aé aéé", "a é"},
		{`^`, "␀ a", ""},
		{`^$`, "␀", "a"},
		{`^(?!https://)[a-z:/]+\.pdf$`, "http://x.pdf", "https://x.pdf http://x"},
		{`^(?=.*\d)(?=.*[A-Z]).{4,}$`, "aB3d 1A..", "aB3 abcd ABCD"},
		{`^(?!-)[a-z-]+(?<!-)$`, "a a-b", "-a a-"},
		{`^(?:(?!-)[a-z-]+(?<!-))$`, "a a-b", "-a a-"},
		{`^$|^(?!0)\d+$|^x`, "␀ 10 xx", "01 y"},
		{`^((?!foo).)*$`, "bar ␀", "xfoox"},
		{`(?<=\$)\d+`, "$5", "€5 5"},
		{`(?<!\$)\b\d+`, "€5 5", "$5"},
		{`^(a|b)\1$`, "aa bb", "ab"},
		{`^(?<q>['"]).*\k<q>$`, `"x" 'y'`, `"x'`},
		{`^\k<a>(?<a>x)$`, "x", "xx"},
		{`^(?:(?<a>x)|(?<a>y))\k<a>$`, "xx yy", "xy yx"},
		{`^(?:(a)|b)\1$`, "aa b", "a ba"},
		{`^(?:(a)|b)*\1$`, "b ab aa", "aba"},
		{`(?=(a+))a*b\1`, "baaabac", "baac"},
		{`^(?i:straße)$`, "STRAßE straẞe", "STRASSE"},
		{`^(?i:k)$`, "K k \u212a", "x"},
		{`^(?i:[^a])$`, "b", "A a"},
		{`^(?i:\p{Lu})x$`, "ax Ax", "1x aX"},
		{`^(?i:\W)$`, "é", "a \u017f"},
		{`^(?i-s:(a))\1$`, "aa AA", "aA"},
		{`(?m:^b$)`, "a\nb\nc b", "ab"},
		{`^[\uD800-\uDBFF]?$`, "␀", "🐲"},
		{`^([\u0020-\uD7FF\uE000-\uFFFD]|[\uD800-\uDBFF][\uDC00-\uDFFF])*$`, "a🐲é", "\n"},
		{`^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*$`, "a🐲é", "\x01"},
		{`^[a-z-]$`, "a -", "_"},
		{`^[a-zA-Z0-9-_]$`, "- _", "."},
		// Annex B
		{`^a\-b\_\@\"\/\:\#\ $`, `a-b_@"/:#␣`, "ab"},
		{`^[\w-.]+$`, "a-.", "+"},
		{`^[a-\d]$`, "a - 1", "b"},
		{`^\{{a}}$`, "{{a}}", "a"},
		{`^a{,3}$`, "a{,3}", "aaa"},
		{`^x{$`, "x{", "x"},
		{`^[[\]]]$`, "[] ]]", "["},
		{`^]$`, "]", "["},
		{`(?=a)*b`, "b", "a"},
		{`^\1\8\012$`, "\x018\n", "1"},
		// other dialects
		{`\A[a-z]+\z`, "ab", "ab\n 1"},
		{`\A[a-z]+\Z`, "ab", "1"},
		{`(?i)^abc$`, "ABC abc", "abd"},
		{`^(a(?i)b)c$`, "aBc abc", "ABc aBC"},
		{`^(?P<x>a)(?P=x)$`, "aa", "a"},
		{`^[[:alpha:]_]+$`, "ab_", "1 :"},
		{`^[[:^digit:]]+$`, "ab_", "1"},
		{`^\Qa.b\E+$`, "a.b", "axb"},
		{`^\Qa.b`, "a.b", "axb"},
		{`^a++b$`, "aab", "aa"},
		{`^a++ab$`, "", "aab"},
		{`^(?>a*)b$`, "aab", "aa"},
		{`^a(?#comment)b$`, "ab", "a"},
		{`^\pL\PL$`, "a1", "1a"},
		{`^\p{Han}\p{IsGreek}$`, "漢π", "ab"},
		{`^\x{1F432}$`, "🐲", "x"},
		{`^\h+\a\e$`, "␣\t\a\x1b", "h"},
		{`^\i$`, "i", "\\i"},
	}
	for _, c := range cases {
		p, err := Compile(c.source)
		if err != nil {
			t.Errorf("%s: %v", short(c.source), err)
			continue
		}
		for _, s := range texts(c.yes) {
			check(t, p, s, true)
		}
		for _, s := range texts(c.no) {
			check(t, p, s, false)
		}
	}
}

func check(t *testing.T, p *Pattern, s string, want bool) {
	t.Helper()
	if got, err := p.Match(s); got != want || err != nil {
		t.Errorf("%s on %q: %v, %v", short(p.String()), short(s), got, err)
	}
	if got, err := p.MatchBytes([]byte(s)); got != want || err != nil {
		t.Errorf("%s on %q as bytes: %v, %v", short(p.String()), short(s), got, err)
	}
}

func texts(list string) []string {
	if list == "" {
		return nil
	}
	var out []string
	for s := range strings.SplitSeq(list, " ") {
		out = append(out, strings.NewReplacer("␀", "", "␣", " ").Replace(s))
	}
	return out
}

func rep(s string, n int) string { return strings.Repeat(s, n) }

func short(s string) string {
	if len(s) > 80 {
		return fmt.Sprintf("%s… (%d bytes)", s[:80], len(s))
	}
	return s
}

// Which of these are matched in linear time is part of what we promise.
func TestLinear(t *testing.T) {
	t.Parallel()
	cases := map[string]bool{
		`^[a-z]{1,4096}$`:                    true,
		`^(?!https://)[a-z:/]+\.pdf$`:        true,
		`^(?=.*\d)(?=.*[A-Z]).{8,}$`:         true,
		`^(?!-)[a-z-]+(?<!-)$`:               true,
		`^$|^(?!0)\d+$`:                      true,
		`(a+)+$`:                             true,
		`((a+)+)+`:                           true,
		`^(?:[a-z]{1,63}\.){0,126}[a-z]{2}$`: true,
		`^.{1,100000}$`:                      true,
		`^(?:a|bc){1,100000}$`:               false,
		`^(a)\1$`:                            false,
		`^((?!foo).)*$`:                      false,
	}
	for source, want := range cases {
		p, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.backtrack == nil; got != want {
			t.Errorf("%s: linear %v", source, got)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		`^(abc]`:                       "the group is not closed (at offset 1)",
		`abc)`:                         "there is no group to close with ) (at offset 3)",
		`[a-z`:                         "the character class is not closed (at offset 0)",
		`a[z-a]`:                       "the range z-a is out of order (at offset 2)",
		`*.example.com`:                "there is nothing to repeat before * (at offset 0)",
		`a**`:                          "there is nothing to repeat: two quantifiers in a row (at offset 0)",
		`a|{2}`:                        "there is nothing to repeat before { (at offset 2)",
		`a{3,1}`:                       "the counts in {3,1} are out of order (at offset 1)",
		`\`:                            "the pattern ends in a backslash (at offset 0)",
		`[\`:                           "the pattern ends in a backslash (at offset 1)",
		`\p{Nope}`:                     `the Unicode property "Nope" is unknown (at offset 0)`,
		`\p{Script=Nope}`:              `the Unicode property "Script=Nope" is unknown (at offset 0)`,
		`\p`:                           `\p must name a Unicode property in braces (at offset 0)`,
		`(?<n>a)(?<n>b)`:               `there are two groups with the name "n" (at offset 7)`,
		`(?<1>a)`:                      "the name of a group must be an identifier (at offset 3)",
		`(?<n>a)\k<m>`:                 `there is no group with the name "m" (at offset 7)`,
		`(?x)a b`:                      "the kind of group after (? is unknown (at offset 0)",
		`(?ii:a)`:                      "the flag i stands twice (at offset 0)",
		`(?`:                           "the group is not closed (at offset 0)",
		`(?R)`:                         "the kind of group after (? is unknown (at offset 0)",
		`(?#`:                          "the comment is not closed (at offset 0)",
		rep(`\p{L}|`, 9000):            "the character classes have more than 200000 ranges",
		"[" + rep(`\p{L}`, 9000) + "]": "the character classes have more than 200000 ranges",
		rep("(", 10000):                "groups are nested deeper than 250 (at offset 251)",
		rep("a", 1<<20):                "the pattern is longer than 65536 bytes",
		rep("(?:a|", 9000):             "groups are nested deeper than 250 (at offset 1253)",
	}
	for source, want := range cases {
		_, err := Compile(source)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", short(source), err, want)
		}
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	cases := []struct {
		source, note string
		standard     bool
	}{
		{`^a\-b\/[\w-.]]{$`, "", true},
		{`^[\uD800-\uDBFF][\uDC00-\uDFFF]$`, "surrogate halves in classes of their own are taken as the characters beyond U+FFFF", true},
		{`/^a$/i`, "the slashes at both ends are taken as characters, so that nothing can match", true},
		{`^/a/$`, "", true},
		{`\a`, `\a is not ECMA-262; it is taken as U+0007`, false},
		{`(?i)abc`, `(?i) is not ECMA-262; it is taken to hold from there on`, false},
		{`\A(?P<x>[[:alpha:]])\z`, `\A is not ECMA-262; it is taken as ^; (?P<name>…) is not ECMA-262; it is taken as (?<name>…); ` +
			`[:alpha:] is not ECMA-262; it is taken as the POSIX class; \z is not ECMA-262; it is taken as $`, false},
		{`^[[:alpha:]$`, "", true}, // a class of letters, for better or worse
	}
	for _, c := range cases {
		p, err := Compile(c.source)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
		} else if p.Note() != c.note || p.Standard() != c.standard {
			t.Errorf("%s: %q, standard %v", c.source, p.Note(), p.Standard())
		}
	}
}

// Hostile patterns on hostile texts end soon, one way or the other.
func TestBounded(t *testing.T) {
	t.Parallel()
	const forever = time.Minute // on a busy machine, under the race detector
	long := rep("a", 1<<20) + "!"
	cases := []string{
		`(a+)+$`, `((a+)+)+`, `^(a|aa)+$`, `(a*)*b`, `(.*)(.*)(.*)(.*)(.*)(.*)(.*)x`,
		`^(?:a?){20000}a{20000}$`, `((a{0,100}){0,100}){0,100}$`, `(?:(?:(?:a{1000}){1000}){1000}){1000}`,
		`a{99999999999999999999}`, `^(?:a|b|ab){0,2147483647}$`, `(a+)+\1$`, `(a*)*(?!.)\1b`, `^(a+)+(?<!x)(?=b)$`,
		`(?:(?=(a*))*)*b`, `(?=(a+))(\1\1)+b`, `^(?:(?:a*)*)*(?=c)`, `(?<=(?:a+)+)b`, `(?<=a{0,100000})b`,
		rep("(?:", 240) + "a+" + rep(")+", 240) + "$", rep("(?=", 240) + "a" + rep(")", 240) + "b",
		rep(`\p{Emoji}|`, 1000), rep(`(?i:[^a])`, 1500), `(?:` + rep(`\p{L}?`, 250) + `x){900}`, `(?:` + rep("a?", 15000) + `)` + rep("a", 15000),
		rep("(a*)", 5000) + `\1`, rep("(a", 120) + rep(")*", 120) + `\1$`,
	}
	for _, source := range cases {
		start := time.Now()
		p, err := Compile(source)
		if err != nil {
			t.Errorf("%s: %v", short(source), err)
			continue
		}
		if d := time.Since(start); d > forever {
			t.Errorf("%s: compiling took %v", short(source), d)
		}
		for _, s := range []string{rep("a", 40) + "!", long} {
			start = time.Now()
			_, err = p.Match(s)
			if d := time.Since(start); d > forever {
				t.Errorf("%s on %d bytes: took %v", short(source), len(s), d)
			}
			if err != nil && !errors.Is(err, ErrTooComplex) {
				t.Errorf("%s: %v", short(source), err)
			}
		}
	}
}

func TestTooComplex(t *testing.T) {
	t.Parallel()
	for _, source := range []string{`^(?:(?!c)a+)+b$`, `^(a+)+\1b$`} {
		p, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Match(rep("a", 60)); !errors.Is(err, ErrTooComplex) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestSyntax(t *testing.T) {
	t.Parallel()
	cases := []struct{ source, tree, approximate string }{
		{`^abc$`, `\Aabc\z`, ""},
		{`^(?<n>a|bc)+?[0-9]{2,3000}.?$`, `\A(?:a|bc)+[0-9]{2,3000}[^\n\r\x{2028}\x{2029}\x{d800}-\x{dfff}]?\z`, ""},
		{`[^]*`, `(?s:.)*`, ""},
		{`[]`, `[^\x00-\x{10FFFF}]`, ""},
		{`^\ud83d[^a]$`, `\A[^\x00-\x{10FFFF}][^a\x{d800}-\x{dfff}]\z`, ""},
		{`^(?=x)(a|b)-\1`, "", `\A[ab]-[ab]`},
		{`^(a)b\1c`, "", `\Aabac`},
		{`(?:)`, "", ""},
	}
	for _, c := range cases {
		p, err := Compile(c.source)
		if err != nil {
			t.Fatal(err)
		}
		tree, approximate := p.Syntax(), p.Approximate()
		if tree == nil {
			if c.approximate == "" || !same(t, approximate, c.approximate) {
				t.Errorf("%s: approximately %v", c.source, approximate)
			}
			continue
		}
		if c.tree != "" && !same(t, tree, c.tree) || !tree.Equal(approximate) {
			t.Errorf("%s: %v", c.source, tree)
		}
	}
}

// same compares by text, for trees have counts that the parser of package syntax refuses.
func same(t *testing.T, got *syntax.Regexp, want string) bool {
	t.Helper()
	if tree, err := syntax.Parse(want, syntax.Perl); err == nil {
		want = tree.String()
	}
	if got.String() != want {
		t.Logf("got  %s", got)
		t.Logf("want %s", want)
	}
	return got.String() == want
}
