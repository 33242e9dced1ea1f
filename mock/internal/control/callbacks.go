package control

import (
	"context"
	"encoding/json"
)

// Calls sends what the absent server would.
type Calls interface {
	// Callbacks are those that the document describes.
	Callbacks() []Callback
	// Fire sends one, by its id or name, and tells how that went.
	Fire(ctx context.Context, sandbox, name string, f Firing) (Fired, error)
}

// Callback is a callback of an operation, or a webhook.
type Callback struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Kind is callback or webhook.
	Kind    string `json:"kind"`
	Method  string `json:"method"`
	Summary string `json:"summary,omitempty"`
	// After are the ids of the operations that it follows where they succeed.
	After []string `json:"after"`
	// To is where it goes, with runtime expressions.
	To string `json:"to,omitempty"`
}

// Firing is how a callback is to be sent; all of it may be left out.
type Firing struct {
	// URL is where it goes; as the document says if empty.
	URL string `json:"url,omitempty"`
	// Body is what is sent, in JSON; made up if nil.
	Body json.RawMessage `json:"body,omitempty"`
	// Headers are added, or take the place of those made up.
	Headers map[string]string `json:"headers,omitempty"`
	// Exchange is the id of the exchange that it follows; the newest one that succeeded if empty.
	Exchange string `json:"exchange,omitempty"`
	// Validate false sends a body that breaks the document, too.
	Validate *bool `json:"validate,omitempty"`
}

// Fired tells how a callback was sent.
type Fired struct {
	// Exchange is its id in the journal.
	Exchange string `json:"exchange"`
	Callback string `json:"callback"`
	Method   string `json:"method"`
	URL      string `json:"url"`
	// Delivered tells that the receiver answered 2xx, Status what it answered, 0 for nothing, and Why what went wrong.
	Delivered bool   `json:"delivered"`
	Status    int    `json:"status,omitempty"`
	Why       string `json:"why,omitempty"`
}

// Fires are the operations on what the absent server sends.
func Fires(c Calls) Operations {
	return Operations{
		"listCallbacks": func(context.Context, *Call) (Answer, error) {
			return Answer{Value: map[string]any{"callbacks": orNone(c.Callbacks())}}, nil
		},
		"fireCallback": func(ctx context.Context, call *Call) (Answer, error) {
			var f Firing
			if err := call.Decode(&f); err != nil {
				return Answer{}, err
			}
			fired, err := c.Fire(ctx, call.Sandbox, call.Text("name"), f)
			return Answer{Value: fired}, err
		},
	}
}
