package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// life is the operations on one collection.
type life struct {
	collection                         *backend.Collection
	create, read, list, change, remove *contract.Operation
}

// livesOf are the lives of all collections, in the order of the document.
func (r *run) livesOf() []*life {
	lives := map[*backend.Collection]*life{}
	var order []*life
	for _, op := range r.contract.Operations() {
		role := r.model.Role(op)
		if role == nil || r.skipped(op) != "" {
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
		case backend.List:
			l.list = first(l.list, op)
		case backend.Replace, backend.Merge:
			l.change = first(l.change, op)
		case backend.Delete:
			l.remove = first(l.remove, op)
		}
	}
	return order
}

func first(known, op *contract.Operation) *contract.Operation {
	if known != nil {
		return known
	}
	return op
}

// sequences lets each collection live through a life.
func (r *run) sequences(ctx context.Context) {
	for _, l := range r.lives {
		if l.create != nil && l.read != nil && l.collection.Parameter != "" && ctx.Err() == nil && r.failure() == nil {
			r.live(ctx, l)
		}
	}
}

// live creates a row, reads it, lists it, changes it, deletes it, and asks for it again.
func (r *run) live(ctx context.Context, l *life) {
	created, key, ok := r.born(ctx, l)
	if !ok {
		return
	}
	read, ok := r.about(ctx, l, l.read, created, key)
	if !ok {
		return
	}
	one := r.asCase(read, "read what was created")
	before, ok := r.step(ctx, one, "created", func(a answer) string {
		if a.status/100 == 2 || a.status == http.StatusNotModified {
			return ""
		}
		return fmt.Sprintf("what was created a moment ago (%v) is answered %d", key, a.status)
	})
	if !ok {
		return
	}
	r.listed(ctx, l, created, key)
	r.changed(ctx, l, created, key, one, before)
	if l.remove == nil {
		return
	}
	gone, ok := r.about(ctx, l, l.remove, created, key)
	if !ok {
		return
	}
	if a, came := r.judge(ctx, r.asCase(gone, "delete what was created")); !came || a.status/100 != 2 || a.status == http.StatusAccepted {
		return
	}
	one.name = "read what was deleted"
	r.step(ctx, one, "deleted", func(a answer) string {
		if a.status == http.StatusNotFound || a.status == http.StatusGone || !tells(l.read) {
			return ""
		}
		return fmt.Sprintf("what was deleted a moment ago (%v) is answered %d", key, a.status)
	})
}

// tells tells whether an operation has an answer for what is not there: a default is none in particular.
func tells(op *contract.Operation) bool {
	documented := op.Responses()
	return documented.Exact[http.StatusNotFound] != nil || documented.Exact[http.StatusGone] != nil || documented.Class[4] != nil
}

// asCase is a draft as a case, by whether it keeps the contract.
func (r *run) asCase(d *draft, name string) testCase {
	c := testCase{draft: d, name: name, expect: "valid"}
	request, body, err := d.write(r.base)
	if err == nil {
		r.authorize(request, d)
	}
	if err != nil || len(r.breaks(request, body)) > 0 {
		c.expect = "unknown"
	}
	return c
}

// mostBirths is how often a row is tried to be created: what is required of a document's example may be there already.
const mostBirths = 4

// born creates a row, and tells its key.
func (r *run) born(ctx context.Context, l *life) (d *draft, key any, ok bool) {
	for i := range mostBirths {
		seed := uint64(0)
		if i > 0 {
			seed = uint64(1000 + i)
		}
		d, err := r.seeded(ctx, l.create, seed, i%2 == 1)
		if err != nil {
			return nil, nil, false
		}
		a, came := r.judge(ctx, r.asCase(d, "create"))
		if !came || ctx.Err() != nil {
			return nil, nil, false
		}
		if a.status/100 == 2 {
			key, ok = r.keyIn(l, a)
			return d, key, ok
		}
	}
	return nil, nil, false
}

// listed judges the list that a row was added to; where the whole list is given, the row is in it.
func (r *run) listed(ctx context.Context, l *life, created *draft, key any) {
	if l.list == nil {
		return
	}
	d, ok := r.about(ctx, l, l.list, created, key)
	if !ok {
		return
	}
	role := r.model.Role(l.list)
	whole := role.Paging.Limit == "" && role.Paging.Page == "" && role.Paging.Cursor == "" && role.Paging.Offset == "" && !thinned(d)
	r.step(ctx, r.asCase(d, "list what was created"), "created", func(a answer) string {
		keys, known := keysIn(a, role.At, l.collection.Key)
		if a.status != http.StatusOK || !whole || !known || slices.Contains(keys, fmt.Sprint(key)) {
			return ""
		}
		return fmt.Sprintf("what was created a moment ago (%v) is not among the %d that are listed", key, len(keys))
	})
}

// thinned tells whether parameters may have a list left out rows: one is sent, or stands for itself by its default.
func thinned(d *draft) bool {
	return slices.ContainsFunc(d.op.Parameters(), func(p *contract.Parameter) bool {
		_, sent := d.values[p]
		for _, part := range partsOf(p.Schema) {
			sent = sent || part.Default != nil
		}
		return sent && p.In != "path"
	})
}

// keysIn are the keys of the rows in an answer; known is false where rows do not tell them.
func keysIn(a answer, at, key []string) (keys []string, known bool) {
	v, err := source.DecodeJSON(a.body, source.Limits{})
	if err != nil || len(key) == 0 {
		return nil, false
	}
	rows, ok := inside(v, at).([]any)
	for _, one := range rows {
		switch k := inside(one, key).(type) {
		case string, json.Number:
			keys = append(keys, fmt.Sprint(k))
		default:
			return nil, false
		}
	}
	return keys, ok
}

