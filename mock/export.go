package mock

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/portal"
)

// Static tells how documentation is written into files.
type Static struct {
	// Base is the URL that the files will have, such as https://docs.example.com/shop. Default: none; links are relative either way.
	Base string
	// Sandbox is the URL of a server of the same document, such as https://mock.example.com, to which forms to try operations are
	// sent; it must trust the files' origin ([TrustDocsOrigins]). Default: none; operations cannot be tried.
	Sandbox string
}

// manifest names the files of an export, one a line, so that the next one knows what it may delete.
const manifest = ".standin-export"

// Export writes the pages of a document as files below the folder dir, which is made if need be: in every language, with search and
// all that they link to. The same document, fixtures and options give the same files. Files of an earlier export that are not
// needed any more are deleted; a folder that holds anything else is an error, and is left alone. Options are those of [New]; what
// they say about serving has no effect.
func Export(ctx context.Context, c *contract.Contract, dir string, s Static, opts ...Option) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	old, err := exported(dir)
	if err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	server, err := New(c, append(slices.Clone(opts), Stateless(), withDocs(), optionFunc(func(o *options) error { o.static = &s; return nil }))...)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	server.comparing.Wait() // for the history
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	defer func() { _ = root.Close() }()
	var written []string
	err = server.site.Load().pages.WriteFiles(ctx, func(name string, body []byte) error {
		written = append(written, name)
		return put(root, name, body)
	})
	if err == nil {
		err = tidy(root, old, written)
	}
	if err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	return nil
}

func (s Static) check() error {
	for _, one := range []struct{ name, text string }{{"base", s.Base}, {"sandbox", s.Sandbox}} {
		u, err := url.Parse(one.text)
		if err != nil || one.text != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("the %s is a URL like https://docs.example.com, not %q", one.name, one.text)
		}
	}
	return nil
}

// withDocs serves pages, with the looks given before if there are any.
func withDocs() Option {
	return optionFunc(func(o *options) error { o.docs = true; return nil })
}

// exported lists the files of an earlier export in dir. An error tells that dir holds something else.
func exported(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, manifest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the folder %s is not empty, and holds no earlier export; name another", dir)
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if filepath.IsLocal(lines.Text()) {
			out = append(out, lines.Text())
		}
	}
	return out, nil
}

// put writes a file below a folder, with the folders that it lies in.
func put(root *os.Root, name string, body []byte) error {
	if at := strings.LastIndexByte(name, '/'); at > 0 {
		if err := root.MkdirAll(name[:at], 0o755); err != nil {
			return err
		}
	}
	return root.WriteFile(name, body, 0o644)
}

// tidy deletes what an earlier export left, and notes what is there now.
func tidy(root *os.Root, old, written []string) error {
	slices.Sort(written)
	for _, name := range old {
		if _, found := slices.BinarySearch(written, name); found {
			continue
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for dir := filepath.Dir(name); dir != "."; dir = filepath.Dir(dir) {
			if root.Remove(dir) != nil { // it holds something still
				break
			}
		}
	}
	return root.WriteFile(manifest, []byte(strings.Join(written, "\n")+"\n"), 0o644)
}

// portal is what the pages must know of the files that they are written into; prefix is where a server has its pages.
func (s *Static) portal(prefix string) *portal.Static {
	if s == nil {
		return nil
	}
	out := &portal.Static{Base: strings.TrimSuffix(s.Base, "/")}
	if s.Sandbox != "" {
		out.Sandbox = strings.TrimSuffix(s.Sandbox, "/") + prefix
	}
	return out
}
