package contract

import (
	"fmt"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Schema is the document's shared schema of that name (components.schemas; definitions in OpenAPI 2.0), compiled on first touch;
// nil if there is none.
func (c *Contract) Schema(name string) *schema.Schema {
	holder := "/components/schemas/"
	if c.dialect == schema.OpenAPI20 {
		holder = "/definitions/"
	}
	return c.SchemaAt(holder + source.Escape(name))
}

// SchemaAt is the schema at a JSON Pointer of the root document, through references on the way, compiled on first touch; nil if
// there is nothing. It is for what no operation leads to, such as the bodies of webhooks.
func (c *Contract) SchemaAt(pointer string) *schema.Schema {
	c.mu.Lock()
	defer c.mu.Unlock()
	hops := mostHops
	at, ok := c.at(pointer, &hops)
	if !ok {
		return nil
	}
	return c.compile(at)
}

// At is the value at a JSON Pointer of the root document, with references followed on the way and at the end; nil if there is
// nothing.
func (c *Contract) At(pointer string) *Node {
	hops := mostHops
	at, ok := c.at(pointer, &hops)
	if !ok {
		return nil
	}
	at, err := c.chase(at, &hops)
	if err != nil {
		return nil
	}
	return at.Node
}

// at follows a pointer from the root.
func (c *Contract) at(pointer string, hops *int) (spot, bool) {
	root := spot{c.root, c.files.names()[0]}
	if pointer == "" {
		return root, true
	}
	if !strings.HasPrefix(pointer, "/") {
		return spot{}, false
	}
	at, err := c.walk(root, pointer, hops)
	return at, err == nil
}

// EncodeForm writes a value as a body of this media type, which is application/x-www-form-urlencoded, as its encodings demand.
// An error tells that there is no such body, or that the media type is another.
func (t *MediaType) EncodeForm(value any) (string, error) {
	if t.form == nil {
		return "", fmt.Errorf("%s is no form", t.Range)
	}
	return t.form.Encode(value)
}
