package mock

import (
	"context"

	"standin/mock/contract"
	"standin/mock/internal/lint"
)

// Hint is something that could be better in a document that is right.
type Hint struct {
	Position contract.Position
	// Rule names what was looked for, in kebab case; About says in a sentence what it wants, and Fix what to do.
	Rule, About, Fix string
	Message          string
	// Operation is the id of the operation, "" if the hint is about none in particular.
	Operation string
}

// Lint looks for what could be better in a document, by every rule but those ignored, in order of place. What is wrong with it, [Check]
// tells.
func Lint(ctx context.Context, c *contract.Contract, ignore ...string) []Hint {
	var out []Hint
	for _, f := range lint.Check(ctx, c, ignore...) {
		out = append(out, Hint{f.Position, f.Rule.Name, f.Rule.About, f.Rule.Fix, f.Message, f.Operation})
	}
	return out
}
