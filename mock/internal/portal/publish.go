package portal

import (
	"regexp"
	"slices"
	"strings"

	"standin/mock/internal/source"
)

// publisher makes the document that readers get: without x-mock, and without what is marked x-internal or refers to that.
type publisher struct {
	root *source.Node
	tags map[string]bool // hidden ones
}

func newPublisher(root *source.Node) *publisher {
	p := &publisher{root: root, tags: map[string]bool{}}
	for _, n := range root.Get("tags").Items() {
		if n.Get("x-internal").True() {
			p.tags[n.Get("name").Text()] = true
		}
	}
	return p
}

// The members of a document that hold values of the API, which stay as they are, and those that map names of the author's to
// objects, so that such a name says nothing.
var (
	payloads     = []string{"example", "default", "const", "enum", "value"}
	dictionaries = []string{
		"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses", "parameters", "examples",
		"requestBodies", "headers", "securitySchemes", "securityDefinitions", "links", "callbacks", "pathItems", "paths", "webhooks",
		"content", "variables", "encoding",
	}
)

// publish gives a value as readers may see it; nil if they may not.
func (p *publisher) publish(n *source.Node) *source.Node { return p.value(n, false, 0) }

// deepestDocument bounds the nesting of what is published.
const deepestDocument = 400

func (p *publisher) value(n *source.Node, named bool, depth int) *source.Node {
	if depth > deepestDocument {
		return n
	}
	switch n.Kind() {
	case source.Array:
		var kept []*source.Node
		for _, item := range n.Items() {
			if !p.hidden(item) {
				kept = append(kept, p.value(item, false, depth+1))
			}
		}
		return source.NewArray(n, kept...)
	case source.Object:
		if !named && p.hidden(n) {
			return nil
		}
		return p.object(n, named, depth)
	}
	return n
}

func (p *publisher) object(n *source.Node, named bool, depth int) *source.Node {
	var kept []source.Member
	for _, m := range n.Members() {
		switch {
		case !named && m.Name == "x-mock", p.hidden(m.Value):
			continue
		case !named && (slices.Contains(payloads, m.Name) || m.Name == "examples" && m.Value.Is(source.Array)):
		case !named && m.Name == "required" && m.Value.Is(source.Array):
			m = source.NewMember(m.Name, p.without(m.Value, func(name string) bool { return p.hidden(n.Get("properties").Get(name)) }))
		case !named && m.Name == "tags":
			if list := p.without(m.Value, func(name string) bool { return p.tags[name] }); list != nil {
				m = source.NewMember(m.Name, p.value(list, false, depth+1))
			}
		case !named && m.Name == "mapping":
			m = source.NewMember(m.Name, p.mapping(m.Value))
		default:
			inner := !named && slices.Contains(dictionaries, m.Name) && m.Value.Is(source.Object)
			value := p.value(m.Value, inner, depth+1)
			if value == nil {
				continue
			}
			if inner && (m.Name == "paths" || m.Name == "webhooks") {
				value = inhabited(m.Value, value)
			}
			m = source.NewMember(m.Name, value)
		}
		kept = append(kept, m)
	}
	return source.NewObject(n, kept...)
}

// inhabited drops the paths whose operations are all hidden.
func inhabited(before, after *source.Node) *source.Node {
	operations := func(n *source.Node) bool {
		return slices.ContainsFunc(verbs, func(verb string) bool { return n.Get(verb) != nil })
	}
	var kept []source.Member
	for _, m := range after.Members() {
		if operations(m.Value) || !operations(before.Get(m.Name)) {
			kept = append(kept, m)
		}
	}
	return source.NewObject(after, kept...)
}

// without drops the strings of a list that are to be hidden.
func (p *publisher) without(n *source.Node, hide func(string) bool) *source.Node {
	var kept []*source.Node
	for _, item := range n.Items() {
		if !item.Is(source.String) || !hide(item.Text()) {
			kept = append(kept, item)
		}
	}
	return source.NewArray(n, kept...)
}

// mapping drops the values of a discriminator that lead to what is hidden.
func (p *publisher) mapping(n *source.Node) *source.Node {
	if !n.Is(source.Object) {
		return n
	}
	var kept []source.Member
	for _, m := range n.Members() {
		if !p.hiddenAt(m.Value.Text(), 0) {
			kept = append(kept, m)
		}
	}
	return source.NewObject(n, kept...)
}

// hidden tells that a value is marked x-internal, or is a reference to one that is.
func (p *publisher) hidden(n *source.Node) bool {
	return n.Is(source.Object) && (n.Get("x-internal").True() || p.hiddenAt(n.Get("$ref").Text(), 0))
}

func (p *publisher) hiddenAt(ref string, hops int) bool {
	if !strings.HasPrefix(ref, "#/") || hops > 20 {
		return false
	}
	to, err := p.root.At(strings.TrimPrefix(ref, "#"))
	return err == nil && to.Is(source.Object) && (to.Get("x-internal").True() || p.hiddenAt(to.Get("$ref").Text(), hops+1))
}

// plainKey and plainScalar are texts that YAML reads as the strings that they are (YAML 1.2.2, 7.3.3, and the core schema).
var (
	plainKey    = regexp.MustCompile(`^[A-Za-z_/][\w/.{}-]*$`)
	plainScalar = regexp.MustCompile(`^[A-Za-z][\w ./-]*[\w./]$`)
	otherType   = regexp.MustCompile(`(?i)^(null|true|false|yes|no|on|off|y|n)$`)
)

// appendYAML writes a value in block style: a text that YAML 1.2 reads as the same value.
func appendYAML(b []byte, n *source.Node, indent int) []byte {
	switch {
	case n.Is(source.Object) && len(n.Members()) > 0:
		for _, m := range n.Members() {
			b = appendIndent(b, indent)
			b = append(appendYAMLString(b, m.Name, plainKey), ':')
			b = appendYAMLBelow(b, m.Value, indent+1)
		}
	case n.Is(source.Array) && len(n.Items()) > 0:
		for _, item := range n.Items() {
			b = append(appendIndent(b, indent), '-')
			b = appendYAMLBelow(b, item, indent+1)
		}
	default:
		b = append(appendYAMLScalar(b, n), '\n')
	}
	return b
}

func appendIndent(b []byte, indent int) []byte {
	if len(b) > 0 && b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	for range indent {
		b = append(b, ' ', ' ')
	}
	return b
}

// appendYAMLBelow writes a value behind its key: a container on lines of its own.
func appendYAMLBelow(b []byte, n *source.Node, indent int) []byte {
	if n.Is(source.Object) && len(n.Members()) > 0 || n.Is(source.Array) && len(n.Items()) > 0 {
		return appendYAML(append(b, '\n'), n, indent)
	}
	return append(appendYAMLScalar(append(b, ' '), n), '\n')
}

func appendYAMLScalar(b []byte, n *source.Node) []byte {
	if n.Is(source.String) {
		return appendYAMLString(b, n.Text(), plainScalar)
	}
	return n.AppendJSON(b)
}

// appendYAMLString writes a string plain where it may be, else as JSON does, which YAML understands.
func appendYAMLString(b []byte, s string, plain *regexp.Regexp) []byte {
	if plain.MatchString(s) && !otherType.MatchString(s) {
		return append(b, s...)
	}
	return source.AppendString(b, s)
}
