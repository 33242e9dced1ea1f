package mock

import (
	"context"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/fixture"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// FixtureSchema is the JSON Schema of fixture files, with the operations, statuses and names of examples of c; those of any document if
// c is nil.
func FixtureSchema(c *contract.Contract) ([]byte, error) { return fixture.Schema(c) }

// StarterFixtures are fixtures to begin with, by file name: answers and first rows as the mock would give them anyway, every one valid,
// and the schema of the files. Operations that the mock remembers rows for have no usual answer of their own, since it would hide what
// clients do; they have the documented answers that tell of failure, each to a value that no row has.
func StarterFixtures(ctx context.Context, c *contract.Contract, seed uint64) (map[string][]byte, error) {
	c.Wait(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	roles, collections := Roles(c), map[string]*schema.Schema{}
	for _, r := range roles {
		if r.Collection != "" {
			collections[r.Collection] = nil
		}
	}
	declared, _ := behaviour.Compile(c)
	for _, one := range declared.Collections() {
		if one.Row != nil && strings.HasPrefix(one.Path, "/") { // others are part of the rows of another collection
			collections[one.Path] = one.Row
		}
	}
	remembers := func(op *contract.Operation) bool { return roles[op.ID].Does != "" }
	return fixture.Starter(c, sample.New(sample.Options{Seed: seed}), collections, remembers, seed)
}
