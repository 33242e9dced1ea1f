package verify

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// testCase is a request with what it is about.
type testCase struct {
	draft *draft
	// name tells what is special about it: "example rex", "query limit: below its minimum".
	name string
	// expect is valid or invalid by what the contract says of it; method, credentials, head and negotiation are questions of their own.
	expect string
}

// casesOf makes the cases of an operation: its examples, its boundaries, random ones, and questions about the operation itself.
func (r *run) casesOf(ctx context.Context, op *contract.Operation) ([]testCase, error) {
	base, err := r.baseOf(ctx, op)
	if err != nil {
		return nil, err
	}
	var out []testCase
	add := func(d *draft, name string) { out = append(out, testCase{draft: d, name: name}) }
	add(base, "what is required")
	if full, err := r.draftOf(op, 0, true); err == nil {
		add(full, "everything")
	}
	if base.media != nil {
		for _, x := range base.media.Examples {
			if x.Value != nil && len(x.Violations) == 0 {
				d := base.clone()
				d.body, d.has = x.Value.Value(), true
				add(d, "example "+x.Name)
			}
		}
	}
	r.parameters(op, base, add)
	r.bodies(base, add)
	r.kinds(op, base, add)
	if len(out) > r.Most {
		out = out[:r.Most]
	}
	for i := range r.Random {
		if d, err := r.draftOf(op, uint64(i+1), i%2 == 1); err == nil {
			add(d, "made up "+strconv.Itoa(i+1))
		}
	}
	// Whether credentials are asked for is seen best while what is asked for is still there.
	first, last := r.questions(op, base)
	return r.distinct(op, base, slices.Concat(first, r.labelled(out), last)), nil
}

// labelled tells of each case whether it keeps the contract, and leaves out what cannot be written or is there already.
func (r *run) labelled(cases []testCase) []testCase {
	var out []testCase
	seen := map[string]bool{}
	for _, c := range cases {
		request, body, err := c.draft.write(r.base)
		if err != nil {
			continue
		}
		key := request.Method + request.URL.String() + "\x00" + string(body) + "\x00" + headerKey(request.Header)
		if seen[key] {
			continue
		}
		seen[key] = true
		r.authorize(request, c.draft)
		c.expect = "valid"
		if len(r.breaks(request, body)) > 0 {
			c.expect = "invalid"
		}
		out = append(out, c)
	}
	return out
}

func headerKey(h http.Header) string {
	text, _ := json.Marshal(h)
	return string(text)
}

// parameters makes cases of each parameter: missing, there, and at its boundaries.
func (r *run) parameters(op *contract.Operation, base *draft, add func(*draft, string)) {
	for _, p := range op.Parameters() {
		where := p.In + " " + p.Name
		if p.Required && p.In != "path" {
			d := base.clone()
			delete(d.values, p)
			add(d, where+": missing")
		}
		v, known := base.values[p]
		if !known {
			var err error
			if v, err = r.value(p, 0); err != nil {
				continue
			}
			d := base.clone()
			d.set(p, v)
			add(d, where+": there")
		}
		v = r.filled(p.Schema, v)
		for _, b := range boundaries(p.Schema, v, 0) {
			changed, ok := replaced(v, b.at, b.value, b.remove)
			if !ok {
				continue
			}
			d := base.clone()
			d.values[p] = changed
			if len(b.at) > 0 {
				add(d, where+" "+pointer(b.at)+": "+b.name)
				continue
			}
			if _, isObject := v.(map[string]any); isObject && !isMap(b.value) { // which most styles write as a parameter of another name
				continue
			}
			if text, isText := b.value.(string); isText && p.In == "query" && b.name == "of another type" {
				delete(d.values, p)
				d.raw[p] = url.QueryEscape(p.Name) + "=" + url.QueryEscape(text)
			} else if isText && p.In == "path" && b.name == "of another type" {
				delete(d.values, p)
				d.raw[p] = url.PathEscape(text)
			}
			add(d, where+": "+b.name)
		}
	}
}

