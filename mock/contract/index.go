package contract

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"standin/mock/internal/route"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// methods are the fixed fields of a path item that are operations (OpenAPI 3.2, Path Item Object; QUERY is new there).
func methods() []string {
	return []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}
}

// index finds the operations: their methods, templates and ids. Nothing is compiled yet.
func (c *Contract) index() {
	paths := c.member(c.top(), "paths", source.Object)
	if !has(c.root, "paths") && (c.dialect != schema.OpenAPI31 || !has(c.root, "components") && !has(c.root, "webhooks")) {
		c.fault(c.root.Position(), "paths", "the document has no paths, so there is nothing to serve")
	}
	for _, m := range paths.Members() {
		if strings.HasPrefix(m.Name, "x-") {
			continue
		}
		if !strings.HasPrefix(m.Name, "/") {
			c.fault(m.Position(), "route", fmt.Sprintf("the path %q must begin with a slash", m.Name))
			continue
		}
		c.indexPath(m, spot{m.Value, paths.file})
	}
	c.buildMatcher()
}

func (c *Contract) indexPath(m source.Member, written spot) {
	item := c.entry(m, written.file, "path")
	for _, other := range item.Members() {
		if lower := strings.ToLower(other.Name); lower != other.Name && slices.Contains(methods(), lower) {
			c.warn(other.Position(), "route", fmt.Sprintf("methods are written in lower case, so %q is passed over", other.Name))
		}
	}
	for _, method := range methods() {
		operation := item.get(method)
		if operation.Node == nil && written.Get(method) != nil { // beside a $ref, as 3.1 allows
			operation = written.get(method)
		}
		if operation.Node == nil {
			continue
		}
		c.indexOperation(strings.ToUpper(method), m.Name, item.PositionOf(method), operation, item)
	}
	more := c.member(item, "additionalOperations", source.Object) // OpenAPI 3.2
	for _, one := range more.Members() {
		operation := c.follow(spot{one.Value, more.file})
		switch {
		case slices.Contains(methods(), strings.ToLower(one.Name)) && strings.ToUpper(one.Name) == one.Name:
			c.fault(one.Position(), "route", fmt.Sprintf("%s has a field of its own, and is passed over here", one.Name))
		case !isToken(one.Name):
			c.fault(one.Position(), "route", fmt.Sprintf("%q cannot be a method", one.Name))
		default:
			c.indexOperation(one.Name, m.Name, one.Position(), operation, item)
		}
	}
}

// isToken tells whether a text can be a method (RFC 9110, 5.6.2 and 9.1).
func isToken(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	}) < 0
}

func (c *Contract) indexOperation(method, template string, at Position, operation, item spot) {
	if operation.Node == nil {
		return
	}
	if !operation.Is(source.Object) {
		c.fault(operation.Position(), "syntax", "an operation must be an object, this is "+kindName(operation.Node))
		return
	}
	c.add(&Operation{Method: method, Template: template, Position: at, contract: c, node: operation, item: item})
}

// add names an operation by its operationId, or by method and path where that is absent or taken.
func (c *Contract) add(op *Operation) {
	fallback := op.Method + " " + op.Template
	op.asks = asked(op.Template)
	id := op.node.Get("operationId")
	op.ID = id.StringOr("")
	switch first := c.byID[op.ID]; {
	case id != nil && !id.Is(source.String):
		c.warn(op.node.PositionOf("operationId"), "operation-id", "an operationId must be a string, this is "+kindName(id))
		op.ID = fallback
	case op.ID == "":
		op.ID = fallback
	case first != nil:
		c.warn(op.node.PositionOf("operationId"), "operation-id",
			fmt.Sprintf("the operationId %q is taken by %s %s; this operation is called %q", op.ID, first.Method, first.Template, fallback))
		op.ID = fallback
	}
	c.operations = append(c.operations, op)
	for _, name := range []string{op.ID, fallback} {
		if c.byID[name] == nil {
			c.byID[name] = op
		}
	}
}

