package control

import "context"

// Served tells what is served, and serves another document instead.
type Served interface {
	Operations() []Operated
	// Replace serves a document from now on; what keeps it from being served is a [*Problem] with findings, and the old one stays.
	Replace(ctx context.Context, contentType string, text []byte) (Health, error)
	// Fixtures are the files, and the answers in them.
	Fixtures() []Fixture
}

// Operated is one operation that is served.
type Operated struct {
	ID       string   `json:"operation"`
	Method   string   `json:"method"`
	Path     string   `json:"path"`
	Summary  string   `json:"summary,omitempty"`
	Statuses []string `json:"statuses"`
	// Does is what it does to a collection, and which.
	Does       string `json:"does,omitempty"`
	Collection string `json:"collection,omitempty"`
}

// Fixture is one answer on disk.
type Fixture struct {
	Operation string `json:"operation"`
	Name      string `json:"name,omitempty"`
	Status    int    `json:"status"`
	Place     string `json:"place"`
}

// Serves are the operations about what is served.
func Serves(s Served) Operations {
	return Operations{
		"listOperations": func(context.Context, *Call) (Answer, error) {
			return Answer{Value: map[string]any{"operations": orNone(s.Operations())}}, nil
		},
		"listFixtures": func(context.Context, *Call) (Answer, error) {
			return Answer{Value: map[string]any{"fixtures": orNone(s.Fixtures())}}, nil
		},
		"replaceDocument": func(ctx context.Context, call *Call) (Answer, error) {
			h, err := s.Replace(ctx, call.Request.Header.Get("Content-Type"), call.Body)
			return Answer{Value: h}, err
		},
	}
}
