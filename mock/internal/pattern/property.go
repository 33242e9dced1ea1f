package pattern

import (
	"strings"
	"unicode"

	"github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/syntax"
)

// property gives the characters that \p{expr} stands for: ECMA-262 section 22.2.1.1, exact names only. ok is false for a
// name that the standard does not have.
func property(expr string) (set, bool) {
	for i := range len(expr) {
		if c := expr[i]; c != '=' && c != '_' && !isAlnum(c) {
			return nil, false
		}
	}
	name, value, hasValue := strings.Cut(expr, "=")
	switch {
	case !hasValue:
		if t := category(name); t != nil {
			return fromTable(t), true
		}
	case name == "General_Category" || name == "gc":
		if t := category(value); t != nil {
			return fromTable(t), true
		}
		return nil, false
	case name == "Script" || name == "sc":
		if t := unicode.Scripts[value]; t != nil {
			return fromTable(t), true
		}
	}
	return libraryProperty(expr)
}

func category(name string) *unicode.RangeTable {
	if long, ok := unicode.CategoryAliases[name]; ok {
		name = long
	}
	return unicode.Categories[name]
}

// libraryProperty knows the rest, for which package unicode has no table: regexp2 brings them, though it only lets us
// ask for one character at a time.
func libraryProperty(expr string) (set, bool) {
	tree, err := syntax.Parse(`[\p{`+expr+`}]`, syntax.ParseOptions{RegexOptions: syntax.ECMAScript | syntax.Unicode})
	if err != nil {
		return nil, false
	}
	chars := firstSet(tree.Root)
	if chars == nil { // reduced to something else: ask the slow way
		return askProperty(expr)
	}
	return membership(chars.Contains), true
}

func firstSet(n *syntax.RegexNode) *syntax.CharSet {
	if n == nil || n.Set != nil {
		if n == nil {
			return nil
		}
		return n.Set
	}
	for _, c := range n.Children {
		if s := firstSet(c); s != nil {
			return s
		}
	}
	return nil
}

func askProperty(expr string) (set, bool) {
	re, err := regexp2.Compile(`[\p{`+expr+`}]`, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		return nil, false
	}
	return membership(func(r rune) bool {
		ok, err := re.MatchRunes([]rune{r})
		return ok && err == nil
	}), true
}

func membership(has func(rune) bool) set {
	var out set
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !has(r) {
			continue
		}
		if len(out) > 0 && out[len(out)-1].hi == r-1 {
			out[len(out)-1].hi = r
		} else {
			out = append(out, span{r, r})
		}
	}
	return out
}

func fromTable(t *unicode.RangeTable) set {
	out := make(set, 0, len(t.R16)+len(t.R32))
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			out = append(out, span{lo, hi})
			return
		}
		for r := lo; r <= hi; r += stride {
			out = append(out, span{r, r})
		}
	}
	for _, r := range t.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return out.canonical()
}

// looseProperty understands names of other dialects: a bare script (\p{Han}), the prefix Is or In (\p{IsLatin}), POSIX names.
func looseProperty(expr string) (set, bool) {
	bare := strings.TrimPrefix(strings.TrimPrefix(expr, "Is"), "In")
	switch bare {
	case "BasicLatin":
		return set{{0, 0x7F}}, true
	case "Latin-1Supplement", "Latin1Supplement":
		return set{{0x80, 0xFF}}, true
	}
	if t := unicode.Scripts[bare]; t != nil {
		return fromTable(t), true
	}
	if s, ok := property(bare); ok {
		return s, true
	}
	return posix(strings.ToLower(bare))
}

// posix gives the characters of a POSIX class such as [:alpha:], ASCII only.
func posix(name string) (set, bool) {
	switch name {
	case "alpha":
		return set{{'A', 'Z'}, {'a', 'z'}}, true
	case "alnum":
		return set{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, true
	case "digit":
		return digits(), true
	case "upper":
		return set{{'A', 'Z'}}, true
	case "lower":
		return set{{'a', 'z'}}, true
	case "word":
		return words(), true
	case "xdigit":
		return set{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, true
	case "space":
		return set{{'\t', '\r'}, {' ', ' '}}, true
	case "blank":
		return set{{'\t', '\t'}, {' ', ' '}}, true
	case "cntrl":
		return set{{0, 0x1F}, {0x7F, 0x7F}}, true
	case "print":
		return set{{' ', '~'}}, true
	case "graph":
		return set{{'!', '~'}}, true
	case "punct":
		return set{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, true
	case "ascii":
		return set{{0, 0x7F}}, true
	}
	return nil, false
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || isLetter(c)
}

func isLetter(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
