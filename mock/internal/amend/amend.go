// Package amend writes the overlay that would make a document true of what a server was seen to do.
//
// An [Amender] is shown exchanges that break the document and that the server meant: answers, and requests that it accepted. Its
// overlay widens what the document says, no more than what was seen asks for: a schema becomes the old one or that of the values
// seen; statuses, media types and paths that were missing are added.
package amend

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// Seen is an exchange with what it breaks.
type Seen struct {
	// Operation is nil for a request that the document has no operation for; Method and Path are those of the request then.
	Operation    *contract.Operation
	Method, Path string

	// Accepted tells that the server took the request, so that what it breaks of the document is a fault of the document.
	Accepted bool
	Request  []contract.Violation
	// Values are the inputs as read; RequestType and RequestBody the body with its media type, without parameters.
	Values      contract.Values
	RequestType string
	RequestBody []byte

	Status       int
	Response     []contract.Violation
	ResponseType string
	ResponseBody []byte
}

// Amender gathers amendments. It is safe for concurrent use.
type Amender struct {
	contract *contract.Contract
	old      bool // OpenAPI 3.0: null is no type

	mu         sync.Mutex
	operations map[string]*amended // by target
	order      []string
	missed     map[string]bool // what no overlay of ours mends
	untold     []string        // of missed, what nobody was told yet
}

// amended is what an operation needs.
type amended struct {
	operation    *contract.Operation // nil for one that the document lacks
	method, path string

	responses  map[string]*widened // by the key under responses
	headers    map[string]map[string]bool
	body       *widened
	bodyNeeded bool              // the body is no longer required
	parameters map[string]*shape // "in name"; a nil shape widens nothing
	optional   map[string]bool   // parameters that are no longer required
	open       bool              // no credentials are needed
}

// widened is a body with new values: by media type, nil for a value that no schema was made of.
type widened struct {
	fresh bool // the document has nothing of the kind
	empty bool // it was seen without a body
	media map[string]*shape
}

// most bounds how many operations are added.
const most = 500

// New makes an amender for a contract. ok is false for documents that it cannot amend: OpenAPI 2.0.
func New(c *contract.Contract) (a *Amender, ok bool) {
	version := c.Info().OpenAPI
	return &Amender{
		contract: c, old: strings.HasPrefix(version, "3.0"), operations: map[string]*amended{}, missed: map[string]bool{},
	}, strings.HasPrefix(version, "3.")
}

// See takes note of an exchange; it tells whether the overlay has changed.
func (a *Amender) See(s *Seen) bool {
	if len(s.Response) == 0 && (len(s.Request) == 0 || !s.Accepted) {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.Operation == nil {
		return a.newPath(s)
	}
	if !a.own(s.Operation.Node()) {
		return a.miss(s.Operation.ID + " stands in another file than the document's first")
	}
	changed := false
	for _, v := range s.Response {
		changed = a.response(s, v) || changed
	}
	if s.Accepted {
		for _, v := range s.Request {
			changed = a.request(s, v) || changed
		}
	}
	return changed
}

// own tells that a value stands in the file that an overlay changes.
func (a *Amender) own(n *contract.Node) bool {
	return n != nil && n.Position().File == a.contract.Root().Position().File
}

// miss notes what the overlay cannot mend; it tells whether that is new, as the overlay tells it, too.
func (a *Amender) miss(what string) bool {
	if len(a.missed) >= most || a.missed[what] {
		return false
	}
	a.missed[what] = true
	a.untold = append(a.untold, what)
	return true
}

// Missed lists what was seen since it was last asked for and cannot be mended by the overlay.
func (a *Amender) Missed() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.untold
	a.untold = nil
	return out
}

func (a *Amender) of(op *contract.Operation, method, path string) *amended {
	if op != nil {
		method, path = op.Method, op.Template
	}
	key := path + " " + method
	if m := a.operations[key]; m != nil {
		return m
	}
	if len(a.operations) == most {
		return nil
	}
	m := &amended{
		operation: op, method: method, path: path, responses: map[string]*widened{}, headers: map[string]map[string]bool{},
		parameters: map[string]*shape{}, optional: map[string]bool{},
	}
	a.operations[key] = m
	a.order = append(a.order, key)
	return m
}

// newPath adds what the document has no operation for.
func (a *Amender) newPath(s *Seen) bool {
	if strings.ContainsAny(s.Path, "{}'\\") || s.Status == 404 || s.Status == 405 || s.Status == 501 {
		return false
	}
	m := a.of(nil, s.Method, s.Path)
	if m == nil {
		return a.miss("further paths: " + strconv.Itoa(most) + " operations are amended already")
	}
	return m.answer(strconv.Itoa(s.Status), true).see(s.ResponseType, s.ResponseBody)
}

