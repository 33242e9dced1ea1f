// Package coverage tells which parts of a document exchanges used.
//
// The parts are operations, documented statuses, parameters, properties of bodies, and members of enumerations. What a document has is
// worked out once; [Coverage.See] then notes what an exchange used.
package coverage

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Kind is what a part is.
type Kind string

// The kinds.
const (
	Operations Kind = "operations"
	Statuses   Kind = "statuses"
	Parameters Kind = "parameters"
	Properties Kind = "properties"
	Enums      Kind = "enums"
)

// Kinds are all of them, in the order of reports.
func Kinds() []Kind { return []Kind{Operations, Statuses, Parameters, Properties, Enums} }

// part is one part of a document.
type part struct {
	kind Kind
	name string // within its operation: "status 200", "query limit", "response 200 /items/-/id", "query sort = \"asc\""
}

// Coverage is what exchanges used of a document. It is safe for concurrent use.
type Coverage struct {
	contract *contract.Contract

	mu    sync.Mutex
	uses  map[string]*use // by operation id
	order []string
}

// use is what was used of an operation.
type use struct {
	operation *contract.Operation
	parts     []part
	index     map[string]bool // by name: is a part
	seen      map[string]bool
	count     int
}

// Of is the coverage of a contract by no exchange yet.
func Of(c *contract.Contract) *Coverage {
	out := &Coverage{contract: c, uses: map[string]*use{}}
	for _, op := range c.Operations() {
		if op.Internal() {
			continue
		}
		u := &use{operation: op, index: map[string]bool{}, seen: map[string]bool{}}
		u.gather()
		out.uses[op.ID] = u
		out.order = append(out.order, op.ID)
	}
	return out
}

func (u *use) add(kind Kind, name string) {
	if !u.index[name] && len(u.parts) < mostParts {
		u.index[name] = true
		u.parts = append(u.parts, part{kind, name})
	}
}

// Bounds of one operation.
const (
	mostParts = 5_000
	deepest   = 8
)

// gather lists the parts of an operation.
func (u *use) gather() {
	u.add(Operations, "")
	for _, p := range u.operation.Parameters() {
		at := p.In + " " + p.Name
		u.add(Parameters, at)
		u.walk(p.Schema, at, schema.Request, 0, false)
	}
	if body := u.operation.RequestBody(); body != nil {
		for _, m := range body.Content {
			u.walk(m.Schema, "request ", schema.Request, 0, true)
		}
	}
	for _, r := range u.operation.Responses().All {
		u.add(Statuses, "status "+r.Status)
		for _, m := range r.Content {
			u.walk(m.Schema, "response "+r.Status+" ", schema.Response, 0, true)
		}
	}
}

// walk lists the properties and the enumerations that a schema describes at a place.
func (u *use) walk(s *schema.Schema, at string, d schema.Direction, depth int, properties bool) {
	if s == nil || depth > deepest || len(u.parts) >= mostParts {
		return
	}
	for _, v := range s.Enum {
		u.add(Enums, at+" = "+text(v))
	}
	for _, p := range s.Properties {
		if p.Schema != nil && (d == schema.Request && p.Schema.ReadOnly || d == schema.Response && p.Schema.WriteOnly) {
			continue
		}
		place := at + "/" + source.Escape(p.Name)
		if properties {
			u.add(Properties, place)
		}
		u.walk(p.Schema, place, d, depth+1, properties)
	}
	u.walk(s.Items, at+"/-", d, depth+1, properties)
	for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf, {s.Ref}} {
		for _, one := range list {
			u.walk(one, at, d, depth+1, properties)
		}
	}
}

// text is a value as JSON.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return string(b)
}

// Seen is an exchange.
type Seen struct {
	Operation *contract.Operation
	Values    contract.Values
	// Status is 0 where there was no answer that counts; Body is the answer's, HasBody tells null from none.
	Status  int
	Body    any
	HasBody bool
}

