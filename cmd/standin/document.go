package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"standin"
	"standin/mock/contract"
)

// document is what is served or checked: a file on disk, or the demo.
type document struct {
	path     string // "" for the demo
	fixtures string // folder on disk; "" for none, or the demo's own
	demo     bool
	// mount is the first segment of its URLs where several documents are served; "" where it is the only one.
	mount string
	// overlays are files with changes to the document, in order.
	overlays []string
	// fetches tells that references may lead to other hosts.
	fetches bool
}

// name is what people call it.
func (d document) name() string {
	if d.demo {
		return "the demo"
	}
	return d.path
}

// conventional are the names looked for where no document is named.
func conventional() []string {
	return []string{"openapi.yaml", "openapi.yml", "openapi.json", "swagger.yaml", "swagger.yml", "swagger.json"}
}

// documentFlags are those that change how a document is read.
func documentFlags(flags *pflag.FlagSet, overlays *[]string) {
	flags.StringArrayVar(overlays, "overlay", nil, "OpenAPI Overlay to apply to the document; may be given several times")
	flags.Bool("allow-remote", false, "fetch what the document refers to on other hosts")
}

// fetches tells whether references may lead to other hosts.
func fetches(flags *pflag.FlagSet) bool {
	allowed, err := flags.GetBool("allow-remote")
	return err == nil && allowed
}

// chosen gives the flags their values and finds the document that they and the arguments, or else the config file, mean. fixtures
// is the flag that names their folder, nil where a command has none.
func (a *app) chosen(flags *pflag.FlagSet, args []string, fixtures *string) (document, error) {
	documents, err := a.settle(flags)
	if err != nil {
		return document{}, err
	}
	if len(args) == 0 {
		args = documents
	}
	from := ""
	if fixtures != nil {
		from = *fixtures
	}
	d, err := a.pick(args, from)
	d.fetches = fetches(flags)
	return d, err
}

// several gives the flags their values and finds the documents to serve: one, or those named NAME=DOC or simply DOC, each below its
// own name.
func (a *app) several(flags *pflag.FlagSet, args []string, fixtures *string) ([]document, error) {
	documents, err := a.settle(flags)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		args = documents
	}
	if len(args) == 0 || len(args) == 1 && !mountable(args[0]) {
		d, err := a.pick(args, *fixtures)
		d.fetches = fetches(flags)
		return []document{d}, err
	}
	var out []document
	seen := map[string]bool{}
	for _, arg := range args {
		d := document{path: arg, fetches: fetches(flags), mount: strings.TrimSuffix(filepath.Base(arg), filepath.Ext(arg))}
		if mountable(arg) {
			d.mount, d.path, _ = strings.Cut(arg, "=")
		}
		if !mountName.MatchString(d.mount) {
			return nil, misuse("%q cannot stand in a URL; name the document with NAME=%s", d.mount, d.path)
		}
		if seen[d.mount] {
			return nil, misuse("two documents are called %s; name them with NAME=DOC", d.mount)
		}
		seen[d.mount] = true
		if err := d.addMountedFixtures(*fixtures, len(args) > 1); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// mountable tells whether an argument has the form NAME=DOC.
func mountable(arg string) bool {
	name, _, ok := strings.Cut(arg, "=")
	return ok && mountName.MatchString(name)
}

var mountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// addMountedFixtures finds the fixtures of one of several documents: the folder of its name among them, else the whole folder if no
// other document shares it.
func (d *document) addMountedFixtures(dir string, shared bool) error {
	if err := d.addFixtures(dir); err != nil || d.fixtures == "" {
		return err
	}
	own := filepath.Join(d.fixtures, d.mount)
	if info, err := os.Stat(own); err == nil && info.IsDir() {
		d.fixtures = own
	} else if shared {
		d.fixtures = ""
	}
	return nil
}

// pick finds the document that a command line means. In CI the demo must be asked for by name.
func (a *app) pick(args []string, fixtures string) (document, error) {
	if len(args) > 1 {
		return document{}, misuse("one document at a time, not %d", len(args))
	}
	d := document{}
	if len(args) == 1 {
		d.path = args[0]
	} else {
		for _, name := range conventional() {
			if info, err := os.Stat(name); err == nil && !info.IsDir() {
				d.path = name
				break
			}
		}
	}
	if d.path == "" {
		if a.getenv("CI") != "" {
			return d, misuse("no document: name one, or put openapi.yaml here (the demo is standin demo)")
		}
		return document{demo: true}, nil
	}
	return d, d.addFixtures(fixtures)
}

func (d *document) addFixtures(dir string) error {
	if dir != "" {
		info, err := os.Stat(dir)
		if err != nil {
			return misuse("the fixtures folder cannot be read: %w", err)
		}
		if !info.IsDir() {
			return misuse("--fixtures names a folder, and %s is a file", dir)
		}
		d.fixtures = dir
		return nil
	}
	if d.remote() {
		return nil
	}
	beside := filepath.Join(filepath.Dir(d.path), "fixtures")
	if info, err := os.Stat(beside); err == nil && info.IsDir() {
		d.fixtures = beside
	}
	return nil
}

// remote tells whether the document is fetched from another host.
func (d document) remote() bool {
	return strings.HasPrefix(d.path, "http://") || strings.HasPrefix(d.path, "https://")
}

// options reads the overlays.
func (d document) options() ([]contract.LoadOption, error) {
	var out []contract.LoadOption
	if d.fetches {
		out = append(out, contract.AllowRemote())
	}
	for _, name := range d.overlays {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, misuse("the overlay cannot be read: %w", err)
		}
		out = append(out, contract.WithOverlay(filepath.ToSlash(name), text))
	}
	return out, nil
}

// load compiles the document.
func (d document) load(ctx context.Context) (*contract.Contract, error) {
	if d.demo {
		options, err := d.options()
		if err != nil {
			return nil, err
		}
		c, err := contract.LoadFS(ctx, standin.Demo(), "openapi.yaml", options...)
		if err != nil {
			return nil, failed(err)
		}
		return c, nil
	}
	options, err := d.options()
	if err != nil {
		return nil, err
	}
	c, err := contract.Load(ctx, d.path, options...)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, failed(fmt.Errorf("there is no file %s", d.path))
	case err != nil:
		return nil, failed(err)
	}
	return c, nil
}

// files is the fixtures' folder, nil for none.
func (d document) files() fs.FS {
	if d.demo {
		sub, err := fs.Sub(standin.Demo(), "fixtures")
		if err != nil {
			return nil
		}
		return sub
	}
	if d.fixtures == "" {
		return nil
	}
	return folder(d.fixtures)
}

// folder is the files below a folder on disk, as they are now and in whatever is put in its place; links do not lead out of it.
type folder string

// Open opens the folder anew each time, so that nothing is held open between.
func (f folder) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	return root.FS().Open(name)
}
