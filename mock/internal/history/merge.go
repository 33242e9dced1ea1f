package history

import (
	"fmt"
	"slices"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// sortVersions puts the newest version first, see [Compare].
func (h *History) sortVersions() {
	slices.SortStableFunc(h.Versions, func(a, b Version) int { return Compare(b.Version, a.Version) })
}

// Merge adds what a document's operations say under x-changelog, a list of {version, date, level, text} (level: info by default;
// date: none), and gives a history of its own; h may be nil. Entries of operations that say the same become one row. Entries that
// cannot be read are left out, and each is a diagnostic.
func (h *History) Merge(c *contract.Contract) (*History, []contract.Diagnostic) {
	out := &History{}
	if h != nil {
		out.Versions = slices.Clone(h.Versions)
	}
	m := merger{history: out, rows: map[entryKey]*Row{}, dates: map[string]string{}}
	order := map[string]int{}
	for i, op := range c.Operations() {
		order[op.ID] = i
		for _, n := range m.changelog(op) {
			m.add(op, n)
		}
	}
	m.place(func(operation string) int {
		if i, ok := order[operation]; ok {
			return i
		}
		return len(order)
	})
	out.sortVersions()
	return out, m.found
}

// entryKey is what makes two entries the same.
type entryKey struct {
	version, text string
	level         Level
}

type merger struct {
	history *History
	keys    []entryKey
	rows    map[entryKey]*Row
	dates   map[string]string
	found   []contract.Diagnostic
}

func (m *merger) changelog(op *contract.Operation) []*source.Node {
	at, ok := op.Node().Member("x-changelog")
	if ok && !at.Value.Is(source.Array) {
		m.fault(op, at.Value, "x-changelog is an array, not %s", at.Value.Kind())
	}
	return at.Value.Items()
}

func (m *merger) fault(op *contract.Operation, n *source.Node, format string, args ...any) {
	m.found = append(m.found, contract.Diagnostic{
		Position: n.Position(), Level: contract.Warning, Rule: RuleChangelog, Message: fmt.Sprintf(format, args...), Operation: op.ID,
	})
}

func (m *merger) add(op *contract.Operation, n *source.Node) {
	r := reader{}
	r.object(n, "an entry of x-changelog")
	// A version or date without quotes is a number to YAML.
	key := entryKey{version: n.Get("version").Text(), text: r.demand(n, "text"), level: r.level(n)}
	date := n.Get("date").Text()
	if _, err := time.Parse(time.DateOnly, date); date != "" && err != nil {
		r.fail(n.Get("date"), "a date is YYYY-MM-DD, not %q", date)
	}
	if key.version == "" {
		key.version = date
	}
	if key.version == "" {
		r.fail(n, "an entry of x-changelog needs a version or a date")
	}
	if r.err != nil {
		m.fault(op, n, "%s", r.err.Message)
		return
	}
	row := m.rows[key]
	if row == nil {
		row = &Row{
			Level: key.level, Rule: RuleChangelog, Section: SectionOperation, Text: key.text, Place: n.Position().String(),
		}
		m.rows[key] = row
		m.keys = append(m.keys, key)
	}
	row.Touches = append(row.Touches, Touch{Operation: op.ID, Method: op.Method, Path: op.Template})
	if m.dates[key.version] == "" {
		m.dates[key.version] = date
	}
}

// place puts the rows into their versions, making those that are missing.
func (m *merger) place(order func(string) int) {
	touched := map[string]bool{}
	for _, key := range m.keys {
		v := m.history.Version(key.version)
		if v == nil {
			m.history.Versions = append(m.history.Versions, Version{Version: key.version})
			v = &m.history.Versions[len(m.history.Versions)-1]
		}
		if !touched[key.version] {
			touched[key.version] = true
			v.Rows = slices.Clone(v.Rows) // those of h are not ours
		}
		if v.Date == "" {
			v.Date = m.dates[key.version]
		}
		row := *m.rows[key]
		row.Identify(key.version)
		if !slices.ContainsFunc(v.Rows, func(r Row) bool { return r.ID == row.ID }) {
			v.Rows = append(v.Rows, row)
		}
	}
	for name := range touched {
		Sort(m.history.Version(name).Rows, order)
	}
}

// Over is the history with what an older one on file knows beyond it: versions that h lacks, and the rows of those that h has not
// compared with one before. So old documents may be thrown away once their rows are on file. Both may be nil.
func (h *History) Over(older *History) *History {
	out := &History{}
	if h != nil {
		out.Versions = slices.Clone(h.Versions)
	}
	if older == nil {
		return out
	}
	for _, v := range older.Versions {
		known := out.Version(v.Version)
		switch {
		case known == nil:
			out.Versions = append(out.Versions, v)
		case known.Previous == "" && len(known.Rows) == 0:
			*known = v
		}
	}
	out.sortVersions()
	return out
}
