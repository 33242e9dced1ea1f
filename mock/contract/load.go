package contract

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"standin/mock/internal/overlay"
	"standin/mock/internal/route"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Contract is a compiled document. It is immutable to its users and safe for concurrent use: operations compile on first touch,
// one at a time.
type Contract struct {
	files      *files
	name, dir  string
	root       *Node
	info       Info
	dialect    schema.Dialect
	operations []*Operation
	callbacks  []*Callback
	byID       map[string]*Operation
	prefixes   []string
	matcher    *route.Matcher
	login      *Login
	logo       []byte

	mu       sync.Mutex // guards everything below
	compiler *schema.Compiler
	memo     memo
	found    []Diagnostic
	known    map[remark]bool

	once sync.Once
	done chan struct{}

	queries sync.Pool // of *param.Query
}

// Load reads the document of that file name and indexes it; everything that it refers to must lie in its folder or below. It returns once
// operations can be found; [Contract.Wait] ends the compilation. An error means that there is nothing to serve: the file cannot be
// read, is neither JSON nor YAML, or no OpenAPI document; it tells file, line and column where it can.
//
// A name that begins with http:// or https:// is fetched, and so is what it refers to in its folder or below.
func Load(ctx context.Context, name string, opts ...LoadOption) (*Contract, error) {
	if isURL(name) {
		return loadURL(ctx, name, opts)
	}
	dir, base := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	display := ""
	if clean := filepath.ToSlash(filepath.Clean(dir)); clean != "." {
		display = strings.TrimSuffix(clean, "/") + "/"
	}
	c, err := load(ctx, newFiles(root.FS(), display), base, opts) // the root stays open for files that are still to be referred to
	if err != nil {
		_ = root.Close()
		return nil, err
	}
	c.name, c.dir = name, dir
	return c, nil
}

// LoadFS is [Load] from a file system; name has slashes.
func LoadFS(ctx context.Context, fsys fs.FS, name string, opts ...LoadOption) (*Contract, error) {
	dir := path.Dir(name)
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	display := ""
	if dir != "." {
		display = dir + "/"
	}
	c, err := load(ctx, newFiles(sub, display), path.Base(name), opts)
	if err != nil {
		return nil, err
	}
	c.name = name
	return c, nil
}

// Parse is [Load] from bytes; name tells JSON from YAML by its ending and stands in messages. References to files lead nowhere.
func Parse(ctx context.Context, name string, text []byte, opts ...LoadOption) (*Contract, error) {
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%q cannot be the name of a document", name)
	}
	return LoadFS(ctx, memory{name, text}, name, opts...)
}

// LoadOption changes how a document is loaded.
type LoadOption func(*loading) error

// loading is what options ask for.
type loading struct {
	overlays []*overlay.Overlay
	texts    []overlayText
	remote   bool
}

type overlayText struct {
	name string
	text []byte
}

// WithOverlay applies an OpenAPI Overlay (1.0 or 1.1) to the document, behind those given before. The name tells JSON from YAML by its
// ending and stands in places.
func WithOverlay(name string, text []byte) LoadOption {
	return func(l *loading) error {
		o, err := overlay.Read(name, text)
		if err != nil {
			return err
		}
		l.overlays, l.texts = append(l.overlays, o), append(l.texts, overlayText{name, text})
		return nil
	}
}

