package contract

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// memory is a file system of one file, for a document that comes as bytes.
type memory struct {
	name string
	text []byte
}

// Open implements fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	if name != m.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryFile{Reader: bytes.NewReader(m.text), memory: m}, nil
}

// memoryFile is the open file, and its own fs.FileInfo.
type memoryFile struct {
	*bytes.Reader
	memory
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Name() string               { return path.Base(f.name) }
func (f *memoryFile) Size() int64                { return int64(len(f.text)) }
func (f *memoryFile) Mode() fs.FileMode          { return 0o444 }
func (f *memoryFile) ModTime() time.Time         { return time.Time{} }
func (f *memoryFile) IsDir() bool                { return false }
func (f *memoryFile) Sys() any                   { return nil }