func (c *Contract) buildMatcher() {
	routes := make([]route.Route, len(c.operations))
	for i, op := range c.operations {
		routes[i] = route.Route{Method: op.Method, Template: op.Template}
	}
	matcher, conflicts, faults := route.Compile(routes)
	for _, conflict := range conflicts {
		first, op := c.operations[conflict.First], c.operations[conflict.Second]
		c.warn(op.Position, "route", conflict.Reason+cmp.Or(first.sharesPath(op), "; the first one answers"))
	}
	for _, f := range faults {
		op := c.operations[f.Route]
		op.lost = true
		c.fault(op.Position, "route", fmt.Sprintf("the path %q cannot be served: %s", op.Template, f.Reason))
	}
	c.matcher = matcher
}

// readPrefixes gathers the paths of all servers, longest first.
func (c *Contract) readPrefixes() {
	var prefixes []string
	if c.dialect == schema.OpenAPI20 {
		prefixes = append(prefixes, strings.TrimSuffix(c.root.Get("basePath").StringOr(""), "/"))
	}
	servers := slices.Clone(c.member(c.top(), "servers", source.Array).Items())
	for _, m := range c.root.Get("paths").Members() {
		servers = append(servers, m.Value.Get("servers").Items()...)
	}
	for _, n := range servers {
		prefixes = append(prefixes, c.serverPath(n)...)
	}
	for i, p := range prefixes {
		if p != "" && p[0] != '/' {
			prefixes[i] = "/" + p
		}
	}
	prefixes = append(prefixes, "")
	slices.SortFunc(prefixes, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	c.prefixes = slices.Compact(prefixes)
}

// serverPath gives the path of a Server Object (OpenAPI 3.1, 4.8.5), once for each value of a variable that stands in it.
func (c *Contract) serverPath(n *Node) []string {
	server, ok := decodePiece[openapi3.Server](c, n)
	if !ok || server.URL == "" {
		c.warn(n.Position(), "server", "a server must be an object with a url; this one is passed over")
		return nil
	}
	urls := []string{server.URL}
	for name, v := range server.Variables {
		values := slices.Clone(v.Enum)
		if v.Default != "" || len(values) == 0 {
			values = append(values, v.Default)
		}
		var next []string
		for _, value := range values[:min(len(values), 20)] {
			for _, u := range urls[:min(len(urls), 20)] {
				next = append(next, strings.ReplaceAll(u, "{"+name+"}", value))
			}
		}
		urls = next
	}
	var out []string
	for _, text := range urls {
		if _, after, ok := strings.Cut(text, "//"); ok { // whatever host it names, it is us
			_, text, _ = strings.Cut(after, "/")
			text = "/" + text
		}
		u, err := url.Parse(text)
		if err != nil || strings.Contains(text, "{") {
			c.warn(n.PositionOf("url"), "server", fmt.Sprintf("the path of the server's url %q cannot be told, so it is not served", server.URL))
			continue
		}
		u = (&url.URL{Path: "/"}).ResolveReference(u) // relative to where the document is served, say at the root
		out = append(out, strings.TrimSuffix(u.EscapedPath(), "/"))
	}
	slices.SortStableFunc(out, func(a, b string) int { return strings.Compare(a, b) })
	return out
}

// Find gives the operation of a method and a path as it stands in the request line, percent-encoded, below any of the servers'
// prefixes or bare.
func (c *Contract) Find(method, escapedPath string) Found {
	var allowed Found
	for _, prefix := range c.prefixes {
		rest, ok := strings.CutPrefix(escapedPath, prefix)
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		if rest == "" {
			rest = "/"
		}
		var captures route.Captures
		m := c.matcher.Match(method, rest, &captures)
		if m.Route >= 0 {
			return Found{
				Operation: c.operations[m.Route], Allow: m.Allow, Captures: captures.Values(), Head: m.Head, Prefix: prefix, names: m.Names,
			}
		}
		if allowed.Allow == nil && m.Allow != nil {
			allowed = Found{Allow: m.Allow, Prefix: prefix}
		}
	}
	return allowed
}

// Nearest gives up to n path templates that come nearest to a path.
func (c *Contract) Nearest(escapedPath string, n int) []string {
	for _, prefix := range c.prefixes {
		if rest, ok := strings.CutPrefix(escapedPath, prefix); ok && strings.HasPrefix(rest, "/") {
			return c.matcher.Nearest(rest, n)
		}
	}
	return c.matcher.Nearest(escapedPath, n)
}
