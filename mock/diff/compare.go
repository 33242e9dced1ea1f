// Package diff tells what changed for an API's clients between two documents.
//
// [Compare] takes two documents of OpenAPI 2.0, 3.0 or 3.1 and gives a [Report]: one row for each edit, with its level, the
// operations that it reaches and the place in the new document. [History] does the same for every two neighbours among many old
// documents, and its result can be stored as changes.json.
//
// What breaks a client and what does not is decided by oasdiff's checks, with two differences: a new value of an enum in a response
// is a warning, and changed wording is told of, too. One edit of a schema that many operations share is one row.
package diff

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/oasdiff/oasdiff/checker"
	oasdiff "github.com/oasdiff/oasdiff/diff"

	"standin/mock/internal/history"
)

// The rows and their levels.
type (
	// Row is one change.
	Row = history.Row
	// Touch is one operation that a row affects.
	Touch = history.Touch
	// Level tells what a change means to a client.
	Level = history.Level
	// Version is one version of an API with its changes.
	Version = history.Version
	// Versions is an API's history, newest version first.
	Versions = history.History
)

// The levels.
const (
	Info     = history.Info
	Warning  = history.Warning
	Breaking = history.Breaking
)

// longest is how long a comparison may take when its context does not say.
const longest = 5 * time.Minute

// Report is what changed between two documents.
type Report struct {
	// Old and New are the names of the documents, OldVersion and NewVersion what they call their versions.
	Old        string `json:"old"`
	New        string `json:"new"`
	OldVersion string `json:"oldVersion"`
	NewVersion string `json:"newVersion"`
	// Rows are the changes, breaking first, then by operation in the order of the new document.
	Rows []Row `json:"changes"`

	hidden map[string]bool // operations that are marked x-internal in either document
}

// Count is the number of rows of a level.
func (r *Report) Count(level Level) int {
	v := Version{Rows: r.Rows}
	return v.Count(level)
}

// Compare tells what changed for clients from old to new. The same documents give the same report.
//
// An error names the document that cannot be read or compared, with the place where it can. Compare returns as soon as ctx ends,
// or after five minutes if ctx has no deadline; a step that is under way is then left to finish in the background.
func Compare(ctx context.Context, old, new Document) (*Report, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, longest)
		defer cancel()
	}
	before, err := prepare(ctx, old)
	if err != nil {
		return nil, err
	}
	after, err := prepare(ctx, new)
	if err != nil {
		return nil, err
	}
	return compare(ctx, before, after)
}

// prepare reads a document with both readers.
func prepare(ctx context.Context, d Document) (*side, error) {
	return step(ctx, d.Name, func() (*side, error) {
		s, err := open(ctx, d)
		if err != nil {
			return nil, err
		}
		return s, s.read(ctx)
	})
}

func compare(ctx context.Context, before, after *side) (*Report, error) {
	what := before.name + " and " + after.name
	changes, err := step(ctx, what, func() (checker.Changes, error) { return check(ctx, before, after) })
	if err != nil {
		return nil, err
	}
	return step(ctx, what, func() (*Report, error) {
		r := &Report{
			Old: before.name, New: after.name,
			OldVersion: before.contract.Info().Version, NewVersion: after.contract.Info().Version,
			hidden: map[string]bool{},
		}
		for _, s := range []*side{before, after} {
			for _, op := range s.contract.Operations() {
				if op.Internal() {
					r.hidden[op.ID] = true
				}
			}
		}
		r.Rows = newJudge(before, after).rows(changes)
		return r, nil
	})
}

// check runs oasdiff's checks.
func check(ctx context.Context, before, after *side) (checker.Changes, error) {
	report, sources, err := oasdiff.GetWithOperationsSourcesMap(oasdiff.NewConfig(), before.model, after.model)
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), ". You may ") // what follows is about oasdiff's own flags
		return nil, fmt.Errorf("%s and %s cannot be compared: %s%s%s", before.name, after.name, reason, before.faults(ctx), after.faults(ctx))
	}
	config := checker.NewConfig(checker.GetAllChecks(), checker.WithSeverityLevels(map[string]checker.Level{
		checker.ResponsePropertyEnumValueAddedId:  checker.WARN,
		checker.ResponseMediaTypeEnumValueAddedId: checker.WARN,
	}))
	return checker.CheckBackwardCompatibilityUntilLevel(config, report, sources, checker.INFO), nil
}

// step runs one stage beside its caller, so that the caller is free when ctx ends, and turns a panic of a library that met a document
// it did not foresee into an error.
func step[T any](ctx context.Context, what string, stage func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, stopped(what, err)
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if r := recover(); r != nil {
				o = outcome{err: fmt.Errorf("%s cannot be compared: %v (at %s)", what, r, origin())}
			}
			done <- o
		}()
		o.value, o.err = stage()
	}()
	select {
	case o := <-done:
		if err := ctx.Err(); err != nil && o.err != nil {
			return none, stopped(what, err)
		}
		return o.value, o.err
	case <-ctx.Done():
		return none, stopped(what, ctx.Err())
	}
}

func stopped(what string, err error) error {
	return fmt.Errorf("the comparison of %s was stopped: %w", what, err)
}

// origin names the function that panicked, for the report of the fault.
func origin() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		if frame.Function != "runtime.gopanic" && frame.Function != "runtime.panicmem" && frame.Function != "runtime.sigpanic" &&
			frame.Function != "runtime.goPanicIndex" && frame.Function != "" {
			return frame.Function
		}
		if !more {
			return "an unknown place"
		}
	}
}