// See notes what an exchange used.
func (c *Coverage) See(s *Seen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.uses[s.Operation.ID]
	if u == nil {
		return
	}
	u.count++
	u.seen[""] = true
	for in, values := range map[string]map[string]any{"path": s.Values.Path, "query": s.Values.Query, "header": s.Values.Header, "cookie": s.Values.Cookie} {
		for name, v := range values {
			u.value(v, in+" "+name, 0)
		}
	}
	if s.Values.HasBody {
		u.value(s.Values.Body, "request ", 0)
	}
	r := s.Operation.Responses().For(s.Status)
	if s.Status == 0 || r == nil {
		return
	}
	u.mark("status " + r.Status)
	if s.HasBody {
		u.value(s.Body, "response "+r.Status+" ", 0)
	}
}

func (u *use) mark(name string) {
	if u.index[name] {
		u.seen[name] = true
	}
}

// value notes a value, and what is in it.
func (u *use) value(v any, at string, depth int) {
	if depth > 2*deepest {
		return
	}
	u.mark(at)
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			u.value(x, at+"/"+source.Escape(name), depth+1)
		}
	case []any:
		for _, x := range v {
			u.value(x, at+"/-", depth+1)
		}
	default:
		u.mark(at + " = " + text(v))
	}
}

// Share is how much of something was used.
type Share struct {
	Used  int `json:"used"`
	Total int `json:"total"`
}

// Percent is the share in percent, rounded down; 100 of nothing.
func (s Share) Percent() int {
	if s.Total == 0 {
		return 100
	}
	return 100 * s.Used / s.Total
}

// Line is the coverage of one operation.
type Line struct {
	Operation string            `json:"operation"`
	Method    string            `json:"method"`
	Template  string            `json:"path"`
	Position  contract.Position `json:"position"`
	// Exchanges is how many there were.
	Exchanges int            `json:"exchanges"`
	Shares    map[Kind]Share `json:"shares"`
	// Unused are the parts that no exchange used; none are listed of an operation that no exchange was of.
	Unused []string `json:"unused"`
}

// Report is the coverage as it is by now.
type Report struct {
	Shares     map[Kind]Share `json:"shares"`
	Operations []Line         `json:"operations"`
}

// Report tells what was used.
func (c *Coverage) Report() *Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := &Report{Shares: map[Kind]Share{}, Operations: []Line{}}
	for _, id := range c.order {
		u := c.uses[id]
		line := Line{
			Operation: id, Method: u.operation.Method, Template: u.operation.Template, Position: u.operation.Position, Exchanges: u.count,
			Shares: map[Kind]Share{}, Unused: []string{},
		}
		for _, p := range u.parts {
			share := line.Shares[p.kind]
			share.Total++
			if u.seen[p.name] {
				share.Used++
			} else if u.count > 0 && p.name != "" {
				line.Unused = append(line.Unused, p.name)
			}
			line.Shares[p.kind] = share
		}
		for kind, share := range line.Shares {
			sum := out.Shares[kind]
			out.Shares[kind] = Share{sum.Used + share.Used, sum.Total + share.Total}
		}
		out.Operations = append(out.Operations, line)
	}
	return out
}

// Used tells whether a part of an operation was used, by its name; "" is the operation itself.
func (c *Coverage) Used(operationID, name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.uses[operationID]
	return u != nil && u.seen[name]
}

// Parts are the names of what was used of an operation, in order.
func (c *Coverage) Parts(operationID string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.uses[operationID]
	if u == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(u.seen))
}

// Thresholds are the least percentages, by kind.
type Thresholds map[Kind]int

// ParseThresholds reads "80", which is for operations, or "operations=100,statuses=50".
func ParseThresholds(text string) (Thresholds, bool) {
	out := Thresholds{}
	for one := range strings.SplitSeq(text, ",") {
		name, value, named := strings.Cut(strings.TrimSpace(one), "=")
		if !named {
			name, value = string(Operations), name
		}
		percent, err := strconv.Atoi(strings.TrimSuffix(value, "%"))
		if err != nil || percent < 0 || percent > 100 || !slices.Contains(Kinds(), Kind(name)) {
			return nil, false
		}
		out[Kind(name)] = percent
	}
	return out, true
}

// Missed are the kinds whose share is below the threshold.
func (r *Report) Missed(t Thresholds) []Kind {
	var out []Kind
	for _, kind := range Kinds() {
		if least, ok := t[kind]; ok && r.Shares[kind].Percent() < least {
			out = append(out, kind)
		}
	}
	return out
}
