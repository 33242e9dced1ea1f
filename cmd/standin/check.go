package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
	"standin/mock/contract"
)

// checkFlags are those of standin check.
type checkFlags struct {
	format, failOn, level, fixtures string
	overlays, ignore, traffic       []string
}

func (f *checkFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", "text", "text, json, sarif, github (workflow commands) or gitlab (code quality)")
	flags.StringVar(&f.failOn, "fail-on", "error", "the least level that gives exit code 1: error, warning or hint")
	flags.StringVar(&f.level, "level", "warning", "the least level that is told: error, warning or hint")
	flags.StringSliceVar(&f.ignore, "ignore", nil, "rule that is not looked at; may be given several times")
	documentFlags(flags, &f.overlays)
	flags.StringVar(&f.fixtures, "fixtures", "", "folder of fixtures (default: fixtures beside the document)")
	flags.StringArrayVar(&f.traffic, "traffic", nil, "file of recorded exchanges to hold against the document: HAR, lines of HAR entries, or WireMock's mappings or requests; may be given several times")
}

// check tells what cannot be meant.
func (f *checkFlags) check() error {
	if reporters()[f.format] == nil {
		return misuse("--format is text, json, sarif, github or gitlab, not %q", f.format)
	}
	for _, one := range []struct{ flag, value string }{{"--fail-on", f.failOn}, {"--level", f.level}} {
		if !slices.Contains(levels(), one.value) {
			return misuse("%s is error, warning or hint, not %q", one.flag, one.value)
		}
	}
	return nil
}

// levels are those of findings, the gravest first.
func levels() []string { return []string{"error", "warning", "hint"} }

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check [DOC]",
		Short: "Say what is wrong with a document and its fixtures, and what could be better",
		Example: "  standin check openapi.yaml --level hint\n  standin check openapi.yaml --format sarif > standin.sarif\n" +
			"  standin check openapi.yaml --traffic session.har   # what a client and the real server break",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, &f.fixtures)
			if err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			d.overlays = f.overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			r := f.look(cmd.Context(), d, loaded)
			if err := a.lookAtTraffic(cmd.Context(), loaded, f.traffic, r); err != nil {
				return err
			}
			if err := reporters()[f.format](a.stdout, r); err != nil {
				return failed(err)
			}
			for _, one := range r.all {
				if slices.Index(levels(), one.Level) <= slices.Index(levels(), f.failOn) {
					return &exitError{code: exitBroken}
				}
			}
			return nil
		},
	}
	f.add(c.Flags())
	return c
}

// look gathers what there is to say.
func (f *checkFlags) look(ctx context.Context, d document, c *contract.Contract) *findings {
	r := &findings{document: d.name(), operations: len(c.Operations()), level: f.level}
	for _, one := range mock.Check(ctx, c, d.files()) {
		if !slices.Contains(f.ignore, one.Rule) {
			r.all = append(r.all, finding{
				File: one.Position.File, Line: one.Position.Line, Col: one.Position.Col, Level: one.Level.String(), Rule: one.Rule,
				Message: one.Message, Operation: one.Operation,
			})
		}
	}
	for _, one := range mock.Lint(ctx, c, f.ignore...) {
		r.all = append(r.all, finding{
			File: one.Position.File, Line: one.Position.Line, Col: one.Position.Col, Level: "hint", Rule: one.Rule, Message: one.Message,
			Operation: one.Operation, Fix: one.Fix, about: one.About,
		})
	}
	return r
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
