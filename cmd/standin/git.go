package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os/exec"
	"path"
	"strings"

	"standin/mock/diff"
)

// git runs the git program in a folder ("" for here) and gives what it prints.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "git", args...)
	c.Dir = dir
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err == nil {
		return out, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	said, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
	if said == "" {
		said = err.Error()
	}
	return nil, fmt.Errorf("git says: %s", strings.TrimPrefix(said, "fatal: "))
}

// gitDocument reads a document as it is at a revision. name is its path as git takes it behind a colon: from the repository's
// root, or from dir if it begins with "./".
func gitDocument(ctx context.Context, dir, revision, name string) (diff.Document, error) {
	read := func(name string) ([]byte, error) { return git(ctx, dir, "cat-file", "blob", revision+":"+name) }
	text, err := read(name)
	if err != nil {
		return diff.Document{}, err
	}
	folder := path.Dir(name)
	relative := strings.HasPrefix(name, "./")
	files := diff.FolderFunc(func(file string) ([]byte, error) {
		at := path.Join(folder, file)
		if relative {
			at = "./" + at
		}
		text, err := read(at)
		if err != nil && ctx.Err() == nil {
			return nil, fs.ErrNotExist
		}
		return text, err
	})
	return diff.Document{Name: revision + ":" + strings.TrimPrefix(name, "./"), Text: text, Files: files}, nil
}
