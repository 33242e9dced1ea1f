package diff

import (
	"bytes"
	"io/fs"
	"time"
)

// folder is a document's folder with the document's text in it, whatever the folder itself has under that name.
type folder struct {
	name  string
	text  []byte
	files fs.FS
}

// Open implements fs.FS.
func (f folder) Open(name string) (fs.File, error) {
	switch {
	case name == f.name:
		return &memory{Reader: bytes.NewReader(f.text), name: name, size: int64(len(f.text))}, nil
	case f.files == nil || !fs.ValidPath(name):
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.files.Open(name)
}

// memory is a file that is bytes.
type memory struct {
	*bytes.Reader
	name string
	size int64
}

// Stat implements fs.File.
func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }

// Close implements fs.File.
func (m *memory) Close() error { return nil }

// What follows implements fs.FileInfo.

func (m *memory) Name() string       { return m.name }
func (m *memory) Size() int64        { return m.size }
func (m *memory) Mode() fs.FileMode  { return 0o444 }
func (m *memory) ModTime() time.Time { return time.Time{} }
func (m *memory) IsDir() bool        { return false }
func (m *memory) Sys() any           { return nil }

// FolderFunc is a folder that is a function: it gives the text of a file in it, and fs.ErrNotExist where there is none.
type FolderFunc func(name string) ([]byte, error)

// Open implements fs.FS.
func (f FolderFunc) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	text, err := f(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &memory{Reader: bytes.NewReader(text), name: name, size: int64(len(text))}, nil
}
