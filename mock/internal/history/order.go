package history

import (
	"cmp"
	"path"
	"regexp"
	"strings"
)

// Named is what the name of an old document tells.
type Named struct {
	// Version is the name of the version: what stands beside a date, or else the date.
	Version string
	// Date is YYYY-MM-DD, "" for none.
	Date string
}

var dated = regexp.MustCompile(`^(\d{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?:[-_ ]+(.+))?$`)

// ParseName reads the name of a file (VERSION.yaml, DATE.yaml, DATE_VERSION.json) or of a tag. A date is YYYY-MM-DD or YYYYMMDD.
// The name of a version may hold anything else.
func ParseName(name string) Named {
	base := path.Base(name)
	switch ext := path.Ext(base); ext {
	case ".yaml", ".yml", ".json":
		base = strings.TrimSuffix(base, ext)
	}
	m := dated.FindStringSubmatch(base)
	if m == nil {
		return Named{Version: base}
	}
	n := Named{Date: m[1] + "-" + m[2] + "-" + m[3], Version: m[4]}
	if n.Version == "" {
		n.Version = n.Date
	}
	return n
}

// Compare orders the names of versions, older before newer: semantic versions as semver.org says (1.2.3-rc.1 before 1.2.3, build
// metadata ignored until all else is equal), with any number of parts and with or without a leading "v"; dates by the calendar; anything else by its numbers and
// letters. It is a total order: only equal names are equal.
func Compare(a, b string) int {
	x, y := split(a), split(b)
	return cmp.Or(compareParts(x.core, y.core), comparePre(x.pre, y.pre), cmp.Compare(a, b))
}

type parts struct{ core, pre []string }

func split(name string) parts {
	name, _, _ = strings.Cut(name, "+")
	if len(name) > 1 && (name[0] == 'v' || name[0] == 'V') && digit(name[1]) {
		name = name[1:]
	}
	if dated.MatchString(name) {
		return parts{core: runs(strings.NewReplacer("-", "", "_", " ").Replace(name))}
	}
	core, pre, found := strings.Cut(name, "-")
	if !found || core == "" || !digit(core[0]) {
		return parts{core: trimZeros(runs(name))}
	}
	return parts{core: trimZeros(runs(core)), pre: runs(pre)}
}

// trimZeros takes trailing zeros off, so that 1.2 is no older than 1.2.0.
func trimZeros(list []string) []string {
	for len(list) > 1 && strings.Trim(list[len(list)-1], "0") == "" {
		list = list[:len(list)-1]
	}
	return list
}

// runs splits a name into runs of digits and of letters; what stands between them only separates.
func runs(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		kind := kindOf(s[i])
		j := i + 1
		for j < len(s) && kindOf(s[j]) == kind {
			j++
		}
		if kind != 0 {
			out = append(out, s[i:j])
		}
		i = j
	}
	return out
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// kindOf is 1 for digits, 2 for letters and all that is not ASCII, 0 for what separates.
func kindOf(c byte) int {
	switch {
	case digit(c):
		return 1
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
		return 2
	}
	return 0
}

// comparePre puts a pre-release before its release (semver.org, 11).
func comparePre(a, b []string) int {
	switch {
	case len(a) == 0 && len(b) == 0:
		return 0
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compareParts(a, b)
}

// compareParts compares numbers as numbers and letters as letters; numbers come before letters, the shorter before the longer.
func compareParts(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if c := comparePart(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func comparePart(a, b string) int {
	if !digit(a[0]) || !digit(b[0]) {
		if digit(a[0]) != digit(b[0]) {
			return cmp.Compare(a[0], b[0]) // digits before letters
		}
		return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
