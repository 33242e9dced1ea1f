package schema

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"standin/mock/internal/source"
)

var (
	errNoLoader = errors.New("no other documents can be read here")
	errNothing  = errors.New("the document is empty")
)

// reference compiles $ref and $dynamicRef; $id, anchors and definitions have been seen to.
func (b *building) reference(m source.Member) bool {
	switch m.Name {
	case "$ref":
		b.s.Ref, _ = b.follow(m)
	case "$dynamicRef":
		b.dynamicReference(m)
	case "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "$comment", "$defs", "definitions":
	default:
		return false
	}
	return true
}

// follow is the schema that a reference leads to, and the place it was found at; nil if there is none.
func (b *building) follow(m source.Member) (*Schema, target) {
	if !m.Value.Is(source.String) {
		b.wrong(m, "a string")
		return nil, target{}
	}
	to, err := b.resolve(b.in, m.Value.Text())
	if err != nil {
		b.fault(b.n, m.Name, "the reference %s leads nowhere: %v; everything is allowed here", quote(m.Value.Text()), err)
		return nil, to
	}
	s := b.schema(to.node, to.in)
	if s.Name == "" && s.in == nil {
		s.Name = to.name
	}
	return s, to
}

// dynamicReference compiles $dynamicRef (2020-12 core, 8.2.3.2): it is a plain reference unless it leads to a $dynamicAnchor
// of the same name.
func (b *building) dynamicReference(m source.Member) {
	if b.dialect >= OpenAPI30 {
		return
	}
	s, to := b.follow(m)
	b.s.DynamicRef = s
	if s != nil && to.anchor != "" && to.in.dynamic[to.anchor] == s {
		b.s.dynamicName = to.anchor
	}
}

// target is where a reference leads.
type target struct {
	node   *Node
	in     *resource
	name   string // the last token, if the target stands where schemas are named
	anchor string // the fragment, if it is an anchor
}

// resolve finds what a reference made in a resource leads to.
func (c *Compiler) resolve(in *resource, ref string) (target, error) {
	uri, fragment, _ := strings.Cut(ref, "#")
	to := target{in: in}
	if uri != "" {
		absolute, err := join(in.uri, uri)
		if err != nil {
			return to, fmt.Errorf("it is not a valid URI")
		}
		if to.in, err = c.reach(in, absolute); err != nil {
			return to, err
		}
	}
	decoded, err := url.PathUnescape(fragment)
	if err != nil {
		decoded = fragment
	}
	switch {
	case decoded == "":
		to.node = to.in.root
	case decoded[0] == '/':
		to, err = c.walk(to, decoded)
		if err != nil && decoded != fragment { // written without percent-encoding
			if raw, rawErr := c.walk(to, fragment); rawErr == nil {
				return raw, nil
			}
		}
		return to, err
	default:
		to.anchor = decoded
		if c.dialect == OpenAPI31 {
			c.scanAll(to.in)
		}
		if to.node = to.in.anchors[decoded]; to.node == nil {
			return to, fmt.Errorf("there is no anchor %s", quote(decoded))
		}
	}
	return to, nil
}

// reach is the resource of an absolute URI, as seen from another.
func (c *Compiler) reach(from *resource, uri string) (*resource, error) {
	if uri == from.uri {
		return from, nil
	}
	r, err := c.document(uri)
	if err != nil && c.dialect == OpenAPI31 && !from.whole.scanned {
		c.scanAll(from)
		if known := c.resources[uri]; known != nil {
			return known, nil
		}
	}
	return r, err
}

// walk follows a JSON Pointer from the root of a resource.
func (c *Compiler) walk(from target, pointer string) (target, error) {
	to := target{in: from.in, node: from.in.root}
	shelf := ""
	for token := range strings.SplitSeq(pointer[1:], "/") {
		next, err := to.node.At("/" + token)
		if err != nil {
			return from, fmt.Errorf("there is no %s in %s", quote(source.Unescape(token)), where(to.node))
		}
		to.node, to.name = next, ""
		if shelf == "schemas" || shelf == "$defs" || shelf == "definitions" {
			to.name = source.Unescape(token)
		}
		if own := c.roots[next]; own != nil {
			to.in = own
		} else if c.dialect == OpenAPI31 && (to.name != "" || token == "schema") && isIdentified(next) {
			to.in = c.embed(next, to.in)
		}
		shelf = token
	}
	return to, nil
}

// where tells a place within a sentence.
func where(n *Node) string {
	if p := n.Position(); p.Line > 0 {
		return p.String()
	}
	return "the document"
}
