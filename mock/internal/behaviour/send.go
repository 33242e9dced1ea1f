package behaviour

import (
	"fmt"
	"time"

	"standin/mock/internal/expr"
	"standin/mock/internal/sample"
)

// sending sends a request of the server's own.
type sending struct {
	to      *expr.Value
	method  string
	headers *expr.Template
	body    *expr.Template
	tries   int
	pause   time.Duration
}

func (s *sending) do(r *run) error {
	v, err := s.to.Run(r.scope)
	if err != nil {
		return err
	}
	to, ok := v.(string)
	if !ok || to == "" {
		return nil // nobody wants to hear it
	}
	e := Event{Method: s.method, URL: to, Header: map[string]string{}, Tries: s.tries, Pause: s.pause}
	h, err := s.headers.Fill(r.scope)
	if err != nil {
		return err
	}
	headers, _ := withoutNulls(h).(map[string]any)
	for name, v := range headers {
		e.Header[name] = fmt.Sprint(v)
	}
	if s.body != nil {
		v, err := s.body.Fill(r.scope)
		if err != nil {
			return err
		}
		e.Body, _, _ = sample.AppendJSON(nil, shown(v), nil, nil)
	}
	r.events = append(r.events, e)
	return nil
}
