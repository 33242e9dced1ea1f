package control

import (
	"context"
	"encoding/json"
	"net/http"
)

// Steering tells a sandbox how to behave.
type Steering interface {
	// Settings are those of a sandbox, its clock as it shows now; SetSettings changes the members that a JSON Merge Patch names.
	Settings(ctx context.Context, sandbox string) (any, error)
	SetSettings(ctx context.Context, sandbox string, patch json.RawMessage) (any, error)
	// Stubs are those of a sandbox, the newest first; AddStubs adds some and gives their ids.
	Stubs(ctx context.Context, sandbox string) ([]Stub, error)
	AddStubs(ctx context.Context, sandbox string, items []json.RawMessage) ([]Stub, error)
	RemoveStubs(ctx context.Context, sandbox string, ids ...string) (removed int, err error)
	// Scenarios tell where those of a sandbox stand; SetScenario puts one into a state.
	Scenarios(ctx context.Context, sandbox string) ([]Scenario, error)
	SetScenario(ctx context.Context, sandbox, name, state string) (Scenario, error)
}

// Stub is an answer set at run time, in the form of a fixture.
type Stub struct {
	ID   string          `json:"id"`
	Stub json.RawMessage `json:"stub"`
	// Answered is how often it has answered, where that is counted.
	Answered int `json:"answered"`
}

// Scenario is where a scenario stands.
type Scenario struct {
	Name   string   `json:"name"`
	State  string   `json:"state"`
	States []string `json:"states"`
}

// Steers are the operations that tell a sandbox how to behave.
func Steers(s Steering) Operations {
	return Operations{
		"getSettings": func(ctx context.Context, call *Call) (Answer, error) {
			v, err := s.Settings(ctx, call.Sandbox)
			return Answer{Value: v}, err
		},
		"changeSettings": func(ctx context.Context, call *Call) (Answer, error) {
			v, err := s.SetSettings(ctx, call.Sandbox, call.Body)
			return Answer{Value: v}, err
		},
		"listStubs": func(ctx context.Context, call *Call) (Answer, error) {
			all, err := s.Stubs(ctx, call.Sandbox)
			return Answer{Value: map[string]any{"stubs": orNone(all)}}, err
		},
		"addStubs": func(ctx context.Context, call *Call) (Answer, error) {
			items := []json.RawMessage{call.Body}
			if _, many := call.Values.Body.([]any); many {
				if err := call.Decode(&items); err != nil {
					return Answer{}, err
				}
			}
			added, err := s.AddStubs(ctx, call.Sandbox, items)
			return Answer{Status: http.StatusCreated, Value: map[string]any{"stubs": orNone(added)}}, err
		},
		"deleteStubs": func(ctx context.Context, call *Call) (Answer, error) {
			_, err := s.RemoveStubs(ctx, call.Sandbox)
			return Answer{}, err
		},
		"getStub": func(ctx context.Context, call *Call) (Answer, error) {
			all, err := s.Stubs(ctx, call.Sandbox)
			if err != nil {
				return Answer{}, err
			}
			for _, one := range all {
				if one.ID == call.Text("id") {
					return Answer{Value: one}, nil
				}
			}
			return Answer{}, noStub(call.Text("id"))
		},
		"deleteStub": func(ctx context.Context, call *Call) (Answer, error) {
			n, err := s.RemoveStubs(ctx, call.Sandbox, call.Text("id"))
			if err == nil && n == 0 {
				err = noStub(call.Text("id"))
			}
			return Answer{}, err
		},
		"listScenarios": func(ctx context.Context, call *Call) (Answer, error) {
			all, err := s.Scenarios(ctx, call.Sandbox)
			return Answer{Value: map[string]any{"scenarios": orNone(all)}}, err
		},
		"setScenario": func(ctx context.Context, call *Call) (Answer, error) {
			var asked struct{ State string }
			if err := call.Decode(&asked); err != nil {
				return Answer{}, err
			}
			one, err := s.SetScenario(ctx, call.Sandbox, call.Text("name"), asked.State)
			return Answer{Value: one}, err
		},
	}
}

func noStub(id string) *Problem {
	return NewProblem(http.StatusNotFound, "no-such-stub", "there is no stub "+id)
}

// orNone makes no elements an empty list.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