func isMap(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// bodies makes cases of the body: missing, of another media type, cut off, and at its boundaries.
func (r *run) bodies(base *draft, add func(*draft, string)) {
	if base.media == nil || !base.has {
		return
	}
	without := base.clone()
	without.has = false
	add(without, "body: missing")
	other := base.clone()
	other.kind = "application/x-standin"
	add(other, "body: of another media type")
	whole := r.filled(base.media.Schema, base.body)
	for _, b := range boundaries(base.media.Schema, whole, 0) {
		d := base.clone()
		changed, ok := replaced(whole, b.at, b.value, b.remove)
		if !ok {
			continue
		}
		d.body = changed
		add(d, "body "+pointer(b.at)+": "+b.name)
	}
}

// kinds makes a case of each other media type that the body may have.
func (r *run) kinds(op *contract.Operation, base *draft, add func(*draft, string)) {
	if base.media == nil {
		return
	}
	for _, m := range op.RequestBody().Content {
		if m == base.media {
			continue
		}
		v, err := r.bodyOf(m, 0)
		if err != nil {
			continue
		}
		d := base.clone()
		d.media, d.body, d.has = m, v, true
		add(d, "body: as "+m.Range)
	}
}

func pointer(at []string) string {
	out := ""
	for _, token := range at {
		out += "/" + source.Escape(token)
	}
	return out
}

// replaced is a value with another at a place, which is copied on the way there.
func replaced(v any, at []string, with any, remove bool) (any, bool) {
	if len(at) == 0 {
		return with, !remove
	}
	switch c := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(c)+1)
		for name, one := range c {
			out[name] = one
		}
		if len(at) == 1 && remove {
			_, there := out[at[0]]
			delete(out, at[0])
			return out, there
		}
		inner, ok := replaced(out[at[0]], at[1:], with, remove)
		out[at[0]] = inner
		return out, ok
	case []any:
		i, ok := index(at[0], len(c))
		if !ok {
			return nil, false
		}
		out := slices.Clone(c)
		inner, ok := replaced(out[i], at[1:], with, remove)
		out[i] = inner
		return out, ok
	}
	return nil, false
}

// index reads a token of a pointer as a place in a list.
func index(token string, length int) (int, bool) {
	i, err := strconv.Atoi(token)
	return i, err == nil && i >= 0 && i < length
}

// sorted are the names of an object in order.
func sorted(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }

// questions are those about the operation itself: those asked before all others, and those asked after them.
func (r *run) questions(op *contract.Operation, base *draft) (first, out []testCase) {
	ask := func(expect, name string, change func(*draft)) {
		d := base.clone()
		change(d)
		out = append(out, testCase{draft: d, name: name, expect: expect})
	}
	if op.Method == http.MethodGet {
		ask("head", "HEAD", func(d *draft) { d.method = http.MethodHead })
	}
	ask("negotiation", "a media type that nobody documents", func(d *draft) { d.accept = "application/x-standin" })
	if kinds := produces(op); len(kinds) > 1 {
		for _, kind := range kinds {
			ask("negotiation", "only "+kind+" accepted", func(d *draft) { d.accept = kind })
		}
	}
	for _, method := range r.undocumented(op, base) {
		ask("method", "the undocumented method "+method, func(d *draft) { d.method, d.has = method, false })
	}
	last := out
	if out = nil; secured(op) {
		ask("credentials", "no credentials", func(d *draft) { d.public = true })
		if !slices.ContainsFunc(r.requirement(op), func(s contract.Scheme) bool { return !r.knows(s) }) {
			ask("credentials", "wrong credentials", func(d *draft) { d.wrong = true })
		}
	}
	return out, last
}

// produces are the media types of the first answer that tells of success, without those that are ranges.
func produces(op *contract.Operation) []string {
	var out []string
	for _, one := range op.Responses().All {
		if !strings.HasPrefix(one.Status, "2") {
			continue
		}
		for _, m := range one.Content {
			if !strings.Contains(m.Range, "*") {
				out = append(out, m.Range)
			}
		}
		break
	}
	return out
}

// secured tells whether an operation cannot be called without credentials that are sent.
func secured(op *contract.Operation) bool {
	for _, requirement := range op.Security() {
		if len(requirement) == 0 || slices.ContainsFunc(requirement, func(s contract.Scheme) bool { return s.Type == "mutualTLS" }) {
			return false
		}
	}
	return len(op.Security()) > 0
}

// undocumented are the methods that the path does not have; only the first operation of a path asks.
func (r *run) undocumented(op *contract.Operation, base *draft) []string {
	request, _, err := base.write(r.base)
	if err != nil {
		return nil
	}
	allow := r.contract.Find("STANDIN", strings.TrimPrefix(request.URL.EscapedPath(), r.base.EscapedPath())).Allow
	operations := r.contract.Operations()
	if i := slices.IndexFunc(operations, func(o *contract.Operation) bool { return o.Template == op.Template && r.skipped(o) == "" }); len(allow) == 0 || operations[i] != op {
		return nil
	}
	var out []string
	for _, method := range []string{http.MethodDelete, http.MethodPatch, http.MethodPut, http.MethodPost, http.MethodGet} {
		if !slices.Contains(allow, method) && (r.All || safe(method)) {
			out = append(out, method)
		}
	}
	return out
}
