package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
	"standin/mock/contract"
)

// checkFlags are those of standin check.
type checkFlags struct {
	format, failOn, fixtures string
	overlays                 []string
}

func (f *checkFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", "text", "text or json")
	flags.StringVar(&f.failOn, "fail-on", "error", "the least level that gives exit code 1: error or warning")
	flags.StringArrayVar(&f.overlays, "overlay", nil, "OpenAPI Overlay to apply to the document; may be given several times")
	flags.StringVar(&f.fixtures, "fixtures", "", "folder of fixtures (default: fixtures beside the document)")
}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:     "check [DOC]",
		Short:   "Say what is wrong with a document and its fixtures",
		Example: "  standin check openapi.yaml --format json",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, &f.fixtures)
			if err != nil {
				return err
			}
			if f.format != "text" && f.format != "json" {
				return misuse("--format is text or json, not %q", f.format)
			}
			if f.failOn != "error" && f.failOn != "warning" {
				return misuse("--fail-on is error or warning, not %q", f.failOn)
			}
			d.overlays = f.overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			found := mock.Check(cmd.Context(), loaded, d.files())
			if err := report(a.stdout, f.format, d, len(loaded.Operations()), found); err != nil {
				return failed(err)
			}
			for _, finding := range found {
				if finding.Level == contract.Error || f.failOn == "warning" {
					return &exitError{code: exitBroken}
				}
			}
			return nil
		},
	}
	f.add(c.Flags())
	return c
}

// finding is a diagnostic as JSON.
type finding struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Col       int    `json:"col"`
	Level     string `json:"level"`
	Rule      string `json:"rule"`
	Message   string `json:"message"`
	Operation string `json:"operation,omitempty"`
}

func report(w io.Writer, format string, d document, operations int, found []contract.Diagnostic) error {
	if format == "json" {
		findings := []finding{}
		for _, f := range found {
			findings = append(findings, finding{
				File: f.Position.File, Line: f.Position.Line, Col: f.Position.Col,
				Level: f.Level.String(), Rule: f.Rule, Message: f.Message, Operation: f.Operation,
			})
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]any{"document": d.name(), "operations": operations, "findings": findings})
	}
	for _, f := range found {
		if _, err := fmt.Fprintln(w, f); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s: %s, %s\n", d.name(), count(operations, "operation"), tally(found))
	return err
}

// tally tells in words how many findings of each level there are.
func tally(found []contract.Diagnostic) string {
	errors, warnings := 0, 0
	for _, f := range found {
		if f.Level == contract.Error {
			errors++
		} else {
			warnings++
		}
	}
	switch {
	case errors+warnings == 0:
		return "no findings"
	case warnings == 0:
		return count(errors, "error")
	case errors == 0:
		return count(warnings, "warning")
	}
	return count(errors, "error") + ", " + count(warnings, "warning")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
