package mock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"standin/mock/internal/backend"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/control"
	"standin/mock/internal/store"
)

// Control serves the control API below /__mock, to clients on the same machine and those who know the [ControlToken]; GET
// /__mock/openapi.yaml describes it. Default: the whole path space is the document's.
func Control() Option {
	return optionFunc(func(o *options) error { o.control = true; return nil })
}

// ControlDocument is the OpenAPI document of the control API, in YAML.
func ControlDocument() []byte { return control.Document() }

// healthPath answers 200 as long as the server serves.
const healthPath = reserved + "/health"

// newAPI makes the control API; nil if there is none. Each group of operations is in a file of its own, there and here.
func (s *Server) newAPI() *control.API {
	if !s.options.control {
		return nil
	}
	c := controlled{s}
	return control.New(s.trust(s.options.crossOrigin()),
		control.About(c),
		control.Worlds(c),
		control.Steers(c),
		control.Serves(c),
		control.Journals(c),
		control.Explains(c),
		control.Fires(c),
		control.Imports(c, c.Contract),
		control.Reports(c),
	)
}

// controlled is a server as the control API sees it.
type controlled struct{ *Server }

// control answers what is asked of the mock itself; false leaves the request to the pages or the operations.
func (s *Server) control(w http.ResponseWriter, r *http.Request) bool {
	if s.api == nil || !strings.Contains(r.URL.Path, reserved) {
		return false
	}
	path, inside := s.basePath(r.URL.EscapedPath())
	if !inside {
		return false
	}
	sandbox, path, err := sandboxOf(r, path)
	below, ok := strings.CutPrefix(path, reserved)
	if !ok || below != "" && below[0] != '/' {
		return false
	}
	if now := s.site.Load(); now.pages != nil && strings.HasPrefix(s.options.basePath+path+"/", now.docsPath+"/") {
		return false
	}
	switch {
	case err != nil:
		control.WriteProblem(w, control.NewProblem(http.StatusBadRequest, "sandbox", err.Error()))
	case s.controlOrigin(w, r):
	default:
		s.touch(r.Context(), sandbox)
		s.api.Serve(w, r, below, sandbox)
	}
	return true
}

// Health tells what is served.
func (c controlled) Health() control.Health {
	now := c.Contract()
	info := now.Info()
	return control.Health{Status: "ok", Title: info.Title, Version: info.Version, Digest: now.Digest()}
}

// Sandboxes lists the sandboxes.
func (c controlled) Sandboxes(ctx context.Context) ([]control.Sandbox, error) {
	all, err := c.store.Sandboxes(ctx)
	out := make([]control.Sandbox, 0, len(all))
	for _, one := range all {
		out = append(out, toldSandbox(one))
	}
	return out, err
}

func toldSandbox(s store.Sandbox) control.Sandbox {
	return control.Sandbox{ID: s.ID, Keys: s.Keys, Bytes: s.Bytes, Used: s.Used.UTC()}
}

// MakeSandbox makes a sandbox by writing that it was asked for.
func (c controlled) MakeSandbox(ctx context.Context, id string) (_ control.Sandbox, made bool, err error) {
	named := func(one store.Sandbox) bool { return one.ID == id }
	before, err := c.store.Sandboxes(ctx)
	if err != nil {
		return control.Sandbox{}, false, kept(err)
	}
	if i := slices.IndexFunc(before, named); i >= 0 {
		return toldSandbox(before[i]), false, nil
	}
	if err := c.store.Update(ctx, id, func(tx store.Tx) error { return tx.Put(sandboxBucket, "asked", nil) }); err != nil {
		return control.Sandbox{}, false, kept(err)
	}
	after, err := c.store.Sandboxes(ctx)
	if i := slices.IndexFunc(after, named); err == nil && i >= 0 {
		return toldSandbox(after[i]), true, nil
	}
	return control.Sandbox{}, false, fmt.Errorf("the sandbox %s was forgotten at once: %w", id, err)
}

// kept puts an error of the store into the terms of the control API; nil is none.
func kept(err error) error {
	if err == nil {
		return nil
	}
	p, ok := errors.AsType[*problem](notKept(err))
	if !ok {
		return err
	}
	out := control.NewProblem(p.Status, "", p.Detail)
	out.Type = p.Type
	return out
}

// sandboxBucket tells that a sandbox was asked for.
const sandboxBucket = "sandbox"

// parts are what a sandbox can forget by itself, with the buckets that it is kept in.
func parts() map[string][]string {
	return map[string][]string{
		"rows":      backend.Buckets(),
		"jobs":      behaviour.Buckets(),
		"stubs":     {stubBucket, stubKeys, countBucket},
		"scenarios": {scenarioBucket, countBucket},
		"settings":  {settingsBucket},
	}
}

// ResetParts forgets parts of a sandbox.
func (c controlled) ResetParts(ctx context.Context, sandbox string, only ...string) error {
	if len(only) == 0 {
		c.counted.forget(sandbox)
		return kept(errors.Join(c.journals.Forget(ctx, sandbox), c.Reset(ctx, sandbox)))
	}
	var buckets []string
	known := parts()
	for _, part := range only {
		if part == "journal" {
			if err := c.journals.Forget(ctx, sandbox); err != nil {
				return kept(err)
			}
			continue
		}
		if known[part] == nil {
			return control.NewProblem(http.StatusBadRequest, "part", fmt.Sprintf("%q cannot be forgotten; there is %s", part, list(slices.Sorted(maps.Keys(known)))))
		}
		buckets = append(buckets, known[part]...)
	}
	if len(buckets) == 0 {
		return nil
	}
	return kept(c.store.Reset(ctx, sandbox, buckets...))
}
