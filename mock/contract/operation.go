package contract

import (
	"slices"
	"sync/atomic"

	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Operation is one operation of the document. What needs compiling is compiled on first touch.
type Operation struct {
	// ID is the operationId, or "METHOD /template" where the document has none or repeats it.
	ID string
	// Method is in upper case, Template as in the document.
	Method, Template string
	Position         Position

	contract *Contract
	node     spot // the Operation Object
	item     spot // the Path Item Object
	lost     bool // no path leads here
	outgoing bool // the absent server sends it
	// callbacks are those that this operation leads to, webhooks included.
	callbacks []*Callback
	// rivals are those with the same method and path, itself first, where templates have a query to tell them apart.
	rivals []*Operation
	// twins are those whose templates lead to the same paths, itself first; nil where there is none.
	twins []*Operation
	names []string // the placeholders of the template, in twins
	asks  []string // the pairs of the query that the template has
	state atomic.Pointer[compiled]
}

// compiled is what an operation's document decides, worked out once.
type compiled struct {
	summary, description string
	tags                 []string
	deprecated           bool
	parameters           []*Parameter
	turns                []*Parameter // in the order in which they are decoded
	body                 *RequestBody
	responses            *Responses
	security             []Requirement
	diagnostics          []Diagnostic
	// queries tells whether any parameter or credential stands in the query.
	queries bool
}

// compiled compiles the operation if nobody has yet.
func (o *Operation) compiled() *compiled {
	if s := o.state.Load(); s != nil {
		return s
	}
	c := o.contract
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := o.state.Load(); s != nil {
		return s
	}
	before := len(c.found)
	s := c.compileOperation(o)
	for _, d := range c.found[before:] {
		d.Operation = o.ID
		s.diagnostics = append(s.diagnostics, d)
	}
	o.state.Store(s)
	return s
}

// compileOperation runs the passes over one operation, each in a file of its own.
func (c *Contract) compileOperation(o *Operation) *compiled {
	s := &compiled{}
	drop := []string{"operationId", "parameters", "requestBody", "responses", "callbacks", "security", "servers"}
	if piece, ok := decodePiece[openapi3.Operation](c, o.node.Node, drop...); ok {
		s.summary, s.description, s.tags, s.deprecated = piece.Summary, piece.Description, piece.Tags, piece.Deprecated
	}
	declared := c.parameterSpots(o)
	s.parameters = c.compileParameters(o, declared)
	s.body = c.compileBody(o, declared)
	s.responses = c.compileResponses(o)
	s.security = c.compileSecurity(o)
	for _, p := range s.parameters {
		s.queries = s.queries || p.In == "query"
		if p.decode != nil {
			s.turns = append(s.turns, p)
		}
	}
	slices.SortStableFunc(s.turns, func(a, b *Parameter) int { return a.decode.Turn() - b.decode.Turn() })
	if len(s.responses.All) == 0 && !o.outgoing {
		c.fault(o.Position, "responses", "this operation documents no answer that could be given")
	}
	return s
}

// Node is the Operation Object as the document has it.
func (o *Operation) Node() *Node { return o.node.Node }

// PathItem is the Path Item Object that the operation stands in, references followed.
func (o *Operation) PathItem() *Node { return o.item.Node }

// BodyDirection tells what readOnly and writeOnly mean for its request body: what the absent server sends itself comes from where readOnly
// values are made, as its answers do.
func (o *Operation) BodyDirection() schema.Direction {
	if o.outgoing {
		return schema.Response
	}
	return schema.Request
}

// Summary is the document's one line on the operation.
func (o *Operation) Summary() string { return o.compiled().summary }

// Description is the document's text on the operation, in CommonMark.
func (o *Operation) Description() string { return o.compiled().description }

// Tags are the names of the operation's tags.
func (o *Operation) Tags() []string { return o.compiled().tags }

// Deprecated tells that the document advises against the operation.
func (o *Operation) Deprecated() bool { return o.compiled().deprecated }

// Internal tells that the operation, or its path, is marked x-internal and must not be shown.
func (o *Operation) Internal() bool {
	return o.node.Get("x-internal").True() || o.item.Get("x-internal").True()
}

// Parameters are those of the path item and the operation merged, without the headers that parameters cannot describe (OpenAPI
// 3.1, 4.8.12: Accept, Content-Type, Authorization).
func (o *Operation) Parameters() []*Parameter { return o.compiled().parameters }

// RequestBody is the documented body, nil if there is none.
func (o *Operation) RequestBody() *RequestBody { return o.compiled().body }

// Responses are the documented answers.
func (o *Operation) Responses() *Responses { return o.compiled().responses }

// Security lists the alternatives of which one must be met; nil demands nothing, and an empty one among others makes it optional.
func (o *Operation) Security() []Requirement { return o.compiled().security }

// Diagnostics are the faults first met while this operation was compiled; those of a component that another one shares are with it.
func (o *Operation) Diagnostics() []Diagnostic { return o.compiled().diagnostics }

// Broken tells that no usable answer is left.
func (o *Operation) Broken() bool { return len(o.compiled().responses.All) == 0 }

// For is the response documented for a status: exact, by class, or default; nil if it is undocumented.
func (r *Responses) For(status int) *Response {
	if exact := r.Exact[status]; exact != nil {
		return exact
	}
	if class := status / 100; class > 0 && class < len(r.Class) && r.Class[class] != nil {
		return r.Class[class]
	}
	return r.Default
}

// has tells whether an object has a member at all.
func has(n *Node, name string) bool {
	_, ok := n.Member(name)
	return ok && n.Is(source.Object)
}