func (m *amended) answer(key string, fresh bool) *widened {
	w := m.responses[key]
	if w == nil {
		w = &widened{fresh: fresh, media: map[string]*shape{}}
		m.responses[key] = w
	}
	return w
}

// see widens by one body; it tells whether that was new.
func (w *widened) see(mediaType string, body []byte) bool {
	if mediaType == "" {
		before := w.empty
		w.empty = true
		return !before
	}
	known, ok := w.media[mediaType]
	v, err := source.DecodeJSON(body, source.Limits{})
	if err != nil || !isJSON(mediaType) {
		if !ok {
			w.media[mediaType] = nil
		}
		return !ok
	}
	if known == nil {
		known = &shape{}
		w.media[mediaType] = known
	}
	return known.add(v, 0) || !ok
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// response mends what an answer breaks.
func (a *Amender) response(s *Seen, v contract.Violation) bool {
	m := a.of(s.Operation, "", "")
	if m == nil {
		return false
	}
	documented := s.Operation.Responses().For(s.Status)
	if v.In == "status" || documented == nil {
		return m.answer(strconv.Itoa(s.Status), true).see(s.ResponseType, s.ResponseBody)
	}
	if !a.own(documented.Node) {
		return a.miss("the answer " + documented.Status + " of " + s.Operation.ID + " stands in another file")
	}
	if v.In == "header" {
		m.answer(documented.Status, false)
		if m.headers[documented.Status] == nil {
			m.headers[documented.Status] = map[string]bool{}
		}
		before := m.headers[documented.Status][v.Name]
		m.headers[documented.Status][v.Name] = true
		return !before
	}
	if v.Keyword == "syntax" && isJSON(s.ResponseType) || s.ResponseType == "" {
		return a.miss("an answer " + strconv.Itoa(s.Status) + " of " + s.Operation.ID + " that cannot be read: " + v.Message)
	}
	return m.answer(documented.Status, false).see(s.ResponseType, s.ResponseBody)
}

// request mends what a request broke that the server took.
func (a *Amender) request(s *Seen, v contract.Violation) bool {
	m := a.of(s.Operation, "", "")
	if m == nil {
		return false
	}
	switch v.In {
	case "security":
		changed := !m.open
		m.open = true
		return changed
	case "body":
		return a.requestBody(m, s, v)
	case "path", "query", "header", "cookie":
		return a.parameter(m, s, v)
	}
	return a.miss(s.Operation.ID + ": " + v.Message)
}

func (a *Amender) requestBody(m *amended, s *Seen, v contract.Violation) bool {
	if v.Keyword == "requestBody" {
		changed := !m.bodyNeeded
		m.bodyNeeded = true
		return changed
	}
	if v.Keyword == "syntax" || s.RequestType == "" {
		return a.miss("a body of " + s.Operation.ID + " that cannot be read: " + v.Message)
	}
	if m.body == nil {
		m.body = &widened{media: map[string]*shape{}}
	}
	return m.body.see(s.RequestType, s.RequestBody)
}

func (a *Amender) parameter(m *amended, s *Seen, v contract.Violation) bool {
	key := v.In + " " + v.Name
	if v.Name == "" || !slices.ContainsFunc(s.Operation.Parameters(), func(p *contract.Parameter) bool { return p.In == v.In && p.Name == v.Name && a.own(p.Node) }) {
		return a.miss(s.Operation.ID + ": " + v.In + " " + v.Name + " " + v.Message)
	}
	if v.Keyword == "required" {
		changed := !m.optional[key]
		m.optional[key] = true
		return changed
	}
	value, ok := map[string]map[string]any{"path": s.Values.Path, "query": s.Values.Query, "header": s.Values.Header, "cookie": s.Values.Cookie}[v.In][v.Name]
	known, had := m.parameters[key]
	if !ok { // what could not be read as the type that is documented is a text
		value = ""
	}
	if known == nil {
		known = &shape{}
		m.parameters[key] = known
	}
	return known.add(value, 0) || !had
}

// Overlay is the overlay (OpenAPI Overlay 1.0) as JSON; nil if there is nothing to change.
func (a *Amender) Overlay() ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var actions []any
	for _, key := range a.order {
		actions = append(actions, a.actions(a.operations[key])...)
	}
	if len(actions) == 0 {
		return nil, nil
	}
	overlay := map[string]any{
		"overlay": "1.0.0",
		"info":    map[string]any{"title": "What the server was seen to do beside its document", "version": "1.0.0"},
		"actions": actions,
	}
	if len(a.missed) > 0 {
		overlay["x-not-mended"] = slices.Sorted(maps.Keys(a.missed))
	}
	text, err := json.MarshalIndent(overlay, "", "  ")
	return append(text, '\n'), err
}
