// Package coverage tells which parts of a document exchanges used.
//
// The parts are operations, documented statuses, parameters, properties of bodies, and members of enumerations. What a document has is
// worked out once; [Coverage.See] then notes what an exchange used.
package coverage

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/internal/traffic"
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

// Parts are what a document has, worked out for each operation when it is first asked for. They are safe for concurrent use.
type Parts struct {
	order []string
	of    map[string]*parts
}

// parts are those of one operation.
type parts struct {
	operation *contract.Operation
	once      sync.Once
	list      []part
	index     map[string]int // by name: the place in list
}

// PartsOf are those of a contract; internal operations have none.
func PartsOf(c *contract.Contract) *Parts {
	out := &Parts{of: map[string]*parts{}}
	for _, op := range c.Operations() {
		if !op.Internal() {
			out.of[op.ID] = &parts{operation: op}
			out.order = append(out.order, op.ID)
		}
	}
	return out
}

// worked gives the parts of an operation, worked out.
func (p *parts) worked() *parts {
	p.once.Do(func() {
		p.index = map[string]int{}
		p.gather()
	})
	return p
}

func (p *parts) add(kind Kind, name string) {
	if _, known := p.index[name]; !known && len(p.list) < mostParts {
		p.index[name] = len(p.list)
		p.list = append(p.list, part{kind, name})
	}
}

// Bounds of one operation.
const (
	mostParts = 5_000
	deepest   = 8
)

// gather lists the parts of an operation.
func (p *parts) gather() {
	p.add(Operations, "")
	for _, one := range p.operation.Parameters() {
		at := one.In + " " + one.Name
		p.add(Parameters, at)
		p.walk(one.Schema, at, schema.Request, 0, false)
	}
	if body := p.operation.RequestBody(); body != nil {
		for _, m := range body.Content {
			p.walk(m.Schema, "request ", schema.Request, 0, true)
		}
	}
	for _, r := range p.operation.Responses().All {
		p.add(Statuses, "status "+r.Status)
		for _, m := range r.Content {
			p.walk(m.Schema, "response "+r.Status+" ", schema.Response, 0, true)
		}
	}
}

