package behaviour

import (
	"errors"
	"fmt"

	"standin/mock/internal/expr"
)

// The bounds of one operation's steps.
const (
	mostSteps = 100_000
	mostCalls = 16
	mostEach  = 10_000
)

// step is one verb with all it needs.
type step interface{ do(*run) error }

// errEnd ends the steps: an answer was given.
var errEnd = errors.New("an answer was given")

// Failure is how an operation fails, with an error that the document declares.
type Failure struct {
	outcome *outcome
	with    map[string]any
	name    string
}

func (f *Failure) Error() string { return "the operation fails: " + f.name }

// all takes steps one after another.
func (r *run) all(steps []step) error {
	for _, s := range steps {
		if r.steps--; r.steps < 0 {
			return fmt.Errorf("the steps of %s do not end", r.at())
		}
		if err := s.do(r); err != nil {
			return err
		}
	}
	return nil
}

// conditional is a step with an if.
type conditional struct {
	when *expr.Predicate
	then step
}

func (s *conditional) do(r *run) error {
	holds, err := s.when.Holds(r.scope)
	if err != nil || !holds {
		return err
	}
	return s.then.do(r)
}

// letting gives names to values, in the order of the document.
type letting struct {
	names  []string
	values []*expr.Value
}

func (s *letting) do(r *run) error {
	for i, name := range s.names {
		v, err := s.values[i].Run(r.scope)
		if err != nil {
			return err
		}
		r.scope.Set(name, v)
	}
	return nil
}

// failing fails with an error of the document; with are names for its template.
type failing struct {
	name    string
	outcome *outcome
	with    *expr.Template
}

func (s *failing) do(r *run) error {
	v, err := s.with.Fill(r.scope)
	if err != nil {
		return err
	}
	with, _ := v.(map[string]any)
	return &Failure{s.outcome, with, s.name}
}

// requiring fails unless a condition holds.
type requiring struct {
	holds     *expr.Predicate
	otherwise *failing
}

func (s *requiring) do(r *run) error {
	holds, err := s.holds.Holds(r.scope)
	if err != nil || holds {
		return err
	}
	return s.otherwise.do(r)
}

// looping takes steps for each element of a list.
type looping struct {
	over  *expr.Value
	as    string
	steps []step
}

func (s *looping) do(r *run) error {
	v, err := s.over.Run(r.scope)
	if err != nil {
		return err
	}
	list, ok := v.([]any)
	if !ok && v != nil {
		return fmt.Errorf("%s: each needs a list", r.at())
	}
	if len(list) > mostEach {
		return fmt.Errorf("%s: a list of %d elements is too long for each", r.at(), len(list))
	}
	for _, one := range list {
		r.scope.Set(s.as, one)
		if err := r.all(s.steps); err != nil {
			return err
		}
	}
	return nil
}

// block is steps under one if.
type block []step

func (s block) do(r *run) error { return r.all(s) }

// trying takes steps that may fail; as names the error's body afterwards, null if there is none.
type trying struct {
	steps []step
	as    string
}

func (s *trying) do(r *run) error {
	err := r.all(s.steps)
	r.scope.Set(s.as, nil)
	failure, ok := errors.AsType[*Failure](err)
	if !ok {
		return err
	}
	body, err := failure.body(r)
	if err != nil {
		return err
	}
	r.scope.Set(s.as, body)
	return nil
}

// calling takes the steps of a routine.
type calling struct {
	routine *routine
	with    *expr.Template
	name    string
}

func (s *calling) do(r *run) error {
	if r.depth++; r.depth > mostCalls {
		return fmt.Errorf("%s: the routine %s calls itself without end", r.at(), s.name)
	}
	defer func() { r.depth-- }()
	v, err := s.with.Fill(r.scope)
	if err != nil {
		return err
	}
	with, _ := v.(map[string]any)
	before := make([]any, len(s.routine.given))
	for i, name := range s.routine.given {
		before[i] = r.scope.Value(name)
		r.scope.Set(name, with[name])
	}
	err = r.all(s.routine.do)
	for i, name := range s.routine.given {
		r.scope.Set(name, before[i])
	}
	return err
}

// answering ends the steps with an answer.
type answering struct{ outcome *outcome }

func (s *answering) do(r *run) error {
	told, err := s.outcome.fill(r, nil)
	if err != nil {
		return err
	}
	r.told = told
	return errEnd
}

// at names the operation under way, for errors.
func (r *run) at() string {
	if r.call.Operation == nil {
		return "x-mock"
	}
	return r.call.Operation.ID
}
