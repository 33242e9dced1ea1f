package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// sequences lets each collection live through a life: create, read, list, delete, read again.
func (r *run) sequences(ctx context.Context) {
	lives := map[*backend.Collection]*life{}
	var order []*life
	for _, op := range r.contract.Operations() {
		role := r.model.Role(op)
		if role == nil {
			continue
		}
		l := lives[role.Collection]
		if l == nil {
			l = &life{collection: role.Collection}
			lives[role.Collection] = l
			order = append(order, l)
		}
		switch role.Kind {
		case backend.Create:
			l.create = first(l.create, op)
		case backend.Read:
			l.read = first(l.read, op)
		case backend.Delete:
			l.remove = first(l.remove, op)
		}
	}
	for _, l := range order {
		if l.create != nil && l.read != nil && l.collection.Parameter != "" && ctx.Err() == nil {
			r.live(ctx, l)
		}
	}
}

func first(known, op *contract.Operation) *contract.Operation {
	if known != nil {
		return known
	}
	return op
}

// life is the operations on one collection.
type life struct {
	collection           *backend.Collection
	create, read, remove *contract.Operation
}

// live creates a row, reads it, deletes it, and asks for it again.
func (r *run) live(ctx context.Context, l *life) {
	skipped := func(op *contract.Operation) bool {
		for _, id := range r.Skip {
			if op != nil && id == op.ID {
				return true
			}
		}
		return false
	}
	if skipped(l.create) || skipped(l.read) || skipped(l.remove) {
		return
	}
	d, err := r.draftOf(l.create, 0, false)
	if err != nil {
		return
	}
	a, _, _, sent, err := r.send(ctx, d)
	if !sent || err != nil || a.status/100 != 2 {
		return
	}
	key, ok := r.keyIn(l, a)
	if !ok {
		return
	}
	read, ok := r.about(l, l.read, d, key)
	if !ok {
		return
	}
	r.cases.Add(1)
	r.step(ctx, testCase{draft: read, name: "read what was created"}, "created", func(status int) string {
		if status/100 == 2 || status == http.StatusNotModified {
			return ""
		}
		return fmt.Sprintf("what was created a moment ago (%s) is answered %d", key, status)
	})
	if l.remove == nil {
		return
	}
	gone, ok := r.about(l, l.remove, d, key)
	if !ok {
		return
	}
	if a, _, _, sent, err := r.send(ctx, gone); !sent || err != nil || a.status/100 != 2 || a.status == http.StatusAccepted {
		return
	}
	r.cases.Add(1)
	r.step(ctx, testCase{draft: read, name: "read what was deleted"}, "deleted", func(status int) string {
		if status == http.StatusNotFound || status == http.StatusGone || l.read.Responses().Exact[http.StatusNotFound] == nil && l.read.Responses().Exact[http.StatusGone] == nil {
			return ""
		}
		return fmt.Sprintf("what was deleted a moment ago (%s) is answered %d", key, status)
	})
}

// step sends a request in the middle of a life.
func (r *run) step(ctx context.Context, c testCase, check string, wrong func(status int) string) {
	for _, without := range r.Without {
		if without == check {
			return
		}
	}
	a, request, body, sent, err := r.send(ctx, c.draft)
	if !sent || err != nil {
		return
	}
	message := wrong(a.status)
	if message == "" {
		return
	}
	id := fingerprint(c.draft.op.ID, check, "")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found[id] = &Finding{
		Fingerprint: id, Check: check, Operation: c.draft.op.ID, Case: c.name, Message: message, Rule: c.draft.op.Position, Curl: r.curl(request, body), Status: a.status,
		Body: excerpt(a.body), Times: 1,
	}
	r.order = append(r.order, id)
}

// keyIn is the key of the row that was created: as its answer tells, or the end of its Location.
func (r *run) keyIn(l *life, a answer) (any, bool) {
	role := r.model.Role(l.create)
	if v, err := source.DecodeJSON(a.body, source.Limits{}); err == nil {
		for _, name := range append(append([]string(nil), role.At...), l.collection.Key...) {
			object, _ := v.(map[string]any)
			v = object[name]
		}
		switch v.(type) {
		case string, json.Number:
			if len(l.collection.Key) > 0 {
				return v, true
			}
		}
	}
	if at := a.header.Get("Location"); at != "" {
		return strings.TrimRight(at, "/")[strings.LastIndexByte(strings.TrimRight(at, "/"), '/')+1:], true
	}
	return nil, false
}

// about is a request of an operation for the row of a key, below the same parents as the one that created it.
func (r *run) about(l *life, op *contract.Operation, created *draft, key any) (*draft, bool) {
	d, err := r.draftOf(op, 0, false)
	if err != nil {
		return nil, false
	}
	for _, p := range op.Parameters() {
		if p.In != "path" {
			continue
		}
		if p.Name == l.collection.Parameter {
			text, isText := key.(string)
			if isText && p.Schema != nil && !p.Schema.Valid(text, schema.Request) && p.Schema.Valid(json.Number(text), schema.Request) {
				key = json.Number(text)
			}
			if p.Schema != nil && !p.Schema.Valid(key, schema.Request) {
				return nil, false
			}
			d.values[p] = key
			continue
		}
		for other, v := range created.values {
			if other.In == "path" && other.Name == p.Name {
				d.values[p] = v
			}
		}
	}
	return d, true
}
