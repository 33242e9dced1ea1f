package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
)

// coverageFlags are those of standin coverage.
type coverageFlags struct {
	format, least     string
	traffic, overlays []string
}

func (f *coverageFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.traffic, "traffic", nil, "file of recorded exchanges: HAR, lines of its entries or of the journal, WireMock's mappings or requests; may be given several times")
	flags.StringVar(&f.format, "format", "text", strings.Join(mock.CoverageFormats(), ", "))
	flags.StringVar(&f.least, "min-coverage", "", "least percentages for exit code 0, such as 80 (of operations) or operations=100,statuses=50,parameters=30,properties=20,enums=10 (default: none)")
	documentFlags(flags, &f.overlays)
}

func (a *app) coverageCommand() *cobra.Command {
	var f coverageFlags
	c := &cobra.Command{
		Use:     "coverage [DOC] --traffic FILE",
		Short:   "Tell which operations, statuses, parameters, properties and enumerated values recorded traffic used",
		Example: "  standin coverage openapi.yaml --traffic tests.har --min-coverage operations=90,statuses=50",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, nil)
			if err != nil {
				return err
			}
			if len(f.traffic) == 0 {
				return misuse("recorded traffic is named with --traffic FILE")
			}
			if !slices.Contains(mock.CoverageFormats(), f.format) {
				return misuse("--format is %s, not %q", strings.Join(mock.CoverageFormats(), ", "), f.format)
			}
			d.overlays = f.overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			used := mock.NewCoverage(loaded)
			for _, name := range f.traffic {
				text, err := os.ReadFile(name)
				if err != nil {
					return misuse("--traffic: %w", err)
				}
				if err := used.AddTraffic(cmd.Context(), loaded, filepath.ToSlash(name), text); err != nil {
					return misuse("--traffic %s: %w", name, err)
				}
			}
			kept, err := used.Write(a.stdout, f.format, f.least)
			if err != nil {
				return misuse("--min-coverage: %w", err)
			}
			if !kept {
				return &exitError{code: exitBroken}
			}
			return nil
		},
	}
	f.add(c.Flags())
	return c
}
