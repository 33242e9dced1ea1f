// Package history holds what changed for an API's clients from version to version, as rows that pages can show.
//
// The rows come from three places: comparisons of documents (package diff), a changes.json that was written from them earlier
// ([Read], [History.Write]), and x-changelog, where a document says itself what no comparison can know ([History.Merge]). A
// History is plain values: treat it as immutable once it is shared.
package history

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Level tells what a change means to a client.
type Level uint8

// The levels, in order of weight.
const (
	// Info is a change that no client notices unless it looks.
	Info Level = iota
	// Warning is a change that may break some clients.
	Warning
	// Breaking is a change that breaks clients which kept to the old version.
	Breaking
)

// String gives "info", "warning" or "breaking".
func (l Level) String() string {
	switch l {
	case Breaking:
		return "breaking"
	case Warning:
		return "warning"
	}
	return "info"
}

// ParseLevel reads what [Level.String] gives; "error" is another word for breaking.
func ParseLevel(text string) (Level, error) {
	switch text {
	case "breaking", "error":
		return Breaking, nil
	case "warning":
		return Warning, nil
	case "info":
		return Info, nil
	}
	return Info, fmt.Errorf("a level is breaking, warning or info, not %q", text)
}

// MarshalText gives what [Level.String] does.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a level, see [ParseLevel].
func (l *Level) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLevel(string(text))
	return err
}

// The rules that this module adds to those of the comparison. All others are oasdiff's names of checks.
const (
	// RuleChangelog marks rows that the document's authors wrote (x-changelog).
	RuleChangelog = "changelog"
	// RuleSummary and RuleDescription mark changed wording.
	RuleSummary     = "summary-changed"
	RuleDescription = "description-changed"
	// RuleExample marks a documented example that was added, removed or changed.
	RuleExample = "example-changed"
	// RuleAdded marks a new operation: a row with it names the version since which the operation exists.
	RuleAdded = "endpoint-added"
)

// Sections of rows.
const (
	SectionOperation = "operation" // the operation itself: added, removed, deprecated, renamed
	SectionParameter = "parameter"
	SectionBody      = "body"
	SectionResponse  = "response"
	SectionSecurity  = "security"
	SectionDocument  = "document" // what belongs to no operation
)

// Row is one change: one edit of the document is one row, however many operations it reaches.
type Row struct {
	// ID is 12 hex digits made from the version, the rule, the place and the text: the same in every run. It can be an anchor.
	ID    string `json:"id"`
	Level Level  `json:"level"`
	// Rule names the check that found the change, in kebab case: "response-optional-property-removed", or one of the Rule constants.
	Rule string `json:"rule"`
	// Section is one of the Section constants.
	Section string `json:"section"`
	// Text says what changed, one sentence without a period; `code` stands between backticks, nothing else is markup. A text of an
	// x-changelog is the author's, and CommonMark.
	Text string `json:"text"`
	// Comment says why the level is what it is, "" for most.
	Comment string `json:"comment,omitempty"`
	// Schema is the name of the shared schema that was edited, "" if the edit was in an operation itself.
	Schema string `json:"schema,omitempty"`
	// Pointer is the JSON Pointer of the place in the new document, through references; "" if it is not known or no longer there.
	Pointer string `json:"pointer,omitempty"`
	// Place is FILE:LINE:COL in the new document: of the property, or else of what held it. "" if it is not known.
	Place string `json:"place,omitempty"`
	// Touches are the operations that are affected, in the order of the new document, removed ones last; none if the change
	// belongs to no operation.
	Touches []Touch `json:"operations,omitempty"`
}

// Touch is one operation that a row affects.
type Touch struct {
	// Operation is the id as of contract.Operation.ID: the operationId, or "METHOD /template".
	Operation string `json:"operation"`
	// Method is in upper case; Path is the template.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// Anchor is the fragment of the property on the operation's page, without "#": in.query.limit, body.user.name, 200.items.id,
	// 200.header.X-Rate; see [Segment]. "" is the operation itself. It names the place in the new
	// document: where the property is gone, the nearest that is left and held it.
	Anchor string `json:"anchor,omitempty"`
	// Media is the media type that the body of the anchor is of, where the operation documents several; "" otherwise.
	Media string `json:"media,omitempty"`
	// Former is the id that the operation had before, in the row that tells of its new one.
	Former string `json:"former,omitempty"`
	// Removed tells that the operation is not in the new version.
	Removed bool `json:"removed,omitempty"`
}

// Touch tells whether the row affects an operation, and where.
func (r *Row) Touch(operation string) (Touch, bool) {
	for _, t := range r.Touches {
		if t.Operation == operation {
			return t, true
		}
	}
	return Touch{}, false
}

