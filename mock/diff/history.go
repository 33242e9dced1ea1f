package diff

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"standin/mock/internal/history"
)

// Revision is one version of an API's document.
type Revision struct {
	// Version is its name, Date YYYY-MM-DD or "" if it is not known.
	Version, Date string
	// Open reads the document; it is called once, when its turn comes.
	Open func(ctx context.Context) (Document, error)
}

// NewRevision is a revision whose name tells version and date, as the file of an old document does: 4.7.yaml, 2026-01-15.json,
// 2026-01-15_4.7.yaml; the name of a git tag will do, too.
func NewRevision(name string, open func(ctx context.Context) (Document, error)) Revision {
	n := history.ParseName(name)
	return Revision{Version: n.Version, Date: n.Date, Open: open}
}

// FileName is where the history of a document lies, relative to its fixtures' folder.
const FileName = history.FileName

// Folder lists the old documents that lie in a folder, by their names: VERSION.yaml, DATE.json, DATE_VERSION.yml. Files of other
// endings, in folders below, and changes.json itself are none. A folder that does not exist has none.
func Folder(fsys fs.FS) ([]Revision, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Revision
	for _, e := range entries {
		name := e.Name()
		ext := path.Ext(name)
		if e.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, ext) || name == path.Base(FileName) {
			continue
		}
		out = append(out, NewRevision(name, func(context.Context) (Document, error) {
			text, err := fs.ReadFile(fsys, name)
			return Document{Name: name, Text: text, Files: fsys}, err
		}))
	}
	return out, nil
}

// History compares every two neighbours among the revisions, in the order of their versions, and gives what changed, newest first.
// A current document, if it is not nil, comes last under the version that it calls itself; a revision of the same name is then
// passed over. No more than two documents are held at a time. Operations that are marked x-internal are left out.
//
// A document that cannot be read or compared ends it with an error that names it, and so do two revisions of one version.
func History(ctx context.Context, revisions []Revision, current *Document) (*Versions, error) {
	list := slices.Clone(revisions)
	slices.SortStableFunc(list, func(a, b Revision) int { return history.Compare(a.Version, b.Version) })
	for i := 1; i < len(list); i++ {
		if list[i].Version == list[i-1].Version {
			return nil, fmt.Errorf("two documents are named as version %q", list[i].Version)
		}
	}
	if current != nil {
		last, err := currentRevision(ctx, *current)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(r Revision) bool { return same(r.Version, last.Version) })
		list = append(list, last)
	}
	return pairs(ctx, list)
}

// same tells whether two names mean one version: v1.2 is 1.2.
func same(a, b string) bool {
	return strings.TrimPrefix(a, "v") == strings.TrimPrefix(b, "v")
}

func currentRevision(ctx context.Context, d Document) (Revision, error) {
	s, err := step(ctx, d.Name, func() (*side, error) { return open(ctx, d) })
	if err != nil {
		return Revision{}, err
	}
	version := s.contract.Info().Version
	if version == "" {
		version = "current"
	}
	return Revision{Version: version, Open: func(context.Context) (Document, error) { return d, nil }}, nil
}

// pairs compares neighbours, the oldest first.
func pairs(ctx context.Context, list []Revision) (*Versions, error) {
	out := &Versions{Versions: make([]Version, 0, len(list))}
	var before *side
	for i, r := range list {
		d, err := r.Open(ctx)
		if err != nil {
			return nil, fmt.Errorf("version %s cannot be read: %w", r.Version, err)
		}
		after, err := prepare(ctx, d)
		if err != nil {
			return nil, err
		}
		v := Version{Version: r.Version, Date: r.Date, Rows: []Row{}}
		if title := after.contract.Info().Version; !same(title, r.Version) {
			v.Title = title
		}
		if before != nil {
			report, err := compare(ctx, before, after)
			if err != nil {
				return nil, err
			}
			v.Previous, v.Rows = list[i-1].Version, report.visible(r.Version)
		}
		out.Versions = append(out.Versions, v)
		before = after
	}
	slices.Reverse(out.Versions)
	return out, nil
}

// visible are the rows that may be published, under the name of their version.
func (r *Report) visible(version string) []Row {
	h := Versions{Versions: []Version{{Rows: r.Rows}}}
	rows := h.Hide(func(operation string) bool { return r.hidden[operation] }).Versions[0].Rows
	taken := map[string]bool{}
	for i := range rows {
		identify(&rows[i], version, taken)
	}
	return rows
}

// ReadHistory reads a changes.json; a file that does not exist is an empty history. An error names the place.
func ReadHistory(fsys fs.FS, name string) (*Versions, error) { return history.Read(fsys, name) }
