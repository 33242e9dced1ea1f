package mock

import (
	"context"
	"maps"
	"slices"

	"standin/mock/contract"
	"standin/mock/internal/fixture"
	"standin/mock/internal/sample"
)

// FixtureSchema is the JSON Schema of fixture files, with the operations, statuses and names of examples of c; those of any document if
// c is nil.
func FixtureSchema(c *contract.Contract) ([]byte, error) { return fixture.Schema(c) }

// StarterFixtures are fixtures to begin with, by file name: answers and first rows as the mock would give them anyway, every one valid,
// and the schema of the files. Operations that the mock remembers rows for have no answer of their own, since it would hide what
// clients do.
func StarterFixtures(ctx context.Context, c *contract.Contract, seed uint64) (map[string][]byte, error) {
	c.Wait(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	roles, collections := Roles(c), map[string]bool{}
	for _, r := range roles {
		if r.Collection != "" {
			collections[r.Collection] = true
		}
	}
	remembers := func(op *contract.Operation) bool { return roles[op.ID].Does != "" }
	return fixture.Starter(c, sample.New(sample.Options{Seed: seed}), slices.Sorted(maps.Keys(collections)), remembers, seed)
}
