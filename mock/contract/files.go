package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"standin/mock/internal/source"
)

// most bounds what a document may refer to.
const (
	mostFiles = 2000
	mostBytes = 64 << 20 // of one file
)

// base is in front of file names in URIs of schemas, so that a reference that climbs out of the root shows.
const base = "file:///root/"

// files are the texts that a document is made of, each read once.
type files struct {
	fsys    fs.FS
	display string   // in front of names in messages
	fetcher *fetcher // of what lies on other hosts, whose names are their URLs; nil where nothing is fetched

	mu     sync.Mutex
	order  []string
	nodes  map[string]*Node
	failed map[string]error
	sums   map[string][sha256.Size]byte
}

func newFiles(fsys fs.FS, display string) *files {
	return &files{fsys: fsys, display: display, nodes: map[string]*Node{}, failed: map[string]error{}, sums: map[string][sha256.Size]byte{}}
}

// node is the root value of a file, named relative to the root document's folder.
func (f *files) node(name string) (*Node, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n, ok := f.nodes[name]; ok {
		return n, nil
	}
	if err, ok := f.failed[name]; ok {
		return nil, err
	}
	n, err := f.read(name)
	if err != nil {
		f.failed[name] = err
		return nil, err
	}
	f.nodes[name] = n
	return n, nil
}

func (f *files) read(name string) (*Node, error) {
	f.order = append(f.order, name)
	if len(f.order) > mostFiles {
		return nil, fmt.Errorf("more than %d files", mostFiles)
	}
	if isURL(name) {
		return f.readRemote(name)
	}
	file, err := f.fsys.Open(name)
	if err != nil {
		if cause, ok := errors.AsType[*fs.PathError](err); ok {
			return nil, fmt.Errorf("%s: %w", f.display+name, cause.Err)
		}
		return nil, err
	}
	defer file.Close()
	var text bytes.Buffer
	if info, err := file.Stat(); err == nil {
		text.Grow(int(min(info.Size(), mostBytes)) + bytes.MinRead)
	}
	if _, err := text.ReadFrom(io.LimitReader(file, mostBytes+1)); err != nil {
		if cause, ok := errors.AsType[*fs.PathError](err); ok {
			err = cause.Err
		}
		return nil, fmt.Errorf("%s cannot be read: %w", f.display+name, err)
	}
	if text.Len() > mostBytes {
		return nil, fmt.Errorf("%s is larger than %d bytes", f.display+name, mostBytes)
	}
	f.sums[name] = sha256.Sum256(text.Bytes())
	return source.Index(f.display+name, text.Bytes(), source.Limits{})
}

// readRemote reads a file on another host.
func (f *files) readRemote(name string) (*Node, error) {
	text, err := f.fetcher.get(name)
	if err != nil {
		return nil, err
	}
	if len(text) > mostBytes {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, mostBytes)
	}
	f.sums[name] = sha256.Sum256(text)
	return source.Index(name, text, source.Limits{})
}

// Load is what the schema compiler calls for a reference to another document.
func (f *files) Load(uri string) (*Node, error) {
	ref, ok := strings.CutPrefix(uri, base)
	if isURL(uri) && f.fetcher != nil {
		return f.node(uri)
	}
	if !ok && !strings.HasPrefix(uri, "file:///") {
		return nil, errRemote
	}
	name, err := f.join(".", ref)
	if !ok || err != nil {
		return nil, errOutside
	}
	return f.node(name)
}

var (
	errOutside = errors.New("it leads out of the document's folder")
	errRemote  = errors.New("it leads to another host, and nothing is fetched unless that is allowed (--allow-remote)")
)

// uri is the name of a file for the schema compiler.
func (f *files) uri(name string) string {
	if isURL(name) {
		return name
	}
	return base + (&url.URL{Path: name}).EscapedPath()
}

// join resolves the file part of a reference made in the file from.
func (f *files) join(from, ref string) (string, error) {
	if strings.HasPrefix(ref, "file:") {
		return "", errOutside
	}
	if f.fetcher != nil && (isURL(from) || isURL(ref)) {
		return resolved(from, ref)
	}
	if strings.Contains(ref, "://") || strings.HasPrefix(ref, "//") {
		return "", errRemote
	}
	decoded, err := url.PathUnescape(ref)
	if err != nil {
		decoded = ref
	}
	if path.IsAbs(decoded) || strings.Contains(decoded, "\\") {
		return "", errOutside
	}
	name := path.Join(path.Dir(from), decoded)
	if !fs.ValidPath(name) {
		return "", errOutside
	}
	return name, nil
}

// resolved is the URL that a reference leads to which is one itself, or is made in a file that has one (RFC 3986, 5.2).
func resolved(from, ref string) (string, error) {
	to, err := url.Parse(ref)
	if err != nil {
		return "", fmt.Errorf("%q is no URL", ref)
	}
	if isURL(from) {
		base, err := url.Parse(from)
		if err != nil {
			return "", fmt.Errorf("%q is no URL", from)
		}
		to = base.ResolveReference(to)
	}
	if !isURL(to.String()) || to.Host == "" {
		return "", fmt.Errorf("%q is no URL of a file", to)
	}
	to.Fragment = ""
	return to.String(), nil
}

// root is the name of the root document.
func (f *files) root() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.order[0]
}

func (f *files) names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.order)
}

func (f *files) digest() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := make([]string, 0, len(f.sums))
	for name := range f.sums {
		names = append(names, name)
	}
	sort.Strings(names)
	h := sha256.New()
	for _, name := range names {
		sum := f.sums[name]
		fmt.Fprintf(h, "%s\x00%x\n", name, sum)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// faults are what is odd about the texts themselves.
func (f *files) faults() []Diagnostic {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Diagnostic
	for _, n := range f.nodes {
		for _, fault := range n.File().Faults() {
			out = append(out, Diagnostic{Position: fault.Position, Level: Error, Rule: "syntax", Message: fault.Message})
		}
	}
	return out
}
