// Package contract compiles an OpenAPI document, finds the operation of a request and checks exchanges against it.
//
// [Load] reads a document of OpenAPI 2.0, 3.0 or 3.1 with all that it refers to below its folder, and indexes it. Operations compile
// on first touch; [Contract.Wait] compiles the rest and gives everything that is wrong with the document. A server then asks
// [Contract.Find] for the operation of each request, [Operation.CheckRequest] for what the request breaks, and
// [Operation.CheckResponse] for what an answer would. A [Contract] is immutable: any number of servers can share it.
package contract

import (
	"net/http"
	"net/url"

	"standin/mock/internal/media"
	"standin/mock/internal/param"
	"standin/mock/schema"
)

// Position is a place in a document: File, Line, Col.
type Position = schema.Position

// Node is a value of a document that knows its place.
type Node = schema.Node

// Level tells how bad a diagnostic is.
type Level = schema.Level

// The levels. A Warning is about what is odd and yet understood. An Error is something that the document promises and cannot
// keep; what it stands on is still served where possible.
const (
	Warning = schema.Warning
	Error   = schema.Error
)

// Diagnostic is a fault of a document or a fixture.
type Diagnostic struct {
	Position Position
	Level    Level
	// Rule names the check, in kebab case: "syntax", "reference", "schema", "example", "route", "operation-id", ….
	Rule    string
	Message string
	// Operation is the id of the operation that suffers, "" if all do or none.
	Operation string
}

// String gives "FILE:LINE:COL: LEVEL: MESSAGE (RULE)".
func (d Diagnostic) String() string {
	return d.Position.String() + ": " + d.Level.String() + ": " + d.Message + " (" + d.Rule + ")"
}

// Violation is one broken promise of an exchange.
type Violation struct {
	// Operation is the id of the operation.
	Operation string `json:"-"`
	// In is path, query, header, cookie, body, security, or status (a response of an undocumented status).
	In string `json:"in"`
	// Name is the parameter, header or security scheme; "" for bodies.
	Name string `json:"name,omitempty"`
	// Pointer is the JSON Pointer below the parameter's value or the body, "" for the whole.
	Pointer string `json:"pointer,omitempty"`
	// Message says what is wrong, for people.
	Message string `json:"message"`
	// Keyword is the schema keyword, or one of: required, requestBody (a body is missing), syntax (unreadable),
	// contentType (undocumented media type), status, security, undeclared, complexity; for parameters also duplicate, encoding,
	// style, content.
	Keyword string `json:"keyword"`
	// Rule is where the broken rule stands, "FILE:LINE:COL" in JSON.
	Rule Position `json:"rule"`
}

// Info is what the document says of itself.
type Info struct {
	Title, Version, Summary, Description string
	// OpenAPI is the version of the specification as written: "2.0", "3.0.3", "3.1.0".
	OpenAPI string
}

// Found is what a method and a path lead to.
type Found struct {
	// Operation is nil if there is none.
	Operation *Operation
	// Allow lists the methods of the path when it exists, for 405 and OPTIONS.
	Allow []string
	// Captures are the raw, still percent-encoded path values in the order of the template's names.
	Captures []string
	// Head tells that a HEAD request was matched to a GET operation.
	Head bool
	// Prefix is the server path that was in front, "" for none.
	Prefix string

	names []string // of the captures
}

// Parameter is one compiled parameter of an operation.
type Parameter struct {
	Name, In    string
	Required    bool
	Deprecated  bool
	Description string
	Schema      *schema.Schema
	Examples    []Example
	Position    Position
	// Node is the Parameter Object, references followed.
	Node *Node

	decode *param.Decoder
	key    string // the canonical name of a header
}

// RequestBody is the compiled body of an operation.
type RequestBody struct {
	Required    bool
	Description string
	Content     []*MediaType
	Position    Position

	types []media.Type // of Content
}

// MediaType is one documented kind of body.
type MediaType struct {
	// Range is the key as documented: "application/json", "text/*".
	Range string
	// Schema is nil if none is documented.
	Schema *schema.Schema
	// Items is what is said of each element of a body that is a sequence of them (itemSchema of OpenAPI 3.2), nil if nothing is.
	Items    *schema.Schema
	Examples []Example
	Position Position
	// Node is the Media Type Object, references followed.
	Node *Node

	parsed media.Type
	form   *param.FormBody
	parts  *parts
}

// Example is one documented example.
type Example struct {
	// Name is the key under examples, or "default" for the single example.
	Name, Summary, Description string
	// Value is nil when the example is external or text cannot express it.
	Value *Node
	// Violations are what it breaks of its own schema; such an example is served only when asked for by name.
	Violations []schema.Violation
	// Known tells that the document says itself that the example is invalid (x-invalid: true).
	Known    bool
	Position Position
}

// Response is one documented response.
type Response struct {
	// Status is the key: "200", "4XX", "default".
	Status      string
	Description string
	Headers     []*Parameter
	Content     []*MediaType
	Position    Position
	Node        *Node

	types []media.Type // of Content
}

// Responses are the documented responses of an operation, split so that a look-up cannot be wrong.
type Responses struct {
	Exact   map[int]*Response
	Class   [6]*Response // by first digit
	Default *Response
	// All is every one in the order of the document.
	All []*Response
}

// Scheme is one named security scheme as an operation demands it.
type Scheme struct {
	// ID is its name under securitySchemes; Type is apiKey, http, oauth2, openIdConnect, mutualTLS.
	ID, Type string
	// Scheme is that of http, lower case: basic, bearer, ….
	Scheme string
	// In and Name place an apiKey.
	In, Name string
	Scopes   []string
	Position Position
}

// Requirement is a set of schemes that must all be met; an operation's requirements are alternatives.
type Requirement []Scheme

// Request is a request as the contract judges it.
type Request struct {
	Found  Found
	URL    *url.URL
	Header http.Header
	// Body is the whole body, decoded from its Content-Encoding; nil for none.
	Body []byte
	// Received is the body where it was read as it came; Body is nil then.
	Received *Received
	// Strict also refuses undeclared query parameters and properties nobody documented.
	Strict bool
}

// Checked is the outcome of a check of a request.
type Checked struct {
	Violations []Violation
	// Undeclared counts query parameters that nobody documented (not in strict handling, where they are violations).
	Undeclared int

	request   *Request
	operation *Operation
}

// Values are the decoded inputs of a request; what could not be decoded is absent.
type Values struct {
	Path, Query, Header, Cookie map[string]any
	// Body is the decoded body; HasBody tells null from none.
	Body    any
	HasBody bool
}
