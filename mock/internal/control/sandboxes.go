package control

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"time"
)

// Health is what is served.
type Health struct {
	Status  string `json:"status"`
	Title   string `json:"title"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// Server tells of the server as a whole.
type Server interface{ Health() Health }

// About are the operations on the server as a whole.
func About(s Server) Operations {
	return Operations{
		"getHealth": func(context.Context, *Call) (Answer, error) {
			h := s.Health()
			text, err := json.Marshal(h) // in one line, for people who look at it in a terminal
			return Answer{Body: append(text, '\n')}, err
		},
		"getControlDocument": func(context.Context, *Call) (Answer, error) {
			return Answer{ContentType: "application/yaml", Body: document}, nil
		},
	}
}

// Sandbox is what is told of one.
type Sandbox struct {
	ID    string    `json:"id"`
	Keys  int       `json:"keys"`
	Bytes int       `json:"bytes"`
	Used  time.Time `json:"used"`
}

// Sandboxes keep worlds apart.
type Sandboxes interface {
	// Sandboxes lists those that something was written to, in the order of their ids.
	Sandboxes(ctx context.Context) ([]Sandbox, error)
	// MakeSandbox makes one; made is false if there was one of that id.
	MakeSandbox(ctx context.Context, id string) (s Sandbox, made bool, err error)
	// ResetParts forgets some parts of a sandbox, those that the document lists; all and the sandbox itself if none is named.
	ResetParts(ctx context.Context, sandbox string, parts ...string) error
}

// Worlds are the operations on sandboxes.
func Worlds(s Sandboxes) Operations {
	return Operations{
		"reset": func(ctx context.Context, call *Call) (Answer, error) {
			return Answer{}, s.ResetParts(ctx, call.Sandbox, call.Texts("only")...)
		},
		"listSandboxes": func(ctx context.Context, _ *Call) (Answer, error) {
			all, err := s.Sandboxes(ctx)
			if all == nil {
				all = []Sandbox{}
			}
			return Answer{Value: map[string]any{"sandboxes": all}}, err
		},
		"createSandbox": func(ctx context.Context, call *Call) (Answer, error) {
			var asked struct{ ID string }
			if err := call.Decode(&asked); err != nil {
				return Answer{}, err
			}
			if asked.ID == "" {
				asked.ID = rand.Text()
			}
			one, made, err := s.MakeSandbox(ctx, asked.ID)
			if !made {
				return Answer{Value: one}, err
			}
			return Answer{Status: http.StatusCreated, Value: one}, err
		},
		"deleteSandbox": func(ctx context.Context, call *Call) (Answer, error) {
			return Answer{}, s.ResetParts(ctx, call.Text("id"))
		},
	}
}
