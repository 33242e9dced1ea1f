package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock/diff"
)

// diffFlags are those of standin diff.
type diffFlags struct {
	format, failOn string
	traffic        []string
}

func (f *diffFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", "text", "text, json or markdown")
	flags.StringArrayVar(&f.traffic, "traffic", nil, "file of a client's recorded exchanges (HAR, lines of the journal, WireMock): tell only what that client would notice; may be given several times")
	flags.StringVar(&f.failOn, "fail-on", "breaking", "the least level that gives exit code 1: breaking, warning, info, or none")
}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Tell what changed for clients between two documents",
		Long: `Tell what changed for clients between two documents, one line for each edit: what breaks clients, what may, and what they can
look at. OLD and NEW are files, or REVISION:PATH as git takes them (HEAD~1:openapi.yaml; PATH counts from the repository's root,
./PATH from here).

Exit codes: 0 nothing that breaks, 1 breaking changes (see --fail-on), 2 misuse, 3 could not run.`,
		Example: "  standin diff openapi.old.yaml openapi.yaml\n  standin diff main:openapi.yaml openapi.yaml --format markdown\n" +
			"  standin diff old.yaml new.yaml --traffic app.har   # what this client would notice",
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := a.settle(cmd.Flags()); err != nil {
				return err
			}
			least, err := f.check(args)
			if err != nil {
				return err
			}
			report, err := a.compare(cmd.Context(), args[0], args[1], f.traffic)
			if err != nil {
				return err
			}
			if err := f.write(a, report); err != nil {
				return failed(err)
			}
			for _, row := range report.Rows {
				if f.failOn != "none" && row.Level >= least {
					return &exitError{code: exitBroken}
				}
			}
			return nil
		},
	}
	f.add(c.Flags())
	return c
}

// check judges the command line and gives the least level that fails.
func (f *diffFlags) check(args []string) (diff.Level, error) {
	if len(args) != 2 {
		return 0, misuse("two documents are compared, the old and the new one, not %d", len(args))
	}
	if f.format != "text" && f.format != "json" && f.format != "markdown" {
		return 0, misuse("--format is text, json or markdown, not %q", f.format)
	}
	if f.failOn == "none" {
		return diff.Breaking, nil
	}
	var least diff.Level
	if err := least.UnmarshalText([]byte(f.failOn)); err != nil {
		return 0, misuse("--fail-on is breaking, warning, info or none, not %q", f.failOn)
	}
	return least, nil
}

func (f *diffFlags) write(a *app, r *diff.Report) error {
	switch f.format {
	case "json":
		return r.WriteJSON(a.stdout)
	case "markdown":
		return r.WriteMarkdown(a.stdout)
	}
	return r.WriteText(a.stdout)
}

// compare gives what changed; with recorded traffic, what its client would notice of that.
func (a *app) compare(ctx context.Context, old, new string, names []string) (*diff.Report, error) {
	before, err := readDocument(ctx, old)
	if err != nil {
		return nil, failed(err)
	}
	after, err := readDocument(ctx, new)
	if err != nil {
		return nil, failed(err)
	}
	report, err := diff.Compare(ctx, before, after)
	if err != nil {
		return nil, failed(err)
	}
	if len(names) == 0 {
		return report, nil
	}
	var files []diff.Recorded
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, misuse("--traffic: %w", err)
		}
		files = append(files, diff.Recorded{Name: filepath.ToSlash(name), Text: text})
	}
	noticed, others, err := report.Noticed(ctx, before, after, files...)
	if err != nil {
		return nil, misuse("--traffic: %w", err)
	}
	fmt.Fprintf(a.stderr, "of %s, the client of %s would notice %d\n", count(others+len(noticed.Rows), "change"), strings.Join(names, ", "), len(noticed.Rows))
	return noticed, nil
}

// readDocument reads a file, or what git has under REVISION:PATH. A file of that very name goes first.
func readDocument(ctx context.Context, name string) (diff.Document, error) {
	d, err := readFile(name)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return d, err
	}
	revision, path, found := strings.Cut(name, ":")
	if !found || revision == "" || path == "" || strings.HasPrefix(revision, "-") {
		return diff.Document{}, fmt.Errorf("there is no file %s", name)
	}
	d, err = gitDocument(ctx, "", revision, path)
	if err != nil {
		return diff.Document{}, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return d, nil
}

// readFile reads a document on disk; its references lead into its folder, and not out of it.
func readFile(name string) (diff.Document, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return diff.Document{}, err
	}
	dir := filepath.Dir(name)
	files := diff.FolderFunc(func(file string) ([]byte, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer func() { _ = root.Close() }()
		return root.ReadFile(file)
	})
	return diff.Document{Name: filepath.ToSlash(filepath.Clean(name)), Text: text, Files: files}, nil
}
