package mock

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/fixture"
)

// Operations are those that are served.
func (c controlled) Operations() []control.Operated {
	served := c.Contract()
	roles := Roles(served)
	var out []control.Operated
	for _, op := range served.Operations() {
		one := control.Operated{ID: op.ID, Method: op.Method, Path: op.Template, Summary: op.Summary(), Statuses: []string{}}
		for _, r := range op.Responses().All {
			one.Statuses = append(one.Statuses, r.Status)
		}
		one.Does, one.Collection = roles[op.ID].Does, roles[op.ID].Collection
		out = append(out, one)
	}
	return out
}

// Fixtures are the answers on disk.
func (c controlled) Fixtures() []control.Fixture {
	now := c.site.Load()
	var out []control.Fixture
	seen := map[*fixture.Item]bool{}
	for _, op := range now.contract.Operations() {
		for _, item := range now.fixtures.For(op.ID) {
			if !seen[item] {
				seen[item] = true
				out = append(out, control.Fixture{Operation: item.Operation, Name: item.Name, Status: item.Status(), Place: item.Position.String()})
			}
		}
	}
	return out
}

// Replace serves another document, which refers to nothing outside itself.
func (c controlled) Replace(ctx context.Context, contentType string, text []byte) (control.Health, error) {
	name := "document.json"
	if strings.HasSuffix(strings.TrimSpace(strings.ToLower(strings.SplitN(contentType, ";", 2)[0])), "yaml") {
		name = "document.yaml"
	}
	next, err := contract.Parse(ctx, name, text)
	if err != nil {
		return control.Health{}, control.NewProblem(http.StatusUnprocessableEntity, "document", err.Error())
	}
	err = c.Swap(ctx, next, c.options.fixtures)
	var refused *SwapError
	switch {
	case err == nil || errors.Is(err, ErrUnchanged):
		return c.Health(), nil
	case errors.As(err, &refused):
		p := control.NewProblem(http.StatusUnprocessableEntity, "document", "the old document stays in service: "+err.Error())
		for _, d := range slices.Clip(refused.Diagnostics) {
			p.Findings = append(p.Findings, control.FindingOf(d))
		}
		return control.Health{}, p
	}
	return control.Health{}, control.NewProblem(http.StatusUnprocessableEntity, "document", err.Error())
}
