package verify

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// link is one link of an answer (OpenAPI 3.1, 4.8.20).
type link struct {
	name     string
	node     *source.Node
	from, to *contract.Operation
	response *contract.Response // that has it
}

// linksOf are the links of the answers that tell of success, in the order of the document.
func (r *run) linksOf() []*link {
	var out []*link
	for _, op := range r.contract.Operations() {
		if r.skipped(op) != "" {
			continue
		}
		for _, one := range op.Responses().All {
			if strings.HasPrefix(one.Status, "4") || strings.HasPrefix(one.Status, "5") {
				continue
			}
			for _, m := range one.Node.Get("links").Members() {
				if to := r.linked(m.Value); to != nil && r.skipped(to) == "" {
					out = append(out, &link{m.Name, m.Value, op, to, one})
				}
			}
		}
	}
	return out
}

// followed is an exchange that links lead away from.
type followed struct {
	once sync.Once
	said exchanged
	ok   bool
}

// source sends the request that a link leads away from, once for all who ask for it where again is false.
func (r *run) source(ctx context.Context, l *link, again bool) (exchanged, bool) {
	if again {
		return r.asked(ctx, l)
	}
	r.rows.mu.Lock()
	f := r.rows.led[l]
	if f == nil {
		f = &followed{}
		r.rows.led[l] = f
	}
	r.rows.mu.Unlock()
	f.once.Do(func() { f.said, f.ok = r.asked(ctx, l) })
	return f.said, f.ok
}

func (r *run) asked(ctx context.Context, l *link) (exchanged, bool) {
	d, err := r.draftOf(l.from, 0, false)
	if err != nil {
		return exchanged{}, false
	}
	a, request, body, sent, err := r.send(ctx, d)
	return exchanged{d, request, body, a}, err == nil && sent && l.from.Responses().For(a.status) == l.response
}

// follow follows every link: what an answer says can be asked for with its own values must be there. What changes something comes last.
func (r *run) follow(ctx context.Context) {
	links := slices.Clone(r.links)
	slices.SortStableFunc(links, func(a, b *link) int { return rank(a.to) - rank(b.to) })
	for _, l := range links {
		if ctx.Err() != nil || r.failure() != nil {
			return
		}
		said, ok := r.source(ctx, l, true)
		if !ok {
			continue
		}
		d, err := r.draftOf(l.to, 0, false)
		if err != nil || !r.along(d, l, said) {
			continue
		}
		r.step(ctx, r.asCase(d, "along the link "+l.name), "created", func(a answer) string {
			if a.status != http.StatusNotFound && a.status != http.StatusGone {
				return ""
			}
			return fmt.Sprintf("the link %s of %s leads here, and is answered %d", l.name, l.from.ID, a.status)
		})
	}
}

func rank(op *contract.Operation) int {
	if op != nil && safe(op.Method) {
		return 0
	}
	return 1
}

// linked is the operation that a link names, by its id or as a reference into this document; nil if there is none.
func (r *run) linked(link *source.Node) *contract.Operation {
	if id := link.Get("operationId").Text(); id != "" {
		return r.contract.Operation(id)
	}
	tokens := strings.Split(strings.TrimPrefix(link.Get("operationRef").Text(), "#/paths/"), "/")
	if len(tokens) != 2 {
		return nil
	}
	return r.contract.Operation(strings.ToUpper(tokens[1]) + " " + source.Unescape(tokens[0]))
}

// exchanged is what runtime expressions speak of.
type exchanged struct {
	draft   *draft
	request *http.Request
	body    []byte
	answer  answer
}

// along gives a request the values that a link has for it; false where the answer lacks what the link speaks of.
func (r *run) along(d *draft, l *link, said exchanged) bool {
	for _, m := range l.node.Get("parameters").Members() {
		in, name, qualified := strings.Cut(m.Name, ".")
		if !qualified || !slices.Contains(places(), in) {
			in, name = "", m.Name
		}
		i := slices.IndexFunc(l.to.Parameters(), func(p *contract.Parameter) bool { return p.Name == name && (in == "" || p.In == in) })
		if i < 0 {
			continue
		}
		v, ok := said.value(m.Value)
		if ok {
			v, ok = fitting(l.to.Parameters()[i], v)
		}
		if !ok {
			return false
		}
		d.values[l.to.Parameters()[i]] = v
	}
	if b := l.node.Get("requestBody"); b != nil && d.media != nil {
		v, ok := said.value(b)
		if !ok {
			return false
		}
		d.body, d.has = v, true
	}
	return true
}

// value is what a constant or a runtime expression (OpenAPI 3.1, 4.8.20.3) stands for.
func (e exchanged) value(n *source.Node) (any, bool) {
	text := n.Text()
	if !n.Is(source.String) || !strings.HasPrefix(text, "$") {
		return n.Value(), true
	}
	whole, pointer, _ := strings.Cut(text, "#")
	switch whole {
	case "$url":
		return e.request.URL.String(), true
	case "$method":
		return e.request.Method, true
	case "$statusCode":
		return fmt.Sprint(e.answer.status), true
	case "$request.body":
		v := valueAt(e.draft.body, pointer)
		return v, v != nil
	case "$response.body":
		body, err := source.DecodeJSON(e.answer.body, source.Limits{})
		v := valueAt(body, pointer)
		return v, err == nil && v != nil
	}
	if name, ok := strings.CutPrefix(text, "$response.header."); ok {
		return e.answer.header.Get(name), e.answer.header.Get(name) != ""
	}
	where, name, _ := strings.Cut(strings.TrimPrefix(text, "$request."), ".")
	for p, v := range e.draft.values {
		if p.In == where && (p.Name == name || where == "header" && strings.EqualFold(p.Name, name)) {
			return v, true
		}
	}
	return nil, false
}

// valueAt is the value at a JSON Pointer (RFC 6901) of a value, nil if there is none.
func valueAt(v any, pointer string) any {
	if pointer == "" {
		return v
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch c := v.(type) {
		case map[string]any:
			v = c[source.Unescape(token)]
		case []any:
			i, ok := index(token, len(c))
			if !ok {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}
