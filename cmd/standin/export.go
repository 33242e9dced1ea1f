package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
)

// exportFlags are those of standin export.
type exportFlags struct {
	base, sandbox, fixtures string
	overlays                []string
	seed                    uint64
}

func (f *exportFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.base, "base", "", "URL that the files will have (default: not known; links are relative either way)")
	flags.StringVar(&f.sandbox, "sandbox", "", "URL of a standin of the same document, where operations are tried (default: they are not)")
	documentFlags(flags, &f.overlays)
	flags.StringVar(&f.fixtures, "fixtures", "", "folder of fixtures (default: fixtures beside the document)")
	flags.Uint64Var(&f.seed, "seed", 1, "decides what is generated")
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export DIR [DOC]",
		Short: "Write the documentation as files that any web server can serve",
		Example: "  standin export public openapi.yaml --base https://docs.example.com\n" +
			"  standin export public --sandbox https://mock.example.com   # which is told --docs-origin https://docs.example.com",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("a folder to write to is needed: standin export DIR [DOC]")
			}
			d, err := a.chosen(cmd.Flags(), args[1:], &f.fixtures)
			if err != nil {
				return err
			}
			d.overlays = f.overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			appearance, err := looks(configFile)
			if err != nil {
				return err
			}
			err = mock.Export(cmd.Context(), loaded, args[0], mock.Static{Base: f.base, Sandbox: f.sandbox},
				mock.Docs(appearance), mock.Fixtures(d.files()), mock.Seed(f.seed), mock.CompareHistory(d.compare))
			if err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintf(a.stdout, "%s is written to %s\n", d.name(), args[0])
			return err
		},
	}
	f.add(c.Flags())
	return c
}
