package schema

import (
	"net/url"
	"path"
	"strings"

	"standin/mock/internal/source"
)

// resource is a schema resource (2020-12 core, 4.3.5): a document, or the part of one that has a URI of its own by $id.
type resource struct {
	uri     string // base of the references inside
	root    *Node
	anchors map[string]*Node
	// dynamic are the schemas with a $dynamicAnchor.
	dynamic map[string]*Schema
	// scanned tells that $id and the anchors inside are known.
	scanned bool
	whole   *resource // the document that the resource is a part of; itself for a document

	silent bool // the vocabulary has no assertions
	format bool // the vocabulary asserts format
	old    bool // an older draft, where items may be an array and prefixItems means nothing

	named map[*Node]string
	// extending leads from a schema to the named ones that have it in their allOf.
	extending map[*Node][]source.Member
}

// home is the document that n stands in.
func (c *Compiler) home(uri string, n *Node) *resource {
	uri, _, _ = strings.Cut(uri, "#")
	if r := c.roots[n]; r != nil {
		return r
	}
	if c.loader != nil {
		if r, err := c.document(uri); err == nil {
			return r
		}
	}
	return c.register(uri, n)
}

// document is the resource of an absolute URI, loaded if need be.
func (c *Compiler) document(uri string) (*resource, error) {
	if r := c.resources[uri]; r != nil {
		return r, nil
	}
	if err := c.failed[uri]; err != nil {
		return nil, err
	}
	if c.loader == nil {
		return nil, errNoLoader
	}
	n, err := c.loader.Load(uri)
	if err == nil && n == nil {
		err = errNothing
	}
	if err != nil {
		c.failed[uri] = err
		return nil, err
	}
	return c.register(uri, n), nil
}

// register makes n the root of the resource uri.
func (c *Compiler) register(uri string, n *Node) *resource {
	r := &resource{uri: uri, root: n, anchors: map[string]*Node{}, dynamic: map[string]*Schema{}}
	r.whole = r
	c.resources[uri] = r
	c.roots[n] = r
	if c.dialect == Draft202012 {
		c.identify(r)
		r.scanned = true
		c.scan(n, r)
	}
	return r
}

// identify reads $id and $schema of a resource.
func (c *Compiler) identify(r *resource) {
	if id := r.root.Get("$id"); id.Is(source.String) {
		id, _, _ := strings.Cut(id.Text(), "#")
		if uri, err := join(r.uri, id); err == nil && id != "" {
			r.uri = uri
			if c.resources[uri] == nil {
				c.resources[uri] = r
			}
		}
	}
	if s := r.root.Get("$schema"); s.Is(source.String) {
		c.vocabulary(r, strings.TrimSuffix(s.Text(), "#"))
	}
}

// vocabulary reads what the metaschema of a resource says of the keywords (2020-12 core, 8.1.2).
func (c *Compiler) vocabulary(r *resource, metaschema string) {
	switch metaschema {
	case "https://json-schema.org/draft/2020-12/schema", "https://spec.openapis.org/oas/3.1/dialect/base":
		return
	}
	for _, draft := range []string{"draft/2019-09", "draft-07", "draft-06", "draft-04"} {
		if strings.HasSuffix(metaschema, "://json-schema.org/"+draft+"/schema") {
			r.old = true
			return
		}
	}
	if metaschema == r.uri {
		return
	}
	meta, err := c.document(metaschema)
	if err != nil {
		c.warn(r.root, "$schema", "the metaschema %s cannot be read (%v), so all keywords of 2020-12 are taken to count", quote(metaschema), err)
		return
	}
	vocabularies := meta.root.Get("$vocabulary")
	if !vocabularies.Is(source.Object) {
		return
	}
	r.silent = true
	for _, m := range vocabularies.Members() {
		switch path.Base(m.Name) {
		case "validation":
			r.silent = false
		case "format-assertion":
			r.format = true
		}
	}
}

// enter is the resource that the schema at n stands in, when the schema around it stands in r.
func (c *Compiler) enter(n *Node, r *resource) *resource {
	if c.dialect >= OpenAPI30 {
		return r
	}
	if own := c.roots[n]; own != nil {
		return own
	}
	if c.dialect == OpenAPI31 && (n.Get("$dynamicRef") != nil || n.Get("$dynamicAnchor") != nil) {
		c.scanAll(r)
	}
	if !isIdentified(n) {
		return r
	}
	return c.embed(n, r)
}

