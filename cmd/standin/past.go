package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"standin"
	"standin/mock/contract"
	"standin/mock/diff"
)

// mostCompared is the size of a document, in bytes, up to which a server compares versions itself: comparing costs a hundred
// times its memory.
const mostCompared = 2 << 20

// compare works out for a server's pages what changed between the old documents among its fixtures and itself.
func (d document) compare(ctx context.Context, _ *contract.Contract, fixtures fs.FS) ([]byte, error) {
	current, err := d.read()
	if err != nil {
		return nil, err
	}
	if len(current.Text) > mostCompared {
		return nil, fmt.Errorf("%s is larger than %d bytes, so standin history must compare its versions", d.name(), mostCompared)
	}
	folder, err := fs.Sub(fixtures, path.Dir(diff.FileName))
	if err != nil {
		return nil, err
	}
	old, err := diff.Folder(folder)
	if err != nil {
		return nil, err
	}
	found, err := diff.History(ctx, old, &current)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := found.Write(&text); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// read gives the document as one side of a comparison.
func (d document) read() (diff.Document, error) {
	if d.demo {
		text, err := fs.ReadFile(standin.Demo(), "openapi.yaml")
		return diff.Document{Name: "openapi.yaml", Text: text, Files: standin.Demo()}, err
	}
	current, err := readFile(d.path)
	current.Name = filepath.Base(d.path) // places are told from the document's folder, wherever that is
	return current, err
}