// Identify sets the row's ID; version is the one that brought the change.
func (r *Row) Identify(version string) {
	parts := []string{version, r.Rule, r.Schema, r.Text}
	if len(r.Touches) > 0 {
		parts = append(parts, r.Touches[0].Operation, r.Touches[0].Anchor)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	r.ID = hex.EncodeToString(sum[:])[:12]
}

// Version is one version of the API with what it changed against the one before.
type Version struct {
	// Version is its name: "4.7.0", "2026-01-15".
	Version string `json:"version"`
	// Date is YYYY-MM-DD, "" if it is not known.
	Date string `json:"date,omitempty"`
	// Title is how the document calls itself then, where that adds something to Version; "" for none.
	Title string `json:"title,omitempty"`
	// Previous is the version that it was compared with, "" for the oldest and for what only x-changelog tells of.
	Previous string `json:"previous,omitempty"`
	// Rows are the changes, breaking first, then by operation in document order.
	Rows []Row `json:"changes"`
}

// Count is the number of rows of a level.
func (v *Version) Count(level Level) int {
	n := 0
	for i := range v.Rows {
		if v.Rows[i].Level == level {
			n++
		}
	}
	return n
}

// History is the versions of an API, newest first. The oldest on file is there with no rows, for there is nothing to compare
// it with.
type History struct {
	Versions []Version `json:"versions"`
}

// Entry is a row with the version that brought it.
type Entry struct {
	Version *Version
	Row     *Row
	// Touch is where the row touches the operation that was asked for; the zero Touch if none was.
	Touch Touch
}

// Version is the one of that name, nil if there is none. It may be asked of a nil History.
func (h *History) Version(name string) *Version {
	if h == nil {
		return nil
	}
	for i := range h.Versions {
		if h.Versions[i].Version == name {
			return &h.Versions[i]
		}
	}
	return nil
}

// Of lists the rows that touch an operation, newest first, breaking first within a version.
func (h *History) Of(operation string) []Entry {
	return h.entries(func(r *Row) (Touch, bool) { return r.Touch(operation) })
}

// OfSchema lists the rows that edited a shared schema, newest first.
func (h *History) OfSchema(name string) []Entry {
	return h.entries(func(r *Row) (Touch, bool) { return Touch{}, name != "" && r.Schema == name })
}

// Latest lists up to n rows, newest first.
func (h *History) Latest(n int) []Entry {
	left := n
	return h.entries(func(*Row) (Touch, bool) {
		left--
		return Touch{}, left >= 0
	})
}

// Hide is the history without some operations, for pages that must not show them: rows that touched nothing else are gone.
func (h *History) Hide(hidden func(operation string) bool) *History {
	out := &History{}
	if h == nil {
		return out
	}
	for _, v := range h.Versions {
		rows := make([]Row, 0, len(v.Rows))
		for _, r := range v.Rows {
			shown := slices.DeleteFunc(slices.Clone(r.Touches), func(t Touch) bool { return hidden(t.Operation) })
			if len(shown) == 0 && len(r.Touches) > 0 {
				continue
			}
			r.Touches = shown
			rows = append(rows, r)
		}
		v.Rows = rows
		out.Versions = append(out.Versions, v)
	}
	return out
}

func (h *History) entries(want func(*Row) (Touch, bool)) []Entry {
	if h == nil {
		return nil
	}
	var out []Entry
	for i := range h.Versions {
		v := &h.Versions[i]
		for j := range v.Rows {
			if t, ok := want(&v.Rows[j]); ok {
				out = append(out, Entry{Version: v, Row: &v.Rows[j], Touch: t})
			}
		}
	}
	return out
}

// Since is the version that brought an operation, "" if it is as old as the history or older.
func (h *History) Since(operation string) string {
	for _, e := range h.Of(operation) {
		if e.Row.Rule == RuleAdded {
			return e.Version.Version
		}
	}
	return ""
}

// Removed is the row that took an operation away, if the newest that the history knows of it is its end.
func (h *History) Removed(operation string) (Entry, bool) {
	entries := h.Of(operation)
	for _, e := range entries {
		if e.Version != entries[0].Version {
			break
		}
		if e.Touch.Removed {
			return e, true
		}
	}
	return Entry{}, false
}

// Renamed is the newest id of an operation that had another one before; ok is false if the history knows of none.
func (h *History) Renamed(former string) (operation string, ok bool) {
	if h == nil {
		return "", false
	}
	for i := len(h.Versions) - 1; i >= 0; i-- { // oldest first, so that a chain of new names is followed
		for _, r := range h.Versions[i].Rows {
			for _, t := range r.Touches {
				if t.Former != "" && t.Former != t.Operation && t.Former == former {
					former, ok = t.Operation, true
				}
			}
		}
	}
	return former, ok
}

// Sort puts rows in their order: by level, breaking first, then by operation as order ranks it, rows of no operation first, then
// by section, place and text.
func Sort(rows []Row, order func(operation string) int) {
	rank := func(r *Row) int {
		if len(r.Touches) == 0 {
			return -1
		}
		return order(r.Touches[0].Operation)
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(b.Level, a.Level),
			cmp.Compare(rank(&a), rank(&b)),
			cmp.Compare(sectionRank(a.Section), sectionRank(b.Section)),
			cmp.Compare(anchorOf(&a), anchorOf(&b)),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Text, b.Text),
		)
	})
}

func anchorOf(r *Row) string {
	if len(r.Touches) == 0 {
		return ""
	}
	return r.Touches[0].Anchor
}

func sectionRank(section string) int {
	return slices.Index([]string{
		SectionDocument, SectionOperation, SectionSecurity, SectionParameter, SectionBody, SectionResponse,
	}, section)
}

// Label names the operation for people: "listPets (GET /pets)".
func (t Touch) Label() string {
	route := strings.TrimSpace(t.Method + " " + t.Path)
	label := t.Operation
	if route != "" && route != label {
		label += " (" + route + ")"
	}
	return label
}