func inside(v any, names []string) any {
	for _, name := range names {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// changed changes a row, and reads it again: a value that the change sent, and that differed before, must not be as it was.
func (r *run) changed(ctx context.Context, l *life, created *draft, key any, one testCase, before answer) {
	if l.change == nil {
		return
	}
	role := r.model.Role(l.change)
	for seed := range uint64(3) {
		d, ok := r.aboutSeeded(ctx, l, l.change, created, key, 2000+seed)
		if !ok || !d.has {
			return
		}
		a, came := r.judge(ctx, r.asCase(d, "change what was created"))
		if !came || a.status/100 != 2 || a.status == http.StatusAccepted {
			continue
		}
		one.name = "read what was changed"
		readRole := r.model.Role(l.read)
		r.step(ctx, one, "updated", func(after answer) string {
			stayed := unchanged(shown(inside(d.body, role.Inside), readRole.Answer), valueIn(before, readRole.At), valueIn(after, readRole.At))
			if after.status/100 != 2 || stayed == "" {
				return ""
			}
			return fmt.Sprintf("%s was changed a moment ago (%v), and is answered as it was", stayed, key)
		})
		return
	}
}

func valueIn(a answer, at []string) any {
	v, err := source.DecodeJSON(a.body, source.Limits{})
	if err != nil {
		return nil
	}
	return inside(v, at)
}

// shown are the properties of what was sent that an answer may have with those values.
func shown(sent any, answer *schema.Schema) map[string]any {
	given, _ := sent.(map[string]any)
	out := map[string]any{}
	for name, v := range given {
		documented := sample.Properties(answer)
		if !slices.ContainsFunc(documented, func(p schema.Property) bool {
			return p.Name == name && p.Schema != nil && !p.Schema.Valid(v, schema.Response)
		}) {
			out[name] = v
		}
	}
	return out
}

// unchanged names a property that was sent with a new value and is still what it was; "" if something sent was taken over, or nothing was new.
func unchanged(given map[string]any, before, after any) string {
	was, _ := before.(map[string]any)
	is, _ := after.(map[string]any)
	name := ""
	for _, one := range sorted(given) {
		if _, there := is[one]; !there || !plain(given[one]) || !plain(is[one]) || fmt.Sprint(given[one]) == fmt.Sprint(was[one]) {
			continue
		}
		if fmt.Sprint(is[one]) != fmt.Sprint(was[one]) {
			return ""
		}
		if name == "" {
			name = one
		}
	}
	return name
}

func plain(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// step sends a request in the middle of a life: what its answer breaks is found as ever, and what is wrong at this place by the step's
// own check, without being sent again. ok is false if nothing came, or something is wrong.
func (r *run) step(ctx context.Context, c testCase, check string, wrong func(answer) string) (a answer, ok bool) {
	a, came := r.judge(ctx, c)
	if !came || r.without(c.draft.op, check) {
		return a, came
	}
	message := wrong(a)
	if message == "" {
		return a, true
	}
	request, body, err := c.draft.write(r.base)
	if err != nil {
		return a, false
	}
	r.authorize(request, c.draft)
	r.note(&Finding{
		Fingerprint: fingerprint(c.draft.op.ID, check, ""), Check: check, Operation: c.draft.op.ID, Case: c.name, Message: message, Rule: c.draft.op.Position,
		Curl: r.curl(request, body), Status: a.status, Body: excerpt(a.body), Times: 1,
	})
	return a, false
}

// note keeps a finding as it is; one that is known already counts once more.
func (r *run) note(f *Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.found[f.Fingerprint]; known != nil {
		known.Times++
		return
	}
	r.found[f.Fingerprint] = f
	r.order = append(r.order, f.Fingerprint)
}

// keyIn is the key of the row that was created: as its answer tells, or the end of its Location.
func (r *run) keyIn(l *life, a answer) (any, bool) {
	role := r.model.Role(l.create)
	if len(l.collection.Key) > 0 {
		switch v := inside(valueIn(a, role.At), l.collection.Key).(type) {
		case string, json.Number:
			return v, true
		}
	}
	if at := strings.TrimRight(a.header.Get("Location"), "/"); at != "" {
		return at[strings.LastIndexByte(at, '/')+1:], true
	}
	return nil, false
}

// about is a request of an operation for the row of a key, below the same parents as the one that created it.
func (r *run) about(ctx context.Context, l *life, op *contract.Operation, created *draft, key any) (*draft, bool) {
	return r.aboutSeeded(ctx, l, op, created, key, 0)
}

func (r *run) aboutSeeded(ctx context.Context, l *life, op *contract.Operation, created *draft, key any, seed uint64) (*draft, bool) {
	d, err := r.seeded(ctx, op, seed, seed > 0)
	if err != nil {
		return nil, false
	}
	for _, p := range op.Parameters() {
		if p.In != "path" {
			continue
		}
		if p.Name == l.collection.Parameter {
			v, ok := fitting(p, key)
			if !ok {
				return nil, false
			}
			d.values[p] = v
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

// fitting is a value as a parameter takes it: a text that is a number where it must be one.
func fitting(p *contract.Parameter, v any) (any, bool) {
	if p.Schema == nil || p.Schema.Valid(v, schema.Request) {
		return v, true
	}
	var other any
	switch v := v.(type) {
	case string:
		n, err := source.DecodeJSON([]byte(v), source.Limits{})
		if err != nil {
			return nil, false
		}
		other = n
	case json.Number:
		other = v.String()
	default:
		return nil, false
	}
	return other, p.Schema.Valid(other, schema.Request)
}
