package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"standin/mock"
	"standin/mock/contract"
)

// lookAtTraffic adds what recorded exchanges break to the findings, and tells on stderr how much was looked at.
func (a *app) lookAtTraffic(ctx context.Context, c *contract.Contract, names []string, r *findings) error {
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return misuse("--traffic: %w", err)
		}
		t, err := mock.CheckTraffic(ctx, c, filepath.ToSlash(name), text)
		if err != nil {
			return misuse("--traffic %s: %w", name, err)
		}
		fmt.Fprintf(a.stderr, "%s: %s of %s of %s%s\n", name, count(t.Exchanges, "exchange"), count(len(t.Operations), "operation"), fmt.Sprint(len(c.Operations())), apart(t))
		for _, one := range t.Findings {
			rule := "traffic"
			if one.Side != "" {
				rule += "-" + one.Side
			}
			r.all = append(r.all, finding{
				File: one.Position.File, Line: one.Position.Line, Col: one.Position.Col, Level: one.Level.String(), Rule: rule,
				Message: one.String(), Operation: one.Operation,
			})
		}
	}
	return nil
}

// apart tells what was not judged.
func apart(t *mock.Traffic) string {
	out := ""
	if t.Foreign > 0 {
		out += fmt.Sprintf("; %d more with other hosts", t.Foreign)
	}
	if t.Unjudged > 0 {
		out += fmt.Sprintf("; bodies not recorded: %d", t.Unjudged)
	}
	return out
}