// walk lists the properties and the enumerations that a schema describes at a place.
func (p *parts) walk(s *schema.Schema, at string, d schema.Direction, depth int, properties bool) {
	if s == nil || depth > deepest || len(p.list) >= mostParts {
		return
	}
	for _, v := range s.Enum {
		p.add(Enums, at+" = "+text(v))
	}
	for _, one := range s.Properties {
		if one.Schema != nil && (d == schema.Request && one.Schema.ReadOnly || d == schema.Response && one.Schema.WriteOnly) {
			continue
		}
		place := at + "/" + source.Escape(one.Name)
		if properties {
			p.add(Properties, place)
		}
		p.walk(one.Schema, place, d, depth+1, properties)
	}
	p.walk(s.Items, at+"/-", d, depth+1, properties)
	for _, list := range [][]*schema.Schema{s.AllOf, s.AnyOf, s.OneOf, {s.Ref}} {
		for _, one := range list {
			p.walk(one, at, d, depth+1, properties)
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

// Coverage is what exchanges used of a document. It is safe for concurrent use.
type Coverage struct {
	parts *Parts

	mu   sync.Mutex
	uses map[string]*use // by operation id
}

// use is what was used of an operation.
type use struct {
	*parts
	seen  []uint64 // a bit for each of the parts
	count int
}

// Of is the coverage of a contract by no exchange yet.
func Of(c *contract.Contract) *Coverage { return PartsOf(c).New() }

// New is the coverage of the parts by no exchange yet.
func (p *Parts) New() *Coverage { return &Coverage{parts: p, uses: map[string]*use{}} }

// use is that of an operation, nil if it is none of the document's.
func (c *Coverage) use(id string) *use {
	u := c.uses[id]
	if u == nil && c.parts.of[id] != nil {
		p := c.parts.of[id].worked()
		u = &use{parts: p, seen: make([]uint64, (len(p.list)+63)/64)}
		c.uses[id] = u
	}
	return u
}

func (u *use) has(i int) bool { return u.seen[i/64]&(1<<(i%64)) != 0 }

func (u *use) mark(name string) {
	if i, ok := u.index[name]; ok {
		u.seen[i/64] |= 1 << (i % 64)
	}
}

// Add notes what another coverage has, also one of another version of the document: by the names of what both have.
func (c *Coverage) Add(other *Coverage) {
	other.mu.Lock()
	defer other.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, from := range other.uses {
		to := c.use(id)
		if to == nil {
			continue
		}
		to.count += from.count
		for i, p := range from.list {
			if from.has(i) {
				to.mark(p.name)
			}
		}
	}
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

// SetBody reads the body of the answer, where it is JSON.
func (s *Seen) SetBody(text []byte) {
	if v, err := source.DecodeJSON(text, source.Limits{}); err == nil {
		s.Body, s.HasBody = v, true
	}
}

// SeeRecorded notes what a recorded exchange used that was matched to an operation, and gives what its request breaks.
func (c *Coverage) SeeRecorded(found contract.Found, x *traffic.Exchange) []contract.Violation {
	request := contract.Request{Found: found, URL: x.URL, Header: x.RequestHeader, Body: x.RequestBody}
	checked := found.Operation.CheckRequest(&request)
	seen := &Seen{Operation: found.Operation, Values: checked.Values(), Status: x.Status}
	if x.Refused {
		seen.Status = 0
	}
	if !x.ResponseLost {
		seen.SetBody(x.ResponseBody)
	}
	c.See(seen)
	return checked.Violations
}

// See notes what an exchange used.
func (c *Coverage) See(s *Seen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.use(s.Operation.ID)
	if u == nil {
		return
	}
	u.count++
	u.mark("")
	for in, values := range map[string]map[string]any{"path": s.Values.Path, "query": s.Values.Query, "header": s.Values.Header, "cookie": s.Values.Cookie} {
		for name, v := range values {
			u.value(v, in+" "+name, 0)
		}
	}
	if s.Values.HasBody {
		u.value(s.Values.Body, "request ", 0)
	}
	if s.Status == 0 {
		return
	}
	r := s.Operation.Responses().For(s.Status)
	if r == nil {
		return
	}
	u.mark("status " + r.Status)
	if s.HasBody {
		u.value(s.Body, "response "+r.Status+" ", 0)
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
	// Partial tells that there were exchanges of which nothing is known any more.
	Partial bool `json:"partial,omitempty"`
}

// Report tells what was used.
func (c *Coverage) Report() *Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := &Report{Shares: map[Kind]Share{}, Operations: []Line{}}
	for _, id := range c.parts.order {
		line := c.use(id).line()
		for kind, share := range line.Shares {
			sum := out.Shares[kind]
			out.Shares[kind] = Share{sum.Used + share.Used, sum.Total + share.Total}
		}
		out.Operations = append(out.Operations, line)
	}
	return out
}

func (u *use) line() Line {
	op := u.operation
	line := Line{
		Operation: op.ID, Method: op.Method, Template: op.Template, Position: op.Position, Exchanges: u.count, Shares: map[Kind]Share{}, Unused: []string{},
	}
	for i, p := range u.list {
		share := line.Shares[p.kind]
		share.Total++
		if u.has(i) {
			share.Used++
		} else if u.count > 0 && p.name != "" {
			line.Unused = append(line.Unused, p.name)
		}
		line.Shares[p.kind] = share
	}
	return line
}

// Used tells whether a part of an operation was used, by its name; "" is the operation itself.
func (c *Coverage) Used(operationID, name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.uses[operationID]
	if u == nil {
		return false
	}
	i, ok := u.index[name]
	return ok && u.has(i)
}

// Parts are the names of what was used of an operation, in order.
func (c *Coverage) Parts(operationID string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	if u := c.uses[operationID]; u != nil {
		for i, p := range u.list {
			if u.has(i) {
				out = append(out, p.name)
			}
		}
	}
	slices.Sort(out)
	return out
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
