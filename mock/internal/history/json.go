package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"time"

	"standin/mock/internal/source"
)

// FileName is where the rows of a document lie, relative to its fixtures' folder.
const FileName = "history/changes.json"

// most bounds the size of a changes.json in bytes.
const most = 64 << 20

// Write writes the history as a changes.json: indented, the same bytes for the same history.
func (h *History) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	out := History{Versions: make([]Version, len(h.Versions))}
	copy(out.Versions, h.Versions)
	for i := range out.Versions {
		if out.Versions[i].Rows == nil {
			out.Versions[i].Rows = []Row{}
		}
	}
	return enc.Encode(out)
}

// Read reads a changes.json, which people may have written too: rows without an id get one, versions come newest first whatever
// their order, unknown members are passed over. An error names the file, the line and the column. A file that does not exist is an
// empty history.
func Read(fsys fs.FS, name string) (*History, error) {
	file, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &History{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	if len(text) > most {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, most)
	}
	return Parse(name, text)
}

// Parse is [Read] from bytes; name stands in messages.
func Parse(name string, text []byte) (*History, error) {
	root, err := source.Parse(name, text, source.Limits{})
	if err != nil {
		return nil, err
	}
	for _, fault := range root.File().Faults() {
		return nil, fault
	}
	r := reader{}
	h := &History{}
	for _, n := range r.list(r.object(root, "a history"), "versions") {
		h.Versions = append(h.Versions, r.version(n))
	}
	if r.err != nil {
		return nil, r.err
	}
	h.sortVersions()
	for i := 1; i < len(h.Versions); i++ {
		if h.Versions[i].Version == h.Versions[i-1].Version {
			return nil, fmt.Errorf("%s: the version %q is there twice", name, h.Versions[i].Version)
		}
	}
	return h, nil
}

// reader turns nodes into rows and keeps the first fault it meets.
type reader struct{ err *source.Error }

func (r *reader) fail(n *source.Node, format string, args ...any) {
	if r.err == nil {
		r.err = &source.Error{Position: n.Position(), Message: fmt.Sprintf(format, args...)}
	}
}

func (r *reader) object(n *source.Node, what string) *source.Node {
	if !n.Is(source.Object) {
		r.fail(n, "%s is an object, not %s", what, n.Kind())
	}
	return n
}

func (r *reader) list(n *source.Node, name string) []*source.Node {
	at, ok := n.Member(name)
	if ok && !at.Value.Is(source.Array) {
		r.fail(at.Value, "%s is an array, not %s", name, at.Value.Kind())
	}
	return at.Value.Items()
}

// text is a member that is a string, "" if it is absent.
func (r *reader) text(n *source.Node, name string) string {
	at, ok := n.Member(name)
	if ok && !at.Value.Is(source.String) {
		r.fail(at.Value, "%s is a string, not %s", name, at.Value.Kind())
	}
	return at.Value.StringOr("")
}

// demand is text that must be there.
func (r *reader) demand(n *source.Node, name string) string {
	s := r.text(n, name)
	if s == "" {
		r.fail(n, "%s is missing", name)
	}
	return s
}

func (r *reader) level(n *source.Node) Level {
	level, err := ParseLevel(n.Get("level").StringOr("info"))
	if err != nil || (n.Get("level") != nil && !n.Get("level").Is(source.String)) {
		r.fail(n.Get("level"), "a level is breaking, warning or info, not %s", n.Get("level").AppendJSON(nil))
	}
	return level
}

func (r *reader) date(n *source.Node) string {
	date := r.text(n, "date")
	if _, err := time.Parse(time.DateOnly, date); date != "" && err != nil {
		r.fail(n.Get("date"), "a date is YYYY-MM-DD, not %q", date)
	}
	return date
}

func (r *reader) version(n *source.Node) Version {
	r.object(n, "a version")
	v := Version{
		Version: r.demand(n, "version"), Date: r.date(n), Title: r.text(n, "title"), Previous: r.text(n, "previous"), Rows: []Row{},
	}
	for _, c := range r.list(n, "changes") {
		v.Rows = append(v.Rows, r.row(c, v.Version))
	}
	return v
}

var validID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (r *reader) row(n *source.Node, version string) Row {
	r.object(n, "a change")
	row := Row{
		ID: r.text(n, "id"), Level: r.level(n), Rule: r.text(n, "rule"), Section: r.text(n, "section"), Text: r.demand(n, "text"),
		Comment: r.text(n, "comment"), Schema: r.text(n, "schema"), Pointer: r.text(n, "pointer"), Place: r.text(n, "place"),
	}
	if row.Rule == "" {
		row.Rule = RuleChangelog
	}
	for _, t := range r.list(n, "operations") {
		row.Touches = append(row.Touches, r.touch(t))
	}
	if row.Section == "" && len(row.Touches) > 0 {
		row.Section = SectionOperation
	}
	if sectionRank(row.Section) < 0 {
		row.Section = SectionDocument
	}
	switch {
	case row.ID == "":
		row.Identify(version)
	case !validID.MatchString(row.ID):
		r.fail(n.Get("id"), "an id is 1 to 64 letters, digits, - or _, not %q", row.ID)
	}
	return row
}

func (r *reader) touch(n *source.Node) Touch {
	if n.Is(source.String) { // people may write the id alone
		return Touch{Operation: n.Text()}
	}
	r.object(n, "an operation")
	removed := n.Get("removed")
	if removed != nil && !removed.Is(source.Bool) {
		r.fail(removed, "removed is true or false, not %s", removed.Kind())
	}
	return Touch{
		Operation: r.demand(n, "operation"), Method: r.text(n, "method"), Path: r.text(n, "path"), Anchor: r.text(n, "anchor"),
		Media: r.text(n, "media"), Former: r.text(n, "former"), Removed: removed.True(),
	}
}
