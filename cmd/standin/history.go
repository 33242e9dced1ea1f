package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock/diff"
)

// historyFlags are those of standin history.
type historyFlags struct {
	fixtures, output string
	tags             []string
}

func (f *historyFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.fixtures, "fixtures", "", "folder of fixtures (default: fixtures beside the document)")
	flags.StringSliceVar(&f.tags, "from-git", nil, "git tags that old documents are read at, as patterns: 'v*'")
	flags.StringVar(&f.output, "output", "", "file to write, - for standard output (default: history/changes.json in the fixtures)")
}

func (a *app) historyCommand() *cobra.Command {
	var f historyFlags
	c := &cobra.Command{
		Use:   "history [DOC]",
		Short: "Write what changed from version to version, for the documentation's pages",
		Long: `Compare the old documents in fixtures/history (named by version or date: 4.7.yaml, 2026-01-15.json, 2026-01-15_4.7.yaml) with
each other and with the document itself, and write fixtures/history/changes.json. With --from-git the old documents are those that
git has under the tags. Versions that stand in changes.json already and have no old document any more are kept.`,
		Example: "  standin history openapi.yaml\n  standin history openapi.yaml --from-git 'v*'",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, &f.fixtures)
			if err != nil {
				return err
			}
			if d.demo {
				return misuse("no document: name one, or put openapi.yaml here")
			}
			return a.writeHistory(cmd.Context(), d, f)
		},
	}
	f.add(c.Flags())
	return c
}

func (a *app) writeHistory(ctx context.Context, d document, f historyFlags) error {
	current, err := d.read()
	if os.IsNotExist(err) {
		return failed(fmt.Errorf("there is no file %s", d.path))
	}
	if err != nil {
		return failed(err)
	}
	fixtures := d.fixtures
	if fixtures == "" {
		fixtures = filepath.Join(filepath.Dir(d.path), "fixtures")
	}
	old, err := diff.Folder(folder(filepath.Join(fixtures, filepath.Dir(diff.FileName))))
	if err != nil {
		return failed(err)
	}
	if len(f.tags) > 0 {
		tagged, err := a.tagged(ctx, d.path, f.tags)
		if err != nil {
			return failed(err)
		}
		old = append(old, tagged...)
	}
	onFile, err := diff.ReadHistory(folder(fixtures), diff.FileName)
	if err != nil {
		return failed(err)
	}
	found, err := diff.History(ctx, old, &current)
	if err != nil {
		return failed(err)
	}
	found = found.Over(onFile)
	output := f.output
	if output == "" {
		output = filepath.Join(fixtures, filepath.FromSlash(diff.FileName))
	}
	return a.store(found, output)
}

// store writes a history to a file, which is there whole or not at all.
func (a *app) store(h *diff.Versions, output string) error {
	if output == "-" {
		if err := h.Write(a.stdout); err != nil {
			return failed(err)
		}
		return nil
	}
	var text bytes.Buffer
	if err := h.Write(&text); err != nil {
		return failed(err)
	}
	if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil {
		return failed(err)
	}
	if err := replaceFile(output, text.Bytes()); err != nil {
		return failed(err)
	}
	changes, breaking := 0, 0
	for i := range h.Versions {
		changes += len(h.Versions[i].Rows)
		breaking += h.Versions[i].Count(diff.Breaking)
	}
	fmt.Fprintf(a.stdout, "%s: %s, %s, %d breaking\n", output, count(len(h.Versions), "version"), count(changes, "change"), breaking)
	return nil
}

// replaceFile writes a file beside its place and then puts it there.
func replaceFile(name string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".changes-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(text); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// tagged are the revisions of a document that git has under tags; tags without it are told of and passed over.
func (a *app) tagged(ctx context.Context, name string, patterns []string) ([]diff.Revision, error) {
	dir, base := filepath.Dir(name), "./"+filepath.Base(name)
	args := append([]string{"for-each-ref", "--format=%(refname:lstrip=2)%09%(creatordate:short)"}, refs(patterns)...)
	list, err := git(ctx, dir, args...)
	if err != nil {
		return nil, err
	}
	var out []diff.Revision
	for line := range strings.Lines(string(list)) {
		tag, date, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if _, err := git(ctx, dir, "cat-file", "-e", "refs/tags/"+tag+":"+base); err != nil {
			fmt.Fprintf(a.stderr, "standin: the tag %s has no %s, it is passed over\n", tag, name)
			continue
		}
		r := diff.NewRevision(tag, func(ctx context.Context) (diff.Document, error) {
			old, err := gitDocument(ctx, dir, "refs/tags/"+tag, base)
			old.Name = tag + ":" + filepath.Base(name)
			return old, err
		})
		if r.Date == "" {
			r.Date = date
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no tag that matches %s has %s", strings.Join(patterns, ", "), name)
	}
	return out, nil
}

// refs are the patterns of tags as git's full names.
func refs(patterns []string) []string {
	out := make([]string, len(patterns))
	for i, p := range patterns {
		out[i] = "refs/tags/" + p
	}
	return out
}
