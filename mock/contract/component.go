package contract

import (
	"fmt"

	"standin/mock/schema"
)

// Schema is the document's shared schema of that name (components.schemas; definitions in OpenAPI 2.0), compiled on first touch;
// nil if there is none.
func (c *Contract) Schema(name string) *schema.Schema {
	holder := spot{c.root, c.files.names()[0]}
	if c.dialect == schema.OpenAPI20 {
		holder = holder.get("definitions")
	} else {
		holder = holder.get("components").get("schemas")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.compile(holder.get(name))
}

// EncodeForm writes a value as a body of this media type, which is application/x-www-form-urlencoded, as its encodings demand.
// An error tells that there is no such body, or that the media type is another.
func (t *MediaType) EncodeForm(value any) (string, error) {
	if t.form == nil {
		return "", fmt.Errorf("%s is no form", t.Range)
	}
	return t.form.Encode(value)
}
