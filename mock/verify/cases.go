package verify

import (
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
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
func (r *run) casesOf(op *contract.Operation) ([]testCase, error) {
	base, err := r.draftOf(op, 0, false)
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
	if len(out) > r.Most {
		out = out[:r.Most]
	}
	for i := range r.Random {
		if d, err := r.draftOf(op, uint64(i+1), i%2 == 1); err == nil {
			add(d, "made up "+strconv.Itoa(i+1))
		}
	}
	return append(r.labelled(out), r.questions(op, base)...), nil
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
		r.authorize(request, c.draft.op)
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
			d.values[p] = v
			add(d, where+": there")
		}
		for _, b := range boundaries(p.Schema, v, 0) {
			if len(b.at) > 0 {
				continue
			}
			d := base.clone()
			d.values[p] = b.value
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
	for _, b := range boundaries(base.media.Schema, base.body, 0) {
		d := base.clone()
		changed, ok := replaced(base.body, b.at, b.value, b.remove)
		if !ok {
			continue
		}
		d.body = changed
		add(d, "body "+pointer(b.at)+": "+b.name)
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
		i, err := strconv.Atoi(at[0])
		if err != nil || i < 0 || i >= len(c) {
			return nil, false
		}
		out := slices.Clone(c)
		inner, ok := replaced(out[i], at[1:], with, remove)
		out[i] = inner
		return out, ok
	}
	return nil, false
}

// boundary is another value at a place in a value, or none.
type boundary struct {
	at     []string
	name   string
	value  any
	remove bool
}

// mostDeep is how far boundaries are looked for below a body.
const mostDeep = 3

// boundaries are the values around the edges of a schema, in the place of a valid one.
func boundaries(s *schema.Schema, v any, depth int) []boundary {
	for range 10 {
		if s == nil || s.Ref == nil || len(s.Properties) > 0 {
			break
		}
		s = s.Ref
	}
	if s == nil {
		return nil
	}
	var out []boundary
	add := func(name string, value any) { out = append(out, boundary{name: name, value: value}) }
	add("null", nil)
	for i, one := range s.Enum {
		if i == 10 {
			break
		}
		add("member "+strconv.Itoa(i+1)+" of its enum", one)
	}
	switch v := v.(type) {
	case string:
		add("of another type", json.Number("7"))
		add("empty", "")
		if s.HasEnum {
			add("outside its enum", v+"-standin")
		}
		texts(s, v, add)
	case json.Number:
		add("of another type", "standin")
		numbers(s, add)
	case bool:
		add("of another type", "standin")
	case []any:
		add("of another type", map[string]any{})
		lists(s, v, add)
		if items := sample.Items(s); items != nil && len(v) > 0 && depth < mostDeep {
			out = append(out, below("0", boundaries(items, v[0], depth+1))...)
		}
	case map[string]any:
		add("of another type", "standin")
		out = append(out, objects(s, v, depth)...)
	}
	return out
}

func below(token string, inner []boundary) []boundary {
	for i := range inner {
		inner[i].at = append([]string{token}, inner[i].at...)
	}
	return inner
}

// texts are texts at the bounds of length, and one character beyond.
func texts(s *schema.Schema, v string, add func(string, any)) {
	const longest = 10_000
	sized := func(n int) string {
		runes := []rune(v)
		if len(runes) == 0 {
			runes = []rune("x")
		}
		for len(runes) < n {
			runes = append(runes, runes...)
		}
		return string(runes[:n])
	}
	if s.MinLength > 0 && s.MinLength <= longest {
		add("as short as it may be", sized(s.MinLength))
		add("too short", sized(s.MinLength-1))
	}
	if s.MaxLength >= 0 && s.MaxLength < longest {
		add("as long as it may be", sized(s.MaxLength))
		add("too long", sized(s.MaxLength+1))
	}
	if s.Pattern != nil || s.Format != "" {
		add("of another form", "~ standin ~")
	}
}

// numbers are the bounds of a number, and one step beyond.
func numbers(s *schema.Schema, add func(string, any)) {
	step := big.NewRat(1, 1)
	bound := func(n *schema.Number, name, beyond string, up bool) {
		if n == nil {
			return
		}
		at, ok := new(big.Rat).SetString(n.String())
		if !ok {
			return
		}
		add(name, ratText(at))
		past := new(big.Rat).Add(at, step)
		if !up {
			past = new(big.Rat).Sub(at, step)
		}
		add(beyond, ratText(past))
	}
	bound(s.Minimum, "at its minimum", "below its minimum", false)
	bound(s.Maximum, "at its maximum", "above its maximum", true)
	bound(s.ExclusiveMinimum, "at its exclusive minimum", "below its exclusive minimum", false)
	bound(s.ExclusiveMaximum, "at its exclusive maximum", "above its exclusive maximum", true)
	if s.Types.Has(schema.IntegerType) && !s.Types.Has(schema.NumberType) {
		add("with a fraction", json.Number("1.5"))
	}
}

func ratText(r *big.Rat) json.Number {
	if r.IsInt() {
		return json.Number(r.Num().String())
	}
	return json.Number(strings.TrimRight(r.FloatString(20), "0"))
}

// lists are lists at the bounds of their length, and one beyond.
func lists(s *schema.Schema, v []any, add func(string, any)) {
	const longest = 1000
	if s.MinItems > 0 && len(v) >= s.MinItems {
		add("with too few items", slices.Clone(v[:s.MinItems-1]))
	}
	if s.MaxItems >= 0 && s.MaxItems < longest && len(v) > 0 {
		long := slices.Clone(v)
		for len(long) <= s.MaxItems {
			long = append(long, v[0])
		}
		add("with too many items", long)
	}
	if s.UniqueItems && len(v) > 0 {
		add("with an item twice", append(slices.Clone(v), v[0]))
	}
}

// objects are objects without each of their properties, with one more, and with each at its boundaries.
func objects(s *schema.Schema, v map[string]any, depth int) []boundary {
	var out []boundary
	names := map[string]*schema.Schema{}
	for _, p := range sample.Properties(s) {
		names[p.Name] = p.Schema
	}
	for _, p := range sample.Properties(s) {
		if _, there := v[p.Name]; !there {
			continue
		}
		out = append(out, boundary{at: []string{p.Name}, name: "missing", remove: true})
		if depth < mostDeep {
			out = append(out, below(p.Name, boundaries(p.Schema, v[p.Name], depth+1))...)
		}
	}
	if names["standin"] == nil {
		out = append(out, boundary{at: []string{"standin"}, name: "one that is not documented", value: "standin"})
	}
	return out
}

// questions are those about the operation itself.
func (r *run) questions(op *contract.Operation, base *draft) []testCase {
	var out []testCase
	ask := func(expect, name string, change func(*draft)) {
		d := base.clone()
		change(d)
		out = append(out, testCase{draft: d, name: name, expect: expect})
	}
	if op.Method == http.MethodGet {
		ask("head", "HEAD", func(d *draft) { d.method = http.MethodHead })
	}
	ask("negotiation", "a media type that nobody documents", func(d *draft) { d.accept = "application/x-standin" })
	if secured(op) {
		ask("credentials", "no credentials", func(d *draft) { d.public = true })
	}
	if method := r.undocumented(op, base); method != "" && (r.All || safe(method)) {
		ask("method", "the undocumented method "+method, func(d *draft) { d.method, d.has = method, false })
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

// undocumented is a method that the path does not have; only the first operation of a path asks.
func (r *run) undocumented(op *contract.Operation, base *draft) string {
	request, _, err := base.write(r.base)
	if err != nil {
		return ""
	}
	allow := r.contract.Find("STANDIN", strings.TrimPrefix(request.URL.EscapedPath(), r.base.EscapedPath())).Allow
	if len(allow) == 0 || slices.Index(allow, op.Method) > 0 && allow[0] != op.Method {
		return ""
	}
	for _, method := range []string{http.MethodDelete, http.MethodPatch, http.MethodPut, http.MethodPost, http.MethodGet} {
		if !slices.Contains(allow, method) {
			return method
		}
	}
	return ""
}
