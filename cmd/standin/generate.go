package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
)

// requestFlags are those of standin generate requests.
type requestFlags struct {
	kind     string // --format, whose meaning differs from that of check
	out      string
	base     string
	overlays []string
	seed     uint64
}

func (f *requestFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.kind, "format", "http", strings.Join(mock.RequestFormats(), ", ")+": a file for the HTTP clients of editors, a shell script, a script for k6, a collection")
	flags.StringVarP(&f.out, "output", "o", "", "file to write to (default: stdout)")
	flags.StringVar(&f.base, "base-url", "http://localhost:8080", "URL that requests go to, in front of the document's own paths")
	documentFlags(flags, &f.overlays)
	flags.Uint64Var(&f.seed, "seed", 1, "decides what is generated")
}

// generateCommand is the parent of what makes files from a document.
func (a *app) generateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "generate",
		Short: "Write files made from a document: requests to send, fixtures to begin with",
		RunE: func(cmd *cobra.Command, args []string) error {
			return misuse("name what to generate: %s", strings.Join(a.kinds(cmd), " or "))
		},
	}
	c.AddCommand(a.requestsCommand(), a.startersCommand())
	return c
}

// kinds are the names of a command's own commands.
func (a *app) kinds(c *cobra.Command) []string {
	var out []string
	for _, sub := range c.Commands() {
		out = append(out, sub.Name())
	}
	return out
}

func (a *app) requestsCommand() *cobra.Command {
	var f requestFlags
	c := &cobra.Command{
		Use:   "requests [DOC]",
		Short: "Write a valid request for each operation, for the tools that send them",
		Long: `Write a valid request for each operation, and one for each documented example of its body. Credentials are variables: in braces in
.http files and collections, of the environment in scripts.`,
		Example: "  standin generate requests openapi.yaml -o api.http\n  standin generate requests --format curl -o try.sh && API_KEY=… sh try.sh",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(mock.RequestFormats(), f.kind) {
				return misuse("--format is %s, not %q", strings.Join(mock.RequestFormats(), ", "), f.kind)
			}
			d, err := a.chosen(cmd.Flags(), args, nil)
			if err != nil {
				return err
			}
			d.overlays = f.overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			var b bytes.Buffer
			left, err := mock.WriteRequests(cmd.Context(), &b, loaded, f.kind, strings.TrimSuffix(f.base, "/"), f.seed)
			if err != nil {
				return failed(err)
			}
			if len(left) > 0 {
				fmt.Fprintf(a.stderr, "standin: no valid request could be made for %s\n", strings.Join(left, ", "))
			}
			return a.deliver(f.out, b.Bytes())
		},
	}
	f.add(c.Flags())
	return c
}

// deliver writes what was asked for to a file, or to stdout where none is named.
func (a *app) deliver(file string, text []byte) error {
	if file == "" || file == "-" {
		_, err := a.stdout.Write(text)
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return failed(err)
	}
	return nil
}

// starterFlags are those of standin generate fixtures.
type starterFlags struct {
	overlays []string
	seed     uint64
}

func (f *starterFlags) add(flags *pflag.FlagSet) {
	documentFlags(flags, &f.overlays)
	flags.Uint64Var(&f.seed, "seed", 1, "decides what is generated")
}

func (a *app) startersCommand() *cobra.Command {
	var f starterFlags
	c := &cobra.Command{
		Use:   "fixtures DOC DIR",
		Short: "Write fixtures to begin with: the answers and first rows that the mock would give anyway, to be changed",
		Long: `Write fixtures to begin with: an answer for each operation, and the first rows of collections that the mock remembers, as it would
give them anyway. DIR is a new or empty folder; the schema of its files, for editors, is written beside them.`,
		Example: "  standin generate fixtures openapi.yaml fixtures",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args[:1], nil)
			if err != nil {
				return err
			}
			d.overlays = f.overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			files, err := mock.StarterFixtures(cmd.Context(), loaded, f.seed)
			if err != nil {
				return failed(err)
			}
			if err := writeAll(args[1], files); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s with fixtures: %s\n", count(len(files)-1, "file"), args[1])
			return err
		},
	}
	f.add(c.Flags())
	return c
}

// writeAll writes files to a folder that is new or empty.
func writeAll(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return failed(err)
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		return failed(err)
	}
	if len(found) > 0 {
		return misuse("%s is not empty: write to a new folder", dir)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return failed(err)
		}
	}
	return nil
}