// overlay applies overlays to the root document, which all references then lead to.
func (f *files) overlay(base string, root *Node, l *loading) (*Node, []overlay.Remark) {
	var remarks []overlay.Remark
	for _, o := range l.overlays {
		var more []overlay.Remark
		root, more = o.Apply(root)
		remarks = append(remarks, more...)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nodes[base] = root
	for _, t := range l.texts {
		f.sums["overlay "+t.name] = sha256.Sum256(t.text)
	}
	return root, remarks
}

func load(ctx context.Context, f *files, base string, opts []LoadOption) (*Contract, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var l loading
	for _, option := range opts {
		if err := option(&l); err != nil {
			return nil, err
		}
	}
	if l.remote {
		f.fetcher = newFetcher(ctx)
	}
	root, err := f.node(base)
	if err != nil {
		return nil, err
	}
	root, remarks := f.overlay(base, root, &l)
	c := &Contract{
		files: f, root: root, byID: map[string]*Operation{}, known: map[remark]bool{}, memo: newMemo(), done: make(chan struct{}),
	}
	if err := c.identify(); err != nil {
		return nil, err
	}
	for _, r := range remarks {
		c.warn(r.Position, "overlay", r.Message)
	}
	c.compiler = schema.NewCompiler(f, c.dialect)
	c.readPrefixes()
	c.index()
	c.indexCallbacks()
	c.readLogin()
	c.readLogo()
	return c, nil
}

// identify reads which specification the document follows.
func (c *Contract) identify() error {
	if !c.root.Is(source.Object) {
		return c.refuse("", "an OpenAPI document is an object, this is "+kindName(c.root))
	}
	version, swagger := c.root.Get("openapi").Text(), c.root.Get("swagger").Text()
	switch {
	case strings.HasPrefix(version, "3.0"):
		c.dialect = schema.OpenAPI30
	case strings.HasPrefix(version, "3."):
		c.dialect = schema.OpenAPI31
	case version == "" && strings.HasPrefix(swagger, "2"):
		version, c.dialect = "2.0", schema.OpenAPI20
	case version == "" && swagger != "":
		return c.refuse("swagger", fmt.Sprintf("swagger is %q, and only 2.0 is supported; from 3.0 on it is called openapi", swagger))
	case has(c.root, "openapi") && version == "":
		return c.refuse("openapi", "openapi must be a version like 3.1.0, this is "+kindName(c.root.Get("openapi")))
	case has(c.root, "openapi"):
		return c.refuse("openapi", fmt.Sprintf("openapi is %q, and only 3.0, 3.1 and 3.2 are supported", version))
	default:
		return c.refuse("", "this is no OpenAPI document: it has neither openapi nor swagger at its top")
	}
	info := c.member(c.top(), "info", source.Object)
	c.info = Info{
		Title: info.Get("title").StringOr("Untitled API"), Version: info.Get("version").Text(), Summary: info.Get("summary").Text(),
		Description: info.Get("description").Text(), OpenAPI: version,
	}
	return nil
}

// refuse says why the root document cannot be served, at one of its members.
func (c *Contract) refuse(member, message string) error {
	return &source.Error{Position: c.root.PositionOf(member), Message: message}
}

// kindName is a value's kind with its article.
func kindName(n *Node) string { return article(n.Kind()) }

func article(k source.Kind) string {
	switch k {
	case source.Null:
		return "null"
	case source.Array, source.Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// Wait compiles everything that has not been touched yet and gives all faults of the document in order of place. When ctx ends
// early it gives what is known by then.
func (c *Contract) Wait(ctx context.Context) []Diagnostic {
	c.once.Do(func() { go c.compileAll() })
	select {
	case <-c.done:
	case <-ctx.Done():
	}
	return c.diagnostics()
}

func (c *Contract) compileAll() {
	defer close(c.done)
	for _, op := range c.operations {
		op.compiled()
	}
	for _, one := range c.callbacks {
		one.Request.compiled()
	}
}

// Name is the root document's name as it was given.
func (c *Contract) Name() string { return c.name }

// Dir is the folder of the root document on disk, "" if it was read from bytes or a file system.
func (c *Contract) Dir() string { return c.dir }

// Info is what the document says of itself.
func (c *Contract) Info() Info { return c.info }

// Root is the root document as written.
func (c *Contract) Root() *Node { return c.root }

// Digest is the SHA-256 over all bytes read, in hex; complete once [Contract.Wait] has returned.
func (c *Contract) Digest() string { return c.files.digest() }

// Files lists every file read, relative to the root document's folder, the root first; complete once [Contract.Wait] has returned.
func (c *Contract) Files() []string { return c.files.names() }

// Prefixes are the path prefixes of the document's servers, longest first; "" is always the last.
func (c *Contract) Prefixes() []string { return c.prefixes }

// Operations are all operations in the order of the document.
func (c *Contract) Operations() []*Operation { return c.operations }

// Operation is the one with that id, or "METHOD /template"; nil if there is none.
func (c *Contract) Operation(id string) *Operation { return c.byID[id] }
