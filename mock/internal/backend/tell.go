package backend

import (
	"context"
	"sort"
	"strings"

	"standin/mock/internal/store"
)

// Kept is what is told of a collection.
type Kept struct {
	Path, Key string
	Rows      int
	Closed    bool
}

// told are the collections that stand by themselves, those of the document and those of x-mock, by their paths.
func (w *World) told() map[string]*Collection {
	out := map[string]*Collection{}
	for _, c := range w.model.Collections() {
		if len(c.parents) == 0 {
			out[c.Path] = c
		}
	}
	for _, c := range w.declared {
		out[c.Path] = c
	}
	return out
}

// Collections tells how many rows a sandbox has of each kind that stands by itself, in the order of their paths.
func (w *World) Collections(ctx context.Context, sandbox string) ([]Kept, error) {
	var out []Kept
	err := w.store.View(ctx, sandbox, func(v store.Reader) error {
		out = nil
		r := &rows{World: w, read: v}
		for path, c := range w.told() {
			_, total := r.slice(c, nil, 0, 0)
			out = append(out, Kept{Path: path, Key: strings.Join(c.Key, "."), Rows: total, Closed: c.Closed || w.closed})
		}
		return r.err
	})
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, err
}

// Rows are those of a collection, as JSON, at most limit from the place first on; ok is false if there is no such collection.
func (w *World) Rows(ctx context.Context, sandbox, path string, first, limit int) (texts [][]byte, total int, ok bool, err error) {
	c := w.told()[strings.TrimRight(path, "/")]
	if c == nil {
		return nil, 0, false, nil
	}
	err = w.store.View(ctx, sandbox, func(v store.Reader) error {
		texts = nil
		r := &rows{World: w, read: v}
		var page []row
		page, total = r.slice(c, nil, first, limit)
		for _, one := range page {
			texts = append(texts, one.text)
		}
		return r.err
	})
	return texts, total, true, err
}