// isIdentified tells whether a schema has a $id that is more than a fragment.
func isIdentified(n *Node) bool {
	id := n.Get("$id")
	return id.Is(source.String) && id.Text() != "" && id.Text()[0] != '#'
}

// embed makes the schema at n, which has a $id, a resource of its own.
func (c *Compiler) embed(n *Node, around *resource) *resource {
	if r := c.roots[n]; r != nil {
		return r
	}
	r := &resource{
		uri: around.uri, root: n, anchors: map[string]*Node{}, dynamic: map[string]*Schema{}, scanned: around.scanned,
		whole: around.whole, silent: around.silent, format: around.format, old: around.old,
	}
	c.roots[n] = r
	c.identify(r)
	return r
}

// scan finds $id and the anchors in the schema at n and in its subschemas.
func (c *Compiler) scan(n *Node, r *resource) {
	if !n.Is(source.Object) {
		return
	}
	if n != r.root && isIdentified(n) {
		r = c.embed(n, r)
	}
	c.anchor(n, r)
	for _, m := range n.Members() {
		switch placeOf(m.Name) {
		case oneSchema:
			c.scan(m.Value, r)
			fallthrough
		case manySchemas:
			for _, item := range m.Value.Items() {
				c.scan(item, r)
			}
		case namedSchemas:
			for _, entry := range m.Value.Members() {
				c.scan(entry.Value, r)
			}
		}
	}
}

func (c *Compiler) anchor(n *Node, r *resource) {
	if a := n.Get("$anchor"); a.Is(source.String) {
		r.anchors[a.Text()] = n
	}
	if a := n.Get("$dynamicAnchor"); a.Is(source.String) {
		r.anchors[a.Text()] = n
		r.dynamic[a.Text()] = c.schema(n, r)
	}
}

// scanAll finds $id and the anchors anywhere in the OpenAPI document that r is a part of, but in examples and the like.
func (c *Compiler) scanAll(r *resource) {
	if r = r.whole; r.scanned {
		return
	}
	r.scanned = true
	c.scanPart(r.root, r)
}

func (c *Compiler) scanPart(n *Node, r *resource) {
	for _, item := range n.Items() {
		c.scanPart(item, r)
	}
	if !n.Is(source.Object) {
		return
	}
	if n != r.root && isIdentified(n) {
		r = c.embed(n, r)
		r.scanned = true
	}
	c.anchor(n, r)
	for _, m := range n.Members() {
		switch m.Name {
		case "example", "examples", "default", "enum", "const", "value", "mapping":
		default:
			if !strings.HasPrefix(m.Name, "x-") {
				c.scanPart(m.Value, r)
			}
		}
	}
}

// keywordPlace tells how a keyword holds schemas.
type keywordPlace uint8

const (
	noSchema keywordPlace = iota
	oneSchema
	manySchemas
	namedSchemas
)

func placeOf(keyword string) keywordPlace {
	switch keyword {
	case "items", "additionalItems", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
		"unevaluatedItems", "unevaluatedProperties", "contentSchema":
		return oneSchema
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return manySchemas
	case "$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies":
		return namedSchemas
	}
	return noSchema
}

// names are the nodes that a document gives a name in components/schemas, definitions or $defs.
func (r *resource) names() map[*Node]string {
	if r.named == nil {
		r.named = map[*Node]string{}
		for _, home := range r.shelves() {
			for _, m := range home.Members() {
				r.named[m.Value] = m.Name
			}
		}
	}
	return r.named
}

// shelves are the objects of a document that name schemas.
func (r *resource) shelves() []*Node {
	return []*Node{r.root.Get("components").Get("schemas"), r.root.Get("definitions"), r.root.Get("$defs")}
}

// join resolves a URI reference against a base (RFC 3986, 5), which may be a mere file path.
func join(base, reference string) (string, error) {
	ref, err := url.Parse(reference)
	if err != nil {
		return "", err
	}
	if ref.IsAbs() {
		return ref.String(), nil
	}
	b, err := url.Parse(base)
	if err != nil {
		b = &url.URL{Path: base}
	}
	joined := b.ResolveReference(ref)
	if b.Scheme == "" && b.Host == "" && !strings.HasPrefix(b.Path, "/") && !strings.HasPrefix(ref.Path, "/") {
		joined.Path = strings.TrimPrefix(joined.Path, "/")
		joined.RawPath = strings.TrimPrefix(joined.RawPath, "/")
	}
	return joined.String(), nil
}
